/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * random_a64: runs random A64 sequences in several ways and compares what they leave
 * behind. Prints the seed, and for a difference the sequence, cut down to what is needed to
 * show it. tags: tests/random - command line, comparison, shrinking
 */
#include "tests/random/random.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "guest/a64/decode.h"
#include "tests/decodegen/template.h"

#define MAX_RUNNERS 16

static struct runner runners[MAX_RUNNERS];
static unsigned nrunners;
static unsigned max_reports = 5;

static void usage(FILE *f)
{
	fputs("usage: random_a64 [OPTION...] RUNNER...\n"
	      "Runs random sequences with each runner; the first is what the others must agree\n"
	      "with. A runner is eval, evalopt (after the passes), jit, jit-nofold, jit-one,\n"
	      "jit-nolink, jit-noshadow, jit-tiny, jit-sse, jit-crypto (SSE with AES and\n"
	      "SHA), jit-avx, jit-avx2, or a command that runs AArch64\n"
	      "programs, such as 'qemu-aarch64-static -cpu max'.\n"
	      "  -n, --count=N        how many sequences (default 1000)\n"
	      "  -s, --seed=N         where to start (default: from the clock)\n"
	      "  -1, --sequence=SEED  only this sequence\n"
	      "  -b, --batch=N        sequences per image (default 500)\n"
	      "  -v, --simd           floating point and vectors, too\n"
	      "  -o, --only=TEXT,...  of the rows, only those whose name contains a TEXT\n"
	      "  -e, --exceptions=FILE  rows that are not drawn\n"
	      "  -m, --max-reports=N  stop after so many differences (default 5)\n"
	      "  -w, --write=FILE     write the (first) image to a file\n"
	      "  -c, --coverage       also print the rows that were not drawn\n"
	      "  -C, --counts         only print how often each row is drawn; no runners\n"
	      "  -p, --print          print the sequences, do not run them\n",
	      f);
}

/* ---- printing ---- */

static void print_word(uint32_t word, uint64_t pc)
{
	char text[128];
	int row = a64_identify(word);

	if (row < 0 || template_text(row, word, pc, text, sizeof(text)))
		snprintf(text, sizeof(text), "%s",
			 row < 0 ? "?" : a64_patterns[row].name);
	printf("    %9llx  %08x  %s\n", (unsigned long long)pc, word, text);
}

static void print_sequence(const struct seq *s, const struct image *image, unsigned index,
			   bool simd)
{
	const uint8_t *text = image->elf + image->text_at;
	uint64_t pc = image->code[index];

	printf("  sequence --sequence=%#llx\n", (unsigned long long)s->seed);
	for (unsigned n = 0; n < s->nunits; n++) {
		for (unsigned w = 0; w < s->unit[n].words; w++, pc += 4) {
			uint32_t word;

			memcpy(&word, text + (pc - IMAGE_TEXT), 4);
			if (!s->unit[n].dropped)
				print_word(word, pc);
		}
	}
	printf("  initial registers\n");
	for (unsigned n = 0; n < 31; n++)
		printf("    x%-2u %016llx%s", n, (unsigned long long)s->init.x[n],
		       n % 4 == 3 ? "\n" : "");
	printf("    sp  %016llx\n    nzcv %llx fpcr %llx\n",
	       (unsigned long long)s->init.sp, (unsigned long long)s->init.nzcv >> 28,
	       (unsigned long long)s->init.fpcr);
	for (unsigned n = 0; simd && n < 32; n++)
		printf("    v%-2u %016llx %016llx%s", n,
		       (unsigned long long)s->init.v[n][1],
		       (unsigned long long)s->init.v[n][0], n % 2 ? "\n" : "");
}

static void print_word_pair(const char *name, unsigned n, uint64_t a, uint64_t b)
{
	if (a != b)
		printf("    %s%-3u %016llx %016llx\n", name, n, (unsigned long long)a,
		       (unsigned long long)b);
}

