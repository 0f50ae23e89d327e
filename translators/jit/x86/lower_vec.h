/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Operands and encodings for the lowering of vector and floating-point ops.
 *
 * With AVX everything is a VEX form, otherwise a legacy one with a copy first. A result is
 * computed in vdst(), which is the slot's register or xmm15, and ends with one of the
 * vend*() functions, which zero what has to be zero, write memory-homed slots and keep
 * l->vzero*. An op that may trap writes a guest register only with or behind its last
 * trapping instruction.
 *
 * With AVX-512 some slots live in xmm16..31: the functions here then take the EVEX form. The
 * instructions that have none (comparisons into a vector, PBLENDW, PTEST, MOVMSK, PCLMULQDQ)
 * get their operands by vlow(), vsrc_low() and vdst_low().
 * tags: jit/x86 - vector operands
 */
#pragma once

#include "jit/x86/lower-internal.h"

#define HOT (&l->hot)

enum { XMM13 = 13, XMM14 = 14, XMM15 = 15 };

/* Variant of a packed-single opcode by prefix. */
#define VPP(op, pp) ((enum x86_insn)(((unsigned)(op) & ~0xc00u) | (unsigned)(pp) << 10))

static inline bool vavx(const struct lower *l)
{
	return l->feat->avx;
}

/* Does the op write the vector slot? */
static inline bool vwrites(const struct ir_ins *i, unsigned slot)
{
	const struct ir_op_info *info = &ir_op_info[i->op];

	return ((info->d == IR_ROLE_VO || info->d == IR_ROLE_VIO) && i->d == slot) ||
	       (info->c == IR_ROLE_VO && i->c == slot);
}

/* Does the op read it? */
static inline bool vreads(const struct ir_ins *i, unsigned slot)
{
	const struct ir_op_info *info = &ir_op_info[i->op];

	return ((info->d == IR_ROLE_VI || info->d == IR_ROLE_VIO) && i->d == slot) ||
	       (info->a == IR_ROLE_VI && i->a == slot) ||
	       (info->b == IR_ROLE_VI && i->b == slot) ||
	       (info->c == IR_ROLE_VI && i->c == slot);
}

/* ---- encodings; registers are xmm numbers ---- */

/* d = op(a): no first source */
void v2(struct lower *l, enum x86_insn op, unsigned d, unsigned a);
void v2m(struct lower *l, enum x86_insn op, unsigned d, struct x86_mem m);
void v2i(struct lower *l, enum x86_insn op, unsigned d, unsigned a, unsigned imm8);
/* The same on a slot, from memory if it lives there. */
void v2s(struct lower *l, enum x86_insn op, unsigned d, unsigned slot);
void v2si(struct lower *l, enum x86_insn op, unsigned d, unsigned slot, unsigned imm8);

/* d = op(a, b) */
void v3(struct lower *l, enum x86_insn op, unsigned d, unsigned a, unsigned b);
void v3i(struct lower *l, enum x86_insn op, unsigned d, unsigned a, unsigned b, unsigned imm8);
void v3s(struct lower *l, enum x86_insn op, unsigned d, unsigned a, unsigned slot);
void v3si(struct lower *l, enum x86_insn op, unsigned d, unsigned a, unsigned slot,
	  unsigned imm8);
/* d = op(a, the 128-bit constant hi:lo) */
void v3c(struct lower *l, enum x86_insn op, unsigned d, unsigned a, uint64_t lo, uint64_t hi);
void v3ci(struct lower *l, enum x86_insn op, unsigned d, unsigned a, uint64_t lo, uint64_t hi,
	  unsigned imm8);
/* AVX-512: mask k = the bytes of a below those of the constant, given twice. */
void vmask_less(struct lower *l, unsigned k, unsigned a, uint64_t limit);
/* d = op(hi:lo) */
void v2c(struct lower *l, enum x86_insn op, unsigned d, uint64_t lo, uint64_t hi);
/* AVX: by fields, with W and any mixture of general and vector registers. */
void vraw(struct lower *l, enum x86_insn op, bool w, unsigned reg, unsigned vvvv, unsigned rm);
/* With l->map->mask: lane 0 (of the width that w says) of d = op(a, slot), the rest zero, and
 * only lane 0 is computed. */
