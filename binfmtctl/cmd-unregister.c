/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* binfmtctl unregister: removes entries by name, pattern or interpreter. */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/command.h"
#include "binfmtctl/config.h"
#include "binfmtctl/desired.h"
#include "binfmtctl/explain.h"

struct state {
	const char *interpreter, *file;
	bool all, if_present, yes;
};

enum {
	OPTION_ALL = OPTION_COMMAND,
	OPTION_FILE,
	OPTION_IF_PRESENT,
	OPTION_INTERPRETER,
	OPTION_YES
};

static const struct poptOption options[] = {
	{"all", 'a', POPT_ARG_NONE, NULL, OPTION_ALL,
	 "every entry, whoever registered it; on a terminal you are asked", NULL},
	{"file", 0, POPT_ARG_STRING, NULL, OPTION_FILE,
	 "the entries that the rules of this conf file name", "FILE"},
	{"interpreter", 'i', POPT_ARG_STRING, NULL, OPTION_INTERPRETER,
	 "the entries whose interpreter is PATH, or matches it as a pattern", "PATH"},
	{"if-present", 0, POPT_ARG_NONE, NULL, OPTION_IF_PRESENT,
	 "an entry that does not exist is no error", NULL},
	{"yes", 'y', POPT_ARG_NONE, NULL, OPTION_YES, "do not ask", NULL},
	POPT_TABLEEND,
};

static enum exit_code take_option(struct invocation *in, void *state, int option,
				  const char *arg)
{
	struct state *s = state;

	(void)in;
	switch (option) {
	case OPTION_ALL: s->all = true; break;
	case OPTION_FILE: s->file = arg; break;
	case OPTION_INTERPRETER: s->interpreter = arg; break;
	case OPTION_YES: s->yes = true; break;
	default: s->if_present = true; break;
	}
	return EXIT_OK;
}

/* An exact name, so that names with '*' in them can be named; else a pattern. */
static size_t mark(const struct entries *entries, const char *pattern, bool *marks)
{
	size_t found = 0;

	for (size_t i = 0; i < entries->count; i++)
		if (strcmp(entries->list[i].rule.name, pattern) == 0) {
			marks[i] = true;
			return 1;
		}
	for (size_t i = 0; i < entries->count; i++)
		if (fnmatch(pattern, entries->list[i].rule.name, 0) == 0) {
			marks[i] = true;
			found++;
		}
	return found;
}

static size_t mark_interpreter(const struct entries *entries, const char *pattern,
			       bool *marks)
{
	size_t found = 0;

	for (size_t i = 0; i < entries->count; i++) {
		const char *interpreter = entries->list[i].rule.interpreter;

		if (interpreter && entries->list[i].rule.type != RULE_BPF &&
		    (strcmp(interpreter, pattern) == 0 ||
		     fnmatch(pattern, interpreter, FNM_PATHNAME) == 0)) {
			marks[i] = true;
			found++;
		}
	}
	return found;
}

/* Items for what is marked and for what was not found. */
static int make_items(const struct entries *entries, const bool *marks, struct plan *plan)
{
	for (size_t i = 0; i < entries->count; i++) {
		struct plan_item *item;

		if (!marks[i])
			continue;
		item = plan_add(plan);
		if (!item)
			return -ENOMEM;
		item->entry = &entries->list[i];
		item->change = CHANGE_REMOVE;
	}
	return 0;
}

static int add_missing(const char *what, int err, struct plan *plan)
{
	struct plan_item *item = plan_add(plan);

	if (!item)
		return -ENOMEM;
	item->err = err;
	item->text = what;
	item->size = strlen(what);
	explain_entry(item->err, what, &item->diag);
	return 0;
}

static int add_wrong(const struct config *config, const struct conf_rule *r,
		     struct plan *plan)
{
	struct plan_item *item = desired_item(config, r, plan);

	if (!item)
		return -ENOMEM;
	item->rule = NULL;
	return 0;
}

