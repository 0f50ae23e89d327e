/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules as values: flags, comparison, matching. Reading is rule-parse.c, writing rule-build.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "binfmtctl/rule.h"

const struct rule_limits rule_limits_current = {
	.since = "5.1",
	.window = RULE_WINDOW_MAX,
	.flags = RULE_PRESERVE_ARGV0 | RULE_OPEN_BINARY | RULE_CREDENTIALS |
		 RULE_FIX_BINARY,
};

/* In the order in which the kernel prints them. */
static const struct {
	char letter;
	unsigned int bit;
} flag_letters[] = {
	{'P', RULE_PRESERVE_ARGV0},
	{'O', RULE_OPEN_BINARY},
	{'C', RULE_CREDENTIALS},
	{'F', RULE_FIX_BINARY},
};

void rule_done(struct rule *rule)
{
	free(rule->name);
	free(rule->extension);
	free(rule->interpreter);
	memset(rule, 0, sizeof(*rule));
}

unsigned int rule_flag_bit(char letter)
{
	for (size_t i = 0; i < ARRAY_SIZE(flag_letters); i++)
		if (flag_letters[i].letter == letter)
			return flag_letters[i].bit;
	return 0;
}

void rule_flags_text(unsigned int flags, char ret[8])
{
	for (size_t i = 0; i < ARRAY_SIZE(flag_letters); i++)
		if (flags & flag_letters[i].bit)
			*ret++ = flag_letters[i].letter;
	*ret = '\0';
}

int rule_flags_parse(const char *text, unsigned int *ret, struct diag *reterr_diag)
{
	unsigned int flags = 0;

	for (const char *p = text; *p; p++) {
		unsigned int bit = rule_flag_bit(*p);

		if (!bit) {
			diag_set(reterr_diag, p - text + 1, "unknown flag '%c'", *p);
			diag_hint(reterr_diag, "flags are P, O, C and F, in capitals");
			return -EINVAL;
		}
		flags |= bit;
	}
	/* As the kernel does: credentials of the binary need the binary open. */
	if (flags & RULE_CREDENTIALS)
		flags |= RULE_OPEN_BINARY;
	*ret = flags;
	return 0;
}

static bool string_equal(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

bool rule_equal(const struct rule *a, const struct rule *b)
{
	if (!string_equal(a->name, b->name) || a->type != b->type ||
	    a->flags != b->flags || !string_equal(a->interpreter, b->interpreter))
		return false;
	if (a->type == RULE_EXTENSION)
		return string_equal(a->extension, b->extension);
	return a->offset == b->offset && a->size == b->size &&
	       a->has_mask == b->has_mask && memcmp(a->magic, b->magic, a->size) == 0 &&
	       (!a->has_mask || memcmp(a->mask, b->mask, a->size) == 0);
}

bool rule_matches(const struct rule *rule, const void *head, size_t size,
		  const char *path)
{
	uint8_t window[RULE_WINDOW_MAX] = {0};

	if (rule->type == RULE_EXTENSION) {
		const char *dot = strrchr(path, '.');

		return dot && strcmp(dot + 1, rule->extension) == 0;
	}
	memcpy(window, head, size < sizeof(window) ? size : sizeof(window));
	for (size_t i = 0; i < rule->size; i++) {
		uint8_t differs = window[rule->offset + i] ^ rule->magic[i];

		if (differs & (rule->has_mask ? rule->mask[i] : 0xff))
			return false;
	}
	return true;
}
