/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An open-addressing string map: growth, deletion, word counts in order.
 */
#include "guest.h"

struct entry {
	char *key;
	int value;
};

static struct entry *table;
static size_t capacity, used;
static char deleted[] = "";

static struct entry *lookup(const char *key)
{
	struct entry *free_slot = NULL;

	for (size_t i = hash_bytes(key, strlen(key));; i++) {
		struct entry *e = &table[i & (capacity - 1)];
		if (!e->key)
			return free_slot ? free_slot : e;
		if (e->key == deleted)
			free_slot = free_slot ? free_slot : e;
		else if (!strcmp(e->key, key))
			return e;
	}
}

static int *at(const char *key)
{
	if (used * 4 >= capacity * 3) {
		struct entry *old = table;
		size_t n = capacity;
		capacity = n ? n * 2 : 8;
		table = calloc(capacity, sizeof(*table));
		used = 0;
		for (size_t i = 0; i < n; i++)
			if (old[i].key && old[i].key != deleted)
				*lookup(old[i].key) = old[i], used++;
		free(old);
	}
	struct entry *e = lookup(key);
	if (!e->key || e->key == deleted) {
		used += !e->key;
		e->key = strdup(key);
		e->value = 0;
	}
	return &e->value;
}

static void erase(const char *key)
{
	struct entry *e = lookup(key);

	if (e->key && e->key != deleted) {
		free(e->key);
		e->key = deleted;
	}
}

int main(void)
{
	char key[20];
	u64 h = 0;
	int live = 0;

	for (int i = 0; i < 30000; i++) {
		snprintf(key, sizeof(key), "w%" PRIu64, random_u64() % 4000);
		*at(key) += i;
		if (i % 7 == 0) {
			snprintf(key, sizeof(key), "w%" PRIu64, random_u64() % 4000);
			erase(key);
		}
	}
	for (int i = 0; i < 4000; i++) {
		snprintf(key, sizeof(key), "w%d", i);
		struct entry *e = lookup(key);
		if (e->key && e->key != deleted)
			live++, h = mix(h, e->value);
	}
	printf("%zu %d %016" PRIx64 "\n", capacity, live, h);
	return 0;
}
