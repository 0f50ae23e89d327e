/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Arguments of traced calls as strace(1) shows them: which kind each is. Guest memory is read
 * fault-safely: what cannot be read shows as its address.
 */
#include <linux/errno.h>

#include "linux-user/strace-internal.h"
#include "linux-user/strace.h"
#include "linux-user/sys.h"
#include "linux-user/thread.h"
#include "rt/memory.h"
#include "rt/text.h"
#include "rt/uaccess.h"

#define WORDS                                                                                \
	X(int) X(uint) X(long) X(size) X(hex) X(ptr) X(mode) X(stmode) X(dirfd) X(path)       \
	X(bytes) X(open) X(open_mode) X(argv) X(envp) X(at) X(fcntl) X(fcntl_arg) X(ioctl)     \
	X(signal) X(sigset) X(sigaction) X(siginfo) X(stack) X(timespec) X(timeval)            \
	X(timespecs) X(itimerspec) X(itimerval) X(rlimit) X(iovec) X(epoll_event) X(pollfds)   \
	X(fd_set) X(pselect_mask) X(socket_type) X(socket_protocol) X(sockaddr) X(sockopt)     \
	X(optval) X(msghdr) X(futex_op) X(futex_timeout) X(futex_ptr2) X(futex_val3) X(cpus)   \
	X(sched_param) X(mremap_new) X(clone_signal)                                           \
	X(out_bytes) X(out_string) X(out_random) X(out_iovec) X(out_fds) X(out_dents)          \
	X(out_stat) X(out_statx) X(out_statfs) X(out_epoll_events) X(out_itimerspec)           \
	X(out_itimerval) X(out_timespec) X(out_timeval) X(out_timezone) X(out_remaining)       \
	X(out_rlimit) X(out_rusage) X(out_wstatus) X(out_siginfo) X(out_sigset)                \
	X(out_sigaction) X(out_stack) X(out_uname) X(out_sysinfo) X(out_cpus)                  \
	X(out_sched_param) X(out_id) X(out_sockaddr) X(out_socklen) X(out_msghdr)              \
	X(out_optval) X(out_int) X(out_ioctl) X(out_prctl) X(out_clone) X(out_clone3)

enum word {
	W_none,
#define X(name) W_##name,
	WORDS
#undef X
		W_count,
};

static const char words[][18] = {
#define X(name) [W_##name] = #name,
	WORDS
#undef X
};

static enum word find_word(const char *word, size_t length)
{
	for (unsigned w = W_none + 1; w < W_count; w++)
		if (memcmp(words[w], word, length) == 0 && !words[w][length])
			return (enum word)w;
	return W_none;
}

/* The letters of a signature. */
static const char *letter_word(char letter)
{
	switch (letter) {
	case 'd': return "int";
	case 'u': return "uint";
	case 'l': return "long";
	case 'z': return "size";
	case 'x': return "hex";
	case 'm': return "mode";
	case 's': return "path";
	case 'b': return "bytes";
	case 'B':
	case 'S': return "out_bytes";
	case 'A': return "argv";
	case 't': return "timespec";
	case 'e': return "epoll_event";
	case 'g': return "signal";
	case 'k': return "sigset";
	case 'P': return "prot";
	case 'M': return "mmap_flags";
	case 'C': return "clone_signal";
	case 'f': return "dirfd";
	case 'o': return "open";
	case 'F': return "fcntl";
	case 'r': return "resource";
	case 'c': return "clock";
	case 'h': return "sigmask_how";
	case 'w': return "out_wstatus";
	default: return "ptr";
	}
}

/* The word for argument i, its length; NULL when there are no more. */
static const char *word_of(const struct strace_view *v, unsigned i, size_t *ret_length)
{
	const char *p = v->words;

	if (!*p) {
		if (i + 1 >= rt_strlen(v->signature))
			return NULL;
		p = letter_word(v->signature[i + 1]);
		*ret_length = rt_strlen(p);
		return p;
	}
	for (; i && p; i--) {
		p = rt_strchr(p, ' ');
		p = p ? p + 1 : NULL;
	}
	if (!p)
		return NULL;
	for (*ret_length = 0; p[*ret_length] && p[*ret_length] != ' ';)
		++*ret_length;
	return p;
}

