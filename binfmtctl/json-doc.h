/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * JSON documents of the schema "binfmtctl/1", put together from json-c objects. A failed
 * allocation is sticky and makes the whole document fail, so only doc_close() is looked at.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "binfmtctl/rule.h"

struct json_object;
struct timespec;

struct doc {
	bool failed;
};

struct json_object *doc_object(struct doc *doc);

/* All of these take over what they are given and work with a NULL object after a failure. */
void doc_put(struct doc *doc, struct json_object *object, const char *key,
	     struct json_object *value);
void doc_bool(struct doc *doc, struct json_object *o, const char *key, bool value);
void doc_int(struct doc *doc, struct json_object *o, const char *key, int64_t value);
void doc_hex(struct doc *doc, struct json_object *o, const char *key, const void *data,
	     size_t size);

/* A string that is not UTF-8 gets U+FFFD for its bad bytes and a second member, KEY_hex. */
void doc_bytes(struct doc *doc, struct json_object *o, const char *key, const char *data,
	       size_t size);

/* The same for a C string; null for NULL. */
void doc_string(struct doc *doc, struct json_object *o, const char *key, const char *s);

/* All members of a rule. @other_flags: letters of newer kernels. */
void doc_rule(struct doc *doc, struct json_object *o, const struct rule *rule,
	      const char *other_flags);

/* A diag's members: file, line, column, message, hint. */
void doc_diag(struct doc *doc, struct json_object *o, const struct diag *diag);

/* UTC, to the second. */
void doc_time(struct doc *doc, struct json_object *o, const char *key,
	      const struct timespec *t);

/* A new object below @key. */
struct json_object *doc_below(struct doc *doc, struct json_object *o, const char *key);

/* A string as an item of an array, with U+FFFD for bytes that are not UTF-8. */
void doc_item(struct doc *doc, struct json_object *array, const char *s);

/* A new array below @key. */
struct json_object *doc_array(struct doc *doc, struct json_object *o, const char *key);

/* Adds an item to the array, or, without one, prints it at once on a line of its own. */
void doc_emit(struct doc *doc, struct json_object *array, struct json_object *item,
	      struct text *ret);

/* The envelope and, inside it under @key (unless NULL), the array that takes the items. */
struct json_object *doc_envelope(struct doc *doc, const char *command, const char *key,
				 struct json_object **ret_array);

/* Prints and frees the envelope, which may be NULL. 0 or -ENOMEM. */
int doc_close(struct doc *doc, struct json_object *o, struct text *ret);
