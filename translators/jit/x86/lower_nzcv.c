/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ops that change some of the flags: on the home image, SF ZF and the inverted carry in bits
 * 15, 14 and 8, the overflow in bit 0. tags: jit/x86 - FlagM lowering
 */
#include "jit/x86/lower-internal.h"

#define HOT (&l->hot)

/* All flags to the home; EFLAGS are free then. */
static void bring_home(struct lower *l)
{
	lower_flags_save(l);
	lower_flags_home(l);
}

static void load_image(struct lower *l, unsigned reg)
{
	x86_rm(HOT, X86_MOVZX16, W32, reg, lower_state(CPU_OFF(nzcv)));
}

static void store_image(struct lower *l, unsigned reg)
{
	x86_rm(HOT, X86_MOV_MR, W16, reg, lower_state(CPU_OFF(nzcv)));
}

void lower_CFINV(struct lower *l, const struct ir_ins *i)
{
	if (l->flags == FLAGS_SUB || l->flags == FLAGS_ADD) {
		x86_cmc(HOT);
		lower_flags_set(l, i, (enum lower_flags)l->flags);
		return;
	}
	bring_home(l);
	x86_gmi(HOT, X86_XOR_I32, W8, lower_state(CPU_OFF(nzcv) + 1), CPU_NZCV_NC >> 8);
}

void lower_RMIF(struct lower *l, const struct ir_ins *i)
{
	unsigned nzcv = i->c, a;
	int32_t mask = (nzcv & 8 ? (int32_t)CPU_NZCV_N : 0) | (nzcv & 4 ? (int32_t)CPU_NZCV_Z : 0) |
		       (nzcv & 2 ? (int32_t)CPU_NZCV_NC : 0) | (nzcv & 1 ? (int32_t)CPU_NZCV_V : 0);

	bring_home(l);
	a = lower_src(l, i->a, W64, RAX);
	x86_mov_rr(HOT, W64, RAX, a);
	if (i->imm & 63)
		x86_gri8(HOT, X86_ROR_I, W64, RAX, (unsigned)i->imm & 63);
	/* Bits 3:2 to 15:14, bit 1 to 8, bit 0 stays: the copies do not overlap. */
	x86_gri(HOT, X86_AND_I32, W32, RAX, 15);
	x86_mov_ri(HOT, RCX, 0x1081, true);
	x86_rr(HOT, X86_IMUL, W32, RAX, RCX);
	if (nzcv & 2)
		x86_gri(HOT, X86_XOR_I32, W32, RAX, CPU_NZCV_NC);
	x86_gri(HOT, X86_AND_I32, W32, RAX, mask);
	load_image(l, RCX);
	x86_gri(HOT, X86_AND_I32, W32, RCX, ~mask);
	x86_rr(HOT, X86_OR, W32, RAX, RCX);
	store_image(l, RAX);
}

void lower_SETF(struct lower *l, const struct ir_ins *i)
{
	unsigned a, bits = 8 * ir_type_bytes(i->ty);

	bring_home(l);
	a = lower_src(l, i->a, W32, RAX);
	x86_mov_rr(HOT, W32, RAX, a);
	/* The sum with itself has the sign of the value, and overflows if the bit above differs. */
	x86_gri8(HOT, X86_SHL_I, W32, RAX, 31 - bits);
	x86_rr(HOT, X86_ADD, W32, RAX, RAX);
	x86_lahf(HOT);
	x86_rr(HOT, X86_SETCC + CC_O, W8, 0, RAX);
	load_image(l, RCX);
	x86_gri(HOT, X86_AND_I32, W32, RAX, CPU_NZCV_N | CPU_NZCV_Z | CPU_NZCV_V);
	x86_gri(HOT, X86_AND_I32, W32, RCX, CPU_NZCV_NC);
	x86_rr(HOT, X86_OR, W32, RAX, RCX);
	store_image(l, RAX);
}

void lower_AXFLAG(struct lower *l, const struct ir_ins *i)
{
	(void)i;
	bring_home(l);
	/* Unordered becomes equal, without carry. */
	load_image(l, RCX);
	x86_rr(HOT, X86_MOV, W32, RAX, RCX);
	x86_gri(HOT, X86_AND_I32, W32, RAX, CPU_NZCV_V);
	x86_gr(HOT, X86_NEG, W32, RAX);
	x86_rr(HOT, X86_OR, W32, RAX, RCX);
	x86_gri(HOT, X86_AND_I32, W32, RAX, CPU_NZCV_Z | CPU_NZCV_NC);
	store_image(l, RAX);
}

void lower_XAFLAG(struct lower *l, const struct ir_ins *i)
{
	/* The images by Z (two lanes) and the inverted carry (one). */
	const uint64_t by_z = CPU_NZCV_Z, by_nc = CPU_NZCV_N | CPU_NZCV_NC, by_both = CPU_NZCV_V;

	(void)i;
	bring_home(l);
	load_image(l, RCX);
	x86_rr(HOT, X86_MOV, W32, RAX, RCX);
	x86_gri8(HOT, X86_SHR_I, W32, RCX, 9);
	x86_gri8(HOT, X86_SHR_I, W32, RAX, 4);
	x86_gri(HOT, X86_AND_I32, W32, RCX, 0x20);
	x86_gri(HOT, X86_AND_I32, W32, RAX, 0x10);
	x86_rr(HOT, X86_OR, W32, RCX, RAX);
	x86_mov_ri(HOT, RAX, by_both << 48 | by_z << 32 | by_nc << 16, true);
	x86_gr(HOT, X86_SHR_CL, W64, RAX);
	store_image(l, RAX);
}
