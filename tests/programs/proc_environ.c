/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The environment: read, set, unset, replaced, cleared; the C locale.
 */
#include "guest.h"
#include <langinfo.h>
#include <locale.h>

extern char **environ;

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(void)
{
	char *list[100];
	int n = 0;

	for (char **e = environ; *e; e++)
		if (strncmp(*e, "XLATE_", 6) && strncmp(*e, "QEMU_", 5))
			list[n++] = *e;
	qsort(list, n, sizeof(*list), by_text);
	for (int i = 0; i < n; i++)
		puts(list[i]);
	setenv("NEW", "value", 1), setenv("NEW", "other", 0);
	printf("%s\n", getenv("NEW"));
	putenv("PUT=1");
	unsetenv("NEW");
	printf("%s %s\n", getenv("PUT"), getenv("NEW") ?: "gone");
	clearenv();
	printf("%s\n", getenv("PATH") ?: "cleared");
	struct lconv *l = localeconv();
	printf("%s [%s] [%s] %s %s\n", setlocale(LC_ALL, NULL), l->decimal_point,
	       l->thousands_sep, nl_langinfo(CODESET), nl_langinfo(DAY_2));
	return 0;
}
