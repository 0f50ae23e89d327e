/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Logical operations with bit-mask immediates and shifted registers.
 * tags: guest/a64 - and, or, exclusive or
 */
#include "guest/a64/decode.h"
#include "guest/a64/lift.h"

/*
 * DecodeBitMasks() of the manual for immediates: a run of imms+1 ones, rotated right by immr
 * in an element of 2 to 64 bits, whose size is the position of the highest clear bit of
 * not(n):imms, repeated over 64 bits. Reserved encodings do not get here.
 */
static uint64_t bit_mask(int n, int immr, int imms)
{
	unsigned len =
		31 - (unsigned)__builtin_clz((unsigned)n << 6 | (~(unsigned)imms & 63));
	unsigned size = 1u << len;
	unsigned ones = ((unsigned)imms & (size - 1)) + 1;
	unsigned rot = (unsigned)immr & (size - 1);
	uint64_t element = ~UINT64_C(0) >> (64 - ones);

	if (rot)
		element = element >> rot | element << (size - rot);
	if (size < 64)
		element &= (UINT64_C(1) << size) - 1;
	for (; size < 64; size *= 2)
		element |= element << size;
	return element;
}

A64_TRANS(LOGIC_imm, logic_imm)
{
	static const uint16_t ops[4] = {IR_AND, IR_OR, IR_XOR, IR_AND};
	unsigned ty = a64_ty(a->sf);
	int64_t imm = a64_imm(ty, bit_mask(a->n, a->immr, a->imms));
	unsigned d = a->opc == 3 ? a64_zr(a->rd) : (unsigned)a->rd;

	if (a->opc == 1 && a->rn == 31)
		a64_mov_imm(l, ty, d, imm);
	else
		a64_emit(l, ops[a->opc], ty, a->opc == 3 ? IRF_SETF : 0, d, a64_zr(a->rn),
			 IR_IMM, 0, imm);
	return true;
}

A64_TRANS(LOGIC_shift, logic_shift)
{
	static const uint16_t ops[8] = {IR_AND,  IR_OR,  IR_XOR,  IR_AND,
					IR_ANDN, IR_ORN, IR_XORN, IR_ANDN};
	static const uint16_t shifts[4] = {IR_SHL, IR_SHR, IR_SAR, IR_ROR};
	unsigned ty = a64_ty(a->sf);
	unsigned d = a64_zr(a->rd), n = a64_zr(a->rn), m = a64_zr(a->rm);

	if (a->opc == 1 && !a->inv && n == IR_ZERO) {
		if (a->amount)
			a64_ri(l, (enum ir_op)shifts[a->shift], ty, d, m, a->amount);
		else
			a64_mov(l, ty, d, m);
	} else {
		a64_emit(l, ops[a->inv << 2 | a->opc], ty, a->opc == 3 ? IRF_SETF : 0, d,
			 n, m, a64_shift(a->shift, a->amount), 0);
	}
	return true;
}
