/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Estimates of reciprocals and of reciprocals of roots.
 *
 * Numbers whose estimate is a normal number take their fraction from a table, lane by lane; the
 * exponent is a subtraction. It is all done with integers, since a division would report Inexact,
 * which an estimate never is. Zeros, denormal numbers, infinities, NaNs, negative roots and
 * results that are denormal are a call of the evaluator. tags: jit/x86 - estimates
 */
#include "jit/ir/softfloat.h"
#include "jit/x86/lower_vec.h"

/* By lane type, I16 to I64 alike. */
static const struct shape {
	unsigned frac, bias;
	enum x86_insn greater, subtract, left, right;
} shapes[] = {
	{ 10, 15, X86_PCMPGTW, X86_PSUBW, X86_PSLLW_I, X86_PSRLW_I },
	{ 23, 127, X86_PCMPGTD, X86_PSUBD, X86_PSLLD_I, X86_PSRLD_I },
	{ 52, 1023, X86_PCMPGTQ, X86_PSUBQ, X86_PSLLQ_I, X86_PSRLQ_I },
};

static const struct shape *shape_of(const struct ir_ins *i)
{
	return &shapes[ir_type_bytes(i->ty) >> 2];
}

/* A lane's constant in all of them. */
static uint64_t all(const struct shape *s, uint64_t x)
{
	if (s->frac == 10)
		return (x & 0xffff) * 0x0001000100010001;
	return s->frac == 23 ? (x & 0xffffffff) * 0x0000000100000001 : x;
}

/* Bytes of the op's lanes. */
static unsigned width(const struct ir_ins *i)
{
	if (i->fl & IRF_ONE)
		return ir_type_bytes(i->ty);
	return i->fl & IRF_Q ? 16 : 8;
}

/* xmm13 = in each lane, at a byte of it, what the table has for xmm14's byte there; rest zero. */
static void look_up(struct lower *l, const struct ir_ins *i, const uint8_t *table, unsigned byte)
{
	unsigned step = ir_type_bytes(i->ty);
	struct x86_mem entry = x86_sib(RCX, RAX, 0, 0);

	x86_mov_ri(HOT, RCX, (uint64_t)(uintptr_t)table, true);
	vzero(l, XMM13);
	for (unsigned at = byte; at < width(i); at += step) {
		if (vavx(l)) {
			vraw(l, X86_PEXTRB, false, XMM14, 0, RAX);
			x86_u8(HOT, at);
			x86_vrm(HOT, X86_PINSRB, 0, 0, XMM13, XMM13, entry, 1);
			x86_u8(HOT, at);
		} else {
			x86_rri(HOT, X86_PEXTRB, W32, XMM14, RAX, at);
			x86_rmi(HOT, X86_PINSRB, W32, XMM13, entry, at);
		}
	}
}

/* Calls unless all lanes of register x, as signed integers, are in low..high. Uses xmm13, xmm15. */
static struct lower_detour check_range(struct lower *l, const struct ir_ins *i, unsigned x,
				       uint64_t low, uint64_t high)
{
	const struct shape *s = shape_of(i);
	unsigned lanes = (1u << width(i)) - 1;

	v2c(l, X86_MOVAPS, XMM15, all(s, high + 1), all(s, high + 1));
	v3(l, s->greater, XMM15, XMM15, x);
	v3c(l, s->greater, XMM13, x, all(s, low - 1), all(s, low - 1));
	v3(l, X86_PAND, XMM15, XMM15, XMM13);
	v2(l, X86_PMOVMSKB, RAX, XMM15);
	if (lanes != 0xffff)
		x86_gri(HOT, X86_AND_I32, W32, RAX, (int32_t)lanes);
	x86_gri(HOT, X86_CMP_I32, W32, RAX, (int32_t)lanes);
	return lower_call_if(l, i, CC_NE);
}

void lower_VFRECPE(struct lower *l, const struct ir_ins *i)
{
	const struct shape *s = shape_of(i);
	uint64_t sign = (uint64_t)1 << (8 * ir_type_bytes(i->ty) - 1);
	uint64_t ones = all(s, sign - 1), top = all(s, (uint64_t)(2 * s->bias - 1) << s->frac);
	uint64_t exponent = all(s, 0 - ((uint64_t)1 << s->frac));
	struct lower_detour call;
	unsigned a;

	lower_flags_clobber(l, i);
	a = vsrc(l, i->a, XMM14);
	v3c(l, X86_PAND, XMM14, a, ones, ones);
	call = check_range(l, i, XMM14, (uint64_t)1 << s->frac,
			   ((uint64_t)(2 * s->bias - 1) << s->frac) - 1);
	/* 2 bias - 1 less the exponent; the sign is the top bit of the difference as well */
	v3c(l, X86_PAND, XMM13, vsrc(l, i->a, XMM13), exponent, exponent);
	v2c(l, X86_MOVAPS, XMM15, top, top);
	v3(l, s->subtract, XMM15, XMM15, XMM13);
	/* the fraction's upper eight bits in the lane's last byte but one, or first */
	if (s->frac == 10)
		vsh(l, s->right, XMM14, XMM14, 2);
	else
		vsh(l, s->left, XMM14, XMM14, s->frac == 23 ? 1 : 4);
	look_up(l, i, fp_recip_table, s->frac == 10 ? 0 : s->frac == 23 ? 2 : 6);
	if (s->frac == 10)
		vsh(l, s->left, XMM13, XMM13, 2);
	else
		vsh(l, s->right, XMM13, XMM13, s->frac == 23 ? 1 : 4);
	v3(l, X86_POR, XMM15, XMM15, XMM13);
	vend(l, i, XMM15, false);
	lower_call_end(l, &call);
}

