/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Denormal numbers as Arm sees them.
 *
 * Arm decides before rounding whether a result is tiny, x86 after it: they differ only where
 * rounding reaches the smallest normal number. There Arm reports Underflow, or flushes to zero.
 * So where somebody can tell the difference, each op that can get there keeps what its
 * destination held, if the instruction has use for it, and if the result has such a lane, puts
 * it back and lets the evaluator repeat the instruction.
 *
 * Flushing, Arm reports each denormal operand; x86 says nothing of it beside a quiet NaN or where it
 * converts to integers. There the operands are looked at before the op, while the report is
 * still to be made (cpu_set_exact()). tags: jit/x86 - denormal numbers
 */
#include "jit/x86/lower_fp.h"

/* ---- results ---- */

/* Sums cannot: where they are tiny, they are exact. */
bool lower_may_be_tiny(const struct ir_ins *i)
{
	switch (i->op) {
	case IR_FMUL:
	case IR_FDIV:
	case IR_FMA:
	case IR_VFMUL:
	case IR_VFMULX:
	case IR_VFDIV:
	case IR_VFMA:
	case IR_VFMLAL:
	case IR_VFCVTN: return true;
	case IR_FCVT: return ir_type_bytes(i->ty) < ir_type_bytes(i->c);
	/* Other types have room for all fractions, and lanes of 16 bits are exact where they are tiny. */
	case IR_ITOF: return i->ty == IR_F16 && i->imm;
	default: return false;
	}
}

static bool is_scalar(const struct ir_ins *i)
{
	return i->op < IR_VFADD;
}

/* Does the instruction that this op belongs to read what the op overwrites? */
static bool keeps(const struct lower *l, const struct ir_ins *i)
{
	const struct ir_region *r = l->region;
	unsigned n = (unsigned)(i - r->ins), first = r->block[l->block].first;

	if (i->d >= 32)
		return false;
	for (unsigned k = n + 1; k-- > first && r->at[k] == r->at[n];)
		if (vreads(&r->ins[k], i->d))
			return true;
	return false;
}

void lower_before_tiny(struct lower *l, const struct ir_ins *i)
{
	lower_flags_clobber(l, i);
	if (keeps(l, i))
		v2m(l, X86_MOVAPS_MR, vsrc(l, i->d, XMM15), lower_state(CPU_OFF(kept)));
}

static void put_back(struct lower *l, unsigned slot)
{
	int r = lower_vreg(l, slot);
	unsigned d = r >= 0 ? (unsigned)r : (unsigned)XMM15;

	v2m(l, X86_MOVAPS, d, lower_state(CPU_OFF(kept)));
	if (r < 0)
		v2m(l, X86_MOVAPS_MR, d, lower_vhome(slot));
}

/* ZF clear: some lane is the smallest normal number. */
static void compare_lanes(struct lower *l, const struct ir_ins *i)
{
	static const struct {
		uint64_t magnitude, smallest; /* normal number */
		enum x86_insn equal;
	} of_type[] = {
		{ 0x7fff7fff7fff7fff, 0x0400040004000400, X86_PCMPEQW },
		{ 0x7fffffff7fffffff, 0x0080000000800000, X86_PCMPEQD },
		{ 0x7fffffffffffffff, 0x0010000000000000, X86_PCMPEQQ },
	};
	unsigned ty = i->op == IR_VFMLAL ? 1 : (unsigned)i->ty - IR_F16;

	v3c(l, X86_PAND, XMM15, vsrc(l, i->d, XMM15), of_type[ty].magnitude,
	    of_type[ty].magnitude);
	v3c(l, of_type[ty].equal, XMM15, XMM15, of_type[ty].smallest, of_type[ty].smallest);
	v2(l, X86_PMOVMSKB, RAX, XMM15);
	x86_rr(HOT, X86_TEST_MR, W32, RAX, RAX);
}

