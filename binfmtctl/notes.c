/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looks up the configuration of entries and tries their interpreters in the model. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "binfmtctl/explain.h"
#include "binfmtctl/notes.h"
#include "binfmtctl/root.h"

static int find_source(const struct entry *e, const struct config *config,
		       struct entry_note *note)
{
	const struct conf_rule *r = config_find(config, e->rule.name);
	struct text text = TEXT_INIT;

	if (!r)
		return 0;
	text_printf(&text, "%s:%u%s", config_path(config, r), r->line,
		    rule_equal(&r->rule, &e->rule) ? "" : " (differs)");
	note->source = text_take(&text);
	return note->source ? 0 : -ENOMEM;
}

static bool changed_since(const struct exec_world *world, const struct entry *e)
{
	struct stat st;

	if (root_stat(world->root_fd, e->rule.interpreter, &st) < 0)
		return true;
	return st.st_ctim.tv_sec > e->registered.tv_sec;
}

static int find_health(const struct exec_world *world, const struct entry *e,
		       struct entry_note *note)
{
	_cleanup_(exec_result_done) struct exec_result result = {0};
	const struct rule *rule = &e->rule;
	int err;

	note->health = "unknown";
	note->style = STYLE_DIM;
	if (!e->understood || rule->type == RULE_BPF)
		return 0;
	if (rule->flags & RULE_FIX_BINARY && e->registered.tv_sec &&
	    changed_since(world, e)) {
		note->health = "stale";
		note->style = STYLE_WARN;
		return 0;
	}
	err = exec_simulate(world, rule->interpreter, &result);
	if (err)
		return err;
	err = result.err;
	/* With the program open already, a second interpreter cannot be. */
	if (!err && rule->flags & RULE_OPEN_BINARY &&
	    result.steps[0].format != EXEC_ELF && result.steps[0].format != EXEC_COMPAT)
		err = -ENOEXEC;
	note->health = err ? explain_errno_name(err) : "ok";
	note->style = err ? STYLE_BAD : STYLE_GOOD;
	return 0;
}

/* Neighbours mostly share their interpreter; with flag F their ages count too. */
static bool same_health(const struct entry *a, const struct entry *b)
{
	return a->understood && b->understood && a->rule.type != RULE_BPF &&
	       b->rule.type != RULE_BPF && a->rule.flags == b->rule.flags &&
	       !(a->rule.flags & RULE_FIX_BINARY) &&
	       strcmp(a->rule.interpreter, b->rule.interpreter) == 0;
}

struct entry_note *notes_make(const struct exec_world *world, const struct config *config)
{
	size_t count = world->entries->count;
	struct entry_note *notes = calloc(count + 1, sizeof(*notes));

	for (size_t i = 0; notes && i < count; i++) {
		const struct entry *e = &world->entries->list[i];
		bool known = i && same_health(e, e - 1);
		int err = find_source(e, config, &notes[i]);

		if (known) {
			notes[i].health = notes[i - 1].health;
			notes[i].style = notes[i - 1].style;
		} else if (!err) {
			err = find_health(world, e, &notes[i]);
		}
		if (err) {
			notes_free(notes, count);
			return NULL;
		}
	}
	return notes;
}

void notes_free(struct entry_note *notes, size_t count)
{
	for (size_t i = 0; notes && i < count; i++)
		free(notes[i].source);
	free(notes);
}
