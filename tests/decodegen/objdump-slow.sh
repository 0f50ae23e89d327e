#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# As objdump.sh, with ten million random words and more samples of every row.
SLOW=yes exec "$top_srcdir/tests/decodegen/objdump.sh"
