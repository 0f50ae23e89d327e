/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Locks between threads, and processes that share memory with them: a futex word that holds
 * its owner's thread id, so that a waiter can tell that the owner is gone (a vfork child that
 * was killed) and take over. tags: rt - locks
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define RT_LOCK_WAITERS 0x80000000u

/* The owner's thread id, 0 when there is none. */
static inline uint32_t rt_lock_owner(const uint32_t *lock)
{
	return __atomic_load_n(lock, __ATOMIC_RELAXED) & ~RT_LOCK_WAITERS;
}

/* Takes the lock if it is free; *ret_word is what was there otherwise. */
static inline bool rt_trylock(uint32_t *lock, uint32_t tid, uint32_t *ret_word)
{
	*ret_word = 0;
	return __atomic_compare_exchange_n(lock, ret_word, tid, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

/* Waits for a lock that held `word`. True when its owner was gone and may have left what it
 * guards half changed. */
bool rt_lock_wait(uint32_t *lock, uint32_t tid, uint32_t word);

void rt_unlock(uint32_t *lock);
