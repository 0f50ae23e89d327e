/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Several threads in one engine: translating at once, linking, running while others
 * invalidate, flush, fork or ask them to stop. One program with a model says whether all of
 * them computed what they should.
 */
#include "program.h"

#include <pthread.h>
#include <sys/wait.h>
#include <time.h>

#define THREADS 4

static volatile bool done;
static struct cpu *cpus[THREADS];
static uint64_t runs, wrong, stops;

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

/* A run of the main program on a stack of the thread's own, through interruptions. */
static bool run_program(struct cpu *cpu, uint8_t *stack, uint64_t x, unsigned rounds,
			uint64_t random)
{
	enum exit_reason why;

	program_start(cpu, x, rounds, random);
	cpu->r[LR] = CODE + CODE_PAGES * 4096 - 4;
	cpu->r[IR_SP] = (uint64_t)(uintptr_t)stack + (256 << 10);
	cpu->pc = PROGRAM_MAIN;
	while ((why = jit_run(cpu)) == EXIT_PENDING) {
		__atomic_add_fetch(&stops, 1, __ATOMIC_RELAXED);
		cpu->pending = 0;
	}
	return why == EXIT_SYSCALL && cpu->exit_info == 999 &&
	       cpu->r[0] == program_run_model(x, rounds, random);
}

/* Comes and goes all the time: into what another thread throws away. */
static bool run_nothing(struct cpu *cpu, uint64_t x)
{
	bool ok = true;

	jit_current = cpu;
	jit_handlers();
	for (unsigned i = 0; i < 300 && ok; i++) {
		enum exit_reason why;

		cpu->r[0] = x + i;
		cpu->pc = CODE + CODE_PAGES * 4096 - 4;
		while ((why = jit_run_again(cpu)) == EXIT_PENDING)
			cpu->pending = 0;
		ok = why == EXIT_SYSCALL && cpu->exit_info == 999 && cpu->r[0] == x + i;
	}
	return ok;
}

static void *worker(void *arg)
{
	unsigned n = (unsigned)(uintptr_t)arg;
	uint8_t *stack = malloc(256 << 10);
	struct cpu *cpu = jit_cpu();
	uint64_t rng = n + 1;

	__atomic_store_n(&cpus[n], cpu, __ATOMIC_RELEASE);
	while (!done) {
		uint64_t r = unit_random(&rng);

		if (n ? !run_program(cpu, stack, r, r >> 3 & 3 ? 2 : 200, r >> 7)
		      : !run_nothing(cpu, r))
			__atomic_add_fetch(&wrong, 1, __ATOMIC_RELAXED);
		__atomic_add_fetch(&runs, 1, __ATOMIC_RELAXED);
	}
	__atomic_store_n(&cpus[n], NULL, __ATOMIC_RELEASE);
	jit_cpu_free(cpu);
	free(stack);
	return NULL;
}

static void start_program(const struct engine_options *opt)
{
	uint64_t rng = 77;

	jit_init(opt);
	program_make(&rng);
	*(uint32_t *)(uintptr_t)(CODE + CODE_PAGES * 4096 - 4) = svc(999);
	done = false;
	runs = wrong = stops = 0;
}

/* All threads work while `disturb` is called again and again from this one. */
static void stress(const struct engine_options *opt, unsigned ms, void (*disturb)(uint64_t))
{
	pthread_t threads[THREADS];
	uint64_t end, rng = 3;
	struct engine_stats before, after;

	engine_get_stats(&before);
	start_program(opt);
	for (unsigned i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, worker, (void *)(uintptr_t)i), 0);
	for (end = now_ms() + ms; now_ms() < end;) {
		if (disturb)
			disturb(unit_random(&rng));
		usleep(200);
	}
	done = true;
	for (unsigned i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	engine_get_stats(&after);
	printf("# %llu runs, %llu regions, %llu flushes, %llu stops\n", (unsigned long long)runs,
	       (unsigned long long)(after.regions - before.regions),
	       (unsigned long long)(after.flushes - before.flushes), (unsigned long long)stops);
	assert_int_equal(wrong, 0);
	assert_true(runs > THREADS);
}

