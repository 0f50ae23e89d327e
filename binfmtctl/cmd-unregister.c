/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* binfmtctl unregister: removes entries by name. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/command.h"
#include "binfmtctl/explain.h"

struct state {
	bool all, if_present;
};

enum { OPTION_ALL = OPTION_COMMAND, OPTION_IF_PRESENT };

static const struct poptOption options[] = {
	{"all", 'a', POPT_ARG_NONE, NULL, OPTION_ALL,
	 "every entry, whoever registered it", NULL},
	{"if-present", 0, POPT_ARG_NONE, NULL, OPTION_IF_PRESENT,
	 "an entry that does not exist is no error", NULL},
	POPT_TABLEEND,
};

static enum exit_code take_option(struct invocation *in, void *state, int option,
				  const char *arg)
{
	struct state *s = state;

	(void)in;
	(void)arg;
	if (option == OPTION_ALL)
		s->all = true;
	else
		s->if_present = true;
	return EXIT_OK;
}

static int remove_one(struct invocation *in, int fd, const char *name)
{
	if (!kernel_name_valid(name))
		return -EINVAL;
	if (in->globals.dry_run)
		return faccessat(fd, name, F_OK, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
	return kernel_remove(fd, name);
}

static enum exit_code remove_named(struct invocation *in, const struct state *s, int fd,
				   const char *const *names, size_t count)
{
	struct output_result *results = calloc(count + 1, sizeof(*results));
	_cleanup_(text_done) struct text out = TEXT_INIT;
	enum exit_code code = EXIT_FAILED;
	int err;

	if (!results)
		return EXIT_FAILED;
	for (size_t i = 0; i < count; i++) {
		struct output_result *r = &results[i];

		r->name = strdup(names[i]);
		if (!r->name)
			goto out;
		r->err = remove_one(in, fd, names[i]);
		if (r->err == -ENOENT && s->if_present)
			r->err = 0;
		if (r->err) {
			explain_entry(r->err, names[i], &r->diag);
			say_diag(in, names[i], &r->diag);
		} else {
			say_more(in, "%s: %s", names[i],
				 in->globals.dry_run ? "would be removed" : "removed");
		}
	}
	code = exit_code_of_results(results, count);
	if (in->globals.format == OUTPUT_JSON || in->globals.format == OUTPUT_JSONL) {
		err = output_results(in->globals.format, "unregister",
				     in->globals.dry_run, results, count, &out);
		if (err || print_text(in, &out))
			code = EXIT_FAILED;
	}
out:
	results_done(results, count);
	return code;
}

static enum exit_code remove_all(struct invocation *in, const struct state *s, int fd)
{
	_cleanup_(entries_done) struct entries entries = {0};
	struct diag diag = {0};
	enum exit_code code;
	const char **names;
	int err;

	err = kernel_list(fd, &entries, &diag);
	if (err && err != -EBADMSG) {
		say(in, "cannot read %s: %s", in->globals.mount, strerror(-err));
		return exit_code_of(err);
	}
	names = calloc(entries.count + 1, sizeof(*names));
	if (!names)
		return EXIT_FAILED;
	for (size_t i = 0; i < entries.count; i++)
		names[i] = entries.list[i].rule.name;
	code = remove_named(in, s, fd, names, entries.count);
	free(names);
	return code;
}

static enum exit_code run(struct invocation *in, void *state)
{
	const struct state *s = state;
	_cleanup_(fd_closep) int fd = -1;
	enum exit_code code;

	if (s->all == (in->arg_count > 0))
		return usage(in, s->all ? "--all takes no names"
					: "which entry? `binfmtctl list` names them");
	code = open_mount(in, false, &fd);
	if (code)
		return code;
	if (s->all)
		return remove_all(in, s, fd);
	return remove_named(in, s, fd, in->args, in->arg_count);
}

const struct command command_unregister = {
	.name = "unregister",
	.args = "[OPTION...] NAME...",
	.summary = "remove entries",
	.examples = "  binfmtctl unregister xlate-aarch64\n"
		    "  binfmtctl -n unregister --all\n",
	.options = options,
	.state_size = sizeof(struct state),
	.option = take_option,
	.run = run,
};
