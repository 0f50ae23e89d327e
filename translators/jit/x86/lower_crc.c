/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * CRC-32 of up to eight bytes. tags: jit/x86 - CRC lowering
 *
 * The host has an instruction for the Castagnoli polynomial only. For the other one, with
 * bits reflected so that the first message bit is bit 0 and P = 0x1db710641: find q such
 * that the low n bits of x + q P vanish, x being the message plus the old value; the rest of
 * q P, shifted down by n, is the new value. q = x / P as a power series, so q = x M with
 * M P = 1 modulo z^64: two carry-less multiplications.
 */
#include "jit/x86/lower_int.h"

#define POLY 0x1db710641u
#define POLY_INVERSE 0xb4e5b025f7011641u

enum { XMM14 = 14, XMM15 = 15 };

static void multiply(struct lower *l, uint64_t by)
{
	x86_mov_ri(HOT, RCX, by, true);
	x86_rr(HOT, X86_MOVD, W64, XMM15, RCX);
	x86_rri(HOT, X86_PCLMULQDQ, W32, XMM14, XMM15, 0);
}

/* reg = its low part */
static void narrow(struct lower *l, unsigned ty, unsigned reg)
{
	if (ty == IR_I8)
		x86_rr(HOT, X86_MOVZX8, W8, reg, reg);
	else if (ty == IR_I16)
		x86_rr(HOT, X86_MOVZX16, W32, reg, reg);
}

void lower_CRC32(struct lower *l, const struct ir_ins *i)
{
	unsigned bits = 8 * ir_type_bytes(i->ty), w = i->ty == IR_I64 ? W64 : W32;
	unsigned data, acc;

	if (!l->feat->pclmul) {
		lower_interp_if(l, 0xff);
		return;
	}
	lower_flags_clobber(l, i);
	data = lower_src(l, i->b, w, RCX);
	acc = lower_src(l, i->a, W32, RAX);
	x86_rr(HOT, X86_MOV, W32, RAX, acc);
	x86_rr(HOT, X86_XOR, w, RAX, data);
	if (bits < 32) {
		/* Only now: t0 may have been the data. */
		acc = lower_src(l, i->a, W32, RDX);
		x86_rr(HOT, X86_MOV, W32, RDX, acc);
	}
	narrow(l, i->ty, RAX);
	x86_rr(HOT, X86_MOVD, W64, XMM14, RAX);
	multiply(l, POLY_INVERSE);
	if (bits < 64) {
		x86_rr(HOT, X86_MOVD_MR, W32, XMM14, RAX);
		narrow(l, i->ty, RAX);
		x86_rr(HOT, X86_MOVD, W32, XMM14, RAX);
	}
	multiply(l, POLY);
	if (bits < 64) {
		x86_rr(HOT, X86_MOVD_MR, W64, XMM14, RAX);
		x86_gri8(HOT, X86_SHR_I, W64, RAX, bits);
	} else {
		x86_rri(HOT, X86_PEXTRD, W64, XMM14, RAX, 1);
	}
	if (bits < 32) {
		x86_gri8(HOT, X86_SHR_I, W32, RDX, bits);
		x86_rr(HOT, X86_XOR, W32, RAX, RDX);
	}
	lower_write(l, i->d, RAX);
}

void lower_CRC32C(struct lower *l, const struct ir_ins *i)
{
	static const enum x86_insn op[4] = { X86_CRC32_8, X86_CRC32, X86_CRC32, X86_CRC32 };
	static const unsigned w[4] = { W8, W16, W32, W64 };
	unsigned b;

	b = lower_src(l, i->b, W64, RCX);
	copy(l, W32, RAX, i->a);
	/* F2 is the mandatory prefix: the operand-size prefix must come before it. */
	x86_rr(HOT, op[i->ty], w[i->ty], RAX, b);
	lower_write(l, i->d, RAX);
}
