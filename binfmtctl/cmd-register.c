/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * binfmtctl register: checks rules and gives them to the kernel one by one. All rules are read
 * before the first one is written, so a mistake in a file changes nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/command.h"
#include "binfmtctl/conf.h"
#include "binfmtctl/elfident.h"
#include "binfmtctl/explain.h"

enum { CONF_SIZE_MAX = 16 << 20, FILES_MAX = 32 };

struct state {
	const char *files[FILES_MAX];
	size_t file_count;
	bool force, if_absent;
};

/* What there is to register, with the bytes the user wrote. */
struct todo {
	struct rule *rules;
	struct output_result
		*results; /* as many as rules; a bad line has a result only */
	size_t count, room;
};

enum { OPTION_FILE = OPTION_COMMAND, OPTION_FORCE, OPTION_IF_ABSENT };

static const struct poptOption options[] = {
	{"file", 'F', POPT_ARG_STRING, NULL, OPTION_FILE,
	 "register the rules of a binfmt.d file; - is standard input", "FILE"},
	{"if-absent", 0, POPT_ARG_NONE, NULL, OPTION_IF_ABSENT,
	 "leave an existing entry of the same name alone", NULL},
	{"force", 0, POPT_ARG_NONE, NULL, OPTION_FORCE,
	 "register even what would take native programs or give away root", NULL},
	POPT_TABLEEND,
};

static enum exit_code take_option(struct invocation *in, void *state, int option,
				  const char *arg)
{
	struct state *s = state;

	switch (option) {
	case OPTION_FILE:
		if (s->file_count == FILES_MAX)
			return usage(in, "too many files");
		s->files[s->file_count++] = arg;
		break;
	case OPTION_FORCE: s->force = true; break;
	default: s->if_absent = true; break;
	}
	return EXIT_OK;
}

static void todo_done(struct todo *todo)
{
	for (size_t i = 0; i < todo->count; i++)
		rule_done(&todo->rules[i]);
	free(todo->rules);
	results_done(todo->results, todo->count);
	*todo = (struct todo){0};
}

static int todo_room(struct todo *todo)
{
	size_t room = todo->room ? todo->room * 2 : 8;
	struct output_result *results;
	struct rule *rules;

	if (todo->count < todo->room)
		return 0;
	rules = reallocarray(todo->rules, room, sizeof(*rules));
	if (!rules)
		return -ENOMEM;
	todo->rules = rules;
	results = reallocarray(todo->results, room, sizeof(*results));
	if (!results)
		return -ENOMEM;
	todo->results = results;
	todo->room = room;
	return 0;
}

/* Rules that make the system unusable or hand out root are refused without --force. */
static int refuse_dangerous(const struct rule *rule, struct diag *diag)
{
	const char *what;

	if (elf_rule_takes_native(rule, &what)) {
		diag_set(diag, 0, "the rule would take %s of this machine", what);
		diag_hint(
			diag,
			"such programs would no longer start; --force registers it anyway");
		return -ECANCELED;
	}
	if (rule->flags & RULE_CREDENTIALS && !(rule->flags & RULE_FIX_BINARY) &&
	    rule->interpreter[0] != '/') {
		diag_set(diag, 0,
			 "flag C with the relative interpreter %s gives root to whoever "
			 "puts a file of that name into the current directory",
			 rule->interpreter);
		diag_hint(diag, "write an absolute path; --force registers it anyway");
		return -ECANCELED;
	}
	return 0;
}

/* Adds one rule, good or bad. Only running out of memory is an error here. */
static int add(struct todo *todo, const struct state *s, const char *text, size_t size,
	       const struct conf *conf, const struct conf_line *line)
{
	struct output_result r = {0};
	struct rule rule = {0};
	int err;

	err = todo_room(todo);
	if (err)
		return err;
	if (conf)
		r.err = conf_parse(conf, line, rule_limits_running(), &rule, &r.diag);
	else
		r.err = rule_parse(text, size, rule_limits_running(), &rule, &r.diag);
	if (!r.err && !s->force) {
		r.err = refuse_dangerous(&rule, &r.diag);
		if (conf) {
			r.diag.file = conf->file;
			r.diag.line = line->line;
		}
	}
	r.rule = malloc(size + 1);
	if (r.rule) {
		memcpy(r.rule, text, size);
		r.rule[size] = 0;
		r.rule_size = size;
	}
	r.name = strdup(rule.name ? rule.name : "");
	todo->rules[todo->count] = rule;
	todo->results[todo->count] = r;
	todo->count++;
	return r.rule && r.name && r.err != -ENOMEM ? 0 : -ENOMEM;
}

