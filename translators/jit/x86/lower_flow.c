/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Conditions, branches, calls, returns and exits. tags: jit/x86 - control flow
 *
 * Direct branches to a block of the region are plain jumps; to elsewhere they go through a
 * link site: a rel32 that first leads to a cold stub and that the engine points at the
 * target later. Calls push {guest return address, host return address} on the shadow stack
 * (rsp), so that the host predicts the return; a return compares the guest address and
 * falls back to the lookup stubs. Nothing on the shadow stack is trusted.
 */
#include "jit/x86/lower-internal.h"

#define HOT (&l->hot)

static unsigned width(const struct ir_ins *i)
{
	return i->ty == IR_I64 ? W64 : W32;
}

/* ---- conditional data ---- */

/* reg = cc ? value of slot : reg */
static void cmov(struct lower *l, unsigned w, unsigned cc, unsigned reg, unsigned slot)
{
	lower_op(l, X86_CMOV + cc, w, reg, slot);
}

/* reg = slot when the condition holds; zero is in rcx */
static void select(struct lower *l, struct lower_cc c, unsigned w, unsigned reg, unsigned slot,
		   unsigned other)
{
	if (slot == IR_ZERO) {
		x86_mov_ri(HOT, RCX, 0, true);
		x86_rr(HOT, X86_CMOV + c.cc, w, reg, RCX);
	} else {
		cmov(l, w, c.cc, reg, slot);
	}
	if (c.parity == 2) {
		if (slot == IR_ZERO)
			x86_rr(HOT, X86_CMOV + CC_P, w, reg, RCX);
		else
			cmov(l, w, CC_P, reg, slot);
	} else if (c.parity == 1) {
		x86_rr(HOT, X86_CMOV + CC_P, w, reg, other);
	}
}

static void set_bit(struct lower *l, const struct ir_ins *i, struct lower_cc c)
{
	unsigned d = lower_dst(l, i->d, RAX);

	x86_rr(HOT, X86_SETCC + c.cc, W8, 0, RAX);
	x86_rr(HOT, X86_MOVZX8, W8, d, RAX);
	lower_write(l, i->d, d);
}

void lower_CSEL(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i), cond = i->c & 15, kind = (unsigned)i->imm, t;
	struct lower_cc c;
	int d = lower_reg(l, i->d);

	if (cond >= IRC_AL) {
		t = lower_src(l, i->a, w, RAX);
		x86_rr(HOT, X86_MOV, w, RAX, t);
		lower_write(l, i->d, RAX);
		return;
	}
	if (l->flags == FLAGS_HOME)
		lower_flags_load(l);
	c = lower_cond(l, cond);
	if (i->a == IR_ZERO && i->b == IR_ZERO && kind == IR_CSEL_INC && !c.parity) {
		c.cc ^= 1;
		set_bit(l, i, c);
		return;
	}
	if (kind == IR_CSEL_PLAIN && !c.parity && d >= 0 && d == lower_reg(l, i->a) &&
	    i->b != IR_ZERO) {
		if (w == W32)
			x86_rr(HOT, X86_MOV, W32, (unsigned)d, (unsigned)d);
		cmov(l, w, c.cc ^ 1, (unsigned)d, i->b);
		return;
	}
	/* rax = f(b) without touching EFLAGS */
	t = lower_src(l, i->b, w, RAX);
	switch (kind) {
	case IR_CSEL_INC:
		x86_rm(HOT, X86_LEA, w, RAX, x86_base(t, 1));
		break;
	case IR_CSEL_INV:
	case IR_CSEL_NEG:
		if (t != RAX)
			x86_rr(HOT, X86_MOV, w, RAX, t);
		x86_gr(HOT, X86_NOT, w, RAX);
		if (kind == IR_CSEL_NEG)
			x86_rm(HOT, X86_LEA, w, RAX, x86_base(RAX, 1));
		break;
	default:
		if (d >= 0 && d != lower_reg(l, i->a) && !c.parity) {
			if (t != (unsigned)d || w == W32)
				x86_rr(HOT, X86_MOV, w, (unsigned)d, t);
			select(l, c, w, (unsigned)d, i->a, (unsigned)d);
			return;
		}
		if (t != RAX)
			x86_rr(HOT, X86_MOV, w, RAX, t);
		break;
	}
	if (c.parity == 1) {
		/* "equal and ordered" keeps f(b) when unordered: two sources */
		x86_rr(HOT, X86_MOV, W64, RCX, RAX);
		if (i->a == IR_ZERO) {
			struct lower_cc ne = { CC_NE, 2 };

			x86_mov_ri(HOT, RAX, 0, true);
			x86_rr(HOT, X86_CMOV + ne.cc, w, RAX, RCX);
			x86_rr(HOT, X86_CMOV + CC_P, w, RAX, RCX);
		} else {
			cmov(l, w, c.cc, RAX, i->a);
			x86_rr(HOT, X86_CMOV + CC_P, w, RAX, RCX);
		}
	} else {
		select(l, c, w, RAX, i->a, RCX);
	}
	lower_write(l, i->d, RAX);
}

