/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opens files inside a root with openat2(2), so that no link leads out of it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/fd.h"
#include "common/text.h"

#include "binfmtctl/root.h"

bool root_without_openat2;

/* Components still to be walked and those walked already, as text. */
struct walk {
	struct text done, rest;
	int links;
};

static void walk_done(struct walk *w)
{
	text_done(&w->done);
	text_done(&w->rest);
}

static int push_link(struct walk *w, int root_fd, const char *path, const char *rest)
{
	_cleanup_(text_done) struct text whole = TEXT_INIT;
	char target[PATH_MAX];
	ssize_t n = readlinkat(root_fd, path, target, sizeof(target));

	if (n < 0)
		return -errno;
	if (n == sizeof(target))
		return -ENAMETOOLONG;
	if (++w->links > 40)
		return -ELOOP;
	if (target[0] == '/') {
		text_done(&w->done);
		text_puts(&w->done, ".");
	}
	text_add(&whole, target, n);
	text_putc(&whole, '/');
	text_puts(&whole, rest);
	text_done(&w->rest);
	w->rest = whole;
	whole = TEXT_INIT;
	return w->rest.error ? w->rest.error : w->done.error;
}

/* Takes the first component of the rest; 1 when nothing is left. */
static int walk_step(struct walk *w, int root_fd, bool follow_last)
{
	_cleanup_(text_done) struct text path = TEXT_INIT, rest = TEXT_INIT;
	const char *at = w->rest.data;
	char *slash;
	size_t n;
	struct stat st;

	at += strspn(at, "/");
	n = strcspn(at, "/");
	if (n == 0)
		return 1;
	text_puts(&rest, at + n);
	if (n == 2 && memcmp(at, "..", 2) == 0) {
		slash = strrchr(w->done.data, '/');
		w->done.size = slash ? slash - w->done.data : 1;
		w->done.data[w->done.size] = '\0';
	} else if (n != 1 || *at != '.') {
		bool last = rest.data[strspn(rest.data, "/")] == '\0';

		text_puts(&path, w->done.data);
		text_putc(&path, '/');
		text_add(&path, at, n);
		if (path.error || rest.error)
			return -ENOMEM;
		if (fstatat(root_fd, path.data, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return -errno;
		if (S_ISLNK(st.st_mode) && (!last || follow_last))
			return push_link(w, root_fd, path.data, rest.data);
		text_done(&w->done);
		w->done = path;
		path = TEXT_INIT;
	}
	text_done(&w->rest);
	w->rest = rest;
	rest = TEXT_INIT;
	return w->rest.error;
}

/* Before Linux 5.6: the same in single steps, for roots that nobody changes meanwhile. */
static int open_by_steps(int root_fd, const char *path, int flags)
{
	_cleanup_(walk_done) struct walk w = {0};
	int err = 0, fd;

	text_puts(&w.done, ".");
	text_puts(&w.rest, path);
	while (!err)
		err = w.done.error || w.rest.error
			      ? -ENOMEM
			      : walk_step(&w, root_fd, !(flags & O_NOFOLLOW));
	if (err < 0)
		return err;
	fd = openat(root_fd, w.done.data, flags | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

int root_open(int root_fd, const char *path, int flags)
{
	struct open_how how = {
		.flags = flags | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT,
	};
	int fd;

	if (root_fd == AT_FDCWD)
		fd = open(path, flags | O_CLOEXEC);
	else if (root_without_openat2)
		return open_by_steps(root_fd, path, flags);
	else
		fd = syscall(SYS_openat2, root_fd, path, &how, sizeof(how));
	if (fd < 0 && errno == ENOSYS)
		return open_by_steps(root_fd, path, flags);
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
