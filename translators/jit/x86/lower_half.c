/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Half precision, by way of wider numbers.
 *
 * A half is a single with the same value, or NaN; F16C converts. Sums, products, quotients and
 * roots that are rounded to a single and then to a half are what rounding once gives, as 24
 * bits are twice 11 and two more; and if the first rounding loses something the second one would
 * have. That is not so for a product and a sum: where it matters, they are calculated as doubles, in
 * which the product is exact, and rounded to odd single precision by hand: cut off, and the last bit
 * says that something was.
 *
 * Singles and doubles that come from halves are never denormal, and converting to a half flushes
 * nothing, so that FPCR.FZ has no effect, as it should have none. Signalling NaNs raise Invalid
 * when they are widened. Eight lanes are 256 bits; an op's upper lanes may go first and wait in
 * memory for the lower ones. tags: jit/x86 - half precision
 */
#include "jit/ir/softfloat.h"
#include "jit/x86/lower_fp.h"

static bool is_scalar(const struct ir_ins *i)
{
	return i->op < IR_VFADD || (i->fl & IRF_ONE);
}

static bool is_full(const struct ir_ins *i)
{
	return !is_scalar(i) && (i->fl & IRF_Q);
}

/* Where the upper lanes of a result wait. */
static struct x86_mem upper(void)
{
	return lower_state(CPU_OFF(vargs));
}

/* ---- widening and narrowing ---- */

void lower_widen_half(struct lower *l, unsigned reg, unsigned slot)
{
	if (slot == IR_ZERO) {
		vzero(l, reg);
		return;
	}
	/* Lane 0 alone: another could be a signalling NaN. */
	v3c(l, X86_PAND, reg, vsrc(l, slot, reg), 0xffff, 0);
	v2(l, X86_VCVTPH2PS, reg, reg);
}

/* reg = all lanes of the op as singles */
static void widen(struct lower *l, const struct ir_ins *i, unsigned reg, unsigned slot)
{
	if (slot == IR_ZERO || is_scalar(i))
		lower_widen_half(l, reg, slot);
	else if (vin_memory(l, slot))
		x86_vrm(HOT, X86_VCVTPH2PS, 0, is_full(i), reg, 0, lower_vhome(slot), 0);
	else
		x86_vrr(HOT, X86_VCVTPH2PS, 0, is_full(i), reg, 0, vsrc_low(l, slot, reg));
}

/* The same of at most four lanes. */
static void widen_four(struct lower *l, const struct ir_ins *i, unsigned reg, unsigned slot,
		       bool high)
{
	if (!high && !is_full(i)) {
		widen(l, i, reg, slot);
	} else if (high) {
		v2si(l, X86_PSHUFD, reg, slot, 0xee);
		v2(l, X86_VCVTPH2PS, reg, reg);
	} else {
		v2(l, X86_VCVTPH2PS, reg, vsrc(l, slot, reg));
	}
}

static void finish(struct lower *l, const struct ir_ins *i, unsigned reg)
{
	if (is_full(i))
		vend_full(l, i->d, reg);
	else
		vend_low(l, i->d, reg, is_scalar(i) ? 32 : 64, true);
}

/* The op's result is the singles in reg, with zeros above the op's width. */
static void narrow(struct lower *l, const struct ir_ins *i, unsigned reg)
{
	unsigned d = vdst_low(l, i->d);

	x86_vrr(HOT, X86_VCVTPS2PH, 0, is_full(i), reg, 0, d);
	x86_u8(HOT, 4);
	finish(l, i, d);
}

/* four() leaves its lanes as singles in xmm15. */
static void by_fours(struct lower *l, const struct ir_ins *i,
		     void (*four)(struct lower *, const struct ir_ins *, bool high))
{
	if (is_full(i)) {
		four(l, i, true);
		x86_vrm(HOT, X86_VCVTPS2PH, 0, 0, XMM15, 0, upper(), 1);
		x86_u8(HOT, 4);
	}
	four(l, i, false);
	x86_vrr(HOT, X86_VCVTPS2PH, 0, 0, XMM15, 0, XMM15);
	x86_u8(HOT, 4);
	if (is_full(i))
		x86_vrm(HOT, X86_MOVLHPS, 0, 0, XMM15, XMM15, upper(), 0); /* MOVHPS */
	finish(l, i, XMM15);
}

