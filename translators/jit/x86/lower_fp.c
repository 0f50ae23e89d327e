/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Scalar floating point: arithmetic, comparison, selection.
 *
 * Invalid is unmasked: whatever raises it is evaluated by the engine's repair, so that the
 * code here only cares for what differs from Arm's rules without raising it: the sign of
 * zero in minimum and maximum, and which of several quiet NaNs an FMA returns.
 * tags: jit/x86 - scalar floating point
 */
#include "jit/x86/lower_fp.h"

static unsigned bits_of(const struct ir_ins *i)
{
	return i->ty == IR_F64 ? 64 : 32;
}

/* The scalar in a register: the slot's own, or tmp loaded with zeros above. */
static unsigned source(struct lower *l, unsigned ty, unsigned slot, unsigned tmp)
{
	int r = lower_vreg(l, slot);

	if (r >= 0)
		return (unsigned)r;
	if (slot == IR_ZERO)
		vzero(l, tmp);
	else
		v2m(l, ty == IR_F64 ? X86_MOVSD : X86_MOVSS, tmp, lower_vhome(slot));
	return tmp;
}

/* Does source() give zeros above the scalar? */
static bool clean(const struct lower *l, const struct ir_ins *i, unsigned slot)
{
	return lower_vreg(l, slot) < 0 || vis_clean(l, slot, bits_of(i));
}

/* Legacy forms copy the first source before they trap; only in place is that harmless. */
static unsigned result(const struct lower *l, const struct ir_ins *i, unsigned a)
{
	return vavx(l) || vsame(l, i->d, a) ? vdst(l, i->d) : (unsigned)XMM15;
}

static void binary(struct lower *l, const struct ir_ins *i, enum x86_insn op)
{
	bool zeros = clean(l, i, i->a);
	unsigned a = source(l, i->ty, i->a, XMM14), d = result(l, i, a);

	if (!zeros && l->map->mask) {
		v3s_lane0(l, fp_packed(op, i->ty), i->ty == IR_F64, d, a, i->b);
		zeros = true;
	} else {
		v3s(l, fp_scalar(op, i->ty), d, a, i->b);
	}
	vend_low(l, i->d, d, bits_of(i), zeros);
}

void lower_FADD(struct lower *l, const struct ir_ins *i)
{
	binary(l, i, X86_ADDPS);
}

void lower_FSUB(struct lower *l, const struct ir_ins *i)
{
	binary(l, i, X86_SUBPS);
}

void lower_FMUL(struct lower *l, const struct ir_ins *i)
{
	binary(l, i, X86_MULPS);
}

void lower_FDIV(struct lower *l, const struct ir_ins *i)
{
	binary(l, i, X86_DIVPS);
}

void lower_FSQRT(struct lower *l, const struct ir_ins *i)
{
	bool zeros = clean(l, i, i->a);
	unsigned a = source(l, i->ty, i->a, XMM14), d = result(l, i, a);

	v3(l, fp_scalar(X86_SQRTPS, i->ty), d, a, a);
	vend_low(l, i->d, d, bits_of(i), zeros);
}

/* Both orders: they differ only for zeros of different sign, where or gives the negative
 * and and the positive one. NaNs of either kind trap. */
static void extreme(struct lower *l, const struct ir_ins *i, enum x86_insn op,
		    enum x86_insn join)
{
	bool zeros = clean(l, i, i->a) && clean(l, i, i->b);
	unsigned a = source(l, i->ty, i->a, XMM14), b = source(l, i->ty, i->b, XMM13);

	v3(l, fp_scalar(op, i->ty), XMM15, a, b);
	v3(l, fp_scalar(op, i->ty), XMM13, b, a);
	v3(l, join, XMM15, XMM15, XMM13);
	vend_low(l, i->d, XMM15, bits_of(i), zeros);
}

void lower_FMAX(struct lower *l, const struct ir_ins *i)
{
	extreme(l, i, X86_MAXPS, X86_PAND);
}

void lower_FMIN(struct lower *l, const struct ir_ins *i)
{
	extreme(l, i, X86_MINPS, X86_POR);
}

void lower_FMAXNM(struct lower *l, const struct ir_ins *i)
{
	extreme(l, i, X86_MAXPS, X86_PAND);
}

void lower_FMINNM(struct lower *l, const struct ir_ins *i)
{
	extreme(l, i, X86_MINPS, X86_POR);
}

void lower_FABS(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst(l, i->d);

	v3c(l, X86_PAND, d, source(l, i->ty, i->a, XMM14),
	    i->ty == IR_F64 ? 0x7fffffffffffffff : 0x7fffffff, 0);
	vend_low(l, i->d, d, bits_of(i), true);
}

void lower_FNEG(struct lower *l, const struct ir_ins *i)
{
	bool zeros = clean(l, i, i->a);
	unsigned d = vdst(l, i->d);

	v3c(l, X86_PXOR, d, source(l, i->ty, i->a, XMM14),
	    i->ty == IR_F64 ? 0x8000000000000000 : 0x80000000, 0);
	vend_low(l, i->d, d, bits_of(i), zeros);
}

