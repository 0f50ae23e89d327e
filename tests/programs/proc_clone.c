/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* clone and clone3 with flags that libc does not use: shared memory without a thread, other
 * exit signals, parents, pidfds, cleared handlers, sizes of the argument.
 * flags: -pthread
 */
#define _GNU_SOURCE
#include "guest.h"
#include <errno.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

static volatile int shared;
static char stack[1 << 16] __attribute__((aligned(16)));

static int child(void *arg)
{
	shared = (int)(intptr_t)arg;
	return 7;
}

static int slow_child(void *arg)
{
	usleep(100000);
	return child(arg);
}

static void with(const char *name, int flags)
{
	int status = -1, pid;

	shared = 0;
	pid = clone(child, stack + sizeof(stack), flags, (void *)5);
	if (pid < 0) {
		printf("%s: errno %d\n", name, errno);
		return;
	}
	printf("%s: waited %d", name, waitpid(pid, &status, __WALL) == pid);
	printf(" status %x shared %d\n", status, shared);
}

static long clone3(const void *args, size_t size)
{
	long pid = syscall(SYS_clone3, args, size);

	if (pid == 0)
		_exit(9);
	return pid;
}

static void with_size(size_t size, int last)
{
	static _Alignas(8) char args[8192];
	int status = -1;
	long pid;

	memset(args, 0, sizeof(args));
	((struct clone_args *)(void *)args)->exit_signal = SIGCHLD;
	if (last)
		args[size - 1] = 1;
	pid = clone3(args, size);
	if (pid < 0) {
		printf("size %zu: errno %d\n", size, errno);
		return;
	}
	printf("size %zu: waited %d", size, waitpid((pid_t)pid, &status, 0) == pid);
	printf(" status %x\n", status);
}

static void handler(int signo)
{
	(void)signo;
}

int main(void)
{
	struct clone_args clear = { .flags = CLONE_CLEAR_SIGHAND, .exit_signal = SIGCHLD };
	int status, fd = -1, children = 0;
	siginfo_t info = { 0 };
	struct sigaction now;
	pid_t pid;

	setvbuf(stdout, NULL, _IONBF, 0);
	signal(SIGRTMIN + 3, SIG_IGN);
	with("fork", SIGCHLD);
	with("vfork", CLONE_VM | CLONE_VFORK | SIGCHLD);
	with("vfork without memory", CLONE_VFORK | SIGCHLD);
	with("memory", CLONE_VM | SIGCHLD);
	with("memory and files", CLONE_VM | CLONE_FS | CLONE_FILES | SIGCHLD);
	with("memory and handlers", CLONE_VM | CLONE_SIGHAND | SIGCHLD);
	with("memory, no signal", CLONE_VM | CLONE_UNTRACED);
	with("no signal", 0);
	with("SIGURG", SIGURG);
	with("a real-time signal", SIGRTMIN + 3);
	with("thread without memory", CLONE_THREAD | SIGCHLD);
	with("handlers without memory", CLONE_SIGHAND | SIGCHLD);

	pid = clone(slow_child, stack + sizeof(stack), CLONE_PIDFD | SIGCHLD, (void *)1, &fd);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	SHOW(pid > 0, poll(&p, 1, 10000), p.revents, waitid(P_PIDFD, (id_t)fd, &info, WEXITED),
	     info.si_status);

	with_size(56, 0);
	with_size(64, 0);
	with_size(88, 0);
	with_size(200, 0);
	with_size(200, 1);
	with_size(4096, 0);
	with_size(4097, 0);

	signal(SIGUSR1, handler);
	signal(SIGSEGV, handler);
	pid = (pid_t)syscall(SYS_clone3, &clear, sizeof(clear));
	if (pid == 0) {
		sigaction(SIGUSR1, NULL, &now);
		status = now.sa_handler == SIG_DFL;
		sigaction(SIGSEGV, NULL, &now);
		_exit(status + 2 * (now.sa_handler == SIG_DFL));
	}
	waitpid(pid, &status, 0);
	printf("cleared %d\n", WEXITSTATUS(status));

	pid = fork();
	if (!pid)
		_exit(clone(child, stack + sizeof(stack), CLONE_PARENT | SIGCHLD, NULL) < 0);
	while (waitpid(-1, &status, 0) > 0)
		children++;
	printf("children %d\n", children);
	return 0;
}
