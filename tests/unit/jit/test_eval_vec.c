/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The evaluator's floating point against the host's: every operation on random and corner
 * numbers in all four rounding modes, results and sticky flags; what only Arm has against
 * values worked out from the manual. tests/random and tests/cases compare with QEMU.
 */
#include "tests/lib/unit.h"

#include <fenv.h>
#include <math.h>

#include "jit/ir/ir.h"
#include "jit/ir/softfloat.h"

static uint64_t rng;

static uint64_t pick(unsigned n)
{
	return (unit_random(&rng) >> 20) % n;
}

static uint64_t number(unsigned ty)
{
	unsigned bits = ty == IR_F64 ? 64 : 32, frac = ty == IR_F64 ? 52 : 23;
	uint64_t bias = ty == IR_F64 ? 1023 : 127, x = unit_random(&rng) >> (64 - bits);
	uint64_t sign = x & (uint64_t)1 << (bits - 1), low = x & (((uint64_t)1 << frac) - 1);

	switch (pick(10)) {
	case 0:
	case 1:
	case 2: return sign | (bias - 20 + pick(40)) << frac | low;
	case 3: return sign | low;
	case 4: return x & ~(((uint64_t)1 << frac) - 1);
	case 5: return sign | (bias + pick(3)) << frac | pick(4);
	default: return x;
	}
}

static double as_double(uint64_t x)
{
	double d;

	memcpy(&d, &x, 8);
	return d;
}

static float as_float(uint64_t x)
{
	uint32_t y = (uint32_t)x;
	float f;

	memcpy(&f, &y, 4);
	return f;
}

static uint64_t double_bits(double d)
{
	uint64_t x;

	memcpy(&x, &d, 8);
	return x;
}

static uint64_t float_bits(float f)
{
	uint32_t x;

	memcpy(&x, &f, 4);
	return x;
}

static unsigned host_flags(void)
{
	int e = fetestexcept(FE_ALL_EXCEPT);

	return (e & FE_INVALID ? FPSR_IOC : 0u) | (e & FE_DIVBYZERO ? FPSR_DZC : 0u) |
	       (e & FE_OVERFLOW ? FPSR_OFC : 0u) | (e & FE_UNDERFLOW ? FPSR_UFC : 0u) |
	       (e & FE_INEXACT ? FPSR_IXC : 0u);
}

static bool is_nan(unsigned ty, uint64_t x)
{
	return ty == IR_F64 ? isnan(as_double(x)) : isnan(as_float(x));
}

enum { ADD, SUB, MUL, DIV, SQRT, FMA, RINT, NARROW, WIDEN, FROM_INT, OP_COUNT };

/* Volatile: the operation has to happen here, in this rounding mode. */
static uint64_t on_host(unsigned op, unsigned ty, uint64_t a, uint64_t b, uint64_t c)
{
	volatile double x = as_double(a), y = as_double(b), z = as_double(c), r = 0;
	volatile float s = as_float(a), t = as_float(b), u = as_float(c), q = 0;

	feclearexcept(FE_ALL_EXCEPT);
	switch (op) {
	case ADD: ty == IR_F64 ? (r = x + y) : (q = s + t); break;
	case SUB: ty == IR_F64 ? (r = x - y) : (q = s - t); break;
	case MUL: ty == IR_F64 ? (r = x * y) : (q = s * t); break;
	case DIV: ty == IR_F64 ? (r = x / y) : (q = s / t); break;
	case SQRT: ty == IR_F64 ? (r = sqrt(x)) : (q = sqrtf(s)); break;
	case FMA: ty == IR_F64 ? (r = fma(x, y, z)) : (q = fmaf(s, t, u)); break;
	case RINT: ty == IR_F64 ? (r = rint(x)) : (q = rintf(s)); break;
	case NARROW: q = (float)x; return float_bits(q);
	case WIDEN: r = s; return double_bits(r);
	default: ty == IR_F64 ? (r = (double)(int64_t)a) : (q = (float)(int64_t)a);
	}
	return ty == IR_F64 ? double_bits(r) : float_bits(q);
}

static uint64_t by_us(unsigned op, struct fp_env *env, unsigned ty, uint64_t a, uint64_t b,
		      uint64_t c)
{
	switch (op) {
	case ADD: return fp_add(env, ty, a, b);
	case SUB: return fp_sub(env, ty, a, b);
	case MUL: return fp_mul(env, ty, a, b);
	case DIV: return fp_div(env, ty, a, b);
	case SQRT: return fp_sqrt(env, ty, a);
	case FMA: return fp_fma(env, ty, a, b, c);
	case RINT: return fp_round_int(env, ty, a, FP_ROUND_EXACT);
	case NARROW: return fp_convert(env, IR_F32, IR_F64, a, FP_ROUND_CURRENT);
	case WIDEN: return fp_convert(env, IR_F64, IR_F32, a, FP_ROUND_CURRENT);
	default: return fp_from_int(env, ty, a, 0, 64, true);
	}
}

