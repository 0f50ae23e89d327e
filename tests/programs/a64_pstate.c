/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SSBS and DIT in the signal frame's pstate; sigreturn may change them, but not the mode.
 * only: arm64
 * quick: yes
 */
#include "guest.h"
#include <setjmp.h>
#include <signal.h>
#include <ucontext.h>

#define SSBS 0x1000
#define DIT  0x1000000

static u64 flip, mode;
static sigjmp_buf back;

static u64 get_ssbs(void)
{
	u64 x;

	__asm__ volatile("mrs %0, s3_3_c4_c2_6" : "=r"(x));
	return x;
}

static u64 get_dit(void)
{
	u64 x;

	__asm__ volatile("mrs %0, s3_3_c4_c2_5" : "=r"(x));
	return x;
}

static void handler(int number, siginfo_t *info, void *context)
{
	mcontext_t *m = &((ucontext_t *)context)->uc_mcontext;

	printf("signal %d code %d pstate %llx ssbs %" PRIx64 " dit %" PRIx64 "\n", number,
	       info->si_code, m->pstate & 0x0fffffff, get_ssbs(), get_dit());
	if (number == SIGSEGV)
		siglongjmp(back, 1);
	m->pstate ^= flip;
	m->pstate |= mode;
}

static void show(const char *what)
{
	printf("%s: ssbs %" PRIx64 " dit %" PRIx64 "\n", what, get_ssbs(), get_dit());
}

int main(void)
{
	struct sigaction sa = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};

	sigaction(SIGUSR1, &sa, NULL), sigaction(SIGSEGV, &sa, NULL);
	/* whatever mitigations leave */
	__asm__ volatile("msr s3_3_c4_c2_6, %0" : : "r"((u64)0));
	show("clear");
	raise(SIGUSR1);
	flip = SSBS;
	raise(SIGUSR1);
	show("ssbs by sigreturn");
	__asm__ volatile("msr s3_3_c4_c2_5, %0" : : "r"((u64)DIT));
	flip = 0;
	raise(SIGUSR1);
	show("dit by msr");
	flip = DIT | SSBS | 0xff0c02e000;
	raise(SIGUSR1);
	show("both by sigreturn, and bits that are reserved");
	flip = 0;
	mode = 5;
	if (!sigsetjmp(back, 1))
		raise(SIGUSR1);
	mode = 0x40;
	if (!sigsetjmp(back, 1))
		raise(SIGUSR1);
	return 0;
}
