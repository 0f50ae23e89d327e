/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Building and comparing strings: strcat, strncpy, strdup, stpncpy, strcasecmp, strverscmp.
 */
#include "guest.h"
#include <ctype.h>
#include <strings.h>

static int sign(int v)
{
	return (v > 0) - (v < 0);
}

int main(void)
{
	static const char *words[] = {"",        "a",     "A",     "abc",
				      "ABD",     "abcd",  "item9", "item10",
				      "item009", "\x80z", "z"};
	char b[200];

	for (size_t i = 0; i < COUNT(words); i++) {
		for (size_t j = 0; j < COUNT(words); j++)
			printf("%d%d%d%d%d ", sign(strcmp(words[i], words[j])),
			       sign(strcasecmp(words[i], words[j])),
			       sign(strncasecmp(words[i], words[j], 3)),
			       sign(strverscmp(words[i], words[j])),
			       sign(strcoll(words[i], words[j])));
		putchar('\n');
	}
	for (int n = 0; n < 20; n++) {
		memset(b, '#', sizeof(b));
		char *e = stpncpy(b, "hello world", n);
		b[40] = 0;
		printf("%ld %016" PRIx64 " ", (long)(e - b), hash_bytes(b, 41));
		strncpy(b, "xyz", n);
		strncpy(b + 20, "some longer text", n), b[39] = 0;
		printf("%016" PRIx64 " ", hash_bytes(b, 40));
		strcpy(b, "start ");
		printf("%s\n", strncat(b, "appended text", n));
	}
	char *d = strdup("duplicate"), *m = strndup("duplicate", 4);
	printf("%s %s %s\n", d, m, strcat(strcpy(b, d), m));
	free(d), free(m);
	for (int c = 0; c < 128; c++)
		printf("%d%d%d%d%d%c%c", !!isalpha(c), !!isdigit(c), !!isspace(c),
		       !!ispunct(c), !!isxdigit(c),
		       isprint(toupper(c)) ? toupper(c) : '.',
		       isprint(tolower(c)) ? tolower(c) : '.');
	putchar('\n');
	strcpy(b, "swap these bytes");
	char o[20];
	swab(b, o, 16);
	printf("%.16s %s\n", o, strerror(2));
	return 0;
}
