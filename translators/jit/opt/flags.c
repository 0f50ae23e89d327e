/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Flag liveness and dead ops. tags: jit/opt - dead NZCV elimination, dead temporaries
 *
 * Arm code sets flags often and reads them seldom; saving them to their home costs more
 * than most instructions. So for every op we want the flags that are live behind it, over
 * block boundaries as far as we can see:
 *
 *  1. One walk backwards over each block gives its summary: the flags that it reads before
 *     it writes them, and whether it writes them at all. (Every op that writes NZCV writes
 *     all four, the partial ones by reading all first.)
 *  2. The summaries are iterated to a fixed point. Successors outside the region are asked
 *     of options->peek; indirect ones and whatever leaves to the runtime read everything.
 *  3. A second walk backwards fills in liveness op by op, and on the way takes out what has
 *     no effect: IRF_SETF of dead flags, results that nobody reads. Temporaries die with
 *     their guest instruction, so one pair of masks is enough for them.
 *
 * Flags count as dead where a fault could show them to a signal handler, if the code behind
 * does not read them: what such a handler sees was never promised to survive.
 */
#include "jit/opt/opt.h"

#define NO_BLOCK  0xff
#define FLAG_ATTR (IR_A_SETS | IR_A_READS | IR_A_COND | IR_A_CARRY)

struct summary {
	uint8_t reads;   /* before writing */
	uint8_t out;     /* live behind the block through successors outside the region */
	uint8_t next[2]; /* successors inside the region, or NO_BLOCK */
	bool passes;     /* writes no flags */
};

struct pass {
	struct ir_region *r;
	const struct opt_options *options;
	bool fold;
	bool any_writer;
	uint8_t bucket[64], chain[IR_MAX_BLOCKS]; /* blocks by pc */
	struct summary summary[IR_MAX_BLOCKS];
	/* Temporaries that are read behind the op at hand in its guest instruction. */
	uint64_t int_temps, vec_temps;
};

static unsigned bucket_of(uint64_t pc)
{
	return pc >> 2 & 63;
}

static void index_blocks(struct pass *p)
{
	__builtin_memset(p->bucket, NO_BLOCK, sizeof(p->bucket));
	for (unsigned n = 0; n < p->r->nblocks; n++) {
		uint8_t *head = &p->bucket[bucket_of(p->r->block[n].pc)];

		p->chain[n] = *head;
		*head = (uint8_t)n;
	}
}

static unsigned find_block(const struct pass *p, uint64_t pc)
{
	unsigned n = p->bucket[bucket_of(pc)];

	while (n != NO_BLOCK && p->r->block[n].pc != pc)
		n = p->chain[n];
	return n;
}

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

/* Is writing NZCV all that the op does? */
static bool only_flags(const struct ir_ins *i, const struct ir_op_info *info)
{
	return !(info->attr & (IR_A_SIDE | IR_A_MEM | IR_A_TRAP)) &&
	       (info->d == IR_ROLE__ || i->d == IR_ZERO);
}

/* ---- 1: summaries ---- */

static void add_successor(struct pass *p, struct summary *s, unsigned slot, uint64_t pc)
{
	unsigned n = find_block(p, pc);

	if (n != NO_BLOCK)
		s->next[slot] = (uint8_t)n;
	else if (s->out != IR_FLAGS)
		s->out |= p->options->peek ? p->options->peek(pc) & IR_FLAGS : IR_FLAGS;
}

