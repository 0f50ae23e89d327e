/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Vector moves: loads, stores, copies between register files and lanes, immediates, logic.
 * tags: jit/x86 - vector moves
 */
#include "jit/x86/lower_vec.h"

/* ---- memory ---- */

void lower_LDV(struct lower *l, const struct ir_ins *i)
{
	bool rcx_free;
	struct x86_mem m = lower_address(l, i, &rcx_free);
	unsigned d = vdst(l, i->d);

	switch (i->ty) {
	case IR_I8:
	case IR_I16:
		x86_rm(HOT, i->ty == IR_I8 ? X86_MOVZX8 : X86_MOVZX16, W32, RAX, m);
		v2(l, X86_MOVD, d, RAX);
		break;
	case IR_I32:
		v2m(l, X86_MOVSS, d, m);
		break;
	case IR_I64:
		v2m(l, X86_MOVSD, d, m);
		break;
	default:
		v2m(l, X86_MOVUPS, d, m);
		vend_full(l, i->d, d);
		return;
	}
	vend_low(l, i->d, d, i->ty == IR_I64 ? 64 : 32, true);
}

void lower_STV(struct lower *l, const struct ir_ins *i)
{
	bool rcx_free;
	struct x86_mem m = lower_address(l, i, &rcx_free);
	int r = lower_vreg(l, i->d);
	unsigned s = r < 0 ? (unsigned)XMM15 : (unsigned)r;

	if (vin_memory(l, i->d) && i->ty < IR_I128 && rcx_free) {
		/* From memory to memory through a general register. */
		static const uint8_t width[4] = { W8, W16, W32, W64 };

		x86_rm(HOT, X86_MOV, i->ty == IR_I64 ? W64 : W32, RCX, lower_vhome(i->d));
		x86_rm(HOT, i->ty == IR_I8 ? X86_MOV8_MR : X86_MOV_MR, width[i->ty], RCX, m);
		return;
	}
	if (r < 0)
		vload(l, XMM15, i->d);
	switch (i->ty) {
	case IR_I8:
	case IR_I16:
		if (s >= 16)
			x86_erm(HOT, i->ty == IR_I8 ? X86_PEXTRB : X86_PEXTRW, 0, s, 0, m, 1);
		else if (vavx(l))
			x86_vrm(HOT, i->ty == IR_I8 ? X86_PEXTRB : X86_PEXTRW, 0, 0, s, 0, m, 1);
		else
			x86_rmi(HOT, i->ty == IR_I8 ? X86_PEXTRB : X86_PEXTRW, W32, s, m, 0);
		if (vavx(l))
			x86_u8(HOT, 0);
		break;
	case IR_I32:
		v2m(l, X86_MOVSS_MR, s, m);
		break;
	case IR_I64:
		v2m(l, X86_MOVSD_MR, s, m);
		break;
	default:
		v2m(l, X86_MOVUPS_MR, s, m);
	}
}

/* ---- every lane ---- */

/* d = lane 0 of a in every lane of 128 bits */
static void spread(struct lower *l, unsigned ty, unsigned d, unsigned a)
{
	static const enum x86_insn broadcast[] = { X86_VPBROADCASTB, X86_VPBROADCASTW,
						   X86_VPBROADCASTD, X86_VPBROADCASTQ };

	if (ty == IR_I64) {
		v3(l, X86_PUNPCKLQDQ, d, a, a);
	} else if (l->feat->avx2) {
		v2(l, broadcast[ty], d, a);
	} else if (ty == IR_I32) {
		v2i(l, X86_PSHUFD, d, a, 0);
	} else if (ty == IR_I16) {
		v2i(l, X86_PSHUFLW, d, a, 0);
		v3(l, X86_PUNPCKLQDQ, d, d, d);
	} else {
		v3(l, X86_PUNPCKLBW, d, a, a);
		v2i(l, X86_PSHUFLW, d, d, 0);
		v3(l, X86_PUNPCKLQDQ, d, d, d);
	}
}

void lower_LDVDUP(struct lower *l, const struct ir_ins *i)
{
	static const enum x86_insn broadcast[] = { X86_VPBROADCASTB, X86_VPBROADCASTW,
						   X86_VPBROADCASTD, X86_VPBROADCASTQ };
	bool rcx_free;
	struct x86_mem m = lower_address(l, i, &rcx_free);
	unsigned d = vdst(l, i->d);

	if (i->ty == IR_I64 && !(i->fl & IRF_Q)) {
		v2m(l, X86_MOVSD, d, m);
		vend_low(l, i->d, d, 64, true);
		return;
	}
	if (i->ty == IR_I64) {
		v2m(l, X86_MOVDDUP, d, m);
	} else if (l->feat->avx2) {
		v2m(l, broadcast[i->ty], d, m);
	} else {
		if (i->ty == IR_I32) {
			v2m(l, X86_MOVSS, d, m);
		} else {
			x86_rm(HOT, i->ty == IR_I8 ? X86_MOVZX8 : X86_MOVZX16, W32, RAX, m);
			v2(l, X86_MOVD, d, RAX);
		}
		spread(l, i->ty, d, d);
	}
	vend(l, i, d, false);
}

