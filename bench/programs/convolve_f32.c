/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A 5 by 5 filter on singles that GCC vectorises, with fused multiply-add, and limits.
 * class: simd
 * flags: -O3
 * native-flags: -mfma
 */
#include "bench.h"

enum { W = 324, H = 200 };

static float image[H][W], out[H][W], weight[5][5];

static NOINLINE void convolve(void)
{
	for (int y = 2; y < H - 2; y++) {
		float sum[W] = {0};

		for (int j = 0; j < 5; j++)
			for (int i = 0; i < 5; i++) {
				const float *in = &image[y + j - 2][i];
				float w = weight[j][i];

				for (int x = 0; x < W - 4; x++)
					sum[x] = __builtin_fmaf(in[x], w, sum[x]);
			}
		memcpy(&out[y][2], sum, (W - 4) * sizeof(float));
	}
}

static NOINLINE void limit(void)
{
	float *p = &image[0][0];
	const float *q = &out[0][0];

	for (int i = 0; i < W * H; i++) {
		float v = p[i] * 0.75f + q[i] * 0.25f;

		v = v > 1 ? 1 : v;
		p[i] = v < -1 ? -1 : v;
	}
}

int main(void)
{
	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++)
			image[y][x] = (s32)random_u64() * 0x1p-31f;
	for (int j = 0; j < 5; j++)
		for (int i = 0; i < 5; i++)
			weight[j][i] = (j == 2 && i == 2 ? 6 : 1) / 30.0f;
	for (int round = 0; round < 250; round++) {
		convolve();
		limit();
		image[round % H][round % W] += 0.5f;
	}
	printf("%016" PRIx64 "\n", hash_bytes(image, sizeof(image)));
	return 0;
}
