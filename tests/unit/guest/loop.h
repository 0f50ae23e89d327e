/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One instruction on arrays, by the evaluator and by the engine: a guest loop that loads v2, v0
 * and v1 from three arrays, executes the instruction and stores v2 over the first one.
 * Tests of this kind print their own TAP, once for each set of host features (loop_main()).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/lib/jit.h"

#include "jit/ir/ir.h"

#define LOOP_INSN 3 /* index of the instruction's word; two more may bring its result to v2 */
#define LOOP_NOP  0xd503201fu

#define LOOP_PAGES 256

static const uint32_t loop_words[] = {
	0x3dc00002, /* ldr q2, [x0] */
	0x3cc10420, /* ldr q0, [x1], #16 */
	0x3cc10441, /* ldr q1, [x2], #16 */
	0,
	LOOP_NOP,
	LOOP_NOP,
	0x3c810402, /* str q2, [x0], #16 */
	0xf1000463, /* subs x3, x3, #1 */
	0x54ffff01, /* b.ne to the first one */
	0xd4200000, /* brk #0 */
};
static uint32_t loop_memory[LOOP_PAGES][1024] __attribute__((aligned(4096)));
static uint32_t *loop_code = loop_memory[0];

static struct cpu *loop_cpu;
static uint32_t loop_fpsr; /* what FPSR holds before */
static const char *loop_host; /* features of this process, or NULL: all */

/* At a new place: an instruction that traps a few times at one place is only evaluated from
 * then on, and it is the translation that is of interest. */
static void loop_set_three(uint32_t word, uint32_t then, uint32_t last)
{
	static unsigned page;

	loop_code = loop_memory[++page % LOOP_PAGES];
	memcpy(loop_code, loop_words, sizeof(loop_words));
	loop_code[LOOP_INSN] = word;
	loop_code[LOOP_INSN + 1] = then;
	loop_code[LOOP_INSN + 2] = last;
	engine_invalidate((uintptr_t)loop_code, 4096);
}

static inline void loop_set(uint32_t word)
{
	loop_set_three(word, LOOP_NOP, LOOP_NOP);
}

static void loop_start(struct cpu *cpu, void *d, const void *a, const void *b, unsigned count,
		       uint32_t fpcr)
{
	cpu->r[0] = (uintptr_t)d;
	cpu->r[1] = (uintptr_t)a;
	cpu->r[2] = (uintptr_t)b;
	cpu->r[3] = count;
	cpu->pc = (uintptr_t)loop_code;
	engine_set_fpcr(cpu, fpcr);
	engine_set_fpsr(cpu, loop_fpsr);
}

/* Both return FPSR. */
static uint32_t loop_jit(void *d, const void *a, const void *b, unsigned count, uint32_t fpcr)
{
	enum exit_reason why;

	loop_start(loop_cpu, d, a, b, count, fpcr);
	why = jit_run_again(loop_cpu);
	if (why != EXIT_BREAKPOINT) {
		printf("Bail out! the engine left with %d\n", why);
		exit(1);
	}
	return engine_get_fpsr(loop_cpu);
}

static uint32_t loop_eval(void *d, const void *a, const void *b, unsigned count, uint32_t fpcr)
{
	static struct ir_region region;
	static struct cpu cpu;
	struct ir_builder builder = { .region = &region };
	struct guest_block_end end;

	loop_start(&cpu, d, a, b, count, fpcr);
	/* The first time around everything is lifted, from then on only evaluated. */
	region.page = (uintptr_t)loop_code;
	region.nops = region.nblocks = region.ninsns = 0;
	a64_arch.lift_block(&builder, cpu.pc, cpu.pc + 4096, IR_MAX_INSNS, &end);
	while (cpu.pc == (uintptr_t)loop_code) {
		enum ir_eval_exit why = ir_eval(&region, 0, &cpu);

		if (why != IR_EVAL_NEXT) {
			printf("Bail out! the evaluator left with %d\n", why);
			exit(1);
		}
	}
	return cpu_get_fpsr(&cpu);
}

/* The engine cares for all that FPSR tells from when a guest looks at it. */
static void loop_look_at_fpsr(void)
{
	static const uint32_t words[] = { 0xd53b4424 /* mrs x4, fpsr */, 0xd4200000 /* brk #0 */ };

	memcpy(loop_memory[0], words, sizeof(words));
	loop_cpu->pc = (uintptr_t)loop_memory[0];
	if (jit_run_again(loop_cpu) != EXIT_BREAKPOINT)
		abort();
}

/* ---- TAP ---- */

static unsigned loop_number, loop_bad;

static void loop_result(const char *name, unsigned long wrong)
{
	printf("%sok %u - %s (%s)", wrong ? "not " : "", ++loop_number, name,
	       loop_host ? loop_host : "all features");
	if (wrong)
		printf(": %lu wrong", wrong);
	putchar('\n');
	loop_bad += wrong != 0;
}

/* A word that is tested, for the coverage page. */
static inline void loop_list(uint32_t word)
{
	printf("%08x\n", word);
}

/* Runs all `tests` results of fn() with each set of host features; with an argument: prints
 * the words. */
static int loop_main(int argc, unsigned tests, void (*fn)(void), void (*list)(void))
{
	static const char *const hosts[] = { NULL, "avx2", "avx", "sse4.2" };
	unsigned bad = 0;

	if (argc > 1) {
		list();
		return 0;
	}
	printf("1..%zu\n", sizeof(hosts) / sizeof(hosts[0]) * tests);
	for (unsigned n = 0; n < sizeof(hosts) / sizeof(hosts[0]); n++) {
		int status;
		pid_t child;

		fflush(stdout);
		child = fork();
		if (!child) {
			struct engine_options options = { .host_features = hosts[n] };

			jit_init(&options);
			loop_cpu = jit_cpu();
			jit_current = loop_cpu;
			jit_handlers();
			loop_look_at_fpsr();
			loop_host = hosts[n];
			loop_number = n * tests;
			fn();
			fflush(stdout);
			_exit(loop_bad != 0 || loop_number != (n + 1) * tests);
		}
		waitpid(child, &status, 0);
		bad += status != 0;
	}
	return bad != 0;
}
