/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many arguments of all types in registers and on the stack; large and variable frames.
 * levels: O0
 */
#include "guest.h"
#include <alloca.h>

static NOINLINE u64 integers(u8 a, s8 b, u16 c, s16 d, u32 e, s32 f, u64 g, s64 h, u8 i,
			     s8 j, u16 k, s16 l, u32 m, s32 n, u64 o, s64 p)
{
	u64 r = mix(mix(a, b), mix(c, d));

	r = mix(r, mix(mix(e, f), mix(g, h)));
	r = mix(r, mix(mix(i, j), mix(k, l)));
	return mix(r, mix(mix(m, n), mix(o, p)));
}

static NOINLINE double floats(float a, double b, float c, double d, float e, double f,
			      float g, double h, float i, double j, float k, double l)
{
	return a + b * 2 - c * 3 + d * 4 - e * 5 + f * 6 - g * 7 + h * 8 - i * 9 +
	       j * 10 - k * 11 + l * 12;
}

static NOINLINE double both(int a, double b, int c, float d, u64 e, double f, u8 g,
			    double h, int i, float j, int k, double l, int m, double n,
			    int o, double p, int q, double r)
{
	return a + b + c * d + e * f + g * h + i * j + k * l + m * n + o * p + q * r;
}

static NOINLINE u64 large_frame(u64 v)
{
	volatile u64 frame[5000];

	for (size_t i = 0; i < COUNT(frame); i++)
		frame[i] = v * i;
	for (size_t i = 1; i < COUNT(frame); i++)
		v ^= frame[i] + frame[i - 1];
	return v;
}

static NOINLINE u64 variable_frame(size_t n)
{
	u8 *a = alloca(n), *b = alloca(n * 2 + 1);

	for (size_t i = 0; i < n; i++)
		a[i] = i, b[2 * i] = i * 3, b[2 * i + 1] = ~i;
	return hash_bytes(a, n) ^ hash_bytes(b, 2 * n);
}

int main(void)
{
	u64 h = 0;

	FOR_CORNER_PAIRS (a, b)
		h = mix(h, integers(a, b, a, b, a, b, a, b, b, a, b, a, b, a, b, a));
	printf("%016" PRIx64 "\n", h);
	printf("%.17g\n", floats(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
	printf("%.17g\n",
	       both(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18));
	printf("%016" PRIx64 "\n", large_frame(12345));
	for (size_t n = 0; n < 5000; n += 499)
		printf("%016" PRIx64 "\n", variable_frame(n));
	return 0;
}
