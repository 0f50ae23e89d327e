/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The vocabulary of all JSON output, and its text. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "binfmtctl/elfident.h"
#include "binfmtctl/json-doc.h"

#define SCHEMA "binfmtctl/1"

enum json_kind { JSON_NULL, JSON_BOOL, JSON_INT, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
	enum json_kind kind;
	const char *key;   /* of a member of an object */
	struct json *next; /* in the same object or array */
	union {
		int64_t number;
		struct {
			const char *data;
			size_t size;
		};
		struct {
			struct json *first, *last;
		};
	};
};

struct doc_chunk {
	struct doc_chunk *next;
	size_t used, size;
	_Alignas(max_align_t) char data[];
};

enum { CHUNK_SIZE = 32 << 10 };

static void *doc_alloc(struct doc *doc, size_t size)
{
	struct doc_chunk *chunk = doc->chunks;

	size = (size + 7) & ~(size_t)7;
	if (!chunk || chunk->size - chunk->used < size) {
		size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;

		chunk = malloc(sizeof(*chunk) + room);
		if (!chunk) {
			doc->failed = true;
			return NULL;
		}
		*chunk = (struct doc_chunk){.next = doc->chunks, .size = room};
		doc->chunks = chunk;
	}
	chunk->used += size;
	return chunk->data + chunk->used - size;
}

static void doc_free(struct doc *doc)
{
	while (doc->chunks) {
		struct doc_chunk *next = doc->chunks->next;

		free(doc->chunks);
		doc->chunks = next;
	}
}

static struct json *doc_new(struct doc *doc, enum json_kind kind)
{
	struct json *value = doc_alloc(doc, sizeof(*value));

	if (value)
		*value = (struct json){.kind = kind};
	return value;
}

/* Appends to an object or array; either may be NULL after a failure. */
static void doc_append(struct doc *doc, struct json *to, struct json *value)
{
	if (!to || !value) {
		doc->failed = true;
		return;
	}
	if (to->last)
		to->last->next = value;
	else
		to->first = value;
	to->last = value;
}

static void doc_put(struct doc *doc, struct json *object, const char *key,
		    struct json *value)
{
	if (value)
		value->key = key;
	doc_append(doc, object, value);
}

struct json *doc_object(struct doc *doc)
{
	return doc_new(doc, JSON_OBJECT);
}

static const char *doc_copy(struct doc *doc, const char *data, size_t size)
{
	char *copy = doc_alloc(doc, size + 1);

	if (!copy)
		return NULL;
	memcpy(copy, data, size);
	copy[size] = '\0';
	return copy;
}

static struct json *doc_new_string(struct doc *doc, const char *data, size_t size)
{
	struct json *value = doc_new(doc, JSON_STRING);

	if (value) {
		value->data = doc_copy(doc, data, size);
		value->size = size;
	}
	return value;
}

static void doc_null(struct doc *doc, struct json *o, const char *key)
{
	doc_put(doc, o, key, doc_new(doc, JSON_NULL));
}

void doc_bool(struct doc *doc, struct json *o, const char *key, bool value)
{
	struct json *v = doc_new(doc, JSON_BOOL);

	if (v)
		v->number = value;
	doc_put(doc, o, key, v);
}

void doc_hex(struct doc *doc, struct json *o, const char *key, const void *data,
	     size_t size)
{
	_cleanup_(text_done) struct text hex = TEXT_INIT;

	text_hex(&hex, data, size);
	if (hex.error)
		doc->failed = true;
	else
		doc_put(doc, o, key,
			doc_new_string(doc, hex.data ? hex.data : "", hex.size));
}

/* With U+FFFD for what is not UTF-8. */
static void add_lossy(struct text *to, const char *data, size_t size)
{
	for (size_t i = 0, n; i < size; i += n ? n : 1) {
		n = utf8_sequence(data + i, size - i);
		if (n)
			text_add(to, data + i, n);
		else
			text_puts(to, "\xef\xbf\xbd");
	}
}

