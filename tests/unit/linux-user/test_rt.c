/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The freestanding runtime: formatting and numbers against the C library, the arena. */
#include <sys/auxv.h>
#include <sys/mman.h>
#include <time.h>

#include "rt/arena.h"
#include "rt/rt.h"
#include "rt/syscall.h"
#include "rt/text.h"
#include "rt/uaccess.h"
#include "tests/lib/unit.h"

#define SAME(...)                                                                            \
	do {                                                                                 \
		char ours_[128], theirs_[128];                                               \
		size_t n_ = rt_format(ours_, sizeof(ours_), __VA_ARGS__);                    \
		assert_int_equal(n_, snprintf(theirs_, sizeof(theirs_), __VA_ARGS__));       \
		assert_string_equal(ours_, theirs_);                                         \
	} while (0)

static void test_format(void **state)
{
	(void)state;
	SAME("plain %% text");
	SAME("%d %d %d", 0, -1, 2147483647);
	SAME("%ld %lu %zu", -9223372036854775807L, 18446744073709551615UL, (size_t)7);
	SAME("%x %lx %08x %016lx", 255u, 0xdeadbeefcafeUL, 0x12u, 0x34UL);
	SAME("[%5d] [%-5d] [%05d] [%05d]", 42, 42, 42, -42);
	SAME("[%8s] [%-8s] [%.3s] [%.*s]", "abc", "abc", "abcdef", 2, "xyz");
	SAME("[%*d]", 6, 3);
	SAME("%c%c", 'a', 'b');
	SAME("%p", (void *)0x1234);
	SAME("%o %u", 0644u, 4000000000u);
}

static void test_format_bounds(void **state)
{
	char buf[8] = "ZZZZZZZ";

	(void)state;
	assert_int_equal(rt_format(buf, 4, "%s", "abcdef"), 6);
	assert_string_equal(buf, "abc");
	assert_int_equal(buf[4], 'Z');
	assert_int_equal(rt_format(NULL, 0, "%d", 12345), 5);
	assert_int_equal(rt_strcpy(buf, 3, "hello"), 5);
	assert_string_equal(buf, "he");
}

static void test_numbers(void **state)
{
	uint64_t v = 99;

	(void)state;
	assert_int_equal(rt_parse_u64("1234", &v), 0);
	assert_int_equal(v, 1234);
	assert_int_equal(rt_parse_u64("0xFf", &v), 0);
	assert_int_equal(v, 255);
	assert_int_equal(rt_parse_u64("010", &v), 0);
	assert_int_equal(v, 8);
	assert_int_equal(rt_parse_u64("18446744073709551615", &v), 0);
	assert_int_equal(v, UINT64_MAX);
	v = 99;
	assert_int_equal(rt_parse_u64("18446744073709551616", &v), -ERANGE);
	assert_int_equal(rt_parse_u64("", &v), -EINVAL);
	assert_int_equal(rt_parse_u64("12x", &v), -EINVAL);
	assert_int_equal(rt_parse_u64("-1", &v), -EINVAL);
	assert_int_equal(rt_parse_u64("0x", &v), -EINVAL);
	assert_int_equal(v, 99);
	assert_int_equal(rt_parse_size("64K", &v), 0);
	assert_int_equal(v, 65536);
	assert_int_equal(rt_parse_size("2g", &v), 0);
	assert_int_equal(v, 2ull << 30);
	assert_int_equal(rt_parse_size("18446744073709551615K", &v), -ERANGE);
}

static void test_strings(void **state)
{
	(void)state;
	assert_string_equal(rt_basename("/a/b/c"), "c");
	assert_string_equal(rt_basename("c"), "c");
	assert_string_equal(rt_str_after("prefix-rest", "prefix-"), "rest");
	assert_null(rt_str_after("pre", "prefix"));
	assert_true(rt_strcmp("a", "b") < 0 && rt_strcmp("b", "a") > 0);
	assert_null(rt_strchr("abc", 'x'));
}

