/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The forward pass: walks a region's blocks in address order and lowers each op; flags,
 * operands and addresses for all lowering functions. tags: jit/x86 - emit pass
 *
 * Flags. A result stays in EFLAGS from its producer to its readers; it is written to the
 * home (lahf, seto, one 16-bit store) only when an op that changes EFLAGS comes between
 * (sums, products and shifts have forms that do not: lea, mulx, shlx), or at a block edge
 * behind which somebody may read it. Dead results never are. Falling into the next block
 * keeps them in EFLAGS: that block's entry for everybody else is then a cold stub that loads
 * the home and joins.
 */
#include "jit/x86/lower.h"

#include "jit/x86/lower-internal.h"

const uint8_t lower_gp_order[11] = { RBX, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15 };

void lower_map_init(struct lower_map *map, const uint8_t *pinned, unsigned n,
		    const uint8_t *vpinned, unsigned nv)
{
	for (unsigned i = 0; i < 64; i++)
		map->gp[i] = map->vec[i] = map->high[i] = -1;
	for (unsigned i = 0; i < n && i < sizeof(lower_gp_order); i++)
		map->gp[pinned[i]] = (int8_t)lower_gp_order[i];
	map->gp[IR_T0] = RDX;
	map->mask = false;
	for (unsigned i = 0; i < nv && i < 13; i++)
		map->vec[vpinned[i]] = (int8_t)i;
	/* A register to spare holds the temporary that nearly every composed op uses. */
	if (nv < 13)
		map->vec[IR_VT0] = (int8_t)nv;
}

void lower_map_high(struct lower_map *map, const uint8_t *slots, unsigned n)
{
	map->mask = true;
	for (unsigned i = 0; i < n && i < 16; i++)
		map->high[slots[i]] = (int8_t)(16 + i);
}

/* ---- operands ---- */

unsigned lower_src(struct lower *l, unsigned slot, unsigned w, unsigned tmp)
{
	int r = lower_reg(l, slot);

	if (r >= 0)
		return (unsigned)r;
	if (slot == IR_ZERO)
		x86_mov_ri(&l->hot, tmp, 0, true);
	else
		x86_rm(&l->hot, X86_MOV, w, tmp, lower_home(slot));
	return tmp;
}

void lower_write(struct lower *l, unsigned slot, unsigned reg)
{
	int r;

	if (slot == IR_ZERO || slot == IR_NONE)
		return;
	r = lower_reg(l, slot);
	if (r < 0)
		x86_rm(&l->hot, X86_MOV_MR, W64, reg, lower_home(slot));
	else
		x86_mov_rr(&l->hot, W64, (unsigned)r, reg);
}

void lower_op(struct lower *l, enum x86_insn op, unsigned w, unsigned reg, unsigned slot)
{
	int r = lower_reg(l, slot);

	if (r >= 0)
		x86_rr(&l->hot, op, w, reg, (unsigned)r);
	else
		x86_rm(&l->hot, op, w, reg, lower_home(slot));
}

/* ---- addresses ---- */

static void untag(struct lower *l, unsigned reg)
{
	x86_gri8(&l->hot, X86_SHL_I, W64, reg, 8);
	x86_gri8(&l->hot, X86_SAR_I, W64, reg, 8);
}

unsigned lower_pointer(struct lower *l, unsigned slot, unsigned tmp)
{
	unsigned a = lower_src(l, slot, W64, tmp);

	if (!l->opt.tagged)
		return a;
	x86_mov_rr(&l->hot, W64, tmp, a);
	untag(l, tmp);
	return tmp;
}

static struct x86_mem plain_address(struct lower *l, const struct ir_ins *i, bool *ret_rcx_free)
{
	struct x86_mem m = { .base = X86_NO_REG, .index = X86_NO_REG };
	bool rcx_free = true;
	int64_t disp = i->imm;

