/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What checks find: a stable identifier, how bad it is, about what, why, and what to do. */
#pragma once

#include "common/text.h"

enum severity {
	SEVERITY_INFO,
	SEVERITY_LOW,
	SEVERITY_MEDIUM,
	SEVERITY_HIGH,
	SEVERITY_CRITICAL,
	SEVERITY_COUNT,
};

const char *severity_name(enum severity severity);

/* SEVERITY_COUNT for an unknown word. */
enum severity severity_find(const char *name);

struct finding {
	char id[4]; /* "R01", as in binfmtctl-audit(7) */
	enum severity severity;
	char *subject;  /* an entry, a file, or NULL for the whole machine */
	char *evidence; /* one sentence */
	char *advice;   /* what to do, often a command; may be NULL */
};

struct findings {
	struct finding *list;
	size_t count, room;
	int error; /* sticky -ENOMEM */
};

/* Fit for _cleanup_. */
void findings_done(struct findings *findings);

/*
 * Adds one. @subject may be NULL. The evidence is formatted from @format; its first "\n"
 * separates the advice from it. In that, \1 becomes the subject, quoted for a shell.
 */
void finding_add(struct findings *findings, const char *id, enum severity severity,
		 const char *subject, const char *format, ...) _printf_(5, 6);

/* The worst first, then by identifier and subject. */
void findings_sort(struct findings *findings);
