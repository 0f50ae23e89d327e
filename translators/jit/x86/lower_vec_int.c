/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Vector integers of one lane width: arithmetic, comparison, saturation, bit counts.
 * tags: jit/x86 - vector integers
 */
#include "jit/x86/lower_vec.h"

static const enum x86_insn add[4] = { X86_PADDB, X86_PADDW, X86_PADDD, X86_PADDQ };
static const enum x86_insn sub[4] = { X86_PSUBB, X86_PSUBW, X86_PSUBD, X86_PSUBQ };
static const enum x86_insn equal[4] = { X86_PCMPEQB, X86_PCMPEQW, X86_PCMPEQD, X86_PCMPEQQ };
static const enum x86_insn greater[4] = { X86_PCMPGTB, X86_PCMPGTW, X86_PCMPGTD, X86_PCMPGTQ };
static const enum x86_insn max_u[3] = { X86_PMAXUB, X86_PMAXUW, X86_PMAXUD };
static const enum x86_insn max_s[3] = { X86_PMAXSB, X86_PMAXSW, X86_PMAXSD };
static const enum x86_insn min_u[3] = { X86_PMINUB, X86_PMINUW, X86_PMINUD };
static const enum x86_insn min_s[3] = { X86_PMINSB, X86_PMINSW, X86_PMINSD };

static bool both_clean(const struct lower *l, const struct ir_ins *i)
{
	return vis_clean(l, i->a, 64) && vis_clean(l, i->b, 64);
}

/* d (xmm0 to xmm15) = comparison of slots */
static void compare(struct lower *l, enum x86_insn op, unsigned d, unsigned sa, unsigned sb)
{
	unsigned a = vsrc_low(l, sa, XMM14);

	if (lower_vreg(l, sb) >= 16)
		v3(l, op, d, a, vsrc_low(l, sb, XMM13));
	else
		v3s(l, op, d, a, sb);
}

/* d = op(a, b), an op that makes zero of zeros */
static void plain(struct lower *l, const struct ir_ins *i, enum x86_insn op)
{
	unsigned d = vdst(l, i->d);
	bool clean = both_clean(l, i);

	v3s(l, op, d, vsrc(l, i->a, XMM14), i->b);
	vend(l, i, d, clean);
}

static uint64_t sign_of(unsigned ty)
{
	static const uint64_t sign[4] = { 0x8080808080808080, 0x8000800080008000,
					  0x8000000080000000, 0x8000000000000000 };

	return sign[ty];
}

static void complement(struct lower *l, unsigned d, unsigned a)
{
	unsigned t = a == XMM14 ? XMM13 : XMM14;

	vones(l, t);
	v3(l, X86_PXOR, d, a, t);
}

void lower_VADD(struct lower *l, const struct ir_ins *i)
{
	plain(l, i, add[i->ty]);
}

void lower_VSUB(struct lower *l, const struct ir_ins *i)
{
	plain(l, i, sub[i->ty]);
}

void lower_VMUL(struct lower *l, const struct ir_ins *i)
{
	if (i->ty == IR_I16) {
		plain(l, i, X86_PMULLW);
	} else if (i->ty == IR_I32) {
		plain(l, i, X86_PMULLD);
	} else {
		/* Even bytes in the low halves of words, odd ones in the high halves. */
		unsigned a = vsrc(l, i->a, XMM14), b = vsrc(l, i->b, XMM13);

		v3(l, X86_PMULLW, XMM15, a, b);
		vsh(l, X86_PSRLW_I, XMM14, a, 8);
		vsh(l, X86_PSRLW_I, XMM13, b, 8);
		v3(l, X86_PMULLW, XMM14, XMM14, XMM13);
		vsh(l, X86_PSLLW_I, XMM14, XMM14, 8);
		v3c(l, X86_PAND, XMM15, XMM15, 0x00ff00ff00ff00ff, 0x00ff00ff00ff00ff);
		v3(l, X86_POR, XMM15, XMM15, XMM14);
		vend(l, i, XMM15, both_clean(l, i));
	}
}

