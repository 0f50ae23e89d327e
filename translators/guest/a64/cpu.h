/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What others need to know of the AArch64 guest: how it uses struct cpu, the processor that
 * it presents, and its entry points. tags: guest/a64 - interface
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "guest/guest.h"

/* Words of cpu.sys[]. */
enum {
	A64_SYS_TPIDR,   /* TPIDR_EL0, the thread pointer */
	A64_SYS_TPIDRRO, /* TPIDRRO_EL0: only the kernel writes it */
	A64_SYS_PSTATE,	 /* SSBS and DIT, at their places in PSTATE */
	A64_SYS_RNDR,	 /* NZCV of the last random number */
	A64_SYS_PAC_ON,	 /* bits of enum a64_key: which keys sign and authenticate */
	A64_SYS_KEYS,	 /* pointer authentication: two words for each of enum a64_key */
};

/* Fields of A64_SYS_PSTATE. */
#define A64_PSTATE_SSBS UINT64_C(0x1000)
#define A64_PSTATE_DIT	UINT64_C(0x1000000)

/* In the order of Linux's PR_PAC_ numbers. */
enum a64_key { A64_KEY_IA, A64_KEY_IB, A64_KEY_DA, A64_KEY_DB, A64_KEY_GA, A64_KEY_COUNT };

/* Pointers of user space are signed in bits 54:48: those below are the address, the top byte is
 * ignored. */
#define A64_PAC_MASK UINT64_C(0x007f000000000000)

/* Constant system registers. MIDR: implementer 0, which Arm leaves to software, so that no
 * program applies the tuning or the errata of a processor that we are not. */
#define A64_MIDR   UINT64_C(0x000f0010)
#define A64_MPIDR  UINT64_C(0x80000000) /* what Linux shows instead of the real one */
#define A64_REVIDR UINT64_C(0)
/* Lines of 64 bytes; IDC: no data cache cleaning is needed to run written code; not DIC:
 * IC IVAU and ISB are. */
#define A64_CTR    UINT64_C(0x9444c004)
#define A64_DCZID  UINT64_C(4) /* DC ZVA is allowed and zeroes 64 bytes */
#define A64_CNTFRQ UINT64_C(1000000000)

/*
 * The source of CNTVCT_EL0: nanoseconds of a clock that never goes back, which counts the
 * same for all threads. linux-user sets it before the first guest instruction (the counter
 * must agree with the guest's CLOCK_MONOTONIC, whose vDSO may read it). It is called like a
 * helper: no vector registers, no blocking. Without one the counter counts its own reads.
 */
extern uint64_t (*a64_counter)(void);

/*
 * For the guest's vDSO, which linux-user provides: the code in [a64_vdso_start,
 * a64_vdso_end) may read clock N, 0 (CLOCK_REALTIME) or 1 (CLOCK_MONOTONIC), from
 * S3_3_C15_C0_N: seconds << 30 | nanoseconds. To all other code these registers are
 * undefined, as implementation-defined ones are under Linux.
 */
extern uint64_t (*a64_clock)(int clock);
extern uint64_t a64_vdso_start, a64_vdso_end;

/* The source of RNDR: false when there is nothing random at the moment. linux-user sets it. It
 * is called like a helper. Without one there never is. */
extern bool (*a64_random)(uint64_t *ret);

/* Sets of features that a processor reports, see features.def. */
enum a64_set { A64_SET_BASE = 1, A64_SET_MAX = 2, A64_SET_PAUTH = 4 };

/* Those of the process. Without A64_SET_PAUTH pointer authentication is as on a processor that
 * has it and whose kernel left it off: addresses are not signed, and pass unchecked. May change
 * only before the first guest instruction is looked at. */
extern unsigned a64_sets;

/* Identification registers with a value that is not zero. */
enum a64_id_reg {
#define ID_REG(name, crm, op2, base) A64_ID_##name,
#define FEATURE(set, name, text, word, bit, reg, shift, more)
#include "guest/a64/features.def"
#undef ID_REG
#undef FEATURE
	A64_ID_COUNT,
	A64_ID_NONE,
};

/* The value of an identification register as Linux shows it to user code. NONE has none. */
static inline uint64_t a64_id_value(enum a64_id_reg id)
{
	uint64_t value = 0;

#define ID_REG(name, crm, op2, base) value += id == A64_ID_##name ? (uint64_t)(base) : 0;
#define FEATURE(set, name, text, word, bit, reg, shift, more)                                \
	value += id == A64_ID_##reg && a64_sets & A64_SET_##set ? (uint64_t)(more) << (shift) \
								: 0;
#include "guest/a64/features.def"
#undef ID_REG
#undef FEATURE
	return value;
}

/* AT_HWCAP (word 1) or AT_HWCAP2 (word 2). */
static inline uint64_t a64_hwcap(unsigned which)
{
	uint64_t value = 0;

#define ID_REG(name, crm, op2, base)
#define FEATURE(set, name, text, word, bit, reg, shift, more)                               \
	value |= which == (word) && a64_sets & A64_SET_##set ? UINT64_C(1) << (bit) : 0;
#include "guest/a64/features.def"
#undef ID_REG
#undef FEATURE
	return value;
}

/* The guest, as the engine sees it. */
extern const struct guest_arch a64_arch;

/* Lifts a block; see struct guest_arch. */
void a64_lift_block(struct ir_builder *b, uint64_t pc, uint64_t limit, unsigned max_insns,
		    struct guest_block_end *ret_end);

/* Which NZCV bits may the code at pc read before it writes them? See struct guest_arch. */
unsigned a64_peek_flags(uint64_t pc);

/* Indices in a64_arch.helpers. */
enum {
	A64_HELPER_COUNTER, /* () -> CNTVCT_EL0 */
	A64_HELPER_CLOCK,   /* imm: clock -> a64_clock() */
	A64_HELPER_RANDOM,  /* () -> RNDR, and sys[A64_SYS_RNDR] */
	A64_HELPER_SIGN,    /* (pointer, modifier), imm: key; -> the signed pointer */
	A64_HELPER_AUTH,    /* (signed pointer, modifier), imm: key; -> the pointer, or an invalid one */
	A64_HELPER_MAC,     /* (a, b) -> PACGA */
	A64_HELPER_COUNT,
};
