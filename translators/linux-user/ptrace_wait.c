/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The tracer's half of ptrace: host stops of tracees. Those that a tracee made by itself are
 * the guest's. Of the others,
 *   - signals are written into the tracee's struct thread, as its own handler would do it, and
 *     the tracee is sent to its next safepoint, where it shows them;
 *   - stops of the process and PTRACE_INTERRUPT also wait for the safepoint;
 *   - faults that the translator needs go to its handler;
 *   - execve is told to the new image through its registers (see rt/start.S);
 *   - what happens inside of a system call (clone, exit) is shown as it is.
 */
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/wait.h>

#include "linux-user/memory.h"
#include "linux-user/ptrace-internal.h"
#include "linux-user/signal.h"
#include "rt/arena.h"
#include "rt/mark.h"
#include "rt/memory.h"
#include "rt/text.h"
#include "rt/uaccess.h"

#define BIT(signo)   (1ull << ((signo) - 1))
#define SYNC_MASK                                                                            \
	(BIT(HOST_SIGSEGV) | BIT(HOST_SIGBUS) | BIT(HOST_SIGFPE) | BIT(HOST_SIGILL) |         \
	 BIT(HOST_SIGTRAP))
#define SI_KERNEL    0x80
#define DEFER_INTERRUPT (1ull << 63)

/* Negated results of the kernel for interrupted calls, RT_RESTART and its kin. */
#define FIRST_RESTART 512
#define LAST_RESTART  516

/* ---- the table ---- */

struct table_part {
	struct table_part *next;
	struct tracee entry[64];
};

static struct table_part *table;
static int table_owner; /* process; a child of fork() begins with none */

static struct tracee *find(int tid)
{
	for (struct table_part *p = table; p; p = p->next)
		for (unsigned i = 0; i < 64; i++)
			if (p->entry[i].tid == tid)
				return &p->entry[i];
	return NULL;
}

static bool is_owner(void)
{
	return table && table_owner == (int)rt_syscall(__NR_getpid);
}

struct tracee *tracee_find(int tid)
{
	struct tracee *e;

	if (!is_owner())
		return NULL;
	memory_lock(thread_self()->process);
	e = find(tid);
	memory_unlock(thread_self()->process);
	return e;
}

struct tracee *tracee_add(int tid)
{
	struct process *process = thread_self()->process;
	struct tracee *e;

	memory_lock(process);
	if (!is_owner()) {
		for (struct table_part *p = table; p; p = p->next)
			memset(p->entry, 0, sizeof(p->entry));
		table_owner = (int)rt_syscall(__NR_getpid);
	}
	e = find(tid);
	if (!e)
		e = find(0);
	if (!e) {
		struct table_part *p = rt_map_anon(sizeof(*p));

		if (p) {
			p->next = table;
			table = p;
			e = p->entry;
		}
	}
	if (e && !e->tid)
		*e = (struct tracee){ .tid = tid };
	memory_unlock(process);
	return e;
}

void tracee_remove(int tid)
{
	struct tracee *e = tracee_find(tid);

	if (e)
		__atomic_store_n(&e->tid, 0, __ATOMIC_RELEASE);
}

bool tracee_any(void)
{
	return table != NULL;
}

uint32_t tracee_host_options(const struct tracee *e)
{
	/* Each execve must be seen. */
	return e->options | OPT_EXEC;
}

/* ---- memory ---- */

struct iovec_ {
	uint64_t base, length;
};

/* Where process_vm_readv() is not allowed, ptrace still is. */
static int by_words(int tid, uint64_t address, char *buf, size_t size, bool write)
{
	for (size_t at = 0; at < size; at += 8) {
		size_t n = size - at < 8 ? size - at : 8;
		uint64_t word = 0;
		long r = 0;

		if (!write || n < 8)
			r = host_ptrace(REQ_PEEKDATA, tid, address + at, (uint64_t)&word);
		if (r < 0)
			return (int)r;
		if (!write) {
			memcpy(buf + at, &word, n);
			continue;
		}
		memcpy(&word, buf + at, n);
		r = host_ptrace(REQ_POKEDATA, tid, address + at, word);
		if (r < 0)
			return (int)r;
	}
	return 0;
}

