/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Core dumps of the guest. tags: linux-user - core dumps */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct thread;
struct host_siginfo;

/* Writes the guest's core where core_pattern says, if RLIMIT_CORE and the rest allow. All other
 * threads are stopped for good. True if there is one now; otherwise *ret_reason may say why. */
bool core_dump(struct thread *t, const struct host_siginfo *info, const char **ret_reason);

/* A thread that was stopped for a dump waits here for the end. */
_Noreturn void core_park(struct thread *t);

/* The name of a core file from core_pattern; values of the process through `value`, which gets
 * the letter behind the percent sign. The length, or -ENAMETOOLONG. */
typedef size_t core_value_fn(void *arg, char letter, char *buf, size_t size);
int core_name(char *buf, size_t size, const char *pattern, bool uses_pid, core_value_fn *value,
	      void *arg);
