/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the common Linux code asks of a guest's ABI: one table per guest.
 * tags: linux-user - guest ABI interface
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/engine.h"

struct thread;
struct host_siginfo;
struct guest_sigaction;
struct trace;

#define REGSET_MAX 1024

#define CORE_REGS	34
#define CORE_FPREGS_MAX 528

struct guest_abi {
	const char *program;  /* "xlate-aarch64" */
	const char *machine;  /* uname -m */
	const char *platform; /* AT_PLATFORM */
	const char *loader_package; /* what to install when the dynamic loader is missing */
	const char *sysroot_hint;
	uint64_t midr;	      /* the processor, as midr_el1 says */
	uint16_t elf_machine;
	const struct guest_arch *arch;
	uint32_t audit_arch;	    /* AUDIT_ARCH_ of <linux/audit.h> */
	uint16_t strict_calls[4];   /* read, write, exit, rt_sigreturn */
	uint32_t min_sigstack;	    /* smallest size that sigaltstack() takes */
	uint32_t auxv_min_sigstack; /* AT_MINSIGSTKSZ */

	/* The processor to present, by QEMU's name: before anything asks for its features.
	 * -ENOENT: there is none of that name; -EINVAL: it lacks one of the properties. */
	int (*set_cpu)(const char *name);

	/* AT_HWCAP, AT_HWCAP2. */
	void (*hwcap)(uint64_t *ret_hwcap, uint64_t *ret_hwcap2);

	/* One processor's text in /proc/cpuinfo; like rt_format(). */
	size_t (*cpuinfo)(char *buf, size_t size, unsigned cpu);

	/* Registers at the first instruction, and for clone(). */
	void (*start)(struct cpu *cpu, uint64_t pc, uint64_t sp);
	void (*set_tls)(struct cpu *cpu, uint64_t value);
	void (*set_result)(struct cpu *cpu, int64_t value);
	uint64_t (*get_sp)(const struct cpu *cpu);
	void (*set_sp)(struct cpu *cpu, uint64_t sp);

	/* The system call that cpu->pc is behind. Returns like sys_*(): value, negative
	 * errno, or one of the private SYS_ codes of thread.h. */
	int64_t (*syscall)(struct thread *t);
	void (*rewind)(struct cpu *cpu); /* back to the system call instruction */
	/* Its number, and its first argument (or its result). */
	int64_t (*get_syscall)(const struct cpu *cpu, uint64_t *ret_x0);
	void (*set_restart)(struct cpu *cpu); /* the next one is restart_syscall() */

	/*
	 * Register sets for tracers. get: the size, or -EINVAL when there is none of that
	 * type; buf holds REGSET_MAX bytes, lengths are multiples of *ret_unit. set: all of
	 * it; 0 or -EINVAL.
	 */
	int (*get_regset)(const struct cpu *cpu, const struct trace *trace, unsigned type,
			  void *buf, unsigned *ret_unit);
	int (*set_regset)(struct cpu *cpu, struct trace *trace, unsigned type, const void *buf);
	void (*get_arguments)(const struct cpu *cpu, uint64_t args[6]);

	/*
	 * Pushes a signal frame and points the cpu at the handler. `mask` is the signal mask
	 * that the frame saves. -EFAULT when the stack cannot take it.
	 */
	int (*push_frame)(struct thread *t, int signo, const struct host_siginfo *info,
			  const struct guest_sigaction *action, uint64_t mask);

	/* Registers as core files have them: CORE_REGS words, and the size of what else fits
	 * CORE_FPREGS_MAX bytes; the thread's vectors are stored. */
	void (*core_regs)(const struct thread *t, uint64_t *regs);
	size_t (*core_fpregs)(struct thread *t, void *regs);
	uint64_t (*core_tls)(const struct thread *t);

	/* prctl() options that only this architecture has; -EINVAL for others. */
	int64_t (*prctl)(struct thread *t, const uint64_t *a);

	/* The guest's vDSO: whole pages of our image, which it may read and execute; and the
	 * function in it that returns from signal handlers. */
	const void *vdso, *vdso_sigreturn;
	uint32_t vdso_size;

	/* Name ("" if there is none) and signature of a system call. */
	void (*call_info)(unsigned nr, const char **ret_name, const char **ret_signature);

	/* Return addresses of the calling functions by frame pointers, innermost first. */
	unsigned (*frames)(struct thread *t, uint64_t *ret, unsigned max);

	/* For gdb: the description in XML; a register by gdb's number: its size, 0 if there is no
	 * such; the vector registers must be stored. */
	const char *(*gdb_description)(void);
	unsigned (*gdb_get)(struct cpu *cpu, unsigned n, void *value);
	void (*gdb_set)(struct cpu *cpu, unsigned n, const void *value);
	unsigned (*call_number)(const struct cpu *cpu); /* of the system call that pc is behind */

	void (*dump)(struct thread *t); /* registers, for a crash */
};
