/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* binfmtctl show: everything about some entries, with a rule that would register them again. */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "common/fd.h"

#include "binfmtctl/command.h"
#include "binfmtctl/config.h"
#include "binfmtctl/explain.h"
#include "binfmtctl/notes.h"

/* Positions of what the arguments name; a pattern may name several. */
static size_t pick(const struct entries *all, const char *name, size_t *picked,
		   size_t count)
{
	for (size_t i = 0; i < all->count; i++)
		if (strcmp(all->list[i].rule.name, name) == 0) {
			picked[count] = i;
			return 1;
		}
	for (size_t i = 0, found = 0;; i++) {
		if (i == all->count)
			return found;
		if (fnmatch(name, all->list[i].rule.name, 0) == 0)
			picked[count + found++] = i;
	}
}

/* Borrows the picked entries and their notes. */
static int print_picked(const struct invocation *in, const struct entries *all,
			const struct entry_note *notes, const size_t *picked,
			size_t count, struct text *out)
{
	struct entries entries = {.count = count};
	struct entry_note *some = calloc(count + 1, sizeof(*some));
	int err = -ENOMEM;

	entries.list = calloc(count + 1, sizeof(*entries.list));
	for (size_t i = 0; some && entries.list && i < count; i++) {
		entries.list[i] = all->list[picked[i]];
		some[i] = notes[picked[i]];
	}
	if (some && entries.list)
		err = output_show_noted(in->globals.format, in->globals.mount, &entries,
					some, out);
	free(entries.list);
	free(some);
	return err;
}

static enum exit_code show(struct invocation *in, const struct exec_world *world,
			   const struct config *config)
{
	const struct entries *all = world->entries;
	_cleanup_(text_done) struct text out = TEXT_INIT;
	size_t count = 0,
	       *picked = calloc(in->arg_count * (all->count + 1), sizeof(*picked));
	struct entry_note *notes = notes_make(world, config);
	enum exit_code code = EXIT_OK, failed = EXIT_OK;
	int err = picked && notes ? 0 : -ENOMEM;

	for (size_t i = 0; !err && i < in->arg_count; i++) {
		size_t found = pick(all, in->args[i], picked, count);
		struct diag diag = {0};

		count += found;
		if (found)
			continue;
		explain_entry(kernel_name_valid(in->args[i]) ? -ENOENT : -EINVAL,
			      in->args[i], &diag);
		say_diag(in, in->args[i], &diag);
		failed = EXIT_NOT_FOUND;
	}
	if (!err)
		err = print_picked(in, all, notes, picked, count, &out);
	code = err ? fail(in, err, NULL) : print_text(in, &out);
	notes_free(notes, all->count);
	free(picked);
	return code ? code : failed && count ? EXIT_PARTIAL : failed;
}

static enum exit_code run(struct invocation *in, void *state)
{
	_cleanup_(entries_done) struct entries entries = {0};
	_cleanup_(config_done) struct config config = {0};
	_cleanup_(fd_closep) int fd = -1;
	struct exec_world world = {.root_fd = in->globals.root_fd, .entries = &entries};
	enum exit_code code;
	int err;

	(void)state;
	if (in->arg_count == 0)
		return usage(in, "which entry? `binfmtctl list` names them");
	code = open_mount(in, false, &fd);
	if (!code)
		code = read_entries(in, fd, &entries, &world.enabled);
	if (code)
		return code;
	native_detect(&world.native);
	err = config_load(in->globals.root_fd, in->globals.limits, &config);
	return err ? fail(in, err, "cannot read the configuration")
		   : show(in, &world, &config);
}

const struct command command_show = {
	.name = "show",
	.args = "[OPTION...] NAME|PATTERN...",
	.summary = "show entries decoded, with the rule that makes them",
	.examples = "  binfmtctl show qemu-aarch64\n"
		    "  binfmtctl show 'qemu-*'\n",
	.run = run,
};
