/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Page allocation in the high window. Addresses are not reused until the window wrapped, so
 * a lock-free decrement is enough; the kernel refuses what is taken (FIXED_NOREPLACE) and the
 * next lower place is tried.
 */
#include <linux/errno.h>
#include <linux/mman.h>

#include "rt/arena.h"
#include "rt/rt.h"
#include "rt/syscall.h"

#define TRIES 64
#define LOW_LIMIT (1ull << 32)

static uint64_t arena_next = RT_ARENA_END;
static size_t arena_bytes;

void rt_arena_seed(uint64_t random)
{
	/* 22 bits of pages: at most 16 GiB below the end of the window. */
	arena_next = RT_ARENA_END - ((random & 0x3fffff) << 12);
}

static uint64_t take(size_t size)
{
	uint64_t old = __atomic_load_n(&arena_next, __ATOMIC_RELAXED), new;

	do {
		new = old - size - RT_PAGE_SIZE;
		if (new < RT_ARENA_START || new > RT_ARENA_END)
			new = RT_ARENA_END - size - RT_PAGE_SIZE;
	} while (!__atomic_compare_exchange_n(&arena_next, &old, new, true, __ATOMIC_RELAXED,
					      __ATOMIC_RELAXED));
	return new + RT_PAGE_SIZE;
}

void *rt_map(size_t size, int prot, int flags, int fd, uint64_t offset)
{
	long p = -ENOMEM;

	size = (size + RT_PAGE_SIZE - 1) & ~(RT_PAGE_SIZE - 1);
	if (!size || size >= (RT_ARENA_END - RT_ARENA_START) / 2)
		return NULL;
	for (int i = 0; i < TRIES; i++) {
		uint64_t at = take(size);

		p = rt_syscall(__NR_mmap, at, size, prot, flags | MAP_FIXED_NOREPLACE, fd, offset);
		if (p != -EEXIST)
			break;
	}
	/* A crowded window, or an address space that ends below it. */
	if (rt_is_error(p))
		p = rt_syscall(__NR_mmap, 0, size, prot, flags, fd, offset);
	if (rt_is_error(p))
		return NULL;
	if ((uint64_t)p < LOW_LIMIT) {
		rt_syscall(__NR_munmap, p, size);
		return NULL;
	}
	if ((flags & MAP_PRIVATE) && (prot & PROT_WRITE))
		__atomic_add_fetch(&arena_bytes, size, __ATOMIC_RELAXED);
	return (void *)p;
}

void *rt_map_anon(size_t size)
{
	return rt_map(size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		      -1, 0);
}

#define PROVIDE_LEAST (32ul << 10)
#define PROVIDE_MOST  (256ul << 10)
#define MADV_POPULATE_WRITE_ 23 /* Linux 5.14 */

void rt_provide(char **ready, char *start, char *next, char *end)
{
	/* A quarter of what is used: small programs stay small. */
	size_t size = (size_t)(next - start) / 4 & ~(RT_PAGE_SIZE - 1);
	char *from = *ready > next ? *ready : (char *)((uint64_t)next & ~(RT_PAGE_SIZE - 1));

	if (size < PROVIDE_LEAST)
		size = PROVIDE_LEAST;
	if (size > PROVIDE_MOST)
		size = PROVIDE_MOST;
	if (from + size > end)
		size = (size_t)(end - from) & ~(RT_PAGE_SIZE - 1);
	*ready = from + size;
	if (size)
		rt_syscall(__NR_madvise, from, size, MADV_POPULATE_WRITE_);
}

void rt_unmap(void *p, size_t size)
{
	size = (size + RT_PAGE_SIZE - 1) & ~(RT_PAGE_SIZE - 1);
	rt_syscall(__NR_munmap, p, size);
	__atomic_sub_fetch(&arena_bytes, size, __ATOMIC_RELAXED);
}

size_t rt_mapped_bytes(void)
{
	return __atomic_load_n(&arena_bytes, __ATOMIC_RELAXED);
}

static bool overlaps(uint64_t start, uint64_t end, uint64_t lo, uint64_t hi)
{
	return start < hi && end > lo;
}

bool rt_is_own_range(uint64_t start, uint64_t length)
{
	uint64_t end = start + length < start ? ~0ull : start + length;
	uint64_t lo, hi;

	rt_image_range(&lo, &hi);
	return overlaps(start, end, RT_ARENA_START, RT_ARENA_END) ||
	       overlaps(start, end, lo, hi);
}

bool rt_next_other_range(uint64_t *start, uint64_t end, uint64_t *ret_end)
{
	uint64_t own[2][2] = { { RT_ARENA_START, RT_ARENA_END } };

	rt_image_range(&own[1][0], &own[1][1]);
	/* Twice: they may lie one behind the other. */
	for (int i = 0; i < 4; i++)
		if (*start >= own[i & 1][0] && *start < own[i & 1][1])
			*start = own[i & 1][1];
	*ret_end = end;
	for (int i = 0; i < 2; i++)
		if (own[i][0] > *start && own[i][0] < *ret_end)
			*ret_end = own[i][0];
	return *start < end;
}

void *rt_arena_alloc(struct rt_arena *arena, size_t size, size_t align)
{
	uint64_t p = ((uint64_t)arena->next + align - 1) & ~(uint64_t)(align - 1);

	if (!arena->next || p + size > (uint64_t)arena->end) {
		size_t chunk = arena->chunk ? arena->chunk : 64 << 10;

		if (chunk < size + align)
			chunk = size + align;
		arena->next = rt_map_anon(chunk);
		if (!arena->next)
			return NULL;
		arena->end = arena->next + chunk;
		p = ((uint64_t)arena->next + align - 1) & ~(uint64_t)(align - 1);
	}
	arena->next = (char *)p + size;
	return (void *)p;
}