/* ZF set: the scalar is the smallest normal number. */
static void compare_scalar(struct lower *l, const struct ir_ins *i)
{
	unsigned w = i->ty == IR_F64 ? W64 : W32;
	unsigned r = vsrc(l, i->d, XMM15);

	if (vavx(l))
		vraw(l, X86_MOVD_MR, w == W64, r, 0, RAX);
	else
		x86_rr(HOT, X86_MOVD_MR, w, r, RAX);
	x86_rr(HOT, X86_ADD, w, RAX, RAX);
	if (w == W64) {
		/* all but the lowest bits are in the upper half */
		x86_mov_ri(HOT, RCX, 0x0020000000000000, true);
		x86_rr(HOT, X86_CMP, W64, RAX, RCX);
	} else {
		x86_gri(HOT, X86_CMP_I32, W32, RAX, 0x01000000);
	}
}

void lower_check_tiny(struct lower *l, const struct ir_ins *i)
{
	bool scalar = is_scalar(i) && i->ty != IR_F16;
	uint8_t *skip;

	if (scalar)
		compare_scalar(l, i);
	else
		compare_lanes(l, i);
	if (!keeps(l, i)) {
		lower_interp_if(l, scalar ? CC_E : CC_NE);
		return;
	}
	skip = x86_jcc8(HOT, scalar ? CC_NE : CC_E);
	put_back(l, i->d);
	lower_interp_if(l, 0xff);
	x86_bind8(HOT, skip);
}

/* ---- operands ---- */

/* Other ops with two operands trap for quiet NaNs of either. */
static bool has_two(const struct ir_ins *i)
{
	switch (i->op) {
	case IR_FADD:
	case IR_FSUB:
	case IR_FMUL:
	case IR_FDIV:
	case IR_FMA:
	case IR_FCMP:
	case IR_FCCMP:
	case IR_VFADD:
	case IR_VFSUB:
	case IR_VFMUL:
	case IR_VFMULX:
	case IR_VFDIV:
	case IR_VFMA:
	case IR_VFCMEQ:
	case IR_VFRECPS:
	case IR_VFRSQRTS: return true;
	default: return false;
	}
}

static unsigned from_type(const struct ir_ins *i)
{
	return i->op == IR_FTOI ? i->c : i->ty;
}

bool lower_may_hide_denormal(const struct ir_ins *i)
{
	switch (i->op) {
	case IR_FTOI:
	case IR_FRINT:
	case IR_FJCVT:
	case IR_VFTOI:
	case IR_VFRINT: return from_type(i) != IR_F16;
	default: return has_two(i) && i->ty != IR_F16;
	}
}

/* The comparison traps for denormal operands, and finds NaNs. */
void lower_before_denormal(struct lower *l, const struct ir_ins *i)
{
	unsigned a, b, ty = from_type(i);
	unsigned width = i->fl & IRF_Q ? 128 : i->fl & IRF_ONE && ty != IR_F64 ? 32 : 64;
	uint8_t *skip;

	/* FCCMP reads flags and writes them. */
	if (ir_op_info[i->op].attr & IR_A_COND)
		lower_flags_save(l);
	lower_flags_clobber(l, i);
	x86_gmi(HOT, X86_CMP_I32, W32, lower_state(CPU_OFF(denormals_trap)), 0);
	skip = x86_jcc8(HOT, CC_E);
	if (is_scalar(i)) {
		a = vsrc(l, i->a, XMM14);
		b = has_two(i) ? vsrc(l, i->b, XMM13) : a;
		v2(l, VPP(X86_UCOMISS, ty == IR_F64 ? X86_PP_66 : X86_PP_NP), a, b);
	} else {
		a = width == 128 ? vsrc(l, i->a, XMM14) : vsrc_clean(l, i->a, width, XMM14);
		b = a = vlow(l, a, XMM14);
		if (has_two(i)) {
			b = width == 128 ? vsrc(l, i->b, XMM13) :
					   vsrc_clean(l, i->b, width, XMM13);
			b = vlow(l, b, XMM13);
		}
		v3i(l, fp_packed(X86_CMPPS, ty), XMM15, a, b, 3); /* unordered */
		if (has_two(i)) {
			v2(l, fp_packed(X86_MOVMSKPS, ty), RAX, XMM15);
			x86_rr(HOT, X86_TEST_MR, W32, RAX, RAX);
		}
	}
	if (has_two(i))
		lower_interp_if(l, is_scalar(i) ? CC_P : CC_NE);
	x86_bind8(HOT, skip);
}
