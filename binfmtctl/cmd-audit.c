/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* binfmtctl audit and doctor: everything that is wrong, the worst first, and what to do. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/audit.h"
#include "binfmtctl/command.h"
#include "binfmtctl/desired.h"

struct state {
	enum severity fail_on, show;
	bool fail_given, show_given, list, no_probe, run_guests;
	const char *only, *ignore;
};

enum {
	OPTION_FAIL_ON = OPTION_COMMAND,
	OPTION_LEVEL,
	OPTION_CHECK,
	OPTION_IGNORE,
	OPTION_LIST,
	OPTION_NO_PROBE,
	OPTION_RUN_GUESTS,
};

static const struct poptOption options[] = {
	{"fail-on", 0, POPT_ARG_STRING, NULL, OPTION_FAIL_ON,
	 "exit with 9 for findings at or above info, low, medium, high or critical",
	 "LEVEL"},
	{"level", 'l', POPT_ARG_STRING, NULL, OPTION_LEVEL,
	 "show findings from this level on (default: low)", "LEVEL"},
	{"check", 'c', POPT_ARG_STRING, NULL, OPTION_CHECK,
	 "these checks only, separated by commas, such as S01,R02", "IDS"},
	{"ignore", 'i', POPT_ARG_STRING, NULL, OPTION_IGNORE, "all but these checks",
	 "IDS"},
	{"list", 0, POPT_ARG_NONE, NULL, OPTION_LIST, "name the checks there are", NULL},
	{"no-probe", 0, POPT_ARG_NONE, NULL, OPTION_NO_PROBE,
	 "start nothing: neither files of entries nor a native program", NULL},
	{"run-guests", 0, POPT_ARG_NONE, NULL, OPTION_RUN_GUESTS,
	 "also run a tiny program for each machine that has an entry", NULL},
	POPT_TABLEEND,
};

static enum exit_code take_level(const struct invocation *in, const char *arg,
				 enum severity *ret, bool *ret_given)
{
	*ret = severity_find(arg);
	*ret_given = true;
	if (*ret == SEVERITY_COUNT)
		return usage(in, "'%s' is none of info, low, medium, high, critical",
			     arg);
	return EXIT_OK;
}

static enum exit_code check_ids(const struct invocation *in, const char *ids)
{
	for (const char *p = ids; *p;) {
		size_t n = strcspn(p, ",");
		const struct audit_check *c = audit_checks;

		while (c->run && (strlen(c->id) != n || strncmp(c->id, p, n) != 0))
			c++;
		if (!c->run)
			return usage(in, "there is no check '%.*s'; --list names them",
				     (int)n, p);
		p += n + (p[n] == ',');
	}
	return EXIT_OK;
}

static enum exit_code take_option(struct invocation *in, void *state, int option,
				  const char *arg)
{
	struct state *s = state;

	switch (option) {
	case OPTION_FAIL_ON: return take_level(in, arg, &s->fail_on, &s->fail_given);
	case OPTION_LEVEL: return take_level(in, arg, &s->show, &s->show_given);
	case OPTION_CHECK: s->only = arg; return check_ids(in, arg);
	case OPTION_IGNORE: s->ignore = arg; return check_ids(in, arg);
	case OPTION_LIST: s->list = true; break;
	case OPTION_NO_PROBE: s->no_probe = true; break;
	default: s->run_guests = true; break;
	}
	return EXIT_OK;
}

static enum exit_code list_checks(const struct invocation *in)
{
	static const char *const headings[] = {"ID", "SEVERITY", "FINDS"};
	_cleanup_(table_done) struct table table = TABLE_INIT(headings);
	_cleanup_(text_done) struct text out = TEXT_INIT;
	struct json_object *all = NULL, *array = NULL;
	struct doc doc = {0};
	int err;

