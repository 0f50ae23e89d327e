/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by scalar and vector floating-point lowering. tags: jit/x86 - floating point */
#pragma once

#include "jit/x86/lower_vec.h"

/* The scalar and packed forms of an instruction that is listed as packed single. */
static inline enum x86_insn fp_scalar(enum x86_insn op, unsigned ty)
{
	return VPP(op, ty == IR_F64 ? X86_PP_F2 : X86_PP_F3);
}

static inline enum x86_insn fp_packed(enum x86_insn op, unsigned ty)
{
	return VPP(op, ty == IR_F64 ? X86_PP_66 : X86_PP_NP);
}

/* By imm & 3 of FMA, packed forms; + 1 scalar. */
extern const enum x86_insn lower_fma_op[4];

/* Traps if there is a NaN in one of two registers (compare: CMPPS in the form wanted). A NaN as
 * addend comes first for Arm, last for x86, and a negated NaN changes its sign for Arm only: the
 * repair evaluates the instruction. Needs AVX, uses xmm13. */
void lower_fma_nans(struct lower *l, enum x86_insn compare, unsigned a, unsigned b);

/* d = c + a * b in the form that needs no copy; *ret_d is the destination's register or
 * xmm15. One instruction, which may trap. w may have X86_LANE0. */
void lower_fma(struct lower *l, const struct ir_ins *i, enum x86_insn op, unsigned w,
	       unsigned a, unsigned b, unsigned c, unsigned *ret_d);

/* xmm15 = register a rounded to integers with mode (enum fp_round); packed or scalar.
 * Leaves a alone unless it is scratch, uses xmm13 and xmm14. False: no such form. */
bool lower_round(struct lower *l, unsigned ty, bool scalar, unsigned a, unsigned mode);

/* Register reg = lane 0 of a slot, a half, as a single, with zeros above. Needs F16C. */
void lower_widen_half(struct lower *l, unsigned reg, unsigned slot);
