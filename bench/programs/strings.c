/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The C library: string search, copy, compare, formatting and conversion on short strings.
 * class: libc
 */
#include "bench.h"

int main(void)
{
	static char words[4096][24], text[100000];
	u64 h = 0;

	for (int i = 0; i < 4096; i++) {
		int n = 3 + random_u64() % 18;
		for (int k = 0; k < n; k++)
			words[i][k] = 'a' + random_u64() % 26;
	}
	for (int round = 0; round < 250; round++) {
		char *p = text;

		for (int i = 0; i < 4096; i++) {
			p = stpcpy(p, words[(i * 7 + round) & 4095]);
			*p++ = i % 9 ? ' ' : '\n';
		}
		*p = 0;
		h = mix(h, strlen(text));
		for (int i = 0; i < 64; i++) {
			char *f = strstr(text, words[(i * 61 + round) & 4095]);
			h = mix(h, f ? f - text : -1);
		}
		for (char *f = text; (f = strchr(f, '\n')); f++)
			h = mix(h, f - text);
		for (int i = 0; i + 1 < 4096; i++)
			h += (strcmp(words[i], words[i + 1]) > 0) +
			     strcspn(words[i], "xyz");
		char *save;
		for (char *t = strtok_r(text, " \n", &save); t;
		     t = strtok_r(NULL, " \n", &save))
			h = mix(h, strlen(t) + t[0]);
		for (int i = 0; i < 2000; i++) {
			char b[100];
			snprintf(b, sizeof(b), "%d %s %08x %ld", i * 37, words[i], i,
				 (long)h);
			h = mix(h, strtol(b, NULL, 10) + strlen(b));
		}
	}
	printf("%016" PRIx64 "\n", h);
	return 0;
}
