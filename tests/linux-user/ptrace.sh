#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# ptrace(2): each case of ptrace.c prints the same here as natively.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/linux-user/guest.sh"
need_cc

here=$top_srcdir/tests/linux-user
cases=$(sed -n 's/^\tCASE(\([a-z]*\).*/\1/p' "$here/ptrace.c")
guest_cc ptrace -I "$here" <"$here/ptrace.c"
"${CC:-cc}" -O1 -w -I "$here" -o "$tmp/native" "$here/ptrace.c" -lpthread ||
	skip_all "no native compiler to compare with"
"$tmp/native" orphan >/dev/null 2>&1 || skip_all "no ptrace here"

[ "$cases" ] || not_ok "cases" "none found in ptrace.c"
for c in $cases; do
	timeout 90 "$tmp/native" "$c" >"$tmp/want" 2>&1
	echo "status $?" >>"$tmp/want"
	timeout 90 "$x" "$tmp/ptrace" "$c" >"$tmp/out" 2>&1
	echo "status $?" >>"$tmp/out"
	if cmp -s "$tmp/out" "$tmp/want"; then
		ok "$c"
	else
		not_ok "$c" "$(diff "$tmp/want" "$tmp/out")"
	fi
done
tap_done
