/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The binfmt_misc file system behind a directory descriptor. Nothing here prints, and nothing
 * but kernel_open() knows a path, so a test may pass a temporary directory instead. All
 * functions return 0 or negative errno.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "binfmtctl/entry.h"

#define KERNEL_MOUNT_POINT "/proc/sys/fs/binfmt_misc"

/*
 * Opens the mount at @path (relative ones against @root_fd, which may be AT_FDCWD). -ENODEV
 * when there is no binfmt_misc there, -ENOENT when there is no such directory, -EAGAIN when
 * there is an automount that nothing has triggered yet; this does not trigger it either.
 */
int kernel_open(int root_fd, const char *path, int *ret_fd) _must_check_;

/* The same, but an automount is triggered. -EAGAIN when it mounts nothing all the same. */
int kernel_open_trigger(int root_fd, const char *path, int *ret_fd) _must_check_;

/* Whether the running kernel knows the file system, read from @proc_fd's `filesystems`. */
int kernel_supports(int proc_fd, bool *ret) _must_check_;

/* Mounts a binfmt_misc instance at @path with the options that systemd uses. */
int kernel_mount(const char *path) _must_check_;

/* One write to `register`. Errors are the kernel's own. */
int kernel_register(int dir_fd, const void *text, size_t size) _must_check_;

/* Whether @name can be an entry; `register`, `status`, dots and slashes are not. */
bool kernel_name_valid(const char *name);

/* Removes one entry. -ENOENT if there is none; -EINVAL if the name is not kernel_name_valid(). */
int kernel_remove(int dir_fd, const char *name) _must_check_;

/* Removes all entries with one write. */
int kernel_remove_all(int dir_fd) _must_check_;

/* Switches one entry on or off. Errors as of kernel_remove(). */
int kernel_set_enabled(int dir_fd, const char *name, bool enabled) _must_check_;

/* Switches matching as a whole. */
int kernel_set_status(int dir_fd, bool enabled) _must_check_;

/* Whether matching is switched on at all (the `status` file). */
int kernel_status(int dir_fd, bool *ret_enabled) _must_check_;

int kernel_read(int dir_fd, const char *name, struct entry *ret, struct diag *reterr_diag)
	_must_check_;

/*
 * Calls @visit for each entry in the order of the directory, which is the order of matching,
 * newest first (observed on 6.18, not promised by the kernel). It may take over the entry by
 * clearing it; another result than 0 ends it all. Without @times nobody looks when entries were
 * registered. An entry that cannot be read is left out and makes the result -EBADMSG after
 * all others were read.
 */
int kernel_each(int dir_fd, bool times, int (*visit)(void *context, struct entry *entry),
		void *context, struct diag *reterr_diag) _must_check_;

struct entries {
	struct entry *list;
	size_t count, room;
};

/* Takes over the entry on success. */
int entries_add(struct entries *entries, const struct entry *entry) _must_check_;

/* Fit for _cleanup_. */
void entries_done(struct entries *entries);

/* All entries, as kernel_each() gives them; @ret is valid after -EBADMSG, too. */
int kernel_list(int dir_fd, struct entries *ret, struct diag *reterr_diag) _must_check_;
