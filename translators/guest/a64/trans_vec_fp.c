/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Vector floating point, and the scalar forms that share its encodings.
 * tags: guest/a64 - FADD, FMLA, FCMEQ, FCVTZS
 */
#include "guest/a64/simd.h"
#include "jit/ir/softfloat.h"

static bool three(struct a64_lift *l, const struct a64_arg_vec3 *a, enum ir_op op)
{
	simd_3(l, op, simd_fp(a->size), simd_width(a->scalar, a->q, a->size), (unsigned)a->rd,
	       (unsigned)a->rn, (unsigned)a->rm);
	return true;
}

A64_TRANS(FADD_v, vec3)
{
	return three(l, a, IR_VFADD);
}

A64_TRANS(FSUB_v, vec3)
{
	return three(l, a, IR_VFSUB);
}

A64_TRANS(FMUL_v, vec3)
{
	return three(l, a, IR_VFMUL);
}

A64_TRANS(FMULX, vec3)
{
	return three(l, a, IR_VFMULX);
}

A64_TRANS(FDIV_v, vec3)
{
	return three(l, a, IR_VFDIV);
}

A64_TRANS(FMAX_v, vec3)
{
	return three(l, a, IR_VFMAX);
}

A64_TRANS(FMIN_v, vec3)
{
	return three(l, a, IR_VFMIN);
}

A64_TRANS(FMAXNM_v, vec3)
{
	return three(l, a, IR_VFMAXNM);
}

A64_TRANS(FMINNM_v, vec3)
{
	return three(l, a, IR_VFMINNM);
}

A64_TRANS(FCMEQ, vec3)
{
	return three(l, a, IR_VFCMEQ);
}

A64_TRANS(FCMGE, vec3)
{
	return three(l, a, IR_VFCMGE);
}

A64_TRANS(FCMGT, vec3)
{
	return three(l, a, IR_VFCMGT);
}

A64_TRANS(FRECPS, vec3)
{
	return three(l, a, IR_VFRECPS);
}

A64_TRANS(FRSQRTS, vec3)
{
	return three(l, a, IR_VFRSQRTS);
}

static bool accumulate(struct a64_lift *l, const struct a64_arg_vec3 *a, int64_t negate)
{
	a64_emit(l, IR_VFMA, simd_fp(a->size), a->q ? IRF_Q : 0, (unsigned)a->rd,
		 (unsigned)a->rn, (unsigned)a->rm, (unsigned)a->rd, negate);
	return true;
}

A64_TRANS(FMLA_v, vec3)
{
	return accumulate(l, a, 0);
}

A64_TRANS(FMLS_v, vec3)
{
	return accumulate(l, a, 1);
}

A64_TRANS(FABD, vec3)
{
	unsigned ty = simd_fp(a->size), fl = simd_width(a->scalar, a->q, a->size);

	simd_3(l, IR_VFSUB, ty, fl, VT0, (unsigned)a->rn, (unsigned)a->rm);
	simd_2(l, IR_VFABS, ty, fl, (unsigned)a->rd, VT0, 0);
	return true;
}

static bool compare_abs(struct a64_lift *l, const struct a64_arg_vec3 *a, enum ir_op op)
{
	unsigned ty = simd_fp(a->size), fl = simd_width(a->scalar, a->q, a->size);

	simd_2(l, IR_VFABS, ty, fl, VT0, (unsigned)a->rn, 0);
	simd_2(l, IR_VFABS, ty, fl, VT1, (unsigned)a->rm, 0);
	simd_3(l, op, ty, fl, (unsigned)a->rd, VT0, VT1);
	return true;
}

A64_TRANS(FACGE, vec3)
{
	return compare_abs(l, a, IR_VFCMGE);
}

A64_TRANS(FACGT, vec3)
{
	return compare_abs(l, a, IR_VFCMGT);
}

/* ---- neighbours and across ---- */

static bool pairwise(struct a64_lift *l, const struct a64_arg_vec3 *a, enum ir_op op)
{
	return simd_pairwise(l, op, simd_fp(a->size), a->q ? IRF_Q : 0, a->rd, a->rn, a->rm);
}

