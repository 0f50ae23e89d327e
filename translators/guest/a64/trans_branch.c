/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Branches, and the exceptions that a program raises on purpose.
 * tags: guest/a64 - branches, calls, SVC, BRK
 */
#include "guest/a64/decode.h"
#include "guest/a64/lift.h"

A64_TRANS(B_imm, b_imm)
{
	uint64_t target = l->pc + (uint64_t)(int64_t)a->imm;

	if (a->link) {
		a64_end(l, IR_CALL, IR_I64, 30, IR_NONE, 0, (int64_t)target);
		l->end->has_target = true;
		l->end->has_next = true;
		l->end->target = target;
	} else {
		a64_end_jump(l, target);
	}
	return true;
}

A64_TRANS(B_cond, b_cond)
{
	uint64_t target = l->pc + (uint64_t)(int64_t)a->imm;

	if (a->cond >= IRC_AL)
		a64_end_jump(l, target);
	else
		a64_end_branch(l, IR_BCC, IR_I64, IR_NONE, (unsigned)a->cond, target);
	return true;
}

A64_TRANS(CBZ, cbz)
{
	uint64_t target = l->pc + (uint64_t)(int64_t)a->imm;

	if (a->rt == 31)
		a64_end_jump(l, a->nz ? l->pc + 4 : target);
	else
		a64_end_branch(l, a->nz ? IR_CBNZ : IR_CBZ, a64_ty(a->sf),
			       (unsigned)a->rt, 0, target);
	return true;
}

A64_TRANS(TBZ, tbz)
{
	uint64_t target = l->pc + (uint64_t)(int64_t)a->imm;

	if (a->rt == 31)
		a64_end_jump(l, a->nz ? l->pc + 4 : target);
	else
		a64_end_branch(l, a->nz ? IR_TBNZ : IR_TBZ, IR_I64, (unsigned)a->rt,
			       (unsigned)a->bit, target);
	return true;
}

A64_TRANS(BR, branch_reg)
{
	a64_end(l, IR_JMPR, IR_I64, IR_NONE, a64_zr(a->rn), 0, 0);
	return true;
}

A64_TRANS(BLR, branch_reg)
{
	a64_end(l, IR_CALLR, IR_I64, 30, a64_zr(a->rn), 0, 0);
	l->end->has_next = true;
	return true;
}

A64_TRANS(RET, branch_reg)
{
	a64_end(l, IR_RET, IR_I64, IR_NONE, a64_zr(a->rn), 0, 0);
	return true;
}

A64_TRANS(SVC, imm16)
{
	a64_end(l, IR_SVC, IR_I32, IR_NONE, IR_NONE, 0, a->imm);
	l->end->has_next = true;
	return true;
}

A64_TRANS(BRK, imm16)
{
	a64_end(l, IR_BRK, IR_I32, IR_NONE, IR_NONE, 0, a->imm);
	return true;
}

/* No debugger halts us: undefined, as on a processor without one. */
A64_TRANS(HLT, imm16)
{
	return false;
}

A64_TRANS(UDF, imm16)
{
	return false;
}
