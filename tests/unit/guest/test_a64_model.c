/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The evaluator's arithmetic against a second one, written from the manual's definitions in the
 * plainest way: an exact value of up to 128 bits and one rounding at the end. All three
 * precisions, each rounding mode, with and without flushing and default NaNs: numbers at the
 * edges in pairs and triples, and all halves where there is one operand (conversion to integers:
 * all with SLOW=1).
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "jit/ir/ir.h"
#include "jit/ir/softfloat.h"

typedef unsigned __int128 u128;

/* ---- formats ---- */

struct format {
	unsigned fraction, exponent; /* bits */
};
static const struct format formats[] = { { 10, 5 }, { 23, 8 }, { 52, 11 } };
static const struct format *fmt;
static unsigned ty;
static uint32_t fpcr, flags;

static unsigned sign_at(void)
{
	return fmt->fraction + fmt->exponent;
}

static int max_exponent(void) /* also the bias */
{
	return (1 << (fmt->exponent - 1)) - 1;
}

static uint64_t pack(bool sign, uint64_t exponent, uint64_t fraction)
{
	return (uint64_t)sign << sign_at() | exponent << fmt->fraction | fraction;
}

static uint64_t infinity(bool sign)
{
	return pack(sign, (1u << fmt->exponent) - 1, 0);
}

static uint64_t default_nan(void)
{
	return pack(false, (1u << fmt->exponent) - 1, 1ull << (fmt->fraction - 1));
}

static bool flushes(void)
{
	return fpcr & (ty == IR_F16 ? FPCR_FZ16 : FPCR_FZ);
}

/* ---- values: mag * 2^scale, and less than one unit more if `more` ---- */

enum kind { ZERO, FINITE, INFINITE, QUIET, SIGNALLING };
struct value {
	enum kind kind;
	bool sign, more;
	u128 mag;
	int scale;
	uint64_t bits;
};

static struct value unpack(uint64_t x)
{
	uint64_t fraction = x & ((1ull << fmt->fraction) - 1);
	unsigned exponent = (unsigned)(x >> fmt->fraction) & ((1u << fmt->exponent) - 1);
	struct value v = { .sign = x >> sign_at() & 1, .bits = x };

	if (exponent == (1u << fmt->exponent) - 1) {
		v.kind = !fraction			       ? INFINITE :
			 fraction >> (fmt->fraction - 1) & 1 ? QUIET :
								 SIGNALLING;
	} else if (!exponent && (!fraction || flushes())) {
		v.kind = ZERO;
		/* Halves are flushed without a word. */
		if (fraction && ty != IR_F16)
			flags |= FPSR_IDC;
	} else {
		v.kind = FINITE;
		v.mag = fraction | (exponent ? 1ull << fmt->fraction : 0);
		v.scale = (int)(exponent ? exponent : 1) - max_exponent() - (int)fmt->fraction;
	}
	return v;
}

static int top(u128 x)
{
	int n = -1;

	for (; x; x >>= 1)
		n++;
	return n;
}

static bool rounds_up(unsigned mode, bool sign, bool odd, bool half, bool rest)
{
	switch (mode) {
	case FP_ROUND_NEAREST: return half && (rest || odd);
	case FP_ROUND_UP: return !sign && (half || rest);
	case FP_ROUND_DOWN: return sign && (half || rest);
	case FP_ROUND_AWAY: return half;
	default: return false;
	}
}

/* mag * 2^(scale - to), rounded; what is lost sets *ret_inexact. */
static u128 rounded(const struct value *v, int to, unsigned mode, bool *ret_inexact)
{
	int shift = to - v->scale;
	u128 q, half = 0, rest;

	if (shift <= 0) {
		q = v->mag << -shift;
		rest = 0;
	} else if (shift > 127) {
		q = 0;
		rest = v->mag;
	} else {
		q = v->mag >> shift;
		half = v->mag >> (shift - 1) & 1;
		rest = v->mag & (((u128)1 << (shift - 1)) - 1);
	}
	*ret_inexact = half || rest || v->more;
	return q + rounds_up(mode, v->sign, q & 1, half, rest || v->more);
}

