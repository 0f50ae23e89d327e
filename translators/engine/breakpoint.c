/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A debugger's breakpoints: regions end before them, and at one there is a block of its own.
 * tags: engine - breakpoints
 */
#include <linux/errno.h>

#include "engine/engine-internal.h"

static unsigned find(uint64_t pc)
{
	unsigned i = 0;

	while (i < engine.nbreakpoints && engine.breakpoint[i] != pc)
		i++;
	return i;
}

bool engine_has_breakpoint(uint64_t pc)
{
	return find(pc) < engine.nbreakpoints;
}

uint64_t engine_next_breakpoint(uint64_t pc, uint64_t limit)
{
	for (unsigned i = 0; i < engine.nbreakpoints; i++)
		if (engine.breakpoint[i] > pc && engine.breakpoint[i] < limit)
			limit = engine.breakpoint[i];
	return limit;
}

int engine_breakpoint(uint64_t pc, bool set)
{
	struct engine_thread self = { 0 };
	unsigned i;
	int r = 0;

	engine_lock(&self);
	i = find(pc);
	if (set && i == ENGINE_BREAKPOINTS)
		r = -ENOMEM;
	else if (set && i == engine.nbreakpoints)
		engine.breakpoint[engine.nbreakpoints++] = pc;
	else if (!set && i < engine.nbreakpoints)
		engine.breakpoint[i] = engine.breakpoint[--engine.nbreakpoints];
	engine_invalidate_locked(pc, 1);
	engine_unlock();
	return r;
}

void engine_breakpoints_clear(void)
{
	while (engine.nbreakpoints)
		engine_breakpoint(engine.breakpoint[0], false);
}
