/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signals: handlers, flags, masks, pending, nesting, sigsuspend, sigwaitinfo, kill.
 */
#include "guest.h"
#include <errno.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

static volatile int order[20], n;
static volatile int depth;

static void record(int number)
{
	order[n++] = number;
}

static void nested(int number)
{
	sigset_t set;

	sigprocmask(SIG_SETMASK, NULL, &set);
	order[n++] = number * 100 + sigismember(&set, number) * 10 +
		     sigismember(&set, SIGUSR2);
	if (depth++ < 2)
		raise(number);
	order[n++] = -depth;
}

static void info_handler(int number, siginfo_t *info, void *context)
{
	order[n++] = number;
	order[n++] = info->si_code;
	order[n++] = info->si_pid == getpid() && info->si_signo == number;
	order[n++] = info->si_value.sival_int;
}

static void show(const char *what)
{
	printf("%s:", what);
	for (int i = 0; i < n; i++)
		printf(" %d", order[i]);
	putchar('\n');
	n = 0;
}

int main(void)
{
	struct sigaction sa = {.sa_handler = record}, old;
	sigset_t set, was;

	sigaction(SIGUSR1, &sa, NULL);
	raise(SIGUSR1), kill(getpid(), SIGUSR1);
	show("raise");
	sigaction(SIGUSR1, NULL, &old);
	printf("%d %x\n", old.sa_handler == record, old.sa_flags & ~0x04000000);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1), sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, &was);
	raise(SIGUSR1), raise(SIGUSR1);
	show("blocked");
	sigpending(&set);
	printf("pending %d %d\n", sigismember(&set, SIGUSR1), sigismember(&set, SIGUSR2));
	sigsuspend(&was);
	printf("%d\n", errno);
	show("suspended");
	sigprocmask(SIG_SETMASK, &was, NULL);
	sa.sa_handler = nested;
	sa.sa_flags = SA_NODEFER;
	sigaddset(&sa.sa_mask, SIGUSR2);
	sigaction(SIGUSR1, &sa, NULL);
	raise(SIGUSR1);
	show("nested");
	sa.sa_flags = SA_RESETHAND;
	sa.sa_handler = record;
	sigaction(SIGUSR2, &sa, NULL);
	raise(SIGUSR2);
	sigaction(SIGUSR2, NULL, &old);
	printf("reset %d\n", old.sa_handler == SIG_DFL);
	show("once");
	struct sigaction si = {.sa_sigaction = info_handler, .sa_flags = SA_SIGINFO};
	sigaction(SIGRTMIN, &si, NULL), sigaction(SIGUSR1, &si, NULL);
	sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 12345});
	raise(SIGUSR1);
	kill(getpid(), SIGUSR1);
	order[7] = order[11] = 0; /* no value with raise and kill */
	show("info");
	sigemptyset(&set), sigaddset(&set, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < 3; i++)
		sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = i});
	siginfo_t info;
	for (int i = 0; i < 3; i++) {
		int number = sigwaitinfo(&set, &info);
		printf("%d/%d ", number == SIGRTMIN, info.si_value.sival_int);
	}
	struct timespec t = {0, 1000000};
	printf("%d", sigtimedwait(&set, &info, &t));
	printf(" %d\n", errno);
	SHOW(kill(getpid(), 0), kill(0x3fffffff, 0) < 0 ? errno : 0);
	SHOW(sigaction(SIGKILL, &sa, NULL) < 0 ? errno : 0,
	     signal(SIGUSR1, SIG_DFL) == SIG_ERR);
	return 0;
}
