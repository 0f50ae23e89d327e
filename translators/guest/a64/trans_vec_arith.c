/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Vector integers, operands and result of one lane width: arithmetic, comparison, logic,
 * register shifts, and the operations across lanes. tags: guest/a64 - ADD, CMEQ, AND, ADDV
 */
#include "guest/a64/simd.h"

static bool three(struct a64_lift *l, const struct a64_arg_vec3 *a, enum ir_op op)
{
	simd_3(l, op, simd_int(a->size), simd_width(a->scalar, a->q, a->size) | simd_sign(a->u),
	       (unsigned)a->rd, (unsigned)a->rn, (unsigned)a->rm);
	return true;
}

A64_TRANS(ADD_v, vec3)
{
	return three(l, a, a->u ? IR_VSUB : IR_VADD);
}

A64_TRANS(MUL_v, vec3)
{
	return three(l, a, IR_VMUL);
}

A64_TRANS(PMUL, vec3)
{
	return three(l, a, IR_VPMUL);
}

A64_TRANS(MLA_v, vec3)
{
	unsigned ty = simd_int(a->size), fl = a->q ? IRF_Q : 0;

	simd_3(l, IR_VMUL, ty, fl, VT0, (unsigned)a->rn, (unsigned)a->rm);
	simd_3(l, a->u ? IR_VSUB : IR_VADD, ty, fl, (unsigned)a->rd, (unsigned)a->rd, VT0);
	return true;
}

A64_TRANS(SMAX, vec3)
{
	return three(l, a, IR_VMAX);
}

A64_TRANS(SMIN, vec3)
{
	return three(l, a, IR_VMIN);
}

A64_TRANS(SABD, vec3)
{
	return three(l, a, IR_VABD);
}

A64_TRANS(SABA, vec3)
{
	unsigned ty = simd_int(a->size), fl = a->q ? IRF_Q : 0;

	simd_3(l, IR_VABD, ty, fl | simd_sign(a->u), VT0, (unsigned)a->rn, (unsigned)a->rm);
	simd_3(l, IR_VADD, ty, fl, (unsigned)a->rd, (unsigned)a->rd, VT0);
	return true;
}

/* Halving without a carry out of the lane: a + b = 2 (a & b) + (a ^ b). */
A64_TRANS(SHADD, vec3)
{
	unsigned ty = simd_int(a->size), fl = a->q ? IRF_Q : 0;

	simd_3(l, IR_VAND, ty, fl, VT0, (unsigned)a->rn, (unsigned)a->rm);
	simd_3(l, IR_VXOR, ty, fl, VT1, (unsigned)a->rn, (unsigned)a->rm);
	simd_2(l, IR_VSHR, ty, fl | simd_sign(a->u), VT1, VT1, 1);
	simd_3(l, IR_VADD, ty, fl, (unsigned)a->rd, VT0, VT1);
	return true;
}

/* a + b + 1 = 2 (a | b) - (a ^ b) + 1 */
A64_TRANS(SRHADD, vec3)
{
	unsigned ty = simd_int(a->size), fl = a->q ? IRF_Q : 0;

	if (a->u && a->size < 2)
		return three(l, a, IR_VAVG);
	simd_3(l, IR_VOR, ty, fl, VT0, (unsigned)a->rn, (unsigned)a->rm);
	simd_3(l, IR_VXOR, ty, fl, VT1, (unsigned)a->rn, (unsigned)a->rm);
	simd_2(l, IR_VSHR, ty, fl | simd_sign(a->u), VT1, VT1, 1);
	simd_3(l, IR_VSUB, ty, fl, (unsigned)a->rd, VT0, VT1);
	return true;
}

/* a - b = (a ^ b) - 2 (b & ~a) */
A64_TRANS(SHSUB, vec3)
{
	unsigned ty = simd_int(a->size), fl = a->q ? IRF_Q : 0;

	simd_3(l, IR_VXOR, ty, fl, VT0, (unsigned)a->rn, (unsigned)a->rm);
	simd_3(l, IR_VANDN, ty, fl, VT1, (unsigned)a->rm, (unsigned)a->rn);
	simd_2(l, IR_VSHR, ty, fl | simd_sign(a->u), VT0, VT0, 1);
	simd_3(l, IR_VSUB, ty, fl, (unsigned)a->rd, VT0, VT1);
	return true;
}

A64_TRANS(SQADD, vec3)
{
	return three(l, a, IR_VQADD);
}

