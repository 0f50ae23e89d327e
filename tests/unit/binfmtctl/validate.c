/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * validate SCHEMA [DEFINITION]: checks each JSON document of the standard input against the
 * schema, or against one of its $defs. Knows the keywords that binfmtctl.schema.json uses and
 * refuses a schema with others, so that nothing in it goes unchecked.
 */
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json.h>

#include "common/fd.h"

static struct json_object *schema;

static bool valid(struct json_object *rule, struct json_object *value, const char *where,
		  bool tell);

static bool complain(bool tell, const char *where, const char *what, const char *detail)
{
	if (tell)
		fprintf(stderr, "%s: %s%s\n", where, what, detail);
	return false;
}

static struct json_object *get(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(object, key, &value);
	return value;
}

static struct json_object *definition(const char *reference)
{
	static const char prefix[] = "#/$defs/";
	struct json_object *found;

	if (strncmp(reference, prefix, sizeof(prefix) - 1) != 0)
		return NULL;
	found = get(get(schema, "$defs"), reference + sizeof(prefix) - 1);
	return found;
}

static bool has_type(struct json_object *value, const char *type)
{
	switch (json_object_get_type(value)) {
	case json_type_null: return strcmp(type, "null") == 0;
	case json_type_boolean: return strcmp(type, "boolean") == 0;
	case json_type_int: return strcmp(type, "integer") == 0;
	case json_type_string: return strcmp(type, "string") == 0;
	case json_type_array: return strcmp(type, "array") == 0;
	case json_type_object: return strcmp(type, "object") == 0;
	default: return false;
	}
}

static bool check_type(struct json_object *types, struct json_object *value)
{
	if (json_object_is_type(types, json_type_string))
		return has_type(value, json_object_get_string(types));
	for (size_t i = 0; i < json_object_array_length(types); i++)
		if (has_type(value,
			     json_object_get_string(json_object_array_get_idx(types, i))))
			return true;
	return false;
}

static bool check_enum(struct json_object *list, struct json_object *value)
{
	for (size_t i = 0; i < json_object_array_length(list); i++)
		if (json_object_equal(json_object_array_get_idx(list, i), value))
			return true;
	return false;
}

static bool check_pattern(const char *pattern, struct json_object *value)
{
	regex_t regex;
	bool match;

	if (!json_object_is_type(value, json_type_string))
		return true;
	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB)) {
		fprintf(stderr, "bad pattern %s\n", pattern);
		exit(2);
	}
	match = regexec(&regex, json_object_get_string(value), 0, NULL, 0) == 0;
	regfree(&regex);
	return match;
}

static bool check_one_of(struct json_object *list, struct json_object *value,
			 const char *where, bool tell)
{
	size_t fits = 0;

	for (size_t i = 0; i < json_object_array_length(list); i++)
		fits += valid(json_object_array_get_idx(list, i), value, where, false);
	if (fits == 1)
		return true;
	/* The reason is in the branch of the same command. */
	for (size_t i = 0; tell && !fits && i < json_object_array_length(list); i++)
		valid(json_object_array_get_idx(list, i), value, where, true);
	return complain(tell, where,
			fits ? "fits several of oneOf" : "fits none of oneOf", "");
}

static bool check_properties(struct json_object *rule, struct json_object *value,
			     const char *where, bool tell)
{
	struct json_object *properties = get(rule, "properties"),
			   *extra = get(rule, "additionalProperties");
	bool closed = extra && !json_object_get_boolean(extra), good = true;
	char path[512];

	json_object_object_foreach(value, key, member)
	{
		struct json_object *below = properties ? get(properties, key) : NULL;

		snprintf(path, sizeof(path), "%s.%s", where, key);
		if (below)
			good = valid(below, member, path, tell) && good;
		else if (closed)
			good = complain(tell, path, "is not in the schema", "");
	}
	return good;
}

static bool check_required(struct json_object *list, struct json_object *value,
			   const char *where, bool tell)
{
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		const char *key =
			json_object_get_string(json_object_array_get_idx(list, i));

		if (!json_object_object_get_ex(value, key, NULL))
			return complain(tell, where, "lacks ", key);
	}
	return true;
}

