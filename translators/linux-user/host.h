/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Structures and numbers of the x86-64 kernel that its own headers offer only together with
 * names a C library also defines. Sizes are asserted. tags: linux-user - host ABI
 */
#pragma once

#include <stdint.h>

struct host_stat {
	uint64_t st_dev, st_ino, st_nlink;
	uint32_t st_mode, st_uid, st_gid, pad0;
	uint64_t st_rdev;
	int64_t st_size, st_blksize, st_blocks;
	uint64_t atime_sec, atime_nsec, mtime_sec, mtime_nsec, ctime_sec, ctime_nsec;
	int64_t unused[3];
};
_Static_assert(sizeof(struct host_stat) == 144, "struct stat of x86-64");

struct host_epoll_event {
	uint32_t events;
	uint64_t data;
} __attribute__((packed));
_Static_assert(sizeof(struct host_epoll_event) == 12, "struct epoll_event of x86-64");

struct host_sigaction {
	uint64_t handler, flags, restorer, mask;
};

struct host_stack {
	uint64_t sp;
	int32_t flags, pad;
	uint64_t size;
};

/* siginfo_t: 128 bytes, the same on both sides. The fields that we look at ourselves. */
struct host_siginfo {
	int32_t signo, error, code, pad;
	union {
		uint64_t addr;
		struct {
			int32_t pid;
			uint32_t uid;
		};
		uint64_t raw[14];
	};
};
_Static_assert(sizeof(struct host_siginfo) == 128, "siginfo_t");

/* General registers in a signal context, in the kernel's order. */
struct host_ucontext {
	uint64_t flags, link;
	struct host_stack stack;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp;
	uint64_t rip, eflags, cs_etc, err, trapno, oldmask, cr2, fpstate, reserved[8];
	uint64_t sigmask;
};

struct host_timespec {
	int64_t sec, nsec;
};

/* Signals have the same numbers on x86-64 and on both Arm guests. */
enum {
	HOST_SIGHUP = 1, HOST_SIGINT = 2, HOST_SIGQUIT = 3, HOST_SIGILL = 4, HOST_SIGTRAP = 5,
	HOST_SIGABRT = 6, HOST_SIGBUS = 7, HOST_SIGFPE = 8, HOST_SIGKILL = 9,
	HOST_SIGSEGV = 11, HOST_SIGPIPE = 13, HOST_SIGCHLD = 17, HOST_SIGCONT = 18,
	HOST_SIGSTOP = 19, HOST_SIGTSTP = 20, HOST_SIGTTIN = 21, HOST_SIGTTOU = 22,
	HOST_SIGURG = 23, HOST_SIGXCPU = 24, HOST_SIGXFSZ = 25, HOST_SIGWINCH = 28,
	HOST_SIGSYS = 31, HOST_NSIG = 64,
};

#define HOST_SA_SIGINFO	  0x4ul
#define HOST_SA_RESTORER  0x04000000ul
#define HOST_SA_ONSTACK	  0x08000000ul
#define HOST_SA_RESTART	  0x10000000ul
#define HOST_SA_NODEFER	  0x40000000ul
#define HOST_SA_RESETHAND 0x80000000ul

#define HOST_SIG_BLOCK	 0
#define HOST_SIG_UNBLOCK 1
#define HOST_SIG_SETMASK 2
