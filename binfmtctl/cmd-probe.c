/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* binfmtctl probe: let the kernel start a file, stop it at once, and say what it started. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "common/fd.h"

#include "binfmtctl/command.h"
#include "binfmtctl/explain.h"
#include "binfmtctl/probe.h"

struct state {
	bool entries;
};

enum { OPTION_ENTRY = OPTION_COMMAND };

static const struct poptOption options[] = {
	{"entry", 'e', POPT_ARG_NONE, NULL, OPTION_ENTRY,
	 "arguments are names of entries, for which files are made up", NULL},
	POPT_TABLEEND,
};

static enum exit_code take_option(struct invocation *in, void *state, int option,
				  const char *arg)
{
	struct state *s = state;

	(void)in;
	(void)option;
	(void)arg;
	s->entries = true;
	return EXIT_OK;
}

static void put_arguments(const struct probe *p, struct text *to)
{
	for (size_t at = 0; at < p->arguments_size; at += strlen(p->arguments + at) + 1) {
		text_puts(to, at ? " " : "");
		text_escape(to, p->arguments + at, strlen(p->arguments + at));
	}
}

static void put_text(const char *what, const struct probe *p, const struct entry *entry,
		     struct text *to)
{
	text_escape(to, what, strlen(what));
	if (p->err) {
		text_printf(to, ": cannot be started: %s (%s)\n", strerror(-p->err),
			    explain_errno_name(p->err));
		return;
	}
	text_puts(to, ":\n  starts:     ");
	text_escape(to, p->exe, strlen(p->exe));
	text_printf(to, "%s\n  file:       device %u:%u, inode %llu, %lu links\n",
		    p->deleted ? " (no longer at that path)" : "", major(p->file.st_dev),
		    minor(p->file.st_dev), (unsigned long long)p->file.st_ino,
		    (unsigned long)p->file.st_nlink);
	text_puts(to, "  arguments:  ");
	put_arguments(p, to);
	if (p->execfd >= 0)
		text_printf(to, "\n  descriptor: %d (AT_EXECFD)", p->execfd);
	text_printf(to, "\n  AT_FLAGS:   %#llx%s\n", (unsigned long long)p->at_flags,
		    p->at_flags & 1 ? ", argv[0] is preserved" : "");
	if (p->secure)
		text_puts(to, "  AT_SECURE:  yes\n");
	if (entry && entry->rule.flags & RULE_FIX_BINARY &&
	    probe_is_stale(p, &entry->rule))
		text_puts(
			to,
			"  stale:      flag F holds a file that is no longer the one at "
			"the interpreter's path\n"
			"  hint:       binfmtctl register --replace opens it anew\n");
}

static void put_json(const char *what, const struct probe *p, const struct entry *entry,
		     struct doc *doc, struct json_object *array, struct text *out)
{
	struct json_object *o = doc_object(doc), *arguments;
	_cleanup_(text_done) struct text device = TEXT_INIT;

	doc_string(doc, o, entry ? "entry" : "path", what);
	doc_bool(doc, o, "starts", p->err == 0);
	if (p->err) {
		doc_string(doc, o, "errno", explain_errno_name(p->err));
		doc_emit(doc, array, o, out);
		return;
	}
	text_printf(&device, "%u:%u", major(p->file.st_dev), minor(p->file.st_dev));
	doc_string(doc, o, "executable", p->exe);
	doc_bool(doc, o, "deleted", p->deleted);
	doc_string(doc, o, "device", device.data);
	doc_int(doc, o, "inode", p->file.st_ino);
	doc_int(doc, o, "links", p->file.st_nlink);
	arguments = doc_array(doc, o, "arguments");
	for (size_t at = 0; at < p->arguments_size; at += strlen(p->arguments + at) + 1) {
		_cleanup_(text_done) struct text safe = TEXT_INIT;

		text_escape(&safe, p->arguments + at, strlen(p->arguments + at));
		doc_item(doc, arguments, safe.data ? safe.data : "");
	}
	if (p->execfd >= 0)
		doc_int(doc, o, "execfd", p->execfd);
	else
		doc_string(doc, o, "execfd", NULL);
	doc_int(doc, o, "at_flags", p->at_flags);
	doc_bool(doc, o, "secure", p->secure);
	if (entry)
		doc_bool(doc, o, "stale",
			 entry->rule.flags & RULE_FIX_BINARY &&
				 probe_is_stale(p, &entry->rule));
	doc_emit(doc, array, o, out);
}

static size_t find(const struct entries *entries, const char *name)
{
	size_t i = 0;

	while (i < entries->count && strcmp(entries->list[i].rule.name, name) != 0)
		i++;
	return i;
}

static enum exit_code probe_one(const struct invocation *in, const struct state *s,
				const struct entries *entries, const char *what,
				struct probe *ret, const struct entry **ret_entry)
{
	struct diag diag = {0};
	size_t i;
	int err;

	*ret_entry = NULL;
	if (!s->entries) {
		err = probe_run(what, ret);
		return err ? fail(in, err, "cannot trace a child") : EXIT_OK;
	}
	i = find(entries, what);
	if (i == entries->count) {
		explain_entry(-ENOENT, what, &diag);
		say_diag(in, what, &diag);
		return EXIT_NOT_FOUND;
	}
	*ret_entry = &entries->list[i];
	if (!entries->list[i].enabled) {
		say(in, "%s is switched off", what);
		return EXIT_NOT_FOUND;
	}
	err = probe_entry(entries, i, ret);
	if (err == -ENOENT) {
		say(in, "%s: entries above it take every file that it could", what);
		return EXIT_NOT_FOUND;
	}
	return err ? fail(in, err, "cannot trace a child") : EXIT_OK;
}

static enum exit_code run(struct invocation *in, void *state)
{
	const struct state *s = state;
	_cleanup_(entries_done) struct entries entries = {0};
	_cleanup_(text_done) struct text out = TEXT_INIT;
	_cleanup_(fd_closep) int fd = -1;
	enum exit_code code = EXIT_OK, worst = EXIT_OK;
	struct json_object *all = NULL, *array = NULL;
	struct doc doc = {0};
	size_t good = 0;
	bool enabled;

	if (in->arg_count == 0)
		return usage(in, s->entries ? "which entry?" : "which file?");
	if (s->entries) {
		code = open_mount(in, false, &fd);
		if (!code)
			code = read_entries(in, fd, &entries, &enabled);
		if (code)
			return code;
	}
	if (in->globals.format == OUTPUT_JSON)
		all = doc_envelope(&doc, "probe", "probes", &array);
	for (size_t i = 0; i < in->arg_count; i++) {
		_cleanup_(probe_done) struct probe probe = {.execfd = -1};
		const struct entry *entry;

		progress(in, "%s", in->args[i]);
		code = probe_one(in, s, &entries, in->args[i], &probe, &entry);
		if (code) {
			worst = code;
			continue;
		}
		if (wants_json(in))
			put_json(in->args[i], &probe, entry, &doc, array, &out);
		else
			put_text(in->args[i], &probe, entry, &out);
		if (probe.err)
			worst = EXIT_FAILED;
		else
			good++;
	}
	if (worst && good)
		worst = EXIT_PARTIAL;
	return print_doc(in, &doc, all, &out, worst);
}

const struct command command_probe = {
	.name = "probe",
	.args = "[OPTION...] FILE...|NAME...",
	.summary = "start files, stopped at once, and show what the kernel really runs",
	.examples = "  binfmtctl probe ./hello\n"
		    "  binfmtctl probe --entry qemu-aarch64\n",
	.options = options,
	.state_size = sizeof(struct state),
	.option = take_option,
	.run = run,
};
