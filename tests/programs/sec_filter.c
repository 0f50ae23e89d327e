/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Seccomp: the strict mode, what filters are taken, every action, which of several wins,
 * threads, inheritance over fork and execve.
 * flags: -pthread
 */
#include "guest.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __aarch64__
#define ARCH AUDIT_ARCH_AARCH64
#else
#define ARCH AUDIT_ARCH_X86_64
#endif
#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))
#define NR   BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0)
#define ARG0 BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16)
#define RET(v) BPF_STMT(BPF_RET | BPF_K, v)
/* result v for number n, the rest is allowed */
#define ONLY(n, v) { NR, BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, n, 0, 1), RET(v), RET(SECCOMP_RET_ALLOW) }

static long install(struct sock_filter *f, unsigned n, unsigned flags)
{
	struct sock_fprog p = { n, f };

	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &p);
}

static long deny(int nr, u32 action)
{
	struct sock_filter f[] = ONLY(nr, action);

	return install(f, LENGTH(f), 0);
}

static void result(const char *name, long r)
{
	printf("%s: %ld %s\n", name, r < 0 ? -1 : r, r < 0 ? strerrorname_np(errno) : "");
	fflush(stdout);
}

static void number(const char *name, long r)
{
	printf("%s: %ld %d\n", name, r, r < 0 ? errno : 0);
}

/* Runs fn in a child and tells how it ended. */
static void child(const char *name, void (*fn)(void))
{
	int status;

	fflush(stdout);
	if (!fork()) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		fn();
		fflush(stdout);
		_exit(7);
	}
	wait(&status);
	if (WIFSIGNALED(status))
		printf("%s: signal %d\n", name, WTERMSIG(status));
	else
		printf("%s: status %d\n", name, WEXITSTATUS(status));
}

/* ---- what is taken ---- */

static void take(const char *name, struct sock_filter *f, unsigned n)
{
	result(name, install(f, n, 0));
}

static void validity(void)
{
	static struct sock_filter many[5000];
	struct sock_filter allow[] = { RET(SECCOMP_RET_ALLOW) };
	struct sock_filter offset[] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 2), allow[0] };
	struct sock_filter behind[] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 64), allow[0] };
	struct sock_filter half[] = { BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0), allow[0] };
	struct sock_filter ind[] = { BPF_STMT(BPF_LD | BPF_W | BPF_IND, 0), allow[0] };
	struct sock_filter open_end[] = { NR };
	struct sock_filter jump[] = { BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0), allow[0] };
	struct sock_filter div0[] = { BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0), allow[0] };
	struct sock_filter mod[] = { BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, 3), allow[0] };
	struct sock_filter shift[] = { BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 32), allow[0] };
	struct sock_filter unset[] = { BPF_STMT(BPF_LD | BPF_MEM, 3), allow[0] };
	struct sock_filter one_path[] = {
		NR, BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 1), BPF_STMT(BPF_ST, 3),
		BPF_STMT(BPF_LD | BPF_MEM, 3), allow[0],
	};
	struct sock_filter both[] = { BPF_STMT(BPF_ST, 15), BPF_STMT(BPF_LDX | BPF_MEM, 15), allow[0] };
	struct sock_fprog p = { 1, allow };

	result("unknown flag", install(allow, 1, 0x4000));
	result("all flags", install(allow, 1, ~0u));
	result("waiting without a listener", install(allow, 1, 32));
	result("no program", syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL));
	result("probe TSYNC", syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 1, NULL));
	result("probe LOG", syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 2, NULL));
	result("probe SPEC_ALLOW", syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 4, NULL));
	result("probe TSYNC_ESRCH", syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 17, NULL));
	result("unknown operation", syscall(SYS_seccomp, 99, 0, NULL));
	result("strict with flags", syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 1, NULL));
	result("strict with arguments", syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 0, &p));
	result("prctl, bad mode", prctl(PR_SET_SECCOMP, 3, &p));
	result("prctl, no program", prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL));
	take("empty", allow, 0);
	take("bad address", (void *)8, 1);
	for (unsigned i = 0; i < 5000; i++)
		many[i] = allow[0];
	take("too long", many, 4097);
	take("misaligned load", offset, 2);
	take("load behind the data", behind, 2);
	take("half word", half, 2);
	take("indirect", ind, 2);
	take("no return", open_end, 1);
	take("jump to the end", jump, 2);
	take("division by zero", div0, 2);
	take("modulo", mod, 2);
	take("shift by 32", shift, 2);
	take("unset memory", unset, 2);
	take("memory that is set on one path", one_path, 5);
	take("memory", both, 3);
	take("longest", many, 4096);
	result("mode", prctl(PR_GET_SECCOMP));
	result("prctl", prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p));
	result("strict behind filters", syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 0, NULL));
	long r, n = 0;
	while (!(r = install(many, 4096, 0)))
		n++;
	printf("%ld more until %s\n", n, strerrorname_np(errno));
}

