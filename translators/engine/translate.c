/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One region through all stages: discovery and lifting, passes, lowering, publication.
 * tags: engine - translation
 *
 * Discovery walks depth first from the entry over direct branches (backward ones if they are
 * conditional), fall-through and return addresses, inside one guest page and up to a number of instructions. A branch into the
 * middle of a block that is already there splits it: the part before the target moves to
 * the end of the op list (it needs a terminator), the rest becomes a block of its own.
 */
#include <linux/errno.h>

#include "engine/engine-internal.h"
#include "jit/opt/opt.h"
#include "rt/memory.h"
#include "rt/uaccess.h"

#define DEFAULT_MAX_INSNS 64
#define MAX_WORK 64

struct discovery {
	uint64_t page, entry;
	unsigned max_insns, nwork;
	uint64_t work[MAX_WORK];
	struct ir_builder b;
};

static unsigned position(uint64_t pc)
{
	return (unsigned)(pc & (GUEST_PAGE_SIZE - 1)) >> 1;
}

static void own(const struct ir_block *b, unsigned index, unsigned step)
{
	unsigned end = (unsigned)(b->next_pc - engine.region.page) >> 1;

	for (unsigned p = position(b->pc); p < end; p += step) {
		engine.owner[p] = (uint8_t)(index + 1);
		engine.covered[p >> 6] |= (uint64_t)1 << (p & 63);
	}
}

static void disown_all(const struct ir_region *r)
{
	for (unsigned k = 0; k < r->nblocks; k++) {
		unsigned first = position(r->block[k].pc);
		unsigned last = (unsigned)(r->block[k].next_pc - r->page) >> 1;

		memset(&engine.owner[first], 0, last - first);
	}
	memset(engine.covered, 0, sizeof(engine.covered));
}

/* Makes a block start at pc inside block k. False when there is no room. */
static bool split(struct discovery *d, unsigned k, uint64_t pc)
{
	struct ir_region *r = &engine.region;
	struct ir_block *old = &r->block[k], *tail = &r->block[r->nblocks];
	unsigned at = (unsigned)(pc - r->page), n = old->first, prefix;
	unsigned insns = (unsigned)(pc - old->pc) / engine.arch->insn_align;

	/* A no-op has no ops: then the next instruction's. */
	while (r->at[n] < at)
		n++;
	prefix = n - old->first;
	if (r->nblocks == IR_MAX_BLOCKS || r->nops + prefix + 1 > IR_MAX_OPS)
		return false;
	*tail = (struct ir_block){ .pc = pc, .next_pc = old->next_pc, .first = (uint16_t)n,
				   .count = (uint16_t)(old->count - prefix),
				   .insns = (uint16_t)(old->insns - insns) };
	memcpy(&r->ins[r->nops], &r->ins[old->first], prefix * sizeof(r->ins[0]));
	memcpy(&r->at[r->nops], &r->at[old->first], prefix * sizeof(r->at[0]));
	old->first = (uint16_t)r->nops;
	old->count = (uint16_t)(prefix + 1);
	old->insns = (uint16_t)insns;
	old->next_pc = pc;
	r->nops += prefix;
	d->b.at = (uint16_t)(at - engine.arch->insn_align);
	ir_emit(&d->b, IR_B, IR_I64, 0, IR_NONE, IR_NONE, IR_NONE, IR_NONE, (int64_t)pc);
	own(tail, r->nblocks++, engine.arch->insn_align / 2);
	return true;
}

/* First address behind pc that belongs to a block of this region or begins one of another
 * region of the page; the end of the page if there is none. */
static uint64_t free_until(const struct discovery *d, uint64_t pc)
{
	unsigned from = position(pc) + engine.arch->insn_align / 2;
	unsigned end = index_next_bit(engine.covered, from);

	if (engine.page) {
		unsigned start = index_next_bit(engine.page->starts, from);

		if (start < end)
			end = start;
	}
	return d->page + 2 * (uint64_t)end;
}

static bool is_known(uint64_t pc)
{
	unsigned p = position(pc);

	return engine.page && engine.page->starts[p >> 6] >> (p & 63) & 1;
}

static void push(struct discovery *d, uint64_t pc)
{
	if ((pc & PAGE_MASK) == d->page && d->nwork < MAX_WORK &&
	    !(pc & (engine.arch->insn_align - 1)))
		d->work[d->nwork++] = pc;
}

/* A block that only leaves, for a debugger. */
static void lift_stop(struct discovery *d, uint64_t pc)
{
	struct ir_region *r = &engine.region;

	r->block[r->nblocks++] = (struct ir_block){
		.pc = pc, .next_pc = pc + engine.arch->insn_align, .first = (uint16_t)r->nops,
		.count = 1, .insns = 1,
	};
	r->ninsns++;
	d->b.at = (uint16_t)(pc - d->page);
	ir_emit(&d->b, IR_BRK, IR_I32, 0, IR_NONE, IR_NONE, IR_NONE, 0, 0);
}

