/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads a translator's trace (--trace=decode,x86) and adds the instructions behind guest
 * words and host bytes. Usage: xlate-aarch64 --trace=x86 PROGRAM 2>&1 | tools/disassemble
 * tags: tools - disassembler of traces
 */
#include <capstone/capstone.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct run {
	uint64_t start;
	size_t size;
	uint8_t bytes[1 << 16];
};

/* Host code comes in lines of 32 bytes; an instruction may cross them. */
static void print_host(csh host, struct run *run)
{
	cs_insn *insn;
	size_t n = cs_disasm(host, run->bytes, run->size, run->start, 0, &insn);

	for (size_t i = 0; i < n; i++)
		printf("    %" PRIx64 "  %s %s\n", insn[i].address, insn[i].mnemonic,
		       insn[i].op_str);
	if (n)
		cs_free(insn, n);
	run->size = 0;
}

static void add_host(csh host, struct run *run, uint64_t at, const char *hex)
{
	if (run->size && (at != run->start + run->size || run->size + 64 > sizeof(run->bytes)))
		print_host(host, run);
	if (!run->size)
		run->start = at;
	for (unsigned byte; sscanf(hex, "%2x", &byte) == 1; hex += 2) {
		run->bytes[run->size++] = (uint8_t)byte;
		hex += strspn(hex + 2, " ");
	}
}

static void print_guest(csh guest, uint64_t pc, uint32_t word)
{
	cs_insn *insn;

	if (cs_disasm(guest, (const uint8_t *)&word, 4, pc, 1, &insn) == 1) {
		printf("%" PRIx64 ": %08x  %s %s\n", pc, word, insn->mnemonic, insn->op_str);
		cs_free(insn, 1);
	} else {
		printf("%" PRIx64 ": %08x  ?\n", pc, word);
	}
}

int main(void)
{
	static struct run run;
	char line[512];
	csh host, guest;

	if (cs_open(CS_ARCH_X86, CS_MODE_64, &host) != CS_ERR_OK ||
	    cs_open(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN, &guest) != CS_ERR_OK) {
		fprintf(stderr, "disassemble: capstone has no x86 or no arm64\n");
		return 1;
	}
	while (fgets(line, sizeof(line), stdin)) {
		uint64_t at;
		uint32_t word;
		int n = 0;

		if (sscanf(line, "x86 %" SCNx64 ": %n", &at, &n) == 1 && n) {
			add_host(host, &run, at, line + n);
			continue;
		}
		if (run.size)
			print_host(host, &run);
		if (isxdigit((unsigned char)line[0]) &&
		    sscanf(line, "%" SCNx64 ": %8x%n", &at, &word, &n) == 2 && line[n] == '\n')
			print_guest(guest, at, word);
		else
			fputs(line, stdout);
	}
	if (run.size)
		print_host(host, &run);
	return 0;
}
