/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Running the engine inside an ordinary test program. The engine keeps guest state in vector
 * registers and MXCSR across the runtime, which a libc would not respect: jit_run() loads
 * them, runs, and takes them back, so that between two runs everything is in struct cpu.
 */
#pragma once

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "engine/engine.h"
#include "guest/a64/cpu.h"
#include "rt/uaccess.h"

/* Whose faults the handler reports; per thread. */
static __thread struct cpu *jit_current;

#define JIT_PLAIN __attribute__((target("general-regs-only"), unused)) static

/* A fault in one of the runtime's fault-safe copies: false when it was elsewhere. */
static inline bool jit_fix_copy(void *uc)
{
	greg_t *rip = &((ucontext_t *)uc)->uc_mcontext.gregs[REG_RIP];
	uint64_t fixup = uaccess_fixup((uint64_t)*rip);

	if (fixup)
		*rip = (greg_t)fixup;
	return fixup;
}

static inline void jit_handler(int signo, siginfo_t *info, void *uc)
{
	int saved = errno;

	if (info->si_code > 0 && jit_fix_copy(uc)) {
		errno = saved;
		return;
	}
	if (!jit_current ||
	    engine_handle_fault(jit_current, signo, info, uc) == ENGINE_FAULT_NOT_OURS) {
		signal(signo, SIG_DFL); /* happens again, and ends us */
		if (info->si_code <= 0)
			raise(signo);
	}
	errno = saved;
}

/* A stack for handlers of this thread: translated code has the shadow stack in rsp. */
static inline void jit_altstack(void)
{
	stack_t ss = { .ss_size = 64 << 10 };

	ss.ss_sp = malloc(ss.ss_size);
	if (!ss.ss_sp || sigaltstack(&ss, NULL))
		abort();
}

/* cmocka puts its own in place for every test. */
static inline void jit_handlers(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE };
	struct sigaction sa = { .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };

	sa.sa_sigaction = jit_handler;
	for (unsigned i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &sa, NULL);
}

/* A cpu for the calling thread. */
static inline struct cpu *jit_cpu(void)
{
	struct cpu *cpu = aligned_alloc(64, sizeof(*cpu));

	if (!cpu)
		abort();
	jit_altstack();
	memset(cpu, 0, sizeof(*cpu));
	if (engine_thread_init(cpu))
		abort();
	return cpu;
}

static inline void jit_cpu_free(struct cpu *cpu)
{
	engine_thread_exit(cpu);
	free(cpu);
}

JIT_PLAIN void jit_log(const char *text, size_t length)
{
	if (write(STDERR_FILENO, text, length) < 0)
		return;
}

/* The A64 engine with the options that are not zero in *opt. */
static inline void jit_init(const struct engine_options *opt)
{
	struct engine_options options = *opt;

	options.arch = &a64_arch;
	if (!options.log)
		options.log = jit_log;
	if (engine_init(&options)) {
		fprintf(stderr, "engine_init failed\n");
		abort();
	}
}

/* jit_run() when this thread ran the same cpu last and the handlers are in place. */
JIT_PLAIN __attribute__((noipa)) enum exit_reason jit_run_again(struct cpu *cpu)
{
	uint32_t mxcsr = 0;
	enum exit_reason why;

	__asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
	engine_vec_load(cpu);
	why = engine_run(cpu);
	engine_vec_store(cpu);
	__asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
	return why;
}

static inline enum exit_reason jit_run(struct cpu *cpu)
{
	jit_current = cpu;
	jit_handlers();
	return jit_run_again(cpu);
}
