/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The tracee's half of ptrace: stops at safepoints, and what the tracer's orders mean. Without
 * a tracer nothing here runs; a tracer that has gone is noticed at the next trap.
 */
#include <linux/errno.h>

#include "linux-user/ptrace-internal.h"
#include "linux-user/signal.h"
#include "rt/memory.h"

#define BIT(signo)   (1ull << ((signo) - 1))
#define TRAP_TRACE   2
#define SI_KERNEL    0x80
#define SYSCALL_EXEC 221

static struct trace_points points;
static struct trace_changes changes;

void trace_thread_init(struct thread *t)
{
	if (!points.trap_end) {
		points = (struct trace_points){
			.window_start = (uint64_t)rt_window_start,
			.window_last = (uint64_t)rt_window_last,
			.window_end = (uint64_t)rt_window_end,
			.window_interrupted = (uint64_t)rt_window_interrupted,
			.trap_end = (uint64_t)rt_trap_end,
		};
	}
	t->trace.magic = TRACE_MAGIC;
	t->trace.points = &points;
	t->trace.changes = &changes;
}

/* Drops translations of what the tracer wrote. Threads that do it at the same time do it
 * twice. */
static void forget_changed_code(void)
{
	uint32_t written = __atomic_load_n(&changes.written, __ATOMIC_ACQUIRE);
	uint32_t done = changes.done;

	if (written == done)
		return;
	if (written - done > TRACE_CHANGES)
		engine_invalidate(0, 1ull << 47);
	else
		for (uint32_t n = done; n != written; n++)
			engine_invalidate(changes.range[n % TRACE_CHANGES].start,
					  changes.range[n % TRACE_CHANGES].length);
	changes.done = written;
}

/* After the tracer had its way. */
static void take_over(struct thread *t)
{
	struct trace *tr = &t->trace;

	if (tr->vectors_changed)
		engine_vec_load(&t->cpu);
	/* While something is recorded, its delivery opens the mask. */
	if (tr->mask_changed && !__atomic_load_n(&t->cpu.pending, __ATOMIC_ACQUIRE))
		signal_restore_mask(t);
	tr->vectors_changed = tr->mask_changed = 0;
	forget_changed_code();
}

/* tr->info is what PTRACE_GETSIGINFO shows; orders.signo what happens without a tracer. */
static void stop(struct thread *t, enum trace_stop kind, uint32_t code, uint64_t message)
{
	struct trace *tr = &t->trace;

	tr->code = code;
	tr->message = message;
	engine_vec_store(&t->cpu);
	__atomic_store_n(&tr->stop, (uint8_t)kind, __ATOMIC_RELEASE);
	rt_trap();
	__atomic_store_n(&tr->stop, (uint8_t)TRACE_RUNS, __ATOMIC_RELEASE);
	take_over(t);
}

/* The siginfo of a stop that is no signal. */
static void set_notice(struct thread *t, int signo, uint32_t code)
{
	t->trace.info = (struct host_siginfo){
		.signo = signo,
		.code = (int32_t)code,
		.pid = (int)rt_syscall(__NR_getpid),
		.uid = (uint32_t)rt_syscall(__NR_getuid),
	};
}

static void stop_event(struct thread *t, unsigned event, uint64_t message)
{
	uint32_t code = HOST_SIGTRAP | event << 8;

	set_notice(t, HOST_SIGTRAP, code);
	t->trace.orders.signo = 0;
	stop(t, TRACE_EVENT, code, message);
}

void trace_ended(struct thread *t)
{
	struct trace *tr = &t->trace;

	tr->orders.traced = tr->orders.syscalls = tr->orders.step = 0;
	tr->want = tr->event = 0;
}

void trace_child(struct thread *t)
{
	struct trace *tr = &t->trace;

	tr->in_syscall = tr->forking = tr->settled = 0;
	tr->pass = tr->event = 0;
	tr->syscall = -1;
	if (tr->fresh)
		return;
	/* Nobody stopped it: it is no tracee. What is recorded was its parent's. */
	trace_ended(t);
	tr->more = 0;
	t->recorded = 0;
	__atomic_store_n(&t->cpu.pending, 0, __ATOMIC_RELEASE);
}

