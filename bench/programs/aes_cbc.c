/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* AES-128-CBC with the processor's instructions: encryption is one chain, decryption four
 * blocks at a time.
 * class: crypto
 * arm64-flags: -march=armv8-a+crypto
 * native-flags: -maes
 */
#include "bench.h"

#ifdef __aarch64__
#include <arm_neon.h>
typedef uint8x16_t block;
#define LOAD(p) vld1q_u8(p)
#define STORE(p, v) vst1q_u8(p, v)
#define XOR(a, b) veorq_u8(a, b)
#define UNMIX(v) vaesimcq_u8(v)

static inline block encrypt(block b, const block k[11])
{
#pragma GCC unroll 9
	for (int r = 0; r < 9; r++)
		b = vaesmcq_u8(vaeseq_u8(b, k[r]));
	return XOR(vaeseq_u8(b, k[9]), k[10]);
}

static inline void decrypt4(block b[4], const block k[11])
{
#pragma GCC unroll 9
	for (int r = 0; r < 9; r++)
#pragma GCC unroll 4
		for (int i = 0; i < 4; i++)
			b[i] = vaesimcq_u8(vaesdq_u8(b[i], k[r]));
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		b[i] = XOR(vaesdq_u8(b[i], k[9]), k[10]);
}
#else
#include <immintrin.h>
typedef __m128i block;
#define LOAD(p) _mm_loadu_si128((const __m128i *)(p))
#define STORE(p, v) _mm_storeu_si128((__m128i *)(p), v)
#define XOR(a, b) _mm_xor_si128(a, b)
#define UNMIX(v) _mm_aesimc_si128(v)

static inline block encrypt(block b, const block k[11])
{
	b = XOR(b, k[0]);
#pragma GCC unroll 9
	for (int r = 1; r < 10; r++)
		b = _mm_aesenc_si128(b, k[r]);
	return _mm_aesenclast_si128(b, k[10]);
}

static inline void decrypt4(block b[4], const block k[11])
{
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		b[i] = XOR(b[i], k[0]);
#pragma GCC unroll 9
	for (int r = 1; r < 10; r++)
#pragma GCC unroll 4
		for (int i = 0; i < 4; i++)
			b[i] = _mm_aesdec_si128(b[i], k[r]);
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		b[i] = _mm_aesdeclast_si128(b[i], k[10]);
}
#endif

static NOINLINE block encrypt_all(u8 *p, size_t n, block iv, const block k[11])
{
	for (size_t i = 0; i < n; i += 16) {
		iv = encrypt(XOR(iv, LOAD(p + i)), k);
		STORE(p + i, iv);
	}
	return iv;
}

static NOINLINE void decrypt_all(u8 *to, const u8 *p, size_t n, block iv, const block k[11])
{
	for (size_t i = 0; i < n; i += 64) {
		block b[4], c[4];

#pragma GCC unroll 4
		for (int j = 0; j < 4; j++)
			b[j] = c[j] = LOAD(p + i + 16 * j);
		decrypt4(b, k);
		STORE(to + i, XOR(b[0], iv));
		STORE(to + i + 16, XOR(b[1], c[0]));
		STORE(to + i + 32, XOR(b[2], c[1]));
		STORE(to + i + 48, XOR(b[3], c[2]));
		iv = c[3];
	}
}

int main(void)
{
	static u8 plain[16384], data[16384], back[16384];
	static const u8 zeros[16];
	block k[11], inverse[11], iv = LOAD(zeros), next;
	int same = 0;

	/* Any eleven blocks do as round keys. */
	for (size_t i = 0; i < sizeof(plain); i++)
		plain[i] = random_u64();
	for (int i = 0; i < 11; i++) {
		k[i] = LOAD(plain + 16 * i);
		inverse[10 - i] = i % 10 ? UNMIX(k[i]) : k[i];
	}
	for (int round = 0; round < 4500; round++) {
		memcpy(data, plain, sizeof(data));
		next = encrypt_all(data, sizeof(data), iv, k);
		for (int i = 0; i < 3; i++)
			decrypt_all(back, data, sizeof(data), iv, inverse);
		same += !memcmp(back, plain, sizeof(back));
		iv = next;
	}
	printf("%d %016" PRIx64 "\n", same, hash_bytes(data, sizeof(data)));
	return 0;
}
