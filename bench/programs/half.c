/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Half precision as a storage format: to single, a little arithmetic, and back.
 * class: simd
 * native-flags: -mf16c
 */
#include "bench.h"

enum { N = 8192 };

static u16 in[N], out[N] __attribute__((aligned(16)));

#ifdef __aarch64__
#include <arm_neon.h>

static NOINLINE void scale(float k)
{
	for (int i = 0; i < N; i += 8) {
		float16x8_t h = vreinterpretq_f16_u16(vld1q_u16(in + i));
		float32x4_t a = vcvt_f32_f16(vget_low_f16(h)),
			    b = vcvt_high_f32_f16(h);

		a = vaddq_f32(vmulq_n_f32(a, k), vdupq_n_f32(0.25f));
		b = vaddq_f32(vmulq_n_f32(b, k), vdupq_n_f32(0.25f));
		h = vcvt_high_f16_f32(vcvt_f16_f32(a), b);
		vst1q_u16(out + i, vreinterpretq_u16_f16(h));
	}
}
#else
#include <immintrin.h>

static NOINLINE void scale(float k)
{
	for (int i = 0; i < N; i += 8) {
		__m128i h = _mm_loadu_si128((const __m128i *)(in + i));
		__m128 a = _mm_cvtph_ps(h), b = _mm_cvtph_ps(_mm_unpackhi_epi64(h, h));

		a = _mm_add_ps(_mm_mul_ps(a, _mm_set1_ps(k)), _mm_set1_ps(0.25f));
		b = _mm_add_ps(_mm_mul_ps(b, _mm_set1_ps(k)), _mm_set1_ps(0.25f));
		h = _mm_unpacklo_epi64(_mm_cvtps_ph(a, 4), _mm_cvtps_ph(b, 4));
		_mm_storeu_si128((__m128i *)(out + i), h);
	}
}
#endif

static float single(u16 v)
{
#ifdef __aarch64__
	__fp16 h;
	memcpy(&h, &v, 2);
	return h;
#else
	return _cvtsh_ss(v);
#endif
}

/* One after the other. */
static NOINLINE float sum(int from, int n)
{
	float s = 0;

	for (int i = from; i < from + n; i++)
		s += single(out[i & (N - 1)]);
	return s;
}

int main(void)
{
	u64 h = 0;

	/* No infinities or NaNs. */
	for (int i = 0; i < N; i++)
		in[i] = (random_u64() & 0xbfff) % 0xf800;
	for (int round = 0; round < 20000; round++) {
		scale(1.0f + (round & 7) * 0.0625f);
		h = mix(h, float_bits(sum(round, 256)));
		in[round & (N - 1)] ^= 1;
	}
	printf("%016" PRIx64 " %016" PRIx64 "\n", h, hash_bytes(out, sizeof(out)));
	return 0;
}
