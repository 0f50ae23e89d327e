#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The AArch64 cases through decoder, lifter, verifier and evaluator.
exec "$top_builddir/tests/cases/eval_a64" "$top_srcdir"/tests/cases/a64/*.case
