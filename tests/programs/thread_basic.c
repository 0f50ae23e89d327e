/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* POSIX threads: mutexes, condition variables, barriers, thread-local data, cancellation.
 * flags: -pthread
 * quick: yes
 */
#include "guest.h"
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <unistd.h>

enum { THREADS = 4 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static sem_t semaphore;
static _Atomic u64 counter;
static u64 guarded;
static int turn, inits;
static _Atomic int destroyed; /* threads end side by side */
static __thread u64 local = 7;

static void init(void)
{
	inits++;
}

static void destroy(void *value)
{
	atomic_fetch_add(&counter, (uintptr_t)value);
	destroyed++;
}

static void *work(void *arg)
{
	uintptr_t self = (uintptr_t)arg;

	pthread_once(&once, init);
	local += self;
	pthread_setspecific(key, (void *)(1000 + self));
	for (int i = 0; i < 20000; i++) {
		atomic_fetch_add_explicit(&counter, 1, memory_order_relaxed);
		local = local * 3 + i;
		if (i % 10 == 0) {
			pthread_mutex_lock(&mutex);
			guarded += i;
			pthread_mutex_unlock(&mutex);
		}
	}
	pthread_barrier_wait(&barrier);
	for (int round = 0; round < 50; round++) {
		pthread_mutex_lock(&mutex);
		while (turn % THREADS != (int)self)
			pthread_cond_wait(&changed, &mutex);
		turn++;
		guarded = guarded * 31 + self;
		pthread_cond_broadcast(&changed);
		pthread_mutex_unlock(&mutex);
	}
	sem_post(&semaphore);
	pthread_mutex_lock(&mutex);
	u64 result = local;
	pthread_mutex_unlock(&mutex);
	return (void *)result;
}

static void cleanup(void *arg)
{
	*(int *)arg = 1;
}

static void *endless(void *arg)
{
	pthread_cleanup_push(cleanup, arg);
	for (;;)
		pause();
	pthread_cleanup_pop(0);
	return NULL;
}

int main(void)
{
	pthread_t t[THREADS];
	void *value;
	int cleaned = 0;

	pthread_key_create(&key, destroy);
	pthread_barrier_init(&barrier, NULL, THREADS);
	sem_init(&semaphore, 0, 0);
	for (uintptr_t i = 0; i < THREADS; i++)
		pthread_create(&t[i], NULL, work, (void *)i);
	for (int i = 0; i < THREADS; i++)
		sem_wait(&semaphore);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(t[i], &value);
		printf("%016" PRIx64 "\n", (u64)value);
	}
	printf("%" PRIu64 " %" PRIu64 " %d %d %d\n", (u64)counter, guarded, turn, inits,
	       destroyed);
	printf("local %" PRIu64 "\n", local);
	pthread_create(&t[0], NULL, endless, &cleaned);
	usleep(2000);
	pthread_cancel(t[0]);
	pthread_join(t[0], &value);
	SHOW(value == PTHREAD_CANCELED, cleaned);
	SHOW(pthread_mutex_trylock(&mutex), pthread_mutex_trylock(&mutex) == EBUSY);
	return 0;
}
