/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables and plain text. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "binfmtctl/elfident.h"
#include "binfmtctl/output-json.h"
#include "binfmtctl/output.h"

enum { COLUMNS = 6 };

static const char *const headings[COLUMNS] = {"NAME",  "STATE",   "TYPE",
					      "FLAGS", "MATCHES", "INTERPRETER"};

/* Characters on a terminal, counting each code point as one. */
static size_t width_of(const char *s)
{
	size_t width = 0;

	for (; *s; s++)
		width += ((unsigned char)*s & 0xc0) != 0x80;
	return width;
}

static void add_flags(const struct entry *e, struct text *ret)
{
	char flags[RULE_FLAGS_SIZE];

	rule_flags_text(e->rule.flags, flags);
	text_puts(ret, flags);
	text_escape(ret, e->other_flags, strlen(e->other_flags));
}

static void add_cell(const struct entry *e, int column, struct text *ret)
{
	const char *interpreter = e->rule.interpreter;

	switch (column) {
	case 0: text_escape(ret, e->rule.name, strlen(e->rule.name)); break;
	case 1: text_puts(ret, e->enabled ? "enabled" : "disabled"); break;
	case 2:
		text_puts(ret, e->understood ? rule_type_name(e->rule.type) : "other");
		break;
	case 3: add_flags(e, ret); break;
	case 4:
		if (e->understood)
			elf_describe(&e->rule, ret);
		break;
	default:
		if (interpreter)
			text_escape(ret, interpreter, strlen(interpreter));
		break;
	}
	if (ret->size == 0)
		text_putc(ret, '-');
}

static void add_padded(struct text *ret, const char *cell, size_t width, bool last)
{
	text_puts(ret, cell);
	if (last) {
		text_putc(ret, '\n');
		return;
	}
	for (size_t i = width_of(cell); i < width + 2; i++)
		text_putc(ret, ' ');
}

static int list_table(const struct entries *entries, struct text *ret)
{
	size_t widths[COLUMNS], count = entries->count;
	char **cells = calloc(count * COLUMNS + 1, sizeof(*cells));
	int err = cells ? 0 : -ENOMEM;

	for (int c = 0; c < COLUMNS; c++)
		widths[c] = strlen(headings[c]);
	for (size_t i = 0; !err && i < count * COLUMNS; i++) {
		struct text cell = TEXT_INIT;
		int c = i % COLUMNS;

		add_cell(&entries->list[i / COLUMNS], c, &cell);
		cells[i] = text_take(&cell);
		if (!cells[i])
			err = -ENOMEM;
		else if (width_of(cells[i]) > widths[c])
			widths[c] = width_of(cells[i]);
	}
	for (int c = 0; !err && c < COLUMNS; c++)
		add_padded(ret, headings[c], widths[c], c == COLUMNS - 1);
	for (size_t i = 0; !err && i < count * COLUMNS; i++)
		add_padded(ret, cells[i], widths[i % COLUMNS],
			   i % COLUMNS == COLUMNS - 1);
	for (size_t i = 0; cells && i < count * COLUMNS; i++)
		free(cells[i]);
	free(cells);
	return err ? err : ret->error;
}

static int list_plain(const struct entries *entries, struct text *ret)
{
	for (size_t i = 0; i < entries->count; i++)
		for (int c = 0; c < COLUMNS; c++) {
			_cleanup_(text_done) struct text cell = TEXT_INIT;

			add_cell(&entries->list[i], c, &cell);
			if (cell.error)
				return cell.error;
			text_puts(ret, cell.data);
			text_putc(ret, c == COLUMNS - 1 ? '\n' : '\t');
		}
	return ret->error;
}

int output_list(enum output_format format, const char *mount, bool status,
		const struct entries *entries, struct text *ret)
{
	switch (format) {
	case OUTPUT_JSON:
	case OUTPUT_JSONL:
		return json_entries(format == OUTPUT_JSONL, "list", mount, &status,
				    entries, ret);
	case OUTPUT_PLAIN: return list_plain(entries, ret);
	default: break;
	}
	if (!status)
		text_puts(ret,
			  "Matching is switched off as a whole (the `status` file).\n");
	if (entries->count == 0) {
		text_puts(ret, "No entries.\n");
		return ret->error;
	}
	return list_table(entries, ret);
}

