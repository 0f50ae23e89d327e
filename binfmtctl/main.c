/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* binfmtctl: options, the table of verbs, and what all verbs share. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/fd.h"

#include "binfmtctl/command.h"
#include "binfmtctl/explain.h"
#include "binfmtctl/module.h"

static const struct command *const commands[] = {
	&command_gen,  &command_list,       &command_register,
	&command_show, &command_unregister,
};

enum {
	OPTION_HELP = 1,
	OPTION_VERSION,
	OPTION_MOUNT,
	OPTION_FORMAT,
	OPTION_QUIET,
	OPTION_VERBOSE,
	OPTION_DRY_RUN,
	OPTION_NO_MOUNT,
	OPTION_NO_MODPROBE,
};

static const struct poptOption global_options[] = {
	{"mount", 'm', POPT_ARG_STRING, NULL, OPTION_MOUNT,
	 "binfmt_misc instance to use (default " KERNEL_MOUNT_POINT ")", "DIR"},
	{"format", 'f', POPT_ARG_STRING, NULL, OPTION_FORMAT,
	 "text, plain (tab-separated), json or jsonl", "FORMAT"},
	{"dry-run", 'n', POPT_ARG_NONE, NULL, OPTION_DRY_RUN,
	 "check and say what would be done, change nothing", NULL},
	{"quiet", 'q', POPT_ARG_NONE, NULL, OPTION_QUIET, "errors only", NULL},
	{"verbose", 'v', POPT_ARG_NONE, NULL, OPTION_VERBOSE, "say each step", NULL},
	{"no-mount", 0, POPT_ARG_NONE, NULL, OPTION_NO_MOUNT,
	 "do not mount binfmt_misc when it is not", NULL},
	{"no-modprobe", 0, POPT_ARG_NONE, NULL, OPTION_NO_MODPROBE,
	 "do not load the kernel module", NULL},
	{"help", 'h', POPT_ARG_NONE, NULL, OPTION_HELP, "this help", NULL},
	{"version", 0, POPT_ARG_NONE, NULL, OPTION_VERSION, "the version", NULL},
	POPT_TABLEEND,
};

static void vsay(const struct invocation *in, const char *format, va_list args)
{
	fprintf(stderr, "binfmtctl: ");
	if (in->command)
		fprintf(stderr, "%s: ", in->command->name);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

void say(const struct invocation *in, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsay(in, format, args);
	va_end(args);
}

void say_more(const struct invocation *in, const char *format, ...)
{
	va_list args;

	if (in->globals.quiet || !(in->globals.verbose || in->globals.dry_run))
		return;
	va_start(args, format);
	vsay(in, format, args);
	va_end(args);
}

enum exit_code usage(const struct invocation *in, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsay(in, format, args);
	va_end(args);
	fprintf(stderr, "  try `binfmtctl %s%s--help`\n",
		in->command ? in->command->name : "", in->command ? " " : "");
	return EXIT_USAGE;
}

/* A rule as its author knows it: backslashes are not doubled, all else is harmless. */
static void add_rule(struct text *to, const char *rule)
{
	const char *end;

	for (; *rule; rule = end) {
		end = strchrnul(rule, '\\');
		text_escape(to, rule, end - rule);
		for (; *end == '\\'; end++)
			text_putc(to, '\\');
	}
}

void say_diag(const struct invocation *in, const char *what, const struct diag *diag)
{
	_cleanup_(text_done) struct text place = TEXT_INIT;

	if (diag->file)
		text_puts(&place, diag->file);
	else if (what && diag->column) {
		text_puts(&place, "rule ");
		add_rule(&place, what);
	} else if (what) {
		text_escape(&place, what, strlen(what));
	}
	if (diag->line)
		text_printf(&place, ":%u", diag->line);
	if (diag->column)
		text_printf(&place, diag->line ? ":%u" : ", column %u", diag->column);
	if (place.size && !place.error)
		say(in, "%s: %s", place.data, diag->message);
	else
		say(in, "%s", diag->message);
	if (diag->hint[0])
		fprintf(stderr, "  hint: %s\n", diag->hint);
}

enum exit_code print_text(const struct invocation *in, const struct text *text)
{
	if (text->size && fwrite(text->data, 1, text->size, stdout) != text->size)
		goto fail;
	if (fflush(stdout) == 0)
		return EXIT_OK;
fail:
	say(in, "cannot write the result: %s", strerror(errno));
	return EXIT_FAILED;
}

enum exit_code exit_code_of(int err)
{
	switch (-err) {
	case 0: return EXIT_OK;
	case ECANCELED:
	case EEXIST: return EXIT_EXISTS;
	case EACCES:
	case EPERM:
	case EROFS: return EXIT_PERMISSION;
	case ENODEV: return EXIT_NO_BINFMT;
	case ENOENT: return EXIT_NOT_FOUND;
	case EINVAL:
	case E2BIG:
	case ENAMETOOLONG: return EXIT_INVALID;
	default: return EXIT_FAILED;
	}
}

enum exit_code exit_code_of_results(const struct output_result *results, size_t count)
{
	enum exit_code code = EXIT_OK;
	size_t failed = 0;

	for (size_t i = 0; i < count; i++) {
		if (!results[i].err)
			continue;
		if (!failed++)
			code = exit_code_of(results[i].err);
	}
	return failed && failed < count ? EXIT_PARTIAL : code;
}

void results_done(struct output_result *results, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(results[i].name);
		free(results[i].rule);
	}
	free(results);
}

