/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Vector floating point.
 *
 * An op on fewer lanes than 128 bits sees zeros in the others (for division copies of the
 * low half), so that they neither trap nor leave a sticky flag.
 * tags: jit/x86 - vector floating point
 */
#include "jit/ir/softfloat.h"
#include "jit/x86/lower_fp.h"

static unsigned width(const struct ir_ins *i)
{
	if (i->fl & IRF_Q)
		return 128;
	return i->fl & IRF_ONE && i->ty != IR_F64 ? 32 : 64;
}

/* The operand with zeros above the op's width. */
static unsigned source(struct lower *l, const struct ir_ins *i, unsigned slot, unsigned tmp)
{
	return width(i) == 128 ? vsrc(l, slot, tmp) : vsrc_clean(l, slot, width(i), tmp);
}

/* zeros: f(0, 0) is zero, so that the result has zeros above as well. */
static void finish(struct lower *l, const struct ir_ins *i, unsigned reg, bool zeros)
{
	if (width(i) == 128)
		vend_full(l, i->d, reg);
	else
		vend_low(l, i->d, reg, width(i), zeros);
}

/* Legacy forms copy the first source before they trap; only in place is that harmless. */
static unsigned result(const struct lower *l, const struct ir_ins *i, unsigned a)
{
	return vavx(l) || vsame(l, i->d, a) ? vdst(l, i->d) : (unsigned)XMM15;
}

/* zeros: 0 op 0 is +0 in every rounding mode. */
static void binary(struct lower *l, const struct ir_ins *i, enum x86_insn op, bool zeros)
{
	unsigned a = source(l, i, i->a, XMM14), d = result(l, i, a);

	if (width(i) == 128)
		v3s(l, fp_packed(op, i->ty), d, a, i->b);
	else
		v3(l, fp_packed(op, i->ty), d, a, source(l, i, i->b, XMM13));
	finish(l, i, d, zeros);
}

void lower_VFADD(struct lower *l, const struct ir_ins *i)
{
	binary(l, i, X86_ADDPS, true);
}

void lower_VFSUB(struct lower *l, const struct ir_ins *i)
{
	binary(l, i, X86_SUBPS, false);
}

void lower_VFMUL(struct lower *l, const struct ir_ins *i)
{
	binary(l, i, X86_MULPS, true);
}

/* Zero times infinity traps. */
void lower_VFMULX(struct lower *l, const struct ir_ins *i)
{
	binary(l, i, X86_MULPS, true);
}

void lower_VFDIV(struct lower *l, const struct ir_ins *i)
{
	if (width(i) == 128) {
		binary(l, i, X86_DIVPS, true);
		return;
	}
	v2s(l, X86_MOVDDUP, XMM15, i->a);
	v2s(l, X86_MOVDDUP, XMM13, i->b);
	v3(l, fp_packed(X86_DIVPS, i->ty), XMM15, XMM15, XMM13);
	finish(l, i, XMM15, false);
}

void lower_VFSQRT(struct lower *l, const struct ir_ins *i)
{
	unsigned a = source(l, i, i->a, XMM14), d = vdst(l, i->d);

	v2(l, fp_packed(X86_SQRTPS, i->ty), d, a);
	finish(l, i, d, true);
}

/* Both orders: they differ only for zeros of different sign, where or gives the negative
 * and and the positive one. NaNs of either kind trap. */
static void extreme(struct lower *l, const struct ir_ins *i, enum x86_insn op,
		    enum x86_insn join)
{
	unsigned a = source(l, i, i->a, XMM14), b = source(l, i, i->b, XMM13);

	v3(l, fp_packed(op, i->ty), XMM15, a, b);
	v3(l, fp_packed(op, i->ty), XMM13, b, a);
	v3(l, join, XMM15, XMM15, XMM13);
	finish(l, i, XMM15, true);
}

void lower_VFMAX(struct lower *l, const struct ir_ins *i)
{
	extreme(l, i, X86_MAXPS, X86_PAND);
}

