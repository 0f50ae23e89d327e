#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A quick part of the guest programs in every mode but the default, in which default.sh runs
# them all; make check-modes runs all of them in each mode.
set --
# shellcheck disable=SC2013  # names are words
for mode in $(awk '!/^#/ && NF && $1 != "default" { print $1 }' \
	"${top_srcdir:?}/tests/modes"); do
	set -- "$@" -m "$mode"
done
exec "$top_srcdir/tests/programs/run" -q "$@"
