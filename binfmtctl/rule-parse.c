/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads a rule as the kernel reads it, oddities included, and says what is wrong where.
 *
 * The kernel pads the text with eight delimiters and wants the scan to end exactly at the end
 * of the text. So every field must be closed inside the text; what would run into the padding
 * is refused here at once. Two passes look at a magic or mask: the first finds its end and
 * checks each "\x", the second decodes, stops at a raw NUL, and takes a backslash that begins
 * no escape together with the byte behind it. They can disagree ("\\x41" is five literal
 * bytes, yet its x must be followed by two digits), so there are two passes here as well.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "binfmtctl/rule.h"

struct cursor {
	const char *text;
	size_t size, at;
	char delimiter;
	struct diag *diag;
};

struct field {
	const char *data;
	size_t size;
};

static unsigned int column_of(const struct cursor *c, const char *p)
{
	return p - c->text + 1;
}

/* A byte for a message: itself if it can be seen, else \xHH. */
static const char *show_byte(char byte, char buffer[8])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char b = byte;

	if (b > 0x20 && b < 0x7f) {
		buffer[0] = byte;
		buffer[1] = '\0';
	} else {
		buffer[0] = '\\';
		buffer[1] = 'x';
		buffer[2] = digits[b >> 4];
		buffer[3] = digits[b & 15];
		buffer[4] = '\0';
	}
	return buffer;
}

static bool is_letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int unclosed(struct cursor *c, const char *what, size_t from)
{
	char d[8];

	show_byte(c->delimiter, d);
	diag_set(c->diag, from + 1, "the %s has no closing '%s'", what, d);
	diag_hint(c->diag,
		  "a rule has seven delimiters, also one before empty flags: "
		  "%sname%sM%soffset%smagic%smask%sinterpreter%sflags",
		  d, d, d, d, d, d, d);
	return -EINVAL;
}

/* A field in which nothing is special but its end. */
static int take_field(struct cursor *c, const char *what, struct field *ret)
{
	size_t from = c->at;
	const char *start = c->text + from;
	const char *end = memchr(start, c->delimiter, c->size - from);
	const char *nul = c->delimiter ? memchr(start, '\0', c->size - from) : NULL;

	if (nul && (!end || nul < end)) {
		diag_set(c->diag, column_of(c, nul), "the %s holds a NUL byte", what);
		return -EINVAL;
	}
	if (!end)
		return unclosed(c, what, from);
	*ret = (struct field){start, end - start};
	c->at = end - c->text + 1;
	return 0;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Pass one over a magic or mask. The two digits of an escape may even be delimiters. */
static int take_escaped(struct cursor *c, const char *what, struct field *ret)
{
	size_t from = c->at, at = from;

	for (;; at++) {
		if (at >= c->size)
			return unclosed(c, what, from);
		if (c->text[at] == c->delimiter)
			break;
		if (c->text[at] != '\\' || at + 1 >= c->size || c->text[at + 1] != 'x')
			continue;
		if (at + 3 >= c->size || hex_value(c->text[at + 2]) < 0 ||
		    hex_value(c->text[at + 3]) < 0) {
			diag_set(c->diag, at + 1,
				 "\\x in the %s needs two hexadecimal digits", what);
			diag_hint(c->diag, "a backslash itself is written \\x5c");
			return -EINVAL;
		}
		at += 3;
	}
	*ret = (struct field){c->text + from, at - from};
	c->at = at + 1;
	return 0;
}

/* Pass two. Returns the decoded size, which may be over the @room bytes that are stored. */
static size_t decode(const struct field *field, uint8_t *out, size_t room)
{
	const char *s = field->data, *end;
	size_t n = 0;

	end = memchr(s, '\0', field->size);
	if (!end)
		end = s + field->size;
	while (s < end) {
		uint8_t byte[2] = {*s++};
		size_t count = 1;

		if (byte[0] == '\\' && s < end) {
			int high = s[0] == 'x' && s + 1 < end ? hex_value(s[1]) : -1;
			int low = high >= 0 && s + 2 < end ? hex_value(s[2]) : -1;

			if (low >= 0) {
				byte[0] = high << 4 | low;
				s += 3;
			} else if (high >= 0) {
				byte[0] = high;
				s += 2;
			} else {
				byte[1] = *s++;
				count = 2;
			}
		}
		for (size_t i = 0; i < count; i++, n++)
			if (n < room)
				out[n] = byte[i];
	}
	return n;
}

static int copy_field(const struct field *field, char **ret)
{
	char *copy = malloc(field->size + 1);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, field->data, field->size);
	copy[field->size] = '\0';
	*ret = copy;
	return 0;
}

