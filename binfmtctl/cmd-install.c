/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * binfmtctl install and uninstall: puts conf files where they are read at the next start, whole
 * or not at all, and takes them away or masks them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/check.h"
#include "binfmtctl/command.h"
#include "binfmtctl/config.h"
#include "binfmtctl/formats.h"
#include "binfmtctl/root.h"

enum { CONF_SIZE_MAX = 16 << 20 };

struct state {
	const char *as;
	bool now, vendor, force, mask, no_test;
};

enum {
	OPTION_NOW = OPTION_COMMAND,
	OPTION_VENDOR,
	OPTION_AS,
	OPTION_FORCE,
	OPTION_MASK,
	OPTION_NO_TEST,
};

static const struct poptOption install_options[] = {
	{"now", 0, POPT_ARG_NONE, NULL, OPTION_NOW, "register the rules too", NULL},
	{"as", 0, POPT_ARG_STRING, NULL, OPTION_AS, "name of the file, without .conf",
	 "NAME"},
	{"vendor", 0, POPT_ARG_NONE, NULL, OPTION_VENDOR,
	 "into /usr/lib/binfmt.d, for packages and images, instead of /etc", NULL},
	{"force", 0, POPT_ARG_NONE, NULL, OPTION_FORCE,
	 "replace another file of this name; allow dangerous rules", NULL},
	{"no-test", 0, POPT_ARG_NONE, NULL, OPTION_NO_TEST,
	 "do not test after each change that native programs still start", NULL},
	POPT_TABLEEND,
};

static const struct poptOption uninstall_options[] = {
	{"now", 0, POPT_ARG_NONE, NULL, OPTION_NOW, "unregister the rules too", NULL},
	{"vendor", 0, POPT_ARG_NONE, NULL, OPTION_VENDOR,
	 "from /usr/lib/binfmt.d instead of /etc", NULL},
	{"mask", 0, POPT_ARG_NONE, NULL, OPTION_MASK,
	 "switch off a file of this name in other directories too", NULL},
	POPT_TABLEEND,
};

static enum exit_code take_option(struct invocation *in, void *state, int option,
				  const char *arg)
{
	struct state *s = state;

	(void)in;
	switch (option) {
	case OPTION_NOW: s->now = true; break;
	case OPTION_VENDOR: s->vendor = true; break;
	case OPTION_AS: s->as = arg; break;
	case OPTION_FORCE: s->force = true; break;
	case OPTION_NO_TEST: s->no_test = true; break;
	default: s->mask = true; break;
	}
	return EXIT_OK;
}

static const char *directory(const struct state *s)
{
	return s->vendor ? "/usr/lib/binfmt.d" : "/etc/binfmt.d";
}

static bool ends_in_conf(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && strcmp(name + n - 5, ".conf") == 0;
}

/* "NAME.conf" of a shipped format's name or a path. */
static int conf_name(const char *what, struct text *ret)
{
	const char *slash = strrchr(what, '/');

	text_puts(ret, slash ? slash + 1 : what);
	if (!ret->error && !ends_in_conf(ret->data))
		text_puts(ret, ".conf");
	return ret->error;
}

/* Opens, and makes where needed, the directory for conf files below the root. */
static int open_directory(const struct invocation *in, const struct state *s, bool make)
{
	const char *path = directory(s);
	int fd = root_open(in->globals.root_fd, path, O_RDONLY | O_DIRECTORY);
	_cleanup_(fd_closep) int parent = -1;
	_cleanup_(text_done) struct text up = TEXT_INIT;
	const char *slash = strrchr(path, '/');

	if (fd != -ENOENT || !make)
		return fd;
	text_add(&up, path, slash - path);
	if (up.error)
		return up.error;
	parent = root_open(in->globals.root_fd, up.data, O_RDONLY | O_DIRECTORY);
	if (parent < 0)
		return parent;
	if (mkdirat(parent, slash + 1, 0755) < 0 && errno != EEXIST)
		return -errno;
	return root_open(in->globals.root_fd, path, O_RDONLY | O_DIRECTORY);
}

