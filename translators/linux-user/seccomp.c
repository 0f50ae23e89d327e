/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Seccomp. The rules are those of the kernel's seccomp(2): who may install what, which action
 * wins, what each does. Filters form a tree, as threads and children add their own to what
 * they inherited; a filter is freed with its last user.
 *
 * A supervisor is told by the kernel itself (SECCOMP_RET_USER_NOTIF): a filter with a listener
 * is accompanied by one of the host's, to which only numbers above SECCOMP_ASK mean
 * something. The listener is the host's descriptor, which may go anywhere; its ioctls are
 * translated where the supervisor makes them.
 */
#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/memfd.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>

#include "linux-user/bpf.h"
#include "linux-user/seccomp.h"
#include "linux-user/signal.h"
#include "linux-user/sys.h"
#include "linux-user/thread.h"
#include "rt/arena.h"
#include "rt/memory.h"
#include "rt/uaccess.h"

#define SYS_SECCOMP_CODE 1 /* si_code */
#define CACHED_CALLS 512u
#define PATH_INSNS_MAX ((1u << 18) / 8)
#define FILTER_PENALTY 4u
#define ERRNO_MAX_ 4095u

struct seccomp_filter {
	struct seccomp_filter *prev;
	uint32_t users; /* threads, and filters behind this one */
	uint32_t length;
	uint32_t cost; /* its length as the kernel counts it */
	bool notifies; /* the host has a filter with a listener for it */
	uint64_t allowed[CACHED_CALLS / 64]; /* numbers that this and all before always allow */
	struct bpf_insn insns[];
};

static size_t filter_size(unsigned length)
{
	return sizeof(struct seccomp_filter) + length * sizeof(struct bpf_insn);
}

static void filter_put(struct seccomp_filter *f)
{
	while (f && __atomic_sub_fetch(&f->users, 1, __ATOMIC_ACQ_REL) == 0) {
		struct seccomp_filter *prev = f->prev;

		rt_unmap(f, filter_size(f->length));
		f = prev;
	}
}

static struct seccomp_filter *filter_get(struct seccomp_filter *f)
{
	if (f)
		__atomic_add_fetch(&f->users, 1, __ATOMIC_RELAXED);
	return f;
}

/* ---- system calls ---- */

/* Smaller is stronger, in the kernel's signed order. */
static int32_t action_of(uint32_t result)
{
	return (int32_t)(result & SECCOMP_RET_ACTION_FULL);
}

/* *ret_match: the filter whose result it is; NULL: none but SECCOMP_RET_ALLOW. */
static uint32_t run_filters(const struct seccomp_filter *f, const struct bpf_data *data,
			    const struct seccomp_filter **ret_match)
{
	uint32_t result = SECCOMP_RET_ALLOW;

	*ret_match = NULL;
	for (; f; f = f->prev) {
		uint32_t r = bpf_run(f->insns, data);

		if (action_of(r) < action_of(result)) {
			result = r;
			*ret_match = f;
		}
	}
	return result;
}

/* Is it the only thread of its process? */
static bool is_alone(struct thread *t)
{
	unsigned count = 0;

	memory_lock(t->process);
	for (struct thread *x = t->process->threads; x; x = x->next)
		count += x->tgid == t->tgid;
	memory_unlock(t->process);
	return count <= 1;
}

/* Only this thread ends; the process with it if it is the last. */
_Noreturn static void kill_thread(struct thread *t, int signo)
{
	const uint64_t code[6] = { (uint64_t)signo };

	if (is_alone(t))
		signal_die(t, signo, signo != HOST_SIGKILL);
	sys_exit(t, code);
	__builtin_unreachable();
}

static void send_sigsys(struct thread *t, uint64_t nr, uint32_t data)
{
	struct host_siginfo info = { .signo = HOST_SIGSYS, .error = (int32_t)data,
				     .code = SYS_SECCOMP_CODE };

	info.raw[0] = t->cpu.pc;
	info.raw[1] = (uint32_t)nr | (uint64_t)t->abi->audit_arch << 32;
	signal_force_info(t, &info);
}