void lower_VABS(struct lower *l, const struct ir_ins *i)
{
	static const enum x86_insn abs[3] = { X86_PABSB, X86_PABSW, X86_PABSD };
	unsigned d = vdst(l, i->d), a;
	bool clean = vis_clean(l, i->a, 64);

	if (i->ty != IR_I64) {
		v2s(l, abs[i->ty], d, i->a);
	} else if (l->feat->avx512vl) {
		x86_err(HOT, X86_VPABSQ, 1, d, 0, vsrc(l, i->a, XMM14));
	} else {
		/* (a ^ sign) - sign */
		a = vsrc(l, i->a, XMM14);
		vzero(l, XMM13);
		v3(l, X86_PCMPGTQ, XMM13, XMM13, a);
		v3(l, X86_PXOR, XMM15, a, XMM13);
		v3(l, X86_PSUBQ, XMM15, XMM15, XMM13);
		d = XMM15;
	}
	vend(l, i, d, clean);
}

void lower_VMAX(struct lower *l, const struct ir_ins *i)
{
	plain(l, i, (i->fl & IRF_SGN ? max_s : max_u)[i->ty]);
}

void lower_VMIN(struct lower *l, const struct ir_ins *i)
{
	plain(l, i, (i->fl & IRF_SGN ? min_s : min_u)[i->ty]);
}

void lower_VABD(struct lower *l, const struct ir_ins *i)
{
	unsigned a = vsrc(l, i->a, XMM14), b = vsrc(l, i->b, XMM13);
	bool sgn = i->fl & IRF_SGN, clean = both_clean(l, i);

	if (!sgn && i->ty < IR_I32) {
		enum x86_insn subs = i->ty == IR_I8 ? X86_PSUBUSB : X86_PSUBUSW;

		v3(l, subs, XMM15, a, b);
		v3(l, subs, XMM13, b, a);
		v3(l, X86_POR, XMM15, XMM15, XMM13);
	} else {
		v3(l, (sgn ? max_s : max_u)[i->ty], XMM15, a, b);
		v3(l, (sgn ? min_s : min_u)[i->ty], XMM13, b, a);
		v3(l, sub[i->ty], XMM15, XMM15, XMM13);
	}
	vend(l, i, XMM15, clean);
}

void lower_VAVG(struct lower *l, const struct ir_ins *i)
{
	plain(l, i, i->ty == IR_I8 ? X86_PAVGB : X86_PAVGW);
}

/* ---- comparisons: zeros compare equal, so the upper half may have to be cleared ---- */

void lower_VCMEQ(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst_low(l, i->d);

	compare(l, equal[i->ty], d, i->a, i->b);
	vend(l, i, d, false);
}

/* xmm15 = a > b, unsigned; slots sa and sb */
static void greater_unsigned(struct lower *l, unsigned ty, unsigned sa, unsigned sb)
{
	unsigned a, b;

	if (ty == IR_I64) {
		uint64_t s = sign_of(ty);

		a = vsrc(l, sa, XMM15);
		v3c(l, X86_PXOR, XMM15, a, s, s);
		b = vsrc(l, sb, XMM14);
		v3c(l, X86_PXOR, XMM14, b, s, s);
		v3(l, X86_PCMPGTQ, XMM15, XMM15, XMM14);
	} else {
		/* not (a == min(a, b)) */
		a = vsrc_low(l, sa, XMM14);
		v3s(l, min_u[ty], XMM15, a, sb);
		v3(l, equal[ty], XMM15, XMM15, a);
		complement(l, XMM15, XMM15);
	}
}

void lower_VCMGT(struct lower *l, const struct ir_ins *i)
{
	bool clean = both_clean(l, i);
	unsigned d = XMM15;

	if (i->fl & IRF_SGN) {
		d = vdst_low(l, i->d);
		compare(l, greater[i->ty], d, i->a, i->b);
	} else {
		greater_unsigned(l, i->ty, i->a, i->b);
	}
	vend(l, i, d, clean);
}

void lower_VCMGE(struct lower *l, const struct ir_ins *i)
{
	bool sgn = i->fl & IRF_SGN;
	unsigned a;

	if (i->ty == IR_I64) {
		/* not (b > a) */
		if (sgn) {
			compare(l, X86_PCMPGTQ, XMM15, i->b, i->a);
		} else {
			greater_unsigned(l, i->ty, i->b, i->a);
		}
		complement(l, XMM15, XMM15);
	} else {
		a = vsrc_low(l, i->a, XMM14);
		v3s(l, (sgn ? max_s : max_u)[i->ty], XMM15, a, i->b);
		v3(l, equal[i->ty], XMM15, XMM15, a);
	}
	vend(l, i, XMM15, false);
}

