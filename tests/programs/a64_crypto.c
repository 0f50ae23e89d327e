/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The cryptographic extensions at work on the published examples of FIPS 197, SP 800-38D,
 * FIPS 180-4, FIPS 202, GB/T 32905 and GB/T 32907, whose answers a64_crypto.out has.
 * only: arm64
 * flags: -march=armv8.2-a+crypto+sha3+sm4
 * levels: O0
 * quick: yes
 */
#include "guest.h"
#include <arm_neon.h>
#include <sys/auxv.h>

static void show(const char *what, const void *data, size_t size)
{
	const u8 *p = data;

	printf("%s ", what);
	while (size--)
		printf("%02x", *p++);
	printf("\n");
}

static void show_be32(const char *what, const u32 *x, size_t n)
{
	printf("%s ", what);
	while (n--)
		printf("%08x", *x++);
	printf("\n");
}

/* ---- AES ---- */

static u32 aes_word(u32 x)
{
	/* All columns alike: rows that shift change nothing. */
	uint8x16_t v = vaeseq_u8(vreinterpretq_u8_u32(vdupq_n_u32(x)), vdupq_n_u8(0));

	return vgetq_lane_u32(vreinterpretq_u32_u8(v), 0);
}

static int aes_expand(uint8x16_t *out, const u8 *key, int words)
{
	u32 w[60], rounds = words + 6;
	u8 rcon = 1;

	memcpy(w, key, 4 * words);
	for (u32 n = words; n < 4 * (rounds + 1); n++) {
		u32 t = w[n - 1];

		if (n % words == 0) {
			t = aes_word(t);
			t = (t >> 8 | t << 24) ^ rcon;
			rcon = rcon << 1 ^ (rcon >> 7) * 0x1b;
		} else if (words > 6 && n % words == 4) {
			t = aes_word(t);
		}
		w[n] = w[n - words] ^ t;
	}
	for (u32 n = 0; n <= rounds; n++)
		out[n] = vreinterpretq_u8_u32(vld1q_u32(w + 4 * n));
	return rounds;
}

static NOINLINE uint8x16_t encrypt(uint8x16_t x, const uint8x16_t *k, int rounds)
{
	for (int n = 0; n < rounds - 1; n++)
		x = vaesmcq_u8(vaeseq_u8(x, k[n]));
	return veorq_u8(vaeseq_u8(x, k[rounds - 1]), k[rounds]);
}

/* The same unrolled, so that the rounds follow each other directly; then again with other
 * instructions between them, and with an intermediate value that is used. */
static NOINLINE uint8x16_t encrypt_10(uint8x16_t x, const uint8x16_t *k)
{
	__asm__("ld1 {v16.16b-v19.16b}, [%1], #64\n\t"
		"ld1 {v20.16b-v23.16b}, [%1], #64\n\t"
		"ld1 {v24.16b-v26.16b}, [%1]\n\t"
		"aese %0.16b, v16.16b\n\taesmc %0.16b, %0.16b\n\t"
		"aese %0.16b, v17.16b\n\taesmc %0.16b, %0.16b\n\t"
		"aese %0.16b, v18.16b\n\taesmc %0.16b, %0.16b\n\t"
		"aese %0.16b, v19.16b\n\taesmc %0.16b, %0.16b\n\t"
		"aese %0.16b, v20.16b\n\taesmc %0.16b, %0.16b\n\t"
		"aese %0.16b, v21.16b\n\taesmc %0.16b, %0.16b\n\t"
		"aese %0.16b, v22.16b\n\taesmc %0.16b, %0.16b\n\t"
		"aese %0.16b, v23.16b\n\taesmc %0.16b, %0.16b\n\t"
		"aese %0.16b, v24.16b\n\taesmc %0.16b, %0.16b\n\t"
		"aese %0.16b, v25.16b\n\teor %0.16b, %0.16b, v26.16b"
		: "+w"(x), "+r"(k)
		:
		: "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26",
		  "memory");
	return x;
}

