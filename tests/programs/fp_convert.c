/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conversion between integers, float and double where C defines the result.
 * levels: O0 O3
 * quick: yes
 */
#include "guest.h"
#include <math.h>

static NOINLINE u64 from_integer(u64 v)
{
	u64 h = double_bits((double)v);

	h = mix(h, double_bits((double)(s64)v));
	h = mix(h, double_bits((double)(u32)v));
	h = mix(h, double_bits((double)(s32)v));
	h = mix(h, double_bits((double)(u16)v));
	h = mix(h, double_bits((double)(s8)v));
	h = mix(h, float_bits((float)v));
	h = mix(h, float_bits((float)(s64)v));
	h = mix(h, float_bits((float)(u32)v));
	h = mix(h, float_bits((float)(s32)v));
	return mix(h, double_bits((double)(s64)v * 0x1p-16));
}

static NOINLINE u64 to_integer(double d)
{
	u64 h = 0;

	if (d > -0x1p63 && d < 0x1p63)
		h = mix(h, (u64)(s64)d);
	if (d > -1 && d < 0x1p64)
		h = mix(h, (u64)d);
	if (d > -0x1p31 && d < 0x1p31)
		h = mix(h, (u64)(s32)d);
	if (d > -1 && d < 0x1p32)
		h = mix(h, (u32)d);
	if (d > -128 && d < 128)
		h = mix(h, (u64)(s8)d);
	return h;
}

static NOINLINE u64 between(double d)
{
	float f = d;

	return mix(float_bits(f), double_bits((double)f));
}

static NOINLINE u64 arrays(const s32 *v, size_t n)
{
	float f[64];
	double d[64];
	s32 back[64];

	for (size_t i = 0; i < n; i++)
		f[i] = v[i] * 0.5f;
	for (size_t i = 0; i < n; i++)
		d[i] = f[i];
	for (size_t i = 0; i < n; i++)
		back[i] = d[i];
	return hash_bytes(f, n * 4) ^ hash_bytes(d, n * 8) * 3 ^
	       hash_bytes(back, n * 4) * 5;
}

int main(void)
{
	static const double doubles[] = {0.0,
					 -0.0,
					 0.5,
					 -0.5,
					 0.99999,
					 -0.99999,
					 1.5,
					 2.5,
					 -1.5,
					 1e5,
					 2147483647.5,
					 -2147483647.5,
					 4294967295.5,
					 9.2e18,
					 1.8e19,
					 1e30,
					 1e-30,
					 0x1.ffffffp0,
					 0x1.fffffefffffffp0,
					 1e-40,
					 1e-46,
					 3.5e38,
					 0x1.fffffefp127,
					 INFINITY};
	s32 v[64];
	u64 h = 0;

	for (size_t i = 0; i < COUNT(corners); i++)
		printf("%016" PRIx64 " %016" PRIx64 "\n", corners[i],
		       from_integer(HIDE(corners[i])));
	for (size_t i = 0; i < COUNT(doubles); i++)
		printf("%a %016" PRIx64 " %016" PRIx64 " %016" PRIx64 "\n", doubles[i],
		       to_integer(doubles[i]), to_integer(-doubles[i]),
		       between(doubles[i]));
	for (int i = 0; i < 5000; i++) {
		u64 r = random_u64() >> (i & 63);
		h = mix(h, from_integer(r));
		h = mix(h, to_integer((s64)r * 0x1p-12));
		h = mix(h, between((s64)r * 0x1p-60 * i));
	}
	for (int i = 0; i < 64; i++)
		v[i] = (s32)random_u64() >> 8;
	printf("%016" PRIx64 " %016" PRIx64 "\n", h, arrays(v, 64));
	return 0;
}
