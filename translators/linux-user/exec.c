/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * execve. Started through binfmt_misc, the kernel finds us again and there is nothing to do.
 * Started by hand, it would refuse a guest program or hand it to another emulator: then guest
 * programs, and scripts whose interpreter is one, re-enter through our own image. That image
 * is /proc/self/exe; where there is no /proc, the path that we were started with.
 *
 * A re-entry passes options on the command line: -program is what to load, and the guest's
 * whole argv follows, so that the kernel shows it as it is.
 */
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

#include "linux-user/elf.h"
#include "linux-user/path.h"
#include "linux-user/procfs.h"
#include "linux-user/sys.h"
#include "linux-user/thread.h"
#include "rt/arena.h"
#include "rt/memory.h"
#include "rt/text.h"
#include "rt/uaccess.h"

#define EXTRA_ARGS   (16 + 2 * OPTIONS_MAX)
#define ARGS_MAX     (1 << 20)
#define SCRIPT_DEPTH 4

enum file_kind { KIND_OTHER, KIND_GUEST, KIND_SCRIPT };

struct script_line {
	char interp[256];
	char arg[256];
	bool has_arg;
};

/* "#!", blanks, path, blanks, the rest as one argument. */
static int parse_script(const char *head, size_t length, struct script_line *ret)
{
	size_t end = 2, i = 2, n;

	while (end < length && head[end] != '\n' && head[end])
		end++;
	while (end > 2 && (head[end - 1] == ' ' || head[end - 1] == '\t'))
		end--;
	while (i < end && (head[i] == ' ' || head[i] == '\t'))
		i++;
	for (n = 0; i < end && head[i] != ' ' && head[i] != '\t'; i++)
		if (n + 1 < sizeof(ret->interp))
			ret->interp[n++] = head[i];
	ret->interp[n] = 0;
	if (!n)
		return -ENOEXEC;
	while (i < end && (head[i] == ' ' || head[i] == '\t'))
		i++;
	ret->has_arg = i < end;
	for (n = 0; i < end && n + 1 < sizeof(ret->arg); i++)
		ret->arg[n++] = head[i];
	ret->arg[n] = 0;
	return 0;
}

/* What is in the file? Only the first bytes are looked at. */
static enum file_kind classify(struct thread *t, int fd, struct script_line *script)
{
	char head[256];
	long n = rt_syscall(__NR_pread64, fd, head, sizeof(head), 0);
	Elf64_Ehdr eh;

	if (n >= 3 && head[0] == '#' && head[1] == '!')
		return parse_script(head, (size_t)n, script) < 0 ? KIND_OTHER : KIND_SCRIPT;
	if (n < (long)sizeof(eh))
		return KIND_OTHER;
	memcpy(&eh, head, sizeof(eh));
	if (memcmp(eh.e_ident, ELFMAG, SELFMAG) != 0 || eh.e_machine != t->abi->elf_machine ||
	    (eh.e_type != ET_EXEC && eh.e_type != ET_DYN))
		return KIND_OTHER;
	return KIND_GUEST;
}

static long may_execute(int dirfd, const char *path, int flags)
{
	long r = rt_syscall(__NR_faccessat2, dirfd, path, 1, AT_EACCESS | flags);

	if (r == -ENOSYS)
		r = rt_syscall(__NR_faccessat, dirfd, path, 1);
	return r;
}

/* The number of strings in a guest's argv or envp, or negative errno. */
static long count_strings(uint64_t array)
{
	for (long n = 0; array && n < ARGS_MAX; n++) {
		uint64_t p;

		if (copy_from_guest(&p, array + (uint64_t)n * 8, 8) < 0)
			return -EFAULT;
		if (!p)
			return n;
	}
	return array ? -E2BIG : 0;
}

