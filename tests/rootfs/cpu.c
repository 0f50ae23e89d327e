/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cpu ROUNDS ROOT COMMAND...: runs COMMAND so often, in the root directory ROOT, its output
 * thrown away, and prints the least processor time of a run, user and system, with all that it
 * waited for, in milliseconds. Ends with the status of the first run that failed.
 * tags: tests/rootfs - processor time of a command in a root directory
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double ms(struct timeval t)
{
	return t.tv_sec * 1e3 + t.tv_usec * 1e-3;
}

static int fail(const char *what)
{
	fprintf(stderr, "cpu: %s: %s\n", what, strerror(errno));
	return 125;
}

int main(int argc, char **argv)
{
	double best = 0;
	int rounds;

	if (argc < 4) {
		fprintf(stderr, "usage: cpu ROUNDS ROOT COMMAND...\n");
		return 125;
	}
	rounds = atoi(argv[1]);
	if (chroot(argv[2]) < 0 || chdir("/root") < 0)
		return fail(argv[2]);
	for (int i = 0; i < rounds; i++) {
		struct rusage usage;
		double time;
		int status;
		pid_t pid = fork();

		if (pid < 0)
			return fail("fork");
		if (pid == 0) {
			int null = open("/dev/null", O_RDWR);

			dup2(null, 0);
			dup2(null, 1);
			execvp(argv[3], argv + 3);
			_exit(fail(argv[3]));
		}
		while (wait4(pid, &status, 0, &usage) < 0)
			if (errno != EINTR)
				return fail("wait4");
		if (status)
			return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
		time = ms(usage.ru_utime) + ms(usage.ru_stime);
		if (i == 0 || time < best)
			best = time;
	}
	printf("%.2f\n", best);
	return 0;
}
