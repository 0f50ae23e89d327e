/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * JSON of the schema "binfmtctl/1". A string that is not UTF-8 gets U+FFFD for its bad bytes
 * and a second member, KEY_hex, with all its bytes. With @lines there is one object per line
 * and no envelope.
 */
#pragma once

#include <stdbool.h>

#include "binfmtctl/output.h"

int json_entries(bool lines, const char *command, const char *mount, const bool *status,
		 const struct entries *entries, const struct entry_note *notes,
		 struct text *ret);
int json_results(bool lines, const char *command, bool dry_run,
		 const struct output_result *results, size_t count, struct text *ret);
int json_rules(bool lines, const char *command, const struct rule *rules, size_t count,
	       struct text *ret);
