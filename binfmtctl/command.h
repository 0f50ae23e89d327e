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

#include "binfmtctl/json-doc.h"
#include "binfmtctl/kernel.h"
#include "binfmtctl/output.h"
#include "binfmtctl/plan.h"
#include "binfmtctl/table.h"

enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NOT_FOUND = 3,
	EXIT_EXISTS = 4, /* or refused without --force */
	EXIT_PERMISSION = 5,
	EXIT_NO_BINFMT = 6, /* not mounted, not supported */
	EXIT_PARTIAL = 7,
	EXIT_INVALID = 8,      /* a rule or conf file */
	EXIT_FINDINGS = 9,     /* of the audit, at or above --fail-on */
	EXIT_DIFFERENCES = 10, /* of the kernel from the configuration */
};

struct globals {
	const char *mount; /* as given, or below the root, or the usual one */
	const char *root;  /* NULL: the running system */
	int root_fd;       /* of root, or AT_FDCWD */
	const char *userns;
	const struct rule_limits *limits;
	enum output_format format;
	bool color;
	bool mount_given;   /* by --mount */
	bool foreign_mount; /* --userns: what is mounted there is not its own */
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

/* All verbs, NULL behind the last, and the options that all of them have. */
extern const struct command *const commands[];
extern const struct poptOption global_options[];

extern const struct command command_apply, command_audit, command_completion,
	command_convert, command_diff, command_disable, command_doctor, command_enable,
	command_gen, command_host, command_install, command_lint, command_list,
	command_match, command_parse, command_plan, command_probe, command_register,
	command_restore, command_save, command_show, command_status, command_uninstall,
	command_unregister, command_watch, command_why;

/* "binfmtctl: VERB: ..." on stderr, with a newline. */
void say(const struct invocation *in, const char *format, ...) _printf_(2, 3);
/* The same, only with --verbose or --dry-run. */
void say_more(const struct invocation *in, const char *format, ...) _printf_(2, 3);
/* A diag with its place and hint; @what names the rule or entry when no file does. */
void say_diag(const struct invocation *in, const char *what, const struct diag *diag);
/* say() and EXIT_USAGE. */
enum exit_code usage(const struct invocation *in, const char *format, ...) _printf_(2, 3);

/*
 * What is going on, for work that has taken longer than a second: a line on a terminal that the
 * next one or a message replaces. Call it often; mostly it does nothing.
 */
void progress(const struct invocation *in, const char *format, ...) _printf_(2, 3);
void progress_clear(void);

/* Writes all of @text to stdout. EXIT_FAILED with a message when that fails. */
enum exit_code print_text(const struct invocation *in, const struct text *text);

enum exit_code exit_code_of(int err);

/* Exit code of a verb that handled @count items of which some failed. */
enum exit_code exit_code_of_results(const struct output_result *results, size_t count);
void results_done(struct output_result *results, size_t count);

bool wants_json(const struct invocation *in);

/* say() for an errno, and its exit code. */
enum exit_code fail(const struct invocation *in, int err, const char *what);

/* Prints the finished document, or says why there is none; @code if that worked. */
enum exit_code print_doc(const struct invocation *in, struct doc *doc,
			 struct json_object *object, struct text *text,
			 enum exit_code code);

/* All entries and the status; entries that cannot be read are left out with a message. */
enum exit_code read_entries(const struct invocation *in, int fd, struct entries *ret,
			    bool *ret_enabled);

/*
 * Makes the changes of a plan or, with --dry-run, tells them; prints JSON if asked for.
 * @flags: CHANGES_*. EXIT_PARTIAL and others as exit_code_of_results().
 */
enum {
	CHANGES_NO_TEST = 1 << 0 /* skip the test of a native program after each change */
};
enum exit_code run_changes(const struct invocation *in, struct plan *plan, int fd,
			   unsigned int flags);

/*
 * Opens the mount that --mount names. With @make, loads the module and mounts it when it is
 * not there, unless options forbid that or it is a dry run.
 */
enum exit_code open_mount(const struct invocation *in, bool make, int *ret_fd);
