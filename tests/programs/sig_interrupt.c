/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* System calls interrupted: EINTR, SA_RESTART, the rest of a sleep, pause, a write in pieces.
 */
#include "guest.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile int count;
static int p[2];

static void handler(int number)
{
	count++;
	if (count == 100)
		write(p[1], "r", 1);
}

static void soon(int flags)
{
	struct sigaction sa = {.sa_handler = handler, .sa_flags = flags};
	struct itimerval t = {{0, 0}, {0, 20000}};

	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &t, NULL);
}

int main(void)
{
	char c;
	ssize_t n;

	pipe(p);
	soon(0);
	n = read(p[0], &c, 1);
	printf("read %zd %d %d\n", n, errno == EINTR, count);
	count = 99;
	soon(SA_RESTART);
	n = read(p[0], &c, 1);
	printf("restarted %zd %c %d\n", n, c, count);
	struct timespec t = {5, 0}, rest = {0};
	soon(SA_RESTART);
	int e = nanosleep(&t, &rest);
	printf("sleep %d %d %d\n", e, errno == EINTR, (int)rest.tv_sec);
	soon(0);
	struct pollfd f = {p[0], POLLIN};
	e = poll(&f, 1, 5000);
	printf("poll %d %d\n", e, errno == EINTR);
	soon(0);
	e = pause();
	printf("pause %d %d\n", e, errno == EINTR);
	soon(0);
	e = clock_nanosleep(CLOCK_MONOTONIC, 0, &t, &rest);
	printf("clock_nanosleep %d\n", e == EINTR);
	fflush(stdout);
	pid_t pid = fork();
	if (!pid) {
		usleep(60000);
		_exit(9);
	}
	soon(SA_RESTART);
	int status;
	printf("wait %d", waitpid(pid, &status, 0) == pid);
	printf(" %d\n", WEXITSTATUS(status));
	soon(0);
	printf("sleep() %u\n", sleep(3) >= 2);
	return 0;
}
