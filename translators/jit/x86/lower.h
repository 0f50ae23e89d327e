/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lowering: micro-IR to x86-64 in one forward pass. tags: jit/x86 - lowering interface
 *
 * One function per op, lower_NAME(), found through a table that ops.def generates; an op
 * without one makes its whole guest instruction leave to the evaluator (see
 * lower_region()). The state between ops:
 *  - pinned guest slots are in their host registers, the others in struct cpu;
 *  - t0 is in rdx, t1..t4 in cpu.spill; rax and rcx are free in every lowering function,
 *    and so is rdx in those of ops with IR_A_CLOBT (t0 may still be an operand);
 *  - xmm13, xmm14 and xmm15 are free in every lowering function;
 *  - NZCV is where l->flags says (enum lower_flags).
 * Before it emits anything that changes EFLAGS, a lowering function calls
 * lower_flags_clobber(); if it cannot afford that, it uses neutral instructions (mov, lea,
 * BMI shifts, not).
 */
#pragma once

#include "jit/ir/ir.h"
#include "jit/x86/asm.h"
#include "jit/x86/cpuid.h"

/* Where the guest's flags are. */
enum lower_flags {
	FLAGS_HOME,  /* in cpu.nzcv only */
	FLAGS_SUB,   /* EFLAGS, CF inverted: the home's sense */
	FLAGS_ADD,   /* EFLAGS, CF = C */
	FLAGS_LOGIC, /* EFLAGS after test/and: C = V = 0, CF = OF = 0 */
	FLAGS_FCMP,  /* EFLAGS of ucomis a, b: either saved, or the next reader is the last */
	FLAGS_FCMP_SWAPPED, /* the same of ucomis b, a */
};

/* Host condition for a guest condition: cc, and what the parity flag adds. */
struct lower_cc {
	uint8_t cc;
	uint8_t parity; /* 0 nothing, 1 "and not P", 2 "or P" */
};

/* Which host register holds a slot; -1: memory. Built once from the guest's map. */
struct lower_map {
	int8_t gp[64];	/* by integer operand name, T0 included */
	int8_t vec[64]; /* by vector operand name */
	/*
	 * Vector slots without a register of the first sixteen may have one of xmm16..31,
	 * where the host has them. -1: home in memory.
	 */
	int8_t high[64];
	/* AVX-512 is there, and translated code has 1 in mask register k1. */
	bool mask;
};

/* A place that refers to code elsewhere, handed to the engine beside the bytes. */
enum lower_site_kind {
	SITE_JUMP,	/* rel32 of a jmp or jcc to another guest address */
	SITE_CALL,	/* rel32 of a call */
	SITE_ICACHE_JUMP, /* inline cache of an indirect jump: rel32 plus key */
	SITE_ICACHE_CALL,
};

struct lower_site {
	uint64_t target;   /* guest pc; for inline caches none */
	uint8_t *rel32;	   /* displacement to patch */
	uint8_t *key;	   /* inline caches: 8 bytes, aligned */
	uint8_t *stub;	   /* cold stub: what rel32 leads to while unlinked; for inline
			      caches the rel32 of the miss path's jump */
	uint8_t *miss;	   /* inline caches: what the stub's jump leads to once there is a key */
	uint8_t *id;	   /* where the site's number has to be written (4 bytes) */
	uint8_t kind;
};

/* Host offset -> guest position, for precise faults. */
struct lower_pcmap {
	uint32_t host; /* offset of the op's first byte from the region's hot start */
	uint16_t at;   /* byte offset in the guest page */
	uint8_t flags; /* enum lower_flags when the op starts */
	uint8_t saved; /* bit 0: the home is up to date as well; LOWER_... */
};

/* In saved: rbx and rsi are in cpu.scratch[2] and [3] (lower_pair.c). */
#define LOWER_BORROWED 2u
/* In saved: vector slots wait for an AES round, of decryption with LOWER_UNDOES (lower_crypto.c).
 * Which slots is in the entry before, of the same place: 32 bits from `at` on. */
#define LOWER_UNDONE 4u
#define LOWER_UNDOES 8u

#define LOWER_MAX_SITES 512
#define LOWER_MAX_PCMAP (2 * IR_MAX_OPS + 2 * IR_MAX_INSNS)
#define LOWER_MAX_FIXUPS 512
#define LOWER_MAX_CONSTS 32

