/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shifts and rotates of every width by every legal amount, constant and variable.
 * levels: O0 O3
 * quick: yes
 */
#include "guest.h"

#define SHIFTS(type, stype, bits)                                              \
	static NOINLINE u64 shift_##bits(u64 raw)                              \
	{                                                                      \
		u64 h = 0;                                                     \
		type v = (type)raw;                                            \
		for (unsigned n = 0; n < bits; n++) {                          \
			unsigned k = HIDE(n);                                  \
			h = mix(h, (type)(v << k));                            \
			h = mix(h, (type)(v >> k));                            \
			h = mix(h, (u64)(s64)(stype)((stype)v >> k));          \
			h = mix(h, (type)(v << k | v >> ((bits - k) % bits))); \
		}                                                              \
		return h;                                                      \
	}
SHIFTS(u8, s8, 8)
SHIFTS(u16, s16, 16)
SHIFTS(u32, s32, 32)
SHIFTS(u64, s64, 64)

static NOINLINE u64 constant_amounts(u64 v)
{
	u32 w = v;

	return mix(mix(mix(v << 1 ^ v >> 63, v << 31), mix(v >> 32, (s64)v >> 63)),
		   mix(mix(w << 31, w >> 31), mix((s32)w >> 1, w << 7 | w >> 25)));
}

static NOINLINE u64 shifted_operands(u64 a, u64 b)
{
	u32 x = a, y = b;

	return mix(mix(a + (b << 3), a - (b >> 5)),
		   mix(a & (u64)((s64)b >> 7), a ^ ~(b << 40))) ^
	       mix(x + (y << 3), x | (u32)((s32)y >> 9)) ^ mix(~x & y >> 3, -(y << 2));
}

int main(void)
{
	for (size_t i = 0; i < COUNT(corners); i++) {
		u64 v = corners[i];
		printf("%016" PRIx64 " %016" PRIx64 " %016" PRIx64 " %016" PRIx64
		       " %016" PRIx64 " %016" PRIx64 "\n",
		       v, shift_8(v), shift_16(v), shift_32(v), shift_64(v),
		       constant_amounts(v));
	}
	u64 h = 0;
	FOR_CORNER_PAIRS (a, b)
		h = mix(h, shifted_operands(HIDE(a), HIDE(b)));
	printf("operands %016" PRIx64 "\n", h);
	return 0;
}
