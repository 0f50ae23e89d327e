/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* binfmtctl lint and parse: judge conf files and rules without touching anything. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/bfs.h"
#include "binfmtctl/check.h"
#include "binfmtctl/command.h"
#include "binfmtctl/config.h"
#include "binfmtctl/explain.h"
#include "binfmtctl/native.h"

enum { FILE_SIZE_MAX = 16 << 20 };

struct state {
	enum severity fail_on, show;
	bool fail_given;
};

enum { OPTION_FAIL_ON = OPTION_COMMAND, OPTION_LEVEL };

static const struct poptOption options[] = {
	{"fail-on", 0, POPT_ARG_STRING, NULL, OPTION_FAIL_ON,
	 "exit with 9 for findings at or above info, low, medium, high or critical",
	 "LEVEL"},
	{"level", 'l', POPT_ARG_STRING, NULL, OPTION_LEVEL,
	 "show findings from this level on (default: low)", "LEVEL"},
	POPT_TABLEEND,
};

static enum exit_code take_option(struct invocation *in, void *state, int option,
				  const char *arg)
{
	enum severity severity = severity_find(arg);
	struct state *s = state;

	if (severity == SEVERITY_COUNT)
		return usage(in, "'%s' is none of info, low, medium, high, critical",
			     arg);
	if (option == OPTION_FAIL_ON) {
		s->fail_on = severity;
		s->fail_given = true;
	} else {
		s->show = severity + 1;
	}
	return EXIT_OK;
}

/* Everything said so far. */
struct lint {
	const struct invocation *in;
	const struct state *state;
	struct native native;
	struct text out;
	struct doc doc;
	struct json_object *all, *array;
	size_t errors, rules;
	bool failed; /* a finding at or above --fail-on */
};

static bool is_shown(const struct lint *l, enum severity severity)
{
	enum severity from = l->state->show ? l->state->show - 1 : SEVERITY_LOW;

	return severity >= from;
}

static void put_place(struct text *to, const char *file, unsigned int line,
		      unsigned int column)
{
	text_clean(to, file, strlen(file));
	if (line)
		text_printf(to, ":%u", line);
	if (column)
		text_printf(to, ":%u", column);
}

static void put_error(struct lint *l, const char *file, const struct conf_rule *r)
{
	l->errors++;
	if (wants_json(l->in)) {
		struct json_object *o = doc_object(&l->doc);

		doc_string(&l->doc, o, "severity", "error");
		doc_string(&l->doc, o, "id", NULL);
		doc_string(&l->doc, o, "errno", explain_errno_name(r->err));
		doc_diag(&l->doc, o, &r->diag);
		doc_emit(&l->doc, l->array, o, &l->out);
		return;
	}
	put_place(&l->out, file, r->diag.line, r->diag.column);
	text_puts(&l->out, ": ");
	style_put(&l->out, l->in->globals.color, STYLE_BAD, "error");
	text_printf(&l->out, ": %s\n", r->diag.message);
	if (r->diag.hint[0])
		text_printf(&l->out, "  hint: %s\n", r->diag.hint);
}

static void put_finding(struct lint *l, const char *file, unsigned int line,
			const struct finding *f)
{
	_cleanup_(text_done) struct text evidence = TEXT_INIT;

	if (l->state->fail_given && f->severity >= l->state->fail_on)
		l->failed = true;
	if (!is_shown(l, f->severity))
		return;
	if (wants_json(l->in)) {
		struct json_object *o = doc_object(&l->doc);

		doc_string(&l->doc, o, "severity", severity_name(f->severity));
		doc_string(&l->doc, o, "id", f->id);
		doc_string(&l->doc, o, "name", f->subject);
		doc_string(&l->doc, o, "file", file);
		doc_int(&l->doc, o, "line", line);
		doc_string(&l->doc, o, "message", f->evidence);
		doc_string(&l->doc, o, "hint", f->advice);
		doc_emit(&l->doc, l->array, o, &l->out);
		return;
	}
	text_escape(&evidence, f->evidence, strlen(f->evidence));
	put_place(&l->out, file, line, 0);
	text_puts(&l->out, ": ");
	style_put(&l->out, l->in->globals.color,
		  f->severity >= SEVERITY_HIGH ? STYLE_BAD : STYLE_WARN,
		  severity_name(f->severity));
	text_printf(&l->out, ": %s [%s]\n", evidence.data ? evidence.data : "", f->id);
	if (f->advice && !l->in->globals.quiet) {
		text_puts(&l->out, "  hint: ");
		text_clean(&l->out, f->advice, strlen(f->advice));
		text_putc(&l->out, '\n');
	}
}

