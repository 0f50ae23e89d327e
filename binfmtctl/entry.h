/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A registered rule as the kernel shows it: a file of the binfmt_misc directory. Lines and
 * letters of kernels newer than this program are kept aside, not refused.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "binfmtctl/rule.h"

struct entry {
	struct rule rule; /* delimiter and escapes of the registration are lost */
	bool enabled;
	struct timespec registered; /* the file's time stamp; zero when unknown */
	char other_flags[16];       /* letters not in enum rule_flag */
	char *other_lines; /* lines not understood, each with its newline; or NULL */
	bool understood;   /* false: neither magic nor extension, e.g. a BPF handler */
};

/* Frees what the entry owns. Fit for _cleanup_. */
void entry_done(struct entry *entry);

/* Reads the content of the file called @name. -EBADMSG with a diag when it is no entry. */
int entry_parse(const char *name, const char *text, size_t size, struct entry *ret,
		struct diag *reterr_diag) _must_check_;
