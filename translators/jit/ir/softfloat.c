/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Arm's floating-point arithmetic in integers. tags: jit/ir - reference floating point
 *
 * A finite number is unpacked to sign, exponent and a 64-bit significand with its top bit
 * set: value = sig * 2^(exp - 63). Every operation forms its exact result, or the upper 64
 * bits of it and one "sticky" fact (something not zero follows), and rounds once.
 */
#include "jit/ir/softfloat.h"

#include "jit/ir/ir.h"

typedef unsigned __int128 u128;

struct format {
	unsigned bits;	/* of the whole number */
	unsigned frac;	/* stored fraction bits */
	int bias;
};

static const struct format bfloat = { 16, 7, 127 };

static const struct format formats[3] = {
	{ 16, 10, 15 },
	{ 32, 23, 127 },
	{ 64, 52, 1023 },
};

static const struct format *format_of(unsigned ty)
{
	return &formats[ty - IR_F16];
}

enum kind { ZERO, FINITE, INF, QNAN, SNAN };

struct num {
	enum kind kind;
	bool sign;
	int exp;
	uint64_t sig;
	uint64_t raw; /* for NaNs */
};

static unsigned exp_mask(const struct format *f)
{
	return (1u << (f->bits - 1 - f->frac)) - 1;
}

/* Half precision has modes of its own. */
static bool is_half(const struct format *f)
{
	return f->frac == 10;
}

static uint64_t sign_bit(const struct format *f)
{
	return (uint64_t)1 << (f->bits - 1);
}

static uint64_t frac_mask(const struct format *f)
{
	return ((uint64_t)1 << f->frac) - 1;
}

static uint64_t pack(const struct format *f, bool sign, unsigned exp, uint64_t frac)
{
	return (sign ? sign_bit(f) : 0) | (uint64_t)exp << f->frac | frac;
}

static uint64_t default_nan(const struct format *f)
{
	return pack(f, false, exp_mask(f), (uint64_t)1 << (f->frac - 1));
}

static uint64_t infinity(const struct format *f, bool sign)
{
	return pack(f, sign, exp_mask(f), 0);
}

static uint64_t zero(const struct format *f, bool sign)
{
	return pack(f, sign, 0, 0);
}

static bool flushes(const struct fp_env *env, const struct format *f)
{
	return (env->fpcr & (is_half(f) ? FPCR_FZ16 : FPCR_FZ)) != 0;
}

/* No flushing here: conversions from half precision do not. */
static struct num unpack_raw(const struct format *f, uint64_t x)
{
	struct num n = { .raw = x };
	unsigned e = (unsigned)(x >> f->frac) & exp_mask(f);
	uint64_t frac = x & frac_mask(f);

	n.sign = (x & sign_bit(f)) != 0;
	if (e == exp_mask(f)) {
		if (!frac)
			n.kind = INF;
		else
			n.kind = frac >> (f->frac - 1) ? QNAN : SNAN;
		return n;
	}
	if (!e) {
		if (!frac) {
			n.kind = ZERO;
			return n;
		}
		unsigned lead = (unsigned)__builtin_clzll(frac);

		n.kind = FINITE;
		n.sig = frac << lead;
		n.exp = 1 - f->bias - (int)f->frac + 63 - (int)lead;
		return n;
	}
	n.kind = FINITE;
	n.sig = (uint64_t)1 << 63 | frac << (63 - f->frac);
	n.exp = (int)e - f->bias;
	return n;
}

static struct num unpack(struct fp_env *env, const struct format *f, uint64_t x)
{
	struct num n = unpack_raw(f, x);

	if (n.kind == FINITE && n.exp < 1 - f->bias && flushes(env, f)) {
		n.kind = ZERO;
		if (f->bits != 16)
			env->flags |= FPSR_IDC;
	}
	return n;
}

static bool is_nan(const struct num *n)
{
	return n->kind == QNAN || n->kind == SNAN;
}

/* The NaN that one NaN operand gives. */
static uint64_t quiet_nan(struct fp_env *env, const struct format *f, const struct num *n)
{
	if (n->kind == SNAN)
		env->flags |= FPSR_IOC;
	if (env->fpcr & FPCR_DN)
		return default_nan(f);
	return n->raw | (uint64_t)1 << (f->frac - 1);
}

/* Signalling NaNs win over quiet ones, then the order of the operands counts. */
static bool take_nan(struct fp_env *env, const struct format *f, const struct num *a,
		     const struct num *b, uint64_t *ret)
{
	if (a->kind == SNAN)
		*ret = quiet_nan(env, f, a);
	else if (b->kind == SNAN)
		*ret = quiet_nan(env, f, b);
	else if (a->kind == QNAN)
		*ret = quiet_nan(env, f, a);
	else if (b->kind == QNAN)
		*ret = quiet_nan(env, f, b);
	else
		return false;
	return true;
}

static uint64_t invalid(struct fp_env *env, const struct format *f)
{
	env->flags |= FPSR_IOC;
	return default_nan(f);
}

static enum fp_round rounding(const struct fp_env *env)
{
	return (enum fp_round)FPCR_RMODE(env->fpcr);
}