static uint64_t overflow(bool sign)
{
	unsigned mode = FPCR_RMODE(fpcr);
	bool inf = mode == FP_ROUND_NEAREST || (mode == FP_ROUND_UP && !sign) ||
		   (mode == FP_ROUND_DOWN && sign);

	flags |= FPSR_OFC | FPSR_IXC;
	return inf ? infinity(sign) : infinity(sign) - 1;
}

static uint64_t result(struct value v)
{
	int least = 1 - max_exponent(), e = top(v.mag) + v.scale, unit;
	bool tiny = e < least, inexact;
	u128 q;

	if (tiny && flushes()) {
		flags |= FPSR_UFC;
		return pack(v.sign, 0, 0);
	}
	unit = (tiny ? least : e) - (int)fmt->fraction;
	q = rounded(&v, unit, FPCR_RMODE(fpcr), &inexact);
	if (tiny && inexact)
		flags |= FPSR_UFC;
	if (q >> (fmt->fraction + 1)) {
		q >>= 1;
		unit++;
	}
	if (!(q >> fmt->fraction)) {
		flags |= inexact ? FPSR_IXC : 0;
		return pack(v.sign, 0, (uint64_t)q);
	}
	e = unit + (int)fmt->fraction;
	if (e > max_exponent())
		return overflow(v.sign);
	flags |= inexact ? FPSR_IXC : 0;
	return pack(v.sign, (uint64_t)(e + max_exponent()), (uint64_t)q & ((1ull << fmt->fraction) - 1));
}

/* x + y, exact but for `more`: 126 bits are kept, and where bits are lost nothing cancels. */
static struct value sum(struct value x, struct value y)
{
	int up;

	if (top(x.mag) + x.scale < top(y.mag) + y.scale)
		return sum(y, x);
	up = 125 - top(x.mag);
	x.mag <<= up;
	x.scale -= up;
	up = y.scale - x.scale;
	if (up >= 0) {
		y.mag <<= up;
	} else if (up < -127) {
		y.more = y.mag != 0;
		y.mag = 0;
	} else {
		y.more = (y.mag & (((u128)1 << -up) - 1)) != 0;
		y.mag >>= -up;
	}
	x.more = y.more;
	if (x.sign == y.sign) {
		x.mag += y.mag;
	} else if (x.mag >= y.mag + y.more) {
		x.mag -= y.mag + y.more;
	} else {
		x.mag = y.mag - x.mag;
		x.sign = y.sign;
	}
	return x;
}

static struct value product(struct value x, const struct value *y)
{
	x.mag *= y->mag;
	x.scale += y->scale;
	x.sign ^= y->sign;
	return x;
}

/* ---- NaNs ---- */

static uint64_t nan_of(const struct value *v)
{
	if (v->kind == SIGNALLING)
		flags |= FPSR_IOC;
	return fpcr & FPCR_DN ? default_nan() : v->bits | 1ull << (fmt->fraction - 1);
}

/* The first signalling one, else the first quiet one. */
static bool nans(const struct value *v, unsigned n, uint64_t *ret)
{
	for (enum kind kind = SIGNALLING; kind >= QUIET; kind--)
		for (unsigned i = 0; i < n; i++)
			if (v[i].kind == kind) {
				*ret = nan_of(&v[i]);
				return true;
			}
	return false;
}

static uint64_t invalid(void)
{
	flags |= FPSR_IOC;
	return default_nan();
}

static uint64_t zero(bool sign)
{
	return pack(sign, 0, 0);
}

static bool minus_mode(void)
{
	return FPCR_RMODE(fpcr) == FP_ROUND_DOWN;
}

/* ---- operations ---- */

static struct value constant(unsigned mag, int scale)
{
	return (struct value){ .kind = FINITE, .mag = mag, .scale = scale };
}

