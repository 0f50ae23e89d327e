/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* poll, ppoll, select, pselect: readiness, timeouts, hang-ups, bad descriptors.
 */
#include "guest.h"
#include <errno.h>
#include <poll.h>
#include <sys/select.h>
#include <unistd.h>

int main(void)
{
	int p[2], q[2];

	pipe(p), pipe(q);
	struct pollfd f[4] = {
		{p[0], POLLIN}, {p[1], POLLOUT}, {q[0], POLLIN}, {999, POLLIN}};
	printf("%d", poll(f, 4, 0));
	printf(" %x %x %x %x\n", f[0].revents, f[1].revents, f[2].revents, f[3].revents);
	write(p[1], "data", 4);
	close(q[1]);
	printf("%d", poll(f, 3, 1000));
	printf(" %x %x %x\n", f[0].revents, f[1].revents, f[2].revents);
	struct timespec t = {0, 5000000};
	f[0].fd = -1;
	printf("%d\n", ppoll(f, 1, &t, NULL));
	fd_set r, w;
	struct timeval tv = {0, 5000};
	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_SET(p[0], &r);
	FD_SET(p[1], &w);
	printf("%d", select(q[0] + 1, &r, &w, NULL, &tv));
	printf(" %d %d\n", FD_ISSET(p[0], &r) != 0, FD_ISSET(p[1], &w) != 0);
	char b[10];
	read(p[0], b, 10);
	FD_ZERO(&r);
	FD_SET(p[0], &r);
	tv = (struct timeval){0, 5000};
	printf("%d", select(p[0] + 1, &r, NULL, NULL, &tv));
	printf(" %d %d %d\n", FD_ISSET(p[0], &r) != 0, (int)tv.tv_sec, (int)tv.tv_usec);
	printf("%d\n", pselect(0, NULL, NULL, NULL, &t, NULL));
	FD_SET(900, &r);
	SHOW(select(901, &r, NULL, NULL, &tv), errno);
	return 0;
}
