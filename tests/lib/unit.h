/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What every cmocka test needs: its headers in the order it wants, a temporary directory. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A new directory, its path in @path (at least 32 bytes); the test fails without one. */
static inline int unit_temp_dir(char *path)
{
	int fd;

	strcpy(path, "/tmp/unit-XXXXXX");
	assert_non_null(mkdtemp(path));
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

static inline void unit_write(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

/* xorshift64*: the same numbers for the same seed everywhere. @state is never 0. */
static inline uint64_t unit_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(0x2545f4914f6cdd1d);
}

/* SEED of the environment, or the given one; printed, so that a failure can be repeated. */
static inline uint64_t unit_seed(uint64_t fallback)
{
	const char *text = getenv("SEED");
	uint64_t seed = text ? strtoull(text, NULL, 0) : fallback;

	printf("# SEED=%#llx\n", (unsigned long long)seed);
	return seed ? seed : 1;
}
