#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Scripts parse, and those that are run can be.
. "$top_srcdir/tests/lint/lint.sh"

for script in autogen.sh try check .ci/run $(files '*.sh'); do
	[ -e "$script" ] || continue # .ci is not part of a release
	check "$script parses" bash -n "$script"
	case $script in
	tests/lib/tap.sh | tests/lint/lint.sh) continue ;; # sourced
	esac
	if head -n 1 "$script" | grep -q '^#!'; then
		check "$script is executable" test -x "$script"
	fi
done
tap_done
