/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The arm64 signal frame, as arch/arm64/include/uapi/asm/sigcontext.h and ucontext.h define
 * it. tags: linux-user/a64 - signal frame layout
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "engine/engine.h"
#include "linux-user/host.h"

#define A64_FPSIMD_MAGIC 0x46508001u
#define A64_ESR_MAGIC	 0x45535201u

struct a64_context_head {
	uint32_t magic, size;
};

struct a64_fpsimd_context {
	struct a64_context_head head;
	uint32_t fpsr, fpcr;
	union cpu_vec v[32];
};
_Static_assert(sizeof(struct a64_fpsimd_context) == 0x210, "fpsimd_context");

struct a64_esr_context {
	struct a64_context_head head;
	uint64_t esr;
};

struct a64_sigcontext {
	uint64_t fault_address;
	uint64_t regs[31];
	uint64_t sp, pc, pstate;
	uint8_t reserved[4096] __attribute__((aligned(16)));
};

struct a64_ucontext {
	uint64_t flags, link;
	struct host_stack stack;
	uint64_t sigmask;
	uint8_t unused[1024 / 8 - sizeof(uint64_t)];
	struct a64_sigcontext mc;
};

struct a64_rt_sigframe {
	struct host_siginfo info;
	struct a64_ucontext uc;
};
_Static_assert(offsetof(struct a64_ucontext, sigmask) == 40, "ucontext");
_Static_assert(offsetof(struct a64_ucontext, mc) == 176, "ucontext");
_Static_assert(offsetof(struct a64_sigcontext, reserved) == 288, "sigcontext");
_Static_assert(sizeof(struct a64_rt_sigframe) == 4688, "rt_sigframe");

/* fp and lr of the interrupted code, so that unwinders pass the frame. */
struct a64_frame_record {
	uint64_t fp, lr;
};

/* What arm64 reports as AT_MINSIGSTKSZ: frame, record, padding. */
#define A64_MINSIGSTKSZ                                                                      \
	(sizeof(struct a64_rt_sigframe) + sizeof(struct a64_frame_record) + 16)

struct a64_fault {
	uint64_t address, esr; /* esr 0: no record */
};

/* Writes the state of the cpu (vectors stored) and the records into a zeroed frame; returns
 * the number of bytes that matter. */
size_t a64_fill_frame(struct a64_rt_sigframe *frame, const struct cpu *cpu, uint64_t pstate,
		      uint32_t fpsr, uint64_t mask, const struct a64_fault *fault);

/* Finds the FPSIMD record. NULL when the records are malformed or it is missing. */
const struct a64_fpsimd_context *a64_find_fpsimd(const struct a64_rt_sigframe *frame);
