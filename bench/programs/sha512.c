/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cryptography in plain C: SHA-512.
 * class: crypto-c
 */
#include "bench.h"
#include "sha2.h"

static u64 ror(u64 v, int n)
{
	return v >> n | v << (64 - n);
}

static NOINLINE void block(u64 *h, const u8 *p)
{
	u64 w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6],
		   i = h[7];

	for (int t = 0; t < 16; t++, p += 8) {
		memcpy(&w[t], p, 8);
		w[t] = __builtin_bswap64(w[t]);
	}
	for (int t = 16; t < 80; t++)
		w[t] = w[t - 16] + w[t - 7] +
		       (ror(w[t - 15], 1) ^ ror(w[t - 15], 8) ^ w[t - 15] >> 7) +
		       (ror(w[t - 2], 19) ^ ror(w[t - 2], 61) ^ w[t - 2] >> 6);
	for (int t = 0; t < 80; t++) {
		u64 x = i + (ror(e, 14) ^ ror(e, 18) ^ ror(e, 41)) +
			((e & f) ^ (~e & g)) + sha2_k[t] + w[t];
		u64 y = (ror(a, 28) ^ ror(a, 34) ^ ror(a, 39)) +
			((a & b) ^ (a & c) ^ (b & c));
		i = g, g = f, f = e, e = d + x, d = c, c = b, b = a, a = x + y;
	}
	h[0] += a, h[1] += b, h[2] += c, h[3] += d;
	h[4] += e, h[5] += f, h[6] += g, h[7] += i;
}

int main(void)
{
	static u8 data[1 << 20], abc[128] = "abc\x80";
	u64 h[8];

	abc[127] = 24;
	memcpy(h, sha2_initial, sizeof(h));
	block(h, abc);
	printf("%016" PRIx64 "\n", h[0]);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = random_u64();
	for (int round = 0; round < 80; round++)
		for (size_t i = 0; i < sizeof(data); i += 128)
			block(h, data + i);
	for (int i = 0; i < 8; i++)
		printf("%016" PRIx64, h[i]);
	putchar('\n');
	return 0;
}
