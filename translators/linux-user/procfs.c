/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Replacements are written to a memfd. The maps are the host's, without the translator's own
 * lines, with the guest's execute permission put back.
 */
#include <linux/elf.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/magic.h>
#include <linux/memfd.h>

#include "linux-user/memory.h"
#include "linux-user/procfs.h"
#include "linux-user/sys.h"
#include "linux-user/thread.h"
#include "rt/arena.h"
#include "rt/memory.h"
#include "rt/text.h"

/* Digits at *s: their value, *s moved behind; -1 without any. */
static long take_number(const char **s)
{
	long v = 0;
	const char *p = *s;

	for (; *p >= '0' && *p <= '9' && v < 1l << 58; p++)
		v = v * 10 + (*p - '0');
	if (p == *s)
		return -1;
	*s = p;
	return v;
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

/* Lines on their way to a file: there may be a hundred thousand of them. */
struct line_writer {
	int fd;
	size_t length;
	char buf[4096];
};

static int flush_lines(struct line_writer *w)
{
	int r = write_all(w->fd, w->buf, w->length);

	w->length = 0;
	return r;
}

static int put(struct line_writer *w, const char *text, size_t length)
{
	while (length) {
		size_t n = sizeof(w->buf) - w->length;

		if (n > length)
			n = length;
		memcpy(w->buf + w->length, text, n);
		w->length += n;
		text += n;
		length -= n;
		if (w->length == sizeof(w->buf)) {
			int r = flush_lines(w);

			if (r < 0)
				return r;
		}
	}
	return 0;
}

/* One part of a mapping: [start, end) of the line, with the x bit as given. */
static int write_map(struct line_writer *out, uint64_t start, uint64_t end, uint64_t shift,
		     const char *perms, bool exec, const char *rest)
{
	char line[512];
	const char *p = rest, *inode;
	uint64_t offset = rt_take_hex(&p);

	/* " MAJOR:MINOR INODE ...": anonymous memory has no inode and no offset. */
	inode = rt_strchr(*p ? p + 1 : p, ' ');
	if (inode && inode[1] != '0')
		offset += shift;
	size_t n = rt_format(line, sizeof(line), "%08lx-%08lx %c%c%c%c %08lx%s\n",
			     (unsigned long)start, (unsigned long)end, perms[0], perms[1],
			     exec ? 'x' : '-', perms[3], (unsigned long)offset, p);

	return put(out, line, n < sizeof(line) ? n : sizeof(line) - 1);
}

/* Lines of maps and smaps, one process's. */
struct map_filter {
	struct thread *t;
	struct line_writer *out;
	bool own;	  /* the calling process's: its executable ranges are known */
	bool smaps;	  /* lines about a mapping follow its first one */
	bool numa;	  /* each line has only a start */
	bool keep;	  /* they are the guest's */
	uint64_t own_end; /* of the translator's image so far */
	const char *translator; /* its file's name */
	char code_file[512];	/* a program, and where code is in it */
	uint64_t code_start, code_end;
};

/* Does the line show the translator: its image, what is contiguous with that, its window? */
static bool is_translators(struct map_filter *f, uint64_t start, uint64_t end, const char *rest)
{
	const char *file = rt_strchr(rest, '/');

	if ((start < RT_ARENA_END && end > RT_ARENA_START) || start >= GUEST_ADDRESS_END)
		return true;
	if (f->own)
		return rt_is_own_range(start, end - start);
	if (file ? rt_str_eq(rt_basename(file), f->translator) : start && start == f->own_end) {
		f->own_end = end;
		return true;
	}
	return false;
}

/* The guest's vDSO lies in our image. */
static int write_vdso(const struct map_filter *f, uint64_t start, uint64_t end)
{
	const struct guest_abi *abi = f->t->abi;
	uint64_t vdso = (uint64_t)abi->vdso;
	char line[128];
	size_t n;

	if (!f->own || f->smaps || vdso < start || vdso >= end)
		return 0;
	n = rt_format(line, sizeof(line), "%08lx-%08lx r-xp 00000000 00:00 0%26s[vdso]\n",
		      (unsigned long)vdso, (unsigned long)(vdso + abi->vdso_size), "");
	return put(f->out, line, n);
}

bool procfs_is_vdso(const char *rest)
{
	const char *name = rt_strchr(rest, '[');

	return name && (rt_str_after(name, "[vdso]") || rt_str_after(name, "[vvar"));
}

/*
 * Of another process's mappings only its files tell which are code, by their program headers.
 * What it made executable by itself is not known here.
 */
static void read_code(struct map_filter *f, const char *path)
{
	int fd = (int)rt_syscall(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	Elf64_Ehdr eh;
	Elf64_Phdr ph;

	rt_strcpy(f->code_file, sizeof(f->code_file), path);
	f->code_start = f->code_end = 0;
	if (fd < 0)
		return;
	if (rt_syscall(__NR_pread64, fd, &eh, sizeof(eh), 0) == (long)sizeof(eh) &&
	    memcmp(eh.e_ident, ELFMAG, SELFMAG) == 0 && eh.e_phentsize == sizeof(ph))
		for (unsigned i = 0; i < eh.e_phnum && i < 64; i++) {
			if (rt_syscall(__NR_pread64, fd, &ph, sizeof(ph), eh.e_phoff + i * sizeof(ph)) !=
			    (long)sizeof(ph))
				break;
			if (ph.p_type != PT_LOAD || !(ph.p_flags & PF_X))
				continue;
			f->code_start = ph.p_offset & ~(RT_PAGE_SIZE - 1);
			f->code_end = ph.p_offset + ph.p_filesz;
			break;
		}
	rt_syscall(__NR_close, fd);
}

static bool is_code(struct map_filter *f, const char *perms, const char *rest)
{
	const char *path = rt_strchr(rest, '/');
	uint64_t offset = rt_take_hex(&rest);

	if (!path || perms[0] != 'r' || perms[1] == 'w')
		return false;
	if (!rt_str_eq(path, f->code_file))
		read_code(f, path);
	return offset >= f->code_start && offset < f->code_end;
}

/* A host line may span executable and other guest pages: split it. */
static int convert_map(struct map_filter *f, const char *line)
{
	const struct exec_map *map = f->t->process->exec_map;
	const char *p = line, *perms;
	uint64_t start = rt_take_hex(&p), end, first;
	int r = 0;

	if (*p != '-' || p == line) {
		size_t n = rt_strlen(line);

		if (f->numa)
			f->keep = !is_translators(f, start, start + 1, p);
		if (!(f->smaps || f->numa) || !f->keep)
			return 0;
		r = put(f->out, line, n);
		return r < 0 ? r : put(f->out, "\n", 1);
	}
	p++;
	end = rt_take_hex(&p);
	perms = p + 1;
	f->keep = false;
	if (rt_strlen(p) < 7 || end <= start)
		return 0;
	p += 6;
	if (procfs_is_vdso(p))
		return 0;
	if (is_translators(f, start, end, p))
		return write_vdso(f, start, end);
	f->keep = true;
	first = start;
	while (start < end && r >= 0) {
		bool exec = f->own ? exec_map_overlaps(map, start, start + 1)
				   : is_code(f, perms, p);
		uint64_t stop = f->own ? exec_map_boundary(map, start) : end;

		stop = stop < end && !f->smaps ? stop : end;
		r = write_map(f->out, start, stop, start - first, perms, exec, p);
		start = stop;
	}
	return r;
}

bool procfs_next_line(struct procfs_reader *r, char *line, size_t size)
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

static int write_maps(struct thread *t, int fd, struct procfs_ref ref)
{
	static struct procfs_reader reader; /* guarded by the memory lock */
	static struct line_writer writer; /* the same */
	static char line[4352];		  /* the same; a path, and what is before it */
	struct map_filter filter = { .t = t, .out = &writer, .own = !ref.pid,
				     .smaps = ref.file == PROCFS_SMAPS,
				     .numa = ref.file == PROCFS_NUMA_MAPS };
	char link[256], path[64];
	long n;
	int r = 0;

	n = rt_syscall(__NR_readlinkat, AT_FDCWD, "/proc/self/exe", link, sizeof(link) - 1);
	link[n > 0 ? n : 0] = 0;
	filter.translator = rt_basename(link);
	rt_format(path, sizeof(path), "/proc/%d/%s",
		  ref.pid ? ref.pid : (int)rt_syscall(__NR_getpid),
		  filter.smaps ? "smaps" : filter.numa ? "numa_maps" : "maps");
	memory_lock(t->process);
	reader.fd = (int)rt_syscall(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	reader.length = reader.pos = 0;
	writer.fd = fd;
	writer.length = 0;
	if (reader.fd < 0)
		r = reader.fd;
	while (r >= 0 && procfs_next_line(&reader, line, sizeof(line)))
		r = convert_map(&filter, line);
	if (r >= 0)
		r = flush_lines(&writer);
	if (reader.fd >= 0)
		rt_syscall(__NR_close, reader.fd);
	memory_unlock(t->process);
	return r;
}

int procfs_write_maps(struct thread *t, int fd)
{
	return write_maps(t, fd, (struct procfs_ref){ PROCFS_MAPS, 0 });
}

bool procfs_find_mapping(uint64_t address, struct procfs_mapping *ret, char *path, size_t size)
{
	struct procfs_reader reader = { .length = 0 };
	bool found = false;
	char line[1024];

	reader.fd = (int)rt_syscall(__NR_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY | O_CLOEXEC);
	while (reader.fd >= 0 && !found && procfs_next_line(&reader, line, sizeof(line))) {
		const char *p = line;

		/* START-END PERMS OFFSET MAJOR:MINOR INODE PATH */
		ret->start = rt_take_hex(&p);
		p += *p == '-';
		ret->end = rt_take_hex(&p);
		if (address < ret->start || address >= ret->end || rt_strlen(p) < 7)
			continue;
		found = true;
		memcpy(ret->perms, p + 1, 4);
		ret->perms[4] = 0;
		p += 6;
		ret->offset = rt_take_hex(&p);
		p += *p == ' ';
		ret->device = rt_take_hex(&p) << 32;
		p += *p == ':';
		ret->device |= rt_take_hex(&p);
		p += *p == ' ';
		ret->inode = (uint64_t)take_number(&p);
		while (*p == ' ')
			p++;
		rt_strcpy(path, size, p);
	}
	if (reader.fd >= 0)
		rt_syscall(__NR_close, reader.fd);
	return found;
}

int procfs_each_range(struct thread *t, procfs_range_fn *fn, void *arg)
{
	static struct procfs_reader reader; /* guarded by the memory lock */
	static char line[4352];
	struct map_filter filter = { .t = t, .own = true };

	reader.fd = (int)rt_syscall(__NR_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY | O_CLOEXEC);
	reader.length = reader.pos = 0;
	if (reader.fd < 0)
		return reader.fd;
	while (procfs_next_line(&reader, line, sizeof(line))) {
		const char *p = line;
		uint64_t start = rt_take_hex(&p), end = *p ? (p++, rt_take_hex(&p)) : 0;

		if (end > start && !is_translators(&filter, start, end, p) && !procfs_is_vdso(p))
			fn(arg, start, end);
	}
	rt_syscall(__NR_close, reader.fd);
	return 0;
}

/* ---- the program of another process ---- */

/* Field 26 of /proc/PID/stat: where the kernel was told that the guest's code begins. The
 * name before it may contain anything. */
static uint64_t start_of_code(int pid)
{
	char path[64], text[1024];
	const char *p = text;
	long n;
	int fd;

	rt_format(path, sizeof(path), "/proc/%d/stat", pid);
	fd = (int)rt_syscall(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = rt_syscall(__NR_read, fd, text, sizeof(text) - 1);
	rt_syscall(__NR_close, fd);
	text[n > 0 ? n : 0] = 0;
	for (const char *q = p; q; q = rt_strchr(q + 1, ')'))
		p = q;
	for (int field = 2; p && field < 26; field++) {
		p = rt_strchr(p, ' ');
		p = p ? p + 1 : NULL;
	}
	n = p ? take_number(&p) : -1;
	return n > 0 ? (uint64_t)n : 0;
}

static const char *exe_of_other(struct thread *t, int pid, char *buf, size_t size)
{
	static struct procfs_reader reader; /* guarded by the memory lock */
	static char line[4352];
	uint64_t code = start_of_code(pid);
	const char *found = NULL;
	char path[64];

	if (!code)
		return NULL;
	rt_format(path, sizeof(path), "/proc/%d/maps", pid);
	memory_lock(t->process);
	reader.fd = (int)rt_syscall(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	reader.length = reader.pos = 0;
	while (reader.fd >= 0 && !found && procfs_next_line(&reader, line, sizeof(line))) {
		const char *p = line, *file = rt_strchr(line, '/');
		uint64_t start = rt_take_hex(&p), end = 0;

		if (*p++ == '-')
			end = rt_take_hex(&p);
		if (code >= start && code < end && file && rt_strlen(file) < size) {
			rt_strcpy(buf, size, file);
			found = buf;
		}
	}
	if (reader.fd >= 0)
		rt_syscall(__NR_close, reader.fd);
	memory_unlock(t->process);
	return found;
}

const char *procfs_exe(struct thread *t, struct procfs_ref ref, char *buf, size_t size)
{
	return ref.pid ? exe_of_other(t, ref.pid, buf, size) : t->process->exe;
}

/* Processors that are online: "0-3,6", as sysfs says; without it, those that we may use. */
static void online_cpus(uint64_t *mask, unsigned words)
{
	int fd = (int)rt_syscall(__NR_openat, AT_FDCWD, "/sys/devices/system/cpu/online",
				 O_RDONLY | O_CLOEXEC);
	char text[256];
	const char *p = text;
	long n = fd < 0 ? -1 : rt_syscall(__NR_read, fd, text, sizeof(text) - 1);

	if (fd >= 0)
		rt_syscall(__NR_close, fd);
	text[n > 0 ? n : 0] = 0;
	if (n <= 0)
		rt_syscall(__NR_sched_getaffinity, 0, words * 8, mask);
	while (*p >= '0' && *p <= '9') {
		long first = take_number(&p), last = first;

		if (*p == '-') {
			p++;
			last = take_number(&p);
		}
		for (; first <= last && first < (long)words * 64; first++)
			mask[first / 64] |= 1ull << first % 64;
		p += *p == ',';
	}
}

static int write_cpuinfo(struct thread *t, int fd)
{
	uint64_t mask[16] = { 0 };
	char text[1024];

	online_cpus(mask, 16);
	for (unsigned cpu = 0; cpu < sizeof(mask) * 8; cpu++) {
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

/* The host's own, with the mode and the number of filters that the guest has here. */
static int write_status(struct thread *t, int fd)
{
	static struct procfs_reader reader; /* guarded by the memory lock */
	static char line[4352];
	int r = 0;

	memory_lock(t->process);
	reader.fd = (int)rt_syscall(__NR_openat, AT_FDCWD, "/proc/thread-self/status",
				    O_RDONLY | O_CLOEXEC);
	reader.length = reader.pos = 0;
	if (reader.fd < 0)
		r = reader.fd;
	while (r >= 0 && procfs_next_line(&reader, line, sizeof(line))) {
		const char *filters = rt_str_after(line, "Seccomp_filters:\t");

		if (filters) {
			long host = take_number(&filters);

			rt_format(line, sizeof(line), "Seccomp_filters:\t%ld",
				  host + (long)seccomp_filter_count(t));
		} else if (rt_str_after(line, "Seccomp:")) {
			rt_format(line, sizeof(line), "Seccomp:\t%d", t->seccomp.mode);
		}
		r = write_all(fd, line, rt_strlen(line));
		if (r >= 0)
			r = write_all(fd, "\n", 1);
	}
	if (reader.fd >= 0)
		rt_syscall(__NR_close, reader.fd);
	memory_unlock(t->process);
	return r;
}

void procfs_show_flags(int fd, uint64_t host_flags)
{
	struct procfs_reader reader = { .fd = fd };
	uint64_t statfs[16];
	char line[512];
	int new;

	if (rt_syscall(__NR_fstatfs, fd, statfs) < 0 || statfs[0] != PROC_SUPER_MAGIC)
		return;
	new = (int)rt_syscall(__NR_memfd_create, "fdinfo", 0);
	if (new < 0)
		return;
	while (procfs_next_line(&reader, line, sizeof(line))) {
		const char *flags = rt_str_after(line, "flags:\t");
		uint64_t host = 0;

		for (; flags && *flags >= '0' && *flags < '8'; flags++)
			host = host * 8 + (uint64_t)(*flags - '0');
		if (flags)
			rt_format(line, sizeof(line), "flags:\t0%lo",
				  (unsigned long)guest_open_flags(host));
		write_all(new, line, rt_strlen(line));
		write_all(new, "\n", 1);
	}
	rt_syscall(__NR_lseek, new, 0, 0);
	rt_syscall(__NR_dup3, new, fd, host_flags & O_CLOEXEC);
	rt_syscall(__NR_close, new);
}

int64_t procfs_open(struct thread *t, struct procfs_ref ref, uint64_t host_flags)
{
	const struct process *p = t->process;
	char text[32];
	size_t n;
	int fd, r;

	if ((host_flags & O_ACCMODE) != O_RDONLY)
		return -EACCES;
	fd = (int)rt_syscall(__NR_memfd_create, "proc", host_flags & O_CLOEXEC ? MFD_CLOEXEC : 0);
	if (fd < 0)
		return fd;
	switch (ref.file) {
	case PROCFS_MAPS:
	case PROCFS_NUMA_MAPS:
	case PROCFS_SMAPS: r = write_maps(t, fd, ref); break;
	case PROCFS_STATUS: r = write_status(t, fd); break;
	case PROCFS_CPUINFO: r = write_cpuinfo(t, fd); break;
	case PROCFS_ARCH:
		n = rt_format(text, sizeof(text), "%s\n", t->abi->machine);
		r = write_all(fd, text, n);
		break;
	case PROCFS_MIDR:
	case PROCFS_REVIDR:
		n = rt_format(text, sizeof(text), "0x%016lx\n",
			      ref.file == PROCFS_MIDR ? (unsigned long)t->abi->midr : 0);
		r = write_all(fd, text, n);
		break;
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
	static struct procfs_reader reader; /* only at exit */
	char line[128];
	unsigned long kb = 0;

	reader.fd = (int)rt_syscall(__NR_openat, AT_FDCWD, "/proc/self/status",
				    O_RDONLY | O_CLOEXEC);
	if (reader.fd < 0)
		return 0;
	while (procfs_next_line(&reader, line, sizeof(line))) {
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
