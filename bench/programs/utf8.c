/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* UTF-8 validation with vectors: three lookups by nibbles classify each pair of bytes; the
 * bytes before tell where continuation bytes must be.
 * class: simd
 * native-flags: -mssse3
 */
#include "bench.h"

enum { N = 1 << 16 };

static u8 text[N] __attribute__((aligned(16)));

/* What can be wrong with two bytes in a row, as bits. A lookup gives those that the nibble
 * allows; the pair is wrong if a bit is left of all three. */
enum {
	TOO_SHORT = 1,  /* a lead, then no continuation */
	TOO_LONG = 2,   /* ASCII, then a continuation */
	OVER_3 = 4,     /* e0 8x, e0 9x */
	TOO_LARGE = 8,  /* f4 9x and up; f5 and up */
	SURROGATE = 16, /* ed ax, ed bx */
	OVER_2 = 32,    /* c0, c1 */
	OVER_4 = 64,    /* f0 8x; TOO_LARGE f5 8x and up */
	TWO = 128,      /* two continuations: wrong unless something before wants them */
};

static u8 first_high[16], first_low[16], second_high[16];

static void make_tables(void)
{
	for (int n = 0; n < 16; n++) {
		u8 carry = TOO_SHORT | TOO_LONG | TWO;

		first_high[n] = n < 8 ? TOO_LONG : n < 12 ? TWO :
				n == 12 ? TOO_SHORT | OVER_2 :
				n == 13 ? TOO_SHORT :
				n == 14 ? TOO_SHORT | OVER_3 | SURROGATE :
					  TOO_SHORT | TOO_LARGE | OVER_4;
		first_low[n] = carry;
		if (n == 0)
			first_low[n] |= OVER_3 | OVER_2 | OVER_4;
		if (n == 1)
			first_low[n] |= OVER_2;
		if (n >= 4)
			first_low[n] |= TOO_LARGE;
		if (n >= 5)
			first_low[n] |= OVER_4; /* here: too large with 8x */
		if (n == 13)
			first_low[n] |= SURROGATE;
		second_high[n] = n < 8 || n >= 12 ? TOO_SHORT :
				 n == 8 ? TOO_LONG | OVER_2 | TWO | OVER_3 | OVER_4 :
				 n == 9 ? TOO_LONG | OVER_2 | TWO | OVER_3 | TOO_LARGE :
					  TOO_LONG | OVER_2 | TWO | SURROGATE | TOO_LARGE;
	}
}

#ifdef __aarch64__
#include <arm_neon.h>
typedef uint8x16_t bytes;
#define LOAD(p) vld1q_u8(p)
#define BEFORE(now, last, n) vextq_u8(last, now, 16 - (n))
#define HIGH(v) vshrq_n_u8(v, 4)
#define LOW(v) vandq_u8(v, vdupq_n_u8(15))
#define LOOKUP(table, v) vqtbl1q_u8(table, v)
#define EXCESS(v, n) vqsubq_u8(v, n)
#define AND(a, b) vandq_u8(a, b)
#define OR(a, b) vorrq_u8(a, b)
#define XOR(a, b) veorq_u8(a, b)
#define SPLAT(n) vdupq_n_u8(n)
#define ASCII(v) (vmaxvq_u8(v) < 128)
#define ZERO(v) (!vmaxvq_u8(v))
#else
#include <immintrin.h>
typedef __m128i bytes;
#define LOAD(p) _mm_loadu_si128((const __m128i *)(p))
#define BEFORE(now, last, n) _mm_alignr_epi8(now, last, 16 - (n))
#define HIGH(v) _mm_and_si128(_mm_srli_epi16(v, 4), _mm_set1_epi8(15))
#define LOW(v) _mm_and_si128(v, _mm_set1_epi8(15))
#define LOOKUP(table, v) _mm_shuffle_epi8(table, v)
#define EXCESS(v, n) _mm_subs_epu8(v, n)
#define AND(a, b) _mm_and_si128(a, b)
#define OR(a, b) _mm_or_si128(a, b)
#define XOR(a, b) _mm_xor_si128(a, b)
#define SPLAT(n) _mm_set1_epi8(n)
#define ASCII(v) (!_mm_movemask_epi8(v))
#define ZERO(v) (_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_setzero_si128())) == 0xffff)
#endif

/* N is a multiple of 16, and the text is followed by nothing. */
static NOINLINE bool valid(void)
{
	bytes t1 = LOAD(first_high), t2 = LOAD(first_low), t3 = LOAD(second_high);
	bytes last = SPLAT(0), wrong = SPLAT(0), open = SPLAT(0);
	static const u8 most[16] = {255, 255, 255, 255, 255, 255, 255, 255,
				    255, 255, 255, 255, 255, 0xef, 0xdf, 0xbf};

	for (int i = 0; i < N; i += 16) {
		bytes now = LOAD(text + i);

		if (ASCII(now)) {
			wrong = OR(wrong, open);
			last = now;
			open = SPLAT(0);
			continue;
		}
		bytes b1 = BEFORE(now, last, 1), b2 = BEFORE(now, last, 2),
		      b3 = BEFORE(now, last, 3);
		bytes special = AND(AND(LOOKUP(t1, HIGH(b1)), LOOKUP(t2, LOW(b1))),
				    LOOKUP(t3, HIGH(now)));
		/* bit 7 where two or three bytes before a lead of three or four bytes is */
		bytes must = AND(OR(EXCESS(b2, SPLAT(0xe0 - 0x80)),
				    EXCESS(b3, SPLAT(0xf0 - 0x80))),
				 SPLAT(0x80));

		wrong = OR(wrong, XOR(must, special));
		/* leads at the end that want more: above what may stand there */
		open = EXCESS(now, LOAD(most));
		last = now;
	}
	return ZERO(OR(wrong, open));
}

static int put(u8 *p, u32 c)
{
	if (c < 0x80)
		return p[0] = c, 1;
	if (c < 0x800)
		return p[0] = 0xc0 | c >> 6, p[1] = 0x80 | (c & 63), 2;
	if (c < 0x10000)
		return p[0] = 0xe0 | c >> 12, p[1] = 0x80 | (c >> 6 & 63),
		       p[2] = 0x80 | (c & 63), 3;
	return p[0] = 0xf0 | c >> 18, p[1] = 0x80 | (c >> 12 & 63),
	       p[2] = 0x80 | (c >> 6 & 63), p[3] = 0x80 | (c & 63), 4;
}

int main(void)
{
	static const u32 above[4] = {0x80, 0x800, 0xd800, 0x110000};
	int good = 0, n = 0;

	make_tables();
	while (n < N - 4) {
		u64 r = random_u64();

		/* Stretches of one script. */
		for (int k = r >> 32 & 63; k >= 0 && n < N - 4; k--) {
			u32 c = 32 + random_u64() % (above[r & 3] - 32);
			n += put(text + n, c >= 0xd800 && c < 0xe000 ? 'x' : c);
		}
	}
	while (n < N)
		text[n++] = ' ';
	for (int round = 0; round < 12000; round++) {
		u8 *p = &text[round * 67 % N], kept = *p;

		if (round & 1)
			*p ^= 1 << (round >> 1 & 7);
		good += valid();
		*p = kept;
	}
	printf("%d\n", good);
	return 0;
}
