/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory routines with their standard names and meanings (memory.c; in unit tests possibly
 * the C library's). tags: rt - memory routines
 */
#pragma once

#include <stddef.h>

void *memcpy(void *restrict dst, const void *restrict src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
