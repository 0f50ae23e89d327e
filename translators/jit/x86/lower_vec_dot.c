/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Products that are added up: bytes, and halves as singles; rounding to bfloat16.
 * tags: jit/x86 - dot products
 */
#include "jit/x86/lower_fp.h"

/* ---- bytes ---- */

static const uint64_t signs = 0x8080808080808080, quarter = 0x4040404040404040;
static const uint64_t correction = 0x0000020000000200; /* 4 * 128 */

/* d += four products of unsigned bytes of a and signed ones of b */
static void dot_unsigned_signed(struct lower *l, unsigned d, unsigned a, unsigned b)
{
	x86_err(HOT, X86_VPDPBUSD, 0, d, a, b);
}

/*
 * The host has unsigned times signed alone. a b = (a + 128) b - 128 b for signed bytes, and
 * -128 b = 128 ~b + 128; a b = a (b - 128) + 128 a for unsigned ones, 128 being no signed
 * byte. The sum is apart, so that sums in a loop wait for one addition.
 */
static void dot_vnni(struct lower *l, const struct ir_ins *i)
{
	bool sa = i->fl & IRF_SGN, sb = i->imm;
	unsigned a = vsrc(l, i->a, XMM14), b = vsrc(l, i->b, XMM13);

	if (sa != sb) {
		vload(l, XMM15, i->d);
		dot_unsigned_signed(l, XMM15, sa ? b : a, sa ? a : b);
	} else if (sb) {
		v3c(l, X86_PXOR, XMM14, a, signs, signs);
		v2c(l, X86_MOVAPS, XMM15, correction, correction);
		dot_unsigned_signed(l, XMM15, XMM14, b);
		v3c(l, X86_PXOR, XMM13, b, ~(uint64_t)0, ~(uint64_t)0);
		v2c(l, X86_MOVAPS, XMM14, signs, signs);
		dot_unsigned_signed(l, XMM15, XMM14, XMM13);
		v3s(l, X86_PADDD, XMM15, XMM15, i->d);
	} else {
		v3c(l, X86_PXOR, XMM13, b, signs, signs);
		vzero(l, XMM15);
		dot_unsigned_signed(l, XMM15, a, XMM13);
		v2c(l, X86_MOVAPS, XMM13, quarter, quarter);
		dot_unsigned_signed(l, XMM15, a, XMM13);
		dot_unsigned_signed(l, XMM15, a, XMM13);
		v3s(l, X86_PADDD, XMM15, XMM15, i->d);
	}
}

/* As words, all of whose products fit. */
static void dot_words(struct lower *l, const struct ir_ins *i)
{
	enum x86_insn xa = i->fl & IRF_SGN ? X86_PMOVSXBW : X86_PMOVZXBW;
	enum x86_insn xb = i->imm ? X86_PMOVSXBW : X86_PMOVZXBW;

	v2s(l, xa, XMM14, i->a);
	v2s(l, xb, XMM13, i->b);
	v3(l, X86_PMADDWD, XMM14, XMM14, XMM13);
	if (i->fl & IRF_Q) {
		v2si(l, X86_PSHUFD, XMM13, i->a, 0xee);
		v2si(l, X86_PSHUFD, XMM15, i->b, 0xee);
		v2(l, xa, XMM13, XMM13);
		v2(l, xb, XMM15, XMM15);
		v3(l, X86_PMADDWD, XMM13, XMM13, XMM15);
		v3(l, X86_PHADDD, XMM14, XMM14, XMM13);
	} else {
		v3(l, X86_PHADDD, XMM14, XMM14, XMM14);
	}
	v3s(l, X86_PADDD, XMM15, XMM14, i->d);
}

void lower_VDOT(struct lower *l, const struct ir_ins *i)
{
	if (l->feat->avx512vnni)
		dot_vnni(l, i);
	else
		dot_words(l, i);
	vend(l, i, XMM15, false);
}

/* ---- halves ---- */

/* d = the halves of a slot that the op takes, as singles; none that is not taken */
static void take_halves(struct lower *l, const struct ir_ins *i, unsigned d, unsigned slot)
{
	bool high = i->fl & IRF_HI;
	unsigned a;

	if (!(i->fl & IRF_Q)) {
		a = vsrc(l, slot, d);
		v3i(l, X86_INSERTPS, d, a, a, high ? 0x4e : 0x0e);
		v2(l, X86_VCVTPH2PS, d, d);
	} else if (high) {
		v2si(l, X86_PSHUFD, d, slot, 0xee);
		v2(l, X86_VCVTPH2PS, d, d);
	} else {
		v2(l, X86_VCVTPH2PS, d, vsrc_low(l, slot, d));
	}
}

void lower_VFMLAL(struct lower *l, const struct ir_ins *i)
{
	unsigned c;

	if (!l->feat->fma || !l->feat->f16c) {
		lower_call(l, i);
		return;
	}
	c = i->fl & IRF_Q ? vsrc(l, i->d, XMM15) : vsrc_clean(l, i->d, 64, XMM15);
	vmov(l, XMM15, c);
	take_halves(l, i, XMM14, i->a);
	lower_fma_nans(l, X86_CMPPS, i->imm ? XMM14 : XMM15, XMM15);
	take_halves(l, i, XMM13, i->b);
	x86_vrr(HOT, i->imm ? X86_VFNMADD231PS : X86_VFMADD231PS, 0, 0, XMM15, XMM14, XMM13);
	if (i->fl & IRF_Q)
		vend_full(l, i->d, XMM15);
	else
		vend_low(l, i->d, XMM15, 64, !i->imm);
}

/* ---- bfloat16 ---- */

