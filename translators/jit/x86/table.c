/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Op to lowering function. An op without one stays NULL and is evaluated; the functions are
 * weak references for that, and lower_families[] (families.c) is what makes the linker take
 * the files that define them out of the archive. tags: jit/x86 - lowering table
 */
#include "jit/x86/lower.h"

#define OP(name, ...) __attribute__((weak)) lower_fn lower_##name;
#include "jit/ir/ops.def"
#undef OP

lower_fn *const lower_table[IR_OP_COUNT] = {
#define OP(name, ...) [IR_##name] = lower_##name,
#include "jit/ir/ops.def"
#undef OP
};

bool lower_leaves(unsigned op, const struct x86_features *feat)
{
	return !lower_table[op] || (op == IR_CRC32 && !feat->pclmul);
}
