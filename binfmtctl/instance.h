/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Other user namespaces and their instances of binfmt_misc. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "common/macro.h"

/*
 * Enters the user namespace of a process (its number) or of a namespace file, together with
 * the mounts of a process in it. @host_dev is the device number of the caller's own instance,
 * or 0; @ret_own tells whether another one is mounted at @mount there. -ESRCH when the file's
 * namespace has no process whose mounts could be used.
 */
int instance_enter_userns(const char *spec, const char *mount, dev_t host_dev,
			  bool *ret_own) _must_check_;

/* Device number of the binfmt_misc mounted at @path, without triggering an automount. */
int instance_device(const char *path, dev_t *ret) _must_check_;
