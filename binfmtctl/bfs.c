/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads and writes binfmt-support's format files. */
#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "binfmtctl/bfs.h"
#include "binfmtctl/kernel.h"

static const struct {
	const char *key;
	size_t offset;
	bool flag;
} keys[] = {
	{"package", offsetof(struct bfs, package), false},
	{"interpreter", offsetof(struct bfs, interpreter), false},
	{"magic", offsetof(struct bfs, magic), false},
	{"mask", offsetof(struct bfs, mask), false},
	{"extension", offsetof(struct bfs, extension), false},
	{"offset", offsetof(struct bfs, offset), false},
	{"detector", offsetof(struct bfs, detector), false},
	{"credentials", offsetof(struct bfs, credentials), true},
	{"preserve", offsetof(struct bfs, preserve), true},
	{"fix_binary", offsetof(struct bfs, fix_binary), true},
};

void bfs_done(struct bfs *format)
{
	free(format->name);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (!keys[i].flag)
			free(*(char **)((char *)format + keys[i].offset));
	*format = (struct bfs){0};
}

struct line {
	const char *key, *value;
	size_t key_size, value_size;
};

/* Splits the line at @at, and moves on to the next. */
static bool next_line(const char **at, const char *end, struct line *ret)
{
	const char *s = *at, *e;

	if (s >= end)
		return false;
	e = memchr(s, '\n', end - s);
	e = e ? e : end;
	*at = e < end ? e + 1 : e;
	while (e > s && isspace((unsigned char)e[-1]))
		e--;
	ret->key = s;
	while (s < e && !isspace((unsigned char)*s))
		s++;
	ret->key_size = s - ret->key;
	while (s < e && isspace((unsigned char)*s))
		s++;
	ret->value = s;
	ret->value_size = e - s;
	return true;
}

static int find_key(const struct line *line)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (strlen(keys[i].key) == line->key_size &&
		    strncasecmp(keys[i].key, line->key, line->key_size) == 0)
			return i;
	return -1;
}

bool bfs_looks_like(const char *data, size_t size)
{
	const char *at = data;
	struct line line;
	size_t known = 0;

	while (next_line(&at, data + size, &line))
		if (find_key(&line) >= 0 && line.value_size)
			known++;
		else if (line.key_size && !isalpha((unsigned char)line.key[0]))
			return false;
	return known >= 2;
}

static int set(struct bfs *format, int key, const struct line *line)
{
	void *member = (char *)format + keys[key].offset;

	if (keys[key].flag) {
		/* Only this word counts. */
		*(bool *)member =
			line->value_size == 3 && memcmp(line->value, "yes", 3) == 0;
		return 0;
	}
	free(*(char **)member);
	*(char **)member = strndup(line->value, line->value_size);
	return *(char **)member ? 0 : -ENOMEM;
}

static int check(const struct bfs *f, struct diag *diag)
{
	if (!f->package || !*f->package)
		diag_set(diag, 0, "the format file has no `package`");
	else if (!f->interpreter || !*f->interpreter)
		diag_set(diag, 0, "the format file has no `interpreter`");
	else if (!f->magic == !f->extension)
		diag_set(diag, 0,
			 f->magic ? "`magic` and `extension` exclude each other"
				  : "either `magic` or `extension` is needed");
	else if (f->extension && (f->mask || f->offset))
		diag_set(diag, 0, "`mask` and `offset` go with `magic` only");
	else if (!kernel_name_valid(f->name))
		diag_set(diag, 0, "'%s' cannot be the name of an entry", f->name);
	else
		return 0;
	return -EINVAL;
}

int bfs_parse(const char *path, const char *data, size_t size, struct bfs *ret,
	      struct diag *reterr_diag)
{
	const char *at = data, *slash = strrchr(path, '/');
	_cleanup_(bfs_done) struct bfs format = {0};
	struct line line;
	int err = 0;

