/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory that holds translated code: one reservation, its first part for hot code and the
 * rest for cold stubs, both filled upwards. tags: jit/cache - code memory
 *
 * Plain read-write-execute memory where the kernel allows it; otherwise one memfd mapped
 * twice, writable and executable.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rt/arena.h"

struct codemem {
	uint8_t *base;	/* address of execution */
	size_t size;
	intptr_t rx;	/* base minus the writable mapping's address */
	uint8_t *hot, *hot_end;	  /* writable addresses: next free byte, end of the part */
	uint8_t *cold, *cold_end;
	uint8_t *hot_start, *cold_start; /* what codemem_reset() goes back to */
	char *hot_ready, *cold_ready; /* up to where rt_ahead() has provided memory */
	int fd;		/* memfd of a double mapping, -1 */
};

/* Reserves size bytes (rounded up to pages). 0 or negative errno. */
int codemem_init(struct codemem *m, size_t size);
/* Has memory ready for the next region. */
static inline void codemem_ahead(struct codemem *m)
{
	rt_ahead(&m->hot_ready, (char *)m->base - m->rx, (char *)m->hot, 2048, (char *)m->hot_end);
	rt_ahead(&m->cold_ready, (char *)m->hot_end, (char *)m->cold, 1024, (char *)m->cold_end);
}
/* Everything that was emitted so far stays at every reset (the stubs). */
void codemem_keep(struct codemem *m);
void codemem_reset(struct codemem *m);

/* In the child of a fork the writable side is still the parent's if it is a double mapping. */
static inline bool codemem_is_shared(const struct codemem *m)
{
	return m->fd >= 0;
}

/* Then it gets memory of its own, with nothing but what codemem_keep() kept: negative errno
 * when it cannot, and the old memory must not be touched. */
int codemem_after_fork(struct codemem *m);

static inline bool codemem_contains(const struct codemem *m, uint64_t host)
{
	return host - (uint64_t)(uintptr_t)m->base < m->size;
}
