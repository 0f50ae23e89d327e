/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * core_pattern(5): percent signs and letters, a number at the end if there is none.
 */
#include <linux/errno.h>

#include "linux-user/core.h"
#include "rt/memory.h"
#include "rt/text.h"

int core_name(char *buf, size_t size, const char *pattern, bool uses_pid, core_value_fn *value,
	      void *arg)
{
	bool has_pid = false;
	size_t n = 0;

	for (const char *p = pattern; *p && *p != '\n'; p++) {
		char text[256] = "";
		size_t length = 1;

		text[0] = *p;
		if (*p == '%') {
			/* A single one at the end is dropped. */
			if (!p[1] || p[1] == '\n')
				break;
			p++;
			length = *p == '%' ? 1 : value(arg, *p, text, sizeof(text));
			has_pid |= *p == 'p';
		}
		if (n + length >= size)
			return -ENAMETOOLONG;
		memcpy(buf + n, text, length);
		n += length;
	}
	if (uses_pid && !has_pid) {
		char text[32] = ".";
		size_t length = 1 + value(arg, 'p', text + 1, sizeof(text) - 1);

		if (n + length >= size)
			return -ENAMETOOLONG;
		memcpy(buf + n, text, length);
		n += length;
	}
	buf[n] = 0;
	return (int)n;
}
