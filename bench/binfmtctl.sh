#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# bench/binfmtctl.sh [ROUNDS]: how long the verbs of binfmtctl take that somebody waits for, in a
# binfmt_misc instance of its own; make bench-binfmtctl. CPU time is user and system.
if [ "$1" != inside ]; then
	unshare -Urm true 2>/dev/null || { echo "user namespaces are not permitted"; exit 1; }
	exec unshare -Urm "$0" inside "$@"
fi
shift
rounds=${1:-30}
binfmtctl=$top_builddir/binfmtctl/binfmtctl
mount=/proc/sys/fs/binfmt_misc
mount -t binfmt_misc none $mount && mount -t tmpfs none /run ||
	{ echo "no private binfmt_misc instance (needs Linux 6.7)"; exit 1; }
[ -z "$(ls $mount | grep -vE '^(register|status)$')" ] || exit 1
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
best=$top_builddir/bench/best

# best LIMIT NAME COMMAND...: LIMIT is what is promised of the CPU time, or -.
best()
{
	local limit=$1 name=$2
	shift 2
	"$best" "$rounds" "$name" "$limit" "$@"
}

printf '%-32s %17s %18s\n' "" "CPU" "elapsed"
printf '%-32s %8s %8s %9s %8s %7s\n' "of $rounds runs, ms" least middle least middle limit
best - "a program that does nothing" /bin/true
best - "--version" "$binfmtctl" --version
best - "list, nothing registered" "$binfmtctl" list
best - "gen aarch64" "$binfmtctl" gen aarch64
best 10 "lint of all formats.d" "$binfmtctl" lint "$top_builddir/formats.d" "$top_srcdir/formats.d"
best - "match of a native program" "$binfmtctl" match /bin/true
for i in $(seq 2000); do
	echo ":entry-$i:M:$((i % 200)):magic $i::/bin/true:"
done >"$tmp/many.conf"
"$binfmtctl" register --no-test --file "$tmp/many.conf" || exit 1
best 50 "list of 2,000 entries" "$binfmtctl" list
best - "the same as JSON" "$binfmtctl" list -f json
best - "the same with -a" "$binfmtctl" list -a
best - "save of 2,000 entries" "$binfmtctl" save "$tmp/snapshot"
