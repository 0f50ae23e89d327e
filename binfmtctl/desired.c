/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Turns configuration into plan items. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "binfmtctl/desired.h"

int desired_record(int root_fd, int fd, struct record *ret)
{
	struct stat st;
	int err;

	if (fstat(fd, &st) < 0)
		return -errno;
	err = record_load(root_fd, st.st_dev, ret);
	return err == -EACCES || err == -EPERM ? 0 : err;
}

/* The name that a rule would have, for rules that are wrong behind it. */
static bool is_named(const struct conf_rule *r, const char *name)
{
	const char *end;

	if (r->size < 2)
		return false;
	end = memchr(r->text + 1, r->text[0], r->size - 1);
	return end && (size_t)(end - r->text - 1) == strlen(name) &&
	       memcmp(r->text + 1, name, end - r->text - 1) == 0;
}

struct plan_item *desired_item(const struct config *config, const struct conf_rule *r,
			       struct plan *plan)
{
	struct plan_item *item = plan_add(plan);

	if (!item)
		return NULL;
	item->rule = r->rule.name ? &r->rule : NULL;
	item->text = r->text;
	item->size = r->size;
	item->file = config_path(config, r);
	item->line = r->line;
	item->err = r->err;
	item->diag = r->diag;
	return item;
}

int desired_items(const struct config *config, bool exclusive,
		  const struct entries *entries, struct plan *plan)
{
	for (size_t i = 0; i < config->rule_count; i++) {
		const struct conf_rule *r = &config->rules[i];
		struct plan_item *item;

		if (r->replaced)
			continue;
		item = desired_item(config, r, plan);
		if (!item)
			return -ENOMEM;
		item->keep_disabled = !exclusive;
		item->displace = exclusive;
		for (size_t j = 0; r->err && exclusive && j < entries->count; j++)
			if (is_named(r, entries->list[j].rule.name))
				item->entry = &entries->list[j];
	}
	return 0;
}

static bool in_plan(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->items[i].rule && strcmp(plan->items[i].rule->name, name) == 0)
			return true;
	return false;
}

static int add_removal(struct plan *plan, const struct entry *entry)
{
	struct plan_item *item = plan_add(plan);

	if (!item)
		return -ENOMEM;
	item->entry = entry;
	item->change = CHANGE_REMOVE;
	return 0;
}

int desired_stale(const struct record *record, const struct entries *entries,
		  struct plan *plan)
{
	for (size_t i = 0; i < entries->count; i++) {
		const struct entry *e = &entries->list[i];
		const struct rule *was = record_find(record, e->rule.name);
		int err;

		if (!was || !rule_equal(was, &e->rule) || in_plan(plan, e->rule.name))
			continue;
		err = add_removal(plan, e);
		if (err)
			return err;
	}
	return 0;
}

int desired_removals(const struct config *config, const struct record *record,
		     const struct entries *entries, struct plan *plan)
{
	for (size_t i = 0; i < entries->count; i++) {
		const struct entry *e = &entries->list[i];
		const struct rule *was = record_find(record, e->rule.name);
		bool ours = was && rule_equal(was, &e->rule);
		int err;

		for (size_t j = 0; !ours && j < config->rule_count; j++)
			ours = is_named(&config->rules[j], e->rule.name);
		if (!ours)
			continue;
		err = add_removal(plan, e);
		if (err)
			return err;
	}
	return 0;
}
