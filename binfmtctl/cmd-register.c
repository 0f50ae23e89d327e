/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * binfmtctl register: checks rules and gives them to the kernel one by one. All rules are read
 * before the first one is written, so a mistake in a file changes nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/check.h"
#include "binfmtctl/command.h"
#include "binfmtctl/config.h"
#include "binfmtctl/desired.h"
#include "binfmtctl/explain.h"
#include "binfmtctl/probe.h"
#include "binfmtctl/record.h"

enum { CONF_SIZE_MAX = 16 << 20, FILES_MAX = 32 };

struct state {
	const char *files[FILES_MAX];
	size_t file_count;
	bool force, if_absent, replace, on_top, no_test, adopt, verify;
};

enum {
	OPTION_FILE = OPTION_COMMAND,
	OPTION_FORCE,
	OPTION_IF_ABSENT,
	OPTION_REPLACE,
	OPTION_ON_TOP,
	OPTION_NO_TEST,
	OPTION_ADOPT,
	OPTION_VERIFY,
};

static const struct poptOption options[] = {
	{"file", 'F', POPT_ARG_STRING, NULL, OPTION_FILE,
	 "register the rules of a binfmt.d file; - is standard input", "FILE"},
	{"replace", 'r', POPT_ARG_NONE, NULL, OPTION_REPLACE,
	 "replace an entry of the same name, at its place, without a moment between",
	 NULL},
	{"on-top", 0, POPT_ARG_NONE, NULL, OPTION_ON_TOP,
	 "with --replace: as the first to match, not at the old place", NULL},
	{"if-absent", 0, POPT_ARG_NONE, NULL, OPTION_IF_ABSENT,
	 "leave an existing entry of the same name alone", NULL},
	{"adopt", 0, POPT_ARG_NONE, NULL, OPTION_ADOPT,
	 "the same rule may be there already; as of now it counts as applied: `apply` removes "
	 "it when no conf file has it",
	 NULL},
	{"verify", 0, POPT_ARG_NONE, NULL, OPTION_VERIFY,
	 "read each entry back, and have the kernel start a file made up for it", NULL},
	{"force", 0, POPT_ARG_NONE, NULL, OPTION_FORCE,
	 "register even what would take native programs or give away root", NULL},
	{"no-test", 0, POPT_ARG_NONE, NULL, OPTION_NO_TEST,
	 "do not test after each change that native programs still start", NULL},
	POPT_TABLEEND,
};

static enum exit_code take_option(struct invocation *in, void *state, int option,
				  const char *arg)
{
	struct state *s = state;

	switch (option) {
	case OPTION_FILE:
		if (s->file_count == FILES_MAX)
			return usage(in, "too many files");
		s->files[s->file_count++] = arg;
		break;
	case OPTION_FORCE: s->force = true; break;
	case OPTION_REPLACE: s->replace = true; break;
	case OPTION_ON_TOP: s->on_top = true; break;
	case OPTION_NO_TEST: s->no_test = true; break;
	case OPTION_ADOPT: s->adopt = true; break;
	case OPTION_VERIFY: s->verify = true; break;
	default: s->if_absent = true; break;
	}
	return EXIT_OK;
}

static enum exit_code add_stdin(const struct invocation *in, struct config *config)
{
	size_t size;
	char *data;
	int err = fd_read_all(STDIN_FILENO, CONF_SIZE_MAX, &data, &size);

	if (err)
		return fail(in, err, "standard input");
	err = config_add_text(config, "standard input", data, size, in->globals.limits);
	free(data);
	return err ? fail(in, err, NULL) : EXIT_OK;
}

/* A path as it is: unlike apply, a bare name is a file here. */
static enum exit_code add_file(const struct invocation *in, const char *path,
			       struct config *config)
{
	_cleanup_(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t size;
	char *data;
	int err;

	if (fd < 0)
		return fail(in, -errno, path);
	err = fd_read_all(fd, CONF_SIZE_MAX, &data, &size);
	if (err)
		return fail(in, err, path);
	err = config_add_text(config, path, data, size, in->globals.limits);
	free(data);
	return err ? fail(in, err, NULL) : EXIT_OK;
}

static enum exit_code read_all(const struct invocation *in, const struct state *s,
			       struct config *config)
{
	enum exit_code code = EXIT_OK;

