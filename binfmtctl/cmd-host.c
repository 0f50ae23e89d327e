/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* binfmtctl host: what this machine and kernel can do. */
#include <errno.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "binfmtctl/command.h"
#include "binfmtctl/elfident.h"
#include "binfmtctl/host.h"

static void put_compat(const struct host *host, struct text *to)
{
	for (size_t i = 0; i < host->native.compat_count; i++) {
		const struct elf_target *t =
			elf_target_of(1, host->native.data, host->native.compat[i]);

		text_printf(to, "%s%s", i ? ", " : "", t ? t->name : "unknown");
	}
	if (!host->native.compat_count)
		text_puts(to, "none");
}

static void put_instances(const struct host *host, struct text *to)
{
	for (size_t i = 0; i < host->mounts.count; i++) {
		const struct binfmt_mount *m = &host->mounts.list[i];

		text_printf(to, "  %s %u:%u at ", m->automount ? "automount" : "instance",
			    major(m->device), minor(m->device));
		text_escape(to, m->point, strlen(m->point));
		if (m->own)
			text_puts(to, " here");
		else
			text_printf(to, " in the mounts of process %d", (int)m->pid);
		if (m->user_ns && m->user_ns != host->mounts.user_ns)
			text_puts(to, ", in another user namespace");
		text_puts(to, m->read_only ? ", read-only\n" : "\n");
	}
}

static void put_text(const struct invocation *in, const struct host *host,
		     struct text *to)
{
	const struct rule_limits *l = host->limits;
	char flags[RULE_FLAGS_SIZE];

	rule_flags_text(l->flags, flags);
	text_printf(to, "kernel:       Linux %s (rules as since %s)\n", host->release,
		    l->since);
	text_printf(to, "  window:     the first %u bytes of a file\n", l->window);
	text_printf(to, "  flags:      %s\n", flags);
	text_printf(to, "  BPF:        %s\n", l->bpf ? "type B" : "no");
	text_printf(to, "  argv[0]:    %s\n",
		    l->argv0_announced ? "flag P is announced to interpreters"
				       : "interpreters cannot tell whether P is set");
	text_printf(to, "  instances:  %s\n",
		    l->instances ? "one for each user namespace that mounts it"
				 : "one for the whole machine");
	text_printf(to, "binfmt_misc:  %s%s\n",
		    host->supported ? "" : "not (yet) known to the kernel, ",
		    host_mount_name(host->mount));
	text_printf(to, "  mount:      %s%s\n", in->globals.mount,
		    host->mount != HOST_MOUNTED ? ""
		    : host->read_only           ? ", read-only"
		    : host->writable            ? ", writable for us"
						: ", not writable for us");
	put_instances(host, to);
	text_printf(to, "machine:      %s", host->native.name);
	text_puts(to, "\n  also runs:  ");
	put_compat(host, to);
	text_printf(to, "\nnamespace:    %s user namespace%s\n",
		    host->initial_userns ? "the first" : "a child",
		    host->container ? ", in a container" : "");
	text_printf(to, "init:         %s\n", host->systemd ? "systemd" : "not systemd");
}

static void put_json(const struct invocation *in, const struct host *host,
		     struct doc *doc, struct json_object *o)
{
	struct json_object *list, *kernel = doc_below(doc, o, "kernel");
	char flags[RULE_FLAGS_SIZE];

	rule_flags_text(host->limits->flags, flags);
	doc_string(doc, kernel, "release", host->release);
	doc_string(doc, kernel, "rules_since", host->limits->since);
	doc_int(doc, kernel, "window", host->limits->window);
	doc_string(doc, kernel, "flags", flags);
	doc_bool(doc, kernel, "bpf", host->limits->bpf);
	doc_bool(doc, kernel, "argv0_announced", host->limits->argv0_announced);
	doc_bool(doc, kernel, "instances", host->limits->instances);
	doc_bool(doc, kernel, "supported", host->supported);
	doc_string(doc, o, "mount", in->globals.mount);
	doc_string(doc, o, "mount_state", host_mount_name(host->mount));
	doc_bool(doc, o, "read_only", host->read_only);
	doc_bool(doc, o, "writable", host->writable);
	doc_string(doc, o, "machine", host->native.name);
	list = doc_array(doc, o, "compat");
	for (size_t i = 0; i < host->native.compat_count; i++) {
		const struct elf_target *t =
			elf_target_of(1, host->native.data, host->native.compat[i]);

		doc_item(doc, list, t ? t->name : "unknown");
	}
	doc_bool(doc, o, "initial_user_namespace", host->initial_userns);
	doc_bool(doc, o, "container", host->container);
	doc_bool(doc, o, "systemd", host->systemd);
	list = doc_array(doc, o, "mounts");
	for (size_t i = 0; i < host->mounts.count; i++) {
		const struct binfmt_mount *m = &host->mounts.list[i];
		struct json_object *item = doc_object(doc);
		_cleanup_(text_done) struct text device = TEXT_INIT;

		text_printf(&device, "%u:%u", major(m->device), minor(m->device));
		doc_string(doc, item, "device", device.data);
		doc_string(doc, item, "point", m->point);
		doc_bool(doc, item, "automount", m->automount);
		doc_bool(doc, item, "read_only", m->read_only);
		doc_bool(doc, item, "own_mount_namespace", m->own);
		doc_bool(doc, item, "own_user_namespace",
			 m->user_ns == host->mounts.user_ns);
		doc_int(doc, item, "pid", m->pid);
		doc_emit(doc, list, item, NULL);
	}
}

static enum exit_code run(struct invocation *in, void *state)
{
	_cleanup_(host_done) struct host host = {0};
	_cleanup_(text_done) struct text out = TEXT_INIT;
	struct doc doc = {0};
	int err;

	(void)state;
	if (in->arg_count)
		return usage(in, "no arguments are taken");
	err = host_detect(in->globals.mount, &host);
	if (err)
		return fail(in, err, NULL);
	if (wants_json(in)) {
		struct json_object *all = doc_envelope(&doc, "host", NULL, NULL);

		put_json(in, &host, &doc, all);
		return print_doc(in, &doc, all, &out, EXIT_OK);
	}
	put_text(in, &host, &out);
	return print_text(in, &out);
}

const struct command command_host = {
	.name = "host",
	.args = "[OPTION...]",
	.summary = "say what this kernel and machine can do",
	.examples = "  binfmtctl host\n",
	.run = run,
};
