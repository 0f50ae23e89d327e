/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks that several fuzz targets share. */
#pragma once

#include <string.h>

#include "common/text.h"

#include "binfmtctl/rule.h"

#include "tests/fuzz/fuzz.h"

/* A diagnosis is a terminated sentence about a place in the text. */
static inline void fuzz_diag(const struct diag *diag, size_t size)
{
	CHECK(memchr(diag->message, '\0', sizeof(diag->message)));
	CHECK(memchr(diag->hint, '\0', sizeof(diag->hint)));
	CHECK(diag->message[0]);
	CHECK(diag->column <= size + 1);
}

/* What is printed may be any UTF-8, but does nothing to a terminal. */
static inline void fuzz_harmless(const struct text *text)
{
	if (text->error)
		return;
	CHECK(utf8_valid(text->data, text->size));
	for (size_t i = 0; i < text->size; i++) {
		unsigned char c = text->data[i];

		CHECK(c >= 0x20 || c == '\n' || c == '\t');
		CHECK(c != 0x7f);
		/* U+0080 to U+009F are controls as well. */
		CHECK(c != 0xc2 || (unsigned char)text->data[i + 1] >= 0xa0);
	}
}

static inline void fuzz_rule(const struct rule *rule)
{
	CHECK(rule->name && rule->interpreter);
	CHECK(rule->name[0] && !strchr(rule->name, '/'));
	CHECK(rule->interpreter[0]);
	if (rule->type == RULE_MAGIC) {
		CHECK(rule->size >= 1 && rule->size <= RULE_WINDOW_MAX);
		CHECK(rule->offset <= RULE_WINDOW_MAX - rule->size);
		CHECK(!rule->extension);
	}
	if (rule->type == RULE_EXTENSION)
		CHECK(rule->extension && rule->extension[0]);
	CHECK(!(rule->flags & RULE_CREDENTIALS) || rule->flags & RULE_OPEN_BINARY);
}

/* Whatever text the rule can be given, it is read back as the same rule. */
static inline void fuzz_built(const struct rule *rule, const struct rule_limits *limits)
{
	for (int style = 0; style < 6; style++) {
		struct rule_style how = {.encoding = style % 3, .line = style / 3};
		_cleanup_(text_done) struct text text = TEXT_INIT;
		_cleanup_(rule_done) struct rule again = {0};
		struct diag diag = {0};
		int err = rule_build(rule, &how, &text, &diag);

		if (err) {
			CHECK(diag.message[0] || text.error);
			continue;
		}
		CHECK(text.size <= RULE_MAX_SIZE);
		CHECK(!how.line || !memchr(text.data, '\n', text.size));
		CHECK(rule_parse(text.data, text.size, limits, &again, &diag) == 0);
		CHECK(rule_equal(rule, &again));
	}
}

/* A file made of the magic itself matches; one that differs in a bit that counts does not. */
static inline void fuzz_matches(const struct rule *rule)
{
	uint8_t head[RULE_WINDOW_MAX] = {0};

	if (rule->type == RULE_EXTENSION) {
		_cleanup_(text_done) struct text path = TEXT_INIT;

		text_printf(&path, "/x/y.%s", rule->extension);
		if (!path.error)
			CHECK(rule_matches(rule, head, 0, path.data) ==
			      !strchr(rule->extension, '.'));
		return;
	}
	if (rule->type != RULE_MAGIC)
		return;
	memcpy(head + rule->offset, rule->magic, rule->size);
	CHECK(rule_matches(rule, head, sizeof(head), "/x"));
	for (size_t i = 0; i < rule->size; i++) {
		uint8_t mask = rule->has_mask ? rule->mask[i] : 0xff;

		head[rule->offset + i] ^= mask & -mask;
		CHECK(rule_matches(rule, head, sizeof(head), "/x") == !mask);
		head[rule->offset + i] ^= mask & -mask;
	}
}
