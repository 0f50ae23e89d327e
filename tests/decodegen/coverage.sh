#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# docs/coverage-a64.md must be what the tables say; `make coverage-pages` rewrites it.
. "$top_srcdir/tests/lib/tap.sh"
tables=$top_srcdir/translators/guest/a64
want=$("$top_builddir/tools/decodegen/decodegen" coverage a64 - "$tables/base.decode" \
	"$tables/simd.decode") || exit 99
if [ "$want" = "$(cat "$top_srcdir/docs/coverage-a64.md")" ]; then
	ok "docs/coverage-a64.md is fresh"
else
	not_ok "docs/coverage-a64.md is fresh" "run make coverage-pages"
fi
tap_done