	if (i->a != IR_ZERO && i->a != IR_NONE)
		m.base = (int8_t)lower_src(l, i->a, W64, RAX);
	if (i->b != IR_ZERO && i->b != IR_NONE) {
		unsigned index = lower_src(l, i->b, W64, RCX);

		if (i->c > 3) {
			/* No scale of 16: 2 * (index << 3) by lea into a temporary. */
			x86_rm(&l->hot, X86_LEA, W64, RCX,
			       x86_sib((unsigned)X86_NO_REG, index, 3, 0));
			m.index = RCX;
			m.scale = (uint8_t)(i->c - 3);
		} else {
			m.index = (int8_t)index;
			m.scale = i->c;
		}
		rcx_free = m.index != RCX;
	}
	if (disp != (int32_t)disp || m.base == X86_NO_REG) {
		/* Absolute or far: put the displacement where there is room. */
		if (m.base == X86_NO_REG) {
			x86_mov_ri(&l->hot, RAX, (uint64_t)disp, true);
			m.base = RAX;
		} else if (m.index == X86_NO_REG) {
			x86_mov_ri(&l->hot, RCX, (uint64_t)disp, true);
			m.index = RCX;
			rcx_free = false;
		} else {
			x86_rm(&l->hot, X86_LEA, W64, RCX, m);
			x86_mov_ri(&l->hot, RAX, (uint64_t)disp, true);
			m = x86_sib(RCX, RAX, 0, 0);
			rcx_free = false;
		}
		disp = 0;
	}
	m.disp = (int32_t)disp;
	*ret_rcx_free = rcx_free;
	return m;
}

/* Stack pointers and constants have no tags as a rule: those that do are evaluated. */
static bool has_no_tag(const struct ir_ins *i)
{
	return (i->a == IR_SP || i->a == IR_ZERO || i->a == IR_NONE) &&
	       (i->b == IR_ZERO || i->b == IR_NONE);
}

struct x86_mem lower_address(struct lower *l, const struct ir_ins *i, bool *ret_rcx_free)
{
	struct x86_mem m;

	if (!l->opt.tagged || has_no_tag(i))
		return plain_address(l, i, ret_rcx_free);
	lower_flags_clobber(l, i);
	m = plain_address(l, i, ret_rcx_free);
	if (m.index != X86_NO_REG || m.disp)
		x86_rm(&l->hot, X86_LEA, W64, RAX, m);
	else
		x86_mov_rr(&l->hot, W64, RAX, (unsigned)m.base);
	untag(l, RAX);
	*ret_rcx_free = true;
	return x86_base(RAX, 0);
}

/* ---- flags ---- */

static void save_to(struct lower *l, struct x86_buf *b)
{
	if (l->flags == FLAGS_ADD)
		x86_cmc(b);
	else if (l->flags == FLAGS_LOGIC)
		x86_stc(b);
	x86_lahf(b);
	x86_rr(b, X86_SETCC + CC_O, W8, 0, RAX);
	x86_rm(b, X86_MOV_MR, W16, RAX, lower_state(CPU_OFF(nzcv)));
}

/* The current op's faults find the flags where they are from now on. */
static void note_flags(struct lower *l)
{
	if (l->npcmap) {
		struct lower_pcmap *m = &l->pcmap[l->npcmap - 1];

		if (m->host == (uint32_t)(l->op_start - l->start)) {
			m->flags = l->flags;
			m->saved = (uint8_t)((m->saved & ~1u) | l->saved);
		}
	}
}

void lower_flags_save(struct lower *l)
{
	if (l->flags == FLAGS_HOME || l->saved)
		return;
	save_to(l, &l->hot);
	l->flags = FLAGS_SUB;
	l->saved = true;
	note_flags(l);
}

