#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# White space: what .clang-format says, and no trailing blanks anywhere.
. "$top_srcdir/tests/lint/lint.sh"

findings=$(files '*.c' '*.h' '*.S' '*.sh' '*.awk' '*.def' '*.decode' '*.am' |
	xargs grep -nE '[[:space:]]+$' /dev/null)
none "no line ends in white space" "$findings"

# Versions disagree about details; 14 is Debian 12's.
if [ -z "$CLANG_FORMAT" ]; then
	skip "files are formatted" "clang-format is not installed"
elif ! "$CLANG_FORMAT" --version | grep -q "version 14\."; then
	skip "files are formatted" "clang-format is not version 14"
else
	for folder in $(grep -v '^#' tests/lint/format.list); do
		findings=$(find "$folder" -maxdepth 1 -name '*.[ch]' |
			xargs "$CLANG_FORMAT" --dry-run 2>&1 | grep -E 'warning|error' | head -20)
		none "$folder is formatted" "$findings"
	done
fi
tap_done
