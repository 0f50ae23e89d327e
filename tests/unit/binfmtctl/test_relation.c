/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Overlap, cover and made-up files, on chosen rules and against brute force. */
#include "tests/lib/unit.h"

#include "common/macro.h"

#include "binfmtctl/relation.h"

static struct rule parse(const char *text)
{
	struct diag diag = {0};
	struct rule rule;

	if (rule_parse(text, strlen(text), rule_limits_any(), &rule, &diag))
		fail_msg("%s: %s", text, diag.message);
	return rule;
}

static void test_chosen(void **state)
{
	static const struct {
		const char *a, *b;
		bool overlaps, a_covers_b, b_covers_a;
	} rows[] = {
		{":a:M::AB::/bin/i:", ":b:M::AB::/bin/i:", true, true, true},
		{":a:M::AB::/bin/i:", ":b:M::ABC::/bin/i:", true, true, false},
		{":a:M::AB::/bin/i:", ":b:M::AC::/bin/i:", false, false, false},
		{":a:M::AB::/bin/i:", ":b:M:8:AB::/bin/i:", true, false, false},
		{":a:M::AB:\\xff\\x00:/bin/i:", ":b:M::AC::/bin/i:", true, true, false},
		{":a:M::AB:\\x00\\x00:/bin/i:", ":b:M:99:XYZ::/bin/i:", true, true,
		 false},
		{":a:M:1:B::/bin/i:", ":b:M::AB::/bin/i:", true, true, false},
		{":a:E::jar::/bin/i:", ":b:E::jar::/bin/i:", true, true, true},
		{":a:E::jar::/bin/i:", ":b:E::Jar::/bin/i:", false, false, false},
		{":a:E::jar::/bin/i:", ":b:M::PK::/bin/i:", false, false, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(rule_done) struct rule a = parse(rows[i].a),
						 b = parse(rows[i].b);

		assert_int_equal(rule_overlaps(&a, &b), rows[i].overlaps);
		assert_int_equal(rule_overlaps(&b, &a), rows[i].overlaps);
		assert_int_equal(rule_covers(&a, &b), rows[i].a_covers_b);
		assert_int_equal(rule_covers(&b, &a), rows[i].b_covers_a);
	}
}

static void test_bits(void **state)
{
	_cleanup_(rule_done) struct rule a = parse(":a:M:3:AB:\\xf0\\x01:/bin/i:"),
					 b = parse(":b:M::ABCD::/bin/i:"),
					 c = parse(":c:E::x::/bin/i:");

	(void)state;
	assert_int_equal(rule_bits(&a), 5);
	assert_int_equal(rule_bits(&b), 32);
	assert_int_equal(rule_bits(&c), 0);
}

static struct rule random_rule(uint64_t *random)
{
	struct rule rule = {.type = RULE_MAGIC, .has_mask = true};

	rule.offset = unit_random(random) % 2;
	rule.size = 1 + unit_random(random) % 2;
	for (size_t i = 0; i < rule.size; i++) {
		rule.magic[i] = unit_random(random) % 4;
		rule.mask[i] = unit_random(random) % 4;
	}
	return rule;
}

/* Rules over two bits of three bytes: all files can be tried. */
static void test_against_all_files(void **state)
{
	uint64_t random = unit_seed(0xab);
	unsigned int found = 0;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct rule a = random_rule(&random), b = random_rule(&random);
		const struct rule *others[] = {&b};
		bool both = false, only_a = false, only_b = false;
		uint8_t head[RULE_WINDOW_MAX];

		for (unsigned int file = 0; file < 64; file++) {
			uint8_t bytes[3] = {file & 3, file >> 2 & 3, file >> 4};
			bool in_a = rule_matches(&a, bytes, 3, ""),
			     in_b = rule_matches(&b, bytes, 3, "");

			both |= in_a && in_b;
			only_a |= in_a && !in_b;
			only_b |= in_b && !in_a;
		}
		assert_int_equal(rule_overlaps(&a, &b), both);
		assert_int_equal(rule_covers(&a, &b), !only_b);
		assert_int_equal(rule_covers(&b, &a), !only_a);
		assert_int_equal(rule_sample(&a, others, 1, head), only_a ? 0 : -ENOENT);
		if (only_a) {
			assert_true(rule_matches(&a, head, sizeof(head), ""));
			assert_false(rule_matches(&b, head, sizeof(head), ""));
			found++;
		}
	}
	assert_true(found > 300 && found < 2900);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chosen),
		cmocka_unit_test(test_bits),
		cmocka_unit_test(test_against_all_files),
	};

	return cmocka_run_group_tests_name("binfmtctl/relation", tests, NULL, NULL);
}
