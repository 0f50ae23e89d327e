/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What lies at a guest address: the mapping, and the function by the symbol table of its ELF
 * file. Reads /proc/self/maps; where there is none, nothing is known.
 * tags: linux-user - symbols
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbol {
	uint64_t map_start, map_end, map_offset; /* of the mapping */
	char perms[5];
	char file[512];	 /* its name: a path, "[stack]", or empty */
	char name[160];	 /* of the function; empty: not known */
	uint64_t offset; /* of the address, from the function's start or in the file */
};

/*
 * False when nothing is mapped there. Not thread-safe; what it read of files stays in memory.
 * `fresh`: mappings may have changed since the last call.
 */
bool symbols_find(uint64_t address, bool fresh, struct symbol *ret);

/* "main+0x1c (prog)", "prog+0xabc", "[heap]", or nothing. Like rt_format(). */
size_t symbols_describe(const struct symbol *s, char *buf, size_t size);
