/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* userfaultfd: pages that a thread supplies to what is read, written, executed and passed to
 * calls; write protection, SIGBUS, and events.
 * flags: -pthread
 */
#include "guest.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define P     4096ul
#define PAGES 8
#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif

static int fd;
static bool limited; /* the kernel's own accesses find nothing */
static char *area;
static volatile int faults, protects, removes, unmaps, remaps, forks;
static char page[P] __attribute__((aligned(4096)));

static const char *error(long r)
{
	return r == -1 ? strerrorname_np(errno) : "ok";
}

static const char *name_of(unsigned long address)
{
	static char text[32];

	snprintf(text, sizeof(text), "%ld+%lx",
		 (long)(address - (unsigned long)area) / (long)P, address % P);
	return text;
}

/* A function that returns 42. */
static void make_code(void)
{
#ifdef __aarch64__
	((u32 *)page)[0] = 0x52800540;
	((u32 *)page)[1] = 0xd65f03c0;
#else
	memcpy(page, "\xb8\x2a\0\0\0\xc3", 6);
#endif
}

static void *supply(void *arg)
{
	struct uffd_msg m;

	while (read(fd, &m, sizeof(m)) == sizeof(m)) {
		struct uffdio_copy copy = {.src = (unsigned long)page, .len = P};
		struct uffdio_writeprotect wp = {.range.len = P};

		switch (m.event) {
		case UFFD_EVENT_PAGEFAULT:
			if (m.arg.pagefault.flags & UFFD_PAGEFAULT_FLAG_WP) {
				protects++;
				wp.range.start = m.arg.pagefault.address & -P;
				ioctl(fd, UFFDIO_WRITEPROTECT, &wp);
				break;
			}
			faults++;
			snprintf(page + 64, 64, "page %ld%s",
				 (long)(m.arg.pagefault.address - (unsigned long)area) /
					 (long)P,
				 m.arg.pagefault.flags & UFFD_PAGEFAULT_FLAG_WRITE
					 ? " for writing"
					 : "");
			copy.dst = m.arg.pagefault.address & -P;
			ioctl(fd, UFFDIO_COPY, &copy);
			break;
		case UFFD_EVENT_REMOVE: removes++; break;
		case UFFD_EVENT_UNMAP: unmaps++; break;
		case UFFD_EVENT_REMAP: remaps++; break;
		case UFFD_EVENT_FORK:
			forks++;
			close((int)m.arg.fork.ufd);
			break;
		}
	}
	return NULL;
}

