/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Dot products, matrix products and complex numbers: the extensions of Armv8.2 to Armv8.6.
 * Matrix products are two dot products of rearranged operands; complex ones are plain
 * multiply-adds of rearranged operands, whose signs change as the manual changes them (NaNs
 * included). tags: guest/a64 - SDOT, SMMLA, BFDOT, FMLAL, FCMLA
 */
#include "guest/a64/simd.h"
#include "jit/ir/softfloat.h"

static unsigned width(int q)
{
	return q ? IRF_Q : 0;
}

/* d += a . b */
static void dot(struct a64_lift *l, int q, int rd, unsigned a, unsigned b, bool sa, bool sb)
{
	a64_emit(l, IR_VDOT, IR_I32, width(q) | (sa ? IRF_SGN : 0), (unsigned)rd, a, b, IR_NONE,
		 sb);
}

/* A lane of m in all lanes of vt0. */
static unsigned spread(struct a64_lift *l, unsigned ty, int m, int lane)
{
	simd_lane(l, IR_VDUPE, ty, IRF_Q, VT0, (unsigned)m, lane);
	return VT0;
}

A64_TRANS(SDOT, vec3)
{
	dot(l, a->q, a->rd, (unsigned)a->rn, (unsigned)a->rm, !a->u, !a->u);
	return true;
}

A64_TRANS(USDOT, vec3)
{
	dot(l, a->q, a->rd, (unsigned)a->rn, (unsigned)a->rm, false, true);
	return true;
}

A64_TRANS(SDOT_elem, vec_elem)
{
	dot(l, a->q, a->rd, (unsigned)a->rn, spread(l, IR_I32, a->rm, a->index), !a->u, !a->u);
	return true;
}

A64_TRANS(USDOT_elem, vec_elem)
{
	dot(l, a->q, a->rd, (unsigned)a->rn, spread(l, IR_I32, a->rm, a->index), false, true);
	return true;
}

A64_TRANS(SUDOT_elem, vec_elem)
{
	/* the unsigned factors first */
	dot(l, a->q, a->rd, spread(l, IR_I32, a->rm, a->index), (unsigned)a->rn, false, true);
	return true;
}

/*
 * Operands of a product of two rows by two columns, each of two words: vt0 has the first
 * words of the rows as a0 a0 a1 a1, vt1 those of the columns as b0 b1 b0 b1; vt2 and vt3 the
 * second words.
 */
static void rows_and_columns(struct a64_lift *l, int rn, int rm)
{
	simd_3(l, IR_VTRN1, IR_I32, IRF_Q, VT0, (unsigned)rn, (unsigned)rn);
	simd_3(l, IR_VUZP1, IR_I32, IRF_Q, VT1, (unsigned)rm, (unsigned)rm);
	simd_3(l, IR_VTRN2, IR_I32, IRF_Q, VT2, (unsigned)rn, (unsigned)rn);
	simd_3(l, IR_VUZP2, IR_I32, IRF_Q, VT3, (unsigned)rm, (unsigned)rm);
}

static bool matrix(struct a64_lift *l, const struct a64_arg_vec3 *a, bool sa, bool sb)
{
	rows_and_columns(l, a->rn, a->rm);
	dot(l, 1, a->rd, VT0, VT1, sa, sb);
	dot(l, 1, a->rd, VT2, VT3, sa, sb);
	return true;
}

A64_TRANS(SMMLA, vec3)
{
	return matrix(l, a, !a->u, !a->u);
}

A64_TRANS(USMMLA, vec3)
{
	return matrix(l, a, false, true);
}

/* ---- bfloat16 ---- */

A64_TRANS(BFDOT, vec3)
{
	simd_3(l, IR_VBFDOT, IR_F32, width(a->q), (unsigned)a->rd, (unsigned)a->rn,
	       (unsigned)a->rm);
	return true;
}

A64_TRANS(BFDOT_elem, vec_elem)
{
	unsigned m = spread(l, IR_I32, a->rm, a->index);

	simd_3(l, IR_VBFDOT, IR_F32, width(a->q), (unsigned)a->rd, (unsigned)a->rn, m);
	return true;
}

A64_TRANS(BFMMLA, vec3)
{
	rows_and_columns(l, a->rn, a->rm);
	simd_3(l, IR_VBFDOT, IR_F32, IRF_Q, (unsigned)a->rd, VT0, VT1);
	simd_3(l, IR_VBFDOT, IR_F32, IRF_Q, (unsigned)a->rd, VT2, VT3);
	return true;
}

/* d = the even or odd bfloat16 numbers of n, which are the upper halves of singles; vt2 is used */
static void take_half(struct a64_lift *l, unsigned d, unsigned n, bool odd)
{
	if (!odd) {
		simd_2(l, IR_VSHL, IR_I32, IRF_Q, d, n, 16);
		return;
	}
	simd_imm(l, IRF_Q, VT2, 2, 0xffff0000);
	simd_3(l, IR_VAND, IR_I64, IRF_Q, d, n, VT2);
}

