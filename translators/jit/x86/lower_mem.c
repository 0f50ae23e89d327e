/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Integer loads and stores, atomics, barriers, words of struct cpu. tags: jit/x86 - memory
 *
 * Guest addresses are host addresses. x86-TSO gives every plain load acquire and every plain
 * store release semantics; a store-release is an exchange, so that no later load-acquire
 * passes it, and a full barrier is a locked or on the top of the stack (mfence costs four
 * times as much). Nothing architectural is written before an op's last access.
 */
#include "jit/x86/lower-internal.h"

#define HOT (&l->hot)

static const uint8_t width_of[4] = { W8, W16, W32, W64 };

/* Leaves with an alignment fault unless the address in reg is a multiple of size. */
static void check_align(struct lower *l, unsigned reg, unsigned size)
{
	if (size == 1)
		return;
	x86_gri(HOT, X86_TEST8_I8, W8, reg, (int32_t)size - 1);
	lower_align_fault(l, CC_NE, reg);
}

static void load(struct lower *l, const struct ir_ins *i, unsigned reg, struct x86_mem m)
{
	bool sx64 = i->fl & IRF_SX64, sx = i->fl & (IRF_SX64 | IRF_SX32);

	switch (i->ty) {
	case IR_I8:
		x86_rm(HOT, sx ? X86_MOVSX8 : X86_MOVZX8, sx64 ? W64 : W32, reg, m);
		break;
	case IR_I16:
		x86_rm(HOT, sx ? X86_MOVSX16 : X86_MOVZX16, sx64 ? W64 : W32, reg, m);
		break;
	case IR_I32:
		x86_rm(HOT, sx64 ? X86_MOVSXD : X86_MOV, sx64 ? W64 : W32, reg, m);
		break;
	default:
		x86_rm(HOT, X86_MOV, W64, reg, m);
		break;
	}
}

void lower_LD(struct lower *l, const struct ir_ins *i)
{
	unsigned d = lower_dst(l, i->d, RAX);
	bool rcx_free;
	struct x86_mem m;

	if ((i->fl & IRF_ACQ) && i->ty != IR_I8) {
		lower_flags_clobber(l, i);
		m = lower_address(l, i, &rcx_free);
		if (m.index != X86_NO_REG || m.disp) {
			x86_rm(HOT, X86_LEA, W64, RAX, m);
			m = x86_base(RAX, 0);
		}
		check_align(l, (unsigned)m.base, ir_type_bytes(i->ty));
	} else {
		m = lower_address(l, i, &rcx_free);
	}
	load(l, i, d, m);
	lower_write(l, i->d, d);
}

static void store(struct lower *l, unsigned ty, unsigned reg, struct x86_mem m)
{
	if (ty == IR_I8)
		x86_rm(HOT, X86_MOV8_MR, W8, reg, m);
	else
		x86_rm(HOT, X86_MOV_MR, width_of[ty], reg, m);
}

void lower_ST(struct lower *l, const struct ir_ins *i)
{
	unsigned w = i->ty == IR_I64 ? W64 : W32;
	bool rcx_free, release = i->fl & IRF_REL;
	struct x86_mem m;
	unsigned v;

	if (release)
		lower_flags_clobber(l, i);
	m = lower_address(l, i, &rcx_free);
	if (release) {
		if (m.index != X86_NO_REG || m.disp) {
			x86_rm(HOT, X86_LEA, W64, RAX, m);
			m = x86_base(RAX, 0);
		}
		check_align(l, (unsigned)m.base, ir_type_bytes(i->ty));
		v = lower_src(l, i->d, w, RCX);
		if (v != RCX)
			x86_rr(HOT, X86_MOV, w, RCX, v);
		x86_rm(HOT, i->ty == IR_I8 ? X86_XCHG8_MR : X86_XCHG_MR, width_of[i->ty], RCX, m);
		return;
	}
	if (i->d == IR_ZERO) {
		x86_mov_mi(HOT, width_of[i->ty], m, 0);
		return;
	}
	if (lower_reg(l, i->d) < 0 && !rcx_free) {
		x86_rm(HOT, X86_LEA, W64, RAX, m);
		m = x86_base(RAX, 0);
	}
	v = lower_src(l, i->d, w, RCX);
	store(l, i->ty, v, m);
}

/* ---- exclusives ---- */

void lower_LDX(struct lower *l, const struct ir_ins *i)
{
	unsigned a;

	lower_flags_clobber(l, i);
	a = lower_pointer(l, i->a, RCX);
	check_align(l, a, ir_type_bytes(i->ty));
	load(l, i, RAX, x86_base(a, 0));
	x86_rm(HOT, X86_MOV_MR, W64, a, lower_state(CPU_OFF(excl_addr)));
	x86_rm(HOT, X86_MOV_MR, W64, RAX, lower_state(CPU_OFF(excl_val)));
	x86_mov_mi(HOT, W64, lower_state(CPU_OFF(excl_size)), (int32_t)ir_type_bytes(i->ty));
	lower_write(l, i->d, RAX);
}