static void add_uname(struct line *l, uint64_t address)
{
	line_add(l, "{sysname=");
	strace_add_string(l, address, 64);
	line_add(l, ", nodename=");
	strace_add_string(l, address + 65, 64);
	line_add(l, ", ...}");
}

static void add_sysinfo(struct line *l, uint64_t address)
{
	uint64_t v[7];

	if (strace_get(l, v, address, sizeof(v)))
		line_add(
			l,
			"{uptime=%lu, loads=[%lu, %lu, %lu], totalram=%lu, freeram=%lu, sharedram=%lu, ...}",
			(unsigned long)v[0], (unsigned long)v[1], (unsigned long)v[2],
			(unsigned long)v[3], (unsigned long)v[4], (unsigned long)v[5],
			(unsigned long)v[6]);
}

static void add_pselect_mask(struct line *l, uint64_t address)
{
	uint64_t v[2];

	if (!strace_get(l, v, address, sizeof(v)))
		return;
	line_add(l, "{sigmask=");
	strace_add_sigset_at(l, v[0]);
	line_add(l, ", sigsetsize=%lu}", (unsigned long)v[1]);
}

static void add_socket_type(struct line *l, uint64_t v)
{
	strace_add_enum(l, STRACE_TABLE("sock_type"), v & 15);
	if (v & ~15ull) {
		line_add(l, "|");
		strace_add_flags(l, STRACE_TABLE("sock_flags"), v & ~15ull);
	}
}

static void add_socket_protocol(struct line *l, uint64_t domain, uint64_t v)
{
	if (domain == 2 || domain == 10)
		strace_add_enum(l, STRACE_TABLE("ip_proto"), v);
	else if (domain == 16)
		strace_add_enum(l, STRACE_TABLE("nl_proto"), v);
	else
		line_add(l, "%lu", (unsigned long)v);
}

enum shown { SHOWN, OMITTED, LAST };

/* One that the call fills in, after it. */
static enum shown add_output(struct line *l, enum word w, unsigned i,
			     const struct strace_view *view, int64_t result)
{
	const uint64_t *a = view->args;
	uint64_t v = a[i];
	uint32_t length = 0;
	int pair[2];

	/* Shown whatever happened. */
	switch (w) {
	case W_out_ioctl:
		return strace_add_ioctl(l, (uint32_t)a[1], v, rt_is_error(result))
			       ? SHOWN
			       : OMITTED;
	case W_out_prctl:
		return strace_add_prctl(l, (int)a[0], v, rt_is_error(result)) ? LAST
									      : SHOWN;
	case W_out_clone: strace_add_clone(l, a); return LAST;
	case W_out_clone3: strace_add_clone3(l, v, a[1], result); return SHOWN;
	case W_out_remaining:
		if (result == -EINTR)
			strace_add_timespec(l, v, "nsec");
		else
			strace_add_ptr(l, v);
		return SHOWN;
	default: break;
	}
	if (result < 0 || !v) {
		strace_add_ptr(l, v);
		return SHOWN;
	}
	switch (w) {
	case W_out_bytes: strace_add_bytes(l, v, (uint64_t)result, false); break;
	case W_out_string: strace_add_string(l, v, 4096); break;
	case W_out_random: strace_add_bytes(l, v, (uint64_t)result, true); break;
	case W_out_iovec: strace_add_iovec(l, v, a[i + 1], (uint64_t)result); break;
	case W_out_fds:
		if (strace_get(l, pair, v, sizeof(pair)))
			line_add(l, "[%d, %d]", pair[0], pair[1]);
		break;
	case W_out_dents: strace_add_dents(l, v, result); break;
	case W_out_stat: strace_add_stat(l, v); break;
	case W_out_statx: strace_add_statx(l, v); break;
	case W_out_statfs: strace_add_statfs(l, v); break;
	case W_out_epoll_events: strace_add_epoll_events(l, v, result); break;
	case W_out_itimerspec: strace_add_itimer(l, v, "nsec"); break;
	case W_out_itimerval: strace_add_itimer(l, v, "usec"); break;
	case W_out_timespec: strace_add_timespec(l, v, "nsec"); break;
	case W_out_timeval: strace_add_timespec(l, v, "usec"); break;
	case W_out_timezone:
		if (strace_get(l, pair, v, sizeof(pair)))
			line_add(l, "{tz_minuteswest=%d, tz_dsttime=%d}", pair[0],
				 pair[1]);
		break;
	case W_out_rlimit: strace_add_rlimit(l, v); break;
	case W_out_rusage: strace_add_rusage(l, v); break;
	case W_out_wstatus: strace_add_wstatus(l, v, result); break;
	case W_out_siginfo: strace_add_siginfo_at(l, v); break;
	case W_out_sigset: strace_add_sigset_at(l, v); break;
	case W_out_sigaction: strace_add_sigaction(l, v); break;
	case W_out_stack: strace_add_stack(l, v); break;
	case W_out_uname: add_uname(l, v); break;
	case W_out_sysinfo: add_sysinfo(l, v); break;
	case W_out_cpus: strace_add_bits(l, v, (uint64_t)result * 8); break;
	case W_out_sched_param:
	case W_out_id:
	case W_out_int: strace_add_int_at(l, v); break;
	case W_out_sockaddr: strace_add_out_sockaddr(l, v, a[i + 1]); break;
	case W_out_socklen: strace_add_socklen(l, v, view->saved); break;
	case W_out_msghdr: strace_add_msghdr(l, v, (uint64_t)result); break;
	case W_out_optval:
		copy_from_guest(&length, a[4], 4);
		strace_add_optval(l, a, length);
		break;
	default: strace_add_ptr(l, v); break;
	}
	return SHOWN;
}