/* The home image of a 4-bit NZCV constant. */
static unsigned nzcv_image(unsigned nzcv)
{
	return (nzcv & 8 ? CPU_NZCV_N : 0) | (nzcv & 4 ? CPU_NZCV_Z : 0) |
	       (nzcv & 2 ? 0 : CPU_NZCV_NC) | (nzcv & 1 ? CPU_NZCV_V : 0);
}

/* EFLAGS of a - b, or of a + b in the same sense. */
static void compare_operands(struct lower *l, const struct ir_ins *i, bool add)
{
	unsigned w = width(i), a;

	if (i->b == IR_IMM && (!add || i->imm)) {
		int32_t imm = (int32_t)(add ? -i->imm : i->imm);

		if (i->a != IR_ZERO && lower_reg(l, i->a) < 0) {
			x86_gmi(HOT, X86_CMP_I32, w, lower_home(i->a), imm);
			return;
		}
		a = lower_src(l, i->a, w, RAX);
		x86_gri(HOT, X86_CMP_I32, w, a, imm);
		return;
	}
	a = lower_src(l, i->a, w, RAX);
	if (add) {
		unsigned b = RCX;

		if (i->b == IR_IMM)
			x86_mov_ri(HOT, RCX, 0, true);
		else
			b = lower_src(l, i->b, w, RCX);
		if (a != RAX)
			x86_rr(HOT, X86_MOV, w, RAX, a);
		x86_rr(HOT, X86_ADD, w, RAX, b);
		x86_cmc(HOT);
	} else if (i->b == IR_ZERO) {
		x86_rr(HOT, X86_TEST_MR, w, a, a);
	} else {
		lower_op(l, X86_CMP, w, a, i->b);
	}
}

static void branch(struct lower *l, struct lower_cc c, uint64_t taken, uint64_t next);

/* A conditional compare whose only reader is the branch behind it: where the condition
 * fails, the outcome of the branch is known. */
static bool fuse_branch(struct lower *l, const struct ir_ins *i, struct lower_cc c, bool add)
{
	const struct ir_ins *r = lower_sole_reader(l, i);
	const struct ir_block *b = &l->region->block[l->block];
	uint64_t elsewhere;

	if (!r || r->op != IR_BCC || c.parity)
		return false;
	elsewhere = ir_cond_holds(r->c & 15, (uint16_t)nzcv_image(i->c >> 4)) ?
			    (uint64_t)r->imm : b->next_pc;
	lower_pad_jump(l, HOT, 2, elsewhere);
	lower_bind_to(l, HOT, x86_jcc(HOT, c.cc ^ 1, 0), elsewhere);
	compare_operands(l, i, add);
	lower_flags_set(l, i, FLAGS_SUB);
	return true;
}

