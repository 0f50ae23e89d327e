/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Vector integers that change the lane width, and the sums and extremes across lanes.
 * tags: jit/x86 - widening, narrowing, reductions
 */
#include "jit/x86/lower_vec.h"

/* ---- long ---- */

void lower_VXTL(struct lower *l, const struct ir_ins *i)
{
	static const enum x86_insn sx[3] = { X86_PMOVSXBW, X86_PMOVSXWD, X86_PMOVSXDQ };
	static const enum x86_insn zx[3] = { X86_PMOVZXBW, X86_PMOVZXWD, X86_PMOVZXDQ };
	static const enum x86_insn high[3] = { X86_PUNPCKHBW, X86_PUNPCKHWD, X86_PUNPCKHDQ };
	unsigned d = vdst(l, i->d);
	bool sgn = i->fl & IRF_SGN;

	if (!(i->fl & IRF_HI)) {
		v2s(l, (sgn ? sx : zx)[i->ty], d, i->a);
	} else if (vin_memory(l, i->a)) {
		struct x86_mem m = lower_vhome(i->a);

		m.disp += 8;
		v2m(l, (sgn ? sx : zx)[i->ty], d, m);
	} else if (sgn) {
		v2si(l, X86_PSHUFD, d, i->a, 0xee);
		v2(l, sx[i->ty], d, d);
	} else {
		vzero(l, XMM14);
		v3(l, high[i->ty], d, vsrc(l, i->a, XMM13), XMM14);
	}
	vend_full(l, i->d, d);
}

/* The op n places behind the one at hand, if it is op, on 128 bits of type ty. */
static const struct ir_ins *following(const struct lower *l, unsigned n, enum ir_op op,
				      unsigned ty)
{
	const struct ir_block *b = &l->region->block[l->block];
	const struct ir_ins *i = &l->region->ins[l->index + n];

	if (l->index + n >= b->first + (unsigned)b->count || i->dead || i->op != op ||
	    i->ty != ty || !(i->fl & IRF_Q))
		return NULL;
	return i;
}

/* The same if it is sum += addend. */
static bool adds(const struct lower *l, unsigned n, unsigned sum, unsigned addend)
{
	const struct ir_ins *i = following(l, n, IR_VADD, IR_I32);

	return i && i->d == sum && i->a == sum && i->b == addend;
}

/*
 * Products of both halves of the same words (SMULL or SMLAL, then SMLAL2) come to one
 * multiplication that adds neighbours, once lane k + 4 is beside lane k. Returns how many ops
 * that is; 0: no such.
 */
static unsigned word_pairs(const struct lower *l, const struct ir_ins *i, unsigned *ret_sum)
{
	unsigned n = 1, sum = i->d;
	const struct ir_ins *next;

	if (i->ty != IR_I16 || !(i->fl & IRF_SGN) || i->fl & IRF_HI)
		return 0;
	if (sum >= IR_VT0) {
		next = following(l, n, IR_VADD, IR_I32);
		sum = next ? next->d : (unsigned)IR_NONE;
		if (!adds(l, n++, sum, i->d))
			return 0;
	}
	if (sum >= IR_VT0 || sum == i->a || sum == i->b)
		return 0;
	next = following(l, n, IR_VMULL, IR_I16);
	if (!next || next->a != i->a || next->b != i->b || !(next->fl & IRF_SGN) ||
	    !(next->fl & IRF_HI) || next->d < IR_VT0 || !adds(l, n + 1, sum, next->d))
		return 0;
	*ret_sum = sum;
	return n + 2;
}

static void multiply_word_pairs(struct lower *l, const struct ir_ins *i, unsigned sum)
{
	const uint64_t lo = 0x0b0a030209080100, hi = 0x0f0e07060d0c0504;
	unsigned d = vdst(l, sum);

	v3c(l, X86_PSHUFB, XMM14, vsrc(l, i->a, XMM14), lo, hi);
	v3c(l, X86_PSHUFB, XMM13, vsrc(l, i->b, XMM13), lo, hi);
	if (i->d == sum) {
		v3(l, X86_PMADDWD, d, XMM14, XMM13);
	} else {
		v3(l, X86_PMADDWD, XMM14, XMM14, XMM13);
		v3s(l, X86_PADDD, d, XMM14, sum);
	}
	vend_full(l, sum, d);
}

