/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads and writes of the binfmt_misc directory. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/kernel.h"

/* What is mounted where @fd is, which may be an O_PATH one. */
static int check_mount(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return -errno;
	if (fs.f_type == BINFMTFS_MAGIC)
		return 0;
	return fs.f_type == AUTOFS_SUPER_MAGIC ? -EAGAIN : -ENODEV;
}

static int open_mounted(int root_fd, const char *path, int *ret_fd)
{
	_cleanup_(fd_closep) int fd =
		openat(root_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	err = check_mount(fd);
	if (!err)
		*ret_fd = TAKE_FD(fd);
	return err;
}

int kernel_open(int root_fd, const char *path, int *ret_fd)
{
	/* O_PATH stops in front of an untriggered automount, but not with O_DIRECTORY. */
	_cleanup_(fd_closep) int fd = openat(root_fd, path, O_PATH | O_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	err = check_mount(fd);
	return err ? err : open_mounted(root_fd, path, ret_fd);
}

int kernel_open_trigger(int root_fd, const char *path, int *ret_fd)
{
	int err = kernel_open(root_fd, path, ret_fd);

	if (err != -EAGAIN)
		return err;
	err = open_mounted(root_fd, path, ret_fd);
	/* An automount daemon that fails answers with errors of its own. */
	return err == 0 || err == -EACCES || err == -EPERM ? err : -EAGAIN;
}

int kernel_supports(int proc_fd, bool *ret)
{
	_cleanup_(fd_closep) int fd =
		openat(proc_fd, "filesystems", O_RDONLY | O_CLOEXEC);
	char *data;
	size_t size;
	int err;

	if (fd < 0)
		return -errno;
	err = fd_read_all(fd, 1 << 20, &data, &size);
	if (err)
		return err;
	*ret = memmem(data, size, "\tbinfmt_misc\n", 13) != NULL;
	free(data);
	return 0;
}

int kernel_mount(const char *path)
{
	if (mount("binfmt_misc", path, "binfmt_misc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		  NULL) < 0)
		return -errno;
	return 0;
}

static int write_to(int dir_fd, const char *name, const void *data, size_t size)
{
	/* No O_CREAT: a missing file is an answer, not something to make. */
	_cleanup_(fd_closep) int fd =
		openat(dir_fd, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return -errno;
	return fd_write_once(fd, data, size);
}

int kernel_register(int dir_fd, const void *text, size_t size)
{
	return write_to(dir_fd, "register", text, size);
}

bool kernel_name_valid(const char *name)
{
	return *name && !strchr(name, '/') && strcmp(name, ".") && strcmp(name, "..") &&
	       strcmp(name, "register") && strcmp(name, "status");
}

int kernel_remove(int dir_fd, const char *name)
{
	if (!kernel_name_valid(name))
		return -EINVAL;
	return write_to(dir_fd, name, "-1", 2);
}

int kernel_remove_all(int dir_fd)
{
	return write_to(dir_fd, "status", "-1", 2);
}

int kernel_set_enabled(int dir_fd, const char *name, bool enabled)
{
	if (!kernel_name_valid(name))
		return -EINVAL;
	return write_to(dir_fd, name, enabled ? "1" : "0", 1);
}

int kernel_set_status(int dir_fd, bool enabled)
{
	return write_to(dir_fd, "status", enabled ? "1" : "0", 1);
}

/* The kernel prints an entry into one page; the largest is of 64 KiB. */
enum { ENTRY_TEXT_MAX = 64 << 10 };

/* Reads into @buffer, which holds ENTRY_TEXT_MAX bytes. */
static int read_file(int dir_fd, const char *name, char *buffer, size_t *ret_size,
		     struct timespec *ret_time)
{
	_cleanup_(fd_closep) int fd =
		openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	ssize_t n;

	if (fd < 0)
		return -errno;
	if (ret_time) {
		if (fstat(fd, &st) < 0)
			return -errno;
		*ret_time = st.st_mtim;
	}
	/* One read gives all, so that 2,000 entries do not take 2,000 calls more. */
	do
		n = read(fd, buffer, ENTRY_TEXT_MAX);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if (n == ENTRY_TEXT_MAX)
		return -EFBIG;
	*ret_size = n;
	return 0;
}

int kernel_status(int dir_fd, bool *ret_enabled)
{
	char data[ENTRY_TEXT_MAX];
	size_t size;
	int err;

	err = read_file(dir_fd, "status", data, &size, NULL);
	if (err)
		return err;
	if (size >= 7 && memcmp(data, "enabled", 7) == 0)
		*ret_enabled = true;
	else if (size >= 8 && memcmp(data, "disabled", 8) == 0)
		*ret_enabled = false;
	else
		return -EBADMSG;
	return 0;
}

static int read_entry(int dir_fd, const char *name, bool times, struct entry *ret,
		      struct diag *reterr_diag)
{
	char data[ENTRY_TEXT_MAX];
	struct timespec registered = {0};
	size_t size;
	int err;

	if (!kernel_name_valid(name))
		return -EINVAL;
	err = read_file(dir_fd, name, data, &size, times ? &registered : NULL);
	if (err)
		return err;
	err = entry_parse(name, data, size, ret, reterr_diag);
	if (!err)
		ret->registered = registered;
	return err;
}

int kernel_read(int dir_fd, const char *name, struct entry *ret, struct diag *reterr_diag)
{
	return read_entry(dir_fd, name, true, ret, reterr_diag);
}

void entries_done(struct entries *entries)
{
	for (size_t i = 0; i < entries->count; i++)
		entry_done(&entries->list[i]);
	free(entries->list);
	*entries = (struct entries){0};
}

static int entries_room(struct entries *entries)
{
	size_t room = entries->room ? entries->room * 2 : 16;
	struct entry *list;

	if (entries->count < entries->room)
		return 0;
	list = reallocarray(entries->list, room, sizeof(*list));
	if (!list)
		return -ENOMEM;
	entries->list = list;
	entries->room = room;
	return 0;
}

int entries_add(struct entries *entries, const struct entry *entry)
{
	int err = entries_room(entries);

	if (!err)
		entries->list[entries->count++] = *entry;
	return err;
}

static void dir_closep(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

int kernel_each(int dir_fd, bool times, int (*visit)(void *context, struct entry *entry),
		void *context, struct diag *reterr_diag)
{
	_cleanup_(fd_closep) int fd =
		openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_cleanup_(dir_closep) DIR *dir = NULL;
	struct dirent *d;
	int result = 0, err;

	if (fd < 0)
		return -errno;
	dir = fdopendir(fd);
	if (!dir)
		return -errno;
	fd = -1; /* now the stream's */
	while (errno = 0, (d = readdir(dir))) {
		_cleanup_(entry_done) struct entry entry = {0};

		if (!kernel_name_valid(d->d_name))
			continue;
		err = read_entry(dir_fd, d->d_name, times, &entry, reterr_diag);
		if (err == -ENOENT) /* removed in between */
			continue;
		if (err == -EBADMSG) {
			result = err;
			continue;
		}
		if (!err)
			err = visit(context, &entry);
		if (err)
			return err;
	}
	return errno ? -errno : result;
}

static int take_entry(void *context, struct entry *entry)
{
	int err = entries_add(context, entry);

	if (!err)
		*entry = (struct entry){0};
	return err;
}

int kernel_list(int dir_fd, struct entries *ret, struct diag *reterr_diag)
{
	_cleanup_(entries_done) struct entries entries = {0};
	int result = kernel_each(dir_fd, true, take_entry, &entries, reterr_diag);

	if (result && result != -EBADMSG)
		return result;
	*ret = entries;
	entries = (struct entries){0};
	return result;
}
