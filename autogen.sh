#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Writes configure and friends; needs autoconf, automake and pkg-config.
set -e
cd "$(dirname "$0")"
exec autoreconf --install --warnings=all,no-portability