A64_TRANS(BFMLAL, vec3)
{
	take_half(l, VT0, (unsigned)a->rn, a->q);
	take_half(l, VT1, (unsigned)a->rm, a->q);
	a64_emit(l, IR_VFMA, IR_F32, IRF_Q, (unsigned)a->rd, VT0, VT1, (unsigned)a->rd, 0);
	return true;
}

A64_TRANS(BFMLAL_elem, vec_elem)
{
	spread(l, IR_I16, a->rm, a->index);
	take_half(l, VT1, VT0, true);
	take_half(l, VT0, (unsigned)a->rn, a->q);
	a64_emit(l, IR_VFMA, IR_F32, IRF_Q, (unsigned)a->rd, VT0, VT1, (unsigned)a->rd, 0);
	return true;
}

A64_TRANS(BFCVT_f, f1)
{
	simd_2(l, IR_VBFCVT, IR_I16, IRF_ONE, (unsigned)a->rd, (unsigned)a->rn, 0);
	return true;
}

A64_TRANS(BFCVTN, vec2)
{
	simd_2(l, IR_VBFCVT, IR_I16, 0, simd_narrow(a->q, a->rd), (unsigned)a->rn, 0);
	simd_narrowed(l, a->q, a->rd);
	return true;
}

/* ---- halves to singles ---- */

static bool long_halves(struct a64_lift *l, int q, int sub, int top, int rd, int rn, unsigned m)
{
	a64_emit(l, IR_VFMLAL, IR_F32, width(q) | (top ? IRF_HI : 0), (unsigned)rd,
		 (unsigned)rn, m, IR_NONE, sub);
	return true;
}

A64_TRANS(FMLAL, fmlal)
{
	return long_halves(l, a->q, a->sub, a->top, a->rd, a->rn, (unsigned)a->rm);
}

A64_TRANS(FMLAL_elem, fmlal_elem)
{
	return long_halves(l, a->q, a->sub, a->top, a->rd, a->rn,
			   spread(l, IR_I16, a->rm, a->index));
}

/* ---- complex numbers: the real part in the even lane, the imaginary in the odd ---- */

/* d = m with the signs of the even (1) or odd (2) lanes changed; vt7 is used */
static void change_signs(struct a64_lift *l, int size, unsigned d, unsigned m, int which)
{
	uint64_t sign = (uint64_t)1 << (simd_bits(size) - 1);

	if (size == 3) {
		/* Two lanes: which of the halves. */
		simd_2(l, IR_VIMM, IR_I64, which == 1 ? 0 : IRF_Q, VT7, IR_NONE,
		       (int64_t)sign);
		if (which == 2)
			a64_emit(l, IR_VEXT, IR_I8, IRF_Q, VT7, IR_ZERO, VT7, 8, 0);
	} else {
		simd_imm(l, IRF_Q, VT7, size + 1, which == 1 ? sign : sign << simd_bits(size));
	}
	simd_3(l, IR_VXOR, IR_I64, IRF_Q, d, m, VT7);
}

/* vt1 = m with real and imaginary parts exchanged */
static void swap_parts(struct a64_lift *l, int size, unsigned m)
{
	if (size == 3)
		a64_emit(l, IR_VEXT, IR_I8, IRF_Q, VT1, m, m, 8, 0);
	else
		a64_emit(l, IR_VREV, simd_int(size), IRF_Q, VT1, m, IR_NONE,
			 (unsigned)size + 1, 0);
}

A64_TRANS(FCADD, fcma)
{
	swap_parts(l, a->size, (unsigned)a->rm);
	/* by 90 degrees: n + i m */
	change_signs(l, a->size, VT1, VT1, a->rot == 1 ? 1 : 2);
	simd_3(l, IR_VFADD, simd_fp(a->size), width(a->q), (unsigned)a->rd, (unsigned)a->rn,
	       VT1);
	return true;
}

/*
 * d += the real (rot even) or imaginary parts of n times m turned by rot quarters: one half
 * of a complex product.
 */
static bool complex_product(struct a64_lift *l, int q, int size, int rot, int rd, int rn,
			    unsigned m)
{
	/* signs to change: 90 real, 180 both, 270 imaginary */
	static const uint8_t signs[4] = { 0, 1, 3, 2 };

	if (rot & 1) {
		swap_parts(l, size, m);
		m = VT1;
	}
	for (int part = 1; part <= 2; part++)
		if (signs[rot] & part) {
			change_signs(l, size, VT1, m, part);
			m = VT1;
		}
	simd_3(l, rot & 1 ? IR_VTRN2 : IR_VTRN1, simd_int(size), IRF_Q, VT2, (unsigned)rn,
	       (unsigned)rn);
	a64_emit(l, IR_VFMA, simd_fp(size), width(q), (unsigned)rd, VT2, m, (unsigned)rd, 0);
	return true;
}

A64_TRANS(FCMLA, fcma)
{
	return complex_product(l, a->q, a->size, a->rot, a->rd, a->rn, (unsigned)a->rm);
}

A64_TRANS(FCMLA_elem, fcmla_elem)
{
	return complex_product(l, a->q, a->size, a->rot, a->rd, a->rn,
			       spread(l, simd_int(a->size + 1), a->rm, a->index));
}
