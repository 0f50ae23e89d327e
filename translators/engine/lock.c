/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The translation lock: a futex word that holds its owner's thread id, so that a waiter can
 * tell that the owner is gone (a vfork child that was killed) and take over; then all code
 * is dropped, since it may be half written. tags: engine - translation lock
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
	return rt_syscall(__NR_tkill, word & ~WAITERS, 0) == -ESRCH;
}

void engine_lock(struct engine_thread *t)
{
	uint32_t tid = own_tid(t), word = 0;
	struct __kernel_timespec wait = { 0, 50 * 1000 * 1000 };

	if (__atomic_compare_exchange_n(&engine.lock, &word, tid, false, __ATOMIC_ACQUIRE,
					__ATOMIC_RELAXED))
		return;
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
				return;
			}
			continue;
		}
		word = __atomic_load_n(&engine.lock, __ATOMIC_RELAXED);
	}
}

void engine_unlock(void)
{
	if (__atomic_exchange_n(&engine.lock, 0, __ATOMIC_RELEASE) & WAITERS)
		rt_syscall(__NR_futex, &engine.lock, FUTEX_WAKE_PRIVATE, 1);
}
