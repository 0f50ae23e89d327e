/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Linking blocks to each other, taking links back, forgetting code. tags: engine - links,
 * invalidation
 *
 * A link site is a rel32 that is patched with one 4-byte store, which the lowering keeps
 * within a cache line, so that other threads see the old or the new one. Invalidated code
 * stays in memory until the next flush: its incoming links are taken back, its blocks leave
 * the tables, and every thread drops its jump cache and shadow stack at its next entry,
 * because the generation changed; those that run are asked to leave, or they would go round
 * in old code. A flush reuses the memory and therefore waits for them.
 */
#include <linux/errno.h>

#include "engine/engine-internal.h"
#include "rt/memory.h"
#include "rt/uaccess.h"

static void patch32(uint32_t at, uint32_t target)
{
	uint32_t rel = target - (at + 4);

	__atomic_store_n((uint32_t *)(void *)engine_code(at), rel, __ATOMIC_RELEASE);
}

static void set_key(uint32_t at, uint64_t key)
{
	__atomic_store_n((uint64_t *)(void *)engine_code(at), key, __ATOMIC_RELEASE);
}

static uint32_t stub_offset(uint64_t host)
{
	return (uint32_t)(host - (uint64_t)(uintptr_t)engine.code.base);
}

void engine_link_site(uint32_t n, struct index_block *target)
{
	struct index_site *s = index_site(&engine.index, n);

	if (s->linked)
		return;
	if (s->kind == SITE_ICACHE_JUMP || s->kind == SITE_ICACHE_CALL) {
		s->target = target->pc;
		patch32(s->rel32, target->host);
		/* From now on a miss goes to the table, not to the engine. */
		patch32(s->stub, s->miss);
		set_key(s->key, target->pc);
	} else {
		patch32(s->rel32, target->host);
	}
	s->linked = true;
	s->next = target->incoming;
	target->incoming = n;
	engine.stats.links++;
}

void engine_unlink_incoming(struct index_block *b)
{
	uint32_t n = b->incoming;

	while (n != INDEX_NONE) {
		struct index_site *s = index_site(&engine.index, n);

		if (s->kind == SITE_ICACHE_JUMP || s->kind == SITE_ICACHE_CALL) {
			set_key(s->key, CPU_NO_PC);
			/* Another thread may be between the comparison and the jump: the
			 * jump must not lead elsewhere then. */
			if (!engine.threads || !engine.threads->next) {
				patch32(s->stub, stub_offset(engine.stubs.icache_jump));
				s->linked = false;
			}
		} else {
			patch32(s->rel32, s->stub);
			s->linked = false;
		}
		n = s->next;
	}
	b->incoming = INDEX_NONE;
}

void engine_flush(void)
{
	engine_wait_for_others();
	engine.flush_wanted = false;
	__atomic_add_fetch(&engine.generation, 1, __ATOMIC_ACQ_REL);
	codemem_reset(&engine.code);
	index_reset(&engine.index);
	engine.stats.flushes++;
	engine_let_others_run();
}

/* ---- looking into other pages ---- */

static bool is_changing(uint64_t pc)
{
	for (unsigned i = 0; i < engine.nchanging; i++)
		if (pc >= engine.changing[i].start && pc < engine.changing[i].end)
			return true;
	return false;
}

void engine_expect_changes(uint64_t start, uint64_t length)
{
	const unsigned max = sizeof(engine.changing) / sizeof(engine.changing[0]);
	uint64_t end = start + length;
	struct engine_thread self = { 0 };
	struct engine_range *c;
	unsigned i = 0;

	engine_lock(&self);
	/* One that it touches, else a new one; when there are too many, the last takes it in,
	 * with what lies between: looking less is never wrong. */
	while (i < engine.nchanging && i < max - 1 &&
	       (start > engine.changing[i].end || end < engine.changing[i].start))
		i++;
	c = &engine.changing[i];
	if (i == engine.nchanging) {
		*c = (struct engine_range){ start, end };
		engine.nchanging++;
	}
	c->start = start < c->start ? start : c->start;
	c->end = end > c->end ? end : c->end;
	engine_unlock();
}

