/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The micro-IR: what a translation is. tags: jit/ir - instructions, blocks, regions
 *
 * A region is a set of straight-line blocks from one guest page. Its instructions are
 * 16 bytes long and linear; an operand is a guest register slot, a short-lived temporary,
 * the zero register or the immediate. There is no SSA: a slot is read and written in
 * program order, so that every block start is a legal entry and a slot has one home.
 *
 * Rules that the front ends keep and ir_verify() checks:
 *  - temporaries are written before they are read and die within their guest instruction;
 *  - all architectural writes of a guest instruction follow its last memory access
 *    (except a load's own result when it is not an address operand of the instruction);
 *  - exactly one terminator per block, at its end;
 *  - t0 is not live across an op with the CLOBT attribute.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jit/ir/cpu.h"

/* ---- operands ---- */

/* Integer operand names: slots 0..31, then temporaries, zero, and the two non-registers. */
enum {
	IR_R0 = 0,
	IR_SP = 31, /* slot 31 */
	IR_T0 = 32, /* lives in a host register */
	IR_T1 = 33, /* t1..t4 live in cpu.spill[0..3] */
	IR_T2 = 34,
	IR_T3 = 35,
	IR_T4 = 36,
	IR_INT_COUNT = 37,
	IR_ZERO = 0x3f, /* reads as zero; as a result: discard */
	IR_IMM = 0x7f,	/* the operand is ins->imm */
	IR_NONE = 0xff,
};

/* Vector operand names: slots 0..31, then temporaries (homes in cpu.vt[]). IR_ZERO and
 * IR_NONE mean the same as for integers. */
enum {
	IR_V0 = 0,
	IR_VT0 = 32,
	IR_VT7 = 39,
	IR_VEC_COUNT = 40,
};

enum ir_type {
	IR_I8, IR_I16, IR_I32, IR_I64, IR_I128, /* also lane types and access sizes */
	IR_F16, IR_F32, IR_F64,
	IR_TYPE_COUNT,
};

static inline unsigned ir_type_bytes(unsigned ty)
{
	return (unsigned char)"\1\2\4\10\20\2\4\10"[ty & 7];
}

/* Conditions over N, Z, C and V, in the numbering that both guests share. */
enum ir_cond {
	IRC_EQ, IRC_NE, IRC_CS, IRC_CC, IRC_MI, IRC_PL, IRC_VS, IRC_VC,
	IRC_HI, IRC_LS, IRC_GE, IRC_LT, IRC_GT, IRC_LE, IRC_AL, IRC_NV,
};

/* Flag sets for liveness: bit per flag. */
enum { IR_FLAG_V = 1, IR_FLAG_C = 2, IR_FLAG_Z = 4, IR_FLAG_N = 8, IR_FLAGS = 15 };

/* Shift of the second operand, in field c of the ALU ops: kind in the two upper bits,
 * amount in the lower six. 0 means no shift. */
enum ir_shift { IRS_LSL = 0, IRS_LSR = 1, IRS_ASR = 2, IRS_ROR = 3 };
#define IR_SHIFT(kind, amount) (uint8_t)((kind) << 6 | (amount))

/* Bits of ins->fl. */
enum {
	IRF_SETF = 0x01, /* also writes NZCV */
	IRF_SX64 = 0x02, /* LD: sign-extend to 64 bits (default: zero-extend) */
	IRF_SX32 = 0x04, /* LD: sign-extend to 32 bits, upper half zero */
	IRF_ACQ = 0x08,	/* acquire; the address must be aligned to the access size */
	IRF_REL = 0x10,	/* release; same */
	IRF_ONE = 0x08,	/* vector: lane 0 only, zeros above (no memory op: shares IRF_ACQ) */
	IRF_Q = 0x20,	/* vector: 128 bits (otherwise 64, the upper half becomes zero) */
	IRF_HI = 0x40,	/* vector: the "2" forms: source or destination is the upper half */
	IRF_SGN = 0x80,	/* signed variant where an op has both */
};

/* Kinds of atomic read-modify-write, imm of AMO. */
enum ir_amo {
	IR_AMO_ADD, IR_AMO_CLR, IR_AMO_EOR, IR_AMO_SET,
	IR_AMO_SMAX, IR_AMO_SMIN, IR_AMO_UMAX, IR_AMO_UMIN, IR_AMO_SWP,
};

/* imm of FENCE. */
enum ir_fence { IR_FENCE_FULL, IR_FENCE_LOAD, IR_FENCE_STORE };

/* imm of MOPS: stage 0 to 2 (prologue, main, epilogue); rs is a source address, or for SET a
 * byte value. Registers are slots. */
enum ir_mops { IR_MOPS_FORWARD, IR_MOPS_COPY, IR_MOPS_SET };
#define IR_MOPS(kind, stage, rd, rs, rn) \
	((int64_t)((kind) | (stage) << 4 | (rd) << 8 | (rs) << 16 | (rn) << 24))

/* c of EXT, in the guests' numbering. */
enum ir_ext { IR_UXTB, IR_UXTH, IR_UXTW, IR_UXTX, IR_SXTB, IR_SXTH, IR_SXTW, IR_SXTX };

/* imm of CSEL: what happens to b when the condition is false. */
enum ir_csel { IR_CSEL_PLAIN, IR_CSEL_INC, IR_CSEL_INV, IR_CSEL_NEG };

/* imm of VSHA1 and bits 1:0 of VSM3's, in the order of A64's encodings. */
enum ir_sha1 { IR_SHA1_CHOOSE, IR_SHA1_PARITY, IR_SHA1_MAJORITY };
enum ir_sm3 { IR_SM3_TT1A, IR_SM3_TT1B, IR_SM3_TT2A, IR_SM3_TT2B };

/* imm of VSIGMA: rotations (0: as it is), the last one perhaps a shift. */
#define IR_SIGMA(r, s, t) ((int64_t)((r) | (s) << 8 | (t) << 16))
#define IR_SIGMA_SHIFT ((int64_t)1 << 24)

/* Bit-field operand of UBFX, SBFX, UBFIZ, SBFIZ, BFI, BFXIL in imm. */
#define IR_BF(lsb, width) ((int64_t)((lsb) | (width) << 8))
#define IR_BF_LSB(imm) ((unsigned)(imm) & 0xff)
#define IR_BF_WIDTH(imm) ((unsigned)((imm) >> 8) & 0xff)

/* ---- ops ---- */

enum ir_op {
#define OP(name, ...) IR_##name,
#include "jit/ir/ops.def"
#undef OP
	IR_OP_COUNT
};

/* Operand roles in ops.def. */
enum ir_role {
	IR_ROLE__,   /* unused */
	IR_ROLE_O,   /* integer, written */
	IR_ROLE_I,   /* integer, read */
	IR_ROLE_IO,  /* integer, read and written */
	IR_ROLE_M,   /* integer, read, or IR_IMM */
	IR_ROLE_VO,  /* vector, written */
	IR_ROLE_VI,  /* vector, read */
	IR_ROLE_VIO, /* vector, read and written */
	IR_ROLE_N,   /* a number, not a register */
};

/* Attributes in ops.def. */
enum {
	IR_A_NONE = 0,
	IR_A_TERM = 0x001,  /* ends the block */
	IR_A_MEM = 0x002,   /* accesses guest memory: may fault */
	IR_A_SETS = 0x004,  /* writes NZCV always (ops that may: IRF_SETF in fl) */
	IR_A_READS = 0x008, /* reads all of NZCV */
	IR_A_COND = 0x010,  /* reads the flags of condition ins->c & 15 */
	IR_A_CARRY = 0x020, /* reads C */
	IR_A_SIDE = 0x040,  /* has effects besides its results: never removed */
	IR_A_CLOBT = 0x080, /* the temporary t0 does not survive it (it may be an operand) */
	IR_A_TRAP = 0x100,  /* may raise a host exception that the engine repairs (div, FP) */
};

struct ir_op_info {
	const char *name;
	uint8_t d, a, b, c; /* enum ir_role */
	uint16_t attr;
};
extern const struct ir_op_info ir_op_info[IR_OP_COUNT];

struct ir_ins {
	uint16_t op : 10;  /* enum ir_op */
	uint16_t live : 4; /* NZCV bits that are live behind this op (flags pass) */
	uint16_t spare : 1;
	uint16_t dead : 1; /* removed by a pass */
	uint8_t ty;	   /* enum ir_type: width of the operation, or of the access */
	uint8_t fl;
	uint8_t d, a, b, c;
	int64_t imm;
};
_Static_assert(sizeof(struct ir_ins) == 16, "an op is 16 bytes");

/* ---- regions ---- */

#define IR_MAX_INSNS 256   /* guest instructions per region */
#define IR_MAX_OPS 2048	   /* an instruction may need many (LD4, TBL) */
#define IR_OPS_PER_INSN 48 /* room that must be left before an instruction is lifted */
#define IR_MAX_BLOCKS 128

struct ir_block {
	uint64_t pc;	  /* first guest instruction */
	uint64_t next_pc; /* address behind the last one: fall-through and return address */
	uint16_t first;	  /* index of the first op */
	uint16_t count;
	uint16_t insns;	  /* guest instructions */
	uint8_t live_in;  /* NZCV bits read before written, from here on (flags pass) */
	uint8_t live_out;
};

struct ir_region {
	uint64_t page; /* guest page that all blocks lie in */
	unsigned nops, nblocks, ninsns;
	struct ir_block block[IR_MAX_BLOCKS];
	struct ir_ins ins[IR_MAX_OPS];
	uint16_t at[IR_MAX_OPS]; /* byte offset in the page of the op's guest instruction */
};

/* ---- builder ---- */

/*
 * Appends ops to the region; `at` is the position (byte offset in the page of the guest
 * instruction that is being lifted). The caller makes sure that there is room
 * (IR_OPS_PER_INSN before every guest instruction).
 */
struct ir_builder {
	struct ir_region *region;
	uint16_t at;
};

static inline struct ir_ins *ir_emit(struct ir_builder *b, enum ir_op op, unsigned ty,
				     unsigned fl, unsigned d, unsigned a, unsigned rb,
				     unsigned c, int64_t imm)
{
	struct ir_region *r = b->region;
	struct ir_ins *i = &r->ins[r->nops];

	r->at[r->nops++] = b->at;
	*i = (struct ir_ins){ .op = op, .ty = (uint8_t)ty, .fl = (uint8_t)fl, .d = (uint8_t)d,
			      .a = (uint8_t)a, .b = (uint8_t)rb, .c = (uint8_t)c, .imm = imm };
	return i;
}

/* ---- the other parts of this folder ---- */

/* dump.c: writes the region (or one op) as text; returns the length that the text has,
 * cutting at size like snprintf. The text is what ir_parse() reads. */
size_t ir_dump(char *buf, size_t size, const struct ir_region *region);
size_t ir_dump_ins(char *buf, size_t size, const struct ir_ins *ins);

/* parse.c: reads the text form; on error returns -EINVAL and sets *ret_line (1-based) and
 * *ret_message (a constant). */
int ir_parse(struct ir_region *ret, const char *text, unsigned *ret_line,
	     const char **ret_message);

/* verify.c: 0, or -EINVAL with a message that names the op's index. */
int ir_verify(const struct ir_region *region, char *message, size_t size);

/* eval.c: executes block `index` on the state. The meaning of every op. */
enum ir_eval_exit {
	IR_EVAL_NEXT,	/* cpu->pc is the next guest pc */
	IR_EVAL_SVC,	/* system call; pc is behind it; exit_info = its immediate */
	IR_EVAL_BRK,	/* breakpoint; pc is at it; exit_info = its immediate */
	IR_EVAL_UNDEF,	/* undefined instruction at pc; exit_info = the word */
	IR_EVAL_ALIGN,	/* alignment fault at pc, address in cpu->fault.addr */
	IR_EVAL_SYNC,	/* instruction synchronisation; pc is behind it */
	IR_EVAL_ICACHE, /* code changed: exit_info = address; pc is behind it */
};
enum ir_eval_exit ir_eval(const struct ir_region *region, unsigned block, struct cpu *cpu);

/* Vector and floating-point half of the evaluator (eval_vec.c): executes one op that has a
 * vector operand. temps: t0..t4. Flags go to and come from cpu->nzcv. */
void ir_eval_vec(const struct ir_ins *ins, struct cpu *cpu, uint64_t temps[5]);

/* The same for an op on vectors alone whose operands d, a, b, c (those that it has) are in
 * cpu->vargs; d's place gets the result. head: its first eight bytes. */
void ir_eval_args(uint64_t head, int64_t imm, struct cpu *cpu);

/* The cryptographic ops (VROR and all behind it, all 128 bits) and VPMULL of 64 bits (imm 1:
 * of the upper halves): x is d, a, b, c; d is what it was before, then the result. */
void ir_crypto(unsigned op, union cpu_vec x[4], unsigned ty, int64_t imm);

/* Bits 63:56 of a data address are ignored (Arm: top byte ignore). Translated code counts on
 * there being none, and leaves to the evaluator when the host faults on them. */
static inline uint64_t ir_data_address(uint64_t address)
{
	return (uint64_t)((int64_t)(address << 8) >> 8);
}

/* Does condition `cond` hold for the flag image of cpu.h? */
bool ir_cond_holds(unsigned cond, uint16_t nzcv);
/* Which NZCV bits does a condition read? */
unsigned ir_cond_reads(unsigned cond);

/* Helpers: C functions of a guest that translated code calls for rare operations; index in
 * HELPER's c. Set once at start-up. They run on the runtime's stack, must not touch vector
 * registers unless they use engine_vec_*(), and must not block. */
typedef uint64_t ir_helper_fn(struct cpu *cpu, uint64_t a, uint64_t b, int64_t imm);
extern ir_helper_fn *const *ir_helpers;
