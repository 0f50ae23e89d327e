/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Audio in 16 bits: a polyphase filter of 16 taps from 48 to 44.1 kHz, volume and mixing, all
 * with saturation; intrinsics of both machines.
 * class: simd
 * native-flags: -mssse3
 */
#include "bench.h"

enum { IN = 4800, TAPS = 16, PHASES = 147, OUT = (IN - TAPS) * 147 / 160 };

static s16 in[IN], out[(OUT + 7) & ~7], mixed[(OUT + 7) & ~7];
static s16 taps[PHASES][TAPS] __attribute__((aligned(16)));

#ifdef __aarch64__
#include <arm_neon.h>

static inline s16 tap(const s16 *x, const s16 *c)
{
	int16x8_t a = vld1q_s16(x), b = vld1q_s16(x + 8);
	int16x8_t d = vld1q_s16(c), e = vld1q_s16(c + 8);
	int32x4_t s = vmull_s16(vget_low_s16(a), vget_low_s16(d));

	s = vmlal_high_s16(s, a, d);
	s = vmlal_s16(s, vget_low_s16(b), vget_low_s16(e));
	s = vmlal_high_s16(s, b, e);
	return vqrshrns_n_s32(vaddvq_s32(s), 15);
}

static NOINLINE void mix_in(s16 volume)
{
	int16x8_t v = vdupq_n_s16(volume);

	for (size_t i = 0; i < COUNT(out); i += 8) {
		int16x8_t s = vqrdmulhq_s16(vld1q_s16(out + i), v);
		vst1q_s16(mixed + i, vqaddq_s16(vld1q_s16(mixed + i), s));
	}
}
#else
#include <immintrin.h>

static inline s16 tap(const s16 *x, const s16 *c)
{
	__m128i a = _mm_loadu_si128((const __m128i *)x);
	__m128i b = _mm_loadu_si128((const __m128i *)(x + 8));
	__m128i d = _mm_load_si128((const __m128i *)c);
	__m128i e = _mm_load_si128((const __m128i *)(c + 8));
	__m128i s = _mm_add_epi32(_mm_madd_epi16(a, d), _mm_madd_epi16(b, e));

	s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4e));
	s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0xb1));
	s = _mm_srai_epi32(_mm_add_epi32(s, _mm_set1_epi32(1 << 14)), 15);
	return _mm_cvtsi128_si32(_mm_packs_epi32(s, s));
}

static NOINLINE void mix_in(s16 volume)
{
	__m128i v = _mm_set1_epi16(volume);

	for (size_t i = 0; i < COUNT(out); i += 8) {
		__m128i *m = (__m128i *)(mixed + i);
		/* volume is never -32768 */
		__m128i s = _mm_mulhrs_epi16(_mm_loadu_si128((__m128i *)(out + i)), v);
		_mm_storeu_si128(m, _mm_adds_epi16(_mm_loadu_si128(m), s));
	}
}
#endif

static NOINLINE void resample(void)
{
	int phase = 0;
	const s16 *x = in;

	for (int i = 0; i < OUT; i++) {
		out[i] = tap(x, taps[phase]);
		phase += 13; /* 160 - 147 */
		x++;
		if (phase >= PHASES) {
			phase -= PHASES;
			x++;
		}
	}
}

int main(void)
{
	u64 h = 0;

	for (int i = 0; i < IN; i++)
		in[i] = random_u64();
	for (int p = 0; p < PHASES; p++)
		for (int k = 0; k < TAPS; k++)
			taps[p][k] = (s16)random_u64() >> 3;
	for (int round = 0; round < 20000; round++) {
		resample();
		mix_in(20000 - round % 30000);
		h = mix(h, mixed[round % OUT]);
		in[round % IN] ^= round;
	}
	printf("%016" PRIx64 " %016" PRIx64 "\n", h, hash_bytes(mixed, sizeof(mixed)));
	return 0;
}