int tracee_read(int tid, uint64_t address, void *buf, size_t size)
{
	struct iovec_ local = { (uint64_t)buf, size }, remote = { address, size };
	long r = rt_syscall(__NR_process_vm_readv, tid, &local, 1, &remote, 1, 0);

	return r == (long)size ? 0 : by_words(tid, address, buf, size, false);
}

int tracee_write(int tid, uint64_t address, const void *buf, size_t size)
{
	struct iovec_ local = { (uint64_t)buf, size }, remote = { address, size };
	long r = rt_syscall(__NR_process_vm_writev, tid, &local, 1, &remote, 1, 0);

	return r == (long)size ? 0 : by_words(tid, address, (char *)buf, size, true);
}

int tracee_trace(struct tracee *e, struct trace *ret)
{
	if (!e->thread || tracee_read(e->tid, THREAD_AT(e, trace), ret, sizeof(*ret)) < 0 ||
	    ret->magic != TRACE_MAGIC)
		return -ESRCH;
	return 0;
}

/* The struct thread that an fs base belongs to, or 0. */
static uint64_t thread_of(int tid, uint64_t fs_base)
{
	struct {
		uint64_t self, magic;
	} head;

	_Static_assert(offsetof(struct thread, trace.magic) ==
			       offsetof(struct thread, self) + 8, "the mark is behind self");
	if (!fs_base || tracee_read(tid, fs_base, &head, sizeof(head)) < 0 ||
	    head.magic != TRACE_MAGIC ||
	    head.self != fs_base - offsetof(struct thread, self))
		return 0;
	return head.self;
}

/* ---- code ---- */

void trace_written(struct tracee *e, uint64_t start, uint64_t length)
{
	struct trace_changes *there, changes;
	struct trace tr;

	if (tracee_trace(e, &tr) < 0)
		return;
	there = tr.changes;
	if (tracee_read(e->tid, (uint64_t)there, &changes, sizeof(changes)) < 0)
		return;
	changes.range[changes.written % TRACE_CHANGES].start = start;
	changes.range[changes.written % TRACE_CHANGES].length = length;
	changes.written++;
	tracee_write(e->tid, (uint64_t)there->range, changes.range, sizeof(changes.range));
	tracee_write(e->tid, (uint64_t)&there->written, &changes.written, 4);
}

/* ---- sending a tracee to its safepoint ---- */

/*
 * Also takes it out of an interrupted system call, which is restarted by the guest; the host
 * would do it behind the guest's back.
 */
static int kick(struct tracee *e, struct host_regs *regs)
{
	struct trace_points at;
	struct trace tr;
	int64_t rax = (int64_t)regs->rax;
	uint64_t to = 0;

	if (tracee_trace(e, &tr) < 0 ||
	    tracee_read(e->tid, (uint64_t)tr.points, &at, sizeof(at)) < 0)
		return -ESRCH;
	if (regs->rip == at.window_end && (int64_t)regs->orig_rax >= 0 && rax <= -FIRST_RESTART &&
	    rax >= -LAST_RESTART)
		to = at.window_end;
	else if (regs->rip >= at.window_start && regs->rip <= at.window_last)
		to = at.window_interrupted;
	if (to) {
		regs->rip = to;
		regs->orig_rax = ~0ull;
		host_ptrace(HOST_SETREGS, e->tid, 0, (uint64_t)regs);
	}
	return TRACE_PUT(e, cpu.pending, 1);
}

