/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * engine_stop() from a signal handler ends every kind of endless loop soon, with state that
 * can go on. A loop that does not stop is ended by a watchdog, which fails the program.
 */
#include "code.h"

#include <sys/time.h>
#include <time.h>

#define LATENCY_MS 2000 /* of a loaded machine; a missed safepoint takes for ever */

static struct cpu *cpu;
static volatile sig_atomic_t ticks;
static struct timespec stopped_at;

static void tick(int signo)
{
	(void)signo;
	if (++ticks > 1000) {
		static const char text[] = "\nBail out! a loop does not stop\n";

		_exit(write(1, text, sizeof(text) - 1) < 0 ? 98 : 99);
	}
	if (!cpu->pending)
		clock_gettime(CLOCK_MONOTONIC, &stopped_at);
	engine_stop(cpu);
}

static void set_timer(unsigned us)
{
	struct itimerval it = { { 0, us }, { 0, us } };
	struct sigaction sa = { .sa_handler = tick, .sa_flags = SA_ONSTACK | SA_RESTART };

	ticks = 0;
	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &it, NULL);
}

/* The loop at pc counts in x0. */
static void expect_stops(uint64_t pc)
{
	uint64_t count = 0;

	cpu->r[0] = 0;
	cpu->r[LR] = 0;
	cpu->r[IR_SP] = (uint64_t)(uintptr_t)guest_stack + STACK_SIZE;
	cpu->pc = pc;
	set_timer(3000);
	for (int i = 0; i < 3; i++) {
		struct timespec now;
		long ms;

		cpu->pending = 0;
		assert_int_equal(jit_run(cpu), EXIT_PENDING);
		clock_gettime(CLOCK_MONOTONIC, &now);
		ms = (now.tv_sec - stopped_at.tv_sec) * 1000 +
		     (now.tv_nsec - stopped_at.tv_nsec) / 1000000;
		assert_true(ms < LATENCY_MS);
		assert_int_equal(cpu->pending, 1);
		assert_true(cpu->pc - CODE < CODE_PAGES * 4096);
		/* On a busy machine the next tick may come before the first instruction. */
		if (cpu->r[0] == count && ticks < 500) {
			i--;
			continue;
		}
		assert_true(cpu->r[0] > count);
		count = cpu->r[0];
		ticks = 0;
	}
	setitimer(ITIMER_REAL, &(struct itimerval){ { 0, 0 }, { 0, 0 } }, NULL);
	cpu->pending = 0;
}

static void test_direct(void **state)
{
	(void)state;
	code_clear();
	PUT(addi(0, 0, 1), b(-1));
	expect_stops(CODE);
	code_clear();
	PUT(addi(0, 0, 1), subsi(1, 1, 1), bc(NE, -2), b(-3));
	expect_stops(CODE);
	code_clear();
	PUT(movz(1, 0), addi(0, 0, 1), cbz(1, -1), trap(1));
	expect_stops(CODE);
	code_clear();
	PUT(movz(1, 1), addi(0, 0, 1), cbnz(1, -1), trap(1));
	expect_stops(CODE);
	code_clear();
	PUT(movz(1, 1), addi(0, 0, 1), tbz(1, 5, -1), trap(1));
	expect_stops(CODE);
	/* a branch to itself, entered by a block that counts */
	code_clear();
	PUT(addi(0, 0, 1), b(0));
	cpu->r[0] = 0;
	cpu->pc = CODE;
	set_timer(3000);
	cpu->pending = 0;
	assert_int_equal(jit_run(cpu), EXIT_PENDING);
	assert_int_equal(cpu->r[0], 1);
	setitimer(ITIMER_REAL, &(struct itimerval){ { 0, 0 }, { 0, 0 } }, NULL);
	cpu->pending = 0;
}

static void test_pages(void **state)
{
	(void)state;
	/* over three pages and back */
	code_clear();
	PUT(addi(0, 0, 1), b(1023));
	code_seek(4096);
	put(b(2048));
	code_seek(3 * 4096);
	put(b(-3072));
	expect_stops(CODE);
	/* the back edge leads into the middle of an older region */
	code_clear();
	PUT(addi(0, 0, 1), addi(0, 0, 1), addi(0, 0, 1), b(1021));
	code_seek(4096);
	PUT(cbz(31, -1022), b(-1));
	expect_stops(CODE);
}

static void test_indirect(void **state)
{
	(void)state;
	cpu->r[9] = CODE;
	code_clear();
	PUT(addi(0, 0, 1), br(9));
	expect_stops(CODE);
	code_clear();
	PUT(addi(0, 0, 1), ret(9));
	expect_stops(CODE);
	code_clear();
	PUT(addi(0, 0, 1), blr(9));
	expect_stops(CODE);
	/* two that jump to each other through registers, forwards only in their own pages */
	code_clear();
	PUT(addi(0, 0, 1), blr(10));
	code_seek(4096);
	PUT(addi(0, 0, 1), blr(9));
	cpu->r[10] = CODE + 4096;
	expect_stops(CODE);
}

static void test_calls(void **state)
{
	(void)state;
	cpu->r[9] = CODE + 16;
	/* a call and its return */
	code_clear();
	PUT(blr(9), b(-1), NOP, NOP, addi(0, 0, 1), ret(LR));
	expect_stops(CODE);
	code_clear();
	PUT(bl(4), b(-1), NOP, NOP, addi(0, 0, 1), ret(LR));
	expect_stops(CODE);
	/* calls that never return */
	code_clear();
	PUT(addi(0, 0, 1), bl(-1));
	expect_stops(CODE);
	code_clear();
	PUT(addi(0, 0, 1), bl(1023));
	code_seek(4096);
	put(bl(-1024));
	expect_stops(CODE);
	/* returns to elsewhere: 1: bl 2; 2: lr -= 8; ret */
	code_clear();
	PUT(addi(0, 0, 1), bl(1), subi(LR, LR, 8), ret(LR));
	expect_stops(CODE);
}

/* The way goes through the evaluator or through exits of other kinds. */
static void test_slow(void **state)
{
	(void)state;
	code_clear();
	PUT(addi(0, 0, 1), 0xba000421 /* rmif x1, #0, #1 */, b(-2));
	expect_stops(CODE);
	code_clear();
	PUT(addi(0, 0, 1), ISB, b(-2));
	expect_stops(CODE);
	code_clear();
	cpu->r[1] = CODE + 4096;
	PUT(addi(0, 0, 1), ic_ivau(1), b(-2));
	expect_stops(CODE);
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
				     one_insn = { .one_insn = true };
#define TEST(f, m) { #f ", " #m, f, start, stop, &m }
	const struct CMUnitTest tests[] = {
		TEST(test_direct, plain), TEST(test_pages, plain), TEST(test_indirect, plain),
		TEST(test_calls, plain), TEST(test_slow, plain),
		TEST(test_direct, no_link), TEST(test_pages, no_link), TEST(test_indirect, no_link),
		TEST(test_calls, no_link),
		TEST(test_indirect, no_shadow), TEST(test_calls, no_shadow),
		TEST(test_direct, one_insn), TEST(test_calls, one_insn),
	};

	code_map();
	return cmocka_run_group_tests_name("engine: safepoints", tests, NULL, NULL);
}
