/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * All rules of binfmt.d(5) as systemd-binfmt reads them: which file of several with one name
 * counts, which is masked, in which order rules are registered, and which of two rules of one
 * name is the last. Wrong rules stay in the list with their diagnosis.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "binfmtctl/rule.h"

enum conf_state {
	CONF_USED,
	CONF_MASK, /* empty or a link to /dev/null: switches off the files below it */
	CONF_OVERRIDDEN, /* a file of the same name in a directory before it counts */
	CONF_UNREADABLE,
};

struct conf_file {
	char *path;       /* from the root */
	const char *name; /* last component of path */
	enum conf_state state;
	int err;    /* CONF_UNREADABLE */
	size_t by;  /* CONF_OVERRIDDEN: index of the file that counts */
	char *data; /* CONF_USED */
	size_t size;
};

enum { CONF_NO_FILE = 0x7fffffff };

struct conf_rule {
	struct rule rule; /* empty when err */
	char *text;       /* as written, stripped */
	size_t size;
	size_t file; /* index into files, or CONF_NO_FILE */
	unsigned int line;
	int err; /* rule_parse()'s, or -EINVAL for a name that systemd refuses */
	struct diag diag;
	bool replaced; /* a later rule has the same name */
};

struct config {
	struct conf_file *files;
	size_t file_count, file_room;
	struct conf_rule *rules; /* in the order of registration */
	size_t rule_count, rule_room;
};

/* Fit for _cleanup_. */
void config_done(struct config *config);

/* Directories of binfmt.d, the most important first; NULL behind the last. */
extern const char *const config_dirs[];

/* Reads all directories below @root_fd. */
int config_load(int root_fd, const struct rule_limits *limits, struct config *ret)
	_must_check_;

/*
 * Adds one file: a path with a slash as it is, else a name looked up in the directories.
 * Negative errno when it cannot be read; wrong rules are no error.
 */
int config_add(struct config *config, int root_fd, const char *path,
	       const struct rule_limits *limits) _must_check_;

/* Adds the rules of a text, which is copied; @path is for messages. */
int config_add_text(struct config *config, const char *path, const char *data,
		    size_t size, const struct rule_limits *limits) _must_check_;

/* Adds one rule as given on a command line: no file, nothing stripped. */
int config_add_rule(struct config *config, const char *text, size_t size,
		    const struct rule_limits *limits) _must_check_;

/* After the last config_add(): marks rules whose name comes again. */
void config_mark_replaced(struct config *config);

/* Path of the rule's file, or NULL. */
const char *config_path(const struct config *config, const struct conf_rule *rule);

/* The good rule of this name that counts, or NULL. */
const struct conf_rule *config_find(const struct config *config, const char *name);
