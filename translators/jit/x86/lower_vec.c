/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Operands, encodings and results of the vector lowering; see lower_vec.h.
 * tags: jit/x86 - vector operands
 */
#include "jit/x86/lower_vec.h"

/* ---- constants ---- */

/*
 * A 128-bit constant in the cold buffer, aligned; each only once per region. Cold code is
 * emitted in whole stretches that end in a jump, so the bytes are never run into.
 */
static uint64_t constant(struct lower *l, uint64_t lo, uint64_t hi)
{
	struct x86_buf *c = &l->cold;

	for (unsigned k = 0; k < l->nconsts; k++)
		if (l->consts[k].lo == lo && l->consts[k].hi == hi)
			return l->consts[k].at;
	while ((x86_here(c) & 15) != 0)
		x86_u8(c, 0xcc);
	uint64_t at = x86_here(c);

	x86_u64(c, lo);
	x86_u64(c, hi);
	if (l->nconsts < LOWER_MAX_CONSTS)
		l->consts[l->nconsts++] = (struct lower_const){ lo, hi, at };
	return at;
}

static const struct x86_mem rip = { .base = X86_RIP, .index = X86_NO_REG };

/* The instruction just emitted, with `tail` immediate bytes, refers to `at`. */
static void refer(struct lower *l, uint64_t at, unsigned tail)
{
	uint32_t rel = (uint32_t)(at - x86_here(HOT));

	__builtin_memcpy(l->hot.p - tail - 4, &rel, 4);
}

/* ---- encodings ---- */

/* The W bit of an op's EVEX form; those without one must not come here. */
static unsigned evex_w(enum x86_insn op)
{
	unsigned opc = X86_OPC(op), pp = X86_PP(op), map = X86_MAP(op);

	if (map == 1) {
		switch (opc) {
		case 0x10: case 0x11: case 0x12: case 0x14: case 0x15: case 0x16: case 0x17:
		case 0x28: case 0x29: case 0x2e: case 0x2f: case 0x51: case 0x54: case 0x55:
		case 0x56: case 0x57: case 0x58: case 0x59: case 0x5a: case 0x5c: case 0x5d:
		case 0x5e: case 0x5f: case 0xc6:
			return pp == X86_PP_66 || pp == X86_PP_F2;
		case 0x73: case 0x7e: case 0xd4: case 0xd6: case 0xf4: case 0xfb: case 0x6c:
		case 0x6d:
			return 1;
		default:
			return 0;
		}
	}
	if (map == 2)
		return opc == 0x28 || opc == 0x59;
	return opc == 0x09 || opc == 0x0b || opc == 0xce || opc == 0xcf;
}

/* The W bit of an op's VEX form. */
static unsigned vex_w(enum x86_insn op)
{
	return op == X86_GF2P8AFFINEQB || op == X86_GF2P8AFFINEINVQB;
}

#if DEVELOPER
static void check_evex(enum x86_insn op)
{
	unsigned opc = X86_OPC(op);

	switch (X86_MAP(op)) {
	case 1:
		/* compares, MOVMSK */
		if ((opc >= 0x64 && opc <= 0x66) || (opc >= 0x74 && opc <= 0x76) ||
		    opc == 0xc2 || opc == 0x50 || opc == 0xd7)
			__builtin_trap();
		break;
	case 2:
		if (opc == 0x29 || opc == 0x37 || opc == 0x17 || (opc >= 0xc8 && opc <= 0xdf))
			__builtin_trap();
		break;
	default:
		if (opc == 0x0e || opc == 0x44 || opc == 0x4a || opc == 0x4b)
			__builtin_trap();
	}
}
#else
static inline void check_evex(enum x86_insn op) { (void)op; }
#endif

static void vex_rr(struct lower *l, enum x86_insn op, unsigned d, unsigned a, unsigned b)
{
	if ((d | a | b) >= 16) {
		check_evex(op);
		x86_err(HOT, op, evex_w(op), d, a, b);
	} else {
		x86_vrr(HOT, op, vex_w(op), 0, d, a, b);
	}
}

