/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Loads and stores of two integer registers.
 *
 * The first result may be an operand of the second address: then it waits in t0. Indexed
 * loads into their own base register leave the updated address there, as single loads do;
 * of two results in one register the first stays. tags: guest/a64 - pairs
 */
#include "guest/a64/decode.h"
#include "guest/a64/lift.h"

A64_TRANS(LDP, ldst_pair)
{
	unsigned fl = a->sign ? IRF_SX64 : 0;
	unsigned d1 = a64_zr(a->rt), d2 = a64_zr(a->rt2);
	struct a64_address addr = a64_address_imm(a->rn, a->imm, a->post);
	bool first_waits = false;

	if (a->wback && a->rt == a->rn)
		d1 = IR_ZERO;
	else if (a->rt == a->rn && a->rt != 31)
		first_waits = true;
	if ((a->wback && a->rt2 == a->rn) || a->rt2 == a->rt)
		d2 = IR_ZERO;

	a64_access(l, IR_LD, (unsigned)a->size, fl, first_waits ? IR_T0 : d1, addr);
	addr.disp += 1 << a->size;
	a64_access(l, IR_LD, (unsigned)a->size, fl, d2, addr);
	if (first_waits)
		a64_mov(l, IR_I64, d1, IR_T0);
	if (a->wback)
		a64_writeback(l, a->rn, a->imm);
	return true;
}

A64_TRANS(STP, ldst_pair)
{
	struct a64_address addr = a64_address_imm(a->rn, a->imm, a->post);

	a64_access(l, IR_ST, (unsigned)a->size, 0, a64_zr(a->rt), addr);
	addr.disp += 1 << a->size;
	a64_access(l, IR_ST, (unsigned)a->size, 0, a64_zr(a->rt2), addr);
	if (a->wback)
		a64_writeback(l, a->rn, a->imm);
	return true;
}
