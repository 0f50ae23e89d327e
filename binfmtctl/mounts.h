/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where binfmt_misc is mounted, in all mount namespaces that /proc lets us see. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/macro.h"

struct binfmt_mount {
	dev_t device; /* one per instance */
	char *point;
	bool read_only;
	bool automount;             /* autofs at that place, nothing mounted on it */
	uint64_t mount_ns, user_ns; /* inode numbers; 0 when unknown */
	pid_t pid;                  /* the first process seen in that mount namespace */
	bool own;                   /* our own mount namespace */
};

struct binfmt_mounts {
	struct binfmt_mount *list;
	size_t count, room;
	uint64_t user_ns, mount_ns; /* our own */
	bool incomplete;            /* some processes could not be looked at */
};

/* Fit for _cleanup_. */
void mounts_done(struct binfmt_mounts *mounts);

/* Reads /proc behind @proc_fd. */
int mounts_scan(int proc_fd, struct binfmt_mounts *ret) _must_check_;

/* How many different instances there are. */
size_t mounts_instances(const struct binfmt_mounts *mounts);
