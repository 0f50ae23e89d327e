/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Vector code by hand: NEON intrinsics on arm64, GCC vectors elsewhere, the same algorithms
 * (a grey-scale filter, a byte search, a 4x4 matrix transform).
 * class: vector
 */
#include "bench.h"

enum { N = 8192 };

static u8 rgb[3 * N], grey[N] __attribute__((aligned(16)));
static float points[N], moved[N] __attribute__((aligned(16)));
static float matrix[16] __attribute__((aligned(16)));

#ifdef __aarch64__
#include <arm_neon.h>

static NOINLINE void to_grey(void)
{
	uint8x8_t r = vdup_n_u8(77), g = vdup_n_u8(151), b = vdup_n_u8(28);

	for (int i = 0; i < N; i += 8) {
		uint8x8x3_t p = vld3_u8(rgb + 3 * i);
		uint16x8_t t = vmull_u8(p.val[0], r);
		t = vmlal_u8(t, p.val[1], g);
		t = vmlal_u8(t, p.val[2], b);
		vst1_u8(grey + i, vshrn_n_u16(t, 8));
	}
}

static NOINLINE int find(u8 v)
{
	uint8x16_t want = vdupq_n_u8(v);
	int count = 0;

	for (int i = 0; i < N; i += 16) {
		uint8x16_t e = vceqq_u8(vld1q_u8(grey + i), want);
		if (vmaxvq_u8(e))
			count += vaddvq_u8(vandq_u8(e, vdupq_n_u8(1)));
	}
	return count;
}

static NOINLINE void transform(void)
{
	float32x4_t a = vld1q_f32(matrix), b = vld1q_f32(matrix + 4),
		    c = vld1q_f32(matrix + 8), d = vld1q_f32(matrix + 12);

	for (int i = 0; i < N; i += 4) {
		float32x4_t p = vld1q_f32(points + i);
		float32x4_t r = vmulq_laneq_f32(a, p, 0);
		r = vaddq_f32(r, vmulq_laneq_f32(b, p, 1));
		r = vaddq_f32(r, vmulq_laneq_f32(c, p, 2));
		r = vaddq_f32(r, vmulq_laneq_f32(d, p, 3));
		vst1q_f32(moved + i, r);
	}
}
#else
typedef u8 bytes __attribute__((vector_size(16)));
typedef u16 halves __attribute__((vector_size(16)));
typedef u8 small __attribute__((vector_size(8)));
typedef float floats __attribute__((vector_size(16)));

static NOINLINE void to_grey(void)
{
	for (int i = 0; i < N; i += 8) {
		small r, g, b;
		for (int k = 0; k < 8; k++) {
			r[k] = rgb[3 * (i + k)];
			g[k] = rgb[3 * (i + k) + 1];
			b[k] = rgb[3 * (i + k) + 2];
		}
		halves t = __builtin_convertvector(r, halves) * 77 +
			   __builtin_convertvector(g, halves) * 151 +
			   __builtin_convertvector(b, halves) * 28;
		small v = __builtin_convertvector(t >> 8, small);
		memcpy(grey + i, &v, 8);
	}
}

static NOINLINE int find(u8 v)
{
	int count = 0;

	for (int i = 0; i < N; i += 16) {
		bytes e = *(bytes *)(grey + i) == v;
		u64 w[2];
		memcpy(w, &e, 16);
		if (w[0] | w[1])
			count += (__builtin_popcountll(w[0]) +
				  __builtin_popcountll(w[1])) /
				 8;
	}
	return count;
}

static NOINLINE void transform(void)
{
	floats a = *(floats *)matrix, b = *(floats *)(matrix + 4),
	       c = *(floats *)(matrix + 8), d = *(floats *)(matrix + 12);

	for (int i = 0; i < N; i += 4) {
		const float *p = points + i;
		*(floats *)(moved + i) = a * p[0] + b * p[1] + c * p[2] + d * p[3];
	}
}
#endif

int main(void)
{
	u64 h = 0;

	for (int i = 0; i < 3 * N; i++)
		rgb[i] = random_u64();
	for (int i = 0; i < N; i++)
		points[i] = (s32)random_u64() * 0x1p-20f;
	for (int i = 0; i < 16; i++)
		matrix[i] = (s32)random_u64() * 0x1p-31f;
	for (int round = 0; round < 8000; round++) {
		to_grey();
		h = mix(h, find(round));
		rgb[round % (3 * N)] += 3;
		transform();
		h = mix(h, (s64)moved[round % N]);
		points[round % N] += 1;
	}
	printf("%016" PRIx64 "\n", h);
	return 0;
}
