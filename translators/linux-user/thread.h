/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The state of a guest thread and of the process around it. A thread's block of memory holds,
 * upwards: the runtime's stack, the stack of the host's signal handlers, this structure.
 * tags: linux-user - threads, process state
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/engine.h"
#include "linux-user/abi.h"
#include "linux-user/dispatch.h"
#include "linux-user/gdbstub.h"
#include "linux-user/host.h"
#include "linux-user/options.h"
#include "linux-user/ptrace.h"
#include "linux-user/seccomp.h"
#include "rt/rt.h"
#include "rt/syscall.h"

/*
 * Private results of system calls, seen by cpu_loop only.
 *   SYS_RESTART	the host call was interrupted and may be repeated: restart if the
 *			handler has SA_RESTART or none runs, otherwise -EINTR
 *   SYS_RESTART_ALWAYS	it never began: restart whatever happens
 *   SYS_RESTART_NOHAND	restart unless a handler runs
 *   SYS_RESTART_BLOCK	the same, with restart_syscall(2)
 *   SYS_NO_RESULT	registers are final (sigreturn)
 */
#define SYS_RESTART	   RT_RESTART
#define SYS_RESTART_ALWAYS RT_RESTART_ALWAYS
#define SYS_RESTART_NOHAND RT_RESTART_NOHAND
#define SYS_RESTART_BLOCK  RT_RESTART_BLOCK
#define SYS_NO_RESULT	   (-515l)

static inline bool sys_is_restart(int64_t r)
{
	return r <= SYS_RESTART && r >= SYS_RESTART_BLOCK && r != SYS_NO_RESULT;
}

struct guest_sigaction {
	uint64_t handler, flags, restorer, mask;
};

/* Signal dispositions; shared by threads (CLONE_SIGHAND). */
struct sighand {
	uint32_t users;
	struct guest_sigaction action[HOST_NSIG]; /* of signal i + 1 */
};

/* The five signals whose host mask and disposition are ours; see signal.c. */
#define SYNC_COUNT 5

struct exec_map; /* memory.c */
struct share_map;

/* State that belongs to the address space. */
struct process {
	const struct guest_abi *abi;
	struct options *options;
	const struct rt_start_info *info;

	bool from_kernel; /* started through binfmt_misc: execve can rely on it */
	const char *exe;  /* absolute path of the guest program; NULL when unknown */
	const char *exe_link; /* a path that leads to it when that one does not: it is deleted */
	const char *name; /* as given, for messages */

	uint64_t brk_start, brk_now;
	uint64_t start_code, end_code, start_stack, arg_start, arg_end, env_start, env_end;
	uint64_t auxv_start, auxv_size;

	uint32_t memory_lock; /* rt/lock.h */
	struct exec_map *exec_map;
	uint8_t mdwe; /* PR_SET_MDWE's bits; execve hands them on */
	struct share_map *share_map;
	bool dumping; /* a core: all other threads stop */
	struct thread *threads; /* all that share this memory; guarded by its lock */

	int log_fd;
	bool trace_calls; /* by strace.c */
};

/* The last system calls, for a crash report. */
#define CALLS_KEPT 16
struct call_record {
	uint64_t args[6];
	int64_t result; /* SYS_NO_RESULT while it runs */
	uint32_t nr;
};

enum {
	HOOK_STRACE = 1, /* -strace, --strace-summary */
	HOOK_TAGGED = 2, /* pointers may have tags */
	HOOK_SECCOMP = 4, /* some may be forbidden */
	HOOK_DISPATCH = 8, /* some become signals; looked at before all else */
};

struct thread {
	struct cpu cpu; /* first: 64-byte aligned */

	struct thread *self; /* %fs:0 */
	struct trace trace;  /* right behind it: tracers look there */
	const struct guest_abi *abi;
	struct process *process;
	struct sighand *sighand;
	void *block; /* everything of this thread, to be unmapped */
	size_t block_size;
	struct thread *next, **pprev; /* process->threads */
	int tid;
	int tgid; /* of threads that share its process; 0 until a process of its own runs */
	bool shares_vm;	 /* vfork or clone(CLONE_VM) without CLONE_THREAD */
	bool is_thread; /* CLONE_THREAD */

	/* Signals: signal.c */
	uint64_t sigmask;      /* as the guest sees it */
	uint64_t suspend_mask; /* in force during sigsuspend, ppoll...; valid if suspended */
	bool suspended;
	bool restart_pending, restart_always, restart_eintr, restart_block;
	uint64_t altstack_sp, altstack_size;
	int32_t altstack_flags;
	uint32_t recorded;     /* number of the asynchronous signal in info, or 0 */
	uint32_t sync_recorded; /* bits of sync_info */
	struct host_siginfo info;
	struct host_siginfo death; /* what is being delivered, for a core */
	struct host_siginfo sync_info[SYNC_COUNT];
	uint64_t fault_addr, fault_err; /* of the signal being delivered */
	bool fault_valid;

	struct seccomp seccomp;
	struct dispatch dispatch; /* with HOOK_DISPATCH */
	uint8_t syscall_hooks; /* HOOK_: what system calls have to look at; children inherit it */

	bool parked; /* for a core dump; registers are complete */

	uint64_t clone_flags; /* for the child half of clone() */
	/* Arguments of an execve() that went through our own image: a vfork child leaves
	 * them to its parent to free. */
	void *exec_memory;
	size_t exec_memory_size;

	struct gdb_thread gdb;

	unsigned call_count;
	struct call_record calls[CALLS_KEPT];

	char path[2][4096]; /* redirected paths: linux-user/path.c */
};

/* The calling thread. */
static inline struct thread *thread_self(void)
{
	struct thread *t;

	__asm__("movq %%fs:0, %0" : "=r"(t));
	return t;
}

/* Maps and prepares a thread block (not its cpu). NULL when out of memory. */
struct thread *thread_new(struct process *process);
void thread_free(struct thread *t);
/* Puts a thread into the list of all, or takes it out; with the memory lock held. */
void thread_link(struct thread *t);
void thread_unlink(struct thread *t);
void *thread_stack_top(struct thread *t); /* of the runtime's stack */
/* Where the block of a thread, of any process, may be whose runtime stack is at `sp`: the first
 * place and the next, 0 when there is none. */
uint64_t thread_above(uint64_t sp);
uint64_t thread_next_above(uint64_t sp, uint64_t last);
void *thread_altstack(struct thread *t, size_t *ret_size);

/* A host system call on behalf of the guest: interruptible, restartable. */
static inline int64_t thread_syscall(struct thread *t, long nr, uint64_t a, uint64_t b,
				     uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	const uint64_t args[6] = { a, b, c, d, e, f };

	return rt_guest_syscall(&t->cpu.pending, nr, args);
}

#define SYS_ARGS(t, nr, a, b, c, d, e, f, ...)                                               \
	thread_syscall((t), (nr), (uint64_t)(a), (uint64_t)(b), (uint64_t)(c), (uint64_t)(d), \
		       (uint64_t)(e), (uint64_t)(f))
#define guest_sys(t, ...) SYS_ARGS(t, __VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

/* cpu_loop.c: runs the guest; never returns. */
_Noreturn void cpu_loop(struct thread *t);

/* Ends the process, printing statistics that were asked for. */
_Noreturn void process_exit(struct thread *t, int code);
