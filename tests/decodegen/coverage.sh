#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# docs/coverage-a64.md must be what the tables and the tests say, and no row without a test;
# `make coverage-pages` rewrites it.
. "$top_srcdir/tests/lib/tap.sh"
tables=$top_srcdir/translators/guest/a64
page=$top_srcdir/docs/coverage-a64.md
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT

"$top_srcdir/tests/decodegen/counts" "$top_srcdir" "$top_builddir" >"$tmp/counts" || exit 99
"$top_builddir/tools/decodegen/decodegen" coverage a64 "$tmp/counts" "$tables/base.decode" \
	"$tables/simd.decode" >"$tmp/page" || exit 99
if cmp -s "$tmp/page" "$page"; then
	ok "docs/coverage-a64.md is fresh"
else
	not_ok "docs/coverage-a64.md is fresh" "run make coverage-pages: $(diff "$page" "$tmp/page")"
fi
untested=$(awk '$2 + $3 + $4 == 0 { print $1 }' "$tmp/counts")
if [ -z "$untested" ]; then
	ok "each row has a test"
else
	not_ok "each row has a test" "$untested"
fi
undecoded=$(awk '$5 == 0 { print $1 }' "$tmp/counts")
if [ -z "$undecoded" ]; then
	ok "each row has its words compared with objdump"
else
	not_ok "each row has its words compared with objdump" "$undecoded"
fi
tap_done
