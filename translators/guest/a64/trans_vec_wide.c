/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Vector integers that change the lane width: long, wide and narrowing forms. The size field
 * is the narrow one; q selects upper halves. tags: guest/a64 - SADDL, SMULL, ADDHN, XTN
 */
#include "guest/a64/simd.h"

static unsigned half(const struct a64_arg_vec3 *a)
{
	return (a->q ? IRF_HI : 0) | simd_sign(a->u);
}

static void extend(struct a64_lift *l, const struct a64_arg_vec3 *a, unsigned d, int n)
{
	simd_2(l, IR_VXTL, simd_int(a->size), half(a) | IRF_Q, d, (unsigned)n, 0);
}

static bool long_op(struct a64_lift *l, const struct a64_arg_vec3 *a, enum ir_op op)
{
	extend(l, a, VT0, a->rn);
	extend(l, a, VT1, a->rm);
	simd_3(l, op, simd_int(a->size + 1), IRF_Q, (unsigned)a->rd, VT0, VT1);
	return true;
}

A64_TRANS(SADDL, vec3)
{
	return long_op(l, a, IR_VADD);
}

A64_TRANS(SSUBL, vec3)
{
	return long_op(l, a, IR_VSUB);
}

static bool wide_op(struct a64_lift *l, const struct a64_arg_vec3 *a, enum ir_op op)
{
	extend(l, a, VT0, a->rm);
	simd_3(l, op, simd_int(a->size + 1), IRF_Q, (unsigned)a->rd, (unsigned)a->rn, VT0);
	return true;
}

A64_TRANS(SADDW, vec3)
{
	return wide_op(l, a, IR_VADD);
}

A64_TRANS(SSUBW, vec3)
{
	return wide_op(l, a, IR_VSUB);
}

/* The high halves of the sums are the odd narrow lanes. */
static bool high_narrow(struct a64_lift *l, const struct a64_arg_vec3 *a, enum ir_op op)
{
	unsigned ty = simd_int(a->size), wide = simd_int(a->size + 1);

	simd_3(l, op, wide, IRF_Q, VT0, (unsigned)a->rn, (unsigned)a->rm);
	if (a->u) {
		simd_imm(l, IRF_Q, VT1, a->size + 1, (uint64_t)1 << (simd_bits(a->size) - 1));
		simd_3(l, IR_VADD, wide, IRF_Q, VT0, VT0, VT1);
	}
	simd_3(l, IR_VUZP2, ty, IRF_Q, simd_narrow(a->q, a->rd), VT0, IR_ZERO);
	simd_narrowed(l, a->q, a->rd);
	return true;
}

A64_TRANS(ADDHN, vec3)
{
	return high_narrow(l, a, IR_VADD);
}

A64_TRANS(SUBHN, vec3)
{
	return high_narrow(l, a, IR_VSUB);
}

static void long_difference(struct a64_lift *l, const struct a64_arg_vec3 *a, unsigned d)
{
	simd_3(l, IR_VABD, simd_int(a->size), IRF_Q | simd_sign(a->u), VT0, (unsigned)a->rn,
	       (unsigned)a->rm);
	/* The difference is unsigned whatever the operands are. */
	simd_2(l, IR_VXTL, simd_int(a->size), IRF_Q | (a->q ? IRF_HI : 0), d, VT0, 0);
}

A64_TRANS(SABDL, vec3)
{
	long_difference(l, a, (unsigned)a->rd);
	return true;
}

A64_TRANS(SABAL, vec3)
{
	long_difference(l, a, VT0);
	simd_3(l, IR_VADD, simd_int(a->size + 1), IRF_Q, (unsigned)a->rd, (unsigned)a->rd,
	       VT0);
	return true;
}

A64_TRANS(SMULL_v, vec3)
{
	simd_3(l, IR_VMULL, simd_int(a->size), half(a) | IRF_Q, (unsigned)a->rd,
	       (unsigned)a->rn, (unsigned)a->rm);
	return true;
}

static bool multiply_accumulate(struct a64_lift *l, const struct a64_arg_vec3 *a,
				enum ir_op op)
{
	simd_3(l, IR_VMULL, simd_int(a->size), half(a) | IRF_Q, VT0, (unsigned)a->rn,
	       (unsigned)a->rm);
	simd_3(l, op, simd_int(a->size + 1), IRF_Q, (unsigned)a->rd, (unsigned)a->rd, VT0);
	return true;
}