static int sync_index(int signo)
{
	static const uint8_t sync[SYNC_COUNT] = { HOST_SIGSEGV, HOST_SIGBUS, HOST_SIGFPE,
						  HOST_SIGILL, HOST_SIGTRAP };

	for (int i = 0; i < SYNC_COUNT; i++)
		if (sync[i] == signo)
			return i;
	return -1;
}

/* What record() of signal.c does in the tracee's own handler. */
static void record(struct tracee *e, int signo, const struct host_siginfo *info)
{
	uint64_t mask = ~SYNC_MASK;
	uint32_t recorded = 0;
	int i = sync_index(signo);

	if (i >= 0) {
		tracee_read(e->tid, THREAD_AT(e, sync_recorded), &recorded, 4);
		if (!(recorded & 1u << i))
			TRACE_PUT(e, sync_info[i], *info);
		TRACE_PUT(e, sync_recorded, recorded | 1u << i);
		return;
	}
	tracee_read(e->tid, THREAD_AT(e, recorded), &recorded, 4);
	if (recorded) {
		TRACE_PUT(e, trace.more_info, *info);
		TRACE_PUT(e, trace.more, (uint32_t)signo);
	} else {
		TRACE_PUT(e, info, *info);
		TRACE_PUT(e, recorded, (uint32_t)signo);
	}
	host_ptrace(REQ_SETSIGMASK, e->tid, 8, (uint64_t)&mask);
}

/* ---- new tracees ---- */

static void mark(struct tracee *e)
{
	struct trace_orders orders = { .traced = 1 };

	TRACE_PUT(e, trace.orders, orders);
	TRACE_PUT(e, trace.options, e->options);
	TRACE_PUT(e, trace.seized, e->seized);
	TRACE_PUT(e, trace.want, 0);
	TRACE_PUT(e, trace.pass, 0);
	e->marked = 1;
	e->syscalls = TRACE_SYSCALLS_OFF;
}

/* The first stop of one that nobody attached: a child that asked for it, or one that the host
 * attached together with its parent, whose struct trace it has. */
static struct tracee *adopt(int tid, uint32_t event)
{
	struct tracee *e = tracee_add(tid);

	if (e) {
		e->seized = event == EVENT_STOP;
		e->set_options = 1;
	}
	return e;
}

static void settle_new(struct tracee *e, bool adopted)
{
	struct trace tr;

	if (tracee_trace(e, &tr) < 0)
		return;
	if (adopted && tr.orders.traced)
		e->options = tr.options;
	if (adopted && !tr.fresh) {
		TRACE_PUT(e, recorded, 0);
		TRACE_PUT(e, cpu.pending, 0);
		TRACE_PUT(e, trace.more, 0);
		TRACE_PUT(e, trace.fresh, 1);
	}
	mark(e);
}

/* ---- execve ---- */

static bool at_entry(int tid, const struct host_regs *regs)
{
	char text[16];

	return !regs->fs_base && tracee_read(tid, regs->rip - 16, text, 16) == 0 &&
	       memcmp(text, RT_START_MARK, 16) == 0;
}

static void start_image(struct tracee *e, struct host_regs *regs, uint32_t event)
{
	uint64_t mask = 0, closed = ~SYNC_MASK, former = (uint64_t)e->tid;

	if (event == EVENT_EXEC)
		host_ptrace(REQ_GETEVENTMSG, e->tid, 0, (uint64_t)&former);
	if ((int)former != e->tid) {
		struct tracee *before = tracee_find((int)former);

		if (before) {
			e->options = before->options;
			e->seized = before->seized;
			e->syscalls = before->syscalls;
			tracee_remove((int)former);
		}
	}
	host_ptrace(REQ_GETSIGMASK, e->tid, 8, (uint64_t)&mask);
	host_ptrace(REQ_SETSIGMASK, e->tid, 8, (uint64_t)&closed);
	regs->rdx = TRACE_ENTRY_WORD;
	regs->rcx = e->options | (e->seized ? TRACE_ENTRY_SEIZED : 0) |
		    TRACE_ENTRY_SYSCALL * e->syscalls;
	regs->r8 = mask;
	regs->r9 = former;
	host_ptrace(HOST_SETREGS, e->tid, 0, (uint64_t)regs);
	e->thread = 0;
	e->marked = 1;
	e->starting = 1;
}

