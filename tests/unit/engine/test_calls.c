/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls, returns, indirect branches and blocks that are entered in the middle. */
#include "code.h"

static struct cpu *cpu;

/* fib(x0), recursive, with a frame. */
static uint64_t put_fib(void)
{
	uint64_t fib = here();

	PUT(subsi(XZR, 0, 2), bc(CS, 2), ret(LR));
	PUT(stp_pre(LR, 19, 31, -32), str(20, 31, 16));
	PUT(mov(19, 0), subi(0, 19, 1));
	put(bl(words_to(fib)));
	PUT(mov(20, 0), subi(0, 19, 2));
	put(bl(words_to(fib)));
	PUT(add(0, 0, 20), ldr(20, 31, 16), ldp_post(LR, 19, 31, 32), ret(LR));
	return fib;
}

static void test_recursion(void **state)
{
	uint64_t fib;

	(void)state;
	code_clear();
	fib = put_fib();
	cpu->r[0] = 20;
	cpu->r[19] = 0x1919;
	cpu->r[20] = 0x2020;
	assert_returns(cpu, fib);
	assert_int_equal(cpu->r[0], 6765);
	assert_int_equal(cpu->r[19], 0x1919);
	assert_int_equal(cpu->r[20], 0x2020);
}

/* sum(n) = n + sum(n - 1), much deeper than the shadow stack, twice. */
static void test_deep(void **state)
{
	uint64_t sum;

	(void)state;
	code_clear();
	sum = here();
	PUT(cbnz(0, 2), ret(LR), stp_pre(LR, 0, 31, -16), subi(0, 0, 1));
	put(bl(words_to(sum)));
	PUT(ldp_post(LR, 1, 31, 16), add(0, 0, 1), ret(LR));
	for (int i = 0; i < 2; i++) {
		cpu->r[0] = 200000;
		assert_returns(cpu, sum);
		assert_int_equal(cpu->r[0], 200000ull * 200001 / 2);
	}
	/* the same through a register */
	code_clear();
	sum = here();
	PUT(cbnz(0, 2), ret(LR), stp_pre(LR, 0, 31, -16), subi(0, 0, 1), blr(9));
	PUT(ldp_post(LR, 1, 31, 16), add(0, 0, 1), ret(LR));
	cpu->r[0] = 100000;
	cpu->r[9] = sum;
	assert_returns(cpu, sum);
	assert_int_equal(cpu->r[0], 100000ull * 100001 / 2);
}

/* The innermost of `depth` frames returns to the first one's caller, again and again. */
static void test_longjmp(void **state)
{
	static const unsigned depths[] = { 1, 2, 5, 11, 12, 13, 14, 40, 3000 };

	(void)state;
	for (unsigned i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
		uint64_t f, main_;

		code_clear();
		/* f: x1 levels deeper, then lr and sp of x19, x20 */
		f = here();
		PUT(cbz(1, 5), subi(1, 1, 1), stp_pre(LR, 1, 31, -16));
		put(bl(words_to(f)));
		put(trap(1)); /* nobody returns here */
		PUT(addi(31, 20, 0), addi(0, 0, 1), ret(19));
		main_ = here();
		PUT(mov(21, LR), addi(20, 31, 0), movz(22, 50));
		/* loop: lr of the call goes to x19 as setjmp would have it */
		PUT(movz(1, depths[i]));
		put_const(19, here() + 4 * 4 + 4);
		put(bl(words_to(f)));
		PUT(subsi(22, 22, 1), bc(NE, -7), ret(21));
		cpu->r[0] = 0;
		assert_returns(cpu, main_);
		assert_int_equal(cpu->r[0], 50);
	}
}

/* Two sides that call one switch routine, which returns to the other side's call. */
static void test_coroutines(void **state)
{
	uint64_t swap, side, main_;

	(void)state;
	code_clear();
	swap = here();
	PUT(mov(9, LR), mov(LR, 19), mov(19, 9), ret(LR));
	side = here();
	put(addi(0, 0, 3));
	put(bl(words_to(swap)));
	put(b(-2));
	main_ = here();
	PUT(mov(21, LR), movz(22, 1000));
	put_const(19, side);
	put(addi(0, 0, 1));
	put(bl(words_to(swap)));
	PUT(subsi(22, 22, 1), bc(NE, -3), ret(21));
	cpu->r[0] = 0;
	assert_returns(cpu, main_);
	assert_int_equal(cpu->r[0], 4000);
}

