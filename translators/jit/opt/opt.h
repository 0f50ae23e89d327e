/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is improved between lifting and code generation. Linear passes over a region, no
 * allocation, nothing kept between calls. tags: jit/opt - interface of the passes
 */
#pragma once

#include "jit/ir/ir.h"

struct opt_options {
	bool no_fold; /* only compute liveness, change nothing */

	/*
	 * Which NZCV bits (IR_FLAG_*) may be read before they are written by the code at
	 * this guest address outside the region? May answer too much, never too little.
	 * NULL: all of them.
	 */
	unsigned (*peek)(uint64_t pc);

	/* By op: the back end has no code for it, so that its instruction leaves to the
	 * evaluator. NULL: it has code for all. */
	const bool *leaves;
};

/*
 * Runs all passes: constants and addresses are folded, then flag liveness fills in
 * ir_ins.live and ir_block.live_in/live_out, IRF_SETF goes where nobody reads the flags,
 * and ops without effect are marked dead. The region must be one that ir_verify() accepts
 * and stays so.
 */
void opt_run(struct ir_region *region, const struct opt_options *options);

/* fold.c and flags.c: the passes by themselves, in this order. */
void opt_fold(struct ir_region *region, const struct opt_options *options);
void opt_flags(struct ir_region *region, const struct opt_options *options);