static void vex_rm(struct lower *l, enum x86_insn op, unsigned d, unsigned a, struct x86_mem m,
		   unsigned tail)
{
	if ((d | a) >= 16) {
		check_evex(op);
		x86_erm(HOT, op, evex_w(op), d, a, m, tail);
	} else {
		x86_vrm(HOT, op, vex_w(op), 0, d, a, m, tail);
	}
}

void vraw(struct lower *l, enum x86_insn op, bool w, unsigned reg, unsigned vvvv, unsigned rm)
{
	if ((reg | vvvv | rm) >= 16)
		x86_err(HOT, op, w, reg, vvvv, rm);
	else
		x86_vrr(HOT, op, w, 0, reg, vvvv, rm);
}

unsigned vlow(struct lower *l, unsigned reg, unsigned tmp)
{
	if (reg < 16)
		return reg;
	v2(l, X86_MOVAPS, tmp, reg);
	return tmp;
}

void v2(struct lower *l, enum x86_insn op, unsigned d, unsigned a)
{
	if (vavx(l))
		vex_rr(l, op, d, 0, a);
	else
		x86_rr(HOT, op, W32, d, a);
}

void v2m(struct lower *l, enum x86_insn op, unsigned d, struct x86_mem m)
{
	if (vavx(l))
		vex_rm(l, op, d, 0, m, 0);
	else
		x86_rm(HOT, op, W32, d, m);
}

void v2i(struct lower *l, enum x86_insn op, unsigned d, unsigned a, unsigned imm8)
{
	v2(l, op, d, a);
	x86_u8(HOT, imm8);
}

void v2s(struct lower *l, enum x86_insn op, unsigned d, unsigned slot)
{
	int r = lower_vreg(l, slot);

	if (slot == IR_ZERO) {
		vzero(l, XMM14);
		v2(l, op, d, XMM14);
	} else if (r >= 0) {
		v2(l, op, d, (unsigned)r);
	} else {
		v2m(l, op, d, lower_vhome(slot));
	}
}

void v2si(struct lower *l, enum x86_insn op, unsigned d, unsigned slot, unsigned imm8)
{
	int r = lower_vreg(l, slot);

	if (r >= 0)
		v2(l, op, d, (unsigned)r);
	else if (vavx(l))
		vex_rm(l, op, d, 0, lower_vhome(slot), 1);
	else {
		x86_rmi(HOT, op, W32, d, lower_vhome(slot), imm8);
		return;
	}
	x86_u8(HOT, imm8);
}

/* Legacy forms overwrite their first source: copies a to d, or to a scratch register when d
 * is b. Returns the register to operate on. */
static unsigned two_operand(struct lower *l, unsigned d, unsigned a, unsigned b)
{
	unsigned t = d;

	if (d == a)
		return d;
	if (d == b)
		for (t = XMM15; t == a || t == b; t--)
			;
	x86_rr(HOT, X86_MOVAPS, W32, t, a);
	return t;
}

/* Integer ops whose operands may change places; those of floating point never may. */
static bool commutes(enum x86_insn op)
{
	switch (op) {
	case X86_PAND:
	case X86_POR:
	case X86_PXOR:
	case X86_PADDB:
	case X86_PADDW:
	case X86_PADDD:
	case X86_PADDQ:
	case X86_PCMPEQB:
	case X86_PCMPEQW:
	case X86_PCMPEQD:
	case X86_PCMPEQQ:
	case X86_PSADBW:
	case X86_PMULDQ:
	case X86_PMULLW:
		return true;
	default:
		return false;
	}
}

void v3(struct lower *l, enum x86_insn op, unsigned d, unsigned a, unsigned b)
{
	unsigned t;

	if (vavx(l)) {
		vex_rr(l, op, d, a, b);
		return;
	}
	if (d == b && commutes(op)) {
		b = a;
		a = d;
	}
	t = two_operand(l, d, a, b);
	x86_rr(HOT, op, W32, t, b);
	if (t != d)
		x86_rr(HOT, X86_MOVAPS, W32, d, t);
}

void v3i(struct lower *l, enum x86_insn op, unsigned d, unsigned a, unsigned b, unsigned imm8)
{
	unsigned t;

	if (vavx(l)) {
		vex_rr(l, op, d, a, b);
		x86_u8(HOT, imm8);
		return;
	}
	t = two_operand(l, d, a, b);
	x86_rri(HOT, op, W32, t, b, imm8);
	if (t != d)
		x86_rr(HOT, X86_MOVAPS, W32, d, t);
}

