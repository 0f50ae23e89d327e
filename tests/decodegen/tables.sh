#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# decodegen itself: bad-*.decode must be refused with the message in their first line;
# good-*.decode must give a decoder that knows the words in their head comment.
. "$top_srcdir/tests/lib/tap.sh"
here=$top_srcdir/tests/decodegen
decodegen=$top_builddir/tools/decodegen/decodegen
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT

for table in "$here"/bad-*.decode; do
	name=$(basename "$table")
	want=$name:$(sed -n '1s/^# expect: //p' "$table")
	if "$decodegen" check t table.h "$table" >"$tmp/out" 2>&1; then
		not_ok "$name" "accepted"
	else
		is "$name" "$(head -n 1 "$tmp/out")" "$want"
	fi
done

for table in "$here"/good-*.decode; do
	name=$(basename "$table")
	for what in header decode identify record; do
		suffix=c
		[ $what != header ] || suffix=h
		"$decodegen" $what t table.h "$table" >"$tmp/$what.$suffix" || exit 99
	done
	mv "$tmp/header.h" "$tmp/table.h"
	if ! $CC -std=gnu17 -O1 -Wall -Wextra -Werror -iquote "$tmp" \
		-iquote "$top_srcdir/translators" -o "$tmp/run" "$here/tables.c" \
		"$tmp/decode.c" "$tmp/identify.c" "$tmp/record.c" 2>"$tmp/out"; then
		not_ok "$name" "$(cat "$tmp/out")"
		continue
	fi
	sed -n 's/^# word //p' "$table" >"$tmp/want"
	# shellcheck disable=SC2046 # one argument for each word
	is "$name" "$("$tmp/run" $(cut -d' ' -f1 "$tmp/want"))" "$(cat "$tmp/want")"
done
tap_done
