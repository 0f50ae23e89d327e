/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The cryptographic instructions. What is made of rotations and sums of whole registers is
 * composed of ops; rounds have ops of their own. Every instruction reads all its sources
 * before its last op, which writes the result. tags: guest/a64 - AES, SHA, SM3, SM4
 */
#include "guest/a64/simd.h"

static void four(struct a64_lift *l, enum ir_op op, unsigned ty, unsigned d, unsigned a,
		 unsigned b, unsigned c, int64_t imm)
{
	a64_emit(l, op, ty, IRF_Q, d, a, b, c, imm);
}

static void three(struct a64_lift *l, enum ir_op op, unsigned ty, unsigned d, unsigned a,
		  unsigned b)
{
	a64_emit(l, op, ty, IRF_Q, d, a, b, IR_NONE, 0);
}

static void rotate(struct a64_lift *l, unsigned ty, unsigned d, unsigned a, unsigned right)
{
	simd_2(l, right ? IR_VROR : IR_VMOV, ty, IRF_Q, d, a, right);
}

static void sigma(struct a64_lift *l, unsigned ty, unsigned d, unsigned a, int64_t imm)
{
	simd_2(l, IR_VSIGMA, ty, IRF_Q, d, a, imm);
}

/* d = the four lanes from lane n up of hi:lo */
static void lanes(struct a64_lift *l, unsigned d, unsigned lo, unsigned hi, unsigned n)
{
	a64_emit(l, IR_VEXT, IR_I8, IRF_Q, d, lo, hi, 4 * n, 0);
}

#define REGS(a) \
	A64_UNUSED unsigned d = (unsigned)(a)->rd, n = (unsigned)(a)->rn
#define REGS3(a) \
	REGS(a);  \
	unsigned m = (unsigned)(a)->rm

/* ---- AES ---- */

A64_TRANS(AESE, rn_rd)
{
	REGS(a);

	four(l, IR_VAES, IR_I8, d, d, n, IR_NONE, 0);
	return true;
}

A64_TRANS(AESD, rn_rd)
{
	REGS(a);

	four(l, IR_VAES, IR_I8, d, d, n, IR_NONE, 1);
	return true;
}

A64_TRANS(AESMC, rn_rd)
{
	REGS(a);

	simd_2(l, IR_VAESMC, IR_I8, IRF_Q, d, n, 0);
	return true;
}

A64_TRANS(AESIMC, rn_rd)
{
	REGS(a);

	simd_2(l, IR_VAESMC, IR_I8, IRF_Q, d, n, 1);
	return true;
}

/* ---- SHA-1 ---- */

A64_TRANS(SHA1C, crypto3)
{
	REGS3(a);

	four(l, IR_VSHA1, IR_I32, d, n, m, IR_NONE, IR_SHA1_CHOOSE);
	return true;
}

A64_TRANS(SHA1P, crypto3)
{
	REGS3(a);

	four(l, IR_VSHA1, IR_I32, d, n, m, IR_NONE, IR_SHA1_PARITY);
	return true;
}

A64_TRANS(SHA1M, crypto3)
{
	REGS3(a);

	four(l, IR_VSHA1, IR_I32, d, n, m, IR_NONE, IR_SHA1_MAJORITY);
	return true;
}

A64_TRANS(SHA1H, rn_rd)
{
	REGS(a);

	simd_2(l, IR_VROR, IR_I32, IRF_ONE, d, n, 2);
	return true;
}

A64_TRANS(SHA1SU0, crypto3)
{
	REGS3(a);

	lanes(l, VT0, d, n, 2);
	four(l, IR_VXOR3, IR_I64, d, d, VT0, m, 0);
	return true;
}

A64_TRANS(SHA1SU1, rn_rd)
{
	REGS(a);

	three(l, IR_VSHA1S1, IR_I32, d, d, n);
	return true;
}

/* ---- SHA-256 ---- */

A64_TRANS(SHA256H, crypto3)
{
	REGS3(a);

	four(l, IR_VSHA256, IR_I32, d, d, n, m, 0);
	return true;
}

A64_TRANS(SHA256H2, crypto3)
{
	REGS3(a);

	four(l, IR_VSHA256, IR_I32, d, n, d, m, 1);
	return true;
}

A64_TRANS(SHA256SU0, rn_rd)
{
	REGS(a);

	three(l, IR_VSHA256S0, IR_I32, d, d, n);
	return true;
}

A64_TRANS(SHA256SU1, crypto3)
{
	REGS3(a);

	lanes(l, VT0, n, m, 1);
	three(l, IR_VADD, IR_I32, VT0, VT0, d);
	three(l, IR_VSHA256S1, IR_I32, d, VT0, m);
	return true;
}

