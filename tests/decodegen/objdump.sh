#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The A64 tables against binutils: what is an instruction, and, where a row has an assembly
# template, its text. SLOW=yes adds ten million random words.
. "$top_srcdir/tests/lib/tap.sh"
here=$top_srcdir/tests/decodegen
words=$top_builddir/tests/decodegen/words
[ -n "$AARCH64_OBJDUMP" ] || skip_all "no objdump for aarch64"
[ -x "$words" ] || skip_all "the words program is not built"

tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT

# compare NAME KIND SEED [COUNT]
compare()
{
	name=$1
	"$words" "$2" "$3" "$tmp/words" ${4:+"$4"} >"$tmp/ours" || exit 99
	"$AARCH64_OBJDUMP" -D -z -b binary -m aarch64 -M no-aliases "$tmp/words" >"$tmp/theirs" ||
		exit 99
	differences=$(awk -f "$here/objdump.awk" "$here/objdump.exceptions" "$tmp/ours" \
		"$tmp/theirs" 2>"$tmp/count")
	read -r words_seen texts <"$tmp/count"
	if [ -z "$differences" ] && [ "${words_seen:-0}" -gt 0 ]; then
		ok "$name ($words_seen words, $texts texts, seed $3)"
	else
		not_ok "$name (seed $3)" "$differences"
	fi
}

compare "every row" rows 1
compare "random words" random 2 200000
if [ -n "$SLOW" ]; then
	for seed in 11 12 13 14 15; do
		compare "every row" rows $seed
		compare "random words" random $seed 2000000
	done
fi
tap_done
