/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether native programs and scripts still start: the test after a registration. */
#pragma once

#include "common/macro.h"

/*
 * Starts this program with the option --version, directly and by a #! line, and compares what
 * it prints with @want. 0; the negative errno of a failed start; -ENOEXEC when something else
 * was started instead.
 */
int smoke_test(const char *want) _must_check_;
