/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Loads and stores of vector registers. The structure forms load whole registers and then
 * take the elements apart. tags: guest/a64 - LDR, LDP, LD1 to LD4 and stores of v registers
 */
#include "guest/a64/simd.h"

A64_TRANS(LDR_v_imm, vldst_imm)
{
	a64_access(l, IR_LDV, simd_int(a->size), 0, (unsigned)a->rt,
		   a64_address_imm(a->rn, a->imm, a->post));
	if (a->wback)
		a64_writeback(l, a->rn, a->imm);
	return true;
}

A64_TRANS(STR_v_imm, vldst_imm)
{
	a64_access(l, IR_STV, simd_int(a->size), 0, (unsigned)a->rt,
		   a64_address_imm(a->rn, a->imm, a->post));
	if (a->wback)
		a64_writeback(l, a->rn, a->imm);
	return true;
}

A64_TRANS(LDR_v_reg, vldst_reg)
{
	struct a64_address addr = a64_address_reg(l, a->rn, a->rm, a->option, a->shift);

	a64_access(l, IR_LDV, simd_int(a->size), 0, (unsigned)a->rt, addr);
	return true;
}

A64_TRANS(STR_v_reg, vldst_reg)
{
	struct a64_address addr = a64_address_reg(l, a->rn, a->rm, a->option, a->shift);

	a64_access(l, IR_STV, simd_int(a->size), 0, (unsigned)a->rt, addr);
	return true;
}

A64_TRANS(LDR_v_lit, vldr_lit)
{
	struct a64_address addr = a64_address_literal(l, a->imm);

	a64_access(l, IR_LDV, simd_int(a->size), 0, (unsigned)a->rt, addr);
	return true;
}

A64_TRANS(LDP_v, vldst_pair)
{
	struct a64_address addr = a64_address_imm(a->rn, a->imm, a->post);

	a64_access(l, IR_LDV, simd_int(a->size), 0, (unsigned)a->rt, addr);
	addr.disp += 1 << a->size;
	a64_access(l, IR_LDV, simd_int(a->size), 0, (unsigned)a->rt2, addr);
	if (a->wback)
		a64_writeback(l, a->rn, a->imm);
	return true;
}

A64_TRANS(STP_v, vldst_pair)
{
	struct a64_address addr = a64_address_imm(a->rn, a->imm, a->post);

	a64_access(l, IR_STV, simd_int(a->size), 0, (unsigned)a->rt, addr);
	addr.disp += 1 << a->size;
	a64_access(l, IR_STV, simd_int(a->size), 0, (unsigned)a->rt2, addr);
	if (a->wback)
		a64_writeback(l, a->rn, a->imm);
	return true;
}

/* ---- structures ---- */

/* The base grows by a register, or by the bytes that were moved. */
static void advance(struct a64_lift *l, int rn, int rm, int bytes)
{
	if (rm == 31)
		a64_writeback(l, rn, bytes);
	else
		a64_rr(l, IR_ADD, IR_I64, (unsigned)rn, (unsigned)rn, (unsigned)rm);
}

static unsigned following(int rt, int n)
{
	return (unsigned)(rt + n) & 31;
}

static void take_apart(struct a64_lift *l, const struct a64_arg_vldst_multi *a)
{
	unsigned ty = simd_int(a->size), fl = a->q ? IRF_Q : 0;
	unsigned d0 = following(a->rt, 0), d1 = following(a->rt, 1);
	unsigned d2 = following(a->rt, 2), d3 = following(a->rt, 3);

	switch (a->selem) {
	case 2:
		simd_3(l, IR_VUZP1, ty, fl, d0, VT0, VT1);
		simd_3(l, IR_VUZP2, ty, fl, d1, VT0, VT1);
		break;
	case 3:
		simd_lane(l, IR_VDEAL3, ty, fl, d0, VT0, 0);
		simd_lane(l, IR_VDEAL3, ty, fl, d1, VT0, 1);
		simd_lane(l, IR_VDEAL3, ty, fl, d2, VT0, 2);
		break;
	default:
		simd_3(l, IR_VUZP1, ty, fl, VT4, VT0, VT1);
		simd_3(l, IR_VUZP2, ty, fl, VT5, VT0, VT1);
		simd_3(l, IR_VUZP1, ty, fl, VT0, VT2, VT3);
		simd_3(l, IR_VUZP2, ty, fl, VT1, VT2, VT3);
		simd_3(l, IR_VUZP1, ty, fl, d0, VT4, VT0);
		simd_3(l, IR_VUZP2, ty, fl, d2, VT4, VT0);
		simd_3(l, IR_VUZP1, ty, fl, d1, VT5, VT1);
		simd_3(l, IR_VUZP2, ty, fl, d3, VT5, VT1);
	}
}

