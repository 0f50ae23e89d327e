/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * -strace: calls in the format of strace(1), from the signatures of the system call table.
 * Guest memory is read fault-safely. tags: linux-user - system call tracing
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct thread;

/* "name(arguments" into buf: what is known before the call. Returns the length. */
size_t strace_enter(char *buf, size_t size, const char *name, const char *signature,
		    const uint64_t args[6]);

/* Completes the line with what the call wrote and returned, and writes it out. */
void strace_exit(struct thread *t, char *buf, size_t size, size_t length,
		 const char *signature, const uint64_t args[6], int64_t result);

/* Name of an errno ("ENOENT"), or NULL. */
const char *strace_errno_name(int error);
