/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Code that is written at one address and run at another: every way to have memory twice, and
 * the change said at the writer's address only. qemu-user 7.2 misses all of it.
 * only: arm64
 * quick: yes
 */
#include "guest.h"
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>

#define PAGE 4096
#define WORDS (PAGE / 4)

typedef u64 function(void);

static void put(u32 *w, u16 value)
{
	w[0] = 0xd2800000 | value << 5; /* movz x0, #value */
	w[1] = 0xd65f03c0;		/* ret */
}

static void flush(u32 *w)
{
	__builtin___clear_cache((char *)w, (char *)(w + 2));
}

static u64 run(u32 *x)
{
	return ((function *)x)();
}

/* Writes at w, says so at w, runs at x. */
static void check(const char *name, u32 *w, u32 *x)
{
	u64 sum = 0;

	if (w == MAP_FAILED || x == MAP_FAILED) {
		printf("%s: cannot be mapped\n", name);
		return;
	}
	for (u16 i = 1; i <= 50; i++) {
		put(w, i);
		flush(w);
		sum += run(x);
	}
	printf("%s: %" PRIu64 "\n", name, sum);
}

static u32 *map(int fd, int prot, off_t offset, size_t size)
{
	return mmap(NULL, size, prot, MAP_SHARED, fd, offset);
}

int main(void)
{
	int rw = PROT_READ | PROT_WRITE, rx = PROT_READ | PROT_EXEC;
	int fd = memfd_create("code", 0), status;
	u32 *w, *x, *y;

	ftruncate(fd, 8 * PAGE);
	w = map(fd, rw, 0, 4 * PAGE);
	x = map(fd, rx, 0, 4 * PAGE);
	check("memfd", w, x);
	check("memfd, another page", w + 2 * WORDS + 100, x + 2 * WORDS + 100);
	y = map(fd, rx, 2 * PAGE, PAGE);
	check("another offset", w + 2 * WORDS, y);
	check("three times", w + 2 * WORDS + 8, x + 2 * WORDS + 8);
	check("writable and executable", y = map(fd, rw | PROT_EXEC, 3 * PAGE, PAGE),
	      x + 3 * WORDS);
	check("private mapping of the file",
	      w + WORDS, mmap(NULL, PAGE, rx, MAP_PRIVATE, fd, PAGE));
	x = map(fd, PROT_READ, 4 * PAGE, PAGE);
	mprotect(x, PAGE, rx);
	check("executable later", map(fd, rw, 4 * PAGE, PAGE), x);

	/* Half of the writer's mapping is something else now. */
	mmap(w + WORDS, PAGE, rw, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	x = map(fd, rx, 0, 4 * PAGE);
	check("before a hole", w, x);
	check("behind a hole", w + 2 * WORDS, x + 2 * WORDS);

	/* Moved and copied with mremap. */
	w = map(fd, rw, 5 * PAGE, PAGE);
	x = map(fd, rx, 5 * PAGE, PAGE);
	check("before the move", w, x);
	y = mremap(x, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		   mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	check("moved", w, y);
	check("copied by mremap", mremap(w, 0, PAGE, MREMAP_MAYMOVE), y);
	w = mmap(NULL, PAGE, rw | PROT_EXEC, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	x = mremap(w, 0, PAGE, MREMAP_MAYMOVE);
	check("anonymous, copied by mremap", w, x);

	/* System V. */
	int id = shmget(IPC_PRIVATE, 2 * PAGE, IPC_CREAT | 0700);
	w = shmat(id, NULL, 0);
	x = shmat(id, NULL, SHM_EXEC | SHM_RDONLY);
	shmctl(id, IPC_RMID, NULL);
	check("shmat", w, x);
	check("shmat, second page", w + WORDS, x + WORDS);
	printf("%d\n", shmdt(w));

	/* A child has both mappings, too. */
	w = map(fd, rw, 6 * PAGE, PAGE);
	x = map(fd, rx, 6 * PAGE, PAGE);
	put(w, 7);
	flush(w);
	printf("parent %" PRIu64 "\n", run(x));
	fflush(stdout);
	if (!fork()) {
		check("child", w, x);
		fflush(stdout);
		_exit(3);
	}
	wait(&status);
	printf("%d\n", WEXITSTATUS(status));

	/* The writer relies on the mapping to go away. */
	u64 sum = 0;
	for (u16 i = 1; i <= 20; i++) {
		w = map(fd, rw, 6 * PAGE, PAGE);
		put(w, i);
		munmap(w, PAGE);
		sum += run(x);
	}
	printf("unmapped: %" PRIu64 "\n", sum);
	w = map(fd, PROT_READ, 6 * PAGE, PAGE);
	for (u16 i = 1; i <= 20; i++) {
		mprotect(w, PAGE, rw);
		put(w, i);
		mprotect(w, PAGE, PROT_READ);
		sum += run(x);
	}
	printf("protected: %" PRIu64 "\n", sum);

	/* One and the same address becomes another page of the file. */
	w = map(fd, rw, 0, 8 * PAGE);
	x = mmap(NULL, PAGE, rx, MAP_SHARED, fd, 0);
	for (u16 i = 0; i < 8; i++)
		put(w + i * WORDS, 100 + i);
	sum = 0;
	for (int i = 0; i < 8; i++) {
		mmap(x, PAGE, rx, MAP_SHARED | MAP_FIXED, fd, i * PAGE);
		sum = sum * 10 + run(x) - 100;
	}
	printf("moved window: %" PRIu64 "\n", sum);
	return 0;
}
