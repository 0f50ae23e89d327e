#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Random programs: the same thousands each time, and new ones. RANDOM_COUNT says how many,
# RANDOM_SEED where the new ones start (a failure prints the sequence's own seed).
. "$top_srcdir/tests/lib/tap.sh"

count=${RANDOM_COUNT:-3000}
seed=${RANDOM_SEED:-$(date +%s)}
exceptions=$top_srcdir/tests/random/a64.exceptions
translator=$top_builddir/xlate-aarch64
modes='jit jit-nofold jit-one jit-nolink jit-noshadow jit-tiny jit-sse'

# random NAME OPTION... -- RUNNER...
random()
{
	random_name=$1
	shift
	check "$random_name" "$top_builddir/tests/random/random_a64" -e "$exceptions" "$@"
}

# shellcheck disable=SC2086 # a list of runners
random "evaluator, passes and engine agree, seed 1" -n "$count" -s 1 eval evalopt $modes
random "evaluator, passes and engine agree, seed $seed" -n "$count" -s "$seed" \
	eval evalopt jit jit-nofold
random "evaluator, passes and engine agree on vectors, seed 1" --simd -n "$count" -s 1 \
	eval evalopt jit jit-sse
random "evaluator, passes and engine agree on vectors, seed $seed" --simd -n "$count" \
	-s "$seed" eval evalopt jit jit-nofold
if [ -n "$QEMU_AARCH64" ]; then
	random "QEMU agrees on vectors, seed $seed" --simd -n "$count" -s "$seed" \
		"$QEMU_AARCH64 -cpu max" eval jit
	random "QEMU agrees, seed 2" -n "$count" -s 2 "$QEMU_AARCH64 -cpu max" eval jit
	random "QEMU agrees, seed $seed" -n "$count" -s "$seed" "$QEMU_AARCH64 -cpu max" eval jit
else
	skip "QEMU agrees on vectors, seed $seed" "no qemu-aarch64"
	skip "QEMU agrees, seed 2" "no qemu-aarch64"
	skip "QEMU agrees, seed $seed" "no qemu-aarch64"
fi
if [ -x "$translator" ]; then
	random "xlate-aarch64 agrees, seed 3" --simd -n "$count" -s 3 eval "$translator"
else
	skip "xlate-aarch64 agrees, seed 3" "xlate-aarch64 is not built"
fi
tap_done
