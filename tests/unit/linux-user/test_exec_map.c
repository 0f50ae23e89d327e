/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Executable ranges: against a plain bitmap, on random changes. */
#include "linux-user/memory.h"
#include "tests/lib/unit.h"

#define PAGES 400

static void test_merge_and_split(void **state)
{
	struct exec_map m = { 0 };

	(void)state;
	assert_int_equal(exec_map_add(&m, 0x1000, 0x2000), 0);
	assert_int_equal(exec_map_add(&m, 0x3000, 0x4000), 0);
	assert_int_equal(m.count, 2);
	assert_int_equal(exec_map_add(&m, 0x2000, 0x3000), 0);
	assert_int_equal(m.count, 1);
	assert_int_equal(exec_map_remove(&m, 0x2000, 0x2800), 0);
	assert_int_equal(m.count, 2);
	assert_int_equal(m.range[0].end, 0x2000);
	assert_int_equal(m.range[1].start, 0x2800);
	assert_false(exec_map_overlaps(&m, 0x2000, 0x2800));
	assert_true(exec_map_overlaps(&m, 0x1fff, 0x2000));
	assert_int_equal(exec_map_boundary(&m, 0x2100), 0x2800);
	assert_int_equal(exec_map_boundary(&m, 0x1100), 0x2000);
	assert_int_equal(exec_map_boundary(&m, 0x4000), ~0ull);
}

static void compare(const struct exec_map *m, const bool *bits)
{
	uint64_t last = 0;

	for (unsigned i = 0; i < m->count; i++) {
		assert_true(m->range[i].start < m->range[i].end);
		assert_true(i == 0 || m->range[i].start > last);
		last = m->range[i].end;
	}
	for (unsigned p = 0; p < PAGES; p++)
		assert_int_equal(exec_map_overlaps(m, p << 12, (p + 1) << 12), bits[p]);
	for (unsigned p = 0; p < PAGES; p++) {
		bool has;

		assert_true(exec_map_try_overlaps(m, p << 12, (p + 1) << 12, &has));
		assert_int_equal(has, bits[p]);
	}
}

/* A change that never ended, of a child that was killed: ask with the lock; the next one ends. */
static void test_half_a_change(void **state)
{
	struct exec_map m = { 0 };
	bool has;

	(void)state;
	assert_int_equal(exec_map_add(&m, 0x1000, 0x2000), 0);
	m.version |= 1;
	assert_false(exec_map_try_overlaps(&m, 0x1000, 0x2000, &has));
	assert_int_equal(exec_map_remove(&m, 0x1000, 0x1800), 0);
	assert_true(exec_map_try_overlaps(&m, 0x1000, 0x2000, &has));
	assert_true(has);
}

static void test_random(void **state)
{
	uint64_t seed = unit_seed(0xe8ec);
	struct exec_map m = { 0 };
	bool bits[PAGES] = { false };

	(void)state;
	for (int i = 0; i < 20000; i++) {
		unsigned start = (unsigned)(unit_random(&seed) % PAGES);
		unsigned end = start + (unsigned)(unit_random(&seed) % 8);
		bool add = unit_random(&seed) & 1;

		end = end > PAGES ? PAGES : end;
		if (add)
			assert_int_equal(exec_map_add(&m, start << 12, end << 12), 0);
		else
			assert_int_equal(exec_map_remove(&m, start << 12, end << 12), 0);
		for (unsigned p = start; p < end; p++)
			bits[p] = add;
		if (i % 16 == 0)
			compare(&m, bits);
	}
	compare(&m, bits);
}

/* More ranges than the first table holds. */
static void test_growth(void **state)
{
	struct exec_map m = { 0 };

	(void)state;
	for (uint64_t i = 0; i < 1000; i++)
		assert_int_equal(exec_map_add(&m, i << 16, (i << 16) + 4096), 0);
	assert_int_equal(m.count, 1000);
	assert_true(exec_map_overlaps(&m, 999 << 16, (999 << 16) + 1));
	assert_int_equal(exec_map_remove(&m, 0, ~0ull), 0);
	assert_int_equal(m.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_merge_and_split),
		cmocka_unit_test(test_half_a_change),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_growth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