A64_TRANS(FADDP_v, vec3)
{
	return pairwise(l, a, IR_VFADD);
}

A64_TRANS(FMAXP_v, vec3)
{
	return pairwise(l, a, IR_VFMAX);
}

A64_TRANS(FMINP_v, vec3)
{
	return pairwise(l, a, IR_VFMIN);
}

A64_TRANS(FMAXNMP_v, vec3)
{
	return pairwise(l, a, IR_VFMAXNM);
}

A64_TRANS(FMINNMP_v, vec3)
{
	return pairwise(l, a, IR_VFMINNM);
}

static bool scalar_pair(struct a64_lift *l, const struct a64_arg_vec2 *a, enum ir_op op)
{
	simd_lane(l, IR_VLANE, simd_int(a->size), 0, VT0, (unsigned)a->rn, 1);
	simd_3(l, op, simd_fp(a->size), 0, (unsigned)a->rd, (unsigned)a->rn, VT0);
	return true;
}

A64_TRANS(FADDP_s, vec2)
{
	return scalar_pair(l, a, IR_FADD);
}

A64_TRANS(FMAXP_s, vec2)
{
	return scalar_pair(l, a, IR_FMAX);
}

A64_TRANS(FMINP_s, vec2)
{
	return scalar_pair(l, a, IR_FMIN);
}

A64_TRANS(FMAXNMP_s, vec2)
{
	return scalar_pair(l, a, IR_FMAXNM);
}

A64_TRANS(FMINNMP_s, vec2)
{
	return scalar_pair(l, a, IR_FMINNM);
}

/* Lanes 0 with 1, 2 with 3 ..., then neighbours of the results: four lanes, of halves perhaps
 * eight. */
static bool across(struct a64_lift *l, const struct a64_arg_vec2 *a, enum ir_op vector,
		   enum ir_op scalar)
{
	unsigned ty = simd_int(a->size), fp = simd_fp(a->size), n = (unsigned)a->rn;

	for (unsigned lanes = (a->q ? 16u : 8u) >> a->size; lanes > 2; lanes /= 2) {
		unsigned fl = lanes << a->size == 16 ? IRF_Q : 0;

		simd_3(l, IR_VUZP1, ty, fl, VT0, n, n);
		simd_3(l, IR_VUZP2, ty, fl, VT1, n, n);
		simd_3(l, vector, fp, 0, VT2, VT0, VT1);
		n = VT2;
	}
	simd_lane(l, IR_VLANE, ty, 0, VT1, n, 1);
	simd_3(l, scalar, fp, 0, (unsigned)a->rd, n, VT1);
	return true;
}

A64_TRANS(FMAXV, vec2)
{
	return across(l, a, IR_VFMAX, IR_FMAX);
}

A64_TRANS(FMINV, vec2)
{
	return across(l, a, IR_VFMIN, IR_FMIN);
}

A64_TRANS(FMAXNMV, vec2)
{
	return across(l, a, IR_VFMAXNM, IR_FMAXNM);
}

A64_TRANS(FMINNMV, vec2)
{
	return across(l, a, IR_VFMINNM, IR_FMINNM);
}

/* ---- one operand ---- */

/* Half-precision lanes, of which the host knows nothing: their signs. */
static bool half_signs(struct a64_lift *l, const struct a64_arg_vec2 *a, enum ir_op op,
		       uint64_t mask)
{
	simd_imm(l, IRF_Q, VT0, 1, mask);
	simd_3(l, op, IR_I64, a->q ? IRF_Q : 0, (unsigned)a->rd, (unsigned)a->rn, VT0);
	return true;
}

static bool two(struct a64_lift *l, const struct a64_arg_vec2 *a, enum ir_op op)
{
	simd_2(l, op, simd_fp(a->size), simd_width(a->scalar, a->q, a->size), (unsigned)a->rd,
	       (unsigned)a->rn, 0);
	return true;
}

A64_TRANS(FABS_v, vec2)
{
	return a->size == 1 ? half_signs(l, a, IR_VAND, 0x7fff) : two(l, a, IR_VFABS);
}

