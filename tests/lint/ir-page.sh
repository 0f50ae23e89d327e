#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# docs/ir.md must list the ops as the tables have them; `make ir-page` rewrites it.
. "$top_srcdir/tests/lib/tap.sh"
ir=$top_srcdir/translators/jit/ir
page=$top_srcdir/docs/ir.md
want=$("${AWK:-awk}" -f "$top_srcdir/tools/ir-doc.awk" "$ir/ops.def" "$ir/ops_vec.def" "$page") || exit 99
if [ "$want" = "$(cat "$page")" ]; then
	ok "docs/ir.md is fresh"
else
	not_ok "docs/ir.md is fresh" "run make ir-page"
fi
tap_done