void lower_VFMIN(struct lower *l, const struct ir_ins *i)
{
	extreme(l, i, X86_MINPS, X86_POR);
}

void lower_VFMAXNM(struct lower *l, const struct ir_ins *i)
{
	extreme(l, i, X86_MAXPS, X86_PAND);
}

void lower_VFMINNM(struct lower *l, const struct ir_ins *i)
{
	extreme(l, i, X86_MINPS, X86_POR);
}

static void sign(struct lower *l, const struct ir_ins *i, enum x86_insn op, uint64_t mask)
{
	unsigned d = vdst(l, i->d), w = width(i);
	bool zeros = op == X86_PAND || (w < 128 && vis_clean(l, i->a, w));

	v3c(l, op, d, vsrc(l, i->a, XMM14), w == 32 ? (uint32_t)mask : mask,
	    w == 128 ? mask : 0);
	finish(l, i, d, zeros);
}

void lower_VFABS(struct lower *l, const struct ir_ins *i)
{
	sign(l, i, X86_PAND, i->ty == IR_F64 ? 0x7fffffffffffffff : 0x7fffffff7fffffff);
}

void lower_VFNEG(struct lower *l, const struct ir_ins *i)
{
	sign(l, i, X86_PXOR, i->ty == IR_F64 ? 0x8000000000000000 : 0x8000000080000000);
}

void lower_VFMA(struct lower *l, const struct ir_ins *i)
{
	unsigned a, b, c, d;

	if (!l->feat->fma) {
		lower_call(l, i);
		return;
	}
	a = source(l, i, i->a, XMM14);
	c = source(l, i, i->c, XMM15);
	if (!l->quiet)
		lower_fma_nans(l, fp_packed(X86_CMPPS, i->ty), i->imm & 1 ? a : c, c);
	b = source(l, i, i->b, XMM13);
	lower_fma(l, i, lower_fma_op[i->imm & 3], i->ty == IR_F64, a, b, c, &d);
	finish(l, i, d, !i->imm);
}

/* ---- comparison: 1 less, 2 less or equal; signalling ---- */

static void compare(struct lower *l, const struct ir_ins *i, unsigned imm8, bool swap)
{
	enum x86_insn op = fp_packed(X86_CMPPS, i->ty);
	unsigned sa = swap ? i->b : i->a, sb = swap ? i->a : i->b;
	unsigned a = vlow(l, source(l, i, sa, XMM14), XMM14), d = result(l, i, a);

	if (d >= 16)
		d = XMM15;
	if (width(i) == 128 && lower_vreg(l, sb) < 16)
		v3si(l, op, d, a, sb, imm8);
	else
		v3i(l, op, d, a, vlow(l, source(l, i, sb, XMM13), XMM13), imm8);
	finish(l, i, d, imm8 == 1 || imm8 == 14);
}

void lower_VFCMEQ(struct lower *l, const struct ir_ins *i)
{
	compare(l, i, 0, false);
}

void lower_VFCMGE(struct lower *l, const struct ir_ins *i)
{
	if (vavx(l))
		compare(l, i, 13, false);
	else
		compare(l, i, 2, true);
}

void lower_VFCMGT(struct lower *l, const struct ir_ins *i)
{
	if (vavx(l))
		compare(l, i, 14, false);
	else
		compare(l, i, 1, true);
}

/* ---- steps ---- */

/* d = constant - a * b; NaNs of a change their sign for Arm only. */
void lower_VFRECPS(struct lower *l, const struct ir_ins *i)
{
	uint64_t two = i->ty == IR_F64 ? 0x4000000000000000 : 0x4000000040000000;
	unsigned a, b;

	if (!l->feat->fma) {
		lower_call(l, i);
		return;
	}
	a = source(l, i, i->a, XMM14);
	lower_fma_nans(l, fp_packed(X86_CMPPS, i->ty), a, a);
	b = source(l, i, i->b, XMM13);
	v2c(l, X86_MOVAPS, XMM15, two, two);
	vraw(l, X86_VFNMADD231PS, i->ty == IR_F64, XMM15, a, b);
	finish(l, i, XMM15, false);
}

