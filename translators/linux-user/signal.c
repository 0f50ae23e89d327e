/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Signals.
 *
 * The kernel keeps as much as possible: the mask, the queue, ignored signals and default
 * actions are the host's own. A host handler is installed only where the guest has one, and
 * for the signals whose default action would dump the translator's core.
 *
 * The handler records one signal in the thread and changes the mask of the context it returns
 * to, so that no second asynchronous one can follow until this one is delivered: so one slot is
 * enough, and the kernel does the queueing. It asks translated code to stop at the next
 * safepoint, and takes an interrupted system call stub out of its window.
 *
 * SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGTRAP are different: translated code needs them at any
 * time, so they are never blocked at the host and always handled. The guest's mask and
 * dispositions for them are virtual; one slot each holds what arrives while blocked.
 */
#include <linux/errno.h>
#include <linux/prctl.h>
#include <linux/resource.h>

#include "linux-user/core.h"
#include "linux-user/crash.h"
#include "linux-user/memory.h"
#include "linux-user/signal.h"
#include "linux-user/strace.h"
#include "linux-user/thread.h"
#include "rt/memory.h"
#include "rt/text.h"
#include "rt/uaccess.h"

#define BIT(signo) (1ull << ((signo) - 1))

#define UNBLOCKABLE (BIT(HOST_SIGKILL) | BIT(HOST_SIGSTOP))
#define SYNC_MASK                                                                            \
	(BIT(HOST_SIGSEGV) | BIT(HOST_SIGBUS) | BIT(HOST_SIGFPE) | BIT(HOST_SIGILL) |         \
	 BIT(HOST_SIGTRAP))
/* Their default action dumps core. */
#define CORE_MASK                                                                            \
	(SYNC_MASK | BIT(HOST_SIGQUIT) | BIT(HOST_SIGABRT) | BIT(HOST_SIGXCPU) |              \
	 BIT(HOST_SIGXFSZ) | BIT(HOST_SIGSYS))

/* Their default action ends the process, too: all the others but those that are ignored or stop. */
#define FATAL_MASK                                                                           \
	(~(CORE_MASK | UNBLOCKABLE | BIT(HOST_SIGCHLD) | BIT(HOST_SIGCONT) | BIT(HOST_SIGURG) | \
	   BIT(HOST_SIGWINCH) | BIT(HOST_SIGTSTP) | BIT(HOST_SIGTTIN) | BIT(HOST_SIGTTOU)))

#define HANDLER_DFL 0
#define HANDLER_IGN 1

#define SS_ONSTACK    1
#define SS_DISABLE    2
#define SS_AUTODISARM ((int32_t)(1u << 31))

static const uint8_t sync_signals[SYNC_COUNT] = { HOST_SIGSEGV, HOST_SIGBUS, HOST_SIGFPE,
						  HOST_SIGILL, HOST_SIGTRAP };

/* Those that end a process by default, when somebody wants to be told before. */
static uint64_t watched;

/* Does a system call leave rcx alone on this machine? Set once. */
static bool host_keeps_rcx;

static int sync_index(int signo)
{
	for (int i = 0; i < SYNC_COUNT; i++)
		if (sync_signals[i] == signo)
			return i;
	return -1;
}

const char *signal_name(int signo)
{
	switch (signo) {
	case HOST_SIGILL: return "Illegal instruction";
	case HOST_SIGTRAP: return "Trace/breakpoint trap";
	case HOST_SIGABRT: return "Aborted";
	case HOST_SIGBUS: return "Bus error";
	case HOST_SIGFPE: return "Floating point exception";
	case HOST_SIGSEGV: return "Segmentation fault";
	case HOST_SIGSYS: return "Bad system call";
	case HOST_SIGQUIT: return "Quit";
	default: return "signal";
	}
}

/* ---- host side ---- */

_Noreturn static void internal_error(struct thread *t, int signo, struct host_siginfo *info,
				     struct host_ucontext *uc)
{
	uint64_t base, end;