static uint64_t add_values(struct value x, struct value y)
{
	if (x.kind == INFINITE || y.kind == INFINITE) {
		if (x.kind == y.kind && x.sign != y.sign)
			return invalid();
		return infinity(x.kind == INFINITE ? x.sign : y.sign);
	}
	if (x.kind == ZERO && y.kind == ZERO)
		return zero(x.sign == y.sign ? x.sign : minus_mode());
	if (y.kind == ZERO)
		return result(x);
	if (x.kind == ZERO)
		return result(y);
	x = sum(x, y);
	return x.mag || x.more ? result(x) : zero(minus_mode());
}

static bool inf_by_zero(const struct value *x, const struct value *y)
{
	return (x->kind == INFINITE && y->kind == ZERO) || (x->kind == ZERO && y->kind == INFINITE);
}

static uint64_t multiply(const struct value *v, bool extended)
{
	bool sign = v[0].sign ^ v[1].sign;

	if (inf_by_zero(&v[0], &v[1]))
		return extended ? pack(sign, (uint64_t)max_exponent() + 1, 0) : invalid();
	if (v[0].kind == INFINITE || v[1].kind == INFINITE)
		return infinity(sign);
	if (v[0].kind == ZERO || v[1].kind == ZERO)
		return zero(sign);
	return result(product(v[0], &v[1]));
}

static uint64_t divide(const struct value *v)
{
	struct value q = v[0];
	int up;

	q.sign ^= v[1].sign;
	if (v[0].kind == v[1].kind && v[0].kind != FINITE)
		return invalid();
	if (v[0].kind == INFINITE)
		return infinity(q.sign);
	if (v[1].kind == ZERO) {
		flags |= FPSR_DZC;
		return infinity(q.sign);
	}
	if (v[0].kind == ZERO || v[1].kind == INFINITE)
		return zero(q.sign);
	up = 126 - top(q.mag);
	q.mag <<= up;
	q.scale -= up + v[1].scale;
	q.more = q.mag % v[1].mag != 0;
	q.mag /= v[1].mag;
	return result(q);
}

static uint64_t root(const struct value *v)
{
	struct value r = *v;
	u128 x;
	int up;

	if (v->kind == ZERO)
		return zero(v->sign);
	if (v->sign)
		return invalid();
	if (v->kind == INFINITE)
		return infinity(false);
	up = 124 - top(r.mag);
	up += (r.scale - up) & 1;
	x = r.mag << up;
	r.scale = (r.scale - up) / 2;
	r.mag = 0;
	for (int bit = 63; bit >= 0; bit--) {
		u128 next = r.mag | (u128)1 << bit;

		if (next * next <= x)
			r.mag = next;
	}
	r.more = r.mag * r.mag != x;
	return result(r);
}

/* v: addend, multiplicand, multiplier */
static uint64_t fused(const struct value *v)
{
	struct value p = { .sign = v[1].sign ^ v[2].sign };
	uint64_t r;

	if (nans(v, 3, &r)) {
		if (v[0].kind == QUIET && inf_by_zero(&v[1], &v[2]))
			return invalid();
		return r;
	}
	if (inf_by_zero(&v[1], &v[2]))
		return invalid();
	if (v[1].kind == INFINITE || v[2].kind == INFINITE)
		p.kind = INFINITE;
	else if (v[1].kind == FINITE && v[2].kind == FINITE)
		p = product(v[1], &v[2]);
	return add_values(v[0], p);
}

/* constant - x * y, then times 2^-halve */
static uint64_t step(uint64_t a, uint64_t b, unsigned from, int halve)
{
	struct value v[2], p, c = constant(from, -halve);
	uint64_t r;

	v[0] = unpack(a ^ 1ull << sign_at());
	v[1] = unpack(b);
	if (nans(v, 2, &r))
		return r;
	if (inf_by_zero(&v[0], &v[1]))
		return result(c);
	if (v[0].kind == INFINITE || v[1].kind == INFINITE)
		return infinity(v[0].sign ^ v[1].sign);
	if (v[0].kind == ZERO || v[1].kind == ZERO)
		return result(c);
	p = product(v[0], &v[1]);
	p.scale -= halve;
	c = sum(c, p);
	return c.mag || c.more ? result(c) : zero(minus_mode());
}

