/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Command line and variables. */
#include "linux-user/options.h"
#include "tests/lib/unit.h"

static struct options o;
static int next, status;

static enum options_action parse(const char **envp, bool secure, int argc, char **argv)
{
	static const char *nothing[] = { NULL };

	next = status = -1;
	return options_parse(&o, "xlate-test", argc, argv, (char **)(envp ? envp : nothing),
			     secure, &next,
			     &status);
}

/* argc and argv. */
#define ARGV(...)                                                                            \
	(int)(sizeof((const char *[]){ "x", __VA_ARGS__ }) / sizeof(char *)),                 \
		(char **)(const char *[]){ "x", __VA_ARGS__, NULL }

static void test_none(void **state)
{
	(void)state;
	assert_int_equal(parse(NULL, false, ARGV("prog", "-strace")), OPTIONS_RUN);
	assert_int_equal(next, 1);
	assert_false(o.strace);
	assert_int_equal(o.exec_fd, -1);
}

static void test_qemu_names(void **state)
{
	(void)state;
	assert_int_equal(parse(NULL, false,
			       ARGV("-L", "/root", "-E", "A=1", "-U", "B", "-0", "zero",
				    "-strace", "-cpu", "max", "-r", "3.2.0", "-s", "64K", "-d",
				    "in_asm,out_asm,nochain", "-D", "log", "-one-insn-per-tb",
				    "-tb-size", "8", "-perfmap", "prog", "-x")),
			 OPTIONS_RUN);
	assert_int_equal(next, 24);
	assert_string_equal(o.ld_prefix, "/root");
	assert_int_equal(o.env_count, 2);
	assert_string_equal(o.env[0], "A=1");
	assert_false(o.env_unset[0] || o.env_list[0]);
	assert_true(o.env_unset[1]);
	assert_string_equal(o.argv0, "zero");
	assert_true(o.strace && o.one_insn && o.no_link && o.perf_map);
	assert_string_equal(o.uname, "3.2.0");
	assert_int_equal(o.stack_size, 65536);
	assert_int_equal(o.trace, ENGINE_TRACE_DECODE | ENGINE_TRACE_X86);
	assert_string_equal(o.log_file, "log");
	assert_int_equal(o.cache_size, 8 << 20);
}

static void test_long_names(void **state)
{
	(void)state;
	assert_int_equal(parse(NULL, false,
			       ARGV("--strace", "--trace=decode,ir", "--debug=nofold,tinycache",
				    "--host=avx", "--", "-prog")),
			 OPTIONS_RUN);
	assert_int_equal(next, 6);
	assert_true(o.strace && o.no_fold);
	assert_int_equal(o.trace, ENGINE_TRACE_DECODE | ENGINE_TRACE_IR);
	assert_int_equal(o.cache_size, 256 << 10);
	assert_string_equal(o.host, "avx");
}

static void test_ignored(void **state)
{
	(void)state;
	assert_int_equal(parse(NULL, false, ARGV("-t", "34", "-B", "0x1000", "-seed", "1", "p")),
			 OPTIONS_RUN);
	assert_int_equal(next, 7);
	assert_string_equal(o.ignored, "-t, -B, -seed");
	assert_int_equal(parse(NULL, false, ARGV("-cpu", "cortex-a57", "-trace", "enable=x*", "-d",
						 "int,guest_errors,unimp", "p")),
			 OPTIONS_RUN);
	assert_string_equal(o.ignored, "-cpu, --trace");
	assert_true(o.log_unimp);
	assert_int_equal(o.trace, 0);
}

