/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the files of the engine only. tags: engine - internals */
#pragma once

#include "engine/engine.h"
#include "jit/cache/codemem.h"
#include "jit/cache/index.h"
#include "jit/x86/lower.h"

#define PAGE_MASK (~(uint64_t)(GUEST_PAGE_SIZE - 1))

/*
 * A call that may be cut short by a host fault: guard_call() notes its stack here, and
 * the fault handler makes guard_call() return -EFAULT. Used where the runtime touches
 * guest memory: fetching code, evaluating an instruction.
 */
struct guard {
	uint64_t rsp; /* 0: not in a guarded call */
};
long guard_call(struct guard *guard, long (*fn)(void *), void *arg);
extern const char guard_abort[]; /* where the handler leads; rsp = guard->rsp */

/* Per-thread bookkeeping, cpu->engine. */
struct engine_thread {
	struct cpu *cpu;
	uint64_t generation;	 /* of the code that the thread's caches know */
	struct guard guard;
	bool vec_loaded;	 /* host vector registers hold this thread's */
	bool undoes;		 /* of decryption are: */
	uint32_t undone;	 /* vector slots that wait for an AES round, after a fault */
	bool tiny;		 /* the host has trapped for a tiny result */
	uint32_t tid;		 /* 0: ask */
	uint32_t running;	 /* may use translations; never while it waits for the lock */
	struct ir_region *eval;	 /* for single instructions, lazily */
	uint8_t *shadow;	 /* mapping of the shadow stack */
	struct engine_thread *next, **pprev; /* all threads of the process */
};

#define ENGINE_TRAP_COUNT 256
#define ENGINE_TRAPS_OFTEN 8	 /* then translated so that quiet NaNs do not trap */
#define ENGINE_TRAPS_STILL 32	 /* then evaluated */
#define ENGINE_BREAKPOINTS 512

struct engine {
	struct engine_options opt;
	const struct guest_arch *arch;
	struct x86_features feat;
	struct lower_map map;
	bool leaves[IR_OP_COUNT]; /* ops without a lowering */
	struct lower_stubs stubs;
	struct codemem code;
	struct index index;
	uint64_t generation;	 /* odd or even, only compared; atomic */
	uint32_t lock;		 /* owner's tid, 0 free; bit 31: waiters */
	uint32_t flushing;	 /* the owner waits for the others to stop running */
	bool flush_wanted;	 /* code memory is full: the next translation starts anew */
	/* Instructions that trapped (division by zero, Invalid), by hash of the pc. */
	struct engine_trap {
		uint64_t pc;
		uint32_t count;
	} traps[ENGINE_TRAP_COUNT];
	bool traps_often;	 /* some entry got that far */
	bool check_fpcr;	 /* some thread has used a mode that the host does not have */
	/* Some thread flushes to zero, has had a tiny result while it did, has looked at FPSR. */
	bool uses_fz, has_flushed, uses_fpsr;
	struct engine_range {
		uint64_t start, end;
	} changing[8];		 /* not to be looked into from other pages */
	unsigned nchanging;
	bool peek_pages_off;	 /* cross-page peeking was wrong once */
	uint64_t tagged[64];	 /* the same of pages whose code has met tagged pointers */
	uint64_t breakpoint[ENGINE_BREAKPOINTS]; /* in no order */
	unsigned nbreakpoints;
	struct engine_thread *threads;
	struct engine_stats stats;

	/* scratch of the translator, under the lock */
	struct ir_region region;
	struct lower lower;
	struct index_page *page; /* record of the region's page; NULL: the first region there */
	uint8_t owner[GUEST_PAGE_SIZE / 2]; /* block + 1 by two-byte unit of the page */
	uint64_t covered[32];		    /* the units that have one */
};
extern struct engine engine;

/* lock.c */
void engine_lock(struct engine_thread *t);
void engine_unlock(void);
/* A thread uses translations (runs them, looks them up without the lock) only in between. */
void engine_begin(struct engine_thread *t);
void engine_end(struct engine_thread *t);
/* With the lock held: asks all other threads to leave translated code; also waits for it and
 * keeps them out until they are let run again. */
void engine_stop_others(void);
void engine_wait_for_others(void);
void engine_let_others_run(void);

/* engine.c: does the instruction at pc trap often? */
unsigned engine_traps_often(uint64_t pc); /* see struct lower_options */

/* translate.c; with the lock held. The block at pc, or negative errno: -ENOSPC full,
 * -EFAULT code is not readable. */
int engine_translate(struct engine_thread *t, uint64_t pc, struct index_block **ret);

/* link.c; with the lock held */
void engine_link_site(uint32_t site, struct index_block *target);
void engine_unlink_incoming(struct index_block *b);
void engine_flush(void);
void engine_invalidate_locked(uint64_t start, uint64_t length);
bool engine_peek_ok(uint64_t page, uint64_t pc);
/* Has code of the page met tagged pointers? The second remembers that it has; false if that was
 * known. */
bool engine_is_tagged(uint64_t page);
bool engine_set_tagged(uint64_t page);
/* Does any translation depend on the page? Without the lock: of what is published. */
bool engine_has_code(uint64_t page);

/* breakpoint.c: the first breakpoint behind pc, or the limit. */
uint64_t engine_next_breakpoint(uint64_t pc, uint64_t limit);

/* fault.c */
uint16_t engine_flags_image(uint64_t eflags, unsigned kind);

/* trace.c */
void trace_region(const struct ir_region *region, const char *stage);
void trace_guest(const struct ir_region *region);
void trace_exec(const struct cpu *cpu);
void trace_code(const struct index_region *r);
void engine_perf_map(const struct index_region *r);
void engine_jitdump(const struct index_region *r);
uint64_t engine_clock_ns(void);

static inline uint8_t *engine_code(uint32_t offset)
{
	return engine.code.base - engine.code.rx + offset;
}

static inline uint64_t engine_host(uint32_t offset)
{
	return (uint64_t)(uintptr_t)engine.code.base + offset;
}