void lower_VMULL(struct lower *l, const struct ir_ins *i)
{
	bool sgn = i->fl & IRF_SGN, high = i->fl & IRF_HI;
	unsigned a, b, d = vdst(l, i->d), sum, n = word_pairs(l, i, &sum);

	if (n) {
		multiply_word_pairs(l, i, sum);
		l->skip = l->index + n;
		return;
	}
	switch (i->ty) {
	case IR_I8:
		/* All 8-bit products fit 16 bits. */
		if (high) {
			v2si(l, X86_PSHUFD, XMM14, i->a, 0xee);
			v2si(l, X86_PSHUFD, XMM13, i->b, 0xee);
			v2(l, sgn ? X86_PMOVSXBW : X86_PMOVZXBW, XMM14, XMM14);
			v2(l, sgn ? X86_PMOVSXBW : X86_PMOVZXBW, XMM13, XMM13);
		} else {
			v2s(l, sgn ? X86_PMOVSXBW : X86_PMOVZXBW, XMM14, i->a);
			v2s(l, sgn ? X86_PMOVSXBW : X86_PMOVZXBW, XMM13, i->b);
		}
		v3(l, X86_PMULLW, d, XMM14, XMM13);
		break;
	case IR_I16:
		a = vsrc(l, i->a, XMM14);
		v3s(l, X86_PMULLW, XMM15, a, i->b);
		v3s(l, sgn ? X86_PMULHW : X86_PMULHUW, XMM13, a, i->b);
		v3(l, high ? X86_PUNPCKHWD : X86_PUNPCKLWD, d, XMM15, XMM13);
		break;
	default:
		/* lanes 0 and 1 (2 and 3) to the even positions */
		v2si(l, X86_PSHUFD, XMM14, i->a, high ? 0xfa : 0x50);
		v2si(l, X86_PSHUFD, XMM13, i->b, high ? 0xfa : 0x50);
		b = XMM13;
		v3(l, sgn ? X86_PMULDQ : X86_PMULUDQ, d, XMM14, b);
	}
	vend_full(l, i->d, d);
}

/* tmp = eight bytes of a slot as words */
static void take_bytes(struct lower *l, const struct ir_ins *i, unsigned tmp, unsigned slot)
{
	if (i->fl & IRF_HI) {
		v2si(l, X86_PSHUFD, tmp, slot, 0xee);
		v2(l, X86_PMOVZXBW, tmp, tmp);
	} else {
		v2(l, X86_PMOVZXBW, tmp, vsrc(l, slot, tmp));
	}
}

/* Horner's scheme: a's bits from the top, as signs. */
static void polynomial_words(struct lower *l, const struct ir_ins *i)
{
	struct x86_mem b = lower_state(CPU_OFF(vargs));

	take_bytes(l, i, XMM15, i->b);
	v2m(l, X86_MOVAPS_MR, XMM15, b);
	take_bytes(l, i, XMM14, i->a);
	vsh(l, X86_PSLLW_I, XMM14, XMM14, 8);
	for (unsigned bit = 0; bit < 8; bit++) {
		vzero(l, XMM13);
		v3(l, X86_PCMPGTW, XMM13, XMM13, XMM14);
		if (vavx(l))
			x86_vrm(HOT, X86_PAND, 0, 0, XMM13, XMM13, b, 0);
		else
			x86_rm(HOT, X86_PAND, W32, XMM13, b);
		if (bit) {
			v3(l, X86_PADDW, XMM15, XMM15, XMM15);
			v3(l, X86_PXOR, XMM15, XMM15, XMM13);
		} else {
			vmov(l, XMM15, XMM13);
		}
		if (bit < 7)
			v3(l, X86_PADDW, XMM14, XMM14, XMM14);
	}
	vend_full(l, i->d, XMM15);
}

