/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* binfmtctl save and restore: all entries with their order and switches, as a text file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/command.h"
#include "binfmtctl/snapshot.h"

enum { SNAPSHOT_SIZE_MAX = 64 << 20 };

struct state {
	bool keep;
};

enum { OPTION_KEEP = OPTION_COMMAND };

static const struct poptOption restore_options[] = {
	{"keep", 0, POPT_ARG_NONE, NULL, OPTION_KEEP,
	 "leave entries alone that are not in the snapshot", NULL},
	POPT_TABLEEND,
};

static enum exit_code take_option(struct invocation *in, void *state, int option,
				  const char *arg)
{
	struct state *s = state;

	(void)in;
	(void)option;
	(void)arg;
	s->keep = true;
	return EXIT_OK;
}

static int write_all(int fd, const struct text *text)
{
	for (size_t done = 0; done < text->size;) {
		ssize_t n = write(fd, text->data + done, text->size - done);

		if (n < 0 && errno != EINTR)
			return -errno;
		done += n > 0 ? n : 0;
	}
	return 0;
}

/* A file is replaced as a whole, so that a full disk leaves the older snapshot. */
static enum exit_code write_file(const struct invocation *in, const char *path,
				 const struct text *text)
{
	_cleanup_(text_done) struct text temporary = TEXT_INIT;
	_cleanup_(fd_closep) int fd = -1;
	bool whole;
	struct stat st;
	int err;

	/* Links, devices and pipes are written to. */
	whole = lstat(path, &st) < 0 ? errno == ENOENT : S_ISREG(st.st_mode);
	text_printf(&temporary, "%s%s", path, whole ? ".XXXXXX" : "");
	if (temporary.error)
		return fail(in, temporary.error, NULL);
	fd = whole ? mkostemp(temporary.data, O_CLOEXEC)
		   : open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return fail(in, -errno, path);
	err = write_all(fd, text);
	if (!err && whole && (fchmod(fd, 0644) < 0 || rename(temporary.data, path) < 0))
		err = -errno;
	if (err && whole)
		unlink(temporary.data);
	return err ? fail(in, err, path) : EXIT_OK;
}

static enum exit_code run_save(struct invocation *in, void *state)
{
	_cleanup_(entries_done) struct entries entries = {0};
	_cleanup_(text_done) struct text out = TEXT_INIT;
	_cleanup_(fd_closep) int fd = -1;
	struct diag diag = {0};
	enum exit_code code;
	bool enabled;
	int err;

	(void)state;
	if (in->arg_count > 1)
		return usage(in, "one file at most");
	code = open_mount(in, false, &fd);
	if (!code)
		code = read_entries(in, fd, &entries, &enabled);
	if (code)
		return code;
	err = snapshot_write(&entries, enabled, &out, &diag);
	if (err) {
		say_diag(in, NULL, &diag);
		return exit_code_of(err);
	}
	if (in->arg_count == 0 || strcmp(in->args[0], "-") == 0)
		return print_text(in, &out);
	if (in->globals.dry_run) {
		say_more(in, "%zu entries would be saved to %s", entries.count,
			 in->args[0]);
		return EXIT_OK;
	}
	return write_file(in, in->args[0], &out);
}

static enum exit_code read_snapshot(const struct invocation *in, struct snapshot *ret)
{
	const char *path = in->arg_count ? in->args[0] : "-";
	bool from_stdin = strcmp(path, "-") == 0;
	_cleanup_(fd_closep) int fd = -1;
	struct diag diag = {0};
	size_t size;
	char *data;
	int err;

	if (!from_stdin) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return fail(in, -errno, path);
	}
	err = fd_read_all(from_stdin ? STDIN_FILENO : fd, SNAPSHOT_SIZE_MAX, &data,
			  &size);
	if (err)
		return fail(in, err, path);
	err = snapshot_read(data, size, ret, &diag);
	free(data);
	if (err) {
		diag.file = from_stdin ? "standard input" : path;
		say_diag(in, NULL, &diag);
	}
	return exit_code_of(err);
}

static enum exit_code run_restore(struct invocation *in, void *state)
{
	const struct state *s = state;
	_cleanup_(snapshot_done) struct snapshot snapshot = {0};
	_cleanup_(entries_done) struct entries entries = {0};
	_cleanup_(plan_done) struct plan plan = {0};
	_cleanup_(fd_closep) int fd = -1;
	enum exit_code code;
	bool enabled;
	int err;

	if (in->arg_count > 1)
		return usage(in, "one file at most");
	code = read_snapshot(in, &snapshot);
	if (!code)
		code = open_mount(in, true, &fd);
	if (!code)
		code = read_entries(in, fd, &entries, &enabled);
	if (code)
		return code;
	for (size_t i = snapshot.entries.count; i-- > 0;) {
		struct plan_item *item = plan_add(&plan);

		if (!item)
			return fail(in, -ENOMEM, NULL);
		item->rule = &snapshot.entries.list[i].rule;
		item->disabled = !snapshot.entries.list[i].enabled;
	}
	err = plan_make(&plan, &entries,
			s->keep ? PLAN_STRICT : PLAN_STRICT | PLAN_EXCLUSIVE);
	if (err)
		return fail(in, err, NULL);
	/* What was registered before may be anything: no rule is judged here. */
	code = run_changes(in, &plan, fd, CHANGES_NO_TEST);
	if (snapshot.enabled != enabled) {
		say_more(in, "matching as a whole %s switched %s",
			 in->globals.dry_run ? "would be" : "is",
			 snapshot.enabled ? "on" : "off");
		if (in->globals.dry_run)
			return code;
		err = kernel_set_status(fd, snapshot.enabled);
		if (err)
			return fail(in, err, "cannot set the status");
	}
	return code;
}

const struct command command_save = {
	.name = "save",
	.args = "[OPTION...] [FILE]",
	.summary = "write all entries, their order and switches to a file",
	.examples = "  binfmtctl save >before\n",
	.run = run_save,
};

const struct command command_restore = {
	.name = "restore",
	.args = "[OPTION...] [FILE]",
	.summary = "make the entries what they were when saved",
	.examples = "  binfmtctl -n restore before\n"
		    "  binfmtctl restore <before\n",
	.options = restore_options,
	.state_size = sizeof(struct state),
	.option = take_option,
	.run = run_restore,
};
