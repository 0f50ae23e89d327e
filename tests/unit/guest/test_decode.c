/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The generated A64 decoder against the rows it was generated from: every word must go where a
 * plain walk over all rows sends it, with the arguments that the rows say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "guest/a64/decode.h"

static uint64_t random_state = 0x9e3779b97f4a7c15;

static uint32_t random_word(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 0x2545f4914f6cdd1d >> 32;
}

static bool row_has(const struct decode_pattern *p, uint32_t word)
{
	if ((word & p->set.mask) != p->set.value)
		return false;
	for (int i = 0; i < p->except_count; i++)
		if ((word & p->except[i].mask) == p->except[i].value)
			return false;
	return true;
}

/* Only first-of groups overlap, and there the first one counts. */
static int walk(uint32_t word)
{
	for (int id = 0; id < A64_INSN_COUNT; id++)
		if (row_has(&a64_patterns[id], word))
			return id;
	return -1;
}

static void check_word(uint32_t word)
{
	struct decode_record record = {0};
	int64_t values[DECODE_ARG_MAX] = {0};
	int id = a64_identify(word);
	bool taken = a64_decode((struct a64_lift *)&record, word);

	if (id != walk(word))
		fail_msg("0x%08x: identified as %d, the rows say %d", word, id,
			 walk(word));
	if (id < 0 || a64_patterns[id].flags & DECODE_UNIMPLEMENTED) {
		assert_false(taken);
		return;
	}
	assert_true(taken);
	assert_string_equal(record.trans, a64_patterns[id].trans);
	a64_arguments(id, word, values);
	assert_memory_equal(record.values, values, sizeof(values));
}

static void test_random_words(void **state)
{
	(void)state;
	for (int i = 0; i < 200000; i++)
		check_word(random_word());
}

/* Words of every row, and words that miss it by one bit. */
static void test_every_row(void **state)
{
	(void)state;
	for (int id = 0; id < A64_INSN_COUNT; id++) {
		const struct decode_pattern *p = &a64_patterns[id];

		for (int i = 0; i < 200; i++) {
			uint32_t word = (random_word() & ~p->set.mask) | p->set.value;

			check_word(word);
			check_word(word ^ 1u << i % 32);
		}
		for (int i = 0; i < p->except_count; i++)
			check_word((random_word() & ~p->except[i].mask) |
				   p->except[i].value);
	}
}

/* Every row must be there for some word. */
static void test_reachable(void **state)
{
	(void)state;
	for (int id = 0; id < A64_INSN_COUNT; id++) {
		const struct decode_pattern *p = &a64_patterns[id];
		int found = 0;

		for (int i = 0; i < 20000 && !found; i++) {
			uint32_t word = (random_word() & ~p->set.mask) | p->set.value;

			found = a64_identify(word) == id;
		}
		if (!found)
			fail_msg("no word leads to %s", p->name);
	}
}

/* Rows as an assembler writes them, with arguments worked out by hand. */
static void test_known_words(void **state)
{
	static const struct {
		uint32_t word;
		const char *name;
		int64_t values[DECODE_ARG_MAX];
	} cases[] = {
		/* adr x1, .-4; adrp x2, .-0x100000000 */
		{0x10ffffe1, "ADR", {1, -4}},
		{0x90800002, "ADRP", {2, -0x100000000}},
		/* subs x3, x4, #5, lsl #12 */
		{0xf1401483, "ADDSUB_imm", {1, 1, 1, 4, 3, 5 << 12}},
		/* movk w5, #0xffff, lsl #16 */
		{0x72bfffe5, "MOVEW", {0, 3, 16, 0xffff, 5}},
		/* b .-4; bl .+8 */
		{0x17ffffff, "B_imm", {0, -4}},
		{0x94000002, "B_imm", {1, 8}},
		/* tbnz x7, #33, .-8 */
		{0xb70fffc7, "TBZ", {1, 7, 33, -8}},
		/* ldrsw x1, [x2], #-256; ldr x1, [x2, #32760]; strb w1, [x2, #1]! */
		{0xb8900441, "LDRS_index", {2, 1, 0, 1, 2, -256, 1, 1}},
		{0xf97ffc41, "LDR_uimm", {3, 0, 0, 1, 2, 32760, 0, 0}},
		{0x38001c41, "STR_index", {0, 0, 0, 1, 2, 1, 1, 0}},
		/* ldp x1, x2, [x3, #-512]!; stp w1, w2, [x3], #252; ldpsw x1, x2, [x3, #4] */
		{0xa9e00861, "LDP", {3, 0, 1, 2, 3, -512, 1, 0}},
		{0x289f8861, "STP", {2, 0, 1, 2, 3, 252, 1, 1}},
		{0x69408861, "LDPSW", {2, 1, 1, 2, 3, 4, 0, 0}},
		/* mrs x0, tpidr_el0 */
		{0xd53bd040, "MRS", {3, 3, 13, 0, 2, 0}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t values[DECODE_ARG_MAX] = {0};
		int id = a64_identify(cases[i].word);

		if (id < 0)
			fail_msg("%s: 0x%08x is refused", cases[i].name, cases[i].word);
		assert_string_equal(a64_patterns[id].name, cases[i].name);
		a64_arguments(id, cases[i].word, values);
		for (int j = 0; j < a64_patterns[id].arg_count; j++)
			if (values[j] != cases[i].values[j])
				fail_msg("%s: argument %s is %lld", cases[i].name,
					 a64_patterns[id].args[j], (long long)values[j]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_words),
		cmocka_unit_test(test_every_row),
		cmocka_unit_test(test_reachable),
		cmocka_unit_test(test_known_words),
	};

	return cmocka_run_group_tests_name("guest/decode", tests, NULL, NULL);
}
