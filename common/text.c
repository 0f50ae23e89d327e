/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* String building and escaping. */
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

void text_done(struct text *text)
{
	free(text->data);
	*text = TEXT_INIT;
}

static bool text_grow(struct text *text, size_t more)
{
	size_t room = text->room ? text->room : 64;
	char *data;

	if (text->error)
		return false;
	while (room - text->size <= more)
		room *= 2;
	if (room == text->room)
		return true;
	data = realloc(text->data, room);
	if (!data) {
		text->error = -ENOMEM;
		return false;
	}
	text->data = data;
	text->room = room;
	return true;
}

void text_add(struct text *text, const void *data, size_t size)
{
	if (!text_grow(text, size))
		return;
	if (size)
		memcpy(text->data + text->size, data, size);
	text->size += size;
	text->data[text->size] = '\0';
}

void text_puts(struct text *text, const char *string)
{
	text_add(text, string, strlen(string));
}

void text_putc(struct text *text, char c)
{
	text_add(text, &c, 1);
}

void text_printf(struct text *text, const char *format, ...)
{
	va_list args;
	int size;

	va_start(args, format);
	size = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (size < 0 || !text_grow(text, size))
		return;
	va_start(args, format);
	vsnprintf(text->data + text->size, size + 1, format, args);
	va_end(args);
	text->size += size;
}

void text_hex(struct text *text, const void *data, size_t size)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < size; i++)
		text_printf(text, "%02x", bytes[i]);
}

size_t utf8_sequence(const void *data, size_t size)
{
	/* Smallest code point of each length: anything less is an overlong form. */
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const uint8_t *s = data;
	uint32_t code;
	size_t length;

	if (size == 0)
		return 0;
	if (s[0] < 0x80)
		return 1;
	if ((s[0] & 0xe0) == 0xc0) {
		length = 2;
		code = s[0] & 0x1f;
	} else if ((s[0] & 0xf0) == 0xe0) {
		length = 3;
		code = s[0] & 0x0f;
	} else if ((s[0] & 0xf8) == 0xf0) {
		length = 4;
		code = s[0] & 0x07;
	} else {
		return 0;
	}
	if (length > size)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[i] & 0x3f);
	}
	if (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return length;
}

bool utf8_valid(const void *data, size_t size)
{
	const char *s = data;

	while (size) {
		size_t n = utf8_sequence(s, size);

		if (!n)
			return false;
		s += n;
		size -= n;
	}
	return true;
}

void text_escape(struct text *text, const void *data, size_t size)
{
	const uint8_t *s = data;

	while (size) {
		size_t n = utf8_sequence(s, size);
		bool c1 = n == 2 && s[0] == 0xc2 && s[1] < 0xa0;

		if (*s == '\\')
			text_puts(text, "\\\\");
		else if (*s == '\n')
			text_puts(text, "\\n");
		else if (*s == '\t')
			text_puts(text, "\\t");
		else if (n == 0 || *s < 0x20 || *s == 0x7f || c1)
			text_printf(text, "\\x%02x", *s), n = 1;
		else
			text_add(text, s, n);
		s += n;
		size -= n;
	}
}

char *text_take(struct text *text)
{
	char *data;

	text_add(text, "", 0);
	data = text->error ? NULL : TAKE_PTR(text->data);
	text_done(text);
	return data;
}
