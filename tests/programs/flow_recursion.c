/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recursion: deep, mutual, tree-shaped and by tail call; the return predictor's worst cases.
 * levels: O0
 * quick: yes
 */
#include "guest.h"

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

static NOINLINE bool is_odd(unsigned n);

static NOINLINE bool is_even(unsigned n)
{
	return n == 0 || is_odd(n - 1);
}

static NOINLINE bool is_odd(unsigned n)
{
	return n != 0 && is_even(n - 1);
}

static NOINLINE u64 deep(unsigned n, u64 v)
{
	volatile u64 local = v * n;

	if (n == 0)
		return v;
	return deep(n - 1, v * 3 + n) ^ local;
}

static unsigned moves;

static NOINLINE void hanoi(int n, int from, int to, int via)
{
	if (n == 0)
		return;
	hanoi(n - 1, from, via, to);
	moves = moves * 31 + from * 3 + to;
	hanoi(n - 1, via, to, from);
}

static NOINLINE int takeuchi(int x, int y, int z)
{
	if (x <= y)
		return y;
	return takeuchi(takeuchi(x - 1, y, z), takeuchi(y - 1, z, x),
			takeuchi(z - 1, x, y));
}

static void permute(char *s, int at, u64 *hash)
{
	if (!s[at]) {
		*hash = mix(*hash, hash_bytes(s, at));
		return;
	}
	for (int i = at; s[i]; i++) {
		char c = s[at];
		s[at] = s[i], s[i] = c;
		permute(s, at + 1, hash);
		c = s[at], s[at] = s[i], s[i] = c;
	}
}

int main(void)
{
	char letters[] = "abcdefg";
	u64 h = 0;

	printf("fib %" PRIu64 "\n", fibonacci(22));
	printf("ackermann %u\n", ackermann(2, 60));
	printf("even %d odd %d\n", is_even(10000), is_odd(10001));
	printf("deep %016" PRIx64 "\n", deep(20000, 1));
	hanoi(12, 1, 3, 2);
	printf("hanoi %u\n", moves);
	printf("takeuchi %d\n", takeuchi(10, 5, 0));
	permute(letters, 0, &h);
	printf("permutations %016" PRIx64 "\n", h);
	return 0;
}
