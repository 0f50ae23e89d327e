/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sigaltstack: handlers on it, its flags seen from inside, stack overflow survived.
 * quick: yes
 */
#include "guest.h"
#include <setjmp.h>
#include <signal.h>
#include <sys/resource.h>

static char stack[65536] __attribute__((aligned(16)));
static sigjmp_buf out;
static volatile int on_stack, flags_inside;

static void handler(int number)
{
	char here;
	stack_t s;

	on_stack = &here >= stack && &here < stack + sizeof(stack);
	sigaltstack(NULL, &s);
	flags_inside = s.ss_flags;
	if (number == SIGSEGV)
		siglongjmp(out, 1);
}

static NOINLINE int overflow(int n)
{
	volatile char frame[4000];

	frame[0] = n;
	return n > 1 << 20 ? 0 : overflow(n + 1) + frame[0];
}

int main(void)
{
	stack_t s = {.ss_sp = stack, .ss_size = sizeof(stack)}, old;
	struct sigaction sa = {.sa_handler = handler};
	struct rlimit limit = {1 << 20, RLIM_INFINITY};

	getrlimit(RLIMIT_STACK, &limit);
	if (limit.rlim_cur > 8 << 20)
		limit.rlim_cur = 8 << 20, setrlimit(RLIMIT_STACK, &limit);
	sigaction(SIGUSR1, &sa, NULL);
	raise(SIGUSR1);
	SHOW(on_stack, flags_inside == SS_DISABLE);
	sigaltstack(&s, NULL);
	raise(SIGUSR1);
	printf("%d\n", on_stack);
	sa.sa_flags = SA_ONSTACK;
	sigaction(SIGUSR1, &sa, NULL), sigaction(SIGSEGV, &sa, NULL);
	raise(SIGUSR1);
	SHOW(on_stack, flags_inside == SS_ONSTACK);
	on_stack = 0;
	for (int i = 0; i < 2; i++) {
		if (!sigsetjmp(out, 1))
			overflow(0);
		else
			printf("overflow caught %d\n", on_stack);
	}
	sigaltstack(NULL, &old);
	SHOW(old.ss_sp == stack, old.ss_flags);
	s.ss_size = 100;
	printf("%d\n", sigaltstack(&s, NULL));
	s.ss_flags = SS_DISABLE;
	printf("%d\n", sigaltstack(&s, NULL));
	return 0;
}
