/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The processor that an arm64 process sees: its model, and what its kernel does for it.
 * tags: linux-user/a64 - processor
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct cpu;
struct thread;

/* See struct guest_abi. */
int a64_set_cpu(const char *name);

/* prctl() options of pointer authentication; -EINVAL for others. */
int64_t a64_pauth_prctl(struct thread *t, const uint64_t *a);

/* What execve() leaves in a thread: fresh keys, all of them on; SSBS as mitigations leave it. */
void a64_start_cpu(struct cpu *cpu);

/* PSTATE as SPSR_EL1 shows it to a process: NZCV, DIT and SSBS; BTYPE is always 0. */
uint64_t a64_get_pstate(const struct cpu *cpu);
/* False if a process cannot have such a PSTATE; only NZCV is taken then. */
bool a64_set_pstate(struct cpu *cpu, uint64_t pstate);