/* ---- stops ---- */

static bool go_on(struct tracee *e, int signo)
{
	host_ptrace(REQ_CONT, e->tid, 0, (uint64_t)signo);
	return false;
}

/* Of one that has no struct thread: a program of another kind, or one that just begins. */
static bool filter_foreign(struct tracee *e, uint32_t *code)
{
	uint32_t event = *code >> 8, signo = *code & 0x7f;

	e->guest_stop = 0;
	if (e->thread) {
		/* It had one: a thread that ends. */
		return go_on(e, 0);
	}
	if (e->starting) {
		if (event == EVENT_EXIT)
			return true;
		if (event == EVENT_STOP)
			e->deferred |= DEFER_INTERRUPT;
		else if (BIT(signo) & SYNC_MASK)
			return go_on(e, (int)signo);
		else if (!event)
			e->deferred |= BIT(signo);
		return go_on(e, 0);
	}
	if (event == EVENT_EXEC && !(e->options & OPT_EXEC)) {
		*code = HOST_SIGTRAP;
		return e->seized ? go_on(e, 0) : true;
	}
	return true;
}

static void send_deferred(struct tracee *e)
{
	uint64_t deferred = e->deferred;

	e->deferred = 0;
	e->starting = 0;
	for (int s = 1; s < 63; s++)
		if (deferred & BIT(s))
			rt_syscall(__NR_tkill, e->tid, s);
	if (deferred & DEFER_INTERRUPT)
		host_ptrace(REQ_INTERRUPT, e->tid, 0, 0);
}

static bool filter_event(struct tracee *e, const struct trace *tr, uint32_t code)
{
	uint32_t event = code >> 8;

	if (tr->forking && (event == EVENT_FORK || event == EVENT_CLONE)) {
		uint64_t message = 0;

		host_ptrace(REQ_GETEVENTMSG, e->tid, 0, (uint64_t)&message);
		TRACE_PUT(e, trace.event_message, message);
		TRACE_PUT(e, trace.event, code);
		return go_on(e, 0);
	}
	return true;
}

static bool filter_signal(struct tracee *e, const struct trace *tr, struct host_regs *regs,
			  uint32_t *code)
{
	int signo = (int)(*code & 0x7f);
	struct host_siginfo info;
	long r = host_ptrace(REQ_GETSIGINFO, e->tid, 0, (uint64_t)&info);

	if (r == -EINVAL) {
		/* No signal: the process is being stopped. */
		if (tr->settled || tr->stop)
			return true;
		TRACE_PUT(e, trace.want, *code);
		kick(e, regs);
		return go_on(e, 0);
	}
	if (r < 0)
		return false;
	if (signo == HOST_SIGTRAP && info.code == SI_KERNEL && tr->stop &&
	    regs->rip == (uint64_t)tr->points->trap_end) {
		*code = tr->code;
		if ((tr->stop == TRACE_ENTRY || tr->stop == TRACE_EXIT) &&
		    (e->options & OPT_SYSGOOD))
			*code |= 0x80;
		e->guest_stop = 1;
		if (e->starting)
			send_deferred(e);
		return true;
	}
	if (sync_index(signo) >= 0 && info.code > 0)
		return go_on(e, signo);
	if (tr->pass == (uint32_t)signo) {
		TRACE_PUT(e, trace.pass, 0);
		return go_on(e, signo);
	}
	record(e, signo, &info);
	kick(e, regs);
	return go_on(e, 0);
}