static int write_conf(int dir, const char *name, const char *data, size_t size)
{
	_cleanup_(text_done) struct text temporary = TEXT_INIT;
	_cleanup_(fd_closep) int fd = -1;
	int err = 0;

	/* A leading dot: nobody reads it as a conf file in the meantime. */
	text_printf(&temporary, ".%s.new", name);
	if (temporary.error)
		return temporary.error;
	fd = openat(dir, temporary.data,
		    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return -errno;
	for (size_t done = 0; !err && done < size;) {
		ssize_t n = write(fd, data + done, size - done);

		if (n < 0)
			err = -errno;
		else
			done += n;
	}
	if (!err && (fchmod(fd, 0644) < 0 || fsync(fd) < 0 ||
		     renameat(dir, temporary.data, dir, name) < 0))
		err = -errno;
	if (err)
		unlinkat(dir, temporary.data, 0);
	else
		(void)!fsync(dir);
	return err;
}

/* The text to install: a shipped format by name, a file by path, or standard input. */
static enum exit_code read_source(const struct invocation *in, const char *what,
				  char **ret, size_t *ret_size)
{
	_cleanup_(text_done) struct text path = TEXT_INIT;
	_cleanup_(fd_closep) int fd = -1;
	bool named = !strchr(what, '/') && !ends_in_conf(what);
	char *interpreter = NULL;
	int err;

	if (strcmp(what, "-") == 0) {
		err = fd_read_all(STDIN_FILENO, CONF_SIZE_MAX, ret, ret_size);
		return err ? fail(in, err, "standard input") : EXIT_OK;
	}
	if (named)
		text_printf(&path, "%s/%s.conf", formats_directory(), what);
	else
		text_puts(&path, what);
	if (path.error)
		return fail(in, path.error, NULL);
	fd = open(path.data, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && named && errno == ENOENT) {
		say(in, "there is no format '%s' in %s", what, formats_directory());
		say(in,
		    "a conf file of your own is given with its path, such as ./%s.conf",
		    what);
		return EXIT_NOT_FOUND;
	}
	if (fd < 0)
		return fail(in, -errno, path.data);
	err = fd_read_all(fd, CONF_SIZE_MAX, ret, ret_size);
	if (!err && named)
		err = formats_adapt(in->globals.root_fd, ret, ret_size, &interpreter);
	if (err)
		return fail(in, err, path.data);
	if (interpreter)
		say_more(in, "%s: the interpreter is %s here", what, interpreter);
	free(interpreter);
	return EXIT_OK;
}

static enum exit_code check_config(const struct invocation *in, const struct state *s,
				   struct config *config, const char *what)
{
	enum exit_code code = EXIT_OK;

	if (config->rule_count == 0) {
		say(in, "%s holds no rule", what);
		return EXIT_INVALID;
	}
	for (size_t i = 0; i < config->rule_count; i++) {
		struct conf_rule *r = &config->rules[i];
		struct stat st;

		if (!r->err && !s->force) {
			r->err = check_danger(&r->rule, &r->diag);
			r->diag.file = config_path(config, r);
			r->diag.line = r->line;
		}
		if (r->err) {
			say_diag(in, r->text, &r->diag);
			code = exit_code_of(r->err);
		} else if (r->rule.type != RULE_BPF &&
			   root_stat(in->globals.root_fd, r->rule.interpreter, &st) < 0) {
			say(in, "warning: there is no %s%s", r->rule.interpreter,
			    r->rule.flags & RULE_FIX_BINARY
				    ? "; with flag F the rule cannot be registered before "
				      "there is"
				    : "");
		}
	}
	return code;
}

static enum exit_code register_now(const struct invocation *in, const struct state *s,
				   const struct config *config)
{
	_cleanup_(entries_done) struct entries entries = {0};
	_cleanup_(plan_done) struct plan plan = {0};
	_cleanup_(fd_closep) int fd = -1;
	enum exit_code code;
	bool enabled;
	size_t own;
	int err = 0;

	code = open_mount(in, true, &fd);
	if (!code)
		code = read_entries(in, fd, &entries, &enabled);
	if (code)
		return code;
	for (size_t i = 0; i < config->rule_count; i++) {
		struct plan_item *item = plan_add(&plan);

		if (!item)
			return fail(in, -ENOMEM, NULL);
		item->rule = &config->rules[i].rule;
		item->text = config->rules[i].text;
		item->size = config->rules[i].size;
	}
	own = plan.count;
	for (size_t i = 0; !err && i < own; i++)
		err = plan_keep_above(&plan, &entries, plan.items[i].rule->name);
	if (!err)
		err = plan_make(&plan, &entries, PLAN_STRICT | PLAN_IN_PLACE);
	if (err)
		return fail(in, err, NULL);
	return run_changes(in, &plan, fd, s->no_test || s->force ? CHANGES_NO_TEST : 0);
}

/* Whether the file may be written: it is new, a mask, the same, or --force says so. */
static enum exit_code check_target(const struct invocation *in, const struct state *s,
				   int dir, const char *name, const char *data,
				   size_t size, bool *ret_same)
{
	_cleanup_(fd_closep) int fd =
		dir < 0 ? -1 : openat(dir, name, O_RDONLY | O_CLOEXEC);
	struct stat st;
	size_t old_size;
	char *old;
	bool same;

	*ret_same = false;
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size == 0)
		return EXIT_OK;
	if (fd_read_all(fd, CONF_SIZE_MAX, &old, &old_size))
		return EXIT_OK;
	same = old_size == size && memcmp(old, data, size) == 0;
	free(old);
	*ret_same = same;
	if (same || s->force)
		return EXIT_OK;
	say(in, "%s/%s exists and is another file; --force replaces it", directory(s),
	    name);
	return EXIT_EXISTS;
}

