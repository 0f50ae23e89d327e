/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file of binfmt.d, and how its rules stand to each other. */
#include <errno.h>

#include "tests/fuzz/check.h"

#include "binfmtctl/conf.h"
#include "binfmtctl/relation.h"

enum { RULES_MAX = 6 };

const char *const fuzz_words[] = {
	"\n",  "# ",   ";",     "\r\n",      " ",   "\t",           ":",
	":M:", ":E::", "\\x7f", "/bin/true", "POF", "\xef\xbb\xbf", ":x:E::y::/z:\n",
	NULL};

static bool is_end(char c)
{
	return c == '\n' || c == '\r' || c == '\0';
}

static void check_pair(const struct rule *a, const struct rule *b)
{
	uint8_t head[RULE_WINDOW_MAX];
	int err;

	CHECK(rule_overlaps(a, b) == rule_overlaps(b, a));
	CHECK(!rule_covers(a, b) || rule_overlaps(a, b));
	if (a->type != RULE_MAGIC)
		return;
	err = rule_sample(a, &b, 1, head);
	CHECK(err == 0 || err == -ENOENT);
	CHECK(err || rule_matches(a, head, sizeof(head), "/x"));
	CHECK(err || b->type != RULE_MAGIC || !rule_matches(b, head, sizeof(head), "/x"));
	CHECK(err || !rule_covers(b, a));
	CHECK(!err || b->type != RULE_MAGIC || rule_overlaps(a, b));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct conf conf = {.at = text, .end = text + size, .file = "x.conf"};
	struct conf_line line;
	struct rule rules[RULES_MAX] = {0};
	size_t count = 0;
	unsigned int last = 0;

	while (conf_next(&conf, &line)) {
		_cleanup_(rule_done) struct rule rule = {0};
		struct diag diag = {0};
		const char *start;

		CHECK(line.size > 0);
		CHECK(line.text >= text && line.text + line.size <= text + size);
		CHECK(line.line > last);
		last = line.line;
		for (size_t i = 0; i < line.size; i++)
			CHECK(!is_end(line.text[i]));
		CHECK(*line.text != '#' && *line.text != ';');
		/* The place it claims is the place where it is. */
		for (start = line.text; start > text && !is_end(start[-1]); start--)
			;
		CHECK(line.column == line.text - start + 1);
		if (conf_parse(&conf, &line, rule_limits_newest(), &rule, &diag)) {
			fuzz_diag(&diag, line.column + line.size);
			CHECK(diag.line == line.line && diag.file == conf.file);
			CHECK(!diag.column || diag.column >= line.column);
		} else {
			fuzz_rule(&rule);
			if (count < RULES_MAX) {
				rules[count++] = rule;
				rule = (struct rule){0};
			}
		}
	}
	CHECK(conf.at == conf.end);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < count; j++)
			check_pair(&rules[i], &rules[j]);
	for (size_t i = 0; i < count; i++)
		rule_done(&rules[i]);
	return 0;
}
