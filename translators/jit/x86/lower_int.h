/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the lowering of integer ops. tags: jit/x86 - integer operands */
#pragma once

#include "jit/x86/lower-internal.h"

#define HOT (&l->hot)

static inline unsigned width(const struct ir_ins *i)
{
	return i->ty == IR_I64 ? W64 : W32;
}

/* Copies an operand into a register of our choice. */
static inline void copy(struct lower *l, unsigned w, unsigned reg, unsigned slot)
{
	unsigned r = lower_src(l, slot, w, reg);

	if (r != reg)
		x86_rr(HOT, X86_MOV, w, reg, r);
}

/* Register to compute i's result in; the value that ends there is zero-extended. */
#define DST(tmp) lower_dst(l, i->d, tmp)

/* dst = extension ext (enum ir_ext) of a, to width ty: flag-neutral. */
void lower_extend(struct lower *l, unsigned ty, unsigned dst, unsigned a, unsigned ext);
