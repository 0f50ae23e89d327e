#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The AArch64 cases on somebody else's AArch64: says whether their expectations are right.
. "$top_srcdir/tests/lib/tap.sh"

[ -n "${AARCH64_CC:-}" ] || skip_all "no compiler for AArch64"
[ -n "${QEMU_AARCH64:-}" ] || skip_all "no qemu-aarch64"

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cases=$top_srcdir/tests/cases
if ! "$AARCH64_CC" -std=gnu17 -O1 -static -o "$dir/native" "$cases/case.c" \
	"$cases/native_a64.c"; then
	echo "1..1"
	echo "not ok 1 - native_a64 compiles"
	exit 1
fi
# With SVE the frame of a signal holds the vectors twice, and the other copy counts.
"$QEMU_AARCH64" -cpu max,sve=off,pauth=off "$dir/native" "$cases"/a64/*.case
