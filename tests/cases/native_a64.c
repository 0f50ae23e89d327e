/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs the AArch64 cases on an AArch64 processor, or under qemu: the expected states are
 * checked against somebody else's idea of the architecture. A signal handler puts the case's
 * state into the context that it returns to; the trap at the end comes back the same way.
 * tags: tests/cases - native executor
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "case.h"

#include <asm/sigcontext.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

static const struct test_case *current;
static struct case_state *result;
static ucontext_t saved;
static uint8_t saved_fp[sizeof(struct fpsimd_context)];

static struct fpsimd_context *find_fp(ucontext_t *uc)
{
	struct _aarch64_ctx *ctx = (void *)uc->uc_mcontext.__reserved;

	while (ctx->magic != FPSIMD_MAGIC) {
		if (!ctx->magic)
			abort();
		ctx = (void *)((char *)ctx + ctx->size);
	}
	return (void *)ctx;
}

static void enter(int signo, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	struct fpsimd_context *fp = find_fp(uc);
	const struct case_state *s = &current->before;

	(void)signo;
	(void)info;
	saved = *uc;
	memcpy(saved_fp, fp, sizeof(saved_fp));
	memcpy(uc->uc_mcontext.regs, s->x, sizeof(s->x));
	uc->uc_mcontext.sp = s->sp;
	uc->uc_mcontext.pc = s->pc;
	uc->uc_mcontext.pstate =
		(uc->uc_mcontext.pstate & ~UINT64_C(0xf0000000)) | s->nzcv << 28;
	fp->fpcr = (uint32_t)s->fpcr;
	fp->fpsr = (uint32_t)s->fpsr;
	memcpy(fp->vregs, s->v, sizeof(s->v));
}

static uint64_t exit_of(int signo, uint64_t pc)
{
	switch (signo) {
	case SIGTRAP: return *(uint32_t *)pc == CASE_FILLER ? CASE_END : CASE_BRK;
	case SIGILL: return CASE_UNDEF;
	case SIGBUS: return CASE_ALIGN;
	default: return CASE_SEGV;
	}
}

static void leave(int signo, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	struct fpsimd_context *fp = find_fp(uc);
	struct case_state *s = result;

	(void)info;
	memcpy(s->x, uc->uc_mcontext.regs, sizeof(s->x));
	s->sp = uc->uc_mcontext.sp;
	s->pc = uc->uc_mcontext.pc;
	s->nzcv = uc->uc_mcontext.pstate >> 28 & 15;
	s->fpcr = fp->fpcr;
	s->fpsr = fp->fpsr;
	memcpy(s->v, fp->vregs, sizeof(s->v));
	s->exit = exit_of(signo, s->pc < CASE_CODE || s->pc >= CASE_CODE + CASE_PAGE
					 ? (uint64_t)(uintptr_t)&signo
					 : s->pc);
	memcpy(fp, saved_fp, sizeof(saved_fp));
	memcpy(uc->uc_mcontext.regs, saved.uc_mcontext.regs,
	       sizeof(saved.uc_mcontext.regs));
	uc->uc_mcontext.sp = saved.uc_mcontext.sp;
	uc->uc_mcontext.pc = saved.uc_mcontext.pc;
	uc->uc_mcontext.pstate = saved.uc_mcontext.pstate;
}

static bool run(const struct test_case *c, struct case_state *ret,
		const char **ret_reason)
{
	if (c->not_qemu) {
		*ret_reason = c->note;
		return false;
	}
	memset(ret, 0, sizeof(*ret));
	current = c;
	result = ret;
	raise(SIGUSR1);
	return true;
}

int main(int argc, char **argv)
{
	static const int exits[] = {SIGTRAP, SIGILL, SIGBUS, SIGSEGV};
	static char stack[65536];
	stack_t altstack = {.ss_sp = stack, .ss_size = sizeof(stack)};
	struct sigaction sa = {.sa_flags = SA_SIGINFO | SA_ONSTACK};

	sigaltstack(&altstack, NULL);
	sa.sa_sigaction = enter;
	sigaction(SIGUSR1, &sa, NULL);
	sa.sa_sigaction = leave;
	for (unsigned i = 0; i < sizeof(exits) / sizeof(exits[0]); i++)
		sigaction(exits[i], &sa, NULL);
	return case_main(argc, argv, run);
}