/* x > y; zeros are equal */
static bool greater(const struct value *x, const struct value *y)
{
	struct value d;

	if (x->kind == INFINITE || y->kind == INFINITE) {
		int a = x->kind == INFINITE ? (x->sign ? -1 : 1) : 0;
		int b = y->kind == INFINITE ? (y->sign ? -1 : 1) : 0;

		return a > b;
	}
	if (x->kind == ZERO || y->kind == ZERO)
		return x->kind == FINITE ? !x->sign : y->kind == FINITE && y->sign;
	if (x->sign != y->sign)
		return y->sign;
	d = *y;
	d.sign = !d.sign;
	d = sum(*x, d);
	return d.mag && !d.sign;
}

static uint64_t extreme(const struct value *v, bool larger)
{
	const struct value *w = greater(&v[0], &v[1]) == larger ? &v[0] : &v[1];

	if (!greater(&v[0], &v[1]) && !greater(&v[1], &v[0]) && v[0].kind == ZERO)
		return zero(larger ? v[0].sign && v[1].sign : v[0].sign || v[1].sign);
	if (w->kind == INFINITE)
		return infinity(w->sign);
	return w->kind == ZERO ? zero(w->sign) : result(*w);
}

static uint64_t extreme_number(uint64_t a, uint64_t b, bool larger)
{
	struct value v[2] = { unpack(a), unpack(b) };
	uint64_t r;

	for (unsigned i = 0; i < 2; i++)
		if (v[i].kind == QUIET && v[!i].kind != QUIET)
			v[i] = (struct value){ .kind = INFINITE, .sign = larger };
	return nans(v, 2, &r) ? r : extreme(v, larger);
}

static uint64_t to_integer(uint64_t a, unsigned mode, unsigned fbits, unsigned bits, bool is_signed)
{
	struct value v = unpack(a);
	u128 limit = (u128)1 << (is_signed ? bits - 1 : bits), q = 0;
	bool inexact = false, negative;
	uint64_t mask = bits == 64 ? ~0ull : (1ull << bits) - 1;

	if (v.kind >= QUIET) {
		flags |= FPSR_IOC;
		return 0;
	}
	if (v.kind == FINITE) {
		v.scale += (int)fbits;
		/* beyond 2^100 is beyond all */
		q = top(v.mag) + v.scale > 100 ? (u128)1 << 101 : rounded(&v, 0, mode, &inexact);
	}
	if (v.kind == INFINITE)
		q = (u128)1 << 101;
	negative = v.sign && q;
	if (negative ? q > (is_signed ? limit : 0) : q >= limit) {
		flags |= FPSR_IOC;
		q = negative ? (is_signed ? limit : 0) : limit - 1;
	} else if (inexact) {
		flags |= FPSR_IXC;
	}
	return (uint64_t)(negative ? -q : q) & mask;
}

static uint64_t to_integral(uint64_t a, unsigned mode, bool exact)
{
	struct value v = unpack(a);
	bool inexact;
	uint64_t r;

	if (nans(&v, 1, &r))
		return r;
	if (v.kind != FINITE)
		return v.kind == ZERO ? zero(v.sign) : infinity(v.sign);
	if (v.scale >= 0)
		return a;
	v.mag = rounded(&v, 0, mode, &inexact);
	v.scale = 0;
	if (exact && inexact)
		flags |= FPSR_IXC;
	return v.mag ? result(v) : zero(v.sign);
}

/* ---- estimates ---- */

static unsigned recip_estimate(unsigned a)
{
	return ((1u << 19) / (a * 2 + 1) + 1) / 2;
}

static unsigned root_estimate(unsigned a)
{
	uint64_t x = a < 256 ? a * 2 + 1 : ((a >> 1 << 1) + 1) * 2ull, b = 512;

	while (x * (b + 1) * (b + 1) < 1ull << 28)
		b++;
	return (unsigned)(b + 1) / 2;
}

/* fraction as 52 bits, and what the exponent field would be without denormals */
static void normalize(uint64_t a, uint64_t *ret_fraction, int *ret_exponent)
{
	uint64_t fraction = (a & ((1ull << fmt->fraction) - 1)) << (52 - fmt->fraction);
	int exponent = (int)(a >> fmt->fraction & ((1u << fmt->exponent) - 1));

	if (!exponent) {
		while (!(fraction >> 51 & 1)) {
			fraction <<= 1;
			exponent--;
		}
		fraction <<= 1;
	}
	*ret_fraction = fraction & ((1ull << 52) - 1);
	*ret_exponent = exponent;
}

