/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The code between the runtime and translated code, generated once at start because it
 * depends on the guest's register map. tags: jit/x86 - entry, exit and lookup stubs
 *
 * Entry keeps the runtime's rsp in cpu.host_rsp; exit restores it, so an exit returns from
 * the call of the entry stub. Vector registers are not touched.
 */
#include "jit/x86/lower-internal.h"

/* How far a return looks down the shadow stack before it gives up. */
#define RET_DEPTH 12

static const uint8_t callee_saved[] = { RBX, RBP, R12, R13, R14, R15 };

#define CALLER_SAVED (1u << RSI | 1u << RDI | 1u << R8 | 1u << R9 | 1u << R10 | 1u << R11)

static void each_pinned_in(struct x86_buf *b, const struct lower_map *map, enum x86_insn op,
			   unsigned registers)
{
	for (unsigned slot = 0; slot < 32; slot++)
		if (map->gp[slot] >= 0 && registers >> map->gp[slot] & 1)
			x86_rm(b, op, W64, (unsigned)map->gp[slot], lower_home(slot));
}

static void each_pinned(struct x86_buf *b, const struct lower_map *map, enum x86_insn op)
{
	each_pinned_in(b, map, op, ~0u);
}

static void gen_enter(struct x86_buf *b, const struct lower_map *map)
{
	for (unsigned i = 0; i < sizeof(callee_saved); i++)
		x86_push(b, callee_saved[i]);
	x86_gri(b, X86_SUB_I32, W64, RSP, 8);
	x86_rm(b, X86_LEA, W64, RBP, x86_base(RDI, CPU_BIAS));
	x86_rr(b, X86_MOV, W64, RAX, RSI);
	x86_rm(b, X86_MOV_MR, W64, RSP, lower_state(CPU_OFF(host_rsp)));
	x86_rm(b, X86_MOV, W64, RSP, lower_state(CPU_OFF(shadow_sp)));
	each_pinned(b, map, X86_MOV);
	if (map->mask) {
		x86_mov_ri(b, RCX, 1, true);
		x86_vrr(b, X86_KMOVW, 0, 0, 1, 0, RCX);
	}
	x86_gr(b, X86_JMP_RM, W32, RAX);
}

static void gen_exit(struct x86_buf *b, const struct lower_map *map, struct lower_stubs *s)
{
	s->exit_at = x86_here(b);
	x86_rm(b, X86_MOV_MR, W64, RCX, lower_state(CPU_OFF(pc)));
	s->exit = x86_here(b);
	each_pinned(b, map, X86_MOV_MR);
	x86_rm(b, X86_MOV_MR, W64, RSP, lower_state(CPU_OFF(shadow_sp)));
	x86_rm(b, X86_MOV, W64, RSP, lower_state(CPU_OFF(host_rsp)));
	x86_gri(b, X86_ADD_I32, W64, RSP, 8);
	for (unsigned i = sizeof(callee_saved); i-- > 0;)
		x86_pop(b, callee_saved[i]);
	x86_ret(b);
}

static void gen_site_exits(struct x86_buf *b, struct lower_stubs *s)
{
	s->icache_jump = x86_here(b);
	x86_rm(b, X86_MOV_MR, W64, RAX, lower_state(CPU_OFF(exit_info)));
	x86_mov_ri(b, RAX, LOWER_EXIT_IC, true);
	x86_jmp(b, s->exit_at);
	s->link = x86_here(b);
	x86_rm(b, X86_MOV_MR, W64, RAX, lower_state(CPU_OFF(exit_info)));
	x86_mov_ri(b, RAX, LOWER_EXIT_LINK, true);
	x86_jmp(b, s->exit);
}

void lower_table_jump(struct x86_buf *b, uint64_t otherwise)
{
	/* Entries are four times as far apart as instructions: the masked pc is the index. */
	struct x86_mem entry = x86_sib(RBP, RAX, 2, CPU_OFF(jump_cache));

	_Static_assert(sizeof(struct cpu_jump_entry) == 16, "scale of the index");
	x86_rr(b, X86_MOV, W32, RAX, RCX);
	x86_gri(b, X86_AND_I32, W32, RAX, (CPU_JUMP_CACHE_SIZE - 1) << 2);
	x86_rm(b, X86_CMP, W64, RCX, entry);
	x86_jcc(b, CC_NE, otherwise);
	entry.disp += 8;
	x86_gm(b, X86_JMP_RM, W32, entry);
}

/* rcx = guest address: the per-thread table, or the engine. Also a safepoint. */
static void gen_indirect(struct x86_buf *b, struct lower_stubs *s)
{
	uint64_t miss = x86_here(b);
	uint8_t *pending;

	x86_mov_ri(b, RAX, LOWER_EXIT_INDIRECT, true);
	x86_jmp(b, s->exit_at);

	s->indirect = x86_here(b);
	x86_gmi(b, X86_CMP_I32, W32, lower_state(CPU_OFF(pending)), 0);
	pending = x86_jcc8(b, CC_NE);
	lower_table_jump(b, miss);
	x86_bind8(b, pending);
	x86_mov_ri(b, RAX, LOWER_EXIT_PENDING, true);
	x86_jmp(b, s->exit_at);
}

/* A return whose guest address is not on top (longjmp, unwinding, coroutines): the frames
 * above a match are given up; without a match nothing is popped. */
