/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sequences of vector instructions that a translator may do in one: long products of both
 * halves, with every way in which registers can be the same. */
#include "guest.h"

typedef s16 words __attribute__((vector_size(16)));
typedef s32 sums __attribute__((vector_size(16)));

#ifdef __aarch64__
#define PAIR(name, first, second)                                                     \
	static NOINLINE sums name(sums d, words a, words b)                           \
	{                                                                             \
		__asm__(first " %0.4s, %1.4h, %2.4h\n\t" second " %0.4s, %1.8h, %2.8h" \
			: "+w"(d)                                                     \
			: "w"(a), "w"(b));                                            \
		return d;                                                             \
	}
PAIR(mull_mlal, "smull", "smlal2")
PAIR(mlal_mlal, "smlal", "smlal2")
PAIR(mlal_mlsl, "smlal", "smlsl2")
PAIR(unsigned_mlal, "umlal", "umlal2")

/* The second reads what the first wrote. */
static NOINLINE sums mull_over_a(words a, words b)
{
	__asm__("smull %0.4s, %0.4h, %1.4h\n\tsmlal2 %0.4s, %0.8h, %1.8h" : "+w"(a) : "w"(b));
	return (sums)a;
}

static NOINLINE sums mlal_over_b(words a, words b)
{
	__asm__("smlal %1.4s, %0.4h, %1.4h\n\tsmlal2 %1.4s, %0.8h, %1.8h"
		: "+w"(a), "+w"(b));
	return (sums)b;
}

/* Not the same words in both. */
static NOINLINE sums other_words(sums d, words a, words b)
{
	__asm__("smlal %0.4s, %1.4h, %2.4h\n\tsmlal2 %0.4s, %1.8h, %1.8h"
		: "+w"(d)
		: "w"(a), "w"(b));
	return d;
}
#else
static sums product(sums d, words a, words b, int from, int sign)
{
	for (int i = 0; i < 4; i++)
		d[i] += sign * ((s32)a[from + i] * b[from + i]);
	return d;
}

static sums mull_mlal(sums d, words a, words b)
{
	return product(product((sums){0}, a, b, 0, 1), a, b, 4, 1);
}

static sums mlal_mlal(sums d, words a, words b)
{
	return product(product(d, a, b, 0, 1), a, b, 4, 1);
}

static sums mlal_mlsl(sums d, words a, words b)
{
	return product(product(d, a, b, 0, 1), a, b, 4, -1);
}

static sums unsigned_mlal(sums d, words a, words b)
{
	for (int i = 0; i < 8; i++)
		d[i & 3] += (u32)(u16)a[i] * (u16)b[i];
	return d;
}

static sums mull_over_a(words a, words b)
{
	a = (words)product((sums){0}, a, b, 0, 1);
	return product((sums)a, a, b, 4, 1);
}

static sums mlal_over_b(words a, words b)
{
	b = (words)product((sums)b, a, b, 0, 1);
	return product((sums)b, a, b, 4, 1);
}

static sums other_words(sums d, words a, words b)
{
	return product(product(d, a, b, 0, 1), a, a, 4, 1);
}
#endif

static void show(const char *name, sums s)
{
	printf("%s %08x %08x %08x %08x\n", name, s[0], s[1], s[2], s[3]);
}

static words draw(int round)
{
	static const u16 edge[4] = {0x8000, 0x7fff, 0xffff, 1};
	words w;

	for (int i = 0; i < 8; i++) {
		u64 r = random_u64();
		w[i] = round & 1 && r & 3 ? edge[r >> 2 & 3] : r >> 8;
	}
	return w;
}

int main(void)
{
	for (int round = 0; round < 40; round++) {
		words a = draw(round), b = round % 7 == 6 ? a : draw(round);
		sums d = (sums)draw(0);

		if (!round)
			for (int i = 0; i < 8; i++)
				a[i] = b[i] = -32768;
		show("mull_mlal", mull_mlal(d, a, b));
		show("mlal_mlal", mlal_mlal(d, a, b));
		show("mlal_mlsl", mlal_mlsl(d, a, b));
		show("unsigned_mlal", unsigned_mlal(d, a, b));
		show("mull_over_a", mull_over_a(a, b));
		show("mlal_over_b", mlal_over_b(a, b));
		show("other_words", other_words(d, a, b));
	}
	return 0;
}
