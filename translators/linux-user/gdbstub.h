/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * -g: a debugger that speaks gdb's remote protocol. tags: linux-user - gdb server
 *
 * There is no thread for it: the guest thread that stops first serves the connection, after
 * the others have been asked to park at their next safepoint. While the guest runs, input
 * makes the kernel send SIGTRAP (F_SETSIG), which the host handler tells from the guest's by
 * the descriptor in it; the guest can use all signals.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "linux-user/host.h"

struct thread;

/* Of a thread; zero when there is no debugger. */
struct gdb_thread {
	struct thread *next;
	bool listed;	  /* the debugger knows it */
	uint32_t parked;  /* stands still */
	uint32_t hold;	  /* is to stand still: a futex */
	bool stepping;	  /* one instruction, then stop */
	bool stepped;	  /* it was executed */
	bool interrupted; /* its system call was, for the debugger's sake only */
	int deliver;	  /* the signal that the debugger wants it to get */
	struct host_siginfo info;
};

/* Is there a debugger, or could one come? Nothing below may be called otherwise. */
extern bool gdb_enabled;

/* Listens where -g says; the calling thread is the first, and waits unless told not to. */
void gdb_init(struct thread *t, const char *where);

/* At every turn of cpu_loop(): parks, reports, looks at input. */
void gdb_safepoint(struct thread *t);

/* At a BRK: was it the debugger's? Then the instruction there is to be tried again. */
bool gdb_breakpoint(struct thread *t);

/* Is the next instruction to be executed by itself? */
bool gdb_steps(struct thread *t);

/* Before a signal is delivered: the signal to deliver, 0 for none. */
int gdb_signal(struct thread *t, const struct host_siginfo *info);

/* Before and after a system call. */
void gdb_syscall(struct thread *t, unsigned nr, bool entry);

void gdb_thread_start(struct thread *t);
void gdb_thread_end(struct thread *t);
void gdb_after_fork(struct thread *t); /* in the child */
void gdb_exited(struct thread *t, int code);
void gdb_killed(struct thread *t, int signo);

/* In the host's signal handler: is it the debugger's? Then the thread is to come to a
 * safepoint. */
bool gdb_host_signal(struct thread *t, int signo, const struct host_siginfo *info);