	if (in->globals.format == OUTPUT_JSON)
		all = doc_envelope(&doc, "audit", "checks", &array);
	for (const struct audit_check *c = audit_checks; c->run; c++) {
		if (wants_json(in)) {
			struct json_object *o = doc_object(&doc);

			doc_string(&doc, o, "id", c->id);
			doc_string(&doc, o, "severity", severity_name(c->severity));
			doc_string(&doc, o, "title", c->title);
			doc_emit(&doc, array, o, &out);
			continue;
		}
		table_add(&table, STYLE_BOLD, c->id);
		table_add(&table, STYLE_NONE, severity_name(c->severity));
		table_add(&table, STYLE_NONE, c->title);
	}
	if (wants_json(in))
		return print_doc(in, &doc, all, &out, EXIT_OK);
	err = table_print(&table, in->globals.format == OUTPUT_PLAIN, in->globals.color,
			  &out);
	return err ? fail(in, err, NULL) : print_text(in, &out);
}

/* All that audit and doctor look at. */
struct facts {
	struct config config;
	struct entries entries;
	struct record record;
	struct host host;
	struct findings findings;
	bool enabled;
	int mount_fd, proc_fd;
};

static void facts_done(struct facts *f)
{
	config_done(&f->config);
	entries_done(&f->entries);
	record_done(&f->record);
	host_done(&f->host);
	findings_done(&f->findings);
	fd_closep(&f->mount_fd);
	fd_closep(&f->proc_fd);
}

static void tell(void *context, const char *doing)
{
	progress(context, "%s", doing);
}

static enum exit_code gather(const struct invocation *in, const struct state *s,
			     struct facts *f)
{
	const struct globals *g = &in->globals;
	struct audit audit;
	enum exit_code code;
	int err;

	err = config_load(g->root_fd, g->limits, &f->config);
	if (err)
		return fail(in, err, "cannot read the configuration");
	err = host_detect(g->mount, &f->host);
	if (err)
		return fail(in, err, NULL);
	f->proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (f->host.mount == HOST_MOUNTED) {
		code = open_mount(in, false, &f->mount_fd);
		if (!code)
			code = read_entries(in, f->mount_fd, &f->entries, &f->enabled);
		if (code)
			return code;
		err = desired_record(g->root_fd, f->mount_fd, &f->record);
		if (err)
			return fail(in, err, RECORD_PATH);
	}
	audit = (struct audit){
		.world = {.root_fd = g->root_fd,
			  .entries = &f->entries,
			  .enabled = f->enabled},
		.config = &f->config,
		.record = &f->record,
		.host = &f->host,
		.mount_fd = f->mount_fd,
		.proc_fd = f->proc_fd,
		/* Another root or instance is not what this process's execve uses. */
		.probe = !s->no_probe && !g->root &&
			 strcmp(g->mount, KERNEL_MOUNT_POINT) == 0,
		.run_guests = s->run_guests,
		.smoke = s->no_probe ? NULL : "binfmtctl " PACKAGE_VERSION "\n",
		.progress = tell,
		.context = (void *)in,
		.only = s->only,
		.ignore = s->ignore,
	};
	native_detect(&audit.world.native);
	err = audit_run(&audit, &f->findings);
	progress_clear();
	return err ? fail(in, err, NULL) : EXIT_OK;
}

static enum table_style style_of(enum severity severity)
{
	return severity >= SEVERITY_HIGH     ? STYLE_BAD
	       : severity == SEVERITY_MEDIUM ? STYLE_WARN
					     : STYLE_DIM;
}

static void put_finding(const struct invocation *in, const struct finding *f,
			struct text *to)
{
	style_put(to, in->globals.color, style_of(f->severity),
		  severity_name(f->severity));
	text_printf(to, " %s ", f->id);
	if (f->subject) {
		text_escape(to, f->subject, strlen(f->subject));
		text_puts(to, ": ");
	}
	text_escape(to, f->evidence, strlen(f->evidence));
	text_putc(to, '\n');
	if (f->advice && !in->globals.quiet) {
		text_puts(to, "  do: ");
		text_clean(to, f->advice, strlen(f->advice));
		text_putc(to, '\n');
	}
}

enum { FOLD_FROM = 4, FOLD_NAMES = 5 };

