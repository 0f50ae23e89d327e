/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The interrupted context in a handler: mask in uc_sigmask, the stack, floating point kept.
 * quick: yes
 */
#include "guest.h"
#include <signal.h>
#include <ucontext.h>

static volatile int blocked, changed;

static void handler(int number, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	blocked = sigismember(&uc->uc_sigmask, SIGUSR2) * 10 +
		  sigismember(&uc->uc_sigmask, SIGUSR1);
	if (number == SIGUSR1)
		sigaddset(&uc->uc_sigmask, SIGWINCH); /* takes effect on return */
	volatile double clobber[32];
	for (int i = 0; i < 32; i++)
		clobber[i] = i * 1.1 + number;
	changed = clobber[5] > 0;
}

static NOINLINE double compute(int raises)
{
	double a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8;

	for (int i = 0; i < 200; i++) {
		a += b * 0.5, b -= c * 0.25, c += d / 3, d -= e * 0.125, e += f / 5,
			f -= g * 0.0625, g += h / 7, h -= a * 0.01;
		if (raises && i % 20 == 0)
			raise(SIGUSR2);
	}
	return a + b + c + d + e + f + g + h;
}

int main(void)
{
	struct sigaction sa = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
	sigset_t set;

	sigaction(SIGUSR1, &sa, NULL), sigaction(SIGUSR2, &sa, NULL);
	printf("%d %a\n", compute(0) == compute(1), compute(1));
	sigemptyset(&set), sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	sigprocmask(SIG_BLOCK, NULL, &set);
	SHOW(blocked, sigismember(&set, SIGWINCH), sigismember(&set, SIGUSR1));
	return 0;
}
