/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An ELF core file as fs/binfmt_elf.c of an arm64 kernel writes it: registers of each thread,
 * the auxiliary vector, the names of mapped files, and the memory that coredump_filter asks for.
 * The host would dump the translator, so it is told not to dump at all; therefore the wait
 * status has no "core dumped" bit. A core_pattern that is a pipe gets nothing: its program would
 * take the translator for what crashed.
 *
 * What is mapped, and how, is read from smaps; which pages are worth writing, from pagemap.
 */
#include <linux/elf.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/futex.h>
#include <linux/prctl.h>
#include <linux/resource.h>
#include <linux/stat.h>
#include <linux/utsname.h>

#include "linux-user/core.h"
#include "linux-user/memory.h"
#include "linux-user/procfs.h"
#include "linux-user/signal.h"
#include "linux-user/sys.h"
#include "linux-user/thread.h"
#include "rt/arena.h"
#include "rt/memory.h"
#include "rt/text.h"

#define MAPPINGS_MAX 16384u
#define NOTES_MAX    (1u << 20) /* of file names; threads come on top */
#define BLOCK_PAGES  256u

#define PAGE_PRESENT 1ull << 63
#define PAGE_SWAPPED 1ull << 62

/* Bits of /proc/self/coredump_filter. */
enum {
	FILTER_ANON_PRIVATE = 1, FILTER_ANON_SHARED = 2, FILTER_FILE_PRIVATE = 4,
	FILTER_FILE_SHARED = 8, FILTER_ELF_HEADERS = 16, FILTER_HUGE_PRIVATE = 32,
	FILTER_HUGE_SHARED = 64,
};

struct mapping {
	uint64_t start, end, offset;
	uint32_t name;	/* index in core.names, 0: none */
	uint8_t flags;	/* PF_ */
	bool shared, file, deleted, anonymous, huge, resident, no_dump;
	uint64_t size;	/* what of it is written */
};

struct core {
	struct thread *t;
	const struct host_siginfo *info;
	int fd, mem;
	uint64_t limit;
	unsigned filter;
	struct mapping *map;
	unsigned count;
	char *names;
	uint32_t names_used;
	char *notes;
	size_t notes_used, notes_size;
	char block[BLOCK_PAGES * RT_PAGE_SIZE];
};

/* ---- the other threads ---- */

_Noreturn void core_park(struct thread *t)
{
	uint32_t never = 0;

	engine_vec_store(&t->cpu);
	__atomic_store_n(&t->parked, true, __ATOMIC_RELEASE);
	for (;;)
		rt_syscall(__NR_futex, &never, FUTEX_WAIT_PRIVATE, 0, NULL);
}

static bool is_parked(const struct thread *t, const struct thread *x)
{
	return x == t || x->tgid != t->tgid || __atomic_load_n(&x->parked, __ATOMIC_ACQUIRE);
}

static bool all_parked(struct thread *t)
{
	for (struct thread *x = t->process->threads; x; x = x->next)
		if (!is_parked(t, x))
			return false;
	return true;
}

/* A signal that is never blocked brings them out of what they do. Who does not come (a parent in
 * vfork) has its registers in memory anyway. */
static void stop_others(struct thread *t)
{
	const struct host_timespec wait = { 0, 2000000 };
	bool first;

	first = !__atomic_exchange_n(&t->process->dumping, true, __ATOMIC_ACQ_REL);
	if (!first)
		core_park(t);
	for (struct thread *x = t->process->threads; x; x = x->next) {
		if (is_parked(t, x))
			continue;
		engine_stop(&x->cpu);
		rt_syscall(__NR_tgkill, t->tgid, x->tid, HOST_SIGTRAP);
	}
	for (unsigned i = 0; i < 250 && !all_parked(t); i++)
		rt_syscall(__NR_nanosleep, &wait, NULL);
}

/* ---- what is mapped ---- */

static const char *skip_blanks(const char *s)
{
	while (*s == ' ' || *s == '\t')
		s++;
	return s;
}

/* "/lib/x.so (deleted)" */
static bool is_deleted(const char *name)
{
	size_t n = rt_strlen(name);

	return n > 10 && rt_str_eq(name + n - 10, " (deleted)");
}

