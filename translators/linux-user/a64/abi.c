/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of the AArch64 ABI.
 */
#include <linux/errno.h>
#include <linux/prctl.h>

#include "guest/a64/cpu.h"
#include "linux-user/a64/abi.h"
#include "linux-user/a64/processor.h"
#include "linux-user/a64/sigframe.h"
#include "linux-user/a64/tagged.h"
#include "linux-user/thread.h"
#include "rt/memory.h"
#include "rt/rt.h"
#include "rt/text.h"
#include "rt/uaccess.h"

static void get_hwcap(uint64_t *ret_hwcap, uint64_t *ret_hwcap2)
{
	*ret_hwcap = a64_hwcap(1);
	*ret_hwcap2 = a64_hwcap(2);
}

static void start(struct cpu *cpu, uint64_t pc, uint64_t sp)
{
	cpu->pc = pc;
	cpu->r[31] = sp;
	a64_start_cpu(cpu);
}

static void set_tls(struct cpu *cpu, uint64_t value)
{
	cpu->sys[A64_SYS_TPIDR] = value;
}

static void set_result(struct cpu *cpu, int64_t value)
{
	cpu->r[0] = (uint64_t)value;
}

static uint64_t get_sp(const struct cpu *cpu)
{
	return cpu->r[31];
}

static void set_sp(struct cpu *cpu, uint64_t sp)
{
	cpu->r[31] = sp;
}

static void rewind(struct cpu *cpu)
{
	cpu->pc -= 4;
}

static unsigned call_number(const struct cpu *cpu)
{
	return (uint32_t)cpu->r[8];
}

static int64_t get_syscall(const struct cpu *cpu, uint64_t *ret_x0)
{
	*ret_x0 = cpu->r[0];
	return (int32_t)cpu->r[8];
}

static void set_restart(struct cpu *cpu)
{
	cpu->r[8] = 128;
}

static void get_arguments(const struct cpu *cpu, uint64_t args[6])
{
	for (int i = 0; i < 6; i++)
		args[i] = cpu->r[i];
}

static void dump(struct thread *t)
{
	const struct cpu *cpu = &t->cpu;

	for (int i = 0; i < 31; i++)
		rt_log("%sx%-2d %016lx%s", i % 4 ? " " : "", i, (unsigned long)cpu->r[i],
		       i % 4 == 3 ? "\n" : "");
	rt_log(" sp  %016lx\npc  %016lx nzcv %08x tpidr %016lx\n", (unsigned long)cpu->r[31],
	       (unsigned long)cpu->pc, engine_get_nzcv(cpu),
	       (unsigned long)cpu->sys[A64_SYS_TPIDR]);
}

/* x29 points to {next x29, return address}; in a function without a frame x30 is the first. */
static unsigned frames(struct thread *t, uint64_t *ret, unsigned max)
{
	uint64_t fp = t->cpu.r[29], pair[2];
	unsigned n = 0;

	if (max && (copy_from_guest(pair, fp, sizeof(pair)) < 0 || pair[1] != t->cpu.r[30]))
		ret[n++] = t->cpu.r[30];
	while (n < max && fp && !(fp & 7) && copy_from_guest(pair, fp, sizeof(pair)) == 0 && pair[1]) {
		ret[n++] = pair[1];
		/* Stacks grow downwards. */
		if (pair[0] <= fp)
			break;
		fp = pair[0];
	}
	return n;
}