static void print_differences(const struct seq_record *a, const struct seq_record *b)
{
	for (unsigned n = 0; n < 31; n++)
		print_word_pair("x", n, a->state.x[n], b->state.x[n]);
	print_word_pair("sp", 0, a->state.sp, b->state.sp);
	print_word_pair("nzcv", 0, a->state.nzcv, b->state.nzcv);
	print_word_pair("fpcr", 0, a->state.fpcr, b->state.fpcr);
	print_word_pair("fpsr", 0, a->state.fpsr, b->state.fpsr);
	for (unsigned n = 0; n < 32; n++) {
		print_word_pair("vlo", n, a->state.v[n][0], b->state.v[n][0]);
		print_word_pair("vhi", n, a->state.v[n][1], b->state.v[n][1]);
	}
	for (unsigned n = 0; n < SCRATCH_SIZE; n += 8) {
		uint64_t x, y;

		memcpy(&x, a->scratch + n, 8);
		memcpy(&y, b->scratch + n, 8);
		print_word_pair("mem+", n, x, y);
	}
}

/* ---- one sequence by two runners ---- */

struct outcome {
	struct seq_record *records;
	unsigned count;
	char end[64];
};

static void run(const struct runner *runner, const struct image *image,
		struct outcome *ret)
{
	ret->records = run_image(runner, image, &ret->count, ret->end, sizeof(ret->end));
}

static bool same(const struct outcome *a, const struct outcome *b, unsigned index)
{
	if (index >= a->count || index >= b->count)
		return index >= a->count && index >= b->count;
	return !memcmp(&a->records[index], &b->records[index], sizeof(a->records[0]));
}

/* Does the sequence, alone in an image, still show a difference? */
static bool differs(const struct seq *s, const struct runner *a, const struct runner *b,
		    bool print)
{
	struct image image;
	struct outcome x, y;
	bool result;

	image_build(&image, s, 1, a->simd);
	run(a, &image, &x);
	run(b, &image, &y);
	result = !same(&x, &y, 0);
	if (print) {
		print_sequence(s, &image, 0, a->simd);
		if (x.count && y.count) {
			printf("  what differs: %s, %s\n", a->name, b->name);
			print_differences(x.records, y.records);
		} else {
			printf("  %s: %s\n  %s: %s\n", a->name, x.count ? "done" : x.end,
			       b->name, y.count ? "done" : y.end);
		}
	}
	free(x.records);
	free(y.records);
	image_free(&image);
	return result;
}

static void report(const struct seq *original, const struct runner *a,
		   const struct runner *b)
{
	struct seq s = *original;
	bool shorter = true;

	if (!differs(&s, a, b, false)) {
		printf("  the sequence alone shows no difference; --sequence=%#llx\n",
		       (unsigned long long)s.seed);
		return;
	}
	while (shorter) {
		shorter = false;
		for (unsigned n = s.nunits; n-- > 0;) {
			if (s.unit[n].dropped)
				continue;
			s.unit[n].dropped = true;
			if (differs(&s, a, b, false))
				shorter = true;
			else
				s.unit[n].dropped = false;
		}
	}
	differs(&s, a, b, true);
}

/* ---- batches ---- */

static unsigned compare(const struct seq *seqs, unsigned count, const struct runner *a,
			const struct outcome *x, const struct runner *b,
			const struct outcome *y, unsigned reports)
{
	unsigned differences = 0;

	for (unsigned n = 0; n < count; n++) {
		if (n < x->count && n < y->count && same(x, y, n))
			continue;
		if (differences++ < reports) {
			printf("not the same: %s and %s\n", a->name, b->name);
			report(&seqs[n], a, b);
		}
		if (n >= x->count || n >= y->count) {
			printf("  %s: %u records %s\n  %s: %u records %s\n", a->name,
			       x->count, x->end, b->name, y->count, y->end);
			break; /* the rest did not run */
		}
	}
	return differences;
}

static unsigned run_batch(const struct seq *seqs, unsigned count, bool simd,
			  unsigned reports, const char *file)
{
	struct outcome first, other;
	struct image image;
	unsigned differences = 0;

	image_build(&image, seqs, count, simd);
	if (file) {
		FILE *f = fopen(file, "w");

		if (!f || fwrite(image.elf, image.elf_size, 1, f) != 1 || fclose(f)) {
			perror(file);
			exit(2);
		}
	}
	run(&runners[0], &image, &first);
	for (unsigned r = 1; r < nrunners; r++) {
		run(&runners[r], &image, &other);
		differences +=
			compare(seqs, count, &runners[0], &first, &runners[r], &other,
				differences < reports ? reports - differences : 0);
		free(other.records);
	}
	free(first.records);
	image_free(&image);
	return differences;
}

