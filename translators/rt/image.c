/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where the program's own image lies, and the parsing of an initial stack. Apart from
 * start.c, so that unit tests can link it.
 */
#include <elf.h>

#include "rt/rt.h"

extern const char rt_ehdr[] __asm__("__ehdr_start") __attribute__((visibility("hidden")));
extern const char rt_end[] __asm__("_end") __attribute__((visibility("hidden")));

void rt_image_range(uint64_t *ret_start, uint64_t *ret_end)
{
	*ret_start = (uint64_t)rt_ehdr & ~(RT_PAGE_SIZE - 1);
	*ret_end = ((uint64_t)rt_end + RT_PAGE_SIZE - 1) & ~(RT_PAGE_SIZE - 1);
}

void rt_parse_stack(struct rt_start_info *info, uint64_t *sp)
{
	uint64_t *p;

	info->argc = (long)sp[0];
	info->argv = (char **)(sp + 1);
	info->envp = info->argv + info->argc + 1;
	for (p = (uint64_t *)info->envp; *p; p++)
		;
	info->auxv = (struct rt_auxv *)(p + 1);
	info->aux_present = 0;
	for (struct rt_auxv *a = info->auxv; a->type != AT_NULL; a++) {
		if (a->type >= RT_AUX_COUNT)
			continue;
		info->aux[a->type] = a->value;
		info->aux_present |= 1ull << a->type;
	}
}
