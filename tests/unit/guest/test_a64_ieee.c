/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Corner cases of IEEE 754: each operation with all pairs (triples) of numbers at the edges, in
 * each rounding mode. The evaluator is compared with the host's arithmetic where the two mean
 * the same, and the engine with the evaluator: results and all cumulative flags, with flushing
 * to zero and default NaNs, too.
 */
#include "loop.h"

#include <fenv.h>
#include <math.h>

#include "jit/ir/softfloat.h"

/* ---- numbers ---- */

static const uint32_t singles[] = {
	0x00000000, 0x80000000, 0x00000001, 0x80000001, 0x00000003, 0x00400000, 0x007fffff,
	0x807fffff, 0x00800000, 0x80800000, 0x00800001, 0x00ffffff, 0x01000000, 0x1f800000,
	0x20000000, 0x33800000, 0x33800001, 0x34000000, 0x3effffff, 0x3f000000, 0x3f000001,
	0x3f7fffff, 0x3f800000, 0xbf800000, 0x3f800001, 0x3fc00000, 0xbfc00000, 0x3fffffff,
	0x40000000, 0x40400000, 0x4b000000, 0x4b7fffff, 0x4b800000, 0x4effffff, 0x4f000000,
	0xcf000000, 0x4f7fffff, 0x5f000000, 0x5f7fffff, 0x5f800000, 0x7e800000, 0x7effffff,
	0x7f7fffff, 0xff7fffff, 0x7f800000, 0xff800000,
};
static const uint32_t single_nans[] = { 0x7fc00000, 0xffc12345, 0x7f800001, 0xff812345 };

static const uint64_t doubles[] = {
	0x0000000000000000, 0x8000000000000000, 0x0000000000000001, 0x8000000000000001,
	0x0000000000000003, 0x0008000000000000, 0x000fffffffffffff, 0x800fffffffffffff,
	0x0010000000000000, 0x8010000000000000, 0x0010000000000001, 0x001fffffffffffff,
	0x0020000000000000, 0x1ff0000000000000, 0x2000000000000000, 0x3ca0000000000000,
	0x3ca0000000000001, 0x3cb0000000000000, 0x3fdfffffffffffff, 0x3fe0000000000000,
	0x3fe0000000000001, 0x3fefffffffffffff, 0x3ff0000000000000, 0xbff0000000000000,
	0x3ff0000000000001, 0x3ff8000000000000, 0xbff8000000000000, 0x3fffffffffffffff,
	0x4000000000000000, 0x4008000000000000, 0x36a0000000000000, 0x380fffffffffffff,
	0x3810000000000000, 0x41dfffffffc00000, 0x41e0000000000000, 0xc1e0000000000000,
	0x41efffffffe00000, 0x43e0000000000000, 0x43efffffffffffff, 0x43f0000000000000,
	0x47efffffefffffff, 0x47f0000000000000, 0x7fefffffffffffff, 0xffefffffffffffff,
	0x7ff0000000000000, 0xfff0000000000000,
};
static const uint64_t double_nans[] = { 0x7ff8000000000000, 0xfff8123456789abc,
					0x7ff0000000000001, 0xfff2123456789abc };

static const uint16_t halves[] = {
	0x0000, 0x8000, 0x0001, 0x8001, 0x0003, 0x0200, 0x03ff, 0x83ff, 0x0400, 0x8400, 0x0401, 0x07ff,
	0x0800, 0x1000, 0x1400, 0x1401, 0x1800, 0x3555, 0x37ff, 0x3800, 0x3801, 0x3bff, 0x3c00, 0xbc00,
	0x3c01, 0x3e00, 0xbe00, 0x3fff, 0x4000, 0x4200, 0x57ff, 0x6400, 0x67ff, 0x6800, 0x77ff, 0x7800,
	0xf800, 0x7801, 0x7aff, 0x5bff, 0x5c00, 0xdc00, 0x7bff, 0xfbff, 0x7c00, 0xfc00,
};
static const uint16_t half_nans[] = { 0x7e00, 0xff23, 0x7c01, 0xfd23 };

