/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* binfmtctl convert: rules from one tool's files into another's. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/bfs.h"
#include "binfmtctl/command.h"
#include "binfmtctl/config.h"
#include "binfmtctl/export.h"

enum { FILE_SIZE_MAX = 16 << 20 };

struct state {
	enum export_kind to;
	const char *directory;
	struct rule_style style;
};

enum { OPTION_TO = OPTION_COMMAND, OPTION_DIRECTORY, OPTION_HEX };

static const struct poptOption options[] = {
	{"to", 't', POPT_ARG_STRING, NULL, OPTION_TO,
	 "rule, conf (binfmt.d), update-binfmts, shell or nixos (default: conf)", "KIND"},
	{"directory", 'd', POPT_ARG_STRING, NULL, OPTION_DIRECTORY,
	 "write one file per rule there, instead of all to standard output", "DIR"},
	{"hex", 0, POPT_ARG_NONE, NULL, OPTION_HEX,
	 "all bytes of magic and mask as \\xHH", NULL},
	POPT_TABLEEND,
};

static enum exit_code take_option(struct invocation *in, void *state, int option,
				  const char *arg)
{
	struct state *s = state;

	switch (option) {
	case OPTION_DIRECTORY: s->directory = arg; break;
	case OPTION_HEX: s->style.encoding = RULE_HEX; break;
	default:
		if (export_kind_find(arg, &s->to))
			return usage(
				in,
				"--to takes rule, conf, update-binfmts, shell or nixos, "
				"not '%s'",
				arg);
		s->to++;
		break;
	}
	return EXIT_OK;
}

/* All rules read so far. */
struct rules {
	struct rule *list;
	size_t count, room;
};

static void rules_done(struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		rule_done(&rules->list[i]);
	free(rules->list);
}

/* Takes over the rule. */
static int add(struct rules *rules, struct rule *rule)
{
	if (rules->count == rules->room) {
		size_t room = rules->room ? rules->room * 2 : 16;
		struct rule *list = reallocarray(rules->list, room, sizeof(*list));

		if (!list)
			return -ENOMEM;
		rules->list = list;
		rules->room = room;
	}
	rules->list[rules->count++] = *rule;
	*rule = (struct rule){0};
	return 0;
}

static int read_conf(const struct invocation *in, const char *path, const char *data,
		     size_t size, struct rules *rules, enum exit_code *ret_bad)
{
	_cleanup_(config_done) struct config config = {0};
	int err = config_add_text(&config, path, data, size, in->globals.limits);

	for (size_t i = 0; !err && i < config.rule_count; i++) {
		struct conf_rule *r = &config.rules[i];

		if (r->err) {
			say_diag(in, NULL, &r->diag);
			*ret_bad = EXIT_INVALID;
			continue;
		}
		err = add(rules, &r->rule);
	}
	return err;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int read_any(const struct invocation *in, const char *path, const char *data,
		    size_t size, struct rules *rules, enum exit_code *ret_bad)
{
	_cleanup_(bfs_done) struct bfs format = {0};
	_cleanup_(rule_done) struct rule rule = {0};
	_cleanup_(entry_done) struct entry entry = {0};
	struct diag diag = {.file = path};
	int err;

	/* What the kernel shows, or a copy of it, which was named like the entry. */
	if ((size > 8 && memcmp(data, "enabled\n", 8) == 0) ||
	    (size > 9 && memcmp(data, "disabled\n", 9) == 0)) {
		err = entry_parse(base_name(path), data, size, &entry, &diag);
		if (!err && entry.understood)
			return add(rules, &entry.rule);
		if (!err)
			diag_set(&diag, 0, "the entry is of a kind that has no rule");
	} else if (bfs_looks_like(data, size)) {
		err = bfs_parse(path, data, size, &format, &diag);
		if (!err)
			err = bfs_to_rule(&format, in->globals.limits, &rule, &diag);
		if (!err) {
			if (diag.hint[0])
				say(in, "%s: %s", path, diag.hint);
			return add(rules, &rule);
		}
	} else if (bfs_looks_like_database(data, size)) {
		err = bfs_parse_database(path, data, size, &format, &diag);
		if (!err)
			err = bfs_to_rule(&format, in->globals.limits, &rule, &diag);
		if (!err)
			return add(rules, &rule);
	} else {
		return read_conf(in, path, data, size, rules, ret_bad);
	}
	if (err == -ENOMEM)
		return err;
	diag.file = path;
	say_diag(in, NULL, &diag);
	*ret_bad = EXIT_INVALID;
	return 0;
}

static enum exit_code read_path(const struct invocation *in, const char *path,
				struct rules *rules, enum exit_code *ret_bad)
{
	bool from_stdin = strcmp(path, "-") == 0;
	_cleanup_(fd_closep) int fd = -1;
	size_t size;
	char *data;
	int err;

	if (!from_stdin) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return fail(in, -errno, path);
	}
	err = fd_read_all(from_stdin ? STDIN_FILENO : fd, FILE_SIZE_MAX, &data, &size);
	if (err)
		return fail(in, err, path);
	err = read_any(in, from_stdin ? "standard input" : path, data, size, rules,
		       ret_bad);
	free(data);
	return err ? fail(in, err, NULL) : EXIT_OK;
}