/* START-END PERMS OFFSET DEVICE INODE NAME; false for a line that is none of these. */
static bool parse_mapping(struct core *c, const char *line, struct mapping *m)
{
	const char *p = line;

	*m = (struct mapping){ 0 };
	m->start = rt_take_hex(&p);
	if (p == line || *p++ != '-')
		return false;
	m->end = rt_take_hex(&p);
	if (*p++ != ' ' || rt_strlen(p) < 5)
		return false;
	m->flags = (uint8_t)((p[0] == 'r' ? PF_R : 0) | (p[1] == 'w' ? PF_W : 0));
	m->shared = p[3] == 's';
	p = skip_blanks(p + 4);
	m->offset = rt_take_hex(&p);
	p = skip_blanks(p);
	while (*p && *p != ' ')
		p++;
	p = skip_blanks(p);
	m->file = *p != '0';
	while (*p && *p != ' ')
		p++;
	p = skip_blanks(p);
	m->deleted = is_deleted(p);
	if (m->file && c->names_used + rt_strlen(p) + 1 < NOTES_MAX) {
		m->name = c->names_used;
		c->names_used += (uint32_t)rt_strcpy(c->names + c->names_used,
						     NOTES_MAX - c->names_used, p) + 1;
	}
	return true;
}

/* Lines about the mapping before them. */
static void parse_detail(struct mapping *m, const char *line)
{
	const char *value;

	if ((value = rt_str_after(line, "Anonymous:")))
		m->anonymous = *skip_blanks(value) != '0';
	else if ((value = rt_str_after(line, "Rss:")) || (value = rt_str_after(line, "Swap:")))
		m->resident |= *skip_blanks(value) != '0';
	else if ((value = rt_str_after(line, "VmFlags:")))
		for (; *value; value++) {
			m->no_dump |= value[0] == ' ' && ((value[1] == 'd' && value[2] == 'd') ||
							  (value[1] == 'i' && value[2] == 'o'));
			m->huge |= value[0] == ' ' && value[1] == 'h' && value[2] == 't';
		}
}

static bool wanted(const struct core *c, const struct mapping *m)
{
	unsigned f = c->filter;

	if (m->no_dump)
		return false;
	if (m->huge)
		return f & (m->shared ? FILTER_HUGE_SHARED : FILTER_HUGE_PRIVATE);
	if (m->shared)
		return f & (!m->file || m->deleted ? FILTER_ANON_SHARED : FILTER_FILE_SHARED);
	if (m->anonymous && f & FILTER_ANON_PRIVATE)
		return true;
	return m->file && f & FILTER_FILE_PRIVATE;
}

/* The first page of an ELF file tells debuggers which file it was. */
static uint64_t header_size(const struct core *c, const struct mapping *m)
{
	char magic[SELFMAG];

	if (!(c->filter & FILTER_ELF_HEADERS) || m->no_dump || !m->file || m->offset ||
	    !(m->flags & PF_R) ||
	    rt_syscall(__NR_pread64, c->mem, magic, sizeof(magic), m->start) != (long)sizeof(magic))
		return 0;
	return memcmp(magic, ELFMAG, SELFMAG) == 0 ? RT_PAGE_SIZE : 0;
}

/* A mapping of the host may span executable and other guest pages. */
static void add_mapping(struct core *c, const struct mapping *m)
{
	const struct exec_map *exec = c->t->process->exec_map;
	uint64_t at = m->start;

	while (at < m->end && c->count < MAPPINGS_MAX) {
		struct mapping *x = &c->map[c->count++];
		uint64_t stop = exec_map_boundary(exec, at);

		*x = *m;
		x->start = at;
		x->end = stop < m->end ? stop : m->end;
		x->offset += at - m->start;
		if (exec_map_overlaps(exec, at, at + 1))
			x->flags |= PF_X;
		x->size = wanted(c, x) ? x->end - x->start : header_size(c, x);
		at = x->end;
	}
}

static bool is_guests(const struct mapping *m)
{
	return m->start < GUEST_ADDRESS_END && !rt_is_own_range(m->start, m->end - m->start);
}

