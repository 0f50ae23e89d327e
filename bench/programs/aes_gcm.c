/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* AES-128-GCM with the processor's instructions: eight blocks of the counter at a time, four
 * blocks of the tag with one reduction; the same shape on both machines.
 * class: crypto
 * arm64-flags: -march=armv8-a+crypto
 * native-flags: -maes -mpclmul -mssse3
 */
#include "bench.h"

#ifdef __aarch64__
#include <arm_neon.h>
typedef uint8x16_t block;
#define LOAD(p) vld1q_u8(p)
#define STORE(p, v) vst1q_u8(p, v)
#define XOR(a, b) veorq_u8(a, b)
#define FROM64(v) vreinterpretq_u8_u64(v)
#define TO64(v) vreinterpretq_u64_u8(v)
#define SWAP(v) vextq_u8(v, v, 8)

/* The halves by number: which of a, which of b */
static inline block clmul(block a, block b, int ha, int hb)
{
	poly64x2_t x = vreinterpretq_p64_u8(a), y = vreinterpretq_p64_u8(b);

	if (ha && hb)
		return vreinterpretq_u8_p128(vmull_high_p64(x, y));
	return vreinterpretq_u8_p128(
		vmull_p64(vgetq_lane_p64(x, ha), vgetq_lane_p64(y, hb)));
}

static inline block reverse(block v)
{
	v = vrev64q_u8(v);
	return SWAP(v);
}

/* hi:0 and 0:lo of the middle part */
static inline block to_high(block v)
{
	return vextq_u8(vdupq_n_u8(0), v, 8);
}

static inline block to_low(block v)
{
	return vextq_u8(v, vdupq_n_u8(0), 8);
}

static inline void encrypt8(block b[8], const block k[11])
{
#pragma GCC unroll 9
	for (int r = 0; r < 9; r++)
#pragma GCC unroll 8
		for (int i = 0; i < 8; i++)
			b[i] = vaesmcq_u8(vaeseq_u8(b[i], k[r]));
#pragma GCC unroll 8
	for (int i = 0; i < 8; i++)
		b[i] = XOR(vaeseq_u8(b[i], k[9]), k[10]);
}

static inline block encrypt1(block b, const block k[11])
{
	for (int r = 0; r < 9; r++)
		b = vaesmcq_u8(vaeseq_u8(b, k[r]));
	return XOR(vaeseq_u8(b, k[9]), k[10]);
}

static inline block counter_block(block iv, u32 n)
{
	return vreinterpretq_u8_u32(
		vsetq_lane_u32(__builtin_bswap32(n), vreinterpretq_u32_u8(iv), 3));
}
#else
#include <immintrin.h>
typedef __m128i block;
#define LOAD(p) _mm_loadu_si128((const __m128i *)(p))
#define STORE(p, v) _mm_storeu_si128((__m128i *)(p), v)
#define XOR(a, b) _mm_xor_si128(a, b)
#define SWAP(v) _mm_shuffle_epi32(v, 0x4e)
#define clmul(a, b, ha, hb) _mm_clmulepi64_si128(a, b, (ha) | (hb) << 4)
#define to_high(v) _mm_slli_si128(v, 8)
#define to_low(v) _mm_srli_si128(v, 8)

