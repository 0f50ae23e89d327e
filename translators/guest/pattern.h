/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The shape of the pattern lists that tools/decodegen writes for tests, random-program
 * generators and the coverage report.  Nothing here is used while translating.
 */
#pragma once

#include <stdint.h>

/* A named field of an encoding: width bits starting at bit pos. */
struct decode_field {
	const char *name;
	uint8_t pos;
	uint8_t width;
};

/* The words w with (w & mask) == value. */
struct decode_cube {
	uint32_t mask;
	uint32_t value;
};

enum decode_flag {
	DECODE_BRANCH = 1 << 0,        /* may change the flow of control */
	DECODE_LOAD = 1 << 1,          /* may read memory */
	DECODE_STORE = 1 << 2,         /* may write memory */
	DECODE_SYS = 1 << 3,           /* exceptions, barriers, system registers */
	DECODE_UNIMPLEMENTED = 1 << 4, /* known, but has no trans function yet */
};

/*
 * One row of a table: the words in set that are in none of except.  Where the row stands in
 * a first-of group, an earlier row of the group may still take some of them; PREFIX_identify()
 * tells.
 */
struct decode_pattern {
	const char *name;
	const char *trans; /* whose trans function takes it */
	struct decode_cube set;
	const struct decode_cube *except;
	const struct decode_field *fields;
	const char *const *args; /* names of the trans function's arguments */
	const char *feature;     /* "" when base architecture */
	const char *asm_text; /* template, docs/decode-tables.md; "" when there is none */
	const char *page;     /* of the Arm ARM */
	const char *section;
	uint32_t flags; /* enum decode_flag */
	uint16_t line;  /* in its table */
	uint8_t except_count;
	uint8_t field_count;
	uint8_t arg_count;
};

/* No pattern has more arguments than this. */
#define DECODE_ARG_MAX 16

/* What the recording trans functions of a test (decodegen record) write. */
struct decode_record {
	const char *trans;
	int64_t values[DECODE_ARG_MAX];
};