static int read_mappings(struct core *c)
{
	static struct procfs_reader reader; /* one dump per process */
	static char line[4352];
	struct mapping m = { 0 }, next;
	bool have = false;

	reader.fd = (int)rt_syscall(__NR_openat, AT_FDCWD, "/proc/self/smaps", O_RDONLY | O_CLOEXEC);
	if (reader.fd < 0)
		return reader.fd;
	while (procfs_next_line(&reader, line, sizeof(line))) {
		if (!parse_mapping(c, line, &next)) {
			parse_detail(&m, line);
			continue;
		}
		if (have)
			add_mapping(c, &m);
		m = next;
		/* The vDSO is the host's. */
		have = is_guests(&m) && !rt_str_after(c->names + m.name, "[v") &&
		       !procfs_is_vdso(line);
	}
	if (have)
		add_mapping(c, &m);
	rt_syscall(__NR_close, reader.fd);
	return 0;
}

/* ---- notes ---- */

static void *note(struct core *c, uint32_t type, const char *owner, size_t size)
{
	Elf64_Nhdr head = { .n_namesz = (uint32_t)rt_strlen(owner) + 1,
			    .n_descsz = (uint32_t)size, .n_type = type };
	size_t name = (head.n_namesz + 3) & ~3u, data = (size + 3) & ~(size_t)3;
	char *p = c->notes + c->notes_used;

	if (c->notes_used + sizeof(head) + name + data > c->notes_size)
		return NULL;
	c->notes_used += sizeof(head) + name + data;
	memcpy(p, &head, sizeof(head));
	memcpy(p + sizeof(head), owner, head.n_namesz);
	return p + sizeof(head) + name;
}

static void add_note(struct core *c, uint32_t type, const char *owner, const void *data, size_t size)
{
	void *p = note(c, type, owner, size);

	if (p)
		memcpy(p, data, size);
}

struct prstatus {
	int32_t signo, code, error;
	int16_t cursig;
	uint64_t sigpend, sighold;
	int32_t pid, ppid, pgrp, sid;
	uint64_t utime[2], stime[2], cutime[2], cstime[2];
	uint64_t reg[CORE_REGS];
	int32_t fpvalid;
};
_Static_assert(sizeof(struct prstatus) == 392, "struct elf_prstatus of arm64");

struct prpsinfo {
	char state, sname, zombie, nice;
	uint64_t flag;
	uint32_t uid, gid;
	int32_t pid, ppid, pgrp, sid;
	char fname[16], args[80];
};
_Static_assert(sizeof(struct prpsinfo) == 136, "struct elf_prpsinfo of arm64");

static void add_prstatus(struct core *c, struct thread *x)
{
	struct prstatus p = {
		.cursig = (int16_t)c->info->signo,
		.signo = c->info->signo,
		.sighold = x->sigmask,
		.pid = x->tid,
		.ppid = (int32_t)rt_syscall(__NR_getppid),
		.pgrp = (int32_t)rt_syscall(__NR_getpgid, 0),
		.sid = (int32_t)rt_syscall(__NR_getsid, 0),
		.fpvalid = 1,
	};
	uint64_t usage[18];

	if (rt_syscall(__NR_getrusage, RUSAGE_SELF, usage) == 0) {
		memcpy(p.utime, usage, sizeof(p.utime));
		memcpy(p.stime, usage + 2, sizeof(p.stime));
	}
	if (rt_syscall(__NR_getrusage, RUSAGE_CHILDREN, usage) == 0) {
		memcpy(p.cutime, usage, sizeof(p.cutime));
		memcpy(p.cstime, usage + 2, sizeof(p.cstime));
	}
	x->abi->core_regs(x, p.reg);
	add_note(c, NT_PRSTATUS, "CORE", &p, sizeof(p));
}

static void add_more_regs(struct core *c, struct thread *x)
{
	char regs[CORE_FPREGS_MAX];
	uint64_t tls = x->abi->core_tls(x);

	add_note(c, NT_PRFPREG, "CORE", regs, x->abi->core_fpregs(x, regs));
	add_note(c, NT_ARM_TLS, "LINUX", &tls, sizeof(tls));
}

