/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A growing list of findings. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "binfmtctl/finding.h"

static const char *const names[] = {"info", "low", "medium", "high", "critical"};

const char *severity_name(enum severity severity)
{
	return names[severity];
}

enum severity severity_find(const char *name)
{
	enum severity s = SEVERITY_INFO;

	while (s < SEVERITY_COUNT && strcmp(names[s], name) != 0)
		s++;
	return s;
}

void findings_done(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		free(findings->list[i].subject);
		free(findings->list[i].evidence);
		free(findings->list[i].advice);
	}
	free(findings->list);
	*findings = (struct findings){0};
}

static struct finding *new_finding(struct findings *findings)
{
	if (findings->count == findings->room) {
		size_t room = findings->room ? findings->room * 2 : 16;
		struct finding *list =
			reallocarray(findings->list, room, sizeof(*findings->list));

		if (!list)
			return NULL;
		findings->list = list;
		findings->room = room;
	}
	findings->list[findings->count] = (struct finding){0};
	return &findings->list[findings->count++];
}

void finding_add(struct findings *findings, const char *id, enum severity severity,
		 const char *subject, const char *format, ...)
{
	struct finding *f = new_finding(findings);
	char *advice;
	va_list args;

	if (!f) {
		findings->error = -ENOMEM;
		return;
	}
	memcpy(f->id, id, sizeof(f->id) - 1);
	f->severity = severity;
	f->subject = subject ? strdup(subject) : NULL;
	va_start(args, format);
	if (vasprintf(&f->evidence, format, args) < 0)
		f->evidence = NULL;
	va_end(args);
	if ((subject && !f->subject) || !f->evidence) {
		findings->error = -ENOMEM;
		return;
	}
	/* The last one: names in the evidence may hold anything. */
	advice = strrchr(f->evidence, '\n');
	if (advice) {
		*advice = '\0';
		f->advice = strdup(advice + 1);
		if (!f->advice)
			findings->error = -ENOMEM;
	}
}

static int compare(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int d;

	if (x->severity != y->severity)
		return x->severity < y->severity ? 1 : -1;
	d = strcmp(x->id, y->id);
	return d ? d : strcmp(x->subject ? x->subject : "", y->subject ? y->subject : "");
}

void findings_sort(struct findings *findings)
{
	if (findings->count)
		qsort(findings->list, findings->count, sizeof(*findings->list), compare);
}
