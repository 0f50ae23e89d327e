/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A traced execve. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/probe.h"
#include "binfmtctl/relation.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x10U
#endif

void probe_done(struct probe *probe)
{
	free(probe->exe);
	free(probe->arguments);
	*probe = (struct probe){.execfd = -1};
}

/* In the child: nothing of ours but the file to be run reaches the program. */
static void child(const char *path, int keep, int report)
{
	char *const argv[] = {(char[]){"argv0"}, (char[]){"one"}, NULL};
	extern char **environ;
	int null = open("/dev/null", O_RDWR), error;

	if (null >= 0) {
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
	}
	for (int fd = 3; fd < 1024; fd++)
		if (fd != keep && fd != report)
			close(fd);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		error = EPERM << 16;
	else
		execve(path, argv, environ), error = errno;
	(void)!write(report, &error, sizeof(error));
	_exit(127);
}

static int read_proc(pid_t pid, const char *name, char **ret, size_t *ret_size)
{
	_cleanup_(text_done) struct text path = TEXT_INIT;
	_cleanup_(fd_closep) int fd = -1;

	text_printf(&path, "/proc/%d/%s", (int)pid, name);
	if (path.error)
		return path.error;
	fd = open(path.data, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return fd_read_all(fd, 1 << 20, ret, ret_size);
}

static void take_auxv(const char *data, size_t size, struct probe *probe)
{
	unsigned long pair[2];

	for (size_t at = 0; at + sizeof(pair) <= size; at += sizeof(pair)) {
		memcpy(pair, data + at, sizeof(pair));
		if (pair[0] == AT_EXECFD)
			probe->execfd = pair[1];
		else if (pair[0] == AT_FLAGS)
			probe->at_flags = pair[1];
		else if (pair[0] == AT_SECURE)
			probe->secure = pair[1];
	}
}

static int look_at(pid_t pid, struct probe *probe)
{
	static const char suffix[] = " (deleted)";
	_cleanup_(text_done) struct text path = TEXT_INIT;
	char exe[PATH_MAX + sizeof(suffix)], *data;
	struct stat now;
	ssize_t size;
	size_t n;
	int err;

	text_printf(&path, "/proc/%d/exe", (int)pid);
	if (path.error)
		return path.error;
	size = readlink(path.data, exe, sizeof(exe) - 1);
	if (size < 0 || stat(path.data, &probe->file) < 0)
		return -errno;
	exe[size] = '\0';
	n = sizeof(suffix) - 1;
	if ((size_t)size > n && strcmp(exe + size - n, suffix) == 0)
		exe[size - n] = '\0';
	probe->exe = strdup(exe);
	if (!probe->exe)
		return -ENOMEM;
	probe->deleted = stat(exe, &now) < 0 || now.st_ino != probe->file.st_ino ||
			 now.st_dev != probe->file.st_dev;
	err = read_proc(pid, "cmdline", &probe->arguments, &probe->arguments_size);
	if (err)
		return err;
	err = read_proc(pid, "auxv", &data, &n);
	if (!err) {
		take_auxv(data, n, probe);
		free(data);
	}
	return err;
}

static int wait_for(pid_t pid, int *ret_status)
{
	while (waitpid(pid, ret_status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

static int watch_child(pid_t pid, int report, struct probe *probe)
{
	int status, error, err = wait_for(pid, &status);

	if (err)
		return err;
	if (WIFSTOPPED(status)) {
		err = look_at(pid, probe);
		kill(pid, SIGKILL);
		(void)wait_for(pid, &status);
		return err;
	}
	if (read(report, &error, sizeof(error)) != sizeof(error))
		return -ECHILD;
	if (error >> 16)
		return -EPERM;
	probe->err = -error;
	return 0;
}

static int run(const char *path, int keep, struct probe *ret)
{
	struct probe probe = {.execfd = -1};
	int pipes[2], err;
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	if (pid == 0)
		child(path, keep, pipes[1]);
	close(pipes[1]);
	err = pid < 0 ? -errno : watch_child(pid, pipes[0], &probe);
	close(pipes[0]);
	if (err) {
		probe_done(&probe);
		return err;
	}
	*ret = probe;
	return 0;
}

int probe_run(const char *path, struct probe *ret)
{
	return run(path, -1, ret);
}

/* A file of memory that can be executed by the path of its descriptor. */
static int run_memory(const uint8_t head[RULE_WINDOW_MAX], struct probe *ret)
{
	_cleanup_(text_done) struct text path = TEXT_INIT;
	_cleanup_(fd_closep) int fd = memfd_create("probe", MFD_EXEC), reading = -1;

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("probe", 0);
	if (fd < 0)
		return -errno;
	if (write(fd, head, RULE_WINDOW_MAX) != RULE_WINDOW_MAX || fchmod(fd, 0700) < 0)
		return -EIO;
	text_printf(&path, "/proc/self/fd/%d", fd);
	if (path.error)
		return path.error;
	/* What is open for writing cannot be executed. */
	reading = open(path.data, O_RDONLY);
	if (reading < 0)
		return -errno;
	text_done(&path);
	text_printf(&path, "/proc/self/fd/%d", reading);
	if (path.error)
		return path.error;
	fd_closep(&fd);
	return run(path.data, reading, ret);
}

static int run_file(const uint8_t head[RULE_WINDOW_MAX], const char *extension,
		    struct probe *ret)
{
	char dir[] = "/tmp/binfmtctl-XXXXXX";
	_cleanup_(text_done) struct text path = TEXT_INIT;
	int fd, err = -EIO;

	if (!mkdtemp(dir))
		return -errno;
	text_printf(&path, "%s/probe.%s", dir, extension);
	fd = path.error ? -1
			: open(path.data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
	if (fd >= 0) {
		if (write(fd, head, RULE_WINDOW_MAX) == RULE_WINDOW_MAX)
			err = 0;
		close(fd);
		if (!err)
			err = run(path.data, -1, ret);
		unlink(path.data);
	}
	rmdir(dir);
	return err;
}

int probe_entry(const struct entries *entries, size_t index, struct probe *ret)
{
	const struct rule *rule = &entries->list[index].rule;
	const struct rule **above = calloc(index + 1, sizeof(const struct rule *));
	uint8_t head[RULE_WINDOW_MAX] = "binfmtctl probe\n";
	size_t count = 0;
	int err = 0;

	if (!above)
		return -ENOMEM;
	for (size_t i = 0; !err && i < index; i++) {
		const struct entry *e = &entries->list[i];

		if (!e->enabled || !e->understood || e->rule.type == RULE_BPF)
			continue;
		if (e->rule.type == RULE_MAGIC)
			above[count++] = &e->rule;
		else if (rule->type == RULE_EXTENSION && rule_covers(&e->rule, rule))
			err = -ENOENT;
	}
	if (!err && rule->type == RULE_MAGIC)
		err = rule_sample(rule, above, count, head);
	for (size_t i = 0; !err && rule->type == RULE_EXTENSION && i < count; i++)
		if (rule_matches(above[i], head, sizeof(head), ""))
			err = -ENOENT;
	free(above);
	if (err)
		return err;
	if (rule->type == RULE_EXTENSION)
		return run_file(head, rule->extension, ret);
	return rule->type == RULE_MAGIC ? run_memory(head, ret) : -ENOTSUP;
}

bool probe_is_stale(const struct probe *probe, const struct rule *rule)
{
	struct stat st;

	if (probe->err || rule->type == RULE_BPF)
		return false;
	return stat(rule->interpreter, &st) < 0 || st.st_ino != probe->file.st_ino ||
	       st.st_dev != probe->file.st_dev;
}
