/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cryptography with big numbers: powers modulo a number of 2048 bits, Montgomery's way. For
 * arm64 the inner loop is as libraries write it: one chain of carries with the products between.
 * class: bignum
 */
#include "bench.h"

enum { LIMBS = 32 };

/* t[0..n-1] += a[0..n-1] * b, n a multiple of 4; returns the limb above. */
static u64 add_product(u64 *t, const u64 *a, u64 b, int n)
{
	u64 carry = 0;
#ifdef __aarch64__
	u64 a0, a1, a2, a3, t0, t1, t2, t3, p0, p1;

	for (; n; n -= 4, t += 4, a += 4)
		__asm__("ldp	%[a0], %[a1], [%[a]]\n\t"
			"ldp	%[t0], %[t1], [%[t]]\n\t"
			"mul	%[p0], %[a0], %[b]\n\t"
			"ldp	%[a2], %[a3], [%[a], 16]\n\t"
			"adds	%[t0], %[t0], %[c]\n\t"
			"mul	%[p1], %[a1], %[b]\n\t"
			"ldp	%[t2], %[t3], [%[t], 16]\n\t"
			"adcs	%[t1], %[t1], xzr\n\t"
			"umulh	%[a0], %[a0], %[b]\n\t"
			"adcs	%[t2], %[t2], xzr\n\t"
			"umulh	%[a1], %[a1], %[b]\n\t"
			"adcs	%[t3], %[t3], xzr\n\t"
			"adc	%[c], xzr, xzr\n\t"
			"adds	%[t0], %[t0], %[p0]\n\t"
			"mul	%[p0], %[a2], %[b]\n\t"
			"adcs	%[t1], %[t1], %[p1]\n\t"
			"mul	%[p1], %[a3], %[b]\n\t"
			"adcs	%[t2], %[t2], %[p0]\n\t"
			"umulh	%[a2], %[a2], %[b]\n\t"
			"adcs	%[t3], %[t3], %[p1]\n\t"
			"umulh	%[a3], %[a3], %[b]\n\t"
			"adc	%[c], %[c], xzr\n\t"
			"adds	%[t1], %[t1], %[a0]\n\t"
			"adcs	%[t2], %[t2], %[a1]\n\t"
			"stp	%[t0], %[t1], [%[t]]\n\t"
			"adcs	%[t3], %[t3], %[a2]\n\t"
			"stp	%[t2], %[t3], [%[t], 16]\n\t"
			"adc	%[c], %[c], %[a3]\n\t"
			: [a0] "=&r"(a0), [a1] "=&r"(a1), [a2] "=&r"(a2), [a3] "=&r"(a3),
			  [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3),
			  [p0] "=&r"(p0), [p1] "=&r"(p1), [c] "+&r"(carry)
			: [a] "r"(a), [t] "r"(t), [b] "r"(b)
			: "cc", "memory");
#else
	for (int i = 0; i < n; i++) {
		u128 sum = (u128)a[i] * b + t[i] + carry;

		t[i] = (u64)sum;
		carry = (u64)(sum >> 64);
	}
#endif
	return carry;
}

/* r = a * b / 2^2048 mod m, below 2^2048 if a and b are; inverse is -1/m mod 2^64. */
static void multiply(u64 *r, const u64 *a, const u64 *b, const u64 *m, u64 inverse)
{
	u64 t[2 * LIMBS] = { 0 }, over = 0;

	for (int i = 0; i < LIMBS; i++) {
		u128 top = (u128)add_product(t + i, a, b[i], LIMBS) + over;

		top += add_product(t + i, m, t[i] * inverse, LIMBS);
		top += t[i + LIMBS];
		t[i + LIMBS] = (u64)top;
		over = (u64)(top >> 64);
	}
	if (over) {
		u64 borrow = 0;

		for (int i = 0; i < LIMBS; i++) {
			u128 d = (u128)t[i + LIMBS] - m[i] - borrow;

			t[i + LIMBS] = (u64)d;
			borrow = (u64)(d >> 64) & 1;
		}
	}
	memcpy(r, t + LIMBS, LIMBS * sizeof(*r));
}

int main(void)
{
	u64 m[LIMBS], x[LIMBS], y[LIMBS], inverse = 1;

	for (int i = 0; i < LIMBS; i++) {
		m[i] = random_u64();
		x[i] = y[i] = random_u64();
	}
	m[0] |= 1;
	m[LIMBS - 1] |= 1ull << 63;
	for (int i = 0; i < 6; i++)
		inverse *= 2 - m[0] * inverse;
	inverse = -inverse;
	for (int i = 0; i < 40000; i++) {
		multiply(y, y, y, m, inverse);
		if (i % 5 == 0)
			multiply(y, y, x, m, inverse);
	}
	for (int i = 0; i < LIMBS; i += 8)
		printf("%016llx\n", (unsigned long long)y[i]);
	return 0;
}
