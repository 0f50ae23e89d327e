/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* setns(2) into a user namespace and the mount namespace of one of its processes. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "common/fd.h"
#include "common/text.h"

#include "binfmtctl/instance.h"

int instance_device(const char *path, dev_t *ret)
{
	_cleanup_(fd_closep) int fd = open(path, O_PATH | O_CLOEXEC);
	struct statfs fs;
	struct stat st;

	if (fd < 0 || fstatfs(fd, &fs) < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (fs.f_type != BINFMTFS_MAGIC)
		return -ENODEV;
	*ret = st.st_dev;
	return 0;
}

static int open_ns(const char *pid, const char *name)
{
	_cleanup_(text_done) struct text path = TEXT_INIT;
	int fd;

	text_printf(&path, "/proc/%s/ns/%s", pid, name);
	if (path.error)
		return path.error;
	fd = open(path.data, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static void dir_closep(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

/* The mount namespace of some process that is in the user namespace @ns. */
static int find_process(int ns)
{
	_cleanup_(dir_closep) DIR *dir = opendir("/proc");
	struct stat want, have;
	struct dirent *d;

	if (!dir || fstat(ns, &want) < 0)
		return -errno;
	while ((d = readdir(dir))) {
		_cleanup_(fd_closep) int fd = -1;

		if (!isdigit((unsigned char)d->d_name[0]))
			continue;
		fd = open_ns(d->d_name, "user");
		if (fd >= 0 && fstat(fd, &have) == 0 && have.st_ino == want.st_ino &&
		    have.st_dev == want.st_dev)
			return open_ns(d->d_name, "mnt");
	}
	return -ESRCH;
}

static bool is_own_mounts(int mounts)
{
	struct stat theirs, ours;

	return fstat(mounts, &theirs) == 0 && stat("/proc/self/ns/mnt", &ours) == 0 &&
	       theirs.st_ino == ours.st_ino && theirs.st_dev == ours.st_dev;
}

static bool is_number(const char *s)
{
	for (; *s; s++)
		if (!isdigit((unsigned char)*s))
			return false;
	return true;
}

int instance_enter_userns(const char *spec, const char *mount, dev_t host_dev,
			  bool *ret_own)
{
	_cleanup_(fd_closep) int user = -1, mounts = -1;
	bool number = *spec && is_number(spec);
	dev_t dev;

	user = number ? open_ns(spec, "user") : open(spec, O_RDONLY | O_CLOEXEC);
	if (user < 0)
		return number ? user : -errno;
	mounts = number ? open_ns(spec, "mnt") : find_process(user);
	if (mounts < 0)
		return mounts;
	/* -EINVAL: it is our own. */
	if (setns(user, CLONE_NEWUSER) < 0 && errno != EINVAL)
		return -errno;
	/* Our own mounts need not be entered, and from in there could not be. */
	if (!is_own_mounts(mounts)) {
		if (setns(mounts, CLONE_NEWNS) < 0)
			return -errno;
		if (chdir("/") < 0)
			return -errno;
	}
	*ret_own = instance_device(mount, &dev) == 0 && dev != host_dev;
	return 0;
}
