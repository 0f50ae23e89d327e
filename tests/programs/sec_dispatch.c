/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Syscall user dispatch: ranges, selectors, who inherits it, what the options refuse. */
#include "guest.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __aarch64__
#include <linux/audit.h>
#define ARCH AUDIT_ARCH_AARCH64
#else
#include <linux/audit.h>
#define ARCH AUDIT_ARCH_X86_64
#endif

#define DISPATCH 59 /* PR_SET_SYSCALL_USER_DISPATCH */

static volatile char selector;
static volatile int hits;
static siginfo_t last;

/* The one instruction whose address the test knows. */
extern char call_end[], call_start[];
long call(long nr);
#ifdef __aarch64__
__asm__(".text\n.globl call, call_start, call_end\n"
	"call:\n\tmov x8, x0\n\tmov x0, 0\n\tmov x1, 0\ncall_start:\n\tsvc 0\ncall_end:\n\tret\n");
#else
__asm__(".text\n.globl call, call_start, call_end\n"
	"call:\n\tmov %rdi, %rax\n\txor %edi, %edi\n\txor %esi, %esi\ncall_start:\n\tsyscall\n"
	"call_end:\n\tret\n");
#endif

static void on_sigsys(int signo, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	selector = 0;
	last = *info;
	hits++;
#ifdef __aarch64__
	uc->uc_mcontext.regs[0] = 4711;
#else
	uc->uc_mcontext.gregs[REG_RAX] = 4711;
#endif
}

static void told(const char *name, long r)
{
	printf("%s: result %s, hits %d", name, r == 4711 ? "handler's" : r == getpid() ? "pid" : "other", hits);
	if (hits)
		printf(" code %d errno %d nr %d arch %d addr %d", last.si_code, last.si_errno,
		       last.si_syscall == SYS_getpid, last.si_arch == ARCH,
		       last.si_call_addr == call_end);
	printf("\n");
	fflush(stdout);
	hits = 0;
}

static void set(const char *name, unsigned long mode, unsigned long offset, unsigned long length, void *at)
{
	long r = prctl(DISPATCH, mode, offset, length, at);

	printf("%s: %ld %s\n", name, r, r < 0 ? strerrorname_np(errno) : "");
	fflush(stdout);
}

static void child(const char *name, int bad)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		prctl(DISPATCH, 1, 0, 0, bad ? (void *)64 : (void *)&selector);
		selector = 77;
		call(SYS_getpid);
		_exit(9);
	}
	waitpid(pid, &status, 0);
	printf("%s: signal %d status %d\n", name, WIFSIGNALED(status) ? WTERMSIG(status) : 0,
	       WIFEXITED(status) ? WEXITSTATUS(status) : 0);
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO };
	unsigned long here = (unsigned long)call_start;
	int status;
	pid_t pid;
	long r;

	if (argc > 1) {
		printf("executed: %s\n", call(SYS_getpid) == getpid() ? "pid" : "other");
		return 0;
	}
	sigaction(SIGSYS, &sa, NULL);
	if (prctl(DISPATCH, 0, 0, 0, 0) < 0) {
		printf("not there\n");
		return 0;
	}
	set("mode 9", 9, 0, 0, NULL);
	set("off with a range", 0, 0, 4096, NULL);
	set("off with a selector", 0, 0, 0, (void *)&selector);
	set("empty range", 1, 4096, 0, NULL);
	set("range that wraps", 1, -4096ul, 8192, NULL);
	set("selector beyond user space", 1, 0, 0, (void *)-4096l);

	set("selector", 1, 0, 0, (void *)&selector);
	told("allowed", call(SYS_getpid));
	selector = 1;
	r = call(SYS_getpid);
	told("blocked", r);
	set("range", 1, here, 64, (void *)&selector);
	selector = 1;
	r = call(SYS_getpid);
	selector = 0;
	told("inside the range", r);
	set("other range", 1, here + 4096, 64, (void *)&selector);
	selector = 1;
	r = call(SYS_getpid);
	selector = 0;
	told("outside the range", r);
	/* The end of the range is behind the instruction or it is not. */
	set("range up to the instruction", 1, here - 8, call_end - call_start + 8, (void *)&selector);
	selector = 1;
	r = call(SYS_getpid);
	selector = 0;
	told("at its end", r);

	set("for children", 1, 0, 0, (void *)&selector);
	pid = fork();
	if (!pid) {
		selector = 1;
		r = call(SYS_getpid);
		selector = 0;
		told("forked", r);
		exit(0);
	}
	waitpid(pid, &status, 0);
	pid = fork();
	if (!pid) {
		prctl(DISPATCH, 1, 0, 0, &selector);
		execl("/proc/self/exe", argv[0], "again", (char *)0);
		exit(1);
	}
	waitpid(pid, &status, 0);
	set("off", 0, 0, 0, NULL);
	selector = 1;
	told("off", call(SYS_getpid));
	child("selector of another value", 0);
	child("selector that cannot be read", 1);

	/* A blocked SIGSYS kills. */
	pid = fork();
	if (!pid) {
		sigset_t set;

		sigemptyset(&set);
		sigaddset(&set, SIGSYS);
		sigprocmask(SIG_BLOCK, &set, NULL);
		selector = 0;
		prctl(DISPATCH, 1, 0, 0, &selector);
		selector = 1;
		call(SYS_getpid);
		_exit(9);
	}
	waitpid(pid, &status, 0);
	printf("blocked SIGSYS: signal %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	return 0;
}
