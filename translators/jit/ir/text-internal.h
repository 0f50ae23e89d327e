/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The words of the text form, which dump.c writes and parse.c reads. docs/ir.md describes
 * the form. tags: jit/ir - names in the text form
 */
#pragma once

#include "jit/ir/ir.h"

/* How field c, when it is a number, is written. */
enum ir_text_c { IR_TEXT_C_NUMBER, IR_TEXT_C_SHIFT, IR_TEXT_C_COND, IR_TEXT_C_EXT };
/* How imm is written where no operand stands for it. */
enum ir_text_imm {
	IR_TEXT_IMM_NUMBER,
	IR_TEXT_IMM_FIELD, /* #lsb:width */
	IR_TEXT_IMM_AMO,
	IR_TEXT_IMM_CSEL,
	IR_TEXT_IMM_FENCE,
};

struct ir_text_list {
	const char *const *names;
	unsigned count;
};

extern const struct ir_text_list ir_text_types, ir_text_conds, ir_text_exts,
	ir_text_shifts, ir_text_amos, ir_text_csels, ir_text_fences, ir_text_attrs;

enum ir_text_c ir_text_c(unsigned op);
enum ir_text_imm ir_text_imm(unsigned op);
const struct ir_text_list *ir_text_imm_names(enum ir_text_imm style); /* or NULL */
/* Is it written as name d, [a + b << c + imm]? */
bool ir_text_is_address(unsigned op);
