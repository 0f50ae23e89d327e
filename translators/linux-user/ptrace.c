/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The requests of ptrace(2), as arm64 kernels have them. A tracee that does not run under us
 * is left to the host's requests.
 */
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/wait.h>

#include "linux-user/ptrace-internal.h"
#include "linux-user/signal.h"
#include "linux-user/sys.h"
#include "rt/memory.h"
#include "rt/text.h"
#include "rt/uaccess.h"

#define OPT_MASK (0xffu | 3u << 20)

/* ---- resuming ---- */

static bool is_stopped(int tid)
{
	uint64_t message;

	return host_ptrace(REQ_GETEVENTMSG, tid, 0, (uint64_t)&message) == 0;
}

static int64_t resume(struct tracee *e, uint64_t request, uint64_t signo)
{
	struct trace_orders orders = { .traced = request != REQ_DETACH };
	struct trace tr;

	if (!is_stopped(e->tid))
		return -ESRCH;
	if (tracee_trace(e, &tr) < 0)
		return host_ptrace((long)request, e->tid, 0, signo);
	if (signo > HOST_NSIG)
		return -EIO;
	trace_check_files(e);
	if (request == REQ_SYSCALL)
		orders.syscalls = TRACE_SYSCALLS_STOP;
	else if (request == REQ_SYSEMU || request == REQ_SYSEMU_SINGLESTEP)
		orders.syscalls = TRACE_SYSCALLS_SKIP;
	orders.step = request == REQ_SINGLESTEP || request == REQ_SYSEMU_SINGLESTEP;
	/* At stops of the host's own, what was ordered before is still to be done. */
	orders.signo = e->guest_stop ? (int32_t)signo : tr.orders.signo;
	orders.pid = (int32_t)rt_syscall(__NR_getpid);
	orders.uid = (uint32_t)rt_syscall(__NR_getuid);
	TRACE_PUT(e, trace.orders, orders);
	if (request == REQ_DETACH)
		TRACE_PUT(e, trace.want, 0);
	e->syscalls = orders.syscalls;
	e->guest_stop = 0;
	if (request == REQ_DETACH) {
		int tid = e->tid;

		tracee_remove(tid);
		return host_ptrace(REQ_DETACH, tid, 0, 0);
	}
	return host_ptrace(REQ_CONT, e->tid, 0, 0);
}

/*
 * PTRACE_LISTEN wants the host's own stop. The tracee's trap is exchanged for that: while the
 * process is stopped, an interrupted tracee stops at once for the same reason. When it has been
 * continued meanwhile, the host says so at the next wait.
 */
static int64_t listen(struct tracee *e)
{
	uint32_t siginfo[32] = { 0 };
	uint64_t status;
	struct trace tr;
	long r;

	if (!is_stopped(e->tid))
		return -ESRCH;
	if (!e->guest_stop)
		return host_ptrace(REQ_LISTEN, e->tid, 0, 0);
	if (tracee_trace(e, &tr) < 0 || tr.stop != TRACE_GROUP || !e->seized)
		return -EIO;
	r = host_ptrace(REQ_INTERRUPT, e->tid, 0, 0);
	if (r < 0)
		return r;
	e->guest_stop = 0;
	host_ptrace(REQ_CONT, e->tid, 0, 0);
	r = rt_syscall(__NR_waitid, P_PID, e->tid, siginfo,
		       WSTOPPED | __WALL | __WNOTHREAD | WNOWAIT, 0);
	if (r < 0)
		return r;
	/* si_status */
	if (siginfo[6] != tr.code)
		return 0;
	rt_syscall(__NR_wait4, e->tid, &status, __WALL | __WNOTHREAD, 0);
	return host_ptrace(REQ_LISTEN, e->tid, 0, 0);
}

/* ---- attaching ---- */