void doc_bytes(struct doc *doc, struct json *o, const char *key, const char *data,
	       size_t size)
{
	_cleanup_(text_done) struct text lossy = TEXT_INIT, hex_key = TEXT_INIT;

	if (utf8_valid(data, size)) {
		doc_put(doc, o, key, doc_new_string(doc, data, size));
		return;
	}
	add_lossy(&lossy, data, size);
	text_printf(&hex_key, "%s_hex", key);
	if (lossy.error || hex_key.error) {
		doc->failed = true;
		return;
	}
	doc_put(doc, o, key, doc_new_string(doc, lossy.data, lossy.size));
	doc_hex(doc, o, doc_copy(doc, hex_key.data, hex_key.size), data, size);
}

void doc_string(struct doc *doc, struct json *o, const char *key, const char *s)
{
	if (s)
		doc_bytes(doc, o, key, s, strlen(s));
	else
		doc_null(doc, o, key);
}

void doc_rule(struct doc *doc, struct json *o, const struct rule *rule,
	      const char *other_flags)
{
	static const struct rule_style styles[] = {{.encoding = RULE_TEXT},
						   {.encoding = RULE_RAW}};
	_cleanup_(text_done) struct text what = TEXT_INIT, text = TEXT_INIT,
					 letters = TEXT_INIT;
	char flags[RULE_FLAGS_SIZE];
	int err = -EINVAL;

	rule_flags_text(rule->flags, flags);
	text_printf(&letters, "%s%s", flags, other_flags);
	elf_describe(rule, &what);
	if (letters.error || what.error) {
		doc->failed = true;
		return;
	}
	doc_string(doc, o, "name", rule->name);
	doc_string(doc, o, "type", rule_type_name(rule->type));
	if (rule->type == RULE_MAGIC) {
		doc_int(doc, o, "offset", rule->offset);
		doc_hex(doc, o, "magic", rule->magic, rule->size);
		if (rule->has_mask)
			doc_hex(doc, o, "mask", rule->mask, rule->size);
		else
			doc_null(doc, o, "mask");
	} else if (rule->type == RULE_EXTENSION) {
		doc_string(doc, o, "extension", rule->extension);
	}
	doc_string(doc, o, "matches", what.data);
	doc_string(doc, o, "interpreter", rule->interpreter);
	doc_string(doc, o, "flags", letters.data);
	for (size_t i = 0; err && i < ARRAY_SIZE(styles); i++)
		err = rule_build(rule, &styles[i], &text, NULL);
	if (err)
		doc_null(doc, o, "rule");
	else
		doc_bytes(doc, o, "rule", text.data, text.size);
}

void doc_int(struct doc *doc, struct json *o, const char *key, int64_t value)
{
	struct json *v = doc_new(doc, JSON_INT);

	if (v)
		v->number = value;
	doc_put(doc, o, key, v);
}

void doc_diag(struct doc *doc, struct json *o, const struct diag *diag)
{
	doc_string(doc, o, "file", diag->file);
	doc_int(doc, o, "line", diag->line);
	doc_int(doc, o, "column", diag->column);
	doc_string(doc, o, "message", diag->message);
	doc_string(doc, o, "hint", diag->hint[0] ? diag->hint : NULL);
}

void doc_time(struct doc *doc, struct json *o, const char *key, const struct timespec *t)
{
	char buffer[64];
	struct tm tm;
	int size;

	/* strftime is slow enough to matter for a long list. */
	if (!gmtime_r(&t->tv_sec, &tm)) {
		doc_null(doc, o, key);
		return;
	}
	size = snprintf(buffer, sizeof(buffer), "%04d-%02d-%02dT%02d:%02d:%02dZ",
			tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
			tm.tm_min, tm.tm_sec);
	doc_put(doc, o, key, doc_new_string(doc, buffer, size));
}

struct json *doc_below(struct doc *doc, struct json *o, const char *key)
{
	struct json *below = doc_object(doc);