static void conditional_compare(struct lower *l, const struct ir_ins *i, bool add)
{
	unsigned cond = i->c & 15;
	struct x86_buf *c = &l->cold;
	struct lower_cc cc;

	if (cond >= IRC_AL) {
		lower_flags_clobber(l, i);
		compare_operands(l, i, add);
		lower_flags_set(l, i, FLAGS_SUB);
		return;
	}
	cc = lower_cond(l, cond);
	if (fuse_branch(l, i, cc, add))
		return;
	if (cc.parity == 2) {
		uint8_t *go = x86_jcc8(HOT, CC_P);

		x86_jcc(HOT, CC_E, x86_here(c));
		x86_bind8(HOT, go);
	} else {
		x86_jcc(HOT, cc.cc ^ 1, x86_here(c));
		if (cc.parity == 1)
			x86_jcc(HOT, CC_P, x86_here(c));
	}
	x86_mov_ri(c, RAX, nzcv_image(i->c >> 4), true);
	x86_gri(c, X86_ADD_I32, W8, RAX, 127);
	x86_sahf(c);
	compare_operands(l, i, add);
	x86_jmp(c, x86_here(HOT));
	lower_flags_set(l, i, FLAGS_SUB);
}

void lower_CCMP(struct lower *l, const struct ir_ins *i)
{
	conditional_compare(l, i, false);
}

void lower_CCMN(struct lower *l, const struct ir_ins *i)
{
	conditional_compare(l, i, true);
}

void lower_GETNZCV(struct lower *l, const struct ir_ins *i)
{
	/* Home image: SF ZF . . . . . CF in bits 15..8, OF in bit 0. */
	lower_flags_save(l);
	lower_flags_home(l);
	x86_rm(HOT, X86_MOVZX16, W32, RCX, lower_state(CPU_OFF(nzcv)));
	x86_gri(HOT, X86_XOR_I32, W32, RCX, CPU_NZCV_NC);
	x86_rr(HOT, X86_MOV, W32, RAX, RCX);
	x86_gri(HOT, X86_AND_I32, W32, RAX, CPU_NZCV_N | CPU_NZCV_Z);
	x86_gri8(HOT, X86_SHL_I, W32, RAX, 16);
	x86_gri(HOT, X86_AND_I32, W32, RCX, CPU_NZCV_NC | CPU_NZCV_V);
	/* V to bit 28, C by way of bit 4 to bit 29; rdx may hold t0 */
	x86_gri8(HOT, X86_ROR_I, W32, RCX, 4);
	x86_rr(HOT, X86_OR, W32, RAX, RCX);
	x86_gri8(HOT, X86_SHL_I, W32, RCX, 25);
	x86_gri(HOT, X86_AND_I32, W32, RAX, -0x30000000);
	x86_rr(HOT, X86_OR, W32, RAX, RCX);
	lower_write(l, i->d, RAX);
}

/* reg = bits of a slot, moved down by n */
static void take_bits(struct lower *l, unsigned reg, unsigned slot, unsigned n, int32_t mask)
{
	unsigned r = lower_src(l, slot, W32, reg);

	if (r != reg)
		x86_rr(HOT, X86_MOV, W32, reg, r);
	x86_gri8(HOT, X86_SHR_I, W32, reg, n);
	x86_gri(HOT, X86_AND_I32, W32, reg, mask);
}

void lower_SETNZCV(struct lower *l, const struct ir_ins *i)
{
	lower_flags_clobber(l, i);
	/* N, Z to bits 15, 14; C inverted to bit 8; V to bit 0. rdx may hold t0. */
	take_bits(l, RAX, i->a, 16, CPU_NZCV_N | CPU_NZCV_Z);
	take_bits(l, RCX, i->a, 28, CPU_NZCV_V);
	x86_rr(HOT, X86_OR, W32, RAX, RCX);
	take_bits(l, RCX, i->a, 21, CPU_NZCV_NC);
	x86_rr(HOT, X86_OR, W32, RAX, RCX);
	x86_gri(HOT, X86_XOR_I32, W32, RAX, CPU_NZCV_NC);
	x86_rm(HOT, X86_MOV_MR, W16, RAX, lower_state(CPU_OFF(nzcv)));
	lower_flags_home(l);
}

/* ---- helpers ---- */

