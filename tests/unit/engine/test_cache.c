/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Code that changes, translations that are thrown away, a cache that is far too small. */
#include "program.h"

static struct cpu *cpu;

/* The host rewrites a function between runs; callers reach it by every kind of branch. */
static void test_rewrite(void **state)
{
	static const uint32_t callers[] = { 0x94000000 /* bl */, 0xd63f0120 /* blr x9 */ };

	(void)state;
	for (unsigned way = 0; way < 4; way++) {
		uint64_t f = CODE + (way & 1 ? 0x200 : 0x3000);

		code_clear();
		PUT(mov(21, LR), movz(22, 5));
		if (way < 2)
			put(callers[0] | ((unsigned)words_to(f) & 0x3ffffff));
		else
			put(callers[1]);
		PUT(subsi(22, 22, 1), bc(NE, -2), ret(21));
		for (unsigned n = 1; n < 6; n++) {
			code_seek((unsigned)(f - CODE));
			PUT(addi(0, 0, n), ret(LR));
			engine_invalidate(f, 8);
			cpu->r[0] = 0;
			cpu->r[9] = f;
			assert_returns(cpu, CODE);
			assert_int_equal(cpu->r[0], 5 * n);
		}
	}
}

/* The guest writes `add x0, x0, #n; ret` and calls it, with cache maintenance. */
static void test_guest_writes(void **state)
{
	(void)state;
	for (unsigned far = 0; far < 2; far++) {
		uint64_t f = CODE + (far ? 0x3000 : 0x100), loop;

		code_clear();
		PUT(mov(21, LR), movz(22, 200), movz(0, 0));
		put_const(9, f);
		put_const(10, addi(0, 0, 0));
		put_const(11, ret(LR));
		loop = here();
		PUT(0x0b16294c /* add w12, w10, w22, lsl #10 */, 0xb900012c /* str w12, [x9] */,
		    0xb900052b /* str w11, [x9, #4] */, 0xd50b7b29 /* dc cvau, x9 */,
		    0xd5033b9f /* dsb ish */, ic_ivau(9), 0xd5033b9f, ISB, blr(9),
		    subsi(22, 22, 1));
		put(bc(NE, words_to(loop)));
		put(ret(21));
		assert_returns(cpu, CODE);
		assert_int_equal(cpu->r[0], 200 * 201 / 2);
	}
}

/* The instructions right behind the maintenance change, and a return into changed code. */
static void test_changes_behind(void **state)
{
	uint64_t change, f;

	(void)state;
	code_clear();
	change = CODE + 15 * 4;
	PUT(mov(21, LR), NOP, NOP);
	put_const(9, change);
	put_const(10, (uint64_t)addi(0, 0, 7));
	PUT(0xb900012a /* str w10, [x9] */, ic_ivau(9), 0xd5033b9f, ISB);
	assert_true(here() == change);
	PUT(addi(0, 0, 1), ret(21));
	for (int i = 0; i < 2; i++) {
		code_seek((unsigned)(change - CODE));
		put(addi(0, 0, 1));
		engine_invalidate(change, 4);
		cpu->r[0] = 0;
		assert_returns(cpu, CODE);
		assert_int_equal(cpu->r[0], 7);
	}
	/* f changes what its caller does next */
	code_clear();
	f = CODE + 0x2000;
	PUT(mov(21, LR), movz(0, 0));
	put_const(9, CODE + 11 * 4);
	put_const(10, (uint64_t)addi(0, 0, 9));
	put(bl(words_to(f)));
	PUT(addi(0, 0, 1), ret(21));
	code_seek((unsigned)(f - CODE));
	PUT(0xb900012a, ic_ivau(9), 0xd5033b9f, ISB, ret(LR));
	for (int i = 0; i < 3; i++) {
		*(uint32_t *)(uintptr_t)(CODE + 11 * 4) = addi(0, 0, 1);
		engine_invalidate(CODE, 4096);
		assert_returns(cpu, CODE);
		assert_int_equal(cpu->r[0], 9);
	}
}

/* Code that is expected to change is not looked into, and costs nothing when it changes. */
static void test_expected_changes(void **state)
{
	struct engine_stats before, after;

	(void)state;
	engine_expect_changes(CODE + 8192, 4096);
	code_clear();
	PUT(subs(XZR, 1, 2), b(2047));
	code_seek(8192);
	PUT(subs(XZR, 2, 2), cset(3, EQ), svc(1));
	cpu->r[2] = 5;
	cpu->pc = CODE;
	assert_int_equal(jit_run(cpu), EXIT_SYSCALL);
	code_seek(8192);
	PUT(cset(3, EQ), cset(4, CC), svc(1));
	engine_get_stats(&before);
	engine_invalidate(CODE + 8192, 4096);
	for (unsigned i = 3; i < 8; i++) {
		cpu->r[1] = i;
		cpu->pc = CODE;
		assert_int_equal(jit_run(cpu), EXIT_SYSCALL);
		assert_int_equal(cpu->r[3], i == 5);
		assert_int_equal(cpu->r[4], i < 5);
	}
	engine_get_stats(&after);
	assert_int_equal(after.flushes, before.flushes);
}