#define FINITE (sizeof(singles) / sizeof(singles[0])) /* numbers, that is */
#define COUNT (FINITE + 4)
_Static_assert(sizeof(doubles) / sizeof(doubles[0]) == FINITE, "as many of both");
_Static_assert(sizeof(halves) / sizeof(halves[0]) == FINITE, "and of halves");

static uint64_t number(unsigned ty, unsigned n)
{
	if (ty == IR_F16)
		return n < FINITE ? halves[n] : half_nans[n - FINITE];
	if (ty == IR_F32)
		return n < FINITE ? singles[n] : single_nans[n - FINITE];
	return n < FINITE ? doubles[n] : double_nans[n - FINITE];
}

/* ---- the evaluator against the host ---- */

static const int host_mode[] = { FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO };
static unsigned long wrong;

enum { ADD, SUB, MUL, DIV, SQRT, FMA, TO_OTHER, TO_INT, FROM_INT, HOST_OPS };
static const char *const host_names[] = { "add", "sub", "mul", "div", "sqrt", "fma",
					  "to the other precision", "to integers",
					  "from integers" };

#define HOST(type, sqrt_fn, fma_fn, other)                                                    \
	static uint64_t host_##type(unsigned op, uint64_t x, uint64_t y, uint64_t z,          \
				    unsigned *ret_flags)                                      \
	{                                                                                     \
		volatile type a, b, c, r = 0;                                                 \
		volatile other o = 0;                                                         \
		volatile int64_t i = 0;                                                       \
		uint64_t result = 0;                                                          \
                                                                                              \
		memcpy((void *)&a, &x, sizeof(a));                                            \
		memcpy((void *)&b, &y, sizeof(b));                                            \
		memcpy((void *)&c, &z, sizeof(c));                                            \
		feclearexcept(FE_ALL_EXCEPT);                                                 \
		switch (op) {                                                                 \
		case ADD: r = a + b; break;                                                   \
		case SUB: r = a - b; break;                                                   \
		case MUL: r = a * b; break;                                                   \
		case DIV: r = a / b; break;                                                   \
		case SQRT: r = sqrt_fn(a); break;                                             \
		case FMA: r = fma_fn(a, b, c); break;                                         \
		case TO_OTHER: o = (other)a; break;                                           \
		case TO_INT: i = (int64_t)a; break;                                           \
		case FROM_INT: r = (type)(int64_t)x; break;                                   \
		}                                                                             \
		*ret_flags = (unsigned)fetestexcept(FE_ALL_EXCEPT);                           \
		if (op == TO_OTHER)                                                           \
			memcpy(&result, (void *)&o, sizeof(o));                               \
		else if (op == TO_INT)                                                        \
			result = (uint64_t)i;                                                 \
		else                                                                          \
			memcpy(&result, (void *)&r, sizeof(r));                               \
		return result;                                                                \
	}
HOST(float, sqrtf, fmaf, double)
HOST(double, sqrt, fma, float)

static uint64_t soft(struct fp_env *env, unsigned op, unsigned ty, uint64_t x, uint64_t y,
		     uint64_t z)
{
	unsigned other = ty == IR_F32 ? IR_F64 : IR_F32;

	switch (op) {
	case ADD: return fp_add(env, ty, x, y);
	case SUB: return fp_sub(env, ty, x, y);
	case MUL: return fp_mul(env, ty, x, y);
	case DIV: return fp_div(env, ty, x, y);
	case SQRT: return fp_sqrt(env, ty, x);
	case FMA: return fp_fma(env, ty, x, y, z);
	case TO_OTHER: return fp_convert(env, other, ty, x, FP_ROUND_CURRENT);
	case TO_INT: return fp_to_int(env, ty, x, FP_ROUND_ZERO, 0, 64, true);
	default: return fp_from_int(env, ty, x, 0, 64, true);
	}
}

static bool is_nan(unsigned ty, uint64_t x)
{
	return ty == IR_F32 ? (x << 33) > (uint64_t)0xff << 56 : (x << 1) > (uint64_t)0xffe << 52;
}

/* Arm finds Underflow before rounding: also where the result is the smallest normal number. */
static bool is_smallest_normal(unsigned ty, uint64_t x)
{
	return ty == IR_F32 ? (x & 0x7fffffff) == 0x800000 : x << 1 == (uint64_t)1 << 53;
}

