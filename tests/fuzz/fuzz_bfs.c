/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A format file of binfmt-support: a file name, a NUL, and its content. */
#include <errno.h>

#include "tests/fuzz/check.h"

#include "binfmtctl/bfs.h"

const char *const fuzz_words[] = {"package x\n",
				  "interpreter /bin/y\n",
				  "magic ",
				  "mask ",
				  "extension jar\n",
				  "offset 4\n",
				  "detector /bin/d\n",
				  "\\x7fELF",
				  "credentials yes\n",
				  "preserve yes\n",
				  "fix_binary yes\n",
				  "PACKAGE ",
				  "yes",
				  "no",
				  "\n",
				  NULL};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct rule_limits *limits = rule_limits_newest();
	const uint8_t *nul = memchr(data, '\0', size);
	_cleanup_(bfs_done) struct bfs format = {0}, again = {0};
	_cleanup_(rule_done) struct rule rule = {0}, rule_again = {0};
	_cleanup_(text_done) struct text text = TEXT_INIT;
	const char *content;
	struct diag diag = {0};
	int err;

	if (!nul || nul == data)
		return 0;
	content = (const char *)nul + 1;
	size -= nul + 1 - data;
	(void)bfs_looks_like(content, size);
	err = bfs_parse((const char *)data, content, size, &format, &diag);
	if (err) {
		CHECK(err == -EINVAL || err == -ENOMEM);
		fuzz_diag(&diag, size);
		CHECK(!format.name && !format.interpreter);
		return 0;
	}
	err = bfs_to_rule(&format, limits, &rule, &diag);
	if (err) {
		fuzz_diag(&diag, size);
		CHECK(!rule.name);
		return 0;
	}
	fuzz_rule(&rule);
	fuzz_matches(&rule);
	/* Written as such a file and read again it is the same rule. */
	err = bfs_build(&rule, "x", &text, &diag);
	if (err) {
		CHECK(diag.message[0] || text.error);
		return 0;
	}
	CHECK(bfs_looks_like(text.data, text.size));
	CHECK(bfs_parse(rule.name, text.data, text.size, &again, &diag) == 0);
	CHECK(bfs_to_rule(&again, limits, &rule_again, &diag) == 0);
	/* Bits of the magic that the mask leaves out are not written. */
	for (size_t i = 0; rule.has_mask && i < rule.size; i++)
		rule.magic[i] &= rule.mask[i];
	if (!rule_equal(&rule, &rule_again)) {
		fprintf(stderr, "from: %s\nto: %s\n", content, text.data);
		CHECK(!"the same rule");
	}
	return 0;
}
