/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where traces of system calls and of translation go: standard error, or the file of -D.
 * tags: linux-user - logs
 */
#pragma once

#include <stddef.h>

struct process;

/* Opens what the options say. */
void log_open(struct process *process);

/* In a forked child: a file that has the process's number in its name is another one now. */
void log_after_fork(struct process *process);

void log_write(struct process *process, const char *text, size_t length);
