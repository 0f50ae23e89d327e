/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * binfmtctl apply: makes the kernel's entries what binfmt.d(5) says, with the command line of
 * systemd-binfmt. Unlike that program it leaves entries alone that it did not register, unless
 * --exclusive is given, and never passes through a state without a rule that stays.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/check.h"
#include "binfmtctl/command.h"
#include "binfmtctl/conf.h"
#include "binfmtctl/config.h"
#include "binfmtctl/desired.h"
#include "binfmtctl/record.h"
#include "binfmtctl/root.h"

struct state {
	bool exclusive, force, no_test, unregister, cat, terse;
	long wait;
};

enum {
	OPTION_EXCLUSIVE = OPTION_COMMAND,
	OPTION_FORCE,
	OPTION_NO_TEST,
	OPTION_WAIT,
	OPTION_UNREGISTER,
	OPTION_CAT_CONFIG,
	OPTION_TLDR,
	OPTION_NO_PAGER,
};

static const struct poptOption options[] = {
	{"exclusive", 'x', POPT_ARG_NONE, NULL, OPTION_EXCLUSIVE,
	 "as systemd-binfmt: entries that are in no conf file go", NULL},
	{"unregister", 0, POPT_ARG_NONE, NULL, OPTION_UNREGISTER,
	 "remove the entries instead; with --exclusive all there are", NULL},
	{"wait-interpreter", 0, POPT_ARG_STRING, NULL, OPTION_WAIT,
	 "wait up to SECONDS for interpreters of F rules to appear", "SECONDS"},
	{"force", 0, POPT_ARG_NONE, NULL, OPTION_FORCE,
	 "register even what would take native programs or give away root", NULL},
	{"no-test", 0, POPT_ARG_NONE, NULL, OPTION_NO_TEST,
	 "do not test after each change that native programs still start", NULL},
	{"cat-config", 0, POPT_ARG_NONE, NULL, OPTION_CAT_CONFIG,
	 "print the conf files that count", NULL},
	{"tldr", 0, POPT_ARG_NONE, NULL, OPTION_TLDR, "print their rules only", NULL},
	{"no-pager", 0, POPT_ARG_NONE, NULL, OPTION_NO_PAGER,
	 "accepted for systemd-binfmt's sake: there is no pager", NULL},
	POPT_TABLEEND,
};

static enum exit_code take_option(struct invocation *in, void *state, int option,
				  const char *arg)
{
	struct state *s = state;
	char *end;

	switch (option) {
	case OPTION_EXCLUSIVE: s->exclusive = true; break;
	case OPTION_FORCE: s->force = true; break;
	case OPTION_NO_TEST: s->no_test = true; break;
	case OPTION_UNREGISTER: s->unregister = true; break;
	case OPTION_CAT_CONFIG: s->cat = true; break;
	case OPTION_TLDR: s->cat = s->terse = true; break;
	case OPTION_WAIT:
		s->wait = strtol(arg, &end, 10);
		if (!*arg || *end || s->wait < 0 || s->wait > 86400)
			return usage(in, "--wait-interpreter takes seconds, not '%s'",
				     arg);
		break;
	default: break;
	}
	return EXIT_OK;
}

/* Without comments and blank lines. */
static void put_rules(const struct conf_file *file, struct text *to)
{
	struct conf conf = {.at = file->data, .end = file->data + file->size};
	struct conf_line line;

	while (conf_next(&conf, &line)) {
		text_add(to, line.text, line.size);
		text_putc(to, '\n');
	}
}

static int compare_names(const void *a, const void *b)
{
	return strcmp((*(const struct conf_file *const *)a)->name,
		      (*(const struct conf_file *const *)b)->name);
}

static enum exit_code print_config(struct invocation *in, const struct state *s)
{
	_cleanup_(config_done) struct config config = {0};
	_cleanup_(text_done) struct text out = TEXT_INIT;
	const struct conf_file **files;
	size_t count = 0;
	int err = config_load(in->globals.root_fd, in->globals.limits, &config);

