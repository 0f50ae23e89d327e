/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* binfmtctl enable, disable, status: the switches of entries and of matching as a whole. */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/command.h"
#include "binfmtctl/explain.h"

struct state {
	bool all;
};

enum { OPTION_ALL = OPTION_COMMAND };

static const struct poptOption options[] = {
	{"all", 'a', POPT_ARG_NONE, NULL, OPTION_ALL, "every entry", NULL},
	POPT_TABLEEND,
};

static enum exit_code take_option(struct invocation *in, void *state, int option,
				  const char *arg)
{
	struct state *s = state;

	(void)in;
	(void)option;
	(void)arg;
	s->all = true;
	return EXIT_OK;
}

/* Marks what the argument names: an entry, or a pattern when there is no such entry. */
static bool mark(const struct entries *entries, const char *pattern, bool *marks)
{
	bool found = false;

	for (size_t i = 0; i < entries->count; i++)
		if (strcmp(entries->list[i].rule.name, pattern) == 0)
			return marks[i] = true;
	for (size_t i = 0; i < entries->count; i++)
		if (fnmatch(pattern, entries->list[i].rule.name, 0) == 0)
			found = marks[i] = true;
	return found;
}

static enum exit_code switch_marked(struct invocation *in, int fd,
				    const struct entries *entries, const bool *marks,
				    bool enable, enum exit_code code)
{
	_cleanup_(plan_done) struct plan plan = {0};
	enum exit_code changed;

	for (size_t i = entries->count; i-- > 0;) {
		struct plan_item *item;

		if (!marks[i])
			continue;
		item = plan_add(&plan);
		if (!item)
			return fail(in, -ENOMEM, NULL);
		item->rule = &entries->list[i].rule;
		item->entry = &entries->list[i];
		if (entries->list[i].enabled != enable)
			item->change = enable ? CHANGE_ENABLE : CHANGE_DISABLE;
	}
	changed = run_changes(in, &plan, fd, CHANGES_NO_TEST);
	return changed ? changed : code && plan.count ? EXIT_PARTIAL : code;
}

static enum exit_code switch_all(struct invocation *in, int fd, bool enable)
{
	int err = 0;

	if (!in->globals.dry_run)
		err = kernel_set_status(fd, enable);
	if (err) {
		struct diag diag = {0};

		explain_entry(err, "", &diag);
		say_diag(in, NULL, &diag);
		return exit_code_of(err);
	}
	say_more(in, "matching as a whole %s switched %s",
		 in->globals.dry_run ? "would be" : "is", enable ? "on" : "off");
	return EXIT_OK;
}

static enum exit_code run_switch(struct invocation *in, const struct state *s,
				 bool enable)
{
	_cleanup_(entries_done) struct entries entries = {0};
	_cleanup_(fd_closep) int fd = -1;
	enum exit_code code, missing = EXIT_OK;
	bool enabled, *marks;

	if (s->all && in->arg_count)
		return usage(in, "--all takes no names");
	code = open_mount(in, false, &fd);
	if (code)
		return code;
	if (!s->all && in->arg_count == 0)
		return switch_all(in, fd, enable);
	code = read_entries(in, fd, &entries, &enabled);
	if (code)
		return code;
	marks = calloc(entries.count + 1, sizeof(*marks));
	if (!marks)
		return fail(in, -ENOMEM, NULL);
	if (s->all)
		memset(marks, true, entries.count * sizeof(*marks));
	for (size_t i = 0; i < in->arg_count; i++) {
		struct diag diag = {0};

		if (mark(&entries, in->args[i], marks))
			continue;
		explain_entry(-ENOENT, in->args[i], &diag);
		say_diag(in, in->args[i], &diag);
		missing = EXIT_NOT_FOUND;
	}
	code = switch_marked(in, fd, &entries, marks, enable, missing);
	if (!code && enable && !enabled)
		say(in, "matching as a whole is still switched off: `binfmtctl enable` "
			"without names switches it on");
	free(marks);
	return code;
}

static enum exit_code run_enable(struct invocation *in, void *state)
{
	return run_switch(in, state, true);
}

static enum exit_code run_disable(struct invocation *in, void *state)
{
	return run_switch(in, state, false);
}

static enum exit_code run_status(struct invocation *in, void *state)
{
	_cleanup_(entries_done) struct entries entries = {0};
	_cleanup_(text_done) struct text out = TEXT_INIT;
	_cleanup_(fd_closep) int fd = -1;
	struct json_object *all;
	enum exit_code code;
	struct doc doc = {0};
	size_t on = 0;
	bool enabled;

	(void)state;
	if (in->arg_count)
		return usage(
			in,
			"no arguments are taken; `binfmtctl show NAME` shows one entry");
	code = open_mount(in, false, &fd);
	if (!code)
		code = read_entries(in, fd, &entries, &enabled);
	if (code)
		return code;
	for (size_t i = 0; i < entries.count; i++)
		on += entries.list[i].enabled;
	if (wants_json(in)) {
		all = doc_envelope(&doc, "status", NULL, NULL);
		doc_string(&doc, all, "mount", in->globals.mount);
		doc_bool(&doc, all, "enabled", enabled);
		doc_int(&doc, all, "entries_enabled", on);
		doc_int(&doc, all, "entries_disabled", entries.count - on);
		return print_doc(in, &doc, all, &out, EXIT_OK);
	}
	if (in->globals.format == OUTPUT_PLAIN)
		text_printf(&out, "%s\t%zu\t%zu\n", enabled ? "enabled" : "disabled", on,
			    entries.count - on);
	else
		text_printf(&out, "%s: matching is %s, %zu %s enabled, %zu disabled\n",
			    in->globals.mount, enabled ? "enabled" : "disabled", on,
			    on == 1 ? "entry is" : "entries are", entries.count - on);
	return print_text(in, &out);
}

const struct command command_enable = {
	.name = "enable",
	.args = "[OPTION...] [NAME|PATTERN...]",
	.summary = "switch entries on; without names, matching as a whole",
	.examples = "  binfmtctl enable qemu-arm\n"
		    "  binfmtctl enable 'qemu-*'\n"
		    "  binfmtctl enable\n",
	.options = options,
	.state_size = sizeof(struct state),
	.option = take_option,
	.run = run_enable,
};

const struct command command_disable = {
	.name = "disable",
	.args = "[OPTION...] [NAME|PATTERN...]",
	.summary = "switch entries off, keeping them and their place",
	.examples = "  binfmtctl disable qemu-arm\n"
		    "  binfmtctl disable --all\n",
	.options = options,
	.state_size = sizeof(struct state),
	.option = take_option,
	.run = run_disable,
};

const struct command command_status = {
	.name = "status",
	.args = "[OPTION...]",
	.summary = "say whether matching is switched on, and for how many entries",
	.examples = "  binfmtctl status\n",
	.run = run_status,
};
