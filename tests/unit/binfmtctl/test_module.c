/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every outcome of loading a module, with a made-up libkmod. */
#include "tests/lib/unit.h"

#include "common/macro.h"

#include "binfmtctl/module.h"

static const struct row {
	int open, state;
	enum module_state is;
	int insert;
	enum module_outcome outcome;
	int error;
} rows[] = {
	{0, 0, MODULE_STATE_BUILTIN, -EIO, MODULE_READY, 0},
	{0, 0, MODULE_STATE_LIVE, -EIO, MODULE_READY, 0},
	{0, 0, MODULE_STATE_ABSENT, 0, MODULE_LOADED, 0},
	{0, 0, MODULE_STATE_ABSENT, 1, MODULE_BLACKLISTED, EPERM},
	{0, 0, MODULE_STATE_ABSENT, -EEXIST, MODULE_READY, 0},
	{0, 0, MODULE_STATE_ABSENT, -EPERM, MODULE_DENIED, EPERM},
	{0, 0, MODULE_STATE_ABSENT, -ENOEXEC, MODULE_FAILED, ENOEXEC},
	{0, -ENOENT, MODULE_STATE_ABSENT, -EIO, MODULE_NOT_FOUND, ENOENT},
	{0, -EACCES, MODULE_STATE_ABSENT, -EIO, MODULE_DENIED, EACCES},
	{-ENOMEM, 0, MODULE_STATE_ABSENT, 0, MODULE_FAILED, ENOMEM},
	{-ELIBACC, 0, MODULE_STATE_ABSENT, 0, MODULE_NO_LIBRARY, ELIBACC},
};

static const struct row *row;
static int contexts;

static int fake_open(void **ret_context)
{
	if (row->open)
		return row->open;
	contexts++;
	*ret_context = &contexts;
	return 0;
}

static void fake_close(void *context)
{
	assert_ptr_equal(context, &contexts);
	contexts--;
}

static int fake_state(void *context, const char *name, enum module_state *ret)
{
	(void)context;
	assert_string_equal(name, "binfmt_misc");
	*ret = row->is;
	return row->state;
}

static int fake_insert(void *context, const char *name)
{
	(void)context;
	assert_string_equal(name, "binfmt_misc");
	return row->insert;
}

static void test_outcomes(void **state)
{
	static const struct module_ops ops = {fake_open, fake_close, fake_state,
					      fake_insert};
	int error;

	(void)state;
	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		assert_int_equal(module_ensure(&ops, "binfmt_misc", &error),
				 row->outcome);
		assert_int_equal(error, row->error);
		assert_int_equal(contexts, 0);
	}
}

static void test_real_library(void **state)
{
	int error = -1;

	(void)state;
	/* No such module anywhere: a lookup only, nothing is loaded. */
	assert_int_equal(
		module_ensure(&module_ops_kmod, "no_module_has_this_name", &error),
		MODULE_NOT_FOUND);
	assert_int_equal(error, ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outcomes),
		cmocka_unit_test(test_real_library),
	};

	return cmocka_run_group_tests_name("binfmtctl/module", tests, NULL, NULL);
}
