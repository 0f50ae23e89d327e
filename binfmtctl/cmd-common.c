/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the verbs share: messages, exit codes, opening the mount, making changes. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/command.h"
#include "binfmtctl/explain.h"
#include "binfmtctl/module.h"
#include "binfmtctl/smoke.h"

/* Of the one line of progress: when work began, when it was last told, whether it stands. */
static struct {
	int64_t began, told;
	bool stands;
} line;

static int64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

void progress_clear(void)
{
	if (line.stands)
		fputs("\r\033[K", stderr);
	line.stands = false;
}

void progress(const struct invocation *in, const char *format, ...)
{
	_cleanup_(text_done) struct text clean = TEXT_INIT;
	int64_t now = milliseconds();
	char message[78];
	va_list args;

	if (!line.began)
		line.began = now;
	if (now - line.began < 1000 || now - line.told < 200 || in->globals.quiet ||
	    !isatty(STDERR_FILENO))
		return;
	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	text_clean(&clean, message, strlen(message));
	progress_clear();
	fprintf(stderr, "%s", clean.data ? clean.data : "");
	fflush(stderr);
	line.stands = true;
	line.told = now;
}

/* Names and paths in a message may hold anything; a terminal gets none of it raw. */
static void vsay(const struct invocation *in, const char *format, va_list args)
{
	_cleanup_(text_done) struct text clean = TEXT_INIT;
	char *message;

	if (vasprintf(&message, format, args) < 0)
		return;
	text_clean(&clean, message, strlen(message));
	free(message);
	progress_clear();
	fprintf(stderr, "binfmtctl: %s%s%s\n", in->command ? in->command->name : "",
		in->command ? ": " : "", clean.data ? clean.data : "");
}

void say(const struct invocation *in, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsay(in, format, args);
	va_end(args);
}

void say_more(const struct invocation *in, const char *format, ...)
{
	va_list args;

	if (in->globals.quiet || !(in->globals.verbose || in->globals.dry_run))
		return;
	va_start(args, format);
	vsay(in, format, args);
	va_end(args);
}

enum exit_code usage(const struct invocation *in, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsay(in, format, args);
	va_end(args);
	fprintf(stderr, "  try `binfmtctl %s%s--help`\n",
		in->command ? in->command->name : "", in->command ? " " : "");
	return EXIT_USAGE;
}

void say_diag(const struct invocation *in, const char *what, const struct diag *diag)
{
	_cleanup_(text_done) struct text place = TEXT_INIT;

	if (diag->file)
		text_puts(&place, diag->file);
	else if (what && diag->column) {
		text_puts(&place, "rule ");
		text_clean(&place, what, strlen(what));
	} else if (what) {
		text_escape(&place, what, strlen(what));
	}
	if (diag->line)
		text_printf(&place, ":%u", diag->line);
	if (diag->column)
		text_printf(&place, diag->line ? ":%u" : ", column %u", diag->column);
	if (place.size && !place.error)
		say(in, "%s: %s", place.data, diag->message);
	else
		say(in, "%s", diag->message);
	if (diag->hint[0])
		fprintf(stderr, "  hint: %s\n", diag->hint);
}

enum exit_code print_text(const struct invocation *in, const struct text *text)
{
	progress_clear();
	if (text->size && fwrite(text->data, 1, text->size, stdout) != text->size)
		goto fail;
	if (fflush(stdout) == 0)
		return EXIT_OK;
fail:
	say(in, "cannot write the result: %s", strerror(errno));
	return EXIT_FAILED;
}

enum exit_code exit_code_of(int err)
{
	switch (-err) {
	case 0: return EXIT_OK;
	case ECANCELED:
	case EEXIST: return EXIT_EXISTS;
	case EACCES:
	case EPERM:
	case EROFS: return EXIT_PERMISSION;
	case ENODEV: return EXIT_NO_BINFMT;
	case ENOENT: return EXIT_NOT_FOUND;
	case EINVAL:
	case E2BIG:
	case ENAMETOOLONG: return EXIT_INVALID;
	default: return EXIT_FAILED;
	}
}

enum exit_code exit_code_of_results(const struct output_result *results, size_t count)
{
	enum exit_code code = EXIT_OK;
	size_t failed = 0;

	for (size_t i = 0; i < count; i++) {
		if (!results[i].err)
			continue;
		if (!failed++)
			code = exit_code_of(results[i].err);
	}
	return failed && failed < count ? EXIT_PARTIAL : code;
}

