/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An automount that nothing has used yet is seen and neither triggered nor covered. Needs real
 * root, since only it may mount autofs; all happens in a mount namespace of the test's own.
 */
#include <linux/auto_fs.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/lib/unit.h"

#include "common/macro.h"

#include "binfmtctl/host.h"
#include "binfmtctl/kernel.h"

/* A direct automount at @path whose requests can be read from @ret_pipe. */
static int mount_automount(const char *path, int *ret_pipe)
{
	char options[128];
	int pipes[2];

	if (unshare(CLONE_NEWNS) < 0 ||
	    mount("none", "/", "none", MS_PRIVATE | MS_REC, NULL) < 0)
		return -errno;
	assert_int_equal(pipe(pipes), 0);
	snprintf(options, sizeof(options), "fd=%d,pgrp=%d,minproto=5,maxproto=5,direct",
		 pipes[1], getpgrp());
	if (mount("test", path, "autofs", 0, options) < 0)
		return -errno;
	close(pipes[1]);
	*ret_pipe = pipes[0];
	return 0;
}

static bool was_triggered(int pipe)
{
	struct pollfd p = {.fd = pipe, .events = POLLIN};

	return poll(&p, 1, 0) > 0 && p.revents & POLLIN;
}

/* In a process group of its own: accesses of the daemon's group never trigger anything. */
static int in_child(int (*what)(const char *path), const char *path)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		setpgid(0, 0);
		alarm(20);
		_exit(what(path));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int look(const char *path)
{
	struct host host;
	int fd = -1;

	if (kernel_open(AT_FDCWD, path, &fd) != -EAGAIN || fd != -1)
		return 1;
	if (host_detect(path, &host) || host.mount != HOST_AUTOMOUNT)
		return 2;
	host_done(&host);
	return 0;
}

/* The program itself, with each verb that only looks; what it must say, or NULL. */
static int run_verb(const char *path, const char *const *verb, int want, const char *say)
{
	const char *top = getenv("top_builddir"), *argv[12] = {NULL, "-m", path};
	char program[4096], output[65536];
	int pipes[2], status;
	size_t size = 0;
	ssize_t n;
	pid_t pid;

	snprintf(program, sizeof(program), "%s/binfmtctl/binfmtctl", top ? top : ".");
	argv[0] = program;
	for (size_t i = 0; verb[i]; i++)
		argv[3 + i] = verb[i];
	assert_int_equal(pipe(pipes), 0);
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		dup2(pipes[1], STDOUT_FILENO);
		dup2(pipes[1], STDERR_FILENO);
		close(pipes[0]);
		alarm(60);
		execv(program, (char **)argv);
		_exit(127);
	}
	close(pipes[1]);
	while ((n = read(pipes[0], output + size, sizeof(output) - 1 - size)) > 0)
		size += n;
	output[size] = '\0';
	close(pipes[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return -ENOENT;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != want ||
	    (say && !strstr(output, say)))
		fail_msg("%s: status %x\n%s", verb[0], status, output);
	return 0;
}

static void look_with_verbs(const char *path, int pipe)
{
	static const struct {
		const char *verb[4];
		int want;
		const char *say;
	} rows[] = {
		{{"list"}, 6, "automount"},
		{{"show", "x"}, 6, "automount"},
		{{"status"}, 6, "automount"},
		{{"diff"}, 6, "automount"},
		{{"save"}, 6, "automount"},
		{{"disable", "x"}, 6, "automount"},
		{{"unregister", "x"}, 6, "automount"},
		{{"-n", "register", ":x:E::x::/bin/true:"}, 6, "automount"},
		{{"--no-mount", "register", ":x:E::x::/bin/true:"}, 6, "automount"},
		{{"host"}, 0, "automount"},
		{{"match", "/bin/true"}, 3, "automount"},
		{{"why", "/bin/true"}, 0, "automount"},
		{{"audit", "--no-probe", "--check=D06"}, 0, "D06"},
		{{"doctor"}, 9, "D06"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (run_verb(path, rows[i].verb, rows[i].want, rows[i].say)) {
			printf("# SKIP the verbs: no binfmtctl below $top_builddir\n");
			return;
		}
		if (was_triggered(pipe))
			fail_msg("%s triggers the automount", rows[i].verb[0]);
	}
}

static int trigger(const char *path)
{
	int fd = -1;

	return kernel_open_trigger(AT_FDCWD, path, &fd) == -EAGAIN ? 0 : 1;
}

static void test_automount(void **state)
{
	struct autofs_v5_packet packet;
	char path[64];
	int dir, daemon, pipe = -1, err, status;
	pid_t pid;

	(void)state;
	dir = unit_temp_dir(path);
	err = mount_automount(path, &pipe);
	if (err) {
		close(dir);
		rmdir(path);
		printf("# SKIP no automount can be mounted (%s): needs root\n",
		       strerror(-err));
		skip();
	}
	assert_int_equal(in_child(look, path), 0);
	assert_false(was_triggered(pipe));
	look_with_verbs(path, pipe);
	/* Deliberately triggered, a request comes; the daemon lets it fail. */
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		alarm(20);
		_exit(trigger(path));
	}
	assert_true(read(pipe, &packet, sizeof(packet)) > 0);
	daemon = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(daemon >= 0);
	assert_int_equal(ioctl(daemon, AUTOFS_IOC_FAIL, packet.wait_queue_token), 0);
	close(daemon);
	close(pipe);
	umount2(path, MNT_DETACH);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	close(dir);
	rmdir(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_automount),
	};

	return cmocka_run_group_tests_name("binfmtctl/automount", tests, NULL, NULL);
}
