/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* System: signals raised and handled.
 * class: system
 */
#include "bench.h"
#include <signal.h>

static volatile int count;

static void handler(int number)
{
	count++;
}

int main(void)
{
	signal(SIGUSR1, handler);
	for (int i = 0; i < 100000; i++)
		raise(SIGUSR1);
	printf("%d\n", count);
	return 0;
}