static void actions(void)
{
	u32 list[] = { SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP,
		       SECCOMP_RET_ERRNO, SECCOMP_RET_TRACE, SECCOMP_RET_LOG, SECCOMP_RET_ALLOW,
		       0x12340000, SECCOMP_RET_ERRNO | 5 };

	for (unsigned i = 0; i < LENGTH(list); i++)
		result("action", syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &list[i]));
	result("with flags", syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 1, &list[0]));
	result("bad address", syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, 8));
	u16 sizes[3] = { 0 };
	result("sizes", syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, sizes));
	printf("%u %u %u\n", sizes[0], sizes[1], sizes[2]);
}

static void unprivileged(void)
{
	struct sock_filter f[] = { RET(SECCOMP_RET_ALLOW) };

	fflush(stdout);
	if (!fork()) {
		setresgid(65534, 65534, 65534);
		if (setresuid(65534, 65534, 65534) < 0) {
			/* not root: then it lacks the capability anyway */
		}
		result("without the right", install(f, 1, 0));
		result("strict needs none of it, a filter does", install(f, 0, 0));
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		result("with no_new_privs", install(f, 1, 0));
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
}

/* ---- actions ---- */

static void errnos(void)
{
	deny(SYS_getppid, SECCOMP_RET_ERRNO | EPERM);
	result("EPERM", syscall(SYS_getppid));
	deny(SYS_getppid, SECCOMP_RET_ERRNO | ENOENT);
	result("the newest of equals", syscall(SYS_getppid));
	deny(SYS_getppid, SECCOMP_RET_ALLOW);
	result("the stronger of two", syscall(SYS_getppid));
	deny(SYS_getuid, SECCOMP_RET_ERRNO);
	printf("no error: %ld\n", syscall(SYS_getuid));
	deny(SYS_getgid, SECCOMP_RET_ERRNO | 0xffff);
	number("largest", syscall(SYS_getgid));
	deny(SYS_geteuid, SECCOMP_RET_TRACE);
	result("trace without a tracer", syscall(SYS_geteuid));
	deny(SYS_getegid, SECCOMP_RET_LOG);
	printf("logged: %d\n", syscall(SYS_getegid) == getegid());
	deny(500, SECCOMP_RET_ERRNO | 77);
	number("a number that does not exist", syscall(500));
	number("another", syscall(501));
}

static void by_argument(void)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
		RET(SECCOMP_RET_KILL_PROCESS),
		NR,
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_kill, 0, 8),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 24), /* the signal */
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x7f),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		BPF_STMT(BPF_ST, 1),
		BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0),
		BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ERRNO),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, SECCOMP_RET_ERRNO | 100, 1, 0),
		BPF_STMT(BPF_RET | BPF_A, 0),
		RET(SECCOMP_RET_ALLOW),
	};

	install(f, LENGTH(f), 0);
	for (int s = 1; s < 50; s += 13)
		number("kill", syscall(SYS_kill, 0, s | 0x700000000));
	printf("%ld\n", syscall(SYS_kill, getpid(), 0));
}

static void killed(void)
{
	deny(SYS_getppid, SECCOMP_RET_KILL_PROCESS);
	syscall(SYS_getppid);
}

static void killed_thread(void)
{
	deny(SYS_getppid, SECCOMP_RET_KILL_THREAD);
	syscall(SYS_getppid);
}

static void unknown_action(void)
{
	deny(SYS_getppid, 0x00020000);
	syscall(SYS_getppid);
}

static void *bad_call(void *arg)
{
	syscall(SYS_getppid);
	return NULL;
}

static void one_of_two(void)
{
	pthread_t t;

	deny(SYS_getppid, SECCOMP_RET_KILL_THREAD);
	pthread_create(&t, NULL, bad_call, NULL);
	usleep(200000);
	printf("the other goes on\n");
}

static void strict(void)
{
	printf("%d\n", prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT));
	fflush(stdout);
	write(1, "written\n", 8);
	syscall(SYS_exit, 5);
}

static void strict_broken(void)
{
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
	syscall(SYS_getpid);
}

static void on_sys(int n, siginfo_t *si, void *c)
{
	ucontext_t *uc = c;

	printf("signal %d code %d errno %d number %d arch %d address %d\n", n, si->si_code,
	       si->si_errno, si->si_syscall == SYS_getpriority, si->si_arch == ARCH,
	       si->si_call_addr ==
#ifdef __aarch64__
		       (void *)uc->uc_mcontext.pc);
	printf("arguments %d\n", uc->uc_mcontext.regs[0] == 11 && uc->uc_mcontext.regs[1] == 22 &&
	       uc->uc_mcontext.regs[8] == SYS_getpriority);
	uc->uc_mcontext.regs[0] = 4711;
#else
		       (void *)uc->uc_mcontext.gregs[REG_RIP]);
	printf("arguments %d\n", uc->uc_mcontext.gregs[REG_RDI] == 11 &&
	       uc->uc_mcontext.gregs[REG_RSI] == 22 &&
	       uc->uc_mcontext.gregs[REG_RAX] == SYS_getpriority);
	uc->uc_mcontext.gregs[REG_RAX] = 4711;