/* (3 - a b) / 2 = 1.5 - (a / 2) b, where a can be halved without loss. */
void lower_VFRSQRTS(struct lower *l, const struct ir_ins *i)
{
	bool d = i->ty == IR_F64;
	uint64_t half = d ? 0x3fe0000000000000 : 0x3f0000003f000000;
	uint64_t magnitude = d ? 0x7fffffffffffffff : 0x7fffffff7fffffff;
	uint64_t limit = d ? 0x0020000000000000 : 0x0100000001000000;
	uint64_t three_halves = d ? 0x3ff8000000000000 : 0x3fc000003fc00000;
	unsigned a, b;

	if (!l->feat->fma) {
		lower_call(l, i);
		return;
	}
	lower_flags_clobber(l, i);
	a = source(l, i, i->a, XMM14);
	/* NaNs, and lanes below twice the smallest normal number that are not zero */
	v3c(l, X86_PAND, XMM13, a, magnitude, magnitude);
	v2c(l, X86_MOVAPS, XMM15, limit, limit);
	v3(l, d ? X86_PCMPGTQ : X86_PCMPGTD, XMM15, XMM15, XMM13);
	v3c(l, d ? X86_PCMPEQQ : X86_PCMPEQD, XMM13, XMM13, 0, 0);
	v3(l, X86_PANDN, XMM13, XMM13, XMM15);
	a = vlow(l, a, XMM14);
	v3i(l, fp_packed(X86_CMPPS, i->ty), XMM15, a, a, 3);
	v3(l, X86_POR, XMM13, XMM13, XMM15);
	v2(l, fp_packed(X86_MOVMSKPS, i->ty), RAX, XMM13);
	x86_rr(HOT, X86_TEST_MR, W32, RAX, RAX);
	lower_interp_if(l, CC_NE);
	v3c(l, fp_packed(X86_MULPS, i->ty), XMM14, a, half, half);
	b = source(l, i, i->b, XMM13);
	v2c(l, X86_MOVAPS, XMM15, three_halves, three_halves);
	vraw(l, X86_VFNMADD231PS, d, XMM15, XMM14, b);
	finish(l, i, XMM15, false);
}

/* ---- conversions ---- */

void lower_VFRINT(struct lower *l, const struct ir_ins *i)
{
	unsigned a = source(l, i, i->a, XMM14);

	if (!lower_round(l, i->ty, false, a, (unsigned)i->imm)) {
		lower_call(l, i);
		return;
	}
	finish(l, i, XMM15, true);
}

static uint64_t power(unsigned ty, int n)
{
	uint64_t x = ty == IR_F64 ? (uint64_t)(1023 + n) << 52 : (uint64_t)(127 + n) << 23;

	return ty == IR_F64 ? x : x | x << 32;
}

/* xmm15 = quadwords of the doubles in a, by way of rax and rcx; a may be xmm15. */
static void double_to_quad(struct lower *l, const struct ir_ins *i, unsigned a)
{
	bool sgn = i->fl & IRF_SGN;
	bool both = i->fl & IRF_Q;

	if (l->feat->avx512vl) {
		x86_err(HOT, sgn ? X86_VCVTTPD2QQ : X86_VCVTTPD2UQQ, 1, XMM15, 0, a);
		return;
	}
	if (both)
		v2i(l, X86_PSHUFD, XMM13, a, 0xee);
	for (unsigned k = 0; k < 1u + both; k++) {
		unsigned s = k ? (unsigned)XMM13 : a, gp = k ? RCX : RAX;

		if (vavx(l))
			vraw(l, X86_CVTTSD2SI, 1, gp, 0, s);
		else
			x86_rr(HOT, X86_CVTTSD2SI, W64, gp, s);
		if (!sgn) {
			x86_rr(HOT, X86_TEST_MR, W64, gp, gp);
			lower_interp_if(l, CC_S);
		}
	}
	if (vavx(l))
		vraw(l, X86_MOVD, 1, XMM15, 0, RAX);
	else
		x86_rr(HOT, X86_MOVD, W64, XMM15, RAX);
	if (both) {
		if (vavx(l))
			vraw(l, X86_PINSRD, 1, XMM15, XMM15, RCX);
		else
			x86_rr(HOT, X86_PINSRD, W64, XMM15, RCX);
		x86_u8(HOT, 1);
	}
}