static bool strict_allows(const struct thread *t, uint64_t nr)
{
	for (unsigned i = 0; i < sizeof(t->abi->strict_calls) / sizeof(t->abi->strict_calls[0]); i++)
		if (t->abi->strict_calls[i] == nr)
			return true;
	return false;
}

/* Sleeps until a supervisor has answered. False: *ret is the answer. */
static bool ask_supervisor(struct thread *t, const struct seccomp_filter *match, uint64_t nr,
			   const uint64_t *args, int64_t *ret)
{
	*ret = -ENOSYS;
	if (!match->notifies)
		return false;
	*ret = rt_guest_syscall(&t->cpu.pending, SECCOMP_ASK + (nr & (SECCOMP_ASK - 1)), args);
	return *ret == SECCOMP_GO_ON;
}

/* A tracer may have changed the call, which the filters look at again. False: *ret is its
 * result. */
static bool ask_tracer(struct thread *t, uint32_t data, struct bpf_data *call, int64_t *ret)
{
	*ret = -ENOSYS;
	if (!trace_seccomp(t, data))
		return false;
	t->abi->get_syscall(&t->cpu, (uint64_t *)ret);
	t->abi->get_arguments(&t->cpu, call->args);
	call->nr = (int32_t)t->trace.syscall;
	return call->nr >= 0;
}

static bool obey_filters(struct thread *t, struct bpf_data *call, bool traced, int64_t *ret)
{
	const struct seccomp_filter *f = t->seccomp.filter, *match;
	uint32_t result;

	if (!f || ((uint32_t)call->nr < CACHED_CALLS &&
		   f->allowed[call->nr / 64] >> call->nr % 64 & 1))
		return true;
	result = run_filters(f, call, &match);
	switch (result & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG: return true;
	case SECCOMP_RET_ERRNO:
		result &= SECCOMP_RET_DATA;
		*ret = -(int64_t)(result < ERRNO_MAX_ ? result : ERRNO_MAX_);
		return false;
	case SECCOMP_RET_TRACE:
		return traced || (ask_tracer(t, result & SECCOMP_RET_DATA, call, ret) &&
				  obey_filters(t, call, true, ret));
	case SECCOMP_RET_USER_NOTIF:
		return ask_supervisor(t, match, (uint32_t)call->nr, call->args, ret);
	case SECCOMP_RET_TRAP:
		send_sigsys(t, (uint32_t)call->nr, result & SECCOMP_RET_DATA);
		*ret = SYS_NO_RESULT;
		return false;
	case SECCOMP_RET_KILL_THREAD: kill_thread(t, HOST_SIGSYS);
	default: signal_die(t, HOST_SIGSYS, true);
	}
}

