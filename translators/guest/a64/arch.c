/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The AArch64 guest as the engine sees it, and its helpers. tags: guest/a64 - description
 */
#include "guest/a64/cpu.h"
#include "guest/a64/pauth.h"

uint64_t (*a64_counter)(void);
uint64_t (*a64_clock)(int clock);
uint64_t a64_vdso_start, a64_vdso_end;
bool (*a64_random)(uint64_t *ret);
unsigned a64_sets = A64_SET_BASE;

static uint64_t helper_counter(struct cpu *cpu, uint64_t a, uint64_t b, int64_t imm)
{
	static uint64_t reads;

	(void)cpu;
	(void)a;
	(void)b;
	(void)imm;
	return a64_counter ? a64_counter()
			   : __atomic_add_fetch(&reads, 1, __ATOMIC_RELAXED);
}

static uint64_t helper_clock(struct cpu *cpu, uint64_t a, uint64_t b, int64_t imm)
{
	(void)cpu;
	(void)a;
	(void)b;
	return a64_clock((int)imm);
}

static uint64_t helper_random(struct cpu *cpu, uint64_t a, uint64_t b, int64_t imm)
{
	uint64_t value = 0;
	bool done = a64_random && a64_random(&value);

	(void)a;
	(void)b;
	(void)imm;
	cpu->sys[A64_SYS_RNDR] = done ? 0 : UINT64_C(1) << 30; /* Z: failed */
	return done ? value : 0;
}

static ir_helper_fn *const helpers[A64_HELPER_COUNT] = {
	[A64_HELPER_COUNTER] = helper_counter,
	[A64_HELPER_CLOCK] = helper_clock,
	[A64_HELPER_RANDOM] = helper_random,
	[A64_HELPER_SIGN] = a64_helper_sign,
	[A64_HELPER_AUTH] = a64_helper_auth,
	[A64_HELPER_MAC] = a64_helper_mac,
};

const struct guest_arch a64_arch = {
	.name = "aarch64",
	.insn_align = 4,
	.map =
		{
			/* Arguments and the first saved registers: what compilers use most. */
			.npinned = 11,
			.pinned = {IR_SP, 0, 1, 2, 3, 4, 5, 19, 20, 21, 22},
			.nvpinned = 12,
			.vpinned = {0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19},
			/* V8..V15 live over calls */
			.nvhigh = 16,
			.vhigh = {8, 9, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23, 24,
				  IR_VT0 + 1, IR_VT0 + 2, IR_VT0 + 3},
		},
	.helpers = helpers,
	.lift_block = a64_lift_block,
	.peek_flags = a64_peek_flags,
};
