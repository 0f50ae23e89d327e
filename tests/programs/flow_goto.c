/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A bytecode interpreter with computed goto, running a prime sieve and a nested loop.
 * levels: O0
 * quick: yes
 */
#include "guest.h"

enum opcode {
	PUSH,
	ADD,
	SUB,
	MUL,
	LOAD,
	STORE,
	PEEK,
	POKE,
	LESS,
	JUMP,
	JZERO,
	PRINT,
	HALT
};

static NOINLINE u64 interpret(const s64 *code)
{
	static void *const labels[] = {&&push,  &&add,   &&sub,  &&mul,  &&load,
				       &&store, &&peek,  &&poke, &&less, &&jump,
				       &&jzero, &&print, &&halt};
	s64 stack[32], vars[8] = {0}, *sp = stack;
	static s64 memory[2000];
	const s64 *pc = code;
	u64 steps = 0;

#define NEXT     \
	steps++; \
	goto *labels[*pc++]
	NEXT;
push:
	*sp++ = *pc++;
	NEXT;
add:
	sp--;
	sp[-1] += sp[0];
	NEXT;
sub:
	sp--;
	sp[-1] -= sp[0];
	NEXT;
mul:
	sp--;
	sp[-1] *= sp[0];
	NEXT;
load:
	*sp++ = vars[*pc++];
	NEXT;
store:
	vars[*pc++] = *--sp;
	NEXT;
peek:
	sp[-1] = memory[sp[-1]];
	NEXT;
poke:
	sp -= 2;
	memory[sp[1]] = sp[0];
	NEXT;
less:
	sp--;
	sp[-1] = sp[-1] < sp[0];
	NEXT;
jump:
	pc = code + *pc;
	NEXT;
jzero:
	pc = *--sp ? pc + 1 : code + *pc;
	NEXT;
print:
	printf("%" PRId64 " ", *--sp);
	NEXT;
halt:
	putchar('\n');
	return steps;
}

int main(void)
{
	static const s64 sieve[] = {
		/* 0: i = 2; loop: if !(i < 2000) halt */
		PUSH,
		2,
		STORE,
		0,
		/* 4 */ LOAD,
		0,
		PUSH,
		2000,
		LESS,
		JZERO,
		53,
		/* 11: if memory[i] next */ LOAD,
		0,
		PEEK,
		JZERO,
		18,
		JUMP,
		44,
		/* 18: print i; j = i + i */ LOAD,
		0,
		PRINT,
		LOAD,
		0,
		LOAD,
		0,
		ADD,
		STORE,
		1,
		/* 28: while j < 2000 */ LOAD,
		1,
		PUSH,
		2000,
		LESS,
		JZERO,
		44,
		/* 35: memory[j] = 1; j += i */ PUSH,
		1,
		LOAD,
		1,
		POKE,
		JUMP,
		54,
		/* 42 */ HALT,
		HALT,
		/* 44: i++ */ LOAD,
		0,
		PUSH,
		1,
		ADD,
		STORE,
		0,
		JUMP,
		4,
		/* 53 */ HALT,
		/* 54 */ LOAD,
		1,
		LOAD,
		0,
		ADD,
		STORE,
		1,
		JUMP,
		28,
	};
	static const s64 loop[] = {
		PUSH,          0, STORE, 0,     PUSH, 0,     STORE, 1,
		/* 8 */ LOAD,  0, PUSH,  3,     MUL,  LOAD,  1,     SUB,  STORE, 1,
		/* 18 */ LOAD, 0, PUSH,  1,     ADD,  STORE, 0,
		/* 25 */ LOAD, 0, PUSH,  20000, LESS, JZERO, 34,    JUMP, 8,
		/* 34 */ LOAD, 1, PRINT, HALT,
	};

	printf("steps %" PRIu64 "\n", interpret(sieve));
	printf("steps %" PRIu64 "\n", interpret(loop));
	return 0;
}