static void fma_form(struct lower *l, enum x86_insn op, unsigned w, unsigned d, unsigned a,
		     unsigned b)
{
	if (w & X86_LANE0)
		x86_err(HOT, op, w, d, a, b);
	else
		vraw(l, op, w, d, a, b);
}

void lower_fma_nans(struct lower *l, enum x86_insn compare, unsigned a, unsigned b)
{
	/* "Less than" is Invalid for quiet NaNs as well. */
	if ((a | b) >= 16)
		x86_err(HOT, compare, X86_PP(compare) == X86_PP_66 || X86_PP(compare) == X86_PP_F2,
			X86_K2, a, b);
	else
		x86_vrr(HOT, compare, 0, 0, XMM13, a, b);
	x86_u8(HOT, 1);
}

void lower_fma(struct lower *l, const struct ir_ins *i, enum x86_insn op, unsigned w,
	       unsigned a, unsigned b, unsigned c, unsigned *ret_d)
{
	int r = lower_vreg(l, i->d);
	unsigned d = XMM15;

	/* The forms keep the multiplicand first, as Arm has it among NaNs. */
	if (r >= 0 && (unsigned)r == c) {
		d = c;
		fma_form(l, op, w, d, a, b);
	} else if (r >= 0 && (unsigned)r == a) {
		d = a;
		fma_form(l, (enum x86_insn)((unsigned)op - 0x20), w, d, c, b);
	} else if (r >= 0 && (unsigned)r == b) {
		d = b;
		fma_form(l, (enum x86_insn)((unsigned)op - 0x10), w, d, a, c);
	} else {
		vmov(l, XMM15, c);
		fma_form(l, op, w, d, a, b);
	}
	*ret_d = d;
}

const enum x86_insn lower_fma_op[4] = { X86_VFMADD231PS, X86_VFNMADD231PS, X86_VFMSUB231PS,
					X86_VFNMSUB231PS };

void lower_FMA(struct lower *l, const struct ir_ins *i)
{
	unsigned a, b, c, d;
	bool zeros;

	if (!l->feat->fma) {
		lower_call(l, i);
		return;
	}
	a = source(l, i->ty, i->a, XMM14);
	c = source(l, i->ty, i->c, XMM15);
	if (!l->quiet)
		lower_fma_nans(l, fp_scalar(X86_CMPPS, i->ty), i->imm & 1 ? a : c, c);
	b = source(l, i->ty, i->b, XMM13);
	zeros = lower_vreg(l, i->d) >= 0 && (i->d == i->a || i->d == i->b || i->d == i->c) ?
			vis_clean(l, i->d, bits_of(i)) :
			clean(l, i, i->c);
	if (!zeros && l->map->mask) {
		lower_fma(l, i, lower_fma_op[i->imm & 3], (i->ty == IR_F64) | X86_LANE0, a, b, c,
			  &d);
		zeros = true;
	} else {
		lower_fma(l, i, (enum x86_insn)(lower_fma_op[i->imm & 3] + 1), i->ty == IR_F64,
			  a, b, c, &d);
	}
	vend_low(l, i->d, d, bits_of(i), zeros);
}

/* ---- comparison ---- */

/* Rows where ucomis b, a gives the condition in one jump: see lower_cond(). */
static bool wants_swap(unsigned cond)
{
	return cond == IRC_CS || cond == IRC_CC || cond == IRC_MI || cond == IRC_PL ||
	       cond == IRC_HI || cond == IRC_LS;
}

static void compare(struct lower *l, const struct ir_ins *i, bool swap)
{
	unsigned first = swap ? i->b : i->a, second = swap ? i->a : i->b;
	enum x86_insn op = i->imm & 1 && !l->quiet ? X86_COMISS : X86_UCOMISS;
	bool half = i->ty == IR_F16;

	op = VPP(op, i->ty == IR_F64 ? X86_PP_66 : X86_PP_NP);
	if (half) {
		lower_widen_half(l, XMM15, first);
		lower_widen_half(l, XMM13, second);
		v2(l, op, XMM15, XMM13);
	} else {
		v2s(l, op, source(l, i->ty, first, XMM15), second);
	}
	if (l->quiet) {
		/* Invalid, and once more for EFLAGS */
		uint8_t *skip = x86_jcc8(HOT, CC_NP);

		x86_gmi(HOT, X86_OR_I32, W32, lower_state(CPU_OFF(fpsr)), 1);
		x86_bind8(HOT, skip);
		if (half)
			v2(l, op, XMM15, XMM13);
		else
			v2s(l, op, source(l, i->ty, first, XMM15), second);
	}
}

/* EFLAGS of ucomis a, b (swapped: b, a) to the home: less N and no C, equal Z, unordered V.
 * EFLAGS stay. */