static uint64_t estimate_recip(uint64_t a)
{
	struct value v = unpack(a);
	uint64_t fraction, r;
	int exponent, bias = max_exponent();

	if (nans(&v, 1, &r))
		return r;
	if (v.kind == INFINITE)
		return zero(v.sign);
	if (v.kind == ZERO) {
		flags |= FPSR_DZC;
		return infinity(v.sign);
	}
	/* below 2^-(bias + 1) the result is beyond all numbers */
	if (top(v.mag) + v.scale < -(bias + 1))
		return overflow(v.sign);
	if (flushes() && top(v.mag) + v.scale >= bias - 1) {
		flags |= FPSR_UFC;
		return zero(v.sign);
	}
	normalize(a, &fraction, &exponent);
	r = (uint64_t)recip_estimate(256 | (unsigned)(fraction >> 44));
	exponent = 2 * bias - 1 - exponent;
	fraction = (r & 255) << 44;
	if (exponent <= 0) {
		fraction = (fraction | 1ull << 52) >> (exponent ? 2 : 1);
		exponent = 0;
	}
	return pack(v.sign, (uint64_t)exponent, fraction >> (52 - fmt->fraction));
}

static uint64_t estimate_root(uint64_t a)
{
	struct value v = unpack(a);
	uint64_t fraction, r;
	int exponent;
	unsigned scaled;

	if (nans(&v, 1, &r))
		return r;
	if (v.kind == ZERO) {
		flags |= FPSR_DZC;
		return infinity(v.sign);
	}
	if (v.sign)
		return invalid();
	if (v.kind == INFINITE)
		return zero(false);
	normalize(a, &fraction, &exponent);
	scaled = exponent & 1 ? 128 | (unsigned)(fraction >> 45) : 256 | (unsigned)(fraction >> 44);
	exponent = (3 * max_exponent() - 1 - exponent) / 2;
	r = root_estimate(scaled);
	return pack(false, (uint64_t)exponent, (r & 255) << (fmt->fraction - 8));
}

static uint64_t recip_exponent(uint64_t a)
{
	unsigned all = (1u << fmt->exponent) - 1, exponent = (unsigned)(a >> fmt->fraction) & all;
	struct value v = unpack(a);
	uint64_t r;

	if (nans(&v, 1, &r))
		return r;
	return pack(v.sign, exponent ? all ^ exponent : all - 1, 0);
}

/* ---- comparison of the two ---- */

enum op { ADD, SUB, MUL, MULX, DIV, MAX, MIN, MAXNM, MINNM, RECPS, RSQRTS, COMPARE, BINARY,
	  FMA = BINARY, SQRT, RECPE, RSQRTE, RECPX, RINT, TO_INT, OPS };
static const char *const names[OPS] = {
	[ADD] = "add", [SUB] = "sub", [MUL] = "mul", [MULX] = "mulx", [DIV] = "div",
	[MAX] = "max", [MIN] = "min", [MAXNM] = "maxnm", [MINNM] = "minnm",
	[RECPS] = "reciprocal step", [RSQRTS] = "square root step", [COMPARE] = "comparison",
	[FMA] = "fused multiply-add", [SQRT] = "sqrt", [RECPE] = "reciprocal estimate",
	[RSQRTE] = "square root estimate", [RECPX] = "reciprocal exponent",
	[RINT] = "to integral", [TO_INT] = "to integers",
};

