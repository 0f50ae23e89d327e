/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What commands print, as text in memory: aligned tables, tab-separated lines, and JSON of the
 * schema "binfmtctl/1". All functions return 0 or -ENOMEM.
 */
#pragma once

#include <stdbool.h>

#include "binfmtctl/json-doc.h"
#include "binfmtctl/kernel.h"
#include "binfmtctl/table.h"

enum output_format { OUTPUT_TEXT, OUTPUT_PLAIN, OUTPUT_JSON, OUTPUT_JSONL };

/*
 * A list that is given entry by entry, so that nobody has to hold them all, or a "No entries".
 * Errors are sticky and come out of list_done(), which frees everything.
 */
struct entry_note;
struct list {
	enum output_format format;
	bool color;
	size_t count;
	struct table table;
	struct doc doc;
	struct json_object *all, *array;
	struct text lines; /* JSONL */
};

void list_begin(struct list *list, enum output_format format, bool color, bool noted,
		const char *mount, bool status);
void list_add(struct list *list, const struct entry *entry,
	      const struct entry_note *note);
int list_done(struct list *list, bool status, struct text *ret);

/* One row per entry, in the order of matching. */
int output_list(enum output_format format, const char *mount, bool status,
		const struct entries *entries, struct text *ret);

/* The same in colour, and with a note for each entry; @notes may be NULL. */
int output_list_noted(enum output_format format, bool color, const char *mount,
		      bool status, const struct entries *entries,
		      const struct entry_note *notes, struct text *ret);

/* All about the entries given. */
int output_show(enum output_format format, const char *mount,
		const struct entries *entries, struct text *ret);

int output_show_noted(enum output_format format, const char *mount,
		      const struct entries *entries, const struct entry_note *notes,
		      struct text *ret);

/* What became of one rule or entry. */
struct output_result {
	char *name; /* owned */
	char *rule; /* its text, any bytes, or NULL; owned */
	size_t rule_size;
	int err;          /* 0 or negative errno */
	struct diag diag; /* when err */
};

/* JSON only; texts about single results are the command's own. */
int output_results(enum output_format format, const char *command, bool dry_run,
		   const struct output_result *results, size_t count, struct text *ret);

/* Rules that were made and are registered nowhere. JSON only. */
int output_rules(enum output_format format, const char *command, const struct rule *rules,
		 size_t count, struct text *ret);
