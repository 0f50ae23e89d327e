/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bit fields, counts, reversals. tags: jit/x86 - bit fields and counts */
#include "jit/x86/lower_int.h"

static uint64_t ones(unsigned n)
{
	return n >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << n) - 1;
}

void lower_UBFX(struct lower *l, const struct ir_ins *i)
{
	unsigned lsb = IR_BF_LSB(i->imm), n = IR_BF_WIDTH(i->imm), d = DST(RAX);
	unsigned w = width(i), size = w == W64 ? 64 : 32;

	if (lsb == 0 && (n == 8 || n == 16 || n == 32)) {
		lower_extend(l, IR_I64, d, i->a, n == 8 ? IR_UXTB : n == 16 ? IR_UXTH : IR_UXTW);
		lower_write(l, i->d, d);
		return;
	}
	lower_flags_clobber(l, i);
	if (lsb + n <= 32)
		w = W32;
	copy(l, w, d, i->a);
	if (lsb)
		x86_gri8(HOT, X86_SHR_I, w, d, lsb);
	if (lsb + n < size && !(w == W32 && lsb + n == 32)) {
		if (n == 8 || n == 16) {
			x86_rr(HOT, n == 8 ? X86_MOVZX8 : X86_MOVZX16,
			       n == 8 ? (unsigned)W8 : W32, d, d);
		} else if (n < 32) {
			x86_gri(HOT, X86_AND_I32, W32, d, (int32_t)ones(n));
		} else if (n == 32) {
			x86_rr(HOT, X86_MOV, W32, d, d);
		} else {
			x86_mov_ri(HOT, RCX, ones(n), true);
			x86_rr(HOT, X86_AND, W64, d, RCX);
		}
	}
	lower_write(l, i->d, d);
}

void lower_SBFX(struct lower *l, const struct ir_ins *i)
{
	unsigned lsb = IR_BF_LSB(i->imm), n = IR_BF_WIDTH(i->imm), d = DST(RAX);
	unsigned w = width(i), size = w == W64 ? 64 : 32;

	if (lsb == 0 && (n == 8 || n == 16 || n == 32)) {
		lower_extend(l, i->ty, d, i->a, n == 8 ? IR_SXTB : n == 16 ? IR_SXTH : IR_SXTW);
		lower_write(l, i->d, d);
		return;
	}
	lower_flags_clobber(l, i);
	copy(l, w, d, i->a);
	if (size - lsb - n)
		x86_gri8(HOT, X86_SHL_I, w, d, size - lsb - n);
	if (size - n)
		x86_gri8(HOT, X86_SAR_I, w, d, size - n);
	lower_write(l, i->d, d);
}

void lower_UBFIZ(struct lower *l, const struct ir_ins *i)
{
	unsigned lsb = IR_BF_LSB(i->imm), n = IR_BF_WIDTH(i->imm), d = DST(RAX);
	unsigned w = width(i), size = w == W64 ? 64 : 32;

	lower_flags_clobber(l, i);
	if (n == 8 || n == 16 || n == 32) {
		lower_extend(l, IR_I64, d, i->a, n == 8 ? IR_UXTB : n == 16 ? IR_UXTH : IR_UXTW);
		if (lsb)
			x86_gri8(HOT, X86_SHL_I, w, d, lsb);
	} else if (n < 32) {
		copy(l, W32, d, i->a);
		x86_gri(HOT, X86_AND_I32, W32, d, (int32_t)ones(n));
		if (lsb)
			x86_gri8(HOT, X86_SHL_I, w, d, lsb);
	} else {
		copy(l, w, d, i->a);
		x86_gri8(HOT, X86_SHL_I, w, d, size - n);
		if (size - n - lsb)
			x86_gri8(HOT, X86_SHR_I, w, d, size - n - lsb);
	}
	lower_write(l, i->d, d);
}