static void movd(struct lower *l, unsigned d, unsigned gp, bool wide)
{
	if (vavx(l))
		vraw(l, X86_MOVD, wide, d, 0, gp);
	else
		x86_rr(HOT, X86_MOVD, wide ? W64 : W32, d, gp);
}

void lower_VDUP(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst(l, i->d);
	unsigned a = lower_src(l, i->a, W64, RAX);

	if (l->feat->avx512vl && i->ty != IR_I64 && (i->fl & IRF_Q)) {
		static const enum x86_insn from[] = { X86_VPBROADCASTB_R, X86_VPBROADCASTW_R,
						      X86_VPBROADCASTD_R };

		x86_err(HOT, from[i->ty], 0, d, 0, a);
		vend_full(l, i->d, d);
		return;
	}
	movd(l, d, a, i->ty == IR_I64);
	if (i->ty == IR_I64 && !(i->fl & IRF_Q)) {
		vend_low(l, i->d, d, 64, true);
		return;
	}
	spread(l, i->ty, d, d);
	vend(l, i, d, false);
}

void lower_VDUPE(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst(l, i->d);

	if (i->ty == IR_I32) {
		v2si(l, X86_PSHUFD, d, i->a, i->c * 0x55u);
	} else if (i->ty == IR_I64) {
		v2si(l, X86_PSHUFD, d, i->a, i->c ? 0xee : 0x44);
	} else if (i->c == 0) {
		spread(l, i->ty, d, vsrc(l, i->a, XMM14));
	} else {
		uint64_t pattern = i->ty == IR_I8 ? i->c * 0x0101010101010101 :
						    0x0100010001000100 +
							    i->c * 0x0202020202020202;

		v3c(l, X86_PSHUFB, d, vsrc(l, i->a, XMM14), pattern, pattern);
	}
	vend(l, i, d, false);
}

/* ---- one lane ---- */

void lower_VFROM(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst(l, i->d);
	int r = lower_reg(l, i->a);

	if (r < 0) {
		v2m(l, i->ty == IR_I64 ? X86_MOVSD : X86_MOVSS, d, lower_home(i->a));
	} else {
		movd(l, d, (unsigned)r, i->ty == IR_I64);
	}
	vend_low(l, i->d, d, i->ty == IR_I64 ? 64 : 32, true);
}

/* rm <- lane of an xmm register */
static void extract(struct lower *l, enum x86_insn op, bool wide, unsigned gp, unsigned a,
		    unsigned lane)
{
	if (vavx(l))
		vraw(l, op, wide, a, 0, gp);
	else
		x86_rr(HOT, op, wide ? W64 : W32, a, gp);
	x86_u8(HOT, lane);
}

void lower_VGET(struct lower *l, const struct ir_ins *i)
{
	unsigned d = lower_dst(l, i->d, RAX);
	bool sx64 = i->fl & IRF_SX64, sx = i->fl & (IRF_SX64 | IRF_SX32);
	unsigned w = sx64 ? W64 : W32;
	int r = lower_vreg(l, i->a);

	if (i->d == IR_ZERO)
		return;
	if (r < 0) {
		struct x86_mem m = lower_vhome(i->a);

		m.disp += (int)(i->c * ir_type_bytes(i->ty));
		switch (i->ty) {
		case IR_I8:
			x86_rm(HOT, sx ? X86_MOVSX8 : X86_MOVZX8, w, d, m);
			break;
		case IR_I16:
			x86_rm(HOT, sx ? X86_MOVSX16 : X86_MOVZX16, w, d, m);
			break;
		case IR_I32:
			x86_rm(HOT, sx64 ? X86_MOVSXD : X86_MOV, w, d, m);
			break;
		default:
			x86_rm(HOT, X86_MOV, W64, d, m);
		}
		lower_write(l, i->d, d);
		return;
	}
	unsigned a = (unsigned)r;

	switch (i->ty) {
	case IR_I8:
		extract(l, X86_PEXTRB, false, d, a, i->c);
		if (sx)
			x86_rr(HOT, X86_MOVSX8, w | W8, d, d);
		break;
	case IR_I16:
		extract(l, X86_PEXTRW, false, d, a, i->c);
		if (sx)
			x86_rr(HOT, X86_MOVSX16, w, d, d);
		break;
	default:
		if (i->c == 0) {
			if (vavx(l))
				vraw(l, X86_MOVD_MR, i->ty == IR_I64, a, 0, d);
			else
				x86_rr(HOT, X86_MOVD_MR, i->ty == IR_I64 ? W64 : W32, a, d);
		} else {
			extract(l, X86_PEXTRD, i->ty == IR_I64, d, a, i->c);
		}
		if (sx64 && i->ty == IR_I32)
			x86_rr(HOT, X86_MOVSXD, W64, d, d);
	}
	lower_write(l, i->d, d);
}

