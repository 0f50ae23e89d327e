/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Register sets of ptrace(2), laid out as arch/arm64/include/uapi/asm/ptrace.h says.
 */
#include <linux/errno.h>

#include "guest/a64/cpu.h"
#include "linux-user/a64/abi.h"
#include "linux-user/a64/processor.h"
#include "linux-user/ptrace.h"
#include "rt/memory.h"

enum {
	NT_PRSTATUS = 1,
	NT_PRFPREG = 2,
	NT_ARM_TLS = 0x401,
	NT_ARM_HW_BREAK = 0x402,
	NT_ARM_HW_WATCH = 0x403,
	NT_ARM_SYSTEM_CALL = 0x404,
	NT_ARM_PAC_MASK = 0x406,
};

struct user_pt_regs {
	uint64_t regs[31], sp, pc, pstate;
};

struct user_fpsimd_state {
	union cpu_vec v[32];
	uint32_t fpsr, fpcr, reserved[2];
};
_Static_assert(sizeof(struct user_fpsimd_state) == 528, "user_fpsimd_state");

/* Number of slots in bits 7:0, version of the debug architecture above. No slot: debuggers
 * then watch by single-stepping. */
struct user_hwdebug_state {
	uint32_t info, pad;
	struct {
		uint64_t address;
		uint32_t control, pad;
	} slot[16];
};
#define HWDEBUG_INFO 0x600u

/* At system call stops, x7 says which one. */
static void get_general(const struct cpu *cpu, const struct trace *tr, struct user_pt_regs *regs)
{
	memcpy(regs->regs, cpu->r, sizeof(regs->regs));
	regs->sp = cpu->r[31];
	regs->pc = cpu->pc;
	regs->pstate = a64_get_pstate(cpu);
	if (tr->stop == TRACE_ENTRY || tr->stop == TRACE_EXIT)
		regs->regs[7] = tr->stop == TRACE_EXIT;
}

static int set_general(struct cpu *cpu, const struct trace *tr, const struct user_pt_regs *regs)
{
	uint64_t x7 = cpu->r[7], pstate = a64_get_pstate(cpu);

	if (!a64_set_pstate(cpu, regs->pstate)) {
		a64_set_pstate(cpu, pstate);
		return -EINVAL;
	}
	memcpy(cpu->r, regs->regs, sizeof(regs->regs));
	if (tr->stop == TRACE_ENTRY || tr->stop == TRACE_EXIT)
		cpu->r[7] = x7;
	cpu->r[31] = regs->sp;
	cpu->pc = regs->pc;
	return 0;
}

int a64_get_regset(const struct cpu *cpu, const struct trace *tr, unsigned type, void *buf,
		   unsigned *ret_unit)
{
	struct user_fpsimd_state *fp = buf;
	struct user_hwdebug_state *debug = buf;
	int32_t number = (int32_t)tr->syscall;

	*ret_unit = 8;
	switch (type) {
	case NT_PRSTATUS:
		get_general(cpu, tr, buf);
		return sizeof(struct user_pt_regs);
	case NT_PRFPREG:
		*ret_unit = 4;
		memset(fp, 0, sizeof(*fp));
		memcpy(fp->v, cpu->v, sizeof(fp->v));
		fp->fpsr = cpu_get_fpsr(cpu);
		fp->fpcr = cpu->fpcr;
		return sizeof(*fp);
	case NT_ARM_TLS:
		memcpy(buf, &cpu->sys[A64_SYS_TPIDR], 8);
		return 8;
	case NT_ARM_HW_BREAK:
	case NT_ARM_HW_WATCH:
		*ret_unit = 4;
		memset(debug, 0, sizeof(*debug));
		debug->info = HWDEBUG_INFO;
		return sizeof(*debug);
	case NT_ARM_SYSTEM_CALL:
		*ret_unit = 4;
		memcpy(buf, &number, 4);
		return 4;
	case NT_ARM_PAC_MASK:
		if (!(a64_sets & A64_SET_PAUTH))
			return -EINVAL;
		/* of data and of instruction pointers */
		for (unsigned n = 0; n < 2; n++)
			memcpy((uint8_t *)buf + 8 * n, &(uint64_t){ A64_PAC_MASK }, 8);
		return 16;
	default: return -EINVAL;
	}
}

int a64_set_regset(struct cpu *cpu, struct trace *tr, unsigned type, const void *buf)
{
	const struct user_fpsimd_state *fp = buf;
	const struct user_hwdebug_state *debug = buf;
	int32_t number;

	switch (type) {
	case NT_PRSTATUS: return set_general(cpu, tr, buf);
	case NT_PRFPREG:
		memcpy(cpu->v, fp->v, sizeof(cpu->v));
		cpu_set_fpcr(cpu, fp->fpcr);
		cpu_set_fpsr(cpu, fp->fpsr);
		tr->vectors_changed = 1;
		return 0;
	case NT_ARM_TLS: memcpy(&cpu->sys[A64_SYS_TPIDR], buf, 8); return 0;
	case NT_ARM_HW_BREAK:
	case NT_ARM_HW_WATCH:
		for (unsigned i = 0; i < 16; i++)
			if (debug->slot[i].address || debug->slot[i].control)
				return -ENOSPC;
		return 0;
	case NT_ARM_SYSTEM_CALL:
		memcpy(&number, buf, 4);
		tr->syscall = number;
		return 0;
	default: return -EINVAL;
	}
}
