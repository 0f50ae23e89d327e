/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* printf with integers: every size, flag, width and precision.
 * levels: O0
 */
#include "guest.h"

int main(void)
{
	static const char *formats[] = {"%d",   "%5d",  "%-5d|",    "%05d",    "%+d",
					"% d",  "%.3d", "%8.4d",    "%-8.4d|", "%x",
					"%#x",  "%08X", "%o",       "%#o",     "%u",
					"%.0d", "%'d",  "%+-9.3d|", "%#10.5x"};
	static const int values[] = {0, 1, -1, 42, -1234, INT32_MAX, INT32_MIN};
	char b[200];
	int n;

	for (size_t f = 0; f < COUNT(formats); f++) {
		for (size_t v = 0; v < COUNT(values); v++) {
			printf(formats[f], values[v]);
			putchar(' ');
		}
		putchar('\n');
	}
	for (size_t i = 0; i < COUNT(corners); i++) {
		u64 v = corners[i];
		printf("%hhd %hhu %hd %hu %ld %lu %lld %llx %zu %zd %jd %td %#lo\n",
		       (int)v, (int)v, (int)v, (int)v, (long)v, (long)v, (long long)v,
		       (long long)v, (size_t)v, (ssize_t)v, (intmax_t)v, (ptrdiff_t)v,
		       (unsigned long)v);
	}
	printf("%*d|%-*d|%.*d|%c|%s|%10.3s|%-6s|%%|%n", 6, 42, 6, 42, 4, 42, 'c',
	       "string", "truncate", "left", &n);
	printf(" %d\n", n);
	printf("%2$s %1$d %2$.2s %3$*1$d\n", 5, "swap", 7);
	printf("%p %p %s\n", (void *)0x1234abcd, NULL, (char *)NULL);
	for (int size = 0; size < 12; size++) {
		memset(b, '#', 20);
		b[20] = 0;
		n = snprintf(b, size, "%d-%s", 12345, "abc");
		printf("%d %.20s\n", n, b + (size ? 0 : 1));
	}
	char *s;
	n = asprintf(&s, "%032llb %s", 5ll, "x");
	printf("%d\n", n > 0);
	free(s);
	dprintf(1, "%s", "");
	return 0;
}
