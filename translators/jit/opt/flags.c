/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Flag liveness and dead ops. tags: jit/opt - dead NZCV elimination, dead temporaries
 *
 * Arm code sets flags often and reads them seldom; saving them to their home costs more
 * than most instructions. So for every op we want the flags that are live behind it, over
 * block boundaries as far as we can see:
 *
 *  1. One walk backwards over each block fills in liveness as if nothing were live behind
 *     the block, and finds the flags that the block reads before it writes them. On the way
 *     it takes out what has no effect: IRF_SETF of dead flags, results that nobody reads.
 *     Temporaries die with their guest instruction, so one pair of masks is enough for them.
 *     Every op that writes NZCV writes all four flags (the partial ones by reading all
 *     first), so what is live behind the block matters to the ops from its last writer on,
 *     and to no other.
 *  2. The needs of the blocks are iterated to a fixed point. Successors outside the region
 *     are asked of options->peek; indirect ones and whatever leaves to the runtime read
 *     everything.
 *  3. What is live behind each block is added to those last ops. Where nothing is live and
 *     the last writer turns out dead, the block is walked once more.
 *
 * Flags count as dead where a fault could show them to a signal handler, if the code behind
 * does not read them: nobody promised that such a handler finds them.
 */
#include "jit/opt/opt.h"

#define NO_BLOCK  0xff
#define FLAG_ATTR (IR_A_SETS | IR_A_READS | IR_A_COND | IR_A_CARRY)

struct summary {
	uint16_t last;   /* index of the last op that writes flags, or of the first op */
	uint8_t reads;   /* before writing */
	uint8_t out;     /* live behind the block through successors outside the region */
	uint8_t next[2]; /* successors inside the region, or NO_BLOCK */
	bool passes;     /* writes no flags */
	bool loops; /* a block at or behind this one goes here */
};

struct pass {
	struct ir_region *r;
	const struct opt_options *options;
	bool fold;
	bool any_writer;
	unsigned temps_at; /* the guest instruction that the temporaries belong to */
	uint64_t int_temps, vec_temps; /* read behind the op at hand */
	uint8_t block_at[4096 / 2];    /* by offset in the page */
	struct summary summary[IR_MAX_BLOCKS];
};

/* ---- 1: op by op ---- */

static bool writes_flags(const struct ir_ins *i, unsigned attr)
{
	return attr & IR_A_SETS || i->fl & IRF_SETF;
}

static unsigned flags_read(const struct ir_ins *i, unsigned attr)
{
	unsigned flags = 0;

	if (attr & IR_A_READS)
		flags |= IR_FLAGS;
	if (attr & IR_A_COND)
		flags |= ir_cond_reads(i->c & 15);
	if (attr & IR_A_CARRY)
		flags |= IR_FLAG_C;
	return flags;
}

/* For each op, bit 5 of the bytes d, a, b, c that name a register. A temporary and IR_ZERO
 * are the register names with bit 5 set and bit 6 clear. */
#define NAMES(role) ((role) != IR_ROLE__ && (role) != IR_ROLE_N ? 0x20u : 0)

