#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The comparisons with the kernel at full length: 200,000 rules, 20,000 files executed under
# random sets of rules, 5 seconds of replacing a rule that is used all the time.
. "$top_srcdir/tests/lib/tap.sh"
unshare -Urm true 2>/dev/null || skip_all "user namespaces are not permitted"
here=$top_builddir/tests/unit/binfmtctl
for program in "RULES=200000 test_kernel" "PAIRS=20000 test_exec"; do
	if out=$(env "${program% *}" CMOCKA_MESSAGE_OUTPUT=TAP "$here/${program#* }" 2>&1); then
		echo "$out" | grep -E '^# [0-9]'
		ok "$program"
	else
		not_ok "$program" "$out"
	fi
done
if out=$(GAP_SECONDS=5 "$top_srcdir/tests/unit/binfmtctl/change.sh" 2>&1); then
	ok "$(echo "$out" | sed -n 's/^ok [0-9]* - \(no execution failed.*\)/\1/p')"
else
	not_ok "5 seconds of replacing" "$(echo "$out" | grep -A9 '^not ok')"
fi
tap_done
