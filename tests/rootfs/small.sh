#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The small run of tests/rootfs/run, without times: one case for each of its lines.
. "$top_srcdir/tests/lib/tap.sh"
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
"$top_srcdir/tests/rootfs/run" -s -t >"$log" 2>&1
status=$?
[ $status != 77 ] || skip_all "$(tail -n 1 "$log")"
while IFS= read -r line; do
	case $line in
	'ok    '*) ok "${line#ok    }" ;;
	'FAIL  '*) not_ok "${line#FAIL  }" ;;
	*) printf '# %s\n' "$line" ;;
	esac
done <"$log"
is "exit status" $status 0
tap_done
