#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What no source file may use, and what translators may not even link to.
. "$top_srcdir/tests/lint/lint.sh"

# Code without comments and strings, "FILE:LINE:text". A comment that ends on the line of
# other code is rare enough to be cut off with it.
code()
{
	awk '
	FNR == 1 { inside = 0 }
	{
		s = $0
		gsub(/\\\\/, "", s)
		gsub(/\\"/, "", s)
		gsub(/"[^"]*"/, "\"\"", s)
		if (inside) {
			if (!match(s, /\*\//))
				next
			s = substr(s, RSTART + 2)
			inside = 0
		}
		gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, " ", s)
		if (match(s, /\/\*/)) {
			s = substr(s, 1, RSTART - 1)
			inside = 1
		}
		print FILENAME ":" FNR ":" s
	}' "$@"
}

# forbid NAME EXPRESSION FILE...
forbid()
{
	name=$1
	expression=$2
	shift 2
	none "$name" "$(code "$@" | grep -E "^[^:]*:[0-9]+:.*$expression")"
}

all=$(files '*.c' '*.h' | grep -vE '^(bench|tests/programs|tests/cases)/')
own=$(printf '%s\n' $all | grep -vE '^tests/')
translators=$(printf '%s\n' $all | grep '^translators/')
b='(^|[^A-Za-z0-9_.>])'

# shellcheck disable=SC2086 # lists of files
{
forbid "no setjmp or longjmp" "$b(set|long|sigset|siglong)jmp[[:space:]]*\\(" $own
forbid "no alloca" "$b(__builtin_)?alloca[[:space:]]*\\(" $all
forbid "no unbounded string functions" "$b(strcpy|strcat|sprintf|vsprintf|gets|strtok)[[:space:]]*\\(" $own
forbid "no shell from C" "$b(system|popen)[[:space:]]*\\(" $all
forbid "no // comments" '//' $all
forbid "translators do not allocate from a libc" \
	"$b(malloc|calloc|realloc|reallocarray|free|strdup)[[:space:]]*\\(" $translators
}

none "every file names its licence in the first lines" "$(files '*.c' '*.h' '*.S' '*.sh' '*.awk' \
	'*.am' '*.def' '*.decode' '*.tbl' | grep -v '^tests/.*\.decode$' | while read -r f; do
		head -n 3 "$f" | grep -q 'SPDX-License-Identifier: LGPL-2.1-or-later' || echo "$f"
	done)"

none "no paths of a developer's machine" "$({ files '*'; printf '%s\n' README.md HACKING.md \
	ARCHITECTURE.md NEWS configure.ac Makefile.am; } | grep -v '^tests/lint/forbidden\.sh$' |
	xargs grep -nIE '(^|[^A-Za-z0-9_.])/(work|root)/|/home/[a-z]' 2>/dev/null)"

# A symbol that no archive of ours defines, but the C library does, has slipped in. *rows.a are
# tables for tests and tools, not for a translator.
libc=$($CC -print-file-name=libc.so.6)
archives=$(find "$top_builddir/translators" -name '*.a' ! -name '*rows.a' 2>/dev/null)
if [ -z "$archives" ]; then
	skip "translators need nothing from a libc" "no translator is built"
elif [ ! -e "$libc" ]; then
	skip "translators need nothing from a libc" "no libc.so.6 to compare with"
else
	tmp=$(mktemp -d) || exit 1
	trap 'rm -rf "$tmp"' EXIT
	# shellcheck disable=SC2086 # lists of files
	{
		nm -D --defined-only "$libc" | awk '{ sub(/@.*/, "", $3); print $3 }' | sort -u >"$tmp/libc"
		nm --defined-only $archives 2>/dev/null | awk 'NF == 3 { print $3 }' | sort -u >"$tmp/ours"
		nm -u $archives 2>/dev/null | awk 'NF == 2 { print $2 }' | sort -u >"$tmp/needed"
	}
	none "translators need nothing from a libc" "$(comm -23 "$tmp/needed" "$tmp/ours" |
		{ comm -12 - "$tmp/libc"; grep -E '^__(ubsan|asan|stack_chk)' "$tmp/needed"; })"
fi
tap_done
