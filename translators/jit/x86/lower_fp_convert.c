/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Floating point to and from integers and between precisions, rounding to integers.
 *
 * Conversions to integers trap when the value does not fit; the engine's repair saturates.
 * tags: jit/x86 - floating-point conversions
 */
#include "jit/ir/softfloat.h"
#include "jit/x86/lower_fp.h"

static unsigned bits_of(unsigned ty)
{
	return ty == IR_F64 ? 64 : 32;
}

static unsigned source(struct lower *l, unsigned ty, unsigned slot, unsigned tmp)
{
	int r = lower_vreg(l, slot);

	if (ty == IR_F16) {
		lower_widen_half(l, tmp, slot);
		return tmp;
	}
	if (r >= 0)
		return (unsigned)r;
	v2m(l, ty == IR_F64 ? X86_MOVSD : X86_MOVSS, tmp, lower_vhome(slot));
	return tmp;
}

static bool clean(const struct lower *l, unsigned ty, unsigned slot)
{
	return lower_vreg(l, slot) < 0 || vis_clean(l, slot, bits_of(ty));
}

/* A constant in every lane, or in lane 0 alone. */
static uint64_t lanes(unsigned ty, bool scalar, uint64_t value)
{
	return ty == IR_F64 || scalar ? value : value | value << 32;
}

bool lower_round(struct lower *l, unsigned ty, bool scalar, unsigned a, unsigned mode)
{
	/* bit 3: no Inexact; bit 2: MXCSR's mode */
	static const uint8_t imm[] = { 8, 10, 9, 11, 11, 12, 4 };
	bool d = ty == IR_F64;
	enum x86_insn op = (enum x86_insn)(X86_ROUNDPS + d + (scalar ? 2 : 0));
	uint64_t sign = lanes(ty, scalar, d ? 0x8000000000000000 : 0x80000000);
	uint64_t half = lanes(ty, scalar, d ? 0x3fe0000000000000 : 0x3f000000);
	uint64_t one = lanes(ty, scalar, d ? 0x3ff0000000000000 : 0x3f800000);
	uint64_t magnitude = lanes(ty, scalar, d ? 0x7fffffffffffffff : 0x7fffffff);

	if (mode > FP_ROUND_EXACT)
		return false;
	if (scalar)
		v3i(l, op, XMM15, a, a, imm[mode]);
	else
		v2i(l, op, XMM15, a, imm[mode]);
	if (mode != FP_ROUND_AWAY)
		return true;

	/* Truncated; one more, away from zero, where the rest is at least a half. */
	v3(l, scalar ? fp_scalar(X86_SUBPS, ty) : fp_packed(X86_SUBPS, ty), XMM13, a, XMM15);
	v3c(l, X86_PAND, XMM14, a, sign, scalar ? 0 : sign);
	v3c(l, X86_PAND, XMM13, XMM13, magnitude, scalar ? 0 : magnitude);
	/* greater or equal, quiet; without AVX not less, which traps for NaNs */
	v3ci(l, scalar ? fp_scalar(X86_CMPPS, ty) : fp_packed(X86_CMPPS, ty), XMM13, XMM13,
	     half, scalar ? 0 : half, vavx(l) ? 0x1d : 5);
	v3c(l, X86_PAND, XMM13, XMM13, one, scalar ? 0 : one);
	v3(l, X86_POR, XMM13, XMM13, XMM14);
	v3(l, scalar ? fp_scalar(X86_ADDPS, ty) : fp_packed(X86_ADDPS, ty), XMM15, XMM15,
	   XMM13);
	v3(l, X86_POR, XMM15, XMM15, XMM14); /* -0 */
	return true;
}

void lower_FRINT(struct lower *l, const struct ir_ins *i)
{
	bool zeros = clean(l, i->ty, i->a);
	unsigned a = source(l, i->ty, i->a, XMM14);

	if (!lower_round(l, i->ty, true, a, (unsigned)i->imm)) {
		lower_call(l, i);
		return;
	}
	vend_low(l, i->d, XMM15, bits_of(i->ty), zeros);
}

