/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Text without a libc: length, comparison, bounded formatting, numbers.
 * tags: rt - text
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

size_t rt_strlen(const char *s);
int rt_strcmp(const char *a, const char *b);
bool rt_str_eq(const char *a, const char *b);
/* If s begins with prefix: what follows; otherwise NULL. */
const char *rt_str_after(const char *s, const char *prefix);
const char *rt_strchr(const char *s, char c); /* NULL when absent */
const char *rt_basename(const char *path);    /* behind the last slash */

/* Copies at most size - 1 bytes and terminates; returns the length of src. */
size_t rt_strcpy(char *dst, size_t size, const char *src);

/*
 * Formats like snprintf: %s %c %d %u %x %p %%, with l, z or ll; width, 0 and - flags,
 * .precision for %s, also as *. Returns the length that the whole text has; buf is
 * terminated when size > 0.
 */
__attribute__((format(printf, 3, 4))) size_t rt_format(char *buf, size_t size,
						       const char *format, ...);
size_t rt_vformat(char *buf, size_t size, const char *format, va_list ap);

/* Decimal, 0x hexadecimal or 0 octal; the whole string. -EINVAL, -ERANGE. */
int rt_parse_u64(const char *s, uint64_t *ret);
/* Same with a suffix K, M or G. */
int rt_parse_size(const char *s, uint64_t *ret);

/* The number in lower-case hexadecimal digits at *s, which is moved behind them. */
uint64_t rt_take_hex(const char **s);