struct settings {
	struct gen_options gen;
	unsigned long count, batch;
	uint64_t seed;
	bool single, print, coverage, counts;
	const char *exceptions, *file;
};

static void print_all(const struct seq *seqs, unsigned count, bool simd)
{
	struct image image;

	image_build(&image, seqs, count, simd);
	for (unsigned n = 0; n < count; n++)
		print_sequence(&seqs[n], &image, n, simd);
	image_free(&image);
}

static unsigned run_all(const struct settings *set)
{
	static struct seq seqs[MAX_BATCH];
	uint64_t state = set->seed;
	unsigned long units = 0, done = 0;
	unsigned differences = 0;

	while (done < set->count && differences < max_reports) {
		unsigned n = 0;

		while (n < set->batch && done + n < set->count) {
			gen_sequence(&seqs[n],
				     set->single ? set->seed : gen_random(&state));
			units += seqs[n++].nunits;
		}
		done += n;
		if (set->counts)
			continue;
		if (set->print)
			print_all(seqs, n, set->gen.simd);
		else
			differences += run_batch(seqs, n, set->gen.simd,
						 max_reports - differences,
						 done == n ? set->file : NULL);
	}
	if (set->counts) {
		gen_counts();
		return 0;
	}
	if (set->coverage)
		gen_coverage();
	printf("%lu sequences, %lu units, %u differences\n", done, units, differences);
	return differences;
}

static void add_runner(const char *name, bool simd)
{
	if (nrunners == MAX_RUNNERS) {
		fputs("too many runners\n", stderr);
		exit(2);
	}
	runners[nrunners++] = (struct runner){.name = name, .simd = simd};
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{"count", 1, NULL, 'n'},
		{"seed", 1, NULL, 's'},
		{"sequence", 1, NULL, '1'},
		{"batch", 1, NULL, 'b'},
		{"simd", 0, NULL, 'v'},
		{"only", 1, NULL, 'o'},
		{"exceptions", 1, NULL, 'e'},
		{"max-reports", 1, NULL, 'm'},
		{"write", 1, NULL, 'w'},
		{"coverage", 0, NULL, 'c'},
		{"counts", 0, NULL, 'C'},
		{"print", 0, NULL, 'p'},
		{"help", 0, NULL, 'h'},
		{0},
	};
	struct settings set = {
		.count = 1000,
		.batch = 500,
		.seed = (uint64_t)time(NULL),
	};
	int c;

	while ((c = getopt_long(argc, argv, "n:s:1:b:vo:e:m:w:cCph", longs, NULL)) >= 0) {
		switch (c) {
		case 'n': set.count = strtoul(optarg, NULL, 0); break;
		case 's': set.seed = strtoull(optarg, NULL, 0); break;
		case '1':
			set.seed = strtoull(optarg, NULL, 0);
			set.single = true;
			set.count = 1;
			break;
		case 'b': set.batch = strtoul(optarg, NULL, 0); break;
		case 'v': set.gen.simd = true; break;
		case 'o': set.gen.only = optarg; break;
		case 'e': set.exceptions = optarg; break;
		case 'm': max_reports = (unsigned)strtoul(optarg, NULL, 0); break;
		case 'w': set.file = optarg; break;
		case 'c': set.coverage = true; break;
		case 'C': set.counts = true; break;
		case 'p': set.print = true; break;
		case 'h': usage(stdout); return 0;
		default: usage(stderr); return 2;
		}
	}
	for (; optind < argc; optind++)
		add_runner(argv[optind], set.gen.simd);
	if (!set.exceptions || !set.batch || set.batch > MAX_BATCH ||
	    (nrunners < 2 && !set.print && !set.counts)) {
		usage(stderr);
		return 2;
	}
	for (unsigned n = 0; n < nrunners; n++)
		if (strstr(runners[n].name, "qemu"))
			set.gen.old = true;
	/* Keys of our own making are only possible in this process. */
	set.gen.pauth = true;
	for (unsigned n = 0; n < nrunners; n++)
		if (strncmp(runners[n].name, "eval", 4) && strncmp(runners[n].name, "jit", 3))
			set.gen.pauth = false;
	for (unsigned n = 0; n < nrunners; n++)
		runners[n].pauth = set.gen.pauth;
	gen_init(&set.gen, set.exceptions);
	if (!set.counts)
		printf("seed %#llx\n", (unsigned long long)set.seed);
	return run_all(&set) != 0;
}
