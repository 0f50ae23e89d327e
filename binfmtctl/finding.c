/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A growing list of findings. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

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

/* The advice with @subject, quoted for a shell, for each \1. */
static char *put_subject(const char *advice, const char *subject)
{
	struct text text = TEXT_INIT;

	for (; *advice; advice++)
		if (*advice == '\1')
			text_shell_word(&text, subject);
		else
			text_putc(&text, *advice);
	return text_take(&text);
}

/* Both from one format; a name in the evidence may hold newlines of its own. */
static int format_both(struct finding *f, const char *format, va_list args)
{
	const char *end = strchr(format, '\n');
	char *first, *whole;
	va_list again;
	int size, err = 0;

	if (!end)
		return vasprintf(&f->evidence, format, args) < 0 ? -ENOMEM : 0;
	first = strndup(format, end - format);
	if (!first)
		return -ENOMEM;
	va_copy(again, args);
	size = vasprintf(&f->evidence, first, args);
	free(first);
	if (size < 0 || vasprintf(&whole, format, again) < 0) {
		f->evidence = size < 0 ? NULL : f->evidence;
		err = -ENOMEM;
	} else {
		f->advice = put_subject(whole + size + 1, f->subject ? f->subject : "");
		free(whole);
		err = f->advice ? 0 : -ENOMEM;
	}
	va_end(again);
	return err;
}

void finding_add(struct findings *findings, const char *id, enum severity severity,
		 const char *subject, const char *format, ...)
{
	struct finding *f = new_finding(findings);
	va_list args;

	if (!f) {
		findings->error = -ENOMEM;
		return;
	}
	memcpy(f->id, id, sizeof(f->id) - 1);
	f->severity = severity;
	f->subject = subject ? strdup(subject) : NULL;
	va_start(args, format);
	if (format_both(f, format, args) || (subject && !f->subject))
		findings->error = -ENOMEM;
	va_end(args);
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
