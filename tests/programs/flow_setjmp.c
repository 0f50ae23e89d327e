/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* setjmp and longjmp: out of deep calls, many times, values kept, _setjmp and sigsetjmp.
 * levels: O0
 * quick: yes
 */
#include "guest.h"
#include <setjmp.h>

static jmp_buf outer;
static sigjmp_buf signal_buffer;

static NOINLINE void descend(int n, int value)
{
	volatile char frame[64];

	memset((char *)frame, n, sizeof(frame));
	if (n == 0)
		longjmp(outer, value);
	descend(n - 1, value);
	printf("never %d\n", frame[3]);
}

struct handler {
	jmp_buf where;
	struct handler *next;
};

static struct handler *handlers;

static NOINLINE void throw_value(int value)
{
	struct handler *h = handlers;

	handlers = h->next;
	longjmp(h->where, value);
}

static NOINLINE int guarded(int depth)
{
	struct handler h = {.next = handlers};
	int caught = setjmp(h.where);

	if (caught)
		return depth % 3 ? (throw_value(caught + depth), 0) : caught * 2;
	handlers = &h;
	if (depth == 0)
		throw_value(5);
	return guarded(depth - 1) + 1;
}

int main(void)
{
	volatile double kept = 1.25;
	volatile int count = 0;
	int value;

	value = setjmp(outer);
	printf("setjmp %d count %d kept %g\n", value, count, kept);
	if (count < 5) {
		count++;
		kept *= 1.5;
		descend(count * 10, count == 3 ? 0 : count);
	}
	value = sigsetjmp(signal_buffer, 1);
	if (value < 1000)
		siglongjmp(signal_buffer, value + 100);
	printf("sigsetjmp %d\n", value);
	struct handler base = {.next = NULL};
	value = setjmp(base.where);
	if (!value) {
		handlers = &base;
		printf("guarded %d\n", guarded(9));
	} else {
		printf("escaped %d\n", value);
	}
	return 0;
}