void lower_VPMULL(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst_low(l, i->d), a, b;

	if (i->ty != IR_I64) {
		polynomial_words(l, i);
		return;
	}
	if (!l->feat->pclmul) {
		lower_crypto_call(l, i, i->fl & IRF_HI ? 1 : 0);
		return;
	}
	a = vsrc(l, i->a, XMM14);
	b = vsrc(l, i->b, XMM13);
	if (l->feat->vpclmul && (a | b | vdst(l, i->d)) >= 16) {
		d = vdst(l, i->d);
		x86_err(HOT, X86_PCLMULQDQ, 0, d, a, b);
		x86_u8(HOT, i->fl & IRF_HI ? 0x11 : 0x00);
		vend_full(l, i->d, d);
		return;
	}
	a = vlow(l, a, XMM14);
	b = vlow(l, b, XMM13);
	v3i(l, X86_PCLMULQDQ, d, a, b, i->fl & IRF_HI ? 0x11 : 0x00);
	vend_full(l, i->d, d);
}

/* ---- narrow ---- */

void lower_VXTN(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst(l, i->d);

	if (i->ty == IR_I32) {
		v2si(l, X86_PSHUFD, d, i->a, 0x88);
		vend_low(l, i->d, d, 64, false);
		return;
	}
	v3c(l, X86_PSHUFB, d, vsrc(l, i->a, XMM14),
	    i->ty == IR_I8 ? 0x0e0c0a0806040200 : 0x0d0c090805040100, 0x8080808080808080);
	vend_low(l, i->d, d, 64, true);
}

void lower_VQXTN(struct lower *l, const struct ir_ins *i)
{
	bool sgn = i->fl & IRF_SGN, to_unsigned = !sgn || i->imm;
	unsigned a;

	if (i->ty == IR_I32) {
		lower_call(l, i);
		return;
	}
	a = vsrc(l, i->a, XMM14);
	if (i->fl & IRF_ONE) {
		v3c(l, X86_PAND, XMM14, a, i->ty == IR_I8 ? 0xffff : 0xffffffff, 0);
		a = XMM14;
	}
	if (i->ty == IR_I8) {
		if (!sgn) {
			v3c(l, X86_PMINUW, XMM15, a, 0x00ff00ff00ff00ff, 0x00ff00ff00ff00ff);
			v3(l, X86_PXOR, XMM13, XMM15, a);
			vzero(l, XMM14);
			v3(l, X86_PACKUSWB, XMM15, XMM15, XMM14);
		} else {
			vzero(l, XMM13);
			v3(l, to_unsigned ? X86_PACKUSWB : X86_PACKSSWB, XMM15, a, XMM13);
			v2(l, to_unsigned ? X86_PMOVZXBW : X86_PMOVSXBW, XMM13, XMM15);
			v3(l, X86_PXOR, XMM13, XMM13, a);
		}
	} else {
		if (!sgn) {
			v3c(l, X86_PMINUD, XMM15, a, 0x0000ffff0000ffff, 0x0000ffff0000ffff);
			v3(l, X86_PXOR, XMM13, XMM15, a);
			vzero(l, XMM14);
			v3(l, X86_PACKUSDW, XMM15, XMM15, XMM14);
		} else {
			vzero(l, XMM13);
			v3(l, to_unsigned ? X86_PACKUSDW : X86_PACKSSDW, XMM15, a, XMM13);
			v2(l, to_unsigned ? X86_PMOVZXWD : X86_PMOVSXWD, XMM13, XMM15);
			v3(l, X86_PXOR, XMM13, XMM13, a);
		}
	}
	vsaturated(l, XMM13);
	vend_low(l, i->d, XMM15, 64, true);
}

/* ---- neighbours ---- */

