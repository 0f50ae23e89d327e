/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Floating point, scalar single: a filter, square roots and conversions.
 * class: fp
 * flags: -fno-tree-vectorize
 */
#include "bench.h"
#include <math.h>

static NOINLINE float filter(const float *in, float *out, int n)
{
	float a = 0, b = 0, sum = 0;

	for (int i = 0; i < n; i++) {
		float v = in[i] * 0.2f + a * 1.3f - b * 0.5f;
		b = a;
		a = v;
		out[i] = v;
		sum += v < 0 ? -v : sqrtf(v);
	}
	return sum;
}

int main(void)
{
	static float in[4096], out[4096];
	static s16 pcm[4096];
	u64 h = 0;

	for (int i = 0; i < 4096; i++)
		in[i] = (s32)random_u64() * 0x1p-16f;
	for (int round = 0; round < 10000; round++) {
		float s = filter(in, out, 4096);
		for (int i = 0; i < 4096; i++) {
			float v = out[i] * 0.25f;
			pcm[i] = v > 32767 ? 32767 : v < -32768 ? -32768 : (s16)v;
		}
		h = mix(h, (s64)s + pcm[round & 4095]);
		in[round & 4095] *= 0.5f;
	}
	printf("%016" PRIx64 "\n", h);
	return 0;
}
