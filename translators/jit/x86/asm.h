/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The assembler: bytes out of instructions. tags: jit/x86 - encoder
 *
 * Table-driven: an enum x86_insn packs prefix, map, opcode and opcode extension as insn.def
 * gives them; the functions here turn it and operands into bytes. They do not check for
 * room: the caller guarantees X86_ROOM bytes before it lowers an op (x86_room()).
 * Code is written through p; p + rx is the address at which it will run, so that a double
 * mapping works as well as one RWX mapping.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum x86_gp {
	RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15,
};

enum x86_cc {
	CC_O, CC_NO, CC_B, CC_AE, CC_E, CC_NE, CC_BE, CC_A,
	CC_S, CC_NS, CC_P, CC_NP, CC_L, CC_GE, CC_LE, CC_G,
};

/* Packing of enum x86_insn. */
#define X86_PP_NP 0u
#define X86_PP_66 1u
#define X86_PP_F3 2u
#define X86_PP_F2 3u
#define X86_PACK(pp, map, opc, ext) ((opc) | (map) << 8 | (pp) << 10 | (ext) << 12)

enum x86_insn {
#define I(name, pp, map, opc) X86_##name = X86_PACK(X86_PP_##pp, map, opc, 0u),
#define G(name, pp, map, opc, ext) X86_##name = X86_PACK(X86_PP_##pp, map, opc, ext##u),
#include "jit/x86/insn.def"
#undef I
#undef G
};

#define X86_OPC(op) ((op) & 0xff)
#define X86_MAP(op) ((op) >> 8 & 3)
#define X86_PP(op) ((op) >> 10 & 3)
#define X86_EXT(op) ((op) >> 12 & 7)

struct x86_buf {
	uint8_t *p;	/* next byte to write */
	uint8_t *end;	/* first byte that must not be written */
	intptr_t rx;	/* what to add to p for the address of execution */
	bool overflow;	/* sticky: a request for room was refused */
};

/* Room that one lowered op may use without asking again. */
#define X86_ROOM 1024

static inline bool x86_room(struct x86_buf *b)
{
	if (__builtin_expect(b->end - b->p < X86_ROOM, 0))
		b->overflow = true;
	return !b->overflow;
}

static inline uint64_t x86_here(const struct x86_buf *b)
{
	return (uint64_t)((intptr_t)b->p + b->rx);
}

/* A memory operand: base + index << scale + disp. */
struct x86_mem {
	int32_t disp;
	int8_t base;  /* register, X86_NO_REG, or X86_RIP: disp is the distance to X from the
			 end of the instruction (see x86_rip()) */
	int8_t index; /* register or X86_NO_REG */
	uint8_t scale;
	uint8_t reserved;
};
#define X86_NO_REG (-1)
#define X86_RIP (-2)

static inline struct x86_mem x86_base(unsigned base, int32_t disp)
{
	return (struct x86_mem){ .disp = disp, .base = (int8_t)base, .index = X86_NO_REG };
}

static inline struct x86_mem x86_sib(unsigned base, unsigned index, unsigned scale,
				     int32_t disp)
{
	return (struct x86_mem){ .disp = disp, .base = (int8_t)base, .index = (int8_t)index,
				 .scale = (uint8_t)scale };
}

static inline void x86_u8(struct x86_buf *b, unsigned v)
{
	*b->p++ = (uint8_t)v;
}

static inline void x86_u32(struct x86_buf *b, uint32_t v)
{
	__builtin_memcpy(b->p, &v, 4);
	b->p += 4;
}

static inline void x86_u64(struct x86_buf *b, uint64_t v)
{
	__builtin_memcpy(b->p, &v, 8);
	b->p += 8;
}

/* Width of integer operations, argument w below. */
enum { W32 = 0, W64 = 1, W16 = 2, W8 = 4 };
/* or-ed into w: put a LOCK prefix */
#define X86_LOCK 8

/* ModRM with memory; `tail` is how many immediate bytes follow (for rip-relative). */
void x86_modrm_mem(struct x86_buf *b, unsigned reg, struct x86_mem m, unsigned tail);

/* Legacy encoding, register and memory form. reg/rm: general or xmm registers. w: W32,
 * W64, W16 (operand-size prefix) or W8 (byte registers need REX for spl..dil). */
void x86_rr(struct x86_buf *b, enum x86_insn op, unsigned w, unsigned reg, unsigned rm);
void x86_rm(struct x86_buf *b, enum x86_insn op, unsigned w, unsigned reg, struct x86_mem m);
/* The same with an imm8 behind. */
void x86_rri(struct x86_buf *b, enum x86_insn op, unsigned w, unsigned reg, unsigned rm,
	     unsigned imm8);
void x86_rmi(struct x86_buf *b, enum x86_insn op, unsigned w, unsigned reg, struct x86_mem m,
	     unsigned imm8);
/* Group instructions (ModRM.reg from the table), no immediate. */
void x86_gr(struct x86_buf *b, enum x86_insn op, unsigned w, unsigned rm);
void x86_gm(struct x86_buf *b, enum x86_insn op, unsigned w, struct x86_mem m);
/* Shifts, BT: imm8. */
void x86_gri8(struct x86_buf *b, enum x86_insn op, unsigned w, unsigned rm, unsigned imm8);
/* ALU group with an immediate: picks the short form where it fits. */
void x86_gri(struct x86_buf *b, enum x86_insn op, unsigned w, unsigned rm, int32_t imm);
void x86_gmi(struct x86_buf *b, enum x86_insn op, unsigned w, struct x86_mem m, int32_t imm);
/* MOV_I32 / TEST_I32 / MOV8_I with memory: immediate of the operand's size (at most 4). */
void x86_mov_mi(struct x86_buf *b, unsigned w, struct x86_mem m, int32_t imm);