static NOINLINE uint8x16_t encrypt_10_apart(uint8x16_t x, const uint8x16_t *k)
{
	uint8x16_t y = x;

	/* v1 counts along; rounds 3 and 4 go through v12, round 6 mixes a copy. */
	__asm__("ld1 {v16.16b-v19.16b}, [%2], #64\n\t"
		"ld1 {v20.16b-v23.16b}, [%2], #64\n\t"
		"ld1 {v24.16b-v26.16b}, [%2]\n\t"
		"aese %0.16b, v16.16b\n\taese %1.16b, v16.16b\n\t"
		"aesmc %0.16b, %0.16b\n\taesmc %1.16b, %1.16b\n\t"
		"aese %0.16b, v17.16b\n\taesmc v12.16b, %0.16b\n\t"
		"aese v12.16b, v18.16b\n\taesmc v12.16b, v12.16b\n\t"
		"aese v12.16b, v19.16b\n\taesmc %0.16b, v12.16b\n\t"
		"eor v12.16b, %0.16b, v20.16b\n\tmovi v13.16b, #0\n\t"
		"aese v13.16b, v12.16b\n\taesmc v13.16b, v13.16b\n\t"
		"aese v21.16b, v13.16b\n\taesmc v21.16b, v21.16b\n\t"
		"aese v21.16b, v22.16b\n\tmov v14.16b, v21.16b\n\taesmc v21.16b, v21.16b\n\t"
		"aesmc v14.16b, v14.16b\n\taese v14.16b, v23.16b\n\taesmc v14.16b, v14.16b\n\t"
		"aese v24.16b, v14.16b\n\taesmc %0.16b, v24.16b\n\t"
		"aese %0.16b, v25.16b\n\teor %0.16b, v26.16b, %0.16b"
		: "+w"(x), "+w"(y), "+r"(k)
		:
		: "v12", "v13", "v14", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23",
		  "v24", "v25", "v26", "memory");
	return x;
}

static NOINLINE uint8x16_t decrypt(uint8x16_t x, const uint8x16_t *k, int rounds)
{
	x = vaesdq_u8(x, k[rounds]);
	for (int n = rounds - 1; n > 0; n--)
		x = vaesdq_u8(vaesimcq_u8(x), vaesimcq_u8(k[n]));
	return veorq_u8(x, k[0]);
}

/* The equivalent inverse cipher, which compilers keep in pairs. */
static NOINLINE uint8x16_t decrypt_10(uint8x16_t x, const uint8x16_t *k)
{
	uint8x16_t inverse[11];

	inverse[0] = k[10];
	for (int n = 1; n < 10; n++)
		inverse[n] = vaesimcq_u8(k[10 - n]);
	inverse[10] = k[0];
	for (int n = 0; n < 9; n++)
		x = vaesimcq_u8(vaesdq_u8(x, inverse[n]));
	return veorq_u8(vaesdq_u8(x, inverse[9]), inverse[10]);
}

static void aes(void)
{
	uint8x16_t k[15], x, y;
	u8 key[32], text[16];
	int rounds;

	for (int n = 0; n < 32; n++)
		key[n] = n;
	for (int n = 0; n < 16; n++)
		text[n] = n * 0x11;
	for (int words = 4; words <= 8; words += 2) {
		rounds = aes_expand(k, key, words);
		x = encrypt(vld1q_u8(text), k, rounds);
		show("aes", &x, 16);
		x = decrypt(x, k, rounds);
		show("back", &x, 16);
	}
	aes_expand(k, key, 4);
	x = encrypt_10(vld1q_u8(text), k);
	show("unrolled", &x, 16);
	y = encrypt_10_apart(vld1q_u8(text), k);
	show("apart", &y, 16);
	y = decrypt_10(x, k);
	show("back", &y, 16);
	for (int n = 0; n < 20000; n++) {
		x = encrypt_10(x, k);
		if (n % 3 == 0)
			x = decrypt(x, k, 10);
		if (n % 5 == 0)
			x = veorq_u8(x, encrypt_10_apart(x, k));
	}
	show("chain", &x, 16);
}

/* ---- GHASH ---- */