void v3s(struct lower *l, enum x86_insn op, unsigned d, unsigned a, unsigned slot)
{
	int r = lower_vreg(l, slot);

	if (r >= 0) {
		v3(l, op, d, a, (unsigned)r);
	} else if (slot == IR_ZERO) {
		unsigned t = a == XMM14 ? XMM15 : XMM14;

		vzero(l, t);
		v3(l, op, d, a, t);
	} else if (vavx(l)) {
		vex_rm(l, op, d, a, lower_vhome(slot), 0);
	} else {
		if (d != a)
			x86_rr(HOT, X86_MOVAPS, W32, d, a);
		x86_rm(HOT, op, W32, d, lower_vhome(slot));
	}
}

void v3s_lane0(struct lower *l, enum x86_insn op, bool w, unsigned d, unsigned a, unsigned slot)
{
	int r = lower_vreg(l, slot);

	if (slot == IR_ZERO) {
		r = a == XMM14 ? XMM15 : XMM14;
		vzero(l, (unsigned)r);
	}
	if (r >= 0)
		x86_err(HOT, op, w | X86_LANE0, d, a, (unsigned)r);
	else
		x86_erm(HOT, op, w | X86_LANE0, d, a, lower_vhome(slot), 0);
}

void v3si(struct lower *l, enum x86_insn op, unsigned d, unsigned a, unsigned slot,
	  unsigned imm8)
{
	int r = lower_vreg(l, slot);

	if (r >= 0) {
		v3i(l, op, d, a, (unsigned)r, imm8);
	} else if (slot == IR_ZERO) {
		unsigned t = a == XMM14 ? XMM15 : XMM14;

		vzero(l, t);
		v3i(l, op, d, a, t, imm8);
	} else if (vavx(l)) {
		vex_rm(l, op, d, a, lower_vhome(slot), 1);
		x86_u8(HOT, imm8);
	} else {
		if (d != a)
			x86_rr(HOT, X86_MOVAPS, W32, d, a);
		x86_rmi(HOT, op, W32, d, lower_vhome(slot), imm8);
	}
}

void v3c(struct lower *l, enum x86_insn op, unsigned d, unsigned a, uint64_t lo, uint64_t hi)
{
	uint64_t at = constant(l, lo, hi);

	if (vavx(l)) {
		vex_rm(l, op, d, a, rip, 0);
	} else {
		if (d != a)
			x86_rr(HOT, X86_MOVAPS, W32, d, a);
		x86_rm(HOT, op, W32, d, rip);
	}
	refer(l, at, 0);
}

void v3ci(struct lower *l, enum x86_insn op, unsigned d, unsigned a, uint64_t lo, uint64_t hi,
	  unsigned imm8)
{
	uint64_t at = constant(l, lo, hi);

	if (vavx(l)) {
		vex_rm(l, op, d, a, rip, 1);
		x86_u8(HOT, imm8);
	} else {
		if (d != a)
			x86_rr(HOT, X86_MOVAPS, W32, d, a);
		x86_rmi(HOT, op, W32, d, rip, imm8);
	}
	refer(l, at, 1);
}

void vmask_less(struct lower *l, unsigned k, unsigned a, uint64_t limit)
{
	uint64_t at = constant(l, limit, limit);

	x86_erm(HOT, X86_VPCMPUB, 0, k, a, rip, 1);
	x86_u8(HOT, 1);
	refer(l, at, 1);
}

void v2c(struct lower *l, enum x86_insn op, unsigned d, uint64_t lo, uint64_t hi)
{
	uint64_t at = constant(l, lo, hi);

	v2m(l, op, d, rip);
	refer(l, at, 0);
}

void vsh(struct lower *l, enum x86_insn op, unsigned d, unsigned a, unsigned imm8)
{
	if (vavx(l)) {
		vex_rr(l, op, X86_EXT(op), d, a);
		x86_u8(HOT, imm8);
	} else {
		if (d != a)
			x86_rr(HOT, X86_MOVAPS, W32, d, a);
		x86_gri8(HOT, op, W32, d, imm8);
	}
}

