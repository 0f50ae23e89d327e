/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the lowering files of this folder only. tags: jit/x86 - internals */
#pragma once

#include "jit/x86/lower.h"

extern lower_fn *const lower_families[];

/* The functions themselves; definitions in lower_*.c. */
#define OP(name, ...) lower_fn lower_##name;
#include "jit/ir/ops.def"
#undef OP

/* lower_call.c: can the op be done by a call of the evaluator, on vectors alone? Does that. */
bool lower_callable(const struct ir_ins *i);
lower_fn lower_call;
/* The same out of line, when cc holds, for an op that is lowered otherwise up to lower_call_end().
 * The caller has called lower_flags_clobber(). */
struct lower_detour {
	uint8_t *end;
	uint64_t zero64, zero32;
};
struct lower_detour lower_call_if(struct lower *l, const struct ir_ins *i, unsigned cc);
void lower_call_end(struct lower *l, const struct lower_detour *detour);

/* lower_half.c: what lowers an op on halves; NULL: nothing. */
lower_fn *lower_half(const struct lower *l, const struct ir_ins *i);

/* Flags into EFLAGS, if they are only in the home. Uses rax. */
void lower_flags_load(struct lower *l);
/* The save sequence in the cold buffer, if the home is stale there. */
void lower_flags_save_cold(struct lower *l);
uint8_t *lower_site_add(struct lower *l, unsigned kind, uint64_t target, uint8_t *rel32,
			uint8_t *key, uint8_t *stub, uint8_t *miss, uint8_t *id);
/* Jump to the guest address in rcx by the thread's table; `otherwise` when it is not there. */
void lower_table_jump(struct x86_buf *b, uint64_t otherwise);
void lower_link_stub(struct lower *l, struct x86_buf *from, uint8_t *rel32, unsigned kind,
		     uint64_t target);
/* Before a jmp or call (opcode of one byte) or jcc (two) that the engine will patch. */
void lower_pad_site(struct x86_buf *b, unsigned opcode_length);
/* The same if the guest address is outside the region. */
void lower_pad_jump(struct lower *l, struct x86_buf *b, unsigned opcode_length, uint64_t pc);
void lower_bind_to(struct lower *l, struct x86_buf *from, uint8_t *rel32, uint64_t pc);
void lower_cold_exit(struct lower *l, uint64_t pc, unsigned reason);
/* Index of the block that starts at pc, or -1. */
int lower_find_block(const struct lower *l, uint64_t pc);
