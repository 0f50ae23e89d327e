/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Formatting of traced system calls. The letters are explained in a64/syscalls.def.
 */
#include <linux/errno.h>

#include "linux-user/strace.h"
#include "linux-user/thread.h"
#include "rt/memory.h"
#include "rt/text.h"
#include "rt/uaccess.h"

#define STRING_MAX 32

struct line {
	char *buf;
	size_t size, length;
};

__attribute__((format(printf, 2, 3))) static void add(struct line *l, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	if (l->length < l->size)
		l->length += rt_vformat(l->buf + l->length, l->size - l->length, format, ap);
	va_end(ap);
	if (l->length >= l->size)
		l->length = l->size - 1;
}

struct flag_name {
	uint64_t value;
	char name[16];
};

static void add_flags(struct line *l, uint64_t v, const struct flag_name *names, size_t count,
		      const char *zero)
{
	const char *separator = "";

	if (!v) {
		add(l, "%s", zero);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if ((v & names[i].value) != names[i].value)
			continue;
		add(l, "%s%s", separator, names[i].name);
		v &= ~names[i].value;
		separator = "|";
	}
	if (v)
		add(l, "%s0x%lx", separator, (unsigned long)v);
}

#define NAMES(array) array, sizeof(array) / sizeof((array)[0])

/* The guest's values: Arm's. */
static const struct flag_name open_names[] = {
	{ 020040000, "O_TMPFILE" }, { 0100, "O_CREAT" }, { 0200, "O_EXCL" }, { 0400, "O_NOCTTY" },
	{ 01000, "O_TRUNC" }, { 02000, "O_APPEND" }, { 04000, "O_NONBLOCK" },
	{ 04010000, "O_SYNC" }, { 010000, "O_DSYNC" }, { 020000, "O_ASYNC" },
	{ 0200000, "O_DIRECT" }, { 0400000, "O_LARGEFILE" }, { 040000, "O_DIRECTORY" },
	{ 0100000, "O_NOFOLLOW" }, { 01000000, "O_NOATIME" }, { 02000000, "O_CLOEXEC" },
	{ 010000000, "O_PATH" },
};

static const struct flag_name prot_names[] = {
	{ 1, "PROT_READ" }, { 2, "PROT_WRITE" }, { 4, "PROT_EXEC" },
	{ 0x10, "PROT_BTI" }, { 0x20, "PROT_MTE" },
};

static const struct flag_name map_names[] = {
	{ 3, "MAP_SHARED_VAL" }, { 1, "MAP_SHARED" }, { 2, "MAP_PRIVATE" }, { 0x10, "MAP_FIXED" },
	{ 0x20, "MAP_ANONYMOUS" }, { 0x100, "MAP_GROWSDOWN" }, { 0x800, "MAP_DENYWRITE" },
	{ 0x2000, "MAP_LOCKED" }, { 0x4000, "MAP_NORESERVE" }, { 0x8000, "MAP_POPULATE" },
	{ 0x20000, "MAP_STACK" }, { 0x40000, "MAP_HUGETLB" }, { 0x100000, "MAP_FIXED_NOREP" },
};

static const struct flag_name clone_names[] = {
	{ 0x80, "CLONE_NEWTIME" }, { 0x100, "CLONE_VM" }, { 0x200, "CLONE_FS" }, { 0x400, "CLONE_FILES" },
	{ 0x800, "CLONE_SIGHAND" }, { 0x1000, "CLONE_PIDFD" }, { 0x2000, "CLONE_PTRACE" },
	{ 0x4000, "CLONE_VFORK" }, { 0x8000, "CLONE_PARENT" }, { 0x10000, "CLONE_THREAD" },
	{ 0x20000, "CLONE_NEWNS" }, { 0x40000, "CLONE_SYSVSEM" }, { 0x80000, "CLONE_SETTLS" },
	{ 0x100000, "CLONE_PSETTID" }, { 0x200000, "CLONE_CCLEARTID" },
	{ 0x1000000, "CLONE_CSETTID" }, { 0x4000000, "CLONE_NEWUTS" },
	{ 0x8000000, "CLONE_NEWIPC" }, { 0x10000000, "CLONE_NEWUSER" },
	{ 0x20000000, "CLONE_NEWPID" }, { 0x40000000, "CLONE_NEWNET" },
};

