/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs the AArch64 cases through the front end and the evaluator of the IR.
 * tests/cases - evaluator
 */
#include "case.h"

#include <string.h>

#include "guest/a64/cpu.h"
#include "jit/ir/ir.h"

/* Blocks that one case may run. */
#define MAX_BLOCKS 64

static struct cpu cpu;
static struct ir_region region;

static void load_state(const struct case_state *s)
{
	memset(&cpu, 0, sizeof(cpu));
	memcpy(cpu.r, s->x, sizeof(s->x));
	cpu.r[IR_SP] = s->sp;
	cpu.pc = s->pc;
	cpu.nzcv = (uint16_t)((s->nzcv & IR_FLAG_N ? CPU_NZCV_N : 0) |
			      (s->nzcv & IR_FLAG_Z ? CPU_NZCV_Z : 0) |
			      (s->nzcv & IR_FLAG_C ? 0 : CPU_NZCV_NC) |
			      (s->nzcv & IR_FLAG_V ? CPU_NZCV_V : 0));
	memcpy(cpu.v, s->v, sizeof(s->v));
	cpu_set_fpcr(&cpu, (uint32_t)s->fpcr);
	cpu_set_fpsr(&cpu, (uint32_t)s->fpsr);
}

static void store_state(struct case_state *s)
{
	memset(s, 0, sizeof(*s));
	memcpy(s->x, cpu.r, sizeof(s->x));
	s->sp = cpu.r[IR_SP];
	s->pc = cpu.pc;
	s->nzcv = (cpu.nzcv & CPU_NZCV_N ? IR_FLAG_N : 0) |
		  (cpu.nzcv & CPU_NZCV_Z ? IR_FLAG_Z : 0) |
		  (cpu.nzcv & CPU_NZCV_NC ? 0 : IR_FLAG_C) |
		  (cpu.nzcv & CPU_NZCV_V ? IR_FLAG_V : 0);
	memcpy(s->v, cpu.v, sizeof(s->v));
	s->fpcr = cpu.fpcr;
	s->fpsr = cpu_get_fpsr(&cpu);
}

static bool run(const struct test_case *c, struct case_state *ret,
		const char **ret_reason)
{
	static char message[200];
	struct guest_block_end end;
	struct ir_builder b = {.region = &region};

	if (c->after.exit == CASE_SEGV) {
		*ret_reason = "the evaluator does not catch faults";
		return false;
	}
	load_state(&c->before);
	for (unsigned i = 0; i < MAX_BLOCKS; i++) {
		enum ir_eval_exit why;

		if (cpu.pc - CASE_CODE >= CASE_PAGE)
			break;
		region.page = CASE_CODE;
		region.nops = region.nblocks = region.ninsns = 0;
		a64_arch.lift_block(&b, cpu.pc, CASE_CODE + CASE_PAGE, IR_MAX_INSNS,
				    &end);
		if (ir_verify(&region, message, sizeof(message))) {
			printf("# %s:%u: verifier: %s\n", c->file, c->line, message);
			memset(ret, 0, sizeof(*ret));
			return true;
		}
		why = ir_eval(&region, 0, &cpu);
		if (why == IR_EVAL_NEXT || why == IR_EVAL_SYNC || why == IR_EVAL_ICACHE)
			continue;
		store_state(ret);
		switch (why) {
		case IR_EVAL_BRK:
			ret->exit =
				cpu.exit_info == CASE_FILLER_IMM ? CASE_END : CASE_BRK;
			break;
		case IR_EVAL_SVC: ret->exit = CASE_SVC; break;
		case IR_EVAL_ALIGN: ret->exit = CASE_ALIGN; break;
		default: ret->exit = CASE_UNDEF;
		}
		return true;
	}
	store_state(ret);
	ret->exit = CASE_SEGV; /* left the code page */
	return true;
}

int main(int argc, char **argv)
{
	ir_helpers = a64_arch.helpers;
	return case_main(argc, argv, run);
}