/* Is a magnitude with these discarded bits (top-aligned 64 bits and sticky) rounded up? */
static bool rounds_up(enum fp_round mode, bool sign, bool odd, uint64_t rest, bool sticky)
{
	const uint64_t half = (uint64_t)1 << 63;

	if (!rest && !sticky)
		return false;
	switch (mode) {
	case FP_ROUND_NEAREST:
		return rest > half || (rest == half && (sticky || odd));
	case FP_ROUND_AWAY:
		return rest >= half;
	case FP_ROUND_UP:
		return !sign;
	case FP_ROUND_DOWN:
		return sign;
	default:
		return false;
	}
}

/* Rounds and packs a number that is not zero. alt: to the alternative half precision. */
static uint64_t round_pack_alt(struct fp_env *env, const struct format *f, bool alt,
			       enum fp_round mode, bool sign, int exp, uint64_t sig, bool sticky)
{
	int emin = 1 - f->bias;
	unsigned drop = 63 - f->frac;
	bool tiny = exp < emin;
	uint64_t rest, kept;

	if (tiny && flushes(env, f)) {
		/* Half precision: only reached by arithmetic, conversions clear FZ16. */
		env->flags |= FPSR_UFC;
		return zero(f, sign);
	}
	if (tiny)
		drop += emin - exp < 70 ? (unsigned)(emin - exp) : 70;
	if (drop < 64) {
		rest = sig << (64 - drop);
		kept = sig >> drop;
	} else if (drop == 64) {
		rest = sig;
		kept = 0;
	} else {
		rest = 0;
		sticky = true;
		kept = 0;
	}
	bool inexact = rest || sticky;

	if (mode == FP_ROUND_ODD)
		kept |= inexact;
	else if (rounds_up(mode, sign, kept & 1, rest, sticky))
		kept++;
	if (tiny) {
		/* kept may have become the smallest normal: the packing adds up. */
		if (inexact)
			env->flags |= FPSR_UFC | FPSR_IXC;
		return (sign ? sign_bit(f) : 0) | kept;
	}
	if (kept >> (f->frac + 1)) {
		kept >>= 1;
		exp++;
	}
	int e = exp + f->bias;

	if (e >= (int)exp_mask(f) + alt) {
		if (alt) {
			/* No infinities there: the largest number, and Invalid alone. */
			env->flags |= FPSR_IOC;
			return pack(f, sign, exp_mask(f), frac_mask(f));
		}
		env->flags |= FPSR_OFC | FPSR_IXC;
		if (mode == FP_ROUND_ZERO || mode == FP_ROUND_ODD ||
		    (mode == FP_ROUND_UP && sign) || (mode == FP_ROUND_DOWN && !sign))
			return pack(f, sign, exp_mask(f) - 1, frac_mask(f));
		return infinity(f, sign);
	}
	if (inexact)
		env->flags |= FPSR_IXC;
	return pack(f, sign, (unsigned)e, kept & frac_mask(f));
}

static uint64_t round_pack(struct fp_env *env, const struct format *f, enum fp_round mode,
			   bool sign, int exp, uint64_t sig, bool sticky)
{
	return round_pack_alt(env, f, false, mode, sign, exp, sig, sticky);
}

/* The same from 128 bits: value = sig * 2^(exp - 127), sig of any height, not zero. */
static uint64_t round_pack_wide(struct fp_env *env, const struct format *f,
				enum fp_round mode, bool sign, int exp, u128 sig)
{
	uint64_t high = (uint64_t)(sig >> 64);
	unsigned lead = high ? (unsigned)__builtin_clzll(high) :
			       64 + (unsigned)__builtin_clzll((uint64_t)sig);

	sig <<= lead;
	return round_pack(env, f, mode, sign, exp - (int)lead, (uint64_t)(sig >> 64),
			  (uint64_t)sig != 0);
}

/* Shift right, keeping in the lowest bit whether anything fell off. */
static u128 shift_jam(u128 x, unsigned n)
{
	if (!n)
		return x;
	if (n > 127)
		return x != 0;
	return x >> n | ((x << (128 - n)) != 0);
}

/* Sum of two signed wide magnitudes whose top two bits are clear; see round_pack_wide. */
static uint64_t add_wide(struct fp_env *env, const struct format *f, bool sign_a, int exp_a,
			 u128 a, bool sign_b, int exp_b, u128 b, int scale)
{
	enum fp_round mode = rounding(env);

	if (exp_a < exp_b) {
		a = shift_jam(a, (unsigned)(exp_b - exp_a));
		exp_a = exp_b;
	} else {
		b = shift_jam(b, (unsigned)(exp_a - exp_b));
	}
	if (sign_a == sign_b)
		return round_pack_wide(env, f, mode, sign_a, exp_a + scale, a + b);
	if (a == b)
		return zero(f, mode == FP_ROUND_DOWN);
	if (a > b)
		return round_pack_wide(env, f, mode, sign_a, exp_a + scale, a - b);
	return round_pack_wide(env, f, mode, sign_b, exp_a + scale, b - a);
}

/* A 64-bit significand with two bits of head-room: exponent as of add_wide(). */
#define WIDE(n) ((u128)(n).sig << 62)

