/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conditional selection, increment, inversion and negation; absolute value, minimum, maximum.
 * levels: O3
 * quick: yes
 */
#include "guest.h"

static NOINLINE u64 selections(s64 a, s64 b, u32 c, u32 d)
{
	s64 r = a < b ? a : b;

	r = (r ^ (a == b ? a + 1 : b)) * 3;
	r ^= c > d ? ~a : a;
	r += c != d ? -b : b;
	r ^= a < 0 ? -a : a;
	r = r * 5 + (u32)(c < d ? c + 1 : d);
	r ^= (u64)(s32)(c == d ? ~c : d) << 7;
	r += (a > b) - (a < b);
	r ^= -(s64)(c > d);
	r = r * 7 + (c >= d ? 1 : 0) + (a <= b ? 4 : 0);
	r += __builtin_llabs(b >> 1);
	return r;
}

static NOINLINE s64 clamp(s64 v, s64 low, s64 high)
{
	return v < low ? low : v > high ? high : v;
}

static NOINLINE u64 without_branches(u32 a, u32 b)
{
	u32 less = -(a < b);

	return (u64)(b ^ ((a ^ b) & less)) << 32 | ((a & ~less) | (b & less));
}

int main(void)
{
	u64 h = 0, k = 0, m = 0;

	FOR_CORNER_PAIRS (a, b) {
		h = mix(h, selections(a, b, a, b));
		h = mix(h, selections(b, a, b >> 3, a >> 7));
		k = mix(k, clamp(a, -100, (s64)(b >> 1)));
		m = mix(m, without_branches(a, b));
	}
	printf("%016" PRIx64 " %016" PRIx64 " %016" PRIx64 "\n", h, k, m);
	return 0;
}
