/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the engine knows of a guest architecture. tags: guest - interface to the engine
 */
#pragma once

#include "jit/ir/ir.h"

#define GUEST_PAGE_SIZE 4096u

/* Why a block ended, for region discovery. */
struct guest_block_end {
	/* Direct successor in imm of the terminator, and the fall-through, if any. */
	bool has_target, has_next;
	uint64_t target;
};

/* The integer and vector slots that live in host registers. */
struct guest_regmap {
	uint8_t npinned;
	uint8_t pinned[12];  /* slot numbers, in the order of the back end's register list */
	uint8_t nvpinned;
	uint8_t vpinned[16]; /* vector slots, for xmm0, xmm1, ... */
	uint8_t nvhigh;
	uint8_t vhigh[16];   /* slots and temporaries for hosts with more registers */
};

struct guest_arch {
	const char *name;	/* "aarch64" */
	unsigned insn_align;	/* 4 for A64 and A32, 2 for T32 */
	struct guest_regmap map;
	ir_helper_fn *const *helpers;

	/*
	 * Lifts one straight-line block that starts at pc into the region: appends a
	 * struct ir_block and its ops. Stops behind the first terminator, before
	 * `limit` (exclusive guest address: page end or an existing block start), after
	 * max_insns, or when the region is full; then the block gets a B to the address
	 * reached. Reads guest code directly: the caller has checked that the page is
	 * readable. An undecodable word becomes an UNDEF terminator.
	 */
	void (*lift_block)(struct ir_builder *b, uint64_t pc, uint64_t limit,
			   unsigned max_insns, struct guest_block_end *ret_end);

	/*
	 * Which NZCV bits (IR_FLAG_*) may the code at pc read before it writes them? Looks
	 * a few instructions ahead, and only within the page of pc, which the caller knows
	 * to be readable; the answer may be too large.
	 */
	unsigned (*peek_flags)(uint64_t pc);
};
