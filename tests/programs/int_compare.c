/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every comparison of every width over all corner pairs: branches, values and selections.
 * levels: O0 O3
 * quick: yes
 */
#include "guest.h"

#define COMPARE(type)                                                                 \
	static NOINLINE u64 compare_##type(type a, type b)                            \
	{                                                                             \
		unsigned v = (a < b) | (a <= b) << 1 | (a > b) << 2 | (a >= b) << 3 | \
			     (a == b) << 4 | (a != b) << 5;                           \
		if (a < b)                                                            \
			v += 100;                                                     \
		else if (a == b)                                                      \
			v += 200;                                                     \
		if (a > (type)(b + 1))                                                \
			v += 1000;                                                    \
		if ((a & b) == 0)                                                     \
			v += 3000;                                                    \
		if ((type)(a + b) == 0)                                               \
			v += 7000;                                                    \
		if ((type)(a - b) < 0)                                                \
			v += 20000;                                                   \
		return mix(v, (u64)(a > b ? a : b) ^ (u64)(a < 5 ? b : a) * 3);       \
	}
COMPARE(u8)
COMPARE(s8)
COMPARE(u16)
COMPARE(s16)
COMPARE(u32)
COMPARE(s32)
COMPARE(u64)
COMPARE(s64)

static NOINLINE int chains(s64 a, s64 b, u32 c, u32 d)
{
	int n = 0;

	if (a > b && c < d)
		n |= 1;
	if (a == 7 || (b != 8 && c <= 31))
		n |= 2;
	if ((a < 0 && b < 0) || (c > 5 && d > 6 && a != b))
		n |= 4;
	if (!(a >= b) == (c >= d))
		n |= 8;
	if (a & 1 << 5)
		n |= 16;
	if (!(b & 1ll << 40))
		n |= 32;
	return n;
}

int main(void)
{
	u64 h[9] = {0};

	FOR_CORNER_PAIRS (a, b) {
		h[0] = mix(h[0], compare_u8(a, b));
		h[1] = mix(h[1], compare_s8(a, b));
		h[2] = mix(h[2], compare_u16(a, b));
		h[3] = mix(h[3], compare_s16(a, b));
		h[4] = mix(h[4], compare_u32(a, b));
		h[5] = mix(h[5], compare_s32(a, b));
		h[6] = mix(h[6], compare_u64(a, b));
		h[7] = mix(h[7], compare_s64(a, b));
		h[8] = mix(h[8], chains(a, b, b, a));
	}
	for (size_t i = 0; i < COUNT(h); i++)
		printf("%zu %016" PRIx64 "\n", i, h[i]);
	return 0;
}