	format.name = strdup(slash ? slash + 1 : path);
	if (!format.name)
		return -ENOMEM;
	while (!err && next_line(&at, data + size, &line)) {
		int key = find_key(&line);

		if (key >= 0)
			err = set(&format, key, &line);
	}
	if (!err)
		err = check(&format, reterr_diag);
	if (err)
		return err;
	*ret = format;
	format = (struct bfs){0};
	return 0;
}

enum { DATABASE_LINES = 10 };

/* The lines of a database file; false when there are not so many. */
static bool split(const char *data, size_t size, struct line lines[DATABASE_LINES])
{
	const char *at = data, *end = data + size;

	for (size_t i = 0; i < DATABASE_LINES; i++) {
		const char *stop = at < end ? memchr(at, '\n', end - at) : NULL;

		/* Older versions wrote no fix_binary. */
		if (!stop && i < DATABASE_LINES - 1)
			return false;
		lines[i] = (struct line){.value = at, .value_size = stop ? stop - at : 0};
		at = stop ? stop + 1 : end;
	}
	return true;
}

static bool line_is(const struct line *line, const char *word)
{
	return line->value_size == strlen(word) &&
	       memcmp(line->value, word, line->value_size) == 0;
}

bool bfs_looks_like_database(const char *data, size_t size)
{
	struct line lines[DATABASE_LINES];

	return split(data, size, lines) &&
	       (line_is(&lines[1], "magic") || line_is(&lines[1], "extension"));
}

int bfs_parse_database(const char *path, const char *data, size_t size, struct bfs *ret,
		       struct diag *reterr_diag)
{
	static const char *const order[DATABASE_LINES] = {
		"package",     "",         "offset",      "magic",    "mask",
		"interpreter", "detector", "credentials", "preserve", "fix_binary"};
	_cleanup_(bfs_done) struct bfs format = {0};
	const char *slash = strrchr(path, '/');
	struct line lines[DATABASE_LINES];
	bool extension;
	int err = 0;

	if (!split(data, size, lines)) {
		diag_set(reterr_diag, 0, "a database file has ten lines");
		return -EINVAL;
	}
	extension = line_is(&lines[1], "extension");
	format.name = strdup(slash ? slash + 1 : path);
	if (!format.name)
		return -ENOMEM;
	for (size_t i = 0; !err && i < DATABASE_LINES; i++) {
		struct line *line = &lines[i];
		const char *key = i == 3 && extension ? "extension" : order[i];

		if (!*key || line->value_size == 0 || (extension && (i == 2 || i == 4)))
			continue;
		line->key = key;
		line->key_size = strlen(key);
		/* Here flags are 1 and 0 or words. */
		if (i >= 7 && line_is(line, "1"))
			*line = (struct line){key, "yes", strlen(key), 3};
		err = set(&format, find_key(line), line);
	}
	/* ':' stands for "of the administrator". */
	if (!err)
		err = check(&format, reterr_diag);
	if (err)
		return err;
	*ret = format;
	format = (struct bfs){0};
	return 0;
}

/* update-binfmts writes ':' always; a field that holds one cannot be registered by it. */
int bfs_to_rule(const struct bfs *format, const struct rule_limits *limits,
		struct rule *ret, struct diag *reterr_diag)
{
	_cleanup_(text_done) struct text text = TEXT_INIT;
	int err;

	if (format->magic)
		text_printf(&text, ":%s:M:%s:%s:%s:%s:", format->name,
			    format->offset ? format->offset : "", format->magic,
			    format->mask ? format->mask : "", format->interpreter);
	else
		text_printf(&text, ":%s:E::%s::%s:", format->name, format->extension,
			    format->interpreter);
	text_printf(&text, "%s%s%s", format->credentials ? "C" : "",
		    format->preserve ? "P" : "", format->fix_binary ? "F" : "");
	if (text.error)
		return text.error;
	err = rule_parse(text.data, text.size, limits, ret, reterr_diag);
	if (err && reterr_diag)
		reterr_diag->column = 0;
	if (!err && format->detector)
		diag_hint(reterr_diag,
			  "the detector %s asks about each file; a rule alone cannot",
			  format->detector);
	return err;
}

