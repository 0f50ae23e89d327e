/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfork, then exec of itself; posix_spawn with attributes and file actions; system-free.
 * qemu-user 7.2 has no vfork: the memory does not change.
 * needs: exec
 */
#include "guest.h"
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv)
{
	int status;
	volatile int changed = 0;
	pid_t pid;

	if (argc > 1) {
		printf("child %s\n", argv[1]);
		return argc;
	}
	fflush(stdout);
	pid = vfork();
	if (pid == 0) {
		changed = 1; /* the parent's memory */
		_exit(5);
	}
	waitpid(pid, &status, 0);
	printf("changed %d status %d\n", changed, WEXITSTATUS(status));
	fflush(stdout);
	for (int i = 0; i < 3; i++) {
		char number[2] = {'0' + i};
		char *args[] = {"self", number, NULL};
		pid = vfork();
		if (pid == 0) {
			execv("/proc/self/exe", args);
			_exit(127);
		}
		waitpid(pid, &status, 0);
		printf("status %d\n", WEXITSTATUS(status));
		fflush(stdout);
	}
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "out", O_CREAT | O_WRONLY, 0600);
	char *args[] = {"self", "spawned", "x", NULL};
	int e = posix_spawn(&pid, "/proc/self/exe", &actions, NULL, args, environ);
	printf("spawn %d", e);
	waitpid(pid, &status, 0);
	printf(" status %d ", WEXITSTATUS(status));
	char b[50] = "";
	read(open("out", O_RDONLY), b, sizeof(b));
	printf("%s", b);
	return 0;
}
