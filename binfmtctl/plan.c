/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Works out and makes changes of the registered entries. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "binfmtctl/explain.h"
#include "binfmtctl/plan.h"
#include "binfmtctl/relation.h"

const char *change_name(enum change change)
{
	static const char *const names[] = {"none",   "register", "replace", "move",
					    "enable", "disable",  "remove"};

	return names[change];
}

void plan_done(struct plan *plan)
{
	free(plan->items);
	*plan = (struct plan){0};
}

struct plan_item *plan_add(struct plan *plan)
{
	if (plan->count == plan->room) {
		size_t room = plan->room ? plan->room * 2 : 16;
		struct plan_item *items =
			reallocarray(plan->items, room, sizeof(*plan->items));

		if (!items)
			return NULL;
		plan->items = items;
		plan->room = room;
	}
	plan->items[plan->count] = (struct plan_item){0};
	return &plan->items[plan->count++];
}

static const struct entry *find_entry(const struct entries *entries, const char *name)
{
	for (size_t i = 0; i < entries->count; i++)
		if (strcmp(entries->list[i].rule.name, name) == 0)
			return &entries->list[i];
	return NULL;
}

static bool has_item(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->items[i].rule && strcmp(plan->items[i].rule->name, name) == 0)
			return true;
	return false;
}

/* Rules of different types may always meet in one file. */
static bool may_meet(const struct rule *a, const struct rule *b)
{
	return a->type != b->type || a->type == RULE_BPF || rule_overlaps(a, b);
}

/* Whether an item that will be registered anew stands below @at and could take its files. */
static bool is_overtaken(const struct plan *plan, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		const struct plan_item *item = &plan->items[i];

		if (item->err || !item->rule)
			continue;
		if ((item->change == CHANGE_REGISTER || item->change == CHANGE_REPLACE ||
		     item->change == CHANGE_MOVE) &&
		    may_meet(item->rule, plan->items[at].rule))
			return true;
	}
	return false;
}

/* Whether an item before this one, which stays, is now above it and could take its files. */
static bool is_below_older(const struct plan *plan, size_t at, bool strict)
{
	for (size_t i = 0; i < at; i++) {
		const struct plan_item *item = &plan->items[i];

		/* Entries are in one array, the first match first. */
		if (item->entry && !item->err && item->rule &&
		    item->entry < plan->items[at].entry &&
		    (strict || may_meet(item->rule, plan->items[at].rule)))
			return true;
	}
	return false;
}

static enum change state_change(const struct plan_item *item)
{
	if (item->entry->enabled == !item->disabled)
		return CHANGE_NONE;
	if (!item->entry->enabled && item->keep_disabled)
		return CHANGE_NONE;
	return item->disabled ? CHANGE_DISABLE : CHANGE_ENABLE;
}

/* Flag F holds the old file while the path leads to another one, or to none. */
static bool is_stale(const struct plan_item *item)
{
	const struct timespec *then = &item->entry->registered;
	struct stat st;

	if (!(item->rule->flags & RULE_FIX_BINARY) || then->tv_sec == 0 ||
	    stat(item->rule->interpreter, &st) < 0)
		return false;
	return st.st_ctim.tv_sec > then->tv_sec ||
	       (st.st_ctim.tv_sec == then->tv_sec && st.st_ctim.tv_nsec > then->tv_nsec);
}

static int compare_places(const void *a, const void *b)
{
	const struct plan_item *x = a, *y = b;

	if (x->entry && y->entry)
		return x->entry > y->entry ? -1 : x->entry < y->entry;
	if (!x->entry && !y->entry)
		return x->place < y->place ? -1 : 1;
	return x->entry ? -1 : 1;
}

static void find_entries(struct plan *plan, const struct entries *entries,
			 unsigned int flags)
{
	for (size_t i = 0; i < plan->count; i++) {
		struct plan_item *item = &plan->items[i];

		item->place = i;
		if (item->rule)
			item->entry = find_entry(entries, item->rule->name);
	}
	if (flags & PLAN_IN_PLACE && plan->count)
		qsort(plan->items, plan->count, sizeof(*plan->items), compare_places);
}

int plan_make(struct plan *plan, const struct entries *entries, unsigned int flags)
{
	bool strict = flags & PLAN_STRICT, moving = false;
	size_t wanted = plan->count;

	find_entries(plan, entries, flags);
	for (size_t i = 0; i < wanted; i++) {
		struct plan_item *item = &plan->items[i];

		if (!item->rule || item->err)
			continue;
		if (!item->entry)
			item->change = CHANGE_REGISTER;
		else if (item->refresh || !item->entry->understood || is_stale(item) ||
			 !rule_equal(item->rule, &item->entry->rule))
			item->change = CHANGE_REPLACE;
		else if (!item->entry->enabled && (item->disabled || item->keep_disabled))
			item->change = CHANGE_NONE;
		else if ((strict && moving) || is_overtaken(plan, i) ||
			 is_below_older(plan, i, strict))
			item->change = CHANGE_MOVE;
		else
			item->change = state_change(item);
		if (item->change == CHANGE_REGISTER || item->change == CHANGE_REPLACE ||
		    item->change == CHANGE_MOVE)
			moving = true;
	}
	if (!(flags & PLAN_EXCLUSIVE))
		return 0;
	for (size_t i = 0; i < entries->count; i++) {
		struct plan_item *item;

		if (has_item(plan, entries->list[i].rule.name))
			continue;
		item = plan_add(plan);
		if (!item)
			return -ENOMEM;
		item->entry = &entries->list[i];
		item->change = CHANGE_REMOVE;
	}
	return 0;
}

