#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The file index that ends ARCHITECTURE.md must be what the tags say.
. "$top_srcdir/tests/lib/tap.sh"
if "$top_srcdir/tools/outline" --check; then
	ok "the index of ARCHITECTURE.md is fresh"
else
	not_ok "the index of ARCHITECTURE.md is fresh" "run tools/outline --update"
fi
tap_done