static int64_t traceme(struct thread *t)
{
	long r = host_ptrace(REQ_TRACEME, 0, 0, 0);

	if (r < 0)
		return r;
	t->trace.orders = (struct trace_orders){ .traced = 1 };
	t->trace.options = 0;
	t->trace.seized = 0;
	t->trace.fresh = 1;
	return 0;
}

static int64_t attach(uint64_t request, int tid, uint64_t addr, uint64_t options)
{
	struct tracee *e;
	bool seize = request == REQ_SEIZE;
	long r;

	if (seize && (addr || options & ~(uint64_t)OPT_MASK))
		return -EIO;
	r = host_ptrace((long)request, tid, 0, seize ? options | OPT_EXEC : 0);
	if (r < 0)
		return r;
	/* It may be another's number that was used before. */
	tracee_remove(tid);
	e = tracee_add(tid);
	if (!e)
		return -ENOMEM;
	e->seized = seize;
	e->set_options = !seize;
	e->options = seize ? (uint32_t)options : 0;
	return 0;
}

static int64_t set_options(struct tracee *e, uint64_t options)
{
	long r;

	if (options & ~(uint64_t)OPT_MASK)
		return -EINVAL;
	r = host_ptrace(REQ_SETOPTIONS, e->tid, 0, options | OPT_EXEC);
	if (r < 0)
		return r;
	e->options = (uint32_t)options;
	TRACE_PUT(e, trace.options, e->options);
	return 0;
}

/* ---- registers ---- */

/* What of a struct cpu a register set may show. */
#define CPU_PART offsetof(struct cpu, jump_cache)

static int64_t regset(struct thread *t, struct tracee *e, bool set, uint64_t type, uint64_t iov)
{
	static _Alignas(64) struct cpu cpu; /* guarded by the memory lock */
	_Alignas(16) uint8_t buf[REGSET_MAX];
	uint64_t vec[2];
	struct trace tr;
	unsigned unit;
	int64_t r = 0;
	int size;

	if (!is_stopped(e->tid))
		return -ESRCH;
	if (tracee_trace(e, &tr) < 0)
		return guest_sys(t, __NR_ptrace, set ? REQ_SETREGSET : REQ_GETREGSET, e->tid,
				 type, iov);
	if (copy_from_guest(vec, iov, sizeof(vec)) < 0)
		return -EFAULT;
	memory_lock(t->process);
	if (tracee_read(e->tid, THREAD_AT(e, cpu), &cpu, CPU_PART) < 0)
		r = -ESRCH;
	size = r < 0 ? 0 : t->abi->get_regset(&cpu, &tr, (unsigned)type, buf, &unit);
	if (size < 0)
		r = size;
	else if (r == 0 && vec[1] % unit)
		r = -EINVAL;
	vec[1] = size >= 0 && vec[1] > (uint64_t)size ? (uint64_t)size : vec[1];
	if (r == 0 && set) {
		if (copy_from_guest(buf, vec[0], vec[1]) < 0)
			r = -EFAULT;
		else
			r = t->abi->set_regset(&cpu, &tr, (unsigned)type, buf);
		if (r == 0 && (tracee_write(e->tid, THREAD_AT(e, cpu), &cpu, CPU_PART) < 0 ||
			       TRACE_PUT(e, trace.vectors_changed, tr.vectors_changed) < 0 ||
			       TRACE_PUT(e, trace.syscall, tr.syscall) < 0))
			r = -ESRCH;
	}
	memory_unlock(t->process);
	if (r == 0 && !set && copy_to_guest(vec[0], buf, vec[1]) < 0)
		r = -EFAULT;
	if (r == 0 && copy_to_guest(iov + 8, &vec[1], 8) < 0)
		r = -EFAULT;
	return r;
}

/* ---- what the stop is ---- */

struct syscall_info {
	uint8_t op, pad[3];
	uint32_t arch;
	uint64_t ip, sp;
	union {
		struct {
			uint64_t nr, args[6];
		} entry;
		struct {
			int64_t value;
			uint8_t is_error;
		} exit;
		struct {
			uint64_t nr, args[6];
			uint32_t data;
		} seccomp;
	};
};

