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

__attribute__((format(printf, 2, 3))) void line_add(struct line *l, const char *format,
						    ...);

/* A call and how to show it. */
struct strace_view {
	const char *words;     /* strace_calls.def; "" without a row there */
	const char *signature; /* of the system call table */
	const uint64_t *args;
	uint64_t saved; /* the length that a socket call was given */
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

#define STRACE_STRING_MAX 32 /* bytes shown of a string */
#define STRACE_ARRAY_MAX  32 /* elements shown of an array */

/*
 * What follows adds one thing to a line. `address` is the guest's; what cannot be read there
 * shows as the address itself. Those that return bool: false, the call has no such argument.
 */

/* strace_format.c: names of values. A table of names is found by its word in strace_names.def. */
struct strace_name;
const struct strace_name *strace_table(const char *word, size_t length);
#define STRACE_TABLE(word) strace_table(word, sizeof(word) - 1)
/* NULL: the value has no name. */
const char *strace_enum_name(const struct strace_name *table, uint64_t v);
void strace_add_flags(struct line *l, const struct strace_name *table, uint64_t v);
void strace_add_enum(struct line *l, const struct strace_name *table, uint64_t v);
/* Flags or one value, as the table is. */
void strace_add_named(struct line *l, const struct strace_name *table, uint64_t v);

/* strace_format.c: numbers, strings, structures. */
void strace_add_ptr(struct line *l, uint64_t v);
void strace_add_hex(struct line *l, uint64_t v);
/* `cut`: with "..." behind it; `hex`: every byte escaped. */
void strace_add_quoted(struct line *l, const unsigned char *bytes, size_t n, bool cut,
		       bool hex);
void strace_add_bytes(struct line *l, uint64_t address, uint64_t length, bool hex);
/* A string of at most `max` bytes before it is cut. */
void strace_add_string(struct line *l, uint64_t address, size_t max);
/* Reads a structure; false: it is not there, and its address has been added instead. */
bool strace_get(struct line *l, void *to, uint64_t address, size_t size);
void strace_add_int_at(struct line *l, uint64_t address);
void strace_add_argv(struct line *l, uint64_t array);
void strace_add_envp(struct line *l, uint64_t array);
void strace_add_mode(struct line *l, uint32_t mode);
void strace_add_open_flags(struct line *l, uint64_t v);

/* strace_signal.c */
void strace_add_signal(struct line *l, int signo);
void strace_add_sigset(struct line *l, uint64_t set);
struct host_siginfo;
void strace_add_siginfo(struct line *l, const struct host_siginfo *info);
void strace_add_sigset_at(struct line *l, uint64_t address);
void strace_add_sigaction(struct line *l, uint64_t address);
void strace_add_siginfo_at(struct line *l, uint64_t address);
void strace_add_stack(struct line *l, uint64_t address);
void strace_add_wstatus(struct line *l, uint64_t address, int64_t result);

/* strace_time.c. `fraction`: the name of the part below a second, tv_nsec or tv_usec. */
void strace_add_timespec(struct line *l, uint64_t address, const char *fraction);
void strace_add_itimer(struct line *l, uint64_t address, const char *fraction);
void strace_add_timespecs(struct line *l, uint64_t address);
void strace_add_rusage(struct line *l, uint64_t address);
void strace_add_rlimit(struct line *l, uint64_t address);
void strace_add_epoll_event(struct line *l, uint64_t address);
void strace_add_epoll_events(struct line *l, uint64_t address, int64_t count);
void strace_add_pollfds(struct line *l, uint64_t address, uint64_t count, bool results);
void strace_add_bits(struct line *l, uint64_t address, uint64_t count);

/* strace_file.c. `filled`: how many bytes the call wrote there, ~0 when it reads. */
void strace_add_stat(struct line *l, uint64_t address);
void strace_add_statx(struct line *l, uint64_t address);
void strace_add_statfs(struct line *l, uint64_t address);
void strace_add_dents(struct line *l, uint64_t address, int64_t bytes);
void strace_add_iovec(struct line *l, uint64_t address, uint64_t count, uint64_t filled);
bool strace_add_fcntl(struct line *l, int command, uint64_t v);
void strace_add_ioctl_command(struct line *l, uint32_t command);
bool strace_add_ioctl(struct line *l, uint32_t command, uint64_t v, bool failed);

/* strace_net.c */
void strace_add_sockaddr(struct line *l, uint64_t address, uint64_t length);
void strace_add_out_sockaddr(struct line *l, uint64_t address, uint64_t length_at);
void strace_add_socklen(struct line *l, uint64_t address, uint64_t before);
void strace_add_sockopt(struct line *l, int level, uint64_t option);
void strace_add_optval(struct line *l, const uint64_t *args, uint32_t length);
void strace_add_msghdr(struct line *l, uint64_t address, uint64_t filled);

/* strace_process.c */
void strace_add_clone_flags(struct line *l, uint64_t flags, int signo);
void strace_add_clone(struct line *l, const uint64_t *a);
void strace_add_clone3(struct line *l, uint64_t address, uint64_t size, int64_t result);
void strace_add_futex_op(struct line *l, uint32_t op);
bool strace_add_futex_arg(struct line *l, unsigned index, const uint64_t *a);
bool strace_add_prctl(struct line *l, int option, uint64_t v, bool failed);
