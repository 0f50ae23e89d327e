/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* String functions on data that ends exactly at an unmapped page: no read may go over.
 * quick: yes
 */
#include "guest.h"
#include <sys/mman.h>

int main(void)
{
	char *base = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *end = base + 4096, *end2 = base + 3 * 4096, copy[200];
	u64 h = 0;

	mprotect(end, 4096, PROT_NONE);
	mprotect(end2, 4096, PROT_NONE);
	memset(base, 'x', 4096);
	memset(base + 8192, 'x', 4096);
	for (int n = 1; n < 200; n++) {
		char *s = end - n, *t = end2 - n;
		s[n - 1] = t[n - 1] = 0;
		h = mix(h, strlen(s));
		h = mix(h, strcmp(s, t));
		h = mix(h, strncmp(s, t, 1000));
		h = mix(h, memcmp(s, t, n));
		h = mix(h, strchr(s, 'y') == NULL);
		h = mix(h, strchr(s, 'x') == s || n == 1);
		h = mix(h, memchr(s, 'y', n) == NULL);
		h = mix(h, memrchr(s, 'y', n) == NULL);
		h = mix(h, strrchr(s, 'x') ? strrchr(s, 'x') - s : 0);
		memcpy(copy, s, n);
		h = mix(h, hash_bytes(copy, n));
		strcpy(t, s);
		memset(t, 'x', n);
		memmove(s, t, n);
		h = mix(h, strnlen(s, n));
		h = mix(h, strspn(copy, "x"));
	}
	printf("%016" PRIx64 "\n", h);
	return 0;
}
