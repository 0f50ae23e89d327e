/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * For the trans functions of floating point and Advanced SIMD: types, flags and emission
 * shorthands over lift.h. An instruction that may trap (FP) or fault writes a guest register
 * only with its last such op; what it needs before goes to the temporaries vt0..vt7.
 * tags: guest/a64 - vector emission helpers
 */
#pragma once

#include "guest/a64/decode.h"
#include "guest/a64/lift.h"

enum {
	VT0 = IR_VT0, VT1, VT2, VT3, VT4, VT5, VT6, VT7,
};

/* Lane types for a size field of the tables (log2 of the bytes). */
static inline unsigned simd_int(int size)
{
	return IR_I8 + (unsigned)size;
}

static inline unsigned simd_fp(int size)
{
	return IR_F16 + (unsigned)size - 1;
}

static inline unsigned simd_bits(int size)
{
	return 8u << size;
}

/* Width flags. Scalars of 64 bits are plain 64-bit vectors. */
static inline unsigned simd_width(int scalar, int q, int size)
{
	if (scalar)
		return size < 3 ? IRF_ONE : 0;
	return q ? IRF_Q : 0;
}

static inline unsigned simd_sign(int u)
{
	return u ? 0 : IRF_SGN;
}

/* d = op(a, b) */
static inline void simd_3(struct a64_lift *l, enum ir_op op, unsigned ty, unsigned fl,
			  unsigned d, unsigned a, unsigned b)
{
	a64_emit(l, op, ty, fl, d, a, b, IR_NONE, 0);
}

/* d = op(a), and imm where the op takes a number there */
static inline void simd_2(struct a64_lift *l, enum ir_op op, unsigned ty, unsigned fl,
			  unsigned d, unsigned a, int64_t imm)
{
	a64_emit(l, op, ty, fl, d, a, IR_NONE, IR_NONE, imm);
}

/* d = op(lane c of a), or lane c of d = op(a) */
static inline void simd_lane(struct a64_lift *l, enum ir_op op, unsigned ty, unsigned fl,
			     unsigned d, unsigned a, int lane)
{
	a64_emit(l, op, ty, fl, d, a, IR_NONE, (unsigned)lane, 0);
}

/* Every lane of d = value. */
static inline void simd_imm(struct a64_lift *l, unsigned fl, unsigned d, int size,
			    uint64_t value)
{
	for (unsigned bits = simd_bits(size); bits < 64; bits *= 2) {
		value &= ((uint64_t)1 << bits) - 1;
		value |= value << bits;
	}
	simd_2(l, IR_VIMM, IR_I64, fl & IRF_Q, d, IR_NONE, (int64_t)value);
}

/* Where a narrowing op puts its 64-bit result: the register, or vt7 for the "2" forms; then
 * simd_narrowed() moves it up. */
static inline unsigned simd_narrow(int q, int rd)
{
	return q ? (unsigned)VT7 : (unsigned)rd;
}

static inline void simd_narrowed(struct a64_lift *l, int q, int rd)
{
	if (q)
		a64_emit(l, IR_VINSE, IR_I64, IRF_Q, (unsigned)rd, VT7, IR_NONE, 1, 0);
}

/* d = op of neighbouring lanes of b:a */
static inline bool simd_pairwise(struct a64_lift *l, enum ir_op op, unsigned ty, unsigned fl,
				 int rd, int rn, int rm)
{
	/* The shuffles move whole lanes, whatever they hold. */
	unsigned lane = ty >= IR_F16 ? ty - IR_F16 + IR_I16 : ty;

	simd_3(l, IR_VUZP1, lane, fl & IRF_Q, VT0, (unsigned)rn, (unsigned)rm);
	simd_3(l, IR_VUZP2, lane, fl & IRF_Q, VT1, (unsigned)rn, (unsigned)rm);
	simd_3(l, op, ty, fl, (unsigned)rd, VT0, VT1);
	return true;
}
