/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Supervisors of seccomp: the host's filter behind a guest's that has a listener, and what a
 * supervisor under us receives and answers.
 *
 * The guest's arguments travel as the arguments of the host's call. Its instruction pointer does
 * not: it is read from the caller's memory, and is 0 for supervisors that may not. A supervisor
 * that does not run under us sees the host's numbers, and for what it lets go on the guest gets
 * ENOSYS.
 */
#include <linux/audit.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/filter.h>
#include <linux/ioctl.h>
#include <linux/seccomp.h>

#include "linux-user/seccomp.h"
#include "linux-user/thread.h"
#include "rt/text.h"
#include "rt/uaccess.h"

int seccomp_listen(uint64_t flags)
{
	const struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, SECCOMP_ASK, 0, 2),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 2 * SECCOMP_ASK, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = {
		sizeof(filter) / sizeof(filter[0]), (struct sock_filter *)filter,
	};

	return (int)rt_syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

/* The last requests of programs that do not run under us, whose answers are the host's. */
#define FOREIGN_KEPT 64
static uint64_t foreign[FOREIGN_KEPT];
static uint32_t foreign_next;

static void note_foreign(uint64_t id)
{
	uint32_t i = __atomic_fetch_add(&foreign_next, 1, __ATOMIC_RELAXED) % FOREIGN_KEPT;

	__atomic_store_n(&foreign[i], id, __ATOMIC_RELAXED);
}

static bool is_foreign(uint64_t id)
{
	for (unsigned i = 0; i < FOREIGN_KEPT; i++)
		if (__atomic_load_n(&foreign[i], __ATOMIC_RELAXED) == id)
			return true;
	return false;
}

static bool read_memory(int pid, uint64_t address, void *buf, size_t size)
{
	uint64_t local[2] = { (uint64_t)buf, size }, remote[2] = { address, size };

	return rt_syscall(__NR_process_vm_readv, pid, local, 1, remote, 1, 0) == (long)size;
}

/* Where a task that sleeps in a call has its stack: "NUMBER ARGUMENT*6 SP PC". */
static uint64_t stack_of(int tid)
{
	char text[256];
	const char *p = text;
	uint64_t sp = 0;
	long n;
	int fd;

	rt_format(text, sizeof(text), "/proc/%d/syscall", tid);
	fd = (int)rt_syscall(__NR_openat, AT_FDCWD, text, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = rt_syscall(__NR_read, fd, text, sizeof(text) - 1);
	rt_syscall(__NR_close, fd);
	text[n > 0 ? n : 0] = 0;
	for (int word = 0; word < 7 && p; word++) {
		p = rt_strchr(p, ' ');
		p = p && rt_str_after(p, " 0x") ? p + 3 : NULL;
	}
	if (p)
		sp = rt_take_hex(&p);
	return sp;
}

/* The program counter of a guest that waits for an answer, or 0. */
static uint64_t pc_of(int tid)
{
	uint64_t sp = stack_of(tid), self, pc;

	for (uint64_t t = sp ? thread_above(sp) : 0; t; t = thread_next_above(sp, t))
		if (read_memory(tid, t + offsetof(struct thread, self), &self, 8) && self == t)
			return read_memory(tid, t + offsetof(struct thread, cpu.pc), &pc, 8) ? pc : 0;
	return 0;
}

int64_t seccomp_receive(struct thread *t, const uint64_t *a)
{
	int64_t r = guest_sys(t, __NR_ioctl, a[0], a[1], a[2]);
	struct seccomp_notif request;

	if (r < 0 || copy_from_guest(&request, a[2], sizeof(request)) < 0)
		return r;
	if (request.data.arch != AUDIT_ARCH_X86_64 || (uint32_t)request.data.nr < SECCOMP_ASK ||
	    (uint32_t)request.data.nr >= 2 * SECCOMP_ASK) {
		note_foreign(request.id);
		return r;
	}
	request.data.nr -= (int)SECCOMP_ASK;
	request.data.arch = t->abi->audit_arch;
	request.data.instruction_pointer = pc_of((int)request.pid);
	return copy_to_guest(a[2], &request, sizeof(request)) < 0 ? -EFAULT : r;
}

int64_t seccomp_answer(struct thread *t, const uint64_t *a)
{
	struct seccomp_notif_resp answer;

	if (copy_from_guest(&answer, a[2], sizeof(answer)) < 0)
		return -EFAULT;
	/* Everything else, mistakes too, is as the host has it. */
	if (answer.flags != SECCOMP_USER_NOTIF_FLAG_CONTINUE || answer.error || answer.val ||
	    is_foreign(answer.id))
		return guest_sys(t, __NR_ioctl, a[0], a[1], a[2]);
	answer.flags = 0;
	answer.error = (int)SECCOMP_GO_ON;
	return guest_sys(t, __NR_ioctl, a[0], a[1], &answer);
}