/* ---- SHA-512 ---- */

A64_TRANS(SHA512H, crypto3)
{
	REGS3(a);

	four(l, IR_VSHA512, IR_I64, d, n, m, VT0, 0);
	return true;
}

A64_TRANS(SHA512H2, crypto3)
{
	REGS3(a);

	four(l, IR_VSHA512, IR_I64, d, n, m, VT0, 1);
	return true;
}

A64_TRANS(SHA512SU0, rn_rd)
{
	REGS(a);

	lanes(l, VT0, d, n, 2);
	sigma(l, IR_I64, VT0, VT0, IR_SIGMA(1, 8, 7) | IR_SIGMA_SHIFT);
	three(l, IR_VADD, IR_I64, d, d, VT0);
	return true;
}

A64_TRANS(SHA512SU1, crypto3)
{
	REGS3(a);

	sigma(l, IR_I64, VT0, n, IR_SIGMA(19, 61, 6) | IR_SIGMA_SHIFT);
	three(l, IR_VADD, IR_I64, VT0, VT0, m);
	three(l, IR_VADD, IR_I64, d, d, VT0);
	return true;
}

/* ---- SHA-3 ---- */

A64_TRANS(EOR3, crypto4)
{
	REGS3(a);

	four(l, IR_VXOR3, IR_I64, d, n, m, (unsigned)a->ra, 0);
	return true;
}

A64_TRANS(BCAX, crypto4)
{
	REGS3(a);

	four(l, IR_VXANDN, IR_I64, d, n, m, (unsigned)a->ra, 0);
	return true;
}

A64_TRANS(RAX1, crypto3)
{
	REGS3(a);

	rotate(l, IR_I64, VT0, m, 63);
	three(l, IR_VXOR, IR_I64, d, n, VT0);
	return true;
}

A64_TRANS(XAR, xar)
{
	REGS3(a);

	if (!a->shift) {
		three(l, IR_VXOR, IR_I64, d, n, m);
		return true;
	}
	three(l, IR_VXOR, IR_I64, VT0, n, m);
	rotate(l, IR_I64, d, VT0, (unsigned)a->shift);
	return true;
}

/* ---- SM3, SM4 ---- */

/* P1 of the first lane of vt0, turned left by 15, in the last lane of vt1; zeros below:
 * what the last of four words depends on the first. */
static void sm3_carry_over(struct a64_lift *l)
{
	lanes(l, VT1, IR_ZERO, VT0, 1);
	sigma(l, IR_I32, VT1, VT1, IR_SIGMA(17, 2, 26));
}

A64_TRANS(SM3PARTW1, crypto3)
{
	REGS3(a);

	lanes(l, VT0, m, IR_ZERO, 1);
	rotate(l, IR_I32, VT0, VT0, 17);
	four(l, IR_VXOR3, IR_I64, VT0, VT0, d, n, 0);
	sigma(l, IR_I32, VT0, VT0, IR_SIGMA(0, 17, 9));
	sm3_carry_over(l);
	three(l, IR_VXOR, IR_I64, d, VT0, VT1);
	return true;
}

A64_TRANS(SM3PARTW2, crypto3)
{
	REGS3(a);

	rotate(l, IR_I32, VT0, m, 25);
	three(l, IR_VXOR, IR_I64, VT0, VT0, n);
	sm3_carry_over(l);
	four(l, IR_VXOR3, IR_I64, d, d, VT0, VT1, 0);
	return true;
}

A64_TRANS(SM3SS1, crypto4)
{
	REGS3(a);

	rotate(l, IR_I32, VT0, n, 20);
	three(l, IR_VADD, IR_I32, VT0, VT0, m);
	three(l, IR_VADD, IR_I32, VT0, VT0, (unsigned)a->ra);
	rotate(l, IR_I32, VT0, VT0, 25);
	/* The last lane alone. */
	lanes(l, VT0, VT0, IR_ZERO, 3);
	lanes(l, d, IR_ZERO, VT0, 1);
	return true;
}

A64_TRANS(SM3TT, sm3tt)
{
	REGS3(a);

	four(l, IR_VSM3, IR_I32, d, n, m, IR_NONE, a->index << 4 | a->op);
	return true;
}

A64_TRANS(SM4E, rn_rd)
{
	REGS(a);

	four(l, IR_VSM4, IR_I32, d, d, n, IR_NONE, 0);
	return true;
}

A64_TRANS(SM4EKEY, crypto3)
{
	REGS3(a);

	four(l, IR_VSM4, IR_I32, d, n, m, IR_NONE, 1);
	return true;
}
