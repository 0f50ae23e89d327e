/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qsort, bsearch, lsearch: many sizes, element sizes, orders, with duplicates.
 */
#include "guest.h"
#include <search.h>

static int by_int(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct record {
	char pad[3];
	u16 key;
	char rest[20];
} __attribute__((packed));

static int by_key(const void *a, const void *b)
{
	return ((const struct record *)a)->key - ((const struct record *)b)->key;
}

static int by_int_reverse(const void *a, const void *b, void *arg)
{
	++*(int *)arg;
	return by_int(b, a);
}

int main(void)
{
	static int v[3000];
	static struct record r[500];
	u64 h = 0;

	for (int n = 0; n < 3000; n = n * 2 + 1)
		for (int range = 2; range < 100000; range *= 30) {
			for (int i = 0; i < n; i++)
				v[i] = random_u64() % range;
			qsort(v, n, sizeof(*v), by_int);
			for (int i = 1; i < n; i++)
				if (v[i - 1] > v[i])
					printf("not sorted\n");
			h = mix(h, hash_bytes(v, n * sizeof(*v)));
			int key = range / 2,
			    *found = bsearch(&key, v, n, sizeof(*v), by_int);
			h = mix(h, found ? *found : -1);
		}
	printf("ints %016" PRIx64 "\n", h);
	const char *words[] = {"pear", "apple",  "fig", "banana",
			       "",     "cherry", "fig", "applesauce"};
	qsort(words, COUNT(words), sizeof(*words), by_text);
	for (size_t i = 0; i < COUNT(words); i++)
		printf("%s,", words[i]);
	for (int i = 0; i < 500; i++) {
		r[i].key = i * 7919 % 500;
		snprintf(r[i].rest, sizeof(r[i].rest), "%d", i);
	}
	qsort(r, 500, sizeof(*r), by_key);
	printf(" %016" PRIx64 "\n", hash_bytes(r, sizeof(r)));
	int count = 0;
	qsort_r(v, 1000, sizeof(*v), by_int_reverse, &count);
	printf("%d %d %d\n", v[0] >= v[999], count > 1000, v[500]);
	size_t n = 3;
	int small[10] = {5, 6, 7}, key = 9;
	lsearch(&key, small, &n, sizeof(int), by_int);
	printf("%zu %d\n", n, small[3]);
	return 0;
}
