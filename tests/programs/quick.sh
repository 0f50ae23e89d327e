#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A quick part of the guest programs in every mode; make check-modes runs all of them.
exec "${top_srcdir:?}/tests/programs/run" -a -q
