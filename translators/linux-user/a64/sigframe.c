/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Pushing and popping arm64 signal frames, as arch/arm64/kernel/signal.c does.
 */
#include <linux/errno.h>

#include "linux-user/a64/abi.h"
#include "linux-user/a64/processor.h"
#include "linux-user/a64/sigframe.h"
#include "linux-user/signal.h"
#include "linux-user/thread.h"
#include "rt/memory.h"
#include "rt/uaccess.h"

#define SS_DISABLE 2

/* Exception syndrome, as a data or instruction abort from EL0 would have it: programs look at
 * the write bit and at the difference of translation and permission faults. */
static uint64_t syndrome(int signo, const struct host_siginfo *info, uint64_t err)
{
	bool fetch = err & 16, write = err & 2;
	uint64_t status;

	if (signo == HOST_SIGSEGV)
		status = info->code == 2 ? 0x0f : 0x07; /* permission, translation, level 3 */
	else if (signo == HOST_SIGBUS)
		status = info->code == 1 ? 0x21 : 0x07; /* alignment; page beyond the end */
	else
		return 0;
	return (fetch ? 0x20ull : 0x24ull) << 26 | 1ull << 25 | (write && !fetch ? 1u << 6 : 0) |
	       status;
}

int a64_push_frame(struct thread *t, int signo, const struct host_siginfo *info,
		   const struct guest_sigaction *action, uint64_t mask)
{
	struct cpu *cpu = &t->cpu;
	struct a64_fault fault = { 0, 0 };
	struct a64_rt_sigframe frame;
	struct a64_frame_record record = { cpu->r[29], cpu->r[30] };
	uint64_t sp = signal_frame_top(t, cpu->r[31], action->flags), record_at, frame_at;
	size_t length;

	record_at = (sp - sizeof(record)) & ~15ull;
	frame_at = record_at - ((sizeof(frame) + 15) & ~15ull);
	memset(&frame, 0, offsetof(struct a64_rt_sigframe, uc.mc));
	frame.info = *info;
	if (t->fault_valid) {
		fault.address = t->fault_addr;
		fault.esr = syndrome(signo, info, t->fault_err);
	}
	engine_vec_store(cpu);
	length = a64_fill_frame(&frame, cpu, a64_get_pstate(cpu), engine_get_fpsr(cpu), mask,
				&fault);
	frame.uc.stack.sp = t->altstack_sp;
	frame.uc.stack.size = t->altstack_size;
	frame.uc.stack.flags = t->altstack_size ? t->altstack_flags : SS_DISABLE;
	if (copy_to_guest(record_at, &record, sizeof(record)) < 0 ||
	    copy_to_guest(frame_at, &frame, length) < 0)
		return -EFAULT;

	cpu->r[0] = (uint64_t)signo;
	if (action->flags & HOST_SA_SIGINFO) {
		cpu->r[1] = frame_at;
		cpu->r[2] = frame_at + offsetof(struct a64_rt_sigframe, uc);
	}
	cpu->r[29] = record_at;
	cpu->r[30] = action->flags & HOST_SA_RESTORER ? action->restorer
						      : (uint64_t)t->abi->vdso_sigreturn;
	cpu->r[31] = frame_at;
	cpu->pc = action->handler;
	return 0;
}

int64_t a64_rt_sigreturn(struct thread *t, const uint64_t *a)
{
	struct cpu *cpu = &t->cpu;
	const struct a64_fpsimd_context *fp;
	struct a64_rt_sigframe frame;

	(void)a;
	if ((cpu->r[31] & 15) || copy_from_guest(&frame, cpu->r[31], sizeof(frame)) < 0)
		goto bad;
	fp = a64_find_fpsimd(&frame);
	if (!fp)
		goto bad;
	memcpy(cpu->r, frame.uc.mc.regs, sizeof(frame.uc.mc.regs));
	cpu->r[31] = frame.uc.mc.sp;
	cpu->pc = frame.uc.mc.pc;
	if (!a64_set_pstate(cpu, frame.uc.mc.pstate)) {
		signal_set_mask(t, frame.uc.sigmask);
		goto bad;
	}
	signal_restore_altstack(t, frame.uc.stack.sp, frame.uc.stack.flags, frame.uc.stack.size);
	memcpy(cpu->v, fp->v, sizeof(cpu->v));
	engine_set_fpcr(cpu, fp->fpcr);
	engine_set_fpsr(cpu, fp->fpsr);
	engine_vec_load(cpu);
	signal_set_mask(t, frame.uc.sigmask);
	return SYS_NO_RESULT;
bad:
	/* SEGV_ACCERR wherever a mapping is at sp or above it, as the kernel's look has it. */
	t->fault_err = 0;
	signal_force(t, HOST_SIGSEGV, cpu->r[31] >> 47 ? 1 : 2, cpu->r[31]);
	return SYS_NO_RESULT;
}
