/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Vector operations by one element of the second operand: it is copied to all lanes of a
 * temporary, then they are the plain forms. tags: guest/a64 - MLA, FMLA, SMULL by element
 */
#include "guest/a64/simd.h"

/* The second operand. Scalars need lane 0 only. */
static unsigned element(struct a64_lift *l, const struct a64_arg_vec_elem *a)
{
	if (a->scalar && a->index == 0)
		return (unsigned)a->rm;
	if (a->scalar)
		simd_lane(l, IR_VLANE, simd_int(a->size), 0, VT0, (unsigned)a->rm, a->index);
	else
		simd_lane(l, IR_VDUPE, simd_int(a->size), IRF_Q, VT0, (unsigned)a->rm, a->index);
	return VT0;
}

A64_TRANS(MUL_elem, vec_elem)
{
	simd_3(l, IR_VMUL, simd_int(a->size), a->q ? IRF_Q : 0, (unsigned)a->rd,
	       (unsigned)a->rn, element(l, a));
	return true;
}

static bool accumulate(struct a64_lift *l, const struct a64_arg_vec_elem *a, enum ir_op op)
{
	unsigned ty = simd_int(a->size), fl = a->q ? IRF_Q : 0, m = element(l, a);

	simd_3(l, IR_VMUL, ty, fl, VT0, (unsigned)a->rn, m);
	simd_3(l, op, ty, fl, (unsigned)a->rd, (unsigned)a->rd, VT0);
	return true;
}

A64_TRANS(MLA_elem, vec_elem)
{
	return accumulate(l, a, IR_VADD);
}

A64_TRANS(MLS_elem, vec_elem)
{
	return accumulate(l, a, IR_VSUB);
}

static unsigned half(const struct a64_arg_vec_elem *a)
{
	return IRF_Q | (a->q ? IRF_HI : 0) | simd_sign(a->u);
}

A64_TRANS(SMULL_elem, vec_elem)
{
	simd_3(l, IR_VMULL, simd_int(a->size), half(a), (unsigned)a->rd, (unsigned)a->rn,
	       element(l, a));
	return true;
}

static bool long_accumulate(struct a64_lift *l, const struct a64_arg_vec_elem *a,
			    enum ir_op op)
{
	simd_3(l, IR_VMULL, simd_int(a->size), half(a), VT0, (unsigned)a->rn, element(l, a));
	simd_3(l, op, simd_int(a->size + 1), IRF_Q, (unsigned)a->rd, (unsigned)a->rd, VT0);
	return true;
}

A64_TRANS(SMLAL_elem, vec_elem)
{
	return long_accumulate(l, a, IR_VADD);
}

A64_TRANS(SMLSL_elem, vec_elem)
{
	return long_accumulate(l, a, IR_VSUB);
}

/* ---- saturating ---- */

static void double_product(struct a64_lift *l, const struct a64_arg_vec_elem *a, unsigned d)
{
	unsigned ty = simd_int(a->size), n = (unsigned)a->rn, m = element(l, a);

	if (a->scalar) {
		/* Zeros in the other lanes neither saturate nor stay. */
		if (m != VT0)
			simd_lane(l, IR_VLANE, ty, 0, VT0, m, 0);
		simd_lane(l, IR_VLANE, ty, 0, VT1, n, 0);
		m = VT0;
		n = VT1;
	}
	simd_3(l, IR_VMULL, ty, IRF_Q | IRF_SGN | (a->q ? IRF_HI : 0), VT0, n, m);
	simd_3(l, IR_VQADD, simd_int(a->size + 1), IRF_Q | IRF_SGN, d, VT0, VT0);
}

static bool double_accumulate(struct a64_lift *l, const struct a64_arg_vec_elem *a,
			      enum ir_op op)
{
	unsigned fl = a->scalar ? simd_width(1, 0, a->size + 1) : IRF_Q;

	double_product(l, a, VT0);
	simd_3(l, op, simd_int(a->size + 1), fl | IRF_SGN, (unsigned)a->rd, (unsigned)a->rd,
	       VT0);
	return true;
}

A64_TRANS(SQDMULL_elem, vec_elem)
{
	double_product(l, a, (unsigned)a->rd);
	return true;
}

A64_TRANS(SQDMLAL_elem, vec_elem)
{
	return double_accumulate(l, a, IR_VQADD);
}

A64_TRANS(SQDMLSL_elem, vec_elem)
{
	return double_accumulate(l, a, IR_VQSUB);
}

static bool high_product(struct a64_lift *l, const struct a64_arg_vec_elem *a, enum ir_op op,
			 int64_t imm)
{
	unsigned m = element(l, a);

	a64_emit(l, op, simd_int(a->size), simd_width(a->scalar, a->q, a->size) | IRF_SGN,
		 (unsigned)a->rd, (unsigned)a->rn, m, IR_NONE, imm);
	return true;
}

A64_TRANS(SQDMULH_elem, vec_elem)
{
	return high_product(l, a, IR_VQDMULH, 0);
}

A64_TRANS(SQRDMULH_elem, vec_elem)
{
	return high_product(l, a, IR_VQDMULH, 1);
}

A64_TRANS(SQRDMLAH_elem, vec_elem)
{
	return high_product(l, a, IR_VQRDMLAH, 0);
}

A64_TRANS(SQRDMLSH_elem, vec_elem)
{
	return high_product(l, a, IR_VQRDMLAH, 1);
}

/* ---- floating point ---- */

static bool fp_product(struct a64_lift *l, const struct a64_arg_vec_elem *a, enum ir_op op)
{
	unsigned m;

	m = element(l, a);
	simd_3(l, op, simd_fp(a->size), simd_width(a->scalar, a->q, a->size),
	       (unsigned)a->rd, (unsigned)a->rn, m);
	return true;
}

A64_TRANS(FMUL_elem, vec_elem)
{
	return fp_product(l, a, a->scalar ? IR_FMUL : IR_VFMUL);
}

A64_TRANS(FMULX_elem, vec_elem)
{
	return fp_product(l, a, IR_VFMULX);
}

static bool fp_accumulate(struct a64_lift *l, const struct a64_arg_vec_elem *a,
			  int64_t negate)
{
	unsigned m;

	m = element(l, a);
	a64_emit(l, a->scalar ? IR_FMA : IR_VFMA, simd_fp(a->size), a->q ? IRF_Q : 0,
		 (unsigned)a->rd, (unsigned)a->rn, m, (unsigned)a->rd, negate);
	return true;
}

A64_TRANS(FMLA_elem, vec_elem)
{
	return fp_accumulate(l, a, 0);
}

A64_TRANS(FMLS_elem, vec_elem)
{
	return fp_accumulate(l, a, 1);
}
