/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Huffman coding: tree by heap, canonical codes, bit streams in and out.
 */
#include "guest.h"

struct node {
	u32 weight;
	s16 left, right;
};

static struct node nodes[512];
static u8 lengths[256];
static u32 codes[256];

static void measure(int n, int depth)
{
	if (nodes[n].left < 0) {
		lengths[n] = depth ? depth : 1;
		return;
	}
	measure(nodes[n].left, depth + 1);
	measure(nodes[n].right, depth + 1);
}

static void build(const u32 *weights)
{
	int heap[512], size = 0, next = 256;

	for (int i = 0; i < 256; i++) {
		nodes[i] = (struct node){weights[i], -1, -1};
		if (weights[i])
			heap[size++] = i;
	}
	while (size > 1) {
		int pick[2];
		for (int p = 0; p < 2; p++) {
			int best = 0;
			for (int i = 1; i < size; i++)
				if (nodes[heap[i]].weight < nodes[heap[best]].weight)
					best = i;
			pick[p] = heap[best];
			heap[best] = heap[--size];
		}
		nodes[next] = (struct node){nodes[pick[0]].weight + nodes[pick[1]].weight,
					    pick[0], pick[1]};
		heap[size++] = next++;
	}
	measure(heap[0], 0);
	u32 code = 0;
	for (int len = 1; len < 32; len++, code <<= 1)
		for (int i = 0; i < 256; i++)
			if (lengths[i] == len)
				codes[i] = code++;
}

int main(void)
{
	static u8 data[20000], bits[40000], back[20000];
	u32 weights[256] = {0};
	size_t at = 0;

	for (size_t i = 0; i < sizeof(data); i++) {
		data[i] = __builtin_clzll(random_u64() | 1) * 3 + random_u64() % 5;
		weights[data[i]]++;
	}
	build(weights);
	for (size_t i = 0; i < sizeof(data); i++)
		for (int b = lengths[data[i]] - 1; b >= 0; b--, at++)
			bits[at / 8] |= (codes[data[i]] >> b & 1) << at % 8;
	size_t read = 0;
	for (size_t i = 0; i < sizeof(data); i++) {
		u32 code = 0;
		int len = 0, found = -1;
		while (found < 0) {
			code = code << 1 | (bits[read / 8] >> read % 8 & 1);
			read++, len++;
			for (int s = 0; s < 256 && found < 0; s++)
				if (lengths[s] == len && codes[s] == code)
					found = s;
		}
		back[i] = found;
	}
	printf("%zu %zu %d %016" PRIx64 "\n", at, read, memcmp(data, back, sizeof(data)),
	       hash_bytes(bits, at / 8));
	return 0;
}
