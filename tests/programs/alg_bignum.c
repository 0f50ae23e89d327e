/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Big numbers: factorial, Fibonacci, powers, division, digits of pi by a spigot.
 * levels: O0
 */
#include "guest.h"

enum { WORDS = 200 };

struct number {
	int n;
	u32 w[WORDS];
};

static void multiply_small(struct number *a, u32 m)
{
	u64 carry = 0;

	for (int i = 0; i < a->n; i++) {
		carry += (u64)a->w[i] * m;
		a->w[i] = carry;
		carry >>= 32;
	}
	if (carry)
		a->w[a->n++] = carry;
}

static u32 divide_small(struct number *a, u32 d)
{
	u64 rest = 0;

	for (int i = a->n - 1; i >= 0; i--) {
		rest = rest << 32 | a->w[i];
		a->w[i] = rest / d;
		rest %= d;
	}
	while (a->n > 1 && !a->w[a->n - 1])
		a->n--;
	return rest;
}

static void add(struct number *a, const struct number *b)
{
	u64 carry = 0;

	for (int i = 0; i < b->n || carry || i < a->n; i++) {
		carry += (i < a->n ? a->w[i] : 0) + (u64)(i < b->n ? b->w[i] : 0);
		a->w[i] = carry;
		carry >>= 32;
		if (i >= a->n)
			a->n = i + 1;
	}
}

static void multiply(struct number *r, const struct number *a, const struct number *b)
{
	memset(r, 0, sizeof(*r));
	for (int i = 0; i < a->n; i++) {
		u64 carry = 0;
		for (int j = 0; j < b->n || carry; j++) {
			carry += r->w[i + j] + (u64)a->w[i] * (j < b->n ? b->w[j] : 0);
			r->w[i + j] = carry;
			carry >>= 32;
		}
	}
	r->n = a->n + b->n;
	while (r->n > 1 && !r->w[r->n - 1])
		r->n--;
}

static void print(const struct number *a)
{
	struct number c = *a;
	u32 parts[WORDS * 2];
	int n = 0;

	do
		parts[n++] = divide_small(&c, 1000000000);
	while (c.n > 1 || c.w[0]);
	printf("%u", parts[--n]);
	while (n)
		printf("%09u", parts[--n]);
	putchar('\n');
}

int main(void)
{
	struct number f = {1, {1}}, a = {1, {0}}, b = {1, {1}}, r;

	for (u32 i = 2; i <= 300; i++)
		multiply_small(&f, i);
	print(&f);
	printf("%u\n", divide_small(&f, 1000003));
	for (int i = 0; i < 1000; i++) {
		add(&a, &b);
		r = a, a = b, b = r;
	}
	print(&b);
	multiply(&r, &a, &b);
	print(&r);
	static int spigot[700];
	int carry = 0, digits = 200;
	for (int i = 0; i < 700; i++)
		spigot[i] = 2000;
	for (int n = digits * 14 / 4; n > 0; n -= 14) {
		int sum = 0;
		for (int i = n; i > 0; i--) {
			sum = sum * i + 10000 * spigot[i];
			spigot[i] = sum % (2 * i - 1);
			sum /= 2 * i - 1;
		}
		printf("%04d", carry + sum / 10000);
		carry = sum % 10000;
	}
	putchar('\n');
	return 0;
}
