/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Writes a rule as text: chooses a delimiter that no field holds, escapes, and reads the
 * result back before giving it out.
 */
#include <errno.h>
#include <string.h>

#include "binfmtctl/rule.h"

/* Never a flag letter, a digit or a letter: those would confuse people or the kernel. */
static const char delimiters[] = ":,|!@%^~=+&?*$";
/* Bytes that systemd strips from a line or takes for a comment. */
static const char line_trouble[] = " \t\r\n\v\f#;";

static bool field_holds(const struct rule *rule, char c)
{
	return strchr(rule->name, c) || strchr(rule->interpreter, c) ||
	       (rule->type == RULE_EXTENSION && strchr(rule->extension, c));
}

static int choose_delimiter(const struct rule *rule, const struct rule_style *style,
			    char *ret, struct diag *diag)
{
	if (style->delimiter) {
		char d = style->delimiter;

		if (field_holds(rule, d) || rule_flag_bit(d) ||
		    (style->line && strchr(line_trouble, d))) {
			diag_set(diag, 0, "'%c' cannot be the delimiter of this rule", d);
			return -EINVAL;
		}
		*ret = d;
		return 0;
	}
	for (const char *d = delimiters; *d; d++)
		if (!field_holds(rule, *d)) {
			*ret = *d;
			return 0;
		}
	for (int d = 1; d < 256; d++) {
		bool letter = (d >= '0' && d <= '9') ||
			      ((d | 0x20) >= 'a' && (d | 0x20) <= 'z');

		if (letter || d == '\\' || d == '/' || strchr(line_trouble, d))
			continue;
		if (!field_holds(rule, d)) {
			*ret = d;
			return 0;
		}
	}
	diag_set(diag, 0, "name and interpreter use up every possible delimiter");
	return -EINVAL;
}

static void encode(const uint8_t *bytes, size_t size, enum rule_encoding encoding,
		   char delimiter, struct text *ret)
{
	for (size_t i = 0; i < size; i++) {
		uint8_t b = bytes[i];
		bool raw;

		switch (encoding) {
		case RULE_TEXT: raw = b > 0x20 && b < 0x7f; break;
		case RULE_RAW: raw = b != 0; break;
		default: raw = false; break;
		}
		if (raw && b != '\\' && b != (uint8_t)delimiter)
			text_putc(ret, b);
		else
			text_puts(ret, "\\x"), text_hex(ret, &b, 1);
	}
}

static int build(const struct rule *rule, const struct rule_style *style,
		 struct text *out, struct diag *diag)
{
	char d, flags[RULE_FLAGS_SIZE];
	int err;

	err = choose_delimiter(rule, style, &d, diag);
	if (err)
		return err;
	text_printf(out, "%c%s%c%c%c", d, rule->name, d, "MEB"[rule->type], d);
	if (rule->type == RULE_MAGIC) {
		text_printf(out, "%u%c", rule->offset, d);
		encode(rule->magic, rule->size, style->encoding, d, out);
		text_putc(out, d);
		if (rule->has_mask)
			encode(rule->mask, rule->size, style->encoding, d, out);
	} else if (rule->type == RULE_EXTENSION) {
		text_printf(out, "%c%s%c", d, rule->extension, d);
	} else {
		text_printf(out, "%c%c", d, d);
	}
	rule_flags_text(rule->flags, flags);
	text_printf(out, "%c%s%c%s", d, rule->interpreter, d, flags);
	return out->error;
}

int rule_build(const struct rule *rule, const struct rule_style *style, struct text *ret,
	       struct diag *reterr_diag)
{
	_cleanup_(text_done) struct text out = TEXT_INIT;
	_cleanup_(rule_done) struct rule back = {0};
	int err;

	err = build(rule, style, &out, reterr_diag);
	if (err)
		return err;
	if (style->line &&
	    (memchr(out.data, '\n', out.size) || memchr(out.data, '\r', out.size))) {
		diag_set(reterr_diag, 0,
			 "a line break in the rule cannot be kept in a conf file");
		return -EINVAL;
	}
	if (out.size > RULE_MAX_SIZE) {
		diag_set(reterr_diag, 0,
			 "the rule would have %zu bytes, the kernel takes %d", out.size,
			 RULE_MAX_SIZE);
		return -E2BIG;
	}
	err = rule_parse(out.data, out.size, rule_limits_any(), &back, reterr_diag);
	if (err) {
		if (reterr_diag)
			reterr_diag->column = 0;
		return err;
	}
	if (!rule_equal(rule, &back)) {
		diag_set(reterr_diag, 0,
			 "the kernel would read this rule as another one");
		return -EINVAL;
	}
	text_add(ret, out.data, out.size);
	return ret->error;
}
