/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Folding of constants and addresses; and that the passes never change what code does. */
#include "ir-test.h"
#include "jit/opt/opt.h"

/* Only integer ops here. */
__attribute__((weak)) void ir_eval_vec(const struct ir_ins *ins, struct cpu *c,
				       uint64_t temps[5])
{
	(void)ins;
	(void)c;
	(void)temps;
	fail_msg("no vector op here");
}

/* What is left of the ops, without the dead ones and without liveness. */
static void check(const char *before, const char *after)
{
	static const struct opt_options options;
	char text[1024], got[1024] = "";
	struct ir_region *r;

	snprintf(text, sizeof(text), ONE_BLOCK "%s", before);
	r = region_of(text);
	assert_verifies(r);
	opt_run(r, &options);
	assert_verifies(r);
	for (unsigned n = 0; n < r->nops; n++) {
		struct ir_ins i = r->ins[n];

		i.live = 0;
		if (i.dead || i.op == IR_RET)
			continue;
		ir_dump_ins(text, sizeof(text), &i);
		strcat(strcat(got, text), "\n");
	}
	assert_string_equal(got, after);
}

static void test_constants(void **state)
{
	(void)state;
	/* movz, movk, movk */
	check("mov r0, #0x1234\n@4\nmov t0, #0x5678\nbfi r0, r0, t0, #16:16\n"
	      "@8\nmov t0, #0x9abc\nbfi r0, r0, t0, #48:16\nret r30\n",
	      "mov r0, #0x9abc000056781234\n");
	/* two constants, interleaved */
	check("mov r0, #1\n@4\nmov r1, #2\n@8\nmov t0, #1\nbfi r0, r0, t0, #16:16\n"
	      "@0xc\nmov t0, #1\nbfi r1, r1, t0, #16:16\nret r30\n",
	      "mov r0, #0x10001\nmov r1, #0x10002\n");
	/* movn and 32 bits: the upper half is zero */
	check("mov.i32 r0, #-1\n@4\nmov.i32 t0, #0\nbfi.i32 r0, r0, t0, #16:16\nret r30\n",
	      "mov r0, #0xffff\n");
	check("mov r0, #0x1000\n@4\nor r0, r0, #0x234\nret r30\n", "mov r0, #0x1234\n");
	/* the first step is read in between, or its loss could be seen */
	check("mov r0, #0x1234\n@4\nmov r2, r0\n@8\nmov t0, #1\nbfi r0, r0, t0, #16:16\nret r30\n",
	      "mov r0, #0x1234\nmov r2, r0\nmov r0, #0x11234\n");
	check("mov r0, #0x1234\n@4\nld r2, [r3]\n@8\nmov t0, #1\nbfi r0, r0, t0, #16:16\nret r30\n",
	      "mov r0, #0x1234\nld r2, [r3]\nmov r0, #0x11234\n");
	/* unknown again */
	check("mov r0, #0x1234\n@4\nld r0, [r3]\n@8\nmov t0, #1\nbfi r0, r0, t0, #16:16\nret r30\n",
	      "mov r0, #0x1234\nld r0, [r3]\nmov t0, #1\nbfi r0, r0, t0, #16:16\n");
	check("mov r1, #1\n@4\nldxp r2, r3, r1\n@8\nadd r1, r1, #1\nret r30\n",
	      "mov r1, #1\nldxp r2, r3, r1\nadd r1, r1, #1\n");
	check("mov r1, #1\n@4\nhelper z, z, z, 0\n@8\nadd r1, r1, #1\nret r30\n",
	      "mov r1, #1\nhelper z, z, z, 0\nadd r1, r1, #1\n");
	/* flags are not folded */
	check("mov r0, #1\n@4\nadd.s r0, r0, #1\nret r30\n",
	      "mov r0, #1\nadd.s r0, r0, #1\n");
	check("mov r0, #1\n@4\nadd z, r0, #1\nret r30\n", "mov r0, #1\n");
}

