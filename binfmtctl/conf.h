/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* binfmt.d files: which lines hold rules, and the rule of a line with its exact place. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "binfmtctl/rule.h"

/* Walks over a file's text, which the caller keeps. Set data, end and file; leave the rest 0. */
struct conf {
	const char *at, *end;
	const char *file; /* for messages; may be NULL */
	unsigned int line;
};

struct conf_line {
	const char *text; /* stripped, not terminated */
	size_t size;
	unsigned int line, column; /* of its first byte */
};

/* The next line that is neither blank nor a comment; false at the end. */
bool conf_next(struct conf *conf, struct conf_line *ret);

/* Reads the line's rule as systemd and then the kernel would. Errors of rule_parse(). */
int conf_parse(const struct conf *conf, const struct conf_line *line,
	       const struct rule_limits *limits, struct rule *ret,
	       struct diag *reterr_diag) _must_check_;
