/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errors of the kernel in words: what an errno means at this place, and what to do. */
#pragma once

#include "binfmtctl/rule.h"

/* "EINVAL" for -EINVAL. */
const char *explain_errno_name(int err);

/* Opening the mount at @path. */
void explain_open(int err, const char *path, struct diag *ret);

/* Writing an already accepted rule to `register`. */
void explain_register(int err, const struct rule *rule, struct diag *ret);

/* Reading or removing the entry @name. */
void explain_entry(int err, const char *name, struct diag *ret);