static void test_addresses(void **state)
{
	(void)state;
	check("adr r0, #0x7f0000001000\n@4\nadd r0, r0, #0x123\nret r30\n",
	      "adr r0, #0x7f0000001123\n");
	check("adr r0, #0x7f0000001000\n@4\nadr r1, #0x7f0000002000\n@8\nadd r0, r0, #1\n"
	      "@0xc\nadd r1, r1, #2\nret r30\n",
	      "adr r0, #0x7f0000001001\nadr r1, #0x7f0000002002\n");
	/* a page is what is wanted */
	check("adr r0, #0x5000\n@4\nmov r0, r0\n@8\nmov.i32 r1, r1\nret r30\n",
	      "adr r0, #0x5000\nmov.i32 r1, r1\n");
	/* another result register, a load: as they are */
	check("adr r0, #0x5000\n@4\nadd r1, r0, #1\nret r30\n",
	      "adr r0, #0x5000\nadd r1, r0, #1\n");
	check("adr r0, #0x5000\n@4\nld r0, [r0 + 8]\nret r30\n",
	      "adr r0, #0x5000\nld r0, [r0 + 8]\n");
	/* addresses are not constants: they may move */
	check("adr r0, #0x5000\n@4\nxor r0, r0, #1\nret r30\n",
	      "adr r0, #0x5000\nxor r0, r0, #1\n");
	check("adr r0, #0x5000\n@4\nadd.i32 r0, r0, #1\nret r30\n",
	      "adr r0, #0x5000\nadd.i32 r0, r0, #1\n");
}

static void test_trailing_zeros(void **state)
{
	(void)state;
	check("rbit r1, r0\n@4\nclz r1, r1\nret r30\n", "ctz r1, r0\n");
	check("rbit r1, r1\n@4\nclz r1, r1\nret r30\n", "ctz r1, r1\n");
	check("rbit r1, r0\n@4\nclz r2, r1\nret r30\n", "rbit r1, r0\nctz r2, r0\n");
	/* the source is gone, or another width is counted */
	check("rbit r1, r1\n@4\nclz r2, r1\nret r30\n", "rbit r1, r1\nclz r2, r1\n");
	check("rbit r1, r0\n@4\nclz.i32 r1, r1\nret r30\n",
	      "rbit r1, r0\nclz.i32 r1, r1\n");
}

/* Every block start is an entry: nothing is known there. */
static void test_blocks(void **state)
{
	static const struct opt_options options;
	struct ir_region *r = region_of(
		"region 0x1000\n"
		"block 0x1000 next 0x1004 insns 1\n@0\nmov r0, #1\nb #0x1004\n"
		"block 0x1004 next 0x1008 insns 1\n@4\nadd r0, r0, #1\nret r30\n");

	(void)state;
	opt_run(r, &options);
	assert_int_equal(r->ins[0].op, IR_MOV);
	assert_false(r->ins[0].dead);
	assert_int_equal(r->ins[2].op, IR_ADD);
}

/* ---- random blocks: the passes keep what they do ---- */

static uint64_t memory[16];

static unsigned pick_register(uint64_t x)
{
	return x % 8 == 7 ? IR_ZERO : x % 8;
}

