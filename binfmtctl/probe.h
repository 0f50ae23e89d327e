/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the kernel really does with a file: a traced child executes it and is stopped before
 * the first instruction of whatever was started, looked at, and killed. Only so can one see
 * which file an entry with flag F holds.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "binfmtctl/kernel.h"

struct probe {
	int err;          /* of execve; all else is unset then */
	char *exe;        /* path of what was started, without " (deleted)" */
	bool deleted;     /* that path is gone or leads to another file */
	struct stat file; /* of what was started */
	char *arguments;  /* argv, each with its NUL */
	size_t arguments_size;
	int execfd;        /* AT_EXECFD, or -1 */
	uint64_t at_flags; /* AT_FLAGS */
	bool secure;       /* AT_SECURE */
};

/* Fit for _cleanup_. */
void probe_done(struct probe *probe);

/*
 * Executes @path with the arguments "argv0" and "one". Returns 0 also when execve failed, with
 * that error in @ret; negative errno when no child could be started or traced.
 */
int probe_run(const char *path, struct probe *ret) _must_check_;

/*
 * The same with a made-up file that the entry @index of @entries takes and no enabled one
 * above it. -ENOENT when there is no such file, since others hide the entry.
 */
int probe_entry(const struct entries *entries, size_t index, struct probe *ret)
	_must_check_;

/*
 * Whether the entry's interpreter is another file than its path now leads to. False also when
 * the path leads nowhere and nothing is held open.
 */
bool probe_is_stale(const struct probe *probe, const struct rule *rule);
