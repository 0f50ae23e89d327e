/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Arithmetic of half precision, the engine against the evaluator, in all rounding modes: ops on one
 * number with every half; ops on two with every pair of fractions, and exponents at random
 * (of operands, or with FMLA of an addend near to the negative product). Each vector is made
 * of halves of one kind, so that NaNs do not hide what the code does with numbers.
 */
#include "loop.h"

#include "jit/ir/softfloat.h"

struct op {
	const char *name;
	uint32_t word; /* eight lanes; v2 = op(v0, v1, v2) */
	unsigned operands;
};

static const struct op ops[] = {
	{ "fsqrt", 0x6ef9f802, 1 }, { "frintn", 0x4e798802, 1 }, { "frinta", 0x6e798802, 1 },
	{ "frintx", 0x6e799802, 1 }, { "fcvtzs", 0x4ef9b802, 1 }, { "fcvtau", 0x6e79c802, 1 },
	{ "fcvtzu #5", 0x6f1bfc02, 1 }, { "scvtf", 0x4e79d802, 1 },
	{ "ucvtf #16", 0x6f10e402, 1 }, { "frecpe", 0x4ef9d802, 1 },
	{ "frsqrte", 0x6ef9d802, 1 }, { "fcmgt #0", 0x4ef8c802, 1 }, { "fadd", 0x4e411402, 2 },
	{ "fsub", 0x4ec11402, 2 }, { "fmul", 0x6e411c02, 2 }, { "fdiv", 0x6e413c02, 2 },
	{ "fmax", 0x4e413402, 2 }, { "fcmge", 0x6e412402, 2 }, { "frecps", 0x4e413c02, 2 },
	{ "frsqrts", 0x4ec13c02, 2 }, { "fmla", 0x4e410c02, 2 }, { "fmls", 0x4ec10c02, 2 },
};

#define PER_RUN 32 /* vectors; FPSR is compared for each run */
#define LANES (8 * PER_RUN)

static uint16_t in_a[LANES], in_b[LANES], before[LANES], got[LANES], want[LANES];
static unsigned long wrong;
static uint64_t rng;

static uint64_t draw(void)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return rng;
}

static void compare(const struct op *op, unsigned mode)
{
	uint32_t flags, want_flags;

	memcpy(got, before, sizeof(got));
	flags = loop_jit(got, in_a, in_b, PER_RUN, mode << 22);
	memcpy(want, before, sizeof(want));
	want_flags = loop_eval(want, in_a, in_b, PER_RUN, mode << 22);
	if (flags != want_flags && wrong++ < 5)
		printf("# %s, mode %u, from %04x %04x: FPSR %x instead of %x\n", op->name, mode, in_a[0],
		       in_b[0], flags, want_flags);
	for (unsigned k = 0; k < LANES; k++)
		if (got[k] != want[k] && wrong++ < 5)
			printf("# %s, mode %u: %04x %04x %04x: %04x instead of %04x\n", op->name, mode,
			       in_a[k], in_b[k], before[k], got[k], want[k]);
}

/* Runs of one exponent and sign. */
static void one_operand(const struct op *op, unsigned mode)
{
	for (unsigned h = 0; h < 65536; h += LANES) {
		/* A new place: what has trapped often is evaluated. */
		if (h % 1024 == 0)
			loop_set(op->word);
		for (unsigned k = 0; k < LANES; k++)
			in_a[k] = in_b[k] = (uint16_t)(h + k);
		compare(op, mode);
	}
}

/* An addend that leaves little of the product, or any. */
static uint16_t near_product(unsigned mode, uint16_t a, uint16_t b)
{
	struct fp_env env = { .fpcr = mode << 22 };
	uint16_t product = (uint16_t)fp_mul(&env, IR_F16, a, b), near;

	switch (draw() % 4) {
	case 0: return (uint16_t)(draw() % 31 << 10 | draw() % 1024);
	case 1: return draw() & 1 ? 0x0001 : 0x8001;
	default: near = (uint16_t)((product ^ 0x8000) + draw() % 5 - 2);
	}
	return (near & 0x7c00) == 0x7c00 ? 0 : near;
}

static void two_operands(const struct op *op, unsigned mode, unsigned step)
{
	unsigned k = 0, runs = 0;

	for (unsigned n = 0; n < 1u << 20; n += step) {
		unsigned exponents = (unsigned)(draw() >> 20);

		in_a[k] = (uint16_t)(exponents % 31 << 10 | n >> 10 | (exponents & 0x100) << 7);
		in_b[k] = (uint16_t)(exponents / 512 % 31 << 10 | n % 1024);
		before[k] = near_product(mode, in_a[k], in_b[k]);
		if (++k == LANES) {
			if (runs++ % 32 == 0)
				loop_set(op->word);
			compare(op, mode);
			k = 0;
		}
	}
}

static void all(void)
{
	bool slow = getenv("SLOW");

	for (unsigned n = 0; n < sizeof(ops) / sizeof(ops[0]); n++) {
		wrong = 0;
		rng = 88172645463325252;
		for (unsigned mode = 0; mode < 4; mode++) {
			if (ops[n].operands == 1)
				one_operand(&ops[n], mode);
			else
				two_operands(&ops[n], mode, slow ? 1 : loop_host ? 73 : 13);
		}
		loop_result(ops[n].name, wrong);
	}
}

static void list(void)
{
	for (unsigned n = 0; n < sizeof(ops) / sizeof(ops[0]); n++)
		loop_list(ops[n].word);
}

int main(int argc, char **argv)
{
	(void)argv;
	return loop_main(argc, sizeof(ops) / sizeof(ops[0]), all, list);
}
