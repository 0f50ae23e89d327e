/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For tests that are written in IR text. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "jit/ir/ir.h"

/* Most tests need one block: these lines around their ops. */
#define ONE_BLOCK "region 0x1000\nblock 0x1000 next 0x1010 insns 4\n@0\n"

/* A region from text that must parse. One static region: tests look at one at a time. */
static inline struct ir_region *region_of(const char *text)
{
	static struct ir_region region;
	const char *message = "";
	unsigned line = 0;

	if (ir_parse(&region, text, &line, &message)) {
		print_error("line %u: %s\n%s\n", line, message, text);
		fail();
	}
	return &region;
}

static inline void assert_verifies(const struct ir_region *region)
{
	char message[128];

	if (ir_verify(region, message, sizeof(message))) {
		char text[8192];

		ir_dump(text, sizeof(text), region);
		print_error("%s\n%s", message, text);
		fail();
	}
}

/* A repeatable source of numbers. */
static inline uint64_t next_random(uint64_t *state)
{
	uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}
