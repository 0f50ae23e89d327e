/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files of /proc that would show the translator, and must show the guest.
 * tags: linux-user - procfs
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct thread;

enum procfs_file {
	PROCFS_NONE,
	PROCFS_EXE,
	PROCFS_MAPS,
	PROCFS_SMAPS,
	PROCFS_CMDLINE,
	PROCFS_AUXV,
	PROCFS_CPUINFO,
	PROCFS_NUMA_MAPS,
	PROCFS_STATUS,
	PROCFS_FDINFO, /* anyone's: see procfs_show_flags() */
	/* From here on, files that are no process's. */
	PROCFS_ARCH,   /* /proc/sys/kernel/arch */
	PROCFS_MIDR,   /* /sys/devices/system/cpu/cpuN/regs/identification/midr_el1 */
	PROCFS_REVIDR, /* revidr_el1 there */
};

struct procfs_ref {
	enum procfs_file file;
	int pid; /* another process that runs under the translator; 0: this one */
};

/* What a path, looked up at dirfd as by openat(), names. */
struct procfs_ref procfs_identify(int dirfd, const char *path);

/* The guest program of a PROCFS_EXE, as a link shows it; may be built in buf. NULL: not
 * known. */
const char *procfs_exe(struct thread *t, struct procfs_ref ref, char *buf, size_t size);

/* Reads a text file line by line through a buffer; lines that are too long are cut. */
struct procfs_reader {
	int fd;
	size_t length, pos;
	char buf[4096];
};
bool procfs_next_line(struct procfs_reader *r, char *line, size_t size);

/* Does a line of maps show the host's vDSO? */
bool procfs_is_vdso(const char *line);

/* Calls fn for each mapping of the guest; with the memory lock held. 0 or negative errno. */
typedef void procfs_range_fn(void *arg, uint64_t start, uint64_t end);
int procfs_each_range(struct thread *t, procfs_range_fn *fn, void *arg);

/* Opens a replacement (not for PROCFS_EXE): a descriptor or negative errno. */
int64_t procfs_open(struct thread *t, struct procfs_ref ref, uint64_t host_flags);

/* fd has just been opened as a PROCFS_FDINFO: exchanges what it shows for the same with the
 * guest's open flags. */
void procfs_show_flags(int fd, uint64_t host_flags);

/* Writes the guest's mappings as /proc/self/maps shows them; 0 or negative errno. */
int procfs_write_maps(struct thread *t, int fd);

struct procfs_mapping {
	uint64_t start, end, offset, device, inode;
	char perms[5]; /* the host's: without the guest's x */
};

/* The mapping of this process that contains the address, and its name. */
bool procfs_find_mapping(uint64_t address, struct procfs_mapping *ret, char *path, size_t size);

/* Anonymous resident memory of the process in KiB, 0 when /proc does not tell. */
unsigned long procfs_anon_kb(void);
