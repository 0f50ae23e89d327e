/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Looking ahead for flag liveness: exact where the code is simple, and never less than what
 * the decoder and lifter say the instructions read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "guest/a64/cpu.h"

enum { N = IR_FLAG_N, Z = IR_FLAG_Z, C = IR_FLAG_C, V = IR_FLAG_V, ALL = IR_FLAGS };

#define NOP 0xd503201fu
#define RET 0xd65f03c0u
#define CMP 0xf100003fu /* cmp x1, #0 */

static uint32_t code[1024] __attribute__((aligned(4096)));

static unsigned peek(unsigned index)
{
	return a64_arch.peek_flags((uint64_t)(uintptr_t)&code[index]);
}

static void fill(uint32_t word)
{
	for (unsigned i = 0; i < 1024; i++)
		code[i] = word;
}

/* One instruction, then a comparison. */
static void test_single(void **state)
{
	static const struct {
		uint32_t word;
		unsigned flags;
	} rows[] = {
		{NOP, 0},
		{CMP, 0},
		{0x91000400, 0},         /* add x0, x0, #1 */
		{0xb1000400, 0},         /* adds */
		{0x0b020020, 0},         /* add w0, w1, w2 */
		{0xab020020, 0},         /* adds */
		{0x8b224020, 0},         /* add x0, x1, w2, uxtw */
		{0xea02003f, 0},         /* tst x1, x2 */
		{0x8a020020, 0},         /* and */
		{0xf240003f, 0},         /* tst x1, #1 */
		{0x92400020, 0},         /* and x0, x1, #1 */
		{0x9a820020, Z},         /* csel eq */
		{0x9a9f17e0, Z},         /* cset eq */
		{0x9a822020, C},         /* csel cs */
		{0x9a828020, C | Z},     /* csel hi */
		{0x9a82b020, N | V},     /* csel lt */
		{0x9a82c020, N | V | Z}, /* csel gt */
		{0x9a82e020, 0},         /* csel al */
		{0x9a020020, C},         /* adc */
		{0xda020020, C},         /* sbc */
		{0xba020020, C},         /* adcs */
		{0xfa420024, Z},         /* ccmp x1, x2, #4, eq */
		{0xfa41a824, N | V},     /* ccmp x1, #1, #4, ge */
		{0x54000040, Z},         /* b.eq */
		{0x54000049, C | Z},     /* b.ls */
		{0xb4000041, 0},         /* cbz */
		{0x36080041, 0},         /* tbz */
		{0x14000001, 0},         /* b */
		{0xf9400020, 0},         /* ldr */
		{0xa9bf7bfd, 0},         /* stp */
		{0x1e622020, 0},         /* fcmp d1, d2 */
		{0x1e620c20, Z},         /* fcsel d0, d1, d2, eq */
		{0x1e621424, Z},         /* fccmp d1, d2, #4, ne */
		{0x4ea28420, 0},         /* add v0.4s, v1.4s, v2.4s */
		{0xd53b4200, ALL},       /* mrs x0, nzcv */
		{0xd51b4200, 0},         /* msr nzcv, x0 */
		{0xd500401f, C},         /* cfinv */
		{0xd53bd040, 0},         /* mrs x0, tpidr_el0 */
		{0xd5033bbf, 0},         /* dmb ish */
		{RET, ALL},
		{0xd61f0020, ALL},          /* br x1 */
		{0xd63f0020, ALL},          /* blr x1 */
		{0xd4000001, ALL},          /* svc */
		{0xd4200000, ALL},          /* brk */
		{0x00000000, ALL},          /* udf */
		{0x04200000, ALL},          /* SVE */
		{0x94000400, ALL},          /* bl to the next page */
		{0xba000400 | 1 << 5, ALL}, /* rmif */
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned want = rows[i].flags;

		fill(CMP);
		code[0] = rows[i].word;
		if (peek(0) != want)
			fail_msg("%08x: %x instead of %x", rows[i].word, peek(0), want);
	}
}

static void test_paths(void **state)
{
	(void)state;
	/* both ways of a branch */
	fill(CMP);
	code[0] = 0x54000080; /* b.eq code[4] */
	code[4] = 0x9a822020; /* csel cs */
	assert_int_equal(peek(0), Z | C);
	/* a read behind a write does not count */
	code[4] = CMP;
	code[5] = 0x9a822020;
	assert_int_equal(peek(0), Z);
	/* a call within the page */
	fill(RET);
	code[0] = 0x94000010;  /* bl code[16] */
	code[16] = 0xd10083ff; /* sub sp, sp, #32 */
	code[17] = CMP;
	assert_int_equal(peek(0), 0);
	/* a loop without flags does not hang */
	fill(NOP);
	code[1] = 0x17ffffff;
	assert_int_equal(peek(0), ALL);
	/* the end of the page */
	fill(NOP);
	assert_int_equal(peek(1023), ALL);
	code[1023] = CMP;
	assert_int_equal(peek(1023), 0);
	assert_int_equal(peek(1010), 0);
	/* a branch out of the page */
	fill(CMP);
	code[0] = 0x14000400;
	assert_int_equal(peek(0), ALL);
	/* too far */
	fill(NOP);
	code[40] = CMP;
	assert_int_equal(peek(0), ALL);
	assert_int_equal(peek(30), 0);
	/* more branches than it remembers */
	fill(0x54000080);
	assert_int_equal(peek(0), ALL);
}

/*
 * Against the lifter: for a random word, the flags that its IR reads must be in the answer,
 * and what the answer takes for written must be written.
 */
static void test_random(void **state)
{
	static struct ir_region region;
	struct guest_block_end end;
	unsigned seed = 1, compared = 0;

	(void)state;
	for (unsigned n = 0; n < 500000; n++) {
		struct ir_builder b = {.region = &region};
		unsigned reads = 0, writes = 0, live;
		const struct ir_ins *last;

		fill(NOP);
		code[0] = (uint32_t)rand_r(&seed) << 16 ^ (uint32_t)rand_r(&seed);
		if (n % 2) /* more of the words that matter */
			code[0] = (code[0] & ~0x1e200800u) | 0x1a000000u;
		code[1] = RET;
		region.nops = region.nblocks = region.ninsns = 0;
		a64_arch.lift_block(&b, (uint64_t)(uintptr_t)code,
				    (uint64_t)(uintptr_t)&code[1], 1, &end);
		last = &region.ins[region.nops - 1];
		if (last->op == IR_UNDEF)
			continue; /* peek may take it for its neighbour */
		for (unsigned i = 0; i < region.nops; i++) {
			const struct ir_ins *ins = &region.ins[i];
			unsigned attr = ir_op_info[ins->op].attr;
			unsigned r = 0;

			if (attr & IR_A_READS)
				r = IR_FLAGS;
			if (attr & IR_A_COND)
				r |= ir_cond_reads(ins->c & 15);
			if (attr & IR_A_CARRY)
				r |= IR_FLAG_C;
			reads |= r & ~writes;
			if (attr & IR_A_SETS || ins->fl & IRF_SETF)
				writes = IR_FLAGS;
		}
		/* Not written means that the RET behind it makes it live. */
		live = peek(0);
		if ((live & reads) != reads)
			fail_msg("%08x: reads %x, answer %x", code[0], reads, live);
		if (last->op == IR_B && end.target == (uint64_t)(uintptr_t)&code[1] &&
		    !writes && live != IR_FLAGS)
			fail_msg("%08x: writes nothing, answer %x", code[0], live);
		compared++;
	}
	print_message("# %u words compared\n", compared);
	assert_true(compared > 40000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_single),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