/* xmm15 = zeros, so that a conversion into it depends on nothing and leaves zeros above */
static void convert_into_zeros(struct lower *l, enum x86_insn op, unsigned a)
{
	vzero(l, XMM15);
	v3(l, op, XMM15, XMM15, a);
}

void lower_FCVT(struct lower *l, const struct ir_ins *i)
{
	unsigned from = i->c, a;

	if ((from == IR_F16 || i->ty == IR_F16) &&
	    (!l->feat->f16c || (i->ty == IR_F16 && (from == IR_F64 || l->opt.exact_flush)))) {
		lower_call(l, i);
		return;
	}
	if (from == IR_F16) {
		/* Lane 0 alone: another could be a signalling NaN. */
		v3c(l, X86_PAND, XMM14, vsrc(l, i->a, XMM14), 0xffff, 0);
		v2(l, X86_VCVTPH2PS, XMM14, XMM14);
		if (i->ty == IR_F64)
			convert_into_zeros(l, X86_CVTSS2SD, XMM14);
		vend_low(l, i->d, i->ty == IR_F64 ? XMM15 : XMM14, bits_of(i->ty), true);
		return;
	}
	if (i->ty == IR_F16) {
		a = vsrc_clean(l, i->a, 32, XMM14);
		vraw(l, X86_VCVTPS2PH, 0, a, 0, XMM15);
		x86_u8(HOT, 4);
		vend_low(l, i->d, XMM15, 32, true);
		return;
	}
	a = source(l, from, i->a, XMM14);
	convert_into_zeros(l, i->ty == IR_F64 ? X86_CVTSS2SD : X86_CVTSD2SS, a);
	vend_low(l, i->d, XMM15, bits_of(i->ty), true);
}

/* 2^n as a bit pattern of the type */
static uint64_t power(unsigned ty, int n)
{
	return ty == IR_F64 ? (uint64_t)(1023 + n) << 52 : (uint64_t)(127 + n) << 23;
}

static void to_int(struct lower *l, enum x86_insn op, bool wide, unsigned gp, unsigned a)
{
	if (vavx(l))
		vraw(l, op, wide, gp, 0, a);
	else
		x86_rr(HOT, op, wide ? W64 : W32, gp, a);
}

/* What does not fit traps, and must not have left a sticky flag by then: the rounding is
 * silent, and a truncation of the original reports Inexact behind the conversion. */
void lower_FTOI(struct lower *l, const struct ir_ins *i)
{
	unsigned mode = (unsigned)i->imm & 0xff, fbits = (unsigned)(i->imm >> 8), fp = i->c == IR_F16 ? IR_F32 : i->c;
	unsigned d = lower_dst(l, i->d, RAX), original, a;
	enum x86_insn op = fp == IR_F64 ? X86_CVTTSD2SI : X86_CVTTSS2SI;
	bool wide = i->ty == IR_I64, sgn = i->fl & IRF_SGN;
	bool silent = mode != FP_ROUND_ZERO || (!sgn && !l->feat->avx512vl);

	if (fbits || (!sgn && !l->feat->avx512vl))
		lower_flags_clobber(l, i);
	original = a = source(l, i->c, i->a, XMM14);
	if (fbits) {
		/* The scaled number would overflow. */
		v3c(l, X86_PAND, XMM15, a, fp == IR_F64 ? 0x7fffffffffffffff : 0x7fffffff, 0);
		v2c(l, VPP(X86_UCOMISS, fp == IR_F64 ? X86_PP_66 : X86_PP_NP), XMM15,
		    power(fp, 60), 0);
		lower_interp_if(l, CC_AE);
		v3c(l, fp_scalar(X86_MULPS, fp), XMM14, a, power(fp, (int)fbits), 0);
		original = a = XMM14;
	}
	if (silent) {
		lower_round(l, fp, true, a, mode);
		if (original == XMM14 && mode == FP_ROUND_AWAY)
			original = source(l, i->c, i->a, XMM14); /* it used xmm14 */
		a = XMM15;
	}
	if (sgn) {
		/* The destination is written only when the instruction does not trap. */
		to_int(l, op, wide, d, a);
	} else if (l->feat->avx512vl) {
		x86_err(HOT, fp == IR_F64 ? X86_VCVTTSD2USI : X86_VCVTTSS2USI, wide, d, 0, a);
	} else {
		/* As a signed quadword: negative ones and what exceeds 32 bits saturate. */
		to_int(l, op, true, RAX, a);
		if (wide) {
			x86_rr(HOT, X86_TEST_MR, W64, RAX, RAX);
			lower_interp_if(l, CC_S);
		} else {
			x86_rr(HOT, X86_MOV, W32, RCX, RAX);
			x86_rr(HOT, X86_CMP, W64, RCX, RAX);
			lower_interp_if(l, CC_NE);
		}
		d = RAX;
	}
	if (silent)
		to_int(l, op, true, RCX, original);
	lower_write(l, i->d, d);
}

