/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* execve of itself: arguments, environment, kept and closed descriptors, ignored signals.
 * qemu-user 7.2 turns the order of the environment round.
 * needs: exec
 * quick: yes
 */
#include "guest.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int second(int argc, char **argv)
{
	printf("argc %d:", argc);
	for (int i = 1; i < argc; i++)
		printf(" [%s]", argv[i]);
	printf("\nargv0 %s\n", argv[0]);
	for (char **e = environ; *e; e++)
		if (strncmp(*e, "XLATE_", 6) && strncmp(*e, "QEMU_", 5))
			printf("env %s\n", *e);
	printf("fds %d %d\n", fcntl(20, F_GETFD), fcntl(21, F_GETFD));
	struct sigaction sa;
	sigset_t set;
	sigaction(SIGUSR1, NULL, &sa);
	printf("usr1 ignored %d", sa.sa_handler == SIG_IGN);
	sigaction(SIGUSR2, NULL, &sa);
	printf(" usr2 default %d", sa.sa_handler == SIG_DFL);
	sigprocmask(SIG_SETMASK, NULL, &set);
	printf(" blocked %d %d\n", sigismember(&set, SIGHUP), sigismember(&set, SIGINT));
	return 17;
}

static void handler(int number)
{
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return second(argc, argv);
	char *args[] = {"name of its own", "one", "", "three and four", NULL};
	char *env[] = {
		"A=1", "EMPTY=",
		"LONG=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		NULL};
	int status;

	signal(SIGUSR1, SIG_IGN);
	signal(SIGUSR2, handler);
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	dup2(1, 20);
	dup3(1, 21, O_CLOEXEC);
	printf("before\n");
	fflush(stdout);
	if (!fork()) {
		execve("/proc/self/exe", args, env);
		_exit(127);
	}
	wait(&status);
	printf("status %d\n", WEXITSTATUS(status));
	printf("%d", execve("/nonexistent", args, env) < 0 ? errno : 0);
	printf(" %d", execve("/", args, env) < 0 ? errno : 0);
	close(open("plain", O_CREAT | O_WRONLY, 0644));
	printf(" %d", execve("plain", args, env) < 0 ? errno : 0);
	int fd = open("junk", O_CREAT | O_WRONLY, 0755);
	write(fd, "junk", 4);
	close(fd);
	printf(" %d\n", execve("junk", args, env) < 0 ? errno : 0);
	return 0;
}
