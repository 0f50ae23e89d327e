/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ranges whose memory may be mapped elsewhere, too: a sorted array, like that of
 * exec_map.c. Most programs have none or a few.
 */
#include <linux/errno.h>

#include "linux-user/memory.h"
#include "rt/arena.h"
#include "rt/memory.h"

/* Index of the first range that ends behind `address`. */
static unsigned find(const struct share_map *map, uint64_t address)
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

/* Room for two more: a split, and a new one. */
static int reserve(struct share_map *map)
{
	unsigned capacity = map->capacity ? map->capacity * 2 : 64;
	struct share_range *new;

	if (map->count + 2 <= map->capacity)
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

static void insert(struct share_map *map, unsigned at, const struct share_range *x)
{
	memmove(&map->range[at + 1], &map->range[at], (map->count - at) * sizeof(*x));
	map->range[at] = *x;
	map->count++;
}

static void erase(struct share_map *map, unsigned at)
{
	map->count--;
	memmove(&map->range[at], &map->range[at + 1],
		(map->count - at) * sizeof(map->range[0]));
}

/* What of x lies behind `address`. */
static struct share_range behind(const struct share_range *x, uint64_t address)
{
	struct share_range r = *x;

	r.start = address;
	r.id.offset += address - x->start;
	return r;
}

int share_map_set(struct share_map *map, uint64_t start, uint64_t end, const struct share_id *id)
{
	unsigned i = find(map, start);
	int r;

	if (start >= end || (!id && (i == map->count || map->range[i].start >= end)))
		return 0;
	r = reserve(map);
	if (r < 0)
		return r;
	if (i < map->count && map->range[i].start < start) {
		struct share_range tail = behind(&map->range[i], start);

		map->range[i++].end = start;
		insert(map, i, &tail);
	}
	while (i < map->count && map->range[i].end <= end)
		erase(map, i);
	if (i < map->count && map->range[i].start < end)
		map->range[i] = behind(&map->range[i], end);
	if (id)
		insert(map, i, &(struct share_range){ start, end, *id });
	return 0;
}

const struct share_range *share_map_find(const struct share_map *map, uint64_t start, uint64_t end)
{
	unsigned i = find(map, start);

	return i < map->count && map->range[i].start < end ? &map->range[i] : NULL;
}

/* Calls fn for each other place where the part [start, end) of range n is. */
static void aliases_of(const struct share_map *map, unsigned n, uint64_t start, uint64_t end,
		       share_fn *fn, void *arg)
{
	const struct share_range *x = &map->range[n];
	uint64_t from = x->id.offset + (start - x->start), to = from + (end - start);

	for (unsigned i = 0; i < map->count; i++) {
		const struct share_range *y = &map->range[i];
		uint64_t lo = y->id.offset, hi = lo + (y->end - y->start);

		if (i == n || y->id.dev != x->id.dev || y->id.inode != x->id.inode)
			continue;
		lo = from > lo ? from : lo;
		hi = to < hi ? to : hi;
		if (lo < hi)
			fn(arg, y->start + (lo - y->id.offset), y->start + (hi - y->id.offset));
	}
}

void share_map_aliases(const struct share_map *map, uint64_t start, uint64_t end, share_fn *fn,
		       void *arg)
{
	for (unsigned i = find(map, start); i < map->count && map->range[i].start < end; i++) {
		const struct share_range *x = &map->range[i];

		aliases_of(map, i, start > x->start ? start : x->start,
			   end < x->end ? end : x->end, fn, arg);
	}
}