static void find_successors(struct pass *p, const struct ir_block *b, struct summary *s)
{
	const struct ir_ins *last = &p->r->ins[b->first + b->count - 1];

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

static void summarize(struct pass *p, unsigned index)
{
	const struct ir_block *b = &p->r->block[index];
	const struct ir_ins *i = &p->r->ins[b->first + b->count];
	unsigned reads = 0;
	bool passes = true;

	for (unsigned n = b->count; n; n--) {
		unsigned attr = ir_op_info[(--i)->op].attr;

		if (!(attr & FLAG_ATTR) && !(i->fl & IRF_SETF))
			continue;
		if (writes_flags(i, attr)) {
			if (!passes && !reads && only_flags(i, &ir_op_info[i->op]))
				continue; /* dead whatever follows the block */
			reads = 0;
			passes = false;
		}
		reads |= flags_read(i, attr);
	}
	p->summary[index] = (struct summary){
		.reads = (uint8_t)reads, .passes = passes, .next = {NO_BLOCK, NO_BLOCK}};
	p->any_writer |= !passes;
}

/* ---- 2: fixed point ---- */

static unsigned live_behind(const struct pass *p, const struct summary *s)
{
	unsigned live = s->out;

	for (unsigned n = 0; n < 2; n++)
		if (s->next[n] != NO_BLOCK)
			live |= p->r->block[s->next[n]].live_in;
	return live;
}

static bool update_block(struct pass *p, unsigned index)
{
	const struct summary *s = &p->summary[index];
	struct ir_block *b = &p->r->block[index];
	unsigned before = b->live_in;

	b->live_out = (uint8_t)live_behind(p, s);
	b->live_in = s->reads | (s->passes ? b->live_out : 0);
	return b->live_in != before;
}

static void solve(struct pass *p)
{
	bool changed;

	for (unsigned n = 0; n < p->r->nblocks; n++)
		p->r->block[n].live_in = p->summary[n].reads;
	do {
		changed = false;
		/* Most edges go forward. */
		for (unsigned n = p->r->nblocks; n; n--)
			changed |= update_block(p, n - 1);
	} while (changed);
}

/* ---- 3: op by op ---- */

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

static bool has_temp_or_zero(const struct ir_ins *i)
{
	uint32_t names =
		i->d | (uint32_t)i->a << 8 | (uint32_t)i->b << 16 | (uint32_t)i->c << 24;

	return names & ~(names >> 1) & name_mask[i->op];
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
	    (info->attr & IR_A_TRAP && i->op > IR_ICACHE))
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

static bool role_writes(unsigned role)
{
	return role == IR_ROLE_O || role == IR_ROLE_VO;
}

static void note_temps(struct pass *p, const struct ir_ins *i,
		       const struct ir_op_info *info)
{
	const uint8_t role[4] = {info->d, info->a, info->b, info->c};
	const uint8_t name[4] = {i->d, i->a, i->b, i->c};

	for (unsigned n = 0; n < 4; n++)
		if (role_writes(role[n]))
			note_temp(p, role[n], name[n], false);
	for (unsigned n = 0; n < 4; n++)
		if (!role_writes(role[n]))
			note_temp(p, role[n], name[n], true);
	if (i->op == IR_CASP) {
		note_temp(p, IR_ROLE_I, i->d + 1u, true);
		note_temp(p, IR_ROLE_I, i->b + 1u, true);
	}
}

/* The op at hand, with `live` behind it; returns what is live before it. */
static unsigned visit(struct pass *p, struct ir_ins *i, unsigned live)
{
	const struct ir_op_info *info = &ir_op_info[i->op];
	bool flags = info->attr & FLAG_ATTR || i->fl & IRF_SETF;
	bool names = has_temp_or_zero(i);

	i->live = live & 15;
	if (!flags && !names)
		return live;
	if (p->fold) {
		if (!live)
			i->fl &= (uint8_t)~IRF_SETF;
		if (removable(p, i, info, live)) {
			i->dead = 1;
			return live;
		}
	}
	if (flags) {
		if (writes_flags(i, info->attr))
			live = 0;
		live |= flags_read(i, info->attr);
	}
	if (names)
		note_temps(p, i, info);
	return live;
}

static void visit_block(struct pass *p, struct ir_block *b)
{
	struct ir_region *r = p->r;
	unsigned live = b->live_out, at = ~0u;

	for (unsigned n = b->first + (unsigned)b->count; n-- > b->first;) {
		if (r->at[n] != at) {
			at = r->at[n];
			p->int_temps = p->vec_temps = 0;
		}
		if (!r->ins[n].dead)
			live = visit(p, &r->ins[n], live);
	}
	b->live_in = (uint8_t)live;
}

void opt_flags(struct ir_region *region, const struct opt_options *options)
{
	struct pass p;

	p.r = region;
	p.options = options;
	p.fold = !options->no_fold;
	p.any_writer = false;
	index_blocks(&p);
	for (unsigned n = 0; n < region->nblocks; n++)
		summarize(&p, n);
	for (unsigned n = 0; n < region->nblocks; n++) {
		/* Without a writer it does not matter what the successors read. */
		if (p.any_writer)
			find_successors(&p, &region->block[n], &p.summary[n]);
		else
			p.summary[n].out = IR_FLAGS;
	}
	solve(&p);
	for (unsigned n = 0; n < region->nblocks; n++)
		visit_block(&p, &region->block[n]);
}

void opt_run(struct ir_region *region, const struct opt_options *options)
{
	if (!options->no_fold)
		opt_fold(region);
	opt_flags(region, options);
}
