/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules in the languages of those who read them. */
#pragma once

#include "binfmtctl/rule.h"

enum export_kind { EXPORT_RULE, EXPORT_CONF, EXPORT_BFS, EXPORT_SHELL, EXPORT_NIX };

/* "rule", "conf", "update-binfmts", "shell", "nixos"; -EINVAL for another word. */
int export_kind_find(const char *name, enum export_kind *ret) _must_check_;

/*
 * Appends the rule with a newline. @style counts for the first two kinds and for shell.
 * -EINVAL with a diag when the language cannot express it; a hint alone says what is lost.
 */
int export_rule(const struct rule *rule, enum export_kind kind,
		const struct rule_style *style, struct text *ret,
		struct diag *reterr_diag) _must_check_;
