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

static void do_syscall(struct thread *t)
{
	unsigned nr = 0;
	int64_t r;

	if (__builtin_expect(gdb_enabled, 0)) {
		nr = t->abi->call_number(&t->cpu);
		t->gdb.interrupted = false;
		gdb_syscall(t, nr, true);
	}
	r = t->abi->syscall(t);

	switch (r) {
	case SYS_NO_RESULT: return;
	case SYS_RESTART:
	case SYS_RESTART_ALWAYS:
		/* Registers stay as they are; signal_deliver() decides. */
		t->restart_pending = true;
		t->restart_always = r == SYS_RESTART_ALWAYS;
		break;
	case -EINTR:
		/* Interrupted with a mask of its own, but perhaps by nothing that has a
		 * handler: then it waits on. */
		if (t->suspended || (t->gdb.interrupted && !t->recorded)) {
			t->restart_pending = t->restart_eintr = true;
			break;
		}
		t->abi->set_result(&t->cpu, r);
		break;
	default: t->abi->set_result(&t->cpu, r); break;
	}
	if (t->restart_pending)
		signal_deliver(t);
	else if (__builtin_expect(gdb_enabled, 0))
		gdb_syscall(t, nr, false);
}

static void do_undefined(struct thread *t)
{
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

	for (;;) {
		if (cpu->pending)
			signal_deliver(t);
		if (__builtin_expect(gdb_enabled, 0))
			gdb_safepoint(t);
		switch (__builtin_expect(gdb_enabled && gdb_steps(t), 0) ? step(t) : engine_run(cpu)) {
		case EXIT_SYSCALL: do_syscall(t); break;
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
		case EXIT_PENDING: break;
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