	rt_image_range(&base, &end);
	rt_log("%s: internal error: signal %d (%s), code %d, address 0x%lx at host pc 0x%lx "
	       "(image + 0x%lx), guest pc near 0x%lx\n",
	       t->abi->program, signo, signal_name(signo), info->code,
	       (unsigned long)info->addr, (unsigned long)uc->rip,
	       (unsigned long)(uc->rip - base), (unsigned long)t->cpu.pc);
	signal_die(t, signo, false);
}

static void record(struct thread *t, int signo, const struct host_siginfo *info,
		   struct host_ucontext *uc)
{
	int i = sync_index(signo);

	if (i >= 0) {
		if (!(t->sync_recorded & 1u << i))
			t->sync_info[i] = *info;
		t->sync_recorded |= 1u << i;
	} else {
		uc->sigmask |= ~SYNC_MASK;
		/* The slot is busy when a signal came in just before the runtime opened the
		 * mask again: then the kernel keeps this one, as it is, until later. */
		if (t->recorded)
			rt_syscall(__NR_rt_tgsigqueueinfo, rt_syscall(__NR_getpid),
				   rt_syscall(__NR_gettid), signo, info);
		else
			t->info = *info;
		t->recorded = t->recorded ? t->recorded : (uint32_t)signo;
	}
	engine_stop(&t->cpu);
	uc->rip = rt_syscall_interrupt(uc->rip, uc->rcx, host_keeps_rcx);
}

/* On the thread's alternate stack, all asynchronous signals blocked. */
static void host_handler(int signo, struct host_siginfo *info, struct host_ucontext *uc)
{
	struct thread *t = thread_self();
	uint64_t fixup;

	if (signo == HOST_SIGTRAP && info->code > 0 && uc->rip == (uint64_t)rt_trap_end) {
		trace_ended(t);
		return;
	}
	if (__builtin_expect(gdb_enabled, 0) && gdb_host_signal(t, signo, info)) {
		engine_stop(&t->cpu);
		uc->rip = rt_syscall_interrupt(uc->rip, uc->rcx, host_keeps_rcx);
		return;
	}
	/* Positive codes are the kernel's own: a fault of the running code. */
	if (sync_index(signo) < 0 || info->code <= 0) {
		record(t, signo, info, uc);
		return;
	}
	/* First: a fault-safe copy may be inside one of the engine's guarded calls. */
	fixup = uaccess_fixup(uc->rip);
	if (fixup) {
		uc->rip = fixup;
		return;
	}
	if (engine_handle_fault(&t->cpu, signo, info, uc) == ENGINE_FAULT_NOT_OURS)
		internal_error(t, signo, info, uc);
}

static long host_sigaction(int signo, const struct host_sigaction *new, struct host_sigaction *old)
{
	return rt_syscall(__NR_rt_sigaction, signo, new, old, 8);
}

static long install(int signo, uint64_t handler, struct host_sigaction *old)
{
	struct host_sigaction sa = { .handler = handler };

	if (handler > HANDLER_IGN) {
		sa.flags = HOST_SA_SIGINFO | HOST_SA_ONSTACK | HOST_SA_RESTART | HOST_SA_RESTORER;
		sa.restorer = (uint64_t)rt_sigreturn;
		sa.mask = ~SYNC_MASK;
	}
	return host_sigaction(signo, &sa, old);
}

/* The host's disposition for a guest's. */
static uint64_t host_disposition(int signo, uint64_t guest_handler)
{
	if (BIT(signo) & SYNC_MASK)
		return (uint64_t)host_handler;
	if (guest_handler == HANDLER_IGN)
		return HANDLER_IGN;
	if (guest_handler == HANDLER_DFL && !(BIT(signo) & (CORE_MASK | watched)))
		return HANDLER_DFL;
	return (uint64_t)host_handler;
}

uint64_t signal_host_mask(uint64_t mask)
{
	return mask & ~(SYNC_MASK | UNBLOCKABLE);
}

