/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Vector copies, permutations, tables and immediates. tags: guest/a64 - DUP, INS, ZIP, TBL, MOVI
 */
#include "guest/a64/simd.h"

A64_TRANS(DUP_elem, dup_elem)
{
	if (a->scalar)
		simd_lane(l, IR_VLANE, simd_int(a->size), 0, (unsigned)a->rd,
			  (unsigned)a->rn, a->index);
	else
		simd_lane(l, IR_VDUPE, simd_int(a->size), a->q ? IRF_Q : 0, (unsigned)a->rd,
			  (unsigned)a->rn, a->index);
	return true;
}

A64_TRANS(DUP_gpr, vec_gpr)
{
	if (a->rn == 31)
		simd_2(l, IR_VIMM, IR_I64, a->q ? IRF_Q : 0, (unsigned)a->rd, IR_NONE, 0);
	else
		simd_2(l, IR_VDUP, simd_int(a->size), a->q ? IRF_Q : 0, (unsigned)a->rd,
		       (unsigned)a->rn, 0);
	return true;
}

A64_TRANS(INS_gpr, vec_gpr)
{
	simd_lane(l, IR_VINS, simd_int(a->size), IRF_Q, (unsigned)a->rd, a64_zr(a->rn),
		  a->index);
	return true;
}

A64_TRANS(SMOV, vec_gpr)
{
	simd_lane(l, IR_VGET, simd_int(a->size), a->sf ? IRF_SX64 : IRF_SX32, a64_zr(a->rd),
		  (unsigned)a->rn, a->index);
	return true;
}

A64_TRANS(UMOV, vec_gpr)
{
	simd_lane(l, IR_VGET, simd_int(a->size), 0, a64_zr(a->rd), (unsigned)a->rn, a->index);
	return true;
}

A64_TRANS(INS_elem, ins_elem)
{
	a64_emit(l, IR_VINSE, simd_int(a->size), IRF_Q, (unsigned)a->rd, (unsigned)a->rn,
		 IR_NONE, (unsigned)a->index, a->from);
	return true;
}

static bool permute(struct a64_lift *l, const struct a64_arg_permute *a, enum ir_op first,
		    enum ir_op second)
{
	simd_3(l, a->second ? second : first, simd_int(a->size), a->q ? IRF_Q : 0,
	       (unsigned)a->rd, (unsigned)a->rn, (unsigned)a->rm);
	return true;
}

A64_TRANS(UZP, permute)
{
	return permute(l, a, IR_VUZP1, IR_VUZP2);
}

A64_TRANS(TRN, permute)
{
	return permute(l, a, IR_VTRN1, IR_VTRN2);
}

A64_TRANS(ZIP, permute)
{
	return permute(l, a, IR_VZIP1, IR_VZIP2);
}

A64_TRANS(EXT_v, ext)
{
	a64_emit(l, IR_VEXT, IR_I8, a->q ? IRF_Q : 0, (unsigned)a->rd, (unsigned)a->rn,
		 (unsigned)a->rm, (unsigned)a->index, 0);
	return true;
}

A64_TRANS(TBL, tbl)
{
	a64_emit(l, a->x ? IR_VTBX : IR_VTBL, IR_I8, a->q ? IRF_Q : 0, (unsigned)a->rd,
		 (unsigned)a->rn, (unsigned)a->rm, (unsigned)a->len + 1, 0);
	return true;
}

/* ---- immediates ---- */

/* The 64-bit pattern of a modified immediate, before MVNI and BIC invert it. */
static uint64_t expand(int op, int cmode, uint64_t imm8)
{
	uint64_t x;

	switch (cmode >> 1) {
	case 0:
	case 1:
	case 2:
	case 3:
		x = imm8 << (cmode >> 1) * 8;
		return x | x << 32;
	case 4:
	case 5:
		x = imm8 << (cmode >> 1 & 1) * 8;
		return x * 0x0001000100010001;
	case 6:
		x = cmode & 1 ? imm8 << 16 | 0xffff : imm8 << 8 | 0xff;
		return x | x << 32;
	default:
		if (!(cmode & 1) && !op)
			return imm8 * 0x0101010101010101;
		if (!(cmode & 1)) {
			x = 0;
			for (unsigned i = 0; i < 8; i++)
				if (imm8 >> i & 1)
					x |= (uint64_t)0xff << 8 * i;
			return x;
		}
		/* FMOV: 1 sign, 3 exponent and 4 fraction bits */
		if (op)
			return (imm8 >> 7) << 63 |
			       (imm8 & 0x40 ? 0xffull : 0x100ull) << 54 | (imm8 & 0x3f) << 48;
		x = (imm8 >> 7) << 31 | (imm8 & 0x40 ? 0x1full : 0x20ull) << 25 |
		    (imm8 & 0x3f) << 19;
		return x | x << 32;
	}
}

A64_TRANS(MOVI, modimm)
{
	uint64_t x = expand(a->op, a->cmode, (unsigned)a->imm8);

	/* op = 1 is MVNI up to the forms that have bits of their own. */
	if (a->op && a->cmode < 14)
		x = ~x;
	simd_2(l, IR_VIMM, IR_I64, a->q ? IRF_Q : 0, (unsigned)a->rd, IR_NONE, (int64_t)x);
	return true;
}

static bool with_imm(struct a64_lift *l, const struct a64_arg_modimm *a, enum ir_op op)
{
	unsigned fl = a->q ? IRF_Q : 0;

	simd_2(l, IR_VIMM, IR_I64, fl, VT0, IR_NONE,
	       (int64_t)expand(a->op, a->cmode, (unsigned)a->imm8));
	simd_3(l, op, IR_I64, fl, (unsigned)a->rd, (unsigned)a->rd, VT0);
	return true;
}

A64_TRANS(ORR_v_imm, modimm)
{
	return with_imm(l, a, IR_VOR);
}

A64_TRANS(BIC_v_imm, modimm)
{
	return with_imm(l, a, IR_VANDN);
}
