/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lays out tables. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "binfmtctl/table.h"

void table_done(struct table *table)
{
	text_done(&table->text);
	free(table->cells);
	table->cells = NULL;
	table->count = table->room = 0;
}

/* Characters on a terminal, counting each code point as one. */
static size_t width_of(const char *s)
{
	size_t width = 0;

	for (; *s; s++)
		width += ((unsigned char)*s & 0xc0) != 0x80;
	return width;
}

static bool table_grow(struct table *table)
{
	size_t room = table->room ? table->room * 2 : 64;
	struct table_cell *cells;

	if (table->count < table->room)
		return true;
	cells = reallocarray(table->cells, room, sizeof(*table->cells));
	if (!cells) {
		table->error = -ENOMEM;
		return false;
	}
	table->cells = cells;
	table->room = room;
	return true;
}

struct text *table_begin(struct table *table)
{
	if (table_grow(table))
		table->cells[table->count] = (struct table_cell){.at = table->text.size};
	return &table->text;
}

void table_end(struct table *table, enum table_style style)
{
	struct text *text = &table->text;
	struct table_cell *cell;
	size_t width;

	if (table->error)
		return;
	cell = &table->cells[table->count++];
	if (text->size == cell->at)
		text_putc(text, '-');
	text_putc(text, '\0');
	if (text->error || text->size > UINT32_MAX) {
		table->error = text->error ? text->error : -EFBIG;
		return;
	}
	width = width_of(text->data + cell->at);
	cell->width = width < UINT16_MAX ? width : UINT16_MAX;
	cell->style = style;
}

void table_add(struct table *table, enum table_style style, const char *text)
{
	struct text *cell = table_begin(table);

	if (text)
		text_escape(cell, text, strlen(text));
	table_end(table, style);
}

void style_put(struct text *to, bool color, enum table_style style, const char *text)
{
	static const char *const codes[] = {"", "32", "33", "31", "2", "1"};

	if (color && style != STYLE_NONE)
		text_printf(to, "\033[%sm%s\033[0m", codes[style], text);
	else
		text_puts(to, text);
}

static void put_padded(struct text *ret, const char *text, size_t size,
		       enum table_style style, bool color, size_t width, bool last)
{
	style_put(ret, color, style, text);
	if (last)
		text_putc(ret, '\n');
	else
		text_fill(ret, ' ', width + 2 - size);
}

int table_print(const struct table *table, bool plain, bool color, struct text *ret)
{
	size_t columns = table->columns, *widths;

	if (table->error)
		return table->error;
	if (plain) {
		for (size_t i = 0; i < table->count; i++) {
			text_puts(ret, table->text.data + table->cells[i].at);
			text_putc(ret, i % columns == columns - 1 ? '\n' : '\t');
		}
		return ret->error;
	}
	widths = calloc(columns, sizeof(*widths));
	if (!widths)
		return -ENOMEM;
	for (size_t c = 0; c < columns; c++)
		widths[c] = width_of(table->headings[c]);
	for (size_t i = 0; i < table->count; i++)
		if (table->cells[i].width > widths[i % columns])
			widths[i % columns] = table->cells[i].width;
	for (size_t c = 0; c < columns; c++)
		put_padded(ret, table->headings[c], width_of(table->headings[c]),
			   STYLE_BOLD, color, widths[c], c == columns - 1);
	for (size_t i = 0; i < table->count; i++) {
		const struct table_cell *cell = &table->cells[i];

		put_padded(ret, table->text.data + cell->at, cell->width, cell->style,
			   color, widths[i % columns], i % columns == columns - 1);
	}
	free(widths);
	return ret->error;
}