static void host_set_mask(uint64_t mask, uint64_t *old)
{
	rt_syscall(__NR_rt_sigprocmask, HOST_SIG_SETMASK, &mask, old, 8);
}

void signal_block_all(void)
{
	host_set_mask(~SYNC_MASK, NULL);
}

void signal_restore_mask(struct thread *t)
{
	host_set_mask(signal_host_mask(t->sigmask), NULL);
}

void signal_set_mask(struct thread *t, uint64_t mask)
{
	t->sigmask = mask & ~UNBLOCKABLE;
	signal_restore_mask(t);
	/* A virtual one may have become deliverable. */
	if (t->sync_recorded)
		engine_stop(&t->cpu);
}

void signal_thread_init(struct thread *t)
{
	struct host_stack ss = { 0 };

	ss.sp = (uint64_t)thread_altstack(t, &ss.size);
	rt_syscall(__NR_sigaltstack, &ss, NULL);
	t->altstack_flags = SS_DISABLE;
}

void signal_init(struct thread *t)
{
	uint64_t mask = 0;

	if (t->process->trace_calls || t->process->options->gdb)
		watched = FATAL_MASK;
	host_keeps_rcx = rt_syscall_keeps_rcx();
	signal_thread_init(t);
	for (int s = 1; s <= HOST_NSIG; s++) {
		struct host_sigaction old;

		if (!(BIT(s) & (CORE_MASK | watched)) || install(s, (uint64_t)host_handler, &old) < 0)
			continue;
		if (old.handler != HANDLER_IGN)
			continue;
		t->sighand->action[s - 1].handler = HANDLER_IGN;
		install(s, host_disposition(s, HANDLER_IGN), NULL);
	}
	rt_syscall(__NR_rt_sigprocmask, HOST_SIG_BLOCK, NULL, &mask, 8);
	t->sigmask = mask & ~UNBLOCKABLE;
	if (mask & SYNC_MASK)
		signal_restore_mask(t);
}

/* ---- death ---- */

_Noreturn void signal_die(struct thread *t, int signo, bool report)
{
	struct host_sigaction sa = { .handler = HANDLER_DFL };
	uint64_t open = BIT(signo), no_core[2] = { 0, 0 };
	const char *reason = NULL;
	bool dumped = false;

	signal_block_all();
	if (BIT(signo) & CORE_MASK && t->death.signo == signo)
		dumped = core_dump(t, &t->death, &reason);
	if (report)
		crash_report(t, signo, dumped ? "core dumped" : reason ? reason : "no core dumped");
	/* The core would be the translator's. The dumpable flag belongs to the address space,
	 * the limit to the process. */
	if (BIT(signo) & CORE_MASK) {
		if (!t->shares_vm)
			rt_syscall(__NR_prctl, PR_SET_DUMPABLE, 0);
		else
			rt_syscall(__NR_setrlimit, RLIMIT_CORE, no_core);
	}
	strace_killed(t, signo);
	if (gdb_enabled)
		gdb_killed(t, signo);
	strace_summary(t->process);
	host_sigaction(signo, &sa, NULL);
	t->trace.pass = (uint32_t)signo;
	rt_syscall(__NR_tgkill, rt_syscall(__NR_getpid), rt_syscall(__NR_gettid), signo);
	rt_syscall(__NR_rt_sigprocmask, HOST_SIG_UNBLOCK, &open, NULL, 8);
	for (;;)
		rt_syscall(__NR_exit_group, 128 + signo);
}

/* ---- delivery ---- */

static bool on_altstack(const struct thread *t, uint64_t sp)
{
	if (t->altstack_flags & SS_AUTODISARM)
		return false;
	return t->altstack_size && sp > t->altstack_sp && sp - t->altstack_sp <= t->altstack_size;
}

uint64_t signal_frame_top(struct thread *t, uint64_t sp, uint64_t flags)
{
	if ((flags & HOST_SA_ONSTACK) && t->altstack_size && !on_altstack(t, sp))
		return t->altstack_sp + t->altstack_size;
	return sp;
}

