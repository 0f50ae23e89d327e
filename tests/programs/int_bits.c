/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counting, reversing and extracting bits.
 * levels: O0 O3
 * quick: yes
 */
#include "guest.h"

static NOINLINE u64 reverse64(u64 v)
{
	v = (v >> 1 & 0x5555555555555555) | (v & 0x5555555555555555) << 1;
	v = (v >> 2 & 0x3333333333333333) | (v & 0x3333333333333333) << 2;
	v = (v >> 4 & 0x0f0f0f0f0f0f0f0f) | (v & 0x0f0f0f0f0f0f0f0f) << 4;
	return __builtin_bswap64(v);
}

static NOINLINE u64 extract(u64 v, unsigned low, unsigned width)
{
	return v >> low & (width == 64 ? ~0ull : (1ull << width) - 1);
}

static NOINLINE u64 deposit(u64 into, u64 v, unsigned low, unsigned width)
{
	u64 mask = (width == 64 ? ~0ull : (1ull << width) - 1) << low;

	return (into & ~mask) | (v << low & mask);
}

static NOINLINE u64 fixed_fields(u64 a, u64 b)
{
	u32 x = a, y = b;
	u64 h = (a & ~0xff00ull) | (b & 0xff) << 8;

	h = mix(h, (a >> 13) & 0x7ff);
	h = mix(h, (u64)((s64)(a << 20) >> 50));
	h = mix(h, (x & ~0x3fu) | (y >> 26));
	h = mix(h, (s32)(x << 11) >> 23);
	h = mix(h, a >> 12 | b << 52);
	h = mix(h, x >> 5 | y << 27);
	return mix(h, (a & 0xffff) << 16 | (b & 0xffff));
}

int main(void)
{
	u64 h = 0;

	for (size_t i = 0; i < COUNT(corners); i++) {
		u64 v = HIDE(corners[i]);
		u32 w = v;
		printf("%016" PRIx64
		       " clz %d %d ctz %d %d cls %d %d pop %d %d ffs %d %d parity %d ",
		       v, v ? __builtin_clzll(v) : 64, w ? __builtin_clz(w) : 32,
		       v ? __builtin_ctzll(v) : 64, w ? __builtin_ctz(w) : 32,
		       __builtin_clrsbll(v), __builtin_clrsb(w), __builtin_popcountll(v),
		       __builtin_popcount(w), __builtin_ffsll(v), __builtin_ffs(w),
		       __builtin_parityll(v));
		printf("rev %016" PRIx64 " %08x %04x %016" PRIx64 "\n",
		       __builtin_bswap64(v), __builtin_bswap32(w), __builtin_bswap16(w),
		       reverse64(v));
		for (unsigned width = 1; width <= 64; width++)
			for (unsigned low = 0; low + width <= 64; low += 3) {
				h = mix(h, extract(v, low, width));
				h = mix(h, deposit(~v, 0x0123456789abcdef, low, width));
			}
	}
	printf("fields %016" PRIx64 "\n", h);
	h = 0;
	FOR_CORNER_PAIRS (a, b)
		h = mix(h, fixed_fields(a, b));
	printf("fixed %016" PRIx64 "\n", h);
	return 0;
}
