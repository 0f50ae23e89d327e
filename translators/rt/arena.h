/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory of the translator itself: pages from one high window of the address space, handed
 * out downwards, far from everything that a guest image, its brk or its stack will use; and
 * a bump allocator on top. tags: rt - arena, translator memory
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The window. Guests are not allowed to map here; its lower end is far below any use. */
#define RT_ARENA_START 0x7c0000000000ull
#define RT_ARENA_END   0x7d0000000000ull

/* Where to begin within the window: mixes a random number (AT_RANDOM) into the start. */
void rt_arena_seed(uint64_t random);

/*
 * Maps `size` bytes (rounded up to pages) with the given PROT_ bits, MAP_ flags (MAP_PRIVATE
 * | MAP_ANONYMOUS, MAP_SHARED, MAP_NORESERVE, ...) and descriptor; never below 4 GiB. An
 * unmapped page is left below each mapping. Thread-safe, lock-free. NULL on failure.
 */
void *rt_map(size_t size, int prot, int flags, int fd, uint64_t offset);

/* Private, zeroed, readable and writable. */
void *rt_map_anon(size_t size);
void rt_unmap(void *p, size_t size);

/*
 * For memory that fills from the bottom: has the kernel provide the pages of what comes next
 * in one go, where each page's first touch would be a fault of its own (measured: 5 to 15
 * times as expensive; a third of a short program's time on a virtual machine). `start` is where
 * the memory begins, `next` its first free byte, *ready up to where pages were asked for
 * (NULL: none), `end` its end. Only a hint.
 */
void rt_provide(char **ready, char *start, char *next, char *end);

/* The same if fewer than `need` bytes are left that were asked for. */
static inline void rt_ahead(char **ready, char *start, char *next, size_t need, char *end)
{
	if (next + need > *ready)
		rt_provide(ready, start, next, end);
}

/* Bytes of private writable memory handed out and not given back (for statistics). */
size_t rt_mapped_bytes(void);

/* The first part of [start, end) that lies outside both, in *start and *ret_end; false: there
 * is none. */
bool rt_next_other_range(uint64_t *start, uint64_t end, uint64_t *ret_end);

/* Does [start, start + length) touch the window or the program's own image? */
bool rt_is_own_range(uint64_t start, uint64_t length);

struct rt_arena {
	char *next, *end;
	size_t chunk; /* bytes per mapping; 0: 64 KiB */
};

/* Zeroed memory that lives as long as the process; NULL when there is none. Not
 * thread-safe: an arena has an owner. `align` is a power of two up to a page. */
void *rt_arena_alloc(struct rt_arena *arena, size_t size, size_t align);