static void load_module(const struct invocation *in)
{
	_cleanup_(fd_closep) int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	bool supported = false;
	int err;

	/* A kernel that lists the file system needs no module, whatever libkmod may find. */
	if (in->globals.no_modprobe ||
	    (proc >= 0 && kernel_supports(proc, &supported) == 0 && supported))
		return;
	switch (module_ensure(&module_ops_kmod, "binfmt_misc", &err)) {
	case MODULE_READY: break;
	case MODULE_LOADED: say_more(in, "loaded the module binfmt_misc"); break;
	case MODULE_NOT_FOUND:
		say_more(in, "no module binfmt_misc is installed; it may be built in");
		break;
	case MODULE_BLACKLISTED:
		say(in,
		    "the module binfmt_misc is blacklisted in modprobe's configuration");
		break;
	case MODULE_DENIED:
		say(in, "no permission to load the module binfmt_misc (%s)",
		    explain_errno_name(-err));
		break;
	case MODULE_FAILED:
		say(in, "cannot load the module binfmt_misc: %s", strerror(err));
		break;
	}
}

enum exit_code open_mount(const struct invocation *in, bool make, int *ret_fd)
{
	const struct globals *g = &in->globals;
	struct diag diag = {0};
	int err;

	err = kernel_open(AT_FDCWD, g->mount, ret_fd);
	/* Only where it belongs: mounting elsewhere would hide what is there. */
	if ((err == -ENODEV || err == -ENOENT) && make && !g->dry_run && !g->no_mount &&
	    strcmp(g->mount, KERNEL_MOUNT_POINT) == 0) {
		load_module(in);
		err = kernel_mount(g->mount);
		if (err) {
			say(in, "cannot mount binfmt_misc at %s: %s (%s)", g->mount,
			    strerror(-err), explain_errno_name(err));
			return err == -EPERM || err == -EACCES ? EXIT_PERMISSION
							       : EXIT_NO_BINFMT;
		}
		say_more(in, "mounted binfmt_misc at %s", g->mount);
		err = kernel_open(AT_FDCWD, g->mount, ret_fd);
	}
	if (!err)
		return EXIT_OK;
	explain_open(err, g->mount, &diag);
	say_diag(in, NULL, &diag);
	return err == -ENODEV || err == -ENOENT ? EXIT_NO_BINFMT : exit_code_of(err);
}

