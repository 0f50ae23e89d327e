/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* binfmtctl list: all entries, in the order in which the kernel tries them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/fd.h"

#include "binfmtctl/command.h"
#include "binfmtctl/config.h"
#include "binfmtctl/notes.h"

enum sort { SORT_MATCH, SORT_NAME, SORT_TIME };

struct state {
	bool all;
	enum sort sort;
};

enum { OPTION_ALL = OPTION_COMMAND, OPTION_SORT };

static const struct poptOption options[] = {
	{"all", 'a', POPT_ARG_NONE, NULL, OPTION_ALL,
	 "also when each was registered, whether it works, and its conf file", NULL},
	{"sort", 's', POPT_ARG_STRING, NULL, OPTION_SORT,
	 "match, name or time (default: match, the order of the kernel)", "KEY"},
	POPT_TABLEEND,
};

static enum exit_code take_option(struct invocation *in, void *state, int option,
				  const char *arg)
{
	static const char *const keys[] = {"match", "name", "time"};
	struct state *s = state;

	if (option == OPTION_ALL) {
		s->all = true;
		return EXIT_OK;
	}
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (strcmp(arg, keys[i]) == 0) {
			s->sort = i;
			return EXIT_OK;
		}
	return usage(in, "--sort takes match, name or time, not '%s'", arg);
}

static int compare_names(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return strcmp(x->rule.name, y->rule.name);
}

static int compare_times(const void *a, const void *b)
{
	const struct timespec *x = &((const struct entry *)a)->registered,
			      *y = &((const struct entry *)b)->registered;

	if (x->tv_sec != y->tv_sec)
		return x->tv_sec < y->tv_sec ? -1 : 1;
	return x->tv_nsec < y->tv_nsec ? -1 : x->tv_nsec > y->tv_nsec;
}

static enum exit_code make_notes(const struct invocation *in,
				 const struct entries *entries, bool enabled,
				 struct entry_note **ret)
{
	_cleanup_(config_done) struct config config = {0};
	struct exec_world world = {
		.root_fd = in->globals.root_fd,
		.entries = entries,
		.enabled = enabled,
	};
	int err = config_load(in->globals.root_fd, in->globals.limits, &config);

	if (err)
		return fail(in, err, "cannot read the configuration");
	native_detect(&world.native);
	*ret = notes_make(&world, &config);
	return *ret ? EXIT_OK : fail(in, -ENOMEM, NULL);
}

static int visit(void *list, struct entry *entry)
{
	list_add(list, entry, NULL);
	return 0;
}

/* In the order of the directory and without notes no entry has to be kept. */
static int list_simply(const struct invocation *in, int fd, bool enabled,
		       struct text *out, struct diag *diag)
{
	const struct globals *g = &in->globals;
	struct list list;
	int listed, err;

	list_begin(&list, g->format, g->color, false, g->mount, enabled);
	listed = kernel_each(fd, wants_json(in), visit, &list, diag);
	err = list_done(&list, enabled, out);
	return err ? err : listed;
}

static int list_all(const struct invocation *in, const struct state *s, int fd,
		    bool enabled, struct text *out, struct diag *diag,
		    enum exit_code *code)
{
	_cleanup_(entries_done) struct entries entries = {0};
	struct entry_note *notes = NULL;
	int listed, err;

	listed = kernel_list(fd, &entries, diag);
	if (listed && listed != -EBADMSG)
		return listed;
	/* Before notes are made of them by position. */
	if (s->sort != SORT_MATCH && entries.count)
		qsort(entries.list, entries.count, sizeof(*entries.list),
		      s->sort == SORT_NAME ? compare_names : compare_times);
	if (s->all) {
		*code = make_notes(in, &entries, enabled, &notes);
		if (*code)
			return 0;
	}
	err = output_list_noted(in->globals.format, in->globals.color, in->globals.mount,
				enabled, &entries, notes, out);
	notes_free(notes, entries.count);
	return err ? err : listed;
}

static enum exit_code run(struct invocation *in, void *state)
{
	const struct state *s = state;
	_cleanup_(text_done) struct text out = TEXT_INIT;
	_cleanup_(fd_closep) int fd = -1;
	struct diag diag = {0};
	bool enabled = true;
	enum exit_code code;
	int err;

	if (in->arg_count)
		return usage(
			in,
			"no arguments are taken; `binfmtctl show NAME` shows one entry");
	code = open_mount(in, false, &fd);
	if (code)
		return code;
	err = kernel_status(fd, &enabled);
	if (err)
		say(in, "cannot read the status: %s", strerror(-err));
	if (s->all || s->sort != SORT_MATCH)
		err = list_all(in, s, fd, enabled, &out, &diag, &code);
	else
		err = list_simply(in, fd, enabled, &out, &diag);
	if (code)
		return code;
	if (err && err != -EBADMSG)
		return fail(in, err, in->globals.mount);
	if (err)
		say(in, "an entry was left out: %s", diag.message);
	code = print_text(in, &out);
	return code ? code : err ? EXIT_PARTIAL : EXIT_OK;
}

const struct command command_list = {
	.name = "list",
	.args = "[OPTION...]",
	.summary = "list the registered entries, first match first",
	.examples = "  binfmtctl list\n"
		    "  binfmtctl list -a\n"
		    "  binfmtctl list --format json | jq '.entries[].name'\n",
	.options = options,
	.state_size = sizeof(struct state),
	.option = take_option,
	.run = run,
};
