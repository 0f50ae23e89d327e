/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* System calls: getppid, and small reads and writes through a pipe.
 * class: system
 */
#include "bench.h"
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	int p[2], n = 0;
	char b[16];

	for (int i = 0; i < 1000000; i++)
		n += syscall(SYS_getppid) > 0;
	printf("%d\n", n);
	pipe(p);
	for (int i = 0; i < 100000; i++) {
		write(p[1], "0123456789", 10);
		n += read(p[0], b, sizeof(b));
	}
	printf("%d\n", n);
	return 0;
}