A64_TRANS(SQSUB, vec3)
{
	return three(l, a, IR_VQSUB);
}

A64_TRANS(CMGT, vec3)
{
	return three(l, a, IR_VCMGT);
}

A64_TRANS(CMGE, vec3)
{
	return three(l, a, IR_VCMGE);
}

A64_TRANS(CMEQ, vec3)
{
	return three(l, a, IR_VCMEQ);
}

A64_TRANS(CMTST, vec3)
{
	return three(l, a, IR_VCMTST);
}

A64_TRANS(SSHL, vec3)
{
	return three(l, a, IR_VSHLV);
}

A64_TRANS(SRSHL, vec3)
{
	return three(l, a, IR_VRSHLV);
}

A64_TRANS(SQSHL, vec3)
{
	return three(l, a, IR_VQSHLV);
}

A64_TRANS(SQRSHL, vec3)
{
	return three(l, a, IR_VQRSHLV);
}

A64_TRANS(ADDP_v, vec3)
{
	return simd_pairwise(l, IR_VADD, simd_int(a->size), a->q ? IRF_Q : 0, a->rd, a->rn,
			     a->rm);
}

A64_TRANS(SMAXP, vec3)
{
	return simd_pairwise(l, IR_VMAX, simd_int(a->size),
			     (a->q ? IRF_Q : 0) | simd_sign(a->u), a->rd, a->rn, a->rm);
}

A64_TRANS(SMINP, vec3)
{
	return simd_pairwise(l, IR_VMIN, simd_int(a->size),
			     (a->q ? IRF_Q : 0) | simd_sign(a->u), a->rd, a->rn, a->rm);
}

static bool high_product(struct a64_lift *l, const struct a64_arg_vec3 *a, enum ir_op op,
			 int64_t imm)
{
	a64_emit(l, op, simd_int(a->size), simd_width(a->scalar, a->q, a->size) | IRF_SGN,
		 (unsigned)a->rd, (unsigned)a->rn, (unsigned)a->rm, IR_NONE, imm);
	return true;
}

A64_TRANS(SQDMULH, vec3)
{
	return high_product(l, a, IR_VQDMULH, 0);
}

A64_TRANS(SQRDMULH, vec3)
{
	return high_product(l, a, IR_VQDMULH, 1);
}

A64_TRANS(SQRDMLAH, vec3)
{
	return high_product(l, a, IR_VQRDMLAH, 0);
}

A64_TRANS(SQRDMLSH, vec3)
{
	return high_product(l, a, IR_VQRDMLAH, 1);
}

A64_TRANS(BITWISE_v, vlogic)
{
	unsigned fl = a->q ? IRF_Q : 0;
	unsigned d = (unsigned)a->rd, n = (unsigned)a->rn, m = (unsigned)a->rm;

	switch (a->op) {
	case 0: simd_3(l, IR_VAND, IR_I64, fl, d, n, m); break;
	case 1: simd_3(l, IR_VANDN, IR_I64, fl, d, n, m); break;
	case 2:
		if (n == m)
			simd_2(l, IR_VMOV, IR_I64, fl, d, n, 0);
		else
			simd_3(l, IR_VOR, IR_I64, fl, d, n, m);
		break;
	case 3: simd_3(l, IR_VORN, IR_I64, fl, d, n, m); break;
	case 4:
		if (n == m)
			simd_2(l, IR_VIMM, IR_I64, fl, d, IR_NONE, 0);
		else
			simd_3(l, IR_VXOR, IR_I64, fl, d, n, m);
		break;
	case 5: a64_emit(l, IR_VBSL, IR_I64, fl, d, n, m, d, 0); break;
	case 6: a64_emit(l, IR_VBSL, IR_I64, fl, d, n, d, m, 0); break;
	default: a64_emit(l, IR_VBSL, IR_I64, fl, d, d, n, m, 0); break;
	}
	return true;
}

/* ---- one operand ---- */

static bool two(struct a64_lift *l, const struct a64_arg_vec2 *a, enum ir_op op)
{
	simd_2(l, op, simd_int(a->size), simd_width(a->scalar, a->q, a->size) | simd_sign(a->u),
	       (unsigned)a->rd, (unsigned)a->rn, 0);
	return true;
}

static bool reverse(struct a64_lift *l, const struct a64_arg_vec2 *a, int group)
{
	simd_lane(l, IR_VREV, simd_int(a->size), a->q ? IRF_Q : 0, (unsigned)a->rd,
		  (unsigned)a->rn, group);
	return true;
}

