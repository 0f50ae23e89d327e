/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posix_spawn, exec and wait failures: the right errno without any program run.
 * qemu-user 7.2 reports success: its vfork is a fork.
 */
#include "guest.h"
#include <errno.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	char *args[] = {"x", NULL};
	pid_t pid = -7;

	printf("%d",
	       posix_spawn(&pid, "/nonexistent/program", NULL, NULL, args, args + 1));
	printf(" %d", posix_spawn(&pid, "/", NULL, NULL, args, args + 1));
	printf(" %d",
	       posix_spawnp(&pid, "no-such-program-at-all", NULL, NULL, args, args + 1));
	printf(" %d\n", posix_spawn(&pid, "/dev/null", NULL, NULL, args, args + 1));
	SHOW(execlp("no-such-program-at-all", "x", NULL), errno);
	printf("%d", waitpid(-1, NULL, 0));
	printf(" %d\n", errno);
	printf("%d", waitpid(getpid(), NULL, 0));
	printf(" %d\n", errno);
	return 0;
}
