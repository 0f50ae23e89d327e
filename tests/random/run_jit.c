/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs a program on the engine inside an ordinary process. The vector registers hold guest
 * state from engine_vec_load() on, so this file is compiled without them, and they are
 * stored before any other code runs. tags: tests/random - runner on the engine
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "tests/random/random.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/lib/jit.h"

static struct cpu cpu;

static void on_fault(int signo, siginfo_t *info, void *uc)
{
	if (info->si_code > 0 && jit_fix_copy(uc))
		return;
	if (engine_handle_fault(&cpu, signo, info, uc) == ENGINE_FAULT_NOT_OURS) {
		signal(signo, SIG_DFL);
		raise(signo);
	}
}

static void catch_faults(void)
{
	static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
	size_t size = 64 << 10;
	stack_t stack = {.ss_size = size};
	struct sigaction sa = {.sa_sigaction = on_fault,
			       .sa_flags = SA_SIGINFO | SA_ONSTACK};

	stack.ss_sp = malloc(size);
	sigaltstack(&stack, NULL);
	for (unsigned n = 0; n < sizeof(signals) / sizeof(signals[0]); n++)
		sigaction(signals[n], &sa, NULL);
}

static void write_log(const char *text, size_t length)
{
	if (write(2, text, length) < 0)
		abort();
}

/* mode: "" or "-nofold", "-one", "-nolink", "-noshadow", "-tiny", or host
 * features: "-sse", "-crypto" (SSE and AES, SHA), "-avx", "-avx2". */
int run_jit(uint64_t entry, const char *mode, bool pauth,
	    uint64_t (*call)(uint64_t number, const uint64_t *args))
{
	static const uint32_t host_mxcsr = 0x1f80;
	struct engine_options options = {
		.arch = &a64_arch,
		.no_fold = !strcmp(mode, "-nofold"),
		.one_insn = !strcmp(mode, "-one"),
		.no_link = !strcmp(mode, "-nolink"),
		.no_shadow = !strcmp(mode, "-noshadow"),
		.cache_size = strcmp(mode, "-tiny") ? 0 : 1 << 20,
		.host_features = !strcmp(mode, "-sse")	? "sse4.2" :
				 !strcmp(mode, "-crypto") ? "sse4.2-crypto" :
				 !strcmp(mode, "-avx")	? "avx" :
				 !strcmp(mode, "-avx2")	? "avx2" :
							  NULL,
		.verify = true,
		.log = write_log,
	};

	if (engine_init(&options) < 0 || engine_thread_init(&cpu) < 0)
		return 8;
	catch_faults();
	if (pauth)
		use_pauth(&cpu);
	cpu.pc = entry;
	for (;;) {
		enum exit_reason why;

		engine_vec_load(&cpu);
		why = engine_run(&cpu);
		engine_vec_store(&cpu);
		__asm__ volatile("ldmxcsr %0" : : "m"(host_mxcsr));
		if (why == EXIT_SYSCALL)
			cpu.r[0] = call(cpu.r[8], cpu.r);
		else if (why != EXIT_PENDING)
			return 16 + (int)why;
	}
}