int plan_keep_above(struct plan *plan, const struct entries *entries, const char *name)
{
	const struct entry *entry = find_entry(entries, name);

	if (!entry)
		return 0;
	while (entry-- > entries->list) {
		struct plan_item *item;

		if (!entry->enabled || !entry->understood || entry->other_lines ||
		    has_item(plan, entry->rule.name))
			continue;
		item = plan_add(plan);
		if (!item)
			return -ENOMEM;
		item->rule = &entry->rule;
		item->follows = true;
	}
	return 0;
}

size_t plan_changes(const struct plan *plan)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->count; i++)
		n += plan->items[i].change != CHANGE_NONE;
	return n;
}

/* The text under another name, or under its own when @name is NULL. */
static int build(const struct rule *rule, const char *name, struct text *ret)
{
	static const struct rule_style styles[] = {{.encoding = RULE_TEXT},
						   {.encoding = RULE_RAW}};
	struct rule renamed = *rule;
	int err = -EINVAL;

	if (name)
		renamed.name = (char *)name;
	for (size_t i = 0; err && i < ARRAY_SIZE(styles); i++)
		err = rule_build(&renamed, &styles[i], ret, NULL);
	return err;
}

/* A short free name, so that the rule does not outgrow the kernel's limit. */
static int temporary_name(int dir_fd, struct text *ret)
{
	for (unsigned int i = 0; i < 1000; i++) {
		text_done(ret);
		text_printf(ret, "~%u", i);
		if (ret->error)
			return ret->error;
		if (faccessat(dir_fd, ret->data, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
			return errno == ENOENT ? 0 : -errno;
	}
	return -EEXIST;
}

static int verify(const struct plan_hooks *hooks, struct plan_item *item)
{
	int err;

	if (!hooks->verify)
		return 0;
	err = hooks->verify(hooks->context, item);
	if (err) {
		diag_set(
			&item->diag, 0,
			"with this rule native programs no longer start (%s): it was taken "
			"back",
			explain_errno_name(err));
		diag_hint(&item->diag, "see what it matches with `binfmtctl lint`");
		return -ECANCELED;
	}
	return 0;
}

static int write_final(struct plan_item *item, int dir_fd)
{
	_cleanup_(text_done) struct text text = TEXT_INIT;
	int err;

	if (item->text)
		return kernel_register(dir_fd, item->text, item->size);
	err = build(item->rule, NULL, &text);
	return err ? err : kernel_register(dir_fd, text.data, text.size);
}

static int register_new(struct plan_item *item, int dir_fd,
			const struct plan_hooks *hooks)
{
	int err = write_final(item, dir_fd), undo;

	if (err)
		return err;
	if (item->disabled)
		return kernel_set_enabled(dir_fd, item->rule->name, false);
	err = verify(hooks, item);
	if (err) {
		undo = kernel_remove(dir_fd, item->rule->name);
		if (undo)
			return undo;
	}
	return err;
}

static int replace(struct plan_item *item, int dir_fd, const struct plan_hooks *hooks)
{
	_cleanup_(text_done) struct text name = TEXT_INIT, text = TEXT_INIT;
	int err = temporary_name(dir_fd, &name), undo;

	if (!err)
		err = build(item->rule, name.data, &text);
	if (!err)
		err = kernel_register(dir_fd, text.data, text.size);
	if (err)
		return err;
	/* From here on the new rule is in force; the old one is untouched until it passed. */
	err = verify(hooks, item);
	if (!err)
		err = kernel_remove(dir_fd, item->rule->name);
	if (err == -ENOENT)
		err = 0;
	if (!err) {
		err = write_final(item, dir_fd);
		if (err) {
			/* The old rule once more; if even that fails, the error says so. */
			struct text old = TEXT_INIT;

			if (build(&item->entry->rule, NULL, &old) == 0)
				(void)!kernel_register(dir_fd, old.data, old.size);
			text_done(&old);
		}
	}
	undo = kernel_remove(dir_fd, name.data);
	if (!err && item->disabled)
		err = kernel_set_enabled(dir_fd, item->rule->name, false);
	return err ? err : undo;
}

static int run_item(struct plan_item *item, int dir_fd, const struct plan_hooks *hooks)
{
	switch (item->change) {
	case CHANGE_REGISTER: return register_new(item, dir_fd, hooks);
	case CHANGE_REPLACE:
	case CHANGE_MOVE: return replace(item, dir_fd, hooks);
	case CHANGE_ENABLE: return kernel_set_enabled(dir_fd, item->rule->name, true);
	case CHANGE_DISABLE: return kernel_set_enabled(dir_fd, item->rule->name, false);
	case CHANGE_REMOVE: return kernel_remove(dir_fd, item->entry->rule.name);
	default: return 0;
	}
}

size_t plan_run(struct plan *plan, int dir_fd, const struct plan_hooks *hooks)
{
	size_t failed = 0, done = 0;

	for (size_t i = 0; i < plan->count; i++) {
		struct plan_item *item = &plan->items[i];

		if (item->follows && !done)
			item->change = CHANGE_NONE;

		if (!item->err && item->change != CHANGE_NONE) {
			item->err = run_item(item, dir_fd, hooks);
			if (item->err && !item->diag.message[0]) {
				if (item->change == CHANGE_REMOVE)
					explain_entry(item->err, item->entry->rule.name,
						      &item->diag);
				else
					explain_register(item->err, item->rule,
							 &item->diag);
			}
			item->done = !item->err;
			done += item->done;
		}
		if (item->err) {
			failed++;
			if (item->displace && item->entry)
				(void)!kernel_remove(dir_fd, item->entry->rule.name);
		}
		if (hooks->report)
			hooks->report(hooks->context, item);
	}
	return failed;
}
