/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Signals: host handlers, recording, delivery at safepoints, dispositions and masks.
 * tags: linux-user - signals
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "linux-user/host.h"

struct thread;

/* Installs the host handlers; takes over the mask and the ignored signals that execve left. */
void signal_init(struct thread *t);

/* The calling thread's stack for host handlers. */
void signal_thread_init(struct thread *t);

/*
 * Delivers what was recorded; call at a safepoint with cpu->pc final. Also settles the restart
 * of an interrupted system call (t->restart_*).
 */
void signal_deliver(struct thread *t);

/* A synchronous signal of the guest itself: a handler frame, or its death. */
/* The same with everything that siginfo says. */
void signal_force_info(struct thread *t, const struct host_siginfo *info);
void signal_force(struct thread *t, int signo, int code, uint64_t addr);

/* Sends the calling thread a signal that it had already received. */
void signal_requeue(struct thread *t, int signo, const struct host_siginfo *info);

/* Dies of the signal, as an unhandled one. `report`: say so on stderr. */
_Noreturn void signal_die(struct thread *t, int signo, bool report);

/* Blocks everything that may be blocked at the host; signal_restore_mask() undoes it. */
void signal_block_all(void);
void signal_restore_mask(struct thread *t);

/* New guest mask (KILL and STOP are taken out). */
void signal_set_mask(struct thread *t, uint64_t mask);

/* The host mask for a guest mask: the five synchronous signals stay open. */
uint64_t signal_host_mask(uint64_t mask);

/* Before and after a failed execve(): the host must hand on what is virtual here. */
void signal_before_exec(struct thread *t);
void signal_after_failed_exec(struct thread *t);

/* Gives every guest handler back to the default: CLONE_CLEAR_SIGHAND. */
void signal_clear_handlers(struct thread *t);

/* Where a handler's frame goes: below sp, or on the alternate stack. */
uint64_t signal_frame_top(struct thread *t, uint64_t sp, uint64_t flags);

/* Has the guest a handler that would run now? */
bool signal_is_handled(const struct thread *t, int signo);

const char *signal_name(int signo);

/* System calls. */
int64_t sys_rt_sigaction(struct thread *t, const uint64_t *a);
int64_t sys_rt_sigprocmask(struct thread *t, const uint64_t *a);
int64_t sys_rt_sigpending(struct thread *t, const uint64_t *a);
int64_t sys_rt_sigsuspend(struct thread *t, const uint64_t *a);
int64_t sys_sigaltstack(struct thread *t, const uint64_t *a);
int64_t sys_signalfd4(struct thread *t, const uint64_t *a);
int64_t sys_rt_sigtimedwait(struct thread *t, const uint64_t *a);

/* Runs a host call whose argument `index` points to a mask that is in force during it.
 * args[index] == 0: no mask. */
int64_t signal_masked_syscall(struct thread *t, long nr, uint64_t args[6], uint64_t *mask_slot);

/* Restores sigaltstack state from a signal frame. */
void signal_restore_altstack(struct thread *t, uint64_t sp, int32_t flags, uint64_t size);
