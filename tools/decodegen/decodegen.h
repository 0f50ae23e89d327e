/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * decodegen: from decode tables to decoders.  A build-time program: memory is never freed,
 * and any error ends it.  docs/decode-tables.md describes the language.
 *
 * Stages: lex.c (lines to words), parse.c (words to struct table), check.c (overlaps,
 * unreachable rows), tree.c (decision tree), emit.c (all output).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

enum {
	FIELD_MAX = 16,
	ARG_MAX = 16,
	WORD_MAX = 128,
	NOT_MAX = 32,
};

/* ---- lex.c ---- */

struct position {
	const char *file; /* base name, as messages and generated comments show it */
	int line;
};

struct line {
	struct position pos;
	int count;
	char *words[WORD_MAX];
};

struct lexer {
	const char *text;
	struct position pos;
};

/* Reports "file:line: error: ..." and remembers that there was one. */
__attribute__((format(printf, 2, 3))) void error_at(struct position pos,
						    const char *format, ...);
int error_count(void);

void *xalloc(size_t size);
char *xstrndup(const char *text, size_t length);
__attribute__((format(printf, 1, 2))) char *xasprintf(const char *format, ...);
/* The whole file as a string; exits with a message when it cannot be read. */
char *read_text(const char *path);
/* Next line that has words; comments gone, continuation lines joined. False at the end. */
bool next_line(struct lexer *lexer, struct line *line);

/* ---- parse.c ---- */

/* The words w with (w & mask) == value. */
struct cube {
	uint32_t mask, value;
};

struct field {
	char *name;
	int pos, width;
	bool used;
};

struct argset {
	char *name;
	struct position pos;
	int count;
	char *names[ARG_MAX];
	bool wide[ARG_MAX];      /* int64_t instead of int */
	char *defaults[ARG_MAX]; /* C text, NULL when the row must give it */
	bool used;
};

enum flag {
	FLAG_BRANCH,
	FLAG_LOAD,
	FLAG_STORE,
	FLAG_SYS,
	FLAG_UNIMPLEMENTED,
	FLAG_UNDEFINED,
	FLAG_IMPLEMENTED
};

struct attributes {
	const char *feature, *page, *asm_text, *trans;
	uint32_t flags; /* 1 << enum flag */
};

struct pattern {
	char *name;
	struct position pos;
	struct attributes attr;
	const char *section;
	struct cube set;
	uint32_t ignored; /* bits written as dots */
	int field_count, not_count;
	struct field fields[FIELD_MAX];
	struct cube nots[NOT_MAX];
	struct argset *args;
	char *values[ARG_MAX]; /* C expressions over "word", one for each argument */
	char *layout;          /* the bits as written, one blank between words */
	int group;             /* number of the first-of group, 0 = none */
	int id;                /* in enum insn_id, -1 for undefined rows */
};

struct table {
	int width; /* of an instruction: 16 or 32 */
	int pattern_count, argset_count;
	struct pattern **patterns;
	struct argset **argsets;
	struct position group_start; /* of the open first-of group */
	int open_group, group_count;
	const char *section;
	struct attributes defaults; /* of the section */
};

void parse_file(struct table *table, const char *path);
/* After the last file: what can only be said of the whole. */
void parse_finish(struct table *table);

static inline bool has_flag(const struct pattern *p, enum flag flag)
{
	return p->attr.flags >> flag & 1;
}

/* ---- check.c ---- */

void check_table(const struct table *table);
/* Is any word of the cube of that pattern? First-of groups do not count here. */
bool has_word(const struct pattern *p, struct cube within);

/* ---- tree.c ---- */

/*
 * A node looks at the bits [pos + width - 1 : pos] and goes on with the child for that value;
 * a node without children tests its candidates in order.
 */
struct node {
	int pos, width;
	struct node **children; /* 1 << width of them; equal subsets share a node */
	int count;
	int *candidates;   /* indices of patterns, in table order */
	uint32_t known;    /* bits that need no test of the candidates' own bits */
	struct cube fixed; /* bits whose value the path has fixed */
	bool grown;
};

struct node *tree_build(const struct table *table);

/* ---- emit.c ---- */

void emit_header(const struct table *table, const char *prefix);
void emit_decode(const struct table *table, const char *prefix, const char *include);
void emit_identify(const struct table *table, const char *prefix, const char *include);
/* Trans functions that write a struct decode_record (guest/pattern.h). */
void emit_record(const struct table *table, const char *prefix, const char *include);
void emit_coverage(const struct table *table, const char *prefix, const char *counts);
