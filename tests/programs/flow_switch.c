/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Switch statements: dense tables, sparse trees, ranges, strings of fall-through.
 * levels: O0
 * quick: yes
 */
#include "guest.h"

static NOINLINE u32 dense(u32 op, u32 v)
{
	switch (op) {
	case 0: return v + 1;
	case 1: return v * 3;
	case 2: return v ^ 0x55;
	case 3: v += 7;  /* fall through */
	case 4: v <<= 1; /* fall through */
	case 5: return v - 9;
	case 6: return ~v;
	case 7: return v >> 3;
	case 8: return v | 0x1000;
	case 9: return v & 0xfff0f;
	case 10: return v * v;
	case 12: return v / 3;
	case 13: return v % 17;
	case 15: return -v;
	default: return v + op;
	}
}

static NOINLINE int sparse(s64 v)
{
	switch (v) {
	case -1000000000000: return 1;
	case -70000: return 2;
	case -1: return 3;
	case 0: return 4;
	case 5 ... 99: return 5;
	case 1000: return 6;
	case 1000000: return 7;
	case 0x123456789: return 8;
	case INT64_MAX: return 9;
	case INT64_MIN: return 10;
	}
	return 0;
}

static NOINLINE int classify(int c)
{
	switch (c) {
	case '0' ... '9': return 'd';
	case 'a' ... 'f':
	case 'A' ... 'F': return 'x';
	case 'g' ... 'z':
	case 'G' ... 'Z': return 'a';
	case ' ':
	case '\t':
	case '\n': return 's';
	case '+':
	case '-':
	case '*':
	case '/': return 'o';
	default: return '?';
	}
}

int main(void)
{
	u32 v = 1;

	for (u32 i = 0; i < 100000; i++)
		v = dense(random_u64() % 18, v) + (v >> 16);
	printf("dense %u\n", v);
	static const s64 keys[] = {-1000000000000,
				   -70000,
				   -1,
				   0,
				   4,
				   5,
				   50,
				   99,
				   100,
				   1000,
				   999999,
				   1000000,
				   0x123456789,
				   INT64_MAX,
				   INT64_MIN,
				   1};
	for (size_t i = 0; i < COUNT(keys); i++)
		printf("%d ", sparse(keys[i]));
	putchar('\n');
	for (int c = 0; c < 128; c++)
		putchar(classify(c));
	putchar('\n');
	return 0;
}
