/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a guest path means: the sysroot of -L, and files of /proc that must show the guest.
 * tags: linux-user - paths
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct options;
struct procfs_ref;
struct thread;

/*
 * The path that the host should use: `path` itself, or, if it is absolute and exists below
 * the -L directory, that one, built in buf.
 */
const char *path_redirect(const struct options *o, const char *path, char *buf, size_t size);

/*
 * The same for a guest address, relative to dirfd. Nearly always the guest's own pointer; the
 * kernel then judges it. May use t->path. *ret_proc (if not NULL): which file of /proc it
 * names.
 */
const char *path_of_guest(struct thread *t, int dirfd, uint64_t address,
			  struct procfs_ref *ret_proc);

/*
 * As above, for calls that follow a last symbolic link: the exe of a process leads to the
 * guest's program.
 */
const char *path_of_target(struct thread *t, int dirfd, uint64_t address,
			   struct procfs_ref *ret_proc);