/*
 * May the flags pass look at the code at pc for a region of `page`? Its own page is known
 * to be readable. Another page is noted, because the region then depends on it; when such
 * a page changes, everything is flushed and this is given up for good.
 */
bool engine_peek_ok(uint64_t page, uint64_t pc)
{
	struct index_page *record;
	uint32_t word;

	if ((pc & PAGE_MASK) == page)
		return true;
	if (engine.peek_pages_off || is_changing(pc) || rt_load32(&word, (const void *)pc) < 0)
		return false;
	record = index_page_make(&engine.index, pc & PAGE_MASK);
	if (!record)
		return false;
	record->peeked = true;
	return true;
}

static bool was_peeked(uint64_t start, uint64_t end)
{
	struct index *x = &engine.index;
	struct index_page *all = x->pages.items;

	if ((end - start) / GUEST_PAGE_SIZE > x->pages.count) {
		for (uint32_t n = 0; n < x->pages.count; n++)
			if (all[n].peeked && all[n].page - start < end - start)
				return true;
		return false;
	}
	for (uint64_t at = start; at < end; at += GUEST_PAGE_SIZE) {
		const struct index_page *page = index_page(x, at);

		if (page && page->peeked)
			return true;
	}
	return false;
}

bool engine_has_code(uint64_t page)
{
	const struct index_page *record = index_page(&engine.index, page);

	return record && (record->region != INDEX_NONE || record->peeked);
}

/* ---- tagged pointers ---- */

static unsigned page_bit(uint64_t page)
{
	return (unsigned)((page >> 12) * 0x9e3779b97f4a7c15ull >> 52);
}

bool engine_is_tagged(uint64_t page)
{
	unsigned bit = page_bit(page);

	return engine.tagged[bit >> 6] >> (bit & 63) & 1;
}

bool engine_set_tagged(uint64_t page)
{
	unsigned bit = page_bit(page);
	bool was = engine_is_tagged(page);

	engine.tagged[bit >> 6] |= (uint64_t)1 << (bit & 63);
	return !was;
}

/* ---- invalidation ---- */

static bool kill_page(struct index_page *page)
{
	struct index *x = &engine.index;

	if (page->region == INDEX_NONE)
		return false;
	for (uint32_t n = page->region; n != INDEX_NONE; n = index_region(x, n)->next) {
		const struct index_region *r = index_region(x, n);

		for (uint32_t b = r->block; b < r->block + r->nblocks; b++)
			engine_unlink_incoming(index_block(x, b));
	}
	index_kill_page(x, page);
	return true;
}

static bool kill_range(uint64_t start, uint64_t end)
{
	struct index *x = &engine.index;
	struct index_page *all = x->pages.items;
	bool any = false;

	if ((end - start) / GUEST_PAGE_SIZE > x->pages.count) {
		for (uint32_t n = 0; n < x->pages.count; n++)
			if (all[n].page - start < end - start)
				any |= kill_page(&all[n]);
		return any;
	}
	for (uint64_t at = start; at < end; at += GUEST_PAGE_SIZE) {
		struct index_page *page = index_page(x, at);

		if (page)
			any |= kill_page(page);
	}
	return any;
}

void engine_invalidate_locked(uint64_t start, uint64_t length)
{
	uint64_t end = (start + length + GUEST_PAGE_SIZE - 1) & PAGE_MASK;

	start &= PAGE_MASK;
	if (end <= start)
		end = start + GUEST_PAGE_SIZE;
	if (kill_range(start, end)) {
		__atomic_add_fetch(&engine.generation, 1, __ATOMIC_ACQ_REL);
		engine_stop_others();
	}
	if (was_peeked(start, end)) {
		engine.peek_pages_off = true;
		engine.flush_wanted = true;
		kill_range(0, ~(uint64_t)0);
		__atomic_add_fetch(&engine.generation, 1, __ATOMIC_ACQ_REL);
		engine_stop_others();
	}
}
