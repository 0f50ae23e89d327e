/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Random A64 programs: what the parts of random_a64 share.
 *
 * A sequence is a short random program with its initial registers. Many of them are put
 * into one static ELF image whose driver loads the registers, runs a sequence, and writes a
 * record with all registers, the flags and the scratch memory to standard output. Whoever
 * runs the image, the records must be the same. tags: tests/random - interfaces
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEQ_MAX_UNITS 40
#define SCRATCH_SIZE  1024
#define MAX_BATCH     1000

/* Registers as the driver loads and stores them; the start of a record. */
struct seq_state {
	uint64_t x[31];
	uint64_t sp;
	uint64_t nzcv, fpcr, fpsr; /* as MRS gives them */
	uint64_t pad;
	uint64_t v[32][2];
};

/* What the driver writes for each sequence. */
struct seq_record {
	struct seq_state state;
	uint64_t pad[4]; /* the scratch memory is aligned to 64 */
	uint8_t scratch[SCRATCH_SIZE];
};
_Static_assert(sizeof(struct seq_state) == 800, "the driver knows the offsets");
_Static_assert(offsetof(struct seq_record, scratch) == 832,
	       "the driver knows the offsets");

/* Up to three instructions that only make sense together. */
struct seq_unit {
	uint32_t word[3];
	uint8_t words;
	uint8_t skip; /* a branch: goes to this many units further on; 0: no branch */
	bool dropped; /* replaced by NOPs */
};

struct seq {
	uint64_t seed;
	unsigned nunits;
	struct seq_unit unit[SEQ_MAX_UNITS];
	struct seq_state init;
};

/* ---- generate.c ---- */

struct gen_options {
	bool simd;        /* floating point and vectors, too */
	bool old;         /* without the extensions that Debian's QEMU does not have */
	bool pauth;       /* keys are on, and the same everywhere */
	const char *only; /* rows whose name contains one of these, besides branches; or NULL */
};

/* Reads the list of excluded rows; ends the program on errors. */
void gen_init(const struct gen_options *options, const char *exceptions);
/* The sequence of this seed: always the same. */
void gen_sequence(struct seq *ret, uint64_t seed);
uint64_t gen_random(uint64_t *state);
/* Prints which rows have not been drawn by now. */
void gen_coverage(void);
/* How often each row has been drawn. */
void gen_counts(void);

/* ---- image.c ---- */

#define IMAGE_TEXT    UINT64_C(0x4000000000)
#define IMAGE_DATA    UINT64_C(0x4001000000)
#define IMAGE_SCRATCH (IMAGE_DATA + offsetof(struct seq_record, scratch))

struct image {
	uint8_t *elf; /* the whole file */
	size_t elf_size;
	size_t text_at, text_size, data_at, data_size; /* in the file */
	uint64_t entry;
	uint64_t code[MAX_BATCH]; /* address of the first instruction of each sequence */
};

void image_build(struct image *ret, const struct seq *seqs, unsigned count, bool simd);
void image_free(struct image *image);
/* Maps it at its addresses, for running it in this process. */
void image_map(const struct image *image);

/* ---- run.c ---- */

/* Runs the image and returns its records; *ret_count is how many are complete. The text
 * says how it ended, "" if well. The memory is the caller's to free. */
struct runner {
	const char *name; /* eval, evalopt, jit..., or a command */
	bool simd;
	bool pauth;
};
struct seq_record *run_image(const struct runner *runner, const struct image *image,
			     unsigned *ret_count, char *ret_end, size_t size);

struct cpu;
/* Turns pointer authentication on, with keys that are always the same. */
void use_pauth(struct cpu *cpu);

/* ---- run_jit.c: compiled without vector registers, which belong to the guest ---- */

int run_jit(uint64_t entry, const char *mode, bool pauth,
	    uint64_t (*call)(uint64_t number, const uint64_t *args));
