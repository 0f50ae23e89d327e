/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pointer structures: linked lists, a red-black-free treap, a skip list, a ring queue.
 */
#include "guest.h"

struct item {
	struct item *next;
	int v;
};

static struct item *sort_list(struct item *l)
{
	struct item *slow = l, *fast = l, *b, head, *tail = &head;

	if (!l || !l->next)
		return l;
	while (fast->next && fast->next->next)
		slow = slow->next, fast = fast->next->next;
	b = slow->next;
	slow->next = NULL;
	l = sort_list(l);
	b = sort_list(b);
	while (l && b) {
		struct item **from = l->v <= b->v ? &l : &b;
		tail->next = *from;
		tail = *from;
		*from = tail->next;
	}
	tail->next = l ? l : b;
	return head.next;
}

struct node {
	struct node *kid[2];
	u32 key, priority;
};

static void rotate(struct node **n, int side)
{
	struct node *k = (*n)->kid[side];

	(*n)->kid[side] = k->kid[!side];
	k->kid[!side] = *n;
	*n = k;
}

static void insert(struct node **n, u32 key)
{
	if (!*n) {
		*n = calloc(1, sizeof(**n));
		(*n)->key = key;
		(*n)->priority = random_u64();
		return;
	}
	if ((*n)->key == key)
		return;
	int side = (*n)->key < key;
	insert(&(*n)->kid[side], key);
	if ((*n)->kid[side]->priority < (*n)->priority)
		rotate(n, side);
}

static bool erase(struct node **n, u32 key)
{
	if (!*n)
		return false;
	if ((*n)->key != key)
		return erase(&(*n)->kid[(*n)->key < key], key);
	struct node *x = *n;
	if (x->kid[0] && x->kid[1]) {
		int side = x->kid[1]->priority < x->kid[0]->priority;
		rotate(n, side);
		return erase(&(*n)->kid[!side], key);
	}
	*n = x->kid[0] ? x->kid[0] : x->kid[1];
	free(x);
	return true;
}

static u64 walk(const struct node *n, int depth, u64 h)
{
	if (!n)
		return h;
	h = walk(n->kid[0], depth + 1, h);
	return walk(n->kid[1], depth + 1, mix(h, n->key * 64 + depth));
}

int main(void)
{
	struct item *list = NULL;
	struct node *root = NULL;
	u64 h = 0;
	int erased = 0;

	for (int i = 0; i < 5000; i++) {
		struct item *n = malloc(sizeof(*n));
		*n = (struct item){list, random_u64() % 10000};
		list = n;
	}
	for (struct item *i = list = sort_list(list); i; i = i->next) {
		h = mix(h, i->v);
		if (i->next && i->next->v < i->v)
			printf("not sorted\n");
	}
	printf("%016" PRIx64 "\n", h);
	for (int i = 0; i < 5000; i++)
		insert(&root, random_u64() % 10000);
	printf("%016" PRIx64 "\n", walk(root, 0, 0));
	for (int i = 0; i < 10000; i += 3)
		erased += erase(&root, i);
	printf("%d %016" PRIx64 "\n", erased, walk(root, 0, 0));
	return 0;
}
