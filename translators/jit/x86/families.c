/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One function of every file of lowering functions: a strong reference, so that the archive
 * member is linked (see table.c). tags: jit/x86 - lowering table
 */
#include "jit/x86/lower-internal.h"

lower_fn *const lower_families[] = {
	lower_MOV, /* lower_int.c */
	lower_LD,  /* lower_mem.c */
	lower_B,   /* lower_flow.c */
};