void lower_VCMTST(struct lower *l, const struct ir_ins *i)
{
	bool clean = both_clean(l, i);

	v3s(l, X86_PAND, XMM15, vsrc(l, i->a, XMM14), i->b);
	vzero(l, XMM14);
	v3(l, equal[i->ty], XMM15, XMM15, XMM14);
	complement(l, XMM15, XMM15);
	vend(l, i, XMM15, clean);
}

/* ---- saturation; what differs from the wrapped result goes to cpu.qc ---- */

/* Lanes beyond the op's do not count. `reg` is a scratch register. */
static void note_saturation(struct lower *l, const struct ir_ins *i, unsigned reg)
{
	if (i->fl & IRF_ONE && ir_type_bytes(i->ty) < 8)
		v3c(l, X86_PAND, reg, reg,
		    ~(uint64_t)0 >> (64 - 8 * ir_type_bytes(i->ty)), 0);
	else if (!(i->fl & IRF_Q))
		v2(l, X86_MOVQ, reg, reg);
	vsaturated(l, reg);
}

/* xmm15 = where lanes of xmm15 are negative: all ones */
static void spread_sign(struct lower *l, unsigned ty, unsigned d, unsigned a)
{
	if (ty == IR_I32) {
		vsh(l, X86_PSRAD_I, d, a, 31);
	} else {
		/* The upper dword's sign in both. */
		vsh(l, X86_PSRAD_I, d, a, 31);
		v2i(l, X86_PSHUFD, d, d, 0xf5);
	}
}

/* The first operand, with the sign bits changed if the other one is of the other kind: what is between
 * the extremes of one kind goes to the other kind's, and the result back again. */
static unsigned first_operand(struct lower *l, const struct ir_ins *i, bool flip)
{
	unsigned a = vsrc(l, i->a, XMM14);

	if (flip) {
		v3c(l, X86_PXOR, XMM14, a, sign_of(i->ty), sign_of(i->ty));
		a = XMM14;
	}
	return a;
}

static void saturated(struct lower *l, const struct ir_ins *i, bool flip, bool clean)
{
	if (flip)
		v3c(l, X86_PXOR, XMM15, XMM15, sign_of(i->ty), sign_of(i->ty));
	vend(l, i, XMM15, clean);
}

/* Signed 32 and 64 bits: the wrapped result and, where it is wrong, the extreme. */
static void saturate_signed(struct lower *l, const struct ir_ins *i, bool subtract, bool flip)
{
	bool clean = both_clean(l, i) && !flip;
	unsigned a = first_operand(l, i, flip), b = vsrc(l, i->b, XMM13);
	uint64_t max = ~sign_of(i->ty);

	v3(l, (subtract ? sub : add)[i->ty], XMM15, a, b);
	/* overflow when the operands' signs (of a and -b) agree and the result's differs */
	v3(l, X86_PXOR, XMM13, a, b);
	if (a != XMM14)
		vmov(l, XMM14, a);
	/* xmm14 = a: its sign says which extreme */
	if (subtract) {
		v3(l, X86_PXOR, XMM15, XMM15, XMM14); /* a ^ r */
		v3(l, X86_PAND, XMM13, XMM13, XMM15);
	} else {
		v3(l, X86_PXOR, XMM15, XMM15, XMM14);
		v3(l, X86_PANDN, XMM13, XMM13, XMM15);
	}
	spread_sign(l, i->ty, XMM13, XMM13); /* mask of overflow */
	v3(l, X86_PXOR, XMM15, XMM15, XMM14); /* r again */
	spread_sign(l, i->ty, XMM14, XMM14);
	v3c(l, X86_PXOR, XMM14, XMM14, max, max); /* extreme */
	v3(l, X86_PXOR, XMM14, XMM14, XMM15);
	v3(l, X86_PAND, XMM14, XMM14, XMM13);
	v3(l, X86_PXOR, XMM15, XMM15, XMM14);
	note_saturation(l, i, XMM13);
	saturated(l, i, flip, clean);
}

