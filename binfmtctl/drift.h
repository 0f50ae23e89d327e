/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Differences between the configuration and what is registered. */
#pragma once

#include "binfmtctl/config.h"
#include "binfmtctl/kernel.h"

enum drift_kind {
	DRIFT_MISSING,  /* in a conf file, not registered */
	DRIFT_CHANGED,  /* registered differently */
	DRIFT_DISABLED, /* registered, but switched off */
	DRIFT_ORDER, /* below an entry that should be below it and takes some of its files */
	DRIFT_STALE,   /* flag F holds a file that was replaced since */
	DRIFT_EXTRA,   /* registered, in no conf file */
	DRIFT_INVALID, /* the conf file's rule is wrong */
};

const char *drift_name(enum drift_kind kind);

struct drift {
	enum drift_kind kind;
	char *name;       /* owned */
	char *detail;     /* owned; may be NULL */
	const char *file; /* the configuration's; may be NULL */
	unsigned int line;
};

struct drifts {
	struct drift *list;
	size_t count, room;
};

/* Fit for _cleanup_. */
void drifts_done(struct drifts *drifts);

/* @config must outlive the result. */
int drift_find(const struct config *config, const struct entries *entries,
	       bool ignore_extra, struct drifts *ret) _must_check_;