/* One call site and one jump site, many targets in turn. */
static void test_inline_caches(void **state)
{
	static const unsigned ntargets[] = { 1, 2, 3, 7 };

	(void)state;
	for (unsigned k = 0; k < 4; k++) {
		uint64_t targets[8], main_, table;
		unsigned n = ntargets[k];
		uint64_t want = 0;

		code_clear();
		for (unsigned i = 0; i < n; i++) {
			targets[i] = here();
			PUT(madd(0, 0, 9, 10), addi(0, 0, i + 1), ret(LR));
		}
		table = CODE + 0x8000;
		memcpy((void *)(uintptr_t)table, targets, sizeof(targets[0]) * n);
		main_ = here();
		PUT(mov(21, LR), movz(22, 300), movz(9, 31), movz(10, 7));
		put_const(19, table);
		PUT(movz(20, 0));
		/* loop: x1 = table[x20]; blr x1; next */
		PUT(0xf8747a61 /* ldr x1, [x19, x20, lsl #3] */, blr(1), addi(20, 20, 1));
		PUT(subsi(XZR, 20, n), bc(NE, 2), movz(20, 0));
		PUT(subsi(22, 22, 1), bc(NE, -7), ret(21));
		cpu->r[0] = 0;
		assert_returns(cpu, main_);
		for (unsigned i = 0; i < 300; i++)
			want = want * 31 + 7 + i % n + 1;
		assert_int_equal(cpu->r[0], want);
	}
}

static void test_jump_table(void **state)
{
	uint64_t targets[4], main_, table = CODE + 0x8000, want = 0;

	(void)state;
	code_clear();
	for (unsigned i = 0; i < 4; i++) {
		targets[i] = here();
		PUT(madd(0, 0, 9, 10), addi(0, 0, i + 1), br(11));
	}
	memcpy((void *)(uintptr_t)table, targets, sizeof(targets));
	main_ = here();
	PUT(mov(21, LR), movz(22, 400), movz(9, 31), movz(10, 7));
	put_const(19, table);
	put_const(11, here() + 4 * 4 + 4 * 3);
	PUT(0x924006d4 /* and x20, x22, #3 */, 0xf8747a61 /* ldr x1, [x19, x20, lsl #3] */, br(1));
	PUT(subsi(22, 22, 1), bc(NE, -4), ret(21));
	cpu->r[0] = 0;
	assert_returns(cpu, main_);
	for (unsigned i = 400; i; i--)
		want = want * 31 + 7 + i % 4 + 1;
	assert_int_equal(cpu->r[0], want);
}

/* Jumps to nowhere: exact pc and address. */
static void test_bad_targets(void **state)
{
	static const uint64_t bad[] = { ~0ull, ~1ull, 2, 0x330000002 };

	(void)state;
	for (unsigned i = 0; i < 8; i++) {
		code_clear();
		PUT(movz(1, 5), i < 4 ? br(0) : blr(0));
		cpu->r[0] = bad[i & 3];
		assert_int_equal(run_at(cpu, CODE), EXIT_FAULT);
		assert_int_equal(cpu->pc, bad[i & 3]);
		assert_int_equal(cpu->fault.addr, bad[i & 3]);
		assert_int_equal(cpu->fault.signo, SIGBUS);
		if (i >= 4)
			assert_int_equal(cpu->r[LR], CODE + 8);
	}
	code_clear();
	PUT(movz(1, 5), br(0));
	cpu->r[0] = 0x10000;
	assert_int_equal(run_at(cpu, CODE), EXIT_FAULT);
	assert_int_equal(cpu->pc, 0x10000);
	assert_int_equal(cpu->fault.addr, 0x10000);
	assert_int_equal(cpu->fault.signo, SIGSEGV);
	assert_int_equal(cpu->fault.code, SEGV_MAPERR);
}

/* Every instruction of a straight piece as an entry, in rising and falling order, and
 * branches from behind into its middle. */
