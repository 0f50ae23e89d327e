/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs a native program. It must be known by what it prints: a rule that takes native programs
 * may well have an interpreter that ends with success.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/fd.h"
#include "common/text.h"

#include "binfmtctl/smoke.h"

/* Writes all output to @out, which is also standard error. Errors of execve or the wait. */
static int spawn(const char *path, char *const argv[], int out)
{
	extern char **environ;
	volatile int error = 0;
	int status;
	pid_t pid = vfork();

	if (pid < 0)
		return -errno;
	if (pid == 0) {
		if (dup2(out, STDOUT_FILENO) < 0 || dup2(out, STDERR_FILENO) < 0)
			error = errno;
		else
			execve(path, argv, environ);
		if (!error)
			error = errno;
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (error)
		return -error;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -ENOEXEC;
}

static int run(const char *path, char *const argv[], const char *want)
{
	_cleanup_(fd_closep) int out = memfd_create("smoke", MFD_CLOEXEC);
	char got[128] = "";
	ssize_t size;
	int err;

	if (out < 0)
		return -errno;
	err = spawn(path, argv, out);
	if (err)
		return err;
	size = fd_read_at(out, got, sizeof(got) - 1, 0);
	if (size < 0)
		return size;
	return strcmp(got, want) == 0 ? 0 : -ENOEXEC;
}

/* A script in a file without a name; read-only, for a file open for writing cannot be run. */
static int make_script(const char *interpreter, struct text *ret_path, int *ret_fd)
{
	_cleanup_(text_done) struct text line = TEXT_INIT;
	_cleanup_(fd_closep) int fd = memfd_create("smoke", 0);

	text_printf(&line, "#!%s --version\n", interpreter);
	if (fd < 0)
		return -errno;
	if (line.error || line.size > 250)
		return -ENAMETOOLONG;
	if (fchmod(fd, 0700) < 0 || write(fd, line.data, line.size) != (ssize_t)line.size)
		return -EIO;
	text_printf(ret_path, "/proc/self/fd/%d", fd);
	if (ret_path->error)
		return ret_path->error;
	*ret_fd = open(ret_path->data, O_RDONLY);
	if (*ret_fd < 0)
		return -errno;
	text_done(ret_path);
	text_printf(ret_path, "/proc/self/fd/%d", *ret_fd);
	return ret_path->error;
}

int smoke_test(const char *want)
{
	static char name[] = "binfmtctl", option[] = "--version";
	char *argv[] = {name, option, NULL};
	_cleanup_(text_done) struct text script = TEXT_INIT;
	_cleanup_(fd_closep) int fd = -1;
	char self[PATH_MAX + 1];
	ssize_t size = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int err;

	if (size < 0)
		return -errno;
	self[size] = '\0';
	err = run(self, argv, want);
	if (err)
		return err;
	/* Without memory files or with a long path there is no script, which is no failure. */
	if (make_script(self, &script, &fd) < 0)
		return 0;
	argv[1] = NULL;
	return run(script.data, argv, want);
}