static uint64_t add(struct fp_env *env, const struct format *f, struct num a, struct num b)
{
	uint64_t nan;

	if (take_nan(env, f, &a, &b, &nan))
		return nan;
	if (a.kind == INF || b.kind == INF) {
		if (a.kind == b.kind && a.sign != b.sign)
			return invalid(env, f);
		return infinity(f, a.kind == INF ? a.sign : b.sign);
	}
	if (a.kind == ZERO && b.kind == ZERO) {
		if (a.sign == b.sign)
			return zero(f, a.sign);
		return zero(f, rounding(env) == FP_ROUND_DOWN);
	}
	if (a.kind == ZERO)
		return round_pack(env, f, rounding(env), b.sign, b.exp, b.sig, false);
	if (b.kind == ZERO)
		return round_pack(env, f, rounding(env), a.sign, a.exp, a.sig, false);
	return add_wide(env, f, a.sign, a.exp + 2, WIDE(a), b.sign, b.exp + 2, WIDE(b), 0);
}

uint64_t fp_add(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b)
{
	const struct format *f = format_of(ty);

	return add(env, f, unpack(env, f, a), unpack(env, f, b));
}

uint64_t fp_sub(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b)
{
	const struct format *f = format_of(ty);
	struct num nb = unpack(env, f, b);

	/* A NaN keeps its sign: raw is left alone. */
	nb.sign = !nb.sign;
	return add(env, f, unpack(env, f, a), nb);
}

static uint64_t multiply(struct fp_env *env, unsigned ty, uint64_t x, uint64_t y,
			 bool extended)
{
	const struct format *f = format_of(ty);
	struct num a = unpack(env, f, x), b = unpack(env, f, y);
	bool sign = a.sign != b.sign;
	uint64_t nan;

	if (take_nan(env, f, &a, &b, &nan))
		return nan;
	if ((a.kind == INF && b.kind == ZERO) || (a.kind == ZERO && b.kind == INF)) {
		if (extended)
			return pack(f, sign, (unsigned)f->bias + 1, 0);
		return invalid(env, f);
	}
	if (a.kind == INF || b.kind == INF)
		return infinity(f, sign);
	if (a.kind == ZERO || b.kind == ZERO)
		return zero(f, sign);
	return round_pack_wide(env, f, rounding(env), sign, a.exp + b.exp + 1,
			       (u128)a.sig * b.sig);
}

uint64_t fp_mul(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b)
{
	return multiply(env, ty, a, b, false);
}

uint64_t fp_mulx(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b)
{
	return multiply(env, ty, a, b, true);
}

uint64_t fp_div(struct fp_env *env, unsigned ty, uint64_t x, uint64_t y)
{
	const struct format *f = format_of(ty);
	struct num a = unpack(env, f, x), b = unpack(env, f, y);
	bool sign = a.sign != b.sign;
	uint64_t nan, quot = 0;
	int exp;

	if (take_nan(env, f, &a, &b, &nan))
		return nan;
	if (a.kind == b.kind && a.kind != FINITE)
		return invalid(env, f);
	if (a.kind == INF)
		return infinity(f, sign);
	if (b.kind == ZERO) {
		env->flags |= FPSR_DZC;
		return infinity(f, sign);
	}
	if (a.kind == ZERO || b.kind == INF)
		return zero(f, sign);

	exp = a.exp - b.exp;
	u128 rem = a.sig;

	if (rem < b.sig) {
		rem <<= 1;
		exp--;
	}
	/* rem is in [divisor, 2 * divisor): 64 quotient bits, the first is one. */
	for (unsigned i = 0; i < 64; i++) {
		quot <<= 1;
		if (rem >= b.sig) {
			rem -= b.sig;
			quot |= 1;
		}
		rem <<= 1;
	}
	return round_pack(env, f, rounding(env), sign, exp, quot, rem != 0);
}

uint64_t fp_sqrt(struct fp_env *env, unsigned ty, uint64_t x)
{
	const struct format *f = format_of(ty);
	struct num a = unpack(env, f, x);
	u128 rem, root = 0;

	if (is_nan(&a))
		return quiet_nan(env, f, &a);
	if (a.kind == ZERO)
		return zero(f, a.sign);
	if (a.sign)
		return invalid(env, f);
	if (a.kind == INF)
		return infinity(f, false);

	/* sqrt(sig * 2^64 or sig * 2^63) has 64 bits; the exponent must come out even. */
	rem = a.exp & 1 ? (u128)a.sig << 64 : (u128)a.sig << 63;
	for (int bit = 63; bit >= 0; bit--) {
		u128 trial = (root << 1 | (u128)1 << bit) << bit;

		if (trial <= rem) {
			rem -= trial;
			root |= (u128)1 << bit;
		}
	}
	return round_pack(env, f, rounding(env), false, a.exp >> 1, (uint64_t)root, rem != 0);
}

uint64_t fp_neg(unsigned ty, uint64_t a)
{
	return a ^ sign_bit(format_of(ty));
}

uint64_t fp_abs(unsigned ty, uint64_t a)
{
	return a & ~sign_bit(format_of(ty));
}

/* c + a * b, scaled by 2^scale; no NaN among them, no 0 x Inf. */
static uint64_t fma_finish(struct fp_env *env, const struct format *f, struct num a,
			   struct num b, struct num c, int scale)
{
	bool sign = a.sign != b.sign;
	bool inf = a.kind == INF || b.kind == INF;

	if (c.kind == INF || inf) {
		if (c.kind == INF && inf && c.sign != sign)
			return invalid(env, f);
		return infinity(f, c.kind == INF ? c.sign : sign);
	}
	if (a.kind == ZERO || b.kind == ZERO) {
		if (c.kind == ZERO) {
			if (sign == c.sign)
				return zero(f, sign);
			return zero(f, rounding(env) == FP_ROUND_DOWN);
		}
		return round_pack(env, f, rounding(env), c.sign, c.exp + scale, c.sig, false);
	}
	u128 product = (u128)a.sig * b.sig;
	int exp = a.exp + b.exp + 1;