/* The entries of a conf file's rules; those that are not there are errors, and wrong ones. */
static int mark_file(const struct state *s, const struct config *config,
		     const struct entries *entries, bool *marks, struct plan *plan)
{
	int err = 0;

	for (size_t i = 0; !err && i < config->rule_count; i++) {
		const char *name = config->rules[i].rule.name;
		size_t at = 0;

		if (config->rules[i].err) {
			err = add_wrong(config, &config->rules[i], plan);
			continue;
		}
		if (config->rules[i].replaced)
			continue;
		while (at < entries->count &&
		       strcmp(entries->list[at].rule.name, name) != 0)
			at++;
		if (at < entries->count)
			marks[at] = true;
		else if (!s->if_present)
			err = add_missing(name, -ENOENT, plan);
	}
	return err;
}

/* Everything goes: also what others registered. Nobody to ask is as good as a yes. */
static bool may_remove_all(const struct invocation *in, const struct state *s,
			   size_t count)
{
	char answer[16] = "";

	if (s->yes || in->globals.dry_run || !count || !isatty(STDIN_FILENO) ||
	    !isatty(STDERR_FILENO))
		return true;
	fprintf(stderr,
		"Remove all %zu entries, also those that others registered? [y/N] ",
		count);
	return fgets(answer, sizeof(answer), stdin) &&
	       (answer[0] == 'y' || answer[0] == 'Y');
}

static enum exit_code run(struct invocation *in, void *state)
{
	const struct state *s = state;
	_cleanup_(config_done) struct config config = {0};
	_cleanup_(entries_done) struct entries entries = {0};
	_cleanup_(plan_done) struct plan plan = {0};
	_cleanup_(fd_closep) int fd = -1;
	enum exit_code code;
	bool enabled, *marks;
	int err = 0;

	if (s->all + (in->arg_count > 0) + (s->interpreter != NULL) + (s->file != NULL) !=
	    1)
		return usage(in, s->all ? "--all takes no names"
				 : s->interpreter || s->file
					 ? "names, --interpreter and --file exclude each "
					   "other"
					 : "which entry? `binfmtctl list` names them");
	if (s->file) {
		err = config_add(&config, AT_FDCWD, s->file, in->globals.limits);
		if (err)
			return fail(in, err, s->file);
		config_mark_replaced(&config);
	}
	code = open_mount(in, false, &fd);
	if (!code)
		code = read_entries(in, fd, &entries, &enabled);
	if (code)
		return code;
	if (s->all && !may_remove_all(in, s, entries.count)) {
		say(in, "nothing was removed");
		return EXIT_EXISTS;
	}
	marks = calloc(entries.count + 1, sizeof(*marks));
	if (!marks)
		return fail(in, -ENOMEM, NULL);
	if (s->all)
		memset(marks, true, entries.count * sizeof(*marks));
	if (s->interpreter && !mark_interpreter(&entries, s->interpreter, marks) &&
	    !s->if_present)
		err = add_missing(s->interpreter, -ENOENT, &plan);
	if (!err && s->file)
		err = mark_file(s, &config, &entries, marks, &plan);
	for (size_t i = 0; !err && i < in->arg_count; i++)
		if (!mark(&entries, in->args[i], marks) &&
		    !(s->if_present && kernel_name_valid(in->args[i])))
			err = add_missing(in->args[i],
					  kernel_name_valid(in->args[i]) ? -ENOENT
									 : -EINVAL,
					  &plan);
	if (!err)
		err = make_items(&entries, marks, &plan);
	free(marks);
	if (err)
		return fail(in, err, NULL);
	return run_changes(in, &plan, fd, CHANGES_NO_TEST);
}

const struct command command_unregister = {
	.name = "unregister",
	.args = "[OPTION...] [NAME|PATTERN...]",
	.summary = "remove entries",
	.examples = "  binfmtctl unregister xlate-aarch64\n"
		    "  binfmtctl unregister 'qemu-*'\n"
		    "  binfmtctl unregister --interpreter /usr/bin/wine\n"
		    "  binfmtctl unregister --file /etc/binfmt.d/mine.conf\n"
		    "  binfmtctl -n unregister --all\n",
	.options = options,
	.state_size = sizeof(struct state),
	.option = take_option,
	.run = run,
};
