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

static bool text_enlarge(struct text *text, size_t more)
{
	size_t room = text->room ? text->room : 64;
	char *data;

	if (text->error)
		return false;
	while (room - text->size <= more)
		room *= 2;
	data = realloc(text->data, room);
	if (!data) {
		text->error = -ENOMEM;
		return false;
	}
	text->data = data;
	text->room = room;
	return true;
}

/* Makes sure of room for @more bytes and a NUL. False after an error. */
static inline bool text_grow(struct text *text, size_t more)
{
	if (text->room - text->size > more && !text->error)
		return true;
	return text_enlarge(text, more);
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
	if (!text_grow(text, 1))
		return;
	text->data[text->size++] = c;
	text->data[text->size] = '\0';
}

void text_fill(struct text *text, char c, size_t count)
{
	if (!text_grow(text, count))
		return;
	memset(text->data + text->size, c, count);
	text->size += count;
	text->data[text->size] = '\0';
}

void text_printf(struct text *text, const char *format, ...)
{
	va_list args;
	size_t room;
	int size;

	/* Mostly it fits at the first attempt. */
	if (!text_grow(text, 48))
		return;
	room = text->room - text->size;
	va_start(args, format);
	size = vsnprintf(text->data + text->size, room, format, args);
	va_end(args);
	if (size >= 0 && (size_t)size >= room && text_grow(text, size)) {
		va_start(args, format);
		vsnprintf(text->data + text->size, size + 1, format, args);
		va_end(args);
	}
	if (size >= 0 && !text->error)
		text->size += size;
	else if (text->data)
		text->data[text->size] = '\0';
}

void text_hex(struct text *text, const void *data, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *bytes = data;
	char *to;

	if (!text_grow(text, 2 * size))
		return;
	to = text->data + text->size;
	for (size_t i = 0; i < size; i++) {
		*to++ = digits[bytes[i] >> 4];
		*to++ = digits[bytes[i] & 15];
	}
	*to = '\0';
	text->size += 2 * size;
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

/* Bytes at the beginning that are printable ASCII and no backslash. */
static size_t plain_bytes(const uint8_t *s, size_t size)
{
	size_t n = 0;

	while (n < size && s[n] >= 0x20 && s[n] < 0x7f && s[n] != '\\')
		n++;
	return n;
}

static void escape(struct text *text, const void *data, size_t size,
		   const char *backslash)
{
	const uint8_t *s = data;

	while (size) {
		size_t n = plain_bytes(s, size);
		bool c1;

		if (n) {
			text_add(text, s, n);
			s += n;
			size -= n;
			continue;
		}
		n = utf8_sequence(s, size);
		c1 = n == 2 && s[0] == 0xc2 && s[1] < 0xa0;

		if (*s == '\\')
			text_puts(text, backslash);
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

void text_escape(struct text *text, const void *data, size_t size)
{
	escape(text, data, size, "\\\\");
}

void text_clean(struct text *text, const void *data, size_t size)
{
	escape(text, data, size, "\\");
}

void text_shell_word(struct text *text, const char *word)
{
	static const char harmless[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789_./:@%+=,-";
	_cleanup_(text_done) struct text clean = TEXT_INIT;
	bool plain;

	if (*word && !word[strspn(word, harmless)]) {
		text_puts(text, word);
		return;
	}
	text_clean(&clean, word, strlen(word));
	text_add(&clean, "", 0);
	if (clean.error) {
		text->error = clean.error;
		return;
	}
	plain = strcmp(clean.data, word) == 0;
	text_puts(text, plain ? "'" : "$'");
	while (*word) {
		size_t n = utf8_sequence(word, strlen(word));

		n = n ? n : 1;
		if (*word == '\'')
			text_puts(text, plain ? "'\\''" : "\\'");
		else if (plain)
			text_add(text, word, n);
		else
			text_escape(text, word, n);
		word += n;
	}
	text_putc(text, '\'');
}

char *text_take(struct text *text)
{
	char *data;

	text_add(text, "", 0);
	data = text->error ? NULL : TAKE_PTR(text->data);
	text_done(text);
	return data;
}
