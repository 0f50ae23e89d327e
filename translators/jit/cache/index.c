/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The records and hash tables of translated code. tags: jit/cache - index */
#include "jit/cache/index.h"

#include <linux/errno.h>
#include <linux/mman.h>

#include "rt/arena.h"
#include "rt/memory.h"

#define FIRST_SLOTS 4096u

static int array_init(struct index_array *a, size_t item, uint32_t max)
{
	a->items = rt_map(item * max, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	a->count = 0;
	a->max = max;
	return a->items ? 0 : -ENOMEM;
}

static int hash_init(struct index_hash *h)
{
	h->slots = rt_map_anon(FIRST_SLOTS * sizeof(uint32_t));
	h->mask = FIRST_SLOTS - 1;
	h->used = 0;
	return h->slots ? 0 : -ENOMEM;
}

int index_init(struct index *x, size_t code_size)
{
	/* One block per 24 bytes of code and so on: about twice what was measured. */
	uint32_t n = (uint32_t)(code_size / 24) + 1024;

	if (array_init(&x->regions, sizeof(struct index_region), n / 4) ||
	    array_init(&x->blocks, sizeof(struct index_block), n) ||
	    array_init(&x->sites, sizeof(struct index_site), n) ||
	    array_init(&x->pcmap, sizeof(struct index_pcmap), 2 * n) ||
	    hash_init(&x->by_pc) || hash_init(&x->by_page))
		return -ENOMEM;
	return 0;
}

void index_reset(struct index *x)
{
	x->regions.count = x->blocks.count = x->sites.count = x->pcmap.count = 0;
	memset(x->by_pc.slots, 0, ((size_t)x->by_pc.mask + 1) * sizeof(uint32_t));
	memset(x->by_page.slots, 0, ((size_t)x->by_page.mask + 1) * sizeof(uint32_t));
	x->by_pc.used = x->by_page.used = 0;
}

static inline uint32_t mix(uint64_t key)
{
	return (uint32_t)((key * 0x9e3779b97f4a7c15ull) >> 32);
}

struct index_block *index_find(const struct index *x, uint64_t pc)
{
	/* Growing replaces slots before mask is enlarged, so an old mask is harmless. */
	uint32_t mask = __atomic_load_n(&x->by_pc.mask, __ATOMIC_ACQUIRE);
	uint32_t *slots = __atomic_load_n(&x->by_pc.slots, __ATOMIC_ACQUIRE);

	for (uint32_t i = mix(pc) & mask;; i = (i + 1) & mask) {
		uint32_t n = __atomic_load_n(&slots[i], __ATOMIC_ACQUIRE);
		struct index_block *b;

		if (n == 0)
			return NULL;
		b = index_block(x, n - 1);
		if (b->pc == pc && !b->dead)
			return b;
	}
}

uint32_t index_page(const struct index *x, uint64_t page)
{
	for (uint32_t i = mix(page) & x->by_page.mask;; i = (i + 1) & x->by_page.mask) {
		uint32_t n = x->by_page.slots[i];

		if (n == 0)
			return INDEX_NONE;
		if (index_region(x, n - 1)->page == page)
			return n - 1;
	}
}

struct index_region *index_region_at(const struct index *x, uint32_t host)
{
	uint32_t lo = 0, hi = x->regions.count;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		struct index_region *r = index_region(x, mid);

		if (host < r->hot)
			hi = mid;
		else if (host >= r->hot_end)
			lo = mid + 1;
		else
			return r;
	}
	return NULL;
}

bool index_has_room(const struct index *x, unsigned blocks, unsigned sites, unsigned pcmap)
{
	return x->regions.count < x->regions.max && x->blocks.max - x->blocks.count >= blocks &&
	       x->sites.max - x->sites.count >= sites &&
	       x->pcmap.max - x->pcmap.count >= pcmap;
}

static int grow(struct index *x, struct index_hash *h, bool pages)
{
	uint32_t n = (h->mask + 1) * 2;
	uint32_t *slots = rt_map_anon((size_t)n * sizeof(uint32_t));
	uint32_t *old = h->slots;
	uint32_t old_mask = h->mask;

	if (!slots)
		return -ENOMEM;
	for (uint32_t i = 0; i <= old_mask; i++) {
		uint32_t r = old[i], k;

		if (!r)
			continue;
		if (!pages && index_block(x, r - 1)->dead) {
			h->used--;
			continue;
		}
		k = mix(pages ? index_region(x, r - 1)->page : index_block(x, r - 1)->pc);
		while (slots[k & (n - 1)])
			k++;
		slots[k & (n - 1)] = r;
	}
	/* The old table stays mapped: another thread may be searching it. */
	__atomic_store_n(&h->slots, slots, __ATOMIC_RELEASE);
	__atomic_store_n(&h->mask, n - 1, __ATOMIC_RELEASE);
	return 0;
}

struct index_region *index_add_region(struct index *x, uint64_t page)
{
	struct index_region *r = index_region(x, x->regions.count);
	struct index_hash *h = &x->by_page;
	uint32_t i;

	*r = (struct index_region){ .page = page, .next = INDEX_NONE };
	if (h->used * 2 > h->mask && grow(x, h, true) < 0)
		return NULL;
	for (i = mix(page) & h->mask; h->slots[i]; i = (i + 1) & h->mask) {
		if (index_region(x, h->slots[i] - 1)->page == page) {
			/* Invalidation kills a page as a whole: no use in dead ones. */
			if (!index_region(x, h->slots[i] - 1)->dead)
				r->next = h->slots[i] - 1;
			break;
		}
	}
	if (!h->slots[i])
		h->used++;
	h->slots[i] = ++x->regions.count;
	return r;
}

int index_publish(struct index *x, uint32_t block)
{
	struct index_hash *h = &x->by_pc;
	uint64_t pc = index_block(x, block)->pc;
	uint32_t i;

	if (h->used * 2 > h->mask) {
		int r = grow(x, h, false);

		if (r < 0)
			return r;
	}
	for (i = mix(pc) & h->mask; h->slots[i]; i = (i + 1) & h->mask)
		;
	h->used++;
	__atomic_store_n(&h->slots[i], block + 1, __ATOMIC_RELEASE);
	return 0;
}

void index_kill_region(struct index *x, uint32_t region)
{
	struct index_region *r = index_region(x, region);

	r->dead = true;
	for (uint32_t b = r->block; b < r->block + r->nblocks; b++)
		__atomic_store_n(&index_block(x, b)->dead, true, __ATOMIC_RELEASE);
}
