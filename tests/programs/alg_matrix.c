/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Matrices: products of int, float and double in plain and transposed order, determinants.
 * levels: O3
 */
#include "guest.h"

enum { N = 48 };

#define PRODUCT(type)                                                                    \
	static NOINLINE u64 product_##type(void)                                         \
	{                                                                                \
		static type a[N][N], b[N][N], c[N][N], d[N][N];                          \
		for (int i = 0; i < N; i++)                                              \
			for (int j = 0; j < N; j++) {                                    \
				a[i][j] = (type)((int)(random_u64() % 2001) - 1000) / 4; \
				b[i][j] = (type)((int)(random_u64() % 2001) - 1000) / 8; \
				c[i][j] = d[i][j] = 0;                                   \
			}                                                                \
		for (int i = 0; i < N; i++)                                              \
			for (int j = 0; j < N; j++)                                      \
				for (int k = 0; k < N; k++)                              \
					c[i][j] += a[i][k] * b[k][j];                    \
		for (int i = 0; i < N; i++)                                              \
			for (int k = 0; k < N; k++)                                      \
				for (int j = 0; j < N; j++)                              \
					d[i][j] += a[i][k] * b[k][j];                    \
		return hash_bytes(c, sizeof(c)) ^ (memcmp(c, d, sizeof(c)) != 0);        \
	}
PRODUCT(int)
PRODUCT(s64)
PRODUCT(s16)
PRODUCT(float)
PRODUCT(double)

static NOINLINE s64 determinant(int n, s64 m[6][6])
{
	s64 sum = 0, minor[6][6];

	if (n == 1)
		return m[0][0];
	for (int c = 0; c < n; c++) {
		for (int i = 1; i < n; i++)
			for (int j = 0, k = 0; j < n; j++)
				if (j != c)
					minor[i - 1][k++] = m[i][j];
		sum += (c % 2 ? -1 : 1) * m[0][c] * determinant(n - 1, minor);
	}
	return sum;
}

static void print(u64 hash)
{
	printf("%016" PRIx64 "\n", hash);
}

int main(void)
{
	s64 m[6][6];

	print(product_int());
	print(product_s64());
	print(product_s16());
	print(product_float());
	print(product_double());
	for (int i = 0; i < 36; i++)
		m[i / 6][i % 6] = (s64)(random_u64() % 19) - 9;
	printf("%" PRId64 "\n", determinant(6, m));
	return 0;
}