static void compared_home(struct lower *l, bool swapped)
{
	x86_mov_ri(HOT, RAX, CPU_NZCV_N | CPU_NZCV_NC, true);
	x86_mov_ri(HOT, RCX, 0, true);
	x86_rr(HOT, X86_CMOV + (swapped ? CC_B : CC_AE), W32, RAX, RCX);
	x86_mov_ri(HOT, RCX, CPU_NZCV_Z, true);
	x86_rr(HOT, X86_CMOV + CC_E, W32, RAX, RCX);
	x86_mov_ri(HOT, RCX, CPU_NZCV_V, true);
	x86_rr(HOT, X86_CMOV + CC_P, W32, RAX, RCX);
	x86_rm(HOT, X86_MOV_MR, W16, RAX, lower_state(CPU_OFF(nzcv)));
}

void lower_FCMP(struct lower *l, const struct ir_ins *i)
{
	bool sole;
	const struct ir_ins *reader = lower_next_reader(l, i, &sole);
	bool swap = reader && wants_swap(reader->c & 15u);

	lower_flags_clobber(l, i);
	/* v2s() zeroes by an instruction that leaves EFLAGS alone. */
	compare(l, i, swap);
	if (i->live && !sole)
		compared_home(l, swap);
	if (reader) {
		l->flags = swap ? FLAGS_FCMP_SWAPPED : FLAGS_FCMP;
		l->saved = !sole;
	} else {
		lower_flags_home(l);
	}
}

void lower_FCCMP(struct lower *l, const struct ir_ins *i)
{
	static const uint16_t image[2][2][2] = {
		{ { CPU_NZCV_NC, 0 }, { CPU_NZCV_NC | CPU_NZCV_Z, CPU_NZCV_Z } },
		{ { CPU_NZCV_NC | CPU_NZCV_N, CPU_NZCV_N },
		  { CPU_NZCV_NC | CPU_NZCV_N | CPU_NZCV_Z, CPU_NZCV_N | CPU_NZCV_Z } },
	};
	unsigned nzcv = i->c >> 4, cond = i->c & 15;
	uint8_t *skip1 = NULL, *skip2 = NULL, *end;
	uint16_t otherwise = image[nzcv >> 3][nzcv >> 2 & 1][nzcv >> 1 & 1] |
			     (nzcv & 1 ? CPU_NZCV_V : 0);

	if (cond < IRC_AL) {
		struct lower_cc cc = lower_cond(l, cond);

		if (cc.parity == 2) {
			/* cc or P: not taken when neither */
			skip2 = x86_jcc8(HOT, CC_P);
			skip1 = x86_jcc8(HOT, cc.cc ^ 1u);
			x86_bind8(HOT, skip2);
			skip2 = NULL;
		} else {
			skip1 = x86_jcc8(HOT, cc.cc ^ 1u);
			if (cc.parity == 1)
				skip2 = x86_jcc8(HOT, CC_P);
		}
	}
	compare(l, i, false);
	compared_home(l, false);
	if (skip1) {
		end = x86_jmp8(HOT);
		x86_bind8(HOT, skip1);
		if (skip2)
			x86_bind8(HOT, skip2);
		x86_mov_mi(HOT, W16, lower_state(CPU_OFF(nzcv)), otherwise);
		x86_bind8(HOT, end);
	}
	lower_flags_home(l);
}

static void to_gp(struct lower *l, unsigned ty, unsigned gp, unsigned slot)
{
	int r = lower_vreg(l, slot);
	bool wide = ty == IR_F64;

	if (r < 0)
		x86_rm(HOT, X86_MOV, wide ? W64 : W32, gp, lower_vhome(slot));
	else if (vavx(l))
		vraw(l, X86_MOVD_MR, wide, (unsigned)r, 0, gp);
	else
		x86_rr(HOT, X86_MOVD_MR, wide ? W64 : W32, (unsigned)r, gp);
}

/* Through general registers, where a conditional move needs no branch. */
void lower_FCSEL(struct lower *l, const struct ir_ins *i)
{
	unsigned w = i->ty == IR_F64 ? W64 : W32, d = vdst(l, i->d), cond = i->c & 15;
	struct lower_cc cc;

	if (cond >= IRC_AL) {
		vend_low(l, i->d, source(l, i->ty, i->a, XMM15), bits_of(i),
			 clean(l, i, i->a));
		return;
	}
	cc = lower_cond(l, cond);
	to_gp(l, i->ty, RAX, cc.parity == 1 ? i->b : i->a);
	to_gp(l, i->ty, RCX, cc.parity == 1 ? i->a : i->b);
	if (cc.parity == 1) {
		/* a unless not cc, or P */
		x86_rr(HOT, X86_CMOV + (cc.cc ^ 1), w, RCX, RAX);
		x86_rr(HOT, X86_CMOV + CC_P, w, RCX, RAX);
	} else {
		x86_rr(HOT, X86_CMOV + cc.cc, w, RCX, RAX);
		if (cc.parity == 2)
			x86_rr(HOT, X86_CMOV + CC_P, w, RCX, RAX);
	}
	if (vavx(l))
		vraw(l, X86_MOVD, i->ty == IR_F64, d, 0, RCX);
	else
		x86_rr(HOT, X86_MOVD, w, d, RCX);
	vend_low(l, i->d, d, bits_of(i), true);
}
