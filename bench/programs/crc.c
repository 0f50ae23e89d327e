/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Integer work: CRC-32 by one table and by four.
 * class: integer
 */
#include "bench.h"

static u32 tables[4][256];
static u8 data[1 << 20];

static NOINLINE u32 one_table(const u8 *p, size_t n)
{
	u32 c = ~0u;

	while (n--)
		c = c >> 8 ^ tables[0][(c ^ *p++) & 255];
	return ~c;
}

static NOINLINE u32 four_tables(const u8 *p, size_t n)
{
	u32 c = ~0u;

	for (; n; n -= 4, p += 4) {
		u32 w;
		memcpy(&w, p, 4);
		c ^= w;
		c = tables[3][c & 255] ^ tables[2][c >> 8 & 255] ^
		    tables[1][c >> 16 & 255] ^ tables[0][c >> 24];
	}
	return ~c;
}

int main(void)
{
	for (u32 i = 0; i < 256; i++) {
		u32 c = i;
		for (int k = 0; k < 8; k++)
			c = c >> 1 ^ (0xedb88320 & -(c & 1));
		tables[0][i] = c;
	}
	for (int t = 1; t < 4; t++)
		for (u32 i = 0; i < 256; i++)
			tables[t][i] =
				tables[t - 1][i] >> 8 ^ tables[0][tables[t - 1][i] & 255];
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = random_u64();
	for (int round = 0; round < 60; round++) {
		u32 a = one_table(data, sizeof(data)),
		    b = four_tables(data, sizeof(data));
		data[round] ^= a;
		if (a != b || round % 10 == 0)
			printf("%08x %08x\n", a, b);
	}
	return 0;
}