A64_TRANS(REV64_v, vec2)
{
	return reverse(l, a, 3);
}

A64_TRANS(REV32_v, vec2)
{
	return reverse(l, a, 2);
}

A64_TRANS(REV16_v, vec2)
{
	return reverse(l, a, 1);
}

A64_TRANS(CLS_v, vec2)
{
	return two(l, a, IR_VCLS);
}

A64_TRANS(CLZ_v, vec2)
{
	return two(l, a, IR_VCLZ);
}

A64_TRANS(CNT, vec2)
{
	return two(l, a, IR_VCNT);
}

A64_TRANS(NOT_v, vec2)
{
	return two(l, a, IR_VNOT);
}

A64_TRANS(RBIT_v, vec2)
{
	return two(l, a, IR_VRBIT);
}

A64_TRANS(ABS_v, vec2)
{
	return two(l, a, IR_VABS);
}

A64_TRANS(NEG_v, vec2)
{
	simd_3(l, IR_VSUB, simd_int(a->size), simd_width(a->scalar, a->q, a->size),
	       (unsigned)a->rd, IR_ZERO, (unsigned)a->rn);
	return true;
}

/* |x| is (x ^ sign) - sign, which saturates where it must. */
A64_TRANS(SQABS, vec2)
{
	unsigned ty = simd_int(a->size), fl = simd_width(a->scalar, a->q, a->size) | IRF_SGN;

	simd_2(l, IR_VSHR, ty, fl, VT0, (unsigned)a->rn, simd_bits(a->size) - 1);
	simd_3(l, IR_VXOR, ty, fl & IRF_Q, VT1, (unsigned)a->rn, VT0);
	simd_3(l, IR_VQSUB, ty, fl, (unsigned)a->rd, VT1, VT0);
	return true;
}

A64_TRANS(SQNEG, vec2)
{
	simd_3(l, IR_VQSUB, simd_int(a->size),
	       simd_width(a->scalar, a->q, a->size) | IRF_SGN, (unsigned)a->rd, IR_ZERO,
	       (unsigned)a->rn);
	return true;
}

A64_TRANS(SUQADD, vec2)
{
	simd_3(l, IR_VQADDX, simd_int(a->size),
	       simd_width(a->scalar, a->q, a->size) | simd_sign(a->u), (unsigned)a->rd,
	       (unsigned)a->rd, (unsigned)a->rn);
	return true;
}

static bool against_zero(struct a64_lift *l, const struct a64_arg_vec2 *a, enum ir_op op,
			 bool swap)
{
	simd_3(l, op, simd_int(a->size), simd_width(a->scalar, a->q, a->size) | IRF_SGN,
	       (unsigned)a->rd, swap ? IR_ZERO : (unsigned)a->rn,
	       swap ? (unsigned)a->rn : IR_ZERO);
	return true;
}

A64_TRANS(CMGT_zero, vec2)
{
	return against_zero(l, a, IR_VCMGT, false);
}

A64_TRANS(CMGE_zero, vec2)
{
	return against_zero(l, a, IR_VCMGE, false);
}

A64_TRANS(CMEQ_zero, vec2)
{
	return against_zero(l, a, IR_VCMEQ, false);
}

A64_TRANS(CMLE_zero, vec2)
{
	return against_zero(l, a, IR_VCMGE, true);
}

A64_TRANS(CMLT_zero, vec2)
{
	return against_zero(l, a, IR_VCMGT, true);
}

A64_TRANS(URECPE, vec2)
{
	return two(l, a, IR_VURECPE);
}

A64_TRANS(URSQRTE, vec2)
{
	return two(l, a, IR_VURSQRTE);
}

/* ---- across lanes ---- */

A64_TRANS(SADDLV, vec2)
{
	return two(l, a, IR_VADDLV);
}

A64_TRANS(SMAXV, vec2)
{
	return two(l, a, IR_VMAXV);
}

A64_TRANS(SMINV, vec2)
{
	return two(l, a, IR_VMINV);
}

A64_TRANS(ADDV, vec2)
{
	return two(l, a, IR_VADDV);
}

A64_TRANS(ADDP_s, vec2)
{
	simd_lane(l, IR_VLANE, IR_I64, 0, VT0, (unsigned)a->rn, 1);
	simd_3(l, IR_VADD, IR_I64, 0, (unsigned)a->rd, (unsigned)a->rn, VT0);
	return true;
}
