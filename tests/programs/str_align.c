/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* memcpy, memmove, memset, memcmp, strlen and family: every alignment, lengths 0 to 300.
 */
#include "guest.h"

enum { SPAN = 512 };

static char from[SPAN], to[SPAN];

static void refill(char *p, u64 seed)
{
	for (int i = 0; i < SPAN; i++)
		p[i] = 'a' + (seed = seed * 6364136223846793005 + 1442695040888963407) %
				     1000003 % 26;
}

static u64 copies(int a, int b, int n)
{
	u64 h = 0;

	memset(to, '.', SPAN);
	memcpy(to + b, from + a, n);
	h = mix(h, hash_bytes(to, SPAN));
	memmove(to + a, to + b, n);
	h = mix(h, hash_bytes(to, SPAN));
	memset(to + a, n, n);
	h = mix(h, hash_bytes(to, SPAN));
	h = mix(h, (char *)mempcpy(to + b, from + b, n) - to);
	return mix(h, hash_bytes(to, SPAN));
}

static u64 scans(int a, int b, int n)
{
	char saved = from[a + n];
	u64 h;

	memset(to, 0, SPAN);
	from[a + n] = 0;
	h = strlen(from + a);
	h = mix(h, strnlen(from + a, 77));
	strcpy(to + b, from + a);
	h = mix(h, strcmp(to + b, from + a) == 0);
	h = mix(h, stpcpy(to + b, from + a) - to);
	h = mix(h, (char *)memchr(from + a, 0, 400) - from);
	h = mix(h, strchr(from + a, 0) - from);
	h = mix(h, strchrnul(from + a, 'z') - from);
	char *r = strrchr(from + a, 'q');
	h = mix(h, r ? r - from : -1);
	if (n) {
		to[b + n - 1] ^= 1;
		h = mix(h, memcmp(to + b, from + a, n) > 0);
		h = mix(h, strcmp(from + a, to + b) > 0);
		h = mix(h, strncmp(to + b, from + a, n - 1));
		h = mix(h, strncmp(to + b, from + a, n) > 0);
		h = mix(h, bcmp(to + b, from + a, n) != 0);
	}
	from[a + n] = saved;
	return h;
}

int main(void)
{
	refill(from, 1);
	for (int n = 0; n <= 300; n += n < 70 ? 1 : 13) {
		u64 h = 0;
		for (int a = 0; a < 32; a += n < 40 ? 1 : 3)
			for (int b = 0; b < 32; b += n < 40 ? 3 : 5) {
				h = mix(h, copies(a, b, n));
				h = mix(h, scans(a, b, n));
			}
		printf("%d %016" PRIx64 "\n", n, h);
	}
	return 0;
}
