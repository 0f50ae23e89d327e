#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every fuzz target over its seeds and some thousand inputs made from them. COUNT and SEED vary
# it; `make fuzz-smoke` is the real thing.
. "$top_srcdir/tests/lib/tap.sh"

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
"$top_srcdir/tests/fuzz/seeds.sh" "$tmp" || exit 1
for program in "$top_builddir"/tests/fuzz/drive_*; do
	[ -x "$program" ] && [ ! -d "$program" ] || continue
	target=${program##*/drive_}
	case $target in *.*) continue ;; esac
	check "$target: ${COUNT:-5000} inputs" \
		"$program" -n "${COUNT:-5000}" -s "${SEED:-1}" "$tmp/$target"/*
done
tap_done