static int parse_name(struct cursor *c, struct rule *rule)
{
	struct field f;
	const char *slash;
	int err;

	err = take_field(c, "name", &f);
	if (err)
		return err;
	if (f.size == 0) {
		diag_set(c->diag, column_of(c, f.data), "the name is empty");
		return -EINVAL;
	}
	slash = memchr(f.data, '/', f.size);
	if (slash) {
		diag_set(c->diag, column_of(c, slash), "the name holds a '/'");
		diag_hint(c->diag,
			  "the name becomes a file in the binfmt_misc directory");
		return -EINVAL;
	}
	if (f.data[0] == '.' && (f.size == 1 || (f.size == 2 && f.data[1] == '.'))) {
		diag_set(c->diag, column_of(c, f.data),
			 "the name may not be '.' or '..'");
		return -EINVAL;
	}
	return copy_field(&f, &rule->name);
}

/* The version that brought one of ; for hints. */
static const char *since_of(unsigned int flags)
{
	const struct rule_limits *row;

	for (size_t i = 0; (row = rule_limits_at(i)); i++)
		if (row->flags & flags)
			return row->since;
	return rule_limits_newest()->since;
}

static int parse_type(struct cursor *c, const struct rule_limits *limits,
		      struct rule *rule)
{
	char type = c->at < c->size ? c->text[c->at] : c->delimiter;
	char shown[8];

	if (type != 'M' && type != 'E' && !(type == 'B' && limits->bpf)) {
		diag_set(c->diag, c->at + 1,
			 "the type must be M (magic) or E (extension), not '%s'",
			 show_byte(type, shown));
		if (type == 'm' || type == 'e')
			diag_hint(c->diag, "it is a capital letter");
		else if (type == 'B')
			diag_hint(c->diag, "type B (a BPF handler) needs Linux %s",
				  rule_limits_newest()->since);
		return -EINVAL;
	}
	rule->type = type == 'M' ? RULE_MAGIC : type == 'E' ? RULE_EXTENSION : RULE_BPF;
	if (c->at < c->size) /* else the letter was the delimiter's padding */
		c->at++;
	if (c->at >= c->size || c->text[c->at] != c->delimiter) {
		diag_set(c->diag, c->at + 1, "the type must be one letter and a '%s'",
			 show_byte(c->delimiter, shown));
		return -EINVAL;
	}
	c->at++;
	return 0;
}

/* A decimal as the kernel's number parser takes it: a sign, digits, one newline. */
static int parse_offset(struct cursor *c, struct rule *rule)
{
	struct field f;
	size_t i = 0, first;
	bool minus = false;
	uint64_t value = 0;
	int err;

	err = take_field(c, "offset", &f);
	if (err || f.size == 0)
		return err;
	if (f.data[0] == '+' || f.data[0] == '-')
		minus = f.data[i++] == '-';
	first = i;
	for (; i < f.size && f.data[i] >= '0' && f.data[i] <= '9'; i++) {
		value = value * 10 + (f.data[i] - '0');
		if (value > INT_MAX)
			value = (uint64_t)INT_MAX + 1;
	}
	if (i == first || !(i == f.size || (i + 1 == f.size && f.data[i] == '\n'))) {
		diag_set(c->diag, column_of(c, f.data + (i < f.size ? i : 0)),
			 "the offset is not a decimal number");
		if (f.size > 2 && f.data[0] == '0' && (f.data[1] | 0x20) == 'x')
			diag_hint(c->diag, "hexadecimal is not understood here");
		return -EINVAL;
	}
	if (minus && value) {
		diag_set(c->diag, column_of(c, f.data), "the offset is negative");
		return -EINVAL;
	}
	if (value > INT_MAX) {
		diag_set(c->diag, column_of(c, f.data), "the offset is too large");
		return -EINVAL;
	}
	rule->offset = value;
	return 0;
}

static int parse_magic(struct cursor *c, const struct rule_limits *limits,
		       struct rule *rule)
{
	struct field magic, mask;
	size_t mask_size;
	int err;

