/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Threads and signals: directed by pthread_kill, masks per thread, a handler per stack; the
 * whole process exits while threads still run.
 * flags: -pthread
 */
#include "guest.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

static __thread int mine;
static _Atomic int hits[3], ready, stop;

static void handler(int number)
{
	atomic_fetch_add(&hits[mine], 1);
}

static void *work(void *arg)
{
	sigset_t set;

	mine = (int)(intptr_t)arg;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(mine == 1 ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
	atomic_fetch_add(&ready, 1);
	while (!stop)
		;
	sigpending(&set);
	return (void *)(intptr_t)sigismember(&set, SIGUSR2);
}

static void *forever(void *arg)
{
	for (;;)
		atomic_fetch_add(&hits[0], 1);
}

int main(void)
{
	pthread_t a, b, c;
	void *pending_a, *pending_b;

	signal(SIGUSR1, handler);
	signal(SIGUSR2, handler);
	pthread_create(&a, NULL, work, (void *)1);
	pthread_create(&b, NULL, work, (void *)2);
	while (ready < 2)
		;
	for (int i = 1; i <= 5; i++) {
		pthread_kill(a, SIGUSR1);
		while (hits[1] < i)
			;
		pthread_kill(b, SIGUSR2);
		while (hits[2] < i)
			;
	}
	pthread_kill(a, SIGUSR2);
	usleep(2000);
	stop = 1;
	pthread_join(a, &pending_a);
	pthread_join(b, &pending_b);
	SHOW(hits[0], hits[1], hits[2], (intptr_t)pending_a, (intptr_t)pending_b);
	fflush(stdout);
	pthread_create(&c, NULL, forever, NULL);
	usleep(2000);
	return 5;
}
