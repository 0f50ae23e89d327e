/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes and reads snapshots. */
#include <errno.h>
#include <string.h>

#include "binfmtctl/snapshot.h"

static const char first_line[] = "# binfmtctl snapshot 1";

void snapshot_done(struct snapshot *snapshot)
{
	entries_done(&snapshot->entries);
}

static int write_entry(const struct entry *e, struct text *ret, struct diag *diag)
{
	static const struct rule_style line = {.encoding = RULE_HEX, .line = true},
				       raw = {.encoding = RULE_RAW};
	const char *state = e->enabled ? "enabled" : "disabled";
	_cleanup_(text_done) struct text text = TEXT_INIT;
	int err;

	if (!e->understood) {
		diag_set(diag, 0, "the entry %s is of a kind that cannot be saved",
			 e->rule.name);
		return -EINVAL;
	}
	if (rule_build(&e->rule, &line, &text, NULL) == 0) {
		text_printf(ret, "%s %s\n", state, text.data);
		return ret->error;
	}
	err = rule_build(&e->rule, &raw, &text, diag);
	if (err)
		return err;
	text_printf(ret, "%s-hex ", state);
	text_hex(ret, text.data, text.size);
	text_putc(ret, '\n');
	return ret->error;
}

int snapshot_write(const struct entries *entries, bool enabled, struct text *ret,
		   struct diag *reterr_diag)
{
	int err = 0;

	text_printf(ret, "%s\nstatus %s\n", first_line, enabled ? "enabled" : "disabled");
	for (size_t i = 0; !err && i < entries->count; i++)
		err = write_entry(&entries->list[i], ret, reterr_diag);
	return err ? err : ret->error;
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int add_rule(struct snapshot *s, const char *text, size_t size, bool enabled,
		    struct diag *diag)
{
	struct entry entry = {.enabled = enabled, .understood = true};
	int err = rule_parse(text, size, rule_limits_any(), &entry.rule, diag);

	if (!err) {
		err = entries_add(&s->entries, &entry);
		if (err)
			entry_done(&entry);
	}
	return err;
}

static int add_hex(struct snapshot *s, const char *text, size_t size, bool enabled,
		   struct diag *diag)
{
	char rule[RULE_MAX_SIZE];

	if (size % 2 || size / 2 > sizeof(rule))
		goto bad;
	for (size_t i = 0; i < size / 2; i++) {
		int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			goto bad;
		rule[i] = high << 4 | low;
	}
	return add_rule(s, rule, size / 2, enabled, diag);
bad:
	diag_set(diag, 0, "these are no hexadecimal digits of a rule");
	return -EINVAL;
}

static bool starts(const char *line, size_t size, const char *word, size_t *ret_skip)
{
	*ret_skip = strlen(word);
	return size >= *ret_skip && memcmp(line, word, *ret_skip) == 0;
}

static int read_line(struct snapshot *s, const char *line, size_t size, struct diag *diag)
{
	size_t skip;

	if (size == 0 || line[0] == '#')
		return 0;
	if (starts(line, size, "status ", &skip)) {
		s->enabled = size - skip == 7 && memcmp(line + skip, "enabled", 7) == 0;
		return 0;
	}
	if (starts(line, size, "enabled-hex ", &skip))
		return add_hex(s, line + skip, size - skip, true, diag);
	if (starts(line, size, "disabled-hex ", &skip))
		return add_hex(s, line + skip, size - skip, false, diag);
	if (starts(line, size, "enabled ", &skip))
		return add_rule(s, line + skip, size - skip, true, diag);
	if (starts(line, size, "disabled ", &skip))
		return add_rule(s, line + skip, size - skip, false, diag);
	diag_set(diag, 1, "this is no line of a snapshot");
	return -EINVAL;
}

int snapshot_read(const char *data, size_t size, struct snapshot *ret,
		  struct diag *reterr_diag)
{
	_cleanup_(snapshot_done) struct snapshot s = {.enabled = true};
	const char *at = data, *end = data + size;
	unsigned int number = 0;
	int err;

	if (size < sizeof(first_line) ||
	    memcmp(data, first_line, sizeof(first_line) - 1) != 0) {
		diag_set(reterr_diag, 1,
			 "this is no snapshot: it does not begin with '%s'", first_line);
		return -EINVAL;
	}
	while (at < end) {
		const char *stop = memchr(at, '\n', end - at);

		number++;
		stop = stop ? stop : end;
		err = read_line(&s, at, stop - at, reterr_diag);
		if (err) {
			if (reterr_diag)
				reterr_diag->line = number;
			return err;
		}
		at = stop + 1;
	}
	*ret = s;
	s = (struct snapshot){0};
	return 0;
}