	err = parse_offset(c, rule);
	if (err)
		return err;
	err = take_escaped(c, "magic", &magic);
	if (err)
		return err;
	if (magic.size == 0 || magic.data[0] == '\0') {
		diag_set(c->diag, column_of(c, magic.data),
			 magic.size ? "the magic begins with a raw NUL byte"
				    : "the magic is empty");
		if (magic.size)
			diag_hint(c->diag, "write it \\x00");
		return -EINVAL;
	}
	err = take_escaped(c, "mask", &mask);
	if (err)
		return err;
	rule->size = decode(&magic, rule->magic, sizeof(rule->magic));
	rule->has_mask = mask.size > 0 && mask.data[0] != '\0';
	if (rule->has_mask) {
		mask_size = decode(&mask, rule->mask, sizeof(rule->mask));
		if (mask_size != rule->size) {
			diag_set(c->diag, column_of(c, mask.data),
				 "the mask has %zu bytes, the magic %zu", mask_size,
				 rule->size);
			return -EINVAL;
		}
	}
	if (rule->size > limits->window || limits->window - rule->size < rule->offset) {
		diag_set(c->diag, column_of(c, magic.data),
			 "offset %u and a magic of %zu bytes reach past byte %u",
			 rule->offset, rule->size, limits->window);
		diag_hint(c->diag,
			  "the kernel looks at the first %u bytes of a file only",
			  limits->window);
		return -EINVAL;
	}
	return 0;
}

static int parse_extension(struct cursor *c, struct rule *rule)
{
	struct field f;
	const char *slash;
	int err;

	err = take_field(c, "offset", &f);
	if (err)
		return err;
	err = take_field(c, "extension", &f);
	if (err)
		return err;
	if (f.size == 0) {
		diag_set(c->diag, column_of(c, f.data), "the extension is empty");
		return -EINVAL;
	}
	slash = memchr(f.data, '/', f.size);
	if (slash) {
		diag_set(c->diag, column_of(c, slash), "the extension holds a '/'");
		return -EINVAL;
	}
	err = copy_field(&f, &rule->extension);
	if (err)
		return err;
	return take_field(c, "mask", &f);
}

/* Offset, magic and mask of a BPF handler stay empty. */
static int parse_bpf(struct cursor *c)
{
	static const char *const fields[] = {"offset", "magic", "mask"};

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		struct field f;
		int err = take_field(c, fields[i], &f);

		if (err)
			return err;
		if (f.size) {
			diag_set(c->diag, column_of(c, f.data),
				 "a BPF handler takes no %s", fields[i]);
			return -EINVAL;
		}
	}
	return 0;
}

static int parse_interpreter(struct cursor *c, struct rule *rule)
{
	struct field f;
	int err;

	err = take_field(c, "interpreter", &f);
	if (err)
		return err;
	if (f.size == 0) {
		diag_set(c->diag, column_of(c, f.data), "the interpreter is empty");
		return -EINVAL;
	}
	return copy_field(&f, &rule->interpreter);
}

/* Flags that exclude each other, and what they ask of the interpreter. */
static int check_flags(struct cursor *c, const struct rule_limits *limits,
		       const struct rule *rule)
{
	unsigned int flags = rule->flags;

	if (rule->type == RULE_BPF && flags & ~RULE_DISABLED) {
		diag_set(c->diag, 0, "a BPF handler takes no flag but D");
		return -EINVAL;
	}
	if (flags & RULE_LOADER && flags & (RULE_TRANSPARENT | RULE_PRESERVE_ARGV0 |
					    RULE_OPEN_BINARY | RULE_CREDENTIALS)) {
		diag_set(c->diag, 0, "flag L excludes P, O, C and T");
		return -EINVAL;
	}
	if (flags & RULE_TRANSPARENT && flags & RULE_PRESERVE_ARGV0) {
		diag_set(c->diag, 0, "flags T and P exclude each other");
		return -EINVAL;
	}
	if (limits->absolute && flags & (RULE_CREDENTIALS | RULE_LOADER) &&
	    !(flags & RULE_FIX_BINARY) && rule->interpreter[0] != '/') {
		diag_set(
			c->diag, 0,
			"flags C and L without F need an absolute interpreter since Linux %s",
			limits->since);
		return -EINVAL;
	}
	return 0;
}

static int parse_flags(struct cursor *c, const struct rule_limits *limits,
		       struct rule *rule)
{
	char letter, shown[8];

