/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A binfmt_misc instance of the test's own, in user and mount namespaces that it enters. The
 * machine's instance is never touched.
 */
#pragma once

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/lib/unit.h"

#include "binfmtctl/kernel.h"

static inline int instance_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = write(fd, text, strlen(text));
	close(fd);
	return n < 0 ? -errno : 0;
}

/* A user namespace with a binfmt_misc of its own at @path. Negative errno when refused. */
static inline int instance_enter(const char *path)
{
	char uids[64], gids[64];
	int err;

	snprintf(uids, sizeof(uids), "0 %u 1", geteuid());
	snprintf(gids, sizeof(gids), "0 %u 1", getegid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return -errno;
	err = instance_write("/proc/self/uid_map", uids);
	if (!err)
		err = instance_write("/proc/self/setgroups", "deny");
	if (!err)
		err = instance_write("/proc/self/gid_map", gids);
	if (err)
		return err;
	if (mount("none", "/", "none", MS_PRIVATE | MS_REC, NULL) < 0)
		return -errno;
	return kernel_mount(path);
}

/* Skips the test, saying why. */
static inline void instance_skip(int err)
{
	printf("# no private binfmt_misc instance (%s): needs Linux 6.7 and user namespaces\n",
	       strerror(-err));
	skip();
}
