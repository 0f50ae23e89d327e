/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules as values: flags, comparison, matching. Reading is rule-parse.c, writing rule-build.c. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "binfmtctl/rule.h"

static const struct rule_limits versions[] = {
#define OLD_FLAGS (RULE_PRESERVE_ARGV0 | RULE_OPEN_BINARY | RULE_CREDENTIALS)
#define NEW_FLAGS (RULE_TRANSPARENT | RULE_LOADER | RULE_DISABLED)
#define ROW(major, minor) \
	.since = #major "." #minor, .version = RULE_VERSION(major, minor)
	{ROW(2, 6), .window = 128, .flags = OLD_FLAGS},
	{ROW(4, 8), .window = 128, .flags = OLD_FLAGS | RULE_FIX_BINARY},
	{ROW(5, 1), .window = 256, .flags = OLD_FLAGS | RULE_FIX_BINARY},
	{ROW(5, 12), .window = 256, .flags = OLD_FLAGS | RULE_FIX_BINARY,
	 .argv0_announced = true},
	{ROW(6, 7), .window = 256, .flags = OLD_FLAGS | RULE_FIX_BINARY,
	 .argv0_announced = true, .instances = true},
	{ROW(7, 3), .window = 256, .flags = OLD_FLAGS | RULE_FIX_BINARY | NEW_FLAGS,
	 .argv0_announced = true, .instances = true, .bpf = true, .absolute = true},
#undef ROW
#undef NEW_FLAGS
#undef OLD_FLAGS
};

const struct rule_limits *rule_limits_at(size_t index)
{
	return index < ARRAY_SIZE(versions) ? &versions[index] : NULL;
}

const struct rule_limits *rule_limits_newest(void)
{
	return &versions[ARRAY_SIZE(versions) - 1];
}

const struct rule_limits *rule_limits_any(void)
{
	static const struct rule_limits any = {
		.since = "any",
		.version = UINT_MAX,
		.window = RULE_WINDOW_MAX,
		.flags = RULE_PRESERVE_ARGV0 | RULE_OPEN_BINARY | RULE_CREDENTIALS |
			 RULE_FIX_BINARY | RULE_TRANSPARENT | RULE_LOADER | RULE_DISABLED,
		.bpf = true,
	};

	return &any;
}

/* "6.1" and whatever follows; 0 when there are no two numbers. */
static unsigned int version_number(const char *text)
{
	unsigned long number[2] = {0};
	const char *p = text;

	for (int i = 0; i < 2; i++) {
		char *end;

		if (*p < '0' || *p > '9')
			return 0;
		number[i] = strtoul(p, &end, 10);
		if (number[i] > 0xffff || (i == 0 && *end != '.'))
			return 0;
		p = end + 1;
	}
	return RULE_VERSION(number[0], number[1]);
}

const struct rule_limits *rule_limits_find(const char *version)
{
	unsigned int number = version_number(version);

	for (size_t i = ARRAY_SIZE(versions); i-- > 0;)
		if (number >= versions[i].version)
			return &versions[i];
	return NULL;
}

const struct rule_limits *rule_limits_running(void)
{
	const struct rule_limits *found = NULL;
	struct utsname name;

	if (uname(&name) == 0)
		found = rule_limits_find(name.release);
	return found ? found : rule_limits_newest();
}

/* In the order in which the kernel prints them. */
static const struct {
	char letter;
	unsigned int bit;
} flag_letters[] = {
	{'P', RULE_PRESERVE_ARGV0}, {'O', RULE_OPEN_BINARY}, {'C', RULE_CREDENTIALS},
	{'F', RULE_FIX_BINARY},     {'T', RULE_TRANSPARENT}, {'L', RULE_LOADER},
	{'D', RULE_DISABLED},
};

void rule_done(struct rule *rule)
{
	free(rule->name);
	free(rule->extension);
	free(rule->interpreter);
	memset(rule, 0, sizeof(*rule));
}

const char *rule_type_name(enum rule_type type)
{
	static const char *const names[] = {"magic", "extension", "bpf"};

	return names[type];
}

unsigned int rule_flag_bit(char letter)
{
	for (size_t i = 0; i < ARRAY_SIZE(flag_letters); i++)
		if (flag_letters[i].letter == letter)
			return flag_letters[i].bit;
	return 0;
}

void rule_flags_text(unsigned int flags, char ret[RULE_FLAGS_SIZE])
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
			diag_hint(
				reterr_diag,
				"flags are P, O, C and F, in capitals; newer kernels have T, L and D");
			return -EINVAL;
		}
		flags |= bit;
	}
	/* As the kernel does: credentials of the binary need the binary open. */
	if (flags & (RULE_CREDENTIALS | RULE_TRANSPARENT))
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
	    (a->flags ^ b->flags) & ~RULE_DISABLED ||
	    !string_equal(a->interpreter, b->interpreter))
		return false;
	if (a->type == RULE_BPF)
		return true;
	if (a->type == RULE_EXTENSION)
		return string_equal(a->extension, b->extension);
	return a->offset == b->offset && a->size == b->size &&
	       a->has_mask == b->has_mask && memcmp(a->magic, b->magic, a->size) == 0 &&
	       (!a->has_mask || memcmp(a->mask, b->mask, a->size) == 0);
}

bool rule_matches(const struct rule *rule, const void *head, size_t size,
		  const char *path)
{
	uint8_t window[RULE_WINDOW_MAX];
	const uint8_t *at = head;

	if (rule->type == RULE_BPF)
		return false;
	if (rule->type == RULE_EXTENSION) {
		const char *dot = strrchr(path, '.');

		return dot && strcmp(dot + 1, rule->extension) == 0;
	}
	/* Zeros follow the end of a short file. */
	if (size < rule->offset + rule->size) {
		memset(window, 0, sizeof(window));
		memcpy(window, head, size);
		at = window;
	}
	at += rule->offset;
	for (size_t i = 0; i < rule->size; i++) {
		uint8_t differs = at[i] ^ rule->magic[i];

		if (differs & (rule->has_mask ? rule->mask[i] : 0xff))
			return false;
	}
	return true;
}