static void test_against_host(void **state)
{
	static const int modes[4] = { FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO };

	(void)state;
	for (unsigned n = 0; n < 400000; n++) {
		unsigned op = (unsigned)pick(OP_COUNT), mode = (unsigned)pick(4);
		unsigned ty = pick(2) ? IR_F64 : IR_F32, result;
		struct fp_env env = { .fpcr = mode << 22 };
		uint64_t a, b, c, host, ours;
		unsigned flags;

		if (op == NARROW || op == WIDEN)
			ty = op == NARROW ? IR_F64 : IR_F32;
		a = op == FROM_INT ? unit_random(&rng) >> pick(64) : number(ty);
		b = number(ty);
		c = number(ty);
		result = op == NARROW ? IR_F32 : op == WIDEN ? IR_F64 : ty;
		fesetround(modes[mode]);
		host = on_host(op, ty, a, b, c);
		flags = host_flags();
		fesetround(FE_TONEAREST);
		ours = by_us(op, &env, ty, a, b, c);
		/* Which NaN is Arm's business; underflow x86 sees after rounding. */
		if (is_nan(result, host) && is_nan(result, ours) && (op == FMA || flags == env.flags))
			continue;
		if (host == ours && !((flags ^ env.flags) & ~FPSR_UFC))
			continue;
		print_error("op %u type %u mode %u: %#llx %#llx %#llx gives %#llx %#x, host %#llx %#x\n",
			    op, ty, mode, (unsigned long long)a, (unsigned long long)b,
			    (unsigned long long)c, (unsigned long long)ours, env.flags,
			    (unsigned long long)host, flags);
		fail();
	}
}

static void test_to_int(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 100000; n++) {
		struct fp_env env = { 0 };
		uint64_t a = number(IR_F64), ours = fp_to_int(&env, IR_F64, a, FP_ROUND_ZERO, 0, 64, true);
		double d = as_double(a);

		if (isnan(d))
			assert_true(ours == 0 && env.flags == FPSR_IOC);
		else if (d >= 0x1p63)
			assert_true(ours == INT64_MAX && env.flags == FPSR_IOC);
		else if (d < -0x1p63)
			assert_true((int64_t)ours == INT64_MIN && env.flags == FPSR_IOC);
		else
			assert_true((int64_t)ours == (int64_t)d &&
				    env.flags == (d == trunc(d) ? 0 : FPSR_IXC));
	}
}

/* Every half-precision number to single and back. */
static void test_half(void **state)
{
	(void)state;
	for (unsigned h = 0; h < 0x10000; h++) {
		struct fp_env env = { 0 };
		uint64_t s = fp_convert(&env, IR_F32, IR_F16, h, FP_ROUND_CURRENT);
		double magnitude = h & 0x7c00 ? ldexp(1024 + (h & 0x3ff), (int)(h >> 10 & 31) - 25) :
						ldexp(h & 0x3ff, -24);

		if ((h & 0x7c00) != 0x7c00)
			assert_true(as_float(s) == (h & 0x8000 ? -magnitude : magnitude));
		else if (h & 0x3ff)
			assert_true(s == ((uint64_t)(h & 0x8000) << 16 | 0x7fc00000 | (h & 0x3ff) << 13));
		else
			assert_true(s == ((uint64_t)(h & 0x8000) << 16 | 0x7f800000));
		assert_true(env.flags == ((h & 0x7e00) == 0x7c00 && (h & 0x3ff) ? FPSR_IOC : 0));
		if ((h & 0x7e00) != 0x7c00 || !(h & 0x3ff))
			assert_true(fp_convert(&env, IR_F16, IR_F32, s, FP_ROUND_CURRENT) == h);
	}
}

