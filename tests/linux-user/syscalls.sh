#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The table of system calls against the host's kernel: syscalls.c, built for both machines, calls
# every one with wrong arguments and prints what each says. Differences that must be are listed
# with their reason in syscalls.exceptions: NAME, and what arm64 shows.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/linux-user/guest.sh"
need_cc
unshare -Urmpuin --fork true 2>/dev/null || skip_all "no namespaces to be safe in"
src=$top_srcdir/tests/linux-user/syscalls.c
flags="-O1 -static -w -D_GNU_SOURCE -I$top_srcdir/tests/programs"
# shellcheck disable=SC2086  # words
"${CC:-gcc}" $flags -o "$tmp/native" "$src" && "$AARCH64_CC" $flags -o "$tmp/guest" "$src" || {
	echo "Bail out! cannot compile $src"
	exit 1
}
check "it runs natively" sh -c '"$1" >"$2"' sh "$tmp/native" "$tmp/want"
check "it runs" sh -c '"$1" "$2" >"$3"' sh "$x" "$tmp/guest" "$tmp/got"
check "hundreds of calls" test "$(wc -l <"$tmp/want")" -gt 300
is "one line each" "$(wc -l <"$tmp/got")" "$(wc -l <"$tmp/want")"

while IFS= read -r want && IFS= read -r got <&3; do
	name=${want%%:*}
	exception=$(sed -n "s/^$name: //p" "$top_srcdir/tests/linux-user/syscalls.exceptions")
	if [ -n "$exception" ]; then
		is "$name (exception)" "$got" "$name: $exception"
	else
		is "$name" "$got" "$want"
	fi
done <"$tmp/want" 3<"$tmp/got"
tap_done
