#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Each header compiles alone.
. "$top_srcdir/tests/lint/lint.sh"

flags="-std=gnu17 -fsyntax-only -Wall -Wextra -include $top_builddir/config.h
	-iquote . -iquote translators -iquote $top_builddir/translators -iquote $top_builddir"
for header in $(files '*.h'); do
	case $header in
	bench/* | tests/programs/* | tests/cases/*) continue ;; # for guests, other include paths
	esac
	# shellcheck disable=SC2086 # a list of options
	check "$header compiles alone" $CC $flags -Wno-unused-function -x c - <<-END
		#include "$header"
	END
done
tap_done
