/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Overflow builtins for every type and mixed types; saturation built on them.
 * levels: O0
 * quick: yes
 */
#include "guest.h"

#define OVERFLOW(type)                                                    \
	static NOINLINE u64 overflow_##type(u64 a, u64 b)                 \
	{                                                                 \
		type r;                                                   \
		u64 h = 0;                                                \
		h = mix(h, __builtin_add_overflow((type)a, (type)b, &r)); \
		h = mix(h, (u64)r);                                       \
		h = mix(h, __builtin_sub_overflow((type)a, (type)b, &r)); \
		h = mix(h, (u64)r);                                       \
		h = mix(h, __builtin_mul_overflow((type)a, (type)b, &r)); \
		h = mix(h, (u64)r);                                       \
		h = mix(h, __builtin_add_overflow((s64)a, (u32)b, &r));   \
		h = mix(h, (u64)r);                                       \
		h = mix(h, __builtin_mul_overflow((s32)a, (u64)b, &r));   \
		return mix(h, (u64)r);                                    \
	}
OVERFLOW(u8)
OVERFLOW(s8)
OVERFLOW(u16)
OVERFLOW(s16)
OVERFLOW(u32)
OVERFLOW(s32)
OVERFLOW(u64)
OVERFLOW(s64)

static NOINLINE s32 saturate_add(s32 a, s32 b)
{
	s32 r;

	if (__builtin_add_overflow(a, b, &r))
		return a < 0 ? INT32_MIN : INT32_MAX;
	return r;
}

static NOINLINE u64 saturate_sub(u64 a, u64 b)
{
	return a > b ? a - b : 0;
}

int main(void)
{
	u64 h[9] = {0};

	FOR_CORNER_PAIRS (a, b) {
		h[0] = mix(h[0], overflow_u8(a, b));
		h[1] = mix(h[1], overflow_s8(a, b));
		h[2] = mix(h[2], overflow_u16(a, b));
		h[3] = mix(h[3], overflow_s16(a, b));
		h[4] = mix(h[4], overflow_u32(a, b));
		h[5] = mix(h[5], overflow_s32(a, b));
		h[6] = mix(h[6], overflow_u64(a, b));
		h[7] = mix(h[7], overflow_s64(a, b));
		h[8] = mix(h[8], mix(saturate_add(a, b), saturate_sub(a, b)));
	}
	for (size_t i = 0; i < COUNT(h); i++)
		printf("%zu %016" PRIx64 "\n", i, h[i]);
	return 0;
}
