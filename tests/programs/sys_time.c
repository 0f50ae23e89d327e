/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clocks: monotonic order, resolutions, sleeps that last; agreement between interfaces.
 */
#include "guest.h"
#include <errno.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static s64 now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

int main(void)
{
	static const clockid_t clocks[] = {
		CLOCK_REALTIME,        CLOCK_MONOTONIC,          CLOCK_MONOTONIC_RAW,
		CLOCK_BOOTTIME,        CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID,
		CLOCK_MONOTONIC_COARSE};
	struct timespec t;
	struct timeval tv;

	for (size_t i = 0; i < COUNT(clocks); i++) {
		int backwards = 0;
		s64 last = now(clocks[i]);
		for (int k = 0; k < 1000; k++) {
			s64 n = now(clocks[i]);
			backwards += n < last;
			last = n;
		}
		printf("%d backwards %d resolution %d\n", clocks[i], backwards,
		       clock_getres(clocks[i], &t));
	}
	s64 start = now(CLOCK_MONOTONIC);
	t = (struct timespec){0, 20000000};
	nanosleep(&t, NULL);
	s64 slept = now(CLOCK_MONOTONIC) - start;
	printf("slept enough %d\n", slept >= 20000000);
	start = now(CLOCK_MONOTONIC) + 10000000;
	t = (struct timespec){start / 1000000000, start % 1000000000};
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
	printf("absolute %d\n", now(CLOCK_MONOTONIC) >= start);
	gettimeofday(&tv, NULL);
	s64 difference = time(NULL) - tv.tv_sec;
	printf("agree %d %d\n", difference >= 0 && difference < 2,
	       llabs(now(CLOCK_REALTIME) / 1000000000 - tv.tv_sec) < 2);
	SHOW(clock_gettime(1000, &t) < 0 ? errno : 0,
	     nanosleep(&(struct timespec){0, -1}, NULL) < 0 ? errno : 0);
	printf("%d\n", clock() >= 0);
	return 0;
}