/* The op's form of an instruction on singles. */
static void three(struct lower *l, const struct ir_ins *i, enum x86_insn op, unsigned d,
		  unsigned a, unsigned b)
{
	if (is_scalar(i))
		x86_vrr(HOT, fp_scalar(op, IR_F32), 0, 0, d, a, b);
	else
		x86_vrr(HOT, op, 0, is_full(i), d, a, b);
}

/* ---- arithmetic ---- */

static void binary(struct lower *l, const struct ir_ins *i, enum x86_insn op)
{
	widen(l, i, XMM14, i->a);
	widen(l, i, XMM13, i->b);
	three(l, i, op, XMM15, XMM14, XMM13);
	narrow(l, i, XMM15);
}

static void add(struct lower *l, const struct ir_ins *i)
{
	binary(l, i, X86_ADDPS);
}

static void subtract(struct lower *l, const struct ir_ins *i)
{
	binary(l, i, X86_SUBPS);
}

static void multiply(struct lower *l, const struct ir_ins *i)
{
	binary(l, i, X86_MULPS);
}

static void divide(struct lower *l, const struct ir_ins *i)
{
	binary(l, i, X86_DIVPS);
}

static void root(struct lower *l, const struct ir_ins *i)
{
	widen(l, i, XMM14, i->a);
	if (is_scalar(i))
		x86_vrr(HOT, fp_scalar(X86_SQRTPS, IR_F32), 0, 0, XMM15, XMM14, XMM14);
	else
		x86_vrr(HOT, X86_SQRTPS, 0, is_full(i), XMM15, 0, XMM14);
	narrow(l, i, XMM15);
}

/* In both orders, as in lower_vec_fp.c. */
static void extreme(struct lower *l, const struct ir_ins *i, enum x86_insn op,
		    enum x86_insn join)
{
	widen(l, i, XMM14, i->a);
	widen(l, i, XMM13, i->b);
	three(l, i, op, XMM15, XMM14, XMM13);
	three(l, i, op, XMM13, XMM13, XMM14);
	x86_vrr(HOT, join, 0, is_full(i), XMM15, XMM15, XMM13);
	narrow(l, i, XMM15);
}

static void larger(struct lower *l, const struct ir_ins *i)
{
	extreme(l, i, X86_MAXPS, X86_PAND);
}

static void smaller(struct lower *l, const struct ir_ins *i)
{
	extreme(l, i, X86_MINPS, X86_POR);
}

static void sign(struct lower *l, const struct ir_ins *i, enum x86_insn op, uint64_t lane)
{
	uint64_t mask = is_scalar(i) ? lane : lane * 0x0001000100010001;

	v3c(l, op, XMM15, vsrc(l, i->a, XMM15), mask, is_full(i) ? mask : 0);
	if (op == X86_PXOR && !is_full(i))
		v3c(l, X86_PAND, XMM15, XMM15, is_scalar(i) ? 0xffff : ~(uint64_t)0, 0);
	finish(l, i, XMM15);
}

static void absolute(struct lower *l, const struct ir_ins *i)
{
	sign(l, i, X86_PAND, 0x7fff);
}

static void negate(struct lower *l, const struct ir_ins *i)
{
	sign(l, i, X86_PXOR, 0x8000);
}

/* ---- a product and a sum ---- */

/* xmm15 = the doubles in xmm15, or with wide four in ymm15, as singles rounded to odd; neither denormal
 * ones nor too large ones come from halves. Uses xmm13, xmm14. */
static void to_odd_singles(struct lower *l, bool wide)
{
	/* the bits that a single has not; what is not zero carries into the last that it has */
	x86_vrr(HOT, X86_PCMPEQD, 0, wide, XMM13, XMM13, XMM13);
	x86_vrr(HOT, X86_PSRLQ_I, 0, wide, X86_EXT(X86_PSRLQ_I), XMM13, XMM13);
	x86_u8(HOT, 35);
	x86_vrr(HOT, X86_PAND, 0, wide, XMM14, XMM15, XMM13);
	x86_vrr(HOT, X86_PADDQ, 0, wide, XMM14, XMM14, XMM13);
	x86_vrr(HOT, X86_POR, 0, wide, XMM15, XMM15, XMM14);
	x86_vrr(HOT, X86_PANDN, 0, wide, XMM15, XMM13, XMM15);
	x86_vrr(HOT, X86_CVTPD2PS, 0, wide, XMM15, 0, XMM15);
}

