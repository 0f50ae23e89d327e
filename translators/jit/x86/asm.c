/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Encoders for the forms that are too long to be inline. tags: jit/x86 - encoder
 */
#include "jit/x86/asm.h"

static inline void modrm_reg(struct x86_buf *b, unsigned reg, unsigned rm)
{
	x86_u8(b, 0xc0 | (reg & 7) << 3 | (rm & 7));
}

void x86_modrm_mem(struct x86_buf *b, unsigned reg, struct x86_mem m, unsigned tail)
{
	unsigned r = (reg & 7) << 3;
	unsigned mod;

	if (m.base == X86_RIP) {
		x86_u8(b, r | 5);
		x86_u32(b, (uint32_t)(m.disp - 4 - (int32_t)tail));
		return;
	}
	if (m.base == X86_NO_REG) {
		/* [disp32] or [index << scale + disp32]: SIB without a base */
		x86_u8(b, r | 4);
		x86_u8(b, (unsigned)m.scale << 6 |
			       (m.index == X86_NO_REG ? 4u : (unsigned)m.index & 7) << 3 | 5);
		x86_u32(b, (uint32_t)m.disp);
		return;
	}
	if (m.disp == 0 && (m.base & 7) != 5)
		mod = 0x00;
	else if (m.disp >= -128 && m.disp <= 127)
		mod = 0x40;
	else
		mod = 0x80;
	if (m.index != X86_NO_REG || (m.base & 7) == 4) {
		unsigned index = m.index == X86_NO_REG ? 4 : (unsigned)m.index & 7;

		x86_u8(b, mod | r | 4);
		x86_u8(b, (unsigned)m.scale << 6 | index << 3 | ((unsigned)m.base & 7));
	} else {
		x86_u8(b, mod | r | ((unsigned)m.base & 7));
	}
	if (mod == 0x40)
		x86_u8(b, (uint8_t)m.disp);
	else if (mod == 0x80)
		x86_u32(b, (uint32_t)m.disp);
}

static inline void prefixes(struct x86_buf *b, unsigned op, unsigned w, unsigned rex,
			    bool byte_reg)
{
	static const uint8_t pp[4] = { 0, 0x66, 0xf3, 0xf2 };

	if (w & X86_LOCK)
		x86_u8(b, 0xf0);
	if (w & W16)
		x86_u8(b, 0x66);
	if (X86_PP(op))
		x86_u8(b, pp[X86_PP(op)]);
	if (w & W64)
		rex |= 8;
	if (rex || byte_reg)
		x86_u8(b, 0x40 | rex);
	if (X86_MAP(op)) {
		x86_u8(b, 0x0f);
		if (X86_MAP(op) == 2)
			x86_u8(b, 0x38);
		else if (X86_MAP(op) == 3)
			x86_u8(b, 0x3a);
	}
	x86_u8(b, X86_OPC(op));
}

static inline unsigned mem_rex(struct x86_mem m)
{
	return (m.base > 7) | (m.index > 7) << 1;
}

void x86_rr(struct x86_buf *b, enum x86_insn op, unsigned w, unsigned reg, unsigned rm)
{
	prefixes(b, op, w, (reg >> 3 & 1) << 2 | (rm >> 3 & 1),
		 (w & W8) && ((reg >= 4 && reg < 8) || (rm >= 4 && rm < 8)));
	modrm_reg(b, reg, rm);
}

void x86_rm(struct x86_buf *b, enum x86_insn op, unsigned w, unsigned reg, struct x86_mem m)
{
	prefixes(b, op, w, (reg >> 3 & 1) << 2 | mem_rex(m), (w & W8) && reg >= 4 && reg < 8);
	x86_modrm_mem(b, reg, m, 0);
}

void x86_rri(struct x86_buf *b, enum x86_insn op, unsigned w, unsigned reg, unsigned rm,
	     unsigned imm8)
{
	x86_rr(b, op, w, reg, rm);
	x86_u8(b, imm8);
}

