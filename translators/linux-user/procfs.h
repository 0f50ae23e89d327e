/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files of /proc that would show the translator, and must show the guest.
 * tags: linux-user - procfs
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct thread;

enum procfs_file {
	PROCFS_NONE,
	PROCFS_EXE,
	PROCFS_MAPS,
	PROCFS_CMDLINE,
	PROCFS_AUXV,
	PROCFS_CPUINFO,
};

/* Of an absolute path: /proc/{self,thread-self,PID}[/task/TID]/NAME, /proc/cpuinfo. */
int procfs_identify(const struct thread *t, const char *path);

/* Opens a replacement (not for PROCFS_EXE): a descriptor or negative errno. */
int64_t procfs_open(struct thread *t, int file, uint64_t host_flags);

/* Anonymous resident memory of the process in KiB, 0 when /proc does not tell. */
unsigned long procfs_anon_kb(void);
