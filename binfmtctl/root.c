/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opens files inside a root with openat2(2), so that no link leads out of it. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/root.h"

int root_open(int root_fd, const char *path, int flags)
{
	struct open_how how = {
		.flags = flags | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT,
	};
	int fd;

	if (root_fd == AT_FDCWD)
		fd = open(path, flags | O_CLOEXEC);
	else
		fd = syscall(SYS_openat2, root_fd, path, &how, sizeof(how));
	return fd < 0 ? -errno : fd;
}

int root_stat(int root_fd, const char *path, struct stat *ret)
{
	/* O_PATH neither waits for a device nor triggers an automount. */
	_cleanup_(fd_closep) int fd = root_open(root_fd, path, O_PATH);

	if (fd < 0)
		return fd;
	return fstat(fd, ret) < 0 ? -errno : 0;
}

int root_read(int root_fd, const char *path, size_t limit, char **ret, size_t *ret_size)
{
	_cleanup_(fd_closep) int fd = root_open(root_fd, path, O_RDONLY | O_NONBLOCK);

	if (fd < 0)
		return fd;
	return fd_read_all(fd, limit, ret, ret_size);
}

bool root_exists(int root_fd, const char *path)
{
	struct stat st;

	return root_stat(root_fd, path, &st) == 0;
}
