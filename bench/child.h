/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One run of one command for the benchmark. tags: bench - one run
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct child {
	char **argv;             /* argv[0] is an absolute path */
	const char *registered;  /* translator to register privately, or NULL */
	const char *environment; /* one NAME=VALUE more, or NULL */
	bool catch_errors;       /* standard error into the output, too */
	int time_limit;          /* seconds; later the child is killed */
};

/* How one run ended. The caller frees output. */
struct outcome {
	bool run;         /* was it run at all? else `problem` says why not */
	char problem[80]; /* empty: ended well */
	double cpu_ms;    /* user+sys of the child and of all that it waited for */
	double wall_ms;   /* from before fork() to after wait */
	int status;
	char *output;
	size_t output_size;
};

/* Runs the command and waits for it. SIGCHLD must be blocked in the caller. */
void child_run(const struct child *c, struct outcome *o);
