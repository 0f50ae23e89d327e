/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Looks up the table that uaccess.S lays out.
 */
#include "rt/uaccess.h"

struct fixup {
	int32_t insn, target; /* relative to their own addresses */
};

extern const struct fixup __start_rt_fixups[] __attribute__((visibility("hidden")));
extern const struct fixup __stop_rt_fixups[] __attribute__((visibility("hidden")));

uint64_t uaccess_fixup(uint64_t pc)
{
	for (const struct fixup *f = __start_rt_fixups; f < __stop_rt_fixups; f++)
		if ((uint64_t)&f->insn + (uint64_t)(int64_t)f->insn == pc)
			return (uint64_t)&f->target + (uint64_t)(int64_t)f->target;
	return 0;
}
