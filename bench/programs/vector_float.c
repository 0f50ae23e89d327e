/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loops that GCC vectorises at -O3, on float and double.
 * class: simd
 * flags: -O3
 */
#include "bench.h"
#include <math.h>

enum { N = 2048 };

static float a[N], b[N], c[N];
static double x[N], y[N], z[N];

static NOINLINE void axpy(float k)
{
	for (int i = 0; i < N; i++)
		c[i] = a[i] * k + b[i];
}

static NOINLINE void normalise(void)
{
	for (int i = 0; i < N; i++)
		z[i] = x[i] / sqrt(x[i] * x[i] + y[i] * y[i] + 1);
}

static NOINLINE void widen(void)
{
	for (int i = 0; i < N; i++)
		y[i] = c[i] * 0.5 + z[i];
}

static NOINLINE void choose(void)
{
	for (int i = 0; i < N; i++)
		a[i] = c[i] > b[i] ? c[i] * 0.25f : b[i] - a[i];
}

int main(void)
{
	u64 h = 0;

	for (int i = 0; i < N; i++) {
		a[i] = (s32)random_u64() * 0x1p-28f;
		b[i] = (s32)random_u64() * 0x1p-29f;
		x[i] = (s64)random_u64() * 0x1p-60;
		y[i] = (s64)random_u64() * 0x1p-61;
	}
	for (int round = 0; round < 20000; round++) {
		axpy(1.0f / (round % 7 + 1));
		normalise();
		widen();
		choose();
		if (round % 100 == 0)
			h = mix(h, hash_bytes(a, sizeof(a)) ^ hash_bytes(y, sizeof(y)));
	}
	printf("%016" PRIx64 "\n", h);
	return 0;
}
