/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables and plain text. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "binfmtctl/elfident.h"
#include "binfmtctl/notes.h"
#include "binfmtctl/output-json.h"
#include "binfmtctl/output.h"

static void add_flags(const struct entry *e, struct text *ret)
{
	char flags[RULE_FLAGS_SIZE];

	rule_flags_text(e->rule.flags, flags);
	text_puts(ret, flags);
	text_escape(ret, e->other_flags, strlen(e->other_flags));
}

/* The columns that a row always has. */
static void add_row(struct table *table, const struct entry *e)
{
	table_add(table, STYLE_NONE, e->rule.name);
	table_add(table, e->enabled ? STYLE_GOOD : STYLE_WARN,
		  e->enabled ? "enabled" : "disabled");
	table_add(table, STYLE_NONE,
		  e->understood ? rule_type_name(e->rule.type) : "other");
	add_flags(e, table_begin(table));
	table_end(table, STYLE_NONE);
	if (e->understood)
		elf_describe(&e->rule, table_begin(table));
	else
		table_begin(table);
	table_end(table, STYLE_NONE);
	table_add(table, STYLE_NONE, e->rule.interpreter);
}

static void add_time(const struct timespec *t, struct text *ret);

static void add_notes(struct table *table, const struct entry *e,
		      const struct entry_note *note)
{
	struct text *when = table_begin(table);

	if (e->registered.tv_sec)
		add_time(&e->registered, when);
	table_end(table, STYLE_DIM);
	table_add(table, note->style, note->health);
	table_add(table, STYLE_DIM, note->source);
}

void list_begin(struct list *list, enum output_format format, bool color, bool noted,
		const char *mount, bool status)
{
	static const char *const headings[] = {"NAME",       "STATE",   "TYPE",
					       "FLAGS",      "MATCHES", "INTERPRETER",
					       "REGISTERED", "HEALTH",  "SOURCE"};

	*list = (struct list){
		.format = format,
		.color = color,
		.table = TABLE_INIT(headings),
	};
	if (!noted)
		list->table.columns = 6;
	if (format == OUTPUT_JSON)
		list->all = json_list(&list->doc, "list", mount, &status, &list->array);
}

void list_add(struct list *list, const struct entry *entry, const struct entry_note *note)
{
	if (list->format == OUTPUT_JSON || list->format == OUTPUT_JSONL) {
		json_entry(&list->doc, list->array, entry, note, list->count,
			   &list->lines);
	} else {
		add_row(&list->table, entry);
		if (note)
			add_notes(&list->table, entry, note);
	}
	list->count++;
}

int list_done(struct list *list, bool status, struct text *ret)
{
	int err;

	if (list->format == OUTPUT_JSON || list->format == OUTPUT_JSONL) {
		if (list->lines.size)
			text_add(ret, list->lines.data, list->lines.size);
		err = list->lines.error;
		text_done(&list->lines);
		return doc_close(&list->doc, list->all, ret) ? -ENOMEM : err;
	}
	if (list->format == OUTPUT_TEXT && !status)
		text_puts(ret,
			  "Matching is switched off as a whole (the `status` file).\n");
	if (list->format == OUTPUT_TEXT && !list->count) {
		text_puts(ret, "No entries.\n");
		err = ret->error;
	} else {
		err = table_print(&list->table, list->format == OUTPUT_PLAIN, list->color,
				  ret);
	}
	table_done(&list->table);
	return err;
}

int output_list_noted(enum output_format format, bool color, const char *mount,
		      bool status, const struct entries *entries,
		      const struct entry_note *notes, struct text *ret)
{
	struct list list;

	list_begin(&list, format, color, notes != NULL, mount, status);
	for (size_t i = 0; i < entries->count; i++)
		list_add(&list, &entries->list[i], notes ? &notes[i] : NULL);
	return list_done(&list, status, ret);
}

int output_list(enum output_format format, const char *mount, bool status,
		const struct entries *entries, struct text *ret)
{
	return output_list_noted(format, false, mount, status, entries, NULL, ret);
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

static void show_text(const struct entry *e, const struct entry_note *note,
		      struct text *ret)
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
	if (note) {
		text_printf(ret, "  health:      %s\n  source:      ", note->health);
		if (note->source)
			text_escape(ret, note->source, strlen(note->source));
		else
			text_puts(ret, "no conf file");
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
	return output_show_noted(format, mount, entries, NULL, ret);
}

int output_show_noted(enum output_format format, const char *mount,
		      const struct entries *entries, const struct entry_note *notes,
		      struct text *ret)
{
	if (format == OUTPUT_JSON || format == OUTPUT_JSONL)
		return json_entries(format == OUTPUT_JSONL, "show", mount, NULL, entries,
				    notes, ret);
	if (format == OUTPUT_PLAIN)
		return output_list(OUTPUT_PLAIN, mount, true, entries, ret);
	for (size_t i = 0; i < entries->count; i++) {
		if (i)
			text_putc(ret, '\n');
		show_text(&entries->list[i], notes ? &notes[i] : NULL, ret);
	}
	return ret->error;
}

int output_results(enum output_format format, const char *command, bool dry_run,
		   const struct output_result *results, size_t count, struct text *ret)
{
	return json_results(format == OUTPUT_JSONL, command, dry_run, results, count,
			    ret);
}

int output_rules(enum output_format format, const char *command, const struct rule *rules,
		 size_t count, struct text *ret)
{
	return json_rules(format == OUTPUT_JSONL, command, rules, count, ret);
}
