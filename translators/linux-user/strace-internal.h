/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the files of -strace only. tags: linux-user - system call tracing, internals */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A line that is being put together; what does not fit is cut. */
struct line {
	char *buf;
	size_t size, length;
};

__attribute__((format(printf, 2, 3))) void line_add(struct line *l, const char *format, ...);

/* A call and how to show it. */
struct strace_view {
	const char *words;     /* strace_calls.def; "" without a row there */
	const char *signature; /* of the system call table */
	const uint64_t *args;
	uint64_t saved;	       /* the length that a socket call was given */
};

/*
 * Adds arguments from number `from` on, with what goes between them. Before the call
 * (`result` NULL) stops at the first that the call fills in, and returns its number.
 */
unsigned strace_add_args(struct line *l, const struct strace_view *v, unsigned from,
			 const int64_t *result);

/* What strace(1) puts behind a result: " (flags FD_CLOEXEC)". */
void strace_add_remark(struct line *l, const char *name, const struct strace_view *v,
		       int64_t result);

void strace_add_signal(struct line *l, int signo);
void strace_add_sigset(struct line *l, uint64_t set);
struct host_siginfo;
void strace_add_siginfo(struct line *l, const struct host_siginfo *info);
