/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* decodegen: reading files, cutting them into lines of words, and reporting errors. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "decodegen.h"

static int errors;

void error_at(struct position pos, const char *format, ...)
{
	va_list list;

	fprintf(stderr, "%s:%d: error: ", pos.file, pos.line);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
	errors++;
}

int error_count(void)
{
	return errors;
}

void *xalloc(size_t size)
{
	void *memory = calloc(1, size ? size : 1);

	if (!memory) {
		fputs("decodegen: out of memory\n", stderr);
		exit(1);
	}
	return memory;
}

char *xstrndup(const char *text, size_t length)
{
	char *copy = xalloc(length + 1);

	memcpy(copy, text, length);
	return copy;
}

char *xasprintf(const char *format, ...)
{
	va_list list;
	int length;
	char *text;

	va_start(list, format);
	length = vsnprintf(NULL, 0, format, list);
	va_end(list);
	text = xalloc((size_t)length + 1);
	va_start(list, format);
	vsnprintf(text, (size_t)length + 1, format, list);
	va_end(list);
	return text;
}

char *read_text(const char *path)
{
	FILE *file = fopen(path, "r");
	size_t size = 0, room = 1 << 16;
	char *text = xalloc(room + 1);

	if (!file) {
		fprintf(stderr, "decodegen: %s: %s\n", path, strerror(errno));
		exit(1);
	}
	for (;;) {
		size += fread(text + size, 1, room - size, file);
		if (size < room)
			break;
		char *bigger = xalloc(2 * room + 1);

		memcpy(bigger, text, size);
		text = bigger;
		room *= 2;
	}
	if (ferror(file)) {
		fprintf(stderr, "decodegen: %s: read error\n", path);
		exit(1);
	}
	fclose(file);
	return text;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* End of the word at text; quotes protect blanks and number signs. */
static const char *word_end(const char *text, bool *ret_open)
{
	bool quoted = false;

	while (*text && *text != '\n' && (quoted || (!is_blank(*text) && *text != '#'))) {
		if (*text == '"')
			quoted = !quoted;
		text++;
	}
	*ret_open = quoted;
	return text;
}

/* Adds the words of one physical line; true when the line ends in a backslash. */
static bool add_words(struct lexer *lexer, struct line *line)
{
	const char *text = lexer->text;
	bool more = false;

	while (*text && *text != '\n') {
		bool open;
		const char *end;

		if (is_blank(*text)) {
			text++;
			continue;
		}
		if (*text == '#') {
			text += strcspn(text, "\n");
			break;
		}
		end = word_end(text, &open);
		if (open)
			error_at(lexer->pos, "quotation mark without its partner");
		more = end - text == 1 && *text == '\\';
		if (!more) {
			if (line->count < WORD_MAX)
				line->words[line->count++] = xstrndup(text, end - text);
			else
				error_at(lexer->pos, "more than %d words", WORD_MAX);
		}
		text = end;
	}
	if (*text == '\n')
		text++;
	lexer->text = text;
	return more;
}

bool next_line(struct lexer *lexer, struct line *line)
{
	line->count = 0;
	while (*lexer->text) {
		lexer->pos.line++;
		if (!line->count)
			line->pos = lexer->pos;
		if (!add_words(lexer, line) && line->count)
			return true;
	}
	return line->count > 0;
}
