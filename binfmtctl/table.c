/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lays out tables. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "binfmtctl/table.h"

void table_done(struct table *table)
{
	for (size_t i = 0; i < table->count; i++)
		free(table->cells[i].text);
	free(table->cells);
	table->cells = NULL;
	table->count = table->room = 0;
}

/* Takes over @text, which may be NULL after a failed allocation. */
static void add_cell(struct table *table, enum table_style style, char *text)
{
	if (table->count == table->room) {
		size_t room = table->room ? table->room * 2 : 64;
		struct table_cell *cells =
			reallocarray(table->cells, room, sizeof(*table->cells));

		if (!cells) {
			table->error = -ENOMEM;
			free(text);
			return;
		}
		table->cells = cells;
		table->room = room;
	}
	if (!text) {
		table->error = -ENOMEM;
		return;
	}
	table->cells[table->count++] = (struct table_cell){text, style};
}

void table_add(struct table *table, enum table_style style, const char *text)
{
	struct text cell = TEXT_INIT;

	if (text && *text)
		text_escape(&cell, text, strlen(text));
	else
		text_putc(&cell, '-');
	add_cell(table, style, text_take(&cell));
}

void table_addf(struct table *table, enum table_style style, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	add_cell(table, style, text);
}

void style_put(struct text *to, bool color, enum table_style style, const char *text)
{
	static const char *const codes[] = {"", "32", "33", "31", "2", "1"};

	if (color && style != STYLE_NONE)
		text_printf(to, "\033[%sm%s\033[0m", codes[style], text);
	else
		text_puts(to, text);
}

/* Characters on a terminal, counting each code point as one. */
static size_t width_of(const char *s)
{
	size_t width = 0;

	for (; *s; s++)
		width += ((unsigned char)*s & 0xc0) != 0x80;
	return width;
}

static void put_padded(struct text *ret, const char *text, enum table_style style,
		       bool color, size_t width, bool last)
{
	style_put(ret, color, style, text);
	if (last) {
		text_putc(ret, '\n');
		return;
	}
	text_fill(ret, ' ', width + 2 - width_of(text));
}

int table_print(const struct table *table, bool plain, bool color, struct text *ret)
{
	size_t columns = table->columns, *widths;

	if (table->error)
		return table->error;
	if (plain) {
		for (size_t i = 0; i < table->count; i++) {
			text_puts(ret, table->cells[i].text);
			text_putc(ret, i % columns == columns - 1 ? '\n' : '\t');
		}
		return ret->error;
	}
	widths = calloc(columns, sizeof(*widths));
	if (!widths)
		return -ENOMEM;
	for (size_t c = 0; c < columns; c++)
		widths[c] = width_of(table->headings[c]);
	for (size_t i = 0; i < table->count; i++) {
		size_t width = width_of(table->cells[i].text);

		if (width > widths[i % columns])
			widths[i % columns] = width;
	}
	for (size_t c = 0; c < columns; c++)
		put_padded(ret, table->headings[c], STYLE_BOLD, color, widths[c],
			   c == columns - 1);
	for (size_t i = 0; i < table->count; i++)
		put_padded(ret, table->cells[i].text, table->cells[i].style, color,
			   widths[i % columns], i % columns == columns - 1);
	free(widths);
	return ret->error;
}