void lower_HELPER(struct lower *l, const struct ir_ins *i)
{
	unsigned a, b;

	lower_flags_clobber(l, i);
	a = lower_src(l, i->a, W64, RCX);
	b = lower_src(l, i->b, W64, RAX);
	x86_rm(HOT, X86_MOV_MR, W64, b, lower_state(CPU_OFF(scratch[1])));
	x86_mov_rr(HOT, W64, RCX, a);
	x86_mov_ri(HOT, RDX, (uint64_t)i->imm, true);
	x86_mov_ri(HOT, RAX, i->c, true);
	x86_call(HOT, l->stubs->helper);
	lower_write(l, i->d, RAX);
}

/* ---- branches ---- */

static bool follows(const struct lower *l, uint64_t pc)
{
	const struct ir_region *r = l->region;

	return l->position + 1 < r->nblocks && r->block[l->order[l->position + 1]].pc == pc;
}

/* Flags that are live where a direct branch leads. */
static unsigned live_at(const struct lower *l, uint64_t pc, unsigned otherwise)
{
	int k = lower_find_block(l, pc);

	return k < 0 ? otherwise : l->region->block[k].live_in;
}

/* jcc to a guest address: a short one where the block is near and already there. */
static void jump_cc(struct lower *l, unsigned cc, uint64_t pc)
{
	int k = lower_find_block(l, pc);

	if (k >= 0 && l->region->block[k].pc <= l->region->block[l->block].pc) {
		intptr_t d = l->entry[k] - (HOT->p + 2);

		if (d >= -128 && d < 0) {
			x86_u8(HOT, 0x70 | cc);
			x86_u8(HOT, (uint8_t)d);
		} else {
			x86_jcc(HOT, cc, (uint64_t)((intptr_t)l->entry[k] + HOT->rx));
		}
		return;
	}
	lower_pad_jump(l, HOT, 2, pc);
	lower_bind_to(l, HOT, x86_jcc(HOT, cc, 0), pc);
}

static void go_to(struct lower *l, uint64_t pc)
{
	int k;

	if (follows(l, pc))
		return;
	k = lower_find_block(l, pc);
	if (k >= 0 && l->region->block[k].pc <= l->region->block[l->block].pc) {
		intptr_t d = l->entry[k] - (HOT->p + 2);

		if (d >= -128 && d < 0) {
			x86_u8(HOT, 0xeb);
			x86_u8(HOT, (uint8_t)d);
			return;
		}
	}
	lower_exit_to(l, HOT, pc);
}

static void branch(struct lower *l, struct lower_cc c, uint64_t taken, uint64_t next)
{
	if (c.parity == 2) {
		jump_cc(l, CC_P, taken);
		jump_cc(l, c.cc, taken);
	} else if (c.parity == 1) {
		uint8_t *no = x86_jcc8(HOT, CC_P);

		jump_cc(l, c.cc, taken);
		x86_bind8(HOT, no);
	} else if (follows(l, taken) && !follows(l, next)) {
		jump_cc(l, c.cc ^ 1, next);
		return;
	} else {
		jump_cc(l, c.cc, taken);
	}
	go_to(l, next);
}

/* Can the flags stay in EFLAGS into the block at pc, which is to be fallen into? */
static bool may_carry(const struct lower *l, uint64_t pc)
{
	int k = lower_find_block(l, pc);

	return !l->opt.no_fuse && follows(l, pc) && l->region->block[k].live_in &&
	       !l->polled[k] && l->flags >= FLAGS_SUB && l->flags <= FLAGS_LOGIC;
}

/* At the end of a block: the next one starts with the flags in EFLAGS, in the home's sense. */
static void carry(struct lower *l)
{
	if (l->flags == FLAGS_ADD)
		x86_cmc(HOT);
	else if (l->flags == FLAGS_LOGIC)
		x86_stc(HOT);
	l->flags = FLAGS_SUB;
	l->carry = true;
}

void lower_B(struct lower *l, const struct ir_ins *i)
{
	if (may_carry(l, (uint64_t)i->imm)) {
		carry(l);
		return;
	}
	if (i->live)
		lower_flags_save(l);
	go_to(l, (uint64_t)i->imm);
}

