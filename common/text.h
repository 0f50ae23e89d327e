/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A growing string with a sticky error: append freely, look at the error once. The content
 * may hold any byte and always has a NUL behind it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/macro.h"

struct text {
	char *data; /* never NULL after the first successful append */
	size_t size, room;
	int error; /* 0 or -ENOMEM; appends after an error do nothing */
};

#define TEXT_INIT ((struct text){0})

/* Frees the content; the text is empty and usable again. Fit for _cleanup_. */
void text_done(struct text *text);

void text_add(struct text *text, const void *data, size_t size);
void text_puts(struct text *text, const char *string);
void text_putc(struct text *text, char c);
void text_fill(struct text *text, char c, size_t count);
void text_printf(struct text *text, const char *format, ...) _printf_(2, 3);

/* Lower-case hexadecimal digits, two per byte. */
void text_hex(struct text *text, const void *data, size_t size);

/*
 * Makes bytes harmless on a terminal and in a log: control bytes, DEL, C1 controls and all
 * that is not UTF-8 become \n, \t or \xHH; a backslash is doubled.
 */
void text_escape(struct text *text, const void *data, size_t size);

/* The same for what a person wrote or that is escaped in part: backslashes stay as they are. */
void text_clean(struct text *text, const void *data, size_t size);

/* Quoted for a shell; with the escapes of $'...' where it holds what a terminal should not get. */
void text_shell_word(struct text *text, const char *word);

/* The content, the caller's to free, or NULL after an error; the text is empty afterwards. */
char *text_take(struct text *text);

/* Length of the valid, shortest-form UTF-8 sequence at @data, or 0. */
size_t utf8_sequence(const void *data, size_t size);
bool utf8_valid(const void *data, size_t size);
