/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A number-theoretic transform (an FFT over integers) multiplying long polynomials.
 * levels: O3
 */
#include "guest.h"

enum { MOD = 998244353, ROOT = 3, N = 2048 };

static u32 power(u64 b, u32 e)
{
	u64 r = 1;

	for (; e; e >>= 1, b = b * b % MOD)
		if (e & 1)
			r = r * b % MOD;
	return r;
}

static void transform(u32 *v, bool inverse)
{
	for (int i = 1, j = 0; i < N; i++) {
		int bit = N >> 1;
		for (; j & bit; bit >>= 1)
			j ^= bit;
		j ^= bit;
		if (i < j) {
			u32 t = v[i];
			v[i] = v[j], v[j] = t;
		}
	}
	for (int len = 2; len <= N; len *= 2) {
		u32 w = power(ROOT, (MOD - 1) / len);
		if (inverse)
			w = power(w, MOD - 2);
		for (int i = 0; i < N; i += len) {
			u32 f = 1;
			for (int k = 0; k < len / 2; k++) {
				u32 a = v[i + k], b = (u64)v[i + k + len / 2] * f % MOD;
				v[i + k] = a + b < MOD ? a + b : a + b - MOD;
				v[i + k + len / 2] = a >= b ? a - b : a + MOD - b;
				f = (u64)f * w % MOD;
			}
		}
	}
	if (inverse) {
		u32 n = power(N, MOD - 2);
		for (int i = 0; i < N; i++)
			v[i] = (u64)v[i] * n % MOD;
	}
}

int main(void)
{
	static u32 a[N], b[N], c[N], d[N];

	for (int i = 0; i < N / 2; i++) {
		a[i] = random_u64() % MOD;
		b[i] = random_u64() % MOD;
	}
	for (int i = 0; i < N / 2; i++)
		for (int j = 0; j < N / 2; j += 1)
			d[i + j] = (d[i + j] + (u64)a[i] * b[j]) % MOD;
	transform(a, false);
	transform(b, false);
	for (int i = 0; i < N; i++)
		c[i] = (u64)a[i] * b[i] % MOD;
	transform(c, true);
	printf("%d %016" PRIx64 " %u %u\n", memcmp(c, d, sizeof(c)),
	       hash_bytes(c, sizeof(c)), c[0], c[N - 2]);
	return 0;
}
