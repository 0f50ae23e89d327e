/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One run of one command for the benchmark: in an own process group, its output caught, its
 * processor time measured, inside a private binfmt_misc instance if asked.
 * tags: bench - one run
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/child.h"

static double seconds(struct timeval t)
{
	return t.tv_sec + t.tv_usec * 1e-6;
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = write(fd, text, strlen(text));
	close(fd);
	return n == (ssize_t)strlen(text) ? 0 : -EIO;
}

/*
 * In the child only: moves into an own user and mount namespace whose binfmt_misc instance
 * is new, and registers `interpreter` there. The host's instance is never reached: the
 * mount comes before the write. Kernels before 6.7 have no private instances; there the
 * mount fails for a user namespace, and with it the run.
 */
static int enter_registration(const char *interpreter)
{
	static const char magic[] =
		"\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"
		"\\x02\\x00\\xb7\\x00:\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff"
		"\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff";
	char text[1000], groups[40];
	int r;

	snprintf(text, sizeof(text), "0 %d 1", (int)geteuid());
	snprintf(groups, sizeof(groups), "0 %d 1", (int)getegid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return -errno;
	r = write_file("/proc/self/uid_map", text);
	if (r >= 0)
		r = write_file("/proc/self/setgroups", "deny");
	if (r >= 0)
		r = write_file("/proc/self/gid_map", groups);
	if (r < 0)
		return r;
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("none", "/proc/sys/fs/binfmt_misc", "binfmt_misc", 0, NULL) < 0)
		return -errno;
	snprintf(text, sizeof(text), ":bench:M:0:%s:%s:POF", magic, interpreter);
	return write_file("/proc/sys/fs/binfmt_misc/register", text);
}
static void start(const struct child *c, int out)
{
	int null = open("/dev/null", O_RDWR);

	dup2(null, 0);
	dup2(out, 1);
	setpgid(0, 0);
	if (c->environment)
		putenv((char *)c->environment);
	if (c->registered) {
		int r = enter_registration(c->registered);
		if (r < 0) {
			dprintf(2, "private binfmt_misc: %s\n", strerror(-r));
			_exit(125);
		}
	}
	execv(c->argv[0], c->argv);
	dprintf(2, "%s: %s\n", c->argv[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

/* Waits for the child until the time limit; past that it is killed with its group. */
static void wait_child(const struct child *c, pid_t pid, struct outcome *o,
		       struct rusage *usage)
{
	double limit = now_ms() + c->time_limit * 1e3;
	bool late = false;
	sigset_t set;

	/* SIGCHLD is blocked in the caller, so that waiting for it cannot miss it. */
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	while (wait4(pid, &o->status, WNOHANG, usage) == 0) {
		double left = limit - now_ms();
		struct timespec t = {left / 1e3, fmod(left, 1e3) * 1e6};

		if (left <= 0 && !late) {
			kill(-pid, SIGKILL);
			kill(pid, SIGKILL);
			late = true;
		}
		if (late)
			t = (struct timespec){1, 0};
		sigtimedwait(&set, NULL, &t);
	}
	if (late)
		snprintf(o->problem, sizeof(o->problem), "over %d s", c->time_limit);
	else if (WIFSIGNALED(o->status))
		snprintf(o->problem, sizeof(o->problem), "killed by signal %d",
			 WTERMSIG(o->status));
	else if (WEXITSTATUS(o->status))
		snprintf(o->problem, sizeof(o->problem), "exit status %d",
			 WEXITSTATUS(o->status));
}

static char *read_all(int fd, size_t *ret_size)
{
	struct stat s;
	char *data;
	ssize_t n;

	if (fstat(fd, &s) < 0)
		return NULL;
	data = malloc(s.st_size + 1);
	if (!data)
		return NULL;
	n = pread(fd, data, s.st_size, 0);
	if (n < 0) {
		free(data);
		return NULL;
	}
	data[n] = 0;
	*ret_size = n;
	return data;
}

void child_run(const struct child *c, struct outcome *o)
{
	struct rusage usage = {0};
	int out = memfd_create("output", MFD_CLOEXEC);
	double began;
	pid_t pid;

	*o = (struct outcome){.run = true};
	if (out < 0) {
		snprintf(o->problem, sizeof(o->problem), "memfd: %s", strerror(errno));
		return;
	}
	fcntl(out, F_SETFL, O_APPEND);
	fflush(NULL);
	began = now_ms();
	pid = fork();
	if (pid == 0) {
		sigset_t none;
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		if (c->catch_errors)
			dup2(out, 2);
		start(c, out);
	}
	if (pid < 0) {
		snprintf(o->problem, sizeof(o->problem), "fork: %s", strerror(errno));
		close(out);
		return;
	}
	wait_child(c, pid, o, &usage);
	o->wall_ms = now_ms() - began;
	o->cpu_ms = (seconds(usage.ru_utime) + seconds(usage.ru_stime)) * 1e3;
	o->output = read_all(out, &o->output_size);
	close(out);
}