void lower_VLANE(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst(l, i->d), bytes = ir_type_bytes(i->ty), a;
	int r = lower_vreg(l, i->a);

	if (r < 0 && i->a != IR_ZERO && bytes >= 4) {
		struct x86_mem m = lower_vhome(i->a);

		m.disp += (int)(i->c * bytes);
		v2m(l, bytes == 8 ? X86_MOVSD : X86_MOVSS, d, m);
		vend_low(l, i->d, d, 8 * bytes, true);
		return;
	}
	a = vsrc(l, i->a, XMM14);
	if (bytes == 8 && i->c == 0) {
		vend_low(l, i->d, a, 64, vis_clean(l, i->a, 64));
	} else if (bytes == 8) {
		vsh(l, X86_PSRLDQ_I, d, a, 8);
		vend_low(l, i->d, d, 64, true);
	} else if (bytes == 4) {
		v3i(l, X86_INSERTPS, d, a, a, (unsigned)i->c << 6 | 0x0e);
		vend_low(l, i->d, d, 32, true);
	} else {
		extract(l, bytes == 1 ? X86_PEXTRB : X86_PEXTRW, false, RAX, a, i->c);
		movd(l, d, RAX, false);
		vend_low(l, i->d, d, 32, true);
	}
}

/* d = a with a lane from a general register */
static void insert(struct lower *l, unsigned ty, unsigned d, unsigned a, unsigned gp,
		   unsigned lane)
{
	static const enum x86_insn op[] = { X86_PINSRB, X86_PINSRW, X86_PINSRD, X86_PINSRD };

	if (vavx(l)) {
		vraw(l, op[ty], ty == IR_I64, d, a, gp);
		x86_u8(HOT, lane);
	} else {
		vmov(l, d, a);
		x86_rri(HOT, op[ty], ty == IR_I64 ? W64 : W32, d, gp, lane);
	}
}

void lower_VINS(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst(l, i->d), gp;

	if (vin_memory(l, i->d)) {
		/* The lane in its memory home. */
		static const uint8_t width[4] = { W8, W16, W32, W64 };
		struct x86_mem m = lower_vhome(i->d);

		m.disp += (int)(i->c * ir_type_bytes(i->ty));
		gp = lower_src(l, i->a, W64, RAX);
		x86_rm(HOT, i->ty == IR_I8 ? X86_MOV8_MR : X86_MOV_MR, width[i->ty], gp, m);
		l->vzero64 &= ~((uint64_t)1 << (i->d & 63));
		l->vzero32 &= ~((uint64_t)1 << (i->d & 63));
		return;
	}
	if (lower_vreg(l, i->d) < 0)
		vload(l, d, i->d);
	gp = lower_src(l, i->a, W64, RAX);
	insert(l, i->ty, d, d, gp, i->c);
	vend_full(l, i->d, d);
}

void lower_VINSE(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst(l, i->d), from = (unsigned)i->imm & 15, a;

	if (lower_vreg(l, i->d) < 0)
		vload(l, d, i->d);
	if (i->ty == IR_I64) {
		if (i->c && !from)
			v3s(l, X86_PUNPCKLQDQ, d, d, i->a);
		else if (i->c)
			v3si(l, VPP(X86_SHUFPS, X86_PP_66), d, d, i->a, 2);
		else if (!from)
			v3(l, X86_MOVSD, d, d, vsrc(l, i->a, XMM14));
		else
			v3(l, X86_MOVHLPS, d, d, vsrc(l, i->a, XMM14));
	} else if (i->ty == IR_I32) {
		a = vsrc(l, i->a, XMM14);
		v3i(l, X86_INSERTPS, d, d, a, from << 6 | (unsigned)i->c << 4);
	} else {
		a = vsrc(l, i->a, XMM14);
		extract(l, i->ty == IR_I8 ? X86_PEXTRB : X86_PEXTRW, false, RAX, a, from);
		insert(l, i->ty, d, d, RAX, i->c);
	}
	vend_full(l, i->d, d);
}

