#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The AArch64 cases through the engine, in each of its modes: one test per mode.
. "$top_srcdir/tests/lib/tap.sh"

for mode in default no_fold one_insn no_link no_shadow verify host=sse4.2 host=avx host=avx2; do
	if out=$("$top_builddir/tests/cases/jit_a64" "$mode" "$top_srcdir"/tests/cases/a64/*.case 2>&1)
	then
		echo "$out" | grep '^# .*skipped' | sort | uniq
		ok "$mode: $(echo "$out" | grep -c '^ok') files"
	else
		not_ok "$mode: status $?" "$(echo "$out" | grep -v '^ok' | head -n 60)"
	fi
done
tap_done