/* What a re-entry gets brings about the same. */
static void test_repeat(void **state)
{
	const char *env[] = { "QEMU_LD_PREFIX=/a", "QEMU_STRACE=1", "XLATE_STRACE=0", NULL };
	const char *list[2 * OPTIONS_MAX + 3] = { "x" };
	unsigned n;

	(void)state;
	assert_int_equal(parse(env, false, ARGV("-E", "A=1", "-d", "page,op", "-s", "64K", "--stats",
						"-0", "zero", "-D", "log", "prog")),
			 OPTIONS_RUN);
	assert_false(o.strace);
	n = options_repeat(&o, list + 1);
	list[n + 1] = "prog";
	assert_int_equal(parse(NULL, false, (int)n + 2, (char **)list), OPTIONS_RUN);
	assert_int_equal(next, n + 1);
	assert_string_equal(o.ld_prefix, "/a");
	assert_string_equal(o.log_file, "log");
	assert_int_equal(o.stack_size, 65536);
	assert_int_equal(o.trace, ENGINE_TRACE_IR);
	assert_true(o.stats && o.log_page);
	assert_false(o.strace);
	assert_null(o.argv0);
	assert_int_equal(o.env_count, 0);
}

static void test_errors(void **state)
{
	(void)state;
	assert_int_equal(parse(NULL, false, ARGV("-bogus", "prog")), OPTIONS_EXIT);
	assert_int_equal(status, 1);
	assert_int_equal(parse(NULL, false, ARGV("-L")), OPTIONS_EXIT);
	assert_int_equal(status, 1);
	assert_int_equal(parse(NULL, false, ARGV("-s", "many", "prog")), OPTIONS_EXIT);
	assert_int_equal(parse(NULL, false, ARGV("--host=mmx", "prog")), OPTIONS_EXIT);
	assert_int_equal(parse(NULL, false, ARGV("-version")), OPTIONS_EXIT);
	assert_int_equal(status, 0);
	assert_int_equal(parse(NULL, false, ARGV("-L", "/", "-cpu", "help")), OPTIONS_EXIT);
	assert_int_equal(status, 0);
}

static void test_variables(void **state)
{
	const char *env[] = { "QEMU_LD_PREFIX=/a", "QEMU_STRACE=1", "QEMU_SET_ENV=A=1,B=2",
			"XLATE_DEBUG=oneinsn,nolink,noshadow,verify,stats", "QEMU_DEBUG=nofold",
			"HOME=/", NULL };

	(void)state;
	assert_int_equal(parse(env, false, ARGV("prog")), OPTIONS_RUN);
	assert_string_equal(o.ld_prefix, "/a");
	assert_true(o.strace && o.one_insn && o.no_link && o.no_shadow && o.verify && o.stats);
	assert_false(o.no_fold); /* not QEMU's to set */
	assert_int_equal(o.env_count, 1);
	assert_true(o.env_list[0]);
}

static void test_precedence(void **state)
{
	const char *env[] = { "XLATE_LD_PREFIX=/ours", "QEMU_LD_PREFIX=/theirs", NULL };

	(void)state;
	assert_int_equal(parse(env, false, ARGV("prog")), OPTIONS_RUN);
	assert_string_equal(o.ld_prefix, "/ours");
	assert_int_equal(parse(env, false, ARGV("-L", "/option", "prog")), OPTIONS_RUN);
	assert_string_equal(o.ld_prefix, "/option");
}

static void test_off(void **state)
{
	const char *env[] = { "QEMU_STRACE=0", "XLATE_PERFMAP=", NULL };

	(void)state;
	assert_int_equal(parse(env, false, ARGV("prog")), OPTIONS_RUN);
	assert_false(o.strace);
	assert_false(o.perf_map);
}

static void test_secure(void **state)
{
	const char *env[] = { "QEMU_STRACE=1", "XLATE_LD_PREFIX=/evil", "XLATE_LOG_FILENAME=/etc/x", NULL };

	(void)state;
	assert_int_equal(parse(env, true, ARGV("prog")), OPTIONS_RUN);
	assert_false(o.strace);
	assert_null(o.ld_prefix);
	assert_null(o.log_file);
	assert_int_equal(parse(env, true, ARGV("-D", "/etc/x", "prog")), OPTIONS_RUN);
	assert_null(o.log_file);
	assert_int_equal(next, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),	  cmocka_unit_test(test_qemu_names),
		cmocka_unit_test(test_long_names), cmocka_unit_test(test_ignored),
		cmocka_unit_test(test_errors),	  cmocka_unit_test(test_variables),
		cmocka_unit_test(test_precedence), cmocka_unit_test(test_off),
		cmocka_unit_test(test_secure),	  cmocka_unit_test(test_repeat),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
