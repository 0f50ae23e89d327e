/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Supervisors of seccomp: the host's filter behind a guest's that has a listener, and what a
 * supervisor under us receives and answers.
 *
 * The guest's arguments travel as the arguments of the host's call. Its instruction pointer does
 * not: supervisors see 0. A supervisor that does not run under us sees the host's numbers, and
 * for what it lets go on the guest gets ENOSYS.
 */
#include <linux/audit.h>
#include <linux/errno.h>
#include <linux/filter.h>
#include <linux/ioctl.h>
#include <linux/seccomp.h>

#include "linux-user/seccomp.h"
#include "linux-user/thread.h"
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
	request.data.instruction_pointer = 0;
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
