/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of core files, by core_pattern(5). */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "linux-user/core.h"
#include "tests/lib/unit.h"

static size_t value(void *arg, char letter, char *buf, size_t size)
{
	(void)arg;
	switch (letter) {
	case 'p': return (size_t)snprintf(buf, size, "123");
	case 'e': return (size_t)snprintf(buf, size, "prog");
	case 's': return (size_t)snprintf(buf, size, "11");
	default: return 0;
	}
}

static void expect(const char *pattern, bool uses_pid, const char *want)
{
	char buf[64];
	int n = core_name(buf, sizeof(buf), pattern, uses_pid, value, NULL);

	assert_int_equal(n, (int)strlen(want));
	assert_string_equal(buf, want);
}

static void test_names(void **state)
{
	(void)state;
	expect("core\n", false, "core");
	expect("core\n", true, "core.123");
	expect("core.%p\n", true, "core.123");
	expect("/tmp/%e.%s.%p", false, "/tmp/prog.11.123");
	expect("%%%e%%", false, "%prog%");
	expect("a%zb", false, "ab");
	expect("end%", false, "end");
	expect("end%\n", true, "end.123");
	expect("%p", true, "123");
	expect("", false, "");
}

static void test_long(void **state)
{
	char buf[8];

	(void)state;
	assert_int_equal(core_name(buf, sizeof(buf), "1234567", false, value, NULL), 7);
	assert_int_equal(core_name(buf, sizeof(buf), "12345678", false, value, NULL), -ENAMETOOLONG);
	assert_int_equal(core_name(buf, sizeof(buf), "12345", true, value, NULL), -ENAMETOOLONG);
	assert_int_equal(core_name(buf, sizeof(buf), "1234%e", false, value, NULL), -ENAMETOOLONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
