/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* mremap: growing in place or moving, shrinking, to a fixed address; madvise DONTNEED.
 */
#include "guest.h"
#include <errno.h>
#include <sys/mman.h>

enum { PAGE = 4096 };

int main(void)
{
	char *space =
		mmap(NULL, 64 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *p = mmap(space, 4 * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	for (int i = 0; i < 4 * PAGE; i++)
		p[i] = i / 64;
	u64 h = hash_bytes(p, 4 * PAGE);
	printf("%d\n", mremap(p, 4 * PAGE, 8 * PAGE, 0) == MAP_FAILED ? errno : 0);
	char *q = mremap(p, 4 * PAGE, 8 * PAGE, MREMAP_MAYMOVE);
	SHOW(q != p, hash_bytes(q, 4 * PAGE) == h, q[7 * PAGE]);
	char *r = mremap(q, 8 * PAGE, 2 * PAGE, 0);
	SHOW(r == q, hash_bytes(r, 2 * PAGE) == hash_bytes(q, 2 * PAGE));
	char *s = mremap(r, 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
			 space + 32 * PAGE);
	SHOW(s == space + 32 * PAGE, s[PAGE], s[2 * PAGE]);
	printf("%d\n",
	       mremap(s + 1, PAGE, PAGE, MREMAP_MAYMOVE) == MAP_FAILED ? errno : 0);
	s[0] = 'x', s[PAGE] = 'y';
	printf("%d", madvise(s, PAGE, MADV_DONTNEED));
	printf(" %d %c\n", s[0], s[PAGE]);
	SHOW(madvise(s, PAGE, MADV_WILLNEED),
	     madvise(s + 1, PAGE, MADV_DONTNEED) < 0 ? errno : 0);
	SHOW(mlock(s, PAGE), munlock(s, PAGE));
	printf("%d\n", munmap(space, 64 * PAGE));
	return 0;
}
