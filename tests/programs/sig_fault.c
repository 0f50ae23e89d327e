/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Faults with SA_SIGINFO: code and address, repaired by the handler and resumed; registers
 * and memory of before the faulting access are intact.
 * levels: O0
 * quick: yes
 */
#include "guest.h"
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>

static char *area;
static volatile int faults;
static sigjmp_buf out;

static void repair(int number, siginfo_t *info, void *context)
{
	long at = (char *)info->si_addr - area;

	faults++;
	if (at < 0 || at >= 16 * 4096) {
		printf("signal %d code %d address %p\n", number, info->si_code,
		       info->si_addr);
		siglongjmp(out, 1);
	}
	printf("fault at page %ld code %d\n", at / 4096, info->si_code);
	mprotect(area + at / 4096 * 4096, 4096, PROT_READ | PROT_WRITE);
}

static NOINLINE u64 sum_all(void)
{
	u64 a = 1, b = 2, c = 3, d = 4, e = 5, f = 6;

	for (int i = 0; i < 16; i++) {
		a += b * 3, b ^= c << 1, c -= d, d += e, e ^= f >> 1, f += a;
		area[i * 4096 + 17] += i;
		*(u64 *)(area + i * 4096 + 64) = a + f;
		a ^= *(u64 *)(area + i * 4096 + 64) * d;
	}
	return mix(mix(a, b), mix(c, d)) ^ mix(e, f);
}

static NOINLINE double sum_doubles(void)
{
	double s = 1.5, t = 2.5;

	for (int i = 0; i < 16; i++) {
		s = s * 1.25 + t;
		((double *)(area + i * 4096))[3] = s;
		t = t / 1.5 + ((double *)(area + i * 4096))[3];
	}
	return s + t;
}

int main(void)
{
	struct sigaction sa = {.sa_sigaction = repair, .sa_flags = SA_SIGINFO};

	sigaction(SIGSEGV, &sa, NULL);
	area = mmap(NULL, 16 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	printf("%016" PRIx64 "\n", sum_all());
	mprotect(area, 16 * 4096, PROT_READ);
	printf("%a\n", sum_doubles());
	/* An access that straddles into a forbidden page must leave the first page alone. */
	mprotect(area + 4096, 4096, PROT_NONE);
	memset(area + 4088, 'k', 8);
	*(u64 *)(area + 4092) = 0x1122334455667788;
	printf("%02x %02x %02x %d\n", (u8)area[4091], (u8)area[4092], (u8)area[4096],
	       faults);
	static long addresses[] = {0, 8, 4095, 0x10000};
	for (size_t i = 0; i < COUNT(addresses); i++) {
		if (!sigsetjmp(out, 1))
			*(volatile char *)HIDE(addresses[i]) = 1;
		if (!sigsetjmp(out, 1))
			printf("%d\n", *(volatile char *)HIDE(addresses[i]));
	}
	if (!sigsetjmp(out, 1))
		((void (*)(void))HIDE(0x20000L))();
	printf("%d\n", faults);
	return 0;
}
