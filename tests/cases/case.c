/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads, runs and compares instruction cases. tags: tests/cases - case files
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "case.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static const char *const exit_names[CASE_EXIT_COUNT] = {
	"end", "brk", "svc", "undef", "segv", "align",
};

/* ---- state ---- */

static void state_init(struct case_state *s)
{
	memset(s, 0, sizeof(*s));
	for (unsigned i = 0; i < 31; i++)
		s->x[i] = UINT64_C(0x7e57c0de00000000) + i * 0x01010101u;
	for (unsigned i = 0; i < 32; i++) {
		s->v[i][0] = UINT64_C(0x1070605040302010) * (i | 1);
		s->v[i][1] = ~s->v[i][0] + i;
	}
	for (unsigned i = 0; i < CASE_DATA_LEN; i++)
		s->mem[i] = (uint8_t)(i * 37 + 11 + (i >> 8));
	s->sp = CASE_MEM - 1024;
	s->pc = CASE_CODE;
}

static uint64_t mem_get(const struct case_state *s, unsigned at, unsigned size)
{
	uint64_t value = 0;

	memcpy(&value, &s->mem[at], size);
	return value;
}

/* Where a register of this name is kept, or NULL. */
static uint64_t *find_register(struct case_state *s, const char *name)
{
	char *end;
	unsigned long n;

	if (!strcmp(name, "sp"))
		return &s->sp;
	if (!strcmp(name, "pc"))
		return &s->pc;
	if (!strcmp(name, "nzcv"))
		return &s->nzcv;
	if (!strcmp(name, "fpcr"))
		return &s->fpcr;
	if (!strcmp(name, "fpsr"))
		return &s->fpsr;
	if ((name[0] != 'x' && name[0] != 'v') || !isdigit((unsigned char)name[1]))
		return NULL;
	n = strtoul(name + 1, &end, 10);
	if (*end)
		return NULL;
	if (name[0] == 'v')
		return n < 32 ? s->v[n] : NULL;
	return n < 31 ? &s->x[n] : NULL;
}

/* ---- reading ---- */

static bool parse_value(const char *text, uint64_t *ret)
{
	uint64_t base = 0;
	char *end;

	if (!strncmp(text, "mem", 3)) {
		base = CASE_MEM;
		text += 3;
	} else if (!strncmp(text, "code", 4)) {
		base = CASE_CODE;
		text += 4;
	} else if (!strncmp(text, "none", 4)) {
		base = CASE_NOTHING;
		text += 4;
	} else if (!*text) {
		return false;
	}
	errno = 0;
	*ret = base;
	if (*text) {
		bool minus = *text == '-';

		if (minus || *text == '+')
			text++;
		if (!isdigit((unsigned char)*text))
			return false;
		*ret += minus ? -strtoull(text, &end, 0) : strtoull(text, &end, 0);
		return !*end && !errno;
	}
	return true;
}

/* NZCV as the letters of the set flags, "-" for none. */
static bool parse_flags(const char *text, uint64_t *ret)
{
	*ret = 0;
	if (!strcmp(text, "-"))
		return true;
	for (; *text; text++) {
		const char *at = strchr("vczn", *text);

		if (!at)
			return false;
		*ret |= 1u << (at - "vczn");
	}
	return true;
}

static bool parse_memory(struct case_state *s, const char *name, const char *value)
{
	char *end;
	long at = strtol(name + 1, &end, 0) + 4096;
	const char *const sizes = "bhwd";
	const char *size;
	uint64_t v;

	if (end[0] != ']' || end[1] != '.' || !end[2] || end[3] ||
	    !(size = strchr(sizes, end[2])) || !parse_value(value, &v))
		return false;
	if (at < 0 || at + (1 << (size - sizes)) > (long)CASE_DATA_LEN)
		return false;
	memcpy(&s->mem[at], &v, 1u << (size - sizes));
	return true;
}

/* One "name=value". */
static bool parse_setting(struct case_state *s, char *item)
{
	char *value = strchr(item, '=');
	uint64_t *reg;

	if (!value)
		return false;
	*value++ = 0;
	if (item[0] == '[')
		return parse_memory(s, item, value);
	if (!strcmp(item, "exit")) {
		for (unsigned i = 0; i < CASE_EXIT_COUNT; i++)
			if (!strcmp(value, exit_names[i])) {
				s->exit = i;
				return true;
			}
		return false;
	}
	if (!strcmp(item, "nzcv"))
		return parse_flags(value, &s->nzcv);
	reg = find_register(s, item);
	if (!reg)
		return false;
	if (item[0] == 'v') { /* upper:lower */
		char *low = strchr(value, ':');

		if (!low)
			return false;
		*low++ = 0;
		return parse_value(value, &reg[1]) && parse_value(low, &reg[0]);
	}
	return parse_value(value, reg);
}