void lower_VFRSQRTE(struct lower *l, const struct ir_ins *i)
{
	const struct shape *s = shape_of(i);
	/* the exponent is half of this less the operand's */
	uint64_t twice = all(s, (uint64_t)(3 * s->bias - 1) << s->frac);
	uint64_t exponent = all(s, (uint64_t)(2 * s->bias + 1) << s->frac);
	struct lower_detour call;
	unsigned a;

	lower_flags_clobber(l, i);
	a = vsrc_low(l, i->a, XMM14);
	call = check_range(l, i, a, (uint64_t)1 << s->frac,
			   ((uint64_t)(2 * s->bias + 1) << s->frac) - 1);
	v3c(l, X86_PAND, XMM13, a, exponent, exponent);
	v2c(l, X86_MOVAPS, XMM15, twice, twice);
	v3(l, s->subtract, XMM15, XMM15, XMM13);
	vsh(l, s->right, XMM15, XMM15, 1);
	v3c(l, X86_PAND, XMM15, XMM15, exponent, exponent);
	/* the exponent's lowest bit and the fraction's upper seven in one byte */
	if (s->frac == 10)
		vsh(l, s->right, XMM14, a, 3);
	else if (s->frac == 52)
		vsh(l, s->left, XMM14, a, 3);
	else
		vmov(l, XMM14, a);
	look_up(l, i, fp_rsqrt_table, s->frac == 10 ? 0 : s->frac == 23 ? 2 : 6);
	if (s->frac == 10)
		vsh(l, s->left, XMM13, XMM13, 2);
	else
		vsh(l, s->right, XMM13, XMM13, s->frac == 23 ? 1 : 4);
	v3(l, X86_POR, XMM15, XMM15, XMM13);
	vend(l, i, XMM15, false);
	lower_call_end(l, &call);
}

/* ---- of unsigned fractions, 32 bits ---- */

/* xmm15 = a table's bytes in xmm13, at the top, below a one; ones where xmm15 has zeros */
static void fraction(struct lower *l, const struct ir_ins *i)
{
	const uint64_t one = 0x8000000080000000, all_ones = ~(uint64_t)0;

	vsh(l, X86_PSRLD_I, XMM13, XMM13, 1);
	v3c(l, X86_PXOR, XMM15, XMM15, all_ones, all_ones);
	v3(l, X86_POR, XMM15, XMM15, XMM13);
	v3c(l, X86_POR, XMM15, XMM15, one, one);
	vend(l, i, XMM15, false);
}

void lower_VURECPE(struct lower *l, const struct ir_ins *i)
{
	vsh(l, X86_PSLLD_I, XMM14, vsrc(l, i->a, XMM14), 1);
	look_up(l, i, fp_recip_table, 3);
	vsh(l, X86_PSRAD_I, XMM15, vsrc(l, i->a, XMM15), 31);
	fraction(l, i);
}

void lower_VURSQRTE(struct lower *l, const struct ir_ins *i)
{
	const uint64_t rest = 0x7fffffff7fffffff;
	unsigned a = vsrc(l, i->a, XMM15);

	/* from 1/2 up the second bit and those behind it, below that from the first one on */
	vsh(l, X86_PSRAD_I, XMM13, a, 31);
	vsh(l, X86_PSLLD_I, XMM14, a, 1);
	v3c(l, X86_PAND, XMM15, a, rest, rest);
	v3(l, X86_PAND, XMM15, XMM15, XMM13);
	v3(l, X86_PANDN, XMM13, XMM13, XMM14);
	v3(l, X86_POR, XMM14, XMM15, XMM13);
	look_up(l, i, fp_rsqrt_table, 3);
	a = vsrc(l, i->a, XMM15);
	vsh(l, X86_PSLLD_I, XMM14, a, 1);
	v3(l, X86_POR, XMM15, a, XMM14);
	vsh(l, X86_PSRAD_I, XMM15, XMM15, 31);
	fraction(l, i);
}
