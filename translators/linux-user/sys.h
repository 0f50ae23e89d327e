/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Handlers of translated system calls. Each gets the guest's six argument registers and
 * returns the guest's result: a value, negative errno, or a private code of thread.h.
 * Pointers in arguments are guest addresses, which are host addresses that may be bad.
 * tags: linux-user - system call handlers
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "linux-user/memory.h"
#include "linux-user/signal.h"

struct thread;

/* sys_file.c */
int64_t sys_openat(struct thread *t, const uint64_t *a);
int64_t sys_openat2(struct thread *t, const uint64_t *a);
int64_t sys_open_by_handle_at(struct thread *t, const uint64_t *a);
int64_t sys_fanotify_init(struct thread *t, const uint64_t *a);
int64_t sys_mq_open(struct thread *t, const uint64_t *a);
int64_t sys_pipe2(struct thread *t, const uint64_t *a);
int64_t sys_fcntl(struct thread *t, const uint64_t *a);
int64_t sys_faccessat(struct thread *t, const uint64_t *a);
int64_t sys_faccessat2(struct thread *t, const uint64_t *a);
int64_t sys_readlinkat(struct thread *t, const uint64_t *a);
int64_t sys_statfs(struct thread *t, const uint64_t *a);
int64_t sys_statx(struct thread *t, const uint64_t *a);
int64_t sys_newfstatat(struct thread *t, const uint64_t *a);
int64_t sys_fstat(struct thread *t, const uint64_t *a);

/* sys_poll.c */
int64_t sys_epoll_ctl(struct thread *t, const uint64_t *a);
int64_t sys_epoll_pwait(struct thread *t, const uint64_t *a);
int64_t sys_epoll_pwait2(struct thread *t, const uint64_t *a);
int64_t sys_ppoll(struct thread *t, const uint64_t *a);
int64_t sys_pselect6(struct thread *t, const uint64_t *a);

/* sys_misc.c */
int64_t sys_uname(struct thread *t, const uint64_t *a);
int64_t sys_prctl(struct thread *t, const uint64_t *a);
int64_t sys_ioctl(struct thread *t, const uint64_t *a);
int64_t sys_semctl(struct thread *t, const uint64_t *a);
int64_t sys_clock_gettime(struct thread *t, const uint64_t *a);
int64_t sys_gettimeofday(struct thread *t, const uint64_t *a);

/* process.c */
int64_t sys_clone(struct thread *t, const uint64_t *a);
int64_t sys_clone3(struct thread *t, const uint64_t *a);
int64_t sys_exit(struct thread *t, const uint64_t *a);
int64_t sys_exit_group(struct thread *t, const uint64_t *a);

/* exec.c */
int64_t sys_execve(struct thread *t, const uint64_t *a);
int64_t sys_execveat(struct thread *t, const uint64_t *a);

/* open(2) flags: Arm moved four of the bits. */
uint64_t host_open_flags(uint64_t guest);
uint64_t guest_open_flags(uint64_t host);

/* The guest's arm64 struct stat. */
struct guest_stat {
	uint64_t st_dev, st_ino;
	uint32_t st_mode, st_nlink, st_uid, st_gid;
	uint64_t st_rdev, pad1;
	int64_t st_size;
	int32_t st_blksize, pad2;
	int64_t st_blocks;
	uint64_t atime_sec, atime_nsec, mtime_sec, mtime_nsec, ctime_sec, ctime_nsec;
	uint32_t unused[2];
};
_Static_assert(sizeof(struct guest_stat) == 128, "struct stat of arm64");

struct host_stat;
void convert_stat(struct guest_stat *to, const struct host_stat *from);

/* Time without a system call where the host's vDSO allows; 0 or negative errno. */
struct host_timespec;
int64_t host_clock_gettime(int clock, struct host_timespec *ret);
/* CLOCK_MONOTONIC in nanoseconds: the guest's counter register. */
uint64_t host_monotonic_ns(void);
/* seconds << 30 | nanoseconds, for the guest's vDSO */
uint64_t host_clock_packed(int clock);
void host_clock_init(uint64_t vdso);
