/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The op table in memory, and the meaning of conditions. tags: jit/ir - op attributes
 */
#include "jit/ir/ir.h"

const struct ir_op_info ir_op_info[IR_OP_COUNT] = {
#define OP(op, rd, ra, rb, rc, attributes, meaning)            \
	[IR_##op] = {#op,          IR_ROLE_##rd, IR_ROLE_##ra, \
		     IR_ROLE_##rb, IR_ROLE_##rc, attributes},
#include "jit/ir/ops.def"
#undef OP
};

ir_helper_fn *const *ir_helpers;

/* Pairs of conditions: the odd one is the opposite of the even one, but AL and NV are both
 * "always" (Arm ARM, ConditionHolds). */
bool ir_cond_holds(unsigned cond, uint16_t nzcv)
{
	bool n = nzcv & CPU_NZCV_N, z = nzcv & CPU_NZCV_Z;
	bool c = !(nzcv & CPU_NZCV_NC), v = nzcv & CPU_NZCV_V;
	bool holds;

	switch (cond >> 1 & 7) {
	case 0: holds = z; break;
	case 1: holds = c; break;
	case 2: holds = n; break;
	case 3: holds = v; break;
	case 4: holds = c && !z; break;
	case 5: holds = n == v; break;
	case 6: holds = n == v && !z; break;
	default: return true;
	}
	return holds != (cond & 1);
}

unsigned ir_cond_reads(unsigned cond)
{
	static const uint8_t reads[8] = {
		IR_FLAG_Z,
		IR_FLAG_C,
		IR_FLAG_N,
		IR_FLAG_V,
		IR_FLAG_C | IR_FLAG_Z,
		IR_FLAG_N | IR_FLAG_V,
		IR_FLAG_N | IR_FLAG_V | IR_FLAG_Z,
		0,
	};

	return reads[cond >> 1 & 7];
}
