#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Thousands of entries: listed, saved, restored and removed whole and in order. How long that
# takes is for `make bench-binfmtctl`.
. "$top_srcdir/tests/unit/binfmtctl/private.sh" "$@" || exit 1

for i in $(seq 2000); do
	echo ":entry-$i:M:$((i % 200)):magic $i::/bin/true:"
done >"$tmp/many.conf"
run 0 register --no-test --file "$tmp/many.conf"
run 0 list -f plain
is "all are listed, the newest first" "$(cut -f1 "$tmp/out" | md5sum)" \
	"$(seq 2000 -1 1 | sed 's/^/entry-/' | md5sum)"
run 0 list -f jsonl
is "in JSON too" "$(sed 's/.*"name":"\([^"]*\)".*/\1/' "$tmp/out" | md5sum)" \
	"$(seq 2000 -1 1 | sed 's/^/entry-/' | md5sum)"
run 0 list -a -f plain
is "each with its health" "$(cut -f8 "$tmp/out" | sort | uniq -c | tr -s ' ')" " 2000 ok"
run 0 list --sort name -f plain
is "sorted by name" "$(cut -f1 "$tmp/out" | md5sum)" \
	"$(seq 2000 | sed 's/^/entry-/' | LC_ALL=C sort | md5sum)"
before=$("$binfmtctl" list -f plain | md5sum)
run 0 save "$tmp/snapshot"
run 0 unregister 'entry-1*'
is "a pattern removes its own" "$("$binfmtctl" list -f plain | wc -l)" 889
run 0 restore "$tmp/snapshot"
is "restored in order" "$("$binfmtctl" list -f plain | md5sum)" "$before"
run 0 unregister --all
is "all are gone" "$(names)" ""
tap_done