/* ---- signals ---- */

/*
 * As on arm64, a tracer sees an interrupted system call before its restart: the pc is at the
 * instruction again. Returns where it was, 0: no such call.
 */
static uint64_t show_restart(struct thread *t)
{
	uint64_t behind = t->cpu.pc;

	if (!t->restart_pending)
		return 0;
	t->abi->rewind(&t->cpu);
	return behind;
}

static void after_restart(struct thread *t, uint64_t behind)
{
	uint64_t now = t->cpu.pc;

	if (!behind)
		return;
	t->cpu.pc = behind;
	t->abi->rewind(&t->cpu);
	if (t->cpu.pc == now) {
		t->cpu.pc = behind;
		return;
	}
	/* The tracer sent it elsewhere. */
	t->cpu.pc = now;
	t->restart_pending = t->restart_always = t->restart_eintr = t->restart_block = false;
}

int trace_signal(struct thread *t, int signo, struct host_siginfo *info, bool forced)
{
	struct trace *tr = &t->trace;
	uint64_t behind;

	if (!tr->orders.traced)
		return signo;
	behind = show_restart(t);
	tr->info = *info;
	tr->orders.signo = signo;
	stop(t, TRACE_SIGNAL, (uint32_t)signo, 0);
	after_restart(t, behind);
	*info = tr->info;
	signo = tr->orders.signo;
	if (signo <= 0 || signo > HOST_NSIG)
		return 0;
	if (signo != info->signo)
		*info = (struct host_siginfo){
			.signo = signo, .pid = tr->orders.pid, .uid = tr->orders.uid,
		};
	if (!forced && (t->sigmask & BIT(signo)) && !t->suspended) {
		signal_requeue(t, signo, info);
		return 0;
	}
	return signo;
}

/* A signal that the tracer gave at a stop that is none. */
static void send_ordered(struct thread *t)
{
	int signo = t->trace.orders.signo;
	struct host_siginfo info = { .signo = signo, .code = SI_KERNEL };

	t->trace.orders.signo = 0;
	if (signo > 0 && signo <= HOST_NSIG)
		rt_syscall(__NR_rt_tgsigqueueinfo, rt_syscall(__NR_getpid),
			   rt_syscall(__NR_gettid), signo, &info);
}

void trace_wanted(struct thread *t)
{
	struct trace *tr = &t->trace;
	uint32_t code = __atomic_exchange_n(&tr->want, 0, __ATOMIC_ACQUIRE);
	uint64_t behind;

	if (!code || !tr->orders.traced)
		return;
	behind = show_restart(t);
	set_notice(t, (int)(code & 0x7f), code);
	tr->orders.signo = 0;
	stop(t, TRACE_GROUP, code, 0);
	after_restart(t, behind);
}

void trace_stop_process(struct thread *t, int signo)
{
	struct trace *tr = &t->trace;
	uint64_t behind = show_restart(t), mask = BIT(signo);

	engine_vec_store(&t->cpu);
	tr->settled = 1;
	__atomic_store_n(&tr->pass, (uint32_t)signo, __ATOMIC_RELEASE);
	rt_syscall(__NR_tgkill, rt_syscall(__NR_getpid), rt_syscall(__NR_gettid), signo);
	/* Here it stops. */
	rt_syscall(__NR_rt_sigprocmask, HOST_SIG_UNBLOCK, &mask, NULL, 8);
	tr->pass = 0;
	tr->settled = 0;
	after_restart(t, behind);
	take_over(t);
}

/* ---- system calls ---- */