/* xmm15 = xmm15 + xmm14 * slot b, of singles, rounded to odd. */
static void fused(struct lower *l, const struct ir_ins *i, enum x86_insn op, bool high)
{
	bool one = is_scalar(i);

	x86_vrr(HOT, X86_CVTPS2PD, 0, !one, XMM15, 0, XMM15);
	x86_vrr(HOT, X86_CVTPS2PD, 0, !one, XMM14, 0, XMM14);
	widen_four(l, i, XMM13, i->b, high);
	x86_vrr(HOT, X86_CVTPS2PD, 0, !one, XMM13, 0, XMM13);
	x86_vrr(HOT, one ? (enum x86_insn)(op + 1) : op, 1, !one, XMM15, XMM14, XMM13);
	to_odd_singles(l, !one);
}

static void four_fma(struct lower *l, const struct ir_ins *i, bool high)
{
	widen_four(l, i, XMM15, i->c, high);
	widen_four(l, i, XMM14, i->a, high);
	lower_fma_nans(l, X86_CMPPS, i->imm & 1 ? XMM14 : XMM15, XMM15);
	fused(l, i, lower_fma_op[i->imm & 3], high);
}

/*
 * A single that is neither a half nor in the middle between two was on the same side of these before it
 * was rounded: rounding it again is right. Only others (of which exact ones cannot be told apart, but
 * for +0) have to take the long way.
 */
static void multiply_add(struct lower *l, const struct ir_ins *i)
{
	enum x86_insn op = lower_fma_op[i->imm & 3];
	bool full = is_full(i);
	uint8_t *between, *end;

	lower_flags_clobber(l, i);
	widen(l, i, XMM15, i->c);
	widen(l, i, XMM14, i->a);
	widen(l, i, XMM13, i->b);
	x86_vrr(HOT, is_scalar(i) ? (enum x86_insn)(op + 1) : op, 0, full, XMM15, XMM14, XMM13);
	/* the twelve bits that a middle has not */
	x86_vrr(HOT, X86_PSLLD_I, 0, full, X86_EXT(X86_PSLLD_I), XMM14, XMM15);
	x86_u8(HOT, 20);
	vzero(l, XMM13);
	x86_vrr(HOT, X86_PCMPEQD, 0, full, XMM14, XMM14, XMM13);
	x86_vrr(HOT, X86_PCMPEQD, 0, full, XMM13, XMM15, XMM13);
	x86_vrr(HOT, X86_PANDN, 0, full, XMM14, XMM13, XMM14);
	x86_vrr(HOT, X86_MOVMSKPS, 0, full, RAX, 0, XMM14);
	x86_rr(HOT, X86_TEST_MR, W32, RAX, RAX);
	between = x86_jcc(HOT, CC_E, 0);
	by_fours(l, i, four_fma);
	end = x86_jmp(HOT, 0);
	x86_patch32(HOT, between, x86_here(HOT));
	narrow(l, i, XMM15);
	x86_patch32(HOT, end, x86_here(HOT));
}

static void four_step(struct lower *l, const struct ir_ins *i, bool high, uint64_t addend)
{
	if (!is_scalar(i))
		addend |= addend << 32;
	widen_four(l, i, XMM14, i->a, high);
	lower_fma_nans(l, X86_CMPPS, XMM14, XMM14);
	v2c(l, X86_MOVAPS, XMM15, addend, is_scalar(i) ? 0 : addend);
	fused(l, i, X86_VFNMADD231PS, high);
}

static void four_recps(struct lower *l, const struct ir_ins *i, bool high)
{
	four_step(l, i, high, 0x40000000);
}

static void four_rsqrts(struct lower *l, const struct ir_ins *i, bool high)
{
	const uint64_t half = 0x3f0000003f000000;

	four_step(l, i, high, 0x40400000);
	v3c(l, X86_MULPS, XMM15, XMM15, half, half);
}

static void recip_step(struct lower *l, const struct ir_ins *i)
{
	by_fours(l, i, four_recps);
}

static void rsqrt_step(struct lower *l, const struct ir_ins *i)
{
	by_fours(l, i, four_rsqrts);
}

/* ---- comparison ---- */

static void compare(struct lower *l, const struct ir_ins *i, unsigned imm8)
{
	widen(l, i, XMM14, i->a);
	widen(l, i, XMM13, i->b);
	three(l, i, X86_CMPPS, XMM15, XMM14, XMM13);
	x86_u8(HOT, imm8);
	if (is_full(i)) {
		x86_vrr(HOT, X86_VEXTRACTF128, 0, 1, XMM15, 0, XMM13);
		x86_u8(HOT, 1);
	} else {
		vzero(l, XMM13);
	}
	v3(l, X86_PACKSSDW, XMM15, XMM15, XMM13);
	finish(l, i, XMM15);
}

