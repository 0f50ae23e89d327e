/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Division and remainder, all widths, at the corners that C defines, and by constants.
 * levels: O0
 * quick: yes
 */
#include "guest.h"

#define DIVIDE(type, min)                                               \
	static NOINLINE u64 divide_##type(type a, type b)               \
	{                                                               \
		if (b == 0 || (min && a == (type)min && b == (type)-1)) \
			return 1;                                       \
		return mix((u64)(type)(a / b), (u64)(type)(a % b));     \
	}
DIVIDE(u8, 0)
DIVIDE(s8, INT8_MIN)
DIVIDE(u16, 0)
DIVIDE(s16, INT16_MIN)
DIVIDE(u32, 0)
DIVIDE(s32, INT32_MIN)
DIVIDE(u64, 0)
DIVIDE(s64, INT64_MIN)

static NOINLINE u64 by_constants(u64 v)
{
	u32 w = v;
	s64 s = v;
	s32 t = v;

	return mix(mix(v / 3, v % 7), mix(v / 10, v % 1000000007)) ^
	       mix(mix(w / 3, w % 7), mix(w / 10, w % 641)) ^
	       mix(mix(s / 3, s % 7), mix(s / -10, s % 16)) ^
	       mix(mix(t / 3, t % 7), mix(t / 8, t % -1000));
}

static NOINLINE u64 gcd(u64 a, u64 b)
{
	while (b) {
		u64 t = a % b;
		a = b;
		b = t;
	}
	return a;
}

static NOINLINE u64 power_mod(u64 base, u64 exponent, u64 modulus)
{
	u64 r = 1 % modulus;

	for (base %= modulus; exponent; exponent >>= 1) {
		if (exponent & 1)
			r = (u128)r * base % modulus;
		base = (u128)base * base % modulus;
	}
	return r;
}

int main(void)
{
	u64 h[10] = {0};

	FOR_CORNER_PAIRS (a, b) {
		h[0] = mix(h[0], divide_u8(a, b));
		h[1] = mix(h[1], divide_s8(a, b));
		h[2] = mix(h[2], divide_u16(a, b));
		h[3] = mix(h[3], divide_s16(a, b));
		h[4] = mix(h[4], divide_u32(a, b));
		h[5] = mix(h[5], divide_s32(a, b));
		h[6] = mix(h[6], divide_u64(a, b));
		h[7] = mix(h[7], divide_s64(a, b));
		h[8] = mix(h[8], gcd(a, b));
		if (b)
			h[9] = mix(h[9], power_mod(a, b, b | 1));
	}
	for (size_t i = 0; i < COUNT(h); i++)
		printf("%zu %016" PRIx64 "\n", i, h[i]);
	for (size_t i = 0; i < COUNT(corners); i++)
		printf("%016" PRIx64 "\n", by_constants(corners[i]));
	printf("%" PRId64 " %" PRId64 "\n", HIDE((s64)-7) / 2, HIDE((s64)-7) % 2);
	return 0;
}
