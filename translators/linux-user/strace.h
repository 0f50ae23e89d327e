/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * -strace: calls, signals and ends in the format of strace(1), and its summary.
 * tags: linux-user - system call tracing
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STRACE_LINE 4096

struct thread;
struct process;
struct host_siginfo;

/* A call while it runs. */
struct strace_call {
	const char *name, *words, *signature;
	uint64_t args[6];
	uint64_t saved, start; /* start: nanoseconds */
	unsigned nr, next;     /* the first argument that is not in buf yet */
	bool shown;	       /* the filter wants it */
	bool open;	       /* the beginning is in the log */
	size_t length;
	char buf[STRACE_LINE];
};

/* Once, when the options are known and the log is open. */
void strace_init(struct process *process);

/* Of a call of that number (below STRACE_CALLS) and name; the signature is of syscalls.def. */
#define STRACE_CALLS 512
void strace_enter(struct thread *t, struct strace_call *c, unsigned nr, const char *name,
		  const char *signature, const uint64_t args[6]);
void strace_exit(struct thread *t, struct strace_call *c, int64_t result);

/* The line of a call as far as it is known before it is made; for tests. */
void strace_format(struct strace_call *c, const char *name, const char *signature,
		   const uint64_t args[6]);
/* All of it. */
void strace_format_exit(struct strace_call *c, int64_t result);

/* The first program, as if it had been executed. */
void strace_started(struct thread *t, const char *path, char **argv, char **envp);

/* A signal is delivered; the process or thread dies of one, or ends. */
void strace_signal(struct thread *t, const struct host_siginfo *info);
void strace_killed(struct thread *t, int signo);
void strace_exited(struct thread *t, int code);

/* --strace-summary, at the end of the process that began to count. */
void strace_summary(struct process *process);

/* Name of an errno ("ENOENT"), or NULL; what it means. */
const char *strace_errno_name(int error);
const char *strace_errno_text(int error);
