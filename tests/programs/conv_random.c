/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The C library's generators have fixed sequences: rand, random, drand48, rand_r.
 */
#include "guest.h"

int main(void)
{
	unsigned seed = 5;
	char state[64];

	srand(1);
	for (int i = 0; i < 5; i++)
		printf("%d ", rand());
	srandom(42);
	for (int i = 0; i < 5; i++)
		printf("%ld ", random());
	initstate(7, state, sizeof(state));
	for (int i = 0; i < 5; i++)
		printf("%ld ", random());
	srand48(3);
	for (int i = 0; i < 5; i++) {
		printf("%.12f ", drand48());
		printf("%ld ", lrand48());
		printf("%ld ", mrand48());
	}
	for (int i = 0; i < 5; i++)
		printf("%d ", rand_r(&seed));
	putchar('\n');
	return 0;
}
