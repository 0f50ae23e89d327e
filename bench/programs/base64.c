/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Base64 both ways, by table lookups and interleaved loads on arm64, by byte shuffles and
 * multiplications natively.
 * class: simd
 * native-flags: -msse4.1
 */
#include "bench.h"

enum { N = 12288, CODED = N / 3 * 4 };

static const char alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static u8 plain[N + 16], coded[CODED + 16], back[N + 16];

#ifdef __aarch64__
#include <arm_neon.h>

static uint8x16x4_t load_table(const u8 *t)
{
	return (uint8x16x4_t){
		{vld1q_u8(t), vld1q_u8(t + 16), vld1q_u8(t + 32), vld1q_u8(t + 48)}};
}

static NOINLINE void encode(void)
{
	uint8x16x4_t table = load_table((const u8 *)alphabet), o;
	uint8x16_t low = vdupq_n_u8(63);

	for (int i = 0, k = 0; i < N; i += 48, k += 64) {
		uint8x16x3_t p = vld3q_u8(plain + i);

		o.val[0] = vshrq_n_u8(p.val[0], 2);
		o.val[1] = vandq_u8(vsliq_n_u8(vshrq_n_u8(p.val[1], 4), p.val[0], 4), low);
		o.val[2] = vandq_u8(vsliq_n_u8(vshrq_n_u8(p.val[2], 6), p.val[1], 2), low);
		o.val[3] = vandq_u8(p.val[2], low);
		for (int n = 0; n < 4; n++)
			o.val[n] = vqtbl4q_u8(table, o.val[n]);
		vst4q_u8(coded + k, o);
	}
}

static u8 values[128];

static NOINLINE bool decode(void)
{
	uint8x16x4_t lower, upper, p;
	uint8x16x3_t o;
	uint8x16_t bad = vdupq_n_u8(0);

	if (!values[0]) {
		memset(values, 0xff, sizeof(values));
		for (int i = 0; i < 64; i++)
			values[(u8)alphabet[i]] = i;
	}
	lower = load_table(values);
	upper = load_table(values + 64);
	for (int i = 0, k = 0; i < CODED; i += 64, k += 48) {
		p = vld4q_u8(coded + i);
		for (int n = 0; n < 4; n++) {
			uint8x16_t c = p.val[n], v = vqtbl4q_u8(lower, c);

			v = vqtbx4q_u8(v, upper, veorq_u8(c, vdupq_n_u8(64)));
			/* bytes from 128 up are in neither table */
			bad = vorrq_u8(bad, vorrq_u8(v, c));
			p.val[n] = v;
		}
		o.val[0] = vorrq_u8(vshlq_n_u8(p.val[0], 2), vshrq_n_u8(p.val[1], 4));
		o.val[1] = vorrq_u8(vshlq_n_u8(p.val[1], 4), vshrq_n_u8(p.val[2], 2));
		o.val[2] = vorrq_u8(vshlq_n_u8(p.val[2], 6), p.val[3]);
		vst3q_u8(back + k, o);
	}
	return vmaxvq_u8(bad) < 128;
}
#else
#include <immintrin.h>

static NOINLINE void encode(void)
{
	const __m128i spread =
		_mm_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
	/* what to add, by 0: a to z, 1..10: digits, 11: +, 12: /, 13: A to Z */
	const __m128i offset = _mm_setr_epi8('a' - 26, -4, -4, -4, -4, -4, -4, -4, -4, -4,
					     -4, '+' - 62, '/' - 63, 'A', 0, 0);

	for (int i = 0, k = 0; i < N; i += 12, k += 16) {
		__m128i p = _mm_loadu_si128((const __m128i *)(plain + i)), a, b, c;

		p = _mm_shuffle_epi8(p, spread);
		a = _mm_mulhi_epu16(_mm_and_si128(p, _mm_set1_epi32(0x0fc0fc00)),
				    _mm_set1_epi32(0x04000040));
		b = _mm_mullo_epi16(_mm_and_si128(p, _mm_set1_epi32(0x003f03f0)),
				    _mm_set1_epi32(0x01000010));
		p = _mm_or_si128(a, b);
		c = _mm_subs_epu8(p, _mm_set1_epi8(51));
		a = _mm_cmpgt_epi8(_mm_set1_epi8(26), p);
		c = _mm_or_si128(c, _mm_and_si128(a, _mm_set1_epi8(13)));
		p = _mm_add_epi8(p, _mm_shuffle_epi8(offset, c));
		_mm_storeu_si128((__m128i *)(coded + k), p);
	}
}

static NOINLINE bool decode(void)
{
	const __m128i low = _mm_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
					  0x11, 0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a);
	const __m128i high = _mm_setr_epi8(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08,
					   0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10);
	const __m128i roll = _mm_setr_epi8(0, 63 - '/', 62 - '+', 4, -65, -65, -71, -71, 0,
					   0, 0, 0, 0, 0, 0, 0);
	const __m128i pack = _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1,
					   -1, -1);
	__m128i bad = _mm_setzero_si128();

	for (int i = 0, k = 0; i < CODED; i += 16, k += 12) {
		__m128i p = _mm_loadu_si128((const __m128i *)(coded + i)), h, s;

		h = _mm_and_si128(_mm_srli_epi32(p, 4), _mm_set1_epi8(15));
		bad = _mm_or_si128(
			bad, _mm_and_si128(_mm_shuffle_epi8(low, _mm_and_si128(p, _mm_set1_epi8(15))),
					   _mm_shuffle_epi8(high, h)));
		s = _mm_cmpeq_epi8(p, _mm_set1_epi8('/'));
		p = _mm_add_epi8(p, _mm_shuffle_epi8(roll, _mm_add_epi8(s, h)));
		p = _mm_maddubs_epi16(p, _mm_set1_epi32(0x01400140));
		p = _mm_madd_epi16(p, _mm_set1_epi32(0x00011000));
		_mm_storeu_si128((__m128i *)(back + k), _mm_shuffle_epi8(p, pack));
	}
	return _mm_testz_si128(bad, bad);
}
#endif

int main(void)
{
	int good = 0, same = 0;
	u64 h = 0;

	for (int i = 0; i < N; i++)
		plain[i] = random_u64();
	for (int round = 0; round < 25000; round++) {
		encode();
		h = mix(h, coded[round % CODED]);
		if (round % 100 == 0)
			coded[round % CODED] = ' ' + round / 100 % 4 * 7;
		good += decode();
		if (round % 500 == 1)
			same += !memcmp(plain, back, N);
		plain[round % N]++;
	}
	printf("%016" PRIx64 " %d %d\n", h, good, same);
	return 0;
}