static enum shown add_input(struct line *l, enum word w, unsigned i, const uint64_t *a)
{
	uint64_t v = a[i];

	switch (w) {
	case W_int: line_add(l, "%d", (int)v); break;
	case W_uint: line_add(l, "%u", (unsigned)v); break;
	case W_long: line_add(l, "%ld", (long)v); break;
	case W_size: line_add(l, "%lu", (unsigned long)v); break;
	case W_hex: strace_add_hex(l, v); break;
	case W_mode: line_add(l, "0%02o", (unsigned)v); break;
	case W_stmode: strace_add_mode(l, (uint32_t)v); break;
	case W_dirfd:
		if ((int)v == -100)
			line_add(l, "AT_FDCWD");
		else
			line_add(l, "%d", (int)v);
		break;
	case W_path: strace_add_string(l, v, 4096); break;
	case W_bytes: strace_add_bytes(l, v, a[i + 1], false); break;
	case W_open: strace_add_open_flags(l, v); break;
	case W_open_mode:
		if (!(a[i - 1] & (0100 | 020000000)))
			return OMITTED;
		line_add(l, "0%02o", (unsigned)v);
		break;
	case W_argv: strace_add_argv(l, v); break;
	case W_envp: strace_add_envp(l, v); break;
	case W_at: strace_add_flags(l, STRACE_TABLE("at_flags"), (uint32_t)v); break;
	case W_fcntl: strace_add_enum(l, STRACE_TABLE("fcntl"), (uint32_t)v); break;
	case W_fcntl_arg: return strace_add_fcntl(l, (int)a[1], v) ? SHOWN : OMITTED;
	case W_ioctl: strace_add_ioctl_command(l, (uint32_t)v); break;
	case W_signal: strace_add_signal(l, (int)v); break;
	case W_sigset: strace_add_sigset_at(l, v); break;
	case W_sigaction: strace_add_sigaction(l, v); break;
	case W_siginfo: strace_add_siginfo_at(l, v); break;
	case W_stack: strace_add_stack(l, v); break;
	case W_timespec: strace_add_timespec(l, v, "nsec"); break;
	case W_timeval: strace_add_timespec(l, v, "usec"); break;
	case W_timespecs: strace_add_timespecs(l, v); break;
	case W_itimerspec: strace_add_itimer(l, v, "nsec"); break;
	case W_itimerval: strace_add_itimer(l, v, "usec"); break;
	case W_rlimit: strace_add_rlimit(l, v); break;
	case W_iovec: strace_add_iovec(l, v, a[i + 1], ~0ull); break;
	case W_epoll_event: strace_add_epoll_event(l, v); break;
	case W_pollfds: strace_add_pollfds(l, v, (uint32_t)a[i + 1], false); break;
	case W_fd_set: strace_add_bits(l, v, (uint32_t)a[0]); break;
	case W_pselect_mask: add_pselect_mask(l, v); break;
	case W_socket_type: add_socket_type(l, v); break;
	case W_socket_protocol: add_socket_protocol(l, a[0], (uint32_t)v); break;
	case W_sockaddr: strace_add_sockaddr(l, v, (uint32_t)a[i + 1]); break;
	case W_sockopt: strace_add_sockopt(l, (int)a[1], (uint32_t)v); break;
	case W_optval: strace_add_optval(l, a, (uint32_t)a[4]); break;
	case W_msghdr: strace_add_msghdr(l, v, ~0ull); break;
	case W_futex_op: strace_add_futex_op(l, (uint32_t)v); break;
	case W_futex_timeout:
	case W_futex_ptr2:
	case W_futex_val3: return strace_add_futex_arg(l, i, a) ? SHOWN : OMITTED;
	case W_cpus: strace_add_bits(l, v, a[1] * 8); break;
	case W_sched_param: strace_add_int_at(l, v); break;
	case W_mremap_new:
		if (!(a[3] & 2))
			return OMITTED;
		strace_add_ptr(l, v);
		break;
	case W_clone_signal:
		strace_add_clone_flags(l, v & ~0xffull, (int)(v & 0xff));
		break;
	default: strace_add_ptr(l, v); break;
	}
	return SHOWN;
}

