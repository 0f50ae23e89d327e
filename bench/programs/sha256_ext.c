/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SHA-256 with the processor's instructions; must agree with sha256 in plain C.
 * class: crypto
 * arm64-flags: -march=armv8-a+crypto
 * native-flags: -msha -msse4.1
 */
#include "bench.h"
#include "sha2.h"

static u32 k[64] __attribute__((aligned(16)));

#ifdef __aarch64__
#include <arm_neon.h>

static NOINLINE void blocks(u32 *h, const u8 *p, size_t n)
{
	uint32x4_t abcd = vld1q_u32(h), efgh = vld1q_u32(h + 4), w[4];

	for (; n; n--, p += 64) {
		uint32x4_t s0 = abcd, s1 = efgh;

#pragma GCC unroll 4
		for (int i = 0; i < 4; i++)
			w[i] = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(p + 16 * i)));
#pragma GCC unroll 16
		for (int i = 0; i < 16; i++) {
			uint32x4_t t = vaddq_u32(w[i & 3], vld1q_u32(k + 4 * i)), old = abcd;

			abcd = vsha256hq_u32(abcd, efgh, t);
			efgh = vsha256h2q_u32(efgh, old, t);
			if (i < 12)
				w[i & 3] = vsha256su1q_u32(
					vsha256su0q_u32(w[i & 3], w[(i + 1) & 3]),
					w[(i + 2) & 3], w[(i + 3) & 3]);
		}
		abcd = vaddq_u32(abcd, s0);
		efgh = vaddq_u32(efgh, s1);
	}
	vst1q_u32(h, abcd);
	vst1q_u32(h + 4, efgh);
}
#else
#include <immintrin.h>

static NOINLINE void blocks(u32 *h, const u8 *p, size_t n)
{
	const __m128i turn =
		_mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
	__m128i x = _mm_loadu_si128((__m128i *)h), y = _mm_loadu_si128((__m128i *)(h + 4));
	__m128i abef, cdgh, w[4];

	/* lowest lanes first: f e b a, h g d c */
	x = _mm_shuffle_epi32(x, 0xb1); /* b a d c */
	y = _mm_shuffle_epi32(y, 0xb1); /* f e h g */
	abef = _mm_unpacklo_epi64(y, x);
	cdgh = _mm_unpackhi_epi64(y, x);
	for (; n; n--, p += 64) {
		__m128i s0 = abef, s1 = cdgh;

#pragma GCC unroll 4
		for (int i = 0; i < 4; i++)
			w[i] = _mm_shuffle_epi8(
				_mm_loadu_si128((const __m128i *)(p + 16 * i)), turn);
#pragma GCC unroll 16
		for (int i = 0; i < 16; i++) {
			__m128i t = _mm_add_epi32(
				w[i & 3], _mm_load_si128((const __m128i *)(k + 4 * i)));

			cdgh = _mm_sha256rnds2_epu32(cdgh, abef, t);
			abef = _mm_sha256rnds2_epu32(abef, cdgh,
						     _mm_shuffle_epi32(t, 0x0e));
			if (i < 12)
				w[i & 3] = _mm_sha256msg2_epu32(
					_mm_add_epi32(
						_mm_sha256msg1_epu32(w[i & 3],
								     w[(i + 1) & 3]),
						_mm_alignr_epi8(w[(i + 3) & 3],
								w[(i + 2) & 3], 4)),
					w[(i + 3) & 3]);
		}
		abef = _mm_add_epi32(abef, s0);
		cdgh = _mm_add_epi32(cdgh, s1);
	}
	x = _mm_unpackhi_epi64(abef, cdgh); /* b a d c */
	y = _mm_unpacklo_epi64(abef, cdgh);
	_mm_storeu_si128((__m128i *)h, _mm_shuffle_epi32(x, 0xb1));
	_mm_storeu_si128((__m128i *)(h + 4), _mm_shuffle_epi32(y, 0xb1));
}
#endif

int main(void)
{
	static u8 data[1 << 20], abc[64] = "abc\x80";
	u32 h[8];

	for (int i = 0; i < 64; i++)
		k[i] = sha2_k[i] >> 32;
	for (int i = 0; i < 8; i++)
		h[i] = sha2_initial[i] >> 32;
	abc[63] = 24;
	blocks(h, abc, 1);
	printf("%08x\n", h[0]);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = random_u64();
	for (int round = 0; round < 200; round++) {
		blocks(h, data, sizeof(data) / 64);
		if (round == 63)
			for (int i = 0; i < 8; i++)
				printf("%08x", h[i]);
	}
	printf("\n%08x\n", h[0]);
	return 0;
}
