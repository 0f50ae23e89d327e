/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ELF rules: which headers they match, and what existing rules are called. */
#include <elf.h>

#include "tests/lib/unit.h"

#include "common/macro.h"

#include "binfmtctl/elfident.h"

enum { BOTH = ELF_TYPE_EXEC | ELF_TYPE_DYN };

struct head {
	const char *target;
	uint16_t type;
	uint8_t osabi;
	uint32_t flags, first_segment;
	bool appimage;
};

/* A header as a linker writes it; big-endian when the target is. */
static void write_head(const struct head *h, uint8_t out[RULE_WINDOW_MAX])
{
	const struct elf_target *t = elf_target_find(h->target);
	bool wide = t->class == ELFCLASS64, big = t->data == ELFDATA2MSB;
	struct {
		size_t at, size;
		uint64_t value;
	} fields[] = {
		{16, 2, h->type},
		{18, 2, t->machine},
		{20, 4, 1},
		{wide ? 32 : 28, wide ? 8 : 4, wide ? 64 : 52},
		{wide ? 48 : 36, 4, h->flags},
		{wide ? 64 : 52, 4, h->first_segment},
	};

	memset(out, 0, RULE_WINDOW_MAX);
	memcpy(out,
	       "\x7f"
	       "ELF",
	       4);
	out[4] = t->class;
	out[5] = t->data;
	out[6] = 1;
	out[7] = h->osabi;
	if (h->appimage)
		memcpy(out + 8, "AI\x02", 3);
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		for (size_t j = 0; j < fields[i].size; j++) {
			size_t shift = 8 * (big ? fields[i].size - 1 - j : j);

			out[fields[i].at + j] = fields[i].value >> shift;
		}
}

static const struct head pie = {"aarch64", ET_DYN, 0, 0, PT_PHDR, false};
static const struct head static_exec = {"aarch64", ET_EXEC, 3, 0, PT_LOAD, false};
static const struct head ld_so = {"aarch64", ET_DYN, 0, 0, PT_LOAD, false};
static const struct head object = {"aarch64", ET_REL, 0, 0, 0, false};
static const struct head appimage = {"aarch64", ET_DYN, 0, 0, PT_PHDR, true};
static const struct head big = {"aarch64_be", ET_DYN, 0, 0, PT_PHDR, false};
static const struct head big_ld_so = {"aarch64_be", ET_DYN, 0, 0, PT_LOAD, false};
static const struct head armhf = {"arm", ET_DYN, 0, 0x05000400, 0x70000001, false};
static const struct head armel = {"arm", ET_EXEC, 0, 0x05000200, 0x70000001, false};
static const struct head arm_old = {"arm", ET_EXEC, 0, 0x05000000, 0x70000001, false};
static const struct head be8 = {"armeb", ET_EXEC, 0, 0x05800400, 0x70000001, false};
static const struct head be32 = {"armeb", ET_EXEC, 0, 0x05000400, 0x70000001, false};

static const struct {
	const char *target;
	struct elf_match match;
	const struct head *head;
	bool matches;
} rows[] = {
	{"aarch64", {.types = BOTH}, &pie, true},
	{"aarch64", {.types = BOTH}, &static_exec, true},
	{"aarch64", {.types = BOTH}, &ld_so, true},
	{"aarch64", {.types = BOTH}, &object, false},
	{"aarch64", {.types = BOTH}, &appimage, false},
	{"aarch64", {.types = BOTH, .appimage = true}, &appimage, true},
	{"aarch64", {.types = BOTH}, &big, false},
	{"aarch64", {.types = BOTH}, &armhf, false},
	{"aarch64", {.types = ELF_TYPE_EXEC}, &static_exec, true},
	{"aarch64", {.types = ELF_TYPE_EXEC}, &pie, false},
	{"aarch64", {.types = ELF_TYPE_DYN}, &static_exec, false},
	{"aarch64", {.types = ELF_TYPE_DYN}, &pie, true},
	{"aarch64", {.types = BOTH, .osabi = ELF_OSABI_STRICT}, &static_exec, false},
	{"aarch64", {.types = BOTH, .osabi = ELF_OSABI_STRICT}, &pie, true},
	{"aarch64", {.types = BOTH, .osabi = ELF_OSABI_UP_TO_GNU}, &static_exec, true},
	{"aarch64", {.types = BOTH, .loader = true}, &ld_so, true},
	{"aarch64", {.types = BOTH, .loader = true}, &pie, false},
	{"aarch64", {.types = BOTH, .loader = true}, &static_exec, false},
	{"aarch64_be", {.types = BOTH}, &big, true},
	{"aarch64_be", {.types = ELF_TYPE_EXEC}, &big, false},
	{"aarch64_be", {.types = BOTH, .loader = true}, &big_ld_so, true},
	{"aarch64_be", {.types = BOTH, .loader = true}, &big, false},
	{"arm", {.types = BOTH}, &armhf, true},
	{"arm", {.types = BOTH}, &armel, true},
	{"arm", {.types = BOTH, .float_abi = ELF_FLOAT_HARD}, &armhf, true},
	{"arm", {.types = BOTH, .float_abi = ELF_FLOAT_HARD}, &armel, false},
	{"arm", {.types = BOTH, .float_abi = ELF_FLOAT_HARD}, &arm_old, false},
	{"arm", {.types = BOTH, .float_abi = ELF_FLOAT_SOFT}, &armel, true},
	{"arm", {.types = BOTH, .float_abi = ELF_FLOAT_SOFT}, &armhf, false},
	{"armeb", {.types = BOTH}, &be32, true},
	{"armeb", {.types = BOTH, .be8 = true}, &be8, true},
	{"armeb", {.types = BOTH, .be8 = true}, &be32, false},
	{"armeb", {.types = BOTH, .float_abi = ELF_FLOAT_HARD}, &be8, true},
};