/* Strings and buffers print escaped, cut at STRING_MAX. */
static void add_bytes(struct line *l, uint64_t address, size_t length, bool is_string)
{
	unsigned char bytes[STRING_MAX + 1];
	size_t n = length < STRING_MAX ? length : STRING_MAX;
	bool cut = length > STRING_MAX;

	if (!address) {
		add(l, "NULL");
		return;
	}
	if (is_string) {
		long r = rt_copy_string((char *)bytes, (const char *)address, sizeof(bytes));

		if (r == -EFAULT) {
			add(l, "0x%lx", (unsigned long)address);
			return;
		}
		cut = r < 0;
		n = cut ? STRING_MAX : (size_t)r;
	} else if (copy_from_guest(bytes, address, n) < 0) {
		add(l, "0x%lx", (unsigned long)address);
		return;
	}
	add(l, "\"");
	for (size_t i = 0; i < n; i++) {
		unsigned char c = bytes[i];

		if (c == '\n')
			add(l, "\\n");
		else if (c == '\t')
			add(l, "\\t");
		else if (c == '\r')
			add(l, "\\r");
		else if (c == '"' || c == '\\')
			add(l, "\\%c", c);
		else if (c >= ' ' && c < 127)
			add(l, "%c", c);
		else if (i + 1 < n && bytes[i + 1] >= '0' && bytes[i + 1] <= '7')
			add(l, "\\%03o", c);
		else
			add(l, "\\%o", c);
	}
	add(l, cut ? "\"..." : "\"");
}

static void add_string_array(struct line *l, uint64_t array)
{
	add(l, "[");
	for (int i = 0; i < 16; i++) {
		uint64_t p;

		if (copy_from_guest(&p, array + (uint64_t)i * 8, 8) < 0 || !p)
			break;
		add(l, i ? ", " : "");
		add_bytes(l, p, 0, true);
	}
	add(l, "]");
}

static void add_timespec(struct line *l, uint64_t address)
{
	struct host_timespec ts;

	if (!address)
		add(l, "NULL");
	else if (copy_from_guest(&ts, address, sizeof(ts)) < 0)
		add(l, "0x%lx", (unsigned long)address);
	else
		add(l, "{tv_sec=%ld, tv_nsec=%ld}", (long)ts.sec, (long)ts.nsec);
}

static void add_epoll_event(struct line *l, uint64_t address)
{
	struct {
		uint32_t events, pad;
		uint64_t data;
	} e;

	if (!address || copy_from_guest(&e, address, sizeof(e)) < 0)
		add(l, address ? "0x%lx" : "NULL", (unsigned long)address);
	else
		add(l, "{events=0x%x, data=0x%lx}", e.events, (unsigned long)e.data);
}

static void add_pointer(struct line *l, uint64_t v)
{
	if (v)
		add(l, "0x%lx", (unsigned long)v);
	else
		add(l, "NULL");
}

static const char signal_names[][10] = {
	"0", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE",
	"SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT",
	"SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU",
	"SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
};

static void add_signal(struct line *l, int v)
{
	if (v > 0 && v < 32)
		add(l, "%s", signal_names[v]);
	else if (v >= 32 && v <= 64)
		add(l, "SIGRT_%d", v - 32);
	else
		add(l, "%d", v);
}

static void add_sigset(struct line *l, uint64_t address)
{
	uint64_t set;
	const char *separator = "";

	if (!address || copy_from_guest(&set, address, 8) < 0) {
		add_pointer(l, address);
		return;
	}
	if (__builtin_popcountll(set) > 32) {
		add(l, "~");
		set = ~set;
	}
	add(l, "[");
	for (int s = 1; s <= 64; s++) {
		if (!(set >> (s - 1) & 1))
			continue;
		add(l, "%s", separator);
		if (s < 32)
			add(l, "%s", signal_names[s] + 3);
		else
			add(l, "RT_%d", s - 32);
		separator = " ";
	}
	add(l, "]");
}