/* After an interrupted system call: back to the instruction, or -EINTR. */
static void settle_restart(struct thread *t, bool handler, bool sa_restart)
{
	if (!t->restart_pending)
		return;
	if (t->restart_always || !handler || (sa_restart && !t->restart_eintr)) {
		t->abi->rewind(&t->cpu);
		if (t->restart_block)
			t->abi->set_restart(&t->cpu);
	} else {
		t->abi->set_result(&t->cpu, -EINTR);
	}
	t->restart_pending = t->restart_always = t->restart_eintr = t->restart_block = false;
}

bool signal_is_handled(const struct thread *t, int signo)
{
	return t->sighand->action[signo - 1].handler > HANDLER_IGN && !(t->sigmask & BIT(signo));
}

static bool default_ignores(int signo)
{
	return signo == HOST_SIGCHLD || signo == HOST_SIGURG || signo == HOST_SIGWINCH ||
	       signo == HOST_SIGCONT;
}

/* The host takes these actions itself, unless a tracer held the signal. */
static bool default_stops(int signo)
{
	return signo == HOST_SIGSTOP || signo == HOST_SIGTSTP || signo == HOST_SIGTTIN ||
	       signo == HOST_SIGTTOU;
}

void signal_requeue(struct thread *t, int signo, const struct host_siginfo *info)
{
	int i = sync_index(signo);

	if (i < 0) {
		rt_syscall(__NR_rt_tgsigqueueinfo, rt_syscall(__NR_getpid),
			   rt_syscall(__NR_gettid), signo, info);
		return;
	}
	if (!(t->sync_recorded & 1u << i))
		t->sync_info[i] = *info;
	t->sync_recorded |= 1u << i;
}

/* `forced`: a fault of the guest's own, which cannot be blocked or ignored. */
static void deliver_one(struct thread *t, int signo, const struct host_siginfo *info, bool forced)
{
	struct guest_sigaction *slot = &t->sighand->action[signo - 1];
	struct guest_sigaction action = *slot;
	struct host_siginfo changed, shown;
	uint64_t saved, during;

	if (__builtin_expect(t->trace.orders.traced, 0)) {
		shown = *info;
		signo = trace_signal(t, signo, &shown, forced);
		if (!signo)
			return;
		forced = forced && signo == info->signo;
		info = &shown;
		slot = &t->sighand->action[signo - 1];
		action = *slot;
	}
	strace_signal(t, info);
	if (__builtin_expect(gdb_enabled, 0) && (forced || action.handler != HANDLER_IGN)) {
		int got = gdb_signal(t, info);

		if (!got)
			return;
		if (got != signo) {
			changed = (struct host_siginfo){ .signo = got };
			info = &changed;
			signo = got;
			forced = false;
		}
		/* The debugger may have called functions of the guest. */
		slot = &t->sighand->action[signo - 1];
		action = *slot;
	}
	t->death = *info;
	if (forced && (action.handler == HANDLER_IGN || (t->sigmask & BIT(signo))))
		signal_die(t, signo, true);
	if (action.handler == HANDLER_IGN || (action.handler == HANDLER_DFL && default_ignores(signo)))
		return;
	if (action.handler == HANDLER_DFL && default_stops(signo)) {
		trace_stop_process(t, signo);
		return;
	}
	if (action.handler == HANDLER_DFL)
		signal_die(t, signo, forced);

	settle_restart(t, true, action.flags & HOST_SA_RESTART);
	saved = t->sigmask;
	during = t->suspended ? t->suspend_mask : saved;
	t->suspended = false;
	t->fault_valid = forced && sync_index(signo) >= 0;
	if (t->abi->push_frame(t, signo, info, &action, saved) < 0) {
		/* No room for a frame: the kernel forces SIGSEGV, and kills if that one cannot
		 * be handled either. */
		t->fault_addr = t->abi->get_sp(&t->cpu);
		if (signo == HOST_SIGSEGV)
			signal_die(t, HOST_SIGSEGV, true);
		signal_force(t, HOST_SIGSEGV, 0x80, 0);
		return;
	}
	if (action.flags & HOST_SA_RESETHAND) {
		slot->handler = HANDLER_DFL;
		install(signo, host_disposition(signo, HANDLER_DFL), NULL);
	}
	if (t->altstack_flags & SS_AUTODISARM) {
		t->altstack_sp = t->altstack_size = 0;
		t->altstack_flags = SS_DISABLE;
	}
	during |= action.mask;
	if (!(action.flags & HOST_SA_NODEFER))
		during |= BIT(signo);
	t->sigmask = during & ~UNBLOCKABLE;
	if (__builtin_expect(t->trace.orders.step, 0))
		trace_stepped_into_handler(t);
}