/* Entry points that the engine generates once (stubs.c). Addresses of execution. */
struct lower_stubs {
	uint64_t enter;		/* C: void enter(struct cpu *, uint64_t host) */
	uint64_t exit;		/* eax = reason; pc is in cpu.pc */
	uint64_t exit_at;	/* rcx = guest pc, eax = reason */
	uint64_t link;		/* eax = site number: ask the engine to link */
	uint64_t icache_jump;	/* eax = site number, rcx = target */
	uint64_t indirect;	/* rcx = target: per-thread table, then the engine */
	uint64_t ret_slow;	/* rcx = target: look deeper, then indirect */
	uint64_t helper;	/* call: rax = index, rcx = a, scratch[1] = b, rdx = imm */
	uint64_t crypto;	/* call: ir_crypto(eax, cpu.vargs, edx, rcx) */
	uint64_t eval;		/* call: ir_eval_args(rax, rcx, cpu) */
	uint64_t vec_store;	/* C: void vec_store(struct cpu *) */
	uint64_t vec_load;	/* C: void vec_load(struct cpu *) */
};

/* Generates all stubs into b for a register map and the helpers of ir_helpers. */
void lower_stubs(struct lower_stubs *ret, struct x86_buf *b, const struct lower_map *map);

/* Reasons in eax at exit, beyond enum ir_eval_exit's. */
enum lower_exit {
	LOWER_EXIT_SVC, LOWER_EXIT_BRK, LOWER_EXIT_UNDEF, LOWER_EXIT_SYNC,
	LOWER_EXIT_ICACHE,   /* exit_info = address */
	LOWER_EXIT_PENDING,
	LOWER_EXIT_LINK,     /* exit_info = site */
	LOWER_EXIT_INDIRECT, /* pc = target */
	LOWER_EXIT_IC,	     /* exit_info = site, pc = target */
	LOWER_EXIT_INTERP,   /* evaluate the instruction at pc */
	LOWER_EXIT_ALIGN,    /* alignment fault of the instruction at pc, exit_info = address */
	LOWER_EXIT_FAULT,    /* a host fault was turned into an exit */
	LOWER_EXIT_TRAP,     /* the same, to evaluate the instruction at pc */
	LOWER_EXIT_TAG,	     /* the same; the address is none of the host's, perhaps for a tag */
};

/* Modes that the host does not have: half-precision formats and flushing, default NaNs. */
#define LOWER_FPCR_RARE 0x06080000u
#define LOWER_FPCR_FZ	0x01000000u /* flush to zero */

struct lower_options {
	bool no_link;	/* every direct exit goes through the engine */
	bool no_shadow;	/* no host call/ret pairing */
	bool no_fuse;	/* every flag result is written home at once */
	/* Does the instruction at pc trap so often that it is evaluated at once? */
	unsigned (*traps_often)(uint64_t pc); /* 2: even with what lower_nan.c does */
	bool tagged;	 /* bits 63:56 of addresses may be anything: leave them out */
	bool check_fpcr; /* FPCR may have LOWER_FPCR_RARE bits: look, and then evaluate */
	bool check_tiny; /* evaluate what may be tiny before rounding, but not after it */
	bool exact_flush; /* cpu->denormals_trap may be set: look where the host would not trap */
};

struct lower_fixup {
	uint8_t *rel32;
	bool cold; /* which buffer it is in */
	uint16_t block;
};

struct lower {
	struct x86_buf hot, cold;
	const struct x86_features *feat;
	const struct lower_map *map;
	const struct lower_stubs *stubs;
	struct lower_options opt;
	const struct ir_region *region;

	/* position */
	unsigned block; /* index in the region */
	unsigned index; /* of the op being lowered */
	uint8_t *op_start;
	uint8_t *start; /* hot start of the region */

	/* Ops before this one are lowered already, together with one before them: none of them
	 * may trap, and nothing may look at the state between them. */
	unsigned skip;

	/* flags */
	uint8_t flags; /* enum lower_flags */
	bool saved;    /* the home holds them as well */
	bool carry;    /* the next block is fallen into with the flags in EFLAGS */
	bool quiet;    /* this op must not trap for quiet NaNs; see lower_nan.c */

