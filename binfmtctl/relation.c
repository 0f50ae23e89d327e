/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules compared with each other, byte by byte. */
#include <errno.h>
#include <string.h>

#include "binfmtctl/relation.h"

void rule_byte(const struct rule *rule, unsigned int at, uint8_t *ret_value,
	       uint8_t *ret_mask)
{
	*ret_value = *ret_mask = 0;
	if (rule->type != RULE_MAGIC || at < rule->offset ||
	    at - rule->offset >= rule->size)
		return;
	*ret_mask = rule->has_mask ? rule->mask[at - rule->offset] : 0xff;
	*ret_value = rule->magic[at - rule->offset] & *ret_mask;
}

unsigned int rule_bits(const struct rule *rule)
{
	unsigned int bits = 0;

	for (unsigned int i = 0; i < RULE_WINDOW_MAX; i++) {
		uint8_t value, mask;

		rule_byte(rule, i, &value, &mask);
		bits += __builtin_popcount(mask);
	}
	return bits;
}

bool rule_overlaps(const struct rule *a, const struct rule *b)
{
	if (a->type != b->type || a->type == RULE_BPF)
		return false;
	if (a->type == RULE_EXTENSION)
		return strcmp(a->extension, b->extension) == 0;
	for (unsigned int i = 0; i < RULE_WINDOW_MAX; i++) {
		uint8_t va, ma, vb, mb;

		rule_byte(a, i, &va, &ma);
		rule_byte(b, i, &vb, &mb);
		if ((va ^ vb) & ma & mb)
			return false;
	}
	return true;
}

bool rule_covers(const struct rule *a, const struct rule *b)
{
	if (a->type != b->type || a->type == RULE_BPF)
		return false;
	if (a->type == RULE_EXTENSION)
		return strcmp(a->extension, b->extension) == 0;
	for (unsigned int i = 0; i < RULE_WINDOW_MAX; i++) {
		uint8_t va, ma, vb, mb;

		rule_byte(a, i, &va, &ma);
		rule_byte(b, i, &vb, &mb);
		/* Every bit that a looks at is demanded by b as well, with the same value. */
		if (ma & ~mb || (va ^ vb) & ma)
			return false;
	}
	return true;
}

/* Changes one bit that @rule leaves free so that @other no longer matches. */
static bool step_aside(const struct rule *rule, const struct rule *other,
		       uint64_t *random, uint8_t head[RULE_WINDOW_MAX])
{
	unsigned int start;

	*random = *random * UINT64_C(6364136223846793005) + 1442695040888963407;
	start = *random >> 33;
	for (unsigned int i = 0; i < RULE_WINDOW_MAX * 8; i++) {
		unsigned int bit = (start + i) % (RULE_WINDOW_MAX * 8);
		uint8_t value, mine, theirs, one = 1 << bit % 8;

		rule_byte(rule, bit / 8, &value, &mine);
		rule_byte(other, bit / 8, &value, &theirs);
		if (!(mine & one) && theirs & one) {
			head[bit / 8] ^= one;
			return true;
		}
	}
	return false;
}

int rule_sample(const struct rule *rule, const struct rule *const *others, size_t count,
		uint8_t ret[RULE_WINDOW_MAX])
{
	uint8_t head[RULE_WINDOW_MAX];
	uint64_t random = 1;

	for (unsigned int i = 0; i < RULE_WINDOW_MAX; i++) {
		uint8_t mask;

		rule_byte(rule, i, &head[i], &mask);
	}
	/* Each round moves away from one rule; rules may pull in turns, so it has an end. */
	for (size_t round = 0; round < 16 * count + 16; round++) {
		const struct rule *hit = NULL;

		for (size_t i = 0; !hit && i < count; i++)
			if (others[i]->type == RULE_MAGIC &&
			    rule_matches(others[i], head, sizeof(head), ""))
				hit = others[i];
		if (!hit) {
			memcpy(ret, head, sizeof(head));
			return 0;
		}
		if (!step_aside(rule, hit, &random, head))
			return -ENOENT;
	}
	return -ENOENT;
}