void signal_force_info(struct thread *t, const struct host_siginfo *info)
{
	t->fault_addr = info->addr;
	deliver_one(t, info->signo, info, true);
	signal_restore_mask(t);
}

void signal_force(struct thread *t, int signo, int code, uint64_t addr)
{
	struct host_siginfo info = { .signo = signo, .code = code, .addr = addr };

	signal_force_info(t, &info);
}

static bool deliver_virtual(struct thread *t)
{
	bool any = false;

	for (int i = 0; i < SYNC_COUNT; i++) {
		struct host_siginfo info;

		if (!(t->sync_recorded & 1u << i) || (t->sigmask & BIT(sync_signals[i])))
			continue;
		info = t->sync_info[i];
		__atomic_and_fetch(&t->sync_recorded, ~(1u << i), __ATOMIC_RELAXED);
		deliver_one(t, sync_signals[i], &info, false);
		any = true;
	}
	return any;
}

void signal_deliver(struct thread *t)
{
	if (__builtin_expect(t->process->dumping, 0))
		core_park(t);
	while (__atomic_exchange_n(&t->cpu.pending, 0, __ATOMIC_ACQUIRE)) {
		int signo = (int)t->recorded;
		bool any = deliver_virtual(t);

		if (signo) {
			struct host_siginfo info = t->info;

			t->recorded = t->trace.more;
			if (t->recorded) {
				t->info = t->trace.more_info;
				t->trace.more = 0;
				engine_stop(&t->cpu);
			}
			deliver_one(t, signo, &info, false);
		}
		/* Opens the mask that the handler closed; more may come in at once. */
		if ((any || signo) && !t->recorded)
			signal_restore_mask(t);
		if (__builtin_expect(t->trace.want, 0))
			trace_wanted(t);
	}
	settle_restart(t, false, false);
	t->suspended = false;
}

/* ---- execve, clone ---- */

void signal_before_exec(struct thread *t)
{
	for (int i = 0; i < SYNC_COUNT; i++)
		if (t->sighand->action[sync_signals[i] - 1].handler == HANDLER_IGN)
			install(sync_signals[i], HANDLER_IGN, NULL);
	if (t->sigmask & SYNC_MASK)
		host_set_mask(t->sigmask, NULL);
	else
		signal_restore_mask(t);
}

void signal_after_failed_exec(struct thread *t)
{
	for (int i = 0; i < SYNC_COUNT; i++)
		if (t->sighand->action[sync_signals[i] - 1].handler == HANDLER_IGN)
			install(sync_signals[i], (uint64_t)host_handler, NULL);
	signal_restore_mask(t);
}

void signal_clear_handlers(struct thread *t)
{
	for (int s = 1; s <= HOST_NSIG; s++) {
		struct guest_sigaction *action = &t->sighand->action[s - 1];

		if (action->handler <= HANDLER_IGN)
			continue;
		memset(action, 0, sizeof(*action));
	}
	/* The kernel reset the host's side: ours must come back. */
	for (int s = 1; s <= HOST_NSIG; s++)
		if (BIT(s) & (CORE_MASK | watched))
			install(s, host_disposition(s, t->sighand->action[s - 1].handler), NULL);
}

/* ---- system calls ---- */