A64_TRANS(FNEG_v, vec2)
{
	return a->size == 1 ? half_signs(l, a, IR_VXOR, 0x8000) : two(l, a, IR_VFNEG);
}

A64_TRANS(FSQRT_v, vec2)
{
	return two(l, a, IR_VFSQRT);
}

A64_TRANS(FRECPE, vec2)
{
	return two(l, a, IR_VFRECPE);
}

A64_TRANS(FRSQRTE, vec2)
{
	return two(l, a, IR_VFRSQRTE);
}

A64_TRANS(FRECPX, vec2)
{
	return two(l, a, IR_VFRECPX);
}

static bool against_zero(struct a64_lift *l, const struct a64_arg_vec2 *a, enum ir_op op,
			 bool swap)
{
	simd_3(l, op, simd_fp(a->size), simd_width(a->scalar, a->q, a->size), (unsigned)a->rd,
	       swap ? IR_ZERO : (unsigned)a->rn, swap ? (unsigned)a->rn : IR_ZERO);
	return true;
}

A64_TRANS(FCMEQ_zero, vec2)
{
	return against_zero(l, a, IR_VFCMEQ, false);
}

A64_TRANS(FCMGE_zero, vec2)
{
	return against_zero(l, a, IR_VFCMGE, false);
}

A64_TRANS(FCMGT_zero, vec2)
{
	return against_zero(l, a, IR_VFCMGT, false);
}

A64_TRANS(FCMLE_zero, vec2)
{
	return against_zero(l, a, IR_VFCMGE, true);
}

A64_TRANS(FCMLT_zero, vec2)
{
	return against_zero(l, a, IR_VFCMGT, true);
}

A64_TRANS(FRINT_v, vfrint)
{
	simd_2(l, IR_VFRINT, simd_fp(a->size), a->q ? IRF_Q : 0, (unsigned)a->rd,
	       (unsigned)a->rn, a->mode == 7 ? FP_ROUND_CURRENT : a->mode);
	return true;
}

A64_TRANS(FRINTTS_v, vfrintts)
{
	int mode = a->x ? FP_ROUND_CURRENT : FP_ROUND_ZERO;

	simd_2(l, IR_VFRINT, simd_fp(a->size), a->q ? IRF_Q : 0, (unsigned)a->rd,
	       (unsigned)a->rn, mode | a->bits << 8);
	return true;
}

/* ---- conversions ---- */

A64_TRANS(FCVT_to_int_v, vfcvt)
{
	simd_2(l, IR_VFTOI, simd_fp(a->size),
	       simd_width(a->scalar, a->q, a->size) | simd_sign(a->u), (unsigned)a->rd,
	       (unsigned)a->rn, a->mode | a->fbits << 8);
	return true;
}

A64_TRANS(CVTF_v, vfcvt)
{
	simd_2(l, IR_VITOF, simd_fp(a->size),
	       simd_width(a->scalar, a->q, a->size) | simd_sign(a->u), (unsigned)a->rd,
	       (unsigned)a->rn, a->fbits);
	return true;
}

A64_TRANS(FCVTL, vec2)
{
	simd_2(l, IR_VFCVTL, simd_fp(a->size - 1), IRF_Q | (a->q ? IRF_HI : 0),
	       (unsigned)a->rd, (unsigned)a->rn, 0);
	return true;
}

A64_TRANS(FCVTN, vec2)
{
	simd_2(l, IR_VFCVTN, simd_fp(a->size - 1), 0, simd_narrow(a->q, a->rd),
	       (unsigned)a->rn, FP_ROUND_CURRENT);
	simd_narrowed(l, a->q, a->rd);
	return true;
}

A64_TRANS(FCVTXN, vec2)
{
	simd_2(l, IR_VFCVTN, IR_F32, a->scalar ? IRF_ONE : 0, simd_narrow(a->q, a->rd),
	       (unsigned)a->rn, FP_ROUND_ODD);
	simd_narrowed(l, a->q, a->rd);
	return true;
}