static void against_host(unsigned op, unsigned ty, unsigned mode, uint64_t x, uint64_t y, uint64_t z)
{
	struct fp_env env = { .fpcr = mode << 22 };
	unsigned result_ty = op == TO_OTHER ? (ty == IR_F32 ? IR_F64 : IR_F32) : ty;
	unsigned theirs, flags;
	uint64_t want, got;

	fesetround(host_mode[mode]);
	want = ty == IR_F32 ? host_float(op, x, y, z, &theirs) : host_double(op, x, y, z, &theirs);
	fesetround(FE_TONEAREST);
	got = soft(&env, op, ty, x, y, z);
	flags = (theirs & FE_INVALID ? FPSR_IOC : 0) | (theirs & FE_DIVBYZERO ? FPSR_DZC : 0) |
		(theirs & FE_OVERFLOW ? FPSR_OFC : 0) | (theirs & FE_UNDERFLOW ? FPSR_UFC : 0) |
		(theirs & FE_INEXACT ? FPSR_IXC : 0);
	if (op == TO_INT && flags & FPSR_IOC)
		want = got; /* the host does not saturate */
	else if (op != TO_INT && is_nan(result_ty, want) && is_nan(result_ty, got))
		want = got; /* NaNs are compared elsewhere */
	if (op != TO_INT && flags & FPSR_IXC && is_smallest_normal(result_ty, want))
		flags |= env.flags & FPSR_UFC;
	if (got != want || env.flags != flags) {
		if (wrong++ < 5)
			printf("# %s, mode %u: %llx %llx %llx: %llx flags %x instead of %llx, %x\n",
			       host_names[op], mode, (unsigned long long)x, (unsigned long long)y,
			       (unsigned long long)z, (unsigned long long)got, env.flags,
			       (unsigned long long)want, flags);
	}
}

static void host_op(unsigned op, unsigned ty)
{
	bool binary = op <= DIV || op == FMA;

	for (unsigned mode = 0; mode < 4; mode++)
		for (unsigned i = 0; i < FINITE; i++)
			for (unsigned j = 0; j < (binary ? FINITE : 1); j++)
				for (unsigned k = 0; k < (op == FMA ? FINITE : 1); k++)
					against_host(op, ty, mode, number(ty, i), number(ty, j),
						     number(ty, k));
}

/* ---- the engine against the evaluator ---- */

struct insn {
	const char *name;
	uint32_t word, then, last;
	uint8_t operands, ty;
};

