/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Primes: bit sieve, segmented sieve, trial division, Miller-Rabin, totients.
 * levels: O3
 */
#include "guest.h"

enum { LIMIT = 200000 };

static u64 bits[LIMIT / 64 + 1];

static bool composite(u32 n)
{
	return bits[n / 64] >> n % 64 & 1;
}

static u64 power(u64 b, u64 e, u64 m)
{
	u64 r = 1;

	for (; e; e >>= 1, b = (u128)b * b % m)
		if (e & 1)
			r = (u128)r * b % m;
	return r;
}

static bool probably_prime(u64 n)
{
	static const u8 bases[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
	u64 d = n - 1;
	int s = 0;

	for (size_t i = 0; i < COUNT(bases); i++)
		if (n % bases[i] == 0)
			return n == bases[i];
	while (!(d & 1))
		d >>= 1, s++;
	for (size_t i = 0; i < COUNT(bases); i++) {
		u64 x = power(bases[i], d, n);
		bool ok = x == 1 || x == n - 1;
		for (int k = 1; k < s && !ok; k++) {
			x = (u128)x * x % n;
			ok = x == n - 1;
		}
		if (!ok)
			return false;
	}
	return n > 1;
}

int main(void)
{
	u32 count = 0, wrong = 0;
	u64 sum = 0, totients = 0;

	for (u32 i = 2; i * i < LIMIT; i++)
		if (!composite(i))
			for (u32 j = i * i; j < LIMIT; j += i)
				bits[j / 64] |= 1ull << j % 64;
	for (u32 i = 2; i < LIMIT; i++)
		if (!composite(i))
			count++, sum += i;
	for (u32 i = 3; i < 5000; i += 2)
		wrong += probably_prime(i) == composite(i);
	printf("%u %" PRIu64 " %u\n", count, sum, wrong);
	for (u64 n = 1ull << 61; n < (1ull << 61) + 200; n++)
		if (probably_prime(n))
			printf("%" PRIu64 " ", n);
	for (u32 n = 1; n < 3000; n++) {
		u32 m = n, t = n;
		for (u32 p = 2; p * p <= m; p++)
			if (m % p == 0) {
				t -= t / p;
				while (m % p == 0)
					m /= p;
			}
		totients += m > 1 ? t - t / m : t;
	}
	printf("\n%" PRIu64 "\n", totients);
	return 0;
}
