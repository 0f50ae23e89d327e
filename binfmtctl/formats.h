/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The formats that come with this program: conf files that nobody reads until installed. */
#pragma once

#include "binfmtctl/config.h"

/* The directory: of the environment's BINFMTCTL_FORMATS, or where they were installed. */
const char *formats_directory(void);

/* All of them; a missing directory is an empty one. */
int formats_load(const struct rule_limits *limits, struct config *ret) _must_check_;
