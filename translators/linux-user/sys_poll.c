/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Waiting: epoll events, which only x86-64 packs, and the calls that bring a signal mask.
 */
#include <linux/errno.h>

#include "linux-user/sys.h"
#include "linux-user/thread.h"
#include "rt/arena.h"
#include "rt/uaccess.h"

struct guest_epoll_event {
	uint32_t events, pad;
	uint64_t data;
};

int64_t sys_epoll_ctl(struct thread *t, const uint64_t *a)
{
	struct guest_epoll_event guest;
	struct host_epoll_event host;

	if (!a[3])
		return guest_sys(t, __NR_epoll_ctl, a[0], a[1], a[2], 0);
	if (copy_from_guest(&guest, a[3], sizeof(guest)) < 0)
		return -EFAULT;
	host.events = guest.events;
	host.data = guest.data;
	return guest_sys(t, __NR_epoll_ctl, a[0], a[1], a[2], &host);
}

/* The guest's events are the larger ones: the host's are received in the same memory, at its
 * end, and spread from the front. */
static int64_t spread_events(uint64_t guest, const struct host_epoll_event *host, int64_t count)
{
	for (int64_t i = 0; i < count; i++) {
		struct host_epoll_event from;
		struct guest_epoll_event to = { 0 };

		if (copy_from_guest(&from, (uint64_t)&host[i], sizeof(from)) < 0)
			return -EFAULT;
		to.events = from.events;
		to.data = from.data;
		if (copy_to_guest(guest + (uint64_t)i * sizeof(to), &to, sizeof(to)) < 0)
			return -EFAULT;
	}
	return count;
}

/* The kernel looks at a timeout before it looks at the mask. */
static bool bad_timeout(uint64_t address)
{
	struct host_timespec ts;

	return address && copy_from_guest(&ts, address, sizeof(ts)) < 0;
}

static int64_t epoll_wait(struct thread *t, long nr, const uint64_t *a)
{
	uint64_t args[6] = { a[0], a[1], a[2], a[3], a[4], a[5] };
	uint64_t mask, *slot = NULL;
	int32_t max = (int32_t)a[2];
	const struct host_epoll_event *host;
	int64_t r;

	host = (const struct host_epoll_event *)(a[1] + (uint64_t)max * 4);
	args[1] = (uint64_t)host;
	if (a[4]) {
		if (a[5] != 8)
			return -EINVAL;
		if (copy_from_guest(&mask, a[4], 8) < 0)
			return -EFAULT;
		args[4] = (uint64_t)&mask;
		slot = &mask;
	}
	/* The kernel's own limit is for the larger events of the guest. */
	if (max <= 0 || max > 0x7fffffff / 16) {
		args[1] = a[1];
		args[2] = (uint64_t)-1;
	}
	r = signal_masked_syscall(t, nr, args, slot);
	return r > 0 ? spread_events(a[1], host, r) : r;
}

int64_t sys_epoll_pwait(struct thread *t, const uint64_t *a)
{
	return epoll_wait(t, __NR_epoll_pwait, a);
}

int64_t sys_epoll_pwait2(struct thread *t, const uint64_t *a)
{
	if (bad_timeout(a[3]))
		return -EFAULT;
	return epoll_wait(t, __NR_epoll_pwait2, a);
}

int64_t sys_ppoll(struct thread *t, const uint64_t *a)
{
	uint64_t args[6] = { a[0], a[1], a[2], a[3], a[4], 0 };
	uint64_t mask, *slot = NULL;

	if (bad_timeout(a[2]))
		return -EFAULT;
	if (a[3]) {
		if (a[4] != 8)
			return -EINVAL;
		if (copy_from_guest(&mask, a[3], 8) < 0)
			return -EFAULT;
		args[3] = (uint64_t)&mask;
		slot = &mask;
	}
	return signal_masked_syscall(t, __NR_ppoll, args, slot);
}

int64_t sys_pselect6(struct thread *t, const uint64_t *a)
{
	uint64_t args[6] = { a[0], a[1], a[2], a[3], a[4], a[5] };
	uint64_t mask, pair[2], *slot = NULL;

	if (a[5]) {
		if (copy_from_guest(pair, a[5], sizeof(pair)) < 0)
			return -EFAULT;
		if (pair[0]) {
			if (pair[1] != 8)
				return -EINVAL;
			if (copy_from_guest(&mask, pair[0], 8) < 0)
				return -EFAULT;
			pair[0] = (uint64_t)&mask;
			slot = &mask;
		}
		args[5] = (uint64_t)pair;
	}
	return signal_masked_syscall(t, __NR_pselect6, args, slot);
}
