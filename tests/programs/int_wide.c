/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* 128-bit arithmetic: carries, products, quotients, shifts, comparisons.
 * levels: O0
 * quick: yes
 */
#include "guest.h"

static void print_wide(const char *name, u128 v)
{
	printf("%s %016" PRIx64 "%016" PRIx64 "\n", name, (u64)(v >> 64), (u64)v);
}

static NOINLINE u64 all(u128 a, u128 b, unsigned n)
{
	u128 r = a + b;

	r ^= a - b;
	r = r * 3 + a * b;
	if (b)
		r ^= a / b + a % b;
	if (b && !((s128)b == -1))
		r ^= (u128)((s128)a / (s128)b) * 5 + (u128)((s128)a % (s128)b);
	r ^= a << n;
	r += a >> n;
	r ^= (u128)((s128)a >> n);
	r += (a < b) + 2 * ((s128)a < (s128)b) + 4 * (a == b) + 8 * ((s128)a >= (s128)b);
	r ^= -a;
	r += ~b;
	return mix(r >> 64, r);
}

int main(void)
{
	u64 h = 0;
	u128 f = 1;

	FOR_CORNER_PAIRS (a, b)
		for (unsigned n = 0; n < 128; n += 21)
			h = mix(h, all((u128)a << 64 | b, (u128)b << 64 | a, HIDE(n)));
	printf("%016" PRIx64 "\n", h);
	h = 0;
	FOR_CORNER_PAIRS (a, b)
		h = mix(h, all((u128)a << 64 | b, b, HIDE(64u)));
	printf("%016" PRIx64 "\n", h);
	for (unsigned i = 1; i <= 34; i++)
		f *= HIDE(i);
	print_wide("34!", f);
	print_wide("34!/10^20", f / 100000000000 / 1000000000);
	return 0;
}