/* Unsigned 32 and 64 bits. */
static void saturate_unsigned(struct lower *l, const struct ir_ins *i, bool subtract, bool flip)
{
	bool clean = both_clean(l, i) && !flip;
	unsigned a = first_operand(l, i, flip), b = vsrc(l, i->b, XMM13);
	uint64_t s = sign_of(i->ty);

	if (a != XMM14)
		vmov(l, XMM14, a);
	v3(l, (subtract ? sub : add)[i->ty], XMM15, XMM14, b);
	/* Unsigned comparison by flipped signs: b > a, or a > a + b. */
	if (subtract) {
		v3c(l, X86_PXOR, XMM13, b, s, s);
		v3c(l, X86_PXOR, XMM14, XMM14, s, s);
		v3(l, greater[i->ty], XMM13, XMM13, XMM14);
		v3(l, X86_PANDN, XMM15, XMM13, XMM15);
	} else {
		v3c(l, X86_PXOR, XMM13, XMM14, s, s);
		v3c(l, X86_PXOR, XMM14, XMM15, s, s);
		v3(l, greater[i->ty], XMM13, XMM13, XMM14);
		v3(l, X86_POR, XMM15, XMM15, XMM13);
	}
	note_saturation(l, i, XMM13);
	saturated(l, i, flip, clean);
}

static void saturate_small(struct lower *l, const struct ir_ins *i, enum x86_insn sat,
			   enum x86_insn wrap, bool flip)
{
	bool clean = both_clean(l, i) && !flip;
	unsigned a = first_operand(l, i, flip);

	v3s(l, sat, XMM15, a, i->b);
	v3s(l, wrap, XMM13, a, i->b);
	v3(l, X86_PXOR, XMM13, XMM13, XMM15);
	note_saturation(l, i, XMM13);
	saturated(l, i, flip, clean);
}

static void saturating_add(struct lower *l, const struct ir_ins *i, bool sgn, bool flip)
{
	if (i->ty == IR_I8)
		saturate_small(l, i, sgn ? X86_PADDSB : X86_PADDUSB, X86_PADDB, flip);
	else if (i->ty == IR_I16)
		saturate_small(l, i, sgn ? X86_PADDSW : X86_PADDUSW, X86_PADDW, flip);
	else if (sgn)
		saturate_signed(l, i, false, flip);
	else
		saturate_unsigned(l, i, false, flip);
}

void lower_VQADD(struct lower *l, const struct ir_ins *i)
{
	saturating_add(l, i, i->fl & IRF_SGN, false);
}

void lower_VQADDX(struct lower *l, const struct ir_ins *i)
{
	saturating_add(l, i, !(i->fl & IRF_SGN), true);
}

void lower_VQSUB(struct lower *l, const struct ir_ins *i)
{
	bool sgn = i->fl & IRF_SGN;

	if (i->ty == IR_I8)
		saturate_small(l, i, sgn ? X86_PSUBSB : X86_PSUBUSB, X86_PSUBB, false);
	else if (i->ty == IR_I16)
		saturate_small(l, i, sgn ? X86_PSUBSW : X86_PSUBUSW, X86_PSUBW, false);
	else if (sgn)
		saturate_signed(l, i, true, false);
	else
		saturate_unsigned(l, i, true, false);
}

/* xmm15 = lanes of xmm15 shifted to the left */
static void shift_left(struct lower *l, unsigned ty, unsigned n)
{
	static const enum x86_insn left[4] = { X86_PSLLW_I, X86_PSLLW_I, X86_PSLLD_I, X86_PSLLQ_I };
	uint64_t mask = (ty == IR_I8 ? 0xffu << n & 0xff : 0) * 0x0101010101010101;

	if (!n)
		return;
	vsh(l, left[ty], XMM15, XMM15, n);
	if (ty == IR_I8)
		v3c(l, X86_PAND, XMM15, XMM15, mask, mask);
}

/* A lane's constant in all of them. */
static uint64_t in_lanes(unsigned ty, uint64_t x)
{
	unsigned bits = 8 * ir_type_bytes(ty);

	return (sign_of(ty) >> (bits - 1)) * (x & ~(uint64_t)0 >> (64 - bits));
}

/* Negative numbers become zero, what is too large all ones. */
void lower_VQSHLU(struct lower *l, const struct ir_ins *i)
{
	unsigned n = (unsigned)i->imm, a = vsrc_low(l, i->a, XMM14);
	uint64_t largest = in_lanes(i->ty, ~(uint64_t)0 >> (64 - 8 * ir_type_bytes(i->ty)) >> n);

	vzero(l, XMM13);
	v3(l, greater[i->ty], XMM13, XMM13, a);
	v3(l, X86_PANDN, XMM15, XMM13, a);
	if (n) {
		v3c(l, greater[i->ty], XMM14, XMM15, largest, largest);
		shift_left(l, i->ty, n);
		v3(l, X86_POR, XMM15, XMM15, XMM14);
		v3(l, X86_POR, XMM13, XMM13, XMM14);
	}
	note_saturation(l, i, XMM13);
	vend(l, i, XMM15, false);
}