static void test_splits(void **state)
{
	(void)state;
	for (int way = 0; way < 3; way++) {
		uint64_t start;

		code_clear();
		start = here();
		for (unsigned i = 0; i < 16; i++)
			put(addi(0, 0, 1u << (i & 7)));
		put(ret(LR));
		for (unsigned k = 0; k < 16; k++) {
			unsigned from = way == 1 ? 15 - k : way == 2 ? k * 7 % 16 : k;
			uint64_t want = 0;

			cpu->r[0] = 0;
			assert_returns(cpu, start + 4 * from);
			for (unsigned i = from; i < 16; i++)
				want += 1u << (i & 7);
			assert_int_equal(cpu->r[0], want);
		}
	}
	/* one region: a loop whose back edges lead to several places of its body */
	code_clear();
	PUT(movz(0, 0), movz(1, 0));
	PUT(addi(0, 0, 1), addi(0, 0, 10), NOP, addi(0, 0, 100), addi(1, 1, 1));
	PUT(subsi(XZR, 1, 1), bc(EQ, -5), subsi(XZR, 1, 2), bc(EQ, -6), subsi(XZR, 1, 3),
	    bc(EQ, -7), ret(LR));
	assert_returns(cpu, CODE);
	assert_int_equal(cpu->r[0], 111 + 110 + 100 + 100);
	assert_int_equal(cpu->r[1], 4);
}

/* Flags across calls, returns, links between pages and split blocks. */
static void test_flags_across(void **state)
{
	uint64_t f;

	(void)state;
	code_clear();
	f = code_seek(3 * 4096);
	PUT(cset(1, CC), cset(2, LT), adc(3, XZR, XZR), subs(XZR, 5, 6), ret(LR));
	code_seek(0);
	PUT(mov(21, LR), subs(XZR, 4, 5));
	put(bl(words_to(f)));
	PUT(cset(7, HI), cset(8, GT), subs(XZR, 4, 5), b(1024 - 6));
	code_seek(4096);
	PUT(cset(9, CC), ret(21));
	for (int i = 0; i < 3; i++) {
		cpu->r[4] = 1;
		cpu->r[5] = 2;
		cpu->r[6] = (uint64_t)-3;
		assert_returns(cpu, CODE);
		assert_int_equal(cpu->r[1], 1);
		assert_int_equal(cpu->r[2], 1);
		assert_int_equal(cpu->r[3], 0);
		assert_int_equal(cpu->r[7], 0);
		assert_int_equal(cpu->r[8], 1);
		assert_int_equal(cpu->r[9], 1);
	}
}

static int start(void **state)
{
	const struct engine_options *opt = *state;

	jit_init(opt);
	cpu = jit_cpu();
	return 0;
}

static int stop(void **state)
{
	(void)state;
	jit_cpu_free(cpu);
	return 0;
}

#define TEST(f) { #f, f }

int main(void)
{
	static struct engine_options modes[] = {
		{ 0 }, { .no_link = true }, { .no_shadow = true }, { .one_insn = true },
		{ .no_fold = true }, { .verify = true }, { .max_insns = 3 },
	};
	static const char *const names[] = { "default", "no_link", "no_shadow", "one_insn",
					     "no_fold", "verify", "max_insns=3" };
	static const struct {
		const char *name;
		CMUnitTestFunction f;
	} all[] = {
		TEST(test_recursion), TEST(test_deep), TEST(test_longjmp), TEST(test_coroutines),
		TEST(test_inline_caches), TEST(test_jump_table), TEST(test_bad_targets),
		TEST(test_splits), TEST(test_flags_across),
	};
	enum { MODES = sizeof(modes) / sizeof(modes[0]), TESTS = sizeof(all) / sizeof(all[0]) };
	static char text[MODES * TESTS][64];
	static struct CMUnitTest tests[MODES * TESTS];

	code_map();
	for (unsigned n = 0; n < MODES * TESTS; n++) {
		snprintf(text[n], sizeof(text[n]), "%s, %s", all[n % TESTS].name,
			 names[n / TESTS]);
		tests[n] = (struct CMUnitTest){ text[n], all[n % TESTS].f, start, stop,
						&modes[n / TESTS] };
	}
	return cmocka_run_group_tests_name("engine: control flow", tests, NULL, NULL);
}