static void discover(struct discovery *d, uint64_t entry)
{
	struct ir_region *r = &engine.region;
	bool one = engine.opt.one_insn;

	r->page = d->page;
	r->nops = r->nblocks = r->ninsns = 0;
	d->b = (struct ir_builder){ .region = r };
	d->work[d->nwork++] = entry;
	while (d->nwork && r->ninsns < d->max_insns && r->nblocks < IR_MAX_BLOCKS - 1 &&
	       r->nops + IR_OPS_PER_INSN + 1 < IR_MAX_OPS) {
		uint64_t pc = d->work[--d->nwork];
		unsigned k = engine.owner[position(pc)];
		struct guest_block_end end;

		if (k) {
			if (r->block[k - 1].pc != pc && !split(d, k - 1, pc))
				break;
			continue;
		}
		if (pc != entry && is_known(pc))
			continue;
		k = r->nblocks;
		if (engine_has_breakpoint(pc)) {
			lift_stop(d, pc);
			own(&r->block[k], k, engine.arch->insn_align / 2);
			continue;
		}
		engine.arch->lift_block(&d->b, pc, engine_next_breakpoint(pc, free_until(d, pc)),
					one ? 1 : d->max_insns - r->ninsns, &end);
		own(&r->block[k], k, engine.arch->insn_align / 2);
		if (one)
			break;
		/* Compilers put the likely path first: the target of a forward conditional
		 * branch waits until something goes there (measured: a fifth fewer
		 * instructions translated in a shell's start-up, no loss in loops). */
		if (end.has_target &&
		    (!end.has_next || end.target <= pc || r->ins[r->nops - 1].op == IR_CALL))
			push(d, end.target);
		if (end.has_next)
			push(d, r->block[k].next_pc);
		else if (!end.has_target && r->ins[r->nops - 1].op == IR_B)
			push(d, r->block[k].next_pc);
	}
	disown_all(r);
}

static long discover_guarded(void *arg)
{
	struct discovery *d = arg;

	discover(d, d->entry);
	return 0;
}

/* Block at an address outside the region. Pages are few and their bitmaps tell whether a
 * search among the many blocks is worth it. */
static struct index_block *find_outside(uint64_t pc)
{
	const struct index_page *page = engine.page;
	unsigned p = position(pc);

	if ((pc & PAGE_MASK) != engine.region.page)
		page = index_page(&engine.index, pc & PAGE_MASK);
	if (!page || !(page->starts[p >> 6] >> (p & 63) & 1))
		return NULL;
	return index_find(&engine.index, pc);
}

/* Flags that the code at an address outside the region reads. */
static unsigned peek(uint64_t pc)
{
	struct index_block *b = find_outside(pc);

	if (b)
		return b->live_in;
	/* At a breakpoint the debugger looks at all of them. */
	if (engine.nbreakpoints || !engine_peek_ok(engine.region.page, pc))
		return IR_FLAGS;
	return engine.arch->peek_flags(pc);
}

static long passes_guarded(void *arg)
{
	struct opt_options options = {
		.no_fold = engine.opt.no_fold,
		.peek = engine.arch->peek_flags && !engine.opt.one_insn ? peek : NULL,
		.leaves = engine.leaves,
	};

	(void)arg;
	opt_run(&engine.region, &options);
	return 0;
}

static uint32_t offset(const uint8_t *p)
{
	return (uint32_t)(p - (engine.code.base - engine.code.rx));
}

static int publish(struct index_region **ret)
{
	struct lower *l = &engine.lower;
	struct index *x = &engine.index;
	const struct ir_region *r = &engine.region;
	struct index_page *page;
	struct index_region *rec;

	if (!index_has_room(x, r->nblocks, l->nsites, l->npcmap))
		return -ENOSPC;
	page = engine.page = index_page_make(x, r->page);
	if (!page)
		return -ENOSPC;
	rec = index_add_region(x, page, &(struct index_region){
		.hot = offset(l->start), .hot_end = offset(l->hot.p),
		.block = x->blocks.count, .nblocks = r->nblocks,
		.pcmap = x->pcmap.count, .npcmap = l->npcmap,
	});
	for (unsigned i = 0; i < l->npcmap; i++) {
		const struct lower_pcmap *m = &l->pcmap[i];

		*index_pcmap(x, x->pcmap.count++) =
			(struct index_pcmap){ m->host, m->at, m->flags, m->saved };
	}
	for (unsigned i = 0; i < l->nsites; i++) {
		const struct lower_site *s = &l->site[i];
		uint32_t n = x->sites.count++;

		*index_site(x, n) = (struct index_site){
			.target = s->target, .rel32 = offset(s->rel32),
			.key = s->key ? offset(s->key) : 0, .stub = offset(s->stub),
			.miss = s->miss ? offset(s->miss) : 0,
			.next = INDEX_NONE, .kind = s->kind,
		};
		memcpy(s->id, &n, 4);
	}
	for (unsigned i = 0; i < r->nblocks; i++)
		*index_block(x, rec->block + i) = (struct index_block){
			.pc = r->block[i].pc, .host = offset(l->entry[i]),
			.incoming = INDEX_NONE, .live_in = r->block[i].live_in,
			.length = (uint16_t)(r->block[i].next_pc - r->block[i].pc),
		};
	x->blocks.count += r->nblocks;
	engine.code.hot = l->hot.p;
	engine.stats.cold_bytes += (uint64_t)(l->cold.p - engine.code.cold);
	engine.code.cold = l->cold.p;
	for (unsigned i = 0; i < r->nblocks; i++)
		if (index_publish(x, page, rec->block + i) < 0)
			return -ENOSPC;
	*ret = rec;
	return 0;
}

