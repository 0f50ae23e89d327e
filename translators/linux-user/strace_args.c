/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Arguments of traced calls as strace(1) shows them. Guest memory is read fault-safely: what
 * cannot be read shows as its address.
 */
#include <linux/errno.h>
#include <linux/sched.h>

#include "linux-user/strace-internal.h"
#include "linux-user/strace.h"
#include "linux-user/sys.h"
#include "linux-user/thread.h"
#include "rt/memory.h"
#include "rt/text.h"
#include "rt/uaccess.h"

#define STRING_MAX 32 /* bytes shown of a string */
#define ARRAY_MAX  32 /* elements shown of an array */

void line_add(struct line *l, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	if (l->length < l->size)
		l->length += rt_vformat(l->buf + l->length, l->size - l->length, format, ap);
	va_end(ap);
	if (l->length >= l->size)
		l->length = l->size - 1;
}

#define add line_add

/* ---- names ---- */

enum { TABLE_FLAGS = 1, TABLE_ENUM };

/* No pointers: nothing to relocate at start. */
static const struct name {
	uint64_t value;
	char table; /* the first of a table, with its name */
	char text[31];
} names[] = {
#define FLAGS(name, zero)  { 0, TABLE_FLAGS, #name }, { 0, 0, zero },
#define ENUM(name)	   { 0, TABLE_ENUM, #name },
#define NAME(value, name)  { value, 0, name },
#include "linux-user/strace_names.def"
#undef FLAGS
#undef ENUM
#undef NAME
	{ 0, TABLE_ENUM, "" },
};

static const struct name *find_table(const char *word, size_t length)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].table && memcmp(names[i].text, word, length) == 0 &&
		    !names[i].text[length])
			return &names[i];
	return NULL;
}

#define TABLE(word) find_table(word, sizeof(word) - 1)

/* Behind a number that has no name, what it was meant for: SIG_???. */
static void add_unknown(struct line *l, const struct name *table)
{
	const char *first = table[table->table == TABLE_FLAGS ? 2 : 1].text;
	int n = 0;

	while (first[n] && first[n] != '_')
		n++;
	add(l, " /* %.*s_??? */", n, first);
}

static void add_flags(struct line *l, const struct name *table, uint64_t v)
{
	const struct name *n = table + 1;
	const char *separator = "";

	if (!v) {
		add(l, "%s", n->text);
		return;
	}
	for (n++; !n->table; n++) {
		if ((v & n->value) != n->value)
			continue;
		add(l, "%s%s", separator, n->text);
		v &= ~n->value;
		separator = "|";
	}
	if (v)
		add(l, "%s0x%lx", separator, (unsigned long)v);
	if (v && !*separator)
		add_unknown(l, table);
}

static const char *enum_name(const struct name *table, uint64_t v)
{
	for (const struct name *n = table + 1; !n->table; n++)
		if (n->value == v)
			return n->text;
	return NULL;
}

static void add_enum(struct line *l, const struct name *table, uint64_t v)
{
	const char *text = enum_name(table, v);

	if (text) {
		add(l, "%s", text);
		return;
	}
	add(l, v ? "0x%lx" : "%lu", (unsigned long)v);
	add_unknown(l, table);
}

static void add_named(struct line *l, const struct name *table, uint64_t v)
{
	if (table->table == TABLE_FLAGS)
		add_flags(l, table, v);
	else
		add_enum(l, table, (uint32_t)v);
}

/* ---- numbers and strings ---- */

static void add_ptr(struct line *l, uint64_t v)
{
	if (v)
		add(l, "0x%lx", (unsigned long)v);
	else
		add(l, "NULL");
}

static void add_hex(struct line *l, uint64_t v)
{
	add(l, v ? "0x%lx" : "%lu", (unsigned long)v);
}

static void add_quoted(struct line *l, const unsigned char *bytes, size_t n, bool cut, bool hex)
{
	static const char special[] = "\tt\nn\vv\ff\rr\"\"\\\\";

	add(l, "\"");
	for (size_t i = 0; i < n; i++) {
		unsigned char c = bytes[i];
		unsigned k = 0;

		while (special[k] && special[k] != (char)c)
			k += 2;
		if (hex)
			add(l, "\\x%02x", c);
		else if (c && special[k])
			add(l, "\\%c", special[k + 1]);
		else if (c >= ' ' && c < 127)
			add(l, "%c", c);
		else if (i + 1 < n && bytes[i + 1] >= '0' && bytes[i + 1] <= '7')
			add(l, "\\%03o", c);
		else
			add(l, "\\%o", c);
	}
	add(l, cut ? "\"..." : "\"");
}

static void add_bytes(struct line *l, uint64_t address, uint64_t length, bool hex)
{
	unsigned char bytes[STRING_MAX];
	size_t n = length < STRING_MAX ? length : STRING_MAX;

	if (!address || copy_from_guest(bytes, address, n) < 0)
		add_ptr(l, address);
	else
		add_quoted(l, bytes, n, length > STRING_MAX, hex);
}

static void add_string(struct line *l, uint64_t address, size_t max)
{
	char text[4097];
	size_t size = max + 1 < sizeof(text) ? max + 1 : sizeof(text);
	long r = address ? rt_copy_string(text, (const char *)address, size) : -EFAULT;

	if (r == -EFAULT)
		add_ptr(l, address);
	else
		add_quoted(l, (unsigned char *)text, r < 0 ? size - 1 : (size_t)r, r < 0, false);
}

/* Structures: "{"..."}", or the address of one that is not there. */
static bool get(struct line *l, void *to, uint64_t address, size_t size)
{
	if (address && copy_from_guest(to, address, size) == 0)
		return true;
	add_ptr(l, address);
	return false;
}

static void add_int_at(struct line *l, uint64_t address)
{
	int v;

	if (get(l, &v, address, sizeof(v)))
		add(l, "[%d]", v);
}

static void add_argv(struct line *l, uint64_t array)
{
	uint64_t p;

	if (!get(l, &p, array, 8))
		return;
	add(l, "[");
	for (int i = 0; copy_from_guest(&p, array + (uint64_t)i * 8, 8) == 0 && p; i++) {
		add(l, i ? ", " : "");
		if (i == ARRAY_MAX) {
			add(l, "...");
			break;
		}
		add_string(l, p, STRING_MAX);
	}
	add(l, "]");
}

static void add_envp(struct line *l, uint64_t array)
{
	uint64_t p, n = 0;

	add_ptr(l, array);
	while (array && copy_from_guest(&p, array + n * 8, 8) == 0 && p)
		n++;
	if (array)
		add(l, " /* %lu var%s */", (unsigned long)n, n == 1 ? "" : "s");
}