	if (c.kind == ZERO)
		return round_pack_wide(env, f, rounding(env), sign, exp + scale, product);
	/* The product ends in at least 22 zero bits, so that nothing is lost. */
	return add_wide(env, f, c.sign, c.exp + 2, WIDE(c), sign, exp + 2, product >> 2, scale);
}

uint64_t fp_fma(struct fp_env *env, unsigned ty, uint64_t x, uint64_t y, uint64_t z)
{
	const struct format *f = format_of(ty);
	struct num c = unpack(env, f, z), a = unpack(env, f, x), b = unpack(env, f, y);
	bool bad = (a.kind == INF && b.kind == ZERO) || (a.kind == ZERO && b.kind == INF);
	const struct num *const order[3] = { &c, &a, &b };

	/* An invalid product beats a quiet addend. */
	if (bad && c.kind == QNAN)
		return invalid(env, f);
	for (unsigned i = 0; i < 3; i++)
		if (order[i]->kind == SNAN)
			return quiet_nan(env, f, order[i]);
	for (unsigned i = 0; i < 3; i++)
		if (order[i]->kind == QNAN)
			return quiet_nan(env, f, order[i]);
	if (bad)
		return invalid(env, f);
	return fma_finish(env, f, a, b, c, 0);
}

/* A half as a single with the same value or NaN, signalling ones included. */
static uint64_t widen_half(struct fp_env *env, uint16_t x)
{
	const struct format *f = format_of(IR_F16), *t = format_of(IR_F32);
	struct num n = unpack(env, f, x);

	switch (n.kind) {
	case ZERO: return zero(t, n.sign);
	case INF: return infinity(t, n.sign);
	case FINITE:
		return pack(t, n.sign, (unsigned)(n.exp + t->bias),
			    n.sig >> (63 - t->frac) & frac_mask(t));
	default:
		return pack(t, n.sign, exp_mask(t), (x & frac_mask(f)) << (t->frac - f->frac));
	}
}

uint64_t fp_fma_half(struct fp_env *env, uint16_t a, uint16_t b, uint32_t c)
{
	return fp_fma(env, IR_F32, widen_half(env, a), widen_half(env, b), c);
}

/* -1, 0 or 1 for numbers that are not NaNs; the zeros are equal. */
static int order(const struct num *a, const struct num *b)
{
	int less = a->sign ? 1 : -1;

	if (a->kind == ZERO && b->kind == ZERO)
		return 0;
	if (a->kind == ZERO)
		return b->sign ? 1 : -1;
	if (b->kind == ZERO)
		return a->sign ? -1 : 1;
	if (a->sign != b->sign)
		return a->sign ? -1 : 1;
	if (a->kind == INF || b->kind == INF) {
		if (a->kind == b->kind)
			return 0;
		return a->kind == INF ? -less : less;
	}
	if (a->exp != b->exp)
		return a->exp < b->exp ? less : -less;
	if (a->sig != b->sig)
		return a->sig < b->sig ? less : -less;
	return 0;
}

static uint64_t repack(struct fp_env *env, const struct format *f, const struct num *n)
{
	if (n->kind == INF)
		return infinity(f, n->sign);
	if (n->kind == ZERO)
		return zero(f, n->sign);
	return round_pack(env, f, rounding(env), n->sign, n->exp, n->sig, false);
}

static uint64_t min_max(struct fp_env *env, unsigned ty, uint64_t x, uint64_t y, bool max,
			bool number)
{
	const struct format *f = format_of(ty);
	struct num a = unpack(env, f, x), b = unpack(env, f, y);
	uint64_t nan;

	if (number && a.kind == QNAN && !is_nan(&b))
		return repack(env, f, &b);
	if (number && b.kind == QNAN && !is_nan(&a))
		return repack(env, f, &a);
	if (take_nan(env, f, &a, &b, &nan))
		return nan;
	if (a.kind == ZERO && b.kind == ZERO)
		return zero(f, max ? a.sign && b.sign : a.sign || b.sign);
	if ((order(&a, &b) > 0) == max)
		return repack(env, f, &a);
	return repack(env, f, &b);
}

uint64_t fp_max(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b)
{
	return min_max(env, ty, a, b, true, false);
}

uint64_t fp_min(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b)
{
	return min_max(env, ty, a, b, false, false);
}

uint64_t fp_maxnm(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b)
{
	return min_max(env, ty, a, b, true, true);
}

uint64_t fp_minnm(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b)
{
	return min_max(env, ty, a, b, false, true);
}

enum fp_order fp_compare(struct fp_env *env, unsigned ty, uint64_t x, uint64_t y,
			 bool signalling)
{
	const struct format *f = format_of(ty);
	struct num a = unpack(env, f, x), b = unpack(env, f, y);

	if (is_nan(&a) || is_nan(&b)) {
		if (signalling || a.kind == SNAN || b.kind == SNAN)
			env->flags |= FPSR_IOC;
		return FP_UNORDERED;
	}
	return (enum fp_order)(order(&a, &b) + 1);
}

