/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files: open flags, stat, and the paths that mean something else for a guest.
 */
#include <linux/errno.h>
#include <linux/fcntl.h>

#include "linux-user/path.h"
#include "linux-user/procfs.h"
#include "linux-user/sys.h"
#include "linux-user/thread.h"
#include "rt/memory.h"
#include "rt/text.h"
#include "rt/uaccess.h"

/* The four open flags that Arm has elsewhere. */
#define ARM_O_DIRECTORY 0040000ull
#define ARM_O_NOFOLLOW	0100000ull
#define ARM_O_DIRECT	0200000ull
#define ARM_O_LARGEFILE 0400000ull
#define X86_O_DIRECT	0040000ull
#define X86_O_LARGEFILE 0100000ull
#define X86_O_DIRECTORY 0200000ull
#define X86_O_NOFOLLOW	0400000ull
#define MOVED_FLAGS	(ARM_O_DIRECTORY | ARM_O_NOFOLLOW | ARM_O_DIRECT | ARM_O_LARGEFILE)
_Static_assert(X86_O_DIRECTORY == O_DIRECTORY && X86_O_NOFOLLOW == O_NOFOLLOW &&
	       X86_O_DIRECT == O_DIRECT && X86_O_LARGEFILE == O_LARGEFILE, "host's flags");

uint64_t host_open_flags(uint64_t guest)
{
	return (guest & ~MOVED_FLAGS) | (guest & ARM_O_DIRECTORY ? X86_O_DIRECTORY : 0) |
	       (guest & ARM_O_NOFOLLOW ? X86_O_NOFOLLOW : 0) |
	       (guest & ARM_O_DIRECT ? X86_O_DIRECT : 0) |
	       (guest & ARM_O_LARGEFILE ? X86_O_LARGEFILE : 0);
}

uint64_t guest_open_flags(uint64_t host)
{
	return (host & ~MOVED_FLAGS) | (host & X86_O_DIRECTORY ? ARM_O_DIRECTORY : 0) |
	       (host & X86_O_NOFOLLOW ? ARM_O_NOFOLLOW : 0) |
	       (host & X86_O_DIRECT ? ARM_O_DIRECT : 0) |
	       (host & X86_O_LARGEFILE ? ARM_O_LARGEFILE : 0);
}

/* Without following, the link itself is meant. */
static const char *path_to_open(struct thread *t, const uint64_t *a, uint64_t flags,
				struct procfs_ref *ret_proc)
{
	return flags & O_NOFOLLOW ? path_of_guest(t, (int)a[0], a[1], ret_proc)
				  : path_of_target(t, (int)a[0], a[1], ret_proc);
}

static bool is_replaced(const struct thread *t, struct procfs_ref ref, uint64_t flags)
{
	if (ref.file == PROCFS_STATUS && !t->seccomp.mode)
		return false;
	return ref.file != PROCFS_NONE && ref.file != PROCFS_EXE && ref.file != PROCFS_FDINFO &&
	       !(flags & O_PATH);
}

static int64_t opened(struct procfs_ref ref, int64_t fd, uint64_t flags)
{
	if (fd >= 0 && ref.file == PROCFS_FDINFO && !(flags & O_PATH))
		procfs_show_flags((int)fd, flags);
	return fd;
}

int64_t sys_openat(struct thread *t, const uint64_t *a)
{
	uint64_t flags = host_open_flags(a[2]);
	struct procfs_ref proc;
	const char *path = path_to_open(t, a, flags, &proc);
	int64_t r;

	if (is_replaced(t, proc, flags))
		return procfs_open(t, proc, flags);
	r = guest_sys(t, __NR_openat, a[0], path, flags, a[3]);
	if (r >= 0 && (flags & O_ACCMODE) != O_RDONLY)
		trace_opened(t, (int)r, path);
	return opened(proc, r, flags);
}

int64_t sys_openat2(struct thread *t, const uint64_t *a)
{
	uint64_t how[8] = { 0 }; /* flags, mode, resolve, and what kernels to come may add */
	struct procfs_ref proc;
	const char *path;

	if (a[3] < 24)
		return -EINVAL;
	if (a[3] > sizeof(how))
		return -E2BIG;
	if (copy_from_guest(how, a[2], a[3]) < 0)
		return -EFAULT;
	how[0] = host_open_flags(how[0]);
	/* Where the lookup is restricted, the link itself decides. */
	path = path_to_open(t, a, how[2] ? how[0] | O_NOFOLLOW : how[0], &proc);
	if (is_replaced(t, proc, how[0]))
		return procfs_open(t, proc, how[0]);
	return opened(proc, guest_sys(t, __NR_openat2, a[0], path, how, a[3]), how[0]);
}

int64_t sys_open_by_handle_at(struct thread *t, const uint64_t *a)
{
	return guest_sys(t, __NR_open_by_handle_at, a[0], a[1], host_open_flags(a[2]));
}

int64_t sys_fanotify_init(struct thread *t, const uint64_t *a)
{
	return guest_sys(t, __NR_fanotify_init, a[0], host_open_flags(a[1]));
}

