/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Raw system calls: negative errno on failure, nothing else touched.
 * tags: rt - system calls, restartable stub
 */
#pragma once

#include <asm/unistd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline long rt_syscall6(long nr, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "0"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}

/* rt_syscall(nr, up to six arguments): missing ones are 0. Each is converted to long. */
#define RT_SYS_ARGS(nr, a, b, c, d, e, f, ...)                                               \
	rt_syscall6((nr), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define rt_syscall(...) RT_SYS_ARGS(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

static inline bool rt_is_error(long ret)
{
	return (unsigned long)ret > -4096ul;
}

/*
 * Has the task ended, which may hold a lock? A vfork child that was killed stays a zombie until
 * the guest waits for it, which it cannot while we wait for the lock.
 */
static inline bool rt_task_is_gone(uint32_t tid)
{
	int info[32] = { 0 };

	if (rt_syscall(__NR_tkill, tid, 0) == -3 /* ESRCH */)
		return true;
	/* P_PID; WEXITED, and nothing is taken away: WNOHANG, WNOWAIT, __WALL. */
	return rt_syscall(__NR_waitid, 1, tid, info, 4 | 1 | 0x01000000 | 0x40000000, 0) == 0 &&
	       info[4] == (int)tid;
}

/*
 * The guest's system call. Between the look at *stop and the syscall instruction a signal
 * handler can come in; it then asks rt_syscall_interrupt() where to continue, and the stub
 * returns without entering the kernel:
 *   RT_RESTART_ALWAYS	the kernel was never entered
 *   RT_RESTART		the kernel backed up to the syscall instruction, because the call is
 *			restartable (all host handlers have SA_RESTART)
 * -EINTR then means that the kernel wants the guest to see it, whatever SA_RESTART says.
 */
#define RT_RESTART	  (-512l)
#define RT_RESTART_ALWAYS (-513l)
/*
 * And when a tracer took it out of the kernel, which then says all it knows:
 *   RT_RESTART_NOHAND	restart unless a handler runs
 *   RT_RESTART_BLOCK	the same, but by restart_syscall(2)
 */
#define RT_RESTART_NOHAND (-514l)
#define RT_RESTART_BLOCK  (-516l)
long rt_guest_syscall(const uint32_t *stop, long nr, const uint64_t args[6]);

/*
 * New value for the pc that a signal interrupted, given rcx: the same, or an early exit of
 * the stub. The kernel was entered if rcx holds the address behind the instruction; where
 * the processor keeps rcx over a system call (FRED) nobody can tell, and RT_RESTART it is.
 */
uint64_t rt_syscall_interrupt(uint64_t pc, uint64_t rcx, bool rcx_kept);

/* Places within the stub, for tracers: where the look at *stop begins, the syscall instruction,
 * what follows it, and the exit that says RT_RESTART_ALWAYS. */
extern const char rt_window_start[], rt_window_last[], rt_window_end[], rt_window_interrupted[];

/* Stops for a tracer (int3); rt_trap_end is the pc that it sees. */
void rt_trap(void);
extern const char rt_trap_end[];

/* Does a system call leave rcx alone? */
bool rt_syscall_keeps_rcx(void);

/*
 * clone(2) whose child runs fn(arg) on a new stack and must not return from it. Parent:
 * the tid or negative errno. With CLONE_VM the parent's frame is not touched by the child.
 */
long rt_clone(unsigned long flags, void *stack_top, void *parent_tid, void *child_tid,
	      void *tls, void (*fn)(void *), void *arg);

/* clone3(2), same; args->stack must be set. */
long rt_clone3(void *args, size_t size, void (*fn)(void *), void *arg);

/* Unmaps the memory that holds the running stack and ends the thread. */
_Noreturn void rt_unmap_and_exit(void *start, size_t length, int code);

/* sa_restorer of every host handler. */
void rt_sigreturn(void);
