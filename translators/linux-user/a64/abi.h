/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The Linux ABI of AArch64 guests. tags: linux-user/a64 - ABI table
 */
#pragma once

#include "linux-user/abi.h"

extern const struct guest_abi a64_abi;

/* vdso.S */
#define A64_VDSO_SIZE 4096
extern const char a64_vdso[A64_VDSO_SIZE], a64_vdso_sigreturn[];

/* syscalls.c */
int64_t a64_syscall(struct thread *t);
void a64_call_info(unsigned nr, const char **ret_name, const char **ret_signature);

/* gdb.c */
const char *a64_gdb_description(void);
unsigned a64_gdb_get(struct cpu *cpu, unsigned n, void *value);
void a64_gdb_set(struct cpu *cpu, unsigned n, const void *value);

/* regset.c */
int a64_get_regset(const struct cpu *cpu, const struct trace *trace, unsigned type, void *buf,
		   unsigned *ret_unit);
int a64_set_regset(struct cpu *cpu, struct trace *trace, unsigned type, const void *buf);

/* sigframe.c */
int a64_push_frame(struct thread *t, int signo, const struct host_siginfo *info,
		   const struct guest_sigaction *action, uint64_t mask);
int64_t a64_rt_sigreturn(struct thread *t, const uint64_t *a);