static void add_mode(struct line *l, uint32_t mode)
{
	const char *type = enum_name(TABLE("file_type"), mode & 0170000);

	if (type)
		add(l, "%s|", type);
	else if (mode & 0170000)
		add(l, "0%o|", mode & 0170000);
	add_flags(l, TABLE("mode_bits"), mode & 07000);
	add(l, "%s0%02o", mode & 07000 ? "|" : "", mode & 0777);
}

static void add_open_flags(struct line *l, uint64_t v)
{
	static const char access[][9] = { "O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE" };

	add(l, "%s%s", access[v & 3], v & ~3ull ? "|" : "");
	if (v & ~3ull)
		add_flags(l, TABLE("open_flags"), v & ~3ull);
}

/* ---- signals ---- */

static const char signal_names[][7] = {
	"0", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV",
	"USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU",
	"URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
};

static void add_bare_signal(struct line *l, int v)
{
	if (v < 32)
		add(l, "%s", signal_names[v]);
	else if (v == 32)
		add(l, "RTMIN");
	else
		add(l, "RT_%d", v - 32);
}

void strace_add_signal(struct line *l, int v)
{
	if (v <= 0 || v > 64) {
		add(l, "%d", v);
		return;
	}
	add(l, "SIG");
	add_bare_signal(l, v);
}

void strace_add_sigset(struct line *l, uint64_t set)
{
	const char *separator = "";

	if (__builtin_popcountll(set) >= 64 * 2 / 3) {
		add(l, "~");
		set = ~set;
	}
	add(l, "[");
	for (int s = 1; s <= 64; s++) {
		if (!(set >> (s - 1) & 1))
			continue;
		add(l, "%s", separator);
		add_bare_signal(l, s);
		separator = " ";
	}
	add(l, "]");
}

static void add_sigset_at(struct line *l, uint64_t address)
{
	uint64_t set;

	if (get(l, &set, address, 8))
		strace_add_sigset(l, set);
}

static void add_sigaction(struct line *l, uint64_t address)
{
	struct guest_sigaction a;

	if (!get(l, &a, address, sizeof(a)))
		return;
	add(l, "{sa_handler=");
	if (a.handler > 1)
		add_ptr(l, a.handler);
	else
		add(l, a.handler ? "SIG_IGN" : "SIG_DFL");
	add(l, ", sa_mask=");
	strace_add_sigset(l, a.mask);
	add(l, ", sa_flags=");
	add_flags(l, TABLE("sa_flags"), a.flags);
	if (a.flags & HOST_SA_RESTORER)
		add(l, ", sa_restorer=0x%lx", (unsigned long)a.restorer);
	add(l, "}");
}

static const struct name *code_table(int signo)
{
	switch (signo) {
	case HOST_SIGILL: return TABLE("si_code_ill");
	case HOST_SIGFPE: return TABLE("si_code_fpe");
	case HOST_SIGSEGV: return TABLE("si_code_segv");
	case HOST_SIGBUS: return TABLE("si_code_bus");
	case HOST_SIGTRAP: return TABLE("si_code_trap");
	case HOST_SIGCHLD: return TABLE("si_code_chld");
	default: return TABLE("si_code");
	}
}

void strace_add_siginfo(struct line *l, const struct host_siginfo *i)
{
	const int32_t *word = (const int32_t *)(const void *)i->raw;
	const char *code = enum_name(TABLE("si_code"), (uint32_t)i->code);

	add(l, "{si_signo=");
	strace_add_signal(l, i->signo);
	if (!code)
		code = enum_name(code_table(i->signo), (uint32_t)i->code);
	if (code)
		add(l, ", si_code=%s", code);
	else
		add(l, ", si_code=0x%x", (unsigned)i->code);
	if (i->error)
		add(l, ", si_errno=%d", i->error);
	if (i->code == -2) {
		add(l, ", si_timerid=0x%x, si_overrun=%d, si_int=%d, si_ptr=", (unsigned)word[0],
		    word[1], word[2]);
		add_ptr(l, i->raw[1]);
	} else if (i->code <= 0) {
		add(l, ", si_pid=%d, si_uid=%d", i->pid, (int)i->uid);
		if (i->code == -1 || i->code == -3) {
			add(l, ", si_int=%d, si_ptr=", word[2]);
			add_ptr(l, i->raw[1]);
		}
	} else if (i->code != 0x80) {
		switch (i->signo) {
		case HOST_SIGCHLD:
			add(l, ", si_pid=%d, si_uid=%d, si_status=", i->pid, (int)i->uid);
			if (i->code == 1)
				add(l, "%d", word[2]);
			else
				strace_add_signal(l, word[2]);
			add(l, ", si_utime=%ld, si_stime=%ld", (long)i->raw[2], (long)i->raw[3]);
			break;
		case HOST_SIGILL:
		case HOST_SIGFPE:
		case HOST_SIGSEGV:
		case HOST_SIGBUS:
		case HOST_SIGTRAP:
			add(l, ", si_addr=");
			add_ptr(l, i->addr);
			break;
		default: break;
		}
	}
	add(l, "}");
}

static void add_siginfo_at(struct line *l, uint64_t address)
{
	struct host_siginfo info;

	if (get(l, &info, address, sizeof(info)))
		strace_add_siginfo(l, &info);
}

static void add_stack(struct line *l, uint64_t address)
{
	struct host_stack ss;

	if (!get(l, &ss, address, sizeof(ss)))
		return;
	add(l, "{ss_sp=");
	add_ptr(l, ss.sp);
	add(l, ", ss_flags=");
	add_flags(l, TABLE("ss_flags"), (uint32_t)ss.flags);
	add(l, ", ss_size=%lu}", (unsigned long)ss.size);
}

static void add_wstatus(struct line *l, uint64_t address, int64_t result)
{
	int s;

	if (result <= 0) {
		add_ptr(l, address);
		return;
	}
	if (!get(l, &s, address, 4))
		return;
	add(l, "[{");
	if ((s & 0x7f) == 0) {
		add(l, "WIFEXITED(s) && WEXITSTATUS(s) == %d", s >> 8 & 0xff);
	} else if ((s & 0xff) == 0x7f) {
		add(l, "WIFSTOPPED(s) && WSTOPSIG(s) == ");
		strace_add_signal(l, s >> 8 & 0x7f);
	} else if (s == 0xffff) {
		add(l, "WIFCONTINUED(s)");
	} else {
		add(l, "WIFSIGNALED(s) && WTERMSIG(s) == ");
		strace_add_signal(l, s & 0x7f);
		add(l, s & 0x80 ? " && WCOREDUMP(s)" : "");
	}
	add(l, "}]");
}

