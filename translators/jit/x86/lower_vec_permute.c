/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Vector permutations and table lookups. tags: jit/x86 - vector permutations
 */
#include "jit/x86/lower_vec.h"

static const enum x86_insn unpack_low[4] = { X86_PUNPCKLBW, X86_PUNPCKLWD, X86_PUNPCKLDQ,
					     X86_PUNPCKLQDQ };
static const enum x86_insn unpack_high[4] = { X86_PUNPCKHBW, X86_PUNPCKHWD, X86_PUNPCKHDQ,
					      X86_PUNPCKHQDQ };

void lower_VEXT(struct lower *l, const struct ir_ins *i)
{
	unsigned a = vsrc(l, i->a, XMM14), b;

	if (i->fl & IRF_Q) {
		unsigned d = vdst(l, i->d);

		b = vsrc(l, i->b, XMM13);
		v3i(l, X86_PALIGNR, d, b, a, i->c);
		vend_full(l, i->d, d);
		return;
	}
	v3s(l, X86_PUNPCKLQDQ, XMM15, a, i->b);
	if (i->c)
		vsh(l, X86_PSRLDQ_I, XMM15, XMM15, i->c);
	vend_low(l, i->d, XMM15, 64, false);
}

void lower_VZIP1(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst(l, i->d);

	v3s(l, unpack_low[i->ty], d, vsrc(l, i->a, XMM14), i->b);
	vend(l, i, d, false);
}

void lower_VZIP2(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst(l, i->d);

	if (i->fl & IRF_Q) {
		v3s(l, unpack_high[i->ty], d, vsrc(l, i->a, XMM14), i->b);
		vend_full(l, i->d, d);
	} else {
		v3s(l, unpack_low[i->ty], d, vsrc(l, i->a, XMM14), i->b);
		vsh(l, X86_PSRLDQ_I, d, d, 8);
		vend_low(l, i->d, d, 64, true);
	}
}

/* Even or odd lanes of 64-bit vectors: side by side first. */
static void unzip_half(struct lower *l, const struct ir_ins *i, bool odd)
{
	unsigned d = vdst(l, i->d);

	v3s(l, X86_PUNPCKLQDQ, d, vsrc(l, i->a, XMM14), i->b);
	if (i->ty == IR_I32) {
		v2i(l, X86_PSHUFD, d, d, odd ? 0xdd : 0x88);
		vend_low(l, i->d, d, 64, false);
		return;
	}
	if (i->ty == IR_I16)
		v3c(l, X86_PSHUFB, d, d, odd ? 0x0f0e0b0a07060302 : 0x0d0c090805040100,
		    0x8080808080808080);
	else
		v3c(l, X86_PSHUFB, d, d, odd ? 0x0f0d0b0907050301 : 0x0e0c0a0806040200,
		    0x8080808080808080);
	vend_low(l, i->d, d, 64, true);
}

/* xmm_d = the wanted lanes of a as the low (even) halves of double-width lanes, so that a
 * pack with saturation keeps them. */
static void isolate(struct lower *l, const struct ir_ins *i, bool odd, unsigned d, unsigned a)
{
	const uint64_t even8 = 0x00ff00ff00ff00ff;

	if (i->ty == IR_I8) {
		if (odd)
			vsh(l, X86_PSRLW_I, d, a, 8);
		else
			v3c(l, X86_PAND, d, a, even8, even8);
	} else if (odd) {
		vsh(l, X86_PSRAD_I, d, a, 16);
	} else {
		vsh(l, X86_PSLLD_I, d, a, 16);
		vsh(l, X86_PSRAD_I, d, d, 16);
	}
}

static void unzip(struct lower *l, const struct ir_ins *i, bool odd)
{
	enum x86_insn pack = i->ty == IR_I8 ? X86_PACKUSWB : X86_PACKSSDW;
	unsigned d = vdst(l, i->d);

	if (!(i->fl & IRF_Q)) {
		unzip_half(l, i, odd);
		return;
	}
	switch (i->ty) {
	case IR_I64:
		v3s(l, odd ? X86_PUNPCKHQDQ : X86_PUNPCKLQDQ, d, vsrc(l, i->a, XMM14), i->b);
		break;
	case IR_I32:
		v3si(l, X86_SHUFPS, d, vsrc(l, i->a, XMM14), i->b, odd ? 0xdd : 0x88);
		break;
	default:
		isolate(l, i, odd, XMM15, vsrc(l, i->a, XMM15));
		if (i->a == i->b) {
			v3(l, pack, d, XMM15, XMM15);
		} else if (i->b == IR_ZERO) {
			vzero(l, XMM14);
			v3(l, pack, d, XMM15, XMM14);
		} else {
			isolate(l, i, odd, XMM14, vsrc(l, i->b, XMM14));
			v3(l, pack, d, XMM15, XMM14);
		}
	}
	if (i->b == IR_ZERO && i->ty < IR_I32)
		vend_low(l, i->d, d, 64, true);
	else
		vend_full(l, i->d, d);
}