void lower_VADDLP(struct lower *l, const struct ir_ins *i)
{
	bool clean = vis_clean(l, i->a, 64), sgn = i->fl & IRF_SGN;
	unsigned a = vsrc(l, i->a, XMM14);
	const uint64_t ones8 = 0x0101010101010101, ones16 = 0x0001000100010001;

	switch (i->ty) {
	case IR_I8:
		if (sgn) {
			v2c(l, X86_MOVAPS, XMM15, ones8, ones8);
			v3(l, X86_PMADDUBSW, XMM15, XMM15, a);
		} else {
			v3c(l, X86_PMADDUBSW, XMM15, a, ones8, ones8);
		}
		break;
	case IR_I16:
		if (sgn) {
			v3c(l, X86_PMADDWD, XMM15, a, ones16, ones16);
		} else {
			vsh(l, X86_PSRLD_I, XMM15, a, 16);
			v3c(l, X86_PAND, XMM13, a, 0x0000ffff0000ffff, 0x0000ffff0000ffff);
			v3(l, X86_PADDD, XMM15, XMM15, XMM13);
		}
		break;
	default:
		if (sgn) {
			v2i(l, X86_PSHUFD, XMM15, a, 0x08);
			v2i(l, X86_PSHUFD, XMM13, a, 0x0d);
			v2(l, X86_PMOVSXDQ, XMM15, XMM15);
			v2(l, X86_PMOVSXDQ, XMM13, XMM13);
		} else {
			vsh(l, X86_PSRLQ_I, XMM15, a, 32);
			v3c(l, X86_PAND, XMM13, a, 0x00000000ffffffff, 0x00000000ffffffff);
		}
		v3(l, X86_PADDQ, XMM15, XMM15, XMM13);
	}
	vend(l, i, XMM15, clean && !(sgn && i->ty == IR_I32));
}

/* ---- across lanes ---- */

/* xmm15 op= xmm15 with its halves swapped, down to groups of `bytes`; xmm13 is used. */
static void fold(struct lower *l, enum x86_insn op, bool q, unsigned bytes)
{
	if (q) {
		v2i(l, X86_PSHUFD, XMM13, XMM15, 0x4e);
		v3(l, op, XMM15, XMM15, XMM13);
	}
	if (bytes <= 4) {
		v2i(l, X86_PSHUFD, XMM13, XMM15, 0xb1);
		v3(l, op, XMM15, XMM15, XMM13);
	}
	if (bytes <= 2) {
		v2i(l, X86_PSHUFLW, XMM13, XMM15, 0xb1);
		v3(l, op, XMM15, XMM15, XMM13);
	}
	if (bytes <= 1) {
		vsh(l, X86_PSRLW_I, XMM13, XMM15, 8);
		v3(l, op, XMM15, XMM15, XMM13);
	}
}

/* The low `bytes` of xmm15 are the result. */
static void one_lane(struct lower *l, unsigned slot, unsigned bytes)
{
	if (bytes < 4) {
		v3c(l, X86_PAND, XMM15, XMM15, bytes == 1 ? 0xff : 0xffff, 0);
		vend_low(l, slot, XMM15, 32, true);
	} else {
		vend_low(l, slot, XMM15, 8 * bytes, false);
	}
}

void lower_VADDV(struct lower *l, const struct ir_ins *i)
{
	bool q = i->fl & IRF_Q;

	if (i->ty == IR_I8) {
		unsigned a = q ? vsrc(l, i->a, XMM14) : vsrc_clean(l, i->a, 64, XMM14);

		vzero(l, XMM15);
		v3(l, X86_PSADBW, XMM15, a, XMM15);
		if (q) {
			v2i(l, X86_PSHUFD, XMM13, XMM15, 0xee);
			v3(l, X86_PADDD, XMM15, XMM15, XMM13);
		}
		one_lane(l, i->d, 1);
		return;
	}
	vload(l, XMM15, i->a);
	fold(l, i->ty == IR_I16 ? X86_PADDW : X86_PADDD, q, ir_type_bytes(i->ty));
	one_lane(l, i->d, ir_type_bytes(i->ty));
}