static void put_together(struct a64_lift *l, const struct a64_arg_vldst_multi *a)
{
	unsigned ty = simd_int(a->size), fl = a->q ? IRF_Q : 0;
	unsigned s0 = following(a->rt, 0), s1 = following(a->rt, 1);
	unsigned s2 = following(a->rt, 2), s3 = following(a->rt, 3);

	switch (a->selem) {
	case 2:
		simd_3(l, IR_VZIP1, ty, fl, VT0, s0, s1);
		simd_3(l, IR_VZIP2, ty, fl, VT1, s0, s1);
		break;
	case 3:
		simd_2(l, IR_VMOV, IR_I64, fl, VT4, s0, 0);
		simd_2(l, IR_VMOV, IR_I64, fl, VT5, s1, 0);
		simd_2(l, IR_VMOV, IR_I64, fl, VT6, s2, 0);
		simd_lane(l, IR_VRIFF3, ty, fl, VT0, VT4, 0);
		simd_lane(l, IR_VRIFF3, ty, fl, VT1, VT4, 1);
		simd_lane(l, IR_VRIFF3, ty, fl, VT2, VT4, 2);
		break;
	default:
		simd_3(l, IR_VZIP1, ty, fl, VT4, s0, s2);
		simd_3(l, IR_VZIP2, ty, fl, VT5, s0, s2);
		simd_3(l, IR_VZIP1, ty, fl, VT6, s1, s3);
		simd_3(l, IR_VZIP2, ty, fl, VT7, s1, s3);
		simd_3(l, IR_VZIP1, ty, fl, VT0, VT4, VT6);
		simd_3(l, IR_VZIP2, ty, fl, VT1, VT4, VT6);
		simd_3(l, IR_VZIP1, ty, fl, VT2, VT5, VT7);
		simd_3(l, IR_VZIP2, ty, fl, VT3, VT5, VT7);
	}
}

static int move_all(struct a64_lift *l, const struct a64_arg_vldst_multi *a, enum ir_op op)
{
	struct a64_address addr = a64_address_imm(a->rn, 0, 0);
	int n = a->rpt * a->selem, bytes = a->q ? 16 : 8;

	for (int i = 0; i < n; i++) {
		a64_access(l, op, a->q ? IR_I128 : IR_I64, 0,
			   a->selem == 1 ? following(a->rt, i) : VT0 + (unsigned)i, addr);
		addr.disp += bytes;
	}
	return n * bytes;
}

A64_TRANS(LD_multi, vldst_multi)
{
	int bytes = move_all(l, a, IR_LDV);

	if (a->selem > 1)
		take_apart(l, a);
	if (a->wback)
		advance(l, a->rn, a->rm, bytes);
	return true;
}

A64_TRANS(ST_multi, vldst_multi)
{
	int bytes;

	if (a->selem > 1)
		put_together(l, a);
	bytes = move_all(l, a, IR_STV);
	if (a->wback)
		advance(l, a->rn, a->rm, bytes);
	return true;
}

A64_TRANS(LD_lane, vldst_lane)
{
	struct a64_address addr = a64_address_imm(a->rn, 0, 0);
	unsigned ty = simd_int(a->size);

	if (a->selem == 1) {
		a64_access(l, IR_LD, ty, 0, IR_T0, addr);
		simd_lane(l, IR_VINS, ty, IRF_Q, (unsigned)a->rt, IR_T0, a->index);
	} else {
		for (int i = 0; i < a->selem; i++) {
			a64_access(l, IR_LDV, ty, 0, VT0 + (unsigned)i, addr);
			addr.disp += 1 << a->size;
		}
		for (int i = 0; i < a->selem; i++)
			simd_lane(l, IR_VINSE, ty, IRF_Q, following(a->rt, i),
				  VT0 + (unsigned)i, a->index);
	}
	if (a->wback)
		advance(l, a->rn, a->rm, a->selem << a->size);
	return true;
}

A64_TRANS(ST_lane, vldst_lane)
{
	struct a64_address addr = a64_address_imm(a->rn, 0, 0);
	unsigned ty = simd_int(a->size);

	for (int i = 0; i < a->selem; i++) {
		if (a->index == 0) {
			a64_access(l, IR_STV, ty, 0, following(a->rt, i), addr);
		} else {
			simd_lane(l, IR_VGET, ty, 0, IR_T0, following(a->rt, i), a->index);
			a64_access(l, IR_ST, ty, 0, IR_T0, addr);
		}
		addr.disp += 1 << a->size;
	}
	if (a->wback)
		advance(l, a->rn, a->rm, a->selem << a->size);
	return true;
}

A64_TRANS(LD_rep, vld_rep)
{
	struct a64_address addr = a64_address_imm(a->rn, 0, 0);

	for (int i = 0; i < a->selem; i++) {
		a64_access(l, IR_LDVDUP, simd_int(a->size), a->q ? IRF_Q : 0,
			   following(a->rt, i), addr);
		addr.disp += 1 << a->size;
	}
	if (a->wback)
		advance(l, a->rn, a->rm, a->selem << a->size);
	return true;
}

/* ---- ordered (Armv8.9): the host's order is strong enough for all but stores before loads ---- */

A64_TRANS(LDAPUR_v, vldst_imm)
{
	return a64_trans_LDR_v_imm(l, a);
}

A64_TRANS(STLUR_v, vldst_imm)
{
	a64_trans_STR_v_imm(l, a);
	a64_r(l, IR_FENCE, IR_I64, IR_NONE, IR_NONE, IR_FENCE_FULL);
	return true;
}

A64_TRANS(LDAP1, vldst_lane)
{
	return a64_trans_LD_lane(l, a);
}

A64_TRANS(STL1, vldst_lane)
{
	a64_trans_ST_lane(l, a);
	a64_r(l, IR_FENCE, IR_I64, IR_NONE, IR_NONE, IR_FENCE_FULL);
	return true;
}