/* Integer part (at most 65 bits matter) of |n| * 2^fbits after rounding. */
static u128 integer_of(const struct num *n, enum fp_round mode, int fbits, bool *ret_inexact)
{
	int exp = n->exp + fbits;
	uint64_t rest, kept;
	bool sticky = false;

	*ret_inexact = false;
	if (exp > 64)
		return (u128)1 << 100; /* out of every range */
	if (exp >= 63)
		return (u128)n->sig << (exp - 63);
	if (exp >= 0) {
		kept = n->sig >> (63 - exp);
		rest = n->sig << (exp + 1);
	} else if (exp == -1) {
		kept = 0;
		rest = n->sig;
	} else {
		kept = 0;
		rest = 0;
		sticky = true;
	}
	*ret_inexact = rest || sticky;
	return (u128)kept + rounds_up(mode, n->sign, kept & 1, rest, sticky);
}

static enum fp_round resolve(const struct fp_env *env, enum fp_round mode)
{
	return mode == FP_ROUND_CURRENT || mode == FP_ROUND_EXACT ? rounding(env) : mode;
}

uint64_t fp_round_int(struct fp_env *env, unsigned ty, uint64_t x, enum fp_round mode)
{
	const struct format *f = format_of(ty);
	struct num a = unpack(env, f, x);
	bool inexact;
	u128 value;

	if (is_nan(&a))
		return quiet_nan(env, f, &a);
	if (a.kind == INF)
		return infinity(f, a.sign);
	if (a.kind == ZERO)
		return zero(f, a.sign);
	if (a.exp >= (int)f->frac)
		return x;
	value = integer_of(&a, resolve(env, mode), 0, &inexact);
	if (inexact && mode == FP_ROUND_EXACT)
		env->flags |= FPSR_IXC;
	if (!value)
		return zero(f, a.sign);
	return round_pack_wide(env, f, FP_ROUND_ZERO, a.sign, 127, value);
}

uint64_t fp_round_int_n(struct fp_env *env, unsigned ty, uint64_t x, enum fp_round mode,
			unsigned bits)
{
	const struct format *f = format_of(ty);
	struct num a = unpack(env, f, x);
	u128 limit = (u128)1 << (bits - 1), value = 0;
	bool inexact = false;

	if (a.kind == ZERO)
		return zero(f, a.sign);
	if (a.kind == FINITE)
		value = integer_of(&a, resolve(env, mode), 0, &inexact);
	if (a.kind != FINITE || value > limit || (value == limit && !a.sign)) {
		env->flags |= FPSR_IOC;
		return round_pack_wide(env, f, FP_ROUND_ZERO, true, 127, limit);
	}
	if (inexact)
		env->flags |= FPSR_IXC;
	if (!value)
		return zero(f, a.sign);
	return round_pack_wide(env, f, FP_ROUND_ZERO, a.sign, 127, value);
}

uint64_t fp_convert(struct fp_env *env, unsigned to, unsigned from, uint64_t x,
		    enum fp_round mode)
{
	const struct format *f = format_of(from), *t = format_of(to);
	bool alt_to = is_half(t) && (env->fpcr & FPCR_AHP);
	struct num a;

	if (f->bits == 16) {
		a = unpack_raw(f, x);
		if ((env->fpcr & FPCR_AHP) && (is_nan(&a) || a.kind == INF)) {
			/* The alternative format spends the top exponent on numbers. */
			a.kind = FINITE;
			a.exp = 16;
			a.sig = (uint64_t)1 << 63 | (x & frac_mask(f)) << (63 - f->frac);
		}
	} else {
		a = unpack(env, f, x);
	}
	if (is_nan(&a)) {
		uint64_t frac = (x & frac_mask(f)) | (uint64_t)1 << (f->frac - 1);

		if (alt_to) {
			env->flags |= FPSR_IOC;
			return zero(t, a.sign);
		}
		if (a.kind == SNAN)
			env->flags |= FPSR_IOC;
		if (env->fpcr & FPCR_DN)
			return default_nan(t);
		/* The top of the payload stays. */
		frac = t->frac > f->frac ? frac << (t->frac - f->frac) :
					   frac >> (f->frac - t->frac);
		return pack(t, a.sign, exp_mask(t), frac);
	}
	if (a.kind == INF) {
		if (alt_to) {
			env->flags |= FPSR_IOC;
			return pack(t, a.sign, exp_mask(t), frac_mask(t));
		}
		return infinity(t, a.sign);
	}
	if (a.kind == ZERO)
		return zero(t, a.sign);

	uint32_t fpcr = env->fpcr;
	uint64_t result;

	env->fpcr &= ~FPCR_FZ16; /* conversions to half do not flush */
	result = round_pack_alt(env, t, alt_to, resolve(env, mode), a.sign, a.exp, a.sig, false);
	env->fpcr = fpcr;
	return result;
}

