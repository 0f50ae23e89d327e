/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Format files of Debian's binfmt-support, /usr/share/binfmts/NAME: lines "key value", keys in
 * any case, unknown ones ignored. The file's name is the format's name.
 */
#pragma once

#include "binfmtctl/rule.h"

struct bfs {
	char *name, *package, *interpreter, *magic, *mask, *extension, *offset, *detector;
	bool credentials, preserve, fix_binary;
};

/* Fit for _cleanup_. */
void bfs_done(struct bfs *format);

/* Whether this is such a file and not one of binfmt.d. */
bool bfs_looks_like(const char *data, size_t size);

/* @path: its last component becomes the name. -EINVAL with a diag, -ENOMEM. */
int bfs_parse(const char *path, const char *data, size_t size, struct bfs *ret,
	      struct diag *reterr_diag) _must_check_;

/*
 * The same of /var/lib/binfmts/NAME: ten lines, which are package, type, offset, magic, mask,
 * interpreter, detector, credentials, preserve and fix_binary.
 */
bool bfs_looks_like_database(const char *data, size_t size);
int bfs_parse_database(const char *path, const char *data, size_t size, struct bfs *ret,
		       struct diag *reterr_diag) _must_check_;

/*
 * The rule that update-binfmts would register. A detector has no equivalent: the rule is then
 * the one without it, and @reterr_diag gets a hint.
 */
int bfs_to_rule(const struct bfs *format, const struct rule_limits *limits,
		struct rule *ret, struct diag *reterr_diag) _must_check_;

/* Writes such a file. -EINVAL with a diag when it cannot express the rule. */
int bfs_build(const struct rule *rule, const char *package, struct text *ret,
	      struct diag *reterr_diag) _must_check_;