	for (size_t i = 0; !code && i < s->file_count; i++)
		code = strcmp(s->files[i], "-") == 0 ? add_stdin(in, config)
						     : add_file(in, s->files[i], config);
	for (size_t i = 0; !code && i < in->arg_count; i++) {
		int err = config_add_rule(config, in->args[i], strlen(in->args[i]),
					  in->globals.limits);

		if (err)
			code = fail(in, err, NULL);
	}
	return code;
}

/* Items for all rules; what is wrong with them is in the items. */
static int make_items(const struct state *s, struct config *config, struct plan *plan)
{
	for (size_t i = 0; i < config->rule_count; i++) {
		struct conf_rule *r = &config->rules[i];
		struct plan_item *item;

		if (!r->err && !s->force) {
			r->err = check_danger(&r->rule, &r->diag);
			r->diag.line = r->line;
		}
		item = desired_item(config, r, plan);
		if (!item)
			return -ENOMEM;
		item->refresh = s->replace;
	}
	return 0;
}

static bool any_error(const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->items[i].err)
			return true;
	return false;
}

/* An entry of the name is there and nobody allowed to touch it. */
static void refuse_existing(const struct state *s, struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		struct plan_item *item = &plan->items[i];

		if (item->change == CHANGE_NONE && !item->entry)
			continue;
		if (s->replace || !item->entry)
			continue;
		if (s->adopt && item->entry->understood &&
		    rule_equal(item->rule, &item->entry->rule)) {
			item->change = CHANGE_NONE;
			continue;
		}
		item->change = CHANGE_NONE;
		if (s->if_absent)
			continue;
		item->err = -EEXIST;
		explain_register(item->err, item->rule, &item->diag);
	}
}

/* Adds the rules that are registered now to what apply remembers. */
static enum exit_code adopt(const struct invocation *in, int fd, const struct plan *plan)
{
	_cleanup_(record_done) struct record record = {0};
	const struct rule **rules;
	struct stat st;
	size_t count = 0;
	int err = fstat(fd, &st) < 0 ? -errno : 0;

	if (!err)
		err = record_load(in->globals.root_fd, st.st_dev, &record);
	if (err)
		return fail(in, err, RECORD_PATH);
	rules = calloc(record.entries.count + plan->count + 1,
		       sizeof(const struct rule *));
	if (!rules)
		return fail(in, -ENOMEM, NULL);
	for (size_t i = 0; i < plan->count; i++)
		if (!plan->items[i].err && !plan->items[i].follows)
			rules[count++] = plan->items[i].rule;
	for (size_t i = 0, own = count; i < record.entries.count; i++) {
		const struct rule *r = &record.entries.list[i].rule;
		size_t j = 0;

		while (j < own && strcmp(rules[j]->name, r->name) != 0)
			j++;
		if (j == own)
			rules[count++] = r;
	}
	err = record_save(in->globals.root_fd, st.st_dev, rules, count);
	free(rules);
	return err ? fail(in, err, RECORD_PATH) : EXIT_OK;
}

/* Whether the kernel has the rule and acts by it. */
static enum exit_code verify(const struct invocation *in, const struct entries *entries,
			     const struct rule *rule)
{
	_cleanup_(probe_done) struct probe probe = {.execfd = -1};
	size_t i = 0;
	int err;

	while (i < entries->count && strcmp(entries->list[i].rule.name, rule->name) != 0)
		i++;
	if (i == entries->count || !entries->list[i].understood ||
	    !rule_equal(&entries->list[i].rule, rule)) {
		say(in, "%s: the kernel does not have what was registered", rule->name);
		return EXIT_FAILED;
	}
	err = entries->list[i].enabled ? probe_entry(entries, i, &probe) : -ESHUTDOWN;
	if (err == -ESHUTDOWN)
		say(in, "%s: is switched off", rule->name);
	else if (err == -ENOENT)
		say(in, "%s: entries above it take every file that it could", rule->name);
	else if (err)
		return fail(in, err, "cannot trace a child");
	else if (probe.err)
		say(in, "%s: a file made up for it does not start: %s (%s)", rule->name,
		    strerror(-probe.err), explain_errno_name(probe.err));
	else
		say_more(in, "%s: verified, starts %s", rule->name, probe.exe);
	return err || probe.err ? EXIT_FAILED : EXIT_OK;
}

