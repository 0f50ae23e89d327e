/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pipes: capacity, EOF, EPIPE with and without SIGPIPE, non-blocking, O_CLOEXEC.
 */
#include "guest.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int signals;

static void handler(int number)
{
	signals += number;
}

int main(void)
{
	int p[2], n;
	static char b[70000];

	pipe2(p, O_NONBLOCK | O_CLOEXEC);
	SHOW(read(p[0], b, 1), errno);
	ssize_t total = 0, k;
	while ((k = write(p[1], b, 1000)) > 0)
		total += k;
	SHOW(total, errno);
	ioctl(p[0], FIONREAD, &n);
	SHOW(n, fcntl(p[0], F_GETPIPE_SZ));
	printf("%zd\n", read(p[0], b, sizeof(b)));
	signal(SIGPIPE, handler);
	close(p[0]);
	k = write(p[1], "x", 1);
	SHOW(k, errno, signals);
	signal(SIGPIPE, SIG_IGN);
	k = write(p[1], "x", 1);
	SHOW(k, errno, signals);
	pipe(p);
	fflush(stdout);
	if (!fork()) {
		close(p[0]);
		for (int i = 0; i < 200; i++)
			dprintf(p[1], "line %d\n", i);
		_exit(0);
	}
	close(p[1]);
	FILE *f = fdopen(p[0], "r");
	int lines = 0;
	u64 h = 0;
	while (fgets(b, sizeof(b), f))
		lines++, h = mix(h, hash_bytes(b, strlen(b)));
	wait(NULL);
	printf("%d %016" PRIx64 "\n", lines, h);
	signal(SIGPIPE, SIG_DFL);
	fclose(f);
	fflush(stdout);
	if (!fork()) {
		pipe(p);
		close(p[0]);
		write(p[1], "x", 1);
		_exit(1);
	}
	wait(&n);
	printf("%d\n", WTERMSIG(n));
	return 0;
}