/* Quadwords, of which there is no minimum and maximum. */
static void shift_quads(struct lower *l, const struct ir_ins *i, unsigned a, uint64_t high, uint64_t low)
{
	unsigned n = (unsigned)i->imm;
	const uint64_t ones = ~(uint64_t)0;

	if (!(i->fl & IRF_SGN)) {
		vsh(l, X86_PSRLQ_I, XMM13, a, 64 - n);
		vsh(l, X86_PSLLQ_I, XMM15, a, n);
		v3c(l, X86_PCMPEQQ, XMM13, XMM13, 0, 0);
		v3c(l, X86_PXOR, XMM13, XMM13, ones, ones);
		v3(l, X86_POR, XMM15, XMM15, XMM13);
	} else {
		v3c(l, X86_PCMPGTQ, XMM13, a, high, high);
		v2c(l, X86_MOVAPS, XMM15, low, low);
		v3(l, X86_PCMPGTQ, XMM15, XMM15, a);
		vsh(l, X86_PSLLQ_I, XMM14, a, n);
		/* all ones, but for the sign; all ones, but for what is behind it */
		v3(l, X86_POR, XMM14, XMM14, XMM13);
		v3(l, X86_POR, XMM14, XMM14, XMM15);
		vsh(l, X86_PSLLQ_I, XMM13, XMM13, 63);
		vsh(l, X86_PSRLQ_I, XMM15, XMM15, 1);
		v3(l, X86_POR, XMM13, XMM13, XMM15);
		v3(l, X86_PXOR, XMM15, XMM14, XMM13);
	}
	note_saturation(l, i, XMM13);
	vend(l, i, XMM15, false);
}

/* What is too large or too small becomes what fits, with ones moved in behind the largest. */
void lower_VQSHL(struct lower *l, const struct ir_ins *i)
{
	unsigned n = (unsigned)i->imm, bits = 8 * ir_type_bytes(i->ty);
	unsigned a = vsrc_low(l, i->a, XMM14);
	bool sgn = i->fl & IRF_SGN;
	uint64_t high = in_lanes(i->ty, ~(uint64_t)0 >> (64 - bits + sgn) >> n);
	uint64_t low = in_lanes(i->ty, ~(uint64_t)0 << (bits - 1 - n));
	uint64_t behind = in_lanes(i->ty, ((uint64_t)1 << n) - 1);

	if (!n) {
		vend(l, i, a, false);
		return;
	}
	if (i->ty == IR_I64) {
		shift_quads(l, i, a, high, low);
		return;
	}
	if (sgn) {
		v3c(l, greater[i->ty], XMM13, a, high, high);
		v3c(l, min_s[i->ty], XMM15, a, high, high);
		v3c(l, max_s[i->ty], XMM15, XMM15, low, low);
		v3c(l, X86_PAND, XMM13, XMM13, behind, behind);
	} else {
		v3c(l, min_u[i->ty], XMM15, a, high, high);
		v3(l, equal[i->ty], XMM13, XMM15, a);
		v3c(l, X86_PANDN, XMM13, XMM13, behind, behind);
	}
	v3(l, X86_PXOR, XMM14, XMM15, a);
	shift_left(l, i->ty, n);
	v3(l, X86_POR, XMM15, XMM15, XMM13);
	note_saturation(l, i, XMM14);
	vend(l, i, XMM15, false);
}

