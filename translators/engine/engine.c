/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Start-up, threads, and the loop that runs guest code: find or make the translation, enter
 * it, look why it came back. tags: engine - run loop
 */
#include "engine/engine.h"

#include <linux/errno.h>
#include <linux/mman.h>

#include "engine/engine-internal.h"
#include "rt/arena.h"
#include "rt/memory.h"
#include "rt/syscall.h"
#include "rt/uaccess.h"

#define DEFAULT_CACHE (64u << 20)
#define SHADOW_SIZE (256u << 10)
#define SHADOW_SLACK 4096u /* mapped above the top: sentinels that no return matches */
#define SIGNAL_SEGV 11
#define SIGNAL_BUS 7
#define CODE_ADRALN 1 /* BUS_ADRALN */
#define CODE_ADRERR 2 /* BUS_ADRERR */

struct engine engine;

int engine_init(const struct engine_options *options)
{
	size_t size = options->cache_size ? options->cache_size : DEFAULT_CACHE;
	const struct guest_regmap *map = &options->arch->map;
	struct x86_buf b;
	int r;

	engine.opt = *options;
	engine.opt.verify |= DEVELOPER;
	/* Every block has to come by to be seen. */
	if (options->trace & ENGINE_TRACE_EXEC)
		engine.opt.no_link = true;
	engine.arch = options->arch;
	ir_helpers = options->arch->helpers;
	r = x86_features_read(&engine.feat, options->host_features);
	if (r < 0)
		return r;
	lower_map_init(&engine.map, map->pinned, map->npinned, map->vpinned, map->nvpinned);
	if (engine.feat.avx512vl)
		lower_map_high(&engine.map, map->vhigh, map->nvhigh);
	for (unsigned op = 0; op < IR_OP_COUNT; op++)
		engine.leaves[op] = lower_leaves(op, &engine.feat);
	r = codemem_init(&engine.code, size);
	if (r < 0)
		return r;
	r = index_init(&engine.index, size);
	if (r < 0)
		return r;
	b = (struct x86_buf){ .p = engine.code.hot, .end = engine.code.hot_end,
			      .rx = engine.code.rx };
	lower_stubs(&engine.stubs, &b, &engine.map);
	engine.code.hot = b.p;
	codemem_keep(&engine.code);
	engine.generation = 1;
	return 0;
}

/* ---- threads ---- */

static void reset_shadow(struct cpu *cpu)
{
	cpu->shadow_sp = cpu->shadow_top;
}

static void reset_caches(struct engine_thread *t)
{
	struct cpu *cpu = t->cpu;

	memset(cpu->jump_cache, 0, sizeof(cpu->jump_cache));
	cpu->jump_cache[0].pc = CPU_NO_PC; /* an empty entry must not match pc 0 */
	reset_shadow(cpu);
}

/* FPCR or FPSR has changed. */
static void adjust_mxcsr(struct cpu *cpu)
{
	if (engine.uses_fz && engine.uses_fpsr)
		cpu_set_exact(cpu);
	else if (cpu->fpcr & LOWER_FPCR_FZ)
		cpu_set_flush(cpu, engine.has_flushed);
}