/* Estimates have eight good bits; refined by their steps they converge. */
static void test_estimates(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 20000; n++) {
		struct fp_env env = { 0 };
		uint64_t a = 0x3ff0000000000000 - (pick(40) << 52) + (unit_random(&rng) >> 12);
		double x = as_double(a);
		uint64_t r = fp_recip_estimate(&env, IR_F64, a);
		uint64_t s = fp_rsqrt_estimate(&env, IR_F64, a);

		assert_true(fabs(as_double(r) * x - 1) < 1.0 / 256);
		assert_true(fabs(as_double(s) * sqrt(x) - 1) < 1.0 / 256);
		assert_true((r & 0xfffffffffff) == 0 && (s & 0xfffffffffff) == 0);
		for (unsigned k = 0; k < 3; k++) {
			r = fp_mul(&env, IR_F64, r, fp_recip_step(&env, IR_F64, r, a));
			s = fp_mul(&env, IR_F64, s,
				   fp_rsqrt_step(&env, IR_F64, fp_mul(&env, IR_F64, s, s), a));
		}
		assert_true(fabs(as_double(r) * x - 1) < 1e-15);
		assert_true(fabs(as_double(s) * sqrt(x) - 1) < 1e-15);
	}
}

/* The tables against the definitions, which are in units of 1/512 and 1/256: the reciprocal of the
 * middle of an interval, rounded; and the largest b with a b^2 below 2^28, halved and rounded. */
static void test_estimate_tables(void **state)
{
	(void)state;
	for (unsigned k = 0; k < 256; k++) {
		unsigned a = 2 * (256 + k) + 1, middle, b = 512;

		assert_int_equal(fp_recip_table[k] | 256, ((1u << 19) / a + 1) / 2);
		middle = k < 128 ? 4 * (128 + k) + 2 : 2 * k + 1;
		while ((uint64_t)middle * (b + 1) * (b + 1) < 1u << 28)
			b++;
		assert_int_equal(fp_rsqrt_table[k] | 256, (b + 1) / 2);
	}
}

static void test_arm_rules(void **state)
{
	const uint64_t one = 0x3ff0000000000000, inf = 0x7ff0000000000000, zero = 0;
	const uint64_t q = 0x7ff8000000000001, q2 = 0xfff8000000000002, s = 0x7ff0000000000003;
	const uint64_t quieted = 0x7ff8000000000003, standard = 0x7ff8000000000000;
	struct fp_env env = { 0 };

	(void)state;
	/* signalling NaNs first, then the first operand */
	assert_true(fp_add(&env, IR_F64, q, s) == quieted && env.flags == FPSR_IOC);
	env.flags = 0;
	assert_true(fp_add(&env, IR_F64, q2, q) == q2 && !env.flags);
	/* the addend of a fused operation is the first operand */
	assert_true(fp_fma(&env, IR_F64, q, one, q2) == q2 && !env.flags);
	assert_true(fp_fma(&env, IR_F64, inf, zero, q) == standard && env.flags == FPSR_IOC);
	/* generated NaNs are positive */
	assert_true(fp_sub(&env, IR_F64, inf, inf) == standard);
	env = (struct fp_env){ .fpcr = FPCR_DN };
	assert_true(fp_mul(&env, IR_F64, q2, one) == standard && !env.flags);
	env = (struct fp_env){ 0 };
	assert_true(fp_maxnm(&env, IR_F64, q, one) == one && !env.flags);
	assert_true(fp_max(&env, IR_F64, zero, (uint64_t)1 << 63) == zero);
	assert_true(fp_min(&env, IR_F64, zero, (uint64_t)1 << 63) == (uint64_t)1 << 63);
	assert_true(fp_mulx(&env, IR_F64, inf, zero) == 0x4000000000000000 && !env.flags);
	assert_true(fp_compare(&env, IR_F64, q, one, false) == FP_UNORDERED && !env.flags);
	assert_true(fp_compare(&env, IR_F64, q, one, true) == FP_UNORDERED &&
		    env.flags == FPSR_IOC);
	/* ties away, and to odd */
	env.flags = 0;
	assert_true(fp_round_int(&env, IR_F64, 0x4004000000000000, FP_ROUND_AWAY) ==
		    0x4008000000000000);
	assert_true(fp_convert(&env, IR_F32, IR_F64, one + 1, FP_ROUND_ODD) == 0x3f800001);
	/* flushing */
	env = (struct fp_env){ .fpcr = FPCR_FZ };
	assert_true(fp_add(&env, IR_F64, 1, zero) == zero && env.flags == FPSR_IDC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_host), cmocka_unit_test(test_to_int),
		cmocka_unit_test(test_half),	     cmocka_unit_test(test_estimates),
		cmocka_unit_test(test_estimate_tables),
		cmocka_unit_test(test_arm_rules),
	};

	rng = unit_seed(0xe7a1);
	return cmocka_run_group_tests_name("jit/ir floating point", tests, NULL, NULL);
}