void lower_flags_save_live(struct lower *l, const struct ir_ins *i)
{
	unsigned none;

	if (i->live != IR_FLAG_C || l->saved ||
	    (l->flags != FLAGS_ADD && l->flags != FLAGS_SUB)) {
		lower_flags_save(l);
		return;
	}
	/* Chains of additions with something between that changes EFLAGS: setcc ah, and a
	 * store of the size that everybody reads. */
	none = l->flags == FLAGS_ADD ? CC_AE : CC_B;
	x86_rr(&l->hot, X86_SETCC + none, W32, 0, 4);
	x86_rm(&l->hot, X86_MOV_MR, W16, RAX, lower_state(CPU_OFF(nzcv)));
	l->saved = true;
	note_flags(l);
}

void lower_flags_save_cold(struct lower *l)
{
	if (l->flags != FLAGS_HOME && !l->saved)
		save_to(l, &l->cold);
}

static bool sets_flags(const struct ir_ins *i)
{
	return (ir_op_info[i->op].attr & IR_A_SETS) ||
	       ((i->fl & IRF_SETF) && i->op >= IR_ADD && i->op <= IR_SBC);
}

void lower_flags_clobber(struct lower *l, const struct ir_ins *i)
{
	if (l->flags == FLAGS_HOME)
		return;
	if (i->live && !sets_flags(i))
		lower_flags_save_live(l, i);
	l->flags = FLAGS_HOME;
	l->saved = true;
	note_flags(l);
}

void lower_flags_set(struct lower *l, const struct ir_ins *i, enum lower_flags kind)
{
	if (!i->live) {
		lower_flags_home(l);
		return;
	}
	l->flags = (uint8_t)kind;
	l->saved = false;
	if (l->opt.no_fuse) {
		lower_flags_save(l);
		lower_flags_home(l);
	}
}

static void load_from_home(struct x86_buf *b)
{
	x86_rm(b, X86_MOVZX16, W32, RAX, lower_state(CPU_OFF(nzcv)));
	x86_gri(b, X86_ADD_I32, W8, RAX, 127);
	x86_sahf(b);
}

void lower_flags_load(struct lower *l)
{
	if (l->flags != FLAGS_HOME)
		return;
	load_from_home(&l->hot);
	l->flags = FLAGS_SUB;
	l->saved = true;
}

/* Single-flag conditions are read from the home without a reload. */
static bool cond_from_home(struct lower *l, unsigned cond, struct lower_cc *ret)
{
	static const uint8_t bit[4] = { 0x40, 0x01, 0x80, 0x01 }; /* Z, not C, N, V */
	unsigned k = cond >> 1;
	bool set = !(cond & 1);

	if (k > 3)
		return false;
	x86_gmi(&l->hot, X86_TEST8_I8, W8, lower_state(CPU_OFF(nzcv) + (k != 3)), bit[k]);
	if (k == 1)
		set = !set;
	*ret = (struct lower_cc){ set ? CC_NE : CC_E, 0 };
	return true;
}

struct lower_cc lower_cond(struct lower *l, unsigned cond)
{
	/* By guest condition; for ADD the carry has the other sense. */
	static const uint8_t sub[16] = { CC_E, CC_NE, CC_AE, CC_B, CC_S, CC_NS, CC_O, CC_NO,
					 CC_A, CC_BE, CC_GE, CC_L, CC_G, CC_LE };
	static const struct lower_cc fcmp[16] = {
		{ CC_E, 1 }, { CC_NE, 2 }, { 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 0 },
		{ CC_P, 0 }, { CC_NP, 0 }, { 0, 0 }, { 0, 0 }, { CC_AE, 0 }, { CC_B, 0 },
		{ CC_A, 0 }, { CC_BE, 0 },
	};
	static const struct lower_cc swapped[16] = {
		{ CC_E, 1 }, { CC_NE, 2 }, { CC_BE, 0 }, { CC_A, 0 }, { CC_A, 0 },
		{ CC_BE, 0 }, { CC_P, 0 }, { CC_NP, 0 }, { CC_B, 0 }, { CC_AE, 0 },
	};
	struct lower_cc ret;

