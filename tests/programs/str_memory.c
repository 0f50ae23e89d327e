/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* memmove with overlap in both directions, memrchr, memccpy, memfrob, memory compares.
 */
#include "guest.h"

int main(void)
{
	static u8 a[2048], b[2048];
	u64 h = 0;

	for (int n = 0; n < 700; n += n < 140 ? 1 : 37)
		for (int d = -67; d <= 67; d += 3) {
			for (int i = 0; i < 2048; i++)
				a[i] = b[i] = i * 7 + n;
			memmove(a + 100 + d, a + 100, n);
			for (int i = 0; i < n; i++)
				b[100 + d + i] = (u8)((100 + i) * 7 + n);
			if (memcmp(a, b, sizeof(a)))
				printf("wrong at %d %d\n", n, d);
			h = mix(h, hash_bytes(a, 1000));
		}
	printf("%016" PRIx64 "\n", h);
	memset(a, 0, sizeof(a));
	for (int i = 0; i < 200; i++) {
		a[i] = 9;
		h = mix(h, (u8 *)memrchr(a, 9, 2048) - a);
		h = mix(h, (u8 *)rawmemchr(a, 0) - a);
		h = mix(h, (u8 *)memchr(a, 0, 2048) - a);
		u8 *e = memccpy(b, a, 0, i + 1);
		h = mix(h, e ? e - b : 0);
	}
	printf("%016" PRIx64 "\n", h);
	int order = 0;
	for (int i = 0; i < 300; i++) {
		memset(a, 0x7f, 300), memset(b, 0x7f, 300);
		b[i] = 0x80;
		for (int n = 0; n < 300; n += 7) {
			int c = memcmp(a, b, n);
			order = order * 3 + (c < 0) - (c > 0);
		}
	}
	printf("%d\n", order);
	for (int size = 1; size < 100000; size = size * 3 + 1) {
		u8 *p = malloc(size), *q = calloc(size, 1);
		memset(p, size, size);
		p = realloc(p, size * 2);
		memcpy(p + size, q, size);
		h = mix(h, hash_bytes(p, size * 2));
		free(p), free(q);
	}
	printf("%016" PRIx64 "\n", h);
	return 0;
}