void lower_STX(struct lower *l, const struct ir_ins *i)
{
	unsigned a, v, size = ir_type_bytes(i->ty);
	uint64_t back;
	uint8_t *fail;

	lower_flags_clobber(l, i);
	a = lower_pointer(l, i->a, RCX);
	if (a == RDX) { /* t0: rdx is needed */
		x86_rr(HOT, X86_MOV, W64, RCX, RDX);
		a = RCX;
	}
	v = lower_src(l, i->b, W64, RDX);
	check_align(l, a, size);
	x86_rm(HOT, X86_CMP, W64, a, lower_state(CPU_OFF(excl_addr)));
	/* perhaps the same address with another tag: the evaluator knows */
	lower_interp_if(l, CC_NE);
	x86_gmi(HOT, X86_CMP_I32, W64, lower_state(CPU_OFF(excl_size)), (int32_t)size);
	fail = x86_jcc(HOT, CC_NE, 0);
	x86_rm(HOT, X86_MOV, W64, RAX, lower_state(CPU_OFF(excl_val)));
	x86_rm(HOT, size == 1 ? X86_CMPXCHG8_MR : X86_CMPXCHG_MR,
	       width_of[i->ty] | X86_LOCK, v, x86_base(a, 0));
	x86_rr(HOT, X86_SETCC + CC_NE, W8, 0, RAX);
	x86_rr(HOT, X86_MOVZX8, W32, RAX, RAX);
	back = x86_here(HOT);
	x86_patch32(HOT, fail, x86_here(&l->cold));
	x86_mov_ri(&l->cold, RAX, 1, true);
	x86_jmp(&l->cold, back);
	x86_mov_mi(HOT, W64, lower_state(CPU_OFF(excl_size)), 0);
	lower_write(l, i->d, RAX);
}

void lower_CLREX(struct lower *l, const struct ir_ins *i)
{
	(void)i;
	x86_mov_mi(HOT, W64, lower_state(CPU_OFF(excl_size)), 0);
}

/* ---- read-modify-write ---- */

/* reg = low part of reg, zero- or sign-extended to 32 bits or more */
static void narrow(struct lower *l, unsigned ty, unsigned reg, bool sign)
{
	if (ty == IR_I8)
		x86_rr(HOT, sign ? X86_MOVSX8 : X86_MOVZX8, W8, reg, reg);
	else if (ty == IR_I16)
		x86_rr(HOT, sign ? X86_MOVSX16 : X86_MOVZX16, W32, reg, reg);
}

static void amo_loop(struct lower *l, const struct ir_ins *i, unsigned a)
{
	unsigned k = (unsigned)i->imm, w = i->ty == IR_I64 ? W64 : W32;
	bool sign = k == IR_AMO_SMAX || k == IR_AMO_SMIN;
	struct ir_ins plain = { .ty = i->ty, .fl = sign && i->ty < IR_I32 ? IRF_SX32 : 0 };
	static const uint8_t take_old[] = {
		[IR_AMO_SMAX] = CC_G, [IR_AMO_SMIN] = CC_L,
		[IR_AMO_UMAX] = CC_A, [IR_AMO_UMIN] = CC_B,
	};
	uint8_t *again;
	unsigned b;

	load(l, &plain, RAX, x86_base(a, 0));
	again = HOT->p;
	b = lower_src(l, i->b, W64, RCX);
	if (b != RCX)
		x86_rr(HOT, X86_MOV, W64, RCX, b);
	if (k >= IR_AMO_SMAX) {
		narrow(l, i->ty, RCX, sign);
		x86_rr(HOT, X86_CMP, w, RAX, RCX);
		x86_rr(HOT, X86_CMOV + take_old[k], w, RCX, RAX);
	} else if (k == IR_AMO_CLR) {
		x86_gr(HOT, X86_NOT, W64, RCX);
		x86_rr(HOT, X86_AND, w, RCX, RAX);
	} else {
		x86_rr(HOT, k == IR_AMO_SET ? X86_OR : X86_XOR, w, RCX, RAX);
	}
	x86_rm(HOT, i->ty == IR_I8 ? X86_CMPXCHG8_MR : X86_CMPXCHG_MR,
	       width_of[i->ty] | X86_LOCK, RCX, x86_base(a, 0));
	if (i->ty < IR_I32) {
		/* lost the race: al/ax is fresh, its extension is not */
		uint8_t *done = x86_jcc8(HOT, CC_E);

		narrow(l, i->ty, RAX, sign);
		x86_jmp(HOT, (uint64_t)((intptr_t)again + HOT->rx));
		x86_bind8(HOT, done);
		narrow(l, i->ty, RAX, false);
	} else {
		x86_jcc(HOT, CC_NE, (uint64_t)((intptr_t)again + HOT->rx));
	}
	lower_write(l, i->d, RAX);
}