void results_done(struct output_result *results, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(results[i].name);
		free(results[i].rule);
	}
	free(results);
}

static void load_module(const struct invocation *in)
{
	_cleanup_(fd_closep) int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	bool supported = false;
	int err;

	/* A kernel that lists the file system needs no module, whatever libkmod may find. */
	if (in->globals.no_modprobe ||
	    (proc >= 0 && kernel_supports(proc, &supported) == 0 && supported))
		return;
	switch (module_ensure(&module_ops_kmod, "binfmt_misc", &err)) {
	case MODULE_READY: break;
	case MODULE_LOADED: say_more(in, "loaded the module binfmt_misc"); break;
	case MODULE_NOT_FOUND:
		say_more(in, "no module binfmt_misc is installed; it may be built in");
		break;
	case MODULE_BLACKLISTED:
		say(in,
		    "the module binfmt_misc is blacklisted in modprobe's configuration");
		break;
	case MODULE_DENIED:
		say(in, "no permission to load the module binfmt_misc (%s)",
		    explain_errno_name(-err));
		break;
	case MODULE_NO_LIBRARY:
		say(in, "cannot load the module binfmt_misc: libkmod is not installed");
		break;
	case MODULE_FAILED:
		say(in, "cannot load the module binfmt_misc: %s", strerror(err));
		break;
	}
}

enum exit_code open_mount(const struct invocation *in, bool make, int *ret_fd)
{
	const struct globals *g = &in->globals;
	bool may_make = make && !g->dry_run && !g->no_mount;
	struct diag diag = {0};
	int err;

	if (g->foreign_mount && !may_make) {
		say(in, "the user namespace of %s has no binfmt_misc of its own",
		    g->userns);
		return EXIT_NO_BINFMT;
	}
	err = g->foreign_mount ? -ENODEV : kernel_open(AT_FDCWD, g->mount, ret_fd);
	if (err == -EAGAIN && may_make) {
		/* An automount is triggered, never covered; it may lack the module. */
		load_module(in);
		err = kernel_open_trigger(AT_FDCWD, g->mount, ret_fd);
		if (err == -EAGAIN) {
			say(in, "the automount at %s does not mount binfmt_misc",
			    g->mount);
			fprintf(stderr, "  hint: systemctl status "
					"proc-sys-fs-binfmt_misc.mount\n");
			return EXIT_NO_BINFMT;
		}
	}
	/* Only where it belongs: mounting elsewhere would hide what is there. */
	if ((err == -ENODEV || err == -ENOENT) && may_make &&
	    strcmp(g->mount, KERNEL_MOUNT_POINT) == 0) {
		load_module(in);
		err = kernel_mount(g->mount);
		if (err) {
			say(in, "cannot mount binfmt_misc at %s: %s (%s)", g->mount,
			    strerror(-err), explain_errno_name(err));
			return err == -EPERM || err == -EACCES ? EXIT_PERMISSION
							       : EXIT_NO_BINFMT;
		}
		say_more(in, "mounted binfmt_misc at %s", g->mount);
		err = kernel_open(AT_FDCWD, g->mount, ret_fd);
	}
	if (!err)
		return EXIT_OK;
	explain_open(err, g->mount, &diag);
	say_diag(in, NULL, &diag);
	return err == -ENODEV || err == -ENOENT || err == -EAGAIN ? EXIT_NO_BINFMT
								  : exit_code_of(err);
}

bool wants_json(const struct invocation *in)
{
	return in->globals.format == OUTPUT_JSON || in->globals.format == OUTPUT_JSONL;
}

enum exit_code fail(const struct invocation *in, int err, const char *what)
{
	if (what)
		say(in, "%s: %s", what, strerror(-err));
	else
		say(in, "%s", strerror(-err));
	return exit_code_of(err);
}

enum exit_code print_doc(const struct invocation *in, struct doc *doc,
			 struct json_object *object, struct text *text,
			 enum exit_code code)
{
	int err = doc_close(doc, object, text);

	if (err)
		return fail(in, err, NULL);
	if (print_text(in, text))
		return EXIT_FAILED;
	return code;
}

