/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What commands print, as text in memory: aligned tables, tab-separated lines, and JSON of the
 * schema "binfmtctl/1". The only file besides it that knows json-c is output-json.c. All
 * functions return 0 or -ENOMEM.
 */
#pragma once

#include <stdbool.h>

#include "binfmtctl/kernel.h"

enum output_format { OUTPUT_TEXT, OUTPUT_PLAIN, OUTPUT_JSON, OUTPUT_JSONL };

/* One row per entry, in the order of matching. */
int output_list(enum output_format format, const char *mount, bool status,
		const struct entries *entries, struct text *ret);

/* The same in colour, and with a note for each entry; @notes may be NULL. */
struct entry_note;
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