/* ---- time ---- */

static void add_time(struct line *l, const int64_t tv[2], const char *fraction)
{
	add(l, "{tv_sec=%ld, tv_%s=%ld}", (long)tv[0], fraction, (long)tv[1]);
}

static void add_timespec(struct line *l, uint64_t address, const char *fraction)
{
	int64_t tv[2];

	if (get(l, tv, address, sizeof(tv)))
		add_time(l, tv, fraction);
}

static void add_itimer(struct line *l, uint64_t address, const char *fraction)
{
	int64_t tv[4];

	if (!get(l, tv, address, sizeof(tv)))
		return;
	add(l, "{it_interval=");
	add_time(l, tv, fraction);
	add(l, ", it_value=");
	add_time(l, tv + 2, fraction);
	add(l, "}");
}

static void add_timespecs(struct line *l, uint64_t address)
{
	int64_t tv[4];

	if (!get(l, tv, address, sizeof(tv)))
		return;
	for (int i = 0; i < 4; i += 2) {
		add(l, i ? ", " : "[");
		if (tv[i + 1] == 0x3fffffff)
			add(l, "UTIME_NOW");
		else if (tv[i + 1] == 0x3ffffffe)
			add(l, "UTIME_OMIT");
		else
			add_time(l, tv + i, "nsec");
	}
	add(l, "]");
}

static void add_rusage(struct line *l, uint64_t address)
{
	int64_t tv[4];

	if (!get(l, tv, address, sizeof(tv)))
		return;
	add(l, "{ru_utime=");
	add_time(l, tv, "usec");
	add(l, ", ru_stime=");
	add_time(l, tv + 2, "usec");
	add(l, ", ...}");
}

static void add_limit(struct line *l, uint64_t v)
{
	if (v == ~0ull)
		add(l, "RLIM64_INFINITY");
	else if (v > 1024 && v % 1024 == 0)
		add(l, "%lu*1024", (unsigned long)(v / 1024));
	else
		add(l, "%lu", (unsigned long)v);
}

static void add_rlimit(struct line *l, uint64_t address)
{
	uint64_t limit[2];

	if (!get(l, limit, address, sizeof(limit)))
		return;
	add(l, "{rlim_cur=");
	add_limit(l, limit[0]);
	add(l, ", rlim_max=");
	add_limit(l, limit[1]);
	add(l, "}");
}

/* ---- files ---- */

static void add_device(struct line *l, uint64_t dev)
{
	add(l, "makedev(0x%lx, 0x%lx)", (unsigned long)((dev >> 8 & 0xfff) | (dev >> 32 & ~0xffful)),
	    (unsigned long)((dev & 0xff) | (dev >> 12 & 0xffffff00)));
}

static void add_stat(struct line *l, uint64_t address)
{
	struct guest_stat st;
	uint32_t type;

	if (!get(l, &st, address, sizeof(st)))
		return;
	add(l, "{st_mode=");
	add_mode(l, st.st_mode);
	type = st.st_mode & 0170000;
	if (type == 0020000 || type == 0060000) {
		add(l, ", st_rdev=");
		add_device(l, st.st_rdev);
	} else {
		add(l, ", st_size=%ld", (long)st.st_size);
	}
	add(l, ", ...}");
}

static void add_statx(struct line *l, uint64_t address)
{
	struct {
		uint32_t mask, blksize;
		uint64_t attributes;
		uint32_t nlink, uid, gid;
		uint16_t mode, pad;
		uint64_t ino, size;
	} st;

	if (!get(l, &st, address, sizeof(st)))
		return;
	add(l, "{stx_mask=");
	add_flags(l, TABLE("statx_mask"), st.mask);
	add(l, ", stx_attributes=");
	add_hex(l, st.attributes);
	add(l, ", stx_mode=");
	add_mode(l, st.mode);
	add(l, ", stx_size=%lu, ...}", (unsigned long)st.size);
}

static void add_statfs(struct line *l, uint64_t address)
{
	uint64_t v[15];

	if (!get(l, v, address, sizeof(v)))
		return;
	add(l, "{f_type=");
	add_enum(l, TABLE("fs_magic"), v[0]);
	add(l, ", f_bsize=%lu, f_blocks=%lu, f_bfree=%lu, f_bavail=%lu, f_files=%lu, f_ffree=%lu, ",
	    (unsigned long)v[1], (unsigned long)v[2], (unsigned long)v[3], (unsigned long)v[4],
	    (unsigned long)v[5], (unsigned long)v[6]);
	add(l, "f_fsid={val=[0x%x, 0x%x]}, f_namelen=%lu, f_frsize=%lu, f_flags=0x%lx}",
	    (unsigned)v[7], (unsigned)(v[7] >> 32), (unsigned long)v[8], (unsigned long)v[9],
	    (unsigned long)v[10]);
}

static void add_dents(struct line *l, uint64_t address, int64_t bytes)
{
	unsigned count = 0;
	uint16_t length;

	for (int64_t at = 0; at < bytes; at += length, count++)
		if (copy_from_guest(&length, address + (uint64_t)at + 16, 2) < 0 || !length)
			break;
	add_ptr(l, address);
	add(l, " /* %u entr%s */", count, count == 1 ? "y" : "ies");
}

/* `filled`: bytes that the call wrote, for reading; ~0: all of it is there. */
static void add_iovec(struct line *l, uint64_t address, uint64_t count, uint64_t filled)
{
	uint64_t iov[2];

	if (!address) {
		add(l, "NULL");
		return;
	}
	add(l, "[");
	for (uint64_t i = 0; i < count; i++) {
		uint64_t n;

		add(l, i ? ", " : "");
		if (i == ARRAY_MAX) {
			add(l, "...");
			break;
		}
		if (copy_from_guest(iov, address + i * 16, 16) < 0) {
			add(l, "... /* 0x%lx */", (unsigned long)(address + i * 16));
			break;
		}
		n = iov[1] < filled ? iov[1] : filled;
		filled -= filled == ~0ull ? 0 : n;
		add(l, "{iov_base=");
		add_bytes(l, iov[0], n, false);
		add(l, ", iov_len=%lu}", (unsigned long)iov[1]);
	}
	add(l, "]");
}