#endif
}

static void trapped(void)
{
	struct sigaction sa = { .sa_sigaction = on_sys, .sa_flags = SA_SIGINFO };

	sigaction(SIGSYS, &sa, NULL);
	deny(SYS_getpriority, SECCOMP_RET_TRAP | 321);
	printf("%ld\n", syscall(SYS_getpriority, 11, 22));
}

static void trap_blocked(void)
{
	struct sigaction sa = { .sa_sigaction = on_sys, .sa_flags = SA_SIGINFO };
	sigset_t set;

	sigaction(SIGSYS, &sa, NULL);
	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	deny(SYS_getpriority, SECCOMP_RET_TRAP);
	syscall(SYS_getpriority, 11, 22);
}

static void trap_default(void)
{
	deny(SYS_getpriority, SECCOMP_RET_TRAP);
	syscall(SYS_getpriority, 11, 22);
}

/* ---- threads, children, programs ---- */

static int stage;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

static void go(int n)
{
	pthread_mutex_lock(&lock);
	stage = n;
	pthread_cond_broadcast(&cond);
	pthread_mutex_unlock(&lock);
}

static void await(int n)
{
	pthread_mutex_lock(&lock);
	while (stage < n)
		pthread_cond_wait(&cond, &lock);
	pthread_mutex_unlock(&lock);
}

static void *sibling(void *arg)
{
	await(1);
	result("sibling, before", syscall(SYS_getppid) > 0 ? 0 : -1);
	go(2);
	await(3);
	result("sibling, after", syscall(SYS_getppid));
	printf("its no_new_privs: %d\n", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	deny(SYS_getuid, SECCOMP_RET_ERRNO | EPERM);
	go(4);
	await(5);
	return NULL;
}

static void threads(void)
{
	struct sock_filter f[] = ONLY(SYS_getppid, SECCOMP_RET_ERRNO | ECHILD);
	struct sock_filter all[] = { RET(SECCOMP_RET_ALLOW) };
	pthread_t t;

	pthread_create(&t, NULL, sibling, NULL);
	deny(SYS_getgid, SECCOMP_RET_ERRNO | EPERM);
	go(1);
	await(2);
	result("TSYNC", install(f, LENGTH(f), SECCOMP_FILTER_FLAG_TSYNC));
	go(3);
	await(4);
	printf("TSYNC, diverged: %d\n", install(all, 1, SECCOMP_FILTER_FLAG_TSYNC) > 0);
	result("TSYNC_ESRCH, diverged",
	       install(all, 1, SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH));
	go(5);
	pthread_join(t, NULL);
}

static void *new_thread(void *arg)
{
	result("new thread", syscall(SYS_getppid));
	return NULL;
}

static char *self;

static void inherited(void)
{
	pthread_t t;
	int status;

	deny(SYS_getppid, SECCOMP_RET_ERRNO | ECHILD);
	pthread_create(&t, NULL, new_thread, NULL);
	pthread_join(t, NULL);
	fflush(stdout);
	if (!fork()) {
		result("child", syscall(SYS_getppid));
		fflush(stdout);
		execl("/proc/self/exe", self, "again", "2", NULL);
		_exit(9);
	}
	wait(&status);
	printf("%d\n", WEXITSTATUS(status));
}

static void show_status(void)
{
	char line[256];
	FILE *f = fopen("/proc/self/status", "r");

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "Seccomp:", 8))
			printf("%s", line);
	if (f)
		fclose(f);
}

int main(int argc, char **argv)
{
	self = argv[0];
	if (argc > 2) {
		result("program", syscall(SYS_getppid));
		printf("mode %d\n", prctl(PR_GET_SECCOMP));
		show_status();
		fflush(stdout);
		if (argv[2][0] > '0') {
			argv[2][0]--;
			/* once more, by vfork */
			if (!vfork()) {
				execv("/proc/self/exe", argv);
				_exit(9);
			}
			wait(NULL);
		}
		return 3;
	}
	child("validity", validity);
	child("actions", actions);
	unprivileged();
	child("errnos", errnos);
	child("by argument", by_argument);
	child("killed", killed);
	child("thread killed, the only one", killed_thread);
	child("unknown action", unknown_action);
	child("one of two", one_of_two);
	child("strict", strict);
	child("strict, broken", strict_broken);
	child("trapped", trapped);
	child("trapped while blocked", trap_blocked);
	child("trapped by default", trap_default);
	child("threads", threads);
	child("inherited", inherited);
	return 0;
}