static void put_escaped(struct text *to, const char *key, const uint8_t *bytes,
			size_t size)
{
	text_printf(to, "%s ", key);
	for (size_t i = 0; i < size; i++)
		text_printf(to, "\\x%02x", bytes[i]);
	text_putc(to, '\n');
}

/* A value goes to the end of its line, without the blanks around it. */
static bool is_value(const char *s)
{
	size_t size = strlen(s);

	return !strpbrk(s, ":\n") && size && !isspace((unsigned char)s[0]) &&
	       !isspace((unsigned char)s[size - 1]);
}

/*
 * Each byte takes four in such a file, and update-binfmts gives it to the kernel that way: a
 * rule near the kernel's limit does not pass through.
 */
static int check_built(const struct rule *rule, const char *data, size_t size,
		       struct diag *reterr_diag)
{
	_cleanup_(bfs_done) struct bfs format = {0};
	_cleanup_(rule_done) struct rule again = {0};
	struct diag diag = {0};
	int err = bfs_parse(rule->name, data, size, &format, &diag);

	if (!err)
		err = bfs_to_rule(&format, rule_limits_any(), &again, &diag);
	if (err && err != -ENOMEM) {
		diag_set(reterr_diag, 0,
			 "update-binfmts could not register this rule: %s", diag.message);
		err = -EINVAL;
	}
	return err;
}

int bfs_build(const struct rule *rule, const char *package, struct text *ret,
	      struct diag *reterr_diag)
{
	size_t start = ret->size;
	int err;

	if (rule->type == RULE_BPF || strpbrk(rule->name, ":\n/") ||
	    !is_value(rule->interpreter) ||
	    (rule->extension && !is_value(rule->extension))) {
		diag_set(
			reterr_diag, 0,
			"binfmt-support has no way to write this rule (a ':', a newline or a "
			"blank at an end in it, or a newer type)");
		return -EINVAL;
	}
	if (rule->flags & (RULE_TRANSPARENT | RULE_LOADER | RULE_DISABLED)) {
		diag_set(reterr_diag, 0,
			 "binfmt-support knows the flags C, P and F only");
		return -EINVAL;
	}
	text_printf(ret, "package %s\ninterpreter %s\n", package, rule->interpreter);
	if (rule->type == RULE_EXTENSION) {
		text_printf(ret, "extension %s\n", rule->extension);
	} else {
		uint8_t magic[RULE_WINDOW_MAX];

		/* Its own matcher compares the magic unmasked, so the extra bits go. */
		for (size_t i = 0; i < rule->size; i++)
			magic[i] =
				rule->magic[i] & (rule->has_mask ? rule->mask[i] : 0xff);
		if (rule->offset)
			text_printf(ret, "offset %u\n", rule->offset);
		put_escaped(ret, "magic", magic, rule->size);
		if (rule->has_mask)
			put_escaped(ret, "mask", rule->mask, rule->size);
	}
	if (rule->flags & RULE_CREDENTIALS)
		text_puts(ret, "credentials yes\n");
	if (rule->flags & RULE_PRESERVE_ARGV0)
		text_puts(ret, "preserve yes\n");
	if (rule->flags & RULE_FIX_BINARY)
		text_puts(ret, "fix_binary yes\n");
	if (ret->error)
		return ret->error;
	err = check_built(rule, ret->data + start, ret->size - start, reterr_diag);
	if (!err && rule->flags & RULE_OPEN_BINARY && !(rule->flags & RULE_CREDENTIALS))
		diag_hint(reterr_diag, "flag O is lost: binfmt-support cannot say it");
	return err;
}