unsigned strace_add_args(struct line *l, const struct strace_view *v, unsigned from,
			 const int64_t *result)
{
	const char *text;
	size_t length;
	unsigned i;

	for (i = from; i < 6 && (text = word_of(v, i, &length)); i++) {
		const struct strace_name *table = strace_table(text, length);
		enum word w = table ? W_none : find_word(text, length);
		size_t before = l->length;
		enum shown shown = SHOWN;

		/* The separator comes early, as strace(1) has it. */
		if (i && (!result || i != from || !from))
			line_add(l, ", ");
		if (w >= W_out_bytes && !result)
			return i;
		if (result && i == from && from)
			before -= 2;
		if (table)
			strace_add_named(l, table, v->args[i]);
		else if (w >= W_out_bytes)
			shown = add_output(l, w, i, v, *result);
		else
			shown = add_input(l, w, i, v->args);
		if (shown == OMITTED) {
			l->length = before;
			l->buf[before] = 0;
		}
		if (shown == LAST)
			return 6;
	}
	return i;
}

static void add_left(struct line *l, uint64_t timeout, const char *separator)
{
	if (!timeout)
		return;
	line_add(l, "%sleft ", separator);
	strace_add_timespec(l, timeout, "nsec");
}

void strace_add_remark(struct line *l, const char *name, const struct strace_view *v,
		       int64_t result)
{
	const uint64_t *a = v->args;

	if (rt_str_eq(name, "fcntl") && result >= 0) {
		if (a[1] == 1 && result) {
			line_add(l, " (flags ");
			strace_add_flags(l, STRACE_TABLE("fd_flags"), (uint64_t)result);
			line_add(l, ")");
		} else if (a[1] == 3) {
			line_add(l, " (flags ");
			strace_add_open_flags(l, (uint64_t)result);
			line_add(l, ")");
		}
	} else if (rt_str_eq(name, "sched_getscheduler") && result >= 0) {
		line_add(l, " (");
		strace_add_enum(l, STRACE_TABLE("sched"), (uint64_t)result);
		line_add(l, ")");
	} else if (rt_str_eq(name, "ppoll") && result >= 0) {
		line_add(l, result ? " (" : " (Timeout)");
		if (!result)
			return;
		strace_add_pollfds(l, a[0], (uint32_t)a[1], true);
		add_left(l, a[2], ", ");
		line_add(l, ")");
	} else if (rt_str_eq(name, "pselect6") && result >= 0) {
		static const char kind[][7] = {"in", "out", "except"};
		const char *separator = "";

		line_add(l, result ? " (" : " (Timeout)");
		if (!result)
			return;
		for (int i = 0; i < 3; i++) {
			size_t before = l->length;

			if (!a[1 + i])
				continue;
			line_add(l, "%s%s ", separator, kind[i]);
			strace_add_bits(l, a[1 + i], (uint32_t)a[0]);
			if (l->length > 2 && l->buf[l->length - 2] == '[') {
				l->length = before;
				l->buf[before] = 0;
				continue;
			}
			separator = ", ";
		}
		add_left(l, a[4], separator);
		line_add(l, ")");
	}
}
