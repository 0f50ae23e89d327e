/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where blocks end, and what region discovery is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "guest/a64/cpu.h"

#define NOP 0xd503201fu
#define ADD 0x91000400u /* add x0, x0, #1 */

static uint32_t code[1024] __attribute__((aligned(4096)));
static struct ir_region region;
static struct guest_block_end end;

static uint64_t at(unsigned index)
{
	return (uint64_t)(uintptr_t)&code[index];
}

static void fill(uint32_t word)
{
	for (unsigned i = 0; i < 1024; i++)
		code[i] = word;
}

static int setup(void **state)
{
	(void)state;
	fill(NOP);
	memset(&region, 0, sizeof(region));
	region.page = at(0);
	return 0;
}

static const struct ir_block *lift(unsigned index, unsigned limit, unsigned max_insns)
{
	struct ir_builder b = {.region = &region};
	char message[200] = "";

	memset(&end, 0xff, sizeof(end));
	a64_arch.lift_block(&b, at(index), at(0) + 4 * limit, max_insns, &end);
	if (ir_verify(&region, message, sizeof(message)))
		fail_msg("%s", message);
	return &region.block[region.nblocks - 1];
}

static const struct ir_ins *last_op(const struct ir_block *block)
{
	return &region.ins[block->first + block->count - 1];
}

static void check_end(unsigned insns, unsigned next, bool has_target, bool has_next)
{
	const struct ir_block *block = &region.block[region.nblocks - 1];

	assert_int_equal(block->insns, insns);
	assert_int_equal(block->next_pc, at(next));
	assert_int_equal(end.has_target, has_target);
	assert_int_equal(end.has_next, has_next);
	assert_int_equal(block->first + block->count, region.nops);
}

static void test_limit(void **state)
{
	const struct ir_block *block = lift(10, 14, 256);

	(void)state;
	check_end(4, 14, true, false);
	assert_int_equal(block->pc, at(10));
	assert_int_equal(last_op(block)->op, IR_B);
	assert_int_equal(last_op(block)->imm, at(14));
	assert_int_equal(end.target, at(14));
	assert_int_equal(region.ninsns, 4);
}

static void test_max_insns(void **state)
{
	(void)state;
	lift(0, 1024, 1);
	check_end(1, 1, true, false);
	assert_int_equal(end.target, at(1));
	lift(1, 1024, 7);
	check_end(7, 8, true, false);
	assert_int_equal(region.ninsns, 8);
	assert_int_equal(region.nblocks, 2);
	assert_int_equal(region.block[1].first, region.block[0].count);
}

/* The page's last instruction, and the address behind it. */
static void test_page_end(void **state)
{
	(void)state;
	lift(1023, 1024, 256);
	check_end(1, 1024, true, false);
	assert_int_equal(end.target, at(0) + 4096);
	assert_int_equal(region.at[0], 4092);
}

static void test_full(void **state)
{
	unsigned blocks = 0;

	(void)state;
	lift(0, 1024, 10000);
	assert_int_equal(region.ninsns, IR_MAX_INSNS);
	check_end(IR_MAX_INSNS, IR_MAX_INSNS, true, false);

	/* Many ops fill the region before its instructions do. */
	setup(state);
	fill(0xb8617803); /* ldr w3, [x0, x1, lsl #2] */
	for (unsigned i = 0; i < 1024; i++)
		code[i] = 0x483e7c3e; /* casp x30, xzr, x30, xzr, [x1] */
	lift(0, 1024, 10000);
	assert_true(region.ninsns < 1024);
	assert_true(region.nops <= IR_MAX_OPS);
	assert_int_equal(last_op(&region.block[blocks])->op, IR_B);
	assert_int_equal(end.target, at(region.ninsns));
}