static const char resource_names[][11] = { "CPU", "FSIZE", "DATA", "STACK", "CORE", "RSS",
					   "NPROC", "NOFILE", "MEMLOCK", "AS", "LOCKS",
					   "SIGPENDING", "MSGQUEUE", "NICE", "RTPRIO", "RTTIME" };
static const char clock_names[][19] = { "REALTIME", "MONOTONIC", "PROCESS_CPUTIME_ID",
					"THREAD_CPUTIME_ID", "MONOTONIC_RAW", "REALTIME_COARSE",
					"MONOTONIC_COARSE", "BOOTTIME" };
static const char fcntl_names[][16] = { "F_DUPFD", "F_GETFD", "F_SETFD", "F_GETFL", "F_SETFL",
					"F_GETLK", "F_SETLK", "F_SETLKW", "F_SETOWN", "F_GETOWN" };
static const char how_names[][12] = { "SIG_BLOCK", "SIG_UNBLOCK", "SIG_SETMASK" };

static void add_argument(struct line *l, char kind, uint64_t v, uint64_t next)
{
	static const char access[][9] = { "O_RDONLY", "O_WRONLY", "O_RDWR", "3" };

	switch (kind) {
	case 'd': add(l, "%d", (int)v); break;
	case 'u': add(l, "%u", (unsigned)v); break;
	case 'l': add(l, "%ld", (long)v); break;
	case 'z': add(l, "%lu", (unsigned long)v); break;
	case 'm': add(l, "0%o", (unsigned)v); break;
	case 's': add_bytes(l, v, 0, true); break;
	case 'b': add_bytes(l, v, next, false); break;
	case 'A': add_string_array(l, v); break;
	case 't': add_timespec(l, v); break;
	case 'e': add_epoll_event(l, v); break;
	case 'g': add_signal(l, (int)v); break;
	case 'k': add_sigset(l, v); break;
	case 'P': add_flags(l, v, NAMES(prot_names), "PROT_NONE"); break;
	case 'M': add_flags(l, v, NAMES(map_names), "0"); break;
	case 'C':
		add_flags(l, v & ~0xffull, NAMES(clone_names), "0");
		if (v & 0xff) {
			add(l, "|");
			add_signal(l, (int)(v & 0xff));
		}
		break;
	case 'f':
		if ((int)v == -100)
			add(l, "AT_FDCWD");
		else
			add(l, "%d", (int)v);
		break;
	case 'o':
		add(l, "%s", access[v & 3]);
		if (v & ~3ull) {
			add(l, "|");
			add_flags(l, v & ~3ull, NAMES(open_names), "");
		}
		break;
	case 'F':
		if (v < 10)
			add(l, "%s", fcntl_names[v]);
		else if (v == 1030)
			add(l, "F_DUPFD_CLOEXEC");
		else
			add(l, "%d", (int)v);
		break;
	case 'r':
		if (v < 16)
			add(l, "RLIMIT_%s", resource_names[v]);
		else
			add(l, "%d", (int)v);
		break;
	case 'c':
		if (v < 8)
			add(l, "CLOCK_%s", clock_names[v]);
		else
			add(l, "%d", (int)v);
		break;
	case 'h':
		if (v < 3)
			add(l, "%s", how_names[v]);
		else
			add(l, "%d", (int)v);
		break;
	case 'x': add(l, v ? "0x%lx" : "%lu", (unsigned long)v); break;
	default: add_pointer(l, v); break;
	}
}

/* Arguments from the first that only the call fills in wait for strace_exit(). */
static size_t first_output(const char *signature)
{
	for (size_t i = 1; signature[i]; i++)
		if (signature[i] == 'B' || signature[i] == 'S' || signature[i] == 'w')
			return i;
	return ~(size_t)0;
}

