/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Liveness of flags within and over blocks, and what goes when nobody looks. */
#include "ir-test.h"
#include "jit/opt/opt.h"

static const struct opt_options fold, no_fold = {.no_fold = true};

static void check(const struct opt_options *options, const char *before,
		  const char *after)
{
	struct ir_region *r = region_of(before);
	char text[4096];

	assert_verifies(r);
	opt_run(r, options);
	assert_verifies(r);
	ir_dump(text, sizeof(text), r);
	assert_string_equal(text, after);
}

#define HEAD "region 0x1000\nblock 0x1000 next 0x1010 insns 4 "

static void test_in_block(void **state)
{
	(void)state;
	/* the second setter hides the first; everything is live at a return */
	check(&fold,
	      ONE_BLOCK
	      "add.s r0, r0, #1\n@4\nsub.s r1, r1, #1\n@8\nmov r2, r3\n@0xc\nret r30\n",
	      HEAD
	      "out:nzcv\n@0x0\n\tadd r0, r0, #1\n@0x4\n\tsub.s r1, r1, #1 !live:nzcv\n"
	      "@0x8\n\tmov r2, r3 !live:nzcv\n@0xc\n\tret r30 !live:nzcv\n");
	/* single flags: C for the ADC, Z for the CSEL */
	check(&fold,
	      ONE_BLOCK "add.s r0, r0, r1\n@4\nadc r2, r2, r3\n@8\ncsel r4, r4, r5, eq\n"
			"and.s z, r0, r0\nret r30\n",
	      HEAD "out:nzcv\n@0x0\n\tadd.s r0, r0, r1 !live:zc\n"
		   "@0x4\n\tadc r2, r2, r3 !live:z\n@0x8\n\tcsel r4, r4, r5, eq\n"
		   "\tand.s z, r0, r0 !live:nzcv\n\tret r30 !live:nzcv\n");
}

static void test_dead(void **state)
{
	(void)state;
	/* a compare whose flags nobody reads goes, and with it what only it read */
	check(&fold,
	      ONE_BLOCK "sub.s z, r1, r2\n@4\nccmp r1, r2, eq:4\n@8\nand.s z, r3, #1\n"
			"@0xc\nbcc eq, #0x5000\n",
	      HEAD "out:nzcv\n@0x0\n\tsub z, r1, r2 !dead\n"
		   "@0x4\n\tccmp r1, r2, eq:4 !dead\n@0x8\n\tand.s z, r3, #1 !live:nzcv\n"
		   "@0xc\n\tbcc eq, #0x5000 !live:nzcv\n");
	/* results that are discarded; loads, helpers and vector traps stay */
	check(&fold,
	      ONE_BLOCK "add z, r1, r2\nudiv z, r1, r2\nld z, [r1]\nprefetch r1\n"
			"helper z, z, z, 0\nsetnzcv r1\nret r30\n",
	      HEAD "out:nzcv\n@0x0\n\tadd z, r1, r2 !dead\n"
		   "\tudiv z, r1, r2 !dead\n\tld z, [r1]\n"
		   "\tprefetch r1\n\thelper z, z, z, 0\n"
		   "\tsetnzcv r1 !live:nzcv\n\tret r30 !live:nzcv\n");
}

static void test_temporaries(void **state)
{
	(void)state;
	/* a chain of temporaries that ends in nothing; one that ends in a store */
	check(&fold,
	      ONE_BLOCK "mov t0, r1\nadd t1, t0, #1\nmul z, t1, r2\n"
			"@4\nadd t0, r1, #1\nadd t1, t0, #1\nst t1, [r2]\n@8\nret r30\n",
	      HEAD "in:nzcv out:nzcv\n@0x0\n\tmov t0, r1 !live:nzcv !dead\n"
		   "\tadd t1, t0, #1 !live:nzcv !dead\n\tmul z, t1, r2 !live:nzcv !dead\n"
		   "@0x4\n\tadd t0, r1, #1 !live:nzcv\n\tadd t1, t0, #1 !live:nzcv\n"
		   "\tst t1, [r2] !live:nzcv\n@0x8\n\tret r30 !live:nzcv\n");
	/* the same name in the next guest instruction is another temporary */
	check(&fold, ONE_BLOCK "mov t1, r1\n@4\nmov t1, r2\nst t1, [r3]\n@8\nret r30\n",
	      HEAD "in:nzcv out:nzcv\n@0x0\n\tmov t1, r1 !live:nzcv !dead\n"
		   "@0x4\n\tmov t1, r2 !live:nzcv\n\tst t1, [r3] !live:nzcv\n"
		   "@0x8\n\tret r30 !live:nzcv\n");
	/* a pair reads the register behind the one it names */
	check(&fold, ONE_BLOCK "mov t1, r1\nmov t2, r2\ncasp r4, r6, t1\n@4\nret r30\n",
	      HEAD "in:nzcv out:nzcv\n@0x0\n\tmov t1, r1 !live:nzcv\n"
		   "\tmov t2, r2 !live:nzcv\n\tcasp r4, r6, t1 !live:nzcv\n"
		   "@0x4\n\tret r30 !live:nzcv\n");
	check(&fold,
	      ONE_BLOCK "vmov.q vt4, v1\nvmov.q vt5, v2\nvmov.q vt6, v3\n"
			"vriff3.i8.q vt0, vt4, 1\nstv.i128 vt0, [r1]\nret r30\n",
	      HEAD
	      "in:nzcv out:nzcv\n@0x0\n\tvmov.q vt4, v1 !live:nzcv\n"
	      "\tvmov.q vt5, v2 !live:nzcv\n\tvmov.q vt6, v3 !live:nzcv\n"
	      "\tvriff3.i8.q vt0, vt4, 1 !live:nzcv\n\tstv.i128 vt0, [r1] !live:nzcv\n"
	      "\tret r30 !live:nzcv\n");
	check(&fold, ONE_BLOCK "vmov.q vt0, v1\nvmov.q vt1, vt0\n@4\nret r30\n",
	      HEAD "in:nzcv out:nzcv\n@0x0\n\tvmov.q vt0, v1 !live:nzcv !dead\n"
		   "\tvmov.q vt1, vt0 !live:nzcv !dead\n@0x4\n\tret r30 !live:nzcv\n");
}

