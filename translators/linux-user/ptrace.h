/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ptrace(2) between guests. The host's own ptrace carries it: it wakes, waits, checks
 * permissions, attaches children and kills. What a guest may see of a tracee's stop is made by
 * the tracee itself, at a safepoint where its state is complete: it writes down what the stop
 * is (struct trace) and traps (rt_trap()); the tracer's runtime knows that trap, reads and
 * changes the registers in the tracee's struct cpu, and leaves its orders in struct trace.
 * All other stops of the host are the tracer's runtime's business: see ptrace_wait.c.
 *
 * The tracer finds a struct trace by the tracee's fs base: it lies behind thread->self.
 * tags: linux-user - ptrace
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "linux-user/host.h"

struct thread;

enum trace_stop {
	TRACE_RUNS,
	TRACE_SIGNAL, /* about to deliver `info` */
	TRACE_ENTRY,  /* before and after a system call */
	TRACE_EXIT,
	TRACE_EVENT, /* PTRACE_EVENT_... */
	TRACE_GROUP, /* the process is being stopped, or PTRACE_INTERRUPT */
};

/* What the tracee does when it goes on: written by the tracer while it is stopped. */
struct trace_orders {
	uint8_t traced;
	uint8_t syscalls; /* enum trace_syscalls */
	uint8_t step;
	uint8_t pad;
	int32_t signo; /* to deliver after a stop; 0: none */
	int32_t pid;   /* the tracer, as the sender of another signal than was there */
	uint32_t uid;
};

enum trace_syscalls { TRACE_SYSCALLS_OFF, TRACE_SYSCALLS_STOP, TRACE_SYSCALLS_SKIP };

/* Places of the tracee's image. */
struct trace_points {
	uint64_t window_start, window_last, window_end, window_interrupted, trap_end;
};

/* Code that the tracer wrote: it counts `written`, any thread of the process catches up. */
#define TRACE_CHANGES 16
struct trace_changes {
	uint32_t written, done;
	struct {
		uint64_t start, length;
	} range[TRACE_CHANGES];
};

struct trace {
	uint64_t magic; /* TRACE_MAGIC: the same layout on both sides */
	const struct trace_points *points;
	struct trace_changes *changes;

	/* By the tracer. */
	struct trace_orders orders;
	uint32_t options; /* PTRACE_O_... */
	uint8_t seized;
	uint8_t fresh;	  /* looked at by the tracer since the thread began */
	uint8_t vectors_changed, mask_changed;
	uint32_t want;	  /* exit code of the TRACE_GROUP stop that is due, or 0 */
	uint32_t event;	  /* exit code of the TRACE_EVENT stop that is due, or 0 */
	uint64_t event_message;
	uint32_t more;	  /* a second recorded signal, its siginfo in more_info; or 0 */
	struct host_siginfo more_info;

	/* By the tracee. */
	uint8_t stop;	   /* enum trace_stop */
	uint8_t settled;   /* guest state is complete, whatever the host reports */
	uint8_t in_syscall;
	uint8_t forking;   /* holds locks: not a place to stop */
	uint32_t pass;	   /* signal that it sends itself, for the host to act on */
	uint32_t code;	   /* exit code of the stop */
	uint64_t message;  /* PTRACE_GETEVENTMSG */
	struct host_siginfo info;
	int64_t syscall;   /* number; -1: none */
	uint64_t argument; /* the first one, as the guest gave it */
};

#define TRACE_MAGIC (0x786c617465000001ull + ((uint64_t)sizeof(struct thread) << 8))

/* rdx at the entry point: the tracer says that it is there. rcx: TRACE_ENTRY_ bits, r8: signal
 * mask, r9: the thread id before execve. */
#define TRACE_ENTRY_WORD    0x786c617465747263ull
#define TRACE_ENTRY_SEIZED  (1ull << 32)
#define TRACE_ENTRY_SYSCALL (1ull << 33) /* times enum trace_syscalls */

/* ---- the tracee (ptrace_stop.c) ---- */

void trace_thread_init(struct thread *t);

/* In a new thread or process: is it traced, too? */
void trace_child(struct thread *t);

/* A new program that is traced, before its first instruction. */
void trace_start(struct thread *t);

/* Shows a signal that is about to be delivered. Returns what to deliver instead (*info
 * follows), or 0. */
int trace_signal(struct thread *t, int signo, struct host_siginfo *info, bool forced);

/* Around a system call of a traced thread. entry: false when the call is to be skipped, and
 * *ret_result is its result. exit: the registers hold the result; true when the tracer changed
 * it, so that nothing is to be restarted. */
bool trace_syscall_entry(struct thread *t, int64_t *ret_result);
bool trace_syscall_exit(struct thread *t, int64_t restart);

/* SECCOMP_RET_TRACE, within a system call. False: no tracer wants to hear of it. */
bool trace_seccomp(struct thread *t, uint32_t data);

/* The stops that others asked for, at a safepoint. */
void trace_wanted(struct thread *t);
/* After an instruction or a signal frame, when single-stepping. */
void trace_stepped(struct thread *t);
void trace_stepped_into_handler(struct thread *t);
/* The end of the calling thread, before it gives up its memory. */
void trace_exit(struct thread *t, int code);
/* The default action of a stop signal, which is the host's. */
void trace_stop_process(struct thread *t, int signo);
/* A trap that no tracer took. */
void trace_ended(struct thread *t);

/* ---- the tracer ---- */

int64_t sys_ptrace(struct thread *t, const uint64_t *a);
int64_t sys_wait4(struct thread *t, const uint64_t *a);
int64_t sys_waitid(struct thread *t, const uint64_t *a);
int64_t sys_pwrite64(struct thread *t, const uint64_t *a);
int64_t sys_process_vm_writev(struct thread *t, const uint64_t *a);

/* Is `fd`, just opened as `path` for writing, the memory of a tracee? */
void trace_opened(struct thread *t, int fd, const char *path);

/* The auxiliary vector of a tracee, at most `size` bytes: the number of bytes, or -ESRCH. */
long trace_auxv(int pid, void *buf, size_t size);
