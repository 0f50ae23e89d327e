/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * decodegen: overlaps and unreachable rows.
 *
 * A set of words is a list of cubes that do not meet. Subtracting a cube from a cube leaves at
 * most one cube for each bit that only the second one fixes, so all answers here are exact.
 */
#include <string.h>

#include "decodegen.h"

struct set {
	int count, room;
	struct cube *cubes;
};

static void set_add(struct set *set, struct cube cube)
{
	if (set->count == set->room) {
		struct cube *bigger;

		set->room = set->room ? 2 * set->room : 16;
		bigger = xalloc(set->room * sizeof(*bigger));
		if (set->count)
			memcpy(bigger, set->cubes, set->count * sizeof(*bigger));
		set->cubes = bigger;
	}
	set->cubes[set->count++] = cube;
}

static bool cubes_meet(struct cube a, struct cube b)
{
	return !((a.value ^ b.value) & a.mask & b.mask);
}

static struct cube cube_and(struct cube a, struct cube b)
{
	return (struct cube){a.mask | b.mask, a.value | b.value};
}

static struct set set_minus(struct set set, struct cube cube)
{
	struct set rest = {0};

	for (int i = 0; i < set.count; i++) {
		struct cube part = set.cubes[i];
		uint32_t only = cube.mask & ~part.mask;

		if (!cubes_meet(part, cube)) {
			set_add(&rest, part);
			continue;
		}
		while (only) {
			uint32_t bit = only & -only;

			only &= ~bit;
			part.mask |= bit;
			part.value &= ~bit;
			part.value |= ~cube.value & bit;
			set_add(&rest, part);
			part.value ^= bit;
		}
	}
	return rest;
}

/* The words of a pattern within a cube. */
static struct set words_of(const struct pattern *p, struct cube within)
{
	struct set set = {0};

	if (!cubes_meet(p->set, within))
		return set;
	set_add(&set, cube_and(p->set, within));
	for (int i = 0; i < p->not_count; i++)
		set = set_minus(set, p->nots[i]);
	return set;
}

bool has_word(const struct pattern *p, struct cube within)
{
	return words_of(p, within).count;
}

static const struct cube all_words;

/* Words of both patterns; where there are none, count is 0. */
static struct set words_of_both(const struct pattern *a, const struct pattern *b)
{
	struct set set = words_of(a, b->set);

	for (int i = 0; i < b->not_count && set.count; i++)
		set = set_minus(set, b->nots[i]);
	return set;
}

static void check_pair(const struct table *table, const struct pattern *a,
		       const struct pattern *b)
{
	struct set both;

	if (!cubes_meet(a->set, b->set) || (a->group && a->group == b->group))
		return;
	both = words_of_both(a, b);
	if (both.count)
		error_at(b->pos, "%s overlaps %s (%s:%d), for example 0x%0*x", b->name,
			 a->name, a->pos.file, a->pos.line, table->width / 4,
			 both.cubes[0].value);
}

/* What earlier rows of the group leave of a row. */
static struct set words_left(const struct table *table, int index)
{
	const struct pattern *p = table->patterns[index];
	struct set left = words_of(p, all_words);

	for (int i = 0; i < index && p->group; i++) {
		const struct pattern *earlier = table->patterns[i];
		struct set next = {0};

		if (earlier->group != p->group || !cubes_meet(earlier->set, p->set))
			continue;
		next = set_minus(left, earlier->set);
		for (int j = 0; j < left.count; j++) {
			/* What the earlier row excludes stays; count each word once. */
			struct set excluded = {0};

			for (int k = 0; k < earlier->not_count; k++) {
				struct set part = {0};

				if (!cubes_meet(left.cubes[j], earlier->nots[k]))
					continue;
				set_add(&part, cube_and(left.cubes[j], earlier->nots[k]));
				for (int m = 0; m < k; m++)
					part = set_minus(part, earlier->nots[m]);
				for (int m = 0; m < part.count; m++)
					set_add(&excluded, part.cubes[m]);
			}
			for (int m = 0; m < excluded.count; m++)
				set_add(&next, excluded.cubes[m]);
		}
		left = next;
	}
	return left;
}

static void check_exclusions(const struct pattern *p)
{
	for (int i = 0; i < p->not_count; i++) {
		struct set set = {0};

		set_add(&set, p->nots[i]);
		for (int j = 0; j < i && set.count; j++)
			set = set_minus(set, p->nots[j]);
		if (!set.count)
			error_at(p->pos, "exclusion %d of %s excludes nothing new", i + 1,
				 p->name);
	}
}

void check_table(const struct table *table)
{
	for (int i = 0; i < table->pattern_count; i++) {
		const struct pattern *p = table->patterns[i];

		check_exclusions(p);
		if (!words_of(p, all_words).count)
			error_at(p->pos, "%s excludes every word it has", p->name);
		else if (!words_left(table, i).count)
			error_at(p->pos,
				 "%s is never reached: earlier rows take every word",
				 p->name);
		for (int j = 0; j < i; j++)
			check_pair(table, table->patterns[j], p);
	}
}