static enum exit_code install_one(struct invocation *in, const struct state *s,
				  const char *what)
{
	_cleanup_(config_done) struct config config = {0};
	_cleanup_(text_done) struct text name = TEXT_INIT;
	_cleanup_(fd_closep) int dir = -1;
	enum exit_code code;
	char *data = NULL;
	size_t size;
	bool same;
	int err;

	code = read_source(in, what, &data, &size);
	if (code)
		return code;
	err = conf_name(s->as ? s->as : what, &name);
	if (!err)
		err = config_add_text(&config, what, data, size, in->globals.limits);
	if (err) {
		code = fail(in, err, NULL);
		goto out;
	}
	code = check_config(in, s, &config, what);
	if (code)
		goto out;
	dir = open_directory(in, s, !in->globals.dry_run);
	if (dir < 0 && !(in->globals.dry_run && dir == -ENOENT)) {
		code = fail(in, dir, directory(s));
		goto out;
	}
	code = check_target(in, s, dir, name.data, data, size, &same);
	if (code)
		goto out;
	if (!same && !in->globals.dry_run) {
		err = write_conf(dir, name.data, data, size);
		if (err) {
			code = fail(in, err, name.data);
			goto out;
		}
	}
	say_more(in, "%s/%s %s", directory(s), name.data,
		 same                  ? "is the same already"
		 : in->globals.dry_run ? "would be written"
				       : "is written");
	if (s->now)
		code = register_now(in, s, &config);
out:
	free(data);
	return code;
}

static enum exit_code run_install(struct invocation *in, void *state)
{
	const struct state *s = state;
	enum exit_code code = EXIT_OK;
	size_t good = 0;

	if (in->arg_count == 0)
		return usage(in, "which format? See %s", formats_directory());
	if (s->as && (in->arg_count > 1 || strchr(s->as, '/')))
		return usage(in, "--as gives one file its name");
	for (size_t i = 0; i < in->arg_count; i++) {
		enum exit_code one;

		if (strcmp(in->args[i], "-") == 0 && !s->as)
			return usage(in, "standard input needs a name: --as NAME");
		one = install_one(in, s, in->args[i]);
		good += !one;
		code = one ? one : code;
	}
	return code && good ? EXIT_PARTIAL : code;
}

/* The entries of the file's rules, unless some other file still has them. */
static enum exit_code unregister_now(const struct invocation *in,
				     const struct config *removed)
{
	_cleanup_(entries_done) struct entries entries = {0};
	_cleanup_(config_done) struct config left = {0};
	_cleanup_(plan_done) struct plan plan = {0};
	_cleanup_(fd_closep) int fd = -1;
	enum exit_code code;
	bool enabled;
	int err;

	code = open_mount(in, false, &fd);
	if (code == EXIT_NO_BINFMT)
		return EXIT_OK;
	if (!code)
		code = read_entries(in, fd, &entries, &enabled);
	if (code)
		return code;
	err = config_load(in->globals.root_fd, in->globals.limits, &left);
	if (err)
		return fail(in, err, "cannot read the configuration");
	for (size_t i = 0; i < entries.count; i++) {
		const char *name = entries.list[i].rule.name;
		struct plan_item *item;

		if (!config_find(removed, name) ||
		    (config_find(&left, name) && !in->globals.dry_run))
			continue;
		item = plan_add(&plan);
		if (!item)
			return fail(in, -ENOMEM, NULL);
		item->entry = &entries.list[i];
		item->change = CHANGE_REMOVE;
	}
	return run_changes(in, &plan, fd, CHANGES_NO_TEST);
}

