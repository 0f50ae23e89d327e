/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules: reading with exact places of mistakes, writing, flags, matching. */
#include "tests/lib/unit.h"

#include "common/macro.h"

#include "binfmtctl/rule.h"

#define TEXT(s) (s), sizeof(s) - 1
#define X4(s)   s s s s
#define X16(s)  X4(X4(s))
#define X64(s)  X4(X16(s))
#define X256(s) X4(X64(s))

static const struct {
	const char *text;
	size_t size;
	int err;
	unsigned int column;
	const char *message; /* a part of it */
} bad[] = {
	{TEXT(":a:E::b::c"), -EINVAL, 1, "10 bytes"},
	{TEXT(""), -EINVAL, 1, "0 bytes"},
	{TEXT("::M::x::/bin/x:"), -EINVAL, 2, "name is empty"},
	{TEXT(":a/b:M::x::/bin/x:"), -EINVAL, 3, "'/'"},
	{TEXT(":..:M::x::/bin/x:"), -EINVAL, 2, "'.' or '..'"},
	{TEXT(":name:m::x::/bin/x:"), -EINVAL, 7, "not 'm'"},
	{TEXT(":name:::x::/bin/x::"), -EINVAL, 7, "not ':'"},
	{TEXT(":name:ME::x::/bin/x:"), -EINVAL, 8, "one letter"},
	{TEXT(":name:M:x:y::/bin/x:"), -EINVAL, 9, "decimal"},
	{TEXT(":name:M:0x1:y::/bin/x:"), -EINVAL, 10, "decimal"},
	{TEXT(":name:M:-1:y::/bin/x:"), -EINVAL, 9, "negative"},
	{TEXT(":name:M:2147483648:y::/bin/x:"), -EINVAL, 9, "too large"},
	{TEXT(":name:M:99999999999999999999999:y::/bin/x:"), -EINVAL, 9, "too large"},
	{TEXT(":name:M:+:y::/bin/x:"), -EINVAL, 9, "decimal"},
	{TEXT(":name:M:1 :y::/bin/x:"), -EINVAL, 10, "decimal"},
	{TEXT(":name:M:::mask:/bin/x:"), -EINVAL, 10, "magic is empty"},
	{TEXT(":name:M::\0a::/bin/x:"), -EINVAL, 10, "raw NUL"},
	{TEXT(":name:M::\\x4::/bin/x:"), -EINVAL, 10, "two hexadecimal"},
	{TEXT(":name:M::ab\\xg1::/bin/x:"), -EINVAL, 12, "two hexadecimal"},
	{TEXT(":name:M::abc:\\xff:/bin/x:"), -EINVAL, 14,
	 "mask has 1 bytes, the magic 3"},
	{TEXT(":name:M:254:abc::/bin/x:"), -EINVAL, 13, "past byte 256"},
	{TEXT(":name:M::abc::/bin/x"), -EINVAL, 15, "no closing ':'"},
	{TEXT(":name:M::abc:::"), -EINVAL, 15, "interpreter is empty"},
	{TEXT(":name:M::abc::/bin/x:Z"), -EINVAL, 22, "unknown flag 'Z'"},
	{TEXT(":name:M::abc::/bin/x:o"), -EINVAL, 22, "unknown flag 'o'"},
	{TEXT(":name:M::abc::/bin/x:PT"), -EINVAL, 23, "needs Linux 7.3"},
	{TEXT(":name:M::abc::/bin/x:P\r"), -EINVAL, 23, "carriage return"},
	{TEXT(":name:M::abc::/bin/x:P\n\n"), -EINVAL, 24, "white space"},
	{TEXT(":name:M::abc::/bin/x:P:"), -EINVAL, 23, "too many"},
	{TEXT(":name:E::::/bin/x:"), -EINVAL, 10, "extension is empty"},
	{TEXT(":name:E::a/b::/bin/x:"), -EINVAL, 11, "'/'"},
	{TEXT(":na\0me:E::ab::/bin/x:"), -EINVAL, 4, "NUL byte"},
	{TEXT("PnamePEPPextPP/bin/xP"), -EINVAL, 1, "also a flag"},
	{TEXT("OnOEOOxOO/bin/iO\n"), -EINVAL, 1, "also a flag"},
	{TEXT("\nn\nE\n\nx\n\n/bin/i\n"), -EINVAL, 1, "one more"},
	{TEXT("name:M::abc::/bin/x:P"), -EINVAL, 14, "'/'"},
	{TEXT(":" X256("n") ":E::ab::/bin/x:"), -ENAMETOOLONG, 2, "256 bytes"},
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct diag diag = {0};
		struct rule rule;
		int err = rule_parse(bad[i].text, bad[i].size, rule_limits_find("6.12"),
				     &rule, &diag);

		if (err != bad[i].err || diag.column != bad[i].column ||
		    !strstr(diag.message, bad[i].message))
			fail_msg("row %zu, %s: %d, column %u, %s", i, bad[i].text, err,
				 diag.column, diag.message);
	}
}

