/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Instruction cases: words, the state before and the state after. The file format is in
 * tests/cases/README.md; every executor (evaluator, JIT, a processor or qemu) runs the same
 * files. Hosted test code; compiled for the host and for the guest.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Code and data lie at fixed addresses, so that addresses can be written as numbers. */
#define CASE_CODE     UINT64_C(0x212340000) /* one page, filled with CASE_FILLER */
#define CASE_DATA     UINT64_C(0x212350000) /* two pages; "mem" is between them */
#define CASE_DATA_LEN 8192u
#define CASE_MEM      (CASE_DATA + 4096)
#define CASE_NOTHING  UINT64_C(0x212380000) /* nothing is ever mapped here: "none" */
#define CASE_PAGE     4096u

#define CASE_MAX_WORDS  16
#define CASE_FILLER     0xd43dbd60u /* BRK #0xedeb */
#define CASE_FILLER_IMM 0xedebu

enum case_exit {
	CASE_END, /* the filler was reached; pc says where */
	CASE_BRK,
	CASE_SVC,
	CASE_UNDEF,
	CASE_SEGV,
	CASE_ALIGN,
	CASE_EXIT_COUNT,
};

struct case_state {
	uint64_t x[31], sp, pc;
	uint64_t nzcv; /* bits 3..0 */
	uint64_t fpcr, fpsr;
	uint64_t v[32][2];
	uint64_t exit; /* enum case_exit */
	uint8_t mem[CASE_DATA_LEN];
};

struct test_case {
	const char *file;
	unsigned line;
	char *text; /* the line as it was read */
	char *assembly, *before_text, *note;
	uint32_t words[CASE_MAX_WORDS];
	unsigned nwords;
	bool not_qemu; /* the note says why qemu is not asked */
	struct case_state before, after;
};

/* Reads the next case; 1, 0 at the end, or -1 after a message to stderr. Strings belong to
 * the case until the next call. */
int case_read(FILE *f, const char *file, unsigned *line, struct test_case *ret);

/* Prints the difference from `from` to `to` in the syntax of the file; returns the number of
 * places that differ. */
unsigned case_diff(FILE *out, const struct case_state *from, const struct case_state *to);

/* Maps the code and data pages at their addresses; false when they are taken. */
bool case_map(void);
/* Puts the words and the memory in place. */
void case_place(const struct test_case *c);

/* Runs c from c->before and gives the state at the exit. Returns false when this executor
 * cannot run it; then *ret_reason says why. */
typedef bool case_run_fn(const struct test_case *c, struct case_state *ret,
			 const char **ret_reason);

/*
 * The main program of an executor: runs the case files of argv in TAP, one test per file.
 * "-r" prints the cases with what happened as the expected state instead.
 */
int case_main(int argc, char **argv, case_run_fn *run);
