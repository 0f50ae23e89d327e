/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* binfmtctl list: all entries, in the order in which the kernel tries them. */
#include <errno.h>
#include <string.h>

#include "common/fd.h"

#include "binfmtctl/command.h"

static enum exit_code run(struct invocation *in, void *state)
{
	_cleanup_(entries_done) struct entries entries = {0};
	_cleanup_(text_done) struct text out = TEXT_INIT;
	_cleanup_(fd_closep) int fd = -1;
	struct diag diag = {0};
	bool enabled = true;
	enum exit_code code;
	int err, listed;

	(void)state;
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
	listed = kernel_list(fd, &entries, &diag);
	if (listed && listed != -EBADMSG) {
		say(in, "cannot read %s: %s", in->globals.mount, strerror(-listed));
		return exit_code_of(listed);
	}
	if (listed)
		say(in, "an entry was left out: %s", diag.message);
	err = output_list(in->globals.format, in->globals.mount, enabled, &entries, &out);
	if (err) {
		say(in, "%s", strerror(-err));
		return EXIT_FAILED;
	}
	code = print_text(in, &out);
	return code ? code : listed ? EXIT_PARTIAL : EXIT_OK;
}

const struct command command_list = {
	.name = "list",
	.args = "[OPTION...]",
	.summary = "list the registered entries, first match first",
	.examples = "  binfmtctl list\n"
		    "  binfmtctl list --format json | jq '.entries[].name'\n",
	.run = run,
};
