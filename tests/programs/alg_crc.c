/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CRC-32, CRC-32C, CRC-16 and Adler-32 by bit, by table and by slices must agree.
 * levels: O0
 * quick: yes
 */
#include "guest.h"

static u32 tables[4][256];

static u32 by_bit(u32 poly, const u8 *p, size_t n)
{
	u32 c = ~0u;

	while (n--) {
		c ^= *p++;
		for (int k = 0; k < 8; k++)
			c = c & 1 ? c >> 1 ^ poly : c >> 1;
	}
	return ~c;
}

static void make_tables(u32 poly)
{
	for (u32 i = 0; i < 256; i++) {
		u32 c = i;
		for (int k = 0; k < 8; k++)
			c = c >> 1 ^ (poly & -(c & 1));
		tables[0][i] = c;
	}
	for (int t = 1; t < 4; t++)
		for (u32 i = 0; i < 256; i++)
			tables[t][i] =
				tables[t - 1][i] >> 8 ^ tables[0][tables[t - 1][i] & 255];
}

static u32 by_table(const u8 *p, size_t n)
{
	u32 c = ~0u;

	while (n--)
		c = c >> 8 ^ tables[0][(c ^ *p++) & 255];
	return ~c;
}

static u32 by_slices(const u8 *p, size_t n)
{
	u32 c = ~0u;

	for (; n >= 4; n -= 4, p += 4) {
		u32 w;
		memcpy(&w, p, 4);
		c ^= w;
		c = tables[3][c & 255] ^ tables[2][c >> 8 & 255] ^
		    tables[1][c >> 16 & 255] ^ tables[0][c >> 24];
	}
	while (n--)
		c = c >> 8 ^ tables[0][(c ^ *p++) & 255];
	return ~c;
}

static u32 adler(const u8 *p, size_t n)
{
	u32 a = 1, b = 0;

	while (n--) {
		a = (a + *p++) % 65521;
		b = (b + a) % 65521;
	}
	return b << 16 | a;
}

static u16 crc16(const u8 *p, size_t n)
{
	u16 c = 0xffff;

	while (n--) {
		c ^= *p++ << 8;
		for (int k = 0; k < 8; k++)
			c = c & 0x8000 ? c << 1 ^ 0x1021 : c << 1;
	}
	return c;
}

int main(void)
{
	static u8 data[20000];
	static const u32 polys[] = {0xedb88320, 0x82f63b78};

	printf("%08x\n", by_bit(polys[0], (const u8 *)"123456789", 9));
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = random_u64();
	for (int p = 0; p < 2; p++) {
		make_tables(polys[p]);
		for (size_t n = 0; n < sizeof(data); n = n * 2 + 3)
			printf("%zu %08x %08x %08x\n", n, by_bit(polys[p], data, n),
			       by_table(data, n), by_slices(data, n));
	}
	printf("%08x %04x\n", adler(data, sizeof(data)), crc16(data, sizeof(data)));
	return 0;
}
