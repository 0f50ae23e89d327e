/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * JSON of the schema "binfmtctl/1". A string that is not UTF-8 gets U+FFFD for its bad bytes
 * and a second member, KEY_hex, with all its bytes. With @lines there is one object per line
 * and no envelope.
 */
#pragma once

#include <stdbool.h>

#include "binfmtctl/output.h"

/* The envelope of a list, and an entry for it: into @array, or on a line of its own. */
struct json_object *json_list(struct doc *doc, const char *command, const char *mount,
			      const bool *status, struct json_object **ret_array);
void json_entry(struct doc *doc, struct json_object *array, const struct entry *entry,
		const struct entry_note *note, size_t order, struct text *ret);

int json_entries(bool lines, const char *command, const char *mount, const bool *status,
		 const struct entries *entries, const struct entry_note *notes,
		 struct text *ret);
int json_results(bool lines, const char *command, bool dry_run,
		 const struct output_result *results, size_t count, struct text *ret);
int json_rules(bool lines, const char *command, const struct rule *rules, size_t count,
	       struct text *ret);
