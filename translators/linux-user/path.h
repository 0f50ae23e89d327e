/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a guest path means: the sysroot of -L, and files of /proc that must show the guest.
 * tags: linux-user - paths
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct options;
struct thread;

/*
 * The path that the host should use: `path` itself, or, if it is absolute and exists below
 * the -L directory, that one, built in buf.
 */
const char *path_redirect(const struct options *o, const char *path, char *buf, size_t size);

/*
 * The same for a guest address. Nearly always the guest's own pointer, unread; the kernel
 * then judges it. May use t->path. *ret_proc (if not NULL): which file of /proc it names,
 * enum procfs_file.
 */
const char *path_of_guest(struct thread *t, uint64_t address, int *ret_proc);
