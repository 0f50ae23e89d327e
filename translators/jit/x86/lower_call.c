/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Vector ops, and forms of them, that no host instructions are worth it for: a call of what
 * the evaluator does, which costs a tenth of leaving for it. tags: jit/x86 - calls of ops
 */
#include "jit/x86/lower_vec.h"

static struct x86_mem argument(unsigned n)
{
	return lower_state(CPU_OFF(vargs) + 16 * (int)n);
}

static void pass(struct lower *l, unsigned n, unsigned role, unsigned slot)
{
	if (role == IR_ROLE_VI || role == IR_ROLE_VIO)
		v2m(l, X86_MOVAPS_MR, vsrc(l, slot, XMM14), argument(n));
}

static bool is_vector_input(unsigned role)
{
	return role == IR_ROLE_VI || role == IR_ROLE_N || role == IR_ROLE__;
}

bool lower_callable(const struct ir_ins *i)
{
	const struct ir_op_info *info = &ir_op_info[i->op];

	switch (i->op) {
	case IR_VTBL: /* these read slots that no field names */
	case IR_VTBX:
	case IR_VDEAL3:
	case IR_VRIFF3: return false;
	default: break;
	}
	return (info->d == IR_ROLE_VO || info->d == IR_ROLE_VIO) && is_vector_input(info->a) &&
	       is_vector_input(info->b) && is_vector_input(info->c) &&
	       !(info->attr & (IR_A_MEM | IR_A_COND | IR_A_SETS | IR_A_READS | IR_A_SIDE));
}

void lower_call(struct lower *l, const struct ir_ins *i)
{
	const struct ir_op_info *info = &ir_op_info[i->op];
	bool keep_t0 = !(info->attr & IR_A_CLOBT);
	struct x86_mem t0 = lower_state(CPU_OFF(scratch));
	unsigned d = vdst(l, i->d);
	uint64_t head;

	_Static_assert(offsetof(struct ir_ins, imm) == 8, "an op is two words");
	__builtin_memcpy(&head, i, 8);
	lower_flags_clobber(l, i);
	pass(l, 0, info->d, i->d);
	pass(l, 1, info->a, i->a);
	pass(l, 2, info->b, i->b);
	pass(l, 3, info->c, i->c);
	if (keep_t0)
		x86_rm(HOT, X86_MOV_MR, W64, RDX, t0);
	x86_mov_ri(HOT, RAX, head, true);
	x86_mov_ri(HOT, RCX, (uint64_t)i->imm, true);
	x86_call(HOT, l->stubs->eval);
	if (keep_t0)
		x86_rm(HOT, X86_MOV, W64, RDX, t0);
	v2m(l, X86_MOVAPS, d, argument(0));
	if (i->fl & IRF_Q)
		vend_full(l, i->d, d);
	else
		vend_low(l, i->d, d, 64, true);
}

static void swap_buffers(struct lower *l)
{
	struct x86_buf hot = l->hot;

	l->hot = l->cold;
	l->cold = hot;
}

/* The call needs no constants, which would be put into the other buffer. */
struct lower_detour lower_call_if(struct lower *l, const struct ir_ins *i, unsigned cc)
{
	struct lower_detour ret;
	uint64_t zero64 = l->vzero64, zero32 = l->vzero32;

	x86_jcc(HOT, cc, x86_here(&l->cold));
	swap_buffers(l);
	lower_call(l, i);
	ret = (struct lower_detour){ x86_jmp(HOT, 0), l->vzero64, l->vzero32 };
	swap_buffers(l);
	l->vzero64 = zero64;
	l->vzero32 = zero32;
	return ret;
}

void lower_call_end(struct lower *l, const struct lower_detour *detour)
{
	x86_patch32(&l->cold, detour->end, x86_here(HOT));
	l->vzero64 &= detour->zero64;
	l->vzero32 &= detour->zero32;
}
