/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The evaluator, op by op. Expected values come from the Arm manual's definitions (and for
 * CRC from the check values of the polynomials), not from running it.
 */
#include <pthread.h>

#include "ir-test.h"

#define MIN64 UINT64_C(0x8000000000000000)
#define ONES  UINT64_C(0xffffffffffffffff)

enum { N = 8, Z = 4, C = 2, V = 1 };

static struct cpu cpu;

/* Only the integer half is tested here. */
__attribute__((weak)) void ir_eval_vec(const struct ir_ins *ins, struct cpu *c,
				       uint64_t temps[5])
{
	(void)ins;
	(void)c;
	(void)temps;
	fail_msg("no vector op here");
}

static void put_nzcv(unsigned nzcv)
{
	cpu.nzcv = (uint16_t)((nzcv & N ? CPU_NZCV_N : 0) | (nzcv & Z ? CPU_NZCV_Z : 0) |
			      (nzcv & C ? 0 : CPU_NZCV_NC) | (nzcv & V ? CPU_NZCV_V : 0));
}

static unsigned seen_nzcv(void)
{
	return (cpu.nzcv & CPU_NZCV_N ? N : 0) | (cpu.nzcv & CPU_NZCV_Z ? Z : 0) |
	       (cpu.nzcv & CPU_NZCV_NC ? 0 : C) | (cpu.nzcv & CPU_NZCV_V ? V : 0);
}

static enum ir_eval_exit run(const char *ops)
{
	char text[1024];

	snprintf(text, sizeof(text), ONE_BLOCK "%s", ops);
	if (!strstr(ops, "0x9000")) /* most texts have no terminator of their own */
		strcat(text, "\nb #0x9000\n");
	assert_verifies(region_of(text));
	return ir_eval(region_of(text), 0, &cpu);
}

/* r1, r2, r3 and NZCV before; r0 and NZCV behind. */
struct row {
	const char *op;
	uint64_t r1, r2, r3;
	unsigned nzcv;
	uint64_t r0;
	unsigned after;
};

static void check_rows(const struct row *rows, unsigned count)
{
	for (unsigned n = 0; n < count; n++) {
		const struct row *row = &rows[n];

		memset(&cpu, 0, sizeof(cpu));
		cpu.r[0] = 0x5555555555555555;
		cpu.r[1] = row->r1;
		cpu.r[2] = row->r2;
		cpu.r[3] = row->r3;
		put_nzcv(row->nzcv);
		assert_int_equal(run(row->op), IR_EVAL_NEXT);
		if (cpu.r[0] != row->r0 || seen_nzcv() != row->after) {
			print_error("%s: %#llx %x, not %#llx %x\n", row->op,
				    (unsigned long long)cpu.r[0], seen_nzcv(),
				    (unsigned long long)row->r0, row->after);
			fail();
		}
	}
}

#define CHECK_ROWS(rows) check_rows(rows, sizeof(rows) / sizeof((rows)[0]))

