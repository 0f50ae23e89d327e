/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* binfmtctl: options and the table of verbs. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "binfmtctl/command.h"
#include "binfmtctl/instance.h"

const struct command *const commands[] = {
	&command_apply,   &command_audit,     &command_completion,
	&command_convert, &command_diff,      &command_disable,
	&command_doctor,  &command_enable,    &command_gen,
	&command_host,    &command_install,   &command_lint,
	&command_list,    &command_match,     &command_parse,
	&command_plan,    &command_probe,     &command_register,
	&command_restore, &command_save,      &command_show,
	&command_status,  &command_uninstall, &command_unregister,
	&command_watch,   &command_why,       NULL,
};

enum {
	OPTION_HELP = 1,
	OPTION_VERSION,
	OPTION_MOUNT,
	OPTION_ROOT,
	OPTION_USERNS,
	OPTION_KERNEL,
	OPTION_COLOR,
	OPTION_FORMAT,
	OPTION_QUIET,
	OPTION_VERBOSE,
	OPTION_DRY_RUN,
	OPTION_NO_MOUNT,
	OPTION_NO_MODPROBE,
};

const struct poptOption global_options[] = {
	{"mount", 'm', POPT_ARG_STRING, NULL, OPTION_MOUNT,
	 "binfmt_misc instance to use (default " KERNEL_MOUNT_POINT ")", "DIR"},
	{"root", 'R', POPT_ARG_STRING, NULL, OPTION_ROOT,
	 "work on the system below DIR, such as an image: its files, its mount", "DIR"},
	{"userns", 0, POPT_ARG_STRING, NULL, OPTION_USERNS,
	 "work inside another user namespace, of a process or a namespace file",
	 "PID|PATH"},
	{"kernel", 0, POPT_ARG_STRING, NULL, OPTION_KERNEL,
	 "check rules as that kernel version would (default: the running one)",
	 "VERSION"},
	{"color", 0, POPT_ARG_STRING, NULL, OPTION_COLOR,
	 "colours: auto, always or never (default: auto)", "WHEN"},
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

/* https://no-color.org: any value but the empty one. */
static bool terminal_has_colors(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no_color && *no_color) &&
	       !(term && strcmp(term, "dumb") == 0);
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

static enum exit_code set_color(struct invocation *in, const char *arg)
{
	if (strcmp(arg, "always") == 0)
		in->globals.color = true;
	else if (strcmp(arg, "never") == 0)
		in->globals.color = false;
	else if (strcmp(arg, "auto") == 0)
		in->globals.color = terminal_has_colors();
	else
		return usage(in, "--color takes auto, always or never, not '%s'", arg);
	return EXIT_OK;
}

static enum exit_code global_option(struct invocation *in, int option, const char *arg)
{
	struct globals *g = &in->globals;

	switch (option) {
	case OPTION_MOUNT:
		g->mount = arg;
		g->mount_given = true;
		break;
	case OPTION_ROOT: g->root = arg; break;
	case OPTION_USERNS: g->userns = arg; break;
	case OPTION_COLOR: return set_color(in, arg);
	case OPTION_KERNEL:
		g->limits = rule_limits_find(arg);
		if (!g->limits)
			return usage(in, "'%s' is no kernel version since %s", arg,
				     rule_limits_at(0)->since);
		break;
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
	for (size_t i = 0; commands[i]; i++)
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
			if (in->string_count == ARRAY_SIZE(in->strings) - 1) {
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
	for (size_t i = 0; commands[i]; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static enum exit_code enter_userns(struct invocation *in)
{
	struct globals *g = &in->globals;
	dev_t host = 0;
	bool own;
	int err;

	if (instance_device(KERNEL_MOUNT_POINT, &host))
		host = 0;
	err = instance_enter_userns(g->userns, g->mount, host, &own);
	if (err) {
		say(in, "cannot enter the user namespace of %s: %s", g->userns,
		    strerror(-err));
		return exit_code_of(err);
	}
	/* Without one of its own, the mount that is seen there is ours: not to be touched. */
	g->foreign_mount = !own;
	return EXIT_OK;
}

/* What follows from options that may come in any order. */
static enum exit_code settle(struct invocation *in)
{
	struct globals *g = &in->globals;

	if (g->root && g->userns)
		return usage(in, "--root and --userns exclude each other");
	if (!g->limits)
		g->limits = rule_limits_running();
	if (g->root) {
		g->root_fd = open(g->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (g->root_fd < 0) {
			say(in, "%s: %s", g->root, strerror(errno));
			return exit_code_of(-errno);
		}
	}
	if (!g->mount && g->root) {
		struct text mount = TEXT_INIT;

		text_printf(&mount, "%s%s", g->root, KERNEL_MOUNT_POINT);
		g->mount = text_take(&mount);
		if (!g->mount)
			return fail(in, -ENOMEM, NULL);
		in->strings[in->string_count++] = (char *)g->mount;
	}
	if (!g->mount)
		g->mount = KERNEL_MOUNT_POINT;
	return g->userns ? enter_userns(in) : EXIT_OK;
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
	code = settle(in);
	if (!code)
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

/* Called by the name of systemd's program, it is that program. */
static enum exit_code run_as_systemd(struct invocation *in, int argc, const char **argv)
{
	const char **args = calloc(argc + 3, sizeof(*args));
	enum exit_code code;

	if (!args)
		return EXIT_FAILED;
	args[0] = "apply";
	args[1] = "--exclusive";
	memcpy(args + 2, argv + 1, (argc - 1) * sizeof(*args));
	in->command = &command_apply;
	code = run_command(in, argc + 1, args);
	free(args);
	return code;
}

int main(int argc, char **argv)
{
	struct invocation in = {
		.globals = {.root_fd = AT_FDCWD, .color = terminal_has_colors()},
	};
	const char *name = argc ? strrchr(argv[0], '/') : NULL;
	enum exit_code code;

	name = name ? name + 1 : argc ? argv[0] : "";
	if (strcmp(name, "systemd-binfmt") == 0)
		code = run_as_systemd(&in, argc, (const char **)argv);
	else
		code = run(&in, argc, (const char **)argv);
	for (size_t i = 0; i < in.string_count; i++)
		free(in.strings[i]);
	if (in.globals.root_fd >= 0)
		close(in.globals.root_fd);
	if (fflush(stdout) && !code)
		code = EXIT_FAILED;
	return code;
}
