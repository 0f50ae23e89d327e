/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory that is mapped twice: against a plain table of pages, on random changes. */
#include "linux-user/memory.h"
#include "tests/lib/unit.h"

#define PAGES 200
#define PAGE  4096u

static struct share_id model[PAGES]; /* dev 0: not shared */

static void compare(const struct share_map *m)
{
	for (unsigned i = 0; i < m->count; i++) {
		const struct share_range *x = &m->range[i];

		assert_true(x->start < x->end);
		assert_true(i == 0 || m->range[i - 1].end <= x->start);
	}
	for (unsigned p = 0; p < PAGES; p++) {
		const struct share_range *x = share_map_find(m, p * PAGE, (p + 1) * PAGE);

		assert_int_equal(x != NULL, model[p].dev != 0);
		if (!x)
			continue;
		assert_true(x->start <= p * PAGE && x->end >= (p + 1) * PAGE);
		assert_int_equal(x->id.dev, model[p].dev);
		assert_int_equal(x->id.inode, model[p].inode);
		assert_int_equal(x->id.offset + p * PAGE - x->start, model[p].offset);
	}
}

static void mark(void *arg, uint64_t start, uint64_t end)
{
	bool *seen = arg;

	assert_true(start < end);
	for (uint64_t p = start / PAGE; p < end / PAGE; p++)
		seen[p] = true;
}

/* Every other page with the same contents as one of the range is told; nothing else is. */
static void compare_aliases(const struct share_map *m, unsigned start, unsigned end)
{
	bool seen[PAGES] = { false };

	share_map_aliases(m, start * PAGE, end * PAGE, mark, seen);
	for (unsigned p = 0; p < PAGES; p++) {
		bool same = false;

		for (unsigned q = start; q < end; q++)
			same |= q != p && model[p].dev && model[p].dev == model[q].dev &&
				model[p].inode == model[q].inode &&
				model[p].offset == model[q].offset;
		if (same != seen[p])
			fail_msg("page %u of [%u, %u): %d instead of %d", p, start, end, seen[p], same);
	}
}

static void test_random(void **state)
{
	uint64_t seed = unit_seed(0x5a4e);
	struct share_map m = { 0 };

	(void)state;
	for (int i = 0; i < 20000; i++) {
		unsigned start = (unsigned)(unit_random(&seed) % PAGES);
		unsigned end = start + (unsigned)(unit_random(&seed) % 9);
		unsigned what = (unsigned)(unit_random(&seed) % 3);
		struct share_id id = { 1 + what, unit_random(&seed) % 2,
				       unit_random(&seed) % 10 * PAGE };

		end = end > PAGES ? PAGES : end;
		assert_int_equal(share_map_set(&m, start * PAGE, end * PAGE, what ? &id : NULL), 0);
		for (unsigned p = start; p < end; p++) {
			model[p] = what ? id : (struct share_id){ 0 };
			id.offset += PAGE;
		}
		if (i % 16 == 0) {
			compare(&m);
			compare_aliases(&m, start, end);
		}
	}
	assert_int_equal(share_map_set(&m, 0, PAGES * PAGE, NULL), 0);
	assert_int_equal(m.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
