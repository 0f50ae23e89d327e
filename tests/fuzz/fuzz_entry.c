/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An entry as the kernel shows it: a name of up to 255 bytes, a NUL, and the content of the
 * file. All that is printed about it must be harmless.
 */
#include "tests/fuzz/check.h"

#include "binfmtctl/entry.h"
#include "binfmtctl/output.h"

const char *const fuzz_words[] = {
	"enabled\n", "disabled\n", "interpreter ", "flags: ",  "POCF\n",    "extension .",
	"offset ",   "magic ",     "mask ",        "7f454c46", "\nflags: ", "ffff",
	"255",       "bpf x\n",    "\x1b[2J",      NULL};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum output_format formats[] = {OUTPUT_TEXT, OUTPUT_PLAIN,
						     OUTPUT_JSON, OUTPUT_JSONL};
	const uint8_t *nul = memchr(data, '\0', size);
	_cleanup_(entry_done) struct entry entry = {0};
	struct entries entries = {&entry, 1, 1};
	struct diag diag = {0};
	const char *text;
	int err;

	if (!nul || nul == data || nul - data > RULE_NAME_MAX)
		return 0;
	text = (const char *)nul + 1;
	err = entry_parse((const char *)data, text, data + size - nul - 1, &entry, &diag);
	if (err) {
		CHECK(!entry.rule.name);
		fuzz_diag(&diag, size);
		return 0;
	}
	CHECK(strcmp(entry.rule.name, (const char *)data) == 0);
	CHECK(memchr(entry.other_flags, '\0', sizeof(entry.other_flags)));
	if (entry.understood && entry.rule.type == RULE_MAGIC)
		CHECK(entry.rule.size >= 1 &&
		      entry.rule.offset + entry.rule.size <= RULE_WINDOW_MAX);
	if (entry.understood)
		(void)rule_matches(&entry.rule, data, size, "/x.y");
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		_cleanup_(text_done) struct text list = TEXT_INIT, show = TEXT_INIT;

		CHECK(output_list(formats[i], "/mnt", true, &entries, &list) == 0);
		CHECK(output_show(formats[i], "/mnt", &entries, &show) == 0);
		fuzz_harmless(&list);
		fuzz_harmless(&show);
	}
	return 0;
}
