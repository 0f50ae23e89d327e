/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Replacements are written to a memfd. The maps are the host's, without the translator's own
 * lines, with the guest's execute permission put back.
 */
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/memfd.h>

#include "linux-user/memory.h"
#include "linux-user/procfs.h"
#include "linux-user/thread.h"
#include "rt/arena.h"
#include "rt/memory.h"
#include "rt/text.h"

/* Digits at *s: their value, *s moved behind; -1 without any. */
static long take_number(const char **s)
{
	long v = 0;
	const char *p = *s;

	for (; *p >= '0' && *p <= '9' && v < 1l << 40; p++)
		v = v * 10 + (*p - '0');
	if (p == *s)
		return -1;
	*s = p;
	return v;
}

static int file_of_name(const char *name)
{
	if (rt_str_eq(name, "exe"))
		return PROCFS_EXE;
	if (rt_str_eq(name, "maps"))
		return PROCFS_MAPS;
	if (rt_str_eq(name, "cmdline"))
		return PROCFS_CMDLINE;
	if (rt_str_eq(name, "auxv"))
		return PROCFS_AUXV;
	return PROCFS_NONE;
}

int procfs_identify(const struct thread *t, const char *path)
{
	const char *p = rt_str_after(path, "/proc/"), *rest;

	(void)t;
	if (!p)
		return PROCFS_NONE;
	if (rt_str_eq(p, "cpuinfo"))
		return PROCFS_CPUINFO;
	if ((rest = rt_str_after(p, "self/")) || (rest = rt_str_after(p, "thread-self/"))) {
		p = rest;
	} else {
		long pid = take_number(&p);

		if (pid != rt_syscall(__NR_getpid) || *p++ != '/')
			return PROCFS_NONE;
	}
	rest = rt_str_after(p, "task/");
	if (rest) {
		if (take_number(&rest) < 0 || *rest++ != '/')
			return PROCFS_NONE;
		p = rest;
	}
	return file_of_name(p);
}

static int write_all(int fd, const void *data, size_t length)
{
	const char *p = data;

	while (length) {
		long n = rt_syscall(__NR_write, fd, p, length);

		if (n < 0)
			return (int)n;
		p += n;
		length -= (size_t)n;
	}
	return 0;
}

