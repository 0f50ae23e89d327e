/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An LZ77 compressor with hash chains and its decompressor: text, noise, runs.
 * levels: O0
 * quick: yes
 */
#include "guest.h"

enum { SIZE = 30000, HASH = 1 << 12 };

static size_t compress(const u8 *in, size_t n, u8 *out)
{
	static int head[HASH];
	u8 *o = out, *control = NULL;
	int bit = 8;

	memset(head, -1, sizeof(head));
	for (size_t i = 0; i < n;) {
		size_t best = 0, from = 0;
		if (bit == 8)
			control = o++, *control = 0, bit = 0;
		if (i + 4 <= n) {
			u32 w;
			memcpy(&w, in + i, 4);
			int *slot = &head[w * 2654435761u >> 20];
			if (*slot >= 0 && i - *slot < 65536)
				for (from = *slot; i + best < n && best < 255 &&
						   in[from + best] == in[i + best];)
					best++;
			*slot = i;
		}
		if (best >= 4) {
			*control |= 1 << bit;
			u16 d = i - from;
			memcpy(o, &d, 2);
			o[2] = best;
			o += 3;
			i += best;
		} else {
			*o++ = in[i++];
		}
		bit++;
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

static void test(const char *name, const u8 *data)
{
	static u8 packed[SIZE * 2], back[SIZE + 300];
	size_t n = compress(data, SIZE, packed), m = decompress(packed, n, back);

	printf("%s %zu %zu %d %016" PRIx64 "\n", name, n, m, memcmp(data, back, SIZE),
	       hash_bytes(packed, n));
}

int main(void)
{
	static u8 data[SIZE];
	static const char *words[] = {"the ", "of ",   "translation ", "guest ",
				      "and ", "host ", "block ",       "cache, "};

	memset(data, 'r', SIZE);
	test("runs", data);
	for (int i = 0; i < SIZE; i++)
		data[i] = random_u64();
	test("noise", data);
	for (size_t i = 0; i < SIZE;)
		for (const char *w = words[random_u64() % 8]; *w && i < SIZE;)
			data[i++] = *w++;
	test("text", data);
	for (int i = 0; i < SIZE; i++)
		data[i] = i % 7 * (i / 1000);
	test("pattern", data);
	return 0;
}