uint64_t fp_to_int(struct fp_env *env, unsigned ty, uint64_t x, enum fp_round mode,
		   unsigned fbits, unsigned bits, bool is_signed)
{
	const struct format *f = format_of(ty);
	struct num a = unpack(env, f, x);
	uint64_t all = bits == 64 ? ~(uint64_t)0 : ((uint64_t)1 << bits) - 1;
	uint64_t top = (uint64_t)1 << (bits - 1);
	u128 value, limit;
	bool inexact;

	if (is_nan(&a)) {
		env->flags |= FPSR_IOC;
		return 0;
	}
	if (a.kind == ZERO)
		return 0;
	if (a.kind == INF) {
		value = (u128)1 << 100;
		inexact = false;
	} else {
		value = integer_of(&a, resolve(env, mode), (int)fbits, &inexact);
	}
	if (is_signed)
		limit = a.sign ? top : top - 1;
	else
		limit = a.sign ? 0 : all;
	if (value > limit) {
		env->flags |= FPSR_IOC;
		if (is_signed)
			return a.sign ? top : top - 1;
		return a.sign ? 0 : all;
	}
	if (inexact)
		env->flags |= FPSR_IXC;
	return (a.sign ? -(uint64_t)value : (uint64_t)value) & all;
}

uint32_t fp_to_int_js(struct fp_env *env, uint64_t x, bool *ret_exact)
{
	struct num a = unpack(env, format_of(IR_F64), x);
	bool inexact = false;
	u128 value = 0;
	int up;

	*ret_exact = a.kind == FINITE || (a.kind == ZERO && !a.sign);
	if (a.kind == ZERO)
		return 0;
	if (a.kind != FINITE) {
		env->flags |= FPSR_IOC;
		return 0;
	}
	up = a.exp > 64 ? a.exp - 64 : 0;
	if (up < 32) {
		struct num low = a;

		low.exp -= up;
		value = integer_of(&low, FP_ROUND_ZERO, 0, &inexact) << up;
	}
	if (up || value > ((uint64_t)1 << 31) - !a.sign) {
		env->flags |= FPSR_IOC;
		*ret_exact = false;
	} else if (inexact) {
		env->flags |= FPSR_IXC;
		*ret_exact = false;
	}
	return a.sign ? -(uint32_t)value : (uint32_t)value;
}

uint64_t fp_to_bf(struct fp_env *env, uint32_t x)
{
	struct num a = unpack(env, format_of(IR_F32), x);

	switch (a.kind) {
	case ZERO: return zero(&bfloat, a.sign);
	case INF: return infinity(&bfloat, a.sign);
	case FINITE: return round_pack(env, &bfloat, rounding(env), a.sign, a.exp, a.sig, false);
	default: break;
	}
	if (a.kind == SNAN)
		env->flags |= FPSR_IOC;
	return env->fpcr & FPCR_DN ? default_nan(&bfloat) : (x | 1u << 22) >> 16;
}

/* ---- products of bfloat16 numbers ---- */

static uint32_t bf_round(bool sign, int exp, u128 sig)
{
	const struct format *f = format_of(IR_F32);
	uint64_t high = (uint64_t)(sig >> 64), kept;
	unsigned lead = high ? (unsigned)__builtin_clzll(high) :
			       64 + (unsigned)__builtin_clzll((uint64_t)sig);

	sig <<= lead;
	exp -= (int)lead;
	if (exp < 1 - f->bias)
		return (uint32_t)zero(f, sign);
	if (exp > f->bias)
		return (uint32_t)infinity(f, sign);
	kept = (uint64_t)(sig >> (127 - f->frac));
	kept |= sig << (f->frac + 1) != 0;
	return (uint32_t)pack(f, sign, (unsigned)(exp + f->bias), kept & frac_mask(f));
}

static struct num bf_unpack(uint32_t x)
{
	struct fp_env flush = { .fpcr = FPCR_FZ };

	return unpack(&flush, format_of(IR_F32), x);
}

static uint32_t bf_nan(void)
{
	return (uint32_t)default_nan(format_of(IR_F32));
}

static uint32_t bf_mul(uint32_t x, uint32_t y)
{
	const struct format *f = format_of(IR_F32);
	struct num a = bf_unpack(x << 16), b = bf_unpack(y << 16);
	bool sign = a.sign != b.sign;

	if (is_nan(&a) || is_nan(&b) || (a.kind == INF && b.kind == ZERO) ||
	    (a.kind == ZERO && b.kind == INF))
		return bf_nan();
	if (a.kind == INF || b.kind == INF)
		return (uint32_t)infinity(f, sign);
	if (a.kind == ZERO || b.kind == ZERO)
		return (uint32_t)zero(f, sign);
	return bf_round(sign, a.exp + b.exp + 1, (u128)a.sig * b.sig);
}

static uint32_t bf_add(uint32_t x, uint32_t y)
{
	const struct format *f = format_of(IR_F32);
	struct num a = bf_unpack(x), b = bf_unpack(y);
	u128 sum, wa, wb;

	if (is_nan(&a) || is_nan(&b) || (a.kind == INF && b.kind == INF && a.sign != b.sign))
		return bf_nan();
	if (a.kind == INF || b.kind == INF)
		return (uint32_t)infinity(f, a.kind == INF ? a.sign : b.sign);
	if (a.kind == ZERO && b.kind == ZERO)
		return (uint32_t)zero(f, a.sign && b.sign);
	if (a.kind == ZERO)
		return bf_round(b.sign, b.exp, (u128)b.sig << 64);
	if (b.kind == ZERO)
		return bf_round(a.sign, a.exp, (u128)a.sig << 64);
	if (a.exp < b.exp || (a.exp == b.exp && a.sig < b.sig)) {
		struct num t = a;

		a = b;
		b = t;
	}
	wa = WIDE(a);
	wb = shift_jam(WIDE(b), (unsigned)(a.exp - b.exp));
	sum = a.sign == b.sign ? wa + wb : wa - wb;
	return sum ? bf_round(a.sign, a.exp + 2, sum) : 0;
}