void lower_VUZP1(struct lower *l, const struct ir_ins *i)
{
	unzip(l, i, false);
}

void lower_VUZP2(struct lower *l, const struct ir_ins *i)
{
	unzip(l, i, true);
}

/* One operand shifted into place, then blended with the other. */
static void transpose(struct lower *l, const struct ir_ins *i, bool odd)
{
	bool clean = vis_clean(l, i->a, 64) && vis_clean(l, i->b, 64);
	const uint64_t even8 = 0x00ff00ff00ff00ff;
	unsigned a, b;

	if (i->ty == IR_I64) {
		unsigned d = vdst(l, i->d);

		v3s(l, odd ? X86_PUNPCKHQDQ : X86_PUNPCKLQDQ, d, vsrc(l, i->a, XMM14), i->b);
		vend(l, i, d, false);
		return;
	}
	a = vsrc_low(l, i->a, XMM14);
	b = vsrc_low(l, i->b, XMM13);
	switch (i->ty) {
	case IR_I8:
		if (odd) {
			vsh(l, X86_PSRLW_I, XMM15, a, 8);
			v3c(l, X86_PAND, XMM13, b, ~even8, ~even8);
		} else {
			vsh(l, X86_PSLLW_I, XMM15, b, 8);
			v3c(l, X86_PAND, XMM13, a, even8, even8);
		}
		v3(l, X86_POR, XMM15, XMM15, XMM13);
		break;
	case IR_I16:
		if (odd) {
			vsh(l, X86_PSRLD_I, XMM15, a, 16);
			v3i(l, X86_PBLENDW, XMM15, XMM15, b, 0xaa);
		} else {
			vsh(l, X86_PSLLD_I, XMM15, b, 16);
			v3i(l, X86_PBLENDW, XMM15, XMM15, a, 0x55);
		}
		break;
	default:
		if (odd) {
			vsh(l, X86_PSRLQ_I, XMM15, a, 32);
			v3i(l, X86_PBLENDW, XMM15, XMM15, b, 0xcc);
		} else {
			vsh(l, X86_PSLLQ_I, XMM15, b, 32);
			v3i(l, X86_PBLENDW, XMM15, XMM15, a, 0x33);
		}
	}
	vend(l, i, XMM15, clean);
}

void lower_VTRN1(struct lower *l, const struct ir_ins *i)
{
	transpose(l, i, false);
}

void lower_VTRN2(struct lower *l, const struct ir_ins *i)
{
	transpose(l, i, true);
}

void lower_VREV(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst(l, i->d), size = ir_type_bytes(i->ty), group = 1u << i->c;
	bool clean = vis_clean(l, i->a, 64);
	uint64_t half[2] = { 0, 0 };

	if (i->ty == IR_I32) {
		v2si(l, X86_PSHUFD, d, i->a, 0xb1);
	} else {
		for (unsigned k = 0; k < 16; k++) {
			unsigned lane = k / size ^ (group / size - 1);

			half[k / 8] |= (uint64_t)(lane * size + k % size) << k % 8 * 8;
		}
		v3c(l, X86_PSHUFB, d, vsrc(l, i->a, XMM14), half[0], half[1]);
	}
	vend(l, i, d, clean);
}

/* ---- tables ---- */

/* Does the slot hold what was just shifted right by four or more: no byte above 15? */
static bool is_nibbles(const struct lower *l, unsigned slot)
{
	const struct ir_block *b = &l->region->block[l->block];

	for (unsigned n = l->index, near = 16; n-- > b->first && near--;) {
		const struct ir_ins *i = &l->region->ins[n];

		if (!i->dead && vwrites(i, slot))
			return i->op == IR_VSHR && i->ty == IR_I8 && !(i->fl & IRF_SGN) &&
			       i->imm >= 4;
	}
	return false;
}

/* xmm15 = the bytes of table register n at idx; indices that are not its own give 0. */
static void look_up(struct lower *l, const struct ir_ins *i, unsigned n)
{
	const uint64_t over = 0x7070707070707070, step = n * 0x1010101010101010;
	unsigned reg = (i->a + n) & 31;

	/* From 16 up the addition sets bit 7, which makes pshufb write zero. */
	if (!n && is_nibbles(l, i->b)) {
		v3s(l, X86_PSHUFB, XMM15, vsrc(l, reg, XMM15), i->b);
	} else if (n) {
		v3c(l, X86_PSUBB, XMM14, vsrc(l, i->b, XMM14), step, step);
		v3c(l, X86_PADDUSB, XMM14, XMM14, over, over);
		vload(l, XMM13, reg);
		v3(l, X86_PSHUFB, XMM13, XMM13, XMM14);
		v3(l, X86_POR, XMM15, XMM15, XMM13);
	} else {
		v3c(l, X86_PADDUSB, XMM14, vsrc(l, i->b, XMM14), over, over);
		v3(l, X86_PSHUFB, XMM15, vsrc(l, reg, XMM15), XMM14);
	}
}

/* xmm_d = the bytes of table registers n and n + 1 at the indices in d; k says where they are
 * in these (and what lies beyond gives 0). */
