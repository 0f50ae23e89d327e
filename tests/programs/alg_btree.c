/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A B-tree with insertion, lookup and ordered walk, checked after each phase.
 */
#include "guest.h"

enum { ORDER = 7 };

struct node {
	int count;
	bool leaf;
	u32 keys[ORDER];
	struct node *kids[ORDER + 1];
};

static struct node *new_node(bool leaf)
{
	struct node *n = calloc(1, sizeof(*n));

	n->leaf = leaf;
	return n;
}

static void split(struct node *parent, int at)
{
	struct node *left = parent->kids[at], *right = new_node(left->leaf);
	int half = ORDER / 2;

	right->count = ORDER - half - 1;
	memcpy(right->keys, left->keys + half + 1, right->count * sizeof(u32));
	memcpy(right->kids, left->kids + half + 1, (right->count + 1) * sizeof(void *));
	left->count = half;
	memmove(parent->kids + at + 2, parent->kids + at + 1,
		(parent->count - at) * sizeof(void *));
	memmove(parent->keys + at + 1, parent->keys + at,
		(parent->count - at) * sizeof(u32));
	parent->kids[at + 1] = right;
	parent->keys[at] = left->keys[half];
	parent->count++;
}

static bool insert(struct node **root, u32 key)
{
	struct node *n = *root;

	if (n->count == ORDER) {
		*root = new_node(false);
		(*root)->kids[0] = n;
		split(*root, 0);
		n = *root;
	}
	for (;;) {
		int i = 0;
		while (i < n->count && n->keys[i] < key)
			i++;
		if (i < n->count && n->keys[i] == key)
			return false;
		if (n->leaf) {
			memmove(n->keys + i + 1, n->keys + i,
				(n->count - i) * sizeof(u32));
			n->keys[i] = key;
			n->count++;
			return true;
		}
		if (n->kids[i]->count == ORDER) {
			split(n, i);
			if (n->keys[i] == key)
				return false;
			i += n->keys[i] < key;
		}
		n = n->kids[i];
	}
}

static bool find(const struct node *n, u32 key)
{
	for (;;) {
		int i = 0;
		while (i < n->count && n->keys[i] < key)
			i++;
		if (i < n->count && n->keys[i] == key)
			return true;
		if (n->leaf)
			return false;
		n = n->kids[i];
	}
}

static u64 hash;
static u32 last, total;
static int depth;

static void walk(const struct node *n, int level)
{
	depth = level > depth ? level : depth;
	for (int i = 0; i <= n->count; i++) {
		if (!n->leaf)
			walk(n->kids[i], level + 1);
		if (i < n->count) {
			if (n->keys[i] < last)
				printf("out of order\n");
			last = n->keys[i];
			hash = mix(hash, last);
			total++;
		}
	}
}

int main(void)
{
	struct node *root = new_node(true);
	int added = 0, found = 0;

	for (int i = 0; i < 20000; i++)
		added += insert(&root, random_u64() % 50000);
	for (u32 i = 0; i < 50000; i++)
		found += find(root, i);
	walk(root, 1);
	printf("%d %d %u %d %016" PRIx64 "\n", added, found, total, depth, hash);
	return 0;
}
