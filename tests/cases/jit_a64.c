/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs the AArch64 cases through the whole engine: jit_a64 MODE FILE... Every case runs
 * twice, the second time with the translation (and its links) of the first.
 * tags: tests/cases - JIT executor
 */
#include "case.h"

#include <errno.h>

#include "tests/lib/jit.h"

static struct cpu *cpu;

static void load_state(const struct case_state *s)
{
	memcpy(cpu->r, s->x, sizeof(s->x));
	cpu->r[IR_SP] = s->sp;
	cpu->pc = s->pc;
	engine_set_nzcv(cpu, (uint32_t)s->nzcv << 28);
	memcpy(cpu->v, s->v, sizeof(s->v));
	memset(cpu->sys, 0, sizeof(cpu->sys));
	cpu->mxcsr = 0;
	cpu->excl_size = 0;
	engine_set_fpcr(cpu, (uint32_t)s->fpcr);
	engine_set_fpsr(cpu, (uint32_t)s->fpsr);
}

static void store_state(struct case_state *s)
{
	memset(s, 0, sizeof(*s));
	memcpy(s->x, cpu->r, sizeof(s->x));
	s->sp = cpu->r[IR_SP];
	s->pc = cpu->pc;
	s->nzcv = engine_get_nzcv(cpu) >> 28;
	memcpy(s->v, cpu->v, sizeof(s->v));
	s->fpcr = cpu->fpcr;
	s->fpsr = engine_get_fpsr(cpu);
}

static bool run(const struct test_case *c, struct case_state *ret, const char **ret_reason)
{
	(void)ret_reason;
	for (int times = 0; times < 2; times++) {
		enum exit_reason why;

		if (times) {
			memcpy(ret->mem, (void *)(uintptr_t)CASE_DATA, CASE_DATA_LEN);
			if (memcmp(ret, &c->after, sizeof(*ret)))
				return true;
			case_place(c);
		} else {
			engine_invalidate(CASE_CODE, CASE_PAGE);
		}
		load_state(&c->before);
		why = jit_run(cpu);
		store_state(ret);
		switch (why) {
		case EXIT_BREAKPOINT:
			ret->exit = cpu->exit_info == CASE_FILLER_IMM ? CASE_END : CASE_BRK;
			break;
		case EXIT_SYSCALL: ret->exit = CASE_SVC; break;
		case EXIT_FAULT:
			ret->exit = cpu->fault.signo == SIGBUS ? CASE_ALIGN : CASE_SEGV;
			break;
		default: ret->exit = CASE_UNDEF;
		}
	}
	return true;
}

int main(int argc, char **argv)
{
	struct engine_options opt = { 0 };
	const char *mode = argc > 1 ? argv[1] : "";

	if (!strcmp(mode, "no_fold"))
		opt.no_fold = true;
	else if (!strcmp(mode, "one_insn"))
		opt.one_insn = true;
	else if (!strcmp(mode, "no_link"))
		opt.no_link = true;
	else if (!strcmp(mode, "no_shadow"))
		opt.no_shadow = true;
	else if (!strcmp(mode, "verify"))
		opt.verify = true;
	else if (!strncmp(mode, "host=", 5))
		opt.host_features = mode + 5;
	else if (strcmp(mode, "default")) {
		fprintf(stderr, "usage: jit_a64 MODE FILE...\n");
		return 2;
	}
	jit_init(&opt);
	cpu = jit_cpu();
	return case_main(argc - 1, argv + 1, run);
}
