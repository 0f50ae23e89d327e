/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Entries as a text file, the first match first: after a line with the format's version and
 * one with the status, a line per entry, "enabled RULE" or "disabled RULE"; with "-hex" behind
 * the first word, the rule is written in hexadecimal digits, for names that would break a line.
 */
#pragma once

#include "binfmtctl/kernel.h"

struct snapshot {
	bool enabled; /* the status */
	struct entries entries;
};

/* Fit for _cleanup_. */
void snapshot_done(struct snapshot *snapshot);

/* -EINVAL with a diag when an entry cannot be written as a rule. */
int snapshot_write(const struct entries *entries, bool enabled, struct text *ret,
		   struct diag *reterr_diag) _must_check_;

int snapshot_read(const char *data, size_t size, struct snapshot *ret,
		  struct diag *reterr_diag) _must_check_;
