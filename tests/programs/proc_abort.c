/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Death by abort: the status is the signal's.
 */
#include "guest.h"

int main(void)
{
	puts("before");
	fflush(stdout);
	abort();
}