void lower_VMOV(struct lower *l, const struct ir_ins *i)
{
	unsigned a = vsrc(l, i->a, XMM15);

	vend(l, i, a, vis_clean(l, i->a, 64));
}

void lower_VIMM(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst(l, i->d);
	uint64_t lo = (uint64_t)i->imm, hi = i->fl & IRF_Q ? lo : 0;

	if (!lo)
		vzero(l, d);
	else if (!~lo && hi)
		vones(l, d);
	else
		v2c(l, X86_MOVAPS, d, lo, hi);
	if (i->fl & IRF_Q && lo)
		vend_full(l, i->d, d);
	else
		vend_low(l, i->d, d, lo >> 32 ? 64 : 32, true);
}

/* ---- logic ---- */

void lower_VAND(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst(l, i->d);

	v3s(l, X86_PAND, d, vsrc(l, i->a, XMM14), i->b);
	vend(l, i, d, vis_clean(l, i->a, 64) || vis_clean(l, i->b, 64));
}

void lower_VANDN(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst(l, i->d);

	v3s(l, X86_PANDN, d, vsrc(l, i->b, XMM14), i->a);
	vend(l, i, d, vis_clean(l, i->a, 64));
}

static void either(struct lower *l, const struct ir_ins *i, enum x86_insn op)
{
	unsigned d = vdst(l, i->d);

	v3s(l, op, d, vsrc(l, i->a, XMM14), i->b);
	vend(l, i, d, vis_clean(l, i->a, 64) && vis_clean(l, i->b, 64));
}

void lower_VOR(struct lower *l, const struct ir_ins *i)
{
	either(l, i, X86_POR);
}

void lower_VXOR(struct lower *l, const struct ir_ins *i)
{
	if (lower_crypto_absorbed(l))
		return;
	either(l, i, X86_PXOR);
}

void lower_VORN(struct lower *l, const struct ir_ins *i)
{
	vones(l, XMM15);
	v3s(l, X86_PXOR, XMM15, XMM15, i->b);
	v3s(l, X86_POR, XMM15, XMM15, i->a);
	vend(l, i, XMM15, false);
}

void lower_VNOT(struct lower *l, const struct ir_ins *i)
{
	vones(l, XMM15);
	v3s(l, X86_PXOR, XMM15, XMM15, i->a);
	vend(l, i, XMM15, false);
}

void lower_VBSL(struct lower *l, const struct ir_ins *i)
{
	bool clean = vis_clean(l, i->a, 64) && vis_clean(l, i->b, 64);
	int ra = lower_vreg(l, i->a), rb = lower_vreg(l, i->b), rc = lower_vreg(l, i->c);

	if (l->feat->avx512vl && rc >= 0 && vsame(l, i->d, (unsigned)rc)) {
		/* mask in the destination: d ? a : b */
		unsigned b = vsrc(l, i->b, XMM15), a = vsrc(l, i->a, XMM14);

		x86_err(HOT, X86_VPTERNLOGD, 0, (unsigned)rc, a, b);
		x86_u8(HOT, 0xca);
		vend(l, i, (unsigned)rc, clean);
		return;
	}
	if (l->feat->avx512vl && rb >= 0 && vsame(l, i->d, (unsigned)rb)) {
		unsigned c = vsrc(l, i->c, XMM15), a = vsrc(l, i->a, XMM14);

		/* index bits: d (b) 4, second (c) 2, third (a) 1: c ? a : b */
		x86_err(HOT, X86_VPTERNLOGD, 0, (unsigned)rb, c, a);
		x86_u8(HOT, 0xb8);
		vend(l, i, (unsigned)rb, clean);
		return;
	}
	if (l->feat->avx512vl && ra >= 0 && vsame(l, i->d, (unsigned)ra)) {
		unsigned c = vsrc(l, i->c, XMM15), b = vsrc(l, i->b, XMM14);

		/* d (a) 4, c 2, b 1: c ? a : b */
		x86_err(HOT, X86_VPTERNLOGD, 0, (unsigned)ra, c, b);
		x86_u8(HOT, 0xe2);
		vend(l, i, (unsigned)ra, clean);
		return;
	}
	/* b ^ ((a ^ b) & c) */
	vload(l, XMM15, i->b);
	v3s(l, X86_PXOR, XMM15, XMM15, i->a);
	v3s(l, X86_PAND, XMM15, XMM15, i->c);
	v3s(l, X86_PXOR, XMM15, XMM15, i->b);
	vend(l, i, XMM15, clean);
}
