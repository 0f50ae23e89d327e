/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * decodegen: the decision tree.
 *
 * Every inner node switches on a window of adjacent bits. The window is chosen greedily: the
 * one that leaves the fewest candidates for a random word, with a charge for rows that end up
 * in several children because they leave bits of the window open. Values with the same
 * candidates share a child.
 */
#include <string.h>

#include "decodegen.h"

enum { WINDOW_MAX = 8 };

static uint32_t window_mask(int pos, int width)
{
	return ((1u << width) - 1) << pos;
}

/*
 * Can the pattern still match when the bits of seen have been looked at? Not when they differ
 * from its own, and not when they alone exclude the word.
 */
static bool fits(const struct pattern *p, struct cube seen)
{
	if ((p->set.value ^ seen.value) & p->set.mask & seen.mask)
		return false;
	for (int i = 0; i < p->not_count; i++) {
		uint32_t mask = p->nots[i].mask & ~p->set.mask;

		if (!(mask & ~seen.mask) && !((p->nots[i].value ^ seen.value) & mask))
			return false;
	}
	return true;
}

static struct cube window_cube(const struct node *node, int pos, int width,
			       uint32_t value)
{
	return (struct cube){
		node->fixed.mask | window_mask(pos, width),
		node->fixed.value | value << pos,
	};
}

/* Candidates that are left when the bits of seen have these values. */
static int subset(const struct table *table, const struct node *node, struct cube seen,
		  int *ret_candidates)
{
	int count = 0;

	for (int i = 0; i < node->count; i++)
		if (fits(table->patterns[node->candidates[i]], seen))
			ret_candidates[count++] = node->candidates[i];
	return count;
}

/* Lower is better; at least node->count when the window decides nothing. */
static double window_cost(const struct table *table, const struct node *node, int pos,
			  int width, int *scratch)
{
	uint32_t mask = window_mask(pos, width);
	double left = 0, copies = 0;

	for (uint32_t value = 0; value < 1u << width; value++)
		left += subset(table, node, window_cube(node, pos, width, value),
			       scratch);
	for (int i = 0; i < node->count; i++) {
		uint32_t open = mask & ~table->patterns[node->candidates[i]]->set.mask;

		copies += (1u << __builtin_popcount(open)) - 1;
	}
	return left / (1u << width) + copies / node->count + 0.02 * width;
}

static bool choose_window(const struct table *table, struct node *node)
{
	int *scratch = xalloc(node->count * sizeof(int));
	double best = node->count;

	for (int width = 1; width <= WINDOW_MAX; width++) {
		for (int pos = 0; pos + width <= table->width; pos++) {
			double cost;

			if (window_mask(pos, width) & node->known)
				continue;
			cost = window_cost(table, node, pos, width, scratch);
			if (cost < best) {
				best = cost;
				node->pos = pos;
				node->width = width;
			}
		}
	}
	return node->width > 0;
}

static struct node *same_child(const struct node *node, uint32_t count, const int *list,
			       int n)
{
	for (uint32_t i = 0; i < count; i++) {
		struct node *child = node->children[i];

		if (child->count == n &&
		    !memcmp(child->candidates, list, n * sizeof(int)))
			return child;
	}
	return NULL;
}

static struct node *new_child(const struct node *node, int *list, int n,
			      struct cube fixed)
{
	struct node *child = xalloc(sizeof(*child));

	child->candidates = list;
	child->count = n;
	child->known = node->known | window_mask(node->pos, node->width);
	child->fixed = fixed;
	return child;
}

/* Those of n candidates that some word of the cube reaches. */
static int drop_excluded(const struct table *table, struct cube fixed, int *list, int n)
{
	int count = 0;

	for (int i = 0; i < n; i++)
		if (has_word(table->patterns[list[i]], fixed))
			list[count++] = list[i];
	return count;
}

static void make_children(const struct table *table, struct node *node)
{
	uint32_t values = 1u << node->width;

	node->children = xalloc(values * sizeof(*node->children));
	for (uint32_t value = 0; value < values; value++) {
		struct cube fixed = window_cube(node, node->pos, node->width, value);
		int *list = xalloc(node->count * sizeof(int));
		int n = drop_excluded(table, fixed, list,
				      subset(table, node, fixed, list));
		struct node *child = same_child(node, value, list, n);

		if (!child)
			child = new_child(node, list, n, fixed);
		/* Only the bits in which all its values agree are certain in a child. */
		child->fixed.mask &= ~(child->fixed.value ^ fixed.value);
		child->fixed.value &= child->fixed.mask;
		node->children[value] = child;
	}
}

static void grow_tree(const struct table *table, struct node *node)
{
	node->grown = true;
	if (node->count < 2 || !choose_window(table, node))
		return;
	make_children(table, node);
	for (uint32_t value = 0; value < 1u << node->width; value++)
		if (!node->children[value]->grown)
			grow_tree(table, node->children[value]);
}

struct node *tree_build(const struct table *table)
{
	struct node *root = xalloc(sizeof(*root));

	root->candidates = xalloc(table->pattern_count * sizeof(int));
	for (int i = 0; i < table->pattern_count; i++)
		root->candidates[i] = i;
	root->count = table->pattern_count;
	grow_tree(table, root);
	return root;
}