/* A page that was looked into for its use of flags changes its mind. */
static void test_peeked_page(void **state)
{
	(void)state;
	code_clear();
	PUT(subs(XZR, 1, 2), b(1023));
	code_seek(4096);
	PUT(subs(XZR, 2, 2), cset(3, EQ), svc(1));
	cpu->r[1] = 5;
	cpu->r[2] = 5;
	cpu->pc = CODE;
	assert_int_equal(jit_run(cpu), EXIT_SYSCALL);
	assert_int_equal(cpu->r[3], 1);
	code_seek(4096);
	PUT(cset(3, EQ), cset(4, CC), svc(1));
	/* among many other pages that nothing knows */
	engine_invalidate(CODE + 4096, 100 << 12);
	for (unsigned i = 3; i < 8; i++) {
		cpu->r[1] = i;
		cpu->pc = CODE;
		assert_int_equal(jit_run(cpu), EXIT_SYSCALL);
		assert_int_equal(cpu->r[3], i == 5);
		assert_int_equal(cpu->r[4], i < 5);
	}
}

static void test_program(void **state)
{
	const struct engine_options *opt = *state;
	unsigned rounds = opt->one_insn ? 3000 : opt->cache_size ? 30000 : 60000;
	uint64_t rng = 77;
	struct engine_stats before, stats;

	engine_get_stats(&before);
	program_make(&rng);
	for (unsigned i = 0; i < 2; i++) {
		program_start(cpu, i, rounds, i + 1);
		assert_returns(cpu, PROGRAM_MAIN);
		assert_int_equal(cpu->r[0], program_run_model(i, rounds, i + 1));
	}
	engine_get_stats(&stats);
	stats.flushes -= before.flushes;
	printf("# %llu regions, %llu flushes, %llu links\n",
	       (unsigned long long)(stats.regions - before.regions),
	       (unsigned long long)stats.flushes,
	       (unsigned long long)(stats.links - before.links));
	assert_true(opt->cache_size ? stats.flushes > 3 : !stats.flushes);
}

/* The same while pages of it are invalidated all the time. */
static void test_program_invalidated(void **state)
{
	uint64_t rng = 5, x = 3;

	(void)state;
	program_make(&rng);
	for (unsigned i = 0; i < 400; i++) {
		uint64_t r = unit_random(&rng);

		program_start(cpu, x, 60, i);
		assert_returns(cpu, PROGRAM_MAIN);
		x = program_run_model(x, 60, i);
		assert_int_equal(cpu->r[0], x);
		engine_invalidate(CODE + (r % CODE_PAGES) * 4096, r & 1 ? 4096 : 1);
		if (r >> 16 % 16 == 0)
			engine_invalidate(CODE, CODE_PAGES * 4096);
		/* change a function in place */
		if (r & 2) {
			struct function *f = &functions[r >> 20 & 1023];

			f->add ^= 0x55;
			*(uint32_t *)(uintptr_t)f->pc = movz(10, f->add);
			engine_invalidate(f->pc, 4);
		}
	}
}

static void test_translate_all(void **state)
{
	uint64_t rng = 9;
	int64_t n;

	(void)state;
	program_make(&rng);
	n = engine_translate_all(cpu, CODE, functions[FUNCTIONS - 1].pc);
	assert_true(n > 2 * FUNCTIONS);
	program_start(cpu, 1, 1000, 2);
	assert_returns(cpu, PROGRAM_MAIN);
	assert_int_equal(cpu->r[0], program_run_model(1, 1000, 2));
}

static int start(void **state)
{
	jit_init(*state);
	cpu = jit_cpu();
	return 0;
}

static int stop(void **state)
{
	(void)state;
	jit_cpu_free(cpu);
	return 0;
}

int main(void)
{
	static struct engine_options plain, no_link = { .no_link = true },
				     no_shadow = { .no_shadow = true },
				     one_insn = { .one_insn = true }, verify = { .verify = true },
				     small = { .cache_size = 128 << 10 },
				     tiny = { .cache_size = 64 << 10 },
				     few = { .max_insns = 1 };
#define TEST(f, m) { #f ", " #m, f, start, stop, &m }
	const struct CMUnitTest tests[] = {
		TEST(test_rewrite, plain), TEST(test_guest_writes, plain),
		TEST(test_changes_behind, plain), TEST(test_expected_changes, plain),
		TEST(test_peeked_page, plain),
		TEST(test_program, plain), TEST(test_program_invalidated, plain),
		TEST(test_translate_all, plain),
		TEST(test_rewrite, no_link), TEST(test_guest_writes, no_shadow),
		TEST(test_changes_behind, no_shadow), TEST(test_rewrite, one_insn),
		TEST(test_guest_writes, one_insn), TEST(test_program, one_insn),
		TEST(test_program, no_link), TEST(test_program, no_shadow),
		TEST(test_program, verify), TEST(test_program, few),
		TEST(test_program, small), TEST(test_program, tiny),
		TEST(test_program_invalidated, small), TEST(test_program_invalidated, tiny),
		TEST(test_translate_all, tiny),
	};

	code_map();
	return cmocka_run_group_tests_name("engine: changing code, small caches", tests, NULL, NULL);
}
