/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PR_SET_MDWE: what it refuses, that it cannot be taken back, fork and execve. */
#include "guest.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#define SET 65
#define GET 66
#define R PROT_READ
#define W PROT_WRITE
#define X PROT_EXEC

static void result(const char *name, long r)
{
	printf("%s: %s\n", name, r == -1 ? strerrorname_np(errno) : "ok");
	fflush(stdout);
}

static char *map(int prot, int flags, int fd)
{
	return mmap(NULL, 8192, prot, MAP_PRIVATE | flags, fd, 0);
}

static void refusals(void)
{
	char *rx = map(R | X, MAP_ANONYMOUS, -1), *rw = map(R | W, MAP_ANONYMOUS, -1), *p;
	int id = shmget(IPC_PRIVATE, 8192, 0700);

	result("map RX", (long)rx);
	result("map RWX", (long)map(R | W | X, MAP_ANONYMOUS, -1));
	result("map WX", (long)map(W | X, MAP_ANONYMOUS, -1));
	result("map RWX, no such file", (long)map(R | W | X, 0, -1));
	result("map RWX over another", (long)mmap(rw, 4096, R | W | X, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	rw[0] = 1;
	result("map no length", (long)mmap(NULL, 0, R | W | X, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	result("RX stays RX", mprotect(rx, 8192, R | X));
	result("RX to R", mprotect(rx, 4096, R));
	result("R to RX, which it was", mprotect(rx, 4096, R | X));
	result("half RX", mprotect(rx, 8192, R | X));
	result("the other half", mprotect(rx + 4096, 4096, X));
	result("RX to RWX", mprotect(rx + 4096, 4096, R | W | X));
	result("RW to RX", mprotect(rw, 8192, R | X));
	result("RW to RWX", mprotect(rw, 8192, R | W | X));
	result("RW to R", mprotect(rw, 8192, R));
	result("nothing to RX", mprotect(rw, 0, R | X));
	munmap(rw, 8192);
	result("unmapped to RX", mprotect(rw, 4096, R | X));
	p = shmat(id, NULL, SHM_EXEC);
	result("shm, executable", (long)p);
	p = shmat(id, NULL, SHM_EXEC | SHM_RDONLY);
	result("shm, executable, for reading", (long)p);
	p = shmat(id, NULL, 0);
	result("shm", (long)p);
	shmctl(id, IPC_RMID, NULL);
}

static void inherited(const char *self, int bits)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		printf("set %d: %ld\n", bits, (long)prctl(SET, bits, 0, 0, 0));
		fflush(stdout);
		pid = fork();
		if (!pid) {
			printf("  forked: %d\n", prctl(GET, 0, 0, 0, 0));
			result("  RWX", (long)map(R | W | X, MAP_ANONYMOUS, -1));
			exit(0);
		}
		waitpid(pid, &status, 0);
		execl("/proc/self/exe", self, "executed", (char *)0);
		exit(1);
	}
	waitpid(pid, &status, 0);
	printf("status %x\n", status);
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		printf("  executed: %d %s\n", prctl(GET, 0, 0, 0, 0), argv[0] == strstr(argv[0], "self") ? "self" : "?");
		result("  RWX", (long)map(R | W | X, MAP_ANONYMOUS, -1));
		return 3;
	}
	if (prctl(GET, 0, 0, 0, 0) < 0) {
		printf("not there\n");
		return 0;
	}
	result("get with an argument", prctl(GET, 1, 0, 0, 0));
	result("set unknown", prctl(SET, 4, 0, 0, 0));
	result("set only the second", prctl(SET, 2, 0, 0, 0));
	result("set with an argument", prctl(SET, 1, 1, 0, 0));
	inherited("self", 1);
	inherited("self", 3);
	printf("%d\n", prctl(GET, 0, 0, 0, 0));
	result("set", prctl(SET, 1, 0, 0, 0));
	result("again", prctl(SET, 1, 0, 0, 0));
	result("another", prctl(SET, 3, 0, 0, 0));
	result("back", prctl(SET, 0, 0, 0, 0));
	printf("%d\n", prctl(GET, 0, 0, 0, 0));
	refusals();
	return 0;
}
