/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compares conf files and entries, through the plan that would make them equal. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "binfmtctl/desired.h"
#include "binfmtctl/drift.h"

const char *drift_name(enum drift_kind kind)
{
	static const char *const names[] = {"missing", "changed", "disabled", "order",
					    "stale",   "extra",   "invalid"};

	return names[kind];
}

void drifts_done(struct drifts *drifts)
{
	for (size_t i = 0; i < drifts->count; i++) {
		free(drifts->list[i].name);
		free(drifts->list[i].detail);
	}
	free(drifts->list);
	*drifts = (struct drifts){0};
}

/* Takes over @detail's content. */
static int add(struct drifts *drifts, enum drift_kind kind, const char *name,
	       struct text *detail, const struct plan_item *item)
{
	struct drift *d;

	if (drifts->count == drifts->room) {
		size_t room = drifts->room ? drifts->room * 2 : 16;
		struct drift *list = reallocarray(drifts->list, room, sizeof(*list));

		if (!list)
			return -ENOMEM;
		drifts->list = list;
		drifts->room = room;
	}
	d = &drifts->list[drifts->count++];
	*d = (struct drift){.kind = kind, .name = strdup(name)};
	if (item) {
		d->file = item->file;
		d->line = item->line;
	}
	if (detail->size)
		d->detail = text_take(detail);
	return d->name ? detail->error : -ENOMEM;
}

/* Which fields of two rules differ. */
static void describe(const struct rule *want, const struct rule *have, struct text *to)
{
	char flags[2][RULE_FLAGS_SIZE];

	if (want->type != have->type || want->offset != have->offset ||
	    want->size != have->size || want->has_mask != have->has_mask ||
	    memcmp(want->magic, have->magic, want->size) ||
	    (want->has_mask && memcmp(want->mask, have->mask, want->size)) ||
	    (want->extension && have->extension &&
	     strcmp(want->extension, have->extension)))
		text_puts(to, "matches other files");
	if (have->interpreter && strcmp(want->interpreter, have->interpreter))
		text_printf(to, "%sinterpreter %s, not %s", to->size ? "; " : "",
			    have->interpreter, want->interpreter);
	if ((want->flags ^ have->flags) & ~RULE_DISABLED) {
		rule_flags_text(want->flags, flags[0]);
		rule_flags_text(have->flags, flags[1]);
		text_printf(to, "%sflags %s, not %s", to->size ? "; " : "",
			    *flags[1] ? flags[1] : "none", *flags[0] ? flags[0] : "none");
	}
}

static int judge(const struct plan_item *item, struct drifts *drifts)
{
	_cleanup_(text_done) struct text detail = TEXT_INIT;
	const char *name = item->rule ? item->rule->name : item->text;
	enum drift_kind kind;

	if (item->err) {
		text_puts(&detail, item->diag.message);
		return add(drifts, DRIFT_INVALID, name, &detail, item);
	}
	switch (item->change) {
	case CHANGE_REGISTER: kind = DRIFT_MISSING; break;
	case CHANGE_MOVE: kind = DRIFT_ORDER; break;
	case CHANGE_REPLACE:
		kind = DRIFT_CHANGED;
		if (rule_equal(item->rule, &item->entry->rule)) {
			kind = DRIFT_STALE;
			text_printf(&detail, "%s changed since the registration",
				    item->rule->interpreter);
		} else {
			describe(item->rule, &item->entry->rule, &detail);
		}
		break;
	case CHANGE_ENABLE: kind = DRIFT_DISABLED; break;
	default: return 0;
	}
	if (item->entry && !item->entry->enabled && kind != DRIFT_DISABLED) {
		struct text none = TEXT_INIT;
		int err = add(drifts, DRIFT_DISABLED, name, &none, item);

		if (err)
			return err;
	}
	return add(drifts, kind, name, &detail, item);
}

int drift_find(const struct config *config, const struct entries *entries,
	       bool ignore_extra, struct drifts *ret)
{
	_cleanup_(drifts_done) struct drifts drifts = {0};
	_cleanup_(plan_done) struct plan plan = {0};
	int err = desired_items(config, false, entries, &plan);

	for (size_t i = 0; i < plan.count; i++)
		plan.items[i].keep_disabled = false;
	if (!err)
		err = plan_make(&plan, entries, 0);
	for (size_t i = 0; !err && i < plan.count; i++)
		err = judge(&plan.items[i], &drifts);
	for (size_t i = 0; !err && !ignore_extra && i < entries->count; i++) {
		struct text none = TEXT_INIT;

		if (!config_find(config, entries->list[i].rule.name))
			err = add(&drifts, DRIFT_EXTRA, entries->list[i].rule.name, &none,
				  NULL);
	}
	if (err)
		return err;
	*ret = drifts;
	drifts = (struct drifts){0};
	return 0;
}
