/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Atomic accesses to pairs of registers. tags: jit/x86 - LDXP, STXP, CASP
 *
 * cmpxchg16b wants its operands in rdx:rax and rcx:rbx, and rbx holds a guest slot. So does
 * every register that could address memory beside them. Both that are borrowed go to
 * cpu.scratch meanwhile; the fault map says so (LOWER_BORROWED), and the fault handler puts
 * them back.
 */
#include "jit/x86/lower-internal.h"

#define HOT (&l->hot)

enum { SAVED_RBX = 2, SAVED_RSI = 3 }; /* indices in cpu.scratch, as the fault handler has */

static struct x86_mem scratch(unsigned n)
{
	return lower_state(CPU_OFF(scratch) + 8 * (int)n);
}

static void check_align(struct lower *l, unsigned reg, unsigned size)
{
	x86_gri(HOT, X86_TEST8_I8, W8, reg, (int32_t)size - 1);
	lower_align_fault(l, CC_NE, reg);
}

void lower_LDXP(struct lower *l, const struct ir_ins *i)
{
	unsigned half = ir_type_bytes(i->ty), a;

	lower_flags_clobber(l, i);
	a = lower_pointer(l, i->a, RCX);
	check_align(l, a, 2 * half);
	x86_rm(HOT, X86_MOV, W64, RAX, x86_base(a, 0));
	x86_rm(HOT, X86_MOV_MR, W64, a, lower_state(CPU_OFF(excl_addr)));
	x86_rm(HOT, X86_MOV_MR, W64, RAX, lower_state(CPU_OFF(excl_val)));
	if (half == 8) {
		/* On the page of the first access: it does not fault. */
		x86_rm(HOT, X86_MOV, W64, RCX, x86_base(a, 8));
		x86_rm(HOT, X86_MOV_MR, W64, RCX, lower_state(CPU_OFF(excl_val) + 8));
	} else {
		x86_rr(HOT, X86_MOV, W64, RCX, RAX);
		x86_rr(HOT, X86_MOV, W32, RAX, RAX);
		x86_gri8(HOT, X86_SHR_I, W64, RCX, 32);
		x86_mov_mi(HOT, W64, lower_state(CPU_OFF(excl_val) + 8), 0);
	}
	x86_mov_mi(HOT, W64, lower_state(CPU_OFF(excl_size)), 2 * (int32_t)half);
	lower_write(l, i->d, RAX);
	lower_write(l, i->c, RCX);
}

/* The low words of two slots as one number in scratch[0]; uses rax. */
static void pack(struct lower *l, unsigned low, unsigned high)
{
	struct x86_mem m = scratch(0);

	x86_rm(HOT, X86_MOV_MR, W32, lower_src(l, low, W32, RAX), m);
	m.disp += 4;
	x86_rm(HOT, X86_MOV_MR, W32, lower_src(l, high, W32, RAX), m);
}

/* ---- sixteen bytes ---- */

/* Entry of the fault map for what follows. */
static void note_borrowed(struct lower *l, bool borrowed)
{
	struct lower_pcmap m = l->pcmap[l->npcmap - 1];

	m.host = (uint32_t)(HOT->p - l->start);
	m.saved = borrowed ? LOWER_BORROWED | 1 : 1;
	l->pcmap[l->npcmap++] = m;
}

/* Borrows rbx and rsi, and puts the address of register a where the operands leave it. */
static unsigned borrow(struct lower *l, unsigned a)
{
	x86_rm(HOT, X86_MOV_MR, W64, RBX, scratch(SAVED_RBX));
	x86_rm(HOT, X86_MOV_MR, W64, RSI, scratch(SAVED_RSI));
	note_borrowed(l, true);
	if (a > RBX)
		return a;
	x86_rr(HOT, X86_MOV, W64, RSI, a);
	return RSI;
}

static void give_back(struct lower *l)
{
	x86_rm(HOT, X86_MOV, W64, RBX, scratch(SAVED_RBX));
	x86_rm(HOT, X86_MOV, W64, RSI, scratch(SAVED_RSI));
	note_borrowed(l, false);
}

/* reg = a slot, whose own register may be one of the borrowed */
static void fetch(struct lower *l, unsigned reg, unsigned slot)
{
	int r = lower_reg(l, slot);

	if (r == RBX || r == RSI)
		x86_rm(HOT, X86_MOV, W64, reg, scratch(r == RBX ? SAVED_RBX : SAVED_RSI));
	else
		x86_mov_rr(HOT, W64, reg, lower_src(l, slot, W64, reg));
}

