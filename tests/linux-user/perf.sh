#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# -perfmap and -jitdump: what perf(1) reads has the guest's functions.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/linux-user/guest.sh"
need_cc

guest_cc busy -fno-inline <<'EOT'
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
int spin_here(int n)
{
	int x = 1;
	while (n--)
		x = x * 3 + (x >> 3);
	return x;
}
int main(int argc, char **argv)
{
	if (argc > 1 && !fork())
		return spin_here(1000) == 0;
	wait(NULL);
	printf("%d\n", (int)getpid());
	return spin_here(argc > 1 ? 1000 : 300000000) == 0;
}
EOT
cd "$tmp" || exit 99

pid=$("$x" -perfmap ./busy f)
map=/tmp/perf-$pid.map
check "the map has the function" grep -Eq '^[0-9a-f]+ [0-9a-f]+ spin_here \[busy\]$' "$map"
is "each line is one" "$(grep -vcE '^[0-9a-f]+ [0-9a-f]+ .+$' "$map")" 0
rm -f "$map"
# the child's: its name is not known, its contents are
child=$(grep -l 'spin_here \[busy\]' /tmp/perf-*.map 2>/dev/null | head -n 1)
[ -z "$child" ] || rm -f "$child"
check "so does the child's" [ -n "$child" ]

pid=$("$x" -jitdump ./busy f)
is "the header" "$(od -A n -t x4 -N 16 "jit-$pid.dump" | tr -s ' ')" " 4a695444 00000001 00000028 0000003e"
check "the name" grep -aq 'spin_here \[busy\]' "jit-$pid.dump"
is "a file for each process" "$(ls jit-*.dump | wc -l)" 2
rm -f jit-*.dump
is "nothing without being asked" "$("$x" ./busy f >/dev/null; ls)" "$(ls)"

if ! command -v perf >/dev/null || ! perf record -o /dev/null -- true >/dev/null 2>&1; then
	skip "perf inject" "no perf, or no permission"
else
	perf record -q -k mono -e cpu-clock -o perf.data -- "$x" -jitdump ./busy >/dev/null 2>err
	perf inject --jit -i perf.data -o perf.jit 2>>err
	check "perf report names the function" sh -c "perf report -i perf.jit --stdio 2>&1 | grep -F 'spin_here [busy]'"
fi
tap_done
