/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Leaving handlers by siglongjmp, many times; masks restored; recursion through handlers.
 * quick: yes
 */
#include "guest.h"
#include <setjmp.h>
#include <signal.h>
#include <sys/time.h>

static sigjmp_buf out;
static volatile int count;

static void jump(int number)
{
	count++;
	siglongjmp(out, number);
}

static NOINLINE int deep(int n)
{
	volatile int local = n;

	if (n == 0)
		raise(SIGUSR1);
	return deep(n - 1) + local;
}

static volatile u64 work;

int main(void)
{
	sigset_t set;
	volatile int i;

	signal(SIGUSR1, jump), signal(SIGALRM, jump), signal(SIGSEGV, jump);
	for (i = 0; i < 200; i++)
		if (!sigsetjmp(out, 1))
			deep(i % 50);
	sigprocmask(SIG_BLOCK, NULL, &set);
	SHOW(count, sigismember(&set, SIGUSR1));
	for (i = 0; i < 100; i++)
		if (!sigsetjmp(out, 1))
			*(volatile int *)HIDE((long)i * 4) = 1;
	printf("%d\n", count);
	struct itimerval t = {{0, 0}, {0, 1500}};
	for (i = 0; i < 10; i++)
		if (!sigsetjmp(out, 1)) {
			setitimer(ITIMER_REAL, &t, NULL);
			for (;;)
				work = work * 3 + 1;
		}
	printf("%d\n", count);
	return 0;
}
