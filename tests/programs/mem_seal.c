/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* mseal: what it refuses and what it lets pass. */
#include "guest.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define P     4096
#define MSEAL 462

static const char *error(long r)
{
	return r == -1 ? strerrorname_np(errno) : "ok";
}

static long seal(void *p, size_t length, unsigned long flags)
{
	return syscall(MSEAL, p, length, flags);
}

static void refused(char *p, size_t n)
{
	printf(" munmap %s", error(munmap(p, n)));
	printf(" mprotect %s", error(mprotect(p, n, PROT_READ)));
	printf(" mprotect RX %s", error(mprotect(p, n, PROT_READ | PROT_EXEC)));
	printf(" mremap %s", error((long)mremap(p, n, 3 * n, MREMAP_MAYMOVE)));
	printf(" mmap %s",
	       error((long)mmap(p, n, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
				-1, 0)));
	printf(" mremap onto %s",
	       error((long)mremap(mmap(NULL, n, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), n,
				  n, MREMAP_MAYMOVE | MREMAP_FIXED, p)));
	printf(" DONTNEED %s", error(madvise(p, n, MADV_DONTNEED)));
	printf(" FREE %s", error(madvise(p, n, MADV_FREE)));
	printf(" WILLNEED %s", error(madvise(p, n, MADV_WILLNEED)));
	printf(" mlock %s", error(mlock(p, n)));
	printf(" munlock %s", error(munlock(p, n)));
	printf(" pkey %s\n", error(syscall(SYS_pkey_mprotect, p, n, PROT_READ, -1)));
}

static void *around(size_t n, int prot)
{
	return mmap(NULL, n, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int main(void)
{
	char *p = around(8 * P, PROT_READ | PROT_WRITE), *x, *top;
	int status, fd;
	pid_t pid;

	printf("arguments: %s", error(seal(p + 1, P, 0)));
	printf(" %s", error(seal(p, P, 1)));
	printf(" %s", error(seal(p, 0, 0)));
	munmap(p + 7 * P, P);
	printf(" hole %s", error(seal(p + 5 * P, 3 * P, 0)));
	printf(" none of it %s", error(mprotect(p + 5 * P, P, PROT_READ)));
	printf(" over the end %s\n", error(seal(p, -(size_t)P, 0)));
	strcpy(p + 2 * P, "kept");
	printf("seal: %s again %s\n", error(seal(p + 2 * P, 2 * P, 0)),
	       error(seal(p + 2 * P, P, 0)));
	printf("whole:");
	refused(p + 2 * P, 2 * P);
	printf("a part:");
	refused(p + 3 * P, P);
	printf("more than it:");
	refused(p, 7 * P);
	printf("%s\n", p + 2 * P);
	p[3 * P] = 1;
	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(munmap(p + 2 * P, P) ? errno : 0);
	waitpid(pid, &status, 0);
	printf("in a child: %d\n", WEXITSTATUS(status));
	printf("beside it: %s %s\n", error(munmap(p, 2 * P)),
	       error(munmap(p + 4 * P, 3 * P)));
	/* Read-only: what would lose data is refused, but not for a file's pages. */
	p = around(2 * P, PROT_READ);
	seal(p, 2 * P, 0);
	printf("read-only: DONTNEED %s", error(madvise(p, P, MADV_DONTNEED)));
	fd = open("/proc/self/exe", O_RDONLY);
	x = mmap(NULL, P, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	seal(x, P, 0);
	printf(" file %s", error(madvise(x, P, MADV_DONTNEED)));
	printf(" %s", error(mprotect(x, P, PROT_READ | PROT_WRITE)));
	printf(" %s\n", error(munmap(x, P)));
	/* The heap's end. */
	top = sbrk(0);
	top = (char *)(((uintptr_t)top + P - 1) & -(uintptr_t)P);
	if (brk(top + 4 * P) == 0) {
		printf("brk: seal %s", error(seal(top, 2 * P, 0)));
		printf(" below %s", error(brk(top)));
		printf(" stays %d", (char *)sbrk(0) == top + 4 * P);
		printf(" partly %s", error(brk(top + 2 * P)));
		printf(" up %s\n", error(brk(top + 6 * P)));
	}
	return 0;
}