static bool parse_settings(struct case_state *s, char *text, const char **ret_bad)
{
	char *rest;

	for (char *item = strtok_r(text, " \t\n", &rest); item;
	     item = strtok_r(NULL, " \t\n", &rest)) {
		*ret_bad = item;
		if (!parse_setting(s, item))
			return false;
	}
	return true;
}

static char *trim(char *s)
{
	char *end;

	while (*s && isspace((unsigned char)*s))
		s++;
	end = s + strlen(s);
	while (end > s && isspace((unsigned char)end[-1]))
		*--end = 0;
	return s;
}

static bool parse_case(char *text, struct test_case *c, const char **ret_bad)
{
	char *words, *before, *after, *rest;

	words = strtok_r(text, "|", &rest);
	c->assembly = strtok_r(NULL, "|", &rest);
	before = strtok_r(NULL, "|", &rest);
	c->note = strtok_r(NULL, "|", &rest);
	*ret_bad = "fields";
	if (!words || !c->assembly || !before)
		return false;
	c->assembly = trim(c->assembly);
	c->note = c->note ? trim(c->note) : NULL;
	c->not_qemu = c->note && !strncmp(c->note, "not-qemu", 8);

	c->nwords = 0;
	for (char *w = strtok_r(words, " \t", &rest); w;
	     w = strtok_r(NULL, " \t", &rest)) {
		char *end;

		*ret_bad = w;
		if (c->nwords == CASE_MAX_WORDS)
			return false;
		c->words[c->nwords++] = (uint32_t)strtoul(w, &end, 16);
		if (*end)
			return false;
	}

	after = strstr(before, "=>");
	*ret_bad = "=>";
	if (!after)
		return false;
	*after = 0;
	after += 2;

	static char *before_copy;

	free(before_copy);
	before_copy = strdup(before);
	c->before_text = trim(before_copy);

	state_init(&c->before);
	if (!parse_settings(&c->before, before, ret_bad))
		return false;
	c->after = c->before;
	c->after.pc = CASE_CODE + 4 * c->nwords;
	return parse_settings(&c->after, after, ret_bad);
}

int case_read(FILE *f, const char *file, unsigned *line, struct test_case *ret)
{
	static char *text, *copy;
	static size_t size;

	while (getline(&text, &size, f) >= 0) {
		const char *bad = "";

		++*line;
		free(copy);
		copy = strdup(text);
		ret->file = file;
		ret->line = *line;
		ret->text = text;
		if (!*trim(copy) || *trim(copy) == '#')
			continue;
		if (parse_case(copy, ret, &bad))
			return 1;
		fprintf(stderr, "%s:%u: cannot read this case: %s\n", file, *line, bad);
		return -1;
	}
	return 0;
}

/* ---- comparing ---- */

static void put_flags(FILE *out, uint64_t nzcv)
{
	fprintf(out, " nzcv=");
	if (!nzcv)
		fputc('-', out);
	for (int i = 3; i >= 0; i--)
		if (nzcv >> i & 1)
			fputc("vczn"[i], out);
}

static void put_value(FILE *out, uint64_t v)
{
	if (v >= CASE_DATA && v <= CASE_DATA + CASE_DATA_LEN) {
		int64_t off = (int64_t)(v - CASE_MEM);

		fprintf(out,
			off < 0 ? "mem-%lld"
			: off   ? "mem+%lld"
				: "mem",
			(long long)(off < 0 ? -off : off));
	} else if (v >= CASE_CODE && v < CASE_CODE + CASE_PAGE) {
		fprintf(out, "code+%llu", (unsigned long long)(v - CASE_CODE));
	} else {
		fprintf(out, v < 10 ? "%llu" : "0x%llx", (unsigned long long)v);
	}
}

static unsigned diff_word(FILE *out, const char *name, int number, uint64_t from,
			  uint64_t to)
{
	if (from == to)
		return 0;
	if (number >= 0)
		fprintf(out, " %s%d=", name, number);
	else
		fprintf(out, " %s=", name);
	put_value(out, to);
	return 1;
}

