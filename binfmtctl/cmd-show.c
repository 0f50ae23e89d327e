/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* binfmtctl show: everything about some entries, with a rule that would register them again. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/fd.h"

#include "binfmtctl/command.h"
#include "binfmtctl/explain.h"

static enum exit_code run(struct invocation *in, void *state)
{
	_cleanup_(entries_done) struct entries entries = {0};
	_cleanup_(text_done) struct text out = TEXT_INIT;
	_cleanup_(fd_closep) int fd = -1;
	enum exit_code code, failed = EXIT_OK;
	int err;

	(void)state;
	if (in->arg_count == 0)
		return usage(in, "which entry? `binfmtctl list` names them");
	code = open_mount(in, false, &fd);
	if (code)
		return code;
	entries.list = calloc(in->arg_count, sizeof(*entries.list));
	if (!entries.list) {
		say(in, "%s", strerror(ENOMEM));
		return EXIT_FAILED;
	}
	for (size_t i = 0; i < in->arg_count; i++) {
		struct diag diag = {0};

		err = kernel_read(fd, in->args[i], &entries.list[entries.count], &diag);
		if (!err) {
			entries.count++;
			continue;
		}
		if (err != -EBADMSG)
			explain_entry(err, in->args[i], &diag);
		say_diag(in, in->args[i], &diag);
		if (!failed)
			failed = err == -EINVAL ? EXIT_NOT_FOUND : exit_code_of(err);
	}
	err = output_show(in->globals.format, in->globals.mount, &entries, &out);
	if (err) {
		say(in, "%s", strerror(-err));
		return EXIT_FAILED;
	}
	code = print_text(in, &out);
	if (code)
		return code;
	return failed && entries.count ? EXIT_PARTIAL : failed;
}

const struct command command_show = {
	.name = "show",
	.args = "[OPTION...] NAME...",
	.summary = "show entries decoded, with the rule that makes them",
	.examples = "  binfmtctl show qemu-aarch64\n",
	.run = run,
};
