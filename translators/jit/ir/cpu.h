/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * struct cpu: the architectural state of one guest thread and the few words that translated
 * code and the runtime share. tags: jit/ir - guest state layout
 *
 * Both guests use this layout: 32 integer slots and 32 vector slots (A64: x0..x30 and sp in
 * slot 31; A32: r0..r14). Translated code addresses it through rbp, which holds the address
 * of the structure plus CPU_BIAS, so that slots 6..31 and the hot words behind them are
 * within reach of an 8-bit displacement. Slots that live in host registers (see the guest's
 * register map) are stale here while translated code runs; every exit writes them back.
 * Vector slots that live in host registers stay there across the runtime as well, which is
 * compiled without vector registers: engine_vec_store() brings them home when somebody
 * needs to look.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One 128-bit vector register; lane 0 is the least significant. */
union cpu_vec {
	uint8_t b[16];
	uint16_t h[8];
	uint32_t s[4];
	uint64_t d[2];
} __attribute__((aligned(16)));

#define CPU_JUMP_CACHE_BITS 11
#define CPU_JUMP_CACHE_SIZE (1u << CPU_JUMP_CACHE_BITS)
#define CPU_QC_COUNT 4

struct cpu_jump_entry {
	uint64_t pc;	/* guest pc (with mode bits) or CPU_NO_PC */
	uint64_t host;	/* address of the translated code */
};

#define CPU_NO_PC (~(uint64_t)0)

/* Home of the flags: a LAHF/SETO image; the carry is kept inverted (x86 borrow sense). */
#define CPU_NZCV_N 0x8000u  /* SF */
#define CPU_NZCV_Z 0x4000u  /* ZF */
#define CPU_NZCV_NC 0x0100u /* CF: set when the guest's C is clear */
#define CPU_NZCV_V 0x0001u  /* OF */

/* A synchronous fault of the guest, as engine_run() reports it with EXIT_FAULT. */
struct cpu_fault {
	int signo;	/* host signal number; Arm's numbers are the same */
	int code;	/* si_code */
	uint64_t addr;	/* si_addr */
	uint64_t err;	/* page-fault error code of the host (bit 1: write, bit 4: fetch) */
};

struct cpu {
	uint64_t r[32];

	/* Hot words, still within 8-bit displacement. */
	uint16_t nzcv;
	uint16_t hot_pad;
	uint32_t pending;  /* not zero: leave translated code at the next safepoint */
	uint64_t spill[4]; /* homes of the temporaries t1..t4 */
	uint64_t pc;	   /* valid whenever the guest is not inside translated code */

	union cpu_vec v[32];
	union cpu_vec vt[8]; /* homes of the vector temporaries */
	union cpu_vec vargs[4]; /* operands of ir_crypto() and ir_eval_args() when translated code calls them */

	/* System registers. The meaning of sys[] is the guest's. */
	uint64_t sys[16];
	uint32_t fpcr;	  /* guest's control word, as last written */
	uint32_t fpsr;	  /* cumulative bits beyond those that MXCSR holds */
	/* Lanes that saturated: anything but zero means QC, folded when FPSR is read. Several, so
	 * that ops one after the other need not wait for each other's update. */
	union cpu_vec qc[CPU_QC_COUNT];
	union cpu_vec kept; /* of an op whose result is looked at: the destination before it */
	uint32_t mxcsr;	  /* image of MXCSR that goes with fpcr */
	uint32_t mode;	  /* A32: T bit and IT state; part of block keys */
	uint32_t denormals_trap; /* cpu_set_exact(): the first denormal operand has yet to come */

	/* Exclusive monitor: address, size of the whole access in bytes (0: open) and the
	 * memory that was read as one little-endian number, zero-extended (low half first). */
	uint64_t excl_addr;
	uint64_t excl_size;
	uint64_t excl_val[2];

	/* Shared with the entry and exit stubs. */
	uint64_t host_rsp;    /* stack of the runtime while translated code runs */
	uint64_t shadow_top;  /* initial rsp of the shadow call stack */
	uint64_t shadow_base; /* lowest usable address */
	uint64_t shadow_sp;   /* rsp of translated code while the runtime runs */
	uint64_t exit_info;   /* operand of the exit, see engine.h */
	uint64_t scratch[4];  /* for stubs and within one op */
	struct cpu_fault fault;

	void *thread; /* owned by linux-user: the struct thread around this cpu */
	void *engine; /* owned by engine: per-thread bookkeeping */