	if (err)
		return fail(in, err, "cannot read the configuration");
	files = calloc(config.file_count + 1, sizeof(const struct conf_file *));
	if (!files)
		return fail(in, -ENOMEM, NULL);
	for (size_t i = 0; i < config.file_count; i++)
		if (config.files[i].state == CONF_USED)
			files[count++] = &config.files[i];
	if (count)
		qsort(files, count, sizeof(*files), compare_names);
	for (size_t i = 0; i < count; i++) {
		text_puts(&out, i ? "\n# " : "# ");
		text_clean(&out, files[i]->path, strlen(files[i]->path));
		text_putc(&out, '\n');
		if (s->terse)
			put_rules(files[i], &out);
		else
			text_add(&out, files[i]->data, files[i]->size);
		if (out.data[out.size - 1] != '\n')
			text_putc(&out, '\n');
	}
	free(files);
	return print_text(in, &out);
}

static enum exit_code load(struct invocation *in, const struct state *s,
			   struct config *config)
{
	const struct globals *g = &in->globals;
	enum exit_code code = EXIT_OK;
	int err;

	if (in->arg_count == 0) {
		err = config_load(g->root_fd, g->limits, config);
		if (err)
			return fail(in, err, "cannot read the configuration");
	}
	/* Links to nowhere are no error, as for systemd. */
	for (size_t i = 0; i < config->file_count; i++)
		if (config->files[i].state == CONF_UNREADABLE &&
		    config->files[i].err != -ENOENT)
			code = fail(in, config->files[i].err, config->files[i].path);
	for (size_t i = 0; i < in->arg_count; i++) {
		err = config_add(config, g->root_fd, in->args[i], g->limits);
		if (err)
			code = fail(in, err, in->args[i]);
	}
	config_mark_replaced(config);
	for (size_t i = 0; !s->force && i < config->rule_count; i++) {
		struct conf_rule *r = &config->rules[i];

		if (r->err || r->replaced)
			continue;
		r->err = check_danger(&r->rule, &r->diag);
		r->diag.line = r->line;
	}
	return code;
}

static bool is_missing(const struct invocation *in, const struct conf_rule *r)
{
	return !r->err && r->rule.flags & RULE_FIX_BINARY &&
	       !root_exists(in->globals.root_fd, r->rule.interpreter);
}

/* Until every F rule finds its interpreter or the time is over. */
static void wait_for_interpreters(const struct invocation *in,
				  const struct config *config, long seconds)
{
	const struct timespec pause = {.tv_nsec = 100000000};

	for (long tick = 0; tick < seconds * 10; tick++) {
		const struct conf_rule *missing = NULL;

		for (size_t i = 0; !missing && i < config->rule_count; i++)
			if (is_missing(in, &config->rules[i]))
				missing = &config->rules[i];
		if (!missing)
			return;
		progress(in, "waiting for %s: %ld s of %ld", missing->rule.interpreter,
			 tick / 10, seconds);
		if (tick == 10 && !in->globals.quiet && !isatty(STDERR_FILENO))
			say(in, "waiting for %s, at most %ld s",
			    missing->rule.interpreter, seconds);
		nanosleep(&pause, NULL);
	}
}

static enum exit_code save_record(const struct invocation *in, int fd,
				  const struct plan *plan, enum exit_code code)
{
	const struct rule **rules;
	struct stat st;
	size_t count = 0;
	int err;

	if (in->globals.dry_run || fstat(fd, &st) < 0)
		return code;
	rules = calloc(plan->count + 1, sizeof(const struct rule *));
	if (!rules)
		return fail(in, -ENOMEM, NULL);
	for (size_t i = 0; i < plan->count; i++)
		if (plan->items[i].rule && !plan->items[i].err)
			rules[count++] = plan->items[i].rule;
	err = record_save(in->globals.root_fd, st.st_dev, rules, count);
	if (err)
		say_more(in, "cannot remember what was applied in " RECORD_PATH ": %s",
			 strerror(-err));
	free(rules);
	return code;
}

static enum exit_code remove_everything(struct invocation *in, int fd)
{
	int err = in->globals.dry_run ? 0 : kernel_remove_all(fd);

	if (err)
		return fail(in, err, "cannot remove the entries");
	say_more(in, "all entries %s removed", in->globals.dry_run ? "would be" : "were");
	return EXIT_OK;
}

