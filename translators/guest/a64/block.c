/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Fetches, decodes and lifts one block of A64 code. Whatever stops it, the block ends with
 * exactly one terminator, and next_pc is the address behind its last instruction.
 * tags: guest/a64 - block lifting
 */
#include "guest/a64/cpu.h"
#include "guest/a64/decode.h"
#include "guest/a64/lift.h"

/* One op more than an instruction may need: the B of a block that is cut short. */
#define ROOM (IR_OPS_PER_INSN + 1)

static void lift_undefined(struct a64_lift *l, unsigned first_op)
{
	l->b.region->nops = first_op;
	*l->end = (struct guest_block_end){0};
	a64_end(l, IR_UNDEF, IR_I32, IR_NONE, IR_NONE, 0, l->word);
}

void a64_lift_block(struct ir_builder *b, uint64_t pc, uint64_t limit, unsigned max_insns,
		    struct guest_block_end *ret_end)
{
	struct ir_region *region = b->region;
	struct ir_block *block = &region->block[region->nblocks++];
	unsigned room = IR_MAX_INSNS - region->ninsns;
	unsigned n = 0;
	struct a64_lift l = {.b = *b, .pc = pc, .end = ret_end};

	*ret_end = (struct guest_block_end){0};
	*block = (struct ir_block){.pc = pc, .first = (uint16_t)region->nops};
	if (max_insns > room)
		max_insns = room;

	while (n < max_insns && l.pc < limit && region->nops + ROOM <= IR_MAX_OPS) {
		unsigned first_op = region->nops;

		l.b.at = l.pc & (GUEST_PAGE_SIZE - 1);
		l.word = *(const uint32_t *)(uintptr_t)l.pc;
		if (__builtin_expect(!a64_decode(&l, l.word), 0))
			lift_undefined(&l, first_op);
		n++;
		l.pc += 4;
		if (l.ended)
			break;
	}
	if (!l.ended) {
		/* The B belongs to the last instruction, or to the next if there is none. */
		l.b.at = (n ? l.pc - 4 : l.pc) & (GUEST_PAGE_SIZE - 1);
		a64_end_jump(&l, l.pc);
	}

	b->at = l.b.at;
	region->ninsns += n;
	block->insns = (uint16_t)n;
	block->next_pc = l.pc;
	block->count = (uint16_t)(region->nops - block->first);
}