static void add_lock(struct line *l, uint64_t address)
{
	struct {
		int16_t type, whence;
		int32_t pad;
		int64_t start, length;
	} lock;

	if (!get(l, &lock, address, sizeof(lock)))
		return;
	add(l, "{l_type=");
	add_enum(l, TABLE("lock_type"), (uint16_t)lock.type);
	add(l, ", l_whence=");
	add_enum(l, TABLE("whence"), (uint16_t)lock.whence);
	add(l, ", l_start=%ld, l_len=%ld}", (long)lock.start, (long)lock.length);
}

/* False: the command has no argument. */
static bool add_fcntl(struct line *l, int command, uint64_t v)
{
	switch (command) {
	case 1: case 3: case 9: case 11: case 1025: case 1032: case 1034: return false;
	case 2: add_flags(l, TABLE("fd_flags"), v); break;
	case 4: add_open_flags(l, v); break;
	case 5: case 6: case 7: case 36: case 37: case 38: add_lock(l, v); break;
	case 10: strace_add_signal(l, (int)v); break;
	case 15: case 16: add_ptr(l, v); break;
	default: add(l, "%ld", (long)v); break;
	}
	return true;
}

static void add_ioctl_command(struct line *l, uint32_t command)
{
	static const char direction[][24] = { "_IOC_NONE", "_IOC_WRITE", "_IOC_READ",
					      "_IOC_READ|_IOC_WRITE" };
	const char *name = enum_name(TABLE("ioctl"), command);

	if (name)
		add(l, "%s", name);
	else
		add(l, "_IOC(%s, 0x%x, 0x%x, 0x%x)", direction[command >> 30], command >> 8 & 0xff,
		    command & 0xff, command >> 16 & 0x3fff);
}

static bool add_ioctl(struct line *l, uint32_t command, uint64_t v, bool failed)
{
	uint16_t ws[4];
	uint32_t tio[4];

	switch (command) {
	case 0x540c: case 0x5422: case 0x5450: case 0x5451: return false;
	case 0x5409: case 0x540a: case 0x540b: case 0x540e: case 0x40049409:
		add(l, "%d", (int)v);
		break;
	case 0x5401: case 0x5402: case 0x5403: case 0x5404:
		if (failed || !get(l, tio, v, sizeof(tio))) {
			if (failed)
				add_ptr(l, v);
			break;
		}
		add(l, "{c_iflag=0x%x, c_oflag=0x%x, c_cflag=0x%x, c_lflag=0x%x, ...}", tio[0], tio[1],
		    tio[2], tio[3]);
		break;
	case 0x5413: case 0x5414:
		if (failed || !get(l, ws, v, sizeof(ws))) {
			if (failed)
				add_ptr(l, v);
			break;
		}
		add(l, "{ws_row=%u, ws_col=%u, ws_xpixel=%u, ws_ypixel=%u}", ws[0], ws[1], ws[2], ws[3]);
		break;
	case 0x540f: case 0x5410: case 0x5411: case 0x541b: case 0x5421: case 0x5429: case 0x5452:
	case 0x40045431: case 0x80045430:
		if (failed && command != 0x5421)
			add_ptr(l, v);
		else
			add_int_at(l, v);
		break;
	default: add_hex(l, v); break;
	}
	return true;
}

/* ---- waiting ---- */

static void add_epoll_event(struct line *l, uint64_t address)
{
	struct {
		uint32_t events, pad;
		uint64_t data;
	} e;

	if (!get(l, &e, address, sizeof(e)))
		return;
	add(l, "{events=");
	add_flags(l, TABLE("epoll"), e.events);
	add(l, ", data={u32=%u, u64=%lu}}", (unsigned)e.data, (unsigned long)e.data);
}

static void add_epoll_events(struct line *l, uint64_t address, int64_t count)
{
	add(l, "[");
	for (int64_t i = 0; i < count; i++) {
		add(l, i ? ", " : "");
		if (i == ARRAY_MAX) {
			add(l, "...");
			break;
		}
		add_epoll_event(l, address + (uint64_t)i * 16);
	}
	add(l, "]");
}

struct guest_pollfd {
	int32_t fd;
	uint16_t events, revents;
};

static void add_pollfds(struct line *l, uint64_t address, uint64_t count, bool results)
{
	const char *separator = "";
	struct guest_pollfd p;

	if (!address) {
		add(l, "NULL");
		return;
	}
	add(l, "[");
	for (uint64_t i = 0; i < count; i++) {
		if (copy_from_guest(&p, address + i * 8, 8) < 0) {
			add(l, "%s... /* 0x%lx */", separator, (unsigned long)(address + i * 8));
			break;
		}
		if (results && !p.revents)
			continue;
		if (i == ARRAY_MAX) {
			add(l, "%s...", separator);
			break;
		}
		add(l, "%s{fd=%d", separator, p.fd);
		separator = ", ";
		if (p.fd < 0) {
			add(l, "}");
			continue;
		}
		add(l, ", %s=", results ? "revents" : "events");
		add_flags(l, TABLE("poll"), results ? p.revents : p.events);
		add(l, "}");
	}
	add(l, "]");
}

static void add_bits(struct line *l, uint64_t address, uint64_t count)
{
	const char *separator = "";
	uint64_t word = 0;

	if (!get(l, &word, address, count ? 8 : 1))
		return;
	add(l, "[");
	for (uint64_t i = 0; i < count && i < 65536; i++) {
		if (i % 64 == 0 && copy_from_guest(&word, address + i / 8, 8) < 0)
			break;
		if (!(word >> i % 64 & 1))
			continue;
		add(l, "%s%lu", separator, (unsigned long)i);
		separator = " ";
	}
	add(l, "]");
}

/* ---- network ---- */

static void add_ipv6(struct line *l, const uint8_t *a)
{
	unsigned best = 8, best_length = 1;

	for (unsigned i = 0; i < 8; i++) {
		unsigned n = 0;

		while (i + n < 8 && !a[2 * (i + n)] && !a[2 * (i + n) + 1])
			n++;
		if (n > best_length) {
			best = i;
			best_length = n;
		}
	}
	add(l, "\"");
	for (unsigned i = 0; i < 8; i++) {
		if (i == best) {
			add(l, "::");
			i += best_length - 1;
			continue;
		}
		add(l, "%s%x", i && i != best + best_length ? ":" : "",
		    (unsigned)a[2 * i] << 8 | a[2 * i + 1]);
	}
	add(l, "\"");
}