static enum exit_code add_file(struct invocation *in, const struct state *s,
			       const char *path, struct todo *todo)
{
	_cleanup_(fd_closep) int fd = -1;
	bool stdin_named = strcmp(path, "-") == 0;
	struct conf conf = {.file = stdin_named ? "standard input" : path};
	struct conf_line line;
	size_t size;
	char *data;
	int err;

	if (!stdin_named) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0) {
			say(in, "%s: %s", path, strerror(errno));
			return exit_code_of(-errno);
		}
	}
	err = fd_read_all(stdin_named ? STDIN_FILENO : fd, CONF_SIZE_MAX, &data, &size);
	if (err) {
		say(in, "%s: %s", conf.file, strerror(-err));
		return exit_code_of(err);
	}
	conf.at = data;
	conf.end = data + size;
	while (!err && conf_next(&conf, &line))
		err = add(todo, s, line.text, line.size, &conf, &line);
	free(data);
	return err ? EXIT_FAILED : EXIT_OK;
}

static size_t count_bad(struct invocation *in, const struct todo *todo)
{
	size_t bad = 0;

	for (size_t i = 0; i < todo->count; i++) {
		const struct output_result *r = &todo->results[i];

		if (!r->err)
			continue;
		say_diag(in, r->name[0] ? r->name : r->rule, &r->diag);
		bad++;
	}
	return bad;
}

static int register_one(struct invocation *in, const struct state *s, int fd,
			const struct rule *rule, const struct output_result *r)
{
	int err;

	if (in->globals.dry_run) {
		if (faccessat(fd, rule->name, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
			return 0;
		return s->if_absent ? 0 : -EEXIST;
	}
	/* The user's own text: it may hold bytes that no other spelling can. */
	err = kernel_register(fd, r->rule, r->rule_size);
	return err == -EEXIST && s->if_absent ? 0 : err;
}

static void register_all(struct invocation *in, const struct state *s, int fd,
			 const struct todo *todo)
{
	for (size_t i = 0; i < todo->count; i++) {
		struct output_result *r = &todo->results[i];

		r->err = register_one(in, s, fd, &todo->rules[i], r);
		if (r->err) {
			explain_register(r->err, &todo->rules[i], &r->diag);
			say_diag(in, r->name, &r->diag);
		} else {
			say_more(in, "%s: %s", r->name,
				 in->globals.dry_run ? "would be registered"
						     : "registered");
		}
	}
}

static enum exit_code run(struct invocation *in, void *state)
{
	const struct state *s = state;
	_cleanup_(todo_done) struct todo todo = {0};
	_cleanup_(text_done) struct text out = TEXT_INIT;
	_cleanup_(fd_closep) int fd = -1;
	enum exit_code code = EXIT_OK;
	int err = 0;

	if (in->arg_count + s->file_count == 0)
		return usage(in, "which rule? Give its text, or --file FILE");
	for (size_t i = 0; !code && i < s->file_count; i++)
		code = add_file(in, s, s->files[i], &todo);
	if (code)
		return code;
	for (size_t i = 0; !err && i < in->arg_count; i++)
		err = add(&todo, s, in->args[i], strlen(in->args[i]), NULL, NULL);
	if (err) {
		say(in, "%s", strerror(-err));
		return EXIT_FAILED;
	}
	if (count_bad(in, &todo)) {
		for (size_t i = 0; !code && i < todo.count; i++)
			code = exit_code_of(todo.results[i].err);
		say(in, "nothing was registered");
	} else {
		code = open_mount(in, true, &fd);
		if (code)
			return code;
		register_all(in, s, fd, &todo);
		code = exit_code_of_results(todo.results, todo.count);
	}
	if (in->globals.format == OUTPUT_JSON || in->globals.format == OUTPUT_JSONL) {
		err = output_results(in->globals.format, "register", in->globals.dry_run,
				     todo.results, todo.count, &out);
		if (err || print_text(in, &out))
			code = EXIT_FAILED;
	}
	return code;
}

const struct command command_register = {
	.name = "register",
	.args = "[OPTION...] [RULE...]",
	.summary = "check rules and register them with the kernel",
	.examples = "  binfmtctl register ':jar:E::jar::/usr/bin/jexec:'\n"
		    "  binfmtctl register --file /usr/lib/binfmt.d/qemu-arm.conf\n"
		    "  binfmtctl gen aarch64 | binfmtctl register --file -\n",
	.options = options,
	.state_size = sizeof(struct state),
	.option = take_option,
	.run = run,
};