void lower_SBFIZ(struct lower *l, const struct ir_ins *i)
{
	unsigned lsb = IR_BF_LSB(i->imm), n = IR_BF_WIDTH(i->imm), d = DST(RAX);
	unsigned w = width(i), size = w == W64 ? 64 : 32;

	lower_flags_clobber(l, i);
	if (n == 8 || n == 16 || n == 32) {
		lower_extend(l, i->ty, d, i->a, n == 8 ? IR_SXTB : n == 16 ? IR_SXTH : IR_SXTW);
		if (lsb)
			x86_gri8(HOT, X86_SHL_I, w, d, lsb);
	} else {
		copy(l, w, d, i->a);
		x86_gri8(HOT, X86_SHL_I, w, d, size - n);
		if (size - n - lsb)
			x86_gri8(HOT, X86_SAR_I, w, d, size - n - lsb);
	}
	lower_write(l, i->d, d);
}

/* rax = a with its low n bits replaced by those of rcx, then rotated left by n + lsb: the
 * field is rotated to the bottom, shifted out and the new one shifted in above. */
static void insert(struct lower *l, const struct ir_ins *i, unsigned w, unsigned lsb, unsigned n)
{
	unsigned size = w == W64 ? 64 : 32;

	if (n == size) {
		x86_rr(HOT, X86_MOV, w, RAX, RCX);
	} else {
		copy(l, w, RAX, i->a);
		if (lsb)
			x86_gri8(HOT, X86_ROR_I, w, RAX, lsb);
		x86_rri(HOT, X86_SHRD_MRI, w, RCX, RAX, n);
		if ((n + lsb) % size)
			x86_gri8(HOT, X86_ROL_I, w, RAX, (n + lsb) % size);
	}
	lower_write(l, i->d, RAX);
}

void lower_BFI(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i);

	lower_flags_clobber(l, i);
	copy(l, w, RCX, i->b);
	insert(l, i, w, IR_BF_LSB(i->imm), IR_BF_WIDTH(i->imm));
}

void lower_BFXIL(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i), lsb = IR_BF_LSB(i->imm);

	lower_flags_clobber(l, i);
	copy(l, w, RCX, i->b);
	if (lsb)
		x86_gri8(HOT, X86_SHR_I, w, RCX, lsb);
	insert(l, i, w, 0, IR_BF_WIDTH(i->imm));
}

void lower_EXTR(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i), a;

	if (i->c == 0) {
		struct ir_ins mov = *i;

		mov.a = i->b;
		lower_MOV(l, &mov);
		return;
	}
	lower_flags_clobber(l, i);
	a = lower_src(l, i->a, w, RCX);
	copy(l, w, RAX, i->b);
	x86_rri(HOT, X86_SHRD_MRI, w, a, RAX, i->c);
	lower_write(l, i->d, RAX);
}

/* reg = leading zeros of src; src may be reg */
static void count_zeros(struct lower *l, unsigned w, unsigned reg, unsigned src)
{
	unsigned size = w == W64 ? 64 : 32;

	if (l->feat->lzcnt) {
		x86_rr(HOT, X86_LZCNT, w, reg, src);
		return;
	}
	/* bsr gives 63 - clz and leaves the result alone for 0 (as every x86-64 does). */
	x86_mov_ri(HOT, RCX, 2 * size - 1, true);
	x86_rr(HOT, X86_BSR, w, RAX, src);
	x86_rr(HOT, X86_CMOV + CC_E, W32, RAX, RCX);
	x86_gri(HOT, X86_XOR_I32, W32, RAX, (int32_t)size - 1);
	x86_mov_rr(HOT, W64, reg, RAX);
}

void lower_CLZ(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i), d = DST(RAX);

	lower_flags_clobber(l, i);
	count_zeros(l, w, d, lower_src(l, i->a, w, RAX));
	lower_write(l, i->d, d);
}

void lower_CLS(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i), d = DST(RAX), a;

	lower_flags_clobber(l, i);
	a = lower_src(l, i->a, w, RCX);
	x86_rr(HOT, X86_MOV, w, RAX, a);
	x86_gri8(HOT, X86_SAR_I, w, RAX, 1);
	x86_rr(HOT, X86_XOR, w, RAX, a);
	/* The top bit is clear now: one zero too many. */
	count_zeros(l, w, d, RAX);
	x86_gri(HOT, X86_SUB_I32, W32, d, 1);
	lower_write(l, i->d, d);
}

