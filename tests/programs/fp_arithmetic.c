/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exactly rounded arithmetic in double and float over corner values: + - * / sqrt fma.
 * levels: O0
 * quick: yes
 */
#include "guest.h"
#include <math.h>

static double values[] = {0.0,
			  -0.0,
			  1.0,
			  -1.0,
			  1.5,
			  1.0 / 3,
			  1e308,
			  -1e308,
			  1e-308,
			  5e-324,
			  -5e-324,
			  2.2250738585072014e-308,
			  1e16,
			  9007199254740993.0,
			  3.14159265358979,
			  INFINITY,
			  -INFINITY,
			  0.1,
			  1e-200,
			  1e200,
			  16777217.0,
			  3.4e38,
			  1e-45};

/* The sign of a default NaN differs between the machines: all NaNs are one here. */
static u64 bits64(double d)
{
	return d != d ? 0x7ff8 : double_bits(d);
}

static u64 bits32(float f)
{
	return f != f ? 0x7fc0 : float_bits(f);
}

static NOINLINE u64 doubles(double a, double b)
{
	u64 h = bits64(a + b);

	h = mix(h, bits64(a - b));
	h = mix(h, bits64(a * b));
	h = mix(h, bits64(a / b));
	h = mix(h, bits64(sqrt(a)));
	h = mix(h, bits64(fma(a, b, a)));
	h = mix(h, bits64(fma(-a, b, b)));
	h = mix(h, bits64(-a));
	h = mix(h, bits64(fabs(a) - b * b));
	return mix(h, bits64(a * b + a / 7));
}

static NOINLINE u64 floats(float a, float b)
{
	u64 h = bits32(a + b);

	h = mix(h, bits32(a - b));
	h = mix(h, bits32(a * b));
	h = mix(h, bits32(a / b));
	h = mix(h, bits32(sqrtf(a)));
	h = mix(h, bits32(fmaf(a, b, a)));
	h = mix(h, bits32(fmaf(-a, b, b)));
	h = mix(h, bits32(fabsf(a) - b));
	h = mix(h, bits64((double)a * b));
	return mix(h, bits32((double)a + b));
}

int main(void)
{
	for (size_t i = 0; i < COUNT(values); i++) {
		u64 h = 0, g = 0;
		for (size_t j = 0; j < COUNT(values); j++) {
			h = mix(h, doubles(HIDE(*(u64 *)&values[i]) ? values[i] : 0,
					   values[j]));
			g = mix(g, floats(values[i], values[j]));
		}
		printf("%a %016" PRIx64 " %016" PRIx64 "\n", values[i], h, g);
	}
	u64 h = 0;
	for (int i = 0; i < 20000; i++) {
		double a = (s64)random_u64() * 0x1p-40, b = (s64)random_u64() * 0x1p-50;
		h = mix(h, doubles(a, b));
		h = mix(h, floats(a, b));
	}
	printf("random %016" PRIx64 "\n", h);
	return 0;
}