static int64_t get_syscall_info(struct thread *t, struct tracee *e, uint64_t size, uint64_t to)
{
	static _Alignas(64) struct cpu cpu; /* guarded by the memory lock */
	struct syscall_info info;
	uint64_t actual = offsetof(struct syscall_info, entry), x0;
	struct trace tr;
	int64_t r = 0;

	if (!is_stopped(e->tid))
		return -ESRCH;
	if (tracee_trace(e, &tr) < 0)
		return guest_sys(t, __NR_ptrace, REQ_GET_SYSCALL_INFO, e->tid, size, to);
	memset(&info, 0, sizeof(info));
	memory_lock(t->process);
	if (tracee_read(e->tid, THREAD_AT(e, cpu), &cpu, CPU_PART) < 0)
		r = -ESRCH;
	info.arch = t->abi->audit_arch;
	info.ip = cpu.pc;
	info.sp = t->abi->get_sp(&cpu);
	if (e->guest_stop && tr.stop == TRACE_ENTRY && (e->options & OPT_SYSGOOD)) {
		info.op = 1;
		info.entry.nr = (uint64_t)tr.syscall;
		t->abi->get_arguments(&cpu, info.entry.args);
		info.entry.args[0] = tr.argument;
		actual = offsetof(struct syscall_info, entry.args[6]);
	} else if (e->guest_stop && tr.stop == TRACE_EVENT && tr.code >> 8 == EVENT_SECCOMP) {
		info.op = 3;
		info.seccomp.nr = (uint64_t)tr.syscall;
		t->abi->get_arguments(&cpu, info.seccomp.args);
		info.seccomp.data = (uint32_t)tr.message;
		actual = offsetof(struct syscall_info, seccomp.data) + 4;
	} else if (e->guest_stop && tr.stop == TRACE_EXIT && (e->options & OPT_SYSGOOD)) {
		t->abi->get_syscall(&cpu, &x0);
		info.op = 2;
		info.exit.value = (int64_t)x0;
		info.exit.is_error = rt_is_error((long)x0);
		actual = offsetof(struct syscall_info, exit.is_error) + 1;
	}
	memory_unlock(t->process);
	if (r < 0)
		return r;
	if (copy_to_guest(to, &info, size < actual ? size : actual) < 0)
		return -EFAULT;
	return (int64_t)actual;
}

static int64_t get_siginfo(struct tracee *e, uint64_t to)
{
	struct trace tr;

	if (!e->guest_stop || tracee_trace(e, &tr) < 0)
		return host_ptrace(REQ_GETSIGINFO, e->tid, 0, to);
	if (tr.stop == TRACE_GROUP && !(tr.code >> 8))
		return -EINVAL;
	if ((tr.stop == TRACE_ENTRY || tr.stop == TRACE_EXIT) && (e->options & OPT_SYSGOOD))
		tr.info.code |= 0x80;
	return copy_to_guest(to, &tr.info, sizeof(tr.info));
}

static int64_t set_siginfo(struct tracee *e, uint64_t from)
{
	struct host_siginfo info;

	if (!e->guest_stop)
		return host_ptrace(REQ_SETSIGINFO, e->tid, 0, from);
	if (copy_from_guest(&info, from, sizeof(info)) < 0)
		return -EFAULT;
	return TRACE_PUT(e, trace.info, info);
}

static int64_t get_message(struct tracee *e, uint64_t to)
{
	struct trace tr;

	if (!e->guest_stop || tracee_trace(e, &tr) < 0)
		return host_ptrace(REQ_GETEVENTMSG, e->tid, 0, to);
	return copy_to_guest(to, &tr.message, 8);
}