/* What a text means, as the text that rule_build() makes of it. */
static const struct {
	const char *text;
	size_t size;
	const char *means;
} good[] = {
	{TEXT(":n:E::x::/i:"), NULL},
	{TEXT(":n:E::x::/i:\n"), ":n:E::x::/i:"},
	{TEXT(":n:E:junk:x:junk:/i:PF"), ":n:E::x::/i:PF"},
	{TEXT(":n:E::tar.gz::/i:"), ":n:E::tar.gz::/i:"},
	{TEXT(",n,E,,x,,/a:b,"), ",n,E,,x,,/a:b,"},
	{TEXT("|n|M||a:b||/i|FCOP"), ":n:M:0:a\\x3ab::/i:POCF"},
	{TEXT(":n:M:+007:abc::/i:C"), ":n:M:7:abc::/i:OC"},
	{TEXT(":n:M:-0:abc::/i:"), ":n:M:0:abc::/i:"},
	{TEXT(":n:M:3\n:abc::/i:"), ":n:M:3:abc::/i:"},
	{TEXT(":n:M::\\x41\\x4a::/i:PPP"), ":n:M:0:AJ::/i:P"},
	{TEXT(":n:M::\\n\\101\\X41::/i:"), ":n:M:0:\\x5cn\\x5c101\\x5cX41::/i:"},
	/* A backslash that begins no escape takes its neighbour along. */
	{TEXT(":n:M::\\\\x41::/i:"), ":n:M:0:\\x5c\\x5cx41::/i:"},
	{TEXT(":n:M::\\x5cx41::/i:"), ":n:M:0:\\x5cx41::/i:"},
	/* A raw NUL ends a magic; a mask that begins with one is no mask. */
	{TEXT(":n:M::A\0BC::/i:"), ":n:M:0:A::/i:"},
	{TEXT(":n:M::A:\0BC:/i:"), ":n:M:0:A::/i:"},
	{TEXT(":n:M::AB:\\xff\\x00:/i:"), ":n:M:0:AB:\\xff\\x00:/i:"},
	/* The digits of an escape may be the delimiter. */
	{TEXT("1n1E11x11/i1"), ":n:E::x::/i:"},
	{TEXT("1n1M11\\x1111/i1"), ":n:M:0:\\x11::/i:"},
	{TEXT("\0n\0E\0\0x\0\0/i\0"), ":n:E::x::/i:"},
	{TEXT("\nn\nE\n\nx\n\n/bin/i\n\n"), ":n:E::x::/bin/i:"},
	{TEXT(":n:M:252:abcd::/i:"), NULL},
};

static void test_accepted(void **state)
{
	struct rule_style style = {.encoding = RULE_TEXT};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		const char *means = good[i].means ? good[i].means : good[i].text;
		struct text text = TEXT_INIT;
		struct diag diag = {0};
		struct rule rule;

		if (rule_parse(good[i].text, good[i].size, rule_limits_find("6.12"),
			       &rule, &diag))
			fail_msg("row %zu, %s: column %u, %s", i, good[i].text,
				 diag.column, diag.message);
		if (rule_build(&rule, &style, &text, &diag))
			fail_msg("row %zu, %s: %s", i, good[i].text, diag.message);
		assert_string_equal(text.data, means);
		text_done(&text);
		rule_done(&rule);
	}
}