static int check_one(struct lint *l, const char *file, const struct conf_rule *r)
{
	_cleanup_(findings_done) struct findings findings = {0};

	l->rules++;
	if (r->err) {
		put_error(l, file, r);
		return 0;
	}
	check_rule(&r->rule, &l->native, &findings);
	if (r->replaced)
		finding_add(&findings, "D04", SEVERITY_LOW, r->rule.name,
			    "a later rule of the name %s replaces this one\n"
			    "give it another name, or remove it",
			    r->rule.name);
	if (r->file != CONF_NO_FILE && r->size > RULE_MAX_SIZE - 1)
		finding_add(
			&findings, "D04", SEVERITY_LOW, r->rule.name,
			"the rule has %zu bytes; systemd-binfmt adds a newline, which "
			"is one too many\nwrite fewer bytes as \\xHH",
			r->size);
	findings_sort(&findings);
	for (size_t i = 0; i < findings.count; i++)
		put_finding(l, file, r->line, &findings.list[i]);
	return findings.error;
}

/* What is wrong with a file as a whole. */
static void check_text(struct lint *l, const char *file, const char *data, size_t size)
{
	_cleanup_(findings_done) struct findings findings = {0};

	if (size >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
		finding_add(
			&findings, "D04", SEVERITY_LOW, NULL,
			"the file begins with a byte order mark, which becomes part of "
			"its first line\nsave it without");
	if (memmem(data, size, "\r\n", 2))
		finding_add(&findings, "D04", SEVERITY_LOW, NULL,
			    "the file has DOS line ends\nsave it with Unix ones");
	if (memchr(data, 0, size))
		finding_add(&findings, "D04", SEVERITY_LOW, NULL,
			    "the file holds a NUL byte, which ends its line\n"
			    "write \\x00 instead");
	for (size_t i = 0; i < findings.count; i++)
		put_finding(l, file, 0, &findings.list[i]);
}

static int lint_data(struct lint *l, const char *path, const char *data, size_t size)
{
	_cleanup_(config_done) struct config config = {0};
	int err = 0;

	if (bfs_looks_like(data, size)) {
		struct conf_rule r = {.file = CONF_NO_FILE};
		struct bfs format = {0};

		r.err = bfs_parse(path, data, size, &format, &r.diag);
		if (!r.err)
			r.err = bfs_to_rule(&format, l->in->globals.limits, &r.rule,
					    &r.diag);
		r.diag.file = path;
		err = r.err == -ENOMEM ? r.err : check_one(l, path, &r);
		rule_done(&r.rule);
		bfs_done(&format);
		return err;
	}
	check_text(l, path, data, size);
	err = config_add_text(&config, path, data, size, l->in->globals.limits);
	config_mark_replaced(&config);
	for (size_t i = 0; !err && i < config.rule_count; i++)
		err = check_one(l, path, &config.rules[i]);
	return err;
}

static int lint_fd(struct lint *l, const char *path, int fd)
{
	size_t size;
	char *data;
	int err = fd_read_all(fd, FILE_SIZE_MAX, &data, &size);

	if (err)
		return err;
	err = lint_data(l, path, data, size);
	free(data);
	return err;
}

static int compare_strings(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int lint_path(struct lint *l, const char *path);

/* Every *.conf of a directory, in order. */
static int lint_directory(struct lint *l, const char *path)
{
	DIR *dir = opendir(path);
	size_t count = 0, room = 0;
	char **names = NULL;
	struct dirent *d;
	int err = dir ? 0 : -errno;

	while (!err && (d = readdir(dir))) {
		size_t n = strlen(d->d_name);

		if (n < 6 || strcmp(d->d_name + n - 5, ".conf") != 0)
			continue;
		if (count == room) {
			char **more = reallocarray(names, room = room ? 2 * room : 32,
						   sizeof(*names));

			if (!more) {
				err = -ENOMEM;
				break;
			}
			names = more;
		}
		names[count] = strdup(d->d_name);
		err = names[count++] ? 0 : -ENOMEM;
	}
	if (count)
		qsort(names, count, sizeof(*names), compare_strings);
	for (size_t i = 0; i < count; i++) {
		_cleanup_(text_done) struct text full = TEXT_INIT;

		text_printf(&full, "%s/%s", path, names[i] ? names[i] : "");
		if (!err)
			err = full.error ? full.error : lint_path(l, full.data);
		free(names[i]);
	}
	free(names);
	if (dir)
		closedir(dir);
	return err;
}

static int lint_path(struct lint *l, const char *path)
{
	_cleanup_(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	progress(l->in, "%s", path);
	return S_ISDIR(st.st_mode) ? lint_directory(l, path) : lint_fd(l, path, fd);
}

/* What systemd would read, masked files left out. */
static int lint_system(struct lint *l)
{
	_cleanup_(config_done) struct config config = {0};
	int err = config_load(l->in->globals.root_fd, l->in->globals.limits, &config);

	for (size_t i = 0; !err && i < config.file_count; i++)
		if (config.files[i].state == CONF_USED)
			check_text(l, config.files[i].path, config.files[i].data,
				   config.files[i].size);
	for (size_t i = 0; !err && i < config.rule_count; i++)
		err = check_one(l, config_path(&config, &config.rules[i]),
				&config.rules[i]);
	return err;
}

static void begin(struct lint *l, struct invocation *in, const struct state *s)
{
	*l = (struct lint){.in = in, .state = s};
	native_detect(&l->native);
	if (in->globals.format == OUTPUT_JSON) {
		l->all = doc_envelope(&l->doc, in->command->name, "findings", &l->array);
		doc_string(&l->doc, l->all, "kernel", in->globals.limits->since);
	}
}

static enum exit_code end(struct lint *l, enum exit_code code)
{
	if (!code && l->errors)
		code = EXIT_INVALID;
	if (!code && l->failed)
		code = EXIT_FINDINGS;
	if (l->all)
		doc_int(&l->doc, l->all, "rules", l->rules);
	code = print_doc(l->in, &l->doc, l->all, &l->out, code);
	text_done(&l->out);
	return code;
}

static enum exit_code run_lint(struct invocation *in, void *state)
{
	enum exit_code code = EXIT_OK;
	struct lint l;
	int err = 0;

	begin(&l, in, state);
	if (in->arg_count == 0)
		err = lint_system(&l);
	if (err)
		code = fail(in, err, NULL);
	for (size_t i = 0; i < in->arg_count; i++) {
		const char *path = in->args[i];

		err = strcmp(path, "-") == 0 ? lint_fd(&l, "standard input", STDIN_FILENO)
					     : lint_path(&l, path);
		if (err)
			code = fail(in, err, path);
	}
	if (!code && !wants_json(in) && !in->globals.quiet)
		say_more(in, "%zu rules checked, %zu errors", l.rules, l.errors);
	return end(&l, code);
}

static enum exit_code run_parse(struct invocation *in, void *state)
{
	_cleanup_(config_done) struct config config = {0};
	struct entries entries = {0};
	enum exit_code code = EXIT_OK;
	struct lint l;
	int err = 0;

	if (in->arg_count == 0)
		return usage(in, "which rule? `binfmtctl lint FILE` reads files");
	entries.list = calloc(in->arg_count, sizeof(*entries.list));
	if (!entries.list)
		return fail(in, -ENOMEM, NULL);
	begin(&l, in, state);
	for (size_t i = 0; !err && i < in->arg_count; i++)
		err = config_add_rule(&config, in->args[i], strlen(in->args[i]),
				      in->globals.limits);
	for (size_t i = 0; !err && i < config.rule_count; i++) {
		err = check_one(&l, "rule", &config.rules[i]);
		if (!config.rules[i].err)
			/* Borrowed; an entry as it would be. */
			entries.list[entries.count++] = (struct entry){
				.rule = config.rules[i].rule,
				.enabled = true,
				.understood = true,
			};
	}
	if (!err && !wants_json(in) && entries.count)
		err = output_show(in->globals.format, in->globals.mount, &entries,
				  &l.out);
	if (!err && l.all) {
		struct json_object *rules = doc_array(&l.doc, l.all, "parsed");

		for (size_t i = 0; i < entries.count; i++) {
			struct json_object *o = doc_object(&l.doc);

			doc_rule(&l.doc, o, &entries.list[i].rule, "");
			doc_emit(&l.doc, rules, o, &l.out);
		}
	}
	free(entries.list);
	if (err)
		code = fail(in, err, NULL);
	return end(&l, code);
}

const struct command command_lint = {
	.name = "lint",
	.args = "[OPTION...] [FILE|DIRECTORY|-...]",
	.summary = "check conf files; without one, all of the system's",
	.examples = "  binfmtctl lint /etc/binfmt.d/mine.conf\n"
		    "  binfmtctl lint --kernel 4.19 --fail-on medium ./formats.d\n"
		    "  binfmtctl gen aarch64 | binfmtctl lint -\n",
	.options = options,
	.state_size = sizeof(struct state),
	.option = take_option,
	.run = run_lint,
};

const struct command command_parse = {
	.name = "parse",
	.args = "[OPTION...] RULE...",
	.summary = "read rules as the kernel would and show what they mean",
	.examples = "  binfmtctl parse ':jar:E::jar::/usr/bin/jexec:'\n"
		    "  binfmtctl parse --kernel 4.4 ':a:M::AB::/bin/x:F'\n",
	.options = options,
	.state_size = sizeof(struct state),
	.option = take_option,
	.run = run_parse,
};