void lower_AMO(struct lower *l, const struct ir_ins *i)
{
	unsigned a, b, k = (unsigned)i->imm, w = width_of[i->ty];
	bool result = i->d != IR_ZERO, byte = i->ty == IR_I8;
	enum x86_insn op;

	lower_flags_clobber(l, i);
	a = lower_pointer(l, i->a, RDX);
	check_align(l, a, ir_type_bytes(i->ty));
	if (k == IR_AMO_ADD ? result : k == IR_AMO_SWP) {
		b = lower_src(l, i->b, W64, RCX);
		if (b != RCX)
			x86_rr(HOT, X86_MOV, W64, RCX, b);
		if (k == IR_AMO_ADD)
			x86_rm(HOT, byte ? X86_XADD8_MR : X86_XADD_MR, w | X86_LOCK, RCX,
			       x86_base(a, 0));
		else
			x86_rm(HOT, byte ? X86_XCHG8_MR : X86_XCHG_MR, w, RCX, x86_base(a, 0));
		narrow(l, i->ty, RCX, false);
		lower_write(l, i->d, RCX);
		return;
	}
	if (result || k >= IR_AMO_SMAX) {
		amo_loop(l, i, a);
		return;
	}
	b = lower_src(l, i->b, W64, RCX);
	if (k == IR_AMO_CLR) {
		if (b != RCX)
			x86_rr(HOT, X86_MOV, W64, RCX, b);
		x86_gr(HOT, X86_NOT, W64, RCX);
		b = RCX;
	}
	op = k == IR_AMO_ADD ? (byte ? X86_ADD8_MR : X86_ADD_MR) :
	     k == IR_AMO_CLR ? (byte ? X86_AND8_MR : X86_AND_MR) :
	     k == IR_AMO_SET ? (byte ? X86_OR8_MR : X86_OR_MR) :
			       (byte ? X86_XOR8_MR : X86_XOR_MR);
	x86_rm(HOT, op, w | X86_LOCK, b, x86_base(a, 0));
}

void lower_CAS(struct lower *l, const struct ir_ins *i)
{
	unsigned a, b, w = i->ty == IR_I64 ? W64 : W32, old;

	lower_flags_clobber(l, i);
	a = lower_pointer(l, i->a, RDX);
	check_align(l, a, ir_type_bytes(i->ty));
	b = lower_src(l, i->b, W64, RCX);
	old = lower_src(l, i->d, w, RAX);
	if (old != RAX)
		x86_rr(HOT, X86_MOV, w, RAX, old);
	x86_rm(HOT, i->ty == IR_I8 ? X86_CMPXCHG8_MR : X86_CMPXCHG_MR,
	       width_of[i->ty] | X86_LOCK, b, x86_base(a, 0));
	narrow(l, i->ty, RAX, false);
	lower_write(l, i->d, RAX);
}

void lower_FENCE(struct lower *l, const struct ir_ins *i)
{
	if (i->imm != IR_FENCE_FULL)
		return;
	lower_flags_clobber(l, i);
	x86_gmi(HOT, X86_OR_I32, W32 | X86_LOCK, x86_base(RSP, 0), 0);
}

void lower_ZVA(struct lower *l, const struct ir_ins *i)
{
	unsigned a;

	lower_flags_clobber(l, i);
	a = lower_pointer(l, i->a, RAX);
	if (a != RAX)
		x86_rr(HOT, X86_MOV, W64, RAX, a);
	x86_gri(HOT, X86_AND_I32, W64, RAX, -64);
	x86_rr(HOT, X86_XORPS, W32, 15, 15);
	for (int k = 0; k < 64; k += 16)
		x86_rm(HOT, X86_MOVAPS_MR, W32, 15, x86_base(RAX, k));
}

void lower_PREFETCH(struct lower *l, const struct ir_ins *i)
{
	unsigned a = lower_src(l, i->a, W64, RAX);

	x86_gm(HOT, X86_PREFETCHT0, W32, x86_base(a, (int32_t)i->imm));
}

/* ---- words of struct cpu ---- */

void lower_GETST(struct lower *l, const struct ir_ins *i)
{
	unsigned d = lower_dst(l, i->d, RAX);

	load(l, i, d, lower_state((int)i->imm - CPU_BIAS));
	lower_write(l, i->d, d);
}

void lower_SETST(struct lower *l, const struct ir_ins *i)
{
	unsigned a = lower_src(l, i->a, W64, RAX);

	store(l, i->ty, a, lower_state((int)i->imm - CPU_BIAS));
}
