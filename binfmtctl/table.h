/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables: aligned and coloured for people, tab-separated without a heading for programs. */
#pragma once

#include <stdbool.h>

#include "common/text.h"

enum table_style { STYLE_NONE, STYLE_GOOD, STYLE_WARN, STYLE_BAD, STYLE_DIM, STYLE_BOLD };

struct table_cell {
	char *text;
	enum table_style style;
};

/* Cells are added row by row. The error is sticky and comes out of table_print(). */
struct table {
	const char *const *headings;
	size_t columns;
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

/* One cell of harmless text. */
void table_addf(struct table *table, enum table_style style, const char *format, ...)
	_printf_(3, 4);

/* Lines under a heading; tab-separated with @plain. 0 or -ENOMEM. */
int table_print(const struct table *table, bool plain, bool color, struct text *ret);

/* Text between the escape sequences of a style, or as it is. */
void style_put(struct text *to, bool color, enum table_style style, const char *text);