/* Findings from this one on that differ in their subject and place only. */
static size_t alike(const struct findings *findings, size_t at)
{
	const struct finding *first = &findings->list[at];
	size_t n = 1;

	for (; first->subject && first->advice && at + n < findings->count; n++) {
		const struct finding *f = &findings->list[at + n];

		if (strcmp(f->id, first->id) != 0 || f->severity != first->severity ||
		    !f->subject || !f->advice || strcmp(f->advice, first->advice) != 0)
			break;
	}
	return n;
}

/* Many of one kind, on one line. */
static void put_folded(const struct invocation *in, const struct finding *f, size_t count,
		       const char *title, struct text *to)
{
	style_put(to, in->globals.color, style_of(f->severity),
		  severity_name(f->severity));
	text_printf(to, " %s %zu times: %s: ", f->id, count, title);
	for (size_t i = 0; i < count && i < FOLD_NAMES; i++) {
		text_puts(to, i ? ", " : "");
		text_escape(to, f[i].subject, strlen(f[i].subject));
	}
	text_printf(to, "%s\n  do: ", count > FOLD_NAMES ? ", ..." : "");
	text_clean(to, f->advice, strlen(f->advice));
	text_puts(to, "\n  all of them: binfmtctl audit --check ");
	text_printf(to, "%s\n", f->id);
}

static const char *title_of(const char *id)
{
	const struct audit_check *c = audit_checks;

	while (c->run && strcmp(c->id, id) != 0)
		c++;
	return c->run ? c->title : "";
}

static void put_plain(const struct finding *f, struct text *to)
{
	const char *const fields[] = {f->subject, f->evidence, f->advice};

	text_printf(to, "%s\t%s", f->id, severity_name(f->severity));
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		text_putc(to, '\t');
		if (fields[i])
			text_escape(to, fields[i], strlen(fields[i]));
		else
			text_putc(to, '-');
	}
	text_putc(to, '\n');
}

static void put_json(const struct finding *f, struct doc *doc, struct json_object *array,
		     struct text *out)
{
	struct json_object *o = doc_object(doc);

	doc_string(doc, o, "id", f->id);
	doc_string(doc, o, "severity", severity_name(f->severity));
	doc_string(doc, o, "subject", f->subject);
	doc_string(doc, o, "evidence", f->evidence);
	doc_string(doc, o, "advice", f->advice);
	doc_emit(doc, array, o, out);
}

static enum exit_code run_audit(struct invocation *in, void *state)
{
	const struct state *s = state;
	enum severity from = s->show_given ? s->show : SEVERITY_LOW;
	_cleanup_(facts_done) struct facts f = {.mount_fd = -1, .proc_fd = -1};
	_cleanup_(text_done) struct text out = TEXT_INIT;
	struct json_object *all = NULL, *array = NULL;
	size_t counts[SEVERITY_COUNT] = {0};
	enum exit_code code;
	struct doc doc = {0};

	if (in->arg_count)
		return usage(in, "no arguments are taken; --check names checks");
	if (s->list)
		return list_checks(in);
	code = gather(in, s, &f);
	if (code)
		return code;
	if (in->globals.format == OUTPUT_JSON)
		all = doc_envelope(&doc, "audit", "findings", &array);
	for (size_t i = 0; i < f.findings.count; i++) {
		const struct finding *finding = &f.findings.list[i];

		counts[finding->severity]++;
		if (s->fail_given && finding->severity >= s->fail_on)
			code = EXIT_FINDINGS;
		if (finding->severity < from)
			continue;
		if (wants_json(in))
			put_json(finding, &doc, array, &out);
		else if (in->globals.format == OUTPUT_PLAIN)
			put_plain(finding, &out);
		else
			put_finding(in, finding, &out);
	}
	if (all) {
		struct json_object *sums = doc_below(&doc, all, "counts");

		for (size_t i = 0; i < SEVERITY_COUNT; i++)
			doc_int(&doc, sums, severity_name(i), counts[i]);
	}
	if (in->globals.format == OUTPUT_TEXT && !in->globals.quiet)
		text_printf(
			&out,
			"%zu critical, %zu high, %zu medium, %zu low, %zu for information\n",
			counts[SEVERITY_CRITICAL], counts[SEVERITY_HIGH],
			counts[SEVERITY_MEDIUM], counts[SEVERITY_LOW],
			counts[SEVERITY_INFO]);
	return print_doc(in, &doc, all, &out, code);
}

