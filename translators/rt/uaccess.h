/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Fault-safe access to guest memory from the runtime: a fault inside these functions makes
 * them return -EFAULT, once the host's SIGSEGV and SIGBUS handler asks uaccess_fixup().
 * tags: rt - guest memory access, fault fixup
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "rt/memory.h"

/* 0 or -EFAULT; on a fault a part may have been copied. */
int rt_copy(void *dst, const void *src, size_t n);
int rt_load32(uint32_t *dst, const void *src);
/* Zeroes guest memory; 0 or -EFAULT. */
int rt_zero(void *dst, size_t n);

/* Length of the string at src without its NUL, `max` when none was found in max bytes, or
 * -EFAULT. */
long rt_strnlen_user(const char *src, size_t max);

/* Copies a string with its NUL: its length, -EFAULT, or -ENAMETOOLONG. */
long rt_copy_string(char *dst, const char *src, size_t size);

static inline int copy_from_guest(void *dst, uint64_t src, size_t n)
{
	return rt_copy(dst, (const void *)src, n);
}

static inline int copy_to_guest(uint64_t dst, const void *src, size_t n)
{
	return rt_copy((void *)dst, src, n);
}

/* Where to continue after a fault at host pc, or 0 when the pc is not one of ours. */
uint64_t uaccess_fixup(uint64_t pc);