static enum exit_code write_file(const struct invocation *in, const struct state *s,
				 enum export_kind kind, const struct rule *rule,
				 const struct text *text)
{
	static const char *const suffixes[] = {".rule", ".conf", "", ".sh", ".nix"};
	_cleanup_(text_done) struct text path = TEXT_INIT;
	_cleanup_(fd_closep) int fd = -1;
	int err;

	text_printf(&path, "%s/%s%s", s->directory, rule->name, suffixes[kind]);
	if (path.error)
		return fail(in, path.error, NULL);
	if (in->globals.dry_run) {
		say_more(in, "%s would be written", path.data);
		return EXIT_OK;
	}
	fd = open(path.data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return fail(in, -errno, path.data);
	err = fd_write_once(fd, text->data, text->size);
	if (err) {
		unlink(path.data);
		return fail(in, err, path.data);
	}
	say_more(in, "%s is written", path.data);
	return EXIT_OK;
}

static enum exit_code write_rules(struct invocation *in, const struct state *s,
				  const struct rules *rules, size_t *ret_written,
				  enum exit_code *ret_bad)
{
	enum export_kind kind = s->to ? s->to - 1 : EXPORT_CONF;
	_cleanup_(text_done) struct text out = TEXT_INIT;

	if (kind == EXPORT_BFS && rules->count > 1 && !s->directory)
		return usage(in,
			     "an update-binfmts file holds one format: --directory DIR");
	for (size_t i = 0; i < rules->count; i++) {
		_cleanup_(text_done) struct text one = TEXT_INIT;
		struct diag diag = {0};
		int err = export_rule(&rules->list[i], kind, &s->style, &one, &diag);

		if (err) {
			say_diag(in, rules->list[i].name, &diag);
			*ret_bad = EXIT_INVALID;
			continue;
		}
		if (diag.hint[0])
			say(in, "%s: %s", rules->list[i].name, diag.hint);
		if (s->directory) {
			enum exit_code code =
				write_file(in, s, kind, &rules->list[i], &one);

			if (code) {
				*ret_bad = code;
				continue;
			}
		} else {
			text_add(&out, one.data, one.size);
		}
		++*ret_written;
	}
	return print_text(in, &out);
}

static enum exit_code run(struct invocation *in, void *state)
{
	const struct state *s = state;
	_cleanup_(rules_done) struct rules rules = {0};
	enum exit_code code = EXIT_OK;
	size_t written = 0;
	enum exit_code bad = EXIT_OK;

	if (in->arg_count == 0)
		return usage(in, "which file? - is standard input");
	for (size_t i = 0; i < in->arg_count; i++) {
		enum exit_code one = read_path(in, in->args[i], &rules, &bad);

		code = one ? one : code;
	}
	if (wants_json(in)) {
		_cleanup_(text_done) struct text out = TEXT_INIT;
		int err = output_rules(in->globals.format, in->command->name, rules.list,
				       rules.count, &out);

		if (err || print_text(in, &out))
			return EXIT_FAILED;
		written = rules.count;
	} else if (rules.count) {
		enum exit_code one = write_rules(in, s, &rules, &written, &bad);

		code = one ? one : code;
	}
	return code ? code : !bad ? EXIT_OK : written ? EXIT_PARTIAL : bad;
}

const struct command command_convert = {
	.name = "convert",
	.args = "[OPTION...] FILE...",
	.summary =
		"turn conf files, update-binfmts formats and kernel entries into each other",
	.examples =
		"  binfmtctl convert /usr/share/binfmts/qemu-arm\n"
		"  binfmtctl convert --to update-binfmts -d . /usr/lib/binfmt.d/qemu-arm.conf\n"
		"  binfmtctl convert --to rule /proc/sys/fs/binfmt_misc/jar\n",
	.options = options,
	.state_size = sizeof(struct state),
	.option = take_option,
	.run = run,
};