uint32_t fp_bf_dot(uint32_t acc, uint32_t a, uint32_t b)
{
	return bf_add(acc, bf_add(bf_mul(a & 0xffff, b & 0xffff), bf_mul(a >> 16, b >> 16)));
}

uint64_t fp_from_int(struct fp_env *env, unsigned ty, uint64_t a, unsigned fbits,
		     unsigned bits, bool is_signed)
{
	const struct format *f = format_of(ty);
	bool sign = false;
	unsigned lead;

	if (bits < 64)
		a &= ((uint64_t)1 << bits) - 1;
	if (is_signed && a >> (bits - 1)) {
		sign = true;
		a = -a;
		if (bits < 64)
			a &= ((uint64_t)1 << bits) - 1;
	}
	if (!a)
		return zero(f, false);
	lead = (unsigned)__builtin_clzll(a);
	return round_pack(env, f, rounding(env), sign, 63 - (int)lead - (int)fbits, a << lead,
			  false);
}

/* ---- estimates, as the architecture defines them ---- */

/* Without the leading bit: ((2^19 / (2 a + 1)) + 1) / 2 for a in 256..511. */
const uint8_t fp_recip_table[256] = {
	255, 253, 251, 249, 247, 245, 243, 241, 240, 238, 236, 234, 232, 230, 229, 227,
	225, 223, 221, 220, 218, 216, 215, 213, 211, 210, 208, 206, 205, 203, 201, 200,
	198, 197, 195, 194, 192, 191, 189, 188, 186, 185, 183, 182, 180, 179, 177, 176,
	174, 173, 172, 170, 169, 167, 166, 165, 163, 162, 161, 159, 158, 157, 156, 154,
	153, 152, 150, 149, 148, 147, 145, 144, 143, 142, 141, 139, 138, 137, 136, 135,
	134, 132, 131, 130, 129, 128, 127, 126, 124, 123, 122, 121, 120, 119, 118, 117,
	116, 115, 114, 113, 112, 111, 110, 109, 108, 107, 106, 105, 104, 103, 102, 101,
	100,  99,  98,  97,  96,  95,  94,  93,  92,  91,  90,  89,  88,  88,  87,  86,
	 85,  84,  83,  82,  81,  81,  80,  79,  78,  77,  76,  75,  75,  74,  73,  72,
	 71,  70,  70,  69,  68,  67,  66,  66,  65,  64,  63,  63,  62,  61,  60,  59,
	 59,  58,  57,  56,  56,  55,  54,  53,  53,  52,  51,  51,  50,  49,  48,  48,
	 47,  46,  46,  45,  44,  44,  43,  42,  42,  41,  40,  40,  39,  38,  38,  37,
	 36,  36,  35,  34,  34,  33,  32,  32,  31,  30,  30,  29,  29,  28,  27,  27,
	 26,  26,  25,  24,  24,  23,  23,  22,  21,  21,  20,  20,  19,  18,  18,  17,
	 17,  16,  16,  15,  15,  14,  13,  13,  12,  12,  11,  11,  10,  10,   9,   9,
	  8,   7,   7,   6,   6,   5,   5,   4,   4,   3,   3,   2,   2,   1,   1,   0,
};

/* For a in 128..255 at 128 and more, below that for every other one in 256..511: half the root of 2^28
 * divided by the middle of the interval in units of 1/1024, rounded. */
const uint8_t fp_rsqrt_table[256] = {
	105, 104, 103, 101, 100,  99,  97,  96,  95,  93,  92,  91,  90,  88,  87,  86,
	 85,  84,  82,  81,  80,  79,  78,  77,  76,  75,  74,  72,  71,  70,  69,  68,
	 67,  66,  65,  64,  63,  62,  61,  60,  60,  59,  58,  57,  56,  55,  54,  53,
	 52,  51,  51,  50,  49,  48,  47,  46,  46,  45,  44,  43,  42,  42,  41,  40,
	 39,  38,  38,  37,  36,  35,  35,  34,  33,  33,  32,  31,  30,  30,  29,  28,
	 28,  27,  26,  26,  25,  24,  24,  23,  22,  22,  21,  20,  20,  19,  19,  18,
	 17,  17,  16,  16,  15,  14,  14,  13,  13,  12,  11,  11,  10,  10,   9,   9,
	  8,   8,   7,   6,   6,   5,   5,   4,   4,   3,   3,   2,   2,   1,   1,   0,
	255, 253, 251, 249, 247, 245, 243, 242, 240, 238, 236, 234, 233, 231, 229, 228,
	226, 224, 223, 221, 219, 218, 216, 215, 213, 212, 210, 209, 207, 206, 204, 203,
	201, 200, 198, 197, 196, 194, 193, 192, 190, 189, 188, 186, 185, 184, 183, 181,
	180, 179, 178, 176, 175, 174, 173, 172, 170, 169, 168, 167, 166, 165, 164, 163,
	162, 160, 159, 158, 157, 156, 155, 154, 153, 152, 151, 150, 149, 148, 147, 146,
	145, 144, 143, 142, 141, 140, 140, 139, 138, 137, 136, 135, 134, 133, 132, 131,
	131, 130, 129, 128, 127, 126, 126, 125, 124, 123, 122, 121, 121, 120, 119, 118,
	118, 117, 116, 115, 114, 114, 113, 112, 111, 111, 110, 109, 109, 108, 107, 106,
};

