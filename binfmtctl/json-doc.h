/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * JSON documents of the schema "binfmtctl/1", put together from values that all lie in the
 * memory of their document: nothing is freed but the whole. A failed allocation is sticky and
 * makes the whole document fail, so only doc_close() is looked at.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "binfmtctl/rule.h"

struct json;
struct timespec;

struct doc {
	bool failed;
	struct doc_chunk *chunks; /* the last one is being filled */
};

struct json *doc_object(struct doc *doc);

/*
 * All of these copy what they are given, but for keys, which are constants; no object gets the
 * same key twice. They work with a NULL object after a failure.
 */
void doc_bool(struct doc *doc, struct json *o, const char *key, bool value);
void doc_int(struct doc *doc, struct json *o, const char *key, int64_t value);
void doc_hex(struct doc *doc, struct json *o, const char *key, const void *data,
	     size_t size);

/* A string that is not UTF-8 gets U+FFFD for its bad bytes and a second member, KEY_hex. */
void doc_bytes(struct doc *doc, struct json *o, const char *key, const char *data,
	       size_t size);

/* The same for a C string; null for NULL. */
void doc_string(struct doc *doc, struct json *o, const char *key, const char *s);

/* All members of a rule. @other_flags: letters of newer kernels. */
void doc_rule(struct doc *doc, struct json *o, const struct rule *rule,
	      const char *other_flags);

/* A diag's members: file, line, column, message, hint. */
void doc_diag(struct doc *doc, struct json *o, const struct diag *diag);

/* UTC, to the second. */
void doc_time(struct doc *doc, struct json *o, const char *key, const struct timespec *t);

/* A new object below @key. */
struct json *doc_below(struct doc *doc, struct json *o, const char *key);

/* A string as an item of an array, with U+FFFD for bytes that are not UTF-8. */
void doc_item(struct doc *doc, struct json *array, const char *s);

/* A new array below @key. */
struct json *doc_array(struct doc *doc, struct json *o, const char *key);

/*
 * Adds an item to the array, or, without one, prints it at once on a line of its own: then no
 * value that the document has had may be used any more.
 */
void doc_emit(struct doc *doc, struct json *array, struct json *item, struct text *ret);

/* The envelope and, inside it under @key (unless NULL), the array that takes the items. */
struct json *doc_envelope(struct doc *doc, const char *command, const char *key,
			  struct json **ret_array);

/* Prints and frees the envelope, which may be NULL. 0 or -ENOMEM. */
int doc_close(struct doc *doc, struct json *o, struct text *ret);
