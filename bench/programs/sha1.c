/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cryptography in plain C: SHA-1.
 * class: crypto-c
 */
#include "bench.h"

static u32 rol(u32 v, int n)
{
	return v << n | v >> (32 - n);
}

static NOINLINE void block(u32 *h, const u8 *p)
{
	u32 w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];

	for (int t = 0; t < 16; t++, p += 4)
		w[t] = (u32)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
	for (int t = 16; t < 80; t++)
		w[t] = rol(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
#define ROUNDS(from, f, k)                                               \
	for (int t = from; t < from + 20; t++) {                         \
		u32 x = rol(a, 5) + (f) + e + k + w[t];                  \
		e = d, d = c, c = rol(b, 30), b = a, a = x;              \
	}
	ROUNDS(0, (b & c) | (~b & d), 0x5a827999)
	ROUNDS(20, b ^ c ^ d, 0x6ed9eba1)
	ROUNDS(40, (b & c) | (b & d) | (c & d), 0x8f1bbcdc)
	ROUNDS(60, b ^ c ^ d, 0xca62c1d6)
	h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
}

int main(void)
{
	static const u32 initial[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
				       0xc3d2e1f0};
	static u8 data[1 << 20], abc[64] = "abc\x80";
	u32 h[5];

	abc[63] = 24;
	memcpy(h, initial, sizeof(h));
	block(h, abc);
	printf("%08x\n", h[0]);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = random_u64();
	for (int round = 0; round < 40; round++)
		for (size_t i = 0; i < sizeof(data); i += 64)
			block(h, data + i);
	for (int i = 0; i < 5; i++)
		printf("%08x", h[i]);
	putchar('\n');
	return 0;
}