static enum exit_code set_format(struct invocation *in, const char *arg)
{
	static const struct {
		const char *name;
		enum output_format format;
	} formats[] = {
		{"text", OUTPUT_TEXT},
		{"plain", OUTPUT_PLAIN},
		{"json", OUTPUT_JSON},
		{"jsonl", OUTPUT_JSONL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (strcmp(arg, formats[i].name) == 0) {
			in->globals.format = formats[i].format;
			return EXIT_OK;
		}
	return usage(in, "there is no format '%s': it is text, plain, json or jsonl",
		     arg);
}

static enum exit_code global_option(struct invocation *in, int option, const char *arg)
{
	struct globals *g = &in->globals;

	switch (option) {
	case OPTION_MOUNT: g->mount = arg; break;
	case OPTION_FORMAT: return set_format(in, arg);
	case OPTION_QUIET: g->quiet = true; break;
	case OPTION_VERBOSE: g->verbose = true; break;
	case OPTION_DRY_RUN: g->dry_run = true; break;
	case OPTION_NO_MOUNT: g->no_mount = true; break;
	case OPTION_NO_MODPROBE: g->no_modprobe = true; break;
	default: break;
	}
	return EXIT_OK;
}

static void print_help(const struct invocation *in, poptContext context)
{
	poptPrintHelp(context, stdout, 0);
	if (in->command) {
		printf("\n%s\n", in->command->summary);
		if (in->command->examples)
			printf("\nExamples:\n%s", in->command->examples);
		return;
	}
	printf("\nVerbs:\n");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		printf("  %-12s %s\n", commands[i]->name, commands[i]->summary);
	printf("\nEach has its own --help. The manual is binfmtctl(8).\n");
}

/*
 * Takes all options of one context. Sets @ret_done when help or version was asked for. Values
 * of options stay with the invocation.
 */
static enum exit_code take_options(struct invocation *in, poptContext context,
				   void *state, bool *ret_done)
{
	int option;

	while ((option = poptGetNextOpt(context)) > 0) {
		char *arg = poptGetOptArg(context);
		enum exit_code code;

		if (arg) {
			if (in->string_count == ARRAY_SIZE(in->strings)) {
				free(arg);
				return usage(in, "too many options");
			}
			in->strings[in->string_count++] = arg;
		}
		if (option == OPTION_HELP) {
			print_help(in, context);
			*ret_done = true;
			return EXIT_OK;
		}
		if (option == OPTION_VERSION) {
			printf("binfmtctl %s\n", PACKAGE_VERSION);
			*ret_done = true;
			return EXIT_OK;
		}
		if (option >= OPTION_COMMAND)
			code = in->command->option(in, state, option, arg);
		else
			code = global_option(in, option, arg);
		if (code)
			return code;
	}
	if (option < -1)
		return usage(in, "%s: %s", poptBadOption(context, POPT_BADOPTION_NOALIAS),
			     poptStrerror(option));
	return EXIT_OK;
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static enum exit_code run_command(struct invocation *in, int argc,
				  const char *const *argv)
{
	const struct command *command = in->command;
	struct poptOption options[] = {
		{NULL, 0, POPT_ARG_INCLUDE_TABLE, (void *)command->options, 0,
		 "Options of this verb:", NULL},
		{NULL, 0, POPT_ARG_INCLUDE_TABLE, (void *)global_options, 0,
		 "Options of all verbs:", NULL},
		POPT_TABLEEND,
	};
	_cleanup_(text_done) struct text name = TEXT_INIT;
	void *state = calloc(1, command->state_size + 1);
	enum exit_code code = EXIT_FAILED;
	poptContext context = NULL;
	const char **args = NULL;
	bool done = false;

	text_printf(&name, "binfmtctl %s", command->name);
	if (!state || name.error) {
		say(in, "%s", strerror(ENOMEM));
		goto out;
	}
	args = calloc(argc + 1, sizeof(*args));
	if (!args)
		goto out;
	memcpy(args, argv, argc * sizeof(*args));
	args[0] = name.data;
	/* Without a table of its own the verb has the global options only. */
	context = poptGetContext(NULL, argc, args,
				 command->options ? options : options + 1, 0);
	if (!context)
		goto out;
	poptSetOtherOptionHelp(context, command->args);
	code = take_options(in, context, state, &done);
	if (code || done)
		goto out;
	in->args = poptGetArgs(context);
	while (in->args && in->args[in->arg_count])
		in->arg_count++;
	code = command->run(in, state);
out:
	if (context)
		poptFreeContext(context);
	free(args);
	free(state);
	return code;
}

static enum exit_code run(struct invocation *in, int argc, const char **argv)
{
	poptContext context;
	enum exit_code code;
	bool done = false;
	const char **args;
	int count = 0;

	context = poptGetContext(NULL, argc, argv, global_options,
				 POPT_CONTEXT_POSIXMEHARDER);
	if (!context)
		return EXIT_FAILED;
	poptSetOtherOptionHelp(context, "[OPTION...] VERB [ARGUMENT...]");
	code = take_options(in, context, NULL, &done);
	if (code || done)
		goto out;
	args = poptGetArgs(context);
	if (!args || !args[0]) {
		code = usage(in, "which verb?");
		goto out;
	}
	in->command = find_command(args[0]);
	if (!in->command) {
		code = usage(in, "there is no verb '%s'", args[0]);
		goto out;
	}
	while (args[count])
		count++;
	code = run_command(in, count, args);
out:
	poptFreeContext(context);
	return code;
}

int main(int argc, char **argv)
{
	struct invocation in = {.globals = {.mount = KERNEL_MOUNT_POINT}};
	enum exit_code code = run(&in, argc, (const char **)argv);

	for (size_t i = 0; i < in.string_count; i++)
		free(in.strings[i]);
	if (fflush(stdout) && !code)
		code = EXIT_FAILED;
	return code;
}