/* ---- slots ---- */

unsigned vsrc(struct lower *l, unsigned slot, unsigned tmp)
{
	int r = lower_vreg(l, slot);

	if (r >= 0)
		return (unsigned)r;
	vload(l, tmp, slot);
	return tmp;
}

void vload(struct lower *l, unsigned tmp, unsigned slot)
{
	int r = lower_vreg(l, slot);

	if (slot == IR_ZERO)
		vzero(l, tmp);
	else if (r >= 0)
		vmov(l, tmp, (unsigned)r);
	else
		v2m(l, X86_MOVAPS, tmp, lower_vhome(slot));
}

/* reg with zeros above its low 64 or 32 bits */
static void clean_up(struct lower *l, unsigned d, unsigned a, unsigned lane_bits)
{
	if (lane_bits == 64)
		v2(l, X86_MOVQ, d, a);
	else
		v3i(l, X86_INSERTPS, d, a, a, 0x0e);
}

unsigned vsrc_clean(struct lower *l, unsigned slot, unsigned lane_bits, unsigned tmp)
{
	int r = lower_vreg(l, slot);

	if (slot == IR_ZERO) {
		vzero(l, tmp);
		return tmp;
	}
	if (r < 0) {
		v2m(l, lane_bits == 64 ? X86_MOVSD : X86_MOVSS, tmp, lower_vhome(slot));
		return tmp;
	}
	if (vis_clean(l, slot, lane_bits))
		return (unsigned)r;
	clean_up(l, tmp, (unsigned)r, lane_bits);
	return tmp;
}

/* ---- results ---- */

static void note(struct lower *l, unsigned slot, bool zero64, bool zero32)
{
	uint64_t bit = (uint64_t)1 << (slot & 63);

	l->vzero64 = zero64 ? l->vzero64 | bit : l->vzero64 & ~bit;
	l->vzero32 = zero32 ? l->vzero32 | bit : l->vzero32 & ~bit;
}

static void put(struct lower *l, unsigned slot, unsigned reg)
{
	int r = lower_vreg(l, slot);

	if (r >= 0)
		vmov(l, (unsigned)r, reg);
	else if (slot < IR_VEC_COUNT)
		v2m(l, X86_MOVAPS_MR, reg, lower_vhome(slot));
}

void vend_full(struct lower *l, unsigned slot, unsigned reg)
{
	put(l, slot, reg);
	note(l, slot, false, false);
}

void vend_low(struct lower *l, unsigned slot, unsigned reg, unsigned lane_bits, bool clean)
{
	int r = lower_vreg(l, slot);

	if (clean) {
		put(l, slot, reg);
	} else if (r >= 0) {
		clean_up(l, (unsigned)r, reg, lane_bits);
	} else {
		clean_up(l, XMM15, reg, lane_bits);
		put(l, slot, XMM15);
	}
	note(l, slot, true, lane_bits == 32);
}

void vend(struct lower *l, const struct ir_ins *i, unsigned reg, bool clean64)
{
	unsigned bytes = ir_type_bytes(i->ty);

	if (i->fl & IRF_Q) {
		vend_full(l, i->d, reg);
	} else if ((i->fl & IRF_ONE) && bytes < 8) {
		if (bytes < 4) {
			v3c(l, X86_PAND, XMM15, reg, bytes == 1 ? 0xff : 0xffff, 0);
			vend_low(l, i->d, XMM15, 32, true);
		} else {
			vend_low(l, i->d, reg, 32, false);
		}
	} else {
		vend_low(l, i->d, reg, 64, clean64);
	}
}

void vsaturated(struct lower *l, unsigned reg)
{
	struct x86_mem qc = lower_state(CPU_OFF(qc) + 16 * (int)(l->index % CPU_QC_COUNT));

	if (vavx(l)) {
		x86_vrm(HOT, X86_POR, 0, 0, reg, reg, qc, 0);
	} else {
		x86_rm(HOT, X86_POR, W32, reg, qc);
	}
	v2m(l, X86_MOVAPS_MR, reg, qc);
}