static void cpuinfo_features(char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = 0;
#define ID_REG(name, crm, op2, base)
#define FEATURE(set, name, text, word, bit, reg, shift, more)      \
	if (a64_sets & A64_SET_##set && n < size)                  \
		n += rt_format(buf + n, size - n, " %s", text);
#include "guest/a64/features.def"
#undef ID_REG
#undef FEATURE
}

/* One stanza of /proc/cpuinfo, as arm64 kernels print it. */
static size_t cpuinfo(char *buf, size_t size, unsigned cpu)
{
	char features[512];

	cpuinfo_features(features, sizeof(features));
	return rt_format(buf, size,
			 "processor\t: %u\nBogoMIPS\t: 100.00\nFeatures\t:%s\n"
			 "CPU implementer\t: 0x%02x\nCPU architecture: 8\nCPU variant\t: 0x%x\n"
			 "CPU part\t: 0x%03x\nCPU revision\t: %u\n\n",
			 cpu, features, (unsigned)(A64_MIDR >> 24 & 0xff),
			 (unsigned)(A64_MIDR >> 20 & 0xf), (unsigned)(A64_MIDR >> 4 & 0xfff),
			 (unsigned)(A64_MIDR & 0xf));
}

/* struct user_pt_regs: x0 to x30, sp, pc, pstate. */
static void core_regs(const struct thread *t, uint64_t *regs)
{
	memcpy(regs, t->cpu.r, sizeof(t->cpu.r));
	regs[32] = t->cpu.pc;
	regs[33] = a64_get_pstate(&t->cpu);
}

/* struct user_fpsimd_state. */
static size_t core_fpregs(struct thread *t, void *regs)
{
	struct {
		union cpu_vec v[32];
		uint32_t fpsr, fpcr, reserved[2];
	} *fp = regs;

	_Static_assert(sizeof(*fp) == CORE_FPREGS_MAX, "struct user_fpsimd_state");
	memcpy(fp->v, t->cpu.v, sizeof(fp->v));
	fp->fpsr = engine_get_fpsr(&t->cpu);
	fp->fpcr = t->cpu.fpcr;
	fp->reserved[0] = fp->reserved[1] = 0;
	return sizeof(*fp);
}

static uint64_t core_tls(const struct thread *t)
{
	return t->cpu.sys[A64_SYS_TPIDR];
}

static int64_t do_prctl(struct thread *t, const uint64_t *a)
{
	switch ((int)a[0]) {
	case PR_SET_TAGGED_ADDR_CTRL: return a64_set_tagged_addr_ctrl(t, a);
	case PR_GET_TAGGED_ADDR_CTRL: return a64_get_tagged_addr_ctrl(t, a);
	default: return a64_pauth_prctl(t, a);
	}
}

const struct guest_abi a64_abi = {
	.program = "xlate-aarch64",
	.machine = "aarch64",
	.platform = "aarch64",
	.loader_package = "libc6:arm64",
	.sysroot_hint = "/usr/aarch64-linux-gnu",
	.midr = A64_MIDR,
	.elf_machine = 183,
	.arch = &a64_arch,
	.audit_arch = 0xc00000b7,
	.strict_calls = { 63, 64, 93, 139 },
	.min_sigstack = 2048 + 3072, /* MINSIGSTKSZ of arm64 */
	.auxv_min_sigstack = A64_MINSIGSTKSZ,
	.set_cpu = a64_set_cpu,
	.hwcap = get_hwcap,
	.cpuinfo = cpuinfo,
	.start = start,
	.set_tls = set_tls,
	.set_result = set_result,
	.get_sp = get_sp,
	.set_sp = set_sp,
	.syscall = a64_syscall,
	.rewind = rewind,
	.get_syscall = get_syscall,
	.set_restart = set_restart,
	.get_regset = a64_get_regset,
	.set_regset = a64_set_regset,
	.get_arguments = get_arguments,
	.push_frame = a64_push_frame,
	.core_regs = core_regs,
	.core_fpregs = core_fpregs,
	.core_tls = core_tls,
	.prctl = do_prctl,
	.vdso = a64_vdso,
	.vdso_sigreturn = a64_vdso_sigreturn,
	.vdso_size = A64_VDSO_SIZE,
	.call_info = a64_call_info,
	.frames = frames,
	.gdb_description = a64_gdb_description,
	.gdb_get = a64_gdb_get,
	.gdb_set = a64_gdb_set,
	.call_number = call_number,
	.dump = dump,
};
