/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How rules stand to each other: which files two of them share, which rule hides another one,
 * and a made-up file that only one of them takes.
 */
#pragma once

#include "binfmtctl/rule.h"

/*
 * Whether one file could match both. Rules of different types can always meet, which says
 * little; only rules of one type are compared, others give false.
 */
bool rule_overlaps(const struct rule *a, const struct rule *b);

/* Whether every file that matches @b also matches @a, so that @a in front hides @b. */
bool rule_covers(const struct rule *a, const struct rule *b);

/* How many bits of a file a magic rule looks at. */
unsigned int rule_bits(const struct rule *rule);

/* What the rule demands of byte @at of a file: value and mask; mask 0 when nothing. */
void rule_byte(const struct rule *rule, unsigned int at, uint8_t *ret_value,
	       uint8_t *ret_mask);

/*
 * Makes a file head that @rule matches and none of the @count rules of @others does.
 * Extensions among them are left out. -ENOENT when none was found, which is certain only if
 * one of @others covers the rule.
 */
int rule_sample(const struct rule *rule, const struct rule *const *others, size_t count,
		uint8_t ret[RULE_WINDOW_MAX]) _must_check_;
