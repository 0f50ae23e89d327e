/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* stat, lstat, fstatat, statx, chmod, links, rename, utimensat, access, umask.
 */
#include "guest.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

static void show(const char *name, int flags)
{
	struct stat s;
	struct statx x;

	if (fstatat(AT_FDCWD, name, &s, flags)) {
		printf("%s: %s\n", name, strerror(errno));
		return;
	}
	statx(AT_FDCWD, name, flags, STATX_ALL, &x);
	printf("%s: %o %ld %ld %d %d %ld %ld.%09ld | %o %u %lu %d\n", name, s.st_mode,
	       (long)s.st_nlink, S_ISDIR(s.st_mode) ? 0 : (long)s.st_size,
	       s.st_uid == getuid(), s.st_gid == getgid(), (long)s.st_blksize,
	       (long)s.st_mtim.tv_sec % 100000 * (s.st_mtim.tv_sec < 2000000),
	       s.st_mtim.tv_sec < 2000000 ? s.st_mtim.tv_nsec : 0, x.stx_mode,
	       x.stx_nlink, S_ISDIR(x.stx_mode) ? 0 : (unsigned long)x.stx_size,
	       x.stx_ino == s.st_ino && x.stx_mtime.tv_sec == s.st_mtim.tv_sec);
}

int main(void)
{
	struct timespec t[2] = {{1000, 1}, {1234567, 987654321}};
	struct stat a, b;
	char target[50] = "";

	umask(022);
	close(open("f", O_CREAT | O_WRONLY, 0666));
	truncate("f", 12345);
	symlink("f", "l");
	link("f", "h");
	mkdir("d", 0750);
	utimensat(AT_FDCWD, "f", t, 0);
	show("f", 0), show("l", 0), show("l", AT_SYMLINK_NOFOLLOW), show("d", 0),
		show("none", 0);
	stat("f", &a), stat("h", &b);
	SHOW(a.st_ino == b.st_ino, a.st_dev == b.st_dev);
	ssize_t n = readlink("l", target, sizeof(target));
	printf("%zd %s\n", n, target);
	chmod("f", 04751);
	show("f", 0);
	rename("f", "d/g");
	show("f", 0), show("d/g", 0), show("l", 0);
	SHOW(access("d/g", X_OK), access("none", F_OK),
	     faccessat(AT_FDCWD, "h", R_OK, AT_EACCESS));
	SHOW(umask(077), umask(022));
	int fd = open("d", O_RDONLY | O_DIRECTORY);
	SHOW(fstatat(fd, "g", &a, 0), unlinkat(fd, "g", 0));
	show("h", 0);
	SHOW(rmdir("d"), rmdir("d") < 0 ? errno : 0);
	mkfifo("p", 0600);
	show("p", 0);
	show("/dev/null", 0);
	stat("/dev/null", &a);
	printf("%lx %d\n", (long)a.st_rdev, S_ISCHR(a.st_mode));
	struct statfs fs;
	SHOW(statfs("/proc", &fs), (int)fs.f_type);
	return 0;
}
