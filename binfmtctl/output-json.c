/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON through json-c. A failed allocation anywhere makes the whole document fail. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include <json.h>

#include "binfmtctl/elfident.h"
#include "binfmtctl/explain.h"
#include "binfmtctl/output-json.h"

#define SCHEMA "binfmtctl/1"

/* A document under construction; @failed is sticky. */
struct doc {
	bool failed;
};

static void put(struct doc *doc, struct json_object *object, const char *key,
		struct json_object *value)
{
	if (!object || json_object_object_add(object, key, value)) {
		doc->failed = true;
		json_object_put(value);
	}
}

static struct json_object *object(struct doc *doc)
{
	struct json_object *o = json_object_new_object();

	if (!o)
		doc->failed = true;
	return o;
}

static struct json_object *string(struct doc *doc, const char *s, size_t size)
{
	struct json_object *o = json_object_new_string_len(s, size);

	if (!o)
		doc->failed = true;
	return o;
}

static void put_bool(struct doc *doc, struct json_object *o, const char *key, bool value)
{
	put(doc, o, key, json_object_new_boolean(value));
}

static void put_hex(struct doc *doc, struct json_object *o, const char *key,
		    const void *data, size_t size)
{
	_cleanup_(text_done) struct text hex = TEXT_INIT;

	text_hex(&hex, data, size);
	if (hex.error)
		doc->failed = true;
	else
		put(doc, o, key, string(doc, hex.data ? hex.data : "", hex.size));
}

static void put_bytes(struct doc *doc, struct json_object *o, const char *key,
		      const char *data, size_t size)
{
	_cleanup_(text_done) struct text lossy = TEXT_INIT, hex_key = TEXT_INIT;
	size_t i = 0;

	if (utf8_valid(data, size)) {
		put(doc, o, key, string(doc, data, size));
		return;
	}
	while (i < size) {
		size_t n = utf8_sequence(data + i, size - i);

		if (n)
			text_add(&lossy, data + i, n);
		else
			text_puts(&lossy, "\xef\xbf\xbd");
		i += n ? n : 1;
	}
	text_printf(&hex_key, "%s_hex", key);
	if (lossy.error || hex_key.error) {
		doc->failed = true;
		return;
	}
	put(doc, o, key, string(doc, lossy.data, lossy.size));
	put_hex(doc, o, hex_key.data, data, size);
}

static void put_string(struct doc *doc, struct json_object *o, const char *key,
		       const char *s)
{
	if (s)
		put_bytes(doc, o, key, s, strlen(s));
	else
		put(doc, o, key, NULL);
}

static void put_rule(struct doc *doc, struct json_object *o, const struct rule *rule,
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
	put_string(doc, o, "name", rule->name);
	put_string(doc, o, "type", rule_type_name(rule->type));
	if (rule->type == RULE_MAGIC) {
		put(doc, o, "offset", json_object_new_int(rule->offset));
		put_hex(doc, o, "magic", rule->magic, rule->size);
		if (rule->has_mask)
			put_hex(doc, o, "mask", rule->mask, rule->size);
		else
			put(doc, o, "mask", NULL);
	} else if (rule->type == RULE_EXTENSION) {
		put_string(doc, o, "extension", rule->extension);
	}
	put_string(doc, o, "matches", what.data);
	put_string(doc, o, "interpreter", rule->interpreter);
	put_string(doc, o, "flags", letters.data);
	for (size_t i = 0; err && i < ARRAY_SIZE(styles); i++)
		err = rule_build(rule, &styles[i], &text, NULL);
	if (err)
		put(doc, o, "rule", NULL);
	else
		put_bytes(doc, o, "rule", text.data, text.size);
}

static void put_time(struct doc *doc, struct json_object *o, const struct timespec *t)
{
	char buffer[64];
	struct tm tm;

	if (!gmtime_r(&t->tv_sec, &tm) ||
	    !strftime(buffer, sizeof(buffer), "%Y-%m-%dT%H:%M:%SZ", &tm))
		put(doc, o, "registered", NULL);
	else
		put_string(doc, o, "registered", buffer);
}