/* v2 = op(v0, v1, v2) */
#define V(name, word, operands, ty) { name, word, LOOP_NOP, LOOP_NOP, operands, IR_##ty }
/* The result is x4, or NZCV. */
#define X(name, word, operands, ty) { name, word, 0x9e670082, LOOP_NOP, operands, IR_##ty }
#define C(name, word, operands, ty) { name, word, 0xd53b4204, 0x9e670082, operands, IR_##ty }
static const struct insn insns[] = {
	V("fadd s", 0x1e212802, 2, F32), V("fadd d", 0x1e612802, 2, F64),
	V("fsub s", 0x1e213802, 2, F32), V("fsub d", 0x1e613802, 2, F64),
	V("fmul s", 0x1e210802, 2, F32), V("fmul d", 0x1e610802, 2, F64),
	V("fdiv s", 0x1e211802, 2, F32), V("fdiv d", 0x1e611802, 2, F64),
	V("fnmul s", 0x1e218802, 2, F32), V("fnmul d", 0x1e618802, 2, F64),
	V("fmax s", 0x1e214802, 2, F32), V("fmin d", 0x1e615802, 2, F64),
	V("fmaxnm d", 0x1e616802, 2, F64), V("fminnm s", 0x1e217802, 2, F32),
	V("fmadd s", 0x1f010802, 3, F32), V("fmadd d", 0x1f410802, 3, F64),
	V("fmsub d", 0x1f418802, 3, F64), V("fnmadd s", 0x1f210802, 3, F32),
	V("fnmsub d", 0x1f618802, 3, F64), V("fsqrt s", 0x1e21c002, 1, F32),
	V("fsqrt d", 0x1e61c002, 1, F64), V("fcvt s, d", 0x1e624002, 1, F64),
	V("fcvt d, s", 0x1e22c002, 1, F32), V("frintx s", 0x1e274002, 1, F32),
	V("frinti d", 0x1e67c002, 1, F64), V("frinta s", 0x1e264002, 1, F32),
	V("frintp d", 0x1e64c002, 1, F64), V("fcvtzs s", 0x5ea1b802, 1, F32),
	V("fcvtps d", 0x5ee1a802, 1, F64), V("fcvtau s", 0x7e21c802, 1, F32),
	V("fmulx s", 0x5e21dc02, 2, F32), V("frecps d", 0x5e61fc02, 2, F64),
	V("frsqrts s", 0x5ea1fc02, 2, F32), V("fabd d", 0x7ee1d402, 2, F64),
	V("frecpe d", 0x5ee1d802, 1, F64), V("frsqrte s", 0x7ea1d802, 1, F32),
	V("frecpe s", 0x5ea1d802, 1, F32), V("frecpe 2s", 0x0ea1d802, 1, F32),
	V("frecpe 4s", 0x4ea1d802, 1, F32), V("frecpe 2d", 0x4ee1d802, 1, F64),
	V("frsqrte 4s", 0x6ea1d802, 1, F32), V("frsqrte d", 0x7ee1d802, 1, F64),
	V("frsqrte 2d", 0x6ee1d802, 1, F64), V("fmulx 4s", 0x4e21dc02, 2, F32),
	V("fmulx d", 0x5e61dc02, 2, F64),
	V("frecpx d", 0x5ee1f802, 1, F64), V("fcmgt d", 0x7ee1e402, 2, F64),
	V("fadd 4s", 0x4e21d402, 2, F32), V("fmul 4s", 0x6e21dc02, 2, F32),
	V("fmul 2d", 0x6e61dc02, 2, F64), V("fmul 2s", 0x2e21dc02, 2, F32),
	V("fdiv 4s", 0x6e21fc02, 2, F32), V("fdiv 2s", 0x2e21fc02, 2, F32),
	V("fdiv 2d", 0x6e61fc02, 2, F64), V("fmla 4s", 0x4e21cc02, 3, F32),
	V("fmls 4s", 0x4ea1cc02, 3, F32), V("fmla 2d", 0x4e61cc02, 3, F64),
	V("fmla 4s, by element", 0x4f811802, 3, F32), V("fmax 4s", 0x4e21f402, 2, F32),
	V("fminnm 2d", 0x4ee1c402, 2, F64), V("fcvtn", 0x0e616802, 1, F64),
	V("fcvtxn", 0x2e616802, 1, F64), V("fcvtl", 0x0e617802, 1, F32),
	V("fcvtns 4s", 0x4e21a802, 1, F32), V("frintm 2d", 0x4e619802, 1, F64),
	V("fsqrt 4s", 0x6ea1f802, 1, F32), V("faddp 4s", 0x6e21d402, 2, F32),
	C("fcmp s", 0x1e212000, 2, F32), C("fcmp d", 0x1e612000, 2, F64),
	C("fcmpe d", 0x1e612010, 2, F64), C("fcmp s, #0", 0x1e202008, 1, F32),
	C("fccmp s", 0x1e21e402, 2, F32), V("fcmeq 4s", 0x4e21e402, 2, F32),
	V("fcmeq 2d, #0", 0x4ee0d802, 1, F64), V("fcmeq 2s", 0x0e21e402, 2, F32),
	V("facge 4s", 0x6e21ec02, 2, F32), X("fcvtzs x, d", 0x9e780004, 1, F64),
	X("fcvtms w, s", 0x1e300004, 1, F32), X("fcvtpu x, s", 0x9e290004, 1, F32),
	X("fjcvtzs", 0x1e7e0004, 1, F64), V("fcvtzu 2d", 0x6ee1b802, 1, F64),
	V("fcvtps 2s", 0x0ea1a802, 1, F32), V("fcvt h, s", 0x1e23c002, 1, F32),
	V("fcvt h, d", 0x1e63c002, 1, F64),
	V("fadd h", 0x1ee12802, 2, F16), V("fsub h", 0x1ee13802, 2, F16),
	V("fmul h", 0x1ee10802, 2, F16), V("fdiv h", 0x1ee11802, 2, F16),
	V("fnmul h", 0x1ee18802, 2, F16), V("fmax h", 0x1ee14802, 2, F16),
	V("fminnm h", 0x1ee17802, 2, F16), V("fmadd h", 0x1fc10802, 3, F16),
	V("fnmsub h", 0x1fe18802, 3, F16), V("fsqrt h", 0x1ee1c002, 1, F16),
	V("frintx h", 0x1ee74002, 1, F16), V("frinta h", 0x1ee64002, 1, F16),
	V("fcvtps h", 0x5ef9a802, 1, F16), V("scvtf h", 0x5e79d802, 1, F16),
	V("fabd h", 0x7ec11402, 2, F16), V("fcmge h", 0x7e412402, 2, F16),
	V("frsqrts h", 0x5ec13c02, 2, F16), V("frsqrte h", 0x7ef9d802, 1, F16),
	V("frecpx h", 0x5ef9f802, 1, F16), V("fcvt s, h", 0x1ee24002, 1, F16),
	V("fadd 8h", 0x4e411402, 2, F16), V("fadd 4h", 0x0e411402, 2, F16),
	V("fsub 8h", 0x4ec11402, 2, F16), V("fmul 8h", 0x6e411c02, 2, F16),
	V("fmul 4h", 0x2e411c02, 2, F16), V("fmulx 8h", 0x4e411c02, 2, F16),
	V("fdiv 8h", 0x6e413c02, 2, F16), V("fdiv 4h", 0x2e413c02, 2, F16),
	V("fsqrt 8h", 0x6ef9f802, 1, F16), V("fmla 8h", 0x4e410c02, 3, F16),
	V("fmls 4h", 0x0ec10c02, 3, F16), V("fmla 8h, by element", 0x4f311002, 3, F16),
	V("fmlal 4s", 0x4e21ec02, 3, F16), V("fmax 8h", 0x4e413402, 2, F16),
	V("fmaxnm 4h", 0x0e410402, 2, F16), V("faddp 8h", 0x6e411402, 2, F16),
	V("fmaxv h", 0x4e30f802, 1, F16), V("fcmeq 8h", 0x4e412402, 2, F16),
	V("fcmeq 8h, #0", 0x4ef8d802, 1, F16), V("fcmgt 4h", 0x2ec12402, 2, F16),
	V("facge 8h", 0x6e412c02, 2, F16), V("frecps 8h", 0x4e413c02, 2, F16),
	V("frsqrts 4h", 0x0ec13c02, 2, F16), V("frecpe 8h", 0x4ef9d802, 1, F16),
	V("frsqrte 4h", 0x2ef9d802, 1, F16), V("frintm 8h", 0x4e799802, 1, F16),
	V("frinti 4h", 0x2ef99802, 1, F16), V("fcvtns 8h", 0x4e79a802, 1, F16),
	V("fcvtau 4h", 0x2e79c802, 1, F16), V("fcvtzu 8h, #3", 0x6f1dfc02, 1, F16),
	V("ucvtf 8h", 0x6e79d802, 1, F16), V("scvtf 4h, #9", 0x0f17e402, 1, F16),
	X("fcvtzs x, h", 0x9ef80004, 1, F16), X("fcvtau w, h", 0x1ee50004, 1, F16),
	X("fcvtzu w, h, #7", 0x1ed9e404, 1, F16), C("fcmp h", 0x1ee12000, 2, F16),
	C("fcmpe h", 0x1ee12010, 2, F16), C("fcmp h, #0", 0x1ee02008, 1, F16),
	C("fccmp h", 0x1ee1e408, 2, F16),
};