static void test_arena(void **state)
{
	struct rt_arena arena = { 0 };
	uint64_t *a, *b;

	(void)state;
	a = rt_arena_alloc(&arena, 100, 64);
	b = rt_arena_alloc(&arena, 8, 8);
	assert_true(a && b);
	assert_int_equal((uint64_t)a % 64, 0);
	assert_true((char *)b >= (char *)a + 100);
	assert_int_equal(a[5], 0);
	assert_true((uint64_t)a >= RT_ARENA_START && (uint64_t)a < RT_ARENA_END);
	assert_non_null(rt_arena_alloc(&arena, 1 << 20, 4096));
	assert_true(rt_is_own_range((uint64_t)a, 1));
	assert_false(rt_is_own_range(0x400000, 4096));
	assert_null(rt_map_anon(0));
	assert_null(rt_map_anon(~(size_t)0 >> 1));
}

/* Neighbours are apart, and everything is far above 4 GiB. */
static void test_map(void **state)
{
	char *first = rt_map_anon(8192), *second = rt_map_anon(4096);

	(void)state;
	assert_true(first && second);
	assert_true(second + 4096 < first || first + 8192 < second);
	assert_true((uint64_t)first > 1ull << 32);
	first[8191] = 1;
	rt_unmap(first, 8192);
	rt_unmap(second, 4096);
}

static void test_uaccess(void **state)
{
	char buf[16];
	uint32_t w = 0;

	(void)state;
	assert_int_equal(rt_copy_string(buf, "hello", sizeof(buf)), 5);
	assert_string_equal(buf, "hello");
	assert_int_equal(rt_copy_string(buf, "0123456789abcdef", sizeof(buf)), -ENAMETOOLONG);
	assert_int_equal(rt_strnlen_user("hello", 100), 5);
	assert_int_equal(rt_strnlen_user("hello", 3), 3);
	assert_int_equal(rt_load32(&w, "\1\2\3\4"), 0);
	assert_int_equal(w, 0x04030201);
	assert_int_equal(uaccess_fixup((uint64_t)test_uaccess), 0);
	/* the entry of rt_load32 is its access */
	assert_true(uaccess_fixup((uint64_t)rt_load32) != 0);
}

static void test_vdso(void **state)
{
	uint64_t base = getauxval(AT_SYSINFO_EHDR), f;
	struct timespec a, b;

	(void)state;
	if (!base)
		skip();
	f = rt_vdso_lookup(base, "__vdso_clock_gettime");
	assert_true(f != 0);
	assert_int_equal(rt_vdso_lookup(base, "no_such_symbol"), 0);
	assert_int_equal(((int (*)(int, struct timespec *))f)(CLOCK_MONOTONIC, &a), 0);
	clock_gettime(CLOCK_MONOTONIC, &b);
	assert_true(b.tv_sec - a.tv_sec <= 1);
}

static void test_restart_window(void **state)
{
	const uint64_t args[6] = { 0 };
	uint32_t stop = 0;

	(void)state;
	assert_int_equal(rt_guest_syscall(&stop, __NR_getpid, args), getpid());
	stop = 1;
	assert_int_equal(rt_guest_syscall(&stop, __NR_getpid, args), RT_RESTART_ALWAYS);
	/* outside the stub nothing changes */
	assert_int_equal(rt_syscall_interrupt((uint64_t)test_vdso, 0, false), (uint64_t)test_vdso);
	assert_int_equal(rt_syscall_interrupt((uint64_t)rt_guest_syscall, 0, false),
			 (uint64_t)rt_guest_syscall);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_format),	cmocka_unit_test(test_format_bounds),
		cmocka_unit_test(test_numbers), cmocka_unit_test(test_strings),
		cmocka_unit_test(test_arena),	cmocka_unit_test(test_map),
		cmocka_unit_test(test_uaccess), cmocka_unit_test(test_vdso),
		cmocka_unit_test(test_restart_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
