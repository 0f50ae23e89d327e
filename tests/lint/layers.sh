#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Includes go only where layers.tbl allows, project headers in quotes and from the top.
. "$top_srcdir/tests/lint/lint.sh"

findings=$(files '*.c' '*.h' '*.S' | grep -vE '^(tests|bench)/' |
	xargs grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' /dev/null |
	awk -v DIRS="$own_dirs" -f tests/lint/layers.awk tests/lint/layers.tbl -)
none "includes stay within their layers" "$findings"

# The table itself must catch something, or it proves nothing.
caught=$(printf '%s\n' 'translators/jit/ir/x.c:1:#include "guest/guest.h"' \
	'translators/guest/a64/x.c:2:#include "engine/engine.h"' \
	'translators/engine/x.c:3:#include "guest/a64/cpu.h"' \
	'binfmtctl/x.c:4:#include "translators/rt/rt.h"' \
	'translators/engine/x.c:5:#include "jit/ir/text-internal.h"' \
	'translators/engine/x.c:6:#include "jit/x86/asm.h"' \
	'common/x.c:7:#include "common/y.h"' |
	awk -v DIRS="$own_dirs" -f tests/lint/layers.awk tests/lint/layers.tbl - | wc -l)
is "made-up violations are found" "$caught" 5

findings=$(files '*.c' '*.h' '*.S' | xargs grep -nE \
	'^[[:space:]]*#[[:space:]]*include[[:space:]]*<(common|binfmtctl|jit|guest|engine|linux-user|rt|translators|tests)/' \
	/dev/null)
none "project headers are included in quotes" "$findings"
tap_done