/* Entries that the configuration or the record of the last apply name. */
static enum exit_code unregister(struct invocation *in, const struct state *s)
{
	_cleanup_(config_done) struct config config = {0};
	_cleanup_(entries_done) struct entries entries = {0};
	_cleanup_(record_done) struct record record = {0};
	_cleanup_(plan_done) struct plan plan = {0};
	_cleanup_(fd_closep) int fd = -1;
	enum exit_code code;
	bool enabled;
	int err;

	/* An instance that is not there, or behind an unused automount, has no entries. */
	err = kernel_open(AT_FDCWD, in->globals.mount, &fd);
	if (err == -EAGAIN || err == -ENODEV || err == -ENOENT)
		return EXIT_OK;
	code = open_mount(in, false, &fd);
	if (code)
		return code;
	if (s->exclusive)
		return remove_everything(in, fd);
	code = load(in, s, &config);
	if (!code)
		code = read_entries(in, fd, &entries, &enabled);
	if (code)
		return code;
	err = desired_record(in->globals.root_fd, fd, &record);
	if (!err)
		err = desired_removals(&config, &record, &entries, &plan);
	if (err)
		return fail(in, err, NULL);
	code = run_changes(in, &plan, fd, CHANGES_NO_TEST);
	plan.count = 0;
	return save_record(in, fd, &plan, code);
}

static enum exit_code run(struct invocation *in, void *state)
{
	const struct state *s = state;
	_cleanup_(config_done) struct config config = {0};
	_cleanup_(entries_done) struct entries entries = {0};
	_cleanup_(record_done) struct record record = {0};
	_cleanup_(plan_done) struct plan plan = {0};
	_cleanup_(fd_closep) int fd = -1;
	enum exit_code code, loaded;
	unsigned int flags = 0;
	bool enabled = true;
	int err;

	if ((s->cat || s->unregister) && in->arg_count)
		return usage(in, "no files are taken with %s",
			     s->unregister ? "--unregister" : "--cat-config");
	if (s->cat)
		return print_config(in, s);
	if (s->unregister)
		return unregister(in, s);
	loaded = load(in, s, &config);
	wait_for_interpreters(in, &config, s->wait);
	/* Nothing to do is no reason to mount anything. */
	if (config.rule_count == 0 && (in->arg_count || !s->exclusive)) {
		err = kernel_open(AT_FDCWD, in->globals.mount, &fd);
		if (err == -EAGAIN || err == -ENODEV || err == -ENOENT)
			return loaded;
		fd_closep(&fd);
	}
	code = open_mount(in, true, &fd);
	if (!code)
		code = read_entries(in, fd, &entries, &enabled);
	if (code)
		return code;
	/* Single files say nothing about the rest. */
	if (in->arg_count == 0)
		err = desired_record(in->globals.root_fd, fd, &record);
	else
		err = 0;
	if (!err)
		err = desired_items(&config, s->exclusive, &entries, &plan);
	if (s->exclusive)
		flags |= in->arg_count ? PLAN_STRICT : PLAN_STRICT | PLAN_EXCLUSIVE;
	if (!err)
		err = plan_make(&plan, &entries, flags);
	if (!err && in->arg_count == 0 && !s->exclusive)
		err = desired_stale(&record, &entries, &plan);
	if (err)
		return fail(in, err, NULL);
	code = run_changes(in, &plan, fd, s->no_test || s->force ? CHANGES_NO_TEST : 0);
	if (!enabled)
		say(in,
		    "matching as a whole is switched off: `binfmtctl enable` switches it "
		    "on");
	if (in->arg_count == 0)
		code = save_record(in, fd, &plan, code);
	return code ? code : loaded;
}

const struct command command_apply = {
	.name = "apply",
	.args = "[OPTION...] [FILE...]",
	.summary = "register what the conf files say, as when the system starts",
	.examples = "  binfmtctl -n apply\n"
		    "  binfmtctl apply --exclusive\n"
		    "  binfmtctl apply qemu-arm.conf\n"
		    "  binfmtctl apply --unregister\n",
	.options = options,
	.state_size = sizeof(struct state),
	.option = take_option,
	.run = run,
};
