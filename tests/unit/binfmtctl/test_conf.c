/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* binfmt.d files: which lines count, and where a mistake is. */
#include "tests/lib/unit.h"

#include "binfmtctl/conf.h"

static void test_lines(void **state)
{
	static const char text[] = "# comment\n"
				   "\n"
				   "  ; another\n"
				   " \t:a:E::x::/i:  \r\n"
				   ":b:E::y::/i:F";
	struct conf conf = {.at = text, .end = text + sizeof(text) - 1, .file = "f.conf"};
	struct conf_line line;
	struct rule rule;

	(void)state;
	assert_true(conf_next(&conf, &line));
	assert_int_equal(line.line, 4);
	assert_int_equal(line.column, 3);
	assert_int_equal(conf_parse(&conf, &line, rule_limits_find("6.12"), &rule, NULL),
			 0);
	assert_string_equal(rule.name, "a");
	rule_done(&rule);
	assert_true(conf_next(&conf, &line));
	assert_int_equal(line.line, 5);
	assert_int_equal(conf_parse(&conf, &line, rule_limits_find("6.12"), &rule, NULL),
			 0);
	assert_int_equal(rule.flags, RULE_FIX_BINARY);
	rule_done(&rule);
	assert_false(conf_next(&conf, &line));
}

static void test_place(void **state)
{
	static const char text[] = "\n  :a:E::x::/i:Z\n";
	struct conf conf = {.at = text, .end = text + sizeof(text) - 1, .file = "f.conf"};
	struct diag diag = {0};
	struct conf_line line;
	struct rule rule;

	(void)state;
	assert_true(conf_next(&conf, &line));
	assert_int_equal(conf_parse(&conf, &line, rule_limits_find("6.12"), &rule, &diag),
			 -EINVAL);
	assert_string_equal(diag.file, "f.conf");
	assert_int_equal(diag.line, 2);
	assert_int_equal(diag.column, 15);
}

static void test_empty(void **state)
{
	static const char text[] = "\n\n#";
	struct conf conf = {.at = text, .end = text};
	struct conf_line line;

	(void)state;
	assert_false(conf_next(&conf, &line));
	conf.end = text + sizeof(text) - 1;
	assert_false(conf_next(&conf, &line));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_empty),
	};

	return cmocka_run_group_tests_name("binfmtctl/conf", tests, NULL, NULL);
}