struct reentry {
	const char *program; /* what the new image loads */
	const char *name;    /* what execve was told */
	int exec_fd;	     /* or -1 */
	const char *argv0;   /* for the guest; NULL: the caller's own */
	const char *insert[2 * SCRIPT_DEPTH + 2]; /* arguments before the caller's */
	unsigned insert_count;
};

static const char *own_image(struct thread *t)
{
	const struct rt_start_info *info = t->process->info;
	const char *path = "/proc/self/exe";

	if (rt_syscall(__NR_faccessat, AT_FDCWD, path, 1) == 0)
		return path;
	return t->process->from_kernel || !info->aux[AT_EXECFN] ? info->argv[0]
								: (char *)info->aux[AT_EXECFN];
}

static int64_t host_exec(struct thread *t, int dirfd, const char *path, const void *argv,
			 const void *envp, int flags)
{
	long r;

	/* What was recorded for this program must not get lost with it. */
	signal_block_all();
	if (__atomic_load_n(&t->cpu.pending, __ATOMIC_ACQUIRE)) {
		if (!t->recorded)
			signal_restore_mask(t);
		return SYS_RESTART_ALWAYS;
	}
	signal_before_exec(t);
	if (flags || dirfd != AT_FDCWD)
		r = rt_syscall(__NR_execveat, dirfd, path, argv, envp, flags);
	else
		r = rt_syscall(__NR_execve, path, argv, envp);
	signal_after_failed_exec(t);
	return r;
}

static int64_t reenter(struct thread *t, const struct reentry *re, uint64_t argv, uint64_t envp)
{
	const struct options *o = t->process->options;
	long count = count_strings(argv);
	const char **list, **p;
	char number[32], filters[32], mdwe[16];
	int filters_fd = -1;
	size_t size;
	int64_t r;

	if (count < 0)
		return count;
	if (t->seccomp.mode) {
		filters_fd = seccomp_save(t);
		if (filters_fd < 0)
			return filters_fd;
	}
	size = ((size_t)count + EXTRA_ARGS + re->insert_count + 1) * sizeof(*list);
	list = p = rt_map_anon(size);
	if (!list) {
		if (filters_fd >= 0)
			rt_syscall(__NR_close, filters_fd);
		return -ENOMEM;
	}
	t->exec_memory = list;
	t->exec_memory_size = size;
	*p++ = t->abi->program;
	p += options_repeat(o, p);
	if (re->exec_fd >= 0) {
		rt_format(number, sizeof(number), "--exec-fd=%d", re->exec_fd);
		*p++ = number;
	}
	if (filters_fd >= 0) {
		rt_format(filters, sizeof(filters), "--seccomp-fd=%d", filters_fd);
		*p++ = filters;
	}
	if (memory_inherited_mdwe(t->process)) {
		rt_format(mdwe, sizeof(mdwe), "--mdwe=%d", t->process->mdwe);
		*p++ = mdwe;
	}
	*p++ = "--exec-name";
	*p++ = re->name;
	*p++ = "--program";
	*p++ = re->program;
	*p++ = "--";
	*p++ = re->argv0;
	if (!re->argv0 && (count == 0 || copy_from_guest(&p[-1], argv, 8) < 0))
		p[-1] = "";
	for (unsigned i = 0; i < re->insert_count; i++)
		*p++ = re->insert[i];
	if (count > 1 && copy_from_guest(p, argv + 8, (size_t)(count - 1) * 8) < 0)
		r = -EFAULT;
	else
		r = host_exec(t, AT_FDCWD, own_image(t), list, (const void *)envp, 0);
	t->exec_memory = NULL;
	rt_unmap(list, size);
	if (filters_fd >= 0)
		rt_syscall(__NR_close, filters_fd);
	return r;
}

/* Follows a chain of scripts to the program that runs them in the end. */
static int64_t exec_script(struct thread *t, const char *path, const char *name,
			   struct script_line *first, uint64_t argv, uint64_t envp)
{
	struct script_line lines[SCRIPT_DEPTH];
	struct reentry re = { .name = name, .exec_fd = -1 };
	char redirected[512];
	unsigned depth = 0;
	enum file_kind kind;

