/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* strtol and relatives: bases, signs, prefixes, overflow, end pointers, errno.
 */
#include "guest.h"
#include <errno.h>
#include <limits.h>

int main(void)
{
	static const char *texts[] = {"0",
				      "42",
				      "-42",
				      "+7",
				      "  12abc",
				      "0x1F",
				      "0x",
				      "077",
				      "089",
				      "z",
				      "-",
				      "",
				      "9223372036854775807",
				      "9223372036854775808",
				      "-9223372036854775808",
				      "-9223372036854775809",
				      "18446744073709551615",
				      "18446744073709551616",
				      "-1",
				      "99999999999999999999999",
				      "7fffffff",
				      "11012",
				      "zzzz",
				      "0b101"};
	static const int bases[] = {0, 2, 8, 10, 16, 36};

	for (size_t t = 0; t < COUNT(texts); t++) {
		for (size_t b = 0; b < COUNT(bases); b++) {
			char *e, *f;
			errno = 0;
			long v = strtol(texts[t], &e, bases[b]);
			int first = errno;
			errno = 0;
			unsigned long u = strtoul(texts[t], &f, bases[b]);
			printf("%ld/%ld/%d %lu/%d ", v, (long)(e - texts[t]), first, u,
			       errno);
		}
		putchar('\n');
	}
	printf("%d %ld %lld\n", atoi(" -987xyz"), atol("123456789012"), atoll("-5"));
	div_t a = div(-17, 5);
	ldiv_t b = ldiv(17, -5);
	printf("%d %d %ld %ld %d %ld\n", a.quot, a.rem, b.quot, b.rem, abs(-5),
	       labs(LONG_MIN + 1));
	return 0;
}
