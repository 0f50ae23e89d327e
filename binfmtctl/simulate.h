/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What execve(2) would do with a file: which entry takes it, what becomes of the interpreter
 * in its turn, and where it ends, as one result that can be told in words. The model is the
 * kernel's own order: binfmt_misc (newest entry first), #!, ELF; at most five rewrites.
 * tests/unit/binfmtctl/test_exec.c compares it with the running kernel.
 */
#pragma once

#include "binfmtctl/kernel.h"
#include "binfmtctl/native.h"

enum { EXEC_REWRITES_MAX = 5 };

enum exec_format {
	EXEC_UNKNOWN, /* nothing takes the file */
	EXEC_ENTRY,
	EXEC_SCRIPT,
	EXEC_ELF,
	EXEC_COMPAT,   /* a 32-bit program on a 64-bit kernel */
	EXEC_PINNED,   /* the file that flag F holds open, which has no path any more */
	EXEC_UNOPENED, /* not there, or not to be executed */
};

struct exec_world {
	int root_fd; /* AT_FDCWD or a directory that paths are looked up in */
	const struct entries *entries; /* in the order of matching */
	bool enabled;                  /* the status file */
	bool absent;                   /* there is no instance at all: not mounted */
	struct native native;
};

struct exec_step {
	char *path; /* what is run at this step */
	enum exec_format format;
	const struct entry *entry; /* EXEC_ENTRY */
};

struct exec_result {
	struct exec_step steps[EXEC_REWRITES_MAX + 2];
	size_t count;
	int err;          /* 0 when a program starts; else execve's negative errno */
	struct diag diag; /* when err: why, about which file, and what would help */
};

/* Fit for _cleanup_. */
void exec_result_done(struct exec_result *result);

/* -ENOMEM, or 0 with the outcome in @ret. */
int exec_simulate(const struct exec_world *world, const char *path,
		  struct exec_result *ret) _must_check_;

/* The entry that takes a file with this head executed as @path, or NULL. */
const struct entry *exec_match(const struct exec_world *world, const void *head,
			       size_t size, const char *path);

/*
 * The interpreter that a #! line names, as the kernel reads the first 256 bytes. False when
 * it is no script the kernel would take. The result is not longer than RULE_WINDOW_MAX.
 */
bool exec_script(const uint8_t head[RULE_WINDOW_MAX], char ret[RULE_WINDOW_MAX + 1]);

/*
 * Opens a file as execve would: regular, executable for us, not on a noexec mount. Returns a
 * descriptor fit for reading or negative errno; -EACCES also when it may be run but not read.
 */
int exec_open(int root_fd, const char *path) _must_check_;