void lower_BCC(struct lower *l, const struct ir_ins *i)
{
	uint64_t taken = (uint64_t)i->imm, next = l->region->block[l->block].next_pc;
	bool unsaved = l->flags != FLAGS_HOME && !l->saved, save_taken, save_next;
	unsigned cond = i->c & 15;
	struct lower_cc c;

	if (cond >= IRC_AL) {
		lower_B(l, i);
		return;
	}
	save_taken = unsaved && live_at(l, taken, i->live);
	save_next = unsaved && live_at(l, next, i->live) && !may_carry(l, next);
	if (save_taken && save_next) {
		lower_flags_save(l);
		save_taken = save_next = false;
	}
	c = lower_cond(l, cond);
	if (save_taken) {
		/* on the taken edge only: in the cold part */
		struct x86_buf *b = &l->cold;

		x86_jcc(HOT, c.cc, x86_here(b));
		lower_flags_save_cold(l);
		lower_exit_to(l, b, taken);
	} else if (save_next || may_carry(l, next)) {
		jump_cc(l, c.cc, taken);
	} else {
		branch(l, c, taken, next);
		return;
	}
	if (may_carry(l, next)) {
		carry(l);
		return;
	}
	if (save_next)
		lower_flags_save(l);
	go_to(l, next);
}

static void compare_branch(struct lower *l, const struct ir_ins *i, unsigned cc)
{
	unsigned w = width(i);
	int a = lower_reg(l, i->a);

	lower_flags_clobber(l, i);
	if (a >= 0) {
		x86_rr(HOT, X86_TEST_MR, w, (unsigned)a, (unsigned)a);
	} else if (i->a == IR_ZERO) {
		go_to(l, cc == CC_E ? (uint64_t)i->imm : l->region->block[l->block].next_pc);
		return;
	} else {
		x86_gmi(HOT, X86_CMP_I32, w, lower_home(i->a), 0);
	}
	branch(l, (struct lower_cc){ (uint8_t)cc, 0 }, (uint64_t)i->imm,
	       l->region->block[l->block].next_pc);
}

void lower_CBZ(struct lower *l, const struct ir_ins *i)
{
	compare_branch(l, i, CC_E);
}

void lower_CBNZ(struct lower *l, const struct ir_ins *i)
{
	compare_branch(l, i, CC_NE);
}

static void test_branch(struct lower *l, const struct ir_ins *i, bool set)
{
	int a = lower_reg(l, i->a);
	unsigned bit = i->c & 63;
	struct lower_cc c = { set ? CC_NE : CC_E, 0 };

	lower_flags_clobber(l, i);
	if (i->a == IR_ZERO) {
		go_to(l, set ? l->region->block[l->block].next_pc : (uint64_t)i->imm);
		return;
	}
	if (a < 0) {
		struct x86_mem m = lower_home(i->a);

		m.disp += (int32_t)(bit >> 3);
		x86_gmi(HOT, X86_TEST8_I8, W8, m, 1 << (bit & 7));
	} else if (bit < 8) {
		x86_gri(HOT, X86_TEST8_I8, W8, (unsigned)a, 1 << bit);
	} else if (bit == 31 || bit == 63) {
		x86_rr(HOT, X86_TEST_MR, bit == 63 ? W64 : W32, (unsigned)a, (unsigned)a);
		c.cc = set ? CC_S : CC_NS;
	} else {
		x86_gri8(HOT, X86_BT_I, bit >= 32 ? W64 : W32, (unsigned)a, bit);
		c.cc = set ? CC_B : CC_AE;
	}
	branch(l, c, (uint64_t)i->imm, l->region->block[l->block].next_pc);
}

void lower_TBZ(struct lower *l, const struct ir_ins *i)
{
	test_branch(l, i, false);
}

void lower_TBNZ(struct lower *l, const struct ir_ins *i)
{
	test_branch(l, i, true);
}

/* ---- calls and returns ---- */

