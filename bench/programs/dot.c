/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Dot products with fused multiply-add: one chain of doubles, and four lanes of singles and
 * two of doubles in four chains.
 * class: fp
 * flags: -O3
 * native-flags: -mfma
 */
#include "bench.h"

enum { N = 4096 };

typedef float floats __attribute__((vector_size(16)));
typedef double doubles __attribute__((vector_size(16)));

static double x[N], y[N];
static float a[N], b[N];

static NOINLINE double dot_scalar(void)
{
	double s = 0;

	for (int i = 0; i < N; i++)
		s = __builtin_fma(x[i], y[i], s);
	return s;
}

static inline doubles fma2(doubles u, doubles v, doubles w)
{
	for (int k = 0; k < 2; k++)
		w[k] = __builtin_fma(u[k], v[k], w[k]);
	return w;
}

static inline floats fma4(floats u, floats v, floats w)
{
	for (int k = 0; k < 4; k++)
		w[k] = __builtin_fmaf(u[k], v[k], w[k]);
	return w;
}

static NOINLINE double dot_double(void)
{
	const doubles *u = (const doubles *)x, *v = (const doubles *)y;
	doubles s[4] = {0};

	for (int i = 0; i < N / 2; i += 4)
		for (int k = 0; k < 4; k++)
			s[k] = fma2(u[i + k], v[i + k], s[k]);
	s[0] += s[1] + s[2] + s[3];
	return s[0][0] + s[0][1];
}

static NOINLINE float dot_single(void)
{
	const floats *u = (const floats *)a, *v = (const floats *)b;
	floats s[4] = {0};

	for (int i = 0; i < N / 4; i += 4)
		for (int k = 0; k < 4; k++)
			s[k] = fma4(u[i + k], v[i + k], s[k]);
	s[0] += s[1] + s[2] + s[3];
	return s[0][0] + s[0][1] + s[0][2] + s[0][3];
}

int main(void)
{
	double sum = 0;

	for (int i = 0; i < N; i++) {
		x[i] = (s64)random_u64() * 0x1p-63;
		y[i] = (s64)random_u64() * 0x1p-63;
		a[i] = (s32)random_u64() * 0x1p-31f;
		b[i] = (s32)random_u64() * 0x1p-31f;
	}
	for (int round = 0; round < 50000; round++) {
		if (round % 5 == 0)
			sum += dot_scalar();
		sum += dot_double();
		sum += dot_single();
		x[round & (N - 1)] *= 0.875;
		b[round & (N - 1)] *= 1.125f;
	}
	printf("%a\n", sum);
	return 0;
}