int64_t sys_rt_sigaction(struct thread *t, const uint64_t *a)
{
	struct guest_sigaction new, old, *slot;
	struct host_sigaction host;
	int signo = (int)a[0];

	if (a[3] != 8 || signo < 1 || signo > HOST_NSIG)
		return -EINVAL;
	if (a[1] && (BIT(signo) & UNBLOCKABLE))
		return -EINVAL;
	if (a[1] && copy_from_guest(&new, a[1], sizeof(new)) < 0)
		return -EFAULT;
	slot = &t->sighand->action[signo - 1];
	old = *slot;
	/* What was never set here may have been inherited as ignored. */
	if (a[2] && old.handler == HANDLER_DFL && !(BIT(signo) & (CORE_MASK | watched)) &&
	    host_sigaction(signo, NULL, &host) == 0 && host.handler == HANDLER_IGN)
		old.handler = HANDLER_IGN;
	if (a[1]) {
		long r = 0;

		new.mask &= ~UNBLOCKABLE;
		/* The table first: a handler that comes in at once must find it. */
		*slot = new;
		if (host_disposition(signo, new.handler) != host_disposition(signo, old.handler) ||
		    new.handler != old.handler || old.flags != new.flags) {
			struct host_sigaction sa = { .handler = host_disposition(signo, new.handler) };

			if (!(BIT(signo) & SYNC_MASK)) {
				if (sa.handler > HANDLER_IGN) {
					sa.flags = HOST_SA_SIGINFO | HOST_SA_ONSTACK |
						   HOST_SA_RESTART | HOST_SA_RESTORER;
					sa.restorer = (uint64_t)rt_sigreturn;
					sa.mask = ~SYNC_MASK;
				}
				/* SA_NOCLDSTOP, SA_NOCLDWAIT. */
				sa.flags |= new.flags & 3;
				r = host_sigaction(signo, &sa, NULL);
			}
		}
		if (r < 0) {
			*slot = old;
			return r;
		}
	}
	if (a[2] && copy_to_guest(a[2], &old, sizeof(old)) < 0)
		return -EFAULT;
	return 0;
}

int64_t sys_rt_sigprocmask(struct thread *t, const uint64_t *a)
{
	uint64_t old = t->sigmask, set;

	if (a[3] != 8)
		return -EINVAL;
	if (a[1]) {
		if (copy_from_guest(&set, a[1], 8) < 0)
			return -EFAULT;
		switch ((int)a[0]) {
		case HOST_SIG_BLOCK: set = old | set; break;
		case HOST_SIG_UNBLOCK: set = old & ~set; break;
		case HOST_SIG_SETMASK: break;
		default: return -EINVAL;
		}
		set &= ~UNBLOCKABLE;
		if (set != old) {
			/* With one recorded, the host's mask is closed until delivery, which
			 * opens it by t->sigmask: that signal arrived before this call. */
			if (__atomic_load_n(&t->cpu.pending, __ATOMIC_ACQUIRE))
				return SYS_RESTART_ALWAYS;
			signal_set_mask(t, set);
		}
	}
	if (a[2] && copy_to_guest(a[2], &old, 8) < 0)
		return -EFAULT;
	return 0;
}

int64_t sys_rt_sigpending(struct thread *t, const uint64_t *a)
{
	uint64_t set = 0;
	long r;

	if (a[1] > 8)
		return -EINVAL;
	r = rt_syscall(__NR_rt_sigpending, &set, 8);
	if (r < 0)
		return r;
	for (int i = 0; i < SYNC_COUNT; i++)
		if (t->sync_recorded & 1u << i)
			set |= BIT(sync_signals[i]);
	return copy_to_guest(a[0], &set, a[1]);
}

