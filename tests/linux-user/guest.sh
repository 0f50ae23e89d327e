#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# For the scripts of this folder, to be sourced behind tap.sh: the translator in $x, a scratch
# directory in $tmp, and guest_cc NAME <SOURCE, which compiles a static arm64 program to
# $tmp/NAME. Without a cross compiler the whole script is skipped.
case $0 in
*/guest.sh)
	echo "1..0 # SKIP functions for the other scripts of this folder"
	exit 0
	;;
esac
x=$top_builddir/xlate-aarch64
[ -x "$x" ] || skip_all "xlate-aarch64 is not built"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
unset QEMU_LD_PREFIX XLATE_LD_PREFIX QEMU_STRACE XLATE_STRACE

need_cc()
{
	[ -n "$AARCH64_CC" ] || skip_all "no arm64 compiler"
}

guest_cc()
{
	guest_name=$1
	shift
	cat >"$tmp/$guest_name.c"
	"$AARCH64_CC" -O1 -static -w -o "$tmp/$guest_name" "$tmp/$guest_name.c" "$@" || {
		echo "Bail out! cannot compile $guest_name"
		exit 1
	}
}

# error NAME STATUS TEXT COMMAND...: the command ends with STATUS, prints nothing on stdout and
# exactly one line on stderr, which contains TEXT and begins with the translator's name.
error()
{
	error_name=$1
	error_status=$2
	error_text=$3
	shift 3
	"$@" >"$tmp/out" 2>"$tmp/err"
	got=$?
	if [ "$got" -ne "$error_status" ]; then
		not_ok "$error_name" "status $got instead of $error_status: $(cat "$tmp/err")"
	elif [ -s "$tmp/out" ] || [ "$(wc -l <"$tmp/err")" -ne 1 ]; then
		not_ok "$error_name" "$(cat "$tmp/out" "$tmp/err")"
	elif ! grep -qF -- "$error_text" "$tmp/err" || ! grep -q '^xlate-aarch64: ' "$tmp/err"; then
		not_ok "$error_name" "no '$error_text' in: $(cat "$tmp/err")"
	else
		ok "$error_name"
	fi
}
