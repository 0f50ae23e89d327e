/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Filling a struct diag; truncates silently, since a cut message is better than none. Names and
 * paths in it may hold anything: what is no printable text becomes harmless here, once.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/diag.h"
#include "common/text.h"

static void fill(char *to, size_t room, const char *format, va_list args)
{
	_cleanup_(text_done) struct text clean = TEXT_INIT;

	vsnprintf(to, room, format, args);
	text_clean(&clean, to, strlen(to));
	if (!clean.error)
		snprintf(to, room, "%s", clean.data ? clean.data : "");
}

void diag_set(struct diag *diag, unsigned int column, const char *format, ...)
{
	va_list args;

	if (!diag)
		return;
	diag->column = column;
	diag->hint[0] = '\0';
	va_start(args, format);
	fill(diag->message, sizeof(diag->message), format, args);
	va_end(args);
}

void diag_hint(struct diag *diag, const char *format, ...)
{
	va_list args;

	if (!diag)
		return;
	va_start(args, format);
	fill(diag->hint, sizeof(diag->hint), format, args);
	va_end(args);
}
