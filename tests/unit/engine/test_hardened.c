/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A kernel that refuses memory both writable and executable: the engine maps its code twice,
 * and a child of fork gets memory of its own. Needs PR_SET_MDWE (Linux 6.3), else skipped.
 */
#include "program.h"

#include <sys/prctl.h>
#include <sys/wait.h>

#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#endif

static struct cpu *cpu;

static void run_once(uint64_t x, unsigned rounds)
{
	program_start(cpu, x, rounds, x + 9);
	assert_returns(cpu, PROGRAM_MAIN);
	assert_int_equal(cpu->r[0], program_run_model(x, rounds, x + 9));
}

static void test_no_rwx(void **state)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	assert_ptr_equal(p, MAP_FAILED);
}

static void test_program(void **state)
{
	uint64_t rng = 4;

	jit_init(*state);
	cpu = jit_cpu();
	program_make(&rng);
	for (unsigned i = 0; i < 20; i++) {
		run_once(i, 500);
		engine_invalidate(CODE + i * 4096, 4096);
	}
	jit_cpu_free(cpu);
}

/* Both sides go on translating and linking at the same places of their code memory. */
static void test_fork(void **state)
{
	uint64_t rng = 5;
	pid_t pid;
	int status;

	jit_init(*state);
	cpu = jit_cpu();
	program_make(&rng);
	run_once(1, 20);
	engine_before_fork(cpu);
	pid = fork();
	engine_after_fork(cpu, pid == 0);
	assert_true(pid >= 0);
	if (!pid) {
		/* the other half of the program first */
		run_once(77, 3000);
		engine_invalidate(CODE, CODE_PAGES * 4096);
		for (unsigned i = 0; i < FUNCTIONS; i++)
			*(uint32_t *)(uintptr_t)functions[i].pc =
				movz(10, functions[i].add ^= 0x7);
		run_once(78, 3000);
		_exit(0);
	}
	for (unsigned i = 0; i < 20; i++)
		run_once(2 + i, 500);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	run_once(99, 3000);
	jit_cpu_free(cpu);
}

int main(void)
{
	static struct engine_options plain, tiny = { .cache_size = 64 << 10 };
#define TEST(f, m) { #f ", " #m, f, NULL, NULL, &m }
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_rwx),
		TEST(test_program, plain), TEST(test_program, tiny),
		TEST(test_fork, plain), TEST(test_fork, tiny),
	};

	if (prctl(PR_SET_MDWE, 1, 0, 0, 0)) {
		printf("1..0 # SKIP the kernel has no PR_SET_MDWE\n");
		return 0;
	}
	code_map();
	return cmocka_run_group_tests_name("engine: no writable executable memory", tests, NULL,
					   NULL);
}
