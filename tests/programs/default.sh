#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every guest program, in the default mode.
exec "${top_srcdir:?}/tests/programs/run"
