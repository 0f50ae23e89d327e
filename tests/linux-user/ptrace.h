/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * For ptrace.c: registers of this machine's and of arm64 tracees under the same names.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <asm/ptrace.h>
#include <linux/ptrace.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __aarch64__
struct regs {
	uint64_t x[31], sp, pc, pstate;
};
#define REG_PC(r)     ((r).pc)
#define REG_SP(r)     ((r).sp)
#define REG_RESULT(r) ((r).x[0])
#define REG_ARG(r, n) ((r).x[n])
#define REG_CALLEE(r) ((r).x[19])
#define FP_NOTE	      NT_PRFPREG
struct fp_regs {
	unsigned __int128 v[32];
	uint32_t fpsr, fpcr, pad[2];
};
#define FP_FIRST(f) ((f).v[0])
#define SET_CALLEE(v) __asm__ volatile("mov x19, %0" : : "r"(v) : "x19")
#else
struct regs {
	uint64_t r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
	uint64_t orig_rax, rip, cs, eflags, rsp, ss, fs_base, gs_base, ds, es, fs, gs;
};
#define REG_PC(r)     ((r).rip)
#define REG_SP(r)     ((r).rsp)
#define REG_RESULT(r) ((r).rax)
#define REG_ARG(r, n) (*((n) == 0 ? &(r).rdi : (n) == 1 ? &(r).rsi : &(r).rdx))
#define REG_CALLEE(r) ((r).rbx)
#define FP_NOTE	      NT_PRFPREG
struct fp_regs {
	uint16_t head[16];
	uint8_t st[128];
	unsigned __int128 v[16];
	uint32_t pad[24];
};
#define FP_FIRST(f) ((f).v[0])
#endif

static long raw_ptrace(long request, pid_t pid, void *addr, void *data)
{
	return syscall(SYS_ptrace, request, pid, addr, data);
}
#define P(request, pid, addr, data) raw_ptrace(request, pid, (void *)(long)(addr), (void *)(long)(data))

static long regset(long request, pid_t pid, int type, void *buf, size_t size, size_t *ret)
{
	struct iovec v = { buf, size };
	long r = raw_ptrace(request, pid, (void *)(long)type, &v);

	if (ret)
		*ret = v.iov_len;
	return r;
}

static struct regs get_regs(pid_t pid)
{
	struct regs r;

	memset(&r, 0, sizeof(r));
	if (regset(PTRACE_GETREGSET, pid, NT_PRSTATUS, &r, sizeof(r), NULL) < 0)
		printf("no registers: %s\n", strerror(errno));
	return r;
}

static void put_regs(pid_t pid, struct regs r)
{
	if (regset(PTRACE_SETREGSET, pid, NT_PRSTATUS, &r, sizeof(r), NULL) < 0)
		printf("registers not set: %s\n", strerror(errno));
}

/* The system call of an entry stop. */
static void put_syscall(pid_t pid, int number)
{
#ifdef __aarch64__
	regset(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL, &number, sizeof(number), NULL);
#else
	struct regs r = get_regs(pid);

	r.orig_rax = (uint64_t)(int64_t)number;
	put_regs(pid, r);
#endif
}

/* An instruction that traps, a function that returns 42. */
#ifdef __aarch64__
static const uint32_t trap_code[] = { 0xd4200000 };
static const uint32_t code_42[] = { 0x52800540, 0xd65f03c0 };
#define TRAP_BEHIND 0
#else
static const uint8_t trap_code[] = { 0xcc };
static const uint8_t code_42[] = { 0xb8, 42, 0, 0, 0, 0xc3 };
#define TRAP_BEHIND 1
#endif

static const char *show_status(int status)
{
	static char buf[4][64];
	static int n;
	char *s = buf[n++ % 4];

	if (WIFEXITED(status))
		sprintf(s, "exit %d", WEXITSTATUS(status));
	else if (WIFSIGNALED(status))
		sprintf(s, "killed by %d", WTERMSIG(status));
	else if (WIFSTOPPED(status))
		sprintf(s, "stop 0x%x", status >> 8);
	else if (WIFCONTINUED(status))
		sprintf(s, "continued");
	else
		sprintf(s, "? 0x%x", status);
	return s;
}

static int wait_for(pid_t pid)
{
	int status = -1;

	while (waitpid(pid, &status, __WALL) < 0)
		if (errno != EINTR) {
			printf("wait: %s\n", strerror(errno));
			break;
		}
	return status;
}

static void show_siginfo(pid_t pid)
{
	siginfo_t si;

	memset(&si, 0, sizeof(si));
	if (P(PTRACE_GETSIGINFO, pid, 0, &si) < 0)
		printf("  siginfo: %s\n", strerror(errno));
	else
		printf("  siginfo: signal %d code %d\n", si.si_signo, si.si_code);
}

static unsigned long message(pid_t pid)
{
	unsigned long m = 0;

	if (P(PTRACE_GETEVENTMSG, pid, 0, &m) < 0)
		printf("no message: %s\n", strerror(errno));
	return m;
}

/* A traced child that stopped itself. */
#define CHILD(pid)                                                                           \
	if (!(pid = fork())) {                                                               \
		if (P(PTRACE_TRACEME, 0, 0, 0) < 0)                                          \
			_exit(99);                                                           \
		kill(getpid(), SIGSTOP);                                                     \
		goto child;                                                                  \
	}                                                                                    \
	wait_for(pid)
