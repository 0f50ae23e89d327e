/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files below a root directory that may be an unpacked image: absolute links and ".." stay
 * inside it. With AT_FDCWD as root, paths are the process's own.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "common/macro.h"

/* As open(2) without O_CREAT. Returns a descriptor or negative errno. */
int root_open(int root_fd, const char *path, int flags) _must_check_;

/* Without triggering an automount at the last component. Follows links. */
int root_stat(int root_fd, const char *path, struct stat *ret) _must_check_;

/* The whole file, at most @limit bytes; the caller frees it. Errors of open and read. */
int root_read(int root_fd, const char *path, size_t limit, char **ret, size_t *ret_size)
	_must_check_;

/* For tests: behave as kernels before 5.6, which have no openat2(2). */
extern bool root_without_openat2;

/* Whether there is such a file. */
bool root_exists(int root_fd, const char *path);
