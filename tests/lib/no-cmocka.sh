#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Stands in for every unit test when configure found no cmocka, so that the gap is seen.
echo "1..0 # SKIP unit tests: cmocka is not installed (Debian: libcmocka-dev)"