int engine_thread_init(struct cpu *cpu)
{
	struct engine_thread *t = rt_map_anon(sizeof(*t));
	uint64_t *sentinel;

	if (!t)
		return -ENOMEM;
	t->shadow = rt_map(SHADOW_SIZE + SHADOW_SLACK, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (!t->shadow) {
		rt_unmap(t, sizeof(*t));
		return -ENOMEM;
	}
	/* A match with one of these leads a return to the lookup, with its target in rcx. */
	sentinel = (uint64_t *)(void *)(t->shadow + SHADOW_SIZE);
	for (unsigned i = 0; i < 64; i += 2) {
		sentinel[i] = engine.stubs.indirect;
		sentinel[i + 1] = CPU_NO_PC - 1;
	}
	cpu->shadow_base = (uint64_t)(uintptr_t)t->shadow;
	cpu->shadow_top = (uint64_t)(uintptr_t)sentinel;
	reset_shadow(cpu);
	cpu->jump_cache[0].pc = CPU_NO_PC;
	cpu->mxcsr = cpu_mxcsr_control(cpu->fpcr);
	adjust_mxcsr(cpu);
	cpu->engine = t;
	t->cpu = cpu;
	t->generation = engine.generation;
	/* The current thread starts its successor: it takes the lock in its own name. */
	t->tid = 0;
	engine_lock(t);
	t->next = engine.threads;
	t->pprev = &engine.threads;
	if (t->next)
		t->next->pprev = &t->next;
	engine.threads = t;
	engine_unlock();
	t->tid = 0;
	return 0;
}

void engine_thread_exit(struct cpu *cpu)
{
	struct engine_thread *t = cpu->engine;

	t->tid = 0; /* the caller may be another thread: a vfork parent */
	engine_lock(t);
	*t->pprev = t->next;
	if (t->next)
		t->next->pprev = t->pprev;
	engine_unlock();
	rt_unmap(t->shadow, SHADOW_SIZE + SHADOW_SLACK);
	if (t->eval)
		rt_unmap(t->eval, sizeof(*t->eval));
	rt_unmap(t, sizeof(*t));
	cpu->engine = NULL;
}

void engine_copy_state(struct cpu *to, const struct cpu *from)
{
	memcpy(to->r, from->r, sizeof(to->r));
	to->nzcv = from->nzcv;
	to->pc = from->pc;
	memcpy(to->v, from->v, sizeof(to->v));
	memcpy(to->sys, from->sys, sizeof(to->sys));
	to->fpcr = from->fpcr;
	to->fpsr = from->fpsr;
	memcpy(to->qc, from->qc, sizeof(to->qc));
	to->mxcsr = from->mxcsr;
	to->mode = from->mode;
	to->denormals_trap = from->denormals_trap;
	to->excl_size = 0;
}

void engine_before_fork(struct cpu *cpu)
{
	engine_lock(cpu->engine);
}

void engine_after_fork(struct cpu *cpu, bool child)
{
	struct engine_thread *t = cpu->engine;

	if (child) {
		t->tid = 0;
		engine.threads = t;
		t->next = NULL;
		t->pprev = &engine.threads;
		if (codemem_is_shared(&engine.code)) {
			if (codemem_after_fork(&engine.code) < 0)
				__builtin_trap();
			engine_flush();
		}
	}
	engine_unlock();
}

/* ---- vectors and floating-point control ---- */

typedef void vec_fn(struct cpu *);

void engine_vec_store(struct cpu *cpu)
{
	struct engine_thread *t = cpu->engine;

	if (t->vec_loaded)
		((vec_fn *)engine.stubs.vec_store)(cpu);
}

void engine_vec_load(struct cpu *cpu)
{
	struct engine_thread *t = cpu->engine;

	t->vec_loaded = true;
	((vec_fn *)engine.stubs.vec_load)(cpu);
}

uint32_t engine_get_fpsr(struct cpu *cpu)
{
	return cpu_get_fpsr(cpu);
}

void engine_set_fpsr(struct cpu *cpu, uint32_t fpsr)
{
	cpu_set_fpsr(cpu, fpsr);
	adjust_mxcsr(cpu);
}

void engine_set_fpcr(struct cpu *cpu, uint32_t fpcr)
{
	cpu_set_fpcr(cpu, fpcr);
	adjust_mxcsr(cpu);
}

/* ---- running ---- */

static void set_fault(struct cpu *cpu, int signo, int code, uint64_t addr, uint64_t err)
{
	cpu->fault = (struct cpu_fault){ signo, code, addr, err };
}

/*
 * The translation of pc, made if need be. NULL: the guest faults on the fetch, cpu->fault
 * says how. *ret_flushed tells that everything known before is gone.
 */
static struct index_block *find_or_translate(struct cpu *cpu, uint64_t pc)
{
	struct engine_thread *t = cpu->engine;
	struct index_block *b = index_find(&engine.index, pc);
	uint32_t word;
	int r;

	engine.stats.lookups++;
	if (b)
		return b;
	/* A branch takes the tag off its target. */
	if (pc != ir_data_address(pc)) {
		cpu->pc = ir_data_address(pc);
		return find_or_translate(cpu, cpu->pc);
	}
	if (pc & (engine.arch->insn_align - 1)) {
		set_fault(cpu, SIGNAL_BUS, CODE_ADRALN, pc, 16);
		return NULL;
	}
	/* Both may wait: for locks under which others wait for ours, for a page that another
	 * thread has to supply (userfaultfd). */
	engine_end(t);
	r = engine.opt.check_exec ? engine.opt.check_exec(pc & PAGE_MASK) : 0;
	if (!r)
		rt_load32(&word, (const void *)pc);
	engine_begin(t);
	if (r) {
		set_fault(cpu, SIGNAL_SEGV, r, pc, 16);
		return NULL;
	}
	engine_lock(t);
	b = index_find(&engine.index, pc);
	for (int tries = 0; !b && tries < 2; tries++) {
		r = engine_translate(t, pc, &b);
		if (r == -ENOSPC)
			engine.flush_wanted = true;
		else if (r < 0)
			break;
	}
	engine_unlock();
	/* After -EFAULT the handler has said why, of a read. */
	if (!b && r == -EFAULT)
		set_fault(cpu, cpu->fault.signo, cpu->fault.code, pc, 16);
	else if (!b)
		set_fault(cpu, SIGNAL_BUS, CODE_ADRERR, pc, 16);
	return b;
}

static void cache_jump(struct cpu *cpu, const struct index_block *b)
{
	struct cpu_jump_entry *e = &cpu->jump_cache[b->pc >> 2 & (CPU_JUMP_CACHE_SIZE - 1)];

	e->pc = b->pc;
	e->host = engine_host(b->host);
}

static void link_site(struct engine_thread *t, uint32_t site, uint64_t generation,
		      struct index_block *b)
{
	if (engine.opt.no_link || engine.opt.one_insn)
		return;
	engine_lock(t);
	/* The site may be gone, and so may the target. */
	if (engine.generation == generation && !b->dead && !engine.flush_wanted)
		engine_link_site(site, b);
	engine_unlock();
}

/* ---- single instructions ---- */

static long eval_guarded(void *arg)
{
	struct cpu *cpu = arg;
	struct engine_thread *t = cpu->engine;
	struct guest_block_end end;
	struct ir_builder b = { .region = t->eval };

	t->eval->page = cpu->pc & PAGE_MASK;
	t->eval->nops = t->eval->nblocks = t->eval->ninsns = 0;
	engine.arch->lift_block(&b, cpu->pc, (cpu->pc & PAGE_MASK) + GUEST_PAGE_SIZE, 1, &end);
	return ir_eval(t->eval, 0, cpu);
}

/*
 * The first FPCR with a mode that the host does not have: from now on all code looks at it
 * before floating-point instructions, so code without the look goes. FPCR is written by the
 * evaluator, or by a signal frame before engine_run().
 *
 * The same with what makes it visible that the host finds underflow after rounding (lower_tiny.c
 * and cpu_set_exact()): looking at FPSR (`fpsr`), which the evaluator does alone, and results that
 * are flushed to zero. Most programs that ask for the latter never have one, and should not pay for it:
 * until then it traps. That leaves out a first one which rounds to the smallest normal number.
 */
static bool check_fpcr(struct cpu *cpu, bool fpsr)
{
	struct engine_thread *t = cpu->engine;
	bool rare = (cpu->fpcr & LOWER_FPCR_RARE) && !engine.check_fpcr;
	bool fz = (cpu->fpcr & LOWER_FPCR_FZ) && !engine.uses_fz;
	bool tiny = t->tiny && !engine.has_flushed;

	fpsr &= !engine.uses_fpsr;
	if (!rare && !fz && !fpsr && !tiny)
		return false;
	engine_lock(t);
	engine.check_fpcr |= rare;
	engine.uses_fz |= fz;
	engine.uses_fpsr |= fpsr;
	engine.has_flushed |= tiny;
	if (rare || fpsr || tiny || (fz && engine.uses_fpsr))
		engine_flush();
	engine_unlock();
	return true;
}

/* Has it looked at FPSR? */
static bool is_fpsr_access(const struct ir_region *r)
{
	for (unsigned n = 0; n < r->nops; n++)
		if (r->ins[n].op == IR_GETFPSR || r->ins[n].op == IR_SETFPSR)
			return true;
	return false;
}

/* Evaluates the instruction at pc. An ir_eval_exit or -EFAULT (cpu->fault is set). */
static long evaluate(struct cpu *cpu)
{
	struct engine_thread *t = cpu->engine;
	long r;

	if (!t->eval)
		t->eval = rt_map_anon(sizeof(*t->eval));
	if (!t->eval) {
		set_fault(cpu, SIGNAL_BUS, CODE_ADRERR, cpu->pc, 0);
		return -EFAULT;
	}
	engine_vec_store(cpu);
	r = guard_call(&t->guard, eval_guarded, cpu);
	check_fpcr(cpu, is_fpsr_access(t->eval));
	adjust_mxcsr(cpu);
	engine_vec_load(cpu);
	return r;
}

/* ---- instructions that trap ---- */

static struct engine_trap *trap_entry(uint64_t pc)
{
	return &engine.traps[pc * 0x9e3779b97f4a7c15ull >> 56];
}

unsigned engine_traps_often(uint64_t pc)
{
	const struct engine_trap *e = trap_entry(pc);

	if (e->pc != pc)
		return 0;
	return e->count >= ENGINE_TRAPS_STILL ? 2 : e->count >= ENGINE_TRAPS_OFTEN;
}

/* A trap costs far more than an evaluation: who traps often is translated anew. Counts may get
 * lost between threads and in collisions. */
static void note_trap(struct cpu *cpu)
{
	struct engine_trap *e = trap_entry(cpu->pc);

	if (e->pc != cpu->pc) {
		if (e->count >= ENGINE_TRAPS_OFTEN)
			return;
		e->pc = cpu->pc;
		e->count = 0;
	}
	e->count++;
	if (e->count != ENGINE_TRAPS_OFTEN && e->count != ENGINE_TRAPS_STILL)
		return;
	engine_lock(cpu->engine);
	engine.traps_often = true;
	engine_invalidate_locked(cpu->pc, 4);
	engine_unlock();
}

/*
 * The address was none of the host's. If the evaluator found data there, it has a tag, which the
 * host would have to be told to ignore: the page's code is translated anew, with the tags taken
 * off before each access. That costs about an instruction each; the fault cost microseconds.
 */
static long evaluate_tagged(struct cpu *cpu)
{
	uint64_t page = cpu->pc & PAGE_MASK;
	long r = evaluate(cpu);

	if (r == -EFAULT || engine_is_tagged(page))
		return r;
	engine_lock(cpu->engine);
	if (engine_set_tagged(page))
		engine_invalidate_locked(page, 4);
	engine_unlock();
	return r;
}

/* Programs go over megabytes in steps of a cache line, most of them without code: where
 * nothing was translated there is nothing to do. Whoever holds the lock may be about to publish
 * what he read before the change. */
static bool may_have_code(uint64_t page)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return __atomic_load_n(&engine.lock, __ATOMIC_ACQUIRE) || engine_has_code(page);
}