unsigned case_diff(FILE *out, const struct case_state *from, const struct case_state *to)
{
	unsigned n = 0;

	for (int i = 0; i < 31; i++)
		n += diff_word(out, "x", i, from->x[i], to->x[i]);
	n += diff_word(out, "sp", -1, from->sp, to->sp);
	n += diff_word(out, "pc", -1, from->pc, to->pc);
	if (from->nzcv != to->nzcv) {
		put_flags(out, to->nzcv);
		n++;
	}
	n += diff_word(out, "fpcr", -1, from->fpcr, to->fpcr);
	n += diff_word(out, "fpsr", -1, from->fpsr, to->fpsr);
	for (int i = 0; i < 32; i++)
		if (from->v[i][0] != to->v[i][0] || from->v[i][1] != to->v[i][1]) {
			fprintf(out, " v%d=0x%llx:0x%llx", i,
				(unsigned long long)to->v[i][1],
				(unsigned long long)to->v[i][0]);
			n++;
		}
	for (unsigned i = 0; i < CASE_DATA_LEN; i += 8)
		if (mem_get(from, i, 8) != mem_get(to, i, 8)) {
			fprintf(out, " [%d].d=0x%llx", (int)i - 4096,
				(unsigned long long)mem_get(to, i, 8));
			n++;
		}
	if (from->exit != to->exit) {
		fprintf(out, " exit=%s", exit_names[to->exit]);
		n++;
	}
	return n;
}

/* ---- running ---- */

static bool map_at(uint64_t address, size_t size, int prot)
{
	void *p = mmap((void *)(uintptr_t)address, size, prot,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	return p == (void *)(uintptr_t)address;
}

bool case_map(void)
{
	return map_at(CASE_CODE, CASE_PAGE, PROT_READ | PROT_WRITE | PROT_EXEC) &&
	       map_at(CASE_DATA, CASE_DATA_LEN, PROT_READ | PROT_WRITE);
}

void case_place(const struct test_case *c)
{
	uint32_t *code = (uint32_t *)(uintptr_t)CASE_CODE;

	for (unsigned i = 0; i < CASE_PAGE / 4; i++)
		code[i] = i < c->nwords ? c->words[i] : CASE_FILLER;
	__builtin___clear_cache((char *)code, (char *)code + CASE_PAGE);
	memcpy((void *)(uintptr_t)CASE_DATA, c->before.mem, CASE_DATA_LEN);
}

static void record(const struct test_case *c, const struct case_state *got)
{
	struct case_state plain = c->before;

	for (unsigned i = 0; i < c->nwords; i++)
		printf("%08x ", c->words[i]);
	printf("| %s | %s%s=>", c->assembly, c->before_text, *c->before_text ? " " : "");
	plain.pc = CASE_CODE + 4 * c->nwords;
	case_diff(stdout, &plain, got);
	printf(c->note ? " | %s\n" : "\n", c->note);
}

/* Runs one file; returns the number of failed cases. */
static unsigned run_file(const char *path, case_run_fn *run, bool recording,
			 unsigned test)
{
	static struct test_case c;
	static struct case_state got;
	FILE *f = fopen(path, "re");
	unsigned line = 0, ran = 0, failed = 0, skipped = 0;
	int r = -1;

	if (!f) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		printf("not ok %u - %s: cannot be read\n", test, path);
		return 1;
	}
	while ((r = case_read(f, path, &line, &c)) > 0) {
		const char *reason = "";

		case_place(&c);
		if (!run(&c, &got, &reason)) {
			skipped++;
			if (recording)
				fputs(c.text, stdout);
			else
				printf("# %s:%u: skipped: %s\n", path, line, reason);
			continue;
		}
		memcpy(got.mem, (void *)(uintptr_t)CASE_DATA, CASE_DATA_LEN);
		ran++;
		if (recording) {
			record(&c, &got);
		} else if (memcmp(&got, &c.after, sizeof(got))) {
			failed++;
			printf("# %s:%u: %s | %s\n#   got    ", path, line, c.assembly,
			       c.before_text);
			case_diff(stdout, &c.after, &got);
			printf("\n#   instead");
			case_diff(stdout, &got, &c.after);
			printf("\n");
		}
	}
	fclose(f);
	if (r < 0 || !(ran + skipped))
		failed++;
	if (!recording)
		printf("%sok %u - %s: %u cases, %u skipped, %u wrong\n",
		       failed ? "not " : "", test, path, ran + skipped, skipped, failed);
	return failed;
}

int case_main(int argc, char **argv, case_run_fn *run)
{
	bool recording = argc > 1 && !strcmp(argv[1], "-r");
	unsigned failed = 0;
	int first = recording ? 2 : 1;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!case_map()) {
		printf("1..1\nnot ok 1 - the addresses of the cases are taken\n");
		return 1;
	}
	if (!recording)
		printf("1..%d\n", argc - first);
	for (int i = first; i < argc; i++)
		failed += run_file(argv[i], run, recording, (unsigned)(i - first + 1));
	return failed ? 1 : 0;
}