static void test_plain(void **state)
{
	(void)state;
	stress(&(struct engine_options){ 0 }, 150, NULL);
}

static void invalidate(uint64_t r)
{
	engine_invalidate(CODE + r % (CODE_PAGES - 8) * 4096, 4096);
}

static void test_invalidate(void **state)
{
	(void)state;
	stress(&(struct engine_options){ 0 }, 200, invalidate);
}

static void stop_one(uint64_t r)
{
	struct cpu *cpu = __atomic_load_n(&cpus[r % THREADS], __ATOMIC_ACQUIRE);

	if (cpu)
		engine_stop(cpu);
}

static void test_stop(void **state)
{
	(void)state;
	stress(&(struct engine_options){ 0 }, 150, stop_one);
	assert_true(stops > 10);
}

static void test_small_cache(void **state)
{
	struct engine_stats before, after;

	(void)state;
	engine_get_stats(&before);
	stress(&(struct engine_options){ .cache_size = 96 << 10 }, 300, NULL);
	engine_get_stats(&after);
	assert_true(after.flushes - before.flushes > 3);
}

static void test_small_cache_all(void **state)
{
	(void)state;
	stress(&(struct engine_options){ .cache_size = 96 << 10 }, 200, invalidate);
	stress(&(struct engine_options){ .cache_size = 96 << 10, .no_shadow = true }, 150, stop_one);
	stress(&(struct engine_options){ .cache_size = 64 << 10, .one_insn = true }, 150, invalidate);
}

/* A thread that goes round by itself in one block sees new code after invalidation. */
static void *spinner(void *arg)
{
	struct cpu *cpu = jit_cpu();
	enum exit_reason why;

	(void)arg;
	__atomic_store_n(&cpus[0], cpu, __ATOMIC_RELEASE);
	cpu->pc = CODE;
	while ((why = jit_run(cpu)) == EXIT_PENDING)
		cpu->pending = 0;
	wrong = why != EXIT_SYSCALL || cpu->r[0] != 5;
	jit_cpu_free(cpu);
	return NULL;
}

static void test_new_code_is_seen(void **state)
{
	pthread_t thread;

	(void)state;
	jit_init(&(struct engine_options){ 0 });
	code_clear();
	PUT(movz(0, 5), b(0), svc(1));
	wrong = 1;
	assert_int_equal(pthread_create(&thread, NULL, spinner, NULL), 0);
	usleep(20000);
	*(volatile uint32_t *)(uintptr_t)(CODE + 4) = NOP;
	engine_invalidate(CODE + 4, 4);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(wrong, 0);
}

/* fork while others translate: the child goes on alone, with links, faults and a flush. */
static void fork_one(uint64_t r)
{
	struct cpu *cpu = jit_cpu();
	uint8_t *stack = malloc(256 << 10);
	pid_t pid;
	int status;

	assert_true(run_program(cpu, stack, r, 50, r));
	engine_before_fork(cpu);
	pid = fork();
	engine_after_fork(cpu, pid == 0);
	if (!pid) {
		bool ok = run_program(cpu, stack, r, 500, r + 1);

		engine_invalidate(CODE, 4096 * 8);
		ok &= run_program(cpu, stack, r, 500, r + 2);
		_exit(ok ? 0 : 1);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_true(run_program(cpu, stack, r, 50, r + 3));
	jit_cpu_free(cpu);
	free(stack);
}

static void test_fork(void **state)
{
	(void)state;
	stress(&(struct engine_options){ 0 }, 200, fork_one);
	stress(&(struct engine_options){ .cache_size = 128 << 10 }, 200, fork_one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_invalidate),
		cmocka_unit_test(test_new_code_is_seen),
		cmocka_unit_test(test_fork),
		cmocka_unit_test(test_small_cache),
		cmocka_unit_test(test_small_cache_all),
	};

	code_map();
	alarm(60); /* a deadlock ends */
	return cmocka_run_group_tests_name("engine: threads", tests, NULL, NULL);
}
