/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls: recursive Fibonacci and Ackermann.
 * class: calls
 * flags: -fno-inline
 */
#include "bench.h"

static NOINLINE u64 fibonacci(unsigned n)
{
	return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

static NOINLINE unsigned ackermann(unsigned m, unsigned n)
{
	if (m == 0)
		return n + 1;
	return ackermann(m - 1, n ? ackermann(m, n - 1) : 1);
}

int main(void)
{
	printf("%" PRIu64 "\n", fibonacci(37));
	for (int i = 0; i < 60; i++)
		printf("%u\n", ackermann(2, 500 + i));
	return 0;
}
