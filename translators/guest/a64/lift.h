/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * For the trans functions: the state of lifting one block, and emission shorthands. A trans
 * function emits the IR of one instruction, or returns false when it turns out undefined;
 * what it has emitted by then is dropped. tags: guest/a64 - emission helpers
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "guest/guest.h"

struct a64_lift {
	struct ir_builder b;
	uint64_t pc;   /* of the instruction at hand */
	uint32_t word; /* the instruction */
	bool ended;    /* a terminator was emitted */
	struct guest_block_end *end;
};

#define A64_UNUSED __attribute__((unused))

/* Defines the trans function of a row of the decode tables. */
#define A64_TRANS(name, argset)                              \
	bool a64_trans_##name(A64_UNUSED struct a64_lift *l, \
			      A64_UNUSED const struct a64_arg_##argset *a)

/* ---- operands ---- */

/* A register number whose 31 is the zero register. Where 31 is the stack pointer, the number
 * is the slot. */
static inline unsigned a64_zr(int n)
{
	return n == 31 ? IR_ZERO : (unsigned)n;
}

/* Type of an operation with this sf bit. */
static inline unsigned a64_ty(int sf)
{
	return sf ? IR_I64 : IR_I32;
}

/* An immediate of this type as the IR takes it: sign-extended from the width of ty. */
static inline int64_t a64_imm(unsigned ty, uint64_t value)
{
	return ty == IR_I32 ? (int32_t)value : (int64_t)value;
}

/* Shift operand; a shift by 0 is none, whatever its kind. */
static inline unsigned a64_shift(int kind, int amount)
{
	return amount ? IR_SHIFT(kind, amount) : 0;
}

/* ---- emission ---- */

static inline void a64_emit(struct a64_lift *l, enum ir_op op, unsigned ty, unsigned fl,
			    unsigned d, unsigned a, unsigned b, unsigned c, int64_t imm)
{
	ir_emit(&l->b, op, ty, fl, d, a, b, c, imm);
}

/* d = op(a, b) */
static inline void a64_rr(struct a64_lift *l, enum ir_op op, unsigned ty, unsigned d,
			  unsigned a, unsigned b)
{
	a64_emit(l, op, ty, 0, d, a, b, 0, 0);
}

/* d = op(a, imm) */
static inline void a64_ri(struct a64_lift *l, enum ir_op op, unsigned ty, unsigned d,
			  unsigned a, int64_t imm)
{
	a64_emit(l, op, ty, 0, d, a, IR_IMM, 0, imm);
}

/* d = op(a), and imm where the op takes a number there */
static inline void a64_r(struct a64_lift *l, enum ir_op op, unsigned ty, unsigned d,
			 unsigned a, int64_t imm)
{
	a64_emit(l, op, ty, 0, d, a, IR_NONE, 0, imm);
}

static inline void a64_mov(struct a64_lift *l, unsigned ty, unsigned d, unsigned a)
{
	a64_r(l, IR_MOV, ty, d, a, 0);
}

static inline void a64_mov_imm(struct a64_lift *l, unsigned ty, unsigned d, int64_t imm)
{
	a64_r(l, IR_MOV, ty, d, IR_IMM, imm);
}

/* d = extension `option` (enum ir_ext, the guest's numbering) of a */
static inline void a64_ext(struct a64_lift *l, unsigned ty, unsigned d, unsigned a,
			   int option)
{
	a64_emit(l, IR_EXT, ty, 0, d, a, IR_NONE, (unsigned)option, 0);
}

/* ---- memory ---- */

/* base + (index << shift) + disp, in the fields of LD, ST and their vector kin. */
struct a64_address {
	uint8_t base, index, shift;
	int64_t disp;
};

/* [rn|sp, #imm] and the indexed forms: with `post` the access is at the old base. */
static inline struct a64_address a64_address_imm(int rn, int64_t imm, int post)
{
	return (struct a64_address){
		.base = (uint8_t)rn, .index = IR_NONE, .disp = post ? 0 : imm};
}

/* [rn|sp, rm, extend #shift]. May put the extended index in t0, which the access must use
 * before anything else writes it. */
static inline struct a64_address a64_address_reg(struct a64_lift *l, int rn, int rm,
						 int option, int shift)
{
	struct a64_address addr = {
		.base = (uint8_t)rn, .index = (uint8_t)rm, .shift = (uint8_t)shift};

	if (rm == 31) {
		addr.index = IR_NONE;
		addr.shift = 0;
	} else if ((option & 3) == 2) {
		a64_ext(l, IR_I64, IR_T0, (unsigned)rm, option);
		addr.index = IR_T0;
	}
	return addr;
}

/* A literal at pc + imm. Its address goes to t0. */
static inline struct a64_address a64_address_literal(struct a64_lift *l, int64_t imm)
{
	a64_emit(l, IR_ADR, IR_I64, 0, IR_T0, IR_NONE, IR_NONE, 0, (int64_t)l->pc + imm);
	return (struct a64_address){.base = IR_T0, .index = IR_NONE};
}

/* Emits a memory op at addr; d is the register that is loaded or stored. */
static inline void a64_access(struct a64_lift *l, enum ir_op op, unsigned ty, unsigned fl,
			      unsigned d, struct a64_address addr)
{
	a64_emit(l, op, ty, fl, d, addr.base, addr.index, addr.shift, addr.disp);
}

/* The write to the base of an indexed form; after the last access of the instruction. */
static inline void a64_writeback(struct a64_lift *l, int rn, int64_t imm)
{
	a64_ri(l, IR_ADD, IR_I64, (unsigned)rn, (unsigned)rn, imm);
}

/* ---- block ends ---- */

/* Each of these emits a terminator. */

static inline void a64_end(struct a64_lift *l, enum ir_op op, unsigned ty, unsigned d,
			   unsigned a, unsigned c, int64_t imm)
{
	a64_emit(l, op, ty, 0, d, a, IR_NONE, c, imm);
	l->ended = true;
}

/* Go to target. */
static inline void a64_end_jump(struct a64_lift *l, uint64_t target)
{
	a64_end(l, IR_B, IR_I64, IR_NONE, IR_NONE, 0, (int64_t)target);
	l->end->has_target = true;
	l->end->target = target;
}

/* A conditional branch (BCC, CBZ ...) to target. */
static inline void a64_end_branch(struct a64_lift *l, enum ir_op op, unsigned ty,
				  unsigned a, unsigned c, uint64_t target)
{
	a64_end(l, op, ty, IR_NONE, a, c, (int64_t)target);
	l->end->has_target = true;
	l->end->has_next = true;
	l->end->target = target;
}
