/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Vector code by hand: intrinsics of both machines, the same algorithms
 * (a grey-scale filter, a byte search, a 4x4 matrix transform).
 * class: simd
 * native-flags: -mssse3 -mpopcnt
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
#include <immintrin.h>

static NOINLINE void to_grey(void)
{
	const __m128i weights = _mm_set1_epi32(77 | 28 << 16);
	/* four pixels of three bytes: red and blue as words, green as words */
	const __m128i outer = _mm_setr_epi8(0, -1, 2, -1, 3, -1, 5, -1, 6, -1, 8, -1, 9, -1,
					    11, -1);
	const __m128i green = _mm_setr_epi8(1, -1, -1, -1, 4, -1, -1, -1, 7, -1, -1, -1, 10,
					    -1, -1, -1);

	for (int i = 0; i < N; i += 8) {
		const u8 *p = rgb + 3 * i;
		__m128i t[2];

		for (int k = 0; k < 2; k++) {
			/* the second four end where the pixels end */
			__m128i v = _mm_loadu_si128((const __m128i *)(p + 8 * k));

			if (k)
				v = _mm_srli_si128(v, 4);
			t[k] = _mm_madd_epi16(_mm_shuffle_epi8(v, outer), weights);
			t[k] = _mm_add_epi32(t[k],
					     _mm_madd_epi16(_mm_shuffle_epi8(v, green),
							    _mm_set1_epi16(151)));
			t[k] = _mm_srli_epi32(t[k], 8);
		}
		t[0] = _mm_packs_epi32(t[0], t[1]);
		_mm_storel_epi64((__m128i *)(grey + i), _mm_packus_epi16(t[0], t[0]));
	}
}

static NOINLINE int find(u8 v)
{
	__m128i want = _mm_set1_epi8(v);
	int count = 0;

	for (int i = 0; i < N; i += 16) {
		int e = _mm_movemask_epi8(
			_mm_cmpeq_epi8(_mm_load_si128((__m128i *)(grey + i)), want));
		if (e)
			count += __builtin_popcount(e);
	}
	return count;
}

static NOINLINE void transform(void)
{
	__m128 a = _mm_load_ps(matrix), b = _mm_load_ps(matrix + 4),
	       c = _mm_load_ps(matrix + 8), d = _mm_load_ps(matrix + 12);

	for (int i = 0; i < N; i += 4) {
		__m128 p = _mm_load_ps(points + i);
		__m128 r = _mm_mul_ps(a, _mm_shuffle_ps(p, p, 0x00));
		r = _mm_add_ps(r, _mm_mul_ps(b, _mm_shuffle_ps(p, p, 0x55)));
		r = _mm_add_ps(r, _mm_mul_ps(c, _mm_shuffle_ps(p, p, 0xaa)));
		r = _mm_add_ps(r, _mm_mul_ps(d, _mm_shuffle_ps(p, p, 0xff)));
		_mm_store_ps(moved + i, r);
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
	for (int round = 0; round < 16000; round++) {
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
