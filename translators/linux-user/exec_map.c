/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The set of executable ranges: a sorted array, small (a few ranges per loaded object).
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
	if (map->range)
		rt_unmap(map->range, map->capacity * sizeof(*new));
	map->range = new;
	map->capacity = capacity;
	return 0;
}

int exec_map_add(struct exec_map *map, uint64_t start, uint64_t end)
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

int exec_map_remove(struct exec_map *map, uint64_t start, uint64_t end)
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

bool exec_map_overlaps(const struct exec_map *map, uint64_t start, uint64_t end)
{
	unsigned i = find(map, start);

	return i < map->count && map->range[i].start < end;
}

uint64_t exec_map_boundary(const struct exec_map *map, uint64_t address)
{
	unsigned i = find(map, address);

	if (i == map->count)
		return ~0ull;
	return map->range[i].start > address ? map->range[i].start : map->range[i].end;
}