	if (l->flags == FLAGS_FCMP || l->flags == FLAGS_FCMP_SWAPPED) {
		ret = l->flags == FLAGS_FCMP ? fcmp[cond] : swapped[cond];
		if (ret.cc)
			return ret;
		lower_flags_home(l);
	}
	if (l->flags == FLAGS_HOME) {
		if (cond_from_home(l, cond, &ret))
			return ret;
		lower_flags_load(l);
	}
	if (l->flags == FLAGS_ADD && (cond == IRC_CS || cond == IRC_CC))
		return (struct lower_cc){ cond == IRC_CS ? CC_B : CC_AE, 0 };
	if (cond == IRC_CS || cond == IRC_CC || cond == IRC_HI || cond == IRC_LS) {
		if (l->flags == FLAGS_ADD)
			x86_cmc(&l->hot);
		else if (l->flags == FLAGS_LOGIC)
			x86_stc(&l->hot);
		l->flags = FLAGS_SUB;
		note_flags(l);
	}
	return (struct lower_cc){ sub[cond], 0 };
}

/* Is this a floating-point op (all of which come behind IR_VMOV) that looks at FPCR? */
static bool checks_fpcr(const struct lower *l, const struct ir_ins *i)
{
	return l->opt.check_fpcr && i->op > IR_VMOV && (ir_op_info[i->op].attr & IR_A_TRAP);
}

/* Are its operands looked at? */
static bool checks_denormal(const struct lower *l, const struct ir_ins *i)
{
	return l->opt.exact_flush && lower_may_hide_denormal(i);
}

/* Is its result looked at? */
static bool checks_tiny(const struct lower *l, const struct ir_ins *i)
{
	return l->opt.check_tiny && lower_may_be_tiny(i);
}

/* Is this an op whose instruction traps so often that it is better done without? 2: evaluated. */
static unsigned traps_often(const struct lower *l, const struct ir_ins *i)
{
	if (!l->opt.traps_often || !(ir_op_info[i->op].attr & IR_A_TRAP))
		return 0;
	return l->opt.traps_often(l->region->page + l->region->at[i - l->region->ins]);
}

/* Does the lowering of this op leave EFLAGS alone while they are busy? */
static bool is_neutral(const struct lower *l, const struct ir_ins *i)
{
	switch (i->op) {
	case IR_LDV:
	case IR_STV:
		return !l->opt.tagged;
	case IR_MOV:
	case IR_ADR:
	case IR_EXT:
	case IR_VMOV:
	case IR_VIMM:
		return true;
	case IR_FADD:
	case IR_FSUB:
	case IR_FMUL:
	case IR_FDIV:
	case IR_FSQRT:
	case IR_FABS:
	case IR_FNEG:
		/* a call is not */
		return i->ty != IR_F16 || lower_half(l, i);
	case IR_LD:
	case IR_ST:
		return !(i->fl & (IRF_ACQ | IRF_REL)) && !l->opt.tagged;
	case IR_ADD:
	case IR_SUB:
		return !(i->fl & IRF_SETF) && i->b == IR_IMM && i->imm == (int32_t)i->imm &&
		       i->imm > INT32_MIN;
	default:
		return false;
	}
}

const struct ir_ins *lower_next_reader(const struct lower *l, const struct ir_ins *i,
				       bool *ret_sole)
{
	const struct ir_block *b = &l->region->block[l->block];
	const struct ir_ins *end = &l->region->ins[b->first + b->count];

	*ret_sole = false;
	if (l->opt.no_fuse)
		return NULL;
	for (i++; i < end; i++) {
		if (i->dead)
			continue;
		if (checks_fpcr(l, i) || traps_often(l, i) || checks_tiny(l, i) ||
		    checks_denormal(l, i))
			return NULL;
		if ((ir_op_info[i->op].attr & IR_A_COND) && (i->c & 15) < IRC_AL) {
			*ret_sole = !i->live || (ir_op_info[i->op].attr & IR_A_SETS);
			return i;
		}
		if (!is_neutral(l, i))
			return NULL;
	}
	return NULL;
}

