/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables: aligned and coloured for people, tab-separated without a heading for programs. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/text.h"

enum table_style { STYLE_NONE, STYLE_GOOD, STYLE_WARN, STYLE_BAD, STYLE_DIM, STYLE_BOLD };

struct table_cell {
	uint32_t at; /* its text, NUL-terminated, in the table's */
	uint16_t width;
	uint8_t style;
};

/*
 * Cells are added row by row. Their text lies one behind the other: pieces of their own would
 * cost a long list more page faults than all else. Errors are sticky and come out of
 * table_print().
 */
struct table {
	const char *const *headings;
	size_t columns;
	struct text text;
	struct table_cell *cells;
	size_t count, room;
	int error;
};

#define TABLE_INIT(names)                                         \
	{                                                         \
		.headings = (names), .columns = ARRAY_SIZE(names) \
	}

/* Fit for _cleanup_. */
void table_done(struct table *table);

/* One cell; the text is made harmless by text_escape(). NULL or empty shows as "-". */
void table_add(struct table *table, enum table_style style, const char *text);

/* A cell that the caller writes, as harmless text; table_end() follows. Empty shows as "-". */
struct text *table_begin(struct table *table);
void table_end(struct table *table, enum table_style style);

/* Lines under a heading; tab-separated with @plain. 0 or -ENOMEM. */
int table_print(const struct table *table, bool plain, bool color, struct text *ret);

/* Text between the escape sequences of a style, or as it is. */
void style_put(struct text *to, bool color, enum table_style style, const char *text);
