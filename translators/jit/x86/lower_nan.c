/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Instructions that have trapped often: NaNs go through them. What their ops do with quiet
 * NaNs is done without a trap: where the host's result would be another than Arm's, by a call of
 * the evaluator for this op. tags: jit/x86 - ops that meet NaNs
 */
#include "jit/x86/lower_fp.h"

static bool is_scalar(const struct ir_ins *i)
{
	return i->op < IR_VFADD;
}

static unsigned low(struct lower *l, unsigned slot, unsigned tmp)
{
	return vsrc_low(l, slot, tmp);
}

/* ---- what needs the call: ZF clear ---- */

static void any(struct lower *l, const struct ir_ins *i, unsigned mask)
{
	v2(l, fp_packed(X86_MOVMSKPS, i->ty), RAX, mask);
	if (is_scalar(i))
		x86_gri(HOT, X86_AND_I32, W32, RAX, 1);
	else
		x86_rr(HOT, X86_TEST_MR, W32, RAX, RAX);
}

/* xmm15 = lanes with a NaN in a or b; uses xmm13 and xmm14 */
static void unordered(struct lower *l, const struct ir_ins *i, unsigned a, unsigned b)
{
	v3i(l, fp_packed(X86_CMPPS, i->ty), XMM15, low(l, a, XMM14), low(l, b, XMM13), 3);
}

/* xmm14 |= lanes where the slot is an infinity; uses xmm13 */
static void or_infinite(struct lower *l, const struct ir_ins *i, unsigned slot)
{
	bool d = i->ty == IR_F64;
	uint64_t magnitude = d ? 0x7fffffffffffffff : 0x7fffffff7fffffff;
	uint64_t infinity = d ? 0x7ff0000000000000 : 0x7f8000007f800000;

	v3c(l, X86_PAND, XMM13, low(l, slot, XMM13), magnitude, magnitude);
	v3c(l, d ? X86_PCMPEQQ : X86_PCMPEQD, XMM13, XMM13, infinity, infinity);
	v3(l, X86_POR, XMM14, XMM14, XMM13);
}

/*
 * An FMA with one NaN returns it, on both sides, if it is not negated before. Two are in another
 * order, and a NaN as addend hides the invalid product of an infinity and zero from x86.
 */
static void check_fma(struct lower *l, const struct ir_ins *i)
{
	if (i->imm & 2) {
		unordered(l, i, i->c, i->c);
		vmov(l, XMM14, XMM15);
	} else {
		unordered(l, i, i->a, i->b);
		vmov(l, XMM14, XMM15);
		or_infinite(l, i, i->a);
		or_infinite(l, i, i->b);
		v3i(l, fp_packed(X86_CMPPS, i->ty), XMM15, low(l, i->c, XMM13),
		    low(l, i->c, XMM13), 3);
		v3(l, X86_PAND, XMM14, XMM14, XMM15);
	}
	if (i->imm & 1) {
		v3i(l, fp_packed(X86_CMPPS, i->ty), XMM15, low(l, i->a, XMM13),
		    low(l, i->a, XMM13), 3);
		v3(l, X86_POR, XMM14, XMM14, XMM15);
	}
	any(l, i, XMM14);
}

static void check_any(struct lower *l, const struct ir_ins *i)
{
	unordered(l, i, i->a, i->b);
	any(l, i, XMM15);
}

static void check_first(struct lower *l, const struct ir_ins *i)
{
	unordered(l, i, i->a, i->a);
	any(l, i, XMM15);
}

static void call_if(struct lower *l, const struct ir_ins *i, lower_fn *fn,
		    void (*check)(struct lower *, const struct ir_ins *))
{
	uint64_t zero64 = l->vzero64, zero32 = l->vzero32, after64, after32;
	uint8_t *to_call, *end;

	lower_flags_clobber(l, i);
	check(l, i);
	to_call = x86_jcc(HOT, CC_NE, 0);
	fn(l, i);
	end = x86_jmp(HOT, 0);
	x86_patch32(HOT, to_call, x86_here(HOT));
	after64 = l->vzero64;
	after32 = l->vzero32;
	l->vzero64 = zero64;
	l->vzero32 = zero32;
	lower_call(l, i);
	l->vzero64 &= after64;
	l->vzero32 &= after32;
	x86_patch32(HOT, end, x86_here(HOT));
}

/* To a general register: a NaN is zero, and Invalid. */
static void to_integer(struct lower *l, const struct ir_ins *i, lower_fn *fn)
{
	uint8_t *number, *end;
	unsigned a, d;

	lower_flags_clobber(l, i);
	a = vsrc(l, i->a, XMM14);
	v2(l, VPP(X86_UCOMISS, i->c == IR_F64 ? X86_PP_66 : X86_PP_NP), a, a);
	number = x86_jcc(HOT, CC_NP, 0);
	x86_gmi(HOT, X86_OR_I32, W32, lower_state(CPU_OFF(fpsr)), 1);
	d = lower_dst(l, i->d, RAX);
	x86_mov_ri(HOT, d, 0, true);
	lower_write(l, i->d, d);
	end = x86_jmp(HOT, 0);
	x86_patch32(HOT, number, x86_here(HOT));
	fn(l, i);
	x86_patch32(HOT, end, x86_here(HOT));
}

bool lower_meets_nans(const struct ir_ins *i, bool still)
{
	switch (i->op) {
	/* Without "imm & 1" only signalling NaNs trap. */
	case IR_FCMP:
	case IR_FCCMP: return !still && i->imm & 1;
	case IR_FTOI: return !still && i->c != IR_F16;
	default: return lower_callable(i);
	}
}

void lower_with_nans(struct lower *l, const struct ir_ins *i, lower_fn *fn, bool still)
{
	l->quiet = true;
	switch (i->op) {
	case IR_FCMP:
	case IR_FCCMP: fn(l, i); break;
	case IR_FTOI: to_integer(l, i, fn); break;
	case IR_FMA:
	case IR_VFMA:
		if (still || !l->feat->fma || i->ty == IR_F16)
			lower_call(l, i);
		else
			call_if(l, i, fn, check_fma);
		break;
	case IR_FMAX:
	case IR_FMIN:
	case IR_FMAXNM:
	case IR_FMINNM:
	case IR_VFMAX:
	case IR_VFMIN:
	case IR_VFMAXNM:
	case IR_VFMINNM:
		if (i->ty == IR_F16)
			lower_call(l, i);
		else
			call_if(l, i, fn, check_any);
		break;
	case IR_VFTOI:
		/* what does not fit traps */
		if (still || i->ty == IR_F16)
			lower_call(l, i);
		else
			call_if(l, i, fn, check_first);
		break;
	default: lower_call(l, i); break;
	}
	l->quiet = false;
}
