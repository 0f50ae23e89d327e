/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One line per rule: the instance's device, and the rule in hexadecimal digits. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/record.h"
#include "binfmtctl/root.h"

enum { RECORD_SIZE_MAX = 64 << 20 };

void record_done(struct record *record)
{
	entries_done(&record->entries);
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes in place; false for what is not hexadecimal. */
static bool unhex(char *text, size_t *ret_size)
{
	size_t n = 0;

	for (; text[2 * n] && text[2 * n + 1]; n++) {
		int high = hex_digit(text[2 * n]), low = hex_digit(text[2 * n + 1]);

		if (high < 0 || low < 0)
			return false;
		text[n] = high << 4 | low;
	}
	*ret_size = n;
	return true;
}

static int add(struct record *record, char *hex)
{
	struct entries *e = &record->entries;
	struct entry entry = {.enabled = true, .understood = true};
	size_t size;
	int err;

	/* What another version or a person wrote wrongly is no more than not recorded. */
	if (!unhex(hex, &size) ||
	    rule_parse(hex, size, rule_limits_any(), &entry.rule, NULL))
		return 0;
	err = entries_add(e, &entry);
	if (err)
		entry_done(&entry);
	return err;
}

static void put_device(struct text *to, dev_t device)
{
	text_printf(to, "%u:%u ", major(device), minor(device));
}

int record_load(int root_fd, dev_t device, struct record *ret)
{
	_cleanup_(record_done) struct record record = {0};
	_cleanup_(text_done) struct text prefix = TEXT_INIT;
	char *data, *line, *next;
	size_t size;
	int err;

	put_device(&prefix, device);
	if (prefix.error)
		return prefix.error;
	err = root_read(root_fd, RECORD_PATH, RECORD_SIZE_MAX, &data, &size);
	if (err == -ENOENT || err == -ENOTDIR) {
		*ret = (struct record){0};
		return 0;
	}
	if (err)
		return err;
	for (line = data; !err && *line; line = next) {
		next = strchrnul(line, '\n');
		if (*next)
			*next++ = '\0';
		if (strncmp(line, prefix.data, prefix.size) == 0)
			err = add(&record, line + prefix.size);
	}
	free(data);
	if (err)
		return err;
	*ret = record;
	record = (struct record){0};
	return 0;
}

/* Lines of other instances. */
static int keep_others(int root_fd, const struct text *prefix, struct text *to)
{
	char *data, *line, *next;
	size_t size;
	int err = root_read(root_fd, RECORD_PATH, RECORD_SIZE_MAX, &data, &size);

	if (err)
		return err == -ENOENT || err == -ENOTDIR ? 0 : err;
	for (line = data; *line; line = next) {
		next = strchrnul(line, '\n');
		if (*next)
			next++;
		if (strncmp(line, prefix->data, prefix->size) != 0)
			text_add(to, line, next - line);
	}
	free(data);
	return to->error;
}

static int write_atomically(int dir, const struct text *text)
{
	_cleanup_(fd_closep) int fd =
		openat(dir, "applied.new",
		       O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);

	int err = 0;

	if (fd < 0)
		return -errno;
	if (text->size && write(fd, text->data, text->size) != (ssize_t)text->size)
		err = -EIO;
	if (!err && renameat(dir, "applied.new", dir, "applied") < 0)
		err = -errno;
	if (err)
		unlinkat(dir, "applied.new", 0);
	return err;
}

int record_save(int root_fd, dev_t device, const struct rule *const *rules, size_t count)
{
	_cleanup_(text_done) struct text text = TEXT_INIT, prefix = TEXT_INIT;
	_cleanup_(fd_closep) int run = root_open(root_fd, "/run", O_RDONLY | O_DIRECTORY),
				 dir = -1;
	int err;

	if (run < 0)
		return run;
	if (mkdirat(run, "binfmtctl", 0755) < 0 && errno != EEXIST)
		return -errno;
	dir = openat(run, "binfmtctl", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (dir < 0)
		return -errno;
	/* Others may record at the same time: one after the other, or lines get lost. */
	if (flock(dir, LOCK_EX) < 0)
		return -errno;
	put_device(&prefix, device);
	if (prefix.error)
		return prefix.error;
	err = keep_others(root_fd, &prefix, &text);
	for (size_t i = 0; !err && i < count; i++) {
		_cleanup_(text_done) struct text rule = TEXT_INIT;
		static const struct rule_style style = {.encoding = RULE_RAW};

		/* Rules that cannot be written are not remembered. */
		if (rule_build(rules[i], &style, &rule, NULL))
			continue;
		text_add(&text, prefix.data, prefix.size);
		text_hex(&text, rule.data, rule.size);
		text_putc(&text, '\n');
		err = text.error;
	}
	return err ? err : write_atomically(dir, &text);
}

const struct rule *record_find(const struct record *record, const char *name)
{
	for (size_t i = 0; i < record->entries.count; i++)
		if (strcmp(record->entries.list[i].rule.name, name) == 0)
			return &record->entries.list[i].rule;
	return NULL;
}