void lower_VQDMULH(struct lower *l, const struct ir_ins *i)
{
	bool clean = both_clean(l, i);
	unsigned a = vsrc(l, i->a, XMM14), b = vsrc(l, i->b, XMM13);
	uint64_t s = sign_of(i->ty);

	if (i->ty == IR_I16) {
		if (i->imm) {
			v3(l, X86_PMULHRSW, XMM15, a, b);
		} else {
			v3(l, X86_PMULLW, XMM15, a, b);
			v3(l, X86_PMULHW, XMM14, a, b);
			vsh(l, X86_PSRLW_I, XMM15, XMM15, 15);
			vsh(l, X86_PSLLW_I, XMM14, XMM14, 1);
			v3(l, X86_POR, XMM15, XMM15, XMM14);
		}
	} else {
		/* Even lanes, then odd ones; the doubled products' upper halves. */
		v3(l, X86_PMULDQ, XMM15, a, b);
		vsh(l, X86_PSRLQ_I, XMM14, a, 32);
		vsh(l, X86_PSRLQ_I, XMM13, b, 32);
		v3(l, X86_PMULDQ, XMM14, XMM14, XMM13);
		v3(l, X86_PADDQ, XMM15, XMM15, XMM15);
		v3(l, X86_PADDQ, XMM14, XMM14, XMM14);
		if (i->imm) {
			v3c(l, X86_PADDQ, XMM15, XMM15, 0x80000000, 0x80000000);
			v3c(l, X86_PADDQ, XMM14, XMM14, 0x80000000, 0x80000000);
		}
		v2i(l, X86_PSHUFD, XMM15, XMM15, 0xf5);
		v3i(l, X86_PBLENDW, XMM15, XMM15, XMM14, 0xcc);
	}
	/* Only MIN * MIN overflows, to MIN, which no other product gives. */
	v2c(l, X86_MOVAPS, XMM13, s, s);
	v3(l, equal[i->ty], XMM13, XMM13, XMM15);
	v3(l, X86_PXOR, XMM15, XMM15, XMM13);
	note_saturation(l, i, XMM13);
	vend(l, i, XMM15, clean);
}

/* reg = words, doubled in width and with zeros below in tmp, plus or minus the products in reg,
 * rounded and moved down. All is half of what the manual adds, so that 32 bits suffice. */
static void accumulate_words(struct lower *l, const struct ir_ins *i, unsigned reg, unsigned tmp)
{
	vsh(l, X86_PSRAD_I, tmp, tmp, 1);
	if (i->imm)
		v3(l, X86_PSUBD, tmp, tmp, reg);
	else
		v3(l, X86_PADDD, tmp, tmp, reg);
	v3c(l, X86_PADDD, tmp, tmp, 0x0000400000004000, 0x0000400000004000);
	vsh(l, X86_PSRAD_I, reg, tmp, 15);
}

static void accumulate_high_words(struct lower *l, const struct ir_ins *i)
{
	unsigned a = vsrc(l, i->a, XMM14);

	v3s(l, X86_PMULLW, XMM15, a, i->b);
	v3s(l, X86_PMULHW, XMM13, a, i->b);
	v3(l, X86_PUNPCKLWD, XMM14, XMM15, XMM13);
	v3(l, X86_PUNPCKHWD, XMM15, XMM15, XMM13);
	vzero(l, XMM13);
	v3s(l, X86_PUNPCKLWD, XMM13, XMM13, i->d);
	accumulate_words(l, i, XMM14, XMM13);
	vzero(l, XMM13);
	v3s(l, X86_PUNPCKHWD, XMM13, XMM13, i->d);
	accumulate_words(l, i, XMM15, XMM13);
	v3(l, X86_PACKSSDW, XMM13, XMM14, XMM15);
	/* the same without saturation */
	vsh(l, X86_PSLLD_I, XMM14, XMM14, 16);
	vsh(l, X86_PSLLD_I, XMM15, XMM15, 16);
	vsh(l, X86_PSRAD_I, XMM14, XMM14, 16);
	vsh(l, X86_PSRAD_I, XMM15, XMM15, 16);
	v3(l, X86_PACKSSDW, XMM14, XMM14, XMM15);
	v3(l, X86_PXOR, XMM14, XMM14, XMM13);
	note_saturation(l, i, XMM14);
	vend(l, i, XMM13, false);
}

/* The same for even lanes of doublewords; tmp has them as they are. */
static void accumulate_dwords(struct lower *l, const struct ir_ins *i, unsigned reg, unsigned tmp)
{
	const uint64_t min = 0x80000000, round = 0x40000000;

	/* tmp = -d << 31 */
	v3c(l, X86_PMULDQ, tmp, tmp, min, min);
	if (i->imm) {
		v3(l, X86_PADDQ, reg, reg, tmp);
		vzero(l, tmp);
		v3(l, X86_PSUBQ, tmp, tmp, reg);
	} else {
		v3(l, X86_PSUBQ, reg, reg, tmp);
		vmov(l, tmp, reg);
	}
	v3c(l, X86_PADDQ, reg, tmp, round, round);
}

