/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Seccomp in user space: filters are written for the guest's architecture and numbers, so the
 * host could not run them. A thread with a mode has HOOK_SECCOMP. tags: linux-user - seccomp
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct thread;
struct seccomp_filter;

enum { SECCOMP_OFF, SECCOMP_STRICT, SECCOMP_FILTER };

struct seccomp {
	uint8_t mode;
	bool want_no_new_privs; /* another thread set that for us */
	struct seccomp_filter *filter; /* the newest; each leads to the one before it */
};

/* What the mode says to a system call of the thread, which a tracer may change. False: it does not
 * take place, *ret is its result. Does not return if the thread is to end. */
bool seccomp_allows(struct thread *t, uint64_t *nr, uint64_t *args, int64_t *ret);

/* Children inherit; a thread that ends gives back. With the memory lock held. */
void seccomp_inherit(struct thread *child, const struct thread *parent);
void seccomp_release(struct thread *t);

/* execve: writes the mode and its filters to a memfd, which the new image reads and closes.
 * The descriptor or negative errno. */
int seccomp_save(const struct thread *t);
int seccomp_load(struct thread *t, int fd);

/* For /proc/self/status: how many filters that the host does not count. */
unsigned seccomp_filter_count(const struct thread *t);

/*
 * seccomp_notify.c: numbers of no system call of the host. With the guest's number, they ask a
 * supervisor; SECCOMP_GO_ON is the result when one under us wants the call to take place (the host
 * would go on with a call that it has not).
 */
#define SECCOMP_ASK   0x10000000ull
#define SECCOMP_GO_ON (-0x5ec0c047l)

/* Installs the host's filter for those numbers. The listener's descriptor or negative errno. */
int seccomp_listen(uint64_t flags);

/* ioctl(2) for what a listener receives and answers. */
int64_t seccomp_receive(struct thread *t, const uint64_t *a);
int64_t seccomp_answer(struct thread *t, const uint64_t *a);

int64_t sys_seccomp(struct thread *t, const uint64_t *a);
int64_t seccomp_prctl_set(struct thread *t, const uint64_t *a);
int64_t seccomp_prctl_get(struct thread *t, const uint64_t *a);
