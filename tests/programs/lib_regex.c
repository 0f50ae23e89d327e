/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* POSIX regular expressions of the C library and file name patterns.
 */
#include "guest.h"
#include <fnmatch.h>
#include <regex.h>

int main(void)
{
	static const char *patterns[] = {"a*b",
					 "^([a-z]+)@([a-z]+)\\.com$",
					 "(foo|bar)+baz",
					 "[[:digit:]]{2,4}",
					 "x?y?z",
					 "(a(b(c)))",
					 "[^a-m]+$",
					 "^$",
					 "\\bword\\b",
					 "(.)\\1",
					 "("};
	static const char *texts[] = {
		"aaab", "me@example.com", "foobarbaz", "year 1999!", "z", "abc", "xyz",
		"",     "a word here",    "hello"};

	for (size_t p = 0; p < COUNT(patterns); p++) {
		regex_t r;
		regmatch_t m[4];
		int e = regcomp(&r, patterns[p], REG_EXTENDED);
		if (e) {
			char b[100];
			regerror(e, &r, b, sizeof(b));
			printf("%s: %s\n", patterns[p], b);
			continue;
		}
		printf("%s:", patterns[p]);
		for (size_t t = 0; t < COUNT(texts); t++) {
			if (regexec(&r, texts[t], 4, m, 0)) {
				printf(" -");
				continue;
			}
			printf(" %d-%d,%d-%d", m[0].rm_so, m[0].rm_eo,
			       r.re_nsub ? m[1].rm_so : -1, r.re_nsub ? m[1].rm_eo : -1);
		}
		putchar('\n');
		regfree(&r);
	}
	printf("%d %d %d %d\n", fnmatch("*.c", "a.c", 0), fnmatch("[a-c]?", "bx", 0),
	       fnmatch("*/x", "a/b/x", FNM_PATHNAME),
	       fnmatch("*", ".hidden", FNM_PERIOD));
	return 0;
}