/* IC IVAU. */
static void invalidate_line(struct engine_thread *t, uint64_t address)
{
	address = ir_data_address(address) & ~63ull;
	if (may_have_code(address & PAGE_MASK)) {
		engine_lock(t);
		engine_invalidate_locked(address, 64);
		engine_unlock();
	}
	if (engine.opt.code_changed) {
		engine_end(t);
		engine.opt.code_changed(address, 64);
		engine_begin(t);
	}
}

static bool after_evaluation(struct cpu *cpu, long r, enum exit_reason *ret)
{
	switch (r) {
	case IR_EVAL_SVC: *ret = EXIT_SYSCALL; return true;
	case IR_EVAL_BRK: *ret = EXIT_BREAKPOINT; return true;
	case IR_EVAL_UNDEF: *ret = EXIT_UNDEFINED; return true;
	case IR_EVAL_ALIGN:
		set_fault(cpu, SIGNAL_BUS, CODE_ADRALN, cpu->fault.addr, 0);
		*ret = EXIT_FAULT;
		return true;
	case IR_EVAL_ICACHE:
		invalidate_line(cpu->engine, cpu->exit_info);
		return false;
	case -EFAULT: *ret = EXIT_FAULT; return true;
	default: return false;
	}
}

/* A load faulted while rounds of AES waited for their keys (LOWER_UNDONE). */
static void do_undone(struct cpu *cpu)
{
	struct engine_thread *t = cpu->engine;

	engine_vec_store(cpu);
	for (unsigned slot = 0; slot < 32; slot++) {
		union cpu_vec x[4] = { 0 };

		if (!(t->undone >> slot & 1))
			continue;
		x[1] = cpu->v[slot];
		ir_crypto(IR_VAES, x, IR_I8, t->undoes);
		x[1] = x[0];
		ir_crypto(IR_VAESMC, x, IR_I8, t->undoes);
		cpu->v[slot] = x[0];
	}
	t->undone = 0;
	engine_vec_load(cpu);
}

