/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Waiting for a lock, and waking who waits.
 */
#include <linux/errno.h>
#include <linux/futex.h>
#include <linux/time_types.h>

#include "rt/lock.h"
#include "rt/syscall.h"

bool rt_lock_wait(uint32_t *lock, uint32_t tid, uint32_t word)
{
	struct __kernel_timespec wait = { 0, 50 * 1000 * 1000 };

	for (;;) {
		if (word == 0) {
			/* Others may sleep: keep their mark. */
			if (__atomic_compare_exchange_n(lock, &word, tid | RT_LOCK_WAITERS, false,
							__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
				return false;
			continue;
		}
		if (!(word & RT_LOCK_WAITERS)) {
			if (!__atomic_compare_exchange_n(lock, &word, word | RT_LOCK_WAITERS, false,
							 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
				continue;
			word |= RT_LOCK_WAITERS;
		}
		if (rt_syscall(__NR_futex, lock, FUTEX_WAIT_PRIVATE, word, &wait) == -ETIMEDOUT &&
		    rt_task_is_gone(word & ~RT_LOCK_WAITERS)) {
			if (__atomic_compare_exchange_n(lock, &word, tid | RT_LOCK_WAITERS, false,
							__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
				return true;
			continue;
		}
		word = __atomic_load_n(lock, __ATOMIC_RELAXED);
	}
}

void rt_unlock(uint32_t *lock)
{
	if (__atomic_exchange_n(lock, 0, __ATOMIC_RELEASE) & RT_LOCK_WAITERS)
		rt_syscall(__NR_futex, lock, FUTEX_WAKE_PRIVATE, 1);
}