/* Slot d and the shadow stack get the return address. `tmp` may be changed. */
static void push_return(struct lower *l, unsigned d, uint64_t ret, unsigned tmp)
{
	int r = lower_reg(l, d);

	if (r < 0 && ret == (uint64_t)(int32_t)ret) {
		x86_mov_mi(HOT, W64, lower_home(d), (int32_t)ret);
		if (!l->opt.no_shadow) {
			x86_u8(HOT, 0x68); /* push imm32 */
			x86_u32(HOT, (uint32_t)ret);
		}
		return;
	}
	x86_mov_ri(HOT, r < 0 ? tmp : (unsigned)r, ret, true);
	lower_write(l, d, r < 0 ? tmp : (unsigned)r);
	if (!l->opt.no_shadow)
		x86_push(HOT, r < 0 ? tmp : (unsigned)r);
}

/* Where a returning callee lands: drop the guest address, go on. */
static void landing(struct lower *l)
{
	x86_rm(HOT, X86_LEA, W64, RSP, x86_base(RSP, 8));
	go_to(l, l->region->block[l->block].next_pc);
}

void lower_CALL(struct lower *l, const struct ir_ins *i)
{
	uint64_t target = (uint64_t)i->imm;
	uint8_t *rel32;

	if (i->live)
		lower_flags_save(l);
	push_return(l, i->d, l->region->block[l->block].next_pc, RCX);
	if (l->opt.no_shadow) {
		lower_exit_to(l, HOT, target);
		return;
	}
	lower_pad_jump(l, HOT, 1, target);
	rel32 = x86_call(HOT, 0);
	if (lower_find_block(l, target) >= 0)
		lower_bind_to(l, HOT, rel32, target);
	else
		lower_link_stub(l, HOT, rel32, SITE_CALL, target);
	landing(l);
}

/* rcx against the site's inline cache. Returns the rel32 of the miss. */
static uint8_t *probe(struct lower *l, uint8_t **ret_key)
{
	struct x86_buf *c = &l->cold;

	while ((uint64_t)((intptr_t)c->p + c->rx) & 7)
		x86_u8(c, 0xcc);
	*ret_key = c->p;
	x86_u64(c, CPU_NO_PC);
	/* cmp rcx, [rip + key] */
	x86_u8(HOT, 0x48);
	x86_u8(HOT, 0x3b);
	x86_u8(HOT, 0x0d);
	x86_u32(HOT, 0);
	x86_patch32(HOT, HOT->p - 4, (uint64_t)((intptr_t)*ret_key + c->rx));
	return x86_jcc(HOT, CC_NE, x86_here(c));
}

/* Code may go round by indirect calls alone. The stub looks at cpu.pending again. */
static void poll_call(struct lower *l, unsigned d)
{
	struct x86_buf *c = &l->cold;
	int r = lower_reg(l, d);

	x86_gmi(HOT, X86_CMP_I32, W32, lower_state(CPU_OFF(pending)), 0);
	x86_jcc(HOT, CC_NE, x86_here(c));
	x86_mov_ri(c, r < 0 ? RAX : (unsigned)r, l->region->block[l->block].next_pc, true);
	if (r < 0)
		x86_rm(c, X86_MOV_MR, W64, RAX, lower_home(d));
	x86_jmp(c, l->stubs->indirect);
}

void lower_CALLR(struct lower *l, const struct ir_ins *i)
{
	struct x86_buf *c = &l->cold;
	uint8_t *key, *rel32, *stub, *id;

	if (i->live)
		lower_flags_save(l);
	x86_mov_rr(HOT, W64, RCX, lower_src(l, i->a, W64, RCX));
	if (l->opt.no_shadow) {
		push_return(l, i->d, l->region->block[l->block].next_pc, RAX);
		x86_jmp(HOT, l->stubs->indirect);
		return;
	}
	poll_call(l, i->d);
	push_return(l, i->d, l->region->block[l->block].next_pc, RAX);
	if (l->opt.no_link) {
		x86_call(HOT, l->stubs->indirect);
		landing(l);
		return;
	}
	probe(l, &key);
	x86_u8(c, 0xb8);
	id = c->p;
	x86_u32(c, 0);
	lower_pad_site(c, 1);
	stub = x86_call(c, l->stubs->icache_jump);
	lower_pad_site(HOT, 1);
	rel32 = x86_call(HOT, l->stubs->indirect);
	x86_jmp(c, x86_here(HOT));
	lower_site_add(l, SITE_ICACHE_CALL, 0, rel32, key, stub, c->p, id);
	lower_table_jump(c, l->stubs->indirect);
	landing(l);
}