static void equal(struct lower *l, const struct ir_ins *i)
{
	compare(l, i, 0);
}

static void greater_equal(struct lower *l, const struct ir_ins *i)
{
	compare(l, i, 13);
}

static void greater(struct lower *l, const struct ir_ins *i)
{
	compare(l, i, 14);
}

/* ---- integers ---- */

static void four_round(struct lower *l, const struct ir_ins *i, bool high)
{
	widen_four(l, i, XMM14, i->a, high);
	lower_round(l, IR_F32, is_scalar(i), XMM14, (unsigned)i->imm);
}

static void round_int(struct lower *l, const struct ir_ins *i)
{
	by_fours(l, i, four_round);
}

static uint64_t power(int n)
{
	return (uint64_t)(127 + n) << 23 | (uint64_t)(127 + n) << 55;
}

/* Words in the low half of xmm15. As doublewords they are all there, or trap; if one does not fit, the
 * evaluator saturates it, and must not find that Inexact was reported. */
static void four_to_words(struct lower *l, const struct ir_ins *i, bool high)
{
	unsigned mode = (unsigned)i->imm & 0xff, fbits = (unsigned)(i->imm >> 8);
	bool sgn = i->fl & IRF_SGN;

	widen_four(l, i, XMM14, i->a, high);
	if (fbits)
		v3c(l, X86_MULPS, XMM14, XMM14, power((int)fbits), power((int)fbits));
	lower_round(l, IR_F32, false, XMM14, mode);
	if (mode == FP_ROUND_AWAY) /* it used xmm14 */
		widen_four(l, i, XMM14, i->a, high);
	v2(l, X86_CVTTPS2DQ, XMM15, XMM15);
	v3(l, sgn ? X86_PACKSSDW : X86_PACKUSDW, XMM13, XMM15, XMM15);
	v2(l, sgn ? X86_PMOVSXWD : X86_PMOVZXWD, XMM13, XMM13);
	v3(l, X86_PCMPEQD, XMM13, XMM13, XMM15);
	v2(l, X86_MOVMSKPS, RAX, XMM13);
	x86_gri(HOT, X86_CMP_I32, W32, RAX, 15);
	lower_interp_if(l, CC_NE);
	v2i(l, X86_ROUNDPS, XMM13, XMM14, 3);
	v3(l, sgn ? X86_PACKSSDW : X86_PACKUSDW, XMM15, XMM15, XMM15);
}

static void to_words(struct lower *l, const struct ir_ins *i)
{
	lower_flags_clobber(l, i);
	if (is_full(i)) {
		four_to_words(l, i, true);
		v2m(l, X86_MOVQ_MR, XMM15, upper());
	}
	four_to_words(l, i, false);
	if (is_full(i)) {
		x86_vrm(HOT, X86_MOVLHPS, 0, 0, XMM15, XMM15, upper(), 0);
		vend_full(l, i->d, XMM15);
	} else {
		vend_low(l, i->d, XMM15, is_scalar(i) ? 32 : 64, false);
	}
}

static void four_from_words(struct lower *l, const struct ir_ins *i, bool high)
{
	enum x86_insn extend = i->fl & IRF_SGN ? X86_PMOVSXWD : X86_PMOVZXWD;

	if (is_scalar(i)) {
		v3c(l, X86_PAND, XMM15, vsrc(l, i->a, XMM15), 0xffff, 0);
		v2(l, extend, XMM15, XMM15);
	} else if (high) {
		v2si(l, X86_PSHUFD, XMM15, i->a, 0xee);
		v2(l, extend, XMM15, XMM15);
	} else {
		v2(l, extend, XMM15, vsrc(l, i->a, XMM15));
	}
	v2(l, X86_CVTDQ2PS, XMM15, XMM15);
	if (i->imm)
		v3c(l, X86_MULPS, XMM15, XMM15, power(-(int)i->imm), power(-(int)i->imm));
}

static void from_words(struct lower *l, const struct ir_ins *i)
{
	by_fours(l, i, four_from_words);
}

/* From a general register, as a double. Quadwords have no fraction bits here: what is inexact then is far
 * beyond the largest half. */
