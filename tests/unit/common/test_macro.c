/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ownership hand-over macros. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/macro.h"

static void test_take(void **state)
{
	int value = 7, *owner = &value, fd = 5;

	(void)state;
	assert_ptr_equal(TAKE_PTR(owner), &value);
	assert_null(owner);
	assert_int_equal(TAKE_FD(fd), 5);
	assert_int_equal(fd, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_take),
	};

	return cmocka_run_group_tests_name("common/macro", tests, NULL, NULL);
}
