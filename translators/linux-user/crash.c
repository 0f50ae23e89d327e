/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program that dies may have damaged anything of its own: all of it is read fault-safely.
 */
#include "linux-user/crash.h"
#include "linux-user/memory.h"
#include "linux-user/signal.h"
#include "linux-user/strace.h"
#include "linux-user/symbols.h"
#include "linux-user/thread.h"
#include "rt/text.h"

#define MAX_FRAMES 32

static void print_place(const char *what, uint64_t address)
{
	struct symbol s;
	char text[256] = "";

	if (symbols_find(address, false, &s))
		symbols_describe(&s, text, sizeof(text));
	rt_log("%s%016lx%s%s\n", what, (unsigned long)address, *text ? "  " : "", text);
}

static void print_mapping(const char *what, uint64_t address)
{
	struct symbol s;

	if (symbols_find(address, false, &s)) {
		if (!memory_check_exec(address & ~(RT_PAGE_SIZE - 1)))
			s.perms[2] = 'x';
		rt_log("%s lies in %lx-%lx %s %08lx %s\n", what, (unsigned long)s.map_start,
		       (unsigned long)s.map_end, s.perms, (unsigned long)s.map_offset, s.file);
	} else {
		rt_log("%s: nothing is mapped at %lx\n", what, (unsigned long)address);
	}
}

static void print_calls(struct thread *t)
{
	unsigned count = t->call_count < CALLS_KEPT ? t->call_count : CALLS_KEPT;

	rt_log("last system calls of thread %d:\n", t->tid);
	for (unsigned i = t->call_count - count; i != t->call_count; i++) {
		const struct call_record *c = &t->calls[i % CALLS_KEPT];
		const char *name, *signature, *error;
		char line[256];
		size_t n;

		t->abi->call_info(c->nr, &name, &signature);
		n = rt_format(line, sizeof(line), *name ? "  %s(" : "  %ssyscall_%u(", name, c->nr);
		for (unsigned k = 0; signature[k] && signature[k + 1] && k < 6; k++)
			n += rt_format(line + n, sizeof(line) - n, "%s0x%lx", k ? ", " : "",
				       (unsigned long)c->args[k]);
		error = rt_is_error(c->result) ? strace_errno_name((int)-c->result) : NULL;
		if (error)
			rt_log("%s) = -1 %s\n", line, error);
		else if (c->result == SYS_NO_RESULT)
			rt_log("%s) = ?\n", line);
		else
			rt_log("%s) = 0x%lx\n", line, (unsigned long)c->result);
	}
}

static void print_all(struct thread *t)
{
	uint64_t frame[MAX_FRAMES];
	unsigned count = t->abi->frames(t, frame, MAX_FRAMES);

	t->abi->dump(t);
	print_mapping("pc", t->cpu.pc);
	if (t->fault_addr && t->fault_addr != t->cpu.pc)
		print_mapping("the address", t->fault_addr);
	rt_log("called from:\n");
	for (unsigned i = 0; i < count; i++)
		print_place("  ", frame[i]);
	print_calls(t);
}

void crash_report(struct thread *t, int signo, const char *core)
{
	struct symbol s;
	char place[256] = "";

	if (symbols_find(t->cpu.pc, true, &s))
		symbols_describe(&s, place, sizeof(place));
	rt_log("%s: uncaught target signal %d (%s) - %s: %s: pc 0x%lx%s%s, address 0x%lx\n",
	       t->abi->program, signo, signal_name(signo), core,
	       t->process->name ? t->process->name : "?", (unsigned long)t->cpu.pc,
	       *place ? " " : "", place, (unsigned long)t->fault_addr);
	if (t->process->options->crash_full || t->process->options->trace)
		print_all(t);
}
