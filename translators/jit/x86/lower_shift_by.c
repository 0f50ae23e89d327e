/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Vector shifts by register: the count is a signed byte, to the left or to the right.
 *
 * AVX2 shifts each lane by its own count, and shifts everything out if that is too large, as the byte
 * of a count in the other direction is when it has no sign. To the right it goes in two steps: by one
 * less than the count, which is the complement of the byte, and then, rounding, to half of the lane and
 * up. Lanes narrower than the host can shift are the tops of wider ones, the odd and the even ones
 * apart. tags: jit/x86 - vector shifts by register
 */
#include "jit/x86/lower_vec.h"

static const struct lanes {
	unsigned bits;
	bool w;
	enum x86_insn left, right, right_signed; /* by register */
	enum x86_insn left_i, right_i, right_signed_i;
	enum x86_insn equal, greater, subtract;
} lanes_of[] = {
	{ 16, 1, X86_VPSLLVW, X86_VPSRLVW, X86_VPSRAVW, X86_PSLLW_I, X86_PSRLW_I, X86_PSRAW_I,
	  X86_PCMPEQW, X86_PCMPGTW, X86_PSUBW },
	{ 32, 0, X86_VPSLLV, X86_VPSRLV, X86_VPSRAVD, X86_PSLLD_I, X86_PSRLD_I, X86_PSRAD_I,
	  X86_PCMPEQD, X86_PCMPGTD, X86_PSUBD },
	{ 64, 1, X86_VPSLLV, X86_VPSRLV, X86_VPSRAVQ, X86_PSLLQ_I, X86_PSRLQ_I, X86_VPSRAQ_I,
	  X86_PCMPEQQ, X86_PCMPGTQ, X86_PSUBQ },
};

enum part { WHOLE, EVEN, ODD };

/* One part of the op: how lanes are shifted. */
struct shift {
	const struct ir_ins *i;
	const struct lanes *s;
	enum part part;
	bool sgn, round, saturate;
	bool by_sign; /* signed quadwords, which only AVX-512 shifts */
	uint64_t top; /* what a part's lane has of the host's lane */
};

static uint64_t all(const struct lanes *s, uint64_t x)
{
	x &= ~(uint64_t)0 >> (64 - s->bits);
	for (unsigned n = s->bits; n < 64; n *= 2)
		x |= x << n;
	return x;
}

/* d = a shifted by the counts in b */
static void by_counts(struct lower *l, const struct shift *t, enum x86_insn op, unsigned d,
		      unsigned a, unsigned b)
{
	if (t->s->bits == 16 || (t->s->bits == 64 && op == t->s->right_signed))
		x86_err(HOT, op, 1, d, a, b);
	else
		vraw(l, op, t->s->w, d, a, b);
}

/* Register with the lanes to shift: reg, or where they live. */
static unsigned number(struct lower *l, const struct shift *t, unsigned reg)
{
	unsigned a = vsrc_low(l, t->i->a, reg), half = t->s->bits / 2;

	if (t->part == EVEN)
		vsh(l, t->s->left_i, reg, a, half);
	else if (t->part == ODD)
		v3c(l, X86_PAND, reg, a, t->top, t->top);
	return t->part == WHOLE ? a : reg;
}

/* reg = the bytes of the counts */
static void counts(struct lower *l, const struct shift *t, unsigned reg)
{
	uint64_t byte = all(t->s, 0xff);
	unsigned b = vsrc(l, t->i->b, reg);

	if (t->part == ODD) {
		vsh(l, t->s->right_i, reg, b, t->s->bits / 2);
		b = reg;
	}
	v3c(l, X86_PAND, reg, b, byte, byte);
}

/* reg = ones where the count is negative */
static void to_right(struct lower *l, const struct shift *t, unsigned reg)
{
	counts(l, t, reg);
	v3c(l, t->s->greater, reg, reg, all(t->s, 127), all(t->s, 127));
}

/* xmm13, shifted to the left, becomes the largest or least number where bits were lost. Uses xmm14, xmm15. */
static void saturate(struct lower *l, const struct shift *t)
{
	const struct lanes *s = t->s;
	uint64_t ones = ~(uint64_t)0, least = all(s, (uint64_t)1 << (s->bits - 1)), width;

	counts(l, t, XMM14);
	if (t->by_sign) {
		vzero(l, XMM15);
		v3(l, s->greater, XMM15, XMM15, XMM13);
		v3(l, X86_PXOR, XMM13, XMM13, XMM15);
		by_counts(l, t, s->right, XMM14, XMM13, XMM14);
		v3(l, X86_PXOR, XMM13, XMM13, XMM15);
		v3(l, X86_PXOR, XMM14, XMM14, XMM15);
	} else {
		by_counts(l, t, t->sgn ? s->right_signed : s->right, XMM14, XMM13, XMM14);
	}
	v3(l, s->equal, XMM14, XMM14, number(l, t, XMM15));
	to_right(l, t, XMM15);
	v3(l, X86_POR, XMM14, XMM14, XMM15); /* nothing lost */
	v3(l, X86_PAND, XMM13, XMM13, XMM14);
	if (t->sgn) {
		v3c(l, s->greater, XMM15, number(l, t, XMM15), ones, ones);
		v3c(l, X86_PXOR, XMM15, XMM15, least, least);
		v3(l, X86_PANDN, XMM15, XMM14, XMM15);
		v3(l, X86_POR, XMM13, XMM13, XMM15);
		v3c(l, X86_PXOR, XMM14, XMM14, ones, ones);
	} else {
		v3c(l, X86_PXOR, XMM14, XMM14, ones, ones);
		v3(l, X86_POR, XMM13, XMM13, XMM14);
	}
	width = t->i->fl & IRF_ONE ? ones >> (64 - s->bits) : ones;
	if (!(t->i->fl & IRF_Q))
		v3c(l, X86_PAND, XMM14, XMM14, width, 0);
	vsaturated(l, XMM14);
}

