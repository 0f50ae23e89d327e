/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many processes: a fork tree that sums through pipes, and children that fork again.
 */
#include "guest.h"
#include <sys/wait.h>
#include <unistd.h>

static u64 sum(u64 low, u64 high, int depth)
{
	u64 total = 0, part;
	int p[2];

	if (depth == 0) {
		for (u64 i = low; i < high; i++)
			total += i * i % 1009;
		return total;
	}
	pipe(p);
	for (int k = 0; k < 2; k++)
		if (!fork()) {
			u64 middle = (low + high) / 2;
			part = k ? sum(middle, high, depth - 1)
				 : sum(low, middle, depth - 1);
			write(p[1], &part, sizeof(part));
			_exit(k);
		}
	for (int k = 0; k < 2; k++) {
		read(p[0], &part, sizeof(part));
		total += part;
	}
	int a, b;
	wait(&a);
	wait(&b);
	close(p[0]), close(p[1]);
	return total + WEXITSTATUS(a) + WEXITSTATUS(b);
}

int main(void)
{
	printf("%" PRIu64 " %" PRIu64 "\n", sum(0, 100000, 0), sum(0, 100000, 3));
	return 0;
}