static uint8x16_t product(uint8x16_t a, uint8x16_t b)
{
	poly64x2_t x = vreinterpretq_p64_u8(vrbitq_u8(a)), y = vreinterpretq_p64_u8(vrbitq_u8(b));
	poly64x2_t z = (poly64x2_t)vextq_u8((uint8x16_t)y, (uint8x16_t)y, 8);
	u128 lo = (u128)vmull_p64(vgetq_lane_p64(x, 0), vgetq_lane_p64(y, 0));
	u128 hi = (u128)vmull_high_p64(x, y);
	u128 mid = (u128)vmull_p64(vgetq_lane_p64(x, 0), vgetq_lane_p64(z, 0)) ^
		   (u128)vmull_high_p64(x, z);
	u128 r[2] = { lo ^ mid << 64, hi ^ mid >> 64 };

	/* modulo x^128 + x^7 + x^2 + x + 1 */
	hi = (u128)vmull_p64(0x87, r[1] >> 64);
	r[0] ^= hi << 64;
	r[1] ^= hi >> 64;
	r[0] ^= (u128)vmull_p64(0x87, (u64)r[1]);
	return vrbitq_u8(vld1q_u8((u8 *)&r[0]));
}

static void ghash(void)
{
	static const u8 h[16] = { 0x66, 0xe9, 0x4b, 0xd4, 0xef, 0x8a, 0x2c, 0x3b,
				  0x88, 0x4c, 0xfa, 0x59, 0xca, 0x34, 0x2b, 0x2e };
	static const u8 c[16] = { 0x03, 0x88, 0xda, 0xce, 0x60, 0xb6, 0xa3, 0x92,
				  0xf3, 0x28, 0xc2, 0xb9, 0x71, 0xb2, 0xfe, 0x78 };
	static const u8 length[16] = { [15] = 0x80 };
	uint8x16_t x = product(vld1q_u8(c), vld1q_u8(h));

	x = product(veorq_u8(x, vld1q_u8(length)), vld1q_u8(h));
	show("ghash", &x, 16);
	for (int n = 0; n < 1000; n++)
		x = product(x, veorq_u8(vld1q_u8(h), vdupq_n_u8(n)));
	show("chain", &x, 16);
}

/* Products of bytes against shifting and adding. */
static void bytes(void)
{
	u64 hash = 0;
	unsigned wrong = 0;

	for (unsigned a = 0; a < 256; a++)
		for (unsigned b = 0; b < 256; b += 8) {
			u8 x[16], y[16], low[16];
			u16 wide[16];

			for (unsigned n = 0; n < 16; n++) {
				x[n] = a + 37 * (n / 8);
				y[n] = b + n % 8;
			}
			poly8x16_t p = vld1q_p8(x), q = vld1q_p8(y);
			vst1q_p16(wide, vmull_p8(vget_low_p8(p), vget_low_p8(q)));
			vst1q_p16(wide + 8, vmull_high_p8(p, q));
			vst1q_p8(low, vmulq_p8(p, q));
			for (unsigned n = 0; n < 16; n++) {
				u16 want = 0;

				for (unsigned k = 0; k < 8; k++)
					want ^= y[n] >> k & 1 ? x[n] << k : 0;
				wrong += wide[n] != want || low[n] != (u8)want;
				hash = mix(hash, wide[n]);
			}
		}
	printf("bytes %016" PRIx64 " wrong %u\n", hash, wrong);
}

/* ---- messages ---- */

/* Calls block() for each block of the padded message; the length is 8 or 16 bytes, or none
 * with FIPS 202's padding (length_size 0). */
static void blocks(const char *text, size_t repeat, size_t size, size_t length_size,
		   void (*block)(const u8 *))
{
	u8 b[256];
	size_t unit = strlen(text), fill = 0, total = unit * repeat;

	for (size_t n = 0; n < total; n++) {
		b[fill++] = text[n % unit];
		if (fill == size) {
			block(b);
			fill = 0;
		}
	}
	memset(b + fill, 0, sizeof(b) - fill);
	if (!length_size) {
		b[fill] ^= 6;
		b[size - 1] ^= 0x80;
		block(b);
		return;
	}
	b[fill] = 0x80;
	if (fill + 1 + length_size > size) {
		block(b);
		memset(b, 0, sizeof(b));
	}
	for (int n = 0; n < 8; n++)
		b[size - 1 - n] = total * 8 >> 8 * n;
	block(b);
}

static u32 state32[8];
static u64 state64[8];

static uint32x4_t be32(const u8 *p)
{
	return vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(p)));
}

