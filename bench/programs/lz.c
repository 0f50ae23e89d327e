/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compression: an LZ77 coder with hash chains, and its decoder, round trip.
 * class: compression
 */
#include "bench.h"

enum { SIZE = 1 << 20, HASH_BITS = 15, CHAIN = 16 };

static u8 data[SIZE], packed[2 * SIZE], back[SIZE + 300];
static int head[1 << HASH_BITS], previous[SIZE];

static size_t compress(const u8 *in, size_t n, u8 *out)
{
	u8 *o = out, *control = NULL;
	int bit = 8;

	memset(head, -1, sizeof(head));
	for (size_t i = 0; i < n; bit++) {
		size_t best = 0, from = 0;
		u32 w;

		if (bit == 8) {
			control = o++;
			*control = 0;
			bit = 0;
		}
		if (i + 4 <= n) {
			memcpy(&w, in + i, 4);
			int *slot = &head[w * 2654435761u >> (32 - HASH_BITS)];
			int at = *slot;
			for (int k = 0; k < CHAIN && at >= 0 && i - at < 65536; k++) {
				size_t len = 0;
				while (len < 255 && i + len < n &&
				       in[at + len] == in[i + len])
					len++;
				if (len > best)
					best = len, from = at;
				at = previous[at];
			}
			previous[i] = *slot;
			*slot = i;
		}
		if (best >= 4) {
			u16 d = i - from;
			*control |= 1 << bit;
			memcpy(o, &d, 2);
			o[2] = best;
			o += 3;
			i += best;
		} else {
			*o++ = in[i++];
		}
	}
	return o - out;
}

static size_t decompress(const u8 *in, size_t n, u8 *out)
{
	const u8 *end = in + n;
	u8 *o = out;

	while (in < end) {
		u8 control = *in++;
		for (int bit = 0; bit < 8 && in < end; bit++, control >>= 1) {
			if (!(control & 1)) {
				*o++ = *in++;
				continue;
			}
			u16 d;
			memcpy(&d, in, 2);
			for (int k = in[2]; k--; o++)
				*o = o[-d];
			in += 3;
		}
	}
	return o - out;
}

int main(void)
{
	static char words[512][12];

	for (int i = 0; i < 512; i++)
		for (int k = 0; k < 3 + i % 8; k++)
			words[i][k] = 'a' + random_u64() % 20;
	for (size_t i = 0; i < SIZE;) {
		u64 r = random_u64();
		for (const char *w = words[(r & 511) * (r >> 9 & 511) >> 9];
		     *w && i < SIZE;)
			data[i++] = *w++;
		if (i < SIZE)
			data[i++] = ' ';
	}
	for (int round = 0; round < 9; round++) {
		size_t n = compress(data, SIZE, packed), m = 0;
		for (int k = 0; k < 8; k++)
			m = decompress(packed, n, back);
		printf("%zu %zu %d\n", n, m, memcmp(data, back, SIZE));
		data[round * 1000] ^= 1;
	}
	return 0;
}
