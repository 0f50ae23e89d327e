/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The first bytes of a file whose ELF header is read; the rule made for its machine must take
 * the file unless the header says something that the rule asks for otherwise.
 */
#include <elf.h>
#include <errno.h>

#include "tests/fuzz/check.h"

#include "binfmtctl/elfident.h"
#include "binfmtctl/simulate.h"

const char *const fuzz_words[] = {"\x7f"
				  "ELF\2\1\1",
				  "\x7f"
				  "ELF\1\1\1",
				  "\x7f"
				  "ELF\1\2\1",
				  "\x7f"
				  "ELF\2\2\1",
				  "AI\2",
				  "#!/bin/sh",
				  "\xb7",
				  "\x28",
				  "\x3e",
				  NULL};

static void check_made(const struct elf_header *header, const uint8_t *data, size_t size,
		       const struct elf_match *match)
{
	const struct elf_target *target =
		elf_target_of(header->class, header->data, header->machine);
	char name[] = "n", interpreter[] = "/i";
	struct rule rule = {.name = name, .interpreter = interpreter};
	bool exec = header->type == ET_EXEC, dyn = header->type == ET_DYN, wanted;
	_cleanup_(text_done) struct text words = TEXT_INIT;
	struct diag diag = {0};

	if (!target)
		return;
	if (elf_rule(target, match, &rule, &diag)) {
		fuzz_diag(&diag, 0);
		return;
	}
	fuzz_rule(&rule);
	fuzz_matches(&rule);
	elf_describe(&rule, &words);
	elf_explain(&rule, &words);
	fuzz_harmless(&words);
	CHECK(words.error ||
	      memmem(words.data, words.size, target->name, strlen(target->name)));
	if (match->loader || match->float_abi != ELF_FLOAT_ANY || match->be8)
		return;
	wanted = (exec && match->types & ELF_TYPE_EXEC) ||
		 (dyn && match->types & ELF_TYPE_DYN);
	if (match->osabi == ELF_OSABI_STRICT)
		wanted &= header->osabi == 0;
	else if (match->osabi == ELF_OSABI_UP_TO_GNU)
		wanted &= header->osabi < 4;
	wanted &= data[EI_VERSION] == EV_CURRENT;
	for (size_t i = match->appimage ? 11 : 8; i < EI_NIDENT; i++)
		wanted &= data[i] == 0;
	if (rule.size == 20)
		CHECK(rule_matches(&rule, data, size, "/x") == wanted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct elf_header header;
	struct diag diag = {0};
	uint8_t head[RULE_WINDOW_MAX] = {0};
	char interpreter[RULE_WINDOW_MAX + 1];
	int err = elf_header_parse(data, size, &header, &diag);

	memcpy(head, data, size < sizeof(head) ? size : sizeof(head));
	if (exec_script(head, interpreter)) {
		CHECK(head[0] == '#' && head[1] == '!');
		CHECK(memchr(interpreter, '\0', sizeof(interpreter)));
		CHECK(!strpbrk(interpreter, " \t\n"));
	}

	if (err) {
		CHECK(err == -ENOEXEC);
		fuzz_diag(&diag, 0);
		return 0;
	}
	CHECK(size >= 52);
	/* Bytes of e_entry say which rule to make. */
	check_made(&header, data, size,
		   &(struct elf_match){
			   .types = 1 + data[24] % 3,
			   .loader = data[25] & 1,
			   .osabi = data[26] % 3,
			   .appimage = data[25] & 2,
			   .float_abi = data[25] & 8 ? data[27] % 3 : ELF_FLOAT_ANY,
			   .be8 = (data[25] & 12) == 12,
		   });
	return 0;
}