void x86_rmi(struct x86_buf *b, enum x86_insn op, unsigned w, unsigned reg, struct x86_mem m,
	     unsigned imm8)
{
	prefixes(b, op, w, (reg >> 3 & 1) << 2 | mem_rex(m), (w & W8) && reg >= 4 && reg < 8);
	x86_modrm_mem(b, reg, m, 1);
	x86_u8(b, imm8);
}

void x86_gr(struct x86_buf *b, enum x86_insn op, unsigned w, unsigned rm)
{
	prefixes(b, op, w, rm >> 3 & 1, (w & W8) && rm >= 4 && rm < 8);
	modrm_reg(b, X86_EXT(op), rm);
}

void x86_gm(struct x86_buf *b, enum x86_insn op, unsigned w, struct x86_mem m)
{
	prefixes(b, op, w, mem_rex(m), false);
	x86_modrm_mem(b, X86_EXT(op), m, 0);
}

void x86_gri8(struct x86_buf *b, enum x86_insn op, unsigned w, unsigned rm, unsigned imm8)
{
	x86_gr(b, op, w, rm);
	x86_u8(b, imm8);
}

/* The 0x81 group has a form 0x83 with a sign-extended byte, and 0x80 for byte operands. TEST
 * (0xf7 /0) has not; its byte form is an instruction of its own. */
static inline unsigned imm_form(unsigned op, unsigned w, int32_t imm)
{
	if (X86_OPC(op) != 0x81)
		return op;
	if (w & W8)
		return op - 1;
	return imm >= -128 && imm <= 127 ? op + 2 : op;
}

void x86_gri(struct x86_buf *b, enum x86_insn op, unsigned w, unsigned rm, int32_t imm)
{
	unsigned form = imm_form(op, w, imm);

	prefixes(b, form, w, rm >> 3 & 1, (w & W8) && rm >= 4 && rm < 8);
	modrm_reg(b, X86_EXT(op), rm);
	if (form == op + 2 || (w & W8)) {
		x86_u8(b, (uint8_t)imm);
	} else if (w & W16) {
		x86_u8(b, (uint8_t)imm);
		x86_u8(b, (uint8_t)(imm >> 8));
	} else {
		x86_u32(b, (uint32_t)imm);
	}
}

void x86_gmi(struct x86_buf *b, enum x86_insn op, unsigned w, struct x86_mem m, int32_t imm)
{
	unsigned form = imm_form(op, w, imm);

	prefixes(b, form, w, mem_rex(m), false);
	x86_modrm_mem(b, X86_EXT(op), m, form == op + 2 || (w & W8) ? 1 : w & W16 ? 2 : 4);
	if (form == op + 2 || (w & W8)) {
		x86_u8(b, (uint8_t)imm);
	} else if (w & W16) {
		x86_u8(b, (uint8_t)imm);
		x86_u8(b, (uint8_t)(imm >> 8));
	} else {
		x86_u32(b, (uint32_t)imm);
	}
}

void x86_mov_mi(struct x86_buf *b, unsigned w, struct x86_mem m, int32_t imm)
{
	x86_gmi(b, w & W8 ? X86_MOV8_I : X86_MOV_I32, w, m, imm);
}

static void vex(struct x86_buf *b, unsigned op, unsigned w, unsigned l, unsigned r, unsigned x,
		unsigned base, unsigned vvvv)
{
	unsigned v = (~vvvv & 15) << 3 | l << 2 | X86_PP(op);

	if (!x && !base && !w && X86_MAP(op) == 1) {
		x86_u8(b, 0xc5);
		x86_u8(b, (r ^ 1) << 7 | v);
	} else {
		x86_u8(b, 0xc4);
		x86_u8(b, (r ^ 1) << 7 | (x ^ 1) << 6 | (base ^ 1) << 5 | X86_MAP(op));
		x86_u8(b, w << 7 | v);
	}
	x86_u8(b, X86_OPC(op));
}

