/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Code written at run time: generated, changed in place, moved, unmapped and mapped again.
 * qemu-user 7.2 misses a change through a second mapping.
 * only: arm64
 * quick: yes
 */
#include "guest.h"
#include <sys/mman.h>

typedef u64 function(u64);

static u32 *code;

static void write_code(size_t at, u16 immediate)
{
	code[at] = 0xd2800001 | immediate << 5; /* movz x1, #immediate */
	code[at + 1] = 0x8b010000;              /* add x0, x0, x1 */
	code[at + 2] = 0xd65f03c0;              /* ret */
	__builtin___clear_cache((char *)(code + at), (char *)(code + at + 3));
}

static u64 call(size_t at, u64 v)
{
	return ((function *)(code + at))(v);
}

int main(void)
{
	u64 sum = 0;

	code = mmap(NULL, 16384, PROT_READ | PROT_WRITE | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < 2000; i++) {
		write_code(i % 3 * 1022,
			   i); /* the second and third lie across or near page ends */
		sum = call(i % 3 * 1022, sum);
		if (i % 7 == 0)
			sum = call(i % 3 * 1022, sum);
	}
	printf("%" PRIu64 "\n", sum);
	/* A caller that is linked to its callee, which then changes. */
	write_code(100, 1);
	code[0] = 0xaa1e03e9;             /* mov x9, x30 */
	code[1] = 0x94000000 | (100 - 1); /* bl code + 100 */
	code[2] = 0xaa0903fe;             /* mov x30, x9 */
	code[3] = 0xd65f03c0;             /* ret */
	__builtin___clear_cache((char *)code, (char *)(code + 4));
	SHOW(call(0, 10), call(0, 10));
	write_code(100, 1000);
	SHOW(call(0, 10), call(0, 10));
	/* Written while not executable, then made so. */
	mprotect(code, 4096, PROT_READ | PROT_WRITE);
	write_code(100, 2000);
	mprotect(code, 4096, PROT_READ | PROT_EXEC);
	SHOW(call(0, 10));
	/* Another page in the same place. */
	munmap(code, 4096);
	mmap(code, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	write_code(0, 3000);
	SHOW(call(0, 10));
	/* Moved with mremap: the old code must be gone from the old, present at the new place. */
	u32 *old = code;
	code = mremap(code, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, code + 2 * 1024);
	SHOW(call(0, 10));
	mmap(old, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	code = old;
	write_code(0, 4000);
	SHOW(call(0, 10));
	/* Two mappings of the same memory: written through one, run through the other. */
	int fd = memfd_create("code", 0);
	ftruncate(fd, 4096);
	u32 *w = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	u32 *x = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
	for (u16 i = 1; i < 5; i++) {
		code = w;
		write_code(0, i * 11);
		__builtin___clear_cache((char *)x, (char *)(x + 3));
		code = x;
		printf("%" PRIu64 " ", call(0, 100));
	}
	putchar('\n');
	return 0;
}
