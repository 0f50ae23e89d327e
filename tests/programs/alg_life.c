/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conway's game of life on bit rows, and an elementary cellular automaton.
 * levels: O3
 */
#include "guest.h"

static u64 rows[64];

static void step(void)
{
	u64 next[64];

	for (int y = 0; y < 64; y++) {
		u64 one = 0, two = 0, four = 0;
		for (int d = 0; d < 9; d++) {
			if (d == 4)
				continue;
			u64 r = rows[(y + d / 3 + 63) % 64];
			int s = d % 3;
			r = s == 0 ? r << 1 | r >> 63 : s == 2 ? r >> 1 | r << 63 : r;
			u64 c = one & r;
			one ^= r;
			u64 c2 = two & c;
			two ^= c;
			four |= c2;
		}
		next[y] = two & ~four & (one | rows[y]);
	}
	memcpy(rows, next, sizeof(rows));
}

int main(void)
{
	for (int i = 0; i < 64; i++)
		rows[i] = random_u64() & random_u64();
	for (int g = 0; g < 200; g++) {
		step();
		if (g % 20 == 0) {
			int alive = 0;
			for (int i = 0; i < 64; i++)
				alive += __builtin_popcountll(rows[i]);
			printf("%d %d %016" PRIx64 "\n", g, alive,
			       hash_bytes(rows, sizeof(rows)));
		}
	}
	u64 line = 1ull << 32;
	for (int i = 0; i < 30; i++) {
		printf("%016" PRIx64 "\n", line);
		line = (line << 1) ^ (line | line >> 1);
	}
	return 0;
}