static void add_time(const struct timespec *t, struct text *ret)
{
	char buffer[64];
	struct tm tm;

	if (localtime_r(&t->tv_sec, &tm) &&
	    strftime(buffer, sizeof(buffer), "%Y-%m-%d %H:%M:%S %z", &tm))
		text_puts(ret, buffer);
}

static void add_rule_line(const struct rule *rule, struct text *ret)
{
	_cleanup_(text_done) struct text line = TEXT_INIT, escaped = TEXT_INIT;
	struct rule_style style = {.encoding = RULE_TEXT};
	size_t backslashes = 0;
	struct diag diag = {0};

	if (rule_build(rule, &style, &line, &diag)) {
		/* Large magics need raw bytes, which a terminal should not get. */
		text_printf(ret, "none: %s", diag.message);
		return;
	}
	/* Whatever needs escapes but for its backslashes, which are those of the rule. */
	for (size_t i = 0; i < line.size; i++)
		backslashes += line.data[i] == '\\';
	text_escape(&escaped, line.data, line.size);
	if (escaped.size != line.size + backslashes)
		text_puts(ret, "none: it holds bytes that do not belong on a terminal");
	else
		text_add(ret, line.data, line.size);
}

static void show_text(const struct entry *e, struct text *ret)
{
	const struct rule *rule = &e->rule;

	text_escape(ret, rule->name, strlen(rule->name));
	text_printf(ret, ": %s\n", e->enabled ? "enabled" : "disabled");
	if (rule->interpreter) {
		text_puts(ret, "  interpreter: ");
		text_escape(ret, rule->interpreter, strlen(rule->interpreter));
		text_putc(ret, '\n');
	}
	text_puts(ret, "  flags:       ");
	add_flags(e, ret);
	if (!rule->flags && !e->other_flags[0])
		text_puts(ret, "none");
	if (e->registered.tv_sec) {
		text_puts(ret, "\n  registered:  ");
		add_time(&e->registered, ret);
	}
	text_putc(ret, '\n');
	if (e->understood && rule->type == RULE_EXTENSION) {
		text_puts(ret, "  extension:   .");
		text_escape(ret, rule->extension, strlen(rule->extension));
		text_putc(ret, '\n');
	} else if (e->understood && rule->type == RULE_MAGIC) {
		text_printf(ret, "  offset:      %u\n  magic:       ", rule->offset);
		text_hex(ret, rule->magic, rule->size);
		text_puts(ret, "\n  mask:        ");
		if (rule->has_mask)
			text_hex(ret, rule->mask, rule->size);
		else
			text_puts(ret, "none, all bits count");
		text_putc(ret, '\n');
		elf_explain(rule, ret);
	}
	if (e->understood) {
		text_puts(ret, "  rule:        ");
		add_rule_line(rule, ret);
		text_putc(ret, '\n');
	}
	if (e->other_lines) {
		text_puts(ret, "  not understood: ");
		text_escape(ret, e->other_lines, strlen(e->other_lines));
		text_putc(ret, '\n');
	}
}

int output_show(enum output_format format, const char *mount,
		const struct entries *entries, struct text *ret)
{
	if (format == OUTPUT_JSON || format == OUTPUT_JSONL)
		return json_entries(format == OUTPUT_JSONL, "show", mount, NULL, entries,
				    ret);
	if (format == OUTPUT_PLAIN)
		return list_plain(entries, ret);
	for (size_t i = 0; i < entries->count; i++) {
		if (i)
			text_putc(ret, '\n');
		show_text(&entries->list[i], ret);
	}
	return ret->error;
}

int output_results(enum output_format format, const char *command, bool dry_run,
		   const struct output_result *results, size_t count, struct text *ret)
{
	return json_results(format == OUTPUT_JSONL, command, dry_run, results, count,
			    ret);
}

int output_rules(enum output_format format, const struct rule *rules, size_t count,
		 struct text *ret)
{
	return json_rules(format == OUTPUT_JSONL, rules, count, ret);
}
