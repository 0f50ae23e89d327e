/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Leaving: atexit order, destructors, streams flushed, exit status cut to eight bits.
 */
#include "guest.h"
#include <unistd.h>

static void first(void)
{
	puts("first registered, last run");
}
static void second(void)
{
	puts("second");
}
static void with_status(int status, void *arg)
{
	printf("status %d %s\n", status, (char *)arg);
}

__attribute__((constructor)) static void begin(void)
{
	puts("constructor");
}
__attribute__((destructor)) static void end(void)
{
	puts("destructor");
}

int main(void)
{
	atexit(first);
	on_exit(with_status, "argument");
	atexit(second);
	printf("no newline at the end");
	putchar('\n');
	exit(0x1237);
}