static void give_up_if(struct lower *l, const struct ir_ins *i, unsigned mask)
{
	v2(l, fp_packed(X86_MOVMSKPS, i->ty), RAX, mask);
	x86_rr(HOT, X86_TEST_MR, W32, RAX, RAX);
	lower_interp_if(l, CC_NE);
}

/* What does not fit traps, and must not have left a sticky flag by then; see FTOI. */
void lower_VFTOI(struct lower *l, const struct ir_ins *i)
{
	unsigned mode = (unsigned)i->imm & 0xff, fbits = (unsigned)(i->imm >> 8);
	unsigned original, a;
	bool sgn = i->fl & IRF_SGN, d = i->ty == IR_F64;
	bool silent = mode != FP_ROUND_ZERO || (!sgn && !l->feat->avx512vl);
	uint64_t magnitude = d ? 0x7fffffffffffffff : 0x7fffffff7fffffff;

	if (fbits || (!sgn && !l->feat->avx512vl))
		lower_flags_clobber(l, i);
	original = a = source(l, i, i->a, XMM14);
	if (fbits) {
		v3c(l, X86_PAND, XMM13, a, magnitude, magnitude);
		/* not less */
		v3ci(l, fp_packed(X86_CMPPS, i->ty), XMM13, XMM13, power(i->ty, 60),
		     power(i->ty, 60), 5);
		give_up_if(l, i, XMM13);
		v3c(l, fp_packed(X86_MULPS, i->ty), XMM14, a, power(i->ty, (int)fbits),
		    power(i->ty, (int)fbits));
		original = a = XMM14;
	}
	if (silent) {
		lower_round(l, i->ty, false, a, mode);
		if (original == XMM14 && mode == FP_ROUND_AWAY)
			original = source(l, i, i->a, XMM14); /* it used xmm14 */
		a = XMM15;
	}
	if (d) {
		double_to_quad(l, i, a);
	} else if (sgn) {
		v2(l, X86_CVTTPS2DQ, XMM15, a);
	} else if (l->feat->avx512vl) {
		x86_err(HOT, X86_VCVTTPS2UDQ, 0, XMM15, 0, a);
	} else {
		v2(l, X86_CVTTPS2DQ, XMM15, a);
		give_up_if(l, i, XMM15);
	}
	/* The original, truncated with a report of Inexact. */
	if (silent)
		v2i(l, (enum x86_insn)(X86_ROUNDPS + d), XMM13, original, 3);
	finish(l, i, XMM15, true);
}