	lines[0] = *first;
	for (;;) {
		const char *host = path_redirect(t->process->options, lines[depth].interp,
						 redirected, sizeof(redirected));
		int fd = (int)rt_syscall(__NR_openat, AT_FDCWD, host, O_RDONLY | O_CLOEXEC);
		struct script_line next;

		if (fd < 0)
			return 0;
		kind = classify(t, fd, &next);
		rt_syscall(__NR_close, fd);
		if (kind != KIND_SCRIPT || depth + 1 == SCRIPT_DEPTH)
			break;
		lines[++depth] = next;
	}
	if (kind != KIND_GUEST)
		return 0;
	/* The innermost interpreter comes first, each followed by its argument. */
	re.program = re.argv0 = lines[depth].interp;
	for (unsigned i = depth + 1; i-- > 0;) {
		if (i != depth)
			re.insert[re.insert_count++] = lines[i].interp;
		if (lines[i].has_arg)
			re.insert[re.insert_count++] = lines[i].arg;
	}
	re.insert[re.insert_count++] = path;
	return reenter(t, &re, argv, envp);
}

static bool closes_on_exec(int fd)
{
	long flags = rt_syscall(__NR_fcntl, fd, F_GETFD);

	return flags >= 0 && flags & FD_CLOEXEC;
}

/* The name that the kernel gives to a program that is named by a descriptor. */
static void name_of_fd(char *buf, size_t size, int dirfd, const char *path)
{
	rt_format(buf, size, *path ? "/dev/fd/%d/%s" : "/dev/fd/%d%s", dirfd, path);
}

static int open_for_exec(int dirfd, const char *path, int flags)
{
	bool by_fd = flags & AT_EMPTY_PATH && !*path;
	char link[32];
	int fd;

	if (!by_fd)
		return (int)rt_syscall(__NR_openat, dirfd, path, O_RDONLY | O_CLOEXEC |
				       (flags & AT_SYMLINK_NOFOLLOW ? O_NOFOLLOW : 0));
	/* Anew: it may be for execution only (O_PATH). */
	rt_format(link, sizeof(link), "/proc/self/fd/%d", dirfd);
	fd = (int)rt_syscall(__NR_openat, AT_FDCWD, link, O_RDONLY | O_CLOEXEC);
	return fd >= 0 ? fd : (int)rt_syscall(__NR_fcntl, dirfd, F_DUPFD_CLOEXEC, 0);
}

/* 0: not for us, let the kernel do it. Otherwise the result of the failed attempt. */
static int64_t exec_guest(struct thread *t, int dirfd, const char *path, const char *name,
			  int flags, uint64_t argv, uint64_t envp)
{
	struct reentry re = { .program = name, .name = name, .exec_fd = -1 };
	struct script_line script;
	enum file_kind kind;
	int64_t r = 0;
	int fd;

	fd = open_for_exec(dirfd, path, flags);
	/* Errors are the kernel's to find; a file that may only be executed is its to run. */
	if (fd < 0)
		return 0;
	kind = classify(t, fd, &script);
	if (kind == KIND_OTHER || may_execute(dirfd, path, flags) < 0) {
		rt_syscall(__NR_close, fd);
		return 0;
	}
	if (path[0] != '/' && dirfd != AT_FDCWD) {
		name_of_fd(t->path[1], sizeof(t->path[1]), dirfd, path);
		re.program = re.name = t->path[1];
	}
	if (kind == KIND_GUEST) {
		/* The file that was looked at is the one to run; the new image hides it. */
		rt_syscall(__NR_fcntl, fd, F_SETFD, 0);
		re.exec_fd = fd;
		r = reenter(t, &re, argv, envp);
	} else if (re.name == name || !closes_on_exec(dirfd)) {
		/* Its interpreter could open it. */
		rt_syscall(__NR_close, fd);
		return exec_script(t, re.name, re.name, &script, argv, envp);
	}
	rt_syscall(__NR_close, fd);
	return r;
}

