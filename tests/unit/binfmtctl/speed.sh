#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# lint of all shipped formats in less than 10 ms, list of 2,000 entries in less than 50 ms: CPU
# time, the best of several runs, since other work may be going on.
. "$top_srcdir/tests/unit/binfmtctl/private.sh" "$@"

# best LIMIT-MS NAME ARGUMENT...
best()
{
	limit=$1 name=$2 least=
	shift 2
	TIMEFORMAT='%U %S'
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		ms=$({ time "$binfmtctl" "$@" >/dev/null 2>&1; } 2>&1 |
			awk '{ printf "%d", ($1 + $2) * 1000 + 0.5 }')
		[ -n "$least" ] && [ "$ms" -ge "$least" ] || least=$ms
	done
	[ "$least" -lt "$limit" ] && ok "$name: $least ms" || not_ok "$name" "$least ms, limit $limit"
}

for i in $(seq 2000); do
	echo ":entry-$i:M:$((i % 200)):magic $i::/bin/true:"
done >"$tmp/many.conf"
run 0 register --no-test --file "$tmp/many.conf"
is "there are 2,000 entries" "$("$binfmtctl" list -f plain | wc -l)" 2000
best 50 "list of 2,000 entries" list
best 50 "the same as JSON" list -f json
run 0 unregister --all
best 10 "lint of formats.d" lint "$top_srcdir/formats.d"
tap_done
