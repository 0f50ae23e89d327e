/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* System: fork, execve and wait of the program named by the argument, many times over.
 * class: process
 */
#include "bench.h"
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char *args[] = {argv[1], NULL};
	int good = 0;

	for (int i = 0; i < 200; i++) {
		int status = 1;
		if (fork() == 0) {
			execve(argv[1], args, args + 1);
			_exit(127);
		}
		wait(&status);
		good += status == 0;
	}
	printf("%d\n", good);
	return good != 200;
}
