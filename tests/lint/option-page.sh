#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The manual page must have the options of the table; `make option-page` rewrites it.
. "$top_srcdir/tests/lib/tap.sh"
page=$top_srcdir/man/xlate-aarch64.1
want=$("${AWK:-awk}" -f "$top_srcdir/tools/option-doc.awk" \
	"$top_srcdir/translators/linux-user/options.def" "$page") || exit 99
if [ "$want" = "$(cat "$page")" ]; then
	ok "xlate-aarch64.1 has the options of options.def"
else
	not_ok "xlate-aarch64.1 has the options of options.def" "run make option-page"
fi
tap_done
