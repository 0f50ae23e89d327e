/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The command half: one struct command per verb, in a table of main.c. Only main.c and cmd-*.c
 * print, parse options and choose exit codes.
 */
#pragma once

#include <popt.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "binfmtctl/kernel.h"
#include "binfmtctl/output.h"

enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NOT_FOUND = 3,
	EXIT_EXISTS = 4, /* or refused without --force */
	EXIT_PERMISSION = 5,
	EXIT_NO_BINFMT = 6, /* not mounted, not supported */
	EXIT_PARTIAL = 7,
	EXIT_INVALID = 8, /* a rule or conf file */
};

struct globals {
	const char *mount;
	enum output_format format;
	bool quiet, verbose, dry_run, no_mount, no_modprobe;
};

/* One run of one verb. Option strings live as long as it does. */
struct invocation {
	struct globals globals;
	const struct command *command;
	const char **args; /* NULL-terminated */
	size_t arg_count;
	char *strings[64]; /* owned option values */
	size_t string_count;
};

struct command {
	const char *name;
	const char *args;    /* shown behind the options in the usage line */
	const char *summary; /* one line */
	const char *examples;
	const struct poptOption
		*options; /* values from OPTION_COMMAND on; no storage pointers */
	size_t state_size;
	/* Takes one option; @arg may be NULL. EXIT_OK, or EXIT_USAGE after a message. */
	enum exit_code (*option)(struct invocation *in, void *state, int option,
				 const char *arg);
	enum exit_code (*run)(struct invocation *in, void *state);
};

/* Below are main.c's own options. */
enum { OPTION_COMMAND = 1000 };

extern const struct command command_gen, command_list, command_register, command_show,
	command_unregister;

/* "binfmtctl: VERB: ..." on stderr, with a newline. */
void say(const struct invocation *in, const char *format, ...) _printf_(2, 3);
/* The same, only with --verbose or --dry-run. */
void say_more(const struct invocation *in, const char *format, ...) _printf_(2, 3);
/* A diag with its place and hint; @what names the rule or entry when no file does. */
void say_diag(const struct invocation *in, const char *what, const struct diag *diag);
/* say() and EXIT_USAGE. */
enum exit_code usage(const struct invocation *in, const char *format, ...) _printf_(2, 3);

/* Writes all of @text to stdout. EXIT_FAILED with a message when that fails. */
enum exit_code print_text(const struct invocation *in, const struct text *text);

enum exit_code exit_code_of(int err);

/* Exit code of a verb that handled @count items of which some failed. */
enum exit_code exit_code_of_results(const struct output_result *results, size_t count);
void results_done(struct output_result *results, size_t count);

/*
 * Opens the mount that --mount names. With @make, loads the module and mounts it when it is
 * not there, unless options forbid that or it is a dry run.
 */
enum exit_code open_mount(const struct invocation *in, bool make, int *ret_fd);