void lower_ITOF(struct lower *l, const struct ir_ins *i)
{
	enum x86_insn op = i->ty == IR_F64 ? X86_CVTSI2SD : X86_CVTSI2SS;
	bool sgn = i->fl & IRF_SGN, wide = i->c == IR_I64;
	unsigned a;

	if (i->a == IR_ZERO) {
		vzero(l, XMM15);
		vend_low(l, i->d, XMM15, 32, true);
		return;
	}
	vzero(l, XMM15);
	/* Saving the flags takes rax, too. */
	if (!sgn && wide && !l->feat->avx512vl)
		lower_flags_clobber(l, i);
	a = lower_src(l, i->a, wide ? W64 : W32, RAX);
	if (!sgn && !wide) {
		/* An unsigned word is a signed quadword. */
		x86_rr(HOT, X86_MOV, W32, RAX, a);
		a = RAX;
		wide = true;
	} else if (!sgn) {
		if (l->feat->avx512vl) {
			x86_err(HOT, i->ty == IR_F64 ? X86_VCVTUSI2SD : X86_VCVTUSI2SS, 1, XMM15,
				XMM15, a);
			goto scale;
		}
		/* From 2^63 up: half of it, with the lost bit kept for the rounding, twice. */
		uint8_t *small, *end;

		if (a != RAX)
			x86_rr(HOT, X86_MOV, W64, RAX, a);
		x86_rr(HOT, X86_TEST_MR, W64, RAX, RAX);
		small = x86_jcc8(HOT, CC_NS);
		x86_rr(HOT, X86_MOV, W32, RCX, RAX);
		x86_gri8(HOT, X86_SHR_I, W64, RAX, 1);
		x86_gri(HOT, X86_AND_I32, W32, RCX, 1);
		x86_rr(HOT, X86_OR, W64, RAX, RCX);
		if (vavx(l))
			vraw(l, op, 1, XMM15, XMM15, RAX);
		else
			x86_rr(HOT, op, W64, XMM15, RAX);
		v3(l, fp_scalar(X86_ADDPS, i->ty), XMM15, XMM15, XMM15);
		end = x86_jmp8(HOT);
		x86_bind8(HOT, small);
		if (vavx(l))
			vraw(l, op, 1, XMM15, XMM15, RAX);
		else
			x86_rr(HOT, op, W64, XMM15, RAX);
		x86_bind8(HOT, end);
		goto scale;
	}
	if (vavx(l))
		vraw(l, op, wide, XMM15, XMM15, a);
	else
		x86_rr(HOT, op, wide ? W64 : W32, XMM15, a);
scale:
	if (i->imm)
		v3c(l, fp_scalar(X86_MULPS, i->ty), XMM15, XMM15, power(i->ty, -(int)i->imm), 0);
	vend_low(l, i->d, XMM15, bits_of(i->ty), true);
}
