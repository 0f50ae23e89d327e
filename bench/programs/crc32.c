/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CRC-32 with the instructions of arm64, one chain; natively tables for eight bytes at a time
 * as zlib has them, since x86 has no instruction for this polynomial.
 * class: crypto
 * arm64-flags: -march=armv8-a+crc
 */
#include "bench.h"

#ifdef __aarch64__
#include <arm_acle.h>

static NOINLINE u32 crc(u32 c, const u8 *p, size_t n)
{
	for (; n >= 8; n -= 8, p += 8) {
		u64 v;
		memcpy(&v, p, 8);
		c = __crc32d(c, v);
	}
	while (n--)
		c = __crc32b(c, *p++);
	return c;
}
#else
static u32 table[8][256];

static NOINLINE u32 crc(u32 c, const u8 *p, size_t n)
{
	if (!table[0][1])
		for (int k = 0; k < 8; k++)
			for (u32 i = 0; i < 256; i++) {
				u32 v = k ? table[k - 1][i] : i;

				for (int bit = 0; bit < 8; bit++)
					v = v >> 1 ^ (v & 1 ? 0xedb88320 : 0);
				table[k][i] = v;
			}
	for (; n >= 8; n -= 8, p += 8) {
		u64 v;
		memcpy(&v, p, 8);
		v ^= c;
		c = 0;
		for (int k = 0; k < 8; k++)
			c ^= table[7 - k][v >> 8 * k & 255];
	}
	while (n--)
		c = c >> 8 ^ table[0][(c ^ *p++) & 255];
	return c;
}
#endif

int main(void)
{
	static u8 data[65536];
	u64 h = 0;

	printf("%08x\n", ~crc(~0u, (const u8 *)"123456789", 9));
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = random_u64();
	for (int round = 0; round < 3000; round++) {
		h = mix(h, crc(round, data + round % 16, sizeof(data) - 32 + round % 7));
		data[round]++;
	}
	printf("%016" PRIx64 "\n", h);
	return 0;
}
