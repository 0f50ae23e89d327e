/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The initial stack, walked as a guest's start code would. */
#include "linux-user/loader.h"
#include "linux-user/options.h"
#include "rt/rt.h"
#include "tests/lib/unit.h"

static uint64_t memory[2048];

static const char *arguments[] = { "prog", "one", "" };
static const char *environment[] = { "A=1", "PATH=/bin", "B=2", "ODD", NULL };
static const struct rt_auxv auxv[] = { { AT_PAGESZ, 4096 }, { AT_ENTRY, 0x1234 } };

static struct stack_output build(const struct options *o, int argc, uint64_t limit_bytes,
				 int expect)
{
	struct stack_input in = {
		.top = (uint64_t)(memory + 2048) - 8,
		.argc = argc,
		.argv = (char **)arguments,
		.envp = (char **)environment,
		.options = o,
		.execfn = "/usr/bin/prog",
		.platform = "aarch64",
		.auxv = auxv,
		.auxv_count = 2,
	};
	struct stack_output out = { 0 };

	memset(memory, 0xcc, sizeof(memory));
	assert_int_equal(stack_build(&in, in.top - limit_bytes, &out), expect);
	return out;
}

static void check_env(const struct options *o, const char *const *want)
{
	struct stack_output out = build(o, 3, 8192, 0);
	char **envp = (char **)out.envp;
	unsigned i;

	for (i = 0; want[i]; i++) {
		assert_non_null(envp[i]);
		assert_string_equal(envp[i], want[i]);
	}
	assert_null(envp[i]);
}

static void test_layout(void **state)
{
	static const struct options o;
	struct stack_output out = build(&o, 3, 8192, 0);
	uint64_t *p = (uint64_t *)out.sp;

	(void)state;
	assert_int_equal(out.sp % 16, 0);
	assert_int_equal(*p++, 3);
	assert_int_equal((uint64_t)p, out.argv);
	for (int i = 0; i < 3; i++)
		assert_ptr_equal(*p++, arguments[i]);
	assert_int_equal(*p++, 0);
	assert_int_equal((uint64_t)p, out.envp);
	for (int i = 0; i < 4; i++)
		assert_ptr_equal(*p++, environment[i]);
	assert_int_equal(*p++, 0);
	assert_int_equal((uint64_t)p, out.auxv);
	assert_int_equal(p[0], AT_PAGESZ);
	assert_int_equal(p[1], 4096);
	assert_int_equal(p[2], AT_ENTRY);
	assert_int_equal(p[3], 0x1234);
	assert_int_equal(p[4], AT_EXECFN);
	assert_string_equal((char *)p[5], "/usr/bin/prog");
	assert_int_equal(p[6], AT_PLATFORM);
	assert_string_equal((char *)p[7], "aarch64");
	assert_int_equal(p[8], AT_NULL);
	assert_int_equal(p[9], 0);
	assert_int_equal(out.auxv_size, 10 * 8);
	/* strings lie above the tables */
	assert_true(p[5] >= (uint64_t)(p + 10) && p[7] >= (uint64_t)(p + 10));
}

/* The parser of our own initial stack reads it back. */
static void test_parse_back(void **state)
{
	static const struct options o;
	struct stack_output out = build(&o, 2, 8192, 0);
	struct rt_start_info info;

	(void)state;
	memset(&info, 0, sizeof(info));
	rt_parse_stack(&info, (uint64_t *)out.sp);
	assert_int_equal(info.argc, 2);
	assert_string_equal(info.argv[1], "one");
	assert_string_equal(info.envp[3], "ODD");
	assert_int_equal(info.aux[AT_ENTRY], 0x1234);
	assert_true(info.aux_present >> AT_PAGESZ & 1);
	assert_false(info.aux_present >> AT_BASE & 1);
}

static void test_alignment(void **state)
{
	static const struct options o;

	(void)state;
	for (int argc = 0; argc <= 3; argc++)
		assert_int_equal(build(&o, argc, 8192, 0).sp % 16, 0);
}

static void test_full(void **state)
{
	static const struct options o;

	(void)state;
	build(&o, 3, 64, -E2BIG);
	build(&o, 3, 4, -E2BIG);
	build(&o, 3, 0, -E2BIG);
}

static void test_set(void **state)
{
	struct options o = { .env = { "A=9", "NEW=x,y" }, .env_count = 2 };

	(void)state;
	check_env(&o, (const char *const[]){ "PATH=/bin", "B=2", "ODD", "A=9", "NEW=x,y", NULL });
}

static void test_unset(void **state)
{
	struct options o = { .env = { "A", "NONE", "B" }, .env_unset = { true, true, true },
			     .env_count = 3 };

	(void)state;
	check_env(&o, (const char *const[]){ "PATH=/bin", "ODD", NULL });
}

static void test_lists(void **state)
{
	/* of a variable: split at commas; the later change wins */
	struct options o = { .env = { "X=1,Y=2,X=3", "PATH,Y" }, .env_unset = { false, true },
			     .env_list = { true, true }, .env_count = 2 };

	(void)state;
	check_env(&o, (const char *const[]){ "A=1", "B=2", "ODD", "X=3", NULL });
}

static void test_last_wins(void **state)
{
	struct options o = { .env = { "A=5", "A", "A=6" }, .env_unset = { false, true, false },
			     .env_count = 3 };

	(void)state;
	check_env(&o, (const char *const[]){ "PATH=/bin", "B=2", "ODD", "A=6", NULL });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layout),	  cmocka_unit_test(test_parse_back),
		cmocka_unit_test(test_alignment), cmocka_unit_test(test_full),
		cmocka_unit_test(test_set),	  cmocka_unit_test(test_unset),
		cmocka_unit_test(test_lists),	  cmocka_unit_test(test_last_wins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