bool trace_filter(struct thread *t, int tid, uint32_t *code)
{
	uint32_t event = *code >> 8;
	struct tracee *e = tracee_find(tid);
	bool adopted = !e;
	struct trace_points points;
	struct host_regs regs;
	struct trace tr;

	(void)t;
	/* Stopped for its parent, not for a tracer; or for another thread of this tracer. */
	if (host_ptrace(HOST_GETREGS, tid, 0, (uint64_t)&regs) < 0)
		return true;
	if (adopted)
		e = adopt(tid, event);
	if (!e)
		return true;
	e->guest_stop = 0;
	if (at_entry(tid, &regs) && !e->starting) {
		start_image(e, &regs, event);
		if (e->set_options)
			host_ptrace(REQ_SETOPTIONS, tid, 0, tracee_host_options(e));
		e->set_options = 0;
		return go_on(e, 0);
	}
	if (!e->thread || tracee_trace(e, &tr) < 0) {
		uint64_t thread = thread_of(tid, regs.fs_base);

		e->thread = thread ? thread : e->thread;
	}
	if (tracee_trace(e, &tr) == 0 && !e->marked)
		settle_new(e, adopted);
	if (e->set_options)
		host_ptrace(REQ_SETOPTIONS, tid, 0, tracee_host_options(e));
	e->set_options = 0;
	if (tracee_trace(e, &tr) < 0)
		return filter_foreign(e, code);
	/* The pointer is good there only. */
	if (tracee_read(tid, (uint64_t)tr.points, &points, sizeof(points)) < 0)
		return filter_foreign(e, code);
	tr.points = &points;
	switch (event) {
	case 0: return filter_signal(e, &tr, &regs, code);
	case EVENT_EXEC: return filter_foreign(e, code);
	case EVENT_STOP:
		if (tr.settled || tr.stop)
			return true;
		TRACE_PUT(e, trace.want, *code);
		kick(e, &regs);
		return go_on(e, 0);
	default: return filter_event(e, &tr, *code);
	}
}

/* ---- waiting ---- */

#define CODE_TRAPPED 4
#define CODE_STOPPED 5

int64_t sys_wait4(struct thread *t, const uint64_t *a)
{
	for (;;) {
		int32_t status = 0;
		uint32_t code;
		int64_t r = guest_sys(t, __NR_wait4, a[0], &status, a[2], a[3]);

		if (r <= 0)
			return r;
		if ((status & 0xff) == 0x7f) {
			code = (uint32_t)status >> 8;
			if (!trace_filter(t, (int)r, &code))
				continue;
			status = (int32_t)(code << 8 | 0x7f);
		} else if (status != 0xffff && tracee_any()) {
			tracee_remove((int)r);
		}
		if (a[1] && copy_to_guest(a[1], &status, sizeof(status)) < 0)
			return -EFAULT;
		return r;
	}
}

struct child_info {
	int32_t signo, error, code, pad, pid;
	uint32_t uid;
	int32_t status;
	uint32_t rest[25];
};
_Static_assert(sizeof(struct child_info) == 128, "siginfo_t");

int64_t sys_waitid(struct thread *t, const uint64_t *a)
{
	for (;;) {
		struct child_info info = { 0 };
		uint32_t code;
		int64_t r = guest_sys(t, __NR_waitid, a[0], a[1], &info, a[3], a[4]);

		if (sys_is_restart(r))
			return r;
		if (info.code == CODE_TRAPPED || info.code == CODE_STOPPED) {
			code = (uint32_t)info.status;
			if (!trace_filter(t, info.pid, &code))
				continue;
			info.status = (int32_t)code;
		} else if (info.pid && info.code < CODE_TRAPPED && tracee_any() &&
			   !(a[3] & WNOWAIT)) {
			tracee_remove(info.pid);
		}
		/* The kernel writes the first part only, zeroes after an error. */
		if (a[2] && copy_to_guest(a[2], &info, offsetof(struct child_info, rest)) < 0)
			return -EFAULT;
		return r;
	}
}
