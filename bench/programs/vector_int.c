/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loops that GCC vectorises at -O3, on integers of all widths.
 * class: simd
 * flags: -O3
 */
#include "bench.h"

enum { N = 4096 };

static u8 a8[N], b8[N], c8[N];
static s16 a16[N], b16[N];
static s32 a32[N], b32[N];

static NOINLINE void blend(void)
{
	for (int i = 0; i < N; i++)
		c8[i] = (a8[i] * 3 + b8[i] * 5 + 4) >> 3;
}

static NOINLINE u32 difference(void)
{
	u32 sum = 0;

	for (int i = 0; i < N; i++)
		sum += a8[i] > b8[i] ? a8[i] - b8[i] : b8[i] - a8[i];
	return sum;
}

static NOINLINE s32 dot(void)
{
	s32 sum = 0;

	for (int i = 0; i < N; i++)
		sum += a16[i] * b16[i];
	return sum;
}

static NOINLINE void hash_step(s32 k)
{
	for (int i = 0; i < N; i++)
		a32[i] = (a32[i] * 31 ^ b32[i]) + (a32[i] >> 5) + k;
}

static NOINLINE s32 extremes(void)
{
	s32 low = INT32_MAX, high = INT32_MIN;

	for (int i = 0; i < N; i++) {
		low = a32[i] < low ? a32[i] : low;
		high = a32[i] > high ? a32[i] : high;
	}
	return low ^ high;
}

int main(void)
{
	u64 h = 0;

	for (int i = 0; i < N; i++) {
		a8[i] = random_u64();
		b8[i] = random_u64();
		a16[i] = random_u64();
		b16[i] = random_u64();
		a32[i] = random_u64();
		b32[i] = random_u64();
	}
	for (int round = 0; round < 40000; round++) {
		blend();
		h = mix(h, difference());
		h = mix(h, dot());
		hash_step(round);
		h = mix(h, extremes() + c8[round & (N - 1)]);
		a8[round & (N - 1)]++;
	}
	printf("%016" PRIx64 "\n", h);
	return 0;
}