static struct json_object *entry_object(struct doc *doc, const struct entry *e,
					size_t order)
{
	struct json_object *o = object(doc);

	if (e->understood) {
		put_rule(doc, o, &e->rule, e->other_flags);
	} else {
		put_string(doc, o, "name", e->rule.name);
		put_string(doc, o, "type", "other");
		put_string(doc, o, "interpreter", e->rule.interpreter);
		put_string(doc, o, "flags", e->other_flags);
	}
	put_bool(doc, o, "enabled", e->enabled);
	put(doc, o, "order", json_object_new_int64(order));
	put_time(doc, o, &e->registered);
	if (e->other_lines)
		put_string(doc, o, "other", e->other_lines);
	return o;
}

/* json-c leaves DEL and the C1 controls as they are; terminals that see JSON do not. */
static void add_escaped(struct text *to, const char *s)
{
	for (; *s; s++) {
		const unsigned char *u = (const unsigned char *)s;

		if (*u == 0x7f) {
			text_puts(to, "\\u007f");
		} else if (*u == 0xc2 && u[1] >= 0x80 && u[1] < 0xa0) {
			text_printf(to, "\\u00%02x", u[1]);
			s++;
		} else {
			text_putc(to, *s);
		}
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
static void emit(struct doc *doc, struct json_object *array, struct json_object *item,
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
static struct json_object *envelope(struct doc *doc, const char *command, const char *key,
				    struct json_object **ret_array)
{
	struct json_object *o = object(doc);

	*ret_array = json_object_new_array();
	put_string(doc, o, "schema", SCHEMA);
	put_string(doc, o, "command", command);
	put(doc, o, key, *ret_array);
	return o;
}

static int close_envelope(struct doc *doc, struct json_object *o, struct text *ret)
{
	if (o && !doc->failed)
		print(doc, o, false, ret);
	json_object_put(o);
	return finish(doc, ret);
}

int json_entries(bool lines, const char *command, const char *mount, const bool *status,
		 const struct entries *entries, struct text *ret)
{
	struct doc doc = {0};
	struct json_object *all = NULL, *array = NULL;

	if (!lines) {
		all = envelope(&doc, command, "entries", &array);
		put_string(&doc, all, "mount", mount);
		if (status)
			put_bool(&doc, all, "enabled", *status);
	}
	for (size_t i = 0; !doc.failed && i < entries->count; i++)
		emit(&doc, array, entry_object(&doc, &entries->list[i], i), ret);
	return close_envelope(&doc, all, ret);
}

int json_results(bool lines, const char *command, bool dry_run,
		 const struct output_result *results, size_t count, struct text *ret)
{
	struct doc doc = {0};
	struct json_object *all = NULL, *array = NULL;

	if (!lines) {
		all = envelope(&doc, command, "results", &array);
		put_bool(&doc, all, "dry_run", dry_run);
	}
	for (size_t i = 0; !doc.failed && i < count; i++) {
		const struct output_result *r = &results[i];
		struct json_object *o = object(&doc);

		put_string(&doc, o, "name", r->name);
		put_bool(&doc, o, "ok", r->err == 0);
		if (r->rule)
			put_bytes(&doc, o, "rule", r->rule, r->rule_size);
		if (r->err) {
			put_string(&doc, o, "errno", explain_errno_name(r->err));
			put_string(&doc, o, "file", r->diag.file);
			put(&doc, o, "line", json_object_new_int(r->diag.line));
			put(&doc, o, "column", json_object_new_int(r->diag.column));
			put_string(&doc, o, "message", r->diag.message);
			put_string(&doc, o, "hint",
				   r->diag.hint[0] ? r->diag.hint : NULL);
		}
		emit(&doc, array, o, ret);
	}
	return close_envelope(&doc, all, ret);
}

int json_rules(bool lines, const struct rule *rules, size_t count, struct text *ret)
{
	struct doc doc = {0};
	struct json_object *all = NULL, *array = NULL;

	if (!lines)
		all = envelope(&doc, "gen", "rules", &array);
	for (size_t i = 0; !doc.failed && i < count; i++) {
		struct json_object *o = object(&doc);

		put_rule(&doc, o, &rules[i], "");
		emit(&doc, array, o, ret);
	}
	return close_envelope(&doc, all, ret);
}