A64_TRANS(SMLAL_v, vec3)
{
	return multiply_accumulate(l, a, IR_VADD);
}

A64_TRANS(SMLSL_v, vec3)
{
	return multiply_accumulate(l, a, IR_VSUB);
}

A64_TRANS(PMULL, vec3)
{
	simd_3(l, IR_VPMULL, simd_int(a->size), half(a) | IRF_Q, (unsigned)a->rd,
	       (unsigned)a->rn, (unsigned)a->rm);
	return true;
}

/* d = 2 * rn * rm, saturated; doubling is a saturating addition to itself. */
static void double_product(struct a64_lift *l, const struct a64_arg_vec3 *a, unsigned d)
{
	unsigned ty = simd_int(a->size), wide = simd_int(a->size + 1);
	unsigned n = (unsigned)a->rn, m = (unsigned)a->rm;

	if (a->scalar) {
		/* Zeros in the other lanes neither saturate nor stay. */
		simd_lane(l, IR_VLANE, ty, 0, VT0, n, 0);
		simd_lane(l, IR_VLANE, ty, 0, VT1, m, 0);
		n = VT0;
		m = VT1;
	}
	simd_3(l, IR_VMULL, ty, half(a) | IRF_Q, VT0, n, m);
	simd_3(l, IR_VQADD, wide, IRF_Q | IRF_SGN, d, VT0, VT0);
}

static bool double_accumulate(struct a64_lift *l, const struct a64_arg_vec3 *a, enum ir_op op)
{
	unsigned fl = a->scalar ? simd_width(1, 0, a->size + 1) : IRF_Q;

	double_product(l, a, VT0);
	simd_3(l, op, simd_int(a->size + 1), fl | IRF_SGN, (unsigned)a->rd, (unsigned)a->rd,
	       VT0);
	return true;
}

A64_TRANS(SQDMULL, vec3)
{
	double_product(l, a, (unsigned)a->rd);
	return true;
}

A64_TRANS(SQDMLAL, vec3)
{
	return double_accumulate(l, a, IR_VQADD);
}

A64_TRANS(SQDMLSL, vec3)
{
	return double_accumulate(l, a, IR_VQSUB);
}

/* ---- one operand ---- */

A64_TRANS(SADDLP, vec2)
{
	simd_2(l, IR_VADDLP, simd_int(a->size), (a->q ? IRF_Q : 0) | simd_sign(a->u),
	       (unsigned)a->rd, (unsigned)a->rn, 0);
	return true;
}

A64_TRANS(SADALP, vec2)
{
	unsigned fl = a->q ? IRF_Q : 0;

	simd_2(l, IR_VADDLP, simd_int(a->size), fl | simd_sign(a->u), VT0, (unsigned)a->rn, 0);
	simd_3(l, IR_VADD, simd_int(a->size + 1), fl, (unsigned)a->rd, (unsigned)a->rd, VT0);
	return true;
}

A64_TRANS(XTN, vec2)
{
	simd_2(l, IR_VXTN, simd_int(a->size), 0, simd_narrow(a->q, a->rd), (unsigned)a->rn, 0);
	simd_narrowed(l, a->q, a->rd);
	return true;
}

static bool narrow_saturated(struct a64_lift *l, const struct a64_arg_vec2 *a, unsigned fl,
			     int64_t to_unsigned)
{
	simd_2(l, IR_VQXTN, simd_int(a->size), fl | (a->scalar ? IRF_ONE : 0),
	       simd_narrow(a->q, a->rd), (unsigned)a->rn, to_unsigned);
	simd_narrowed(l, a->q, a->rd);
	return true;
}

A64_TRANS(SQXTN, vec2)
{
	return narrow_saturated(l, a, simd_sign(a->u), 0);
}

A64_TRANS(SQXTUN, vec2)
{
	return narrow_saturated(l, a, IRF_SGN, 1);
}

A64_TRANS(SHLL, vec2)
{
	simd_2(l, IR_VXTL, simd_int(a->size), IRF_Q | (a->q ? IRF_HI : 0), VT0,
	       (unsigned)a->rn, 0);
	simd_2(l, IR_VSHL, simd_int(a->size + 1), IRF_Q, (unsigned)a->rd, VT0,
	       simd_bits(a->size));
	return true;
}
