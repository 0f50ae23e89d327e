/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads a binfmt_misc entry file, line by line. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "binfmtctl/entry.h"

struct line {
	const char *data;
	size_t size;
};

void entry_done(struct entry *entry)
{
	rule_done(&entry->rule);
	free(entry->other_lines);
	memset(entry, 0, sizeof(*entry));
}

static bool starts(const struct line *line, const char *word, struct line *ret_rest)
{
	size_t n = strlen(word);

	if (line->size < n || memcmp(line->data, word, n) != 0)
		return false;
	*ret_rest = (struct line){line->data + n, line->size - n};
	return true;
}

static int copy(const struct line *from, char **ret)
{
	char *s = strndup(from->data, from->size);

	if (!s)
		return -ENOMEM;
	free(*ret);
	*ret = s;
	return 0;
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* -E2BIG for more than any kernel has been seen to show. */
static int unhex(const struct line *from, uint8_t *out, size_t *ret_size)
{
	if (from->size % 2 || from->size == 0)
		return -EBADMSG;
	if (from->size / 2 > RULE_WINDOW_MAX)
		return -E2BIG;
	for (size_t i = 0; i < from->size / 2; i++) {
		int high = nibble(from->data[2 * i]), low = nibble(from->data[2 * i + 1]);

		if (high < 0 || low < 0)
			return -EBADMSG;
		out[i] = high << 4 | low;
	}
	*ret_size = from->size / 2;
	return 0;
}

static int number(const struct line *from, unsigned int *ret)
{
	unsigned int value = 0;

	if (from->size == 0)
		return -EBADMSG;
	for (size_t i = 0; i < from->size; i++) {
		if (from->data[i] < '0' || from->data[i] > '9')
			return -EBADMSG;
		if (value > RULE_WINDOW_MAX)
			return -E2BIG;
		value = value * 10 + (from->data[i] - '0');
	}
	*ret = value;
	return 0;
}

static void flags(const struct line *from, struct entry *entry)
{
	size_t others = 0;

	for (size_t i = 0; i < from->size; i++) {
		unsigned int bit = rule_flag_bit(from->data[i]);

		if (bit)
			entry->rule.flags |= bit;
		else if (others + 1 < sizeof(entry->other_flags))
			entry->other_flags[others++] = from->data[i];
	}
}

/* One line; @mask_size is compared with the magic's at the end. */
static int parse_known(const struct line *line, struct entry *entry, size_t *mask_size)
{
	struct line rest;

	if (starts(line, "interpreter ", &rest))
		return copy(&rest, &entry->rule.interpreter);
	if (starts(line, "flags: ", &rest)) {
		flags(&rest, entry);
		return 0;
	}
	if (starts(line, "extension .", &rest)) {
		entry->rule.type = RULE_EXTENSION;
		return copy(&rest, &entry->rule.extension);
	}
	if (starts(line, "bpf ", &rest)) {
		entry->rule.type = RULE_BPF;
		return copy(&rest, &entry->rule.interpreter);
	}
	if (starts(line, "offset ", &rest))
		return number(&rest, &entry->rule.offset);
	if (starts(line, "magic ", &rest))
		return unhex(&rest, entry->rule.magic, &entry->rule.size);
	if (starts(line, "mask ", &rest)) {
		entry->rule.has_mask = true;
		return unhex(&rest, entry->rule.mask, mask_size);
	}
	return -ENOMSG;
}

/* What is unknown or too large for us is kept as it is. */
static int parse_line(const struct line *line, struct entry *entry, size_t *mask_size,
		      bool *too_large, struct text *others)
{
	int err = parse_known(line, entry, mask_size);

	if (err == -E2BIG)
		*too_large = true;
	else if (err != -ENOMSG)
		return err;
	text_add(others, line->data, line->size);
	text_putc(others, '\n');
	return others->error;
}

/*
 * The next line. An interpreter's path may itself hold newlines; its line ends where the
 * flags begin.
 */
static struct line next_line(const char *at, const char *end)
{
	const char *stop = memchr(at, '\n', end - at);

	if (end - at > 12 && memcmp(at, "interpreter ", 12) == 0) {
		const char *before_flags = memmem(at, end - at, "\nflags: ", 8);

		if (before_flags)
			stop = before_flags;
	}
	return (struct line){at, (stop ? stop : end) - at};
}

int entry_parse(const char *name, const char *text, size_t size, struct entry *ret,
		struct diag *reterr_diag)
{
	_cleanup_(entry_done) struct entry entry = {0};
	_cleanup_(text_done) struct text others = TEXT_INIT;
	const char *at = text, *end = text + size;
	size_t mask_size = 0;
	bool first = true, too_large = false;
	unsigned int number_of_line = 1;

	entry.rule.name = strdup(name);
	if (!entry.rule.name)
		return -ENOMEM;
	while (at < end) {
		struct line line = next_line(at, end), rest;
		int err = 0;

		if (!first)
			err = parse_line(&line, &entry, &mask_size, &too_large, &others);
		else if (starts(&line, "enabled", &rest) && rest.size == 0)
			entry.enabled = true;
		else if (!starts(&line, "disabled", &rest) || rest.size)
			err = -EBADMSG;
		if (err) {
			diag_set(reterr_diag, 1,
				 "this is not a line of a binfmt_misc entry");
			if (reterr_diag)
				reterr_diag->line = number_of_line;
			return err;
		}
		first = false;
		number_of_line++;
		at = line.data + line.size + 1;
	}
	if (first ||
	    (entry.rule.has_mask && mask_size != entry.rule.size && !too_large)) {
		diag_set(reterr_diag, 0,
			 first ? "the entry is empty"
			       : "mask and magic differ in length");
		return -EBADMSG;
	}
	/* A window that this kernel has not been seen to have is not looked into. */
	entry.understood = !too_large && entry.rule.interpreter &&
			   (entry.rule.extension || entry.rule.size > 0 ||
			    entry.rule.type == RULE_BPF) &&
			   entry.rule.offset + entry.rule.size <= RULE_WINDOW_MAX;
	if (others.size) {
		entry.other_lines = text_take(&others);
		if (!entry.other_lines)
			return -ENOMEM;
	}
	*ret = entry;
	entry = (struct entry){0};
	return 0;
}
