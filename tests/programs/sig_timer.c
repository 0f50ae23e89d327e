/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SIGALRM by setitimer into a busy loop without calls; timer_create; alarm; CPU timers.
 * quick: yes
 */
#include "guest.h"
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t ticks;

static void tick(int number)
{
	ticks++;
}

static NOINLINE u64 spin(void)
{
	u64 v = 1;

	while (ticks < 5)
		v = v * 6364136223846793005 + 1;
	return v;
}

static NOINLINE void spin_empty(void)
{
	while (!ticks)
		;
}

int main(void)
{
	struct itimerval t = {{0, 2000}, {0, 2000}}, old;

	signal(SIGALRM, tick), signal(SIGVTALRM, tick), signal(SIGRTMIN, tick);
	setitimer(ITIMER_REAL, &t, NULL);
	printf("%d\n", spin() != 1);
	getitimer(ITIMER_REAL, &old);
	printf("%d\n", (int)old.it_interval.tv_usec);
	setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
	ticks = 0;
	t.it_interval.tv_usec = 0;
	setitimer(ITIMER_VIRTUAL, &t, NULL);
	spin_empty();
	printf("virtual %d\n", ticks);
	ticks = 0;
	timer_t timer;
	struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
	struct itimerspec its = {{0, 0}, {0, 3000000}};
	printf("%d", timer_create(CLOCK_MONOTONIC, &e, &timer));
	timer_settime(timer, 0, &its, NULL);
	spin_empty();
	printf(" timer %d %d\n", ticks, timer_delete(timer));
	alarm(100);
	printf("alarm %d\n", alarm(0) > 98);
	return 0;
}
