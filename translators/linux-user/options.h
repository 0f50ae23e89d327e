/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The command line and the environment: QEMU's user-mode names and our own, which win.
 * tags: linux-user - options
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/engine.h"

#define OPTIONS_ENV_MAX 64
#define OPTIONS_MAX	48 /* rows of options.def */

struct options {
	const char *ld_prefix;	/* -L */
	const char *argv0;	/* -0 */
	const char *uname;	/* -r */
	const char *cpu;	/* -cpu */
	const char *log_file;	/* -D */
	const char *host;	/* XLATE_HOST */
	const char *translate_all;
	uint64_t stack_size;	/* -s; 0: as it is */
	uint64_t cache_size;	/* -tb-size, tinycache; 0: default */
	unsigned trace;		/* ENGINE_TRACE_* */
	bool strace, strace_summary, stats, perf_map, jitdump;
	const char *strace_filter;
	const char *gdb; /* -g */
	bool crash_full; /* --crash=full */
	bool log_page, log_unimp; /* items of -d */
	bool no_fold, one_insn, no_link, no_shadow, verify;
	const char *program;	/* of a re-entry: what to load; the arguments are argv */
	const char *exec_name;	/* of a re-entry: the path that execve was told */
	int exec_fd;		/* --exec-fd of a re-entry, or -1 */
	int seccomp_fd;		/* --seccomp-fd of a re-entry, or -1 */
	uint8_t mdwe;		/* of a re-entry: PR_SET_MDWE's bits */

	/* Changes to the guest's environment, in order: "NAME=value", "NAME" to unset. A
	 * variable's list is split at commas where env_list says so. */
	const char *env[OPTIONS_ENV_MAX];
	bool env_unset[OPTIONS_ENV_MAX], env_list[OPTIONS_ENV_MAX];
	unsigned env_count;

	char ignored[96]; /* names of options that do not apply: "-B, -R" */
	/* Values, by row, of those that programs which the guest executes must have, too. */
	const char *given[OPTIONS_MAX];
};

enum options_action { OPTIONS_RUN, OPTIONS_EXIT };

/*
 * Reads variables from envp, then options from argv[1..argc) up to the
 * first that is no option; *ret_next is its index. `secure`: reads neither. Says what is wrong or asked for (-h,
 * -version) by itself. OPTIONS_EXIT: leave with *ret_status.
 */
enum options_action options_parse(struct options *o, const char *program, int argc,
				  char **argv, char **envp, bool secure, int *ret_next,
				  int *ret_status);

/* The options that brought about *o, for the command line of a re-entry: at most
 * 2 * OPTIONS_MAX pointers into `list`. Returns their number. */
unsigned options_repeat(const struct options *o, const char **list);

/* The variables alone. */
void options_environment(struct options *o, const char *program, char **envp);