bool trace_syscall_entry(struct thread *t, int64_t *ret_result)
{
	struct trace *tr = &t->trace;
	uint8_t mode = tr->orders.syscalls;

	tr->syscall = t->abi->get_syscall(&t->cpu, &tr->argument);
	tr->in_syscall = 1;
	if (mode == TRACE_SYSCALLS_OFF)
		return true;
	if (tr->syscall == -1)
		t->abi->set_result(&t->cpu, -ENOSYS);
	set_notice(t, HOST_SIGTRAP, HOST_SIGTRAP);
	tr->orders.signo = 0;
	stop(t, TRACE_ENTRY, HOST_SIGTRAP, 1);
	send_ordered(t);
	if (mode != TRACE_SYSCALLS_SKIP && tr->syscall != -1)
		return true;
	t->abi->get_syscall(&t->cpu, (uint64_t *)ret_result);
	return false;
}

bool trace_syscall_exit(struct thread *t, int64_t restart)
{
	struct trace *tr = &t->trace;
	bool changed = false;
	uint64_t shown;

	if (tr->event) {
		uint32_t event = tr->event >> 8;

		tr->event = 0;
		stop_event(t, event, tr->event_message);
	}
	if (tr->orders.syscalls == TRACE_SYSCALLS_STOP) {
		if (restart)
			t->abi->set_result(&t->cpu, restart);
		set_notice(t, HOST_SIGTRAP, HOST_SIGTRAP);
		tr->orders.signo = 0;
		stop(t, TRACE_EXIT, HOST_SIGTRAP, 2);
		send_ordered(t);
		if (restart) {
			t->abi->get_syscall(&t->cpu, &shown);
			changed = shown != (uint64_t)restart;
		}
	}
	if (restart && !changed)
		t->abi->set_result(&t->cpu, (int64_t)tr->argument);
	tr->in_syscall = 0;
	take_over(t);
	return changed;
}

bool trace_seccomp(struct thread *t, uint32_t data)
{
	if (!t->trace.orders.traced || !(t->trace.options & OPT_SECCOMP))
		return false;
	stop_event(t, EVENT_SECCOMP, data);
	send_ordered(t);
	return true;
}

void trace_exit(struct thread *t, int code)
{
	if (t->trace.orders.traced && (t->trace.options & OPT_EXIT))
		stop_event(t, EVENT_EXIT, (uint64_t)(code & 0xff) << 8);
}

/* ---- single steps ---- */

void trace_stepped(struct thread *t)
{
	signal_force(t, HOST_SIGTRAP, TRAP_TRACE, t->cpu.pc);
}

void trace_stepped_into_handler(struct thread *t)
{
	set_notice(t, HOST_SIGTRAP, HOST_SIGTRAP);
	t->trace.orders.signo = 0;
	stop(t, TRACE_EVENT, HOST_SIGTRAP, 0);
	send_ordered(t);
}

/* ---- execve ---- */

void trace_start(struct thread *t)
{
	const uint64_t *entry = t->process->info->entry;
	struct trace *tr = &t->trace;

	if (entry[0] != TRACE_ENTRY_WORD)
		return;
	tr->orders.traced = tr->fresh = 1;
	tr->seized = !!(entry[1] & TRACE_ENTRY_SEIZED);
	tr->orders.syscalls = (uint8_t)(entry[1] / TRACE_ENTRY_SYSCALL & 3);
	tr->options = (uint32_t)entry[1];
	tr->syscall = SYSCALL_EXEC;
	tr->in_syscall = 1;
	t->sigmask = entry[2];
	if (tr->options & OPT_EXEC)
		stop_event(t, EVENT_EXEC, entry[3]);
	trace_syscall_exit(t, 0);
	if (!(tr->options & OPT_EXEC) && !tr->seized && tr->orders.traced) {
		struct host_siginfo info = {
			.signo = HOST_SIGTRAP,
			.pid = (int)rt_syscall(__NR_getpid),
			.uid = (uint32_t)rt_syscall(__NR_getuid),
		};

		signal_requeue(t, HOST_SIGTRAP, &info);
		engine_stop(&t->cpu);
	}
	if (!t->recorded)
		signal_restore_mask(t);
}