static void add_prpsinfo(struct core *c)
{
	const struct process *process = c->t->process;
	struct prpsinfo p = {
		.sname = 'R',
		.nice = (char)(20 - rt_syscall(__NR_getpriority, 0, 0)),
		.uid = (uint32_t)rt_syscall(__NR_getuid),
		.gid = (uint32_t)rt_syscall(__NR_getgid),
		.pid = c->t->tgid,
		.ppid = (int32_t)rt_syscall(__NR_getppid),
		.pgrp = (int32_t)rt_syscall(__NR_getpgid, 0),
		.sid = (int32_t)rt_syscall(__NR_getsid, 0),
	};
	uint64_t n = process->arg_end - process->arg_start;

	rt_syscall(__NR_prctl, PR_GET_NAME, p.fname);
	n = n < sizeof(p.args) - 1 ? n : sizeof(p.args) - 1;
	if (rt_syscall(__NR_pread64, c->mem, p.args, n, process->arg_start) == (long)n)
		for (uint64_t i = 0; i < n; i++)
			p.args[i] = p.args[i] ? p.args[i] : ' ';
	add_note(c, NT_PRPSINFO, "CORE", &p, sizeof(p));
}

/* A word of a note, which may lie at any multiple of four. */
static char *put_word(char *p, uint64_t value)
{
	memcpy(p, &value, sizeof(value));
	return p + sizeof(value);
}

/* Count, page size; start, end and page offset of each; then the names. */
static void add_files(struct core *c)
{
	size_t names = 0, words = 2;
	uint64_t count = 0;
	char *p, *text;

	for (unsigned i = 0; i < c->count; i++)
		if (c->map[i].name) {
			count++;
			names += rt_strlen(c->names + c->map[i].name) + 1;
		}
	words += 3 * count;
	p = note(c, NT_FILE, "CORE", words * 8 + names);
	if (!p)
		return;
	text = p + words * 8;
	p = put_word(p, count);
	p = put_word(p, RT_PAGE_SIZE);
	for (unsigned i = 0; i < c->count; i++) {
		const struct mapping *m = &c->map[i];
		size_t n = rt_strlen(c->names + m->name) + 1;

		if (!m->name)
			continue;
		p = put_word(p, m->start);
		p = put_word(p, m->end);
		p = put_word(p, m->offset / RT_PAGE_SIZE);
		memcpy(text, c->names + m->name, n);
		text += n;
	}
}

static void make_notes(struct core *c)
{
	const struct process *process = c->t->process;
	uint64_t auxv[128];

	add_prstatus(c, c->t);
	add_prpsinfo(c);
	add_note(c, NT_SIGINFO, "CORE", c->info, sizeof(*c->info));
	/* It lies on the guest's stack, which may be gone. */
	if (process->auxv_size <= sizeof(auxv) &&
	    rt_syscall(__NR_pread64, c->mem, auxv, process->auxv_size, process->auxv_start) ==
		    (long)process->auxv_size)
		add_note(c, NT_AUXV, "CORE", auxv, process->auxv_size);
	add_files(c);
	add_more_regs(c, c->t);
	for (struct thread *x = process->threads; x; x = x->next) {
		if (x == c->t || x->tgid != c->t->tgid)
			continue;
		add_prstatus(c, x);
		add_more_regs(c, x);
	}
}

/* ---- the file ---- */

static int put(struct core *c, uint64_t at, const void *data, uint64_t size)
{
	const char *p = data;

	if (at >= c->limit)
		return 0;
	if (size > c->limit - at)
		size = c->limit - at;
	while (size) {
		long n = rt_syscall(__NR_pwrite64, c->fd, p, size, at);

		if (n <= 0)
			return n < 0 ? (int)n : -EIO;
		p += n;
		at += (uint64_t)n;
		size -= (uint64_t)n;
	}
	return 0;
}

/* [first, last) of the block's pages are worth writing. */
static int put_pages(struct core *c, uint64_t address, uint64_t at, unsigned first, unsigned last)
{
	uint64_t start = address + first * RT_PAGE_SIZE, size = (last - first) * RT_PAGE_SIZE;
	long n = rt_syscall(__NR_pread64, c->mem, c->block, size, start);

	return n > 0 ? put(c, at + first * RT_PAGE_SIZE, c->block, (uint64_t)n) : 0;
}

