/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One function of every file of lowering functions: a strong reference, so that the archive
 * member is linked (see table.c). tags: jit/x86 - lowering table
 */
#include "jit/x86/lower-internal.h"

lower_fn *const lower_families[] = {
	lower_MOV, /* lower_int.c */
	lower_MUL, /* lower_mul_div.c */
	lower_UBFX, /* lower_bits.c */
	lower_LD,  /* lower_mem.c */
	lower_CRC32, /* lower_crc.c */
	lower_LDXP, /* lower_pair.c */
	lower_RMIF, /* lower_nzcv.c */
	lower_B,   /* lower_flow.c */
	lower_LDV,	/* lower_vec_move.c */
	lower_VADD,	/* lower_vec_int.c */
	lower_VSHL,	/* lower_vec_shift.c */
	lower_VXTL,	/* lower_vec_wide.c */
	lower_VDOT,	/* lower_vec_dot.c */
	lower_VEXT,	/* lower_vec_permute.c */
	lower_FADD,	/* lower_fp.c */
	lower_FRINT,	/* lower_fp_convert.c */
	lower_VFADD,	/* lower_vec_fp.c */
	lower_VSHLV,	/* lower_shift_by.c */
	lower_VFRECPE,	/* lower_estimate.c */
	lower_VAES,	/* lower_crypto.c */
};
