/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls: function pointers from a table in a changing order, and objects with methods.
 * class: calls
 */
#include "bench.h"

typedef u64 operation(u64, u64);

static NOINLINE u64 f0(u64 a, u64 b)
{
	return a + b;
}
static NOINLINE u64 f1(u64 a, u64 b)
{
	return a ^ b;
}
static NOINLINE u64 f2(u64 a, u64 b)
{
	return a * 3 + b;
}
static NOINLINE u64 f3(u64 a, u64 b)
{
	return (a >> 7) + (b << 3);
}
static NOINLINE u64 f4(u64 a, u64 b)
{
	return a - b;
}
static NOINLINE u64 f5(u64 a, u64 b)
{
	return (a << 5 | a >> 59) ^ b;
}
static NOINLINE u64 f6(u64 a, u64 b)
{
	return ~a + b;
}
static NOINLINE u64 f7(u64 a, u64 b)
{
	return a | b;
}

static operation *volatile table[8] = {f0, f1, f2, f3, f4, f5, f6, f7};

int main(void)
{
	u64 v = 1;

	/* The same target each time, a short cycle of targets, and no pattern at all. */
	for (u64 i = 0; i < 40000000; i++)
		v = table[2](v, i);
	printf("%016" PRIx64 "\n", v);
	for (u64 i = 0; i < 40000000; i++)
		v = table[i & 3](v, i);
	printf("%016" PRIx64 "\n", v);
	for (u64 i = 0; i < 8000000; i++)
		v = table[random_u64() >> 61](v, i);
	printf("%016" PRIx64 "\n", v);
	return 0;
}