static int put_memory(struct core *c, const struct mapping *m, uint64_t at, int pagemap)
{
	uint64_t entries[BLOCK_PAGES];
	int r = 0;

	if (!m->resident)
		return 0;
	for (uint64_t done = 0; done < m->size && r == 0 && at + done < c->limit;
	     done += BLOCK_PAGES * RT_PAGE_SIZE) {
		uint64_t left = (m->size - done) / RT_PAGE_SIZE, address = m->start + done;
		unsigned count = left < BLOCK_PAGES ? (unsigned)left : BLOCK_PAGES, first;
		long n = rt_syscall(__NR_pread64, pagemap, entries, count * 8,
				    address / RT_PAGE_SIZE * 8);

		/* Without a pagemap everything is written. */
		for (unsigned i = n > 0 ? (unsigned)n / 8 : 0; i < count; i++)
			entries[i] = PAGE_PRESENT;
		for (unsigned i = 0; i < count && r == 0; i++) {
			if (!(entries[i] & (PAGE_PRESENT | PAGE_SWAPPED)))
				continue;
			for (first = i; i < count && entries[i] & (PAGE_PRESENT | PAGE_SWAPPED);)
				i++;
			r = put_pages(c, address, at + done, first, i);
		}
	}
	return r;
}

static uint64_t page_up(uint64_t n)
{
	return (n + RT_PAGE_SIZE - 1) & ~(RT_PAGE_SIZE - 1);
}

static int write_core(struct core *c)
{
	Elf64_Ehdr eh = {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_CORE,
		.e_machine = c->t->abi->elf_machine,
		.e_version = EV_CURRENT,
		.e_phoff = sizeof(eh),
		.e_ehsize = sizeof(eh),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = (uint16_t)(c->count + 1),
	};
	uint64_t at = sizeof(eh) + (c->count + 1) * sizeof(Elf64_Phdr);
	Elf64_Phdr ph = { .p_type = PT_NOTE, .p_offset = at, .p_filesz = c->notes_used };
	int r, pagemap;

	r = put(c, 0, &eh, sizeof(eh));
	if (r == 0)
		r = put(c, sizeof(eh), &ph, sizeof(ph));
	if (r == 0)
		r = put(c, at, c->notes, c->notes_used);
	at = page_up(at + c->notes_used);
	pagemap = (int)rt_syscall(__NR_openat, AT_FDCWD, "/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	for (unsigned i = 0; i < c->count && r == 0; i++) {
		const struct mapping *m = &c->map[i];

		ph = (Elf64_Phdr){ .p_type = PT_LOAD, .p_flags = m->flags, .p_offset = at,
				   .p_vaddr = m->start, .p_filesz = m->size,
				   .p_memsz = m->end - m->start, .p_align = RT_PAGE_SIZE };
		r = put(c, sizeof(eh) + (i + 1) * sizeof(ph), &ph, sizeof(ph));
		if (r == 0)
			r = put_memory(c, m, at, pagemap);
		at += m->size;
	}
	if (r == 0)
		r = (int)rt_syscall(__NR_ftruncate, c->fd, at < c->limit ? at : c->limit);
	return r;
}

/* ---- where and whether ---- */

