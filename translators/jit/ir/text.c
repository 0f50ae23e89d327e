/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The words of the text form. tags: jit/ir - names in the text form
 */
#include "jit/ir/text-internal.h"

#define LIST(name, ...)                                          \
	static const char *const name##_names[] = {__VA_ARGS__}; \
	const struct ir_text_list ir_text_##name = {             \
		name##_names, sizeof(name##_names) / sizeof(name##_names[0])}

/* Each list is in the order of its enum in ir.h. */
LIST(types, "i8", "i16", "i32", "i64", "i128", "f16", "f32", "f64");
LIST(conds, "eq", "ne", "cs", "cc", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt",
     "le", "al", "nv");
LIST(exts, "uxtb", "uxth", "uxtw", "uxtx", "sxtb", "sxth", "sxtw", "sxtx");
LIST(shifts, "lsl", "lsr", "asr", "ror");
LIST(amos, "add", "clr", "eor", "set", "smax", "smin", "umax", "umin", "swp");
LIST(csels, "plain", "inc", "inv", "neg");
LIST(fences, "full", "load", "store");
LIST(attrs, "s", "sx64", "sx32", "acq", "rel", "q", "hi", "sgn"); /* bits of fl */

enum ir_text_c ir_text_c(unsigned op)
{
	if (op >= IR_ADD && op <= IR_XORN)
		return IR_TEXT_C_SHIFT;
	if (op == IR_EXT)
		return IR_TEXT_C_EXT;
	return ir_op_info[op].attr & IR_A_COND ? IR_TEXT_C_COND : IR_TEXT_C_NUMBER;
}

enum ir_text_imm ir_text_imm(unsigned op)
{
	switch (op) {
	case IR_UBFX:
	case IR_SBFX:
	case IR_UBFIZ:
	case IR_SBFIZ:
	case IR_BFI:
	case IR_BFXIL: return IR_TEXT_IMM_FIELD;
	case IR_AMO:
	case IR_AMOP: return IR_TEXT_IMM_AMO;
	case IR_CSEL: return IR_TEXT_IMM_CSEL;
	case IR_FENCE: return IR_TEXT_IMM_FENCE;
	default: return IR_TEXT_IMM_NUMBER;
	}
}

const struct ir_text_list *ir_text_imm_names(enum ir_text_imm style)
{
	switch (style) {
	case IR_TEXT_IMM_AMO: return &ir_text_amos;
	case IR_TEXT_IMM_CSEL: return &ir_text_csels;
	case IR_TEXT_IMM_FENCE: return &ir_text_fences;
	default: return NULL;
	}
}

bool ir_text_is_address(unsigned op)
{
	const struct ir_op_info *info = &ir_op_info[op];

	return info->attr & IR_A_MEM && info->d != IR_ROLE__ && info->a == IR_ROLE_I &&
	       info->b == IR_ROLE_I && info->c == IR_ROLE_N;
}
