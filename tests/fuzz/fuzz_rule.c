/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text as it is written to the kernel's register file. */
#include <errno.h>

#include "tests/fuzz/check.h"

#include "binfmtctl/check.h"
#include "binfmtctl/elfident.h"

const char *const fuzz_words[] = {
	":",       ":M:",      ":E:", ":M:0:", "::",  "\\x7fELF",
	"\\x00",   "\\xff",    "\\x", "POCF",  "\n",  "/bin/true",
	"status",  "+5",       "-0",  "256",   "255", ":x:M::a::/b:",
	"\\\\x41", "register", "T",   NULL};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct rule_limits *limits = rule_limits_newest();
	_cleanup_(rule_done) struct rule rule = {0};
	_cleanup_(text_done) struct text words = TEXT_INIT;
	_cleanup_(findings_done) struct findings findings = {0};
	static struct native native;
	struct diag diag = {0};
	const char *what;
	int err = rule_parse((const char *)data, size, limits, &rule, &diag);

	if (err) {
		CHECK(err == -EINVAL || err == -ENAMETOOLONG || err == -ENOMEM);
		CHECK(!rule.name && !rule.interpreter && !rule.extension);
		if (err != -ENOMEM)
			fuzz_diag(&diag, size);
		return 0;
	}
	fuzz_rule(&rule);
	fuzz_built(&rule, limits);
	fuzz_matches(&rule);
	elf_describe(&rule, &words);
	elf_explain(&rule, &words);
	(void)elf_rule_takes_native(&rule, &what);
	err = check_danger(&rule, &diag);
	CHECK(err == 0 || (err == -ECANCELED && diag.message[0]));
	if (!native.name)
		native_detect(&native);
	check_rule(&rule, &native, &findings);
	findings_sort(&findings);
	for (size_t i = 0; i < findings.count; i++)
		CHECK(findings.list[i].evidence && strlen(findings.list[i].id) == 3);
	fuzz_harmless(&words);
	return 0;
}
