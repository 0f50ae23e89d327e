/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Fuzz targets. Each file defines the two functions that libFuzzer calls, and CHECKs what must
 * hold for any input: besides not crashing, that is what makes a target a test. driver.c runs
 * the same targets without libFuzzer.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                        \
	do {                                                                    \
		if (!(condition)) {                                             \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, \
				__LINE__, #condition);                          \
			abort();                                                \
		}                                                               \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Words of the language, for libFuzzer's -dict and for driver.c; ends with NULL. */
extern const char *const fuzz_words[];
