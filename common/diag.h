/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is wrong with text that a user wrote: where, what, and what to do about it. Filled by
 * library code next to a negative errno, printed once by the command that called it.
 */
#pragma once

#include "common/macro.h"

struct diag {
	const char *file;          /* not owned; NULL when the text came from no file */
	unsigned int line, column; /* from 1, in bytes; 0 when unknown */
	char message[256];
	char hint[256]; /* empty when there is nothing useful to say */
};

/* Sets position and message and clears the hint. @diag may be NULL. */
void diag_set(struct diag *diag, unsigned int column, const char *format, ...)
	_printf_(3, 4);
void diag_hint(struct diag *diag, const char *format, ...) _printf_(2, 3);
