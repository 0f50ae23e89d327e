/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lines of traced calls. A call that may wait is shown up to there before it is made, so that
 * one can see what a program waits for; when another thread or process writes in between, its
 * end follows as "<... resumed>". What they need to know of each other, and the counters of
 * the summary, is in memory that forked processes share.
 */
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>

#include "linux-user/log.h"
#include "linux-user/strace-internal.h"
#include "linux-user/strace.h"
#include "linux-user/sys.h"
#include "linux-user/thread.h"
#include "rt/arena.h"
#include "rt/memory.h"
#include "rt/text.h"
#include "rt/uaccess.h"

#define RESULT_COLUMN 40
#define LOCK_PATIENCE 120 /* looks; all but the first twenty take a millisecond */

struct counter {
	uint64_t calls, errors, ns;
};

/* Shared by all processes that this one forks. */
struct shared {
	uint32_t lock;	 /* tid of who writes */
	uint32_t open;	 /* tid of whose line is not complete; 0: none's */
	uint32_t several; /* there have been two threads or processes */
	int first;	 /* the process that prints the summary */
	struct counter counter[STRACE_CALLS];
	char name[STRACE_CALLS][32];
};

static struct shared *shared;

/* What the filter decided of a call: 0 not known, 1 show it, 2 do not. */
static uint8_t wanted[STRACE_CALLS];

/* ---- tables ---- */

static const struct call_row {
	char name[19], classes[6], words[64];
} calls[] = {
#define CALL(name, classes, words) { #name, classes, words },
#include "linux-user/strace_calls.def"
#undef CALL
};

static const struct call_row *find_call(const char *name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (rt_str_eq(name, calls[i].name))
			return &calls[i];
	return NULL;
}

static const struct error_row {
	uint8_t number;
	char name[16], text[50];
} errors[] = {
#define ERRNO(number, name, text) { number, name, text },
#include "linux-user/errno.def"
#undef ERRNO
};

static const struct error_row *find_error(int error)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].number == error)
			return &errors[i];
	return NULL;
}

const char *strace_errno_name(int error)
{
	const struct error_row *e = find_error(error);

	return e ? e->name : NULL;
}

const char *strace_errno_text(int error)
{
	const struct error_row *e = find_error(error);

	return e ? e->text : "Unknown error";
}

/* ---- the filter ---- */

static const struct {
	char name[9], letter;
} classes[] = {
	{ "file", 'F' }, { "process", 'P' }, { "network", 'N' }, { "net", 'N' }, { "signal", 'S' },
	{ "ipc", 'I' }, { "desc", 'D' }, { "memory", 'M' }, { "creds", 'C' }, { "clock", 'T' },
};

static bool word_matches(const char *word, size_t length, const char *name, const char *letters)
{
	if (length && word[0] == '%') {
		word++;
		length--;
	}
	if (length == 3 && memcmp(word, "all", 3) == 0)
		return true;
	if (length == rt_strlen(name) && memcmp(word, name, length) == 0)
		return true;
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (rt_strlen(classes[i].name) == length &&
		    memcmp(classes[i].name, word, length) == 0)
			return rt_strchr(letters, classes[i].letter);
	return false;
}

/* "trace=%file,openat" or, to leave calls out, "!futex,%clock". */
static bool filter_wants(const char *filter, const char *name)
{
	const struct call_row *row = find_call(name);
	const char *after = rt_str_after(filter, "trace=");
	bool negative;

	filter = after ? after : filter;
	negative = *filter == '!';
	filter += negative;
	while (*filter) {
		size_t n = 0;

		while (filter[n] && filter[n] != ',')
			n++;
		if (word_matches(filter, n, name, row ? row->classes : ""))
			return !negative;
		filter += n + (filter[n] == ',');
	}
	return negative;
}

static bool is_wanted(struct process *p, unsigned nr, const char *name)
{
	if (!p->options->strace)
		return false;
	if (!p->options->strace_filter)
		return true;
	if (!wanted[nr])
		wanted[nr] = filter_wants(p->options->strace_filter, name) ? 1 : 2;
	return wanted[nr] == 1;
}

/* ---- the log ---- */

