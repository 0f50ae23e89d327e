/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables, plain lines and JSON, the latter read back by json-c. */
#include "tests/lib/unit.h"

#include <json.h>

#include "common/macro.h"

#include "binfmtctl/output.h"

static const char *const files[] = {
	"enabled\ninterpreter /bin/i\nflags: PF\noffset 0\nmagic 4d5a\nmask ffff\n",
	"disabled\ninterpreter /bin/\xff\nflags: Q\nextension .jar\nfuture line\n",
	"enabled\nmind reader\n",
};
static const char *const names[] = {"one", "tw\xc3\xa9\n", "three"};

static void make(struct entries *ret)
{
	ret->list = calloc(ARRAY_SIZE(files), sizeof(*ret->list));
	ret->count = ARRAY_SIZE(files);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		assert_int_equal(entry_parse(names[i], files[i], strlen(files[i]),
					     &ret->list[i], NULL),
				 0);
}

static void test_table(void **state)
{
	static const char want[] =
		"NAME   STATE     TYPE       FLAGS  MATCHES  INTERPRETER\n"
		"one    enabled   magic      PF     4d5a     /bin/i\n"
		"tw\xc3\xa9\\n  disabled  extension  Q      .jar     /bin/\\xff\n"
		"three  enabled   other      -      -        -\n";
	struct entries entries = {0};
	struct text text = TEXT_INIT;

	(void)state;
	make(&entries);
	assert_int_equal(output_list(OUTPUT_TEXT, "/m", true, &entries, &text), 0);
	assert_string_equal(text.data, want);
	text_done(&text);
	entries_done(&entries);
}

static void test_switched_off(void **state)
{
	struct entries entries = {0};
	struct text text = TEXT_INIT;

	(void)state;
	assert_int_equal(output_list(OUTPUT_TEXT, "/m", false, &entries, &text), 0);
	assert_non_null(strstr(text.data, "switched off"));
	text_done(&text);
}

static const char *string_of(struct json_object *o, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(o, key, &value))
		fail_msg("no member %s", key);
	return value ? json_object_get_string(value) : NULL;
}

static void test_json(void **state)
{
	struct entries entries = {0};
	struct text text = TEXT_INIT;
	struct json_object *all, *list, *e;

	(void)state;
	make(&entries);
	assert_int_equal(output_list(OUTPUT_JSON, "/m", true, &entries, &text), 0);
	all = json_tokener_parse(text.data);
	assert_non_null(all);
	assert_string_equal(string_of(all, "schema"), "binfmtctl/1");
	assert_string_equal(string_of(all, "mount"), "/m");
	assert_string_equal(string_of(all, "enabled"), "true");
	assert_true(json_object_object_get_ex(all, "entries", &list));
	assert_int_equal(json_object_array_length(list), 3);
	e = json_object_array_get_idx(list, 0);
	assert_string_equal(string_of(e, "magic"), "4d5a");
	assert_string_equal(string_of(e, "mask"), "ffff");
	assert_string_equal(string_of(e, "rule"), ":one:M:0:MZ:\\xff\\xff:/bin/i:PF");
	e = json_object_array_get_idx(list, 1);
	assert_string_equal(string_of(e, "name"), "tw\xc3\xa9\n");
	assert_string_equal(string_of(e, "interpreter"), "/bin/\xef\xbf\xbd");
	assert_string_equal(string_of(e, "interpreter_hex"), "2f62696e2fff");
	assert_string_equal(string_of(e, "flags"), "Q");
	assert_string_equal(string_of(e, "other"), "future line\n");
	e = json_object_array_get_idx(list, 2);
	assert_string_equal(string_of(e, "type"), "other");
	assert_null(string_of(e, "interpreter"));
	json_object_put(all);
	text_done(&text);
	entries_done(&entries);
}

/* Every character below U+0800 comes back, and no control character goes out. */
static void test_strings(void **state)
{
	for (int c = 1; c < 0x800; c++)
		for (int line = 0; line < 2; line++) {
			struct doc doc = {0};
			struct text text = TEXT_INIT;
			struct json_object *all = doc_object(&doc), *array = NULL;
			struct json_object *back;
			struct json_tokener *tokener = json_tokener_new();
			char s[8] = {'<'};

			(void)state;
			if (c < 0x80)
				sprintf(s + 1, "%c>", c);
			else
				sprintf(s + 1, "%c%c>", 0xc0 | c >> 6, 0x80 | (c & 63));
			doc_string(&doc, all, "key", s);
			array = doc_array(&doc, all, "array");
			doc_item(&doc, array, s);
			doc_array(&doc, all, "empty");
			doc_string(&doc, all, "nothing", NULL);
			doc_int(&doc, all, "number", INT64_MIN);
			if (line)
				doc_emit(&doc, NULL, all, &text);
			assert_int_equal(doc_close(&doc, line ? NULL : all, &text), 0);
			for (size_t i = 0; i < text.size; i++) {
				uint8_t u = text.data[i], next = text.data[i + 1];

				assert_false(u < 0x20 && u != '\n');
				assert_false(u == 0x7f || (u == 0xc2 && next < 0xa0));
			}
			json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
			back = json_tokener_parse_ex(tokener, text.data, text.size);
			assert_non_null(back);
			assert_string_equal(string_of(back, "key"), s);
			assert_null(string_of(back, "nothing"));
			assert_string_equal(string_of(back, "number"),
					    "-9223372036854775808");
			json_object_put(back);
			json_tokener_free(tokener);
			text_done(&text);
		}
}

static void test_lines(void **state)
{
	struct entries entries = {0};
	struct text text = TEXT_INIT;
	unsigned int lines = 0;

	(void)state;
	make(&entries);
	assert_int_equal(output_show(OUTPUT_JSONL, "/m", &entries, &text), 0);
	for (char *line = strtok(text.data, "\n"); line; line = strtok(NULL, "\n")) {
		struct json_object *o = json_tokener_parse(line);

		assert_non_null(o);
		assert_non_null(string_of(o, "name"));
		json_object_put(o);
		lines++;
	}
	assert_int_equal(lines, 3);
	text_done(&text);
	entries_done(&entries);
}

static void test_results(void **state)
{
	struct output_result results[2] = {
		{.name = (char *)"good", .rule = (char *)":r", .rule_size = 2},
		{.name = (char *)"bad", .err = -EEXIST},
	};
	struct text text = TEXT_INIT;
	struct json_object *all, *list, *r;

	(void)state;
	diag_set(&results[1].diag, 4, "taken");
	assert_int_equal(output_results(OUTPUT_JSON, "register", true, results, 2, &text),
			 0);
	all = json_tokener_parse(text.data);
	assert_string_equal(string_of(all, "dry_run"), "true");
	assert_true(json_object_object_get_ex(all, "results", &list));
	r = json_object_array_get_idx(list, 0);
	assert_string_equal(string_of(r, "ok"), "true");
	r = json_object_array_get_idx(list, 1);
	assert_string_equal(string_of(r, "ok"), "false");
	assert_string_equal(string_of(r, "errno"), "EEXIST");
	assert_string_equal(string_of(r, "message"), "taken");
	assert_string_equal(string_of(r, "column"), "4");
	json_object_put(all);
	text_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),   cmocka_unit_test(test_switched_off),
		cmocka_unit_test(test_json),    cmocka_unit_test(test_lines),
		cmocka_unit_test(test_results), cmocka_unit_test(test_strings),
	};

	return cmocka_run_group_tests_name("binfmtctl/output", tests, NULL, NULL);
}
