/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cryptography in plain C: SHA-256.
 * class: crypto-c
 */
#include "bench.h"

static u32 k[64], initial[8];

/* The constants are the fractions of roots of primes; see FIPS 180-4. */
static void make_constants(void)
{
	int n = 0;

	for (unsigned p = 2; n < 64; p++) {
		bool prime = true;
		for (unsigned d = 2; d * d <= p; d++)
			prime &= p % d != 0;
		if (!prime)
			continue;
		u64 root = 0;
		for (u64 bit = 1ull << 35; bit; bit >>= 1) {
			u128 r = root | bit;
			if (r * r <= (u128)p << 64)
				root |= bit;
		}
		if (n < 8)
			initial[n] = root;
		root = 0;
		for (u64 bit = 1ull << 35; bit; bit >>= 1) {
			u128 r = root | bit;
			if (r * r * r <= (u128)p << 96)
				root |= bit;
		}
		k[n++] = root;
	}
}

static u32 ror(u32 v, int n)
{
	return v >> n | v << (32 - n);
}

static void block(u32 *h, const u8 *p)
{
	u32 w[64], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6],
		   i = h[7];

	for (int t = 0; t < 16; t++, p += 4)
		w[t] = (u32)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
	for (int t = 16; t < 64; t++)
		w[t] = w[t - 16] + w[t - 7] +
		       (ror(w[t - 15], 7) ^ ror(w[t - 15], 18) ^ w[t - 15] >> 3) +
		       (ror(w[t - 2], 17) ^ ror(w[t - 2], 19) ^ w[t - 2] >> 10);
	for (int t = 0; t < 64; t++) {
		u32 x = i + (ror(e, 6) ^ ror(e, 11) ^ ror(e, 25)) + ((e & f) ^ (~e & g)) +
			k[t] + w[t];
		u32 y = (ror(a, 2) ^ ror(a, 13) ^ ror(a, 22)) +
			((a & b) ^ (a & c) ^ (b & c));
		i = g, g = f, f = e, e = d + x, d = c, c = b, b = a, a = x + y;
	}
	h[0] += a, h[1] += b, h[2] += c, h[3] += d;
	h[4] += e, h[5] += f, h[6] += g, h[7] += i;
}

int main(void)
{
	static u8 data[1 << 20];
	u32 h[8];

	make_constants();
	memcpy(h, initial, sizeof(h));
	u8 abc[64] = "abc\x80";
	abc[63] = 24;
	block(h, abc);
	printf("%08x\n", h[0]);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = random_u64();
	for (int round = 0; round < 64; round++)
		for (size_t i = 0; i < sizeof(data); i += 64)
			block(h, data + i);
	for (int i = 0; i < 8; i++)
		printf("%08x", h[i]);
	putchar('\n');
	return 0;
}