static enum exit_code verify_all(const struct invocation *in, int fd,
				 const struct plan *plan, enum exit_code code)
{
	_cleanup_(entries_done) struct entries entries = {0};
	enum exit_code bad;
	size_t good = 0;
	bool enabled;

	bad = read_entries(in, fd, &entries, &enabled);
	if (bad)
		return bad;
	for (size_t i = 0; i < plan->count; i++) {
		const struct plan_item *item = &plan->items[i];

		if (item->err || item->follows)
			continue;
		if (verify(in, &entries, item->rule))
			bad = EXIT_FAILED;
		else
			good++;
	}
	return code ? code : bad && good ? EXIT_PARTIAL : bad;
}

static enum exit_code run(struct invocation *in, void *state)
{
	const struct state *s = state;
	_cleanup_(config_done) struct config config = {0};
	_cleanup_(entries_done) struct entries entries = {0};
	_cleanup_(plan_done) struct plan plan = {0};
	_cleanup_(fd_closep) int fd = -1;
	bool enabled, keep = s->replace && !s->on_top;
	enum exit_code code;
	size_t own;
	int err;

	if (in->arg_count + s->file_count == 0)
		return usage(in, "which rule? Give its text, or --file FILE");
	if (s->replace && s->if_absent)
		return usage(in, "--replace and --if-absent exclude each other");
	if (s->adopt && s->if_absent)
		return usage(in, "--adopt and --if-absent exclude each other");
	code = read_all(in, s, &config);
	if (code)
		return code;
	err = make_items(s, &config, &plan);
	if (err)
		return fail(in, err, NULL);
	if (any_error(&plan)) {
		/* Without a descriptor: items with errors are told, the others not made. */
		for (size_t i = 0; i < plan.count; i++)
			plan.items[i].change = CHANGE_NONE;
		code = run_changes(in, &plan, -1, 0);
		say(in, "nothing was registered");
		for (size_t i = 0; i < plan.count; i++)
			if (plan.items[i].err)
				return exit_code_of(plan.items[i].err);
		return code;
	}
	code = open_mount(in, true, &fd);
	if (!code)
		code = read_entries(in, fd, &entries, &enabled);
	if (code)
		return code;
	own = plan.count;
	for (size_t i = 0; keep && i < own; i++) {
		err = plan_keep_above(&plan, &entries, plan.items[i].rule->name);
		if (err)
			return fail(in, err, NULL);
	}
	err = plan_make(&plan, &entries, keep ? PLAN_STRICT | PLAN_IN_PLACE : 0);
	if (err)
		return fail(in, err, NULL);
	refuse_existing(s, &plan);
	code = run_changes(in, &plan, fd, s->no_test || s->force ? CHANGES_NO_TEST : 0);
	if (in->globals.dry_run)
		return code;
	if (s->adopt) {
		enum exit_code adopted = adopt(in, fd, &plan);

		code = code ? code : adopted;
	}
	return s->verify ? verify_all(in, fd, &plan, code) : code;
}

const struct command command_register = {
	.name = "register",
	.args = "[OPTION...] [RULE...]",
	.summary = "check rules and register them with the kernel",
	.examples = "  binfmtctl register ':jar:E::jar::/usr/bin/jexec:'\n"
		    "  binfmtctl register --file /usr/lib/binfmt.d/qemu-arm.conf\n"
		    "  binfmtctl gen aarch64 | binfmtctl register --replace --file -\n",
	.options = options,
	.state_size = sizeof(struct state),
	.option = take_option,
	.run = run,
};