/* A vector with the number in its lowest lane; the others hold numbers that follow from it. */
static void put(uint8_t *to, unsigned ty, unsigned n)
{
	unsigned size = ir_type_bytes(ty);

	for (unsigned lane = 0; lane < 16 / size; lane++) {
		uint64_t x = number(ty, (n + 11 * lane) % COUNT);

		memcpy(to + lane * size, &x, size);
	}
}

static void one(const struct insn *insn, uint32_t fpcr, unsigned i, unsigned j, unsigned k)
{
	static uint8_t a[16], b[16], c[16], got[16], want[16];
	uint32_t flags, want_flags;

	put(a, insn->ty, i);
	put(b, insn->ty, j);
	put(c, insn->ty, k);
	memcpy(got, c, 16);
	memcpy(want, c, 16);
	flags = loop_jit(got, a, b, 1, fpcr);
	want_flags = loop_eval(want, a, b, 1, fpcr);
	if ((memcmp(got, want, 16) || flags != want_flags) && wrong++ < 5) {
		uint64_t x[2], y[2];

		memcpy(x, got, 16);
		memcpy(y, want, 16);
		printf("# %s, FPCR %x, FPSR %x, numbers %u %u %u: %016llx%016llx FPSR %x instead of "
		       "%016llx%016llx, %x\n",
		       insn->name, fpcr, loop_fpsr, i, j, k, (unsigned long long)x[1], (unsigned long long)x[0],
		       flags, (unsigned long long)y[1], (unsigned long long)y[0], want_flags);
	}
}

