/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files by system call: open flags, read, write, lseek, pread, pwrite, readv, truncate, dup.
 */
#include "guest.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void)
{
	char b[200] = "";
	int fd = open("file", O_RDWR | O_CREAT | O_EXCL, 0640);

	printf("%d\n", open("file", O_RDWR | O_CREAT | O_EXCL, 0640) < 0 ? errno : 0);
	printf("%zd\n", write(fd, "hello, file system", 18));
	SHOW((long)lseek(fd, -6, SEEK_END), (long)lseek(fd, 1, SEEK_CUR),
	     (long)lseek(fd, 2, SEEK_SET));
	ssize_t n = read(fd, b, 5);
	printf("%zd %s\n", n, b);
	n = pread(fd, b, 4, 7);
	b[4] = 0;
	printf("%zd %s %ld\n", n, b, (long)lseek(fd, 0, SEEK_CUR));
	printf("%zd\n", pwrite(fd, "PATCH", 5, 7));
	struct iovec v[3] = {{b, 5}, {b + 10, 3}, {b + 20, 100}};
	lseek(fd, 0, SEEK_SET);
	memset(b, 0, sizeof(b));
	n = readv(fd, v, 3);
	printf("%zd %s|%s|%s\n", n, b, b + 10, b + 20);
	struct iovec w[2] = {{"one", 3}, {"-two", 4}};
	printf("%zd\n", writev(fd, w, 2));
	SHOW(preadv(fd, v, 2, 3), pwritev(fd, w, 1, 1));
	SHOW(ftruncate(fd, 100000), (long)lseek(fd, 0, SEEK_END));
	n = pread(fd, b, 20, 50000);
	SHOW(n, b[10]);
	printf("%ld\n", (long)lseek(fd, 0, SEEK_DATA));
	printf("%d\n", truncate("file", 10));
	struct stat s;
	fstat(fd, &s);
	printf("%ld %o %ld\n", (long)s.st_size, s.st_mode, (long)s.st_nlink);
	int d = dup(fd), e = dup2(fd, 50), f = fcntl(fd, F_DUPFD_CLOEXEC, 60);
	SHOW(d > fd, e, f >= 60);
	SHOW(fcntl(f, F_GETFD), fcntl(d, F_GETFD));
	printf("%d\n", fcntl(fd, F_GETFL) & O_ACCMODE);
	fcntl(fd, F_SETFL, O_APPEND);
	printf("%d\n", (fcntl(d, F_GETFL) & O_APPEND) != 0);
	lseek(fd, 0, SEEK_SET);
	n = write(fd, "tail", 4);
	SHOW(n, (long)lseek(fd, 0, SEEK_CUR));
	SHOW(close(fd), close(fd) < 0 ? errno : 0);
	printf("%d\n", open("none/file", O_RDONLY) < 0 ? errno : 0);
	printf("%d\n", open("file", O_RDONLY | O_DIRECTORY) < 0 ? errno : 0);
	printf("%zd\n", write(d, (void *)8, 4) < 0 ? (ssize_t)errno : 0);
	printf("%d\n", posix_fallocate(d, 0, 5000));
	SHOW(fsync(d), fdatasync(e));
	int x = open("file", O_WRONLY | O_TRUNC | O_CLOEXEC);
	fstat(x, &s);
	printf("%ld\n", (long)s.st_size);
	return 0;
}
