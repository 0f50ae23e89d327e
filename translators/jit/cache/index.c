/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The records and hash tables of translated code. tags: jit/cache - index */
#include "jit/cache/index.h"

#include <linux/errno.h>
#include <linux/mman.h>

#include "rt/arena.h"
#include "rt/memory.h"

#define FIRST_BLOCK_SLOTS 4096u
#define FIRST_PAGE_SLOTS  512u

static int array_init(struct index_array *a, size_t item, uint32_t max)
{
	a->items = rt_map(item * max, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	a->count = 0;
	a->max = max;
	return a->items ? 0 : -ENOMEM;
}

/* Hashing touches all of it soon, so that the pages may as well be there. */
static uint64_t *new_slots(uint32_t n)
{
	return rt_map(n * sizeof(uint64_t), PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_POPULATE, -1, 0);
}

static int hash_init(struct index_hash *h, uint32_t slots)
{
	h->slots = new_slots(slots);
	h->mask = slots - 1;
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
	    array_init(&x->pages, sizeof(struct index_page), n / 8) ||
	    hash_init(&x->by_pc, FIRST_BLOCK_SLOTS) ||
	    hash_init(&x->by_page, FIRST_PAGE_SLOTS))
		return -ENOMEM;
	return 0;
}

static void hash_reset(struct index_hash *h)
{
	memset(h->slots, 0, ((size_t)h->mask + 1) * sizeof(h->slots[0]));
	h->used = 0;
}

void index_reset(struct index *x)
{
	x->regions.count = x->blocks.count = x->sites.count = x->pcmap.count = 0;
	x->pages.count = 0;
	hash_reset(&x->by_pc);
	hash_reset(&x->by_page);
}

static inline uint64_t mix(uint64_t key)
{
	return key * 0x9e3779b97f4a7c15ull;
}

/* Where the search for a hash begins: the upper bits are the best mixed ones; the tag is
 * taken from below them. */
static inline uint32_t first_slot(uint64_t hash, uint32_t mask)
{
	return (uint32_t)(hash >> 40) & mask;
}

static inline uint64_t tag_of(uint64_t hash)
{
	return hash << 32;
}

struct index_block *index_find(const struct index *x, uint64_t pc)
{
	/* Growing replaces slots before mask is enlarged, so an old mask is harmless. */
	uint32_t mask = __atomic_load_n(&x->by_pc.mask, __ATOMIC_ACQUIRE);
	uint64_t *slots = __atomic_load_n(&x->by_pc.slots, __ATOMIC_ACQUIRE);
	uint64_t hash = mix(pc);

	for (uint32_t i = first_slot(hash, mask);; i = (i + 1) & mask) {
		uint64_t n = __atomic_load_n(&slots[i], __ATOMIC_ACQUIRE);
		struct index_block *b;

		if (n == 0)
			return NULL;
		if ((n ^ tag_of(hash)) >> 32)
			continue;
		b = index_block(x, (uint32_t)n - 1);
		if (b->pc == pc && !b->dead)
			return b;
	}
}

static struct index_page *page_record(const struct index *x, uint32_t n)
{
	return &((struct index_page *)x->pages.items)[n];
}

struct index_page *index_page(const struct index *x, uint64_t page)
{
	uint32_t mask = __atomic_load_n(&x->by_page.mask, __ATOMIC_ACQUIRE);
	uint64_t *slots = __atomic_load_n(&x->by_page.slots, __ATOMIC_ACQUIRE);
	uint64_t hash = mix(page >> 12);

	for (uint32_t i = first_slot(hash, mask);; i = (i + 1) & mask) {
		uint64_t n = __atomic_load_n(&slots[i], __ATOMIC_ACQUIRE);

		if (n == 0)
			return NULL;
		if (page_record(x, (uint32_t)n - 1)->page == page)
			return page_record(x, (uint32_t)n - 1);
	}
}