static void add_sockaddr(struct line *l, uint64_t address, uint64_t length)
{
	uint8_t b[128] = { 0 };
	uint16_t family;
	uint32_t word;

	length = length < sizeof(b) ? length : sizeof(b);
	if (length < 2 || !address || copy_from_guest(b, address, length) < 0) {
		add_ptr(l, address);
		return;
	}
	memcpy(&family, b, 2);
	add(l, "{sa_family=");
	add_enum(l, TABLE("domain"), family);
	switch (family) {
	case 1:
		if (length == 2)
			break;
		add(l, ", sun_path=%s", b[2] ? "" : "@");
		if (b[2])
			add_quoted(l, b + 2, rt_strlen((char *)b + 2) < length - 2
				   ? rt_strlen((char *)b + 2) : length - 2, false, false);
		else
			add_quoted(l, b + 3, length - 3, false, false);
		break;
	case 2:
		add(l, ", sin_port=htons(%u), sin_addr=inet_addr(\"%u.%u.%u.%u\")",
		    (unsigned)b[2] << 8 | b[3], b[4], b[5], b[6], b[7]);
		break;
	case 10:
		memcpy(&word, b + 4, 4);
		add(l, ", sin6_port=htons(%u), sin6_flowinfo=htonl(%u), inet_pton(AF_INET6, ",
		    (unsigned)b[2] << 8 | b[3], __builtin_bswap32(word));
		add_ipv6(l, b + 8);
		memcpy(&word, b + 24, 4);
		add(l, ", &sin6_addr), sin6_scope_id=%u", word);
		break;
	case 16:
		memcpy(&word, b + 4, 4);
		add(l, ", nl_pid=%d", (int)word);
		memcpy(&word, b + 8, 4);
		add(l, ", nl_groups=%08x", word);
		break;
	default:
		add(l, ", sa_data=");
		add_quoted(l, b + 2, length - 2 < 14 ? length - 2 : 14, false, false);
		break;
	}
	add(l, "}");
}

static void add_out_sockaddr(struct line *l, uint64_t address, uint64_t length_at)
{
	uint32_t length;

	if (!length_at || copy_from_guest(&length, length_at, 4) < 0)
		add_ptr(l, address);
	else
		add_sockaddr(l, address, length);
}

static void add_socklen(struct line *l, uint64_t address, uint64_t before)
{
	uint32_t length;

	if (!get(l, &length, address, 4))
		return;
	if (length != (uint32_t)before)
		add(l, "[%u => %u]", (uint32_t)before, length);
	else
		add(l, "[%u]", length);
}

static void add_sockopt(struct line *l, int level, uint64_t option)
{
	switch (level) {
	case 0: add_enum(l, TABLE("ip"), option); break;
	case 1: add_enum(l, TABLE("so"), option); break;
	case 6: add_enum(l, TABLE("tcp"), option); break;
	case 41: add_enum(l, TABLE("ipv6"), option); break;
	default: add_hex(l, option); break;
	}
}

static void add_optval(struct line *l, const uint64_t *args, uint32_t length)
{
	int64_t tv[2];

	if (args[1] == 1 && (args[2] == 20 || args[2] == 21) && length == 16) {
		if (get(l, tv, args[3], 16))
			add(l, "{tv_sec=%ld, tv_usec=%ld}", (long)tv[0], (long)tv[1]);
	} else if (length == 4) {
		add_int_at(l, args[3]);
	} else {
		add_bytes(l, args[3], length, false);
	}
}

static void add_control(struct line *l, uint64_t address, uint64_t length)
{
	struct {
		uint64_t length;
		int32_t level, type;
	} c;

	add(l, ", msg_control=[");
	for (uint64_t at = 0; at + sizeof(c) <= length; at += (c.length + 7) & ~7ull) {
		add(l, at ? ", " : "");
		if (copy_from_guest(&c, address + at, sizeof(c)) < 0 || c.length < sizeof(c))
			break;
		add(l, "{cmsg_len=%lu, cmsg_level=", (unsigned long)c.length);
		add_enum(l, TABLE("sol"), (uint32_t)c.level);
		if (c.level == 1 && c.type == 1) {
			int fd;

			add(l, ", cmsg_type=SCM_RIGHTS, cmsg_data=[");
			for (uint64_t i = sizeof(c); i + 4 <= c.length && i < 1024; i += 4)
				if (copy_from_guest(&fd, address + at + i, 4) == 0)
					add(l, "%s%d", i > sizeof(c) ? ", " : "", fd);
			add(l, "]}");
		} else if (c.level == 1 && c.type == 2) {
			int id[3] = { 0 };

			copy_from_guest(id, address + at + sizeof(c), sizeof(id));
			add(l, ", cmsg_type=SCM_CREDENTIALS, cmsg_data={pid=%d, uid=%d, gid=%d}}",
			    id[0], id[1], id[2]);
		} else {
			add(l, ", cmsg_type=0x%x, cmsg_data=", (unsigned)c.type);
			add_bytes(l, address + at + sizeof(c), c.length - sizeof(c), true);
			add(l, "}");
		}
	}
	add(l, "]");
}

static void add_msghdr(struct line *l, uint64_t address, uint64_t filled)
{
	struct {
		uint64_t name;
		uint32_t namelen, pad;
		uint64_t iov, iovlen, control, controllen;
		uint32_t flags, pad2;
	} m;

	if (!get(l, &m, address, sizeof(m)))
		return;
	add(l, "{msg_name=");
	add_sockaddr(l, m.name, m.namelen);
	add(l, ", msg_namelen=%u, msg_iov=", m.namelen);
	add_iovec(l, m.iov, m.iovlen, filled);
	add(l, ", msg_iovlen=%lu", (unsigned long)m.iovlen);
	if (m.control && m.controllen)
		add_control(l, m.control, m.controllen);
	add(l, ", msg_controllen=%lu, msg_flags=", (unsigned long)m.controllen);
	add_flags(l, TABLE("msg_flags"), m.flags);
	add(l, "}");
}

/* ---- processes ---- */

static void add_clone_flags(struct line *l, uint64_t flags, int signo)
{
	if (flags)
		add_flags(l, TABLE("clone_flags"), flags);
	if (signo) {
		add(l, flags ? "|" : "");
		strace_add_signal(l, signo);
	} else if (!flags) {
		add(l, "0");
	}
}

/* arm64: flags, stack, parent tid, tls, child tid. */
static void add_clone(struct line *l, const uint64_t *a)
{
	uint64_t flags = a[0] & 0xffffff00u;

	add(l, "child_stack=");
	add_ptr(l, a[1]);
	add(l, ", flags=");
	add_clone_flags(l, flags, (int)(a[0] & 0xff));
	if (flags & (CLONE_PARENT_SETTID | CLONE_PIDFD)) {
		add(l, flags & CLONE_PIDFD ? ", pidfd=" : ", parent_tid=");
		add_int_at(l, a[2]);
	}
	if (flags & CLONE_SETTLS)
		add(l, ", tls=0x%lx", (unsigned long)a[3]);
	if (flags & (CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID)) {
		add(l, ", child_tidptr=");
		add_ptr(l, a[4]);
	}
}

