/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The vocabulary of all JSON output, on top of json-c. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <json.h>

#include "binfmtctl/elfident.h"
#include "binfmtctl/json-doc.h"

#define SCHEMA "binfmtctl/1"

void doc_put(struct doc *doc, struct json_object *object, const char *key,
	     struct json_object *value)
{
	if (!object || json_object_object_add(object, key, value)) {
		doc->failed = true;
		json_object_put(value);
	}
}

struct json_object *doc_object(struct doc *doc)
{
	struct json_object *o = json_object_new_object();

	if (!o)
		doc->failed = true;
	return o;
}

static struct json_object *doc_new_string(struct doc *doc, const char *s, size_t size)
{
	struct json_object *o = json_object_new_string_len(s, size);

	if (!o)
		doc->failed = true;
	return o;
}

void doc_bool(struct doc *doc, struct json_object *o, const char *key, bool value)
{
	doc_put(doc, o, key, json_object_new_boolean(value));
}

void doc_hex(struct doc *doc, struct json_object *o, const char *key, const void *data,
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

void doc_bytes(struct doc *doc, struct json_object *o, const char *key, const char *data,
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
	doc_hex(doc, o, hex_key.data, data, size);
}

void doc_string(struct doc *doc, struct json_object *o, const char *key, const char *s)
{
	if (s)
		doc_bytes(doc, o, key, s, strlen(s));
	else
		doc_put(doc, o, key, NULL);
}

void doc_rule(struct doc *doc, struct json_object *o, const struct rule *rule,
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
		doc_put(doc, o, "offset", json_object_new_int(rule->offset));
		doc_hex(doc, o, "magic", rule->magic, rule->size);
		if (rule->has_mask)
			doc_hex(doc, o, "mask", rule->mask, rule->size);
		else
			doc_put(doc, o, "mask", NULL);
	} else if (rule->type == RULE_EXTENSION) {
		doc_string(doc, o, "extension", rule->extension);
	}
	doc_string(doc, o, "matches", what.data);
	doc_string(doc, o, "interpreter", rule->interpreter);
	doc_string(doc, o, "flags", letters.data);
	for (size_t i = 0; err && i < ARRAY_SIZE(styles); i++)
		err = rule_build(rule, &styles[i], &text, NULL);
	if (err)
		doc_put(doc, o, "rule", NULL);
	else
		doc_bytes(doc, o, "rule", text.data, text.size);
}

void doc_int(struct doc *doc, struct json_object *o, const char *key, int64_t value)
{
	doc_put(doc, o, key, json_object_new_int64(value));
}

void doc_diag(struct doc *doc, struct json_object *o, const struct diag *diag)
{
	doc_string(doc, o, "file", diag->file);
	doc_int(doc, o, "line", diag->line);
	doc_int(doc, o, "column", diag->column);
	doc_string(doc, o, "message", diag->message);
	doc_string(doc, o, "hint", diag->hint[0] ? diag->hint : NULL);
}

void doc_time(struct doc *doc, struct json_object *o, const char *key,
	      const struct timespec *t)
{
	char buffer[64];
	struct tm tm;
	int size;

	/* strftime is slow enough to matter for a long list. */
	if (!gmtime_r(&t->tv_sec, &tm)) {
		doc_put(doc, o, key, NULL);
		return;
	}
	size = snprintf(buffer, sizeof(buffer), "%04d-%02d-%02dT%02d:%02d:%02dZ",
			tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
			tm.tm_min, tm.tm_sec);
	doc_put(doc, o, key, doc_new_string(doc, buffer, size));
}

struct json_object *doc_below(struct doc *doc, struct json_object *o, const char *key)
{
	struct json_object *below = doc_object(doc);

	doc_put(doc, o, key, below);
	return doc->failed ? NULL : below;
}

void doc_item(struct doc *doc, struct json_object *array, const char *s)
{
	_cleanup_(text_done) struct text lossy = TEXT_INIT;
	struct json_object *item = NULL;

	add_lossy(&lossy, s, strlen(s));
	text_add(&lossy, "", 0);
	if (!lossy.error)
		item = doc_new_string(doc, lossy.data, lossy.size);
	if (!item || !array || json_object_array_add(array, item)) {
		doc->failed = true;
		json_object_put(item);
	}
}

struct json_object *doc_array(struct doc *doc, struct json_object *o, const char *key)
{
	struct json_object *array = json_object_new_array();

	doc_put(doc, o, key, array);
	return doc->failed ? NULL : array;
}

/* json-c leaves DEL and the C1 controls as they are; terminals that see JSON do not. */
static void add_escaped(struct text *to, const char *s)
{
	while (*s) {
		size_t harmless = strcspn(s, "\x7f\xc2");
		const unsigned char *u = (const unsigned char *)s + harmless;

		text_add(to, s, harmless);
		s += harmless;
		if (!*u)
			break;
		if (*u == 0x7f) {
			text_puts(to, "\\u007f");
		} else if (u[1] >= 0x80 && u[1] < 0xa0) {
			text_printf(to, "\\u00%02x", u[1]);
			s++;
		} else {
			text_putc(to, *s);
		}
		s++;
	}
}

static void print(struct doc *doc, struct json_object *o, bool line, struct text *ret)
{
	const char *s = json_object_to_json_string_ext(
		o, JSON_C_TO_STRING_NOSLASHESCAPE |
			   (line ? JSON_C_TO_STRING_PLAIN
				 : JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED));

	if (!s) {
		doc->failed = true;
		return;
	}
	add_escaped(ret, s);
	text_putc(ret, '\n');
}

static int finish(const struct doc *doc, const struct text *ret)
{
	return doc->failed ? -ENOMEM : ret->error;
}

/* Adds an item to the array, or prints it at once when there is no array. */
void doc_emit(struct doc *doc, struct json_object *array, struct json_object *item,
	      struct text *ret)
{
	if (!array) {
		print(doc, item, true, ret);
		json_object_put(item);
	} else if (json_object_array_add(array, item)) {
		doc->failed = true;
		json_object_put(item);
	}
}

/* The envelope and, inside it under @key, the array that takes the items. */
struct json_object *doc_envelope(struct doc *doc, const char *command, const char *key,
				 struct json_object **ret_array)
{
	struct json_object *o = doc_object(doc);

	doc_string(doc, o, "schema", SCHEMA);
	doc_string(doc, o, "command", command);
	if (key)
		*ret_array = doc_array(doc, o, key);
	return o;
}

int doc_close(struct doc *doc, struct json_object *o, struct text *ret)
{
	if (o && !doc->failed)
		print(doc, o, false, ret);
	json_object_put(o);
	return finish(doc, ret);
}
