/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* tsearch trees, hsearch tables, and the walk over them.
 */
#include "guest.h"
#include <search.h>

static int compare(const void *a, const void *b)
{
	return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b);
}

static u64 walked;

static void visit(const void *node, VISIT which, int depth)
{
	if (which == postorder || which == leaf)
		walked = mix(walked, **(int *const *)node);
}

int main(void)
{
	static int keys[500];
	void *root = NULL;
	char names[100][12];
	int hits = 0;

	for (int i = 0; i < 500; i++) {
		keys[i] = random_u64() % 1000;
		tsearch(&keys[i], &root, compare);
	}
	for (int i = 0; i < 1000; i++)
		hits += tfind(&i, &root, compare) != NULL;
	twalk(root, visit);
	printf("%d %016" PRIx64 "\n", hits, walked);
	for (int i = 0; i < 1000; i += 3)
		tdelete(&i, &root, compare);
	walked = 0;
	twalk(root, visit);
	printf("%016" PRIx64 "\n", walked);
	hcreate(200);
	for (long i = 0; i < 100; i++) {
		snprintf(names[i], sizeof(names[i]), "key%ld", i * 37 % 100);
		hsearch((ENTRY){names[i], (void *)i}, ENTER);
	}
	ENTRY *e = hsearch((ENTRY){"key55", NULL}, FIND);
	printf("%s %ld %d\n", e->key, (long)e->data,
	       hsearch((ENTRY){"none", NULL}, FIND) == NULL);
	hdestroy();
	return 0;
}