/* Whether another directory has a file of this name, which --mask switches off. */
static const char *other_directory(const struct invocation *in, const struct state *s,
				   const char *name)
{
	for (size_t i = 0; config_dirs[i]; i++) {
		_cleanup_(text_done) struct text path = TEXT_INIT;

		if (strcmp(config_dirs[i], directory(s)) == 0)
			continue;
		text_printf(&path, "%s/%s", config_dirs[i], name);
		if (!path.error && root_exists(in->globals.root_fd, path.data))
			return config_dirs[i];
	}
	return NULL;
}

/* A link to /dev/null in the place of the file, in one step. */
static int make_mask(int dir, const char *name)
{
	_cleanup_(text_done) struct text temporary = TEXT_INIT;

	text_printf(&temporary, ".%s.new", name);
	if (temporary.error)
		return temporary.error;
	if (symlinkat("/dev/null", dir, temporary.data) < 0)
		return -errno;
	if (renameat(dir, temporary.data, dir, name) < 0) {
		int err = -errno;

		unlinkat(dir, temporary.data, 0);
		return err;
	}
	return 0;
}

static enum exit_code uninstall_one(struct invocation *in, const struct state *s,
				    const char *what)
{
	_cleanup_(config_done) struct config config = {0};
	_cleanup_(text_done) struct text name = TEXT_INIT;
	_cleanup_(fd_closep) int dir = -1;
	enum exit_code code = EXIT_OK;
	const char *other;
	bool here;
	int err = conf_name(what, &name);

	if (err)
		return fail(in, err, NULL);
	dir = open_directory(in, s, s->mask && !in->globals.dry_run);
	here = dir >= 0 && faccessat(dir, name.data, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
	other = other_directory(in, s, name.data);
	if (!here && !(s->mask && other)) {
		say(in, "there is no %s/%s", directory(s), name.data);
		if (other)
			say(in, "%s has one: --mask switches it off", other);
		return EXIT_NOT_FOUND;
	}
	/* What it holds, before it is gone: here, or below by precedence. */
	(void)!config_add(&config, in->globals.root_fd, name.data, in->globals.limits);
	if (!in->globals.dry_run) {
		if (s->mask)
			err = make_mask(dir, name.data);
		else if (unlinkat(dir, name.data, 0) < 0)
			err = -errno;
		if (err)
			return fail(in, err, name.data);
	}
	say_more(in, "%s/%s %s", directory(s), name.data,
		 in->globals.dry_run ? (s->mask ? "would be a mask" : "would be removed")
		 : s->mask           ? "is a mask now"
				     : "is removed");
	if (!s->mask && other && !in->globals.quiet)
		say(in, "%s/%s counts now; --mask switches it off", other, name.data);
	if (s->now)
		code = unregister_now(in, &config);
	return code;
}

static enum exit_code run_uninstall(struct invocation *in, void *state)
{
	const struct state *s = state;
	enum exit_code code = EXIT_OK;
	size_t good = 0;

	if (in->arg_count == 0)
		return usage(in, "which file?");
	if (s->mask && s->vendor)
		return usage(in,
			     "masks belong into /etc, not into the vendor's directory");
	for (size_t i = 0; i < in->arg_count; i++) {
		enum exit_code one = uninstall_one(in, s, in->args[i]);

		good += !one;
		code = one ? one : code;
	}
	return code && good ? EXIT_PARTIAL : code;
}

const struct command command_install = {
	.name = "install",
	.args = "[OPTION...] FORMAT|FILE...",
	.summary = "make formats survive a restart: write their conf files",
	.examples = "  binfmtctl install --now qemu-riscv64\n"
		    "  binfmtctl install ./mine.conf\n"
		    "  binfmtctl gen arm | binfmtctl install --as arm -\n"
		    "  binfmtctl --root /srv/image install --vendor xlate-aarch64\n",
	.options = install_options,
	.state_size = sizeof(struct state),
	.option = take_option,
	.run = run_install,
};

const struct command command_uninstall = {
	.name = "uninstall",
	.args = "[OPTION...] NAME...",
	.summary = "remove or mask conf files",
	.examples = "  binfmtctl uninstall --now qemu-riscv64\n"
		    "  binfmtctl uninstall --mask qemu-arm\n",
	.options = uninstall_options,
	.state_size = sizeof(struct state),
	.option = take_option,
	.run = run_uninstall,
};