static void look_up_two(struct lower *l, const struct ir_ins *i, unsigned n, unsigned d,
			unsigned k)
{
	unsigned first = vsrc(l, (i->a + n) & 31, XMM13), second = (i->a + n + 1) & 31;
	unsigned w = k == X86_K2 ? X86_MASK2_ZERO : X86_MASK3_ZERO;
	const uint64_t count = 0x2020202020202020;
	int r = lower_vreg(l, second);

	vmask_less(l, k, d, count);
	if (r >= 0)
		x86_err(HOT, X86_VPERMI2B, w, d, first, (unsigned)r);
	else
		x86_erm(HOT, X86_VPERMI2B, w, d, first, lower_vhome(second), 0);
}

/* xmm15 = the lookup in at least two registers, by AVX-512's table instruction. */
static void look_up_wide(struct lower *l, const struct ir_ins *i)
{
	const uint64_t step = 0x2020202020202020, over = 0x7070707070707070;

	vload(l, XMM15, i->b);
	look_up_two(l, i, 0, XMM15, X86_K2);
	if (i->c == 2)
		return;
	v3c(l, X86_PSUBB, XMM14, vsrc(l, i->b, XMM14), step, step);
	if (i->c == 3) {
		v3c(l, X86_PADDUSB, XMM14, XMM14, over, over);
		v3(l, X86_PSHUFB, XMM14, vsrc(l, (i->a + 2) & 31, XMM13), XMM14);
	} else {
		look_up_two(l, i, 2, XMM14, X86_K3);
	}
	v3(l, X86_POR, XMM15, XMM15, XMM14);
}

static void look_up_all(struct lower *l, const struct ir_ins *i)
{
	if (l->feat->avx512vbmi && i->c > 1) {
		look_up_wide(l, i);
		return;
	}
	for (unsigned n = 0; n < i->c; n++)
		look_up(l, i, n);
}

void lower_VTBL(struct lower *l, const struct ir_ins *i)
{
	look_up_all(l, i);
	vend(l, i, XMM15, false);
}

void lower_VTBX(struct lower *l, const struct ir_ins *i)
{
	uint64_t limit = i->c * 0x1010101010101010;

	look_up_all(l, i);
	if (l->feat->avx512vbmi) {
		/* d where the index is beyond the table */
		vmask_less(l, X86_K2, vsrc(l, i->b, XMM14), limit);
		x86_err(HOT, X86_VPBLENDMB, X86_MASK2, XMM15, vsrc(l, i->d, XMM14), XMM15);
		vend(l, i, XMM15, false);
		return;
	}
	/* d stays where max(index, limit) is the index */
	unsigned b = vsrc_low(l, i->b, XMM14);

	v3c(l, X86_PMAXUB, XMM13, b, limit, limit);
	v3(l, X86_PCMPEQB, XMM13, XMM13, b);
	v3s(l, X86_PAND, XMM13, XMM13, i->d);
	v3(l, X86_POR, XMM15, XMM15, XMM13);
	vend(l, i, XMM15, false);
}

/* ---- three registers as one ---- */

/* d = bytes of a, a+1, a+2: `from(k)` is the position of byte k in them. */
static void gather3(struct lower *l, const struct ir_ins *i, const uint8_t from[16], unsigned n)
{
	unsigned width = n; /* bytes per register */

	for (unsigned reg = 0; reg < 3; reg++) {
		uint64_t half[2] = { 0, 0 };
		unsigned s;

		for (unsigned k = 0; k < 16; k++) {
			unsigned index = 0x80;

			if (k < n && from[k] / width == reg)
				index = from[k] % width;
			half[k / 8] |= (uint64_t)index << k % 8 * 8;
		}
		s = vsrc(l, i->a + reg, XMM14);
		v3c(l, X86_PSHUFB, reg ? XMM14 : XMM15, s, half[0], half[1]);
		if (reg)
			v3(l, X86_POR, XMM15, XMM15, XMM14);
	}
	if (n == 16)
		vend_full(l, i->d, XMM15);
	else
		vend_low(l, i->d, XMM15, 64, true);
}

void lower_VDEAL3(struct lower *l, const struct ir_ins *i)
{
	unsigned n = i->fl & IRF_Q ? 16 : 8, size = ir_type_bytes(i->ty);
	uint8_t from[16];

	for (unsigned k = 0; k < n; k++)
		from[k] = (uint8_t)((3 * (k / size) + i->c) * size + k % size);
	gather3(l, i, from, n);
}

void lower_VRIFF3(struct lower *l, const struct ir_ins *i)
{
	unsigned n = i->fl & IRF_Q ? 16 : 8, size = ir_type_bytes(i->ty), lanes = n / size;
	uint8_t from[16];

	for (unsigned k = 0; k < n; k++) {
		unsigned lane = k / size + lanes * i->c;

		from[k] = (uint8_t)(lane % 3 * n + lane / 3 * size + k % size);
	}
	gather3(l, i, from, n);
}