static void test_old_window(void **state)
{
	static const struct rule_limits old = {.window = 128,
					       .flags = RULE_PRESERVE_ARGV0};
	static const char text[] = ":n:M:126:abc::/i:", fixed[] = ":n:M::abc::/i:F";
	struct diag diag = {0};
	struct rule rule;

	(void)state;
	assert_int_equal(rule_parse(TEXT(text), &old, &rule, &diag), -EINVAL);
	assert_non_null(strstr(diag.message, "byte 128"));
	assert_int_equal(rule_parse(TEXT(fixed), &old, &rule, &diag), -EINVAL);
	assert_int_equal(diag.column, 15);
}

static struct rule magic_rule(size_t size, uint8_t byte)
{
	struct rule rule = {.type = RULE_MAGIC, .size = size, .has_mask = true};

	rule.name = strdup("name");
	rule.interpreter = strdup("/bin/i");
	memset(rule.magic, byte, size);
	memset(rule.mask, 0xff, size);
	return rule;
}

static void test_sizes(void **state)
{
	struct rule_style text_style = {.encoding = RULE_TEXT};
	struct rule_style raw_style = {.encoding = RULE_RAW};
	struct rule rule = magic_rule(256, 0xee);
	struct text text = TEXT_INIT;
	struct diag diag = {0};

	(void)state;
	assert_int_equal(rule_build(&rule, &text_style, &text, &diag), -E2BIG);
	assert_null(text.data);
	assert_int_equal(rule_build(&rule, &raw_style, &text, &diag), 0);
	assert_int_equal(text.size, 6 + 2 + 2 + 256 + 1 + 256 + 1 + 6 + 1);
	text_done(&text);
	rule_done(&rule);
}

static void test_delimiters(void **state)
{
	struct rule_style style = {.delimiter = ':'};
	struct rule rule = {.type = RULE_EXTENSION};
	struct text text = TEXT_INIT;
	struct diag diag = {0};

	(void)state;
	rule.name = strdup("a:b");
	rule.extension = strdup("x,y");
	rule.interpreter = strdup("/bin/a|b");
	assert_int_equal(rule_build(&rule, &style, &text, &diag), -EINVAL);
	assert_int_equal(rule_build(&rule, &(struct rule_style){0}, &text, &diag), 0);
	assert_string_equal(text.data, "!a:b!E!!x,y!!/bin/a|b!");
	text_done(&text);
	/* Needs a newline in a conf file: cannot be kept. */
	free(rule.name);
	rule.name = strdup("a\nb");
	assert_int_equal(
		rule_build(&rule, &(struct rule_style){.line = true}, &text, &diag),
		-EINVAL);
	assert_int_equal(rule_build(&rule, &(struct rule_style){0}, &text, &diag), 0);
	text_done(&text);
	/* A rule that no text can express. */
	free(rule.name);
	rule.name = strdup("a/b");
	assert_int_equal(rule_build(&rule, &(struct rule_style){0}, &text, &diag),
			 -EINVAL);
	text_done(&text);
	rule_done(&rule);
}

static void test_flags(void **state)
{
	struct diag diag = {0};
	unsigned int flags;
	char text[RULE_FLAGS_SIZE];

	(void)state;
	assert_int_equal(rule_flags_parse("FC", &flags, &diag), 0);
	rule_flags_text(flags, text);
	assert_string_equal(text, "OCF");
	assert_int_equal(rule_flags_parse("FX", &flags, &diag), -EINVAL);
	assert_int_equal(diag.column, 2);
	assert_int_equal(rule_flags_parse("", &flags, &diag), 0);
	assert_int_equal(flags, 0);
}

