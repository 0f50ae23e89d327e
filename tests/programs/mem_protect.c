/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* mprotect: allowed and forbidden accesses seen through a handler; access to the gap.
 */
#include "guest.h"
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>

static sigjmp_buf back;
static char *base;

static void handler(int number, siginfo_t *info, void *context)
{
	printf("signal %d code %d at %ld; ", number, info->si_code,
	       (long)((char *)info->si_addr - base));
	siglongjmp(back, 1);
}

static void try_read(long at)
{
	if (!sigsetjmp(back, 1))
		printf("read %d\n", *(volatile char *)(base + at));
	else
		printf("read refused\n");
}

static void try_write(long at)
{
	if (!sigsetjmp(back, 1)) {
		*(volatile char *)(base + at) = 7;
		printf("written\n");
	} else {
		printf("write refused\n");
	}
}

int main(void)
{
	struct sigaction sa = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};

	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGBUS, &sa, NULL);
	base = mmap(NULL, 5 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		    -1, 0);
	try_write(0), try_read(4096);
	mprotect(base + 4096, 4096, PROT_READ);
	try_write(4097), try_read(4097), try_write(4095), try_write(8192);
	mprotect(base + 4096, 4096, PROT_NONE);
	try_read(4100);
	mprotect(base + 4096, 4096, PROT_READ | PROT_WRITE);
	try_write(4100), try_read(4100);
	munmap(base + 8192, 4096);
	try_read(8192), try_write(3 * 4096 - 1), try_read(3 * 4096);
	printf("%d\n", mprotect(base + 8192, 4096, PROT_READ) < 0 ? errno : 0);
	printf("%d\n", mprotect(base + 1, 4096, PROT_READ) < 0 ? errno : 0);
	FILE *f = tmpfile();
	fputs("short", f), fflush(f);
	base = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fileno(f), 0);
	try_read(0), try_read(100), try_read(4096), try_write(0);
	return 0;
}
