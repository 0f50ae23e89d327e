/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The engine: everything that linux-user sees of translation. tags: engine - interface
 *
 * One engine per process, shared by all threads; one struct cpu per guest thread. Nothing
 * here allocates through a libc, takes a signal or a descriptor. Return values are
 * negative errno.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/guest.h"
#include "jit/ir/cpu.h"

enum exit_reason {
	EXIT_SYSCALL,	/* svc: cpu->pc is behind it; exit_info = its immediate */
	EXIT_BREAKPOINT,/* brk: cpu->pc is at it; exit_info = its immediate */
	EXIT_UNDEFINED,	/* undefined instruction at cpu->pc; exit_info = the word */
	EXIT_FAULT,	/* cpu->fault says what; cpu->pc is at the instruction */
	EXIT_PENDING,	/* cpu->pending is set (the caller clears it): a safepoint, state
			   complete at cpu->pc */
};

struct engine_options {
	const struct guest_arch *arch;
	size_t cache_size;	/* bytes of code memory; 0: default */
	unsigned max_insns;	/* guest instructions per region; 0: default */
	bool no_fold, one_insn, no_link, no_shadow, verify, stats;
	const char *host_features; /* "sse4.2", "avx", "avx2", NULL: all the host has */
	unsigned trace;		/* ENGINE_TRACE_* */
	bool perf_map, jitdump;
	/* The name of the code at a guest address, for the two; like rt_format(), 0: none. Called
	 * with the translation lock. */
	size_t (*describe)(uint64_t pc, char *buf, size_t size);
	void (*log)(const char *text, size_t length); /* where traces go */

	/*
	 * May the guest execute the page at `page`? 0, or the si_code of the SIGSEGV
	 * (SEGV_MAPERR, SEGV_ACCERR). Called without the translation lock.
	 */
	int (*check_exec)(uint64_t page);

	/*
	 * The guest said that code in [start, start + length) changed; its translations are
	 * gone already. Whoever knows other addresses of the same memory calls
	 * engine_invalidate() for them. NULL: there are none. Called like check_exec.
	 */
	void (*code_changed)(uint64_t start, uint64_t length);
};

enum {
	ENGINE_TRACE_DECODE = 1, ENGINE_TRACE_IR = 2, ENGINE_TRACE_X86 = 4,
	ENGINE_TRACE_EXEC = 8,
};

int engine_init(const struct engine_options *options);

/*
 * Prepares a cpu (memory from the caller: sizeof(struct cpu), zeroed, 64-byte aligned) for
 * running: shadow stack, jump cache. engine_thread_exit() gives back what it took.
 */
int engine_thread_init(struct cpu *cpu);
void engine_thread_exit(struct cpu *cpu);

/*
 * Runs the guest from cpu->pc until something needs the caller. All integer state is in
 * *cpu on return. Vector state stays in host registers (the caller is compiled without
 * them); use the next two functions around looking at or changing cpu->v.
 */
enum exit_reason engine_run(struct cpu *cpu);
/* The same for one instruction, breakpoint or not; EXIT_PENDING when it was nothing special. */
enum exit_reason engine_step(struct cpu *cpu);
void engine_vec_store(struct cpu *cpu); /* host registers -> cpu->v */
void engine_vec_load(struct cpu *cpu);	/* cpu->v -> host registers; MXCSR from cpu->mxcsr */

/* FPCR and FPSR as the guest would read and write them, for signal frames. Call
 * engine_vec_store() before reading; writing takes effect with engine_vec_load(). */
uint32_t engine_get_fpsr(struct cpu *cpu);
void engine_set_fpsr(struct cpu *cpu, uint32_t fpsr);
void engine_set_fpcr(struct cpu *cpu, uint32_t fpcr);

/* Asks the thread to leave translated code at its next safepoint. Async-signal-safe. */
static inline void engine_stop(struct cpu *cpu)
{
	__atomic_store_n(&cpu->pending, 1, __ATOMIC_RELEASE);
}

/*
 * For the host handler of SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGTRAP: was it translated
 * code? `uc` is the handler's ucontext (struct ucontext of the x86-64 kernel), `info` its
 * siginfo.
 *   ENGINE_FAULT_RESUME  repaired inside; return from the handler
 *   ENGINE_FAULT_GUEST   the guest's fault: *uc now leads to engine_run() returning
 *			  EXIT_FAULT with cpu->fault filled in; return from the handler
 *   ENGINE_FAULT_NOT_OURS the host pc is not in translated code
 */
enum engine_fault { ENGINE_FAULT_NOT_OURS, ENGINE_FAULT_RESUME, ENGINE_FAULT_GUEST };
enum engine_fault engine_handle_fault(struct cpu *cpu, int signo, void *info, void *uc);

/*
 * Guest code in [start, start + length) changed, was unmapped or became executable anew:
 * forgets its translations. Must be called by the thread that made the change, outside
 * engine_run().
 */
void engine_invalidate(uint64_t start, uint64_t length);

/*
 * Breakpoints: translated code stops before such an instruction, with EXIT_BREAKPOINT; guest
 * memory stays as it is. Threads that run see a change at their next look-up, so they had
 * better not. 0, or -ENOMEM when there are too many.
 */
int engine_breakpoint(uint64_t pc, bool set);
bool engine_has_breakpoint(uint64_t pc);
void engine_breakpoints_clear(void);

/*
 * Code in [start, start + length) is made at run time and will go on changing: translations
 * of other pages shall not depend on it, which would cost all of them at its first change.
 */
void engine_expect_changes(uint64_t start, uint64_t length);

/*
 * Around fork() (not vfork, not clone with CLONE_VM): the translator must be at rest while
 * memory is copied. `child`: in the new process, where only this thread exists.
 */
void engine_before_fork(struct cpu *cpu);
void engine_after_fork(struct cpu *cpu, bool child);

/* Copies the guest state (registers, flags, vectors, system registers) for clone. Vector
 * registers of `from` must be stored. */
void engine_copy_state(struct cpu *to, const struct cpu *from);

/* NZCV between the home image and the guest's bits 31:28. */
static inline uint32_t engine_get_nzcv(const struct cpu *cpu)
{
	unsigned f = cpu->nzcv;

	return (f & CPU_NZCV_N ? 1u << 31 : 0) | (f & CPU_NZCV_Z ? 1u << 30 : 0) |
	       (f & CPU_NZCV_NC ? 0 : 1u << 29) | (f & CPU_NZCV_V ? 1u << 28 : 0);
}

static inline void engine_set_nzcv(struct cpu *cpu, uint32_t nzcv)
{
	cpu->nzcv = (uint16_t)((nzcv >> 31 & 1 ? CPU_NZCV_N : 0) |
			       (nzcv >> 30 & 1 ? CPU_NZCV_Z : 0) |
			       (nzcv >> 29 & 1 ? 0 : CPU_NZCV_NC) |
			       (nzcv >> 28 & 1 ? CPU_NZCV_V : 0));
}

/* Counters since start, for --stats. */
struct engine_stats {
	uint64_t regions, blocks, guest_insns, host_bytes, cold_bytes, translate_ns;
	uint64_t flushes, links, lookups;
};
void engine_get_stats(struct engine_stats *ret);

/* Translates everything in [start, end) without running it (bench); returns the number of
 * guest instructions or negative errno. */
int64_t engine_translate_all(struct cpu *cpu, uint64_t start, uint64_t end);