static void test_no_fold(void **state)
{
	(void)state;
	/* the same liveness, nothing taken out */
	check(&no_fold,
	      ONE_BLOCK "add.s z, r1, r2\n@4\nmov t0, r1\n@8\nsub.s z, r1, r2\n"
			"@0xc\nbcc ne, #0x1000\n",
	      HEAD
	      "out:nzcv\n@0x0\n\tadd.s z, r1, r2\n@0x4\n\tmov t0, r1\n"
	      "@0x8\n\tsub.s z, r1, r2 !live:nzcv\n@0xc\n\tbcc ne, #0x1000 !live:nzcv\n");
}

static unsigned asked;
static uint64_t asked_pc[4];

static unsigned peek(uint64_t pc)
{
	if (asked < 4)
		asked_pc[asked] = pc;
	asked++;
	return pc == 0x5000 ? IR_FLAG_C : 0;
}

static void test_peek(void **state)
{
	static const struct opt_options options = {.peek = peek};

	(void)state;
	asked = 0;
	check(&options, ONE_BLOCK "sub.s r1, r1, #1\n@4\nbcc ne, #0x5000\n",
	      HEAD
	      "out:c\n@0x0\n\tsub.s r1, r1, #1 !live:zc\n@0x4\n\tbcc ne, #0x5000 !live:c\n");
	assert_int_equal(asked, 2);
	assert_int_equal(asked_pc[0], 0x5000);
	assert_int_equal(asked_pc[1], 0x1010);
	/* a call peeks where it goes, not where it returns */
	asked = 0;
	check(&options, ONE_BLOCK "sub.s r1, r1, #1\n@4\ncall r30, #0x6000\n",
	      "region 0x1000\nblock 0x1000 next 0x1010 insns 4\n@0x0\n\tsub r1, r1, #1\n@0x4\n\tcall r30, #0x6000\n");
	assert_int_equal(asked, 1);
	assert_int_equal(asked_pc[0], 0x6000);
	/* nobody is asked when there are no flags to save */
	asked = 0;
	check(&options, ONE_BLOCK "mov r1, r2\nb #0x5000\n",
	      HEAD
	      "in:nzcv out:nzcv\n@0x0\n\tmov r1, r2 !live:nzcv\n\tb #0x5000 !live:nzcv\n");
	assert_int_equal(asked, 0);
}

/* A loop: the flags of the compare at its end die at its head, which writes them. */
static void test_loop(void **state)
{
	static const struct opt_options options = {.peek = peek};

	(void)state;
	check(&options,
	      "region 0x1000\n"
	      "block 0x1000 next 0x1008 insns 2\n@0\nadd.s r2, r2, #1\n@4\nb #0x1008\n"
	      "block 0x1008 next 0x1010 insns 2\n@8\nmov r1, r2\n@0xc\nbcc mi, #0x1020\n"
	      "block 0x1010 next 0x1018 insns 2\n@0x10\nsub.s r1, r1, #1\n"
	      "@0x14\nbcc ne, #0x1000\n"
	      "block 0x1018 next 0x101c insns 1\n@0x18\nb #0x6000\n"
	      "block 0x1020 next 0x1028 insns 2\n@0x20\ncsel r1, r2, r3, vs\n@0x24\nb #0x1008\n",
	      "region 0x1000\n"
	      "block 0x1000 next 0x1008 insns 2 out:nv\n"
	      "@0x0\n\tadd.s r2, r2, #1 !live:nv\n@0x4\n\tb #0x1008 !live:nv\n"
	      "block 0x1008 next 0x1010 insns 2 in:nv out:nv\n"
	      "@0x8\n\tmov r1, r2 !live:nv\n@0xc\n\tbcc mi, #0x1020 !live:nv\n"
	      "block 0x1010 next 0x1018 insns 2\n"
	      "@0x10\n\tsub.s r1, r1, #1 !live:z\n@0x14\n\tbcc ne, #0x1000\n"
	      "block 0x1018 next 0x101c insns 1\n@0x18\n\tb #0x6000\n"
	      "block 0x1020 next 0x1028 insns 2 in:nv out:nv\n"
	      "@0x20\n\tcsel r1, r2, r3, vs !live:nv\n@0x24\n\tb #0x1008 !live:nv\n");
}