void lower_VITOF(struct lower *l, const struct ir_ins *i)
{
	bool sgn = i->fl & IRF_SGN, avx512 = l->feat->avx512vl, both = i->fl & IRF_Q;
	unsigned a = source(l, i, i->a, XMM14);

	if (i->ty == IR_F32) {
		if (sgn) {
			v2(l, X86_CVTDQ2PS, XMM15, a);
		} else if (avx512) {
			x86_err(HOT, X86_VCVTUDQ2PS, 0, XMM15, 0, a);
		} else {
			/* Both halves as fractions of numbers with fixed exponents; only the
			 * last addition rounds. Its zero must be positive. */
			const uint64_t low = 0x0000ffff0000ffff, e_low = 0x4b0000004b000000;
			const uint64_t e_high = 0x5300000053000000, both_e = 0x5300008053000080;

			v3c(l, X86_PAND, XMM13, a, low, low);
			v3c(l, X86_POR, XMM13, XMM13, e_low, e_low);
			vsh(l, X86_PSRLD_I, XMM15, a, 16);
			v3c(l, X86_POR, XMM15, XMM15, e_high, e_high);
			v3c(l, X86_SUBPS, XMM15, XMM15, both_e, both_e);
			v3(l, X86_ADDPS, XMM15, XMM15, XMM13);
			v3c(l, X86_PAND, XMM15, XMM15, 0x7fffffff7fffffff, 0x7fffffff7fffffff);
		}
	} else if (avx512) {
		x86_err(HOT, sgn ? X86_VCVTQQ2PD : X86_VCVTUQQ2PD, 1, XMM15, 0, a);
	} else if (sgn) {
		/* lane 1, then lane 0 */
		for (unsigned k = 1u + both; k-- > 0;) {
			if (vavx(l)) {
				vraw(l, k ? X86_PEXTRD : X86_MOVD_MR, 1, a, 0, RAX);
				if (k)
					x86_u8(HOT, 1);
			} else {
				x86_rr(HOT, k ? X86_PEXTRD : X86_MOVD_MR, W64, a, RAX);
				if (k)
					x86_u8(HOT, 1);
			}
			vzero(l, k ? XMM13 : XMM15);
			if (vavx(l))
				vraw(l, X86_CVTSI2SD, 1, k ? XMM13 : XMM15,
					k ? XMM13 : XMM15, RAX);
			else
				x86_rr(HOT, X86_CVTSI2SD, W64, k ? XMM13 : XMM15, RAX);
		}
		if (both)
			v3(l, X86_PUNPCKLQDQ, XMM15, XMM15, XMM13);
	} else {
		/* as above, halves of quadwords */
		const uint64_t low = 0xffffffff, e_low = 0x4330000000000000;
		const uint64_t e_high = 0x4530000000000000, both_e = 0x4530000000100000;
		const uint64_t magnitude = 0x7fffffffffffffff;

		v3c(l, X86_PAND, XMM13, a, low, low);
		v3c(l, X86_POR, XMM13, XMM13, e_low, e_low);
		vsh(l, X86_PSRLQ_I, XMM15, a, 32);
		v3c(l, X86_POR, XMM15, XMM15, e_high, e_high);
		v3c(l, fp_packed(X86_SUBPS, IR_F64), XMM15, XMM15, both_e, both_e);
		v3(l, fp_packed(X86_ADDPS, IR_F64), XMM15, XMM15, XMM13);
		v3c(l, X86_PAND, XMM15, XMM15, magnitude, magnitude);
	}
	if (i->imm)
		v3c(l, fp_packed(X86_MULPS, i->ty), XMM15, XMM15, power(i->ty, -(int)i->imm),
		    power(i->ty, -(int)i->imm));
	finish(l, i, XMM15, true);
}

void lower_VFCVTL(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst(l, i->d);
	enum x86_insn op = i->ty == IR_F32 ? X86_CVTPS2PD : X86_VCVTPH2PS;
	unsigned a;

	if (i->ty == IR_F16 && !l->feat->f16c) {
		lower_call(l, i);
		return;
	}
	if (i->fl & IRF_HI) {
		v2si(l, X86_PSHUFD, XMM14, i->a, 0xee);
		a = XMM14;
	} else {
		a = vsrc(l, i->a, XMM14);
	}
	v2(l, op, d, a);
	vend_full(l, i->d, d);
}

void lower_VFCVTN(struct lower *l, const struct ir_ins *i)
{
	unsigned a, d = vdst(l, i->d);

	/* A tiny half would trap, which it need not. */
	if (i->imm != FP_ROUND_CURRENT ||
	    (i->ty == IR_F16 && (!l->feat->f16c || l->opt.exact_flush))) {
		lower_call(l, i);
		return;
	}
	a = vsrc(l, i->a, XMM14);
	if (i->ty == IR_F32) {
		v2(l, X86_CVTPD2PS, d, a);
	} else {
		vraw(l, X86_VCVTPS2PH, 0, a, 0, d);
		x86_u8(HOT, 4);
	}
	vend_low(l, i->d, d, 64, true);
}
