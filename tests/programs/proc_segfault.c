/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Death by an access to unmapped memory: the status is SIGSEGV's.
 */
#include "guest.h"

int main(void)
{
	puts("before");
	fflush(stdout);
	*(volatile int *)HIDE((intptr_t)16) = 1;
	puts("never");
	return 0;
}
