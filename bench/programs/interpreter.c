/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Dispatch: a bytecode interpreter with computed goto running nested loops.
 * class: calls
 */
#include "bench.h"

enum { PUSH, ADD, SUB, MUL, XOR, LOAD, STORE, LESS, JUMP, JZERO, HALT };

static NOINLINE u64 interpret(const s64 *code, u64 *steps)
{
	static void *const labels[] = {&&push,  &&add,  &&sub,  &&mul,   &&xor, &&load,
				       &&store, &&less, &&jump, &&jzero, &&halt};
	s64 stack[32], vars[8] = {0}, *sp = stack;
	const s64 *pc = code;
	u64 n = 0;

#define NEXT goto *(n++, labels[*pc++])
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
	xor : sp--;
	sp[-1] ^= sp[0];
	NEXT;
load:
	*sp++ = vars[*pc++];
	NEXT;
store:
	vars[*pc++] = *--sp;
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
halt:
	*steps = n;
	return vars[2];
}

/* 4: for i < 12000; 15: for j < 1000; 22: v = (v * 31 ^ i) + j; 44: next i; 53: end. */
int main(void)
{
	static const s64 code[] = {
		PUSH,  0, STORE, 0,  LOAD, 0,     PUSH, 12000, LESS, JZERO, 53,
		PUSH,  0, STORE, 1,  LOAD, 1,     PUSH, 1000,  LESS, JZERO, 44,
		LOAD,  2, PUSH,  31, MUL,  LOAD,  0,    XOR,   LOAD, 1,     ADD,
		STORE, 2, LOAD,  1,  PUSH, 1,     ADD,  STORE, 1,    JUMP,  15,
		LOAD,  0, PUSH,  1,  ADD,  STORE, 0,    JUMP,  4,    HALT};
	u64 steps, v = interpret(code, &steps);

	printf("%016" PRIx64 " %" PRIu64 "\n", v, steps);
	return 0;
}
