/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Run the guest, look why it stopped, act.
 */
#include <linux/errno.h>

#include "linux-user/procfs.h"
#include "linux-user/signal.h"
#include "linux-user/strace.h"
#include "linux-user/thread.h"

#define ILL_ILLOPC  1
#define TRAP_BRKPT  1

/* Registers stay as they are; signal_deliver() decides. */
static void note_restart(struct thread *t, int64_t r)
{
	t->restart_pending = true;
	t->restart_always = r == SYS_RESTART_ALWAYS;
	t->restart_eintr = r == SYS_RESTART_NOHAND || r == SYS_RESTART_BLOCK;
	t->restart_block = r == SYS_RESTART_BLOCK;
}

static void do_traced_syscall(struct thread *t)
{
	bool restart;
	int64_t r;

	/* What came in before the instruction is handled before it. */
	if (t->cpu.pending) {
		t->abi->rewind(&t->cpu);
		return;
	}
	if (trace_syscall_entry(t, &r))
		r = t->abi->syscall(t);
	if (r == -EINTR && t->suspended)
		r = SYS_RESTART_NOHAND;
	restart = sys_is_restart(r);
	if (!restart && r != SYS_NO_RESULT)
		t->abi->set_result(&t->cpu, r);
	if (trace_syscall_exit(t, restart ? r : 0) || !restart)
		return;
	note_restart(t, r);
	signal_deliver(t);
}

static void do_syscall(struct thread *t)
{
	unsigned nr = 0;
	int64_t r;

	if (__builtin_expect(t->syscall_hooks & HOOK_DISPATCH, 0) && !dispatch_allows(t))
		return;
	if (__builtin_expect(t->trace.orders.traced, 0)) {
		do_traced_syscall(t);
		return;
	}
	if (__builtin_expect(gdb_enabled, 0)) {
		nr = t->abi->call_number(&t->cpu);
		t->gdb.interrupted = false;
		gdb_syscall(t, nr, true);
	}
	r = t->abi->syscall(t);
	/* Interrupted with a mask of its own, but perhaps by nothing that has a handler: then
	 * it waits on. */
	if (r == -EINTR && (t->suspended || (t->gdb.interrupted && !t->recorded)))
		r = SYS_RESTART_NOHAND;
	if (sys_is_restart(r)) {
		note_restart(t, r);
		signal_deliver(t);
		return;
	}
	if (r == SYS_NO_RESULT)
		return;
	t->abi->set_result(&t->cpu, r);
	if (__builtin_expect(gdb_enabled, 0))
		gdb_syscall(t, nr, false);
}

static void do_undefined(struct thread *t)
{
	if (!signal_is_handled(t, HOST_SIGILL))
		rt_log("%s: %s: undefined instruction 0x%08lx at pc 0x%lx\n", t->abi->program,
		       t->process->name ? t->process->name : "?", (unsigned long)t->cpu.exit_info,
		       (unsigned long)t->cpu.pc);
	signal_force(t, HOST_SIGILL, ILL_ILLOPC, t->cpu.pc);
}

static enum exit_reason step(struct thread *t)
{
	t->gdb.stepped = true;
	return engine_step(&t->cpu);
}

void cpu_loop(struct thread *t)
{
	struct cpu *cpu = &t->cpu;
	enum exit_reason reason;
	bool stepping;

	for (;;) {
		if (cpu->pending)
			signal_deliver(t);
		if (__builtin_expect(gdb_enabled, 0))
			gdb_safepoint(t);
		stepping = t->trace.orders.step;
		if (__builtin_expect(stepping, 0))
			reason = engine_step(cpu);
		else if (__builtin_expect(gdb_enabled && gdb_steps(t), 0))
			reason = step(t);
		else
			reason = engine_run(cpu);
		switch (reason) {
		case EXIT_SYSCALL:
			do_syscall(t);
			if (__builtin_expect(stepping && t->trace.orders.step, 0))
				trace_stepped(t);
			break;
		case EXIT_BREAKPOINT:
			if (gdb_enabled && gdb_breakpoint(t))
				break;
			signal_force(t, HOST_SIGTRAP, TRAP_BRKPT, cpu->pc);
			break;
		case EXIT_UNDEFINED: do_undefined(t); break;
		case EXIT_FAULT:
			t->fault_err = cpu->fault.err;
			signal_force(t, cpu->fault.signo, cpu->fault.code, cpu->fault.addr);
			break;
		case EXIT_PENDING:
			if (__builtin_expect(stepping, 0))
				trace_stepped(t);
			break;
		}
	}
}

static void print_stats(void)
{
	struct engine_stats s;

	engine_get_stats(&s);
	rt_log("regions %lu\nblocks %lu\nguest_insns %lu\nhost_bytes %lu\ncold_bytes %lu\n"
	       "translate_ns %lu\nflushes %lu\nlinks %lu\nlookups %lu\n",
	       (unsigned long)s.regions, (unsigned long)s.blocks, (unsigned long)s.guest_insns,
	       (unsigned long)s.host_bytes, (unsigned long)s.cold_bytes,
	       (unsigned long)s.translate_ns, (unsigned long)s.flushes, (unsigned long)s.links,
	       (unsigned long)s.lookups);
	rt_log("anon_kb %lu\n", (unsigned long)procfs_anon_kb());
}

void process_exit(struct thread *t, int code)
{
	if (t->process->options->stats)
		print_stats();
	strace_summary(t->process);
	if (gdb_enabled)
		gdb_exited(t, code);
	for (;;)
		rt_syscall(__NR_exit_group, code);
}