const struct ir_ins *lower_sole_reader(const struct lower *l, const struct ir_ins *i)
{
	const struct ir_block *b = &l->region->block[l->block];
	const struct ir_ins *end = &l->region->ins[b->first + b->count];

	if (l->opt.no_fuse)
		return NULL;
	for (i++; i < end; i++) {
		if (i->dead)
			continue;
		if ((ir_op_info[i->op].attr & IR_A_COND) && !i->live &&
		    !(ir_op_info[i->op].attr & IR_A_SETS) && (i->c & 15) < IRC_AL)
			return i;
		return NULL;
	}
	return NULL;
}

/* ---- exits ---- */

uint8_t *lower_site_add(struct lower *l, unsigned kind, uint64_t target, uint8_t *rel32,
			uint8_t *key, uint8_t *stub, uint8_t *miss, uint8_t *id)
{
	struct lower_site *s;

	if (l->nsites == LOWER_MAX_SITES) {
		l->hot.overflow = true;
		return stub;
	}
	s = &l->site[l->nsites++];
	*s = (struct lower_site){ target, rel32, key, stub, miss, id, (uint8_t)kind };
	return stub;
}

/* A displacement that crosses a cache line cannot be changed under another thread. */
void lower_pad_site(struct x86_buf *b, unsigned opcode_length)
{
	while (((x86_here(b) + opcode_length) & 63) > 60)
		x86_u8(b, 0x90);
}

void lower_pad_jump(struct lower *l, struct x86_buf *b, unsigned opcode_length, uint64_t pc)
{
	if (lower_find_block(l, pc) < 0)
		lower_pad_site(b, opcode_length);
}

/* Emits the cold stub of a link site and points rel32 at it. */
void lower_link_stub(struct lower *l, struct x86_buf *from, uint8_t *rel32, unsigned kind,
		     uint64_t target)
{
	struct x86_buf *c = &l->cold;
	uint8_t *stub = c->p, *id;

	x86_patch32(from, rel32, x86_here(c));
	x86_u8(c, 0xb8); /* mov eax, id */
	id = c->p;
	x86_u32(c, 0);
	x86_jmp(c, l->stubs->link);
	lower_site_add(l, kind, target, rel32, NULL, stub, NULL, id);
}

int lower_find_block(const struct lower *l, uint64_t pc)
{
	if (pc - l->region->page >= 4096)
		return -1;
	return (int)l->block_at[(pc - l->region->page) >> 1] - 1;
}

/* rel32 (in buffer `from`) leads to a guest address: in the region, or by a link site. */
void lower_bind_to(struct lower *l, struct x86_buf *from, uint8_t *rel32, uint64_t pc)
{
	int k = lower_find_block(l, pc);

	if (k < 0) {
		lower_link_stub(l, from, rel32, SITE_JUMP, pc);
	} else if (l->nfixups == LOWER_MAX_FIXUPS) {
		l->hot.overflow = true;
	} else {
		l->fixup[l->nfixups++] =
			(struct lower_fixup){ rel32, from == &l->cold, (uint16_t)k };
	}
}

void lower_exit_to(struct lower *l, struct x86_buf *b, uint64_t pc)
{
	lower_pad_jump(l, b, 1, pc);
	lower_bind_to(l, b, x86_jmp(b, 0), pc);
}

/* Cold code: leave with a reason at a guest pc. */
void lower_cold_exit(struct lower *l, uint64_t pc, unsigned reason)
{
	x86_mov_ri(&l->cold, RCX, pc, true);
	x86_mov_ri(&l->cold, RAX, reason, true);
	x86_jmp(&l->cold, l->stubs->exit_at);
}

void lower_align_fault(struct lower *l, unsigned cc, unsigned reg)
{
	x86_jcc(&l->hot, cc, x86_here(&l->cold));
	lower_flags_save_cold(l);
	x86_rm(&l->cold, X86_MOV_MR, W64, reg, lower_state(CPU_OFF(exit_info)));
	lower_cold_exit(l, lower_pc(l), LOWER_EXIT_ALIGN);
}

