/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* munmap of everything: the program itself goes, and it dies of that. */
#include "guest.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	for (int bits = 63; bits >= 47; bits--) {
		int status;
		pid_t child = fork();

		if (!child)
			_exit(munmap(NULL, (UINT64_C(1) << bits) - 4096) ? errno : 0);
		waitpid(child, &status, 0);
		printf("%d: signal %d status %d\n", bits, WTERMSIG(status), WEXITSTATUS(status));
		fflush(stdout);
	}
	return 0;
}