	/* Vector slots whose bits 127:64 (and 127:32) are known to be zero; reset at every
	 * block start. Bits by slot, temporaries included. Writers keep it true. */
	uint64_t vzero64, vzero32;

	/* For lower_crypto.c, reset at every block start: slots of which vt1 to vt3 hold
	 * another form since op `at`; slots that still wait for their last AES round, and
	 * whether of decryption. */
	struct lower_packed {
		uint8_t as, slot; /* as 0: none */
		uint16_t at;
	} packed[3];
	uint32_t undone;
	bool undoes;

	/* 128-bit constants that the region already has in its cold code. */
	unsigned nconsts;
	struct lower_const {
		uint64_t lo, hi, at;
	} consts[LOWER_MAX_CONSTS];

	/* blocks of the region by position: index + 1, 0 none; two-byte units of the page */
	uint8_t block_at[2048];

	/* results for the engine */
	uint8_t *entry[IR_MAX_BLOCKS];
	unsigned nsites, npcmap, nfixups;
	struct lower_site site[LOWER_MAX_SITES];
	struct lower_pcmap pcmap[LOWER_MAX_PCMAP];
	struct lower_fixup fixup[LOWER_MAX_FIXUPS];
	uint8_t order[IR_MAX_BLOCKS]; /* emission order of the blocks: by address */
	unsigned position;	      /* in order[] */
	uint8_t polled[IR_MAX_BLOCKS];
};

typedef void lower_fn(struct lower *l, const struct ir_ins *i);
/* By op; NULL: not lowered. */
extern lower_fn *const lower_table[];
/* Does an integer op's instruction always leave to the evaluator on this host? (Vector ops
 * may do so for some operands, too.) */
bool lower_leaves(unsigned op, const struct x86_features *feat);

/*
 * Lowers the whole region into l->hot and l->cold, whose p are advanced. The caller has
 * filled in the first group of fields. Returns 0, or -ENOSPC when a buffer overflowed
 * (nothing is lost: the caller resets p and tries again elsewhere).
 */
int lower_region(struct lower *l, const struct ir_region *region);

/* Fills in a map from the guest's lists of pinned slots (see guest.h's struct guest_regmap):
 * the back end's register order is lower_gp_order[] and xmm0... */
extern const uint8_t lower_gp_order[11];
void lower_map_init(struct lower_map *map, const uint8_t *pinned, unsigned n,
		    const uint8_t *vpinned, unsigned nv);
/* Gives up to sixteen more slots and temporaries a register in xmm16..31. */
void lower_map_high(struct lower_map *map, const uint8_t *slots, unsigned n);

/* ---- for lowering functions ---- */

static inline struct x86_mem lower_state(int off)
{
	return x86_base(RBP, off);
}

/* Home of an integer slot or temporary. */
static inline struct x86_mem lower_home(unsigned slot)
{
	if (slot >= IR_T1 && slot < IR_INT_COUNT)
		return x86_base(RBP, CPU_OFF(spill) + 8 * (int)(slot - IR_T1));
	return x86_base(RBP, CPU_OFF(r) + 8 * (int)slot);
}

/* Host register of an integer operand, -1 when it is in memory (or IR_ZERO). */
static inline int lower_reg(const struct lower *l, unsigned slot)
{
	return l->map->gp[slot & 63];
}

/* Host register of a vector operand, 0 to 31, -1 when it is in memory. */
static inline int lower_vreg(const struct lower *l, unsigned slot)
{
	int r = l->map->vec[slot & 63];

	return r >= 0 ? r : l->map->high[slot & 63];
}

/* Home of a vector slot or temporary in memory. */
static inline struct x86_mem lower_vhome(unsigned slot)
{
	if (slot >= IR_VT0)
		return x86_base(RBP, CPU_OFF(vt) + 16 * (int)(slot - IR_VT0));
	return x86_base(RBP, CPU_OFF(v) + 16 * (int)slot);
}

/* The 64-bit (w = W64) or 32-bit value of an integer operand in a register: its own, or
 * `tmp` after loading. IR_ZERO gives tmp = 0; IR_IMM is not handled. Flag-neutral. */
