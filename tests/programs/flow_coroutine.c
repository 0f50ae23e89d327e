/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Coroutines by makecontext and swapcontext: generators, a ring, and uc_link.
 * quick: yes
 */
#include "guest.h"
#include <ucontext.h>

enum { COROUTINES = 5, STACK = 65536 };

static ucontext_t main_context, contexts[COROUTINES];
static char stacks[COROUTINES][STACK] __attribute__((aligned(16)));
static int yielded;

static void generate(int self, int limit)
{
	double local = self;

	for (int i = 0; i < limit; i++) {
		local = local * 1.5 + i;
		yielded = self * 1000 + i + (int)local % 7;
		swapcontext(&contexts[self], &main_context);
	}
	yielded = -1;
}

static void ring(int self, int rounds)
{
	for (int i = 0; i < rounds; i++) {
		yielded = yielded * 3 + self;
		swapcontext(&contexts[self], &contexts[(self + 1) % COROUTINES]);
	}
}

static void start(int i, void (*f)(int, int), int arg)
{
	getcontext(&contexts[i]);
	contexts[i].uc_stack.ss_sp = stacks[i];
	contexts[i].uc_stack.ss_size = STACK;
	contexts[i].uc_link = &main_context;
	makecontext(&contexts[i], (void (*)(void))f, 2, i, arg);
}

int main(void)
{
	for (int i = 0; i < COROUTINES; i++)
		start(i, generate, 3 + i);
	for (int alive = COROUTINES, i = 0; alive; i = (i + 1) % COROUTINES) {
		if (contexts[i].uc_link == NULL)
			continue;
		swapcontext(&main_context, &contexts[i]);
		printf("%d ", yielded);
		if (yielded == -1) {
			contexts[i].uc_link = NULL;
			alive--;
		}
	}
	putchar('\n');
	for (int i = 0; i < COROUTINES; i++)
		start(i, ring, 100);
	yielded = 0;
	swapcontext(&main_context, &contexts[0]);
	printf("ring %d\n", yielded);
	return 0;
}