/* Liveness against a definition that is slow and obvious: a flag is live where some path
 * reads it before an op writes it. Random graphs of blocks. */
static struct ir_region graph;

static bool read_on_some_path(unsigned block, unsigned flag, uint8_t *visited)
{
	const struct ir_block *b = &graph.block[block];

	if (visited[block])
		return false;
	visited[block] = 1;
	for (unsigned n = b->first; n < b->first + (unsigned)b->count; n++) {
		const struct ir_ins *i = &graph.ins[n];

		if (i->op == IR_GETNZCV || i->op == IR_SVC || i->op == IR_RET)
			return true;
		if ((i->op == IR_CSEL || i->op == IR_BCC) && ir_cond_reads(i->c) & flag)
			return true;
		if (i->op == IR_SUB)
			return false;
		if (i->op == IR_B || i->op == IR_BCC) {
			unsigned next = block + 1;

			if (i->imm == 0x9000 ||
			    read_on_some_path((unsigned)(i->imm - 0x1000) / 4, flag,
					      visited))
				return true;
			return i->op == IR_BCC &&
			       (next == graph.nblocks ||
				read_on_some_path(next, flag, visited));
		}
	}
	return false;
}

static void random_graph(uint64_t *seed, unsigned nblocks)
{
	struct ir_builder b = {.region = &graph};

	memset(&graph, 0, sizeof(graph));
	graph.page = 0x1000;
	graph.ninsns = graph.nblocks = nblocks;
	for (unsigned n = 0; n < nblocks; n++) {
		uint64_t x = next_random(seed);
		uint64_t target =
			x >> 8 & 7 ? 0x1000 + 4 * ((x >> 16) % nblocks) : 0x9000;
		struct ir_block *block = &graph.block[n];

		*block = (struct ir_block){.pc = 0x1000 + 4 * n,
					   .next_pc = 0x1004 + 4 * n,
					   .first = (uint16_t)graph.nops,
					   .insns = 1};
		b.at = (uint16_t)(4 * n);
		if (x & 1)
			ir_emit(&b, IR_CSEL, IR_I64, 0, 1, 2, 3, x >> 4 & 15, 0);
		if ((x >> 1 & 3) == 1)
			ir_emit(&b, IR_SUB, IR_I64, IRF_SETF, 1, 1, 2, 0, 0);
		if (x >> 24 & 15)
			ir_emit(&b, x >> 32 & 1 ? IR_B : IR_BCC, IR_I64, 0, 0, 0, 0,
				x >> 40 & 15, (int64_t)target);
		else
			ir_emit(&b, x >> 32 & 1 ? IR_SVC : IR_RET, IR_I64, 0, 0, 30, 0, 0,
				0);
		block->count = (uint16_t)(graph.nops - block->first);
	}
}

static void test_random_graphs(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (unsigned round = 0; round < 2000; round++) {
		unsigned nblocks = 1 + next_random(&seed) % 12;
		bool any_writer = false;

		random_graph(&seed, nblocks);
		assert_verifies(&graph);
		for (unsigned n = 0; n < graph.nops; n++)
			any_writer |= graph.ins[n].op == IR_SUB;
		opt_flags(&graph, &no_fold);
		for (unsigned n = 0; any_writer && n < nblocks; n++) {
			unsigned want = 0;

			for (unsigned flag = 1; flag < 16; flag *= 2) {
				uint8_t visited[16] = {0};

				if (read_on_some_path(n, flag, visited))
					want |= flag;
			}
			assert_int_equal(graph.block[n].live_in, want);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_block),      cmocka_unit_test(test_dead),
		cmocka_unit_test(test_temporaries),   cmocka_unit_test(test_no_fold),
		cmocka_unit_test(test_peek),          cmocka_unit_test(test_loop),
		cmocka_unit_test(test_random_graphs),
	};

	return cmocka_run_group_tests_name("jit/opt flags", tests, NULL, NULL);
}
