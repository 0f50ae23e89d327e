/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A guest program: HWCAP, the Features line of /proc/cpuinfo and the identification registers
 * must say the same. The table is Linux's (arch/arm64/kernel/cpufeature.c, elf_hwcaps), written
 * down apart from the one that the translator has.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>

enum { PFR0, PFR1, ISAR0, ISAR1, ISAR2, MMFR0, MMFR1, MMFR2, REGS, NONE = REGS };

static uint64_t reg[REGS + 1];

#define READ(r, name) __asm__("mrs %0, " #name : "=r"(reg[r]))

static const struct {
	const char *name;
	uint8_t word, bit, reg, shift, min; /* the field is signed for FP and AdvSIMD */
} table[] = {
	{ "fp", 1, 0, PFR0, 16, 0 },	    { "asimd", 1, 1, PFR0, 20, 0 },
	{ "evtstrm", 1, 2, NONE, 0, 0 },    { "aes", 1, 3, ISAR0, 4, 1 },
	{ "pmull", 1, 4, ISAR0, 4, 2 },	    { "sha1", 1, 5, ISAR0, 8, 1 },
	{ "sha2", 1, 6, ISAR0, 12, 1 },	    { "crc32", 1, 7, ISAR0, 16, 1 },
	{ "atomics", 1, 8, ISAR0, 20, 2 },  { "fphp", 1, 9, PFR0, 16, 1 },
	{ "asimdhp", 1, 10, PFR0, 20, 1 },  { "cpuid", 1, 11, NONE, 0, 0 },
	{ "asimdrdm", 1, 12, ISAR0, 28, 1 }, { "jscvt", 1, 13, ISAR1, 12, 1 },
	{ "fcma", 1, 14, ISAR1, 16, 1 },    { "lrcpc", 1, 15, ISAR1, 20, 1 },
	{ "dcpop", 1, 16, ISAR1, 0, 1 },    { "sha3", 1, 17, ISAR0, 32, 1 },
	{ "sm3", 1, 18, ISAR0, 36, 1 },	    { "sm4", 1, 19, ISAR0, 40, 1 },
	{ "asimddp", 1, 20, ISAR0, 44, 1 }, { "sha512", 1, 21, ISAR0, 12, 2 },
	{ "sve", 1, 22, PFR0, 32, 1 },	    { "asimdfhm", 1, 23, ISAR0, 48, 1 },
	{ "dit", 1, 24, PFR0, 48, 1 },	    { "uscat", 1, 25, MMFR2, 32, 1 },
	{ "ilrcpc", 1, 26, ISAR1, 20, 2 },  { "flagm", 1, 27, ISAR0, 52, 1 },
	{ "ssbs", 1, 28, PFR1, 4, 2 },	    { "sb", 1, 29, ISAR1, 36, 1 },
	{ "paca", 1, 30, ISAR1, 8, 1 },	    { "pacg", 1, 31, ISAR1, 28, 1 },
	{ "dcpodp", 2, 0, ISAR1, 0, 2 },    { "flagm2", 2, 7, ISAR0, 52, 2 },
	{ "frint", 2, 8, ISAR1, 32, 1 },    { "i8mm", 2, 13, ISAR1, 52, 1 },
	{ "bf16", 2, 14, ISAR1, 44, 1 },    { "dgh", 2, 15, ISAR1, 48, 1 },
	{ "rng", 2, 16, ISAR0, 60, 1 },	    { "bti", 2, 17, PFR1, 0, 1 },
	{ "mte", 2, 18, PFR1, 8, 2 },	    { "ecv", 2, 19, MMFR0, 60, 1 },
	{ "afp", 2, 20, MMFR1, 44, 1 },	    { "rpres", 2, 21, ISAR2, 4, 1 },
	{ "mte3", 2, 22, PFR1, 8, 3 },	    { "sme", 2, 23, PFR1, 24, 1 },
	{ "wfxt", 2, 31, ISAR2, 0, 2 },	    { "ebf16", 2, 32, ISAR1, 44, 2 },
	{ "cssc", 2, 34, ISAR2, 52, 1 },    { "rprfm", 2, 35, ISAR2, 48, 1 },
	{ "mops", 2, 43, ISAR2, 16, 1 },    { "hbc", 2, 44, ISAR2, 20, 1 },
	{ "lrcpc3", 2, 46, ISAR1, 20, 3 },  { "lse128", 2, 47, ISAR0, 20, 3 },
};

static char features[2048];

static void read_cpuinfo(void)
{
	FILE *f = fopen("/proc/cpuinfo", "r");
	char line[2048];

	while (f && fgets(line, sizeof(line), f)) {
		if (strncmp(line, "Features\t:", 10))
			continue;
		line[strcspn(line, "\n")] = ' ';
		snprintf(features, sizeof(features), "%s", line + 10);
		break;
	}
}

static int in_cpuinfo(const char *name)
{
	char word[32];

	snprintf(word, sizeof(word), " %s ", name);
	return strstr(features, word) != NULL;
}

int main(void)
{
	uint64_t cap[3] = { 0, getauxval(AT_HWCAP), getauxval(AT_HWCAP2) };
	uint64_t known[3] = { 0 };
	unsigned bad = 0, count = 0, words = 0;

	READ(PFR0, s3_0_c0_c4_0);
	READ(PFR1, s3_0_c0_c4_1);
	READ(ISAR0, s3_0_c0_c6_0);
	READ(ISAR1, s3_0_c0_c6_1);
	READ(ISAR2, s3_0_c0_c6_2);
	READ(MMFR0, s3_0_c0_c7_0);
	READ(MMFR1, s3_0_c0_c7_1);
	READ(MMFR2, s3_0_c0_c7_2);
	read_cpuinfo();
	for (size_t n = 0; n < sizeof(table) / sizeof(table[0]); n++) {
		int by_cap = cap[table[n].word] >> table[n].bit & 1;
		int field = (int)(reg[table[n].reg] >> table[n].shift & 15);
		int by_reg = table[n].reg == NONE ? by_cap : field >= table[n].min && field < 15;

		known[table[n].word] |= UINT64_C(1) << table[n].bit;
		count += (unsigned)by_cap;
		if (by_cap != by_reg || by_cap != in_cpuinfo(table[n].name)) {
			printf("%s: HWCAP %d, register %d, cpuinfo %d\n", table[n].name, by_cap,
			       by_reg, in_cpuinfo(table[n].name));
			bad++;
		}
	}
	for (const char *p = features; *p; p++)
		words += p[0] != ' ' && p[1] == ' ';
	if (cap[1] & ~known[1] || cap[2] & ~known[2] || words != count)
		printf("more than the table knows: %llx %llx, %u words\n",
		       (unsigned long long)(cap[1] & ~known[1]),
		       (unsigned long long)(cap[2] & ~known[2]), words);
	else if (!bad)
		printf("equal%s\n", features);
	return bad != 0;
}
