/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Image filters on bytes that GCC vectorises: a 3 by 3 blur, edges, a contrast curve.
 * class: simd
 * flags: -O3
 */
#include "bench.h"

enum { W = 320, H = 240 };

static u8 image[H][W], blurred[H][W], edges[H][W];

static NOINLINE void blur(void)
{
	for (int y = 1; y < H - 1; y++) {
		const u8 *a = image[y - 1], *b = image[y], *c = image[y + 1];

		for (int x = 1; x < W - 1; x++)
			blurred[y][x] = (a[x - 1] + 2 * a[x] + a[x + 1] + 2 * b[x - 1] +
					 4 * b[x] + 2 * b[x + 1] + c[x - 1] + 2 * c[x] +
					 c[x + 1] + 8) >> 4;
	}
}

static NOINLINE void find_edges(void)
{
	for (int y = 1; y < H - 1; y++) {
		const u8 *a = blurred[y - 1], *b = blurred[y], *c = blurred[y + 1];

		for (int x = 1; x < W - 1; x++) {
			s16 h = a[x + 1] + 2 * b[x + 1] + c[x + 1] - a[x - 1] -
				2 * b[x - 1] - c[x - 1];
			s16 v = c[x - 1] + 2 * c[x] + c[x + 1] - a[x - 1] - 2 * a[x] -
				a[x + 1];
			s16 sum = (h < 0 ? -h : h) + (v < 0 ? -v : v);

			edges[y][x] = sum > 255 ? 255 : sum;
		}
	}
}

static NOINLINE void sharpen(void)
{
	u8 *p = &image[0][0];
	const u8 *e = &edges[0][0];

	for (int i = 0; i < W * H; i++) {
		s16 v = p[i] + (e[i] >> 3) - 6;

		p[i] = v < 0 ? 0 : v > 255 ? 255 : v;
	}
}

int main(void)
{
	u64 h = 0;

	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++)
			image[y][x] = (x * y >> 5) + (random_u64() & 31);
	for (int round = 0; round < 1500; round++) {
		blur();
		find_edges();
		sharpen();
		h = mix(h, image[round % H][round % W]);
	}
	printf("%016" PRIx64 " %016" PRIx64 "\n", h, hash_bytes(edges, sizeof(edges)));
	return 0;
}
