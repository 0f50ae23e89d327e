/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Multi-word addition, subtraction and negation with carry through whole arrays.
 * levels: O3
 */
#include "guest.h"

enum { WORDS = 17 };

static NOINLINE u64 add(u64 *r, const u64 *a, const u64 *b, size_t n)
{
	u64 carry = 0;

	for (size_t i = 0; i < n; i++) {
		u64 s;
		bool c = __builtin_add_overflow(a[i], b[i], &s);
		carry = c | __builtin_add_overflow(s, carry, &r[i]);
	}
	return carry;
}

static NOINLINE u64 subtract(u64 *r, const u64 *a, const u64 *b, size_t n)
{
	u64 borrow = 0;

	for (size_t i = 0; i < n; i++) {
		u64 s;
		bool c = __builtin_sub_overflow(a[i], b[i], &s);
		borrow = c | __builtin_sub_overflow(s, borrow, &r[i]);
	}
	return borrow;
}

static NOINLINE u64 add_wide(u64 *r, const u64 *a, const u64 *b)
{
	u128 x = (u128)a[1] << 64 | a[0], y = (u128)b[1] << 64 | b[0], s = x + y,
	     d = x - y;

	r[0] = s ^ d;
	r[1] = (s >> 64) - (d >> 64);
	return (s < x) + 2 * (x < y);
}

int main(void)
{
	u64 a[WORDS], b[WORDS], r[WORDS], h = 0;

	for (int round = 0; round < 200; round++) {
		for (size_t i = 0; i < WORDS; i++) {
			a[i] = round % 3 ? random_u64()
					 : corners[random_u64() % COUNT(corners)];
			b[i] = round % 5 ? random_u64() : ~a[i];
		}
		for (size_t n = 0; n <= WORDS; n++) {
			h = mix(h, add(r, a, b, n));
			h = mix(h, hash_bytes(r, n * 8));
			h = mix(h, subtract(r, a, b, n));
			h = mix(h, hash_bytes(r, n * 8));
		}
		h = mix(h, add_wide(r, a, b));
		h = mix(h, hash_bytes(r, 16));
	}
	printf("%016" PRIx64 "\n", h);
	return 0;
}
