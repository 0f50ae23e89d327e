/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A large guest program with a model in C: many functions on many pages, called in a random
 * order directly, through a table, and from each other.
 */
#pragma once

#include "code.h"

#define FUNCTIONS 1500
#define PROGRAM_TABLE (CODE + (CODE_PAGES - 8) * 4096) /* addresses of the functions */
#define PROGRAM_MAIN (CODE + (CODE_PAGES - 9) * 4096)

struct function {
	uint64_t pc;
	unsigned add, cut, kind;
	int next; /* calls this one, -1 none */
};
static struct function functions[FUNCTIONS];

/* x0 = f(x0). x9 = 31. */
static inline uint64_t program_model(unsigned n, uint64_t x)
{
	for (;;) {
		const struct function *f = &functions[n];

		x = x * 31 + f->add;
		if (f->kind & 1)
			x += x < f->cut;
		if (f->kind & 2)
			for (unsigned i = 0; i < 3; i++)
				x = x + (x ^ f->add);
		if (f->next < 0)
			return x;
		n = (unsigned)f->next;
	}
}

static inline void program_put_function(struct function *f)
{
	f->pc = here();
	PUT(movz(10, f->add), madd(0, 0, 9, 10));
	if (f->kind & 1)
		PUT(subsi(XZR, 0, f->cut), cset(11, CC), add(0, 0, 11));
	if (f->kind & 2)
		PUT(movz(12, 3), eor(11, 0, 10), add(0, 0, 11), subsi(12, 12, 1), bc(NE, -3));
	if (f->next < 0) {
		put(ret(LR));
	} else if (f->kind & 4) { /* tail call */
		put(b(words_to(functions[f->next].pc)));
	} else {
		put(stp_pre(LR, 19, 31, -16));
		put(bl(words_to(functions[f->next].pc)));
		PUT(ldp_post(LR, 19, 31, 16), ret(LR));
	}
}

/* main: x0 start, x20 rounds, x22 random state, x23 table. */
static inline void program_put_main(void)
{
	code_seek(PROGRAM_MAIN - CODE);
	PUT(mov(21, LR), movz(9, 31));
	put_const(23, PROGRAM_TABLE);
	put_const(24, UINT64_C(6364136223846793005));
	put_const(25, FUNCTIONS);
	/* loop: x22 = x22 * x24 + 12345; x1 = (x22 >> 33) % x25 */
	PUT(movz(1, 12345), madd(22, 22, 24, 1), 0xd361fec1 /* lsr x1, x22, #33 */, udiv(2, 1, 25));
	PUT(0x9b198441 /* msub x1, x2, x25, x1 */, 0xf8617ae1 /* ldr x1, [x23, x1, lsl #3] */);
	PUT(blr(1), subsi(20, 20, 1), bc(NE, -8), ret(21));
}

static inline uint64_t program_run_model(uint64_t x, unsigned rounds, uint64_t random)
{
	while (rounds--) {
		random = random * UINT64_C(6364136223846793005) + 12345;
		x = program_model((unsigned)((random >> 33) % FUNCTIONS), x);
	}
	return x;
}

static inline void program_make(uint64_t *rng)
{
	uint64_t *table = (uint64_t *)(uintptr_t)PROGRAM_TABLE;

	code_clear();
	for (unsigned i = 0; i < FUNCTIONS; i++) {
		struct function *f = &functions[i];
		uint64_t r = unit_random(rng);

		*f = (struct function){ .add = r & 0x7fff, .cut = r >> 16 & 0xfff, .kind = r >> 28 & 7,
					.next = i && r >> 40 & 3 ? (int)((r >> 42) % i) : -1 };
		program_put_function(f);
		table[i] = f->pc;
		/* some on other pages than their neighbours */
		if (r >> 60 == 0)
			code_at += 64;
		assert_true(here() < PROGRAM_MAIN - 256);
	}
	program_put_main();
}

static inline void program_start(struct cpu *cpu, uint64_t x, unsigned rounds, uint64_t random)
{
	cpu->r[0] = x;
	cpu->r[20] = rounds;
	cpu->r[22] = random;
}