void lower_interp_if(struct lower *l, unsigned cc)
{
	if (cc == 0xff)
		x86_jmp(&l->hot, x86_here(&l->cold));
	else
		x86_jcc(&l->hot, cc, x86_here(&l->cold));
	lower_flags_save_cold(l);
	lower_cold_exit(l, lower_pc(l), LOWER_EXIT_INTERP);
}

/* ---- the pass ---- */

static void sort_blocks(struct lower *l)
{
	const struct ir_block *b = l->region->block;

	/* Mostly sorted already: insertion. */
	for (unsigned i = 0; i < l->region->nblocks; i++) {
		unsigned j = i;

		while (j > 0 && b[l->order[j - 1]].pc > b[i].pc) {
			l->order[j] = l->order[j - 1];
			j--;
		}
		l->order[j] = (uint8_t)i;
	}
}

/* Every cycle of direct branches passes a block that looks at cpu.pending: the target of
 * a backward branch, or the source when the target is in another region. */
static void find_polls(struct lower *l)
{
	const struct ir_region *r = l->region;

	for (unsigned k = 0; k < r->nblocks; k++)
		l->polled[k] = 0;
	for (unsigned k = 0; k < r->nblocks; k++) {
		const struct ir_block *b = &r->block[k];
		const struct ir_ins *t = &r->ins[b->first + b->count - 1];
		int target;

		if (t->op < IR_B || t->op > IR_CALL || (uint64_t)t->imm >= b->next_pc)
			continue;
		target = lower_find_block(l, (uint64_t)t->imm);
		l->polled[target < 0 ? (int)k : target] = 1;
	}
}

static void emit_poll(struct lower *l, uint64_t pc)
{
	x86_gmi(&l->hot, X86_CMP_I32, W32, lower_state(CPU_OFF(pending)), 0);
	x86_jcc(&l->hot, CC_NE, x86_here(&l->cold));
	lower_cold_exit(l, pc, LOWER_EXIT_PENDING);
}

/* The function that lowers an op; NULL: none. */
static lower_fn *lowering_of(const struct lower *l, const struct ir_ins *i)
{
	bool half = i->op >= IR_FADD && (i->ty == IR_F16 || (i->op == IR_FTOI && i->c == IR_F16));
	lower_fn *fn = half ? lower_half(l, i) : lower_table[i->op];

	if (fn)
		return fn;
	return lower_callable(i) ? lower_call : NULL;
}

static bool all_lowered(const struct lower *l, const struct ir_block *b)
{
	for (unsigned n = b->first; n < b->first + (unsigned)b->count; n++)
		if (!lowering_of(l, &l->region->ins[n]))
			return false;
	return true;
}

/* Is some op of the guest instruction that starts at op n without a lowering? */
static bool insn_needs_interp(const struct lower *l, const struct ir_block *b, unsigned n)
{
	const struct ir_region *r = l->region;

	for (unsigned k = n; k < b->first + (unsigned)b->count && r->at[k] == r->at[n]; k++)
		if (!lowering_of(l, &r->ins[k]))
			return true;
	return false;
}

/* Before a floating-point op: may the host do it? */
static void check_fpcr(struct lower *l, const struct ir_ins *i)
{
	/* FCCMP reads flags and writes them. */
	if (ir_op_info[i->op].attr & IR_A_COND)
		lower_flags_save(l);
	lower_flags_clobber(l, i);
	x86_gmi(&l->hot, X86_TEST_I32, W32, lower_state(CPU_OFF(fpcr)),
		(int32_t)LOWER_FPCR_RARE);
	lower_interp_if(l, CC_NE);
}

