/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text of an A64 instruction from its row's template. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * Writes the text of the word, which row id takes and which stands at pc. Returns 0, or -1
 * when the row has no template; a broken template ends the program.
 */
int template_text(int id, uint32_t word, uint64_t pc, char *ret_text, size_t size);
