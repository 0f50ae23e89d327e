/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SHA-1 with the processor's instructions; must agree with sha1 in plain C.
 * class: crypto
 * arm64-flags: -march=armv8-a+crypto
 * native-flags: -msha -mssse3
 */
#include "bench.h"

#ifdef __aarch64__
#include <arm_neon.h>

static NOINLINE void blocks(u32 *h, const u8 *p, size_t n)
{
	uint32x4_t abcd = vld1q_u32(h), w[4];
	u32 e = h[4];
	static const u32 k[4] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};

	for (; n; n--, p += 64) {
		uint32x4_t start = abcd;
		u32 e_start = e;

#pragma GCC unroll 4
		for (int i = 0; i < 4; i++)
			w[i] = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(p + 16 * i)));
#pragma GCC unroll 20
		for (int i = 0; i < 20; i++) {
			uint32x4_t t = vaddq_u32(w[i & 3], vdupq_n_u32(k[i / 5]));
			u32 next = vsha1h_u32(vgetq_lane_u32(abcd, 0));

			if (i < 5)
				abcd = vsha1cq_u32(abcd, e, t);
			else if (i >= 10 && i < 15)
				abcd = vsha1mq_u32(abcd, e, t);
			else
				abcd = vsha1pq_u32(abcd, e, t);
			e = next;
			if (i < 16)
				w[i & 3] = vsha1su1q_u32(
					vsha1su0q_u32(w[i & 3], w[(i + 1) & 3],
						      w[(i + 2) & 3]),
					w[(i + 3) & 3]);
		}
		abcd = vaddq_u32(abcd, start);
		e += e_start;
	}
	vst1q_u32(h, abcd);
	h[4] = e;
}
#else
#include <immintrin.h>

static NOINLINE void blocks(u32 *h, const u8 *p, size_t n)
{
	const __m128i turn =
		_mm_setr_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
	__m128i abcd = _mm_shuffle_epi32(_mm_loadu_si128((__m128i *)h), 0x1b);
	__m128i e = _mm_set_epi32(h[4], 0, 0, 0), w[4];

	for (; n; n--, p += 64) {
		__m128i start = abcd, e_start = e, t, last;

#pragma GCC unroll 4
		for (int i = 0; i < 4; i++)
			w[i] = _mm_shuffle_epi8(
				_mm_loadu_si128((const __m128i *)(p + 16 * i)), turn);
		t = _mm_add_epi32(e, w[0]);
#pragma GCC unroll 20
		for (int i = 0; i < 20; i++) {
			last = abcd;
			if (i < 5)
				abcd = _mm_sha1rnds4_epu32(abcd, t, 0);
			else if (i < 10)
				abcd = _mm_sha1rnds4_epu32(abcd, t, 1);
			else if (i < 15)
				abcd = _mm_sha1rnds4_epu32(abcd, t, 2);
			else
				abcd = _mm_sha1rnds4_epu32(abcd, t, 3);
			if (i < 16)
				w[i & 3] = _mm_sha1msg2_epu32(
					_mm_xor_si128(_mm_sha1msg1_epu32(w[i & 3],
									 w[(i + 1) & 3]),
						      w[(i + 2) & 3]),
					w[(i + 3) & 3]);
			if (i < 19)
				t = _mm_sha1nexte_epu32(last, w[(i + 1) & 3]);
		}
		abcd = _mm_add_epi32(abcd, start);
		e = _mm_sha1nexte_epu32(last, e_start);
	}
	_mm_storeu_si128((__m128i *)h, _mm_shuffle_epi32(abcd, 0x1b));
	h[4] = _mm_extract_epi16(e, 6) | (u32)_mm_extract_epi16(e, 7) << 16;
}
#endif

int main(void)
{
	static const u32 initial[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
				       0xc3d2e1f0};
	static u8 data[1 << 20], abc[64] = "abc\x80";
	u32 h[5];

	abc[63] = 24;
	memcpy(h, initial, sizeof(h));
	blocks(h, abc, 1);
	printf("%08x\n", h[0]);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = random_u64();
	for (int round = 0; round < 200; round++) {
		blocks(h, data, sizeof(data) / 64);
		if (round == 39)
			for (int i = 0; i < 5; i++)
				printf("%08x", h[i]);
	}
	printf("\n%08x\n", h[0]);
	return 0;
}
