/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks of one rule by itself, for lint and audit. */
#pragma once

#include "binfmtctl/finding.h"
#include "binfmtctl/native.h"
#include "binfmtctl/rule.h"

/* Everything that binfmtctl-audit(7) says about a rule alone: R01, R03 to R12, S02, S07. */
void check_rule(const struct rule *rule, const struct native *native,
		struct findings *findings);

/*
 * What registering the rule would break or give away: it takes native programs or scripts,
 * or hands root to whoever chooses the current directory. -ECANCELED with a diag, or 0.
 */
int check_danger(const struct rule *rule, struct diag *reterr_diag) _must_check_;

/* Whether the rule is for ELF programs of one machine, and which; @ret_name may be NULL. */
bool check_is_foreign_elf(const struct rule *rule, const char **ret_name);
