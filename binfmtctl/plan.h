/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From what is registered to what is wanted, with as few writes as possible and without a
 * moment in which a wanted rule is missing: a rule is replaced by registering it under a
 * temporary name, which then stands in front of the old one until the new one is there.
 */
#pragma once

#include "binfmtctl/kernel.h"

enum change {
	CHANGE_NONE,
	CHANGE_REGISTER,
	CHANGE_REPLACE, /* the entry of this name is another rule */
	CHANGE_MOVE,    /* the same rule, but its place in the order is wrong */
	CHANGE_ENABLE,
	CHANGE_DISABLE,
	CHANGE_REMOVE,
};

const char *change_name(enum change change);

/* One rule that is wanted, or an entry that is to go. Pointers are the caller's. */
struct plan_item {
	const struct rule *rule; /* NULL: only for CHANGE_REMOVE */
	const char *text;        /* what to write; NULL: built from the rule */
	size_t size;
	bool follows;       /* moved only so that another item keeps its place */
	bool refresh;       /* register it anew even if it is there already */
	bool disabled;      /* is wanted so */
	bool keep_disabled; /* an entry that somebody switched off stays off */
	bool displace; /* if it cannot be registered, the old entry goes all the same */
	const char *file; /* where the rule comes from, or NULL */
	unsigned int line;
	const struct entry *entry; /* as it is now, or NULL; set by plan_make() */
	enum change change;        /* set by plan_make() */
	size_t place;              /* plan_make()'s own */
	bool done;                 /* set by plan_run() */
	int err;                   /* both: negative errno */
	struct diag diag;
};

struct plan {
	struct plan_item *items; /* the oldest registration first; removals last */
	size_t count, room;
};

void plan_done(struct plan *plan);

/* A cleared item at the end, or NULL when out of memory; valid until the next call. */
struct plan_item *plan_add(struct plan *plan);

enum {
	PLAN_STRICT =
		1 << 0, /* the whole order matters, not only that of rules that overlap */
	PLAN_EXCLUSIVE = 1 << 1, /* entries without an item go */
	PLAN_IN_PLACE =
		1 << 2, /* items keep the order of their entries, new ones on top */
};

/*
 * Fills in what each item needs; an F rule whose interpreter changed since its registration is
 * registered anew; items with an err stay CHANGE_NONE. New and replaced rules
 * stand above entries without an item. Adds removals. @entries must outlive the plan.
 */
int plan_make(struct plan *plan, const struct entries *entries, unsigned int flags)
	_must_check_;

/*
 * Adds a MOVE candidate for every entry above @name, so that a replacement of @name keeps its
 * place. To be called before plan_make() with the item of @name already added. Switched-off
 * entries are left where they are: moving them would switch them on for a moment.
 */
int plan_keep_above(struct plan *plan, const struct entries *entries, const char *name)
	_must_check_;

/* How many items change something. */
size_t plan_changes(const struct plan *plan);

struct plan_hooks {
	/* Called after each new registration; negative errno takes it back. May be NULL. */
	int (*verify)(void *context, const struct plan_item *item);
	/* Called after each item. May be NULL. */
	void (*report)(void *context, const struct plan_item *item);
	void *context;
};

/* Carries it out, item by item, going on after errors. Returns how many failed. */
size_t plan_run(struct plan *plan, int dir_fd, const struct plan_hooks *hooks);