	doc_put(doc, o, key, below);
	return below;
}

void doc_item(struct doc *doc, struct json *array, const char *s)
{
	_cleanup_(text_done) struct text lossy = TEXT_INIT;

	add_lossy(&lossy, s, strlen(s));
	text_add(&lossy, "", 0);
	if (lossy.error)
		doc->failed = true;
	else
		doc_append(doc, array, doc_new_string(doc, lossy.data, lossy.size));
}

struct json *doc_array(struct doc *doc, struct json *o, const char *key)
{
	struct json *array = doc_new(doc, JSON_ARRAY);

	doc_put(doc, o, key, array);
	return array;
}

/* Besides what JSON demands, DEL and the C1 controls: terminals see JSON, too. */
static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f && c != 0xc2;
}

static void print_string(struct text *to, const char *data, size_t size)
{
	static const char letters[] = "btn\0fr"; /* of 8 to 13 */
	const unsigned char *s = (const unsigned char *)data, *end = s + size;

	text_putc(to, '"');
	while (s < end) {
		const unsigned char *from = s;

		while (s < end && is_plain(*s))
			s++;
		text_add(to, from, s - from);
		if (s == end)
			break;
		if (*s == '"' || *s == '\\') {
			text_putc(to, '\\');
			text_putc(to, *s);
		} else if (*s >= 8 && *s <= 13 && *s != 11) {
			text_putc(to, '\\');
			text_putc(to, letters[*s - 8]);
		} else if (*s != 0xc2) {
			text_printf(to, "\\u%04x", *s);
		} else if (end - s > 1 && s[1] >= 0x80 && s[1] < 0xa0) {
			text_printf(to, "\\u%04x", *++s);
		} else {
			text_putc(to, *s);
		}
		s++;
	}
	text_putc(to, '"');
}

/* @depth: of the lines inside; negative for all on one line. */
static void print(struct text *to, const struct json *value, int depth)
{
	bool object = value->kind == JSON_OBJECT;

	switch (value->kind) {
	case JSON_NULL: text_puts(to, "null"); return;
	case JSON_BOOL: text_puts(to, value->number ? "true" : "false"); return;
	case JSON_INT: text_printf(to, "%jd", (intmax_t)value->number); return;
	case JSON_STRING: print_string(to, value->data, value->size); return;
	default: break;
	}
	text_putc(to, object ? '{' : '[');
	for (const struct json *v = value->first; v; v = v->next) {
		if (depth >= 0) {
			text_putc(to, '\n');
			text_fill(to, ' ', 2 * depth + 2);
		}
		if (object) {
			print_string(to, v->key, strlen(v->key));
			text_puts(to, depth >= 0 ? ": " : ":");
		}
		print(to, v, depth >= 0 ? depth + 1 : depth);
		if (v->next)
			text_putc(to, ',');
	}
	if (depth >= 0 && value->first) {
		text_putc(to, '\n');
		text_fill(to, ' ', 2 * depth);
	}
	text_putc(to, object ? '}' : ']');
}

void doc_emit(struct doc *doc, struct json *array, struct json *item, struct text *ret)
{
	if (array || !ret) {
		doc_append(doc, array, item);
		return;
	}
	if (!doc->failed) {
		print(ret, item, -1);
		text_putc(ret, '\n');
	}
	doc_free(doc);
}

/* The envelope and, inside it under @key, the array that takes the items. */
struct json *doc_envelope(struct doc *doc, const char *command, const char *key,
			  struct json **ret_array)
{
	struct json *o = doc_object(doc);

	doc_string(doc, o, "schema", SCHEMA);
	doc_string(doc, o, "command", command);
	if (key)
		*ret_array = doc_array(doc, o, key);
	return o;
}

int doc_close(struct doc *doc, struct json *o, struct text *ret)
{
	if (o && !doc->failed) {
		print(ret, o, 0);
		text_putc(ret, '\n');
	}
	doc_free(doc);
	return doc->failed ? -ENOMEM : ret->error;
}
