/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SHA-256 and SHA-512 of known and generated messages.
 * levels: O0 O3
 * quick: yes
 */
#include "guest.h"

static u64 root_bits(unsigned prime, bool cube)
{
	/* The first 64 bits of the fraction of the square or cube root, by bisection. */
	u64 whole = 1, fraction = 0;

	while (cube ? (whole + 1) * (whole + 1) * (whole + 1) <= prime
		    : (whole + 1) * (whole + 1) <= prime)
		whole++;
	for (int bit = 63; bit >= 0; bit--) {
		u64 f = fraction | 1ull << bit;
		/* x = whole + f/2^64; compare x^2 or x^3 with prime, in 192 + 128 bit pieces. */
		u128 x = (u128)whole << 64 | f;
		u128 high = (x >> 64) * (x >> 64), low = (u128)(u64)x * (u64)x;
		u128 middle = 2 * (u128)(u64)(x >> 64) * (u64)x;
		u64 w[4] = {low, low >> 64, 0, 0};
		u128 t = (u128)w[1] + (u64)middle;
		w[1] = t;
		t = (t >> 64) + (u64)(middle >> 64) + (u64)high;
		w[2] = t, w[3] = t >> 64;
		bool over;
		if (!cube) {
			over = w[3] || w[2] >= prime;
		} else {
			u64 r[6] = {0};
			for (int i = 0; i < 4; i++) {
				u128 c = (u128)w[i] * (u64)x + r[i];
				r[i] = c;
				u128 d = (u128)w[i] * (u64)(x >> 64) + r[i + 1] +
					 (u64)(c >> 64);
				r[i + 1] = d;
				r[i + 2] += d >> 64;
			}
			over = r[4] || r[5] || r[3] >= prime;
		}
		if (!over)
			fraction = f;
	}
	return fraction;
}

static u64 k[80], initial[8];

static void make_constants(void)
{
	int n = 0;

	for (unsigned p = 2; n < 80; p++) {
		bool prime = true;
		for (unsigned d = 2; d * d <= p; d++)
			prime &= p % d != 0;
		if (!prime)
			continue;
		if (n < 8)
			initial[n] = root_bits(p, false);
		k[n++] = root_bits(p, true);
	}
}

#define ROR(v, n) ((v) >> (n) | (v) << (sizeof(v) * 8 - (n)))

#define SHA(bits, word, rounds, s1, s2, s3, s4, s5, s6, g1, g2, g3, g4, g5, g6)          \
	static void block##bits(word *h, const u8 *p)                                    \
	{                                                                                \
		word w[rounds], s[8];                                                    \
		for (int i = 0; i < 16; i++)                                             \
			for (size_t j = w[i] = 0; j < sizeof(word); j++)                 \
				w[i] = w[i] << 8 | *p++;                                 \
		for (int i = 16; i < rounds; i++)                                        \
			w[i] = w[i - 16] + w[i - 7] +                                    \
			       (ROR(w[i - 15], g1) ^ ROR(w[i - 15], g2) ^                \
				w[i - 15] >> g3) +                                       \
			       (ROR(w[i - 2], g4) ^ ROR(w[i - 2], g5) ^ w[i - 2] >> g6); \
		memcpy(s, h, sizeof(s));                                                 \
		for (int i = 0; i < rounds; i++) {                                       \
			word t = s[7] +                                                  \
				 (ROR(s[4], s4) ^ ROR(s[4], s5) ^ ROR(s[4], s6)) +       \
				 ((s[4] & s[5]) ^ (~s[4] & s[6])) +                      \
				 (word)(k[i] >> (64 - bits / 8)) + w[i];                 \
			word u = (ROR(s[0], s1) ^ ROR(s[0], s2) ^ ROR(s[0], s3)) +       \
				 ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));        \
			memmove(s + 1, s, 7 * sizeof(word));                             \
			s[4] += t;                                                       \
			s[0] = t + u;                                                    \
		}                                                                        \
		for (int i = 0; i < 8; i++)                                              \
			h[i] += s[i];                                                    \
	}                                                                                \
	static void sha##bits(const void *data, size_t n)                                \
	{                                                                                \
		word h[8];                                                               \
		u8 last[2 * 16 * sizeof(word)] = {0};                                    \
		size_t size = 16 * sizeof(word), left = n % size;                        \
		for (int i = 0; i < 8; i++)                                              \
			h[i] = initial[i] >> (64 - bits / 8);                            \
		for (size_t i = 0; i + size <= n; i += size)                             \
			block##bits(h, (const u8 *)data + i);                            \
		memcpy(last, (const u8 *)data + n - left, left);                         \
		last[left] = 0x80;                                                       \
		size_t total = left + 1 + 2 * sizeof(word) > size ? 2 * size : size;     \
		for (int i = 0; i < 8; i++)                                              \
			last[total - 1 - i] = (u64)n * 8 >> 8 * i;                       \
		for (size_t i = 0; i < total; i += size)                                 \
			block##bits(h, last + i);                                        \
		for (int i = 0; i < 8; i++)                                              \
			printf("%0*" PRIx64, (int)sizeof(word) * 2, (u64)h[i]);          \
		putchar('\n');                                                           \
	}
SHA(256, u32, 64, 2, 13, 22, 6, 11, 25, 7, 18, 3, 17, 19, 10)
SHA(512, u64, 80, 28, 34, 39, 14, 18, 41, 1, 8, 7, 19, 61, 6)

int main(void)
{
	static u8 data[4000];

	make_constants();
	sha256("", 0);
	sha256("abc", 3);
	sha512("abc", 3);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = random_u64();
	for (size_t n = 50; n < sizeof(data); n = n * 5 / 3) {
		sha256(data, n);
		sha512(data, n);
	}
	return 0;
}