/* The fault map's entry of an op at a guest address. */
static void note_op(struct lower *l, unsigned at)
{
	uint32_t host = (uint32_t)(l->hot.p - l->start);
	unsigned saved = l->saved;

	if (l->undone) {
		saved |= LOWER_UNDONE | (l->undoes ? LOWER_UNDOES : 0);
		l->pcmap[l->npcmap++] = (struct lower_pcmap){
			host, (uint16_t)l->undone, (uint8_t)(l->undone >> 16),
			(uint8_t)(l->undone >> 24),
		};
	}
	l->pcmap[l->npcmap++] = (struct lower_pcmap){ host, (uint16_t)at, l->flags,
						     (uint8_t)saved };
}

static void lower_block(struct lower *l)
{
	const struct ir_region *r = l->region;
	const struct ir_block *b = &r->block[l->block];
	bool complete = all_lowered(l, b);
	unsigned end = b->first + b->count;
	unsigned last_at = ~0u, often;

	l->vzero64 = l->vzero32 = 0;
	l->packed[0].as = l->packed[1].as = l->packed[2].as = 0;
	l->undone = 0;
	l->skip = 0;
	if (!x86_room(&l->cold))
		return;
	if (l->carry) {
		l->entry[l->block] = l->cold.p;
		load_from_home(&l->cold);
		x86_jmp(&l->cold, x86_here(&l->hot));
		l->carry = false;
	} else {
		l->entry[l->block] = l->hot.p;
		lower_flags_home(l);
	}
	if (l->polled[l->block])
		emit_poll(l, b->pc);
	for (unsigned n = b->first; n < end; n++) {
		const struct ir_ins *i = &r->ins[n];

		if (i->dead || n < l->skip)
			continue;
		if (!x86_room(&l->hot) || !x86_room(&l->cold))
			return;
		l->index = n;
		l->op_start = l->hot.p;
		if (!complete && r->at[n] != last_at) {
			last_at = r->at[n];
			if (insn_needs_interp(l, b, n)) {
				lower_interp_if(l, 0xff);
				return;
			}
		}
		if (ir_op_info[i->op].attr & (IR_A_MEM | IR_A_TRAP))
			note_op(l, r->at[n]);
		often = traps_often(l, i);
		if (often && !lower_meets_nans(i, often > 1)) {
			lower_interp_if(l, 0xff);
			return;
		}
		if (checks_fpcr(l, i))
			check_fpcr(l, i);
		if (checks_denormal(l, i))
			lower_before_denormal(l, i);
		if (checks_tiny(l, i))
			lower_before_tiny(l, i);
		if (often)
			lower_with_nans(l, i, lowering_of(l, i), often > 1);
		else
			lowering_of(l, i)(l, i);
		if (checks_tiny(l, i))
			lower_check_tiny(l, i);
	}
}

int lower_region(struct lower *l, const struct ir_region *region)
{
	__asm__ volatile("" : : "r"(lower_families)); /* keeps the reference */
	l->region = region;
	l->start = l->hot.p;
	l->hot.overflow = l->cold.overflow = false;
	l->carry = false;
	l->nsites = l->npcmap = l->nfixups = l->nconsts = 0;
	for (unsigned k = 0; k < region->nblocks; k++)
		l->block_at[(region->block[k].pc - region->page) >> 1] = (uint8_t)(k + 1);
	sort_blocks(l);
	find_polls(l);
	for (l->position = 0; l->position < region->nblocks; l->position++) {
		l->block = l->order[l->position];
		lower_block(l);
		if (l->hot.overflow || l->cold.overflow)
			break;
	}
	for (unsigned k = 0; k < region->nblocks; k++)
		l->block_at[(region->block[k].pc - region->page) >> 1] = 0;
	if (l->hot.overflow || l->cold.overflow)
		return -28; /* ENOSPC */
	for (unsigned k = 0; k < l->nfixups; k++) {
		const struct lower_fixup *f = &l->fixup[k];

		x86_patch32(f->cold ? &l->cold : &l->hot, f->rel32,
			    (uint64_t)((intptr_t)l->entry[f->block] + l->hot.rx));
	}
	return 0;
}