static void accumulate_high_dwords(struct lower *l, const struct ir_ins *i)
{
	const uint64_t max = 0x7fffffff7fffffff;
	unsigned a = vsrc(l, i->a, XMM14);

	/* even lanes in xmm14, odd ones in xmm15 */
	v3s(l, X86_PMULDQ, XMM14, a, i->b);
	vload(l, XMM13, i->d);
	accumulate_dwords(l, i, XMM14, XMM13);
	vload(l, XMM15, i->a);
	vsh(l, X86_PSRLQ_I, XMM15, XMM15, 32);
	vload(l, XMM13, i->b);
	vsh(l, X86_PSRLQ_I, XMM13, XMM13, 32);
	v3(l, X86_PMULDQ, XMM15, XMM15, XMM13);
	vload(l, XMM13, i->d);
	vsh(l, X86_PSRLQ_I, XMM13, XMM13, 32);
	accumulate_dwords(l, i, XMM15, XMM13);
	/* xmm13 = the sums' signs, xmm14 = their bits 62:31 */
	vsh(l, X86_PSRLQ_I, XMM13, XMM14, 32);
	v3i(l, X86_PBLENDW, XMM13, XMM13, XMM15, 0xcc);
	vsh(l, X86_PSRAD_I, XMM13, XMM13, 31);
	vsh(l, X86_PSRLQ_I, XMM14, XMM14, 31);
	vsh(l, X86_PSLLQ_I, XMM15, XMM15, 1);
	v3i(l, X86_PBLENDW, XMM14, XMM14, XMM15, 0xcc);
	/* where bit 62 is no copy of the sign, the extreme */
	v3(l, X86_PXOR, XMM15, XMM14, XMM13);
	vsh(l, X86_PSRAD_I, XMM15, XMM15, 31);
	v3c(l, X86_PXOR, XMM13, XMM13, max, max);
	v3(l, X86_PXOR, XMM13, XMM13, XMM14);
	v3(l, X86_PAND, XMM13, XMM13, XMM15);
	v3(l, X86_PXOR, XMM14, XMM14, XMM13);
	note_saturation(l, i, XMM15);
	vend(l, i, XMM14, false);
}

void lower_VQRDMLAH(struct lower *l, const struct ir_ins *i)
{
	if (i->ty == IR_I16)
		accumulate_high_words(l, i);
	else
		accumulate_high_dwords(l, i);
}

/* ---- bits ---- */

/* d = table lookup by nibble: lo[x & 15] op hi[x >> 4]; d is xmm15 */
static void nibbles(struct lower *l, unsigned a, const uint64_t lo[2], const uint64_t hi[2],
		    enum x86_insn op)
{
	const uint64_t mask = 0x0f0f0f0f0f0f0f0f;

	v3c(l, X86_PAND, XMM13, a, mask, mask);
	vsh(l, X86_PSRLW_I, XMM14, a, 4);
	v3c(l, X86_PAND, XMM14, XMM14, mask, mask);
	v2c(l, X86_MOVAPS, XMM15, lo[0], lo[1]);
	v3(l, X86_PSHUFB, XMM15, XMM15, XMM13);
	v2c(l, X86_MOVAPS, XMM13, hi[0], hi[1]);
	v3(l, X86_PSHUFB, XMM13, XMM13, XMM14);
	v3(l, op, XMM15, XMM15, XMM13);
}

void lower_VCNT(struct lower *l, const struct ir_ins *i)
{
	static const uint64_t count[2] = { 0x0302020102010100, 0x0403030203020201 };
	bool clean = vis_clean(l, i->a, 64);
	unsigned a = vsrc(l, i->a, XMM14), d = XMM15;

	if (l->feat->avx512vl && l->feat->avx512bitalg) {
		d = vdst(l, i->d);
		x86_err(HOT, X86_VPOPCNTB, 0, d, 0, a);
	} else {
		nibbles(l, a, count, count, X86_PADDB);
	}
	vend(l, i, d, clean);
}

void lower_VRBIT(struct lower *l, const struct ir_ins *i)
{
	static const uint64_t to_high[2] = { 0xe060a020c0408000, 0xf070b030d0509010 };
	static const uint64_t to_low[2] = { 0x0e060a020c040800, 0x0f070b030d050901 };
	bool clean = vis_clean(l, i->a, 64);

	nibbles(l, vsrc(l, i->a, XMM14), to_high, to_low, X86_POR);
	vend(l, i, XMM15, clean);
}

/* xmm15 has the leading zeros of both halves of each lane of 2 * bits; full: `bits` in each of
 * them. The lower half counts where the upper one is all zeros. */