static int64_t sigmask(struct tracee *e, bool set, uint64_t size, uint64_t data)
{
	uint64_t mask;
	struct trace tr;
	int r;

	if (!is_stopped(e->tid))
		return -ESRCH;
	if (size != 8)
		return -EINVAL;
	if (tracee_trace(e, &tr) < 0)
		return host_ptrace(set ? REQ_SETSIGMASK : REQ_GETSIGMASK, e->tid, size, data);
	if (!set) {
		r = tracee_read(e->tid, THREAD_AT(e, sigmask), &mask, 8);
		return r < 0 ? r : copy_to_guest(data, &mask, 8);
	}
	if (copy_from_guest(&mask, data, 8) < 0)
		return -EFAULT;
	r = TRACE_PUT(e, sigmask, mask & ~(1ull << 8 | 1ull << 18));
	return r < 0 ? r : TRACE_PUT(e, trace.mask_changed, 1);
}

/* ---- syscall user dispatch ---- */

struct dispatch_config {
	uint64_t mode, selector, offset, length;
};

static int64_t dispatch_config(struct tracee *e, bool set, uint64_t size, uint64_t data)
{
	struct dispatch_config config = { 0 };
	struct dispatch d;
	struct trace tr;
	uint8_t hooks;
	int r;

	if (!is_stopped(e->tid))
		return -ESRCH;
	if (tracee_trace(e, &tr) < 0)
		return host_ptrace(set ? REQ_SET_DISPATCH : REQ_GET_DISPATCH, e->tid, size, data);
	if (size != sizeof(config))
		return -EINVAL;
	if (tracee_read(e->tid, THREAD_AT(e, syscall_hooks), &hooks, 1) < 0 ||
	    tracee_read(e->tid, THREAD_AT(e, dispatch), &d, sizeof(d)) < 0)
		return -ESRCH;
	if (!set) {
		config.mode = !!(hooks & HOOK_DISPATCH);
		config.selector = d.selector;
		config.offset = d.offset;
		config.length = d.length;
		return copy_to_guest(data, &config, sizeof(config));
	}
	if (copy_from_guest(&config, data, sizeof(config)) < 0)
		return -EFAULT;
	r = dispatch_parse(&d, config.mode, config.offset, config.length, config.selector);
	if (r < 0)
		return r;
	hooks = (uint8_t)((hooks & ~HOOK_DISPATCH) | r);
	r = TRACE_PUT(e, dispatch, d);
	return r < 0 ? r : TRACE_PUT(e, syscall_hooks, hooks);
}

static int64_t poke(struct tracee *e, uint64_t request, uint64_t addr, uint64_t data)
{
	long r = host_ptrace((long)request, e->tid, addr, data);

	if (r == 0)
		trace_written(e, addr, 8);
	return r;
}

/* ---- code that is written through a descriptor ---- */

/* Descriptors of tracees' memory. One that was closed meanwhile costs a few translations. */
#define FILES 32
static struct {
	int fd, pid;	 /* pid 0: free */
	int64_t position; /* which write() moves */
} files[FILES];
static unsigned next_file;

static int64_t position_of(int fd)
{
	return rt_syscall(__NR_lseek, fd, 0, 1);
}

void trace_opened(struct thread *t, int fd, const char *path)
{
	const char *p;
	char buf[24];
	int pid = 0;

	(void)t;
	if (!tracee_any() || rt_copy_string(buf, path, sizeof(buf)) == -EFAULT)
		return;
	p = rt_str_after(path, "/proc/");
	if (!p || !rt_str_eq(rt_basename(p), "mem"))
		return;
	for (; *p >= '0' && *p <= '9' && pid < 1 << 26; p++)
		pid = pid * 10 + (*p - '0');
	files[next_file % FILES].fd = fd;
	files[next_file % FILES].pid = pid;
	files[next_file % FILES].position = position_of(fd);
	next_file++;
}

/* Threads share what is changed: any tracee of the process will do. */
static void written_to(int pid, uint64_t start, uint64_t length)
{
	struct tracee *e = tracee_find(pid);

	if (e)
		trace_written(e, start, length);
}