/* n: variant of RINT and TO_INT */
static uint64_t model(enum op op, const uint64_t *x, unsigned n)
{
	static const unsigned sizes[] = { 16, 32, 64 };
	struct value v[3];
	uint64_t r;

	switch (op) {
	case MAXNM: return extreme_number(x[0], x[1], true);
	case MINNM: return extreme_number(x[0], x[1], false);
	case RECPS: return step(x[0], x[1], 2, 0);
	case RSQRTS: return step(x[0], x[1], 3, 1);
	case RECPE: return estimate_recip(x[0]);
	case RSQRTE: return estimate_root(x[0]);
	case RECPX: return recip_exponent(x[0]);
	case RINT: return to_integral(x[0], n < 5 ? n : FPCR_RMODE(fpcr), n == 5);
	case TO_INT:
		return to_integer(x[0], n % 5, n / 30 * 7, sizes[n / 5 % 3], n / 15 % 2);
	default: break;
	}
	v[0] = unpack(x[0]);
	if (op == FMA) {
		struct value w[3];

		v[1] = unpack(x[1]);
		v[2] = unpack(x[2]);
		w[0] = v[2];
		w[1] = v[0];
		w[2] = v[1];
		return fused(w);
	}
	if (op == SQRT)
		return nans(v, 1, &r) ? r : root(v);
	v[1] = unpack(x[1]);
	if (op == COMPARE) {
		bool unordered = v[0].kind >= QUIET || v[1].kind >= QUIET;

		if (unordered && (n || v[0].kind == SIGNALLING || v[1].kind == SIGNALLING))
			flags |= FPSR_IOC;
		return unordered ? FP_UNORDERED :
		       greater(&v[0], &v[1]) ? FP_GREATER :
		       greater(&v[1], &v[0]) ? FP_LESS :
					       FP_EQUAL;
	}
	if (nans(v, 2, &r))
		return r;
	switch (op) {
	case SUB: v[1].sign ^= 1; return add_values(v[0], v[1]);
	case ADD: return add_values(v[0], v[1]);
	case MUL: return multiply(v, false);
	case MULX: return multiply(v, true);
	case DIV: return divide(v);
	case MAX: return extreme(v, true);
	default: return extreme(v, false);
	}
}

static uint64_t evaluator(enum op op, const uint64_t *x, unsigned n, struct fp_env *env)
{
	static const unsigned sizes[] = { 16, 32, 64 };

	switch (op) {
	case ADD: return fp_add(env, ty, x[0], x[1]);
	case SUB: return fp_sub(env, ty, x[0], x[1]);
	case MUL: return fp_mul(env, ty, x[0], x[1]);
	case MULX: return fp_mulx(env, ty, x[0], x[1]);
	case DIV: return fp_div(env, ty, x[0], x[1]);
	case MAX: return fp_max(env, ty, x[0], x[1]);
	case MIN: return fp_min(env, ty, x[0], x[1]);
	case MAXNM: return fp_maxnm(env, ty, x[0], x[1]);
	case MINNM: return fp_minnm(env, ty, x[0], x[1]);
	case RECPS: return fp_recip_step(env, ty, x[0], x[1]);
	case RSQRTS: return fp_rsqrt_step(env, ty, x[0], x[1]);
	case COMPARE: return fp_compare(env, ty, x[0], x[1], n);
	case FMA: return fp_fma(env, ty, x[0], x[1], x[2]);
	case SQRT: return fp_sqrt(env, ty, x[0]);
	case RECPE: return fp_recip_estimate(env, ty, x[0]);
	case RSQRTE: return fp_rsqrt_estimate(env, ty, x[0]);
	case RECPX: return fp_recip_exponent(env, ty, x[0]);
	case RINT:
		return fp_round_int(env, ty, x[0],
				    n < 5 ? n : n == 5 ? FP_ROUND_EXACT : FP_ROUND_CURRENT);
	default:
		return fp_to_int(env, ty, x[0], n % 5, n / 30 * 7, sizes[n / 5 % 3], n / 15 % 2);
	}
}

static unsigned long wrong, done;

static void one(enum op op, const uint64_t *x, unsigned n)
{
	struct fp_env env = { .fpcr = fpcr };
	uint64_t got = evaluator(op, x, n, &env), want;

	flags = 0;
	want = model(op, x, n);
	done++;
	if ((got != want || env.flags != flags) && wrong++ < 3)
		printf("# %s %u, FPCR %x: %llx %llx %llx: %llx flags %x instead of %llx, %x\n",
		       names[op], n, fpcr, (unsigned long long)x[0], (unsigned long long)x[1],
		       (unsigned long long)x[2], (unsigned long long)got, env.flags,
		       (unsigned long long)want, flags);
}

