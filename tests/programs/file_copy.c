/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sendfile, copy_file_range, splice, and file locks.
 */
#include "guest.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <unistd.h>

int main(void)
{
	static char b[20000];
	int from = open("from", O_RDWR | O_CREAT, 0600),
	    to = open("to", O_RDWR | O_CREAT, 0600), p[2];

	for (size_t i = 0; i < sizeof(b); i++)
		b[i] = random_u64();
	write(from, b, sizeof(b));
	off_t at = 100;
	ssize_t n = sendfile(to, from, &at, 5000);
	SHOW(n, (long)at);
	loff_t in = 7000, out = 5000;
	n = copy_file_range(from, &in, to, &out, 3000, 0);
	SHOW(n, (long)in, (long)out);
	pipe(p);
	in = 0;
	n = splice(from, &in, p[1], NULL, 1000, 0);
	printf("%zd\n", n);
	out = 8000;
	n = splice(p[0], NULL, to, &out, 1000, 0);
	SHOW(n, (long)out);
	memset(b, 0, sizeof(b));
	n = pread(to, b, sizeof(b), 0);
	printf("%zd %016" PRIx64 "\n", n, hash_bytes(b, n));
	struct flock l = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = 5};
	SHOW(fcntl(to, F_SETLK, &l), flock(from, LOCK_EX | LOCK_NB));
	l.l_type = F_RDLCK;
	printf("%d", fcntl(to, F_GETLK, &l));
	printf(" %d\n", l.l_type == F_UNLCK);
	return 0;
}
