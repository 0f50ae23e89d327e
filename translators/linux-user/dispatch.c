/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Syscall user dispatch, by which programs run another system's code in their own process. It
 * comes before tracers and seccomp, which do not see what it takes away.
 */
#include <linux/errno.h>
#include <linux/prctl.h>

#include "linux-user/dispatch.h"
#include "linux-user/memory.h"
#include "linux-user/signal.h"
#include "linux-user/thread.h"
#include "rt/uaccess.h"

#define SYS_USER_DISPATCH_CODE 2 /* si_code */
#define DISPATCH_OUTSIDE       1 /* PR_SYS_DISPATCH_ON: outside the range */
#define DISPATCH_INSIDE	       2 /* of Linux 6.16 */
#define SIGRETURN_SIZE	       8 /* of the vDSO's function */
#define SELECTOR_ALLOW	       0
#define SELECTOR_BLOCK	       1

static uint64_t untagged(uint64_t address)
{
	return address & ((1ull << 56) - 1);
}

void dispatch_clear(struct thread *t)
{
	__atomic_and_fetch(&t->syscall_hooks, (uint8_t)~HOOK_DISPATCH, __ATOMIC_RELEASE);
}

static void send_sigsys(struct thread *t)
{
	struct host_siginfo info = { .signo = HOST_SIGSYS, .code = SYS_USER_DISPATCH_CODE };

	info.raw[0] = t->cpu.pc;
	info.raw[1] = t->abi->call_number(&t->cpu) | (uint64_t)t->abi->audit_arch << 32;
	signal_force_info(t, &info);
}

bool dispatch_allows(struct thread *t)
{
	const struct dispatch *d = &t->dispatch;
	uint64_t pc = t->cpu.pc;
	uint8_t state;

	/* The return from a handler is not the program's own. */
	if (pc - d->offset < d->length ||
	    pc - 1 - (uint64_t)t->abi->vdso_sigreturn < SIGRETURN_SIZE)
		return true;
	if (d->selector) {
		if (copy_from_guest(&state, d->selector, 1) < 0)
			signal_die(t, HOST_SIGSEGV, true);
		if (state == SELECTOR_ALLOW)
			return true;
		if (state != SELECTOR_BLOCK)
			signal_die(t, HOST_SIGSYS, true);
	}
	send_sigsys(t);
	return false;
}

int dispatch_parse(struct dispatch *d, uint64_t mode, uint64_t offset, uint64_t length,
		   uint64_t selector)
{
	uint64_t end = offset + length;

	*d = (struct dispatch){ offset, length, untagged(selector) };
	switch (mode) {
	case PR_SYS_DISPATCH_OFF: return offset || length || selector ? -EINVAL : 0;
	case DISPATCH_OUTSIDE:
		if (offset && end <= offset)
			return -EINVAL;
		break;
	case DISPATCH_INSIDE:
		if (!length || end <= offset)
			return -EINVAL;
		d->length = -length;
		d->offset = end;
		break;
	default: return -EINVAL;
	}
	return d->selector >= GUEST_ADDRESS_END ? -EFAULT : HOOK_DISPATCH;
}

int64_t dispatch_prctl(struct thread *t, const uint64_t *a)
{
	struct dispatch d;
	int r = dispatch_parse(&d, a[1], a[2], a[3], a[4]);

	if (r < 0)
		return r;
	t->dispatch = d;
	if (r)
		__atomic_or_fetch(&t->syscall_hooks, HOOK_DISPATCH, __ATOMIC_RELEASE);
	else
		dispatch_clear(t);
	return 0;
}