static void sha1_block(const u8 *p)
{
	static const u32 k[4] = { 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6 };
	uint32x4_t abcd = vld1q_u32(state32), w[20], old = abcd;
	u32 e = state32[4], next;

	for (int n = 0; n < 4; n++)
		w[n] = be32(p + 16 * n);
	for (int n = 4; n < 20; n++)
		w[n] = vsha1su1q_u32(vsha1su0q_u32(w[n - 4], w[n - 3], w[n - 2]), w[n - 1]);
	for (int n = 0; n < 20; n++) {
		uint32x4_t wk = vaddq_u32(w[n], vdupq_n_u32(k[n / 5]));

		next = vsha1h_u32(vgetq_lane_u32(abcd, 0));
		abcd = n < 5 ? vsha1cq_u32(abcd, e, wk) :
		       n >= 10 && n < 15 ? vsha1mq_u32(abcd, e, wk) : vsha1pq_u32(abcd, e, wk);
		e = next;
	}
	vst1q_u32(state32, vaddq_u32(abcd, old));
	state32[4] += e;
}

static u64 fraction(unsigned prime, bool cube)
{
	/* bits of the root's fraction, highest first; exact arithmetic in 192 bits */
	u64 whole = 1, f = 0;

	while (cube ? (whole + 1) * (whole + 1) * (whole + 1) <= prime :
		      (whole + 1) * (whole + 1) <= prime)
		whole++;
	for (int bit = 63; bit >= 0; bit--) {
		u64 t = f | 1ull << bit;
		/* (whole + t / 2^64)^2 as integer and fraction parts of 64 + 128 bits */
		u128 cross = (u128)whole * t, low = (u128)t * t;
		u128 high = ((u128)whole * whole << 64) + 2 * cross + (low >> 64);
		u64 tail = low;
		bool over = high >> 64 >= prime;

		if (cube) {
			u128 c = (high >> 64) * whole, d = (high >> 64) * t;
			u128 e2 = (u128)(u64)high * whole, g = (u128)(u64)high * t;
			u128 h = (u128)tail * whole + ((u128)tail * t >> 64);
			u128 sum = d + e2 + (g >> 64);
			u128 carry = (u128)(u64)g + h;

			sum += carry >> 64;
			over = c + (sum >> 64) >= prime;
		}
		if (!over)
			f = t;
	}
	return f;
}

static u64 k512[80], first512[8];

static void constants(void)
{
	for (unsigned p = 2, n = 0; n < 80; p++) {
		unsigned d = 2;

		while (d * d <= p && p % d)
			d++;
		if (d * d <= p)
			continue;
		if (n < 8)
			first512[n] = fraction(p, false);
		k512[n++] = fraction(p, true);
	}
}

static void sha256_block(const u8 *p)
{
	uint32x4_t abcd = vld1q_u32(state32), efgh = vld1q_u32(state32 + 4), a = abcd, e = efgh, w[16];

	for (int n = 0; n < 4; n++)
		w[n] = be32(p + 16 * n);
	for (int n = 4; n < 16; n++)
		w[n] = vsha256su1q_u32(vsha256su0q_u32(w[n - 4], w[n - 3]), w[n - 2], w[n - 1]);
	for (int n = 0; n < 16; n++) {
		u32 k[4] = { k512[4 * n] >> 32, k512[4 * n + 1] >> 32, k512[4 * n + 2] >> 32,
			     k512[4 * n + 3] >> 32 };
		uint32x4_t wk = vaddq_u32(w[n], vld1q_u32(k)), t = abcd;

		abcd = vsha256hq_u32(abcd, efgh, wk);
		efgh = vsha256h2q_u32(efgh, t, wk);
	}
	vst1q_u32(state32, vaddq_u32(abcd, a));
	vst1q_u32(state32 + 4, vaddq_u32(efgh, e));
}

