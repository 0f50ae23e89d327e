/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * best ROUNDS NAME LIMIT COMMAND...: the least and the middle of what many runs of a command
 * take, as one line. It starts them by vfork: a shell that forks would be measured with them.
 * tags: bench - times of short commands
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double milliseconds(struct timeval t)
{
	return t.tv_sec * 1e3 + t.tv_usec / 1e3;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

int main(int argc, char **argv)
{
	int rounds = argc > 4 ? atoi(argv[1]) : 0, null = open("/dev/null", O_WRONLY);
	double *cpu, *elapsed;

	if (rounds < 1 || null < 0) {
		fprintf(stderr, "usage: best ROUNDS NAME LIMIT COMMAND...\n");
		return 2;
	}
	cpu = calloc(rounds, sizeof(*cpu));
	elapsed = calloc(rounds, sizeof(*elapsed));
	if (!cpu || !elapsed)
		return 1;
	for (int i = 0; i < rounds; i++) {
		struct rusage usage;
		double start = now();
		int status;
		pid_t pid = vfork();

		if (pid == 0) {
			dup2(null, STDOUT_FILENO);
			dup2(null, STDERR_FILENO);
			execvp(argv[4], argv + 4);
			_exit(127);
		}
		if (pid < 0 || wait4(pid, &status, 0, &usage) != pid ||
		    !WIFEXITED(status) || WEXITSTATUS(status) == 127) {
			fprintf(stderr, "%s failed\n", argv[2]);
			return 1;
		}
		elapsed[i] = now() - start;
		cpu[i] = milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
	}
	qsort(cpu, rounds, sizeof(*cpu), compare);
	qsort(elapsed, rounds, sizeof(*elapsed), compare);
	printf("%-32s %8.1f %8.1f %9.1f %8.1f %7s\n", argv[2], cpu[0], cpu[rounds / 2],
	       elapsed[0], elapsed[rounds / 2], argv[3]);
	free(cpu);
	free(elapsed);
	return 0;
}
