/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sign and zero extension, truncation, extended register operands and indexed loads.
 * levels: O0 O3
 */
#include "guest.h"

static u64 table64[512];
static s32 table32[512];
static s16 table16[512];
static s8 table8[512];

static NOINLINE u64 extended_operands(u64 a, u64 b)
{
	u64 h = a + (u8)b;

	h = mix(h, a + (s8)b);
	h = mix(h, a - (u16)b * 4);
	h = mix(h, a - (s16)b * 8);
	h = mix(h, a + (u64)(u32)b * 16);
	h = mix(h, a + (s64)(s32)b * 2);
	h = mix(h, (u32)a + (s8)b);
	h = mix(h, (u32)a - ((u32)(u8)b << 4));
	h = mix(h, a < (u64)(s64)(s32)b);
	return mix(h, (s64)a > (s64)(u8)b);
}

static NOINLINE u64 indexed(s32 i, u32 u, s64 l)
{
	u64 *p = table64 + 256;
	s32 *q = table32 + 256;

	return p[i] + p[u & 255] + (u64)(s64)q[i] + q[(s8)l] + table16[l & 511] +
	       (u16)table16[u & 511] + table8[(u8)i] + (u8)table8[(u16)u & 511];
}

int main(void)
{
	u64 h = 0;

	for (size_t i = 0; i < 512; i++) {
		table64[i] = random_u64();
		table32[i] = random_u64();
		table16[i] = random_u64();
		table8[i] = random_u64();
	}
	FOR_CORNER_PAIRS (a, b)
		h = mix(h, extended_operands(a, b));
	printf("operands %016" PRIx64 "\n", h);
	for (s32 i = -256; i < 256; i++)
		h = mix(h, indexed(HIDE(i), HIDE(i) * 7, (s64)i * 3));
	printf("indexed %016" PRIx64 "\n", h);
	for (size_t i = 0; i < COUNT(corners); i++) {
		u64 v = HIDE(corners[i]);
		printf("%d %u %d %u %d %u %" PRId64 " %" PRIu64 "\n", (s8)v, (u8)v,
		       (s16)v, (u16)v, (s32)v, (u32)v, (s64)(s32)v, (u64)(u32)v);
	}
	return 0;
}
