/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A register machine with encoded instructions, run by a switch: a guest within the guest.
 * levels: O0
 */
#include "guest.h"

/* 32-bit words: op 31:26, d 25:21, a 20:16, signed immediate 15:0 (b is its low five bits). */
enum {
	ADDI,
	ADD,
	SUB,
	MUL,
	AND,
	XOR,
	SHL,
	SHR,
	LD,
	ST,
	BEQ,
	BNE,
	BLT,
	JAL,
	JR,
	OUT,
	STOP
};
#define INS(op, d, a, i) ((u32)(op) << 26 | (d) << 21 | (a) << 16 | ((i)&0xffff))

static u32 memory[4096];

static u64 run(u64 limit)
{
	s32 r[32] = {0};
	u32 pc = 0;
	u64 n;

	for (n = 0; n < limit; n++) {
		u32 w = memory[pc++ & 4095];
		int d = w >> 21 & 31, a = w >> 16 & 31, b = w & 31;
		s32 i = (s16)w;
		switch (w >> 26) {
		case ADDI: r[d] = r[a] + i; break;
		case ADD: r[d] = r[a] + r[b]; break;
		case SUB: r[d] = r[a] - r[b]; break;
		case MUL: r[d] = r[a] * r[b]; break;
		case AND: r[d] = r[a] & i; break;
		case XOR: r[d] = r[a] ^ r[b]; break;
		case SHL: r[d] = r[a] << (i & 31); break;
		case SHR: r[d] = (u32)r[a] >> (i & 31); break;
		case LD: r[d] = memory[(r[a] + i) & 4095]; break;
		case ST: memory[(r[a] + i) & 4095] = r[d]; break;
		case BEQ: pc += r[d] == r[a] ? i : 0; break;
		case BNE: pc += r[d] != r[a] ? i : 0; break;
		case BLT: pc += r[d] < r[a] ? i : 0; break;
		case JAL:
			r[d] = pc;
			pc += i;
			break;
		case JR: pc = r[a]; break;
		case OUT: printf("%d ", r[d]); break;
		case STOP: putchar('\n'); return n;
		}
		r[0] = 0;
	}
	return n;
}

int main(void)
{
	static const u32
		collatz[] =
			{
				INS(ADDI, 1, 0, 27), /* n */
				INS(ADDI, 2, 0, 1),  /* one */
				INS(ADDI, 3, 0, 0),  /* steps */
				INS(BEQ, 1, 2, 8),   /* 3: n == 1: out */
				INS(AND, 4, 1, 1),    INS(BEQ, 4, 0, 3),
				INS(ADDI, 5, 0, 3),   INS(MUL, 1, 1, 5),
				INS(ADDI, 1, 1, 2), /* 3n + 2, the shift makes (3n + 1) / 2 */
				INS(SHR, 1, 1, 1),    INS(ADDI, 3, 3, 1),
				INS(BEQ, 0, 0, -9),   INS(OUT, 3, 0, 0),
				INS(ADDI, 6, 0, 0), /* a call per loop: sum of squares */
				INS(ADDI, 7, 0, 300), INS(JAL, 31, 0, 4), /* 15 */
				INS(ADDI, 6, 6, 1),   INS(BLT, 6, 7, -3),
				INS(OUT, 8, 0, 0),    INS(STOP, 0, 0, 0),
				INS(MUL, 9, 6, 6), /* 20 */
				INS(ADD, 8, 8, 9),    INS(ST, 8, 6, 1000),
				INS(JR, 0, 31, 0),
			};

	memcpy(memory, collatz, sizeof(collatz));
	u64 n = run(1000000);
	printf("%" PRIu64 " %016" PRIx64 "\n", n, hash_bytes(memory, sizeof(memory)));
	return 0;
}