/* Is it something for which the host might find a way: a program, a script, no file at all? */
static bool may_run_here(int fd)
{
	struct host_stat st;
	char head[4] = "";

	if (rt_syscall(__NR_fstat, fd, &st) < 0 || (st.st_mode & S_IFMT) != S_IFREG)
		return true;
	rt_syscall(__NR_pread64, fd, head, sizeof(head), 0);
	return memcmp(head, ELFMAG, SELFMAG) == 0 || (head[0] == '#' && head[1] == '!');
}

/*
 * With seccomp, a guest program always re-enters through our own image, which gets the filters
 * along. A program of the host would escape them: it is refused. So is what cannot be read, since
 * it might be one.
 */
static int64_t exec_confined(struct thread *t, int dirfd, const char *path, const char *name,
			     int flags, uint64_t argv, uint64_t envp)
{
	int fd = open_for_exec(dirfd, path, flags);
	bool runs_here;
	int64_t r;

	if (fd < 0)
		return fd;
	runs_here = may_run_here(fd);
	rt_syscall(__NR_close, fd);
	r = may_execute(dirfd, path, flags);
	if (r < 0)
		return r;
	r = exec_guest(t, dirfd, path, name, flags, argv, envp);
	if (r != 0)
		return r;
	return runs_here ? -EACCES : -ENOEXEC;
}

static bool gives_privileges(int dirfd, const char *path, int flags)
{
	int fd = open_for_exec(dirfd, path, flags);
	struct host_stat st;
	bool r;

	if (fd < 0)
		return true;
	r = rt_syscall(__NR_fstat, fd, &st) < 0 || st.st_mode & (S_ISUID | S_ISGID);
	rt_syscall(__NR_close, fd);
	return r;
}

static int64_t do_execve(struct thread *t, int dirfd, uint64_t guest_path, uint64_t argv,
			 uint64_t envp, int flags)
{
	struct procfs_ref proc;
	const char *path;
	int64_t r;

	if (rt_strnlen_user((const char *)guest_path, 4096) < 0)
		return -EFAULT;
	path = flags & AT_SYMLINK_NOFOLLOW ? path_of_guest(t, dirfd, guest_path, NULL)
					   : path_of_target(t, dirfd, guest_path, &proc);
	if (t->seccomp.mode)
		return exec_confined(t, dirfd, path, (const char *)guest_path, flags, argv, envp);
	/* A guest program gets it from us only, but what execve gives to one it does not get from
	 * us. A program of the host goes without. */
	if (t->process->from_kernel &&
	    (!memory_inherited_mdwe(t->process) || gives_privileges(dirfd, path, flags))) {
		r = host_exec(t, dirfd, path, (const void *)argv, (const void *)envp, flags);
		/* ENOENT: a close-on-exec descriptor, which the kernel cannot give to an
		 * interpreter. */
		if (r != -ENOEXEC && !(r == -ENOENT && dirfd != AT_FDCWD))
			return r;
	}
	r = exec_guest(t, dirfd, path, (const char *)guest_path, flags, argv, envp);
	if (r != 0)
		return r;
	return host_exec(t, dirfd, path, (const void *)argv, (const void *)envp, flags);
}

int64_t sys_execve(struct thread *t, const uint64_t *a)
{
	return do_execve(t, AT_FDCWD, a[0], a[1], a[2], 0);
}

int64_t sys_execveat(struct thread *t, const uint64_t *a)
{
	if (a[4] & ~(uint64_t)(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW))
		return guest_sys(t, __NR_execveat, a[0], a[1], a[2], a[3], a[4]);
	return do_execve(t, (int)a[0], a[1], a[2], a[3], (int)a[4]);
}
