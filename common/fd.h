/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* File descriptors: typed cleanup, whole reads, single writes. All return negative errno. */
#pragma once

#include <stddef.h>
#include <unistd.h>

#include "common/macro.h"

/* For _cleanup_(fd_closep): ignores negative descriptors and keeps errno. */
void fd_closep(int *fd);

/*
 * Reads to the end of file, at most @limit bytes (-EFBIG beyond). The buffer is the caller's
 * to free and has a NUL after @ret_size bytes.
 */
int fd_read_all(int fd, size_t limit, char **ret_data, size_t *ret_size) _must_check_;

/* Reads up to @size bytes from @offset; fewer only at the end of file. Returns the count. */
ssize_t fd_read_at(int fd, void *data, size_t size, off_t offset) _must_check_;

/*
 * Exactly one write(2), for files whose writes are commands: a short count is -EIO, never
 * continued.
 */
int fd_write_once(int fd, const void *data, size_t size) _must_check_;
