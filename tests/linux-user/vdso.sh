#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The guest's vDSO as a file: the words in it are the instructions that its source says.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/linux-user/guest.sh"
[ -n "$AARCH64_CC" ] || skip_all "no arm64 compiler"
[ -n "$AARCH64_OBJDUMP" ] || skip_all "no objdump for arm64"

guest_cc vdso -I"$top_srcdir/tests/programs" <"$top_srcdir/tests/programs/a64_vdso.c"
"$x" "$tmp/vdso" dump >"$tmp/vdso.so"

# Both as "7100041f cmp w0, #0x1", branches without where they lead.
sed -n 's|^	\.long	0x\([0-9a-f]\{8\}\)		/\* \([0-9]: \)\{0,1\}\(.*\) \*/$|\1 \3|p' \
	"$top_srcdir/translators/linux-user/a64/vdso.S" |
	sed 's/,\{0,1\} [0-9][bf]$//' >"$tmp/expected"
"$AARCH64_OBJDUMP" -D -b binary -m aarch64 "$tmp/vdso.so" |
	sed -n 's|[ 	]*//.*||; s/^ *[0-9a-f]*:	\([0-9a-f]\{8\}\) 	\([a-z]\)/\1 \2/p' |
	sed 's/	/ /; s/,\{0,1\} 0x[0-9a-f]*$//' |
	sed -n '/^d2801168 /,$p' >"$tmp/shown" # what is before is no code
is "each word is the instruction in its comment" "$(cat "$tmp/shown")" "$(cat "$tmp/expected")"
is "there are words" "$(grep -c . "$tmp/expected")" 32
tap_done
