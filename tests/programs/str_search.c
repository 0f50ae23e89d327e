/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Searching and splitting: strstr, memmem, strcasestr, strpbrk, strspn, strtok_r, strsep.
 */
#include "guest.h"
#include <strings.h>

static const char *text =
	"The quick brown fox jumps over the lazy dog; the DOG barks, aaaaaaaaab.";

static long at(const char *p)
{
	return p ? p - text : -1;
}

int main(void)
{
	static const char *needles[] = {"",
					"T",
					"the",
					"quick brown",
					"dog",
					"DOG",
					"aab",
					"aaaaab",
					"ab.",
					".",
					"not there",
					"barks, aaaaaaaaab.",
					"over the lazy dog; the DOG barks, aaa"};
	char big[3000], copy[200], *save, *p;

	for (size_t i = 0; i < COUNT(needles); i++)
		printf("%ld %ld %ld ", at(strstr(text, needles[i])),
		       at(strcasestr(text, needles[i])),
		       at(memmem(text, strlen(text), needles[i], strlen(needles[i]))));
	putchar('\n');
	for (int i = 0; i < 2999; i++)
		big[i] = "ab"[random_u64() & 1];
	big[2999] = 0;
	for (int n = 1; n < 14; n++) {
		char needle[16];
		for (int i = 0; i < n; i++)
			needle[i] = "ab"[random_u64() & 1];
		needle[n] = 0;
		int count = 0;
		for (p = big; (p = strstr(p, needle)); p++)
			count++;
		printf("%s %d\n", needle, count);
	}
	printf("%ld %ld %zu %zu %ld\n", at(strpbrk(text, "xyz")), at(strpbrk(text, "#")),
	       strspn(text, "The quick"), strcspn(text, ";"), at(index(text, 'q')));
	strcpy(copy, "one,two;;three , four");
	for (p = strtok_r(copy, ",; ", &save); p; p = strtok_r(NULL, ",; ", &save))
		printf("[%s]", p);
	strcpy(copy, "a:b::c:");
	p = copy;
	for (char *q; (q = strsep(&p, ":"));)
		printf("(%s)", q);
	putchar('\n');
	return 0;
}