int64_t signal_masked_syscall(struct thread *t, long nr, uint64_t args[6], uint64_t *mask_slot)
{
	int64_t r;

	if (mask_slot) {
		t->suspend_mask = *mask_slot & ~UNBLOCKABLE;
		*mask_slot = signal_host_mask(*mask_slot);
		t->suspended = true;
		if (t->sync_recorded) {
			for (int i = 0; i < SYNC_COUNT; i++)
				if ((t->sync_recorded & 1u << i) &&
				    !(t->suspend_mask & BIT(sync_signals[i])))
					return -EINTR;
		}
	}
	r = rt_guest_syscall(&t->cpu.pending, nr, args);
	if (r != -EINTR && !sys_is_restart(r))
		t->suspended = false;
	return r;
}

int64_t sys_rt_sigsuspend(struct thread *t, const uint64_t *a)
{
	uint64_t mask, args[6] = { 0 };

	if (a[1] != 8)
		return -EINVAL;
	if (copy_from_guest(&mask, a[0], 8) < 0)
		return -EFAULT;
	args[0] = (uint64_t)&mask;
	args[1] = 8;
	return signal_masked_syscall(t, __NR_rt_sigsuspend, args, &mask);
}

void signal_restore_altstack(struct thread *t, uint64_t sp, int32_t flags, uint64_t size)
{
	if (on_altstack(t, t->abi->get_sp(&t->cpu)))
		return;
	t->altstack_flags = flags & (SS_DISABLE | SS_AUTODISARM);
	t->altstack_sp = flags & SS_DISABLE ? 0 : sp;
	t->altstack_size = flags & SS_DISABLE ? 0 : size;
}

int64_t sys_sigaltstack(struct thread *t, const uint64_t *a)
{
	struct host_stack new, old = { 0 };
	bool busy = on_altstack(t, t->abi->get_sp(&t->cpu));

	old.sp = t->altstack_sp;
	old.size = t->altstack_size;
	old.flags = !t->altstack_size ? SS_DISABLE
				      : (t->altstack_flags & SS_AUTODISARM) | (busy ? SS_ONSTACK : 0);
	if (a[0]) {
		int32_t mode;

		if (copy_from_guest(&new, a[0], sizeof(new)) < 0)
			return -EFAULT;
		if (busy)
			return -EPERM;
		mode = new.flags & ~SS_AUTODISARM;
		if (mode != SS_DISABLE && mode != SS_ONSTACK && mode != 0)
			return -EINVAL;
		if (mode != SS_DISABLE && new.size < t->abi->min_sigstack)
			return -ENOMEM;
		t->altstack_flags = new.flags & (SS_DISABLE | SS_AUTODISARM);
		t->altstack_sp = mode == SS_DISABLE ? 0 : new.sp;
		t->altstack_size = mode == SS_DISABLE ? 0 : new.size;
	}
	if (a[1] && copy_to_guest(a[1], &old, sizeof(old)) < 0)
		return -EFAULT;
	return 0;
}

int64_t sys_signalfd4(struct thread *t, const uint64_t *a)
{
	uint64_t mask;

	if (a[2] != 8)
		return -EINVAL;
	if (copy_from_guest(&mask, a[1], 8) < 0)
		return -EFAULT;
	mask &= ~UNBLOCKABLE;
	return guest_sys(t, __NR_signalfd4, a[0], &mask, 8, a[3]);
}

int64_t sys_rt_sigtimedwait(struct thread *t, const uint64_t *a)
{
	uint64_t set;

	if (a[3] != 8)
		return -EINVAL;
	if (copy_from_guest(&set, a[0], 8) < 0)
		return -EFAULT;
	for (int i = 0; i < SYNC_COUNT; i++) {
		struct host_siginfo info = t->sync_info[i];

		if (!(t->sync_recorded & 1u << i) || !(set & BIT(sync_signals[i])))
			continue;
		__atomic_and_fetch(&t->sync_recorded, ~(1u << i), __ATOMIC_RELAXED);
		if (a[1] && copy_to_guest(a[1], &info, sizeof(info)) < 0)
			return -EFAULT;
		return info.signo;
	}
	return guest_sys(t, __NR_rt_sigtimedwait, &set, a[1], a[2], 8);
}
