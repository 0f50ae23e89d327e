/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs a fuzz target without libFuzzer: over the files given, and with -n COUNT over as many
 * inputs made from them (or from nothing) by chance, the same ones for the same -s SEED. It
 * sees no coverage, so it finds less than libFuzzer, but it needs no clang. --words prints the
 * target's words in the form of libFuzzer's -dict.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX = 4096, FILES_MAX = 4096 };

struct input {
	uint8_t *data;
	size_t size;
};

static struct input files[FILES_MAX];
static size_t file_count;
static uint64_t state = 1;

static uint64_t below(uint64_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % n;
}

static void load(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct input *in = &files[file_count];

	if (!f || file_count == FILES_MAX) {
		perror(path);
		exit(2);
	}
	in->data = malloc(INPUT_MAX);
	if (!in->data)
		exit(2);
	in->size = fread(in->data, 1, INPUT_MAX, f);
	fclose(f);
	file_count++;
}

/* A copy of its own exact size lets the sanitizers see reads behind its end. */
static void run(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		exit(2);
	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void insert(uint8_t *data, size_t *size, size_t at, const void *what, size_t count)
{
	if (count > INPUT_MAX - *size)
		return;
	memmove(data + at + count, data + at, *size - at);
	memcpy(data + at, what, count);
	*size += count;
}

static void mutate(uint8_t *data, size_t *size)
{
	static size_t words;
	size_t at = below(*size + 1), count = 1 + below(8);
	uint8_t byte = below(256);
	const struct input *other;

	while (fuzz_words[words])
		words++;
	switch (below(6)) {
	case 0: insert(data, size, at, &byte, 1); break;
	case 1:
		if (at < *size)
			data[at] = byte;
		break;
	case 2:
		if (at < *size)
			data[at] ^= 1 << below(8);
		break;
	case 3:
		if (count > *size - at)
			count = *size - at;
		memmove(data + at, data + at + count, *size - at - count);
		*size -= count;
		break;
	case 4: {
		const char *word = fuzz_words[below(words)];

		insert(data, size, at, word, strlen(word));
		break;
	}
	default:
		if (!file_count)
			break;
		other = &files[below(file_count)];
		count = below(other->size + 1);
		insert(data, size, at, other->data + (other->size - count) / 2, count);
		break;
	}
}

static void print_words(void)
{
	for (const char *const *word = fuzz_words; *word; word++) {
		putchar('"');
		for (const char *c = *word; *c; c++)
			printf("\\x%02x", (unsigned char)*c);
		puts("\"");
	}
}

int main(int argc, char **argv)
{
	unsigned long count = 0;

	if (argc == 2 && strcmp(argv[1], "--words") == 0) {
		print_words();
		return 0;
	}
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-n") == 0 && i + 1 < argc)
			count = strtoul(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "-s") == 0 && i + 1 < argc)
			state = strtoull(argv[++i], NULL, 10) * 2 + 1;
		else
			load(argv[i]);
	}
	for (size_t i = 0; i < file_count; i++)
		run(files[i].data, files[i].size);
	for (unsigned long n = 0; n < count; n++) {
		static uint8_t data[INPUT_MAX];
		size_t size = 0;

		if (file_count && below(16)) {
			const struct input *from = &files[below(file_count)];

			size = from->size;
			memcpy(data, from->data, size);
		}
		for (uint64_t times = 1 + below(8); times; times--)
			mutate(data, &size);
		run(data, size);
	}
	printf("%zu files, %lu made inputs\n", file_count, count);
	for (size_t i = 0; i < file_count; i++)
		free(files[i].data);
	return 0;
}