static void sha512_block(const u8 *p)
{
	uint64x2_t v[4], w[40], ab, cd, ef, gh;

	for (int n = 0; n < 4; n++)
		v[n] = vld1q_u64(state64 + 2 * n);
	ab = v[0], cd = v[1], ef = v[2], gh = v[3];
	for (int n = 0; n < 8; n++)
		w[n] = vreinterpretq_u64_u8(vrev64q_u8(vld1q_u8(p + 16 * n)));
	for (int n = 8; n < 40; n++)
		w[n] = vsha512su1q_u64(vsha512su0q_u64(w[n - 8], w[n - 7]), w[n - 1],
				       vextq_u64(w[n - 4], w[n - 3], 1));
	for (int n = 0; n < 40; n++) {
		uint64x2_t t = vaddq_u64(w[n], vld1q_u64(k512 + 2 * n)), old = ab;

		t = vaddq_u64(vextq_u64(t, t, 1), gh);
		t = vsha512hq_u64(t, vextq_u64(ef, gh, 1), vextq_u64(cd, ef, 1));
		ab = vsha512h2q_u64(t, cd, ab);
		gh = ef;
		ef = vaddq_u64(cd, t);
		cd = old;
	}
	vst1q_u64(state64, vaddq_u64(ab, v[0]));
	vst1q_u64(state64 + 2, vaddq_u64(cd, v[1]));
	vst1q_u64(state64 + 4, vaddq_u64(ef, v[2]));
	vst1q_u64(state64 + 6, vaddq_u64(gh, v[3]));
}

static void hashes(const char *text, size_t repeat)
{
	static const u32 first1[5] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 };

	memcpy(state32, first1, sizeof(first1));
	blocks(text, repeat, 64, 8, sha1_block);
	show_be32("sha1", state32, 5);
	for (int n = 0; n < 8; n++)
		state32[n] = first512[n] >> 32;
	blocks(text, repeat, 64, 8, sha256_block);
	show_be32("sha256", state32, 8);
	memcpy(state64, first512, sizeof(state64));
	blocks(text, repeat, 128, 16, sha512_block);
	printf("sha512 ");
	for (int n = 0; n < 8; n++)
		printf("%016" PRIx64, state64[n]);
	printf("\n");
}

/* ---- SHA-3: two lanes of states that are alike ---- */

static u64 keccak[25];

static NOINLINE uint64x2_t xar(uint64x2_t a, uint64x2_t b, unsigned right)
{
	switch (right) {
#define CASE(n)           \
	case n:           \
		return vxarq_u64(a, b, n)
#define CASES(n)     \
	CASE(n);     \
	CASE(n + 1); \
	CASE(n + 2); \
	CASE(n + 3); \
	CASE(n + 4); \
	CASE(n + 5); \
	CASE(n + 6); \
	CASE(n + 7)
		CASES(0);
		CASES(8);
		CASES(16);
		CASES(24);
		CASES(32);
		CASES(40);
		CASES(48);
		CASES(56);
	}
	abort();
}

static void keccak_block(const u8 *p)
{
	uint64x2_t a[25], b[25], c[5], d[5];
	u8 lfsr = 1;

	for (int n = 0; n < 25; n++) {
		u64 x = 0;

		if (n < 17)
			memcpy(&x, p + 8 * n, 8);
		a[n] = vdupq_n_u64(keccak[n] ^ x);
	}
	for (int round = 0; round < 24; round++) {
		u64 rc = 0;
		int x = 1, y = 0;

		for (int n = 0; n < 5; n++)
			c[n] = veor3q_u64(veor3q_u64(a[n], a[n + 5], a[n + 10]), a[n + 15],
					  a[n + 20]);
		for (int n = 0; n < 5; n++)
			d[n] = vrax1q_u64(c[(n + 4) % 5], c[(n + 1) % 5]);
		b[0] = veorq_u64(a[0], d[0]);
		for (int t = 0; t < 24; t++) {
			int next = (2 * x + 3 * y) % 5;

			/* from (x, y) to (y, 2x + 3y) */
			b[y + 5 * next] = xar(a[x + 5 * y], d[x],
					      (64 - (t + 1) * (t + 2) / 2 % 64) % 64);
			x = y;
			y = next;
		}
		for (int n = 0; n < 25; n++) {
			int row = n / 5 * 5;

			a[n] = vbcaxq_u64(b[n], b[row + (n + 2) % 5], b[row + (n + 1) % 5]);
		}
		for (int n = 0; n < 7; n++) {
			if (lfsr & 1)
				rc |= 1ull << ((1 << n) - 1);
			lfsr = lfsr << 1 ^ (lfsr >> 7) * 0x71;
		}
		a[0] = veorq_u64(a[0], vdupq_n_u64(rc));
	}
	for (int n = 0; n < 25; n++)
		keccak[n] = vgetq_lane_u64(a[n], 1);
}