static void gen_ret_slow(struct x86_buf *b, struct lower_stubs *s)
{
	uint8_t *again, *found;

	s->ret_slow = x86_here(b);
	x86_rr(b, X86_MOV, W64, RAX, RSP);
	x86_mov_ri(b, RDX, RET_DEPTH, true);
	again = b->p;
	x86_gri(b, X86_ADD_I32, W64, RAX, 16);
	x86_rm(b, X86_CMP, W64, RCX, x86_base(RAX, 8));
	found = x86_jcc8(b, CC_E);
	x86_gri(b, X86_SUB_I32, W32, RDX, 1);
	x86_jcc(b, CC_NE, (uint64_t)((intptr_t)again + b->rx));
	x86_jmp(b, s->indirect);
	x86_bind8(b, found);
	x86_rr(b, X86_MOV, W64, RSP, RAX);
	x86_ret(b);
}

static void gen_helper(struct x86_buf *b, const struct lower_map *map, struct lower_stubs *s)
{
	s->helper = x86_here(b);
	each_pinned(b, map, X86_MOV_MR);
	x86_rm(b, X86_MOV_MR, W64, RSP, lower_state(CPU_OFF(shadow_sp)));
	x86_rr(b, X86_MOV, W64, RSI, RCX);
	x86_rr(b, X86_MOV, W64, RCX, RDX);
	x86_rm(b, X86_MOV, W64, RDX, lower_state(CPU_OFF(scratch[1])));
	x86_rm(b, X86_LEA, W64, RDI, x86_base(RBP, -CPU_BIAS));
	x86_rm(b, X86_MOV, W64, RSP, lower_state(CPU_OFF(host_rsp)));
	x86_mov_ri(b, R8, (uint64_t)(uintptr_t)ir_helpers, true);
	x86_gm(b, X86_CALL_RM, W32, x86_sib(R8, RAX, 3, 0));
	x86_rm(b, X86_MOV, W64, RSP, lower_state(CPU_OFF(shadow_sp)));
	each_pinned(b, map, X86_MOV);
	x86_ret(b);
}

/* Like gen_helper, but the function sees none of the guest's registers, so that only those
 * have to be saved that it may change. */
static void gen_crypto(struct x86_buf *b, const struct lower_map *map, struct lower_stubs *s)
{
	s->crypto = x86_here(b);
	each_pinned_in(b, map, X86_MOV_MR, CALLER_SAVED);
	x86_rm(b, X86_MOV_MR, W64, RSP, lower_state(CPU_OFF(shadow_sp)));
	x86_rm(b, X86_MOV, W64, RSP, lower_state(CPU_OFF(host_rsp)));
	x86_rr(b, X86_MOV, W32, RDI, RAX);
	x86_rm(b, X86_LEA, W64, RSI, lower_state(CPU_OFF(vargs)));
	x86_mov_ri(b, RAX, (uint64_t)(uintptr_t)ir_crypto, true);
	x86_gr(b, X86_CALL_RM, W32, RAX);
	x86_rm(b, X86_MOV, W64, RSP, lower_state(CPU_OFF(shadow_sp)));
	each_pinned_in(b, map, X86_MOV, CALLER_SAVED);
	x86_ret(b);
}

static void gen_eval(struct x86_buf *b, const struct lower_map *map, struct lower_stubs *s)
{
	s->eval = x86_here(b);
	each_pinned_in(b, map, X86_MOV_MR, CALLER_SAVED);
	x86_rm(b, X86_MOV_MR, W64, RSP, lower_state(CPU_OFF(shadow_sp)));
	x86_rm(b, X86_MOV, W64, RSP, lower_state(CPU_OFF(host_rsp)));
	x86_rr(b, X86_MOV, W64, RDI, RAX);
	x86_rr(b, X86_MOV, W64, RSI, RCX);
	x86_rm(b, X86_LEA, W64, RDX, x86_base(RBP, -CPU_BIAS));
	x86_mov_ri(b, RAX, (uint64_t)(uintptr_t)ir_eval_args, true);
	x86_gr(b, X86_CALL_RM, W32, RAX);
	x86_rm(b, X86_MOV, W64, RSP, lower_state(CPU_OFF(shadow_sp)));
	each_pinned_in(b, map, X86_MOV, CALLER_SAVED);
	x86_ret(b);
}

static struct x86_mem vec_home(unsigned slot)
{
	return x86_base(RDI, (int)offsetof(struct cpu, v) + 16 * (int)slot);
}

static void gen_vec(struct x86_buf *b, const struct lower_map *map, enum x86_insn op)
{
	for (unsigned slot = 0; slot < 32; slot++) {
		if (map->vec[slot] >= 0)
			x86_rm(b, op, W32, (unsigned)map->vec[slot], vec_home(slot));
		else if (map->high[slot] >= 0)
			x86_erm(b, op, 0, (unsigned)map->high[slot], 0, vec_home(slot), 0);
	}
}

void lower_stubs(struct lower_stubs *ret, struct x86_buf *b, const struct lower_map *map)
{
	ret->enter = x86_here(b);
	gen_enter(b, map);
	gen_exit(b, map, ret);
	gen_site_exits(b, ret);
	gen_indirect(b, ret);
	gen_ret_slow(b, ret);
	gen_helper(b, map, ret);
	gen_crypto(b, map, ret);
	gen_eval(b, map, ret);
	ret->vec_store = x86_here(b);
	gen_vec(b, map, X86_MOVAPS_MR);
	x86_gm(b, X86_STMXCSR, W32, x86_base(RDI, (int)offsetof(struct cpu, mxcsr)));
	x86_ret(b);
	ret->vec_load = x86_here(b);
	gen_vec(b, map, X86_MOVAPS);
	x86_gm(b, X86_LDMXCSR, W32, x86_base(RDI, (int)offsetof(struct cpu, mxcsr)));
	x86_ret(b);
}
