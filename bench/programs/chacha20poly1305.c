/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ChaCha20-Poly1305 (RFC 8439): the cipher with vectors, four blocks in the lanes; the tag
 * with 64-bit multiplications.
 * class: simd
 * native-flags: -mssse3
 * flags: -O3
 */
#include "bench.h"

typedef u32 words __attribute__((vector_size(16)));
typedef u8 bytes __attribute__((vector_size(16)));

static inline words rotate(words v, int n)
{
	return v << n | v >> (32 - n);
}

static inline words rotate16(words v)
{
	static const bytes by16 = {2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13};
	return (words)__builtin_shuffle((bytes)v, by16);
}

#define QUARTER(a, b, c, d)                        \
	a += b, d = rotate16(d ^ a);               \
	c += d, b = rotate(b ^ c, 12);             \
	a += b, d = rotate(d ^ a, 8);              \
	c += d, b = rotate(b ^ c, 7)

/* 256 bytes; counter is that of the first block. */
static NOINLINE void xor_stream(u8 *p, const u32 key[8], const u32 nonce[3], u32 counter)
{
	static const u32 sigma[4] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
	words s[16], x[16];

	for (int i = 0; i < 16; i++) {
		u32 v = i < 4 ? sigma[i] : i < 12 ? key[i - 4] : i > 12 ? nonce[i - 13] : 0;
		s[i] = (words){v, v, v, v};
	}
	s[12] = (words){counter, counter + 1, counter + 2, counter + 3};
	memcpy(x, s, sizeof(x));
	for (int i = 0; i < 10; i++) {
		QUARTER(x[0], x[4], x[8], x[12]);
		QUARTER(x[1], x[5], x[9], x[13]);
		QUARTER(x[2], x[6], x[10], x[14]);
		QUARTER(x[3], x[7], x[11], x[15]);
		QUARTER(x[0], x[5], x[10], x[15]);
		QUARTER(x[1], x[6], x[11], x[12]);
		QUARTER(x[2], x[7], x[8], x[13]);
		QUARTER(x[3], x[4], x[9], x[14]);
	}
	/* Rows of four words become the lanes' blocks. */
	for (int i = 0; i < 16; i += 4) {
		words a = x[i] + s[i], b = x[i + 1] + s[i + 1], c = x[i + 2] + s[i + 2],
		      d = x[i + 3] + s[i + 3], t[4], *out = (words *)(p + 4 * i);

		t[0] = __builtin_shuffle(a, b, (words){0, 4, 1, 5});
		t[1] = __builtin_shuffle(c, d, (words){0, 4, 1, 5});
		t[2] = __builtin_shuffle(a, b, (words){2, 6, 3, 7});
		t[3] = __builtin_shuffle(c, d, (words){2, 6, 3, 7});
		out[0] ^= __builtin_shuffle(t[0], t[1], (words){0, 1, 4, 5});
		out[4] ^= __builtin_shuffle(t[0], t[1], (words){2, 3, 6, 7});
		out[8] ^= __builtin_shuffle(t[2], t[3], (words){0, 1, 4, 5});
		out[12] ^= __builtin_shuffle(t[2], t[3], (words){2, 3, 6, 7});
	}
}

/* Poly1305 in limbs of 44, 44 and 42 bits. */
struct poly {
	u64 r[3], s[3], h[3], pad[2];
};

#define M44 0xfffffffffffull
#define M42 0x3ffffffffffull

static u64 load64(const u8 *p)
{
	u64 v;
	memcpy(&v, p, 8);
	return v;
}

static void poly_init(struct poly *p, const u8 key[32])
{
	u64 a = load64(key) & 0x0ffffffc0fffffff, b = load64(key + 8) & 0x0ffffffc0ffffffc;

	p->r[0] = a & M44;
	p->r[1] = (a >> 44 | b << 20) & M44;
	p->r[2] = b >> 24;
	p->s[1] = p->r[1] * 20;
	p->s[2] = p->r[2] * 20;
	p->h[0] = p->h[1] = p->h[2] = 0;
	p->pad[0] = load64(key + 16);
	p->pad[1] = load64(key + 24);
}

static NOINLINE void poly_blocks(struct poly *p, const u8 *m, size_t n)
{
	u64 h0 = p->h[0], h1 = p->h[1], h2 = p->h[2];
	u64 r0 = p->r[0], r1 = p->r[1], r2 = p->r[2], s1 = p->s[1], s2 = p->s[2];

	for (; n; n -= 16, m += 16) {
		u64 a = load64(m), b = load64(m + 8);
		u128 d0, d1, d2;

		h0 += a & M44;
		h1 += (a >> 44 | b << 20) & M44;
		h2 += b >> 24 | 1ull << 40;
		d0 = (u128)h0 * r0 + (u128)h1 * s2 + (u128)h2 * s1;
		d1 = (u128)h0 * r1 + (u128)h1 * r0 + (u128)h2 * s2;
		d2 = (u128)h0 * r2 + (u128)h1 * r1 + (u128)h2 * r0;
		d1 += (u64)(d0 >> 44);
		d2 += (u64)(d1 >> 44);
		h0 = (u64)d0 & M44;
		h1 = (u64)d1 & M44;
		h2 = (u64)d2 & M42;
		h0 += (u64)(d2 >> 42) * 5;
		h1 += h0 >> 44;
		h0 &= M44;
	}
	p->h[0] = h0, p->h[1] = h1, p->h[2] = h2;
}

static void poly_end(struct poly *p, u64 tag[2])
{
	u64 h0 = p->h[0], h1 = p->h[1], h2 = p->h[2], g0, g1, g2;
	u128 t;

	for (int k = 0; k < 2; k++) {
		h2 += h1 >> 44, h1 &= M44;
		h0 += (h2 >> 42) * 5, h2 &= M42;
		h1 += h0 >> 44, h0 &= M44;
	}
	g0 = h0 + 5;
	g1 = h1 + (g0 >> 44);
	g2 = h2 + (g1 >> 44);
	if (g2 >> 42)
		h0 = g0 & M44, h1 = g1 & M44, h2 = g2 & M42;
	t = ((u128)h2 << 88) + ((u128)h1 << 44) + h0;
	t += (u128)p->pad[1] << 64 | p->pad[0];
	tag[0] = t, tag[1] = t >> 64;
}

int main(void)
{
	static u8 data[8192] __attribute__((aligned(16)));
	u8 first[256] __attribute__((aligned(16)));
	u32 key[8], nonce[3] = {0x09000000, 0x4a000000, 0};
	u64 tag[2], h = 0;

	/* The block of RFC 8439, section 2.3.2 */
	for (int i = 0; i < 8; i++)
		key[i] = (4 * i + 3u) << 24 | (4 * i + 2) << 16 | (4 * i + 1) << 8 | 4 * i;
	memset(first, 0, sizeof(first));
	xor_stream(first, key, nonce, 1);
	printf("%02x%02x%02x%02x\n", first[0], first[1], first[2], first[3]);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = random_u64();
	for (int round = 0; round < 8000; round++) {
		struct poly p;

		nonce[2] = round;
		memset(first, 0, sizeof(first));
		xor_stream(first, key, nonce, 0);
		poly_init(&p, first);
		for (size_t i = 0; i < sizeof(data); i += 256)
			xor_stream(data + i, key, nonce, 1 + i / 64);
		poly_blocks(&p, data, sizeof(data));
		poly_end(&p, tag);
		h = mix(h, tag[0] ^ tag[1]);
	}
	printf("%016" PRIx64 " %016" PRIx64 "\n", h, hash_bytes(data, sizeof(data)));
	return 0;
}