static bool check_items(struct json_object *rule, struct json_object *value,
			const char *where, bool tell)
{
	bool good = true;
	char path[512];

	for (size_t i = 0; i < json_object_array_length(value); i++) {
		snprintf(path, sizeof(path), "%s[%zu]", where, i);
		good = valid(rule, json_object_array_get_idx(value, i), path, tell) &&
		       good;
	}
	return good;
}

static bool check_keyword(struct json_object *rule, const char *key,
			  struct json_object *argument, struct json_object *value,
			  const char *where, bool tell)
{
	bool is_object = json_object_is_type(value, json_type_object);

	if (strcmp(key, "$ref") == 0) {
		struct json_object *target = definition(json_object_get_string(argument));

		if (!target) {
			fprintf(stderr, "no %s\n", json_object_get_string(argument));
			exit(2);
		}
		return valid(target, value, where, tell);
	}
	if (strcmp(key, "type") == 0)
		return check_type(argument, value) ||
		       complain(tell, where, "is not of type ",
				json_object_to_json_string(argument));
	if (strcmp(key, "const") == 0)
		return json_object_equal(argument, value) ||
		       complain(tell, where, "is not ",
				json_object_to_json_string(argument));
	if (strcmp(key, "enum") == 0)
		return check_enum(argument, value) ||
		       complain(tell, where, "is none of ",
				json_object_to_json_string(argument));
	if (strcmp(key, "pattern") == 0)
		return check_pattern(json_object_get_string(argument), value) ||
		       complain(tell, where, "does not match ",
				json_object_get_string(argument));
	if (strcmp(key, "minimum") == 0)
		return !json_object_is_type(value, json_type_int) ||
		       json_object_get_int64(value) >= json_object_get_int64(argument) ||
		       complain(tell, where, "is too small", "");
	if (strcmp(key, "oneOf") == 0)
		return check_one_of(argument, value, where, tell);
	if (strcmp(key, "items") == 0)
		return !json_object_is_type(value, json_type_array) ||
		       check_items(argument, value, where, tell);
	if (strcmp(key, "properties") == 0)
		return !is_object || check_properties(rule, value, where, tell);
	if (strcmp(key, "required") == 0)
		return !is_object || check_required(argument, value, where, tell);
	if (strcmp(key, "additionalProperties") == 0 || strcmp(key, "description") == 0 ||
	    strcmp(key, "title") == 0 || strcmp(key, "$schema") == 0 ||
	    strcmp(key, "$defs") == 0)
		return true;
	fprintf(stderr, "the keyword %s is unknown\n", key);
	exit(2);
}

static bool valid(struct json_object *rule, struct json_object *value, const char *where,
		  bool tell)
{
	bool good = true;

	json_object_object_foreach(rule, key, argument)
	{
		good = check_keyword(rule, key, argument, value, where, tell) && good;
	}
	return good;
}

int main(int argc, char **argv)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *rule;
	size_t size, at = 0, count = 0;
	bool good = true;
	char *data;

	if (argc < 2 || !(schema = json_object_from_file(argv[1]))) {
		fprintf(stderr, "validate SCHEMA [DEFINITION]\n");
		return 2;
	}
	rule = argc > 2 ? get(get(schema, "$defs"), argv[2]) : schema;
	if (!rule || fd_read_all(STDIN_FILENO, 64 << 20, &data, &size))
		return 2;
	while (at < size) {
		struct json_object *value;

		if (strchr(" \n\t\r", data[at])) {
			at++;
			continue;
		}
		json_tokener_reset(tokener);
		value = json_tokener_parse_ex(tokener, data + at, size - at);
		if (json_tokener_get_error(tokener) != json_tokener_success) {
			fprintf(stderr, "no JSON at byte %zu\n", at);
			return 1;
		}
		at += json_tokener_get_parse_end(tokener);
		good = valid(rule, value, "document", true) && good;
		json_object_put(value);
		count++;
	}
	free(data);
	json_tokener_free(tokener);
	json_object_put(schema);
	if (count == 0)
		fprintf(stderr, "there is no document\n");
	return good && count ? 0 : 1;
}