struct index_region *index_region_at(const struct index *x, uint32_t host)
{
	uint32_t lo = 0, hi = __atomic_load_n(&x->regions.count, __ATOMIC_ACQUIRE);

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

static bool has_room(struct index_array *a, size_t item, unsigned n)
{
	char *start = a->items;

	if (a->max - a->count < n)
		return false;
	rt_ahead(&a->ready, start, start + item * a->count, item * n, start + item * a->max);
	return true;
}

bool index_has_room(struct index *x, unsigned blocks, unsigned sites, unsigned pcmap)
{
	return has_room(&x->regions, sizeof(struct index_region), 1) &&
	       has_room(&x->pages, sizeof(struct index_page), 1) &&
	       has_room(&x->blocks, sizeof(struct index_block), blocks) &&
	       has_room(&x->sites, sizeof(struct index_site), sites) &&
	       has_room(&x->pcmap, sizeof(struct index_pcmap), pcmap);
}

static void insert(struct index_hash *h, uint64_t hash, uint32_t record)
{
	uint32_t i = first_slot(hash, h->mask);

	while (h->slots[i])
		i = (i + 1) & h->mask;
	h->used++;
	__atomic_store_n(&h->slots[i], tag_of(hash) | (record + 1), __ATOMIC_RELEASE);
}

static int grow(struct index *x, struct index_hash *h, bool pages)
{
	uint32_t n = (h->mask + 1) * 2;
	struct index_hash bigger = { new_slots(n), n - 1, 0 };

	if (!bigger.slots)
		return -ENOMEM;
	for (uint32_t i = 0; i <= h->mask; i++) {
		uint32_t r = (uint32_t)h->slots[i];

		if (!r || (!pages && index_block(x, r - 1)->dead))
			continue;
		insert(&bigger, mix(pages ? page_record(x, r - 1)->page >> 12 :
					    index_block(x, r - 1)->pc), r - 1);
	}
	/* The old table stays mapped: another thread may be searching it. */
	__atomic_store_n(&h->slots, bigger.slots, __ATOMIC_RELEASE);
	__atomic_store_n(&h->mask, n - 1, __ATOMIC_RELEASE);
	h->used = bigger.used;
	return 0;
}

struct index_page *index_page_make(struct index *x, uint64_t page)
{
	struct index_page *p = index_page(x, page);

	if (p)
		return p;
	if (x->pages.count == x->pages.max ||
	    (x->by_page.used * 2 > x->by_page.mask && grow(x, &x->by_page, true) < 0))
		return NULL;
	p = page_record(x, x->pages.count);
	*p = (struct index_page){ .page = page, .region = INDEX_NONE };
	insert(&x->by_page, mix(page >> 12), x->pages.count++);
	return p;
}

struct index_region *index_add_region(struct index *x, struct index_page *page,
				      const struct index_region *data)
{
	struct index_region *r = index_region(x, x->regions.count);

	*r = *data;
	r->page = page->page;
	r->next = page->region;
	page->region = x->regions.count;
	/* A fault handler of another thread may be searching. */
	__atomic_store_n(&x->regions.count, x->regions.count + 1, __ATOMIC_RELEASE);
	return r;
}

int index_publish(struct index *x, struct index_page *page, uint32_t block)
{
	uint64_t pc = index_block(x, block)->pc;
	unsigned unit = (unsigned)(pc - page->page) >> 1;

	if (x->by_pc.used * 2 > x->by_pc.mask) {
		int r = grow(x, &x->by_pc, false);

		if (r < 0)
			return r;
	}
	insert(&x->by_pc, mix(pc), block);
	page->starts[unit >> 6] |= (uint64_t)1 << (unit & 63);
	return 0;
}

unsigned index_next_bit(const uint64_t bits[32], unsigned from)
{
	unsigned i = from >> 6;
	uint64_t word;

	if (from >= 2048)
		return 2048;
	word = bits[i] & (~(uint64_t)0 << (from & 63));
	while (!word) {
		if (++i == 32)
			return 2048;
		word = bits[i];
	}
	return i * 64 + (unsigned)__builtin_ctzll(word);
}

void index_kill_page(struct index *x, struct index_page *page)
{
	for (uint32_t n = page->region; n != INDEX_NONE; n = index_region(x, n)->next) {
		struct index_region *r = index_region(x, n);

		r->dead = true;
		for (uint32_t b = r->block; b < r->block + r->nblocks; b++)
			__atomic_store_n(&index_block(x, b)->dead, true, __ATOMIC_RELEASE);
	}
	page->region = INDEX_NONE;
	memset(page->starts, 0, sizeof(page->starts));
}