unsigned lower_src(struct lower *l, unsigned slot, unsigned w, unsigned tmp);
/* Register to compute an integer result in: the slot's own or tmp. */
static inline unsigned lower_dst(const struct lower *l, unsigned slot, unsigned tmp)
{
	int r = lower_reg(l, slot);

	return r < 0 ? tmp : (unsigned)r;
}
/* Writes `reg` (already zero-extended) to the slot: nothing if it is the slot's register. */
void lower_write(struct lower *l, unsigned slot, unsigned reg);
/* `op reg, operand` with the operand in its register or memory; IR_ZERO not allowed. */
void lower_op(struct lower *l, enum x86_insn op, unsigned w, unsigned reg, unsigned slot);

/* Address operand of LD, ST, LDV, STV and friends: a + (b << c) + imm. Uses rax and rcx
 * when parts are in memory; on return *ret_rcx_free says whether rcx is untouched. Changes
 * EFLAGS in tagged code, where it saves them if need be. */
struct x86_mem lower_address(struct lower *l, const struct ir_ins *i, bool *ret_rcx_free);

/* The address in a slot, for the other ops, in a register: its own or `tmp`. To be called
 * behind lower_flags_clobber(). */
unsigned lower_pointer(struct lower *l, unsigned slot, unsigned tmp);

/* Are the guest's flags only in EFLAGS and needed behind this op? */
static inline bool lower_flags_busy(const struct lower *l, const struct ir_ins *i)
{
	return l->flags != FLAGS_HOME && i->live;
}
/* The function is about to change EFLAGS: saves them if somebody still needs them. `i` is
 * the op being lowered. May use rax. */
void lower_flags_clobber(struct lower *l, const struct ir_ins *i);
/* Brings the flags home (keeps them in EFLAGS, then in the SUB sense). May use rax. */
void lower_flags_save(struct lower *l);
/* The same for the flags alone that are live behind op i; their sense stays. May use rax. */
void lower_flags_save_live(struct lower *l, const struct ir_ins *i);
/* Says that EFLAGS now hold a fresh result; `i` is the op that produced it. */
void lower_flags_set(struct lower *l, const struct ir_ins *i, enum lower_flags kind);
/* Says that the home was written directly. */
static inline void lower_flags_home(struct lower *l)
{
	l->flags = FLAGS_HOME;
	l->saved = true;
}
/* Makes the flags available in EFLAGS and returns the host condition. May use rax. */
struct lower_cc lower_cond(struct lower *l, unsigned cond);
/* The op that reads the flags of i if it directly follows and nobody reads them later. */
const struct ir_ins *lower_sole_reader(const struct lower *l, const struct ir_ins *i);
/* For FCMP: the conditional op that reads the flags of i next, with nothing before it that
 * changes EFLAGS; *ret_sole: nobody reads them later. NULL if there is none. */
const struct ir_ins *lower_next_reader(const struct lower *l, const struct ir_ins *i,
				       bool *ret_sole);

/* A direct exit to a guest address from the cold or hot buffer: emits jmp and records the
 * site. */
void lower_exit_to(struct lower *l, struct x86_buf *b, uint64_t pc);
/* Guest pc of the op being lowered. */
static inline uint64_t lower_pc(const struct lower *l)
{
	return l->region->page + l->region->at[l->index];
}
/* A jump, taken when cc holds, to cold code that raises an alignment fault for the address
 * in `reg`. */
void lower_align_fault(struct lower *l, unsigned cc, unsigned reg);
/* A jump, taken when cc holds (0xff: always), to cold code that leaves to the evaluator for
 * the current guest instruction. Only before the instruction's first architectural write. */
void lower_interp_if(struct lower *l, unsigned cc);

/* Denormal numbers (lower_tiny.c): the ops whose result is looked at, what comes before and
 * behind them; the ops that may take a denormal operand without a trap, what comes before them. */
bool lower_may_be_tiny(const struct ir_ins *i);
void lower_before_tiny(struct lower *l, const struct ir_ins *i);
void lower_check_tiny(struct lower *l, const struct ir_ins *i);
/* Instructions that trap often (lower_nan.c), or still do: is there a lowering of the op that does
 * not? That. */
bool lower_meets_nans(const struct ir_ins *i, bool still);
void lower_with_nans(struct lower *l, const struct ir_ins *i, lower_fn *fn, bool still);
bool lower_may_hide_denormal(const struct ir_ins *i);
void lower_before_denormal(struct lower *l, const struct ir_ins *i);