/* ---- numbers ---- */

#define EDGES 56
static uint64_t edge[EDGES];

static void make_edges(void)
{
	uint64_t all = (1ull << fmt->exponent) - 1, bias = (uint64_t)max_exponent();
	uint64_t ones = (1ull << fmt->fraction) - 1, half = 1ull << (fmt->fraction - 1);
	uint64_t p = fmt->fraction;
	const uint64_t positive[EDGES / 2] = {
		0, 1, 3, half, half - 1, ones,			      /* denormal */
		pack(0, 1, 0), pack(0, 1, 1), pack(0, 1, ones), pack(0, 2, 0),
		pack(0, bias / 2, 0), pack(0, bias / 2 + 1, 1), pack(0, bias - p - 1, 0),
		pack(0, bias - 1, 0), pack(0, bias - 1, 1), pack(0, bias - 1, ones),
		pack(0, bias, 0), pack(0, bias, 1), pack(0, bias, half), pack(0, bias + 1, half),
		pack(0, bias + p - 1, ones), pack(0, bias + p, 1), pack(0, all - 2, half + 1),
		pack(0, all - 1, ones), pack(0, all, 0),
		pack(0, all, half), pack(0, all, half | 5), pack(0, all, 1), /* NaNs */
	};

	for (unsigned i = 0; i < EDGES / 2; i++) {
		edge[2 * i] = positive[i];
		edge[2 * i + 1] = positive[i] | 1ull << sign_at();
	}
}

static unsigned variants(enum op op)
{
	return op == RINT ? 7 : op == TO_INT ? 60 : op == COMPARE ? 2 : 1;
}

static void all_of(enum op op)
{
	uint64_t x[3] = { 0, 0, 0 }, state = 1;

	for (unsigned n = 0; n < variants(op); n++) {
		if (op > FMA && ty == IR_F16) {
			for (x[0] = 0; x[0] < 65536; x[0] += op == TO_INT && !getenv("SLOW") ? 17 : 1)
				one(op, x, n);
			continue;
		}
		for (unsigned i = 0; i < EDGES; i++)
			for (unsigned j = 0; j < (op <= FMA ? EDGES : 1); j++)
				for (unsigned k = 0; k < (op == FMA ? EDGES : 1); k++) {
					x[0] = edge[i];
					x[1] = edge[j];
					x[2] = edge[k];
					one(op, x, n);
				}
		/* and any, with exponents near each other */
		for (unsigned i = 0; i < 3000; i++) {
			for (unsigned k = 0; k < 3; k++) {
				state = state * 6364136223846793005ull + 1442695040888963407ull;
				x[k] = state >> (64 - sign_at() - 1);
				if (i & 1)
					x[k] = (x[k] & ~(((1ull << fmt->exponent) - 1)
							 << fmt->fraction)) |
					       ((uint64_t)max_exponent() - 3 + (state >> 13 & 7))
						       << fmt->fraction;
			}
			one(op, x, n);
		}
	}
}

int main(void)
{
	static const char *const precision[] = { "half", "single", "double" };
	unsigned number = 0, bad = 0;

	printf("1..%d\n", 3 * OPS);
	for (unsigned f = 0; f < 3; f++) {
		fmt = &formats[f];
		ty = IR_F16 + f;
		make_edges();
		for (enum op op = 0; op < OPS; op++) {
			wrong = done = 0;
			for (unsigned m = 0; m < 16; m++) {
				fpcr = (m & 3) << 22 | (m & 4 ? FPCR_DN : 0) |
				       (m & 8 ? FPCR_FZ | FPCR_FZ16 : 0);
				all_of(op);
			}
			bad += wrong != 0;
			printf("%sok %u - %s, %s (%lu cases)", wrong ? "not " : "", ++number,
			       names[op], precision[f], done);
			printf(wrong ? ": %lu wrong\n" : "\n", wrong);
		}
	}
	return bad != 0;
}
