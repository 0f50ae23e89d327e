/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A guest program: pointer authentication with keys on. What it prints does not depend on the
 * keys or on the algorithm (unless a code of 7 bits hits by chance, which it tries again), so
 * that another processor prints the same.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define OP(name)                                                               \
	static uint64_t name(uint64_t p, uint64_t m)                           \
	{                                                                      \
		__asm__ volatile(#name " %0, %1" : "+r"(p) : "r"(m));          \
		return p;                                                      \
	}
OP(pacia) OP(pacib) OP(pacda) OP(pacdb) OP(autia) OP(autib) OP(autda) OP(autdb)

static uint64_t pacga(uint64_t a, uint64_t b)
{
	uint64_t r;

	__asm__ volatile("pacga %0, %1, %2" : "=r"(r) : "r"(a), "r"(b));
	return r;
}

typedef uint64_t op_fn(uint64_t, uint64_t);
static op_fn *const sign[] = { pacia, pacib, pacda, pacdb };
static op_fn *const auth[] = { autia, autib, autda, autdb };

static void values(uint64_t p)
{
	for (unsigned key = 0; key < 4; key++) {
		unsigned failed = 0, kind = 0, changed = 0;
		uint64_t s;

		for (uint64_t m = 0; m < 64; m++) {
			s = sign[key](p, m);
			changed += s != p;
			if (auth[key](s, m) != p)
				printf("key %u: does not authenticate\n", key);
			s = auth[key](s, m + 1);
			failed += s != p;
			if (s != p)
				kind |= 1u << (s >> 53 & 3);
		}
		printf("%llx key %u: %s signed, %s refused, error codes %x\n", (unsigned long long)p,
		       key, changed > 50 ? "most" : "few", failed > 50 ? "most" : "few", kind);
	}
}

static uint64_t strip(uint64_t p, int data)
{
	if (data)
		__asm__("xpacd %0" : "+r"(p));
	else
		__asm__("xpaci %0" : "+r"(p));
	return p;
}

/* The whole life of a return address. */
__attribute__((noinline)) static int returns(void)
{
	uint64_t r;

	__asm__ volatile("stp x29, x30, [sp, #-16]!\n"
			 "adr x30, 1f\n"
			 "paciasp\n"
			 "retaa\n"
			 "brk #1\n"
			 "1: adr x30, 2f\n"
			 "pacibsp\n"
			 "autibsp\n"
			 "ret\n"
			 "brk #1\n"
			 "2: adr x17, 3f\n"
			 "mov x16, #7\n"
			 "pacia1716\n"
			 "braa x17, x16\n"
			 "brk #1\n"
			 "3: adr x17, 4f\n"
			 "pacizb x17\n"
			 "blrabz x17\n"
			 "5: mov %0, #42\n"
			 "b 6f\n"
			 "4: ret\n"
			 "6: ldp x29, x30, [sp], #16\n"
			 : "=r"(r) : : "x16", "x17", "x30", "memory");
	return (int)r;
}

static void loads(void)
{
	static uint64_t data[8] = { 10, 11, 12, 13, 14, 15, 16, 17 };
	uint64_t p = (uint64_t)&data[4], a, b, c, base;

	__asm__ volatile("mov x9, %4\n pacdza x9\n ldraa %0, [x9, #8]\n ldraa %1, [x9, #-16]!\n"
			 "mov %3, x9\n mov x10, %4\n pacdzb x10\n ldrab %2, [x10]\n"
			 : "=&r"(a), "=&r"(b), "=&r"(c), "=&r"(base) : "r"(p) : "x9", "x10", "memory");
	printf("loads %llu %llu %llu, base %lld\n", (unsigned long long)a, (unsigned long long)b,
	       (unsigned long long)c, (long long)(base - p));
}

/* A load through a pointer that was refused: the signal of an address that is none. */
static void refused(void)
{
	pid_t child = fork();
	int status;

	if (!child) {
		static int data;
		uint64_t p = (uint64_t)&data, s;
		uint64_t m = 1;

		do
			s = autda(pacda(p, m), m + 1);
		while (s == p && m++);
		_exit(*(volatile int *)s);
	}
	waitpid(child, &status, 0);
	printf("refused pointer: signal %d\n", WTERMSIG(status));
}

#define PAC(n, a, b, c, d) prctl(n, a, b, c, d)

static void keys(void)
{
	uint64_t old = pacga(1, 2), s[4];
	pid_t child;
	int status, r;

	for (int n = 0; n < 4; n++)
		s[n] = pacda(0x1000, (uint64_t)n);
	child = fork();
	if (!child) {
		int same = pacga(1, 2) == old;

		for (int n = 0; n < 4; n++)
			same += pacda(0x1000, (uint64_t)n) == s[n];
		_exit(same);
	}
	waitpid(child, &status, 0);
	printf("kept by fork: %d\n", WEXITSTATUS(status));
	r = PAC(PR_PAC_RESET_KEYS, PR_PAC_APGAKEY, 0, 0, 0);
	printf("reset %d %d\n", r, pacga(1, 2) == old);
	printf("others stay: %d\n", pacda(0x1000, 3) == s[3]);
	printf("wrong bits %d, rest %d\n", PAC(PR_PAC_RESET_KEYS, 32, 0, 0, 0),
	       PAC(PR_PAC_RESET_KEYS, 1, 1, 0, 0));
}

static void switches(void)
{
	printf("on %x\n", PAC(PR_PAC_GET_ENABLED_KEYS, 0, 0, 0, 0));
	printf("off %d\n", PAC(PR_PAC_SET_ENABLED_KEYS, PR_PAC_APIBKEY | PR_PAC_APDAKEY, PR_PAC_APIBKEY, 0, 0));
	printf("on %x\n", PAC(PR_PAC_GET_ENABLED_KEYS, 0, 0, 0, 0));
	printf("passes %d %d\n", pacda(0x1000, 1) == 0x1000, autda(0x1000, 1) == 0x1000);
	printf("wrong %d %d %d\n", PAC(PR_PAC_SET_ENABLED_KEYS, PR_PAC_APGAKEY, 0, 0, 0),
	       PAC(PR_PAC_SET_ENABLED_KEYS, 1, 2, 0, 0), PAC(PR_PAC_GET_ENABLED_KEYS, 1, 0, 0, 0));
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "mac")) {
		printf("%016llx\n", (unsigned long long)pacga(1, 2));
		return 0;
	}
	values(0x12345678);
	values(0xffff800012345678);
	values(0xab00000012345678);
	printf("strip %llx %llx %llx %llx\n", (unsigned long long)strip(0x7f000012345678, 0),
	       (unsigned long long)strip(0xffff001234567890, 1),
	       (unsigned long long)strip(0xab55123456789abc, 1),
	       (unsigned long long)strip(0xab95123456789abc, 0));
	printf("returns %d\n", returns());
	loads();
	if (argc > 1 && !strcmp(argv[1], "off"))
		return 0;
	refused();
	keys();
	/* QEMU 7.2 does not have these. */
	if (argc > 1 && !strcmp(argv[1], "switches"))
		switches();
	return 0;
}