static long read_file(const char *path, char *buf, size_t size)
{
	int fd = (int)rt_syscall(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	long n;

	if (fd < 0)
		return fd;
	n = rt_syscall(__NR_read, fd, buf, size - 1);
	rt_syscall(__NR_close, fd);
	buf[n > 0 ? n : 0] = 0;
	return n;
}

static size_t number(char *buf, size_t size, uint64_t n)
{
	return rt_format(buf, size, "%lu", (unsigned long)n);
}

static size_t text(char *buf, size_t size, const char *s, bool slashes)
{
	size_t n = rt_strcpy(buf, size, s);

	for (size_t i = 0; i < n; i++)
		buf[i] = buf[i] == '/' && slashes ? '!' : buf[i];
	return n;
}

static size_t core_value(void *arg, char letter, char *buf, size_t size)
{
	const struct core *c = arg;
	const char *exe = c->t->process->exe;
	struct new_utsname uts = { 0 };
	struct host_timespec now = { 0, 0 };
	unsigned cpu = 0;
	char comm[16] = "";

	switch (letter) {
	case 'p':
	case 'P': return number(buf, size, (uint64_t)c->t->tgid);
	case 'i':
	case 'I': return number(buf, size, (uint64_t)c->t->tid);
	case 'u': return number(buf, size, (uint64_t)rt_syscall(__NR_getuid));
	case 'g': return number(buf, size, (uint64_t)rt_syscall(__NR_getgid));
	case 'd': return number(buf, size, 1);
	case 's': return number(buf, size, (uint64_t)c->info->signo);
	case 'c': return number(buf, size, c->limit);
	case 't':
		rt_syscall(__NR_clock_gettime, 0, &now);
		return number(buf, size, (uint64_t)now.sec);
	case 'C':
		rt_syscall(__NR_getcpu, &cpu, NULL, NULL);
		return number(buf, size, cpu);
	case 'h':
		rt_syscall(__NR_uname, &uts);
		return text(buf, size, uts.nodename, true);
	case 'e':
		rt_syscall(__NR_prctl, PR_GET_NAME, comm);
		return text(buf, size, comm, true);
	case 'f': return text(buf, size, exe ? rt_basename(exe) : "", true);
	case 'E': return text(buf, size, exe ? exe : "", true);
	default: return 0;
	}
}

/* The kernel's precautions: no link, nobody else's file, a regular one. */
static int open_core(const char *name)
{
	struct host_stat st;
	int fd = (int)rt_syscall(__NR_openat, AT_FDCWD, name,
				 O_CREAT | O_RDWR | O_NOFOLLOW | O_LARGEFILE | O_CLOEXEC, 0600);

	if (fd < 0)
		return fd;
	if (rt_syscall(__NR_fstat, fd, &st) < 0 || (st.st_mode & S_IFMT) != S_IFREG ||
	    st.st_nlink > 1 || st.st_uid != (uint32_t)rt_syscall(__NR_geteuid) ||
	    rt_syscall(__NR_ftruncate, fd, 0) < 0) {
		rt_syscall(__NR_close, fd);
		return -EACCES;
	}
	return fd;
}

static bool prepare(struct core *c, const char **ret_reason)
{
	char pattern[256], name[512], number_text[32];
	uint64_t limit[2];

	if (rt_syscall(__NR_getrlimit, RLIMIT_CORE, limit) < 0 || limit[0] < RT_PAGE_SIZE ||
	    rt_syscall(__NR_prctl, PR_GET_DUMPABLE, 0, 0, 0, 0) != 1)
		return false;
	c->limit = limit[0];
	if (read_file("/proc/sys/kernel/core_pattern", pattern, sizeof(pattern)) <= 0)
		return false;
	if (pattern[0] == '|' || pattern[0] == '@') {
		*ret_reason = "no core dumped (core_pattern leads to another program)";
		return false;
	}
	if (read_file("/proc/sys/kernel/core_uses_pid", number_text, sizeof(number_text)) <= 0)
		number_text[0] = '0';
	if (core_name(name, sizeof(name), pattern, number_text[0] == '1', core_value, c) <= 0)
		return false;
	c->filter = 0x33;
	if (read_file("/proc/self/coredump_filter", number_text, sizeof(number_text)) > 0) {
		const char *p = number_text;

		c->filter = (unsigned)rt_take_hex(&p);
	}
	c->fd = open_core(name);
	if (c->fd < 0)
		*ret_reason = "no core dumped (the file cannot be written)";
	return c->fd >= 0;
}

static bool allocate(struct core *c)
{
	unsigned threads = 0;

	for (struct thread *x = c->t->process->threads; x; x = x->next)
		threads++;
	c->notes_size = 2 * NOTES_MAX + threads * (sizeof(struct prstatus) + CORE_FPREGS_MAX + 128);
	c->map = rt_map_anon(MAPPINGS_MAX * sizeof(*c->map));
	c->names = rt_map_anon(NOTES_MAX);
	c->notes = rt_map_anon(c->notes_size);
	c->names_used = 1; /* 0 is "none" */
	return c->map && c->names && c->notes;
}

bool core_dump(struct thread *t, const struct host_siginfo *info, const char **ret_reason)
{
	struct core *c = rt_map_anon(sizeof(*c));
	int r;

	if (!c)
		return false;
	c->t = t;
	c->info = info;
	c->fd = -1;
	engine_vec_store(&t->cpu);
	stop_others(t);
	if (!prepare(c, ret_reason))
		return false;
	c->mem = (int)rt_syscall(__NR_openat, AT_FDCWD, "/proc/self/mem", O_RDONLY | O_CLOEXEC);
	r = c->mem < 0 || !allocate(c) ? -ENOMEM : read_mappings(c);
	if (r == 0) {
		make_notes(c);
		r = write_core(c);
	}
	rt_syscall(__NR_close, c->fd);
	if (r < 0)
		*ret_reason = "no core dumped (the file could not be written whole)";
	return r == 0;
}