static void add_clone3(struct line *l, uint64_t address, uint64_t size, int64_t result)
{
	struct clone_args a = { 0 };

	if (!get(l, &a, address, size < sizeof(a) ? size : sizeof(a)))
		return;
	add(l, "{flags=");
	add_clone_flags(l, a.flags, 0);
	if (a.flags & CLONE_PIDFD)
		add(l, ", pidfd=0x%lx", (unsigned long)a.pidfd);
	if (a.flags & (CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID))
		add(l, ", child_tid=0x%lx", (unsigned long)a.child_tid);
	if (a.flags & CLONE_PARENT_SETTID)
		add(l, ", parent_tid=0x%lx", (unsigned long)a.parent_tid);
	add(l, ", exit_signal=");
	strace_add_signal(l, (int)a.exit_signal);
	add(l, ", stack=");
	add_ptr(l, a.stack);
	add(l, ", stack_size=");
	add_hex(l, a.stack_size);
	if (a.flags & CLONE_SETTLS)
		add(l, ", tls=0x%lx", (unsigned long)a.tls);
	add(l, "}");
	if (result > 0 && a.flags & (CLONE_PARENT_SETTID | CLONE_PIDFD)) {
		bool both = a.flags & CLONE_PARENT_SETTID && a.flags & CLONE_PIDFD;

		add(l, " => {");
		if (a.flags & CLONE_PIDFD) {
			add(l, "pidfd=");
			add_int_at(l, a.pidfd);
		}
		add(l, both ? ", " : "");
		if (a.flags & CLONE_PARENT_SETTID) {
			add(l, "parent_tid=");
			add_int_at(l, a.parent_tid);
		}
		add(l, "}");
	}
}

#define FUTEX_COMMAND 0x7f

static void add_futex_op(struct line *l, uint32_t op)
{
	add_enum(l, TABLE("futex"), op & FUTEX_COMMAND);
	add(l, "%s%s", op & 0x80 ? "_PRIVATE" : "", op & 0x100 ? "|FUTEX_CLOCK_REALTIME" : "");
}

/* Arguments 3, 4 and 5 depend on the command. False: not used. */
static bool add_futex_arg(struct line *l, unsigned index, const uint64_t *a)
{
	unsigned command = a[1] & FUTEX_COMMAND;
	bool requeue = command == 3 || command == 4 || command == 5 || command == 12;
	bool waits = command == 0 || command == 6 || command == 9 || command == 11 || command == 13;

	switch (index) {
	case 3:
		if (requeue)
			add(l, "%u", (unsigned)a[3]);
		else if (waits)
			add_timespec(l, a[3], "nsec");
		return requeue || waits;
	case 4:
		if (requeue || command == 11)
			add_ptr(l, a[4]);
		return requeue || command == 11;
	default:
		if (command == 9 || command == 10) {
			if ((uint32_t)a[5] == ~0u)
				add(l, "FUTEX_BITSET_MATCH_ANY");
			else
				add(l, "0x%x", (unsigned)a[5]);
			return true;
		}
		if (command == 4 || command == 12)
			add(l, "%u", (unsigned)a[5]);
		else if (command == 5)
			add(l, "0x%x", (unsigned)a[5]);
		return command == 4 || command == 12 || command == 5;
	}
}

/* True: no more arguments. */
static bool add_prctl(struct line *l, int option, uint64_t v, bool failed)
{
	switch (option) {
	case 15: add_string(l, v, 15); return true;
	case 16:
		if (failed)
			add_ptr(l, v);
		else
			add_string(l, v, 15);
		return true;
	case 1: strace_add_signal(l, (int)v); return true;
	case 2: add_int_at(l, v); return true;
	case 4: case 8: case 36: add(l, "%lu", (unsigned long)v); return true;
	case 23: case 24: case 29: add(l, "%lu", (unsigned long)v); return true;
	default: add_hex(l, v); return false;
	}
}

/* ---- arguments by words ---- */

#define WORDS                                                                                \
	X(int) X(uint) X(long) X(size) X(hex) X(ptr) X(mode) X(stmode) X(dirfd) X(path)       \
	X(bytes) X(open) X(open_mode) X(argv) X(envp) X(at) X(fcntl) X(fcntl_arg) X(ioctl)     \
	X(signal) X(sigset) X(sigaction) X(siginfo) X(stack) X(timespec) X(timeval)            \
	X(timespecs) X(itimerspec) X(itimerval) X(rlimit) X(iovec) X(epoll_event) X(pollfds)   \
	X(fd_set) X(pselect_mask) X(socket_type) X(socket_protocol) X(sockaddr) X(sockopt)     \
	X(optval) X(msghdr) X(futex_op) X(futex_timeout) X(futex_ptr2) X(futex_val3) X(cpus)   \
	X(sched_param) X(mremap_new) X(clone_signal)                                           \
	X(out_bytes) X(out_string) X(out_random) X(out_iovec) X(out_fds) X(out_dents)          \
	X(out_stat) X(out_statx) X(out_statfs) X(out_epoll_events) X(out_itimerspec)           \
	X(out_itimerval) X(out_timespec) X(out_timeval) X(out_timezone) X(out_remaining)       \
	X(out_rlimit) X(out_rusage) X(out_wstatus) X(out_siginfo) X(out_sigset)                \
	X(out_sigaction) X(out_stack) X(out_uname) X(out_sysinfo) X(out_cpus)                  \
	X(out_sched_param) X(out_id) X(out_sockaddr) X(out_socklen) X(out_msghdr)              \
	X(out_optval) X(out_int) X(out_ioctl) X(out_prctl) X(out_clone) X(out_clone3)

enum word {
	W_none,
#define X(name) W_##name,
	WORDS
#undef X
	W_count,
};

static const char words[][18] = {
#define X(name) [W_##name] = #name,
	WORDS
#undef X
};

static enum word find_word(const char *word, size_t length)
{
	for (unsigned w = W_none + 1; w < W_count; w++)
		if (memcmp(words[w], word, length) == 0 && !words[w][length])
			return (enum word)w;
	return W_none;
}