static void add_lower_zeros(struct lower *l, enum x86_insn down, enum x86_insn equal_op,
			    enum x86_insn add_op, unsigned bits, uint64_t full)
{
	uint64_t low = full * ((1u << bits) - 1) / bits;

	vsh(l, down, XMM13, XMM15, bits);
	v3c(l, equal_op, XMM14, XMM13, full, full);
	v3c(l, X86_PAND, XMM14, XMM14, low, low);
	v3(l, X86_PAND, XMM15, XMM15, XMM14);
	v3(l, add_op, XMM15, XMM15, XMM13);
}

/* xmm15 = leading zeros of a's lanes: by nibbles, then from bytes to wider lanes. */
static void leading_zeros(struct lower *l, const struct ir_ins *i, unsigned a)
{
	static const uint64_t clz_lo[2] = { 0x0505050506060708, 0x0404040404040404 };
	static const uint64_t clz_hi[2] = { 0x0101010102020304, 0x0000000000000000 };
	const uint64_t mask = 0x0f0f0f0f0f0f0f0f;

	if (l->feat->avx512cd && i->ty == IR_I32) {
		x86_err(HOT, X86_VPLZCNTD, 0, XMM15, 0, a);
		return;
	}
	/* high nibble not zero: its count; else 4 + the low nibble's */
	v3c(l, X86_PAND, XMM13, a, mask, mask);
	vsh(l, X86_PSRLW_I, XMM14, a, 4);
	v3c(l, X86_PAND, XMM14, XMM14, mask, mask);
	v2c(l, X86_MOVAPS, XMM15, clz_lo[0], clz_lo[1]);
	v3(l, X86_PSHUFB, XMM15, XMM15, XMM13);
	v2c(l, X86_MOVAPS, XMM13, clz_hi[0], clz_hi[1]);
	v3(l, X86_PSHUFB, XMM13, XMM13, XMM14);
	/* clz_hi is 4 for an empty high nibble; there the low table (4 more) counts */
	vzero(l, XMM14);
	v3c(l, X86_PADDB, XMM14, XMM14, 0x0404040404040404, 0x0404040404040404);
	v3(l, X86_PCMPEQB, XMM14, XMM14, XMM13);
	v3(l, X86_PAND, XMM15, XMM15, XMM14);
	v3(l, X86_PMAXUB, XMM15, XMM15, XMM13);
	if (i->ty >= IR_I16)
		add_lower_zeros(l, X86_PSRLW_I, X86_PCMPEQW, X86_PADDW, 8, 0x0008000800080008);
	if (i->ty == IR_I32)
		add_lower_zeros(l, X86_PSRLD_I, X86_PCMPEQD, X86_PADDD, 16, 0x0000001000000010);
}

void lower_VCLZ(struct lower *l, const struct ir_ins *i)
{
	leading_zeros(l, i, vsrc(l, i->a, XMM14));
	vend(l, i, XMM15, false);
}

/* The leading zeros of the number, or of its complement if it is negative. */
void lower_VCLS(struct lower *l, const struct ir_ins *i)
{
	const uint64_t ones = ~(uint64_t)0;
	unsigned a = vsrc_low(l, i->a, XMM14);

	vzero(l, XMM13);
	v3(l, greater[i->ty], XMM13, XMM13, a);
	v3(l, X86_PXOR, XMM14, a, XMM13);
	leading_zeros(l, i, XMM14);
	v3c(l, add[i->ty], XMM15, XMM15, ones, ones);
	vend(l, i, XMM15, false);
}

/* Horner's scheme: a's bits from the top, as signs. */
void lower_VPMUL(struct lower *l, const struct ir_ins *i)
{
	vload(l, XMM14, i->a);
	for (unsigned bit = 0; bit < 8; bit++) {
		vzero(l, XMM13);
		v3(l, X86_PCMPGTB, XMM13, XMM13, XMM14);
		v3s(l, X86_PAND, XMM13, XMM13, i->b);
		if (bit) {
			v3(l, X86_PADDB, XMM15, XMM15, XMM15);
			v3(l, X86_PXOR, XMM15, XMM15, XMM13);
		} else {
			vmov(l, XMM15, XMM13);
		}
		if (bit < 7)
			v3(l, X86_PADDB, XMM14, XMM14, XMM14);
	}
	vend(l, i, XMM15, false);
}