/* ZF: done; rdx:rax what was there. The high half first: a temporary may be in rdx. */
static void exchange(struct lower *l, unsigned a, unsigned low, unsigned high)
{
	fetch(l, RCX, high);
	fetch(l, RBX, low);
	x86_rm(HOT, X86_MOV, W64, RDX, scratch(1));
	x86_gm(HOT, X86_CMPXCHG8B, W64 | X86_LOCK, x86_base(a, 0));
	give_back(l);
}

/* ---- the ops ---- */

void lower_STXP(struct lower *l, const struct ir_ins *i)
{
	unsigned half = ir_type_bytes(i->ty), a;
	uint64_t back;
	uint8_t *fail;

	lower_flags_clobber(l, i);
	a = lower_pointer(l, i->a, RCX);
	check_align(l, a, 2 * half);
	x86_rm(HOT, X86_CMP, W64, a, lower_state(CPU_OFF(excl_addr)));
	/* perhaps the same address with another tag: the evaluator knows */
	lower_interp_if(l, CC_NE);
	x86_gmi(HOT, X86_CMP_I32, W64, lower_state(CPU_OFF(excl_size)), 2 * (int32_t)half);
	fail = x86_jcc(HOT, CC_NE, 0);
	if (half == 8) {
		x86_rm(HOT, X86_MOV, W64, RAX, lower_state(CPU_OFF(excl_val) + 8));
		x86_rm(HOT, X86_MOV_MR, W64, RAX, scratch(1));
		a = borrow(l, a);
		x86_rm(HOT, X86_MOV, W64, RAX, lower_state(CPU_OFF(excl_val)));
		exchange(l, a, i->b, i->c);
	} else {
		pack(l, i->b, i->c);
		if (a == RDX) {
			x86_rr(HOT, X86_MOV, W64, RCX, RDX);
			a = RCX;
		}
		x86_rm(HOT, X86_MOV, W64, RAX, lower_state(CPU_OFF(excl_val)));
		x86_rm(HOT, X86_MOV, W64, RDX, scratch(0));
		x86_rm(HOT, X86_CMPXCHG_MR, W64 | X86_LOCK, RDX, x86_base(a, 0));
	}
	x86_rr(HOT, X86_SETCC + CC_NE, W8, 0, RAX);
	x86_rr(HOT, X86_MOVZX8, W32, RAX, RAX);
	back = x86_here(HOT);
	x86_patch32(HOT, fail, x86_here(&l->cold));
	x86_mov_ri(&l->cold, RAX, 1, true);
	x86_jmp(&l->cold, back);
	x86_mov_mi(HOT, W64, lower_state(CPU_OFF(excl_size)), 0);
	lower_write(l, i->d, RAX);
}

void lower_CASP(struct lower *l, const struct ir_ins *i)
{
	unsigned half = ir_type_bytes(i->ty), a;

	lower_flags_clobber(l, i);
	a = lower_pointer(l, i->a, RCX);
	check_align(l, a, 2 * half);
	if (half == 8) {
		x86_rm(HOT, X86_MOV_MR, W64, lower_src(l, i->d + 1u, W64, RAX), scratch(1));
		a = borrow(l, a);
		fetch(l, RAX, i->d);
		exchange(l, a, i->b, i->b + 1u);
	} else {
		if (a == RDX) {
			x86_rr(HOT, X86_MOV, W64, RCX, RDX);
			a = RCX;
		}
		pack(l, i->b, i->b + 1u);
		x86_rm(HOT, X86_MOV, W64, RDX, scratch(0));
		pack(l, i->d, i->d + 1u);
		x86_rm(HOT, X86_MOV, W64, RAX, scratch(0));
		x86_rm(HOT, X86_CMPXCHG_MR, W64 | X86_LOCK, RDX, x86_base(a, 0));
		x86_rr(HOT, X86_MOV, W64, RDX, RAX);
		x86_rr(HOT, X86_MOV, W32, RAX, RAX);
		x86_gri8(HOT, X86_SHR_I, W64, RDX, 32);
	}
	lower_write(l, i->d, RAX);
	lower_write(l, i->d + 1u, RDX);
}
