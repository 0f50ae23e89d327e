#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Debian's static programs, in the default mode.
exec "${top_srcdir:?}/tests/debian/run"