enum exit_code read_entries(const struct invocation *in, int fd, struct entries *ret,
			    bool *ret_enabled)
{
	struct diag diag = {0};
	int err;

	err = kernel_status(fd, ret_enabled);
	if (err)
		return fail(in, err, "cannot read the status");
	err = kernel_list(fd, ret, &diag);
	if (err == -EBADMSG) {
		say(in, "an entry was left out: %s", diag.message);
		return EXIT_OK;
	}
	return err ? fail(in, err, in->globals.mount) : EXIT_OK;
}

static const char *item_name(const struct plan_item *item)
{
	return item->rule ? item->rule->name : item->entry->rule.name;
}

/* What the hooks of a plan share. */
struct changes {
	const struct invocation *in;
	const struct plan *plan;
};

static int verify(void *context, const struct plan_item *item)
{
	(void)context;
	(void)item;
	return smoke_test("binfmtctl " PACKAGE_VERSION "\n");
}

static void report(const struct invocation *in, const struct plan_item *item)
{
	static const char *const done[] = {
		"unchanged",   "registered",   "replaced", "moved to its place",
		"switched on", "switched off", "removed",
	};
	static const char *const would[] = {
		"unchanged",
		"would be registered",
		"would be replaced",
		"would be moved to its place",
		"would be switched on",
		"would be switched off",
		"would be removed",
	};
	_cleanup_(text_done) struct text name = TEXT_INIT;

	if (item->err) {
		struct diag diag = item->diag;

		if (item->file) {
			diag.file = item->file;
			diag.line = item->line;
		}
		say_diag(in, item->rule || item->entry ? item_name(item) : item->text,
			 &diag);
		return;
	}
	if (item->change == CHANGE_NONE && !in->globals.verbose)
		return;
	text_escape(&name, item_name(item), strlen(item_name(item)));
	say_more(in, "%s: %s", name.error ? "?" : name.data,
		 in->globals.dry_run ? would[item->change] : done[item->change]);
}

static void report_done(void *context, const struct plan_item *item)
{
	const struct changes *changes = context;

	report(changes->in, item);
	progress(changes->in, "%zu of %zu entries",
		 (size_t)(item - changes->plan->items) + 1, changes->plan->count);
}

static enum exit_code print_changes(const struct invocation *in, const struct plan *plan,
				    enum exit_code code)
{
	_cleanup_(text_done) struct text out = TEXT_INIT;
	bool lines = in->globals.format == OUTPUT_JSONL;
	struct json_object *all = NULL, *array = NULL;
	struct doc doc = {0};

	if (!lines) {
		all = doc_envelope(&doc, in->command->name, "results", &array);
		doc_bool(&doc, all, "dry_run", in->globals.dry_run);
	}
	for (size_t i = 0; !doc.failed && i < plan->count; i++) {
		const struct plan_item *item = &plan->items[i];
		struct json_object *o = doc_object(&doc);

		doc_string(&doc, o, "name",
			   item->rule || item->entry ? item_name(item) : "");
		doc_bool(&doc, o, "ok", item->err == 0);
		doc_string(&doc, o, "change", change_name(item->change));
		if (item->text)
			doc_bytes(&doc, o, "rule", item->text, item->size);
		if (item->file) {
			doc_string(&doc, o, "source", item->file);
			doc_int(&doc, o, "source_line", item->line);
		}
		if (item->err) {
			doc_string(&doc, o, "errno", explain_errno_name(item->err));
			doc_diag(&doc, o, &item->diag);
		}
		doc_emit(&doc, array, o, &out);
	}
	return print_doc(in, &doc, all, &out, code);
}

enum exit_code run_changes(const struct invocation *in, struct plan *plan, int fd,
			   unsigned int flags)
{
	struct changes changes = {in, plan};
	struct plan_hooks hooks = {
		.verify = flags & CHANGES_NO_TEST ? NULL : verify,
		.report = report_done,
		.context = &changes,
	};
	enum exit_code code = EXIT_OK;
	size_t failed = 0, asked = 0;

	if (!in->globals.dry_run) {
		plan_run(plan, fd, &hooks);
		progress_clear();
	}
	for (size_t i = 0; i < plan->count; i++) {
		if (in->globals.dry_run)
			report(in, &plan->items[i]);
		asked += !plan->items[i].follows;
		if (!plan->items[i].err)
			continue;
		if (!failed++)
			code = exit_code_of(plan->items[i].err);
	}
	if (failed && failed < asked)
		code = EXIT_PARTIAL;
	return wants_json(in) ? print_changes(in, plan, code) : code;
}