static void test_arithmetic(void **state)
{
	static const struct row rows[] = {
		{"mov r0, r1", ONES, 0, 0, 15, ONES, 15},
		{"mov.i32 r0, r1", ONES, 0, 0, 0, 0xffffffff, 0},
		{"mov.i32 r0, #-2", 0, 0, 0, 0, 0xfffffffe, 0},
		{"adr r0, #0x7f0000001234", 0, 0, 0, 0, 0x7f0000001234, 0},
		{"add r0, r1, r2, lsl 4", 1, 2, 0, 0, 33, 0},
		{"add r0, r1, r2, lsr 63", 1, MIN64, 0, 0, 2, 0},
		{"add r0, r1, r2, asr 63", 1, MIN64, 0, 0, 0, 0},
		{"add.i32 r0, r1, r2, asr 31", 5, 0x80000000, 0, 0, 4, 0},
		{"add.s r0, r1, r2", ONES, 1, 0, N | V, 0, Z | C},
		{"add.s r0, r1, r2", MIN64, MIN64, 0, 0, 0, Z | C | V},
		{"add.s r0, r1, #1", MIN64 - 1, 0, 0, 0, MIN64, N | V},
		{"add.i32.s r0, r1, r2", 0xffffffff, 1, 0, 0, 0, Z | C},
		{"add.i32.s r0, r1, r2", 0x7fffffff, 1, 0, 0, 0x80000000, N | V},
		{"sub.s r0, r1, r2", 5, 5, 0, 0, 0, Z | C},
		{"sub.s r0, r1, r2", 4, 5, 0, C, ONES, N},
		{"sub.s r0, r1, r2", MIN64, 1, 0, 0, MIN64 - 1, C | V},
		{"sub.i32.s r0, r1, #-1", 0x7fffffff, 0, 0, 0, 0x80000000, N | V},
		{"sub.i32 r0, z, r1", 1, 0, 0, 15, 0xffffffff, 15},
		{"adc r0, r1, r2", 1, 2, 0, C, 4, C},
		{"adc r0, r1, r2", 1, 2, 0, N, 3, N},
		{"adc.s r0, r1, r2", ONES, 0, 0, C, 0, Z | C},
		{"adc.i32.s r0, r1, r2", 0x7fffffff, 0, 0, C, 0x80000000, N | V},
		{"sbc r0, r1, r2", 5, 3, 0, C, 2, C},
		{"sbc r0, r1, r2", 5, 3, 0, 0, 1, 0},
		{"sbc.s r0, r1, r2", 0, 0, 0, 0, ONES, N},
		{"sbc.i32.s r0, r1, r2", 0x80000000, 0, 0, 0, 0x7fffffff, C | V},
		{"and.s r0, r1, r2", MIN64 | 1, MIN64, 0, C | V, MIN64, N},
		{"and.i32.s r0, r1, r2", MIN64, MIN64, 0, C | V, 0, Z},
		{"andn.s r0, r1, r2", 7, 5, 0, 15, 2, 0},
		{"andn.i32 r0, r1, r2, ror 4", 0xffffffff, 0xf, 0, 0, 0x0fffffff, 0},
		{"or r0, r1, r2", 0xf0, 0x0f, 0, 0, 0xff, 0},
		{"orn.i32 r0, z, r2", 0, 1, 0, 0, 0xfffffffe, 0},
		{"xor r0, r1, r2, ror 8", 0xff, 0xff, 0, 0, UINT64_C(0xff000000000000ff),
		 0},
		{"xorn r0, r1, r2", 5, 5, 0, 0, ONES, 0},
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void test_shifts_and_products(void **state)
{
	static const struct row rows[] = {
		{"shl r0, r1, r2", 1, 65, 0, 0, 2, 0},
		{"shl.i32 r0, r1, r2", 0x80000001, 33, 0, 0, 2, 0},
		{"shr r0, r1, #63", ONES, 0, 0, 0, 1, 0},
		{"shr.i32 r0, r1, r2", ONES, 32, 0, 0, 0xffffffff, 0},
		{"sar r0, r1, #60", MIN64, 0, 0, 0, ONES << 3, 0},
		{"sar.i32 r0, r1, #4", 0x80000000, 0, 0, 0, 0xf8000000, 0},
		{"ror r0, r1, #4", 0x1f, 0, 0, 0, UINT64_C(0xf000000000000001), 0},
		{"ror.i32 r0, r1, r2", 0x1f, 36, 0, 0, 0xf0000001, 0},
		{"ext r0, r1, uxtb", ONES, 0, 0, 0, 0xff, 0},
		{"ext r0, r1, uxth", ONES, 0, 0, 0, 0xffff, 0},
		{"ext r0, r1, uxtw", ONES, 0, 0, 0, 0xffffffff, 0},
		{"ext r0, r1, uxtx", ONES, 0, 0, 0, ONES, 0},
		{"ext r0, r1, sxtb", 0x80, 0, 0, 0, ONES << 7, 0},
		{"ext.i32 r0, r1, sxth", 0x8000, 0, 0, 0, 0xffff8000, 0},
		{"ext r0, r1, sxtw", 0x80000000, 0, 0, 0, ONES << 31, 0},
		{"mul r0, r1, r2", ONES, ONES, 0, 0, 1, 0},
		{"mul.i32 r0, r1, r2", 0x10001, 0x10001, 0, 0, 0x20001, 0},
		{"madd r0, r1, r2, r3", 3, 4, 5, 0, 17, 0},
		{"msub.i32 r0, r1, r2, r3", 3, 4, 5, 0, 0xfffffff9, 0},
		{"mull r0, r1, r2", ONES, ONES, 0, 0, UINT64_C(0xfffffffe00000001), 0},
		{"mull.sgn r0, r1, r2", ONES, 2, 0, 0, ONES - 1, 0},
		{"maddl r0, r1, r2, r3", 0xffffffff, 2, 5, 0, UINT64_C(0x200000003), 0},
		{"msubl.sgn r0, r1, r2, r3", 0xffffffff, 2, 5, 0, 7, 0},
		{"mulh r0, r1, r2", ONES, ONES, 0, 0, ONES - 1, 0},
		{"mulh.sgn r0, r1, r2", ONES, ONES, 0, 0, 0, 0},
		{"mulh.sgn r0, r1, r2", MIN64, 2, 0, 0, ONES, 0},
		{"udiv r0, r1, r2", ONES, 10, 0, 0, UINT64_C(1844674407370955161), 0},
		{"udiv r0, r1, r2", 7, 0, 0, 0, 0, 0},
		{"udiv.i32 r0, r1, r2", UINT64_C(0x100000007), 2, 0, 0, 3, 0},
		{"sdiv r0, r1, r2", (uint64_t)-7, 2, 0, 0, (uint64_t)-3, 0},
		{"sdiv r0, r1, r2", MIN64, ONES, 0, 0, MIN64, 0},
		{"sdiv.i32 r0, r1, r2", 0x80000000, 0xffffffff, 0, 0, 0x80000000, 0},
		{"sdiv.i32 r0, r1, r2", 0xfffffff9, 2, 0, 0, 0xfffffffd, 0},
		{"sdiv r0, r1, r2", 7, 0, 0, 0, 0, 0},
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void test_bits(void **state)
{
	static const struct row rows[] = {
		{"ubfx r0, r1, #8:8", 0x1234, 0, 0, 0, 0x12, 0},
		{"ubfx r0, r1, #0:64", ONES, 0, 0, 0, ONES, 0},
		{"sbfx r0, r1, #4:4", 0x80, 0, 0, 0, ONES << 3, 0},
		{"sbfx.i32 r0, r1, #31:1", 0x80000000, 0, 0, 0, 0xffffffff, 0},
		{"ubfiz r0, r1, #60:4", 0x1f, 0, 0, 0, ONES << 60, 0},
		{"sbfiz r0, r1, #8:4", 0x8, 0, 0, 0, ONES << 11, 0},
		{"sbfiz.i32 r0, r1, #8:4", 0x8, 0, 0, 0, 0xfffff800, 0},
		{"bfi r0, r1, r2, #16:16", ONES, 0x1234, 0, 0,
		 UINT64_C(0xffffffff1234ffff), 0},
		{"bfi.i32 r0, r1, r2, #0:32", ONES, 0x1234, 0, 0, 0x1234, 0},
		{"bfxil r0, r1, r2, #8:8", ONES, 0x1234, 0, 0,
		 UINT64_C(0xffffffffffffff12), 0},
		{"extr r0, r1, r2, 8", 0xab, 0x1200, 0, 0, UINT64_C(0xab00000000000012),
		 0},
		{"extr r0, r1, r2, 0", 0xab, 0x1200, 0, 0, 0x1200, 0},
		{"extr.i32 r0, r1, r2, 4", 0xab, 0x1200, 0, 0, 0xb0000120, 0},
		{"clz r0, r1", 0, 0, 0, 0, 64, 0},
		{"clz r0, r1", 1, 0, 0, 0, 63, 0},
		{"clz.i32 r0, r1", ONES << 32, 0, 0, 0, 32, 0},
		{"clz.i32 r0, r1", 0x80000000, 0, 0, 0, 0, 0},
		{"cls r0, r1", 0, 0, 0, 0, 63, 0},
		{"cls r0, r1", ONES, 0, 0, 0, 63, 0},
		{"cls r0, r1", MIN64, 0, 0, 0, 0, 0},
		{"cls.i32 r0, r1", 0x7f, 0, 0, 0, 24, 0},
		{"cls.i32 r0, r1", ONES, 0, 0, 0, 31, 0},
		{"rbit r0, r1", 1, 0, 0, 0, MIN64, 0},
		{"rbit.i32 r0, r1", 0x3, 0, 0, 0, 0xc0000000, 0},
		{"rev16 r0, r1", UINT64_C(0x1122334455667788), 0, 0, 0,
		 UINT64_C(0x2211443366558877), 0},
		{"rev16.i32 r0, r1", UINT64_C(0x1122334455667788), 0, 0, 0, 0x66558877,
		 0},
		{"rev32 r0, r1", UINT64_C(0x1122334455667788), 0, 0, 0,
		 UINT64_C(0x4433221188776655), 0},
		{"rev32.i32 r0, r1", UINT64_C(0x1122334455667788), 0, 0, 0, 0x88776655,
		 0},
		{"rev64 r0, r1", UINT64_C(0x1122334455667788), 0, 0, 0,
		 UINT64_C(0x8877665544332211), 0},
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void test_flag_ops(void **state)
{
	const uint64_t keep = 0x5555555555555555;
	const struct row rows[] = {
		{"csel r0, r1, r2, eq", 1, 2, 0, Z, 1, Z},
		{"csel r0, r1, r2, eq", 1, 2, 0, 0, 2, 0},
		{"csel.i32 r0, r1, r2, ne, inc", 1, ONES, 0, Z, 0, Z},
		{"csel r0, r1, r2, ne, inv", 1, 1, 0, Z, ONES - 1, Z},
		{"csel.i32 r0, r1, r2, ne, neg", 1, 1, 0, Z, 0xffffffff, Z},
		{"csel r0, r1, r2, nv", 1, 2, 0, 15, 1, 15},
		{"ccmp r1, r2, eq:5", 1, 2, 0, 0, keep, Z | V},
		{"ccmp r1, r2, ne:5", 1, 2, 0, 0, keep, N},
		{"ccmp.i32 r1, #31, al", 31, 2, 0, 0, keep, Z | C},
		{"ccmn.i32 r1, r2, cs", 0x7fffffff, 1, 0, C, keep, N | V},
		{"ccmn r1, r2, cc:15", 1, 1, 0, C, keep, 15},
		{"getnzcv r0", 0, 0, 0, N | C, 0xa0000000, N | C},
		{"setnzcv r1", ONES - 0x50000000, 0, 0, 0, keep, N | C},
		{"cfinv", 0, 0, 0, N | C, keep, N},
		{"cfinv", 0, 0, 0, V, keep, C | V},
		{"rmif r1, 6, #4", 0xa5, 0, 0, 15, keep, N | C | V},
		{"rmif r1, 15, #62", 0x3, 0, 0, 0, keep, N | Z},
		{"setf.i8 r1", 0x80, 0, 0, C, keep, N | C | V},
		{"setf.i8 r1", 0x100, 0, 0, 0, keep, Z | V},
		{"setf.i8 r1", 0xff80, 0, 0, 0, keep, N},
		{"setf.i16 r1", 0xff0000, 0, 0, C, keep, Z | C | V},
		/* FCMP's results: equal, less, greater, unordered */
		{"axflag", 0, 0, 0, Z | C, keep, Z | C},
		{"axflag", 0, 0, 0, N, keep, 0},
		{"axflag", 0, 0, 0, C, keep, C},
		{"axflag", 0, 0, 0, C | V, keep, Z},
		{"xaflag", 0, 0, 0, Z | C, keep, Z | C},
		{"xaflag", 0, 0, 0, 0, keep, N},
		{"xaflag", 0, 0, 0, C, keep, C},
		{"xaflag", 0, 0, 0, Z, keep, C | V},
	};

	(void)state;
	CHECK_ROWS(rows);
}

/* All conditions over all flags, against their definitions in the manual. */
static void test_conditions(void **state)
{
	(void)state;
	for (unsigned f = 0; f < 16; f++) {
		bool n = f & N, z = f & Z, c = f & C, v = f & V;
		bool want[16] = {
			z,    !z,      c,       !c,     n,      !n,           v,
			!v,   c && !z, !c || z, n == v, n != v, !z && n == v, z || n != v,
			true, true};

		put_nzcv(f);
		for (unsigned cond = 0; cond < 16; cond++) {
			unsigned others = ~ir_cond_reads(cond) & 15;

			assert_int_equal(ir_cond_holds(cond, cpu.nzcv), want[cond]);
			/* flags that the condition does not read make no difference */
			put_nzcv(f ^ others);
			assert_int_equal(ir_cond_holds(cond, cpu.nzcv), want[cond]);
			put_nzcv(f);
		}
	}
}

/* "123456789" gives cbf43926 and e3069283, with all bits inverted before and behind. */
static void test_crc(void **state)
{
	static const char data[] = "123456789";
	static const struct {
		const char *op;
		uint32_t check;
	} kinds[] = {{"crc32", 0xcbf43926}, {"crc32c", 0xe3069283}};

	(void)state;
	for (unsigned k = 0; k < 2; k++) {
		char ops[256];

		memset(&cpu, 0, sizeof(cpu));
		memcpy(&cpu.r[1], data, 8);
		cpu.r[2] = '9';
		cpu.r[0] = UINT64_C(0x12345678ffffffff);
		snprintf(ops, sizeof(ops), "%s r0, r0, r1\n%s.i8 r0, r0, r2", kinds[k].op,
			 kinds[k].op);
		assert_int_equal(run(ops), IR_EVAL_NEXT);
		assert_int_equal(cpu.r[0] ^ 0xffffffff, kinds[k].check);
		/* the same in pieces of other sizes */
		cpu.r[0] = 0xffffffff;
		snprintf(ops, sizeof(ops),
			 "%s.i32 r0, r0, r1\nshr r1, r1, #32\n%s.i16 r0, r0, r1\n"
			 "shr r1, r1, #16\n%s.i16 r0, r0, r1\n%s.i8 r0, r0, r2",
			 kinds[k].op, kinds[k].op, kinds[k].op, kinds[k].op);
		assert_int_equal(run(ops), IR_EVAL_NEXT);
		assert_int_equal(cpu.r[0] ^ 0xffffffff, kinds[k].check);
	}
}

static uint64_t memory[16] __attribute__((aligned(64)));

static void prepare_memory(void)
{
	memset(&cpu, 0, sizeof(cpu));
	memset(memory, 0, sizeof(memory));
	memory[0] = UINT64_C(0x8877665544332211);
	memory[1] = UINT64_C(0x00ffeeddccbbaa99);
	cpu.r[1] = (uint64_t)(uintptr_t)memory;
	cpu.r[2] = 1;
	cpu.r[3] = UINT64_C(0xf1e2d3c4b5a69788);
}

static void test_loads_and_stores(void **state)
{
	(void)state;
	prepare_memory();
	run("ld r4, [r1]\nld.i32 r5, [r1 + r2 << 2]\nld.i16.sx64 r6, [r1 + r2 << 2 + 2]\n"
	    "ld.i8.sx32 r7, [r1 + 7]\nld.i8 r8, [r1 + 7]\nld.i32 r9, [r1 + 1]\n"
	    "ld.i32.sx64.acq r10, [r1 + 4]\nld z, [r1]");
	assert_int_equal(cpu.r[4], memory[0]);
	assert_int_equal(cpu.r[5], 0x88776655);
	assert_int_equal(cpu.r[6], UINT64_C(0xffffffffffff8877));
	assert_int_equal(cpu.r[7], 0xffffff88);
	assert_int_equal(cpu.r[8], 0x88);
	assert_int_equal(cpu.r[9], 0x55443322);
	assert_int_equal(cpu.r[10], UINT64_C(0xffffffff88776655));

	prepare_memory();
	run("st.i8 r3, [r1]\nst.i16 r3, [r1 + 3]\nst.i32.rel z, [r1 + 8]\n"
	    "st r3, [r1 + r2 << 4 + 1]");
	assert_int_equal(memory[0], UINT64_C(0x8877669788332288));
	assert_int_equal(memory[1], UINT64_C(0x00ffeedd00000000));
	assert_int_equal(memory[2], cpu.r[3] << 8);
	assert_int_equal(memory[3], cpu.r[3] >> 56);

	memset(memory, 0xff, sizeof(memory));
	cpu.r[5] = (uint64_t)(uintptr_t)memory + 63;
	run("zva r5");
	assert_int_equal(memory[0] | memory[7], 0);
	assert_int_equal(memory[8], ONES);
}

static void test_alignment(void **state)
{
	static const char *const ops[] = {
		"ld.i32.acq r5, [r4]", "st.i16.rel r5, [r4]", "ldx.i32 r5, r4",
		"ldxp.i32 r5, r4, r6", "stx.i64 r5, r4, r6",  "stxp r5, r4, r6, r7",
		"amo.i16 r5, r4, r6",  "cas.i32 r5, r4, r6",  "casp.i32 r6, r4, r8",
	};

	(void)state;
	for (unsigned n = 0; n < sizeof(ops) / sizeof(ops[0]); n++) {
		struct cpu before;

		prepare_memory();
		cpu.r[4] = cpu.r[1] + 1;
		cpu.excl_addr = cpu.r[4];
		cpu.excl_size = 8;
		before = cpu;
		assert_int_equal(run(ops[n]), IR_EVAL_ALIGN);
		assert_int_equal(cpu.pc, 0x1000);
		assert_int_equal(cpu.fault.addr, cpu.r[4]);
		assert_int_equal(cpu.fault.signo, 7);
		assert_int_equal(cpu.fault.code, 1);
		assert_memory_equal(cpu.r, before.r, sizeof(cpu.r));
		assert_int_equal(memory[0], UINT64_C(0x8877665544332211));
	}
	/* A pair is aligned to the whole. */
	prepare_memory();
	cpu.r[4] = cpu.r[1] + 8;
	assert_int_equal(run("casp r6, r4, r8"), IR_EVAL_ALIGN);
	assert_int_equal(run("ldxp r6, r4, r8"), IR_EVAL_ALIGN);
}

static void test_exclusives(void **state)
{
	(void)state;
	prepare_memory();
	run("ldx.i32 r4, r1\nstx.i32 r5, r1, r3\nstx.i32 r6, r1, r2");
	assert_int_equal(cpu.r[4], 0x44332211);
	assert_int_equal(cpu.r[5], 0);
	assert_int_equal(cpu.r[6], 1); /* the monitor is open again */
	assert_int_equal(memory[0], UINT64_C(0x88776655b5a69788));

	prepare_memory();
	run("ldxp.i32 r4, r1, r5\nstxp.i32 r6, r1, r2, r3");
	assert_int_equal(cpu.r[4], 0x44332211);
	assert_int_equal(cpu.r[5], 0x88776655);
	assert_int_equal(cpu.r[6], 0);
	assert_int_equal(memory[0], UINT64_C(0xb5a6978800000001));

	prepare_memory();
	run("ldxp r4, r1, r5\nstxp r6, r1, r2, r3");
	assert_int_equal(cpu.r[4], UINT64_C(0x8877665544332211));
	assert_int_equal(cpu.r[5], UINT64_C(0x00ffeeddccbbaa99));
	assert_int_equal(cpu.r[6], 0);
	assert_int_equal(memory[0], 1);
	assert_int_equal(memory[1], cpu.r[3]);

	/* refused: memory changed, other address, other size, monitor cleared, none set */
	prepare_memory();
	cpu.r[7] = cpu.r[1] + 8;
	run("ldx r4, r1\nst r2, [r1]\nstx r5, r1, r3");
	assert_int_equal(cpu.r[5], 1);
	run("ldx r4, r1\nstx r5, r7, r3");
	assert_int_equal(cpu.r[5], 1);
	run("ldx r4, r1\nstx.i32 r5, r1, r3");
	assert_int_equal(cpu.r[5], 1);
	run("ldx r4, r1\nclrex\nstx r5, r1, r3");
	assert_int_equal(cpu.r[5], 1);
	run("stx r5, r1, r3");
	assert_int_equal(cpu.r[5], 1);
	run("ldxp r4, r1, r6\nst r3, [r1 + 8]\nstxp r5, r1, r2, r2");
	assert_int_equal(cpu.r[5], 1);
	assert_int_equal(memory[0], 1);
}

static void test_atomics(void **state)
{
	static const struct {
		const char *op;
		uint64_t before, operand, old, after;
	} rows[] = {
		{"amo r4, r1, r5, add", 5, ONES, 5, 4},
		{"amo.i8 r4, r1, r5, add", 0x1ff, 1, 0xff, 0x100},
		{"amo r4, r1, r5, clr", 0xff, 0x0f, 0xff, 0xf0},
		{"amo.i16 r4, r1, r5, eor", 0xfffff, 0xff0ff, 0xffff, 0xf0f00},
		{"amo.i32 r4, r1, r5, set", 0xf0, 0x0f, 0xf0, 0xff},
		{"amo.i8 r4, r1, r5, smax", 0x80, 0x7f, 0x80, 0x7f},
		{"amo.i8 r4, r1, r5, smax", 0x80, 0xfff, 0x80, 0xff},
		{"amo.i8 r4, r1, r5, smin", 0x80, 0x7f, 0x80, 0x80},
		{"amo.i32 r4, r1, r5, umax", 0x80000000, UINT64_C(0xf00000001),
		 0x80000000, 0x80000000},
		{"amo.i16 r4, r1, r5, umin", 0x8000, 0x7fff, 0x8000, 0x7fff},
		{"amo r4, r1, r5, swp", 1, 2, 1, 2},
		{"amo.i32 z, r1, r5, add", 1, 2, 0x77, 3},
		/* CAS: r5 is the new value, r4 what is expected (0x77) */
		{"cas r4, r1, r5", 0x77, 1, 0x77, 1},
		{"cas r4, r1, r5", 0x78, 1, 0x78, 0x78},
		{"cas.i8 r4, r1, r5", 0x1177, 1, 0x77, 0x1101},
		{"cas.i16 r4, r1, r5", 0x1177, 1, 0x1177, 0x1177},
	};

	(void)state;
	for (unsigned n = 0; n < sizeof(rows) / sizeof(rows[0]); n++) {
		prepare_memory();
		memory[0] = rows[n].before;
		cpu.r[4] = 0x77;
		cpu.r[5] = rows[n].operand;
		assert_int_equal(run(rows[n].op), IR_EVAL_NEXT);
		assert_int_equal(cpu.r[4], rows[n].old);
		assert_int_equal(memory[0], rows[n].after);
	}

	prepare_memory();
	cpu.r[4] = memory[0];
	cpu.r[5] = memory[1];
	cpu.r[6] = 1;
	cpu.r[7] = 2;
	run("casp r4, r1, r6");
	assert_int_equal(memory[0], 1);
	assert_int_equal(memory[1], 2);
	run("casp r4, r1, r6"); /* now it does not compare */
	assert_int_equal(cpu.r[4], 1);
	assert_int_equal(cpu.r[5], 2);
	memory[0] = UINT64_C(0x0000000200000001);
	cpu.r[4] = UINT64_C(0xff00000001); /* only the low word counts */
	cpu.r[6] = 3;
	cpu.r[7] = 4;
	run("casp.i32 r4, r1, r6");
	assert_int_equal(cpu.r[4], 1);
	assert_int_equal(cpu.r[5], 2);
	assert_int_equal(memory[0], UINT64_C(0x0000000400000003));
}

/* The AMOs really are atomic. */
#define ROUNDS 50000

static void *add_often(void *region)
{
	struct cpu *mine = aligned_alloc(64, sizeof(*mine));

	memset(mine, 0, sizeof(*mine));
	mine->r[1] = (uint64_t)(uintptr_t)memory;
	mine->r[2] = 1;
	for (unsigned n = 0; n < ROUNDS; n++)
		ir_eval(region, 0, mine);
	free(mine);
	return NULL;
}

static void test_atomic_threads(void **state)
{
	struct ir_region *r =
		region_of(ONE_BLOCK "amo.i32 z, r1, r2, add\nadd t1, r1, #8\n"
				    "amo.i16 z, t1, r2, add\nb #0x9000\n");
	pthread_t thread;

	(void)state;
	memset(memory, 0, sizeof(memory));
	assert_int_equal(pthread_create(&thread, NULL, add_often, r), 0);
	add_often(r);
	pthread_join(thread, NULL);
	assert_int_equal(memory[0], 2 * ROUNDS);
	assert_int_equal(memory[1], 2 * ROUNDS & 0xffff);
}

static uint64_t helper(struct cpu *c, uint64_t a, uint64_t b, int64_t imm)
{
	assert_ptr_equal(c, &cpu);
	assert_int_equal(c->pc, 0x1000);
	c->r[9] = 99;
	return a * 100 + b * 10 + (uint64_t)imm;
}

static void test_state(void **state)
{
	static ir_helper_fn *const helpers[] = {NULL, helper};
	char ops[128];

	(void)state;
	prepare_memory();
	cpu.sys[1] = UINT64_C(0x1122334455667788);
	snprintf(ops, sizeof(ops), "getst r4, #%u\ngetst.i16 r5, #%u\nsetst.i32 r3, #%u",
		 (unsigned)offsetof(struct cpu, sys[1]),
		 (unsigned)offsetof(struct cpu, sys[1]) + 2,
		 (unsigned)offsetof(struct cpu, sys[2]));
	run(ops);
	assert_int_equal(cpu.r[4], cpu.sys[1]);
	assert_int_equal(cpu.r[5], 0x5566);
	assert_int_equal(cpu.sys[2], 0xb5a69788);

	ir_helpers = helpers;
	run("mov r5, #7\nhelper r4, r5, r2, 1, #5\nhelper z, z, z, 1");
	assert_int_equal(cpu.r[4], 715);
	assert_int_equal(cpu.r[9], 99);
	ir_helpers = NULL;
	run("fence\nfence load\nfence store\nprefetch r1, #64");
}

static void test_fp_state(void **state)
{
	(void)state;
	memset(&cpu, 0, sizeof(cpu));
	cpu.mxcsr = 0x1f00 | 0x3f; /* all sticky bits, with the denormal bit: no IDC */
	cpu.qc[CPU_QC_COUNT - 1].b[9] = 0xff;
	run("getfpsr r0");
	assert_int_equal(cpu.r[0], 0x0800001f);
	cpu.r[1] = ONES;
	run("setfpsr r1\ngetfpsr r0");
	assert_int_equal(cpu.r[0], 0x0800009f);
	run("setfpsr z\ngetfpsr r0");
	assert_int_equal(cpu.r[0], 0);
	cpu.mxcsr |= 1;
	cpu.r[1] = 1u << 22 | 1u << 24; /* towards plus infinity, flush to zero */
	run("setfpcr r1\ngetfpsr r0");
	assert_int_equal(cpu.fpcr, cpu.r[1]);
	assert_int_equal(cpu.mxcsr, 0x1f00 | 0x4000 | 0x8040 | 1);
	assert_int_equal(cpu.r[0], 1);
	cpu.r[1] = 2u << 22;
	run("setfpcr r1");
	assert_int_equal(cpu.mxcsr, 0x1f00 | 0x2000 | 1);
}

static void test_terminators(void **state)
{
	static const struct {
		const char *op;
		unsigned nzcv;
		uint64_t r1, pc, info;
		enum ir_eval_exit exit;
	} rows[] = {
		{"b #0x9000", 0, 0, 0x9000, 0, IR_EVAL_NEXT},
		{"bcc ls, #0x9000", Z, 0, 0x9000, 0, IR_EVAL_NEXT},
		{"bcc ls, #0x9000", C, 0, 0x1010, 0, IR_EVAL_NEXT},
		{"cbz.i32 r1, #0x9000", 0, ONES << 32, 0x9000, 0, IR_EVAL_NEXT},
		{"cbz r1, #0x9000", 0, ONES << 32, 0x1010, 0, IR_EVAL_NEXT},
		{"cbnz r1, #0x9000", 0, MIN64, 0x9000, 0, IR_EVAL_NEXT},
		{"cbnz.i32 r1, #0x9000", 0, MIN64, 0x1010, 0, IR_EVAL_NEXT},
		{"tbz r1, 63, #0x9000", 0, MIN64, 0x1010, 0, IR_EVAL_NEXT},
		{"tbnz r1, 63, #0x9000", 0, MIN64, 0x9000, 0, IR_EVAL_NEXT},
		{"call r30, #0x9000", 0, 0, 0x9000, 0, IR_EVAL_NEXT},
		{"callr r30, r1 ; 0x9000", 0, 0x4444, 0x4444, 0, IR_EVAL_NEXT},
		{"callr r1, r1 ; 0x9000", 0, 0x4444, 0x4444, 0, IR_EVAL_NEXT},
		{"jmpr r1 ; 0x9000", 0, 0x4444, 0x4444, 0, IR_EVAL_NEXT},
		{"ret r1 ; 0x9000", 0, 0x4444, 0x4444, 0, IR_EVAL_NEXT},
		{"svc #5 ; 0x9000", 0, 0, 0x1010, 5, IR_EVAL_SVC},
		{"brk #6 ; 0x9000", 0, 0, 0x100c, 6, IR_EVAL_BRK},
		{"undef #7 ; 0x9000", 0, 0, 0x100c, 7, IR_EVAL_UNDEF},
		{"sync ; 0x9000", 0, 0, 0x1010, 0, IR_EVAL_SYNC},
		{"icache r1 ; 0x9000", 0, 0x4444, 0x1010, 0x4444, IR_EVAL_ICACHE},
	};

	(void)state;
	for (unsigned n = 0; n < sizeof(rows) / sizeof(rows[0]); n++) {
		char text[256];

		memset(&cpu, 0, sizeof(cpu));
		cpu.r[1] = rows[n].r1;
		put_nzcv(rows[n].nzcv);
		snprintf(text, sizeof(text), "mov r2, r1\n@0xc\n%s", rows[n].op);
		assert_int_equal(run(text), rows[n].exit);
		assert_int_equal(cpu.pc, rows[n].pc);
		if (rows[n].exit != IR_EVAL_NEXT)
			assert_int_equal(cpu.exit_info, rows[n].info);
		if (strstr(rows[n].op, "call"))
			assert_int_equal(cpu.r[strstr(rows[n].op, "r30") ? 30 : 1],
					 0x1010);
	}
}

static uint64_t nothing(struct cpu *c, uint64_t a, uint64_t b, int64_t imm)
{
	(void)c;
	return a + b + (uint64_t)imm;
}

/* The table is complete: every integer op has an evaluator and goes on to the next op,
 * unless it is a terminator. */
static void test_every_op(void **state)
{
	static ir_helper_fn *const helpers[] = {nothing};
	static const char *const names[] = {
#define OP(op, ...) #op,
#include "jit/ir/ops.def"
#undef OP
	};
	unsigned ops = 0;

	(void)state;
	ir_helpers = helpers;
	for (unsigned op = 0; op < IR_VMOV; op++) {
		struct ir_region *r = region_of(ONE_BLOCK "add r0, r2, r2\nb #0x9000\n");
		const struct ir_op_info *info = &ir_op_info[op];
		uint8_t b = info->b == IR_ROLE__ ? IR_NONE : 2;

		assert_string_equal(info->name, names[op]);
		prepare_memory();
		r->ins[info->attr & IR_A_TERM ? 1 : 0] = (struct ir_ins){
			.op = op & 0x3ff,
			.ty = op == IR_SETF ? IR_I8 : IR_I64,
			.d = 4,
			.a = 1,
			.b = b,
			.c = info->c == IR_ROLE_N ? 0 : 6,
			.imm = IR_ROLE__ == info->b && op >= IR_UBFX && op <= IR_SBFIZ
				       ? IR_BF(0, 8)
				       : 0,
		};
		if (op == IR_BFI || op == IR_BFXIL)
			r->ins[0].imm = IR_BF(0, 8);
		if (op == IR_AMOP)
			r->ins[0].imm = IR_AMO_SWP;
		assert_verifies(r);
		if (info->attr & IR_A_TERM) {
			assert_in_range(ir_eval(r, 0, &cpu), IR_EVAL_NEXT,
					IR_EVAL_ICACHE);
			assert_int_not_equal(cpu.pc, 0x9000);
		} else {
			assert_int_equal(ir_eval(r, 0, &cpu), IR_EVAL_NEXT);
			assert_int_equal(cpu.pc, 0x9000);
		}
		ops++;
	}
	assert_int_equal(ops, IR_VMOV);
	for (unsigned op = IR_VMOV; op < IR_OP_COUNT; op++)
		assert_string_equal(ir_op_info[op].name, names[op]);
	ir_helpers = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arithmetic),
		cmocka_unit_test(test_shifts_and_products),
		cmocka_unit_test(test_bits),
		cmocka_unit_test(test_flag_ops),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_crc),
		cmocka_unit_test(test_loads_and_stores),
		cmocka_unit_test(test_alignment),
		cmocka_unit_test(test_exclusives),
		cmocka_unit_test(test_atomics),
		cmocka_unit_test(test_atomic_threads),
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_fp_state),
		cmocka_unit_test(test_terminators),
		cmocka_unit_test(test_every_op),
	};

	return cmocka_run_group_tests_name("jit/ir evaluator", tests, NULL, NULL);
}
