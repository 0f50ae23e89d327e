/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* brk and sbrk: growth, shrinking, zeroed memory, malloc beside them.
 */
#include "guest.h"
#include <unistd.h>

int main(void)
{
	char *start = sbrk(0), *a = sbrk(10000);

	SHOW(a == start, (long)((char *)sbrk(0) - a));
	memset(a, 'a', 10000);
	sbrk(-9000);
	char *b = sbrk(200000);
	SHOW((long)(b - a), b[100000]);
	u64 zero = 0;
	for (int i = 20000; i < 200000; i++)
		zero += b[i];
	printf("%" PRIu64 "\n", zero);
	brk(start + 4096);
	printf("%ld %c\n", (long)((char *)sbrk(0) - start), a[500]);
	void *v[200];
	u64 h = 0;
	for (int i = 0; i < 200; i++) {
		v[i] = malloc(i * i * 7 + 1);
		memset(v[i], i, i * i * 7 + 1);
	}
	for (int i = 0; i < 200; i += 2)
		free(v[i]);
	for (int i = 1; i < 200; i += 2)
		h = mix(h, hash_bytes(v[i], i * i * 7 + 1));
	printf("%016" PRIx64 "\n", h);
	char *aligned = aligned_alloc(4096, 8192);
	printf("%ld\n", (long)aligned % 4096);
	printf("%d\n", brk((void *)8) != 0);
	return 0;
}
