/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* No path leads out of a root; the steps for old kernels agree with openat2(2). */
#include <sys/stat.h>

#include "tests/lib/unit.h"

#include "common/macro.h"

#include "binfmtctl/root.h"

static const struct {
	const char *path, *content; /* NULL: an error */
	int err;
} rows[] = {
	{"/etc/file", "inside", 0},
	{"etc/file", "inside", 0},
	{"/etc/../etc/./file", "inside", 0},
	{"/../../../etc/file", "inside", 0},
	{"/absolute", "inside", 0},
	{"/relative", "inside", 0},
	{"/up", "inside", 0},
	{"/dirlink/file", "inside", 0},
	{"/dirlink/../etc/file", "inside", 0},
	{"/twice", "inside", 0},
	{"/etc/none", NULL, -ENOENT},
	{"/none/file", NULL, -ENOENT},
	{"/dangling", NULL, -ENOENT},
	{"/circle", NULL, -ELOOP},
	{"/etc/file/x", NULL, -ENOTDIR},
};

static void make(int root)
{
	assert_int_equal(mkdirat(root, "etc", 0700), 0);
	unit_write(root, "etc/file", "inside");
	assert_int_equal(symlinkat("/etc/file", root, "absolute"), 0);
	assert_int_equal(symlinkat("etc/file", root, "relative"), 0);
	assert_int_equal(symlinkat("../../../etc/file", root, "up"), 0);
	assert_int_equal(symlinkat("/etc", root, "dirlink"), 0);
	assert_int_equal(symlinkat("/absolute", root, "twice"), 0);
	assert_int_equal(symlinkat("/etc/none", root, "dangling"), 0);
	assert_int_equal(symlinkat("circle", root, "circle"), 0);
}

static void test_paths(void **state)
{
	static const char *const links[] = {"absolute", "relative", "up",    "dirlink",
					    "twice",    "dangling", "circle"};
	char path[64];
	int root = unit_temp_dir(path);

	(void)state;
	make(root);
	for (int steps = 0; steps < 2; steps++) {
		root_without_openat2 = steps;
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
			char *data;
			size_t size;
			int err = root_read(root, rows[i].path, 100, &data, &size);

			if (err != rows[i].err)
				fail_msg("%s: %d, not %d (steps %d)", rows[i].path, err,
					 rows[i].err, steps);
			assert_int_equal(root_exists(root, rows[i].path), err == 0);
			if (err)
				continue;
			assert_string_equal(data, rows[i].content);
			free(data);
		}
		assert_int_equal(root_open(root, "/absolute", O_RDONLY | O_NOFOLLOW),
				 -ELOOP);
	}
	root_without_openat2 = false;
	for (size_t i = 0; i < ARRAY_SIZE(links); i++)
		unlinkat(root, links[i], 0);
	unlinkat(root, "etc/file", 0);
	unlinkat(root, "etc", AT_REMOVEDIR);
	close(root);
	assert_int_equal(rmdir(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
	};

	return cmocka_run_group_tests_name("binfmtctl/root", tests, NULL, NULL);
}