void x86_vrr(struct x86_buf *b, enum x86_insn op, unsigned w, unsigned l, unsigned reg,
	     unsigned vvvv, unsigned rm)
{
	vex(b, op, w, l, reg >> 3 & 1, 0, rm >> 3 & 1, vvvv);
	modrm_reg(b, reg, rm);
}

void x86_vrm(struct x86_buf *b, enum x86_insn op, unsigned w, unsigned l, unsigned reg,
	     unsigned vvvv, struct x86_mem m, unsigned tail)
{
	vex(b, op, w, l, reg >> 3 & 1, m.index > 7, m.base > 7, vvvv);
	x86_modrm_mem(b, reg, m, tail);
}

static inline unsigned evex_mask(unsigned w)
{
	if (w & X86_LANE0)
		return 0x81;
	if (w & X86_MASK2)
		return 2;
	return w & X86_MASK2_ZERO ? 0x82 : w & X86_MASK3_ZERO ? 0x83 : 0;
}

void x86_err(struct x86_buf *b, enum x86_insn op, unsigned w, unsigned reg, unsigned vvvv,
	     unsigned rm)
{
	x86_u8(b, 0x62);
	x86_u8(b, (~reg >> 3 & 1) << 7 | (~rm >> 4 & 1) << 6 | (~rm >> 3 & 1) << 5 |
		       (~reg >> 4 & 1) << 4 | X86_MAP(op));
	x86_u8(b, (w & 1) << 7 | (~vvvv & 15) << 3 | 4 | X86_PP(op));
	x86_u8(b, (~vvvv >> 4 & 1) << 3 | evex_mask(w));
	x86_u8(b, X86_OPC(op));
	modrm_reg(b, reg, rm);
}

void x86_erm(struct x86_buf *b, enum x86_insn op, unsigned w, unsigned reg, unsigned vvvv,
	     struct x86_mem m, unsigned tail)
{
	unsigned base = m.base < 0 ? 0 : (unsigned)m.base;
	unsigned index = m.index < 0 ? 0 : (unsigned)m.index;

	x86_u8(b, 0x62);
	x86_u8(b, (~reg >> 3 & 1) << 7 | (~index >> 3 & 1) << 6 | (~base >> 3 & 1) << 5 |
		       (~reg >> 4 & 1) << 4 | X86_MAP(op));
	x86_u8(b, (w & 1) << 7 | (~vvvv & 15) << 3 | 4 | X86_PP(op));
	x86_u8(b, (~vvvv >> 4 & 1) << 3 | evex_mask(w));
	x86_u8(b, X86_OPC(op));
	if (m.base >= 0 && m.disp >= -128 && m.disp <= 127) {
		/* the long form by hand */
		unsigned r = 0x80 | (reg & 7) << 3;

		if (m.index >= 0 || (base & 7) == 4) {
			x86_u8(b, r | 4);
			x86_u8(b, (unsigned)m.scale << 6 |
				       (m.index < 0 ? 4u : index & 7) << 3 | (base & 7));
		} else {
			x86_u8(b, r | (base & 7));
		}
		x86_u32(b, (uint32_t)m.disp);
		return;
	}
	x86_modrm_mem(b, reg, m, tail);
}

void x86_mov_ri(struct x86_buf *b, unsigned reg, uint64_t imm, bool keep_flags)
{
	if (imm == 0 && !keep_flags) {
		x86_rr(b, X86_XOR, W32, reg, reg);
	} else if (imm <= 0xffffffffu) {
		if (reg >= 8)
			x86_u8(b, 0x41);
		x86_u8(b, 0xb8 | (reg & 7));
		x86_u32(b, (uint32_t)imm);
	} else if ((int64_t)imm == (int32_t)imm) {
		x86_u8(b, 0x48 | (reg >> 3 & 1));
		x86_u8(b, 0xc7);
		modrm_reg(b, 0, reg);
		x86_u32(b, (uint32_t)imm);
	} else {
		x86_u8(b, 0x48 | (reg >> 3 & 1));
		x86_u8(b, 0xb8 | (reg & 7));
		x86_u64(b, imm);
	}
}