/* The letters of a signature. */
static const char *letter_word(char letter)
{
	switch (letter) {
	case 'd': return "int";
	case 'u': return "uint";
	case 'l': return "long";
	case 'z': return "size";
	case 'x': return "hex";
	case 'm': return "mode";
	case 's': return "path";
	case 'b': return "bytes";
	case 'B': case 'S': return "out_bytes";
	case 'A': return "argv";
	case 't': return "timespec";
	case 'e': return "epoll_event";
	case 'g': return "signal";
	case 'k': return "sigset";
	case 'P': return "prot";
	case 'M': return "mmap_flags";
	case 'C': return "clone_signal";
	case 'f': return "dirfd";
	case 'o': return "open";
	case 'F': return "fcntl";
	case 'r': return "resource";
	case 'c': return "clock";
	case 'h': return "sigmask_how";
	case 'w': return "out_wstatus";
	default: return "ptr";
	}
}

/* The word for argument i, its length; NULL when there are no more. */
static const char *word_of(const struct strace_view *v, unsigned i, size_t *ret_length)
{
	const char *p = v->words;

	if (!*p) {
		if (i + 1 >= rt_strlen(v->signature))
			return NULL;
		p = letter_word(v->signature[i + 1]);
		*ret_length = rt_strlen(p);
		return p;
	}
	for (; i && p; i--) {
		p = rt_strchr(p, ' ');
		p = p ? p + 1 : NULL;
	}
	if (!p)
		return NULL;
	for (*ret_length = 0; p[*ret_length] && p[*ret_length] != ' ';)
		++*ret_length;
	return p;
}

static void add_uname(struct line *l, uint64_t address)
{
	add(l, "{sysname=");
	add_string(l, address, 64);
	add(l, ", nodename=");
	add_string(l, address + 65, 64);
	add(l, ", ...}");
}

static void add_sysinfo(struct line *l, uint64_t address)
{
	uint64_t v[7];

	if (get(l, v, address, sizeof(v)))
		add(l, "{uptime=%lu, loads=[%lu, %lu, %lu], totalram=%lu, freeram=%lu, sharedram=%lu, ...}",
		    (unsigned long)v[0], (unsigned long)v[1], (unsigned long)v[2], (unsigned long)v[3],
		    (unsigned long)v[4], (unsigned long)v[5], (unsigned long)v[6]);
}

static void add_pselect_mask(struct line *l, uint64_t address)
{
	uint64_t v[2];

	if (!get(l, v, address, sizeof(v)))
		return;
	add(l, "{sigmask=");
	add_sigset_at(l, v[0]);
	add(l, ", sigsetsize=%lu}", (unsigned long)v[1]);
}

static void add_socket_type(struct line *l, uint64_t v)
{
	add_enum(l, TABLE("sock_type"), v & 15);
	if (v & ~15ull) {
		add(l, "|");
		add_flags(l, TABLE("sock_flags"), v & ~15ull);
	}
}

static void add_socket_protocol(struct line *l, uint64_t domain, uint64_t v)
{
	if (domain == 2 || domain == 10)
		add_enum(l, TABLE("ip_proto"), v);
	else if (domain == 16)
		add_enum(l, TABLE("nl_proto"), v);
	else
		add(l, "%lu", (unsigned long)v);
}

enum shown { SHOWN, OMITTED, LAST };

/* One that the call fills in, after it. */
static enum shown add_output(struct line *l, enum word w, unsigned i, const struct strace_view *view,
			     int64_t result)
{
	const uint64_t *a = view->args;
	uint64_t v = a[i];
	uint32_t length = 0;
	int pair[2];

	/* Shown whatever happened. */
	switch (w) {
	case W_out_ioctl:
		return add_ioctl(l, (uint32_t)a[1], v, rt_is_error(result)) ? SHOWN : OMITTED;
	case W_out_prctl: return add_prctl(l, (int)a[0], v, rt_is_error(result)) ? LAST : SHOWN;
	case W_out_clone: add_clone(l, a); return LAST;
	case W_out_clone3: add_clone3(l, v, a[1], result); return SHOWN;
	case W_out_remaining:
		if (result == -EINTR)
			add_timespec(l, v, "nsec");
		else
			add_ptr(l, v);
		return SHOWN;
	default: break;
	}
	if (result < 0 || !v) {
		add_ptr(l, v);
		return SHOWN;
	}
	switch (w) {
	case W_out_bytes: add_bytes(l, v, (uint64_t)result, false); break;
	case W_out_string: add_string(l, v, 4096); break;
	case W_out_random: add_bytes(l, v, (uint64_t)result, true); break;
	case W_out_iovec: add_iovec(l, v, a[i + 1], (uint64_t)result); break;
	case W_out_fds:
		if (get(l, pair, v, sizeof(pair)))
			add(l, "[%d, %d]", pair[0], pair[1]);
		break;
	case W_out_dents: add_dents(l, v, result); break;
	case W_out_stat: add_stat(l, v); break;
	case W_out_statx: add_statx(l, v); break;
	case W_out_statfs: add_statfs(l, v); break;
	case W_out_epoll_events: add_epoll_events(l, v, result); break;
	case W_out_itimerspec: add_itimer(l, v, "nsec"); break;
	case W_out_itimerval: add_itimer(l, v, "usec"); break;
	case W_out_timespec: add_timespec(l, v, "nsec"); break;
	case W_out_timeval: add_timespec(l, v, "usec"); break;
	case W_out_timezone:
		if (get(l, pair, v, sizeof(pair)))
			add(l, "{tz_minuteswest=%d, tz_dsttime=%d}", pair[0], pair[1]);
		break;
	case W_out_rlimit: add_rlimit(l, v); break;
	case W_out_rusage: add_rusage(l, v); break;
	case W_out_wstatus: add_wstatus(l, v, result); break;
	case W_out_siginfo: add_siginfo_at(l, v); break;
	case W_out_sigset: add_sigset_at(l, v); break;
	case W_out_sigaction: add_sigaction(l, v); break;
	case W_out_stack: add_stack(l, v); break;
	case W_out_uname: add_uname(l, v); break;
	case W_out_sysinfo: add_sysinfo(l, v); break;
	case W_out_cpus: add_bits(l, v, (uint64_t)result * 8); break;
	case W_out_sched_param:
	case W_out_id:
	case W_out_int: add_int_at(l, v); break;
	case W_out_sockaddr: add_out_sockaddr(l, v, a[i + 1]); break;
	case W_out_socklen: add_socklen(l, v, view->saved); break;
	case W_out_msghdr: add_msghdr(l, v, (uint64_t)result); break;
	case W_out_optval:
		copy_from_guest(&length, a[4], 4);
		add_optval(l, a, length);
		break;
	default: add_ptr(l, v); break;
	}
	return SHOWN;
}

static enum shown add_input(struct line *l, enum word w, unsigned i, const uint64_t *a)
{
	uint64_t v = a[i];

