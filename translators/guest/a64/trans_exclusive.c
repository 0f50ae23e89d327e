/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Exclusive loads and stores. The host's locked operations order everything, so that the
 * acquire and release forms differ from the plain ones only in the flag that says so.
 * tags: guest/a64 - exclusives
 */
#include "guest/a64/decode.h"
#include "guest/a64/lift.h"

static unsigned acquire(int acq)
{
	return acq ? IRF_ACQ : 0;
}

static unsigned release(int rel)
{
	return rel ? IRF_REL : 0;
}

A64_TRANS(LDXR, ldxr)
{
	a64_emit(l, IR_LDX, (unsigned)a->size, acquire(a->acq), a64_zr(a->rt),
		 (unsigned)a->rn, IR_NONE, 0, 0);
	return true;
}

A64_TRANS(LDXP, ldxp)
{
	a64_emit(l, IR_LDXP, (unsigned)a->size, acquire(a->acq), a64_zr(a->rt),
		 (unsigned)a->rn, IR_NONE, a64_zr(a->rt2), 0);
	return true;
}

A64_TRANS(STXR, stxr)
{
	a64_emit(l, IR_STX, (unsigned)a->size, release(a->rel), a64_zr(a->rs),
		 (unsigned)a->rn, a64_zr(a->rt), 0, 0);
	return true;
}

A64_TRANS(STXP, stxp)
{
	a64_emit(l, IR_STXP, (unsigned)a->size, release(a->rel), a64_zr(a->rs),
		 (unsigned)a->rn, a64_zr(a->rt), a64_zr(a->rt2), 0);
	return true;
}

A64_TRANS(CLREX, barrier)
{
	a64_r(l, IR_CLREX, IR_I64, IR_NONE, IR_NONE, 0);
	return true;
}