/* Rounding to nearest of what neither is nor becomes a NaN, an infinity or a denormal. */
void lower_VBFCVT(struct lower *l, const struct ir_ins *i)
{
	const uint64_t magnitude = 0x7fffffff7fffffff, least = 0x0080000000800000;
	const uint64_t most = 0x7f7f7fff7f7f7fff, half = 0x00007fff00007fff;
	const uint64_t lost = 0x0000ffff0000ffff, one = 0x0000000100000001;
	const int32_t modes = 0x01c00000; /* FZ, RMode */

	lower_flags_clobber(l, i);
	x86_gmi(HOT, X86_TEST_I32, W32, lower_state(CPU_OFF(fpcr)), modes);
	lower_interp_if(l, CC_NE);
	vmov(l, XMM14, i->fl & IRF_ONE ? vsrc_clean(l, i->a, 32, XMM14) : vsrc(l, i->a, XMM14));
	/* xmm13 = lanes out of range, but for zeros */
	v3c(l, X86_PAND, XMM15, XMM14, magnitude, magnitude);
	v3c(l, X86_PMAXUD, XMM13, XMM15, least, least);
	v3c(l, X86_PMINUD, XMM13, XMM13, most, most);
	v3(l, X86_PXOR, XMM13, XMM13, XMM15);
	v3c(l, X86_PCMPEQD, XMM13, XMM13, 0, 0);
	v3c(l, X86_PCMPEQD, XMM15, XMM15, 0, 0);
	v3(l, X86_POR, XMM13, XMM13, XMM15);
	v2(l, X86_MOVMSKPS, RAX, XMM13);
	x86_gri(HOT, X86_CMP_I32, W32, RAX, 15);
	lower_interp_if(l, CC_NE);
	/* Inexact */
	v3c(l, X86_PAND, XMM13, XMM14, lost, lost);
	v2(l, X86_PTEST, XMM13, XMM13);
	x86_rr(HOT, X86_SETCC + CC_NE, W8, 0, RAX);
	x86_gri8(HOT, X86_SHL_I, W32, RAX, 4);
	x86_rm(HOT, X86_OR8_MR, W8, RAX, lower_state(CPU_OFF(fpsr)));
	/* half of the last place, less one if that is even, is added */
	vsh(l, X86_PSRLD_I, XMM15, XMM14, 16);
	v3c(l, X86_PAND, XMM15, XMM15, one, one);
	v3(l, X86_PADDD, XMM15, XMM15, XMM14);
	v3c(l, X86_PADDD, XMM15, XMM15, half, half);
	vsh(l, X86_PSRLD_I, XMM15, XMM15, 16);
	vzero(l, XMM14);
	v3(l, X86_PACKUSDW, XMM15, XMM15, XMM14);
	vend_low(l, i->d, XMM15, i->fl & IRF_ONE ? 32 : 64, true);
}

/* ---- FJCVTZS ---- */

void lower_FJCVT(struct lower *l, const struct ir_ins *i)
{
	struct x86_mem nzcv = lower_state(CPU_OFF(nzcv));
	unsigned a;
	uint8_t *wide;
	uint64_t back;

	lower_flags_clobber(l, i);
	a = vlow(l, vsrc(l, i->a, XMM14), XMM14);
	/* Truncated without a report: as a quadword, whose low half is the result. Beyond that
	 * the host traps. */
	v3i(l, (enum x86_insn)(X86_ROUNDPS + 3), XMM15, a, a, 11);
	if (vavx(l))
		x86_vrr(HOT, X86_CVTTSD2SI, 1, 0, RAX, 0, XMM15);
	else
		x86_rr(HOT, X86_CVTTSD2SI, W64, RAX, XMM15);
	x86_rr(HOT, X86_MOVSXD, W64, RCX, RAX);
	x86_rr(HOT, X86_CMP, W64, RCX, RAX);
	wide = x86_jcc(HOT, CC_NE, 0);
	/* Inexact, if so */
	if (vavx(l))
		x86_vrr(HOT, X86_CVTTSD2SI, 0, 0, RCX, 0, a);
	else
		x86_rr(HOT, X86_CVTTSD2SI, W32, RCX, a);
	/* Z: nothing went, and no -0 */
	v3i(l, VPP(X86_CMPPS, X86_PP_F2), XMM13, XMM15, a, 0);
	vzero(l, XMM14);
	if (vavx(l))
		x86_vrr(HOT, X86_CVTSI2SD, 0, 0, XMM14, XMM14, RAX);
	else
		x86_rr(HOT, X86_CVTSI2SD, W32, XMM14, RAX);
	v3(l, X86_PCMPEQQ, XMM15, XMM15, XMM14);
	v3(l, X86_PAND, XMM15, XMM15, XMM13);
	if (vavx(l))
		x86_vrr(HOT, X86_MOVD_MR, 0, 0, XMM15, 0, RCX);
	else
		x86_rr(HOT, X86_MOVD_MR, W32, XMM15, RCX);
	x86_gri(HOT, X86_AND_I32, W32, RCX, CPU_NZCV_Z);
	back = x86_here(HOT);
	x86_gri(HOT, X86_OR_I32, W32, RCX, CPU_NZCV_NC);
	x86_rm(HOT, X86_MOV_MR, W16, RCX, nzcv);
	x86_rr(HOT, X86_MOV, W32, RAX, RAX);
	lower_write(l, i->d, RAX);
	lower_flags_home(l);
	/* out of range: Invalid alone */
	x86_patch32(HOT, wide, x86_here(&l->cold));
	x86_gmi(&l->cold, X86_OR_I32, W8, lower_state(CPU_OFF(fpsr)), 1);
	x86_mov_ri(&l->cold, RCX, 0, true);
	x86_jmp(&l->cold, back);
}
