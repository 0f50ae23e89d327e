/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Entries, rules and results as JSON. */
#include <errno.h>
#include <string.h>

#include "binfmtctl/explain.h"
#include "binfmtctl/json-doc.h"
#include "binfmtctl/notes.h"
#include "binfmtctl/output-json.h"

static struct json_object *entry_object(struct doc *doc, const struct entry *e,
					const struct entry_note *note, size_t order)
{
	struct json_object *o = doc_object(doc);

	if (e->understood) {
		doc_rule(doc, o, &e->rule, e->other_flags);
	} else {
		doc_string(doc, o, "name", e->rule.name);
		doc_string(doc, o, "type", "other");
		doc_string(doc, o, "interpreter", e->rule.interpreter);
		doc_string(doc, o, "flags", e->other_flags);
	}
	doc_bool(doc, o, "enabled", e->enabled);
	doc_int(doc, o, "order", order);
	doc_time(doc, o, "registered", &e->registered);
	if (note) {
		doc_string(doc, o, "health", note->health);
		doc_string(doc, o, "source", note->source);
	}
	if (e->other_lines)
		doc_string(doc, o, "other", e->other_lines);
	return o;
}

void json_entry(struct doc *doc, struct json_object *array, const struct entry *entry,
		const struct entry_note *note, size_t order, struct text *ret)
{
	doc_emit(doc, array, entry_object(doc, entry, note, order), ret);
}

struct json_object *json_list(struct doc *doc, const char *command, const char *mount,
			      const bool *status, struct json_object **ret_array)
{
	struct json_object *all = doc_envelope(doc, command, "entries", ret_array);

	doc_string(doc, all, "mount", mount);
	if (status)
		doc_bool(doc, all, "enabled", *status);
	return all;
}

int json_entries(bool lines, const char *command, const char *mount, const bool *status,
		 const struct entries *entries, const struct entry_note *notes,
		 struct text *ret)
{
	struct doc doc = {0};
	struct json_object *all = NULL, *array = NULL;

	if (!lines)
		all = json_list(&doc, command, mount, status, &array);
	for (size_t i = 0; !doc.failed && i < entries->count; i++)
		json_entry(&doc, array, &entries->list[i], notes ? &notes[i] : NULL, i,
			   ret);
	return doc_close(&doc, all, ret);
}

int json_results(bool lines, const char *command, bool dry_run,
		 const struct output_result *results, size_t count, struct text *ret)
{
	struct doc doc = {0};
	struct json_object *all = NULL, *array = NULL;

	if (!lines) {
		all = doc_envelope(&doc, command, "results", &array);
		doc_bool(&doc, all, "dry_run", dry_run);
	}
	for (size_t i = 0; !doc.failed && i < count; i++) {
		const struct output_result *r = &results[i];
		struct json_object *o = doc_object(&doc);

		doc_string(&doc, o, "name", r->name);
		doc_bool(&doc, o, "ok", r->err == 0);
		if (r->rule)
			doc_bytes(&doc, o, "rule", r->rule, r->rule_size);
		if (r->err) {
			doc_string(&doc, o, "errno", explain_errno_name(r->err));
			doc_diag(&doc, o, &r->diag);
		}
		doc_emit(&doc, array, o, ret);
	}
	return doc_close(&doc, all, ret);
}

int json_rules(bool lines, const char *command, const struct rule *rules, size_t count,
	       struct text *ret)
{
	struct doc doc = {0};
	struct json_object *all = NULL, *array = NULL;

	if (!lines)
		all = doc_envelope(&doc, command, "rules", &array);
	for (size_t i = 0; !doc.failed && i < count; i++) {
		struct json_object *o = doc_object(&doc);

		doc_rule(&doc, o, &rules[i], "");
		doc_emit(&doc, array, o, ret);
	}
	return doc_close(&doc, all, ret);
}