static void put_summary(const struct invocation *in, const struct facts *f,
			struct text *out)
{
	size_t on = 0;

	for (size_t i = 0; i < f->entries.count; i++)
		on += f->entries.list[i].enabled;
	text_printf(out, "Linux %s on %s; binfmt_misc: %s", f->host.release,
		    f->host.native.name, host_mount_name(f->host.mount));
	if (f->host.mount == HOST_MOUNTED)
		text_printf(out, ", %s, %zu of %zu entries enabled",
			    f->enabled ? "matching is on" : "matching is off", on,
			    f->entries.count);
	text_printf(out, "; %zu rules in conf files.\n", f->config.rule_count);
	(void)in;
}

static enum exit_code run_doctor(struct invocation *in, void *state)
{
	struct state s = {0};
	_cleanup_(facts_done) struct facts f = {.mount_fd = -1, .proc_fd = -1};
	_cleanup_(text_done) struct text out = TEXT_INIT;
	struct json_object *all = NULL, *array = NULL;
	enum exit_code code;
	struct doc doc = {0};
	size_t told = 0, hidden = 0;

	(void)state;
	if (in->arg_count)
		return usage(in,
			     "no arguments are taken; `binfmtctl why FILE` is about one "
			     "file");
	code = gather(in, &s, &f);
	if (code)
		return code;
	if (in->globals.format == OUTPUT_JSON) {
		all = doc_envelope(&doc, "doctor", "findings", &array);
		doc_string(&doc, all, "release", f.host.release);
		doc_string(&doc, all, "mount_state", host_mount_name(f.host.mount));
		doc_bool(&doc, all, "enabled", f.enabled);
		doc_int(&doc, all, "entries", f.entries.count);
		doc_int(&doc, all, "rules", f.config.rule_count);
	} else if (in->globals.format == OUTPUT_TEXT) {
		put_summary(in, &f, &out);
	}
	for (size_t i = 0; i < f.findings.count; i++) {
		const struct finding *finding = &f.findings.list[i];

		if (finding->severity < SEVERITY_MEDIUM) {
			hidden++;
			continue;
		}
		told++;
		if (wants_json(in)) {
			put_json(finding, &doc, array, &out);
		} else if (in->globals.format == OUTPUT_PLAIN) {
			put_plain(finding, &out);
		} else if (alike(&f.findings, i) >= FOLD_FROM) {
			size_t n = alike(&f.findings, i);

			put_folded(in, finding, n, title_of(finding->id), &out);
			i += n - 1;
		} else {
			put_finding(in, finding, &out);
		}
	}
	if (in->globals.format == OUTPUT_TEXT) {
		if (!told)
			text_puts(&out,
				  "Nothing is wrong as far as can be seen. If a program "
				  "does not start: binfmtctl why FILE\n");
		if (hidden && !in->globals.quiet)
			text_printf(
				&out,
				"%zu smaller findings: binfmtctl audit --level info\n",
				hidden);
	}
	return print_doc(in, &doc, all, &out, told ? EXIT_FINDINGS : EXIT_OK);
}

const struct command command_audit = {
	.name = "audit",
	.args = "[OPTION...]",
	.summary = "look for everything that is wrong or dangerous",
	.examples = "  binfmtctl audit\n"
		    "  binfmtctl audit --fail-on high --ignore S09\n"
		    "  binfmtctl audit --check F01,T03 --run-guests --level info\n",
	.options = options,
	.state_size = sizeof(struct state),
	.option = take_option,
	.run = run_audit,
};

const struct command command_doctor = {
	.name = "doctor",
	.args = "[OPTION...]",
	.summary = "say on one page what is wrong and what to do",
	.examples = "  binfmtctl doctor\n",
	.run = run_doctor,
};