void lower_VADDLV(struct lower *l, const struct ir_ins *i)
{
	bool q = i->fl & IRF_Q, sgn = i->fl & IRF_SGN;
	unsigned a = q ? vsrc(l, i->a, XMM14) : vsrc_clean(l, i->a, 64, XMM14);
	const uint64_t bias = 0x8080808080808080, ones16 = 0x0001000100010001;

	switch (i->ty) {
	case IR_I8:
		if (sgn) {
			v3c(l, X86_PXOR, XMM14, a, bias, q ? bias : 0);
			a = XMM14;
		}
		vzero(l, XMM15);
		v3(l, X86_PSADBW, XMM15, a, XMM15);
		if (q) {
			v2i(l, X86_PSHUFD, XMM13, XMM15, 0xee);
			v3(l, X86_PADDD, XMM15, XMM15, XMM13);
		}
		if (sgn)
			v3c(l, X86_PSUBD, XMM15, XMM15, q ? 128 * 16 : 128 * 8, 0);
		one_lane(l, i->d, 2);
		break;
	case IR_I16:
		if (sgn) {
			v3c(l, X86_PMADDWD, XMM15, a, ones16, ones16);
		} else {
			vsh(l, X86_PSRLD_I, XMM15, a, 16);
			v3c(l, X86_PAND, XMM13, a, 0x0000ffff0000ffff, 0x0000ffff0000ffff);
			v3(l, X86_PADDD, XMM15, XMM15, XMM13);
		}
		fold(l, X86_PADDD, q, 4);
		one_lane(l, i->d, 4);
		break;
	default:
		/* four lanes: the sums of the halves, as quadwords */
		v2i(l, X86_PSHUFD, XMM13, a, 0xee);
		v2(l, sgn ? X86_PMOVSXDQ : X86_PMOVZXDQ, XMM15, a);
		v2(l, sgn ? X86_PMOVSXDQ : X86_PMOVZXDQ, XMM13, XMM13);
		v3(l, X86_PADDQ, XMM15, XMM15, XMM13);
		v2i(l, X86_PSHUFD, XMM13, XMM15, 0xee);
		v3(l, X86_PADDQ, XMM15, XMM15, XMM13);
		one_lane(l, i->d, 8);
	}
}

/*
 * The host has the minimum of unsigned words: what has to be the smallest is made so, byte by
 * byte or word by word, by flipping bits, and flipped back.
 */
static void extreme_small(struct lower *l, const struct ir_ins *i, bool max)
{
	bool sgn = i->fl & IRF_SGN;
	uint64_t one = i->ty == IR_I8 ? 0x0101010101010101 : 0x0001000100010001;
	unsigned top = i->ty == IR_I8 ? 0x80 : 0x8000, all = 2 * top - 1;
	unsigned flip = (max ? all : 0) ^ (sgn ? top : 0);
	unsigned a = vsrc(l, i->a, XMM15);

	if (!(i->fl & IRF_Q)) {
		v3(l, X86_PUNPCKLQDQ, XMM15, a, a);
		a = XMM15;
	}
	if (flip) {
		v3c(l, X86_PXOR, XMM15, a, one * flip, one * flip);
		a = XMM15;
	}
	if (i->ty == IR_I8) {
		vsh(l, X86_PSRLW_I, XMM13, a, 8);
		v3(l, X86_PMINUB, XMM15, XMM13, a);
		a = XMM15;
	}
	v2(l, X86_PHMINPOSUW, XMM15, vlow(l, a, XMM15));
	/* The position is above the word. */
	if (flip == all) {
		v3c(l, X86_PANDN, XMM15, XMM15, all, 0);
	} else {
		v3c(l, X86_PAND, XMM15, XMM15, all, 0);
		if (flip)
			v3c(l, X86_PXOR, XMM15, XMM15, flip, 0);
	}
	vend_low(l, i->d, XMM15, 32, true);
}

static void extreme(struct lower *l, const struct ir_ins *i, const enum x86_insn signed_op[3],
		    const enum x86_insn unsigned_op[3])
{
	if (i->ty < IR_I32) {
		extreme_small(l, i, signed_op[0] == X86_PMAXSB);
		return;
	}
	vload(l, XMM15, i->a);
	fold(l, (i->fl & IRF_SGN ? signed_op : unsigned_op)[i->ty], i->fl & IRF_Q,
	     ir_type_bytes(i->ty));
	one_lane(l, i->d, ir_type_bytes(i->ty));
}

void lower_VMAXV(struct lower *l, const struct ir_ins *i)
{
	static const enum x86_insn max_s[3] = { X86_PMAXSB, X86_PMAXSW, X86_PMAXSD };
	static const enum x86_insn max_u[3] = { X86_PMAXUB, X86_PMAXUW, X86_PMAXUD };

	extreme(l, i, max_s, max_u);
}

void lower_VMINV(struct lower *l, const struct ir_ins *i)
{
	static const enum x86_insn min_s[3] = { X86_PMINSB, X86_PMINSW, X86_PMINSD };
	static const enum x86_insn min_u[3] = { X86_PMINUB, X86_PMINUW, X86_PMINUD };

	extreme(l, i, min_s, min_u);
}