static const uint32_t name_mask[IR_OP_COUNT] = {
#define OP(op, d, a, b, c, attributes, meaning)                    \
	[IR_##op] = NAMES(IR_ROLE_##d) | NAMES(IR_ROLE_##a) << 8 | \
		    NAMES(IR_ROLE_##b) << 16 | NAMES(IR_ROLE_##c) << 24,
#include "jit/ir/ops.def"
#undef OP
};

static uint32_t names_of(const struct ir_ins *i)
{
	return i->d | (uint32_t)i->a << 8 | (uint32_t)i->b << 16 | (uint32_t)i->c << 24;
}

static uint32_t has_temp_or_zero(const struct ir_ins *i)
{
	uint32_t names = names_of(i);

	return names & ~(names >> 1) & name_mask[i->op];
}

/* Temporaries also have bits 4 and 3 clear. */
static bool has_temp(const struct ir_ins *i)
{
	uint32_t names = names_of(i);

	return names & ~(names >> 1 | names << 1 | names << 2) & name_mask[i->op];
}

static bool is_vector(unsigned role)
{
	return role >= IR_ROLE_VO && role <= IR_ROLE_VIO;
}

/* Nobody will see what is written to this name. */
static bool result_unused(const struct pass *p, unsigned role, unsigned name)
{
	if (name == IR_ZERO)
		return true;
	if (name < IR_T0 || name >= IR_VEC_COUNT)
		return false;
	return !((is_vector(role) ? p->vec_temps : p->int_temps) >> name & 1);
}

/* Vector arithmetic that may trap raises sticky flags even when its result is unused. */
static bool removable(const struct pass *p, const struct ir_ins *i,
		      const struct ir_op_info *info, unsigned live)
{
	if (info->attr & (IR_A_SIDE | IR_A_MEM | IR_A_TERM) ||
	    (info->attr & IR_A_TRAP && i->op >= IR_VMOV))
		return false;
	if (writes_flags(i, info->attr) && live)
		return false;
	switch (info->d) {
	case IR_ROLE__: return info->attr & IR_A_SETS;
	case IR_ROLE_O:
	case IR_ROLE_IO:
	case IR_ROLE_VO:
	case IR_ROLE_VIO: return result_unused(p, info->d, i->d);
	default: return false;
	}
}

static void note_temp(struct pass *p, unsigned role, unsigned name, bool reads)
{
	uint64_t *temps = is_vector(role) ? &p->vec_temps : &p->int_temps;

	if (role == IR_ROLE__ || role == IR_ROLE_N || name < IR_T0 ||
	    name >= IR_VEC_COUNT)
		return;
	if (reads)
		*temps |= (uint64_t)1 << name;
	else
		*temps &= ~((uint64_t)1 << name);
}

static bool role_only_writes(unsigned role)
{
	return role == IR_ROLE_O || role == IR_ROLE_VO;
}

/* Registers that an op reads behind the ones that it names. */
static void note_more_temps(struct pass *p, const struct ir_ins *i)
{
	unsigned count = 0;

	switch (i->op) {
	case IR_CASP:
		note_temp(p, IR_ROLE_I, i->d + 1u, true);
		note_temp(p, IR_ROLE_I, i->b + 1u, true);
		break;
	case IR_VTBL:
	case IR_VTBX: count = i->c; break;
	case IR_VDEAL3:
	case IR_VRIFF3: count = 3; break;
	default: break;
	}
	for (unsigned n = 1; n < count; n++)
		note_temp(p, IR_ROLE_VI, i->a + n, true);
}

static void note_temps(struct pass *p, const struct ir_ins *i,
		       const struct ir_op_info *info)
{
	const uint8_t role[4] = {info->d, info->a, info->b, info->c};
	const uint8_t name[4] = {i->d, i->a, i->b, i->c};

	for (unsigned n = 0; n < 4; n++)
		if (role_only_writes(role[n]))
			note_temp(p, role[n], name[n], false);
	for (unsigned n = 0; n < 4; n++)
		if (!role_only_writes(role[n]))
			note_temp(p, role[n], name[n], true);
	note_more_temps(p, i);
}

static void enter_instruction(struct pass *p, unsigned n)
{
	if (p->temps_at != p->r->at[n]) {
		p->temps_at = p->r->at[n];
		p->int_temps = p->vec_temps = 0;
	}
}

/* Op n, with `live` behind it; `may_live` also counts what the successors may read. Returns
 * what is live before it. */
static unsigned visit(struct pass *p, struct summary *s, unsigned n, unsigned live,
		      unsigned may_live)
{
	struct ir_ins *i = &p->r->ins[n];
	const struct ir_op_info *info = &ir_op_info[i->op];

	if (i->dead)
		return live;
	enter_instruction(p, n);
	if (p->fold) {
		if (!may_live)
			i->fl &= (uint8_t)~IRF_SETF;
		if (removable(p, i, info, may_live)) {
			i->dead = 1;
			return live;
		}
	}
	if (writes_flags(i, info->attr)) {
		if (s->passes)
			s->last = (uint16_t)n;
		s->passes = false;
		live = 0;
	}
	if (has_temp(i))
		note_temps(p, i, info);
	return live | flags_read(i, info->attr);
}

/* `out` is what is live behind the block, `hidden` what more may be. */
static void visit_block(struct pass *p, unsigned index, unsigned out, unsigned hidden)
{
	const struct ir_block *b = &p->r->block[index];
	struct summary *s = &p->summary[index];
	unsigned live = out;

	*s = (struct summary){
		.passes = true, .last = b->first, .next = {NO_BLOCK, NO_BLOCK}};
	p->temps_at = ~0u;
	for (unsigned n = b->first + (unsigned)b->count; n-- > b->first;) {
		struct ir_ins *i = &p->r->ins[n];
		uint32_t look = (ir_op_info[i->op].attr & FLAG_ATTR) |
				(i->fl & IRF_SETF) | has_temp_or_zero(i);

		i->live = live & 15;
		if (look)
			live = visit(p, s, n, live, s->passes ? live | hidden : live);
	}
	s->reads = (uint8_t)live;
	p->any_writer |= !s->passes;
}

/* ---- 2: fixed point ---- */

/*
 * Which block starts at this pc? block_at[] is not initialised: an entry counts only if the
 * block that it names agrees.
 */
static unsigned find_block(const struct pass *p, uint64_t pc)
{
	unsigned n = p->block_at[(pc & 4095) >> 1];

	return n < p->r->nblocks && p->r->block[n].pc == pc ? n : NO_BLOCK;
}

static void add_successor(struct pass *p, struct summary *s, unsigned slot, uint64_t pc)
{
	unsigned n = find_block(p, pc);

	if (n != NO_BLOCK) {
		s->next[slot] = (uint8_t)n;
		p->summary[n].loops |= &p->summary[n] <= s;
	} else if (s->out != IR_FLAGS) {
		s->out |= p->options->peek ? p->options->peek(pc) & IR_FLAGS : IR_FLAGS;
	}
}

static void find_successors(struct pass *p, unsigned index)
{
	const struct ir_block *b = &p->r->block[index];
	const struct ir_ins *last = &p->r->ins[b->first + b->count - 1];
	struct summary *s = &p->summary[index];

	switch (last->op) {
	case IR_B:
	case IR_CALL: add_successor(p, s, 0, (uint64_t)last->imm); break;
	case IR_BCC:
	case IR_CBZ:
	case IR_CBNZ:
	case IR_TBZ:
	case IR_TBNZ:
		add_successor(p, s, 0, (uint64_t)last->imm);
		add_successor(p, s, 1, b->next_pc);
		break;
	default: s->out = IR_FLAGS;
	}
}

static unsigned live_behind(const struct pass *p, const struct summary *s)
{
	unsigned live = s->out;

	for (unsigned n = 0; n < 2; n++)
		if (s->next[n] != NO_BLOCK)
			live |= p->r->block[s->next[n]].live_in;
	return live;
}

/* Was a value corrected that a block further on has used already? */
static bool update_block(struct pass *p, unsigned index)
{
	const struct summary *s = &p->summary[index];
	struct ir_block *b = &p->r->block[index];
	unsigned before = b->live_in;

	b->live_out = (uint8_t)live_behind(p, s);
	b->live_in = s->reads | (s->passes ? b->live_out : 0);
	return s->loops & (b->live_in != before);
}

/* Most edges go forward: then walking from the end needs one round. */
static void solve(struct pass *p)
{
	bool again = false;

	for (unsigned n = 0; n < p->r->nblocks; n++) {
		p->r->block[n].live_in = p->summary[n].reads;
		p->block_at[(p->r->block[n].pc & 4095) >> 1] = (uint8_t)n;
	}
	for (unsigned n = p->r->nblocks; n-- > 0;) {
		/* Without a writer it does not matter what the successors read. */
		if (p->any_writer)
			find_successors(p, n);
		else
			p->summary[n].out = IR_FLAGS;
		again |= update_block(p, n);
	}
	while (again) {
		again = false;
		for (unsigned n = p->r->nblocks; n-- > 0;)
			again |= update_block(p, n);
	}
}

/* ---- 3: what is live behind the blocks ---- */

static void finish_block(struct pass *p, unsigned index)
{
	struct ir_block *b = &p->r->block[index];
	const struct summary *s = &p->summary[index];
	struct ir_ins *last = &p->r->ins[s->last], *end = &p->r->ins[b->first + b->count];

	if (p->fold && !s->passes && !(last->live | b->live_out)) {
		visit_block(p, index, 0, 0);
		b->live_in = s->reads;
		return;
	}
	if (b->live_out)
		for (struct ir_ins *i = last; i < end; i++)
			i->live |= b->live_out & 15;
}

void opt_flags(struct ir_region *region, const struct opt_options *options)
{
	struct pass p;

	p.r = region;
	p.options = options;
	p.fold = !options->no_fold;
	p.any_writer = false;
	for (unsigned n = 0; n < region->nblocks; n++)
		visit_block(&p, n, 0, IR_FLAGS);
	solve(&p);
	for (unsigned n = 0; n < region->nblocks; n++)
		finish_block(&p, n);
}

void opt_run(struct ir_region *region, const struct opt_options *options)
{
	if (!options->no_fold)
		opt_fold(region, options);
	opt_flags(region, options);
}
