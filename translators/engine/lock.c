/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The translation lock: a futex word that holds its owner's thread id, so that a waiter can
 * tell that the owner is gone (a vfork child that was killed) and take over; then all code
 * is dropped, since it may be half written. tags: engine - translation lock
 *
 * Reusing code memory needs all other threads outside translated code and the tables. Each
 * says so in its `running`, which it sets before it looks at engine.flushing, while the
 * owner of the lock sets flushing before it looks at `running`.
 */
#include <linux/errno.h>
#include <linux/futex.h>
#include <linux/time_types.h>

#include "engine/engine-internal.h"
#include "rt/syscall.h"

#define WAITERS 0x80000000u

static uint32_t own_tid(struct engine_thread *t)
{
	if (!t->tid)
		t->tid = (uint32_t)rt_syscall(__NR_gettid);
	return t->tid;
}

static bool owner_is_gone(uint32_t word)
{
	return rt_task_is_gone(word & ~WAITERS);
}

static void lock_slowly(uint32_t tid, uint32_t word)
{
	struct __kernel_timespec wait = { 0, 50 * 1000 * 1000 };

	for (;;) {
		if (word == 0) {
			/* Others may sleep: keep their mark. */
			if (__atomic_compare_exchange_n(&engine.lock, &word, tid | WAITERS,
							false, __ATOMIC_ACQUIRE,
							__ATOMIC_RELAXED))
				return;
			continue;
		}
		if (!(word & WAITERS)) {
			if (!__atomic_compare_exchange_n(&engine.lock, &word, word | WAITERS,
							 false, __ATOMIC_RELAXED,
							 __ATOMIC_RELAXED))
				continue;
			word |= WAITERS;
		}
		if (rt_syscall(__NR_futex, &engine.lock, FUTEX_WAIT_PRIVATE, word, &wait) ==
			    -ETIMEDOUT &&
		    owner_is_gone(word)) {
			if (__atomic_compare_exchange_n(&engine.lock, &word, tid | WAITERS,
							false, __ATOMIC_ACQUIRE,
							__ATOMIC_RELAXED)) {
				engine.flush_wanted = true;
				engine.flushing = 0;
				return;
			}
			continue;
		}
		word = __atomic_load_n(&engine.lock, __ATOMIC_RELAXED);
	}
}

void engine_lock(struct engine_thread *t)
{
	uint32_t tid = own_tid(t), word = 0;
	bool running = t->running;

	if (__atomic_compare_exchange_n(&engine.lock, &word, tid, false, __ATOMIC_ACQUIRE,
					__ATOMIC_RELAXED))
		return;
	/* The owner may be waiting for us. What we knew of translations is void then, as the
	 * generation tells. */
	__atomic_store_n(&t->running, 0, __ATOMIC_RELEASE);
	lock_slowly(tid, word);
	t->running = running;
}

void engine_unlock(void)
{
	if (__atomic_exchange_n(&engine.lock, 0, __ATOMIC_RELEASE) & WAITERS)
		rt_syscall(__NR_futex, &engine.lock, FUTEX_WAKE_PRIVATE, 1);
}

void engine_begin(struct engine_thread *t)
{
	own_tid(t);
	for (;;) {
		__atomic_store_n(&t->running, 1, __ATOMIC_SEQ_CST);
		if (!__atomic_load_n(&engine.flushing, __ATOMIC_SEQ_CST))
			return;
		engine_end(t);
		engine_lock(t);
		engine_unlock();
	}
}

void engine_end(struct engine_thread *t)
{
	__atomic_store_n(&t->running, 0, __ATOMIC_RELEASE);
}

static bool is_other(const struct engine_thread *t)
{
	return __atomic_load_n(&t->running, __ATOMIC_SEQ_CST) &&
	       t->tid != (engine.lock & ~WAITERS);
}

void engine_stop_others(void)
{
	for (struct engine_thread *t = engine.threads; t; t = t->next)
		if (is_other(t))
			engine_stop(t->cpu);
}

void engine_wait_for_others(void)
{
	struct __kernel_timespec wait = { 0, 20 * 1000 };

	__atomic_store_n(&engine.flushing, 1, __ATOMIC_SEQ_CST);
	engine_stop_others();
	for (struct engine_thread *t = engine.threads; t; t = t->next) {
		/* Looks anew each time: who stopped for another reason may be back. */
		for (unsigned n = 1; is_other(t) && (n % 1000 || !owner_is_gone(t->tid)); n++) {
			engine_stop(t->cpu);
			rt_syscall(__NR_nanosleep, &wait, NULL);
		}
	}
}

void engine_let_others_run(void)
{
	__atomic_store_n(&engine.flushing, 0, __ATOMIC_SEQ_CST);
}