static void lock(struct thread *t)
{
	const struct host_timespec pause = { 0, 1000000 };
	uint32_t holder = 0, seen = 0;
	unsigned patience = LOCK_PATIENCE;

	while (!__atomic_compare_exchange_n(&shared->lock, &holder, (uint32_t)t->tid, false,
					    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
		/* One that was killed never lets go; as a zombie it cannot be told from the
		 * living. */
		patience = holder == seen && patience ? patience - 1 : LOCK_PATIENCE;
		seen = holder;
		if (!patience &&
		    __atomic_compare_exchange_n(&shared->lock, &holder, (uint32_t)t->tid, false,
						__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return;
		if (patience < LOCK_PATIENCE - 20)
			rt_syscall(__NR_nanosleep, &pause, NULL);
		else
			rt_syscall(__NR_sched_yield);
		holder = 0;
	}
}

static void unlock(void)
{
	__atomic_store_n(&shared->lock, 0, __ATOMIC_RELEASE);
}

static size_t prefix(struct thread *t, char *buf, size_t size)
{
	if (t->process->log_fd != 2)
		return rt_format(buf, size, "%-5d ", t->tid);
	if (shared->several)
		return rt_format(buf, size, "[pid %5d] ", t->tid);
	buf[0] = 0;
	return 0;
}

/* Writes a piece: `begins` a line, or goes on with the thread's own; `ends`: with it, the line
 * is complete. `resumed`: what to put before the rest when others have written in between. */
static void write_piece(struct thread *t, const char *text, size_t length, bool begins, bool ends,
			const char *resumed)
{
	char line[STRACE_LINE + 128];
	size_t n = 0;

	lock(t);
	if (!begins && shared->open != (uint32_t)t->tid)
		begins = true;
	else
		resumed = NULL;
	if (begins) {
		if (shared->open)
			n += rt_strcpy(line, sizeof(line), " <unfinished ...>\n");
		n += prefix(t, line + n, sizeof(line) - n);
		if (resumed)
			n += rt_format(line + n, sizeof(line) - n, "<... %s resumed>", resumed);
	}
	if (length > sizeof(line) - n - 1)
		length = sizeof(line) - n - 1;
	memcpy(line + n, text, length);
	n += length;
	if (ends)
		line[n++] = '\n';
	log_write(t->process, line, n);
	shared->open = ends ? 0 : (uint32_t)t->tid;
	unlock();
}

/* ---- a call ---- */

void strace_format(struct strace_call *c, const char *name, const char *signature,
		   const uint64_t args[6])
{
	const struct call_row *row = find_call(name);
	struct line l = { c->buf, sizeof(c->buf) - 64, 0 };
	struct strace_view view;
	uint32_t word;

	c->name = name;
	c->words = row ? row->words : "";
	c->signature = signature;
	memcpy(c->args, args, sizeof(c->args));
	c->saved = 0;
	for (unsigned i = 2; row && rt_strchr(row->classes, 'N') && i < 6; i++)
		if (args[i] && copy_from_guest(&word, args[i], 4) == 0)
			c->saved = word;
	view = (struct strace_view){ c->words, signature, args, 0 };
	line_add(&l, "%s(", name);
	c->next = strace_add_args(&l, &view, 0, NULL);
	c->length = l.length;
}

static void add_result(struct line *l, const struct strace_call *c, int64_t r)
{
	bool hex = c->signature[0] == 'x';

	if (r == SYS_RESTART || r == SYS_RESTART_ALWAYS) {
		line_add(l, "? ERESTARTSYS (To be restarted if SA_RESTART is set)");
	} else if (r == SYS_NO_RESULT) {
		line_add(l, "?");
	} else if (rt_is_error(r)) {
		const struct error_row *e = find_error((int)-r);

		if (e)
			line_add(l, "-1 %s (%s)", e->name, e->text);
		else
			line_add(l, "-1 (errno %d)", (int)-r);
	} else if (hex || (rt_str_eq(c->name, "fcntl") && (c->args[1] == 1 || c->args[1] == 3))) {
		line_add(l, r ? "0x%lx" : "%lx", (unsigned long)r);
	} else if (c->signature[0] == 'm') {
		line_add(l, r ? "0%lo" : "%lo", (unsigned long)r);
	} else {
		line_add(l, "%ld", (long)r);
	}
}

static void pad(struct line *l)
{
	/* Counted from the beginning of the call, as strace(1) does without a prefix. */
	while (l->length < RESULT_COLUMN - 1)
		line_add(l, " ");
}

void strace_format_exit(struct strace_call *c, int64_t result)
{
	struct line l = { c->buf, sizeof(c->buf), c->length };
	struct strace_view view = { c->words, c->signature, c->args, c->saved };
	int64_t r = result == SYS_RESTART || result == SYS_RESTART_ALWAYS ? -EINTR : result;

	l.size -= 128;
	strace_add_args(&l, &view, c->next, &r);
	l.size += 128;
	line_add(&l, ")");
	pad(&l);
	line_add(&l, " = ");
	add_result(&l, c, result);
	if (!rt_is_error(r))
		strace_add_remark(&l, c->name, &view, result);
	c->length = l.length;
}

/* Will execve succeed, as far as one can tell? Its success has no end that could be shown. */
static bool will_execute(const struct strace_call *c)
{
	bool at = rt_str_eq(c->name, "execveat");
	int dirfd = at ? (int)c->args[0] : AT_FDCWD;
	struct host_stat st;
	char path[4096];

	if (rt_copy_string(path, (const char *)c->args[at], sizeof(path)) < 0)
		return false;
	if (at && !*path)
		return true;
	return rt_syscall(__NR_faccessat, dirfd, path, 1) == 0 &&
	       rt_syscall(__NR_newfstatat, dirfd, path, &st, 0) == 0 &&
	       (st.st_mode & 0170000) == 0100000;
}

void strace_enter(struct thread *t, struct strace_call *c, unsigned nr, const char *name,
		  const char *signature, const uint64_t args[6])
{
	const struct call_row *row;
	struct line l;

	nr = nr < STRACE_CALLS ? nr : STRACE_CALLS - 1;
	c->nr = nr;
	c->name = name;
	c->open = false;
	/* Before the child writes: that of a vfork comes back first. */
	if (rt_str_after(name, "clone"))
		shared->several = 1;
	c->signature = signature;
	memcpy(c->args, args, sizeof(c->args));
	c->shown = is_wanted(t->process, nr, name);
	if (t->process->options->strace_summary && !shared->name[nr][0])
		rt_strcpy(shared->name[nr], sizeof(shared->name[nr]), name);
	if (t->process->options->strace_summary)
		c->start = host_monotonic_ns();
	if (!c->shown)
		return;
	strace_format(c, name, signature, args);
	row = find_call(name);
	if (signature[0] == 'v' && !rt_str_eq(name, "rt_sigreturn")) {
		l = (struct line){ c->buf, sizeof(c->buf), c->length };
		line_add(&l, ")");
		pad(&l);
		line_add(&l, " = ?");
		write_piece(t, c->buf, l.length, true, true, NULL);
	} else if (rt_str_after(name, "execve") && will_execute(c)) {
		l = (struct line){ c->buf, sizeof(c->buf), c->length };
		line_add(&l, ")");
		pad(&l);
		line_add(&l, " = 0");
		write_piece(t, c->buf, l.length, true, true, NULL);
		c->buf[c->length] = 0;
	} else if (row && rt_strchr(row->classes, 'W')) {
		write_piece(t, c->buf, c->length, true, false, NULL);
		c->open = true;
	}
}

void strace_started(struct thread *t, const char *path, char **argv, char **envp)
{
	const uint64_t args[6] = { (uint64_t)path, (uint64_t)argv, (uint64_t)envp };
	struct strace_call c = { .nr = 0 };

	if (!is_wanted(t->process, STRACE_CALLS - 2, "execve"))
		return;
	strace_format(&c, "execve", "dsAp", args);
	strace_format_exit(&c, 0);
	write_piece(t, c.buf, c.length, true, true, NULL);
}

static void count(struct strace_call *c, int64_t result)
{
	struct counter *n = &shared->counter[c->nr];

	__atomic_add_fetch(&n->ns, host_monotonic_ns() - c->start, __ATOMIC_RELAXED);
	__atomic_add_fetch(&n->calls, 1, __ATOMIC_RELAXED);
	if (rt_is_error(result))
		__atomic_add_fetch(&n->errors, 1, __ATOMIC_RELAXED);
}

void strace_exit(struct thread *t, struct strace_call *c, int64_t result)
{
	bool clones = rt_str_eq(c->name, "clone") || rt_str_eq(c->name, "clone3");
	size_t before = c->length;

	/* The child's half. */
	if (clones && result == 0)
		return;
	if (t->process->options->strace_summary)
		count(c, result);
	if (!c->shown || (c->signature[0] == 'v' && result != SYS_NO_RESULT))
		return;
	if (rt_str_eq(c->name, "rt_sigreturn") && result == SYS_NO_RESULT) {
		struct line l = { c->buf, sizeof(c->buf), c->length };

		line_add(&l, "{mask=");
		strace_add_sigset(&l, t->sigmask);
		line_add(&l, "}");
		c->length = l.length;
		result = (int64_t)t->cpu.r[0];
	}
	strace_format_exit(c, result);
	if (c->open)
		write_piece(t, c->buf + before, c->length - before, false, true, c->name);
	else
		write_piece(t, c->buf, c->length, true, true, NULL);
}

/* ---- signals and ends ---- */

static bool is_on(struct thread *t)
{
	return shared && t->process->options->strace;
}

void strace_signal(struct thread *t, const struct host_siginfo *info)
{
	char buf[512];
	struct line l = { buf, sizeof(buf), 0 };

	if (!is_on(t))
		return;
	line_add(&l, "--- ");
	strace_add_signal(&l, info->signo);
	line_add(&l, " ");
	strace_add_siginfo(&l, info);
	line_add(&l, " ---");
	write_piece(t, buf, l.length, true, true, NULL);
}

void strace_killed(struct thread *t, int signo)
{
	char buf[64];
	struct line l = { buf, sizeof(buf), 0 };

	if (!is_on(t))
		return;
	line_add(&l, "+++ killed by ");
	strace_add_signal(&l, signo);
	line_add(&l, " +++");
	write_piece(t, buf, l.length, true, true, NULL);
}

void strace_exited(struct thread *t, int code)
{
	char buf[64];

	if (is_on(t))
		write_piece(t, buf, rt_format(buf, sizeof(buf), "+++ exited with %d +++", code & 0xff),
			    true, true, NULL);
}

/* ---- the summary ---- */

static void print(struct process *p, const char *format, ...)
{
	char line[160];
	va_list ap;

	va_start(ap, format);
	log_write(p, line, rt_vformat(line, sizeof(line), format, ap));
	va_end(ap);
}

static void print_row(struct process *p, const struct counter *n, uint64_t total, const char *name)
{
	uint64_t percent = total ? n->ns * 10000 / total : 0;
	char failed[24] = "";

	if (n->errors)
		rt_format(failed, sizeof(failed), "%lu", (unsigned long)n->errors);
	print(p, "%3lu.%02lu %4lu.%06lu %11lu %9lu %9s %s\n", (unsigned long)(percent / 100),
	      (unsigned long)(percent % 100), (unsigned long)(n->ns / 1000000000),
	      (unsigned long)(n->ns / 1000 % 1000000),
	      (unsigned long)(n->calls ? n->ns / 1000 / n->calls : 0), (unsigned long)n->calls,
	      failed, name);
}

void strace_summary(struct process *p)
{
	static const char rule[] = "------ ----------- ----------- --------- --------- ----------------\n";
	struct counter total = { 0 };

	if (!p->options->strace_summary || !shared ||
	    shared->first != (int)rt_syscall(__NR_getpid))
		return;
	for (unsigned i = 0; i < STRACE_CALLS; i++) {
		total.calls += shared->counter[i].calls;
		total.errors += shared->counter[i].errors;
		total.ns += shared->counter[i].ns;
	}
	print(p, "%% time     seconds  usecs/call     calls    errors syscall\n%s", rule);
	/* By time, the largest first. */
	for (;;) {
		struct counter *most = NULL;

		for (unsigned i = 0; i < STRACE_CALLS; i++) {
			struct counter *n = &shared->counter[i];

			if (n->calls && (!most || n->ns > most->ns))
				most = n;
		}
		if (!most)
			break;
		print_row(p, most, total.ns, shared->name[most - shared->counter]);
		most->calls = 0;
	}
	print(p, "%s", rule);
	print_row(p, &total, total.ns, "total");
}

/* ---- start ---- */

/* Our parent is a translator, too: then we are not alone. */
static bool has_relatives(void)
{
	char path[32], own[512], theirs[512];
	long n, m;

	rt_format(path, sizeof(path), "/proc/%d/exe", (int)rt_syscall(__NR_getppid));
	n = rt_syscall(__NR_readlinkat, AT_FDCWD, "/proc/self/exe", own, sizeof(own));
	m = rt_syscall(__NR_readlinkat, AT_FDCWD, path, theirs, sizeof(theirs));
	return n > 0 && n == m && memcmp(own, theirs, (size_t)n) == 0;
}

void strace_init(struct process *p)
{
	if (!p->options->strace && !p->options->strace_summary)
		return;
	shared = rt_map(sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!shared) {
		p->options->strace = p->options->strace_summary = false;
		return;
	}
	p->trace_calls = true;
	shared->first = (int)rt_syscall(__NR_getpid);
	shared->several = has_relatives();
}