/* settled: all at one place, which traps often before long */
static void engine_op(const struct insn *insn, bool flush, bool settled)
{
	static const uint32_t plain[] = { 0, 1u << 22, 2u << 22, 3u << 22, 1u << 25 };
	static const uint32_t flushing[] = { 1u << 24, 1u << 24 | 1u << 22, 1u << 24 | 2u << 22,
					     3u << 24 };
	static const uint32_t before[7] = { 0,
					    FPSR_IDC,
					    FPSR_IXC,
					    FPSR_UFC,
					    FPSR_IXC | FPSR_UFC,
					    FPSR_IDC | FPSR_IXC | FPSR_UFC,
					    FPSR_IOC | FPSR_DZC | FPSR_OFC };
	/* Primes, so that nothing is left out for good. */
	unsigned step = insn->operands == 1 ? 1 : insn->operands == 2 ? 3 : 61;
	unsigned modes = flush ? 4 : 5, nth = 0;

	if (getenv("SLOW"))
		step = 1;
	else if (loop_host && insn->operands > 1)
		step = step * 4 + 1;
	for (unsigned m = 0; m < modes; m++) {
		uint32_t fpcr = flush ? flushing[m] : plain[m];

		for (unsigned i = 0; i < COUNT; i++) {
			if (!settled || !i)
				loop_set_three(insn->word, insn->then, insn->last);
			for (unsigned j = 0; j < (insn->operands > 1 ? COUNT : 1); j++)
				for (unsigned k = 0; k < (insn->operands > 2 ? COUNT : 1); k++)
					if (nth++ % step == 0) {
						/* Flushing depends on what is set already. */
						if (flush)
							loop_fpsr = before[nth % 7];
						one(insn, fpcr, i, j, k);
					}
		}
	}
	loop_fpsr = 0;
}

#define INSNS (sizeof(insns) / sizeof(insns[0]))

static void all(void)
{
	char name[64];

	for (unsigned n = 0; n < INSNS; n++) {
		wrong = 0;
		engine_op(&insns[n], false, false);
		snprintf(name, sizeof(name), "%s, engine", insns[n].name);
		loop_result(name, wrong);
		wrong = 0;
		engine_op(&insns[n], false, true);
		snprintf(name, sizeof(name), "%s, engine, at one place", insns[n].name);
		loop_result(name, wrong);
	}
	/* From here on the code looks for what flushing changes. */
	for (unsigned n = 0; n < INSNS; n++) {
		wrong = 0;
		engine_op(&insns[n], true, false);
		snprintf(name, sizeof(name), "%s, engine, flushing", insns[n].name);
		loop_result(name, wrong);
	}
	for (unsigned ty = IR_F32; ty <= IR_F64; ty++) {
		for (unsigned op = 0; op < HOST_OPS; op++) {
			wrong = 0;
			/* once is enough */
			if (!loop_host)
				host_op(op, ty);
			snprintf(name, sizeof(name), "%s, evaluator, %s", host_names[op],
				 ty == IR_F32 ? "single" : "double");
			loop_result(name, wrong);
		}
	}
}

static void list(void)
{
	for (unsigned n = 0; n < INSNS; n++)
		loop_list(insns[n].word);
}

int main(int argc, char **argv)
{
	(void)argv;
	return loop_main(argc, 3 * INSNS + 2 * HOST_OPS, all, list);
}