static void test_matches(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t head[RULE_WINDOW_MAX];
		struct rule rule = {0};
		const char *what;

		write_head(rows[i].head, head);
		assert_int_equal(elf_rule(elf_target_find(rows[i].target), &rows[i].match,
					  &rule, NULL),
				 0);
		if (rule_matches(&rule, head, sizeof(head), "/x") != rows[i].matches)
			fail_msg("row %zu", i);
		assert_false(elf_rule_takes_native(&rule, &what));
	}
}

static void test_bytes(void **state)
{
	static const uint8_t magic[] = {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0,    0,
					0,    0,   0,   0,   0, 0, 2, 0, 0xb7, 0};
	struct rule rule = {0};

	(void)state;
	assert_int_equal(elf_rule(elf_target_find("aarch64"),
				  &(struct elf_match){.types = BOTH}, &rule, NULL),
			 0);
	assert_int_equal(rule.size, 20);
	assert_memory_equal(rule.magic, magic, 20);
	assert_int_equal(rule.mask[7], 0);
	assert_int_equal(rule.mask[16], 0xfe);
	assert_int_equal(rule.mask[17], 0xff);
}

static void test_impossible(void **state)
{
	struct elf_match hard = {.types = BOTH, .float_abi = ELF_FLOAT_HARD};
	struct elf_match loader = {.types = BOTH, .loader = true};
	struct elf_match match_be8 = {.types = BOTH, .be8 = true};
	struct diag diag = {0};
	struct rule rule;

	(void)state;
	assert_null(elf_target_find("x32"));
	assert_non_null(elf_target_find("riscv64"));
	assert_null(elf_target_find("nonsense"));
	assert_int_equal(elf_rule(elf_target_find("aarch64"), &hard, &rule, &diag),
			 -EINVAL);
	assert_int_equal(elf_rule(elf_target_find("arm"), &loader, &rule, &diag),
			 -EINVAL);
	assert_int_equal(elf_rule(elf_target_find("arm"), &match_be8, &rule, &diag),
			 -EINVAL);
}

static void test_header(void **state)
{
	uint8_t head[RULE_WINDOW_MAX];
	struct elf_header header;
	struct diag diag = {0};

	(void)state;
	write_head(&be8, head);
	assert_int_equal(elf_header_parse(head, 64, &header, &diag), 0);
	assert_int_equal(header.machine, EM_ARM);
	assert_int_equal(header.flags, 0x05800400);
	assert_string_equal(
		elf_target_of(header.class, header.data, header.machine)->name, "armeb");
	assert_int_equal(elf_header_parse(head, 51, &header, &diag), -ENOEXEC);
	assert_non_null(strstr(diag.message, "cut short"));
	assert_int_equal(elf_header_parse("#!/bin/sh", 9, &header, &diag), -ENOEXEC);
	assert_non_null(strstr(diag.hint, "script"));
	assert_int_equal(elf_header_parse("", 0, &header, &diag), -ENOEXEC);
	head[5] = 7;
	assert_int_equal(elf_header_parse(head, 64, &header, &diag), -ENOEXEC);
}

static void test_names(void **state)
{
	static const struct {
		const char *rule, *description;
	} named[] = {
		{":n:E::jar::/i:", ".jar"},
		{":n:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"
		 "\\x02\\x00\\xb7\\x00::/i:",
		 "aarch64 ELF"},
		{":n:M::\\x7fELF\\x01\\x02\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"
		 "\\x00\\x02\\x00\\x14::/i:",
		 "ppc ELF"},
		{":n:M:4:MZ::/i:", "4d5a at 4"},
		{":n:M::0123456789::/i:", "3031323334353637..."},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(named); i++) {
		struct text text = TEXT_INIT;
		struct rule rule;

		assert_int_equal(rule_parse(named[i].rule, strlen(named[i].rule),
					    rule_limits_find("6.12"), &rule, NULL),
				 0);
		elf_describe(&rule, &text);
		assert_string_equal(text.data, named[i].description);
		text_done(&text);
		rule_done(&rule);
	}
}

static void test_native(void **state)
{
	static const char *const takers[] = {
		":n:M::\\x7fELF::/bin/i:",
		":n:M::#!::/bin/i:",
		":n:M::x:\\x00:/bin/i:",
		":n:M:16:\\x03\\x00::/bin/i:",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(takers); i++) {
		const char *what = NULL;
		struct rule rule;

		assert_int_equal(rule_parse(takers[i], strlen(takers[i]),
					    rule_limits_find("6.12"), &rule, NULL),
				 0);
		assert_true(elf_rule_takes_native(&rule, &what));
		assert_non_null(what);
		rule_done(&rule);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matches),    cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_impossible), cmocka_unit_test(test_header),
		cmocka_unit_test(test_names),      cmocka_unit_test(test_native),
	};

	return cmocka_run_group_tests_name("binfmtctl/elfident", tests, NULL, NULL);
}