/* One rule and the first version that takes it; the row before must refuse it. */
static void test_versions(void **state)
{
	static const struct {
		const char *rule, *since;
	} rows[] = {
		{":name:E::x::/bin/i:", "2.6"},
		{":name:E::x::/bin/i:POC", "2.6"},
		{":name:E::x::/bin/i:F", "4.8"},
		{":name:M:100:"
		 "0123456789012345678901234567:"
		 ":/bin/i:",
		 "2.6"},
		{":name:M:101:0123456789012345678901234567::/bin/i:", "5.1"},
		{":name:E::x::/bin/i:TD", "7.3"},
		{":name:E::x::/bin/i:LF", "7.3"},
		{":name:B::::handler:D", "7.3"},
	};
	static const char *const never[] = {
		":name:E::x::/bin/i:TP",
		":name:E::x::/bin/i:LC",
		":name:B::::handler:F",
		":name:B:0:::handler:",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct rule_limits *limits, *first = NULL;
		struct rule rule;

		for (size_t j = 0; !first && (limits = rule_limits_at(j)); j++)
			if (rule_parse(rows[i].rule, strlen(rows[i].rule), limits, &rule,
				       NULL) == 0)
				first = limits;
		assert_non_null(first);
		assert_string_equal(first->since, rows[i].since);
		rule_done(&rule);
	}
	for (size_t i = 0; i < ARRAY_SIZE(never); i++) {
		struct rule rule;

		assert_int_equal(rule_parse(never[i], strlen(never[i]),
					    rule_limits_newest(), &rule, NULL),
				 -EINVAL);
	}
	assert_string_equal(rule_limits_find("6.1.0-18-amd64")->since, "5.12");
	assert_string_equal(rule_limits_find("10.0")->since, "7.3");
	assert_string_equal(rule_limits_find("5.0-rc1")->since, "4.8");
	assert_null(rule_limits_find("2.4"));
	assert_null(rule_limits_find("six"));
	assert_null(rule_limits_find("6"));
	assert_non_null(rule_limits_running());
}

/* A relative interpreter under C: accepted until 7.3, which is a way to root. */
static void test_relative_credentials(void **state)
{
	static const char text[] = ":name:E::x::bin/i:C";
	struct rule rule;

	(void)state;
	assert_int_equal(
		rule_parse(text, strlen(text), rule_limits_find("6.18"), &rule, NULL), 0);
	rule_done(&rule);
	assert_int_equal(
		rule_parse(text, strlen(text), rule_limits_newest(), &rule, NULL),
		-EINVAL);
	assert_int_equal(rule_parse(text, strlen(text), rule_limits_any(), &rule, NULL),
			 0);
	rule_done(&rule);
}

static void test_matching(void **state)
{
	static const struct {
		const char *rule;
		const char *head;
		size_t size;
		const char *path;
		bool matches;
	} rows[] = {
		{":n:M::abc::/i:", TEXT("abcdef"), "x", true},
		{":n:M::abc::/i:", TEXT("abd"), "x", false},
		{":n:M:2:c\\x00::/i:", TEXT("abc"), "x",
		 true}, /* zeroes behind the end */
		{":n:M::\\x00\\x00::/i:", TEXT(""), "x", true},
		{":n:M::abc:\\xff\\x00\\xff:/i:", TEXT("axc"), "x", true},
		{":n:M::a\\xffc:\\xff\\x0f\\xff:/i:",
		 TEXT("a\x0f"
		      "c"),
		 "x", true},
		{":n:M::abc:\\x00\\x00\\x00:/i:", TEXT("#!/"), "x", true},
		{":n:E::jar::/i:", TEXT(""), "/a/b.jar", true},
		{":n:E::jar::/i:", TEXT(""), "/a/b.JAR", false},
		{":n:E::foo::/i:", TEXT(""), ".foo", true},
		{":n:E::foo::/i:", TEXT(""), "d.foo/prog", false},
		{":n:E::tar.gz::/i:", TEXT(""), "x.tar.gz", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rule rule;

		assert_int_equal(rule_parse(rows[i].rule, strlen(rows[i].rule),
					    rule_limits_find("6.12"), &rule, NULL),
				 0);
		if (rule_matches(&rule, rows[i].head, rows[i].size, rows[i].path) !=
		    rows[i].matches)
			fail_msg("row %zu: %s", i, rows[i].rule);
		rule_done(&rule);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_old_window),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_delimiters),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_relative_credentials),
		cmocka_unit_test(test_matching),
	};

	return cmocka_run_group_tests_name("binfmtctl/rule", tests, NULL, NULL);
}
