/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which file of /proc a path means. Its last component decides quickly that it is none that
 * matters; the directory before it is then asked of the kernel, so that it does not matter how
 * it was reached: by /proc/self, a number, a descriptor, dots or symbolic links.
 */
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/magic.h>

#include "linux-user/procfs.h"
#include "linux-user/thread.h"
#include "rt/memory.h"
#include "rt/text.h"

static const struct {
	const char *name;
	enum procfs_file file;
} files[] = {
	{ "exe", PROCFS_EXE },	     { "maps", PROCFS_MAPS },	{ "smaps", PROCFS_SMAPS },
	{ "cmdline", PROCFS_CMDLINE }, { "auxv", PROCFS_AUXV }, { "cpuinfo", PROCFS_CPUINFO },
	{ "status", PROCFS_STATUS }, { "numa_maps", PROCFS_NUMA_MAPS }, { "arch", PROCFS_ARCH },
	{ "midr_el1", PROCFS_MIDR }, { "revidr_el1", PROCFS_REVIDR },
};

static enum procfs_file file_of_name(const char *name)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (rt_str_eq(name, files[i].name))
			return files[i].file;
	return PROCFS_NONE;
}

/* The end of a path: its last component, and where the one before it begins. */
static size_t component_before(const char *path, size_t end)
{
	while (end && path[end - 1] != '/')
		end--;
	return end;
}

static long number_of(const char *s, size_t length)
{
	long v = 0;

	if (!length || length > 10)
		return -1;
	for (size_t i = 0; i < length; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		v = v * 10 + (s[i] - '0');
	}
	return v;
}

static bool is_own_pid(long pid)
{
	long me = rt_syscall(__NR_getpid);

	return pid == me || rt_syscall(__NR_tgkill, me, pid, 0) == 0;
}

/* "/proc/123", "/proc/123/task/124": the process; 0: not one's directory. */
static int pid_of_directory(const char *path)
{
	size_t end = rt_strlen(path), start = component_before(path, end);
	long n = number_of(path + start, end - start);

	return n > 0 && n < 1 << 30 ? (int)n : 0;
}

/* Is the process's program this translator? By name: another version of it is a translator,
 * too. */
static bool is_translated(int pid)
{
	char path[64], own[256], link[256];
	long n, m;

	rt_format(path, sizeof(path), "/proc/%d/exe", pid);
	n = rt_syscall(__NR_readlinkat, AT_FDCWD, path, link, sizeof(link) - 1);
	m = rt_syscall(__NR_readlinkat, AT_FDCWD, "/proc/self/exe", own, sizeof(own) - 1);
	if (n <= 0 || m <= 0)
		return false;
	link[n] = own[m] = 0;
	return rt_str_eq(rt_basename(link), rt_basename(own));
}

static struct procfs_ref in_directory(int fd, enum procfs_file file)
{
	const struct procfs_ref none = { PROCFS_NONE, 0 };
	uint64_t statfs[16];
	char link[32], path[128];
	long n;
	int pid;

	if (rt_syscall(__NR_fstatfs, fd, statfs) < 0 || statfs[0] != PROC_SUPER_MAGIC)
		return none;
	rt_format(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = rt_syscall(__NR_readlinkat, AT_FDCWD, link, path, sizeof(path) - 1);
	if (n <= 0)
		return none;
	path[n] = 0;
	pid = pid_of_directory(path);
	if (file == PROCFS_CPUINFO)
		return (struct procfs_ref){ pid ? PROCFS_NONE : file, 0 };
	if (!pid)
		return none;
	if (is_own_pid(pid))
		return (struct procfs_ref){ file, 0 };
	/* Of others, the kernel knows the rest: see tell_kernel(). */
	if ((file == PROCFS_EXE || file == PROCFS_MAPS || file == PROCFS_SMAPS ||
	     file == PROCFS_NUMA_MAPS) &&
	    is_translated(pid))
		return (struct procfs_ref){ file, pid };
	return none;
}

/* Files that are elsewhere than in a process's directory, or that only arm64 has. */
static bool is_system_file(const char *path, enum procfs_file file)
{
	const char *p, *rest;
	char dir[64];

	if (file == PROCFS_ARCH)
		return rt_str_eq(path, "/proc/sys/kernel/arch");
	p = rt_str_after(path, "/sys/devices/system/cpu/cpu");
	rest = p ? rt_strchr(p, '/') : NULL;
	if (!rest || number_of(p, (size_t)(rest - p)) < 0 || !rt_str_after(rest, "/regs/identification/"))
		return false;
	rt_strcpy(dir, sizeof(dir) < (size_t)(rest - path) + 1 ? sizeof(dir) : (size_t)(rest - path) + 1, path);
	return rt_syscall(__NR_faccessat, AT_FDCWD, dir, 0) == 0;
}

/* "fdinfo/12", which begins at `start` of the path. */
static bool is_fdinfo(const char *path, size_t start)
{
	static const char parent[] = "fdinfo/";
	size_t length = sizeof(parent) - 1;

	return path[start] >= '0' && path[start] <= '9' && start >= length &&
	       rt_str_after(path + start - length, parent);
}

struct procfs_ref procfs_identify(int dirfd, const char *path)
{
	struct procfs_ref ref = { PROCFS_NONE, 0 };
	size_t start = component_before(path, rt_strlen(path));
	enum procfs_file file = file_of_name(path + start);
	const char *p;
	char dir[256];
	int fd;

	if (is_fdinfo(path, start))
		ref.file = PROCFS_FDINFO;
	if (file == PROCFS_NONE || start >= sizeof(dir))
		return ref;
	if (file >= PROCFS_ARCH)
		return is_system_file(path, file) ? (struct procfs_ref){ file, 0 } : ref;
	/* The usual ones, without a question. */
	p = rt_str_after(path, "/proc/");
	if (p && file == PROCFS_CPUINFO && p == path + start)
		return (struct procfs_ref){ file, 0 };
	if (p && file != PROCFS_CPUINFO &&
	    (rt_str_after(p, "self/") == path + start ||
	     rt_str_after(p, "thread-self/") == path + start))
		return (struct procfs_ref){ file, 0 };
	rt_strcpy(dir, start + 1, path);
	fd = (int)rt_syscall(__NR_openat, dirfd, start ? dir : ".",
			     O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return ref;
	ref = in_directory(fd, file);
	rt_syscall(__NR_close, fd);
	return ref;
}