	for (; c->at < c->size; c->at++) {
		unsigned int bit = rule_flag_bit(c->text[c->at]) & limits->flags;

		if (!bit)
			break;
		rule->flags |= bit;
	}
	if (rule->flags & (RULE_CREDENTIALS | RULE_TRANSPARENT))
		rule->flags |= RULE_OPEN_BINARY;
	if (c->at < c->size && c->text[c->at] == '\n')
		c->at++;
	else if (c->at == c->size && c->delimiter == '\n')
		c->at++; /* the padding is taken for the newline */
	if (c->at == c->size)
		return check_flags(c, limits, rule);

	if (c->at > c->size) {
		diag_set(
			c->diag, 1,
			"a rule with newlines between its fields needs one more at its end");
		diag_hint(c->diag, "use ':'");
		return -EINVAL;
	}
	letter = c->text[c->at];
	show_byte(letter, shown);
	if (letter == c->delimiter) {
		diag_set(c->diag, c->at + 1, "one '%s' too many after the interpreter",
			 shown);
		diag_hint(c->diag,
			  "a '%s' inside a magic is written \\x%02x; in a name or path "
			  "take another delimiter",
			  shown, (unsigned char)letter);
	} else if (letter == '\r') {
		diag_set(c->diag, c->at + 1, "a carriage return follows the flags");
		diag_hint(c->diag, "the file has DOS line ends");
	} else if (letter == '\n' || letter == ' ' || letter == '\t') {
		diag_set(c->diag, c->at + 1, "white space follows the flags");
		diag_hint(c->diag, "one newline at most may end a rule");
	} else if (rule_flag_bit(letter)) {
		diag_set(c->diag, c->at + 1, "flag '%c' needs Linux %s", letter,
			 since_of(rule_flag_bit(letter)));
	} else if (rule_flag_bit(letter & ~0x20)) {
		diag_set(c->diag, c->at + 1, "unknown flag '%s'", shown);
		diag_hint(c->diag, "flags are capital letters");
	} else {
		diag_set(c->diag, c->at + 1, "unknown flag '%s'", shown);
		diag_hint(c->diag, "flags are P, O, C and F");
	}
	return -EINVAL;
}

static int parse_fields(struct cursor *c, const struct rule_limits *limits,
			struct rule *rule)
{
	int err;

	err = parse_name(c, rule);
	if (err)
		return err;
	err = parse_type(c, limits, rule);
	if (err)
		return err;
	if (rule->type == RULE_MAGIC)
		err = parse_magic(c, limits, rule);
	else if (rule->type == RULE_BPF)
		err = parse_bpf(c);
	else
		err = parse_extension(c, rule);
	if (err)
		return err;
	err = parse_interpreter(c, rule);
	if (err)
		return err;
	return parse_flags(c, limits, rule);
}

int rule_parse(const char *text, size_t size, const struct rule_limits *limits,
	       struct rule *ret, struct diag *reterr_diag)
{
	struct cursor c = {.text = text, .size = size, .at = 1, .diag = reterr_diag};
	_cleanup_(rule_done) struct rule rule = {0};
	int err;

	if (size < RULE_MIN_SIZE || size > RULE_MAX_SIZE) {
		diag_set(reterr_diag, 1,
			 "the rule has %zu bytes, the kernel takes %d to %d", size,
			 RULE_MIN_SIZE, RULE_MAX_SIZE);
		if (size > RULE_MAX_SIZE)
			diag_hint(reterr_diag,
				  "bytes written as they are instead of \\xHH "
				  "take a quarter of the room");
		return -EINVAL;
	}
	c.delimiter = text[0];
	if (rule_flag_bit(c.delimiter) & limits->flags) {
		diag_set(reterr_diag, 1, "the delimiter '%c' is also a flag",
			 c.delimiter);
		diag_hint(reterr_diag, "a rule begins with its delimiter: use ':'");
		return -EINVAL;
	}
	err = parse_fields(&c, limits, &rule);
	if (err == -EINVAL && is_letter_or_digit(c.delimiter))
		diag_hint(
			reterr_diag,
			"the first character is the delimiter, here '%c': is a ':' missing "
			"before it?",
			c.delimiter);
	if (err)
		return err;
	/* Last, as in the kernel: the length is the file system's objection, not the parser's. */
	if (strlen(rule.name) > RULE_NAME_MAX) {
		diag_set(reterr_diag, 2, "the name has %zu bytes, at most %d are allowed",
			 strlen(rule.name), RULE_NAME_MAX);
		return -ENAMETOOLONG;
	}
	*ret = rule;
	rule = (struct rule){0};
	return 0;
}