static uint64_t take_hex(const char **s)
{
	uint64_t v = 0;

	for (;; (*s)++) {
		char c = **s;

		if (c >= '0' && c <= '9')
			v = v << 4 | (uint64_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			v = v << 4 | (uint64_t)(c - 'a' + 10);
		else
			return v;
	}
}

/* One part of a mapping: [start, end) of the line, with the x bit as given. */
static int write_map(int fd, uint64_t start, uint64_t end, uint64_t shift, const char *perms,
		     bool exec, const char *rest)
{
	char line[512];
	const char *p = rest, *inode;
	uint64_t offset = take_hex(&p);

	/* " MAJOR:MINOR INODE ...": anonymous memory has no inode and no offset. */
	inode = rt_strchr(*p ? p + 1 : p, ' ');
	if (inode && inode[1] != '0')
		offset += shift;
	size_t n = rt_format(line, sizeof(line), "%08lx-%08lx %c%c%c%c %08lx%s\n",
			     (unsigned long)start, (unsigned long)end, perms[0], perms[1],
			     exec ? 'x' : '-', perms[3], (unsigned long)offset, p);

	return write_all(fd, line, n < sizeof(line) ? n : sizeof(line) - 1);
}

/* A host line may span executable and other guest pages: split it. */
static int convert_map(struct thread *t, int fd, const char *line)
{
	const char *p = line;
	uint64_t start = take_hex(&p), end, first;
	const char *perms;
	int r = 0;

	p++;
	end = take_hex(&p);
	perms = p + 1;
	if (rt_strlen(p) < 7 || end <= start)
		return 0;
	p += 6;
	if (rt_is_own_range(start, end - start) || start >= GUEST_ADDRESS_END)
		return 0;
	for (const char *q = p; *q; q++)
		if (rt_str_eq(q, "[vdso]") || rt_str_eq(q, "[vvar]") ||
		    rt_str_eq(q, "[vvar_vclock]"))
			return 0;
	first = start;
	while (start < end && r >= 0) {
		bool exec = exec_map_overlaps(t->process->exec_map, start, start + 1);
		uint64_t stop = exec_map_boundary(t->process->exec_map, start);

		stop = stop < end ? stop : end;
		r = write_map(fd, start, stop, start - first, perms, exec, p);
		start = stop;
	}
	return r;
}

/* Reads a text file line by line through a buffer; lines that are too long are cut. */
struct line_reader {
	int fd;
	size_t length, pos;
	char buf[4096];
};

static bool next_line(struct line_reader *r, char *line, size_t size)
{
	size_t n = 0;

	for (;;) {
		if (r->pos == r->length) {
			long got = rt_syscall(__NR_read, r->fd, r->buf, sizeof(r->buf));

			if (got <= 0)
				break;
			r->length = (size_t)got;
			r->pos = 0;
		}
		char c = r->buf[r->pos++];

		if (c == '\n') {
			line[n] = 0;
			return true;
		}
		if (n + 1 < size)
			line[n++] = c;
	}
	line[n] = 0;
	return n > 0;
}

static int write_maps(struct thread *t, int fd)
{
	static struct line_reader reader; /* guarded by the memory lock */
	char line[512];
	int r = 0;

	memory_lock(t->process);
	reader.fd = (int)rt_syscall(__NR_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY | O_CLOEXEC);
	reader.length = reader.pos = 0;
	if (reader.fd < 0)
		r = reader.fd;
	while (r >= 0 && next_line(&reader, line, sizeof(line)))
		r = convert_map(t, fd, line);
	if (reader.fd >= 0)
		rt_syscall(__NR_close, reader.fd);
	memory_unlock(t->process);
	return r;
}

static int write_cpuinfo(struct thread *t, int fd)
{
	uint64_t mask[16] = { 0 };
	long size = rt_syscall(__NR_sched_getaffinity, 0, sizeof(mask), mask);
	char text[1024];

	for (unsigned cpu = 0; size > 0 && cpu < (unsigned)size * 8; cpu++) {
		size_t n;
		int r;

		if (!(mask[cpu / 64] >> cpu % 64 & 1))
			continue;
		n = t->abi->cpuinfo(text, sizeof(text), cpu);
		r = write_all(fd, text, n < sizeof(text) ? n : sizeof(text) - 1);
		if (r < 0)
			return r;
	}
	return 0;
}

int64_t procfs_open(struct thread *t, int file, uint64_t host_flags)
{
	const struct process *p = t->process;
	int fd, r;

	if ((host_flags & O_ACCMODE) != O_RDONLY)
		return -EACCES;
	fd = (int)rt_syscall(__NR_memfd_create, "proc", host_flags & O_CLOEXEC ? MFD_CLOEXEC : 0);
	if (fd < 0)
		return fd;
	switch ((enum procfs_file)file) {
	case PROCFS_MAPS: r = write_maps(t, fd); break;
	case PROCFS_CPUINFO: r = write_cpuinfo(t, fd); break;
	case PROCFS_CMDLINE:
		r = write_all(fd, (const void *)p->arg_start, p->arg_end - p->arg_start);
		break;
	case PROCFS_AUXV: r = write_all(fd, (const void *)p->auxv_start, p->auxv_size); break;
	default: r = -ENOENT; break;
	}
	if (r < 0) {
		rt_syscall(__NR_close, fd);
		return r;
	}
	rt_syscall(__NR_lseek, fd, 0, 0);
	return fd;
}

unsigned long procfs_anon_kb(void)
{
	static struct line_reader reader; /* only at exit */
	char line[128];
	unsigned long kb = 0;

	reader.fd = (int)rt_syscall(__NR_openat, AT_FDCWD, "/proc/self/status",
				    O_RDONLY | O_CLOEXEC);
	if (reader.fd < 0)
		return 0;
	while (next_line(&reader, line, sizeof(line))) {
		const char *p = rt_str_after(line, "RssAnon:");

		if (!p)
			continue;
		while (*p == ' ' || *p == '\t')
			p++;
		long v = take_number(&p);

		kb = v > 0 ? (unsigned long)v : 0;
	}
	rt_syscall(__NR_close, reader.fd);
	return kb;
}