/* Links at once what is already translated. */
static void link_known(uint32_t first)
{
	struct index *x = &engine.index;

	if (engine.opt.no_link)
		return;
	for (uint32_t n = first; n < x->sites.count; n++) {
		struct index_site *s = index_site(x, n);
		struct index_block *b;

		if (s->kind > SITE_CALL)
			continue;
		b = find_outside(s->target);
		if (b)
			engine_link_site(n, b);
	}
}

static int emit(struct index_region **ret)
{
	struct lower *l = &engine.lower;
	int r;

	codemem_ahead(&engine.code);
	l->feat = &engine.feat;
	l->map = &engine.map;
	l->stubs = &engine.stubs;
	l->opt = (struct lower_options){ .no_link = engine.opt.no_link || engine.opt.one_insn,
					 .no_shadow = engine.opt.no_shadow,
					 .no_fuse = engine.opt.no_fold,
					 .traps_often = engine.traps_often ? engine_traps_often : NULL,
					 .tagged = engine_is_tagged(engine.region.page),
					 .check_fpcr = engine.check_fpcr,
					 .check_tiny = engine.has_flushed || engine.uses_fpsr,
					 .exact_flush = engine.uses_fz && engine.uses_fpsr };
	l->hot = (struct x86_buf){ .p = engine.code.hot, .end = engine.code.hot_end,
				   .rx = engine.code.rx };
	l->cold = (struct x86_buf){ .p = engine.code.cold, .end = engine.code.cold_end,
				    .rx = engine.code.rx };
	r = lower_region(l, &engine.region);
	if (r < 0)
		return r;
	return publish(ret);
}

/* Developer builds and the test mode: the rules of ir.h hold after each step. */
static void verify(const char *stage)
{
	char message[120];

	if (!engine.opt.verify || ir_verify(&engine.region, message, sizeof(message)) == 0)
		return;
	trace_region(&engine.region, stage);
	trace_region(&engine.region, message);
	__builtin_trap();
}

/* Lifts the region at pc and runs the passes on it. */
static int make_region(struct engine_thread *t, uint64_t pc)
{
	static struct discovery d;
	int r = 0;

	for (int tries = 0; tries < 2; tries++) {
		d.page = pc & PAGE_MASK;
		d.nwork = 0;
		d.max_insns = engine.opt.max_insns ? engine.opt.max_insns : DEFAULT_MAX_INSNS;
		d.entry = pc;
		r = (int)guard_call(&t->guard, discover_guarded, &d);
		if (r < 0) {
			memset(engine.owner, 0, sizeof(engine.owner));
			memset(engine.covered, 0, sizeof(engine.covered));
			return r;
		}
		if (engine.opt.trace & ENGINE_TRACE_DECODE)
			trace_guest(&engine.region);
		if (engine.opt.trace & ENGINE_TRACE_IR)
			trace_region(&engine.region, "lifted");
		verify("lifted");
		r = (int)guard_call(&t->guard, passes_guarded, NULL);
		if (r == 0)
			break;
		/* A page that was looked into went away under us. */
		engine.peek_pages_off = true;
	}
	return r;
}

int engine_translate(struct engine_thread *t, uint64_t pc, struct index_block **ret)
{
	struct index_region *rec;
	uint32_t first_site;
	uint64_t start = engine.opt.stats ? engine_clock_ns() : 0;
	int r;

	if (engine.flush_wanted)
		engine_flush();
	engine.page = index_page(&engine.index, pc & PAGE_MASK);
	r = make_region(t, pc);
	if (r < 0)
		return r;
	if (engine.opt.trace & ENGINE_TRACE_IR)
		trace_region(&engine.region, "optimised");
	verify("optimised");
	first_site = engine.index.sites.count;
	r = emit(&rec);
	if (r < 0)
		return r;
	link_known(first_site);
	if (engine.opt.trace & ENGINE_TRACE_X86)
		trace_code(rec);
	if (engine.opt.perf_map)
		engine_perf_map(rec);
	if (engine.opt.jitdump)
		engine_jitdump(rec);
	engine.stats.regions++;
	engine.stats.blocks += rec->nblocks;
	engine.stats.guest_insns += engine.region.ninsns;
	engine.stats.host_bytes += rec->hot_end - rec->hot;
	if (engine.opt.stats)
		engine.stats.translate_ns += engine_clock_ns() - start;
	*ret = index_block(&engine.index, rec->block);
	return 0;
}
