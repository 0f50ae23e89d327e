/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One binfmt_misc rule: the kernel's `:name:M:offset:magic:mask:interpreter:flags` as a value.
 * A struct rule that rule_parse() returned or rule_validate() accepted is one that the kernel
 * accepts too, apart from names already taken and the interpreter of an F rule. The model was
 * compared with a running 6.18 kernel byte by byte (tests/unit/binfmtctl/test_kernel.c).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/diag.h"
#include "common/text.h"

enum {
	RULE_MIN_SIZE = 11, /* bytes of one write to `register`, with a final newline */
	RULE_MAX_SIZE = 1920,
	RULE_NAME_MAX = 255,
	RULE_WINDOW_MAX = 256, /* bytes of the file that the kernel looks at */
	RULE_FLAGS_SIZE = 16,  /* room for the letters and a NUL */
};

enum rule_type {
	RULE_MAGIC,
	RULE_EXTENSION,
	RULE_BPF, /* newer kernels: a handler written in BPF, named in the interpreter field */
};

/* What follows the last delimiter; values are bits of struct rule's flags. */
enum rule_flag {
	RULE_PRESERVE_ARGV0 = 1 << 0, /* P */
	RULE_OPEN_BINARY = 1 << 1,    /* O */
	RULE_CREDENTIALS = 1 << 2,    /* C, implies O */
	RULE_FIX_BINARY = 1 << 3,     /* F */
	RULE_TRANSPARENT = 1 << 4,    /* T, implies O */
	RULE_LOADER = 1 << 5,         /* L */
	RULE_DISABLED = 1 << 6,       /* D: spent on the registration, never read back */
};

struct rule {
	char *name;
	enum rule_type type;
	unsigned int offset; /* RULE_MAGIC */
	size_t size;         /* RULE_MAGIC: of magic, and of mask if there is one */
	bool has_mask;
	uint8_t magic[RULE_WINDOW_MAX];
	uint8_t mask[RULE_WINDOW_MAX];
	char *extension;    /* RULE_EXTENSION, without the dot; else NULL */
	char *interpreter;  /* RULE_BPF: the name of the handler */
	unsigned int flags; /* enum rule_flag */
};

/*
 * What kernels since one version accept and do. One row per version that changed anything;
 * rows are sorted, the oldest first.
 */
struct rule_limits {
	const char *since;
	unsigned int version; /* RULE_VERSION() */
	unsigned int window;  /* offset + size may not be larger */
	unsigned int flags;   /* enum rule_flag */
	bool bpf;             /* type B */
	bool absolute;        /* C or L without F want an absolute interpreter */
	bool argv0_announced; /* AT_FLAGS tells the interpreter of P */
	bool instances; /* one for each user namespace; entries end with the mount */
};

#define RULE_VERSION(major, minor) ((unsigned int)(major) << 16 | (minor))

/* The -th row, NULL behind the last. */
const struct rule_limits *rule_limits_at(size_t index);

/* The row for a version such as "6.1.0-18-amd64"; NULL when it is none or below the oldest. */
const struct rule_limits *rule_limits_find(const char *version);

/* Of the kernel this runs on; of the newest one when its version cannot be read. */
const struct rule_limits *rule_limits_running(void);

/* The last row. */
const struct rule_limits *rule_limits_newest(void);

/* Accepts all that any kernel does, for rules that are registered already. */
const struct rule_limits *rule_limits_any(void);

enum rule_encoding {
	RULE_TEXT, /* printable bytes as they are, the rest as \xHH */
	RULE_HEX,  /* every byte of magic and mask as \xHH */
	RULE_RAW,  /* as few escapes as can be: for large magics, not for people */
};

struct rule_style {
	enum rule_encoding encoding;
	char delimiter; /* 0: ':' unless a field holds one, then the first that fits */
	bool line;      /* the result must survive as one line of a binfmt.d file */
};

/* Frees the strings and clears the rule. Fit for _cleanup_. */
void rule_done(struct rule *rule);

/*
 * Reads one rule exactly as the kernel would read one write of @size bytes. Outputs are set
 * only on success. -EINVAL or -ENAMETOOLONG as the kernel's, with the column in @reterr_diag;
 * -ENOMEM.
 */
int rule_parse(const char *text, size_t size, const struct rule_limits *limits,
	       struct rule *ret, struct diag *reterr_diag) _must_check_;

/*
 * Appends the rule's text, without a newline. The text is read back and compared before it
 * is given out, so what this returns is never refused by rule_parse(). -EINVAL with a diag
 * when no text can express the rule, -E2BIG when it would be over RULE_MAX_SIZE.
 */
int rule_build(const struct rule *rule, const struct rule_style *style, struct text *ret,
	       struct diag *reterr_diag) _must_check_;

bool rule_equal(const struct rule *a, const struct rule *b);

/* The letters in the kernel's own order of printing. */
void rule_flags_text(unsigned int flags, char ret[RULE_FLAGS_SIZE]);

/* "magic", "extension" or "bpf". */
const char *rule_type_name(enum rule_type type);

/* Bit of a letter or 0. */
unsigned int rule_flag_bit(char letter);

/* Reads letters as given on a command line; -EINVAL with a diag for an unknown one. */
int rule_flags_parse(const char *text, unsigned int *ret, struct diag *reterr_diag);

/*
 * Whether the kernel would choose the rule for a file that begins with @head (as much of the
 * first 256 bytes as there is: the rest counts as zero) and was executed as @path.
 */
bool rule_matches(const struct rule *rule, const void *head, size_t size,
		  const char *path);
