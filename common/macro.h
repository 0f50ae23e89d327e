/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Attributes, typed cleanup and small helpers for hosted code. Cleanup is for cold code only:
 * never in a frame that generated code or a signal handler can leave.
 */
#pragma once

#include <stddef.h>

#define _cleanup_(fn)      __attribute__((cleanup(fn)))
#define _unused_           __attribute__((unused))
#define _must_check_       __attribute__((warn_unused_result))
#define _printf_(fmt, arg) __attribute__((format(printf, fmt, arg)))
#define _nonnull_          __attribute__((nonnull))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Hands the pointer to the caller, so that the cleanup of its old owner does nothing. */
#define TAKE_PTR(p)                            \
	({                                     \
		typeof(p) *take_pp_ = &(p);    \
		typeof(p) take_p_ = *take_pp_; \
		*take_pp_ = NULL;              \
		take_p_;                       \
	})

#define TAKE_FD(fd)                        \
	({                                 \
		int *take_fdp_ = &(fd);    \
		int take_fd_ = *take_fdp_; \
		*take_fdp_ = -1;           \
		take_fd_;                  \
	})