static void test_ends(void **state)
{
	static const struct {
		uint32_t word;
		enum ir_op op;
		bool has_target, has_next;
		int target; /* words from the instruction */
	} rows[] = {
		{0x14000004, IR_B, true, false, 4},
		{0x17fffffe, IR_B, true, false, -2},
		{0x94000400, IR_CALL, true, true, 1024},
		{0x54000080, IR_BCC, true, true, 4},
		{0x5400008e, IR_B, true, false, 4},
		{0xb4ffffe1, IR_CBZ, true, true, -1},
		{0x35000041, IR_CBNZ, true, true, 2},
		{0xb400005f, IR_B, true, false, 2},
		{0xb500005f, IR_B, true, false, 1},
		{0x36080041, IR_TBZ, true, true, 2},
		{0xb7f80041, IR_TBNZ, true, true, 2},
		{0xd61f0020, IR_JMPR, false, false, 0},
		{0xd63f0020, IR_CALLR, false, true, 0},
		{0xd65f03c0, IR_RET, false, false, 0},
		{0xd4000001, IR_SVC, false, true, 0},
		{0xd4200020, IR_BRK, false, false, 0},
		{0xd5033fdf, IR_SYNC, false, true, 0},
		{0xd50b7521, IR_ICACHE, false, true, 0},
		{0x00000000, IR_UNDEF, false, false, 0},
		{0xd4400000, IR_UNDEF, false, false, 0}, /* HLT */
		{0xd5381000, IR_UNDEF, false, false, 0}, /* MRS SCTLR_EL1 */
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct ir_block *block;

		setup(state);
		code[0] = ADD;
		code[1] = rows[i].word;
		block = lift(0, 1024, 256);
		check_end(2, 2, rows[i].has_target, rows[i].has_next);
		assert_int_equal(last_op(block)->op, rows[i].op);
		assert_int_equal(region.at[region.nops - 1], 4);
		if (rows[i].has_target) {
			assert_int_equal(end.target,
					 at(1) + (uint64_t)(rows[i].target * 4));
			assert_int_equal(last_op(block)->imm, end.target);
		}
		if (rows[i].op == IR_UNDEF)
			assert_int_equal(last_op(block)->imm, rows[i].word);
	}
}

/* What an undefined instruction emitted before that was known is gone. */
static void test_undefined_alone(void **state)
{
	const struct ir_block *block;

	(void)state;
	code[0] = 0xffffffff;
	block = lift(0, 1024, 256);
	check_end(1, 1, false, false);
	assert_int_equal(block->count, 1);
	assert_int_equal(last_op(block)->imm, 0xffffffff);
}

/* Whatever a word is, what comes of it obeys the rules of the IR and fits. */
static void test_random(void **state)
{
	unsigned seed = 7, defined = 0;
	char message[200] = "";

	for (unsigned n = 0; n < 1000000; n++) {
		struct ir_builder b = {.region = &region};

		region.nops = region.nblocks = region.ninsns = 0;
		code[0] = (uint32_t)rand_r(&seed) << 16 ^ (uint32_t)rand_r(&seed);
		a64_arch.lift_block(&b, at(0), at(1), 1, &end);
		if (ir_verify(&region, message, sizeof(message)))
			fail_msg("%08x: %s", code[0], message);
		assert_in_range(region.nops, 1, IR_OPS_PER_INSN + 1);
		defined += region.ins[region.nops - 1].op != IR_UNDEF;
	}
	(void)state;
	print_message("# %u of 1000000 words defined\n", defined);
	assert_true(defined > 300000);
}

static void test_arch(void **state)
{
	uint32_t seen = 0;

	(void)state;
	assert_string_equal(a64_arch.name, "aarch64");
	assert_int_equal(a64_arch.insn_align, 4);
	for (unsigned i = 0; i < a64_arch.map.npinned; i++) {
		assert_true(a64_arch.map.pinned[i] < 32);
		seen |= 1u << a64_arch.map.pinned[i];
	}
	assert_int_equal(__builtin_popcount(seen), a64_arch.map.npinned);
	seen = 0;
	for (unsigned i = 0; i < a64_arch.map.nvpinned; i++) {
		assert_true(a64_arch.map.vpinned[i] < 32);
		seen |= 1u << a64_arch.map.vpinned[i];
	}
	assert_int_equal(__builtin_popcount(seen), a64_arch.map.nvpinned);
	for (unsigned i = 0; i < A64_HELPER_COUNT; i++)
		assert_non_null(a64_arch.helpers[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_limit, setup),
		cmocka_unit_test_setup(test_max_insns, setup),
		cmocka_unit_test_setup(test_page_end, setup),
		cmocka_unit_test_setup(test_full, setup),
		cmocka_unit_test_setup(test_ends, setup),
		cmocka_unit_test_setup(test_undefined_alone, setup),
		cmocka_unit_test_setup(test_random, setup),
		cmocka_unit_test(test_arch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
