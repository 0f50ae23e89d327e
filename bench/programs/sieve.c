/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Integer work: a sieve of bytes and one of bits.
 * class: integer
 */
#include "bench.h"

enum { N = 4000000 };

static u8 bytes[N];
static u64 bits[N / 64 + 1];

int main(void)
{
	for (int round = 0; round < 14; round++) {
		int a = 0, b = 0;

		memset(bytes, 0, sizeof(bytes));
		for (u32 i = 2; i * i < N; i++)
			if (!bytes[i])
				for (u32 j = i * i; j < N; j += i)
					bytes[j] = 1;
		for (u32 i = 2; i < N; i++)
			a += !bytes[i];
		memset(bits, 0, sizeof(bits));
		for (u32 i = 2; i * i < N; i++)
			if (!(bits[i / 64] >> i % 64 & 1))
				for (u32 j = i * i; j < N; j += i)
					bits[j / 64] |= 1ull << j % 64;
		for (u32 i = 2; i < N; i++)
			b += !(bits[i / 64] >> i % 64 & 1);
		printf("%d %d\n", a, b);
	}
	return 0;
}
