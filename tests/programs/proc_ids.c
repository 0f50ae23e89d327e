/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Identity: pids, groups, sessions, users, priorities, rusage, limits, prctl names.
 */
#include "guest.h"
#include <errno.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/times.h>
#include <unistd.h>

int main(void)
{
	struct rlimit r, q;
	struct rusage ru;
	char name[17] = "";
	struct tms tms;

	SHOW(getpid() > 0, getppid() > 0, getpid() == syscall(SYS_gettid));
	SHOW(getpgrp() == getpgid(0), getsid(0) > 0);
	SHOW(getuid() == geteuid(), getgid() == getegid());
	printf("%d\n", getpriority(PRIO_PROCESS, 0) == nice(0));
	getrlimit(RLIMIT_NOFILE, &r);
	q = (struct rlimit){64, r.rlim_max};
	printf("%d\n", setrlimit(RLIMIT_NOFILE, &q));
	getrlimit(RLIMIT_NOFILE, &q);
	SHOW((int)q.rlim_cur, dup2(0, 64) < 0 ? errno : 0);
	q.rlim_cur = q.rlim_max;
	q.rlim_max = q.rlim_cur / 2;
	printf("%d\n", setrlimit(RLIMIT_NOFILE, &q) < 0 ? errno : 0);
	getrlimit(RLIMIT_STACK, &r);
	printf("%d\n", r.rlim_cur >= 1 << 20);
	SHOW(getrlimit(1000, &r) < 0 ? errno : 0, prlimit(0, RLIMIT_CORE, NULL, &r));
	for (volatile int i = 0; i < 1000000; i++)
		;
	getrusage(RUSAGE_SELF, &ru);
	SHOW(ru.ru_utime.tv_sec * 1000000 + ru.ru_utime.tv_usec + ru.ru_stime.tv_usec >=
		     0,
	     ru.ru_maxrss > 0);
	SHOW(times(&tms) != -1, sysconf(_SC_CLK_TCK) > 0);
	prctl(PR_SET_NAME, "a new name, long");
	prctl(PR_GET_NAME, name);
	printf("%s\n", name);
	SHOW(prctl(PR_GET_DUMPABLE), prctl(PR_SET_PDEATHSIG, 0));
	SHOW(sysconf(_SC_PAGESIZE), sysconf(_SC_OPEN_MAX),
	     sysconf(_SC_NPROCESSORS_ONLN) > 0);
	printf("%ld\n", syscall(9999) < 0 ? errno : 0);
	return 0;
}
