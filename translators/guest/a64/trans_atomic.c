/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The atomics of LSE. The host's locked operations order everything and the IR checks the
 * alignment of all of them, so that the acquire and release forms differ only in the flags.
 * tags: guest/a64 - atomics
 */
#include "guest/a64/decode.h"
#include "guest/a64/lift.h"

static unsigned order(int acq, int rel)
{
	return (acq ? IRF_ACQ : 0) | (rel ? IRF_REL : 0);
}

A64_TRANS(ATOMIC, atomic)
{
	/* The guest's numbers of the operations are those of enum ir_amo. */
	a64_emit(l, IR_AMO, (unsigned)a->size, order(a->acq, a->rel), a64_zr(a->rt),
		 (unsigned)a->rn, a64_zr(a->rs), 0, a->op);
	return true;
}

A64_TRANS(SWP, swp)
{
	a64_emit(l, IR_AMO, (unsigned)a->size, order(a->acq, a->rel), a64_zr(a->rt),
		 (unsigned)a->rn, a64_zr(a->rs), 0, IR_AMO_SWP);
	return true;
}

/* Nobody uses these where they are not reported; there the evaluator will do. */
A64_TRANS(ATOMIC_pair, atomic_pair)
{
	a64_emit(l, IR_AMOP, IR_I64, order(a->acq, a->rel), (unsigned)a->rt, (unsigned)a->rn,
		 IR_NONE, (unsigned)a->rt2, a->op);
	return true;
}

A64_TRANS(CAS, cas)
{
	a64_emit(l, IR_CAS, (unsigned)a->size, order(a->acq, a->rel), a64_zr(a->rs),
		 (unsigned)a->rn, a64_zr(a->rt), 0, 0);
	return true;
}

A64_TRANS(CASP, cas)
{
	unsigned s = (unsigned)a->rs, t = (unsigned)a->rt;

	/* The pair x30, xzr is not a pair of slots. */
	if (s == 30) {
		a64_mov(l, IR_I64, IR_T1, 30);
		a64_mov_imm(l, IR_I64, IR_T2, 0);
		s = IR_T1;
	}
	if (t == 30) {
		a64_mov(l, IR_I64, IR_T3, 30);
		a64_mov_imm(l, IR_I64, IR_T4, 0);
		t = IR_T3;
	}
	a64_emit(l, IR_CASP, (unsigned)a->size, order(a->acq, a->rel), s, (unsigned)a->rn,
		 t, 0, 0);
	if (s == IR_T1)
		a64_mov(l, IR_I64, 30, IR_T1);
	return true;
}