/* One guest instruction as a front end might emit it. */
static void emit_random(struct ir_builder *b, uint64_t *seed)
{
	static const uint8_t alu[] = {IR_ADD, IR_SUB, IR_AND, IR_ANDN, IR_OR, IR_XOR};
	uint64_t x = next_random(seed), y = next_random(seed);
	unsigned d = pick_register(x), a = pick_register(x >> 8),
		 c = pick_register(x >> 16);
	unsigned ty = x >> 24 & 1 ? IR_I64 : IR_I32, fl = x >> 25 & 1 ? IRF_SETF : 0;

	switch (x >> 32 & 15) {
	case 0: ir_emit(b, IR_MOV, ty, 0, d, IR_IMM, 0, 0, (int64_t)(y >> y % 64)); break;
	case 1:
	case 2:
		ir_emit(b, IR_MOV, ty, 0, IR_T0, IR_IMM, 0, 0, (int64_t)(y & 0xffff));
		ir_emit(b, IR_BFI, ty, 0, d, d, IR_T0, 0,
			IR_BF(y >> 16 & 1 ? 16 : 0, 16));
		break;
	case 3:
		ir_emit(b, IR_ADR, IR_I64, 0, d, IR_NONE, 0, 0, (int64_t)(y >> 20));
		break;
	case 4: ir_emit(b, IR_CSEL, ty, 0, d, a, c, y & 15, y >> 4 & 3); break;
	case 5: ir_emit(b, IR_CCMP, ty, 0, 0, a, c, y & 0xff, 0); break;
	case 6: ir_emit(b, y & 1 ? IR_ADC : IR_SBC, ty, fl, d, a, c, 0, 0); break;
	case 7:
		ir_emit(b, IR_ST, IR_I64, 0, a, 8, IR_NONE, 0, (int64_t)(y % 16 * 8));
		break;
	case 8:
		ir_emit(b, IR_LD, IR_I64, 0, d, 8, IR_NONE, 0, (int64_t)(y % 16 * 8));
		break;
	case 9: ir_emit(b, IR_MUL, ty, 0, d, a, c, 0, 0); break;
	case 10:
		ir_emit(b, y & 1 ? IR_CFINV : IR_AXFLAG, IR_I64, 0, 0, 0, 0, 0, 0);
		break;
	case 11:
		ir_emit(b, IR_EXT, IR_I64, 0, IR_T1, c, 0, y & 7, 0);
		ir_emit(b, IR_ADD, ty, fl, d, a, IR_T1, 0, 0);
		break;
	case 12:
		ir_emit(b, IR_ADD, IR_I64, 0, d, d, IR_IMM, 0, (int64_t)(y & 0xfff));
		break;
	case 13: ir_emit(b, IR_UDIV, ty, 0, d, a, c, 0, 0); break;
	default:
		d = alu[y % sizeof(alu)];
		if (d > IR_ANDN)
			fl = 0;
		if (y >> 8 & 1)
			ir_emit(b, d, ty, fl, pick_register(x), a, IR_IMM, 0,
				(int64_t)(y >> 40));
		else
			ir_emit(b, d, ty, fl, pick_register(x), a, c, y >> 16 & 31, 0);
	}
}

static void random_block(struct ir_region *r, uint64_t *seed)
{
	struct ir_builder b = {.region = r};
	unsigned insns = 2 + next_random(seed) % 20;

	r->page = 0x1000;
	r->nops = 0;
	r->nblocks = 1;
	r->ninsns = insns;
	for (unsigned n = 0; n + 1 < insns; n++, b.at += 4)
		emit_random(&b, seed);
	ir_emit(&b, IR_RET, IR_I64, 0, 0, 9, 0, 0, 0);
	r->block[0] = (struct ir_block){.pc = 0x1000,
					.next_pc = 0x1000 + 4 * insns,
					.count = (uint16_t)r->nops,
					.insns = (uint16_t)insns};
}

static void evaluate(const struct ir_region *r, uint64_t seed, struct cpu *cpu)
{
	memset(cpu, 0, sizeof(*cpu));
	for (unsigned n = 0; n < 8; n++)
		cpu->r[n] = next_random(&seed) >> next_random(&seed) % 64;
	for (unsigned n = 0; n < 16; n++)
		memory[n] = n;
	cpu->r[8] = (uint64_t)(uintptr_t)memory;
	cpu->r[9] = 0x9000;
	cpu->nzcv = next_random(&seed) & 0xc101;
	assert_int_equal(ir_eval(r, 0, cpu), IR_EVAL_NEXT);
}

static void test_random_blocks(void **state)
{
	static const struct opt_options options;
	static struct cpu before, after;
	static struct ir_region r;
	uint64_t seed = 3, stored[16];
	unsigned changed = 0;

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		uint64_t inputs = next_random(&seed);

		random_block(&r, &seed);
		assert_verifies(&r);
		evaluate(&r, inputs, &before);
		memcpy(stored, memory, sizeof(stored));
		opt_run(&r, &options);
		assert_verifies(&r);
		for (unsigned n = 0; n < r.nops; n++)
			changed += r.ins[n].dead;
		evaluate(&r, inputs, &after);
		assert_memory_equal(before.r, after.r, sizeof(before.r));
		assert_int_equal(before.nzcv, after.nzcv);
		assert_memory_equal(stored, memory, sizeof(stored));
	}
	assert_true(changed > 1000); /* the passes did something */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_constants),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_trailing_zeros),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_random_blocks),
	};

	return cmocka_run_group_tests_name("jit/opt folding", tests, NULL, NULL);
}
