/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is worth knowing of an entry besides itself: where it comes from, whether it works. */
#pragma once

#include "binfmtctl/config.h"
#include "binfmtctl/simulate.h"
#include "binfmtctl/table.h"

struct entry_note {
	char *source;       /* "FILE:LINE", with "(differs)" behind it; NULL for none */
	const char *health; /* one word; static */
	enum table_style style;
};

/* One note per entry of @world; the caller gives them to notes_free(). NULL: no memory. */
struct entry_note *notes_make(const struct exec_world *world,
			      const struct config *config);
void notes_free(struct entry_note *notes, size_t count);
