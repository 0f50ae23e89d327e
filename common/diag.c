/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Filling a struct diag; truncates silently, since a cut message is better than none. */
#include <stdarg.h>
#include <stdio.h>

#include "common/diag.h"

void diag_set(struct diag *diag, unsigned int column, const char *format, ...)
{
	va_list args;

	if (!diag)
		return;
	diag->column = column;
	diag->hint[0] = '\0';
	va_start(args, format);
	vsnprintf(diag->message, sizeof(diag->message), format, args);
	va_end(args);
}

void diag_hint(struct diag *diag, const char *format, ...)
{
	va_list args;

	if (!diag)
		return;
	va_start(args, format);
	vsnprintf(diag->hint, sizeof(diag->hint), format, args);
	va_end(args);
}