void v3s_lane0(struct lower *l, enum x86_insn op, bool w, unsigned d, unsigned a, unsigned slot);
/* Shift by an immediate, group instructions. */
void vsh(struct lower *l, enum x86_insn op, unsigned d, unsigned a, unsigned imm8);

static inline void vmov(struct lower *l, unsigned d, unsigned a)
{
	if (d != a)
		v2(l, X86_MOVAPS, d, a);
}

static inline void vzero(struct lower *l, unsigned d)
{
	v3(l, X86_PXOR, d, d, d);
}

static inline void vones(struct lower *l, unsigned d)
{
	if (d < 16) {
		v3(l, X86_PCMPEQD, d, d, d);
	} else {
		x86_err(HOT, X86_VPTERNLOGD, 0, d, d, d);
		x86_u8(HOT, 0xff);
	}
}

/* ---- slots ---- */

/* Register with the value of a slot: its own, or tmp after loading it (IR_ZERO: zeroing). */
unsigned vsrc(struct lower *l, unsigned slot, unsigned tmp);
/* A copy of the slot's value in tmp, whatever its home. */
void vload(struct lower *l, unsigned tmp, unsigned slot);
/* The low 64 (lane_bits 64) or 32 bits of a slot with zeros above: its register if that is
 * known, else tmp. */
unsigned vsrc_clean(struct lower *l, unsigned slot, unsigned lane_bits, unsigned tmp);

/* Is the home of a slot in memory? */
static inline bool vin_memory(const struct lower *l, unsigned slot)
{
	return lower_vreg(l, slot) < 0 && slot != IR_ZERO;
}

/* For instructions without an EVEX form: the register itself if it is one of the first
 * sixteen, else tmp with a copy. */
unsigned vlow(struct lower *l, unsigned reg, unsigned tmp);
/* The same of a slot. */
static inline unsigned vsrc_low(struct lower *l, unsigned slot, unsigned tmp)
{
	return vlow(l, vsrc(l, slot, tmp), tmp);
}

/* Are all bits above the low 64 or 32 of a slot known to be zero? */
static inline bool vis_clean(const struct lower *l, unsigned slot, unsigned lane_bits)
{
	if (slot == IR_ZERO)
		return true;
	if (slot >= 64)
		return false;
	return (lane_bits == 64 ? l->vzero64 : l->vzero32) >> slot & 1;
}

/* Where to compute the result: the register of the destination or xmm15. */
static inline unsigned vdst(const struct lower *l, unsigned slot)
{
	int r = lower_vreg(l, slot);

	return r < 0 ? (unsigned)XMM15 : (unsigned)r;
}

/* The same for instructions without an EVEX form. */
static inline unsigned vdst_low(const struct lower *l, unsigned slot)
{
	unsigned r = vdst(l, slot);

	return r < 16 ? r : (unsigned)XMM15;
}

/* Is the slot's register r also the destination's? */
static inline bool vsame(const struct lower *l, unsigned slot, unsigned r)
{
	return lower_vreg(l, slot) == (int)r;
}

/* ---- results ---- */

/* reg has the full 128 bits for the slot. */
void vend_full(struct lower *l, unsigned slot, unsigned reg);
/* reg has a result in its low 64 or 32 bits; clean: zeros are above already. */
void vend_low(struct lower *l, unsigned slot, unsigned reg, unsigned lane_bits, bool clean);
/* By the op's IRF_Q and IRF_ONE; clean64: what is above the low half is zero. */
void vend(struct lower *l, const struct ir_ins *i, unsigned reg, bool clean64);


/* The op by a call of ir_crypto(), which gets imm (lower_crypto.c); the op must say CLOBT. */
void lower_crypto_call(struct lower *l, const struct ir_ins *i, int64_t imm);
/* Is the VXOR at hand part of what the AES round before it was lowered to? */
bool lower_crypto_absorbed(const struct lower *l);

/* qc |= the register */
void vsaturated(struct lower *l, unsigned reg);