/* Did translated code leave for good? Otherwise *host is where to go on, 0 to look up pc. */
static bool handle_exit(struct cpu *cpu, unsigned reason, uint64_t *host, enum exit_reason *ret)
{
	struct engine_thread *t = cpu->engine;
	struct index_block *b;
	uint64_t generation = engine.generation;
	uint32_t site = (uint32_t)cpu->exit_info;

	*host = 0;
	if (t->undone)
		do_undone(cpu);
	switch (reason) {
	case LOWER_EXIT_SVC: *ret = EXIT_SYSCALL; return true;
	case LOWER_EXIT_BRK: *ret = EXIT_BREAKPOINT; return true;
	case LOWER_EXIT_UNDEF: *ret = EXIT_UNDEFINED; return true;
	case LOWER_EXIT_FAULT: *ret = EXIT_FAULT; return true;
	case LOWER_EXIT_SYNC:
	case LOWER_EXIT_PENDING: return false;
	case LOWER_EXIT_ALIGN:
		set_fault(cpu, SIGNAL_BUS, CODE_ADRALN, cpu->exit_info, 0);
		*ret = EXIT_FAULT;
		return true;
	case LOWER_EXIT_ICACHE:
		invalidate_line(t, cpu->exit_info);
		return false;
	case LOWER_EXIT_TRAP:
		note_trap(cpu);
		return after_evaluation(cpu, evaluate(cpu), ret);
	case LOWER_EXIT_TAG:
		return after_evaluation(cpu, evaluate_tagged(cpu), ret);
	case LOWER_EXIT_INTERP:
		return after_evaluation(cpu, evaluate(cpu), ret);
	case LOWER_EXIT_LINK:
		cpu->pc = index_site(&engine.index, site)->target;
		break;
	case LOWER_EXIT_IC:
	case LOWER_EXIT_INDIRECT:
		break;
	}
	b = find_or_translate(cpu, cpu->pc);
	if (!b) {
		*ret = EXIT_FAULT;
		return true;
	}
	if (reason != LOWER_EXIT_INDIRECT)
		link_site(t, site, generation, b);
	if (reason != LOWER_EXIT_LINK)
		cache_jump(cpu, b);
	*host = engine_host(b->host);
	return false;
}

