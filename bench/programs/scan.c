/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Searches as in memchr, strlen and parsers: 16 bytes at a time, the position of the first
 * match from a mask (by SHRN on arm64, by PMOVMSKB natively); counting of matches.
 * class: simd
 */
#include "bench.h"

enum { N = 1 << 15 };

static u8 text[N + 16] __attribute__((aligned(16)));

#ifdef __aarch64__
#include <arm_neon.h>

static inline u64 mask_of(uint8x16_t m)
{
	return vget_lane_u64(vreinterpret_u64_u8(
				     vshrn_n_u16(vreinterpretq_u16_u8(m), 4)), 0);
}

/* The first c from p on; there is one. */
static NOINLINE const u8 *find(const u8 *p, u8 c)
{
	uint8x16_t want = vdupq_n_u8(c);

	for (;; p += 16) {
		u64 m = mask_of(vceqq_u8(vld1q_u8(p), want));
		if (m)
			return p + (__builtin_ctzll(m) >> 2);
	}
}

/* The first of '"', '\\' and control characters. */
static NOINLINE const u8 *find_special(const u8 *p)
{
	uint8x16_t quote = vdupq_n_u8('"'), slash = vdupq_n_u8('\\'), space = vdupq_n_u8(32);

	for (;; p += 16) {
		uint8x16_t v = vld1q_u8(p);
		uint8x16_t e = vorrq_u8(vorrq_u8(vceqq_u8(v, quote), vceqq_u8(v, slash)),
					vcltq_u8(v, space));
		u64 m = mask_of(e);
		if (m)
			return p + (__builtin_ctzll(m) >> 2);
	}
}

static NOINLINE u64 count(u8 c)
{
	uint8x16_t want = vdupq_n_u8(c);
	uint64x2_t sum = vdupq_n_u64(0);

	for (int i = 0; i < N; i += 16 * 128) {
		uint8x16_t n = vdupq_n_u8(0);

		for (int k = 0; k < 16 * 128; k += 16)
			n = vsubq_u8(n, vceqq_u8(vld1q_u8(text + i + k), want));
		sum = vpadalq_u32(sum, vpaddlq_u16(vpaddlq_u8(n)));
	}
	return vaddvq_u64(sum);
}
#else
#include <immintrin.h>

static NOINLINE const u8 *find(const u8 *p, u8 c)
{
	__m128i want = _mm_set1_epi8(c);

	for (;; p += 16) {
		int m = _mm_movemask_epi8(
			_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)p), want));
		if (m)
			return p + __builtin_ctz(m);
	}
}

static NOINLINE const u8 *find_special(const u8 *p)
{
	__m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'),
		control = _mm_set1_epi8(31);

	for (;; p += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)p);
		__m128i e = _mm_or_si128(
			_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, slash)),
			_mm_cmpeq_epi8(_mm_min_epu8(v, control), v));
		int m = _mm_movemask_epi8(e);
		if (m)
			return p + __builtin_ctz(m);
	}
}

static NOINLINE u64 count(u8 c)
{
	__m128i want = _mm_set1_epi8(c), sum = _mm_setzero_si128();
	u64 r[2];

	for (int i = 0; i < N; i += 16 * 128) {
		__m128i n = _mm_setzero_si128();

		for (int k = 0; k < 16 * 128; k += 16) {
			__m128i v = _mm_load_si128((const __m128i *)(text + i + k));
			n = _mm_sub_epi8(n, _mm_cmpeq_epi8(v, want));
		}
		sum = _mm_add_epi64(sum, _mm_sad_epu8(n, _mm_setzero_si128()));
	}
	memcpy(r, &sum, 16);
	return r[0] + r[1];
}
#endif

int main(void)
{
	u64 h = 0;

	for (int i = 0; i < N; i++) {
		u64 r = random_u64();
		text[i] = r % 61 == 0 ? '\n' : r % 97 == 0 ? '"' : 'a' + (r >> 32) % 26;
	}
	text[N - 1] = '\n';
	for (int round = 0; round < 4500; round++) {
		const u8 *p = text;
		int lines = 0, specials = 0;

		while (p < text + N)
			p = find(p, '\n') + 1, lines++;
		for (p = text; p < text + N; p++)
			p = find_special(p), specials++;
		for (int k = 0; k < 8; k++)
			h = mix(h, count('a' + k));
		h = mix(h, lines * 65536 + specials);
		text[round % (N - 1)] = round % 5 ? 'a' + round % 26 : '\n';
	}
	printf("%016" PRIx64 "\n", h);
	return 0;
}
