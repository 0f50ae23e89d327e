/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Draws A64 words from the decode tables for comparison with another decoder.
 *
 *	words rows SEED FILE	every row: fields at boundary values, random ones, near misses
 *	words random SEED FILE COUNT
 *	words names		the row of each word on standard input, no file
 *
 * FILE gets the words in guest byte order; standard output one line "WORD ROW TEXT" for each;
 * ROW is "-" when the tables refuse the word, TEXT is there when the row has a template.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/a64/decode.h"
#include "tests/decodegen/template.h"

static uint64_t random_state, pc;

/* xorshift64* */
static uint32_t random_word(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 0x2545f4914f6cdd1d >> 32;
}

static void put(FILE *file, uint32_t word)
{
	unsigned char bytes[] = {word, word >> 8, word >> 16, word >> 24};
	int id = a64_identify(word);
	char text[200];

	fwrite(bytes, 1, sizeof(bytes), file);
	printf("%08x %s", word, id < 0 ? "-" : a64_patterns[id].name);
	if (id >= 0 && !template_text(id, word, pc, text, sizeof(text)))
		printf(" %s", text);
	putchar('\n');
	pc += 4;
}

static uint32_t draw(const struct decode_pattern *p)
{
	return (random_word() & ~p->set.mask) | p->set.value;
}

static uint32_t with_field(uint32_t word, const struct decode_field *f, uint32_t value)
{
	uint32_t mask = (f->width == 32 ? ~0u : (1u << f->width) - 1) << f->pos;

	return (word & ~mask) | (value << f->pos & mask);
}

static void put_row(FILE *file, const struct decode_pattern *p)
{
	for (int i = 0; i < p->field_count; i++) {
		const struct decode_field *f = &p->fields[i];
		uint32_t max = (f->width == 32 ? 0 : 1u << f->width) - 1;
		uint32_t edge[] = {0, 1, max, max - 1, max >> 1, (max >> 1) + 1};

		for (size_t j = 0; j < sizeof(edge) / sizeof(edge[0]); j++)
			for (int k = 0; k < 3; k++)
				put(file, with_field(draw(p), f, edge[j]));
		/* Small fields select things: all their values, several times. */
		for (uint32_t v = 0; f->width <= 5 && v <= max; v++)
			for (int k = 0; k < 6; k++)
				put(file, with_field(draw(p), f, v));
	}
	for (int i = 0; i < 32; i++)
		put(file, draw(p));
	for (int bit = 0; bit < 32; bit++)
		for (int k = 0; k < 3; k++)
			put(file, draw(p) ^ 1u << bit);
	for (int i = 0; i < p->except_count; i++)
		for (int k = 0; k < 3; k++)
			put(file,
			    (random_word() & ~p->except[i].mask) | p->except[i].value);
}

int main(int argc, char **argv)
{
	FILE *file;
	unsigned word;

	if (argc == 2 && !strcmp(argv[1], "names")) {
		while (scanf("%x", &word) == 1) {
			int id = a64_identify(word);

			puts(id < 0 ? "-" : a64_patterns[id].name);
		}
		return !feof(stdin) || fflush(stdout) || ferror(stdout);
	}
	file = argc > 3 ? fopen(argv[3], "wb") : NULL;
	if (!file) {
		fputs("usage: words rows|random SEED FILE [COUNT]\n       words names\n", stderr);
		return 2;
	}
	random_state = strtoull(argv[2], NULL, 0) * 2 + 1;
	if (!strcmp(argv[1], "rows")) {
		for (int id = 0; id < A64_INSN_COUNT; id++)
			put_row(file, &a64_patterns[id]);
	} else {
		for (long i = argc > 4 ? atol(argv[4]) : 0; i > 0; i--)
			put(file, random_word());
	}
	return fclose(file) || fflush(stdout) || ferror(stdout);
}
