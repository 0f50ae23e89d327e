/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Vector shifts. x86 has none of bytes: words and a mask. tags: jit/x86 - vector shifts
 */
#include "jit/x86/lower_vec.h"

static uint64_t bytes(unsigned value)
{
	return (value & 0xff) * 0x0101010101010101;
}

void lower_VSHL(struct lower *l, const struct ir_ins *i)
{
	static const enum x86_insn op[4] = { X86_PSLLW_I, X86_PSLLW_I, X86_PSLLD_I,
					     X86_PSLLQ_I };
	unsigned d = vdst(l, i->d), n = (unsigned)i->imm;
	bool clean = vis_clean(l, i->a, 64);
	unsigned a = vsrc(l, i->a, XMM14);

	if (!n) {
		vend(l, i, a, clean);
		return;
	}
	vsh(l, op[i->ty], d, a, n);
	if (i->ty == IR_I8)
		v3c(l, X86_PAND, d, d, bytes(0xffu << n), bytes(0xffu << n));
	vend(l, i, d, clean);
}

static void shift_right_logical(struct lower *l, const struct ir_ins *i)
{
	static const enum x86_insn op[4] = { X86_PSRLW_I, X86_PSRLW_I, X86_PSRLD_I,
					     X86_PSRLQ_I };
	unsigned d = vdst(l, i->d), n = (unsigned)i->imm;
	bool clean = vis_clean(l, i->a, 64);

	if (n >= 8 * ir_type_bytes(i->ty)) {
		vzero(l, d);
		clean = true;
	} else {
		vsh(l, op[i->ty], d, vsrc(l, i->a, XMM14), n);
		if (i->ty == IR_I8)
			v3c(l, X86_PAND, d, d, bytes(0xffu >> n), bytes(0xffu >> n));
	}
	vend(l, i, d, clean);
}

void lower_VSHR(struct lower *l, const struct ir_ins *i)
{
	unsigned n = (unsigned)i->imm, d = vdst(l, i->d), a;
	bool clean = vis_clean(l, i->a, 64);
	uint64_t c;

	if (!(i->fl & IRF_SGN)) {
		shift_right_logical(l, i);
		return;
	}
	a = vsrc(l, i->a, XMM14);
	switch (i->ty) {
	case IR_I8:
		if (n >= 7) {
			a = vlow(l, a, XMM14);
			vzero(l, XMM15);
			v3(l, X86_PCMPGTB, XMM15, XMM15, a);
		} else {
			/* the sign bit moves to 0x80 >> n; (x ^ m) - m extends it */
			c = bytes(0x80u >> n);
			vsh(l, X86_PSRLW_I, XMM15, a, n);
			v3c(l, X86_PAND, XMM15, XMM15, bytes(0xffu >> n), bytes(0xffu >> n));
			v3c(l, X86_PXOR, XMM15, XMM15, c, c);
			v3c(l, X86_PSUBB, XMM15, XMM15, c, c);
		}
		d = XMM15;
		break;
	case IR_I16:
		vsh(l, X86_PSRAW_I, d, a, n > 15 ? 15 : n);
		break;
	case IR_I32:
		vsh(l, X86_PSRAD_I, d, a, n > 31 ? 31 : n);
		break;
	default:
		if (l->feat->avx512vl) {
			x86_err(HOT, X86_VPSRAQ_I, 1, X86_EXT(X86_VPSRAQ_I), d, a);
			x86_u8(HOT, n > 63 ? 63 : n);
		} else if (n >= 63) {
			vsh(l, X86_PSRAD_I, XMM15, a, 31);
			v2i(l, X86_PSHUFD, XMM15, XMM15, 0xf5);
			d = XMM15;
		} else {
			c = (uint64_t)1 << (63 - n);
			vsh(l, X86_PSRLQ_I, XMM15, a, n);
			v3c(l, X86_PXOR, XMM15, XMM15, c, c);
			v3c(l, X86_PSUBQ, XMM15, XMM15, c, c);
			d = XMM15;
		}
	}
	vend(l, i, d, clean);
}
