/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Multiplication: low, high, widening, accumulate and negate, signed and unsigned.
 * levels: O0 O3
 * quick: yes
 */
#include "guest.h"

static NOINLINE u64 high_unsigned(u64 a, u64 b)
{
	return (u128)a * b >> 64;
}

static NOINLINE s64 high_signed(s64 a, s64 b)
{
	return (s128)a * b >> 64;
}

static NOINLINE u64 widening(u32 a, u32 b, u64 c)
{
	u64 h = (u64)a * b;

	h = mix(h, c + (u64)a * b);
	h = mix(h, c - (u64)a * b);
	h = mix(h, -((u64)a * b));
	h = mix(h, (u64)(s32)a * (s32)b);
	h = mix(h, c + (s64)(s32)a * (s32)b);
	h = mix(h, c - (s64)(s32)a * (s32)b);
	return mix(h, -((s64)(s32)a * (s32)b));
}

static NOINLINE u64 same_width(u64 a, u64 b, u64 c)
{
	u32 x = a, y = b, z = c;
	u64 h = a * b;

	h = mix(h, c + a * b);
	h = mix(h, c - a * b);
	h = mix(h, -(a * b));
	h = mix(h, x * y);
	h = mix(h, z + x * y);
	h = mix(h, z - x * y);
	h = mix(h, (u16)(x * y));
	return mix(h, (u8)(x * y));
}

static NOINLINE u64 by_constants(u64 a)
{
	u32 x = a;

	return mix(mix(a * 3, a * 5), mix(a * 10, a * 1000003)) ^
	       mix(mix(x * 7, x * 9), mix(x * 100, x * 0x10001));
}

int main(void)
{
	u64 h = 0, w = 0, s = 0;

	FOR_CORNER_PAIRS (a, b) {
		h = mix(h, high_unsigned(a, b));
		h = mix(h, high_signed(a, b));
		w = mix(w, widening(a, b, a ^ b));
		s = mix(s, same_width(a, b, a - b));
	}
	printf("high %016" PRIx64 " widening %016" PRIx64 " same %016" PRIx64 "\n", h, w,
	       s);
	for (size_t i = 0; i < COUNT(corners); i++)
		printf("%016" PRIx64 " %016" PRIx64 "\n", corners[i],
		       by_constants(corners[i]));
	return 0;
}
