/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Mapped files: private and shared, at an offset, past the end, msync, fixed placement.
 * qemu-user 7.2 ignores MAP_FIXED_NOREPLACE.
 */
#include "guest.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
	int fd = open("map", O_RDWR | O_CREAT, 0600);
	static char b[4096 * 3];

	for (size_t i = 0; i < sizeof(b); i++)
		b[i] = i / 16 & 0x7f;
	write(fd, b, sizeof(b) - 100);
	char *s = mmap(NULL, sizeof(b), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	char *p = mmap(NULL, sizeof(b), PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	char *o = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 8192);
	SHOW(memcmp(s, b, sizeof(b) - 100), s[sizeof(b) - 1], memcmp(o, b + 8192, 3000));
	s[5000] = 'S';
	p[5001] = 'P';
	printf("%c%d %c%d\n", s[5000], s[5001], p[5000], p[5001]);
	msync(s, sizeof(b), MS_SYNC);
	pread(fd, b, 2, 5000);
	printf("%c%d\n", b[0], b[1]);
	pwrite(fd, "W", 1, 9000);
	printf("%c %c\n", s[9000], o[9000 - 8192]);
	char *f = mmap(p + 4096, 4096, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	SHOW(f == p + 4096, f[0], p[4095]);
	printf("%d\n",
	       mmap(p, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
		    -1, 0) == MAP_FAILED
		       ? errno
		       : 0);
	SHOW(munmap(p, sizeof(b)), munmap(o + 1, 10) < 0 ? errno : 0);
	printf("%d\n",
	       mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
		       ? errno
		       : 0);
	printf("%d\n",
	       mmap(NULL, 4096, PROT_READ, MAP_SHARED, 99, 0) == MAP_FAILED ? errno : 0);
	unsigned char v[3];
	SHOW(mincore(s, sizeof(b), v), v[1] & 1);
	return 0;
}
