/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What `apply` registered in an instance, kept in /run until the next start, so that entries
 * whose configuration went away can be told from those that somebody else registered.
 */
#pragma once

#include <sys/types.h>

#include "binfmtctl/kernel.h"

#define RECORD_PATH "/run/binfmtctl/applied"

/* Rules by name; entries.registered and enabled are not kept. */
struct record {
	struct entries entries;
};

/* Fit for _cleanup_. */
void record_done(struct record *record);

/* Of the instance with this device number. An absent file is an empty record. */
int record_load(int root_fd, dev_t device, struct record *ret) _must_check_;

/* Replaces the record of this instance with @count rules; others stay. */
int record_save(int root_fd, dev_t device, const struct rule *const *rules, size_t count)
	_must_check_;

/* The recorded rule of a name, or NULL. */
const struct rule *record_find(const struct record *record, const char *name);