static enum exit_reason run(struct cpu *cpu)
{
	struct engine_thread *t = cpu->engine;
	unsigned (*enter)(struct cpu *, uint64_t) =
		(unsigned (*)(struct cpu *, uint64_t))engine.stubs.enter;
	enum exit_reason ret;
	uint64_t host = 0;

	if (!t->vec_loaded)
		engine_vec_load(cpu);
	for (;;) {
		unsigned reason;

		if (__atomic_load_n(&cpu->pending, __ATOMIC_ACQUIRE))
			return EXIT_PENDING;
		if (t->generation != engine.generation) {
			t->generation = engine.generation;
			reset_caches(t);
			host = 0;
		}
		if (!host) {
			struct cpu_jump_entry *e =
				&cpu->jump_cache[cpu->pc >> 2 & (CPU_JUMP_CACHE_SIZE - 1)];

			if (e->pc == cpu->pc) {
				host = e->host;
			} else {
				struct index_block *b = find_or_translate(cpu, cpu->pc);

				if (!b)
					return EXIT_FAULT;
				cache_jump(cpu, b);
				host = engine_host(b->host);
				if (t->generation != engine.generation)
					continue;
			}
		}
		if (engine.opt.trace & ENGINE_TRACE_EXEC)
			trace_exec(cpu);
		reason = enter(cpu, host);
		if (handle_exit(cpu, reason, &host, &ret))
			return ret;
		if (engine.generation != t->generation)
			host = 0;
	}
}

