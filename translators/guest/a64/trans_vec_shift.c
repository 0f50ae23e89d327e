/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Vector shifts by an immediate. tags: guest/a64 - SSHR, SHL, SLI, SHRN, SSHLL
 */
#include "guest/a64/simd.h"

static unsigned width(const struct a64_arg_vec_shift *a)
{
	return simd_width(a->scalar, a->q, a->size);
}

static bool shift(struct a64_lift *l, const struct a64_arg_vec_shift *a, enum ir_op op)
{
	simd_2(l, op, simd_int(a->size), width(a) | simd_sign(a->u), (unsigned)a->rd,
	       (unsigned)a->rn, a->shift);
	return true;
}

/* d = n >> shift, rounded: plus the last bit that fell off. */
static void round_shift(struct a64_lift *l, int size, unsigned fl, unsigned d, unsigned n,
			int by)
{
	unsigned ty = simd_int(size);
	int bits = (int)simd_bits(size);

	simd_2(l, IR_VSHL, ty, fl & ~(unsigned)IRF_SGN, VT0, n, bits - by);
	simd_2(l, IR_VSHR, ty, fl & ~(unsigned)IRF_SGN, VT0, VT0, bits - 1);
	simd_2(l, IR_VSHR, ty, fl, VT1, n, by);
	simd_3(l, IR_VADD, ty, fl, d, VT1, VT0);
}

A64_TRANS(SSHR, vec_shift)
{
	return shift(l, a, IR_VSHR);
}

A64_TRANS(SHL_v, vec_shift)
{
	return shift(l, a, IR_VSHL);
}

A64_TRANS(SSRA, vec_shift)
{
	unsigned ty = simd_int(a->size);

	simd_2(l, IR_VSHR, ty, width(a) | simd_sign(a->u), VT0, (unsigned)a->rn, a->shift);
	simd_3(l, IR_VADD, ty, width(a), (unsigned)a->rd, (unsigned)a->rd, VT0);
	return true;
}

A64_TRANS(SRSHR, vec_shift)
{
	round_shift(l, a->size, width(a) | simd_sign(a->u), (unsigned)a->rd, (unsigned)a->rn,
		    a->shift);
	return true;
}

A64_TRANS(SRSRA, vec_shift)
{
	round_shift(l, a->size, width(a) | simd_sign(a->u), VT0, (unsigned)a->rn, a->shift);
	simd_3(l, IR_VADD, simd_int(a->size), width(a), (unsigned)a->rd, (unsigned)a->rd,
	       VT0);
	return true;
}

/* d = shifted bits where mask has ones, d's own elsewhere */
static bool insert(struct a64_lift *l, const struct a64_arg_vec_shift *a, enum ir_op op,
		   uint64_t mask)
{
	simd_2(l, op, simd_int(a->size), width(a), VT0, (unsigned)a->rn, a->shift);
	simd_imm(l, width(a), VT1, a->size, mask);
	a64_emit(l, IR_VBSL, IR_I64, width(a), (unsigned)a->rd, VT0, (unsigned)a->rd, VT1, 0);
	return true;
}

A64_TRANS(SRI, vec_shift)
{
	uint64_t ones = ~(uint64_t)0 >> (64 - simd_bits(a->size));

	return insert(l, a, IR_VSHR, a->shift > 63 ? 0 : ones >> a->shift);
}

A64_TRANS(SLI, vec_shift)
{
	return insert(l, a, IR_VSHL, ~(uint64_t)0 << a->shift);
}

A64_TRANS(SQSHL_imm, vec_shift)
{
	simd_2(l, IR_VQSHL, simd_int(a->size), width(a) | simd_sign(a->u), (unsigned)a->rd,
	       (unsigned)a->rn, a->shift);
	return true;
}

A64_TRANS(SQSHLU, vec_shift)
{
	simd_2(l, IR_VQSHLU, simd_int(a->size), width(a) | IRF_SGN, (unsigned)a->rd,
	       (unsigned)a->rn, a->shift);
	return true;
}

/* ---- narrowing and lengthening ---- */

A64_TRANS(SHRN, vec_shift)
{
	simd_2(l, IR_VSHR, simd_int(a->size + 1), IRF_Q, VT0, (unsigned)a->rn, a->shift);
	simd_2(l, IR_VXTN, simd_int(a->size), 0, simd_narrow(a->q, a->rd), VT0, 0);
	simd_narrowed(l, a->q, a->rd);
	return true;
}

A64_TRANS(RSHRN, vec_shift)
{
	round_shift(l, a->size + 1, IRF_Q, VT0, (unsigned)a->rn, a->shift);
	simd_2(l, IR_VXTN, simd_int(a->size), 0, simd_narrow(a->q, a->rd), VT0, 0);
	simd_narrowed(l, a->q, a->rd);
	return true;
}

static bool narrow_saturated(struct a64_lift *l, const struct a64_arg_vec_shift *a,
			     bool round, unsigned sign, int64_t to_unsigned)
{
	unsigned fl = IRF_Q | sign;

	if (round)
		round_shift(l, a->size + 1, fl, VT0, (unsigned)a->rn, a->shift);
	else
		simd_2(l, IR_VSHR, simd_int(a->size + 1), fl, VT0, (unsigned)a->rn, a->shift);
	simd_2(l, IR_VQXTN, simd_int(a->size), sign | (a->scalar ? IRF_ONE : 0),
	       simd_narrow(a->q, a->rd), VT0, to_unsigned);
	simd_narrowed(l, a->q, a->rd);
	return true;
}

A64_TRANS(SQSHRN, vec_shift)
{
	return narrow_saturated(l, a, false, simd_sign(a->u), 0);
}

A64_TRANS(SQRSHRN, vec_shift)
{
	return narrow_saturated(l, a, true, simd_sign(a->u), 0);
}

A64_TRANS(SQSHRUN, vec_shift)
{
	return narrow_saturated(l, a, false, IRF_SGN, 1);
}

A64_TRANS(SQRSHRUN, vec_shift)
{
	return narrow_saturated(l, a, true, IRF_SGN, 1);
}

A64_TRANS(SSHLL, vec_shift)
{
	unsigned fl = IRF_Q | (a->q ? IRF_HI : 0) | simd_sign(a->u);

	if (!a->shift) {
		simd_2(l, IR_VXTL, simd_int(a->size), fl, (unsigned)a->rd, (unsigned)a->rn, 0);
	} else {
		simd_2(l, IR_VXTL, simd_int(a->size), fl, VT0, (unsigned)a->rn, 0);
		simd_2(l, IR_VSHL, simd_int(a->size + 1), IRF_Q, (unsigned)a->rd, VT0,
		       a->shift);
	}
	return true;
}
