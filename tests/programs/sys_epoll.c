/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* epoll with level and edge triggers, eventfd, timerfd, signalfd.
 */
#include "guest.h"
#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

int main(void)
{
	int e = epoll_create1(EPOLL_CLOEXEC), p[2], ev = eventfd(3, EFD_NONBLOCK),
	    t = timerfd_create(CLOCK_MONOTONIC, 0);
	struct epoll_event out[5], in = {EPOLLIN, {.u64 = 0x1122334455667788}};
	u64 v;

	pipe(p);
	printf("%d", epoll_ctl(e, EPOLL_CTL_ADD, p[0], &in));
	in.data.u64 = 2;
	in.events = EPOLLIN | EPOLLET;
	printf(" %d", epoll_ctl(e, EPOLL_CTL_ADD, ev, &in));
	printf(" %d\n", epoll_ctl(e, EPOLL_CTL_ADD, ev, &in) < 0 ? errno : 0);
	int n = epoll_wait(e, out, 5, 0);
	printf("%d %d %x\n", n, (int)out[0].data.u64, out[0].events);
	printf("%d\n", epoll_wait(e, out, 5, 0)); /* edge: reported once */
	write(p[1], "x", 1);
	n = epoll_wait(e, out, 5, 100);
	printf("%d %" PRIx64 " %x\n", n, out[0].data.u64, out[0].events);
	n = epoll_pwait(e, out, 5, 100, NULL);
	printf("%d\n", n);
	v = 5;
	write(ev, &v, 8);
	n = epoll_wait(e, out, 5, 100);
	printf("%d\n", n);
	read(ev, &v, 8);
	SHOW(v, read(ev, &v, 8), errno);
	struct itimerspec its = {{0, 3000000}, {0, 3000000}};
	timerfd_settime(t, 0, &its, NULL);
	usleep(10000);
	read(t, &v, 8);
	printf("%d\n", v >= 3);
	timerfd_gettime(t, &its);
	printf("%ld\n", (long)its.it_interval.tv_nsec);
	SHOW(epoll_ctl(e, EPOLL_CTL_DEL, p[0], NULL),
	     epoll_ctl(e, EPOLL_CTL_MOD, p[0], &in) < 0 ? errno : 0);
	sigset_t set;
	sigemptyset(&set), sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	int s = signalfd(-1, &set, 0);
	struct signalfd_siginfo si;
	raise(SIGUSR1);
	SHOW(read(s, &si, sizeof(si)), si.ssi_signo, si.ssi_pid == getpid());
	return 0;
}