	struct cpu_jump_entry jump_cache[CPU_JUMP_CACHE_SIZE];
} __attribute__((aligned(64)));

/* What rbp points at, relative to the structure; slot 6 is the first within disp8. */
#define CPU_BIAS (6 * 8 + 128)
#define CPU_OFF(field) ((int)offsetof(struct cpu, field) - CPU_BIAS)

_Static_assert(offsetof(struct cpu, pc) + 8 - CPU_BIAS <= 128, "hot words within disp8");
_Static_assert(offsetof(struct cpu, v) % 16 == 0, "vector homes are aligned");

/* ---- floating-point control, on the images in struct cpu ---- */

#define CPU_FPCR_MASK	0x07c80000u /* AHP, DN, FZ, RMode, FZ16: what the guest can set */
#define CPU_FPSR_MASK	0x0800009fu /* QC, IDC, IXC, UFC, OFC, DZC, IOC */
#define CPU_FPSR_QC	0x08000000u
#define CPU_MXCSR_FLAGS 0x3fu

/* The control bits of MXCSR that go with FPCR: rounding, flush to zero (DAZ and FTZ), every
 * exception masked but Invalid, which the engine repairs. */
static inline uint32_t cpu_mxcsr_control(uint32_t fpcr)
{
	unsigned rm = fpcr >> 22 & 3; /* nearest, up, down, zero; the host: 1 down, 2 up */

	return 0x1f00u | ((rm >> 1 | rm << 1) & 3u) << 13 | (fpcr >> 24 & 1 ? 0x8040u : 0);
}

/* FPSR as the guest reads it. MXCSR's denormal bit has no counterpart: IDC is kept in fpsr. */
static inline uint32_t cpu_get_fpsr(const struct cpu *cpu)
{
	uint32_t x = cpu->mxcsr;

	uint64_t qc = 0;

	for (unsigned k = 0; k < CPU_QC_COUNT; k++)
		qc |= cpu->qc[k].d[0] | cpu->qc[k].d[1];
	return cpu->fpsr | (qc ? CPU_FPSR_QC : 0) | (x & 1) | (x >> 1 & 0x1e);
}

/*
 * MXCSR where flushing to zero must leave exact cumulative bits. The host tells nothing of
 * operands it takes for zero, and calls a flushed result inexact. So until the guest's bit is
 * set, what would set it traps, and nothing is flushed: denormal operands (and divisions by
 * zero, where the host would not look at the other operand) until IDC, tiny results until UFC,
 * inexact ones until IXC. From then on the host can flush: there is no more to tell.
 */
static inline void cpu_set_exact(struct cpu *cpu)
{
	uint32_t control = cpu_mxcsr_control(cpu->fpcr);
	uint32_t seen = cpu_get_fpsr(cpu) & CPU_FPSR_MASK & ~CPU_FPSR_QC;

	cpu->denormals_trap = 0;
	if (cpu->fpcr >> 24 & 1) {
		/* The host's own bits must not lie in the way of those that trap. */
		cpu->fpsr |= seen;
		cpu->mxcsr = 0;
		if (!(seen & 0x80)) {
			cpu->denormals_trap = 1;
			control &= ~0x0340u;
		}
		if ((seen & 0x18) != 0x18)
			control &= ~(0x8800u | (seen & 0x10 ? 0 : 0x1000u));
	}
	cpu->mxcsr = control | (cpu->mxcsr & CPU_MXCSR_FLAGS);
}

/* MXCSR where nobody looks at the bits. Before any result has been flushed, the first traps. */
static inline void cpu_set_flush(struct cpu *cpu, bool has_flushed)
{
	if (has_flushed)
		cpu->mxcsr |= 0x8800u;
	else
		cpu->mxcsr &= ~0x8800u;
}

static inline void cpu_set_fpsr(struct cpu *cpu, uint32_t fpsr)
{
	cpu->fpsr = fpsr & CPU_FPSR_MASK;
	for (unsigned k = 0; k < CPU_QC_COUNT; k++)
		cpu->qc[k].d[0] = cpu->qc[k].d[1] = 0;
	cpu->mxcsr &= ~CPU_MXCSR_FLAGS;
}

static inline void cpu_set_fpcr(struct cpu *cpu, uint32_t fpcr)
{
	cpu->fpcr = fpcr & CPU_FPCR_MASK;
	cpu->mxcsr = cpu_mxcsr_control(fpcr) | (cpu->mxcsr & CPU_MXCSR_FLAGS);
}