/* xmm15 = shifted to the right, zero where the count is not negative. Uses xmm14, and the memory of a call. */
static void right(struct lower *l, const struct shift *t)
{
	const struct lanes *s = t->s;
	unsigned a;

	counts(l, t, XMM14);
	v3c(l, X86_PXOR, XMM14, XMM14, all(s, 0xff), all(s, 0xff));
	a = number(l, t, XMM15);
	if (t->by_sign) {
		struct x86_mem left = lower_state(CPU_OFF(vargs));

		/* As a number that is not negative, and back: complements. */
		v2m(l, X86_MOVAPS_MR, XMM13, left);
		vzero(l, XMM13);
		v3(l, s->greater, XMM13, XMM13, a);
		v3(l, X86_PXOR, XMM15, a, XMM13);
		by_counts(l, t, s->right, XMM15, XMM15, XMM14);
		vsh(l, s->right_i, t->round ? XMM14 : XMM15, XMM15, 1);
		if (t->round)
			v3(l, s->subtract, XMM15, XMM15, XMM14);
		v3(l, X86_PXOR, XMM15, XMM15, XMM13);
		if (t->round)
			v3(l, s->subtract, XMM15, XMM15, XMM13);
		v2m(l, X86_MOVAPS, XMM13, left);
	} else {
		by_counts(l, t, t->sgn ? s->right_signed : s->right, XMM15, a, XMM14);
		if (t->part != WHOLE)
			v3c(l, X86_PAND, XMM15, XMM15, t->top, t->top);
		if (t->sgn && s->bits == 64) {
			x86_err(HOT, X86_VPSRAQ_I, 1, X86_EXT(X86_VPSRAQ_I), t->round ? XMM14 : XMM15, XMM15);
			x86_u8(HOT, 1);
		} else {
			vsh(l, t->sgn ? s->right_signed_i : s->right_i, t->round ? XMM14 : XMM15, XMM15, 1);
		}
		if (t->round) {
			if (t->part != WHOLE)
				v3c(l, X86_PAND, XMM14, XMM14, t->top, t->top);
			v3(l, s->subtract, XMM15, XMM15, XMM14);
		}
	}
	if (!t->round && t->sgn) {
		to_right(l, t, XMM14);
		v3(l, X86_PAND, XMM15, XMM15, XMM14);
	}
}

/* xmm15 = the part's result */
static void shift_part(struct lower *l, const struct shift *t)
{
	counts(l, t, XMM14);
	by_counts(l, t, t->s->left, XMM13, number(l, t, XMM15), XMM14);
	if (t->saturate)
		saturate(l, t);
	right(l, t);
	v3(l, X86_POR, XMM15, XMM15, XMM13);
}

static void shift(struct lower *l, const struct ir_ins *i, bool round, bool saturating)
{
	unsigned bits = 8 * ir_type_bytes(i->ty), host = bits;
	struct x86_mem even = lower_state(CPU_OFF(vargs) + 32);
	struct shift t = { .i = i, .round = round, .saturate = saturating, .sgn = i->fl & IRF_SGN };

	if (bits < (l->feat->avx512vl ? 16u : 32u))
		host = 2 * bits;
	if (!l->feat->avx2 || host < 16 || (host == 16 && !l->feat->avx512vl)) {
		lower_call(l, i);
		return;
	}
	t.s = &lanes_of[host == 64 ? 2 : host / 32];
	t.by_sign = t.sgn && host == 64 && !l->feat->avx512vl;
	if (host == bits) {
		shift_part(l, &t);
		vend(l, i, XMM15, false);
		return;
	}
	t.top = all(t.s, ~(uint64_t)0 << bits);
	t.part = EVEN;
	shift_part(l, &t);
	vsh(l, t.s->right_i, XMM15, XMM15, bits);
	if (!(i->fl & IRF_ONE)) {
		v2m(l, X86_MOVAPS_MR, XMM15, even);
		t.part = ODD;
		shift_part(l, &t);
		v3c(l, X86_PAND, XMM15, XMM15, t.top, t.top);
		v2m(l, X86_MOVAPS, XMM14, even);
		v3(l, X86_POR, XMM15, XMM15, XMM14);
	}
	vend(l, i, XMM15, false);
}

void lower_VSHLV(struct lower *l, const struct ir_ins *i)
{
	shift(l, i, false, false);
}

void lower_VRSHLV(struct lower *l, const struct ir_ins *i)
{
	shift(l, i, true, false);
}

void lower_VQSHLV(struct lower *l, const struct ir_ins *i)
{
	shift(l, i, false, true);
}

void lower_VQRSHLV(struct lower *l, const struct ir_ins *i)
{
	shift(l, i, true, true);
}