static long open_it(u64 features, int mode, int prot)
{
	struct uffdio_api api = {.api = UFFD_API, .features = features};
	struct uffdio_register reg = {.mode = mode};
	long r;

	fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	limited = fd < 0;
	if (limited)
		fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
	if (fd < 0)
		return -1;
	r = ioctl(fd, UFFDIO_API, &api);
	area = mmap(NULL, 2 * PAGES * P, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	reg.range.start = (unsigned long)area;
	reg.range.len = PAGES * P;
	return r < 0 ? r : ioctl(fd, UFFDIO_REGISTER, &reg);
}

static sigjmp_buf back;
static siginfo_t seen;

static void on_fault(int signo, siginfo_t *info, void *context)
{
	seen = *info;
	siglongjmp(back, signo);
}

static void with_thread(void)
{
	int p[2], r;
	pthread_t t;
	struct uffdio_writeprotect wp = {.mode = UFFDIO_WRITEPROTECT_MODE_WP};
	struct uffdio_zeropage zero = {0};
	struct uffdio_copy copy = {.src = (unsigned long)page, .len = P};

	printf("open: %s\n",
	       error(open_it(UFFD_FEATURE_EVENT_REMOVE | UFFD_FEATURE_EVENT_UNMAP |
				     UFFD_FEATURE_EVENT_REMAP,
			     UFFDIO_REGISTER_MODE_MISSING | UFFDIO_REGISTER_MODE_WP,
			     PROT_READ | PROT_WRITE | PROT_EXEC)));
	make_code();
	if (fd < 0)
		return;
	pthread_create(&t, NULL, supply, NULL);
	/* Code first: what supplies it has not run yet. */
	r = ((int (*)(void))(void *)area)();
	printf("executed: %d %s, %d faults\n", r, area + 64, faults);
	r = area[P + 64];
	printf("read: %c %s, %d\n", r, area + P + 64, faults);
	area[2 * P] = 1;
	printf("written: %s, %d\n", area + 2 * P + 64, faults);
	printf("atomic: %d",
	       __atomic_fetch_add((u32 *)(area + 3 * P + 64), 1, __ATOMIC_SEQ_CST) != 0);
	printf(" %s, %d\n", area + 3 * P + 65, faults);
	if (!limited) {
		pipe(p);
		write(p[1], "0123456789", 10);
		printf("call: %s", error(read(p[0], area + 5 * P - 4, 8)));
		printf(" %.8s %s, %d\n", area + 5 * P - 4, area + 5 * P + 64, faults);
		/* A structure that a translator writes itself. */
		printf("sigaction: %s",
		       error(syscall(SYS_rt_sigaction, SIGUSR2, NULL, area + 6 * P, 8)));
		printf(", %d\n", faults);
	}
	zero.range.start = (unsigned long)area + 7 * P;
	zero.range.len = P;
	printf("zero page: %s", error(ioctl(fd, UFFDIO_ZEROPAGE, &zero)));
	printf(" %d, %d faults\n", area[7 * P], faults);
	copy.dst = (unsigned long)area + 7 * P;
	printf("copy again: %s\n", error(ioctl(fd, UFFDIO_COPY, &copy)));
	wp.range.start = (unsigned long)area;
	wp.range.len = 2 * P;
	printf("protect: %s", error(ioctl(fd, UFFDIO_WRITEPROTECT, &wp)));
	area[P] = 5;
	((volatile u32 *)area)[1] = ((volatile u32 *)area)[1];
	printf(" %d\n", protects);
	__builtin___clear_cache(area, area + 64);
	printf("executed: %d\n", ((int (*)(void))(void *)area)());
	/* Gone, and there again. */
	printf("DONTNEED: %s", error(madvise(area, P, MADV_DONTNEED)));
	__builtin___clear_cache(area, area + 64);
	printf(" %d", ((int (*)(void))(void *)area)());
	printf(" %s, %d faults, %d removes\n", area + 64, faults, removes);
	printf("mremap: %s",
	       error((long)mremap(area + 4 * P, P, P, MREMAP_MAYMOVE | MREMAP_FIXED,
				  area + (PAGES + 2) * P)));
	printf(" munmap %s", error(munmap(area + 5 * P, P)));
	while (!unmaps || !remaps)
		usleep(1000);
	printf(" %d %d\n", unmaps > 0, remaps);
	pthread_cancel(t);
	pthread_join(t, NULL);
	close(fd);
}

static void with_signal(void)
{
	struct sigaction sa = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
	struct uffdio_copy copy = {.src = (unsigned long)page, .len = P};
	int signo;

	sigaction(SIGBUS, &sa, NULL);
	printf("SIGBUS: %s",
	       error(open_it(UFFD_FEATURE_SIGBUS, UFFDIO_REGISTER_MODE_MISSING,
			     PROT_READ | PROT_WRITE | PROT_EXEC)));
	if (fd < 0)
		return;
	for (int i = 0; i < 4; i++) {
		signo = sigsetjmp(back, 1);
		if (!signo) {
			if (i == 0)
				((volatile char *)area)[100];
			else if (i == 1)
				((volatile char *)area)[P + 200] = 1;
			else if (i == 2)
				((void (*)(void))(void *)(area + 2 * P))();
			else
				printf(" call %s", error(write(1, area + 3 * P, 1)));
			continue;
		}
		printf(" %d code %d %s", signo, seen.si_code,
		       name_of((unsigned long)seen.si_addr));
	}
	copy.dst = (unsigned long)area + 2 * P;
	printf(" copy %s", error(ioctl(fd, UFFDIO_COPY, &copy)));
	printf(" %d\n", ((int (*)(void))(void *)(area + 2 * P))());
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	with_thread();
	with_signal();
	return 0;
}
