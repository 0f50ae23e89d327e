/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* getrandom, memfd, isatty, realpath, getcpu, sysinfo, sched, ioctl on files, shared memory.
 */
#include "guest.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <termios.h>
#include <unistd.h>

int main(void)
{
	u8 a[300] = {0}, b[300] = {0};
	struct termios t;
	struct winsize w;
	struct sysinfo si;

	printf("%zd %zd", getrandom(a, 300, 0), getrandom(b, 256, GRND_NONBLOCK));
	printf(" %d %d\n", memcmp(a, b, 256) != 0, getentropy(a, 16));
	int m = memfd_create("name", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	write(m, "memory", 6);
	fcntl(m, F_ADD_SEALS, F_SEAL_WRITE);
	SHOW(fcntl(m, F_GET_SEALS), write(m, "x", 1), errno);
	SHOW(isatty(0), isatty(m), errno);
	SHOW(tcgetattr(m, &t), ioctl(m, TIOCGWINSZ, &w) < 0 ? errno : 0);
	mkdir("d", 0700);
	symlink("d/../d", "l");
	char *r = realpath("l/.././l", NULL);
	printf("%s %d\n", strrchr(r, '/'), realpath("none/x", NULL) == NULL);
	unsigned cpu = 99999;
	SHOW(getcpu(&cpu, NULL), cpu < 99999);
	SHOW(sysinfo(&si), si.totalram > 0);
	cpu_set_t set;
	SHOW(sched_getaffinity(0, sizeof(set), &set), CPU_COUNT(&set) > 0);
	SHOW(sched_yield(), sched_getscheduler(0));
	int id = shmget(IPC_PRIVATE, 10000, IPC_CREAT | 0600);
	char *p = shmat(id, NULL, 0);
	struct shmid_ds ds;
	strcpy(p + 9000, "shared");
	printf("%d", shmctl(id, IPC_STAT, &ds));
	printf(" %zu %d %s\n", ds.shm_segsz, (int)ds.shm_nattch, p + 9000);
	SHOW(shmdt(p), shmctl(id, IPC_RMID, NULL));
	char host[100];
	SHOW(gethostname(host, sizeof(host)), host[0] != 0);
	int tmp = mkstemp(strcpy((char *)a, "tmpXXXXXX"));
	SHOW(tmp > 0, strncmp((char *)a, "tmp", 3));
	return 0;
}