void lower_CTZ(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i), d = DST(RAX), a;

	lower_flags_clobber(l, i);
	a = lower_src(l, i->a, w, RAX);
	if (l->feat->bmi1) {
		x86_rr(HOT, X86_TZCNT, w, d, a);
	} else {
		x86_mov_ri(HOT, RCX, w == W64 ? 64 : 32, true);
		x86_rr(HOT, X86_BSF, w, RAX, a);
		x86_rr(HOT, X86_CMOV + CC_E, W32, RAX, RCX);
		d = RAX;
	}
	lower_write(l, i->d, d);
}

void lower_CNT(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i), d = DST(RAX);

	lower_flags_clobber(l, i);
	x86_rr(HOT, X86_POPCNT, w, d, lower_src(l, i->a, w, RAX));
	lower_write(l, i->d, d);
}

/* The condition under which a, in rax, gives way to b. */
static void extreme(struct lower *l, const struct ir_ins *i, unsigned cc)
{
	unsigned w = width(i), b = RCX;

	lower_flags_clobber(l, i);
	copy(l, w, RAX, i->a);
	if (i->b == IR_IMM)
		x86_mov_ri(HOT, RCX, w == W64 ? (uint64_t)i->imm : (uint32_t)i->imm, true);
	else
		b = lower_src(l, i->b, w, RCX);
	x86_rr(HOT, X86_CMP, w, RAX, b);
	x86_rr(HOT, X86_CMOV + cc, w, RAX, b);
	lower_write(l, i->d, RAX);
}

void lower_MAX(struct lower *l, const struct ir_ins *i)
{
	extreme(l, i, i->fl & IRF_SGN ? CC_L : CC_B);
}

void lower_MIN(struct lower *l, const struct ir_ins *i)
{
	extreme(l, i, i->fl & IRF_SGN ? CC_G : CC_A);
}

/* rax = (rax & mask) << n | (rax >> n) & mask */
static void swap_groups(struct lower *l, unsigned w, uint64_t mask, unsigned n)
{
	if (w == W32)
		mask = (uint32_t)mask;
	x86_mov_ri(HOT, RCX, mask, true);
	x86_rr(HOT, X86_MOV, w, RDX, RAX);
	x86_gri8(HOT, X86_SHR_I, w, RDX, n);
	x86_rr(HOT, X86_AND, w, RAX, RCX);
	x86_rr(HOT, X86_AND, w, RDX, RCX);
	x86_gri8(HOT, X86_SHL_I, w, RAX, n);
	x86_rr(HOT, X86_OR, w, RAX, RDX);
}

void lower_RBIT(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i);

	lower_flags_clobber(l, i);
	copy(l, w, RAX, i->a);
	x86_bswap(HOT, w, RAX);
	swap_groups(l, w, 0x0f0f0f0f0f0f0f0f, 4);
	swap_groups(l, w, 0x3333333333333333, 2);
	swap_groups(l, w, 0x5555555555555555, 1);
	lower_write(l, i->d, RAX);
}

void lower_REV16(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i);

	lower_flags_clobber(l, i);
	copy(l, w, RAX, i->a);
	if (w == W32) {
		x86_bswap(HOT, W32, RAX);
		x86_gri8(HOT, X86_ROL_I, W32, RAX, 16);
	} else {
		swap_groups(l, W64, 0x00ff00ff00ff00ff, 8);
	}
	lower_write(l, i->d, RAX);
}

void lower_REV32(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i), d = DST(RAX);

	if (w == W64)
		lower_flags_clobber(l, i);
	copy(l, w, d, i->a);
	x86_bswap(HOT, w, d);
	if (w == W64)
		x86_gri8(HOT, X86_ROL_I, W64, d, 32);
	lower_write(l, i->d, d);
}

void lower_REV64(struct lower *l, const struct ir_ins *i)
{
	unsigned d = DST(RAX);

	copy(l, W64, d, i->a);
	x86_bswap(HOT, W64, d);
	lower_write(l, i->d, d);
}