/* VEX encoding: general registers (BMI) and vectors. l: 0 128 bits, 1 256 bits. */
void x86_vrr(struct x86_buf *b, enum x86_insn op, unsigned w, unsigned l, unsigned reg,
	     unsigned vvvv, unsigned rm);
void x86_vrm(struct x86_buf *b, enum x86_insn op, unsigned w, unsigned l, unsigned reg,
	     unsigned vvvv, struct x86_mem m, unsigned tail);
/* or-ed into w of EVEX: under mask k1 with zeroing, see lower_map */
#define X86_LANE0 2
/* the same under k2, k3, and k2 without zeroing */
#define X86_MASK2_ZERO 4
#define X86_MASK3_ZERO 8
#define X86_MASK2 16
/* mask registers as operands; nothing keeps a value in these */
enum { X86_K2 = 2, X86_K3 = 3 };

/* EVEX, 128 bits; registers 0..31. Memory always with a 32-bit displacement,
 * since the short one is scaled by the operand's size. */
void x86_err(struct x86_buf *b, enum x86_insn op, unsigned w, unsigned reg, unsigned vvvv,
	     unsigned rm);
void x86_erm(struct x86_buf *b, enum x86_insn op, unsigned w, unsigned reg, unsigned vvvv,
	     struct x86_mem m, unsigned tail);

/* reg = imm, shortest form; keep_flags forbids xor. */
void x86_mov_ri(struct x86_buf *b, unsigned reg, uint64_t imm, bool keep_flags);

static inline void x86_mov_rr(struct x86_buf *b, unsigned w, unsigned reg, unsigned rm)
{
	if (reg != rm || w == W32)
		x86_rr(b, X86_MOV, w, reg, rm);
}

static inline void x86_push(struct x86_buf *b, unsigned r)
{
	if (r >= 8)
		x86_u8(b, 0x41);
	x86_u8(b, 0x50 | (r & 7));
}

static inline void x86_pop(struct x86_buf *b, unsigned r)
{
	if (r >= 8)
		x86_u8(b, 0x41);
	x86_u8(b, 0x58 | (r & 7));
}

static inline void x86_bswap(struct x86_buf *b, unsigned w, unsigned r)
{
	if (w == W64 || r >= 8)
		x86_u8(b, 0x40 | (w == W64 ? 8 : 0) | r >> 3);
	x86_u8(b, 0x0f);
	x86_u8(b, 0xc8 | (r & 7));
}

static inline void x86_ret(struct x86_buf *b) { x86_u8(b, 0xc3); }
static inline void x86_lahf(struct x86_buf *b) { x86_u8(b, 0x9f); }
static inline void x86_sahf(struct x86_buf *b) { x86_u8(b, 0x9e); }
static inline void x86_cmc(struct x86_buf *b) { x86_u8(b, 0xf5); }
static inline void x86_stc(struct x86_buf *b) { x86_u8(b, 0xf9); }
static inline void x86_clc(struct x86_buf *b) { x86_u8(b, 0xf8); }

/* Jumps with a 32-bit displacement; return the address (in p's space) of the displacement
 * for x86_patch32(). target is an address of execution, 0 for "later". */
static inline void x86_patch32(const struct x86_buf *b, uint8_t *at, uint64_t target)
{
	uint32_t rel = (uint32_t)(target - ((uint64_t)((intptr_t)at + b->rx) + 4));

	__builtin_memcpy(at, &rel, 4);
}

static inline uint8_t *x86_jmp(struct x86_buf *b, uint64_t target)
{
	uint8_t *at;

	x86_u8(b, 0xe9);
	at = b->p;
	b->p += 4;
	x86_patch32(b, at, target);
	return at;
}

static inline uint8_t *x86_call(struct x86_buf *b, uint64_t target)
{
	uint8_t *at;

	x86_u8(b, 0xe8);
	at = b->p;
	b->p += 4;
	x86_patch32(b, at, target);
	return at;
}

static inline uint8_t *x86_jcc(struct x86_buf *b, unsigned cc, uint64_t target)
{
	uint8_t *at;

	x86_u8(b, 0x0f);
	x86_u8(b, 0x80 | cc);
	at = b->p;
	b->p += 4;
	x86_patch32(b, at, target);
	return at;
}

/* Short forward jumps: bind with x86_bind8() within 127 bytes. */
static inline uint8_t *x86_jcc8(struct x86_buf *b, unsigned cc)
{
	x86_u8(b, 0x70 | cc);
	x86_u8(b, 0);
	return b->p - 1;
}

static inline uint8_t *x86_jmp8(struct x86_buf *b)
{
	x86_u8(b, 0xeb);
	x86_u8(b, 0);
	return b->p - 1;
}

static inline void x86_bind8(const struct x86_buf *b, uint8_t *at)
{
	*at = (uint8_t)(b->p - (at + 1));
}