int64_t sys_mq_open(struct thread *t, const uint64_t *a)
{
	return guest_sys(t, __NR_mq_open, a[0], host_open_flags(a[1]), a[2], a[3]);
}

int64_t sys_pipe2(struct thread *t, const uint64_t *a)
{
	return guest_sys(t, __NR_pipe2, a[0], host_open_flags(a[1]));
}

int64_t sys_fcntl(struct thread *t, const uint64_t *a)
{
	int64_t r;

	switch ((int)a[1]) {
	case F_SETFL: return guest_sys(t, __NR_fcntl, a[0], a[1], host_open_flags(a[2]));
	case F_GETFL:
		r = guest_sys(t, __NR_fcntl, a[0], a[1], a[2]);
		return r < 0 ? r : (int64_t)guest_open_flags((uint64_t)r);
	default: return guest_sys(t, __NR_fcntl, a[0], a[1], a[2]);
	}
}

static const char *target(struct thread *t, const uint64_t *a, uint64_t flags)
{
	struct procfs_ref proc;

	return flags & AT_SYMLINK_NOFOLLOW ? path_of_guest(t, (int)a[0], a[1], NULL)
					   : path_of_target(t, (int)a[0], a[1], &proc);
}

int64_t sys_faccessat(struct thread *t, const uint64_t *a)
{
	return guest_sys(t, __NR_faccessat, a[0], target(t, a, 0), a[2]);
}

int64_t sys_faccessat2(struct thread *t, const uint64_t *a)
{
	return guest_sys(t, __NR_faccessat2, a[0], target(t, a, a[3]), a[2], a[3]);
}

/* An empty path: the link that dirfd is, opened with O_PATH and O_NOFOLLOW. */
static struct procfs_ref link_of_fd(int fd)
{
	char name[32], path[64];
	long n;

	rt_format(name, sizeof(name), "/proc/self/fd/%d", fd);
	n = rt_syscall(__NR_readlinkat, AT_FDCWD, name, path, sizeof(path) - 1);
	if (n <= 0)
		return (struct procfs_ref){ PROCFS_NONE, 0 };
	path[n] = 0;
	return procfs_identify(AT_FDCWD, path);
}

int64_t sys_readlinkat(struct thread *t, const uint64_t *a)
{
	struct procfs_ref proc;
	const char *path = path_of_guest(t, (int)a[0], a[1], &proc);
	const char *exe = NULL;
	char first = 1;

	if (proc.file == PROCFS_NONE && copy_from_guest(&first, a[1], 1) == 0 && !first)
		proc = link_of_fd((int)a[0]);
	if (proc.file == PROCFS_EXE)
		exe = procfs_exe(t, proc, t->path[1], sizeof(t->path[1]));
	if (exe) {
		size_t n = rt_strlen(exe);

		if ((int)a[3] <= 0)
			return -EINVAL;
		n = n < a[3] ? n : a[3];
		return copy_to_guest(a[2], exe, n) < 0 ? -EFAULT : (int64_t)n;
	}
	return guest_sys(t, __NR_readlinkat, a[0], path, a[2], a[3]);
}

int64_t sys_statfs(struct thread *t, const uint64_t *a)
{
	return guest_sys(t, __NR_statfs, path_of_guest(t, AT_FDCWD, a[0], NULL), a[1]);
}

int64_t sys_statx(struct thread *t, const uint64_t *a)
{
	return guest_sys(t, __NR_statx, a[0], target(t, a, a[2]), a[2], a[3], a[4]);
}

void convert_stat(struct guest_stat *to, const struct host_stat *from)
{
	memset(to, 0, sizeof(*to));
	to->st_dev = from->st_dev;
	to->st_ino = from->st_ino;
	to->st_mode = from->st_mode;
	to->st_nlink = (uint32_t)from->st_nlink;
	to->st_uid = from->st_uid;
	to->st_gid = from->st_gid;
	to->st_rdev = from->st_rdev;
	to->st_size = from->st_size;
	to->st_blksize = (int32_t)from->st_blksize;
	to->st_blocks = from->st_blocks;
	to->atime_sec = from->atime_sec;
	to->atime_nsec = from->atime_nsec;
	to->mtime_sec = from->mtime_sec;
	to->mtime_nsec = from->mtime_nsec;
	to->ctime_sec = from->ctime_sec;
	to->ctime_nsec = from->ctime_nsec;
}

static int64_t put_stat(uint64_t address, const struct host_stat *from)
{
	struct guest_stat to;

	convert_stat(&to, from);
	return copy_to_guest(address, &to, sizeof(to));
}

int64_t sys_newfstatat(struct thread *t, const uint64_t *a)
{
	struct host_stat st;
	int64_t r = guest_sys(t, __NR_newfstatat, a[0], target(t, a, a[3]), &st, a[3]);

	return r < 0 ? r : put_stat(a[2], &st);
}

int64_t sys_fstat(struct thread *t, const uint64_t *a)
{
	struct host_stat st;
	int64_t r = guest_sys(t, __NR_fstat, a[0], &st);

	return r < 0 ? r : put_stat(a[1], &st);
}
