/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The C library: copying, filling and comparing memory of all sizes; malloc and free.
 * class: libc
 */
#include "bench.h"

int main(void)
{
	static u8 a[1 << 20], b[1 << 20];
	u64 h = 0;

	for (size_t i = 0; i < sizeof(a); i++)
		a[i] = random_u64();
	for (int round = 0; round < 80; round++) {
		for (size_t n = 1; n <= sizeof(a) / 2; n = n * 5 / 4 + 1) {
			size_t times = (1 << 18) / n + 1;
			times = times > 3000 ? 3000 : times;
			for (size_t k = 0; k < times; k++) {
				memcpy(b + k, a + 2 * k, n);
				memset(b + n + k, k, n / 2);
				h += memcmp(a, b, n) > 0;
				memmove(b + 3, b, n);
			}
			h = mix(h, b[n / 2]);
		}
		h = mix(h, (u8 *)memchr(b, a[7], sizeof(b)) - b);
	}
	static void *live[1000];
	for (int i = 0; i < 6000000; i++) {
		u64 r = random_u64();
		void **p = &live[r % 1000];
		if (*p) {
			h += *(u8 *)*p;
			free(*p);
		}
		*p = malloc(r >> 32 & 1023 | 1);
		*(u8 *)*p = i;
	}
	printf("%016" PRIx64 "\n", h);
	return 0;
}
