/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CRC-32C with the instructions of both machines: one chain, and three at a time.
 * class: crypto
 * arm64-flags: -march=armv8-a+crc
 * native-flags: -msse4.2
 */
#include "bench.h"

#ifdef __aarch64__
#include <arm_acle.h>
#define CRC64(c, v) __crc32cd(c, v)
#define CRC8(c, v) __crc32cb(c, v)
#else
#include <immintrin.h>
#define CRC64(c, v) _mm_crc32_u64(c, v)
#define CRC8(c, v) _mm_crc32_u8(c, v)
#endif

static u64 load(const u8 *p)
{
	u64 v;
	memcpy(&v, p, 8);
	return v;
}

static NOINLINE u32 chain(u32 c, const u8 *p, size_t n)
{
	for (; n >= 8; n -= 8, p += 8)
		c = CRC64(c, load(p));
	while (n--)
		c = CRC8(c, *p++);
	return c;
}

static NOINLINE u32 three(const u8 *p, size_t n)
{
	u32 a = 1, b = 2, c = 3;

	n /= 3;
	for (size_t i = 0; i + 8 <= n; i += 8) {
		a = CRC64(a, load(p + i));
		b = CRC64(b, load(p + n + i));
		c = CRC64(c, load(p + 2 * n + i));
	}
	return a ^ b ^ c;
}

int main(void)
{
	static u8 data[65536];
	u64 h = 0;

	printf("%08x\n", ~chain(~0u, (const u8 *)"123456789", 9));
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = random_u64();
	for (int round = 0; round < 12000; round++) {
		h = mix(h, chain(round, data + round % 16, sizeof(data) - 32 + round % 7));
		h = mix(h, three(data, sizeof(data)));
		data[round]++;
	}
	printf("%016" PRIx64 "\n", h);
	return 0;
}
