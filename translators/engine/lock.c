/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The translation lock. Who takes it over from an owner that is gone (rt/lock.h) drops all code,
 * since it may be half written. tags: engine - translation lock
 *
 * Reusing code memory needs all other threads outside translated code and the tables. Each
 * says so in its `running`, which it sets before it looks at engine.flushing, while the
 * owner of the lock sets flushing before it looks at `running`.
 */
#include <linux/time_types.h>

#include "engine/engine-internal.h"
#include "rt/lock.h"
#include "rt/syscall.h"

static uint32_t own_tid(struct engine_thread *t)
{
	if (!t->tid)
		t->tid = (uint32_t)rt_syscall(__NR_gettid);
	return t->tid;
}

void engine_lock(struct engine_thread *t)
{
	uint32_t tid = own_tid(t), word;
	bool running = t->running;

	if (rt_trylock(&engine.lock, tid, &word))
		return;
	/* The owner may be waiting for us. What we knew of translations is void then, as the
	 * generation tells. */
	__atomic_store_n(&t->running, 0, __ATOMIC_RELEASE);
	if (rt_lock_wait(&engine.lock, tid, word)) {
		engine.flush_wanted = true;
		engine.flushing = 0;
	}
	t->running = running;
}

void engine_unlock(void)
{
	rt_unlock(&engine.lock);
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
	       t->tid != rt_lock_owner(&engine.lock);
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
		for (unsigned n = 1; is_other(t) && (n % 1000 || !rt_task_is_gone(t->tid)); n++) {
			engine_stop(t->cpu);
			rt_syscall(__NR_nanosleep, &wait, NULL);
		}
	}
}

void engine_let_others_run(void)
{
	__atomic_store_n(&engine.flushing, 0, __ATOMIC_SEQ_CST);
}