enum exit_reason engine_run(struct cpu *cpu)
{
	struct engine_thread *t = cpu->engine;
	enum exit_reason ret;

	engine_begin(t);
	if (check_fpcr(cpu, false)) {
		bool loaded = t->vec_loaded;

		engine_vec_store(cpu);
		adjust_mxcsr(cpu);
		if (loaded)
			engine_vec_load(cpu);
	}
	ret = run(cpu);
	engine_end(t);
	return ret;
}

enum exit_reason engine_step(struct cpu *cpu)
{
	struct engine_thread *t = cpu->engine;
	enum exit_reason ret = EXIT_PENDING;
	int r = 0;

	if (cpu->pc & (engine.arch->insn_align - 1)) {
		set_fault(cpu, SIGNAL_BUS, CODE_ADRALN, cpu->pc, 16);
		return EXIT_FAULT;
	}
	if (engine.opt.check_exec)
		r = engine.opt.check_exec(cpu->pc & PAGE_MASK);
	if (r) {
		set_fault(cpu, SIGNAL_SEGV, r, cpu->pc, 16);
		return EXIT_FAULT;
	}
	engine_begin(t);
	check_fpcr(cpu, false);
	if (!t->vec_loaded)
		engine_vec_load(cpu);
	after_evaluation(cpu, evaluate(cpu), &ret);
	engine_end(t);
	return ret;
}

void engine_invalidate(uint64_t start, uint64_t length)
{
	struct engine_thread self = { 0 };

	engine_lock(&self);
	engine_invalidate_locked(start, length);
	engine_unlock();
}

void engine_get_stats(struct engine_stats *ret)
{
	*ret = engine.stats;
}

int64_t engine_translate_all(struct cpu *cpu, uint64_t start, uint64_t end)
{
	struct engine_thread *t = cpu->engine;
	uint64_t before = engine.stats.guest_insns;

	engine_lock(t);
	for (uint64_t pc = start; pc < end;) {
		struct index_block *b = index_find(&engine.index, pc);
		int r = 0;

		if (!b)
			r = engine_translate(t, pc, &b);
		if (r == -ENOSPC) {
			engine.flush_wanted = true;
			r = engine_translate(t, pc, &b);
		}
		if (r < 0) {
			engine_unlock();
			return r;
		}
		pc += b->length;
	}
	engine_unlock();
	return (int64_t)(engine.stats.guest_insns - before);
}