	switch (w) {
	case W_int: add(l, "%d", (int)v); break;
	case W_uint: add(l, "%u", (unsigned)v); break;
	case W_long: add(l, "%ld", (long)v); break;
	case W_size: add(l, "%lu", (unsigned long)v); break;
	case W_hex: add_hex(l, v); break;
	case W_mode: add(l, "0%02o", (unsigned)v); break;
	case W_stmode: add_mode(l, (uint32_t)v); break;
	case W_dirfd:
		if ((int)v == -100)
			add(l, "AT_FDCWD");
		else
			add(l, "%d", (int)v);
		break;
	case W_path: add_string(l, v, 4096); break;
	case W_bytes: add_bytes(l, v, a[i + 1], false); break;
	case W_open: add_open_flags(l, v); break;
	case W_open_mode:
		if (!(a[i - 1] & (0100 | 020000000)))
			return OMITTED;
		add(l, "0%02o", (unsigned)v);
		break;
	case W_argv: add_argv(l, v); break;
	case W_envp: add_envp(l, v); break;
	case W_at: add_flags(l, TABLE("at_flags"), (uint32_t)v); break;
	case W_fcntl: add_enum(l, TABLE("fcntl"), (uint32_t)v); break;
	case W_fcntl_arg: return add_fcntl(l, (int)a[1], v) ? SHOWN : OMITTED;
	case W_ioctl: add_ioctl_command(l, (uint32_t)v); break;
	case W_signal: strace_add_signal(l, (int)v); break;
	case W_sigset: add_sigset_at(l, v); break;
	case W_sigaction: add_sigaction(l, v); break;
	case W_siginfo: add_siginfo_at(l, v); break;
	case W_stack: add_stack(l, v); break;
	case W_timespec: add_timespec(l, v, "nsec"); break;
	case W_timeval: add_timespec(l, v, "usec"); break;
	case W_timespecs: add_timespecs(l, v); break;
	case W_itimerspec: add_itimer(l, v, "nsec"); break;
	case W_itimerval: add_itimer(l, v, "usec"); break;
	case W_rlimit: add_rlimit(l, v); break;
	case W_iovec: add_iovec(l, v, a[i + 1], ~0ull); break;
	case W_epoll_event: add_epoll_event(l, v); break;
	case W_pollfds: add_pollfds(l, v, (uint32_t)a[i + 1], false); break;
	case W_fd_set: add_bits(l, v, (uint32_t)a[0]); break;
	case W_pselect_mask: add_pselect_mask(l, v); break;
	case W_socket_type: add_socket_type(l, v); break;
	case W_socket_protocol: add_socket_protocol(l, a[0], (uint32_t)v); break;
	case W_sockaddr: add_sockaddr(l, v, (uint32_t)a[i + 1]); break;
	case W_sockopt: add_sockopt(l, (int)a[1], (uint32_t)v); break;
	case W_optval: add_optval(l, a, (uint32_t)a[4]); break;
	case W_msghdr: add_msghdr(l, v, ~0ull); break;
	case W_futex_op: add_futex_op(l, (uint32_t)v); break;
	case W_futex_timeout:
	case W_futex_ptr2:
	case W_futex_val3: return add_futex_arg(l, i, a) ? SHOWN : OMITTED;
	case W_cpus: add_bits(l, v, a[1] * 8); break;
	case W_sched_param: add_int_at(l, v); break;
	case W_mremap_new:
		if (!(a[3] & 2))
			return OMITTED;
		add_ptr(l, v);
		break;
	case W_clone_signal: add_clone_flags(l, v & ~0xffull, (int)(v & 0xff)); break;
	default: add_ptr(l, v); break;
	}
	return SHOWN;
}

unsigned strace_add_args(struct line *l, const struct strace_view *v, unsigned from,
			 const int64_t *result)
{
	const char *text;
	size_t length;
	unsigned i;

	for (i = from; i < 6 && (text = word_of(v, i, &length)); i++) {
		const struct name *table = find_table(text, length);
		enum word w = table ? W_none : find_word(text, length);
		size_t before = l->length;
		enum shown shown = SHOWN;

		/* The separator comes early, as strace(1) has it. */
		if (i && (!result || i != from || !from))
			add(l, ", ");
		if (w >= W_out_bytes && !result)
			return i;
		if (result && i == from && from)
			before -= 2;
		if (table)
			add_named(l, table, v->args[i]);
		else if (w >= W_out_bytes)
			shown = add_output(l, w, i, v, *result);
		else
			shown = add_input(l, w, i, v->args);
		if (shown == OMITTED) {
			l->length = before;
			l->buf[before] = 0;
		}
		if (shown == LAST)
			return 6;
	}
	return i;
}

static void add_left(struct line *l, uint64_t timeout, const char *separator)
{
	if (!timeout)
		return;
	add(l, "%sleft ", separator);
	add_timespec(l, timeout, "nsec");
}

void strace_add_remark(struct line *l, const char *name, const struct strace_view *v, int64_t result)
{
	const uint64_t *a = v->args;

	if (rt_str_eq(name, "fcntl") && result >= 0) {
		if (a[1] == 1 && result) {
			add(l, " (flags ");
			add_flags(l, TABLE("fd_flags"), (uint64_t)result);
			add(l, ")");
		} else if (a[1] == 3) {
			add(l, " (flags ");
			add_open_flags(l, (uint64_t)result);
			add(l, ")");
		}
	} else if (rt_str_eq(name, "sched_getscheduler") && result >= 0) {
		add(l, " (");
		add_enum(l, TABLE("sched"), (uint64_t)result);
		add(l, ")");
	} else if (rt_str_eq(name, "ppoll") && result >= 0) {
		add(l, result ? " (" : " (Timeout)");
		if (!result)
			return;
		add_pollfds(l, a[0], (uint32_t)a[1], true);
		add_left(l, a[2], ", ");
		add(l, ")");
	} else if (rt_str_eq(name, "pselect6") && result >= 0) {
		static const char kind[][7] = { "in", "out", "except" };
		const char *separator = "";

		add(l, result ? " (" : " (Timeout)");
		if (!result)
			return;
		for (int i = 0; i < 3; i++) {
			size_t before = l->length;

			if (!a[1 + i])
				continue;
			add(l, "%s%s ", separator, kind[i]);
			add_bits(l, a[1 + i], (uint32_t)a[0]);
			if (l->length > 2 && l->buf[l->length - 2] == '[') {
				l->length = before;
				l->buf[before] = 0;
				continue;
			}
			separator = ", ";
		}
		add_left(l, a[4], separator);
		add(l, ")");
	}
}