static inline block reverse(block v)
{
	return _mm_shuffle_epi8(
		v, _mm_setr_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
}

static inline void encrypt8(block b[8], const block k[11])
{
#pragma GCC unroll 8
	for (int i = 0; i < 8; i++)
		b[i] = XOR(b[i], k[0]);
#pragma GCC unroll 9
	for (int r = 1; r < 10; r++)
#pragma GCC unroll 8
		for (int i = 0; i < 8; i++)
			b[i] = _mm_aesenc_si128(b[i], k[r]);
#pragma GCC unroll 8
	for (int i = 0; i < 8; i++)
		b[i] = _mm_aesenclast_si128(b[i], k[10]);
}

static inline block encrypt1(block b, const block k[11])
{
	b = XOR(b, k[0]);
	for (int r = 1; r < 10; r++)
		b = _mm_aesenc_si128(b, k[r]);
	return _mm_aesenclast_si128(b, k[10]);
}

static inline block counter_block(block iv, u32 n)
{
	u32 w[4];

	STORE(w, iv);
	return _mm_setr_epi32(w[0], w[1], w[2], __builtin_bswap32(n));
}
#endif

struct gcm {
	block k[11];  /* round keys */
	block h[4];   /* H, H^2, H^3, H^4, times x, bytes reversed */
	block hx[4];  /* both halves of each added up */
};

/* ---- keys ---- */

static u8 sbox[256];

/* Powers of 3 run through the field; 3^-1 is 0xf6. */
static void make_sbox(void)
{
	u8 p = 1, q = 1;

	do {
		p ^= p << 1 ^ (p & 0x80 ? 0x1b : 0);
		q ^= q << 1;
		q ^= q << 2;
		q ^= q << 4;
		q ^= q & 0x80 ? 9 : 0;
		u8 x = q;
		for (int k = 1; k < 5; k++)
			x ^= q << k | q >> (8 - k);
		sbox[p] = x ^ 0x63;
	} while (p != 1);
	sbox[0] = 0x63;
}

static void expand_key(struct gcm *g, const u8 key[16])
{
	u8 k[176], round = 1;

	memcpy(k, key, 16);
	for (int i = 16; i < 176; i += 4) {
		u8 t[4];

		memcpy(t, k + i - 4, 4);
		if (i % 16 == 0) {
			u8 first = t[0];
			t[0] = sbox[t[1]] ^ round, t[1] = sbox[t[2]], t[2] = sbox[t[3]];
			t[3] = sbox[first];
			round = round << 1 ^ (round & 0x80 ? 0x1b : 0);
		}
		for (int n = 0; n < 4; n++)
			k[i + n] = k[i - 16 + n] ^ t[n];
	}
	for (int i = 0; i < 11; i++)
		g->k[i] = LOAD(k + 16 * i);
}

/* ---- tag ---- */

/* A product of bit-reversed polynomials, one of them times x, not yet reduced. */
struct product {
	block lo, mid, hi;
};

static inline void add_product(struct product *p, block a, block h, block hx)
{
	block ax = XOR(a, SWAP(a));

	p->lo = XOR(p->lo, clmul(a, h, 0, 0));
	p->hi = XOR(p->hi, clmul(a, h, 1, 1));
	p->mid = XOR(p->mid, clmul(ax, hx, 0, 0));
}

static inline block reduce(struct product p)
{
	static const u64 constant[2] = {0xc200000000000000, 0xc200000000000000};
	block c = LOAD((const void *)constant), t;

	p.mid = XOR(p.mid, XOR(p.lo, p.hi));
	p.lo = XOR(p.lo, to_high(p.mid));
	p.hi = XOR(p.hi, to_low(p.mid));
	t = clmul(p.lo, c, 0, 0);
	p.lo = XOR(SWAP(p.lo), t);
	t = clmul(p.lo, c, 0, 0);
	p.lo = XOR(SWAP(p.lo), t);
	return XOR(p.hi, p.lo);
}

static block multiply(block a, block h, block hx)
{
	struct product p = {XOR(a, a), XOR(a, a), XOR(a, a)};

	add_product(&p, a, h, hx);
	return reduce(p);
}

static void init(struct gcm *g, const u8 key[16])
{
	static const u8 zeros[16];
	u64 w[2];

	expand_key(g, key);
	STORE((void *)w, reverse(encrypt1(LOAD(zeros), g->k)));
	/* times x */
	u64 top = -(w[1] >> 63);
	w[1] = w[1] << 1 | w[0] >> 63;
	w[0] = w[0] << 1;
	w[0] ^= top & 1;
	w[1] ^= top & 0xc200000000000000;
	g->h[0] = LOAD((void *)w);
	for (int i = 0; i < 4; i++) {
		if (i)
			g->h[i] = multiply(g->h[i - 1], g->h[0], g->hx[0]);
		g->hx[i] = XOR(g->h[i], SWAP(g->h[i]));
	}
}

static inline block hash4(const struct gcm *g, block y, const u8 *p)
{
	block zero = XOR(y, y);
	struct product s = {zero, zero, zero};

	add_product(&s, XOR(y, reverse(LOAD(p))), g->h[3], g->hx[3]);
	add_product(&s, reverse(LOAD(p + 16)), g->h[2], g->hx[2]);
	add_product(&s, reverse(LOAD(p + 32)), g->h[1], g->hx[1]);
	add_product(&s, reverse(LOAD(p + 48)), g->h[0], g->hx[0]);
	return reduce(s);
}

/* Encrypts in place; n is a multiple of 128. */
static NOINLINE void seal(const struct gcm *g, const u8 iv[12], u8 *p, size_t n, u8 tag[16])
{
	u8 first[16] = {0};
	u64 lengths[2] = {0, __builtin_bswap64(8 * n)};
	block start, y;
	u32 c = 2;

	memcpy(first, iv, 12);
	start = LOAD(first);
	y = XOR(start, start);
	for (size_t i = 0; i < n; i += 128, c += 8) {
		block b[8];

#pragma GCC unroll 8
		for (int k = 0; k < 8; k++)
			b[k] = counter_block(start, c + k);
		encrypt8(b, g->k);
#pragma GCC unroll 8
		for (int k = 0; k < 8; k++)
			STORE(p + i + 16 * k, XOR(b[k], LOAD(p + i + 16 * k)));
		y = hash4(g, y, p + i);
		y = hash4(g, y, p + i + 64);
	}
	y = multiply(XOR(y, reverse(LOAD((void *)lengths))), g->h[0], g->hx[0]);
	STORE(tag, XOR(reverse(y), encrypt1(counter_block(start, 1), g->k)));
}

int main(void)
{
	static u8 data[16384] __attribute__((aligned(16)));
	u8 key[16] = {0}, iv[12] = {0}, tag[16], one[16] = {0};
	struct gcm g;
	u64 h = 0;

	/* Test case 2 of the GCM specification, step by step: a block is shorter than what
	 * seal() takes. */
	make_sbox();
	init(&g, key);
	STORE(one, encrypt1(counter_block(LOAD(one), 2), g.k));
	u64 lengths[2] = {0, __builtin_bswap64(128)};
	block y = multiply(reverse(LOAD(one)), g.h[0], g.hx[0]);
	y = multiply(XOR(y, reverse(LOAD((void *)lengths))), g.h[0], g.hx[0]);
	STORE(tag, XOR(reverse(y), encrypt1(counter_block(LOAD(key), 1), g.k)));
	for (int i = 0; i < 16; i++)
		printf("%02x", tag[i]);
	putchar('\n');
	for (int i = 0; i < 16; i++)
		key[i] = random_u64();
	init(&g, key);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = random_u64();
	for (int round = 0; round < 8000; round++) {
		u64 t;

		memcpy(iv, &round, 4);
		seal(&g, iv, data, sizeof(data), tag);
		memcpy(&t, tag, 8);
		h = mix(h, t);
	}
	printf("%016" PRIx64 " %016" PRIx64 "\n", h, hash_bytes(data, sizeof(data)));
	return 0;
}
