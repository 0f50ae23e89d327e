/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fork, wait, waitpid, waitid: statuses, signals, orphans' pipes, copied memory.
 * quick: yes
 */
#include "guest.h"
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static int shared_value = 1;
static sigset_t usr1;

static pid_t child(int what)
{
	fflush(stdout);
	pid_t pid = fork();

	if (pid)
		return pid;
	shared_value = 100 + what;
	switch (what) {
	case 0: _exit(0);
	case 1: _exit(42);
	case 2: raise(SIGTERM); break;
	case 3:
		/* stays until the parent has seen that it continued */
		raise(SIGSTOP);
		sigwait(&usr1, &(int){0});
		_exit(3);
	case 4: abort();
	case 5: *(volatile int *)8 = 1; break;
	case 6: _exit(fork() == 0 ? 1 : 66);
	}
	_exit(99);
}

int main(void)
{
	int status;

	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, NULL);
	for (int what = 0; what < 7; what++) {
		pid_t pid = child(what), got;
		struct rusage ru;
		if (what == 3) {
			got = waitpid(pid, &status, WUNTRACED);
			printf("stopped %d %d\n", WIFSTOPPED(status), WSTOPSIG(status));
			kill(pid, SIGCONT);
			waitpid(pid, &status, WCONTINUED);
			printf("continued %d\n", WIFCONTINUED(status));
			kill(pid, SIGUSR1);
		}
		got = wait4(pid, &status, 0, &ru);
		printf("%d: %d exited %d status %d signalled %d by %d; %d\n", what,
		       got == pid, WIFEXITED(status), WEXITSTATUS(status),
		       WIFSIGNALED(status), WIFSIGNALED(status) ? WTERMSIG(status) : 0,
		       shared_value);
	}
	SHOW(wait(&status) < 0, errno == ECHILD);
	pid_t pid = child(1);
	siginfo_t si;
	waitid(P_PID, pid, &si, WEXITED | WNOWAIT);
	SHOW(si.si_code == CLD_EXITED, si.si_status, si.si_pid == pid);
	waitpid(pid, &status, 0);
	printf("%d\n", WEXITSTATUS(status));
	int p[2];
	pipe(p);
	fflush(stdout);
	if (!fork()) {
		pid_t parent = getppid();
		close(p[0]);
		write(p[1], &parent, sizeof(parent));
		_exit(0);
	}
	close(p[1]);
	pid_t said = 0;
	read(p[0], &said, sizeof(said));
	SHOW(said == getpid(), read(p[0], &said, 1));
	wait(NULL);
	return 0;
}