static void add_arguments(struct line *l, const char *signature, const uint64_t args[6],
			  size_t from, size_t to, int64_t result)
{
	for (size_t i = from; i < to && signature[i]; i++) {
		uint64_t v = args[i - 1];
		int status;

		if (i > 1)
			add(l, ", ");
		if (signature[i] == 'B' && result >= 0)
			add_bytes(l, v, (size_t)result, false);
		else if (signature[i] == 'S' && result >= 0)
			add_bytes(l, v, (size_t)result, false);
		else if (signature[i] == 'w' && v && result > 0 &&
			 copy_from_guest(&status, v, 4) == 0)
			add(l, "[0x%x]", (unsigned)status);
		else
			add_argument(l, signature[i], v, i < 6 ? args[i] : 0);
	}
}

size_t strace_enter(char *buf, size_t size, const char *name, const char *signature,
		    const uint64_t args[6])
{
	struct line l = { buf, size, 0 };

	add(&l, "%s(", name);
	add_arguments(&l, signature, args, 1, first_output(signature), 0);
	return l.length;
}

const char *strace_errno_name(int error)
{
	static const char names[][16] = {
		[1] = "EPERM", "ENOENT", "ESRCH", "EINTR", "EIO", "ENXIO", "E2BIG", "ENOEXEC",
		"EBADF", "ECHILD", "EAGAIN", "ENOMEM", "EACCES", "EFAULT", "ENOTBLK", "EBUSY",
		"EEXIST", "EXDEV", "ENODEV", "ENOTDIR", "EISDIR", "EINVAL", "ENFILE", "EMFILE",
		"ENOTTY", "ETXTBSY", "EFBIG", "ENOSPC", "ESPIPE", "EROFS", "EMLINK", "EPIPE",
		"EDOM", "ERANGE", "EDEADLK", "ENAMETOOLONG", "ENOLCK", "ENOSYS", "ENOTEMPTY",
		"ELOOP",
	};
	static const char sockets[][16] = {
		"ENOTSOCK", "EDESTADDRREQ", "EMSGSIZE", "EPROTOTYPE", "ENOPROTOOPT",
		"EPROTONOSUPPORT", "ESOCKTNOSUPPORT", "EOPNOTSUPP", "EPFNOSUPPORT",
		"EAFNOSUPPORT", "EADDRINUSE", "EADDRNOTAVAIL", "ENETDOWN", "ENETUNREACH",
		"ENETRESET", "ECONNABORTED", "ECONNRESET", "ENOBUFS", "EISCONN", "ENOTCONN",
		"ESHUTDOWN", "ETOOMANYREFS", "ETIMEDOUT", "ECONNREFUSED", "EHOSTDOWN",
		"EHOSTUNREACH", "EALREADY", "EINPROGRESS",
	};

	if (error > 0 && error < (int)(sizeof(names) / sizeof(names[0])))
		return names[error];
	if (error >= ENOTSOCK && error - ENOTSOCK < (int)(sizeof(sockets) / sizeof(sockets[0])))
		return sockets[error - ENOTSOCK];
	return error == ENODATA ? "ENODATA" : error == EOVERFLOW ? "EOVERFLOW" : NULL;
}

static void add_result(struct line *l, char kind, int64_t r)
{
	if (r == SYS_RESTART || r == SYS_RESTART_ALWAYS)
		add(l, "? ERESTARTSYS (To be restarted)");
	else if (r == SYS_NO_RESULT)
		add(l, "?");
	else if (rt_is_error(r)) {
		const char *name = strace_errno_name((int)-r);

		if (name)
			add(l, "-1 %s", name);
		else
			add(l, "-1 (errno %d)", (int)-r);
	} else if (kind == 'x')
		add(l, "0x%lx", (unsigned long)r);
	else if (kind == 'm')
		add(l, "0%o", (unsigned)r);
	else
		add(l, "%ld", (long)r);
}

void strace_exit(struct thread *t, char *buf, size_t size, size_t length, const char *signature,
		 const uint64_t args[6], int64_t result)
{
	struct line l = { buf, size, length };

	add_arguments(&l, signature, args, first_output(signature), ~(size_t)0, result);
	add(&l, ") = ");
	add_result(&l, signature[0], result);
	rt_print(t->process->log_fd, "%d %s\n", t->tid, buf);
}