/* a in 256..511 stands for 0.5..1; the result, 256..511, for 1..2. */
static unsigned recip_estimate(unsigned a)
{
	return 256u | fp_recip_table[a & 255];
}

/* a in 128..511 stands for 0.25..1. */
static unsigned rsqrt_estimate(unsigned a)
{
	return 256u | fp_rsqrt_table[a < 256 ? a : a >> 1 & 127];
}

uint64_t fp_recip_estimate(struct fp_env *env, unsigned ty, uint64_t x)
{
	const struct format *f = format_of(ty);
	struct num a = unpack(env, f, x);
	int emax = f->bias; /* largest exponent of a number */
	int result_exp;

	if (is_nan(&a))
		return quiet_nan(env, f, &a);
	if (a.kind == INF)
		return zero(f, a.sign);
	if (a.kind == ZERO) {
		env->flags |= FPSR_DZC;
		return infinity(f, a.sign);
	}
	if (a.exp < -emax - 1) {
		enum fp_round mode = rounding(env);
		bool to_inf = mode == FP_ROUND_NEAREST ||
			      (mode == FP_ROUND_UP && !a.sign) ||
			      (mode == FP_ROUND_DOWN && a.sign);

		env->flags |= FPSR_OFC | FPSR_IXC;
		if (to_inf)
			return infinity(f, a.sign);
		return pack(f, a.sign, exp_mask(f) - 1, frac_mask(f));
	}
	if (flushes(env, f) && a.exp >= emax - 1) {
		env->flags |= FPSR_UFC;
		return zero(f, a.sign);
	}
	unsigned estimate = recip_estimate((unsigned)(a.sig >> 55));
	uint64_t frac = (uint64_t)(estimate & 0xff) << (f->frac - 8);

	result_exp = -1 - a.exp + f->bias;
	if (result_exp <= 0) {
		/* The result is subnormal; the estimate has bits to spare. */
		frac |= (uint64_t)1 << f->frac;
		frac >>= 1 - result_exp;
		result_exp = 0;
	}
	return pack(f, a.sign, (unsigned)result_exp, frac);
}

uint64_t fp_rsqrt_estimate(struct fp_env *env, unsigned ty, uint64_t x)
{
	const struct format *f = format_of(ty);
	struct num a = unpack(env, f, x);
	unsigned scaled, estimate;
	int half;

	if (is_nan(&a))
		return quiet_nan(env, f, &a);
	if (a.kind == ZERO) {
		env->flags |= FPSR_DZC;
		return infinity(f, a.sign);
	}
	if (a.sign)
		return invalid(env, f);
	if (a.kind == INF)
		return zero(f, false);
	/* 0.25..0.5 for even exponents, 0.5..1 for odd ones, so that the root halves. */
	if (a.exp & 1) {
		scaled = (unsigned)(a.sig >> 55);
		half = (a.exp + 1) / 2;
	} else {
		scaled = (unsigned)(a.sig >> 56);
		half = (a.exp + 2) / 2;
	}
	estimate = rsqrt_estimate(scaled);
	return pack(f, false, (unsigned)(f->bias - half), (uint64_t)(estimate & 0xff)
								  << (f->frac - 8));
}

uint32_t fp_recip_estimate_u32(uint32_t a)
{
	return a >> 31 ? recip_estimate(a >> 23) << 23 : ~0u;
}

uint32_t fp_rsqrt_estimate_u32(uint32_t a)
{
	return a >> 30 ? rsqrt_estimate(a >> 23) << 23 : ~0u;
}

static uint64_t step(struct fp_env *env, unsigned ty, uint64_t x, uint64_t y, uint64_t addend,
		     uint64_t special, int scale)
{
	const struct format *f = format_of(ty);
	struct num a = unpack(env, f, fp_neg(ty, x)), b = unpack(env, f, y);
	uint64_t nan;

	if (take_nan(env, f, &a, &b, &nan))
		return nan;
	if ((a.kind == INF && b.kind == ZERO) || (a.kind == ZERO && b.kind == INF))
		return special;
	return fma_finish(env, f, a, b, unpack(env, f, addend), scale);
}

uint64_t fp_recip_step(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b)
{
	const struct format *f = format_of(ty);
	uint64_t two = pack(f, false, (unsigned)f->bias + 1, 0);

	return step(env, ty, a, b, two, two, 0);
}

uint64_t fp_rsqrt_step(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b)
{
	const struct format *f = format_of(ty);
	uint64_t half_frac = (uint64_t)1 << (f->frac - 1);

	return step(env, ty, a, b, pack(f, false, (unsigned)f->bias + 1, half_frac),
		    pack(f, false, (unsigned)f->bias, half_frac), -1);
}

uint64_t fp_recip_exponent(struct fp_env *env, unsigned ty, uint64_t x)
{
	const struct format *f = format_of(ty);
	struct num a = unpack(env, f, x);
	unsigned e = (unsigned)(x >> f->frac) & exp_mask(f);

	if (is_nan(&a))
		return quiet_nan(env, f, &a);
	return pack(f, a.sign, e ? ~e & exp_mask(f) : exp_mask(f) - 1, 0);
}