void lower_JMPR(struct lower *l, const struct ir_ins *i)
{
	struct x86_buf *c = &l->cold;
	uint8_t *key, *rel32, *stub, *id;

	if (i->live)
		lower_flags_save(l);
	x86_mov_rr(HOT, W64, RCX, lower_src(l, i->a, W64, RCX));
	if (l->opt.no_link) {
		x86_jmp(HOT, l->stubs->indirect);
		return;
	}
	x86_gmi(HOT, X86_CMP_I32, W32, lower_state(CPU_OFF(pending)), 0);
	x86_jcc(HOT, CC_NE, l->stubs->indirect);
	probe(l, &key);
	x86_u8(c, 0xb8);
	id = c->p;
	x86_u32(c, 0);
	lower_pad_site(c, 1);
	stub = x86_jmp(c, l->stubs->icache_jump);
	lower_pad_site(HOT, 1);
	rel32 = x86_jmp(HOT, l->stubs->indirect);
	/* A table jump of its own: the host predicts each by itself. */
	lower_site_add(l, SITE_ICACHE_JUMP, 0, rel32, key, stub, c->p, id);
	lower_table_jump(c, l->stubs->indirect);
}

void lower_RET(struct lower *l, const struct ir_ins *i)
{
	if (i->live)
		lower_flags_save(l);
	x86_mov_rr(HOT, W64, RCX, lower_src(l, i->a, W64, RCX));
	if (l->opt.no_shadow) {
		x86_jmp(HOT, l->stubs->indirect);
		return;
	}
	x86_rm(HOT, X86_CMP, W64, RCX, x86_base(RSP, 8));
	x86_jcc(HOT, CC_NE, l->stubs->ret_slow);
	x86_ret(HOT);
}

/* ---- exits ---- */

static void leave(struct lower *l, uint64_t pc, int64_t info, unsigned reason)
{
	lower_flags_save(l);
	if (info == (int32_t)info) {
		x86_mov_mi(HOT, W64, lower_state(CPU_OFF(exit_info)), (int32_t)info);
	} else {
		x86_mov_ri(HOT, RCX, (uint64_t)info, true);
		x86_rm(HOT, X86_MOV_MR, W64, RCX, lower_state(CPU_OFF(exit_info)));
	}
	x86_mov_ri(HOT, RCX, pc, true);
	x86_mov_ri(HOT, RAX, reason, true);
	x86_jmp(HOT, l->stubs->exit_at);
}

void lower_SVC(struct lower *l, const struct ir_ins *i)
{
	leave(l, l->region->block[l->block].next_pc, i->imm, LOWER_EXIT_SVC);
}

void lower_BRK(struct lower *l, const struct ir_ins *i)
{
	leave(l, lower_pc(l), i->imm, LOWER_EXIT_BRK);
}

void lower_UNDEF(struct lower *l, const struct ir_ins *i)
{
	leave(l, lower_pc(l), i->imm, LOWER_EXIT_UNDEF);
}

void lower_SYNC(struct lower *l, const struct ir_ins *i)
{
	(void)i;
	leave(l, l->region->block[l->block].next_pc, 0, LOWER_EXIT_SYNC);
}

void lower_ICACHE(struct lower *l, const struct ir_ins *i)
{
	unsigned a;

	lower_flags_save(l);
	a = lower_src(l, i->a, W64, RCX);
	x86_rm(HOT, X86_MOV_MR, W64, a, lower_state(CPU_OFF(exit_info)));
	x86_mov_ri(HOT, RCX, l->region->block[l->block].next_pc, true);
	x86_mov_ri(HOT, RAX, LOWER_EXIT_ICACHE, true);
	x86_jmp(HOT, l->stubs->exit_at);
}