bool seccomp_allows(struct thread *t, uint64_t *nr, uint64_t *args, int64_t *ret)
{
	struct bpf_data call = {
		.nr = (int32_t)*nr, .arch = t->abi->audit_arch, .ip = t->cpu.pc,
		.args = { args[0], args[1], args[2], args[3], args[4], args[5] },
	};

	if (t->seccomp.want_no_new_privs) {
		t->seccomp.want_no_new_privs = false;
		rt_syscall(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	}
	if (t->seccomp.mode == SECCOMP_STRICT) {
		if (!strict_allows(t, *nr))
			kill_thread(t, HOST_SIGKILL);
		return true;
	}
	if (!obey_filters(t, &call, false, ret))
		return false;
	*nr = (uint32_t)call.nr;
	memcpy(args, call.args, sizeof(call.args));
	return true;
}

/* ---- inheritance ---- */

void seccomp_inherit(struct thread *child, const struct thread *parent)
{
	child->seccomp = parent->seccomp;
	filter_get(child->seccomp.filter);
}

void seccomp_release(struct thread *t)
{
	filter_put(t->seccomp.filter);
	t->seccomp = (struct seccomp){ 0 };
}

static unsigned count_filters(const struct thread *t, bool all)
{
	unsigned n = 0;

	for (const struct seccomp_filter *f = t->seccomp.filter; f; f = f->prev)
		n += all || !f->notifies;
	return n;
}

unsigned seccomp_filter_count(const struct thread *t)
{
	return count_filters(t, false);
}

/* ---- installing ---- */

static bool may_install(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[2] = { 0 };

	if (rt_syscall(__NR_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		return true;
	return rt_syscall(__NR_capget, &head, caps) == 0 &&
	       caps[0].effective >> CAP_SYS_ADMIN & 1;
}

/* A filter in front of prev, which it takes over a use of. */
static void complete(const struct thread *t, struct seccomp_filter *f, struct seccomp_filter *prev)
{
	f->prev = filter_get(prev);
	f->users = 1;
	memset(f->allowed, 0, sizeof(f->allowed));
	for (unsigned nr = 0; nr < CACHED_CALLS; nr++)
		if ((!prev || prev->allowed[nr / 64] >> nr % 64 & 1) &&
		    bpf_always(f->insns, (int32_t)nr, t->abi->audit_arch, SECCOMP_RET_ALLOW))
			f->allowed[nr / 64] |= 1ull << nr % 64;
}

static int read_program(uint64_t address, struct seccomp_filter **ret)
{
	struct {
		uint16_t length;
		uint64_t insns;
	} prog;
	struct seccomp_filter *f;
	int r;

	if (copy_from_guest(&prog, address, sizeof(prog)) < 0)
		return -EFAULT;
	if (!prog.length || prog.length > BPF_LENGTH_MAX)
		return -EINVAL;
	if (!may_install())
		return -EACCES;
	f = rt_map_anon(filter_size(prog.length));
	if (!f)
		return -ENOMEM;
	f->length = prog.length;
	r = copy_from_guest(f->insns, prog.insns, prog.length * sizeof(f->insns[0]));
	if (r == 0 && !bpf_check(f->insns, prog.length))
		r = -EINVAL;
	f->cost = bpf_converted_length(f->insns, f->length);
	if (r < 0) {
		rt_unmap(f, filter_size(prog.length));
		return r;
	}
	*ret = f;
	return 0;
}

static bool is_ancestor(const struct seccomp_filter *a, const struct seccomp_filter *f)
{
	if (!a)
		return true;
	while (f && f != a)
		f = f->prev;
	return f == a;
}

static bool is_sibling(const struct thread *t, const struct thread *x)
{
	return x != t && x->tgid == t->tgid;
}

/* The thread id of one that has filters which the caller has not, or 0. */
static int find_diverged(struct thread *t)
{
	for (struct thread *x = t->process->threads; x; x = x->next) {
		if (!is_sibling(t, x) || x->seccomp.mode == SECCOMP_OFF ||
		    (x->seccomp.mode == SECCOMP_FILTER &&
		     is_ancestor(x->seccomp.filter, t->seccomp.filter)))
			continue;
		return x->tid ? x->tid : -1;
	}
	return 0;
}

static void set_mode(struct thread *t, unsigned mode)
{
	t->seccomp.mode = (uint8_t)mode;
	__atomic_or_fetch(&t->syscall_hooks, HOOK_SECCOMP, __ATOMIC_RELEASE);
}

/* A thread may be running its old filter, which lives on in front of ours. */
static void synchronise(struct thread *t)
{
	bool no_new_privs = rt_syscall(__NR_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;

	for (struct thread *x = t->process->threads; x; x = x->next) {
		struct seccomp_filter *old = x->seccomp.filter;

		if (!is_sibling(t, x))
			continue;
		__atomic_store_n(&x->seccomp.filter, filter_get(t->seccomp.filter),
				 __ATOMIC_RELEASE);
		filter_put(old);
		x->seccomp.want_no_new_privs |= no_new_privs;
		set_mode(x, SECCOMP_FILTER);
	}
}

/* 0 or negative errno, or the thread that stands in the way. *ret_listener: -1 if none. */
static int64_t attach(struct thread *t, struct seccomp_filter *f, uint64_t flags,
		      int *ret_listener)
{
	unsigned total = f->cost;

	if (t->seccomp.mode != SECCOMP_OFF && t->seccomp.mode != SECCOMP_FILTER)
		return -EINVAL;
	for (const struct seccomp_filter *x = t->seccomp.filter; x; x = x->prev)
		total += x->cost + FILTER_PENALTY;
	if (total > PATH_INSNS_MAX)
		return -ENOMEM;
	if (flags & SECCOMP_FILTER_FLAG_TSYNC) {
		int tid = find_diverged(t);

		if (tid)
			return flags & SECCOMP_FILTER_FLAG_TSYNC_ESRCH ? -ESRCH : tid;
	}
	if (flags & SECCOMP_FILTER_FLAG_NEW_LISTENER) {
		*ret_listener = seccomp_listen(flags);
		if (*ret_listener < 0)
			return *ret_listener;
		f->notifies = true;
	}
	complete(t, f, t->seccomp.filter);
	/* The use that the thread had is the new filter's now. */
	filter_put(t->seccomp.filter);
	t->seccomp.filter = f;
	set_mode(t, SECCOMP_FILTER);
	if (flags & SECCOMP_FILTER_FLAG_TSYNC)
		synchronise(t);
	return 0;
}

#define FLAG_WAIT_KILLABLE 0x20ull /* SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV */
#define FLAGS_KNOWN (SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_LOG | \
		     SECCOMP_FILTER_FLAG_SPEC_ALLOW | SECCOMP_FILTER_FLAG_NEW_LISTENER |        \
		     SECCOMP_FILTER_FLAG_TSYNC_ESRCH | FLAG_WAIT_KILLABLE)

static int64_t install_filter(struct thread *t, uint64_t flags, uint64_t address)
{
	struct seccomp_filter *f;
	int listener = -1;
	int64_t r;

	if (flags & ~(uint64_t)FLAGS_KNOWN)
		return -EINVAL;
	/* Only one of the two can be told. */
	if (flags & SECCOMP_FILTER_FLAG_NEW_LISTENER && flags & SECCOMP_FILTER_FLAG_TSYNC &&
	    !(flags & SECCOMP_FILTER_FLAG_TSYNC_ESRCH))
		return -EINVAL;
	if (flags & FLAG_WAIT_KILLABLE && !(flags & SECCOMP_FILTER_FLAG_NEW_LISTENER))
		return -EINVAL;
	r = read_program(address, &f);
	if (r < 0)
		return r;
	memory_lock(t->process);
	r = attach(t, f, flags, &listener);
	memory_unlock(t->process);
	if (r != 0)
		rt_unmap(f, filter_size(f->length));
	return r == 0 && listener >= 0 ? listener : r;
}

static int64_t install_strict(struct thread *t)
{
	if (t->seccomp.mode == SECCOMP_FILTER)
		return -EINVAL;
	set_mode(t, SECCOMP_STRICT);
	return 0;
}

static int64_t action_available(uint64_t address)
{
	uint32_t action;

	if (copy_from_guest(&action, address, sizeof(action)) < 0)
		return -EFAULT;
	switch (action) {
	case SECCOMP_RET_KILL_PROCESS:
	case SECCOMP_RET_KILL_THREAD:
	case SECCOMP_RET_TRAP:
	case SECCOMP_RET_ERRNO:
	case SECCOMP_RET_USER_NOTIF:
	case SECCOMP_RET_TRACE:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_ALLOW: return 0;
	default: return -EOPNOTSUPP;
	}
}

int64_t sys_seccomp(struct thread *t, const uint64_t *a)
{
	const struct seccomp_notif_sizes sizes = {
		sizeof(struct seccomp_notif), sizeof(struct seccomp_notif_resp),
		sizeof(struct seccomp_data),
	};
	uint32_t flags = (uint32_t)a[1];

	switch ((uint32_t)a[0]) {
	case SECCOMP_SET_MODE_STRICT: return flags || a[2] ? -EINVAL : install_strict(t);
	case SECCOMP_SET_MODE_FILTER: return install_filter(t, flags, a[2]);
	case SECCOMP_GET_ACTION_AVAIL: return flags ? -EINVAL : action_available(a[2]);
	case SECCOMP_GET_NOTIF_SIZES:
		return flags ? -EINVAL : copy_to_guest(a[2], &sizes, sizeof(sizes));
	default: return -EINVAL;
	}
}

int64_t seccomp_prctl_set(struct thread *t, const uint64_t *a)
{
	switch (a[1]) {
	case SECCOMP_MODE_STRICT: return install_strict(t);
	case SECCOMP_MODE_FILTER: return install_filter(t, 0, a[2]);
	default: return -EINVAL;
	}
}

/* A container may have a filter around everything. */
int64_t seccomp_prctl_get(struct thread *t, const uint64_t *a)
{
	return t->seccomp.mode ? t->seccomp.mode : guest_sys(t, __NR_prctl, a[0]);
}

/* ---- execve ---- */

struct saved_head {
	uint32_t mode, count;
};

static int write_all(int fd, const void *data, size_t length)
{
	const char *p = data;

	while (length) {
		long n = rt_syscall(__NR_write, fd, p, length);

		if (n <= 0)
			return n < 0 ? (int)n : -EIO;
		p += n;
		length -= (size_t)n;
	}
	return 0;
}

struct saved_filter {
	uint32_t length, notifies;
};

/* The oldest first, whatever their number: no recursion. */
static int write_filters(int fd, const struct thread *t, uint32_t count)
{
	int r = 0;

	while (count-- && r == 0) {
		const struct seccomp_filter *f = t->seccomp.filter;

		struct saved_filter saved;

		for (uint32_t i = 0; i < count; i++)
			f = f->prev;
		saved = (struct saved_filter){ f->length, f->notifies };
		r = write_all(fd, &saved, sizeof(saved));
		if (r == 0)
			r = write_all(fd, f->insns, f->length * sizeof(f->insns[0]));
	}
	return r;
}

int seccomp_save(const struct thread *t)
{
	const struct saved_head head = { t->seccomp.mode, count_filters(t, true) };
	int fd = (int)rt_syscall(__NR_memfd_create, "seccomp", 0), r;

	if (fd < 0)
		return fd;
	r = write_all(fd, &head, sizeof(head));
	if (r == 0)
		r = write_filters(fd, t, head.count);
	if (r < 0)
		rt_syscall(__NR_close, fd);
	return r < 0 ? r : fd;
}

static bool read_all(int fd, void *data, size_t length)
{
	return rt_syscall(__NR_read, fd, data, length) == (long)length;
}

static int load_filter(struct thread *t, int fd)
{
	struct saved_filter saved;
	struct seccomp_filter *f;
	uint32_t length;

	if (!read_all(fd, &saved, sizeof(saved)) || !saved.length || saved.length > BPF_LENGTH_MAX)
		return -EINVAL;
	length = saved.length;
	f = rt_map_anon(filter_size(length));
	if (!f)
		return -ENOMEM;
	f->length = length;
	f->notifies = saved.notifies;
	if (!read_all(fd, f->insns, length * sizeof(f->insns[0])) || !bpf_check(f->insns, length))
		return -EINVAL;
	f->cost = bpf_converted_length(f->insns, f->length);
	complete(t, f, t->seccomp.filter);
	filter_put(t->seccomp.filter);
	t->seccomp.filter = f;
	return 0;
}

int seccomp_load(struct thread *t, int fd)
{
	struct saved_head head;
	int r = 0;

	if (rt_syscall(__NR_lseek, fd, 0, 0) < 0 || !read_all(fd, &head, sizeof(head)) ||
	    !head.mode || head.mode > SECCOMP_FILTER)
		return -EINVAL;
	for (uint32_t i = 0; i < head.count && r == 0; i++)
		r = load_filter(t, fd);
	rt_syscall(__NR_close, fd);
	if (r == 0)
		set_mode(t, head.mode);
	return r;
}
