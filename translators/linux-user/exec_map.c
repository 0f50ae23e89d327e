/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The set of executable ranges: a sorted array, small (a few ranges per loaded object). It is
 * changed with the memory lock held; whether a page is executable is asked without it, since
 * who holds it may be in a call that waits for the asker (userfaultfd's events).
 */
#include <linux/errno.h>

#include "linux-user/memory.h"
#include "rt/arena.h"
#include "rt/memory.h"

/* Index of the first range that ends behind `address`. */
static unsigned find(const struct exec_map *map, uint64_t address)
{
	unsigned lo = 0, hi = map->count;

	while (lo < hi) {
		unsigned mid = (lo + hi) / 2;

		if (map->range[mid].end > address)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

static int reserve(struct exec_map *map, unsigned count)
{
	struct exec_range *new;
	unsigned capacity = map->capacity ? map->capacity * 2 : 256;

	if (count <= map->capacity)
		return 0;
	new = rt_map_anon(capacity * sizeof(*new));
	if (!new)
		return -ENOMEM;
	if (map->count)
		memcpy(new, map->range, map->count * sizeof(*new));
	/* The former one stays: somebody may be reading it without the lock. */
	map->range = new;
	map->capacity = capacity;
	return 0;
}

static void begin_change(struct exec_map *map)
{
	/* A writer that died in between left it odd. */
	__atomic_store_n(&map->version, map->version | 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
}

static void end_change(struct exec_map *map)
{
	__atomic_store_n(&map->version, map->version + 1, __ATOMIC_RELEASE);
}

static int add(struct exec_map *map, uint64_t start, uint64_t end)
{
	unsigned first, last;
	int r = reserve(map, map->count + 1);

	if (r < 0)
		return r;
	if (start >= end)
		return 0;
	/* Absorb every range that overlaps or touches. */
	first = find(map, start ? start - 1 : 0);
	for (last = first; last < map->count && map->range[last].start <= end; last++) {
		if (map->range[last].start < start)
			start = map->range[last].start;
		if (map->range[last].end > end)
			end = map->range[last].end;
	}
	memmove(&map->range[first + 1], &map->range[last],
		(map->count - last) * sizeof(map->range[0]));
	map->range[first] = (struct exec_range){ start, end };
	map->count = map->count - (last - first) + 1;
	return 0;
}

int exec_map_add(struct exec_map *map, uint64_t start, uint64_t end)
{
	int r;

	begin_change(map);
	r = add(map, start, end);
	end_change(map);
	return r;
}

static int remove(struct exec_map *map, uint64_t start, uint64_t end)
{
	unsigned i = find(map, start);
	int r;

	if (start >= end || i == map->count || map->range[i].start >= end)
		return 0;
	r = reserve(map, map->count + 1);
	if (r < 0)
		return r;
	while (i < map->count && map->range[i].start < end) {
		struct exec_range *x = &map->range[i];

		if (x->start < start && x->end > end) {
			memmove(x + 1, x, (map->count - i) * sizeof(*x));
			map->count++;
			x[0].end = start;
			x[1].start = end;
			return 0;
		}
		if (x->start < start) {
			x->end = start;
			i++;
		} else if (x->end > end) {
			x->start = end;
			return 0;
		} else {
			memmove(x, x + 1, (map->count - i - 1) * sizeof(*x));
			map->count--;
		}
	}
	return 0;
}

int exec_map_remove(struct exec_map *map, uint64_t start, uint64_t end)
{
	int r;

	begin_change(map);
	r = remove(map, start, end);
	end_change(map);
	return r;
}

bool exec_map_overlaps(const struct exec_map *map, uint64_t start, uint64_t end)
{
	unsigned i = find(map, start);

	return i < map->count && map->range[i].start < end;
}

bool exec_map_try_overlaps(const struct exec_map *map, uint64_t start, uint64_t end, bool *ret)
{
	uint32_t version = __atomic_load_n(&map->version, __ATOMIC_ACQUIRE);
	struct exec_map now;

	if (version & 1)
		return false;
	/* In this order: the array is at least as new, and as long, as the number. */
	now.count = __atomic_load_n(&map->count, __ATOMIC_ACQUIRE);
	now.range = __atomic_load_n(&map->range, __ATOMIC_ACQUIRE);
	*ret = exec_map_overlaps(&now, start, end);
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return __atomic_load_n(&map->version, __ATOMIC_RELAXED) == version;
}

uint64_t exec_map_boundary(const struct exec_map *map, uint64_t address)
{
	unsigned i = find(map, address);

	if (i == map->count)
		return ~0ull;
	return map->range[i].start > address ? map->range[i].start : map->range[i].end;
}
