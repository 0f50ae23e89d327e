/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * -L: only absolute paths that exist below the prefix are redirected. /proc: see
 * procfs_path.c.
 */
#include <linux/fcntl.h>

#include "linux-user/options.h"
#include "linux-user/path.h"
#include "linux-user/procfs.h"
#include "linux-user/thread.h"
#include "rt/memory.h"
#include "rt/syscall.h"
#include "rt/text.h"
#include "rt/uaccess.h"

const char *path_redirect(const struct options *o, const char *path, char *buf, size_t size)
{
	size_t n;

	if (!o->ld_prefix || path[0] != '/')
		return path;
	/* A path that is below the prefix already came out of such a redirection. */
	if (rt_str_after(path, o->ld_prefix))
		return path;
	n = rt_strcpy(buf, size, o->ld_prefix);
	if (n + rt_strlen(path) >= size)
		return path;
	while (n && buf[n - 1] == '/')
		n--;
	rt_strcpy(buf + n, size - n, path);
	if (rt_syscall(__NR_faccessat2, AT_FDCWD, buf, 0, AT_SYMLINK_NOFOLLOW) < 0 &&
	    rt_syscall(__NR_faccessat, AT_FDCWD, buf, 0) < 0)
		return path;
	return buf;
}

const char *path_of_guest(struct thread *t, int dirfd, uint64_t address,
			  struct procfs_ref *ret_proc)
{
	const struct options *o = t->process->options;

	if (ret_proc)
		*ret_proc = (struct procfs_ref){ PROCFS_NONE, 0 };
	if (!o->ld_prefix && !ret_proc)
		return (const char *)address;
	if (rt_copy_string(t->path[0], (const char *)address, sizeof(t->path[0])) < 0)
		return (const char *)address;
	if (ret_proc) {
		*ret_proc = procfs_identify(dirfd, t->path[0]);
		if (ret_proc->file != PROCFS_NONE)
			return t->path[0];
	}
	return o->ld_prefix ? path_redirect(o, t->path[0], t->path[1], sizeof(t->path[1]))
			    : (const char *)address;
}

const char *path_of_target(struct thread *t, int dirfd, uint64_t address,
			   struct procfs_ref *ret_proc)
{
	const char *path = path_of_guest(t, dirfd, address, ret_proc), *exe;

	if (ret_proc->file != PROCFS_EXE)
		return path;
	if (!ret_proc->pid && t->process->exe_link)
		exe = t->process->exe_link;
	else
		exe = procfs_exe(t, *ret_proc, t->path[1], sizeof(t->path[1]));
	ret_proc->file = PROCFS_NONE;
	return exe ? exe : path;
}