static void from_integer(struct lower *l, const struct ir_ins *i)
{
	bool sgn = i->fl & IRF_SGN, wide = i->c == IR_I64;
	unsigned a = RAX;

	if (!sgn && wide)
		lower_flags_clobber(l, i);
	vzero(l, XMM15);
	if (i->a == IR_ZERO) {
		finish(l, i, XMM15);
		return;
	}
	a = lower_src(l, i->a, wide ? W64 : W32, RAX);
	if (!sgn) {
		x86_rr(HOT, X86_MOV, wide ? W64 : W32, RAX, a);
		a = RAX;
	}
	if (!sgn && wide) {
		x86_mov_ri(HOT, RCX, 1u << 30, true);
		x86_rr(HOT, X86_CMP, W64, RAX, RCX);
		x86_rr(HOT, X86_CMOV + CC_A, W64, RAX, RCX);
	}
	vraw(l, X86_CVTSI2SD, !sgn || wide, XMM15, XMM15, a);
	if (i->imm)
		v3c(l, VPP(X86_MULPS, X86_PP_66), XMM15, XMM15,
		    (uint64_t)(1023 - (int)i->imm) << 52, 0);
	to_odd_singles(l, false);
	narrow(l, i, XMM15);
}

/* What is small enough to become a denormal single, which may be flushed, is a call. */
static void from_double(struct lower *l, const struct ir_ins *i)
{
	const uint64_t magnitude = 0x7fffffffffffffff, small = 0x39b0000000000000; /* 2^-100 */
	struct lower_detour call;

	lower_flags_clobber(l, i);
	vmov(l, XMM15, vsrc_clean(l, i->a, 64, XMM15));
	v3c(l, X86_PAND, XMM13, XMM15, magnitude, 0);
	v3c(l, X86_PCMPGTQ, XMM14, XMM13, small, 0);
	v3c(l, X86_PCMPEQQ, XMM13, XMM13, 0, 0);
	v3(l, X86_POR, XMM14, XMM14, XMM13);
	v2(l, VPP(X86_MOVMSKPS, X86_PP_66), RAX, XMM14);
	x86_gri(HOT, X86_TEST_I32, W32, RAX, 1);
	call = lower_call_if(l, i, CC_E);
	to_odd_singles(l, false);
	narrow(l, i, XMM15);
	lower_call_end(l, &call);
}

/* ---- */

lower_fn *lower_half(const struct lower *l, const struct ir_ins *i)
{
	bool convert = l->feat->f16c && l->feat->fma && l->feat->avx2;

	switch (i->op) {
	case IR_FABS:
	case IR_VFABS: return absolute;
	case IR_FNEG:
	case IR_VFNEG: return negate;
	case IR_FCVT:
		if (i->c == IR_F64 && convert && !l->opt.exact_flush)
			return from_double;
		return lower_table[i->op];
	case IR_VFCVTL:
	case IR_VFCVTN:
	case IR_VFRECPE:
	case IR_VFRSQRTE: return lower_table[i->op];
	case IR_FCMP:
	case IR_FCCMP:
	case IR_FTOI: return convert ? lower_table[i->op] : NULL;
	case IR_ITOF: return convert && (i->c == IR_I32 || !i->imm) ? from_integer : NULL;
	default: break;
	}
	/* A tiny half would trap, which it need not. */
	if (!convert || l->opt.exact_flush)
		return NULL;
	switch (i->op) {
	case IR_FADD:
	case IR_VFADD: return add;
	case IR_FSUB:
	case IR_VFSUB: return subtract;
	case IR_FMUL:
	case IR_VFMUL:
	case IR_VFMULX: return multiply; /* zero times infinity traps */
	case IR_FDIV:
	case IR_VFDIV: return divide;
	case IR_FSQRT:
	case IR_VFSQRT: return root;
	case IR_FMAX:
	case IR_VFMAX:
	case IR_FMAXNM:
	case IR_VFMAXNM: return larger;
	case IR_FMIN:
	case IR_VFMIN:
	case IR_FMINNM:
	case IR_VFMINNM: return smaller;
	case IR_FMA:
	case IR_VFMA: return multiply_add;
	case IR_VFRECPS: return recip_step;
	case IR_VFRSQRTS: return rsqrt_step;
	case IR_VFCMEQ: return equal;
	case IR_VFCMGE: return greater_equal;
	case IR_VFCMGT: return greater;
	case IR_FRINT:
	case IR_VFRINT: return i->imm <= FP_ROUND_EXACT ? round_int : NULL;
	case IR_VFTOI: return to_words;
	case IR_VITOF: return from_words;
	default: return NULL;
	}
}
