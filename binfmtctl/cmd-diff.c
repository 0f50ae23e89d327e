/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* binfmtctl diff and plan: how the kernel differs from the configuration; what apply would do. */
#include <errno.h>
#include <string.h>

#include "common/fd.h"

#include "binfmtctl/command.h"
#include "binfmtctl/config.h"
#include "binfmtctl/desired.h"
#include "binfmtctl/drift.h"

struct state {
	bool exclusive, ignore_extra;
};

enum { OPTION_EXCLUSIVE = OPTION_COMMAND, OPTION_IGNORE_EXTRA };

static const struct poptOption diff_options[] = {
	{"ignore-extra", 0, POPT_ARG_NONE, NULL, OPTION_IGNORE_EXTRA,
	 "entries without a conf file are no difference", NULL},
	POPT_TABLEEND,
};

static const struct poptOption plan_options[] = {
	{"exclusive", 'x', POPT_ARG_NONE, NULL, OPTION_EXCLUSIVE,
	 "of apply --exclusive: entries that are in no conf file go", NULL},
	POPT_TABLEEND,
};

static enum exit_code take_option(struct invocation *in, void *state, int option,
				  const char *arg)
{
	struct state *s = state;

	(void)in;
	(void)arg;
	if (option == OPTION_EXCLUSIVE)
		s->exclusive = true;
	else
		s->ignore_extra = true;
	return EXIT_OK;
}

static enum table_style style_of(enum drift_kind kind)
{
	switch (kind) {
	case DRIFT_MISSING:
	case DRIFT_INVALID: return STYLE_BAD;
	case DRIFT_EXTRA: return STYLE_DIM;
	default: return STYLE_WARN;
	}
}

static enum exit_code print_drifts(const struct invocation *in,
				   const struct drifts *drifts)
{
	static const char *const headings[] = {"DIFFERENCE", "NAME", "DETAIL", "SOURCE"};
	_cleanup_(table_done) struct table table = TABLE_INIT(headings);
	_cleanup_(text_done) struct text out = TEXT_INIT;
	struct json_object *all = NULL, *array = NULL;
	enum exit_code code = drifts->count ? EXIT_DIFFERENCES : EXIT_OK;
	struct doc doc = {0};
	int err;

	if (in->globals.format == OUTPUT_JSON)
		all = doc_envelope(&doc, "diff", "differences", &array);
	for (size_t i = 0; i < drifts->count; i++) {
		const struct drift *d = &drifts->list[i];

		if (wants_json(in)) {
			struct json_object *o = doc_object(&doc);

			doc_string(&doc, o, "kind", drift_name(d->kind));
			doc_string(&doc, o, "name", d->name);
			doc_string(&doc, o, "detail", d->detail);
			doc_string(&doc, o, "source", d->file);
			doc_int(&doc, o, "source_line", d->line);
			doc_emit(&doc, array, o, &out);
			continue;
		}
		table_add(&table, style_of(d->kind), drift_name(d->kind));
		table_add(&table, STYLE_NONE, d->name);
		table_add(&table, STYLE_NONE, d->detail);
		if (d->file) {
			_cleanup_(text_done) struct text place = TEXT_INIT;

			text_printf(&place, "%s:%u", d->file, d->line);
			table_add(&table, STYLE_DIM, place.data);
		} else {
			table_add(&table, STYLE_NONE, NULL);
		}
	}
	if (wants_json(in))
		return print_doc(in, &doc, all, &out, code);
	if (!drifts->count) {
		if (in->globals.format == OUTPUT_TEXT && !in->globals.quiet)
			text_puts(&out, "The kernel has what the conf files say.\n");
		return print_text(in, &out) ? EXIT_FAILED : code;
	}
	err = table_print(&table, in->globals.format == OUTPUT_PLAIN, in->globals.color,
			  &out);
	if (err)
		return fail(in, err, NULL);
	return print_text(in, &out) ? EXIT_FAILED : code;
}

static enum exit_code load(const struct invocation *in, struct config *config,
			   struct entries *entries)
{
	_cleanup_(fd_closep) int fd = -1;
	enum exit_code code;
	bool enabled;
	int err = config_load(in->globals.root_fd, in->globals.limits, config);

	if (err)
		return fail(in, err, "cannot read the configuration");
	code = open_mount(in, false, &fd);
	return code ? code : read_entries(in, fd, entries, &enabled);
}

static enum exit_code run_diff(struct invocation *in, void *state)
{
	const struct state *s = state;
	_cleanup_(config_done) struct config config = {0};
	_cleanup_(entries_done) struct entries entries = {0};
	_cleanup_(drifts_done) struct drifts drifts = {0};
	enum exit_code code;
	int err;

	if (in->arg_count)
		return usage(in, "no arguments are taken");
	code = load(in, &config, &entries);
	if (code)
		return code;
	err = drift_find(&config, &entries, s->ignore_extra, &drifts);
	return err ? fail(in, err, NULL) : print_drifts(in, &drifts);
}

static enum exit_code run_plan(struct invocation *in, void *state)
{
	const struct state *s = state;
	_cleanup_(config_done) struct config config = {0};
	_cleanup_(entries_done) struct entries entries = {0};
	_cleanup_(record_done) struct record record = {0};
	_cleanup_(plan_done) struct plan plan = {0};
	_cleanup_(fd_closep) int fd = -1;
	enum exit_code code;
	int err;

	if (in->arg_count)
		return usage(in, "no arguments are taken");
	code = load(in, &config, &entries);
	if (!code)
		code = open_mount(in, false, &fd);
	if (code)
		return code;
	err = desired_record(in->globals.root_fd, fd, &record);
	if (!err)
		err = desired_items(&config, s->exclusive, &entries, &plan);
	if (!err)
		err = plan_make(&plan, &entries,
				s->exclusive ? PLAN_STRICT | PLAN_EXCLUSIVE : 0);
	if (!err && !s->exclusive)
		err = desired_stale(&record, &entries, &plan);
	if (err)
		return fail(in, err, NULL);
	if (!plan_changes(&plan) && !wants_json(in) && !in->globals.quiet)
		say(in, "nothing is to be done");
	in->globals.dry_run = true;
	return run_changes(in, &plan, -1, 0);
}

const struct command command_diff = {
	.name = "diff",
	.args = "[OPTION...]",
	.summary = "show how the kernel's entries differ from the conf files",
	.examples = "  binfmtctl diff\n"
		    "  binfmtctl diff --ignore-extra || binfmtctl apply\n",
	.options = diff_options,
	.state_size = sizeof(struct state),
	.option = take_option,
	.run = run_diff,
};

const struct command command_plan = {
	.name = "plan",
	.args = "[OPTION...]",
	.summary = "show what apply would do",
	.examples = "  binfmtctl plan\n"
		    "  binfmtctl plan --exclusive\n",
	.options = plan_options,
	.state_size = sizeof(struct state),
	.option = take_option,
	.run = run_plan,
};