void trace_check_files(struct tracee *e)
{
	for (unsigned i = 0; i < FILES; i++) {
		int64_t now;

		if (!files[i].pid)
			continue;
		now = position_of(files[i].fd);
		if (now == files[i].position)
			continue;
		files[i].position = now;
		trace_written(e, 0, 1ull << 47);
	}
}

int64_t sys_pwrite64(struct thread *t, const uint64_t *a)
{
	int64_t r = guest_sys(t, __NR_pwrite64, a[0], a[1], a[2], a[3]);

	if (__builtin_expect(next_file != 0, 0) && r > 0)
		for (unsigned i = 0; i < FILES; i++)
			if (files[i].pid && files[i].fd == (int)a[0])
				written_to(files[i].pid, a[3], (uint64_t)r);
	return r;
}

int64_t sys_process_vm_writev(struct thread *t, const uint64_t *a)
{
	int64_t r = guest_sys(t, __NR_process_vm_writev, a[0], a[1], a[2], a[3], a[4], a[5]);

	if (r > 0 && tracee_any())
		written_to((int)a[0], 0, 1ull << 47);
	return r;
}

long trace_auxv(int pid, void *buf, size_t size)
{
	struct tracee *e = tracee_find(pid);
	struct process process;
	uint64_t at;

	if (!e || !e->thread || tracee_read(pid, THREAD_AT(e, process), &at, 8) < 0 ||
	    tracee_read(pid, at, &process, sizeof(process)) < 0)
		return -ESRCH;
	size = process.auxv_size < size ? process.auxv_size : size;
	return tracee_read(pid, process.auxv_start, buf, size) < 0 ? -ESRCH : (long)size;
}

/* ---- the call ---- */

static int64_t on_tracee(struct thread *t, struct tracee *e, uint64_t request, uint64_t addr,
			 uint64_t data)
{
	switch (request) {
	case REQ_PEEKTEXT:
	case REQ_PEEKDATA: return guest_sys(t, __NR_ptrace, request, e->tid, addr, data);
	case REQ_POKETEXT:
	case REQ_POKEDATA: return poke(e, request, addr, data);
	case REQ_CONT:
	case REQ_SYSCALL:
	case REQ_SYSEMU:
	case REQ_SYSEMU_SINGLESTEP:
	case REQ_SINGLESTEP:
	case REQ_DETACH: return resume(e, request, data);
	case REQ_KILL:
	case REQ_INTERRUPT:
	case REQ_PEEKSIGINFO: return host_ptrace((long)request, e->tid, addr, data);
	case REQ_LISTEN: return listen(e);
	case REQ_SETOPTIONS: return set_options(e, data);
	case REQ_GETEVENTMSG: return get_message(e, data);
	case REQ_GETSIGINFO: return get_siginfo(e, data);
	case REQ_SETSIGINFO: return set_siginfo(e, data);
	case REQ_GETSIGMASK:
	case REQ_SETSIGMASK: return sigmask(e, request == REQ_SETSIGMASK, addr, data);
	case REQ_GETREGSET:
	case REQ_SETREGSET: return regset(t, e, request == REQ_SETREGSET, addr, data);
	case REQ_GET_SYSCALL_INFO: return get_syscall_info(t, e, addr, data);
	case REQ_SET_DISPATCH:
	case REQ_GET_DISPATCH: return dispatch_config(e, request == REQ_SET_DISPATCH, addr, data);
	default: return is_stopped(e->tid) ? -EIO : -ESRCH;
	}
}

int64_t sys_ptrace(struct thread *t, const uint64_t *a)
{
	struct tracee *e;
	int tid = (int)a[1];

	switch (a[0]) {
	case REQ_TRACEME: return traceme(t);
	case REQ_ATTACH:
	case REQ_SEIZE: return attach(a[0], tid, a[2], a[3]);
	}
	e = tracee_find(tid);
	if (!e)
		return -ESRCH;
	return on_tracee(t, e, a[0], a[2], a[3]);
}
