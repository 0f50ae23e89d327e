/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Threads: four of them with atomics, a mutex and a condition variable.
 * class: threads
 * flags: -pthread
 */
#include "bench.h"
#include <pthread.h>
#include <stdatomic.h>

static _Atomic u64 total;
static u64 guarded;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int turn;

static void *work(void *arg)
{
	u64 v = (uintptr_t)arg;

	for (int i = 0; i < 2000000; i++) {
		v = v * 6364136223846793005 + 1;
		atomic_fetch_add(&total, v >> 60);
		if (i % 16 == 0) {
			pthread_mutex_lock(&mutex);
			guarded += i;
			pthread_mutex_unlock(&mutex);
		}
	}
	for (int i = 0; i < 2000; i++) {
		pthread_mutex_lock(&mutex);
		while (turn % 4 != (int)(uintptr_t)arg)
			pthread_cond_wait(&changed, &mutex);
		turn++;
		pthread_cond_broadcast(&changed);
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

int main(void)
{
	pthread_t t[4];

	for (uintptr_t i = 0; i < 4; i++)
		if (pthread_create(&t[i], NULL, work, (void *)i))
			return 1;
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	printf("%" PRIu64 " %" PRIu64 " %d\n", atomic_load(&total), guarded, turn);
	return 0;
}
