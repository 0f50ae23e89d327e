/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Products of matrices of doubles and of singles, vectorised, with fused multiply-add.
 * class: fp
 * flags: -O3
 * native-flags: -mfma
 */
#include "bench.h"

enum { N = 120 };

static double a[N][N], b[N][N], c[N][N];
static float d[N][N], e[N][N], f[N][N];

static NOINLINE void multiply_double(void)
{
	for (int i = 0; i < N; i++) {
		for (int j = 0; j < N; j++)
			c[i][j] = 0;
		for (int k = 0; k < N; k++) {
			double v = a[i][k];

			for (int j = 0; j < N; j++)
				c[i][j] = __builtin_fma(v, b[k][j], c[i][j]);
		}
	}
}

/* Four rows at once, so that each element that is loaded is used four times. */
static NOINLINE void multiply_single(void)
{
	for (int i = 0; i < N; i += 4)
		for (int j = 0; j < N; j += 4) {
			float s[4][4] = {0};

			for (int k = 0; k < N; k++)
				for (int r = 0; r < 4; r++)
					for (int q = 0; q < 4; q++)
						s[r][q] = __builtin_fmaf(d[i + r][k],
									 e[k][j + q],
									 s[r][q]);
			for (int r = 0; r < 4; r++)
				memcpy(&f[i + r][j], s[r], sizeof(s[r]));
		}
}

int main(void)
{
	u64 h = 0;

	for (int i = 0; i < N; i++)
		for (int j = 0; j < N; j++) {
			a[i][j] = (s64)random_u64() * 0x1p-63;
			b[i][j] = (s64)random_u64() * 0x1p-63;
			d[i][j] = (s32)random_u64() * 0x1p-31f;
			e[i][j] = (s32)random_u64() * 0x1p-31f;
		}
	for (int round = 0; round < 150; round++) {
		multiply_double();
		multiply_single();
		h = mix(h, double_bits(c[round % N][3]) ^ float_bits(f[7][round % N]));
		a[round % N][round % N] += 1;
		e[round % N][round % N] -= 1;
	}
	printf("%016" PRIx64 " %016" PRIx64 " %016" PRIx64 "\n", h, hash_bytes(c, sizeof(c)),
	       hash_bytes(f, sizeof(f)));
	return 0;
}