static void sha3(const char *text, size_t repeat)
{
	memset(keccak, 0, sizeof(keccak));
	blocks(text, repeat, 136, 0, keccak_block);
	show("sha3", keccak, 32);
}

/* ---- SM3, SM4 ---- */

#define SM3_ROUND(kind, n, index)                                             \
	do {                                                                  \
		uint32x4_t ss = vsm3ss1q_u32(v0, v1, vdupq_n_u32(t));         \
		v0 = vsm3tt1##kind##q_u32(v0, ss, wx, index);                 \
		v1 = vsm3tt2##kind##q_u32(v1, ss, w[(n) / 4], index);         \
		t = t << 1 | t >> 31;                                         \
	} while (0)

static void sm3_block(const u8 *p)
{
	/* the state with its words in reverse */
	uint32x4_t v0 = vld1q_u32(state32), v1 = vld1q_u32(state32 + 4), w[17], wx, old0 = v0, old1 = v1;
	u32 t = 0x79cc4519;

	for (int n = 0; n < 4; n++)
		w[n] = be32(p + 16 * n);
	for (int n = 4; n < 17; n++) {
		uint32x4_t a = vextq_u32(w[n - 4], w[n - 3], 3), b = vextq_u32(w[n - 2], w[n - 1], 2);
		uint32x4_t c = vextq_u32(w[n - 3], w[n - 2], 3);

		w[n] = vsm3partw2q_u32(vsm3partw1q_u32(w[n - 4], c, w[n - 1]), b, a);
	}
	for (int n = 0; n < 64; n += 4) {
		wx = veorq_u32(w[n / 4], w[n / 4 + 1]);
		if (n == 16)
			t = 0x9d8a7a87;
		if (n < 16) {
			SM3_ROUND(a, n, 0);
			SM3_ROUND(a, n, 1);
			SM3_ROUND(a, n, 2);
			SM3_ROUND(a, n, 3);
		} else {
			SM3_ROUND(b, n, 0);
			SM3_ROUND(b, n, 1);
			SM3_ROUND(b, n, 2);
			SM3_ROUND(b, n, 3);
		}
	}
	vst1q_u32(state32, veorq_u32(v0, old0));
	vst1q_u32(state32 + 4, veorq_u32(v1, old1));
}

static void sm3(const char *text, size_t repeat)
{
	static const u32 first[8] = { 0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600,
				      0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e };
	u32 out[8];

	for (int n = 0; n < 8; n++)
		state32[n] = first[n ^ 3];
	blocks(text, repeat, 64, 8, sm3_block);
	for (int n = 0; n < 8; n++)
		out[n] = state32[n ^ 3];
	show_be32("sm3", out, 8);
}

static void sm4(void)
{
	static const u32 fk[4] = { 0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc };
	static const u8 key[16] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
				    0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10 };
	uint32x4_t k = veorq_u32(be32(key), vld1q_u32(fk)), rk[8], x = be32(key);
	u32 out[4];

	for (int n = 0; n < 8; n++) {
		u32 ck[4];

		for (int i = 0; i < 4; i++) {
			ck[i] = 0;
			for (int j = 0; j < 4; j++)
				ck[i] = ck[i] << 8 | (4 * (4 * n + i) + j) * 7 % 256;
		}
		k = rk[n] = vsm4ekeyq_u32(k, vld1q_u32(ck));
	}
	for (int times = 1; times <= 10000; times++) {
		for (int n = 0; n < 8; n++)
			x = vsm4eq_u32(x, rk[n]);
		x = vrev64q_u32(x);
		x = vextq_u32(x, x, 2);
		vst1q_u32(out, x);
		if (times == 1 || times == 10000)
			show_be32("sm4", out, 4);
	}
}

int main(void)
{
	static const u64 wanted = 0x8 | 0x10 | 0x20 | 0x40 | 1 << 17 | 1 << 18 | 1 << 19 | 1 << 21;

	printf("reported %d\n", (getauxval(AT_HWCAP) & wanted) == wanted);
	constants();
	aes();
	ghash();
	bytes();
	hashes("abc", 1);
	hashes("a", 100000);
	sha3("abc", 1);
	sha3("a", 20000);
	sm3("abc", 1);
	sm3("abcd", 16);
	sm3("a", 20000);
	sm4();
	return 0;
}
