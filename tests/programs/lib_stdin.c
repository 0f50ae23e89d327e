/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Standard input: words counted, lines reversed, arguments echoed.
 * args: first 'second argument' "" last
 * stdin: alpha beta gamma delta and a long tail of words to read
 */
#include "guest.h"

int main(int argc, char **argv)
{
	char word[100];
	int n = 0;

	for (int i = 1; i < argc; i++)
		printf("%d [%s]\n", i, argv[i]);
	while (scanf("%99s", word) == 1) {
		for (size_t i = strlen(word); i--;)
			putchar(word[i]);
		putchar(' ');
		n++;
	}
	printf("\n%d words, end %d\n", n, feof(stdin) != 0);
	return n;
}
