/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* decodegen: everything that is written: header, decoder, pattern list, coverage page. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "decodegen.h"

static void banner(const struct table *table, const char *what)
{
	const char *last = "";

	printf("/* SPDX-License-Identifier: LGPL-2.1-or-later */\n");
	printf("/*\n * %s Written by decodegen from", what);
	for (int i = 0; i < table->pattern_count; i++) {
		const char *file = table->patterns[i]->pos.file;

		if (strcmp(file, last))
			printf(" %s", file);
		last = file;
	}
	printf("; do not edit.\n */\n");
}

static void print_upper(FILE *to, const char *text)
{
	for (; *text; text++)
		fputc(toupper((unsigned char)*text), to);
}

static bool is_callable(const struct pattern *p)
{
	return !has_flag(p, FLAG_UNDEFINED) && !has_flag(p, FLAG_UNIMPLEMENTED);
}

/* ---- header ---- */

static void emit_argset(const char *prefix, const struct argset *args)
{
	printf("\n/* %s:%d */\nstruct %s_arg_%s {\n", args->pos.file, args->pos.line,
	       prefix, args->name);
	for (int i = 0; i < args->count; i++)
		printf("\t%s %s;\n", args->wide[i] ? "int64_t" : "int", args->names[i]);
	printf("};\n");
}

/* Is this the first row that calls its trans function? */
static bool first_caller(const struct table *table, int index)
{
	const struct pattern *p = table->patterns[index];

	if (!is_callable(p))
		return false;
	for (int i = 0; i < index; i++)
		if (is_callable(table->patterns[i]) &&
		    !strcmp(table->patterns[i]->attr.trans, p->attr.trans))
			return false;
	return true;
}

void emit_header(const struct table *table, const char *prefix)
{
	banner(table, "Argument sets, instruction numbers and trans functions.");
	printf("#pragma once\n\n#include <stdbool.h>\n#include <stdint.h>\n\n"
	       "#include \"guest/pattern.h\"\n");
	printf("\nstruct %s_lift;\n", prefix);
	for (int i = 0; i < table->argset_count; i++)
		emit_argset(prefix, table->argsets[i]);

	printf("\n/* One for each row. */\nenum %s_insn_id {\n", prefix);
	for (int i = 0; i < table->pattern_count; i++) {
		if (table->patterns[i]->id < 0)
			continue;
		putchar('\t');
		print_upper(stdout, prefix);
		printf("_INSN_%s,\n", table->patterns[i]->name);
	}
	putchar('\t');
	print_upper(stdout, prefix);
	printf("_INSN_COUNT\n};\n");

	printf("\n/* Each returns false when the encoding is undefined after all. */\n");
	for (int i = 0; i < table->pattern_count; i++) {
		const struct pattern *p = table->patterns[i];

		if (first_caller(table, i))
			printf("bool %s_trans_%s(struct %s_lift *lift, "
			       "const struct %s_arg_%s *arg);\n",
			       prefix, p->attr.trans, prefix, prefix, p->args->name);
	}
	printf("\n/* Decodes one word and calls its trans function; false: undefined. */\n");
	printf("bool %s_decode(struct %s_lift *lift, uint32_t word);\n", prefix, prefix);
	printf("\n/* The number of the row that takes the word, or -1. */\n");
	printf("int %s_identify(uint32_t word);\n", prefix);
	printf("/* What its trans function would get, in the order of the pattern's args. */\n");
	printf("void %s_arguments(int id, uint32_t word, int64_t *ret_values);\n",
	       prefix);
	printf("extern const struct decode_pattern %s_patterns[];\n", prefix);
}

/* ---- decision tree ---- */

typedef void emit_hit_fn(const struct pattern *p);

static void emit_hit_decode(const struct pattern *p)
{
	if (is_callable(p))
		printf("return take_%s(lift, word);\n", p->name);
	else
		printf("return false; /* %s */\n", p->name);
}

static const char *identify_prefix;

static void emit_hit_identify(const struct pattern *p)
{
	if (p->id < 0) {
		printf("return -1; /* %s */\n", p->name);
		return;
	}
	printf("return ");
	print_upper(stdout, identify_prefix);
	printf("_INSN_%s;\n", p->name);
}

static void indent(int depth)
{
	while (depth--)
		putchar('\t');
}

/* Tests of the bits that the path has not looked at; false when none is needed. */
static bool emit_tests(const struct pattern *p, const struct node *node, int depth)
{
	uint32_t mask = p->set.mask & ~node->known,
		 fixed = node->fixed.mask | p->set.mask;
	int tests = 0;

	if (mask) {
		indent(depth);
		printf("if ((word & 0x%x) == 0x%x", mask, p->set.value & mask);
		tests++;
	}
	for (int i = 0; i < p->not_count; i++) {
		uint32_t bits = p->nots[i].mask & ~fixed;
		uint32_t seen = p->nots[i].mask & node->fixed.mask;

		if ((p->nots[i].value ^ node->fixed.value) & seen)
			continue; /* cannot hold here */
		if (!tests++) {
			indent(depth);
			printf("if (");
		} else {
			printf(" && ");
		}
		printf("(word & 0x%x) != 0x%x", bits, p->nots[i].value & bits);
	}
	if (tests)
		printf(")\n");
	return tests;
}

static void emit_leaf(const struct table *table, const struct node *node, int depth,
		      emit_hit_fn *emit_hit, const char *miss)
{
	for (int i = 0; i < node->count; i++) {
		const struct pattern *p = table->patterns[node->candidates[i]];
		bool conditional = emit_tests(p, node, depth);

		indent(depth + conditional);
		emit_hit(p);
		if (!conditional)
			return;
	}
	indent(depth);
	printf("%s\n", miss);
}

/* The child that most values lead to becomes the default. */
static const struct node *common_child(const struct node *node)
{
	const struct node *best = NULL;
	int most = 0, values = 1 << node->width;

	for (int i = 0; i < values; i++) {
		int count = 0;

		for (int j = 0; j < values; j++)
			count += node->children[j] == node->children[i];
		if (count > most) {
			most = count;
			best = node->children[i];
		}
	}
	return best;
}

static void emit_node(const struct table *table, const struct node *node, int depth,
		      emit_hit_fn *emit_hit, const char *miss)
{
	const struct node *common;
	int values = 1 << node->width;

	if (!node->children) {
		emit_leaf(table, node, depth, emit_hit, miss);
		return;
	}
	common = common_child(node);
	indent(depth);
	printf("switch (word >> %d & 0x%x) {\n", node->pos, values - 1);
	for (int i = 0; i < values; i++) {
		const struct node *child = node->children[i];
		bool seen = child == common;

		for (int j = 0; j < i && !seen; j++)
			seen = node->children[j] == child;
		if (seen)
			continue;
		for (int j = i; j < values; j++) {
			if (node->children[j] != child)
				continue;
			indent(depth);
			printf("case 0x%x:\n", j);
		}
		emit_node(table, child, depth + 1, emit_hit, miss);
	}
	indent(depth);
	printf("default:\n");
	emit_node(table, common, depth + 1, emit_hit, miss);
	indent(depth);
	printf("}\n");
}

/* ---- decoder ---- */

static void emit_take(const char *prefix, const struct pattern *p)
{
	printf("\n/* %s:%d */\nTAKE bool take_%s(struct %s_lift *lift, uint32_t word)\n{\n",
	       p->pos.file, p->pos.line, p->name, prefix);
	printf("\tstruct %s_arg_%s arg = {\n", prefix, p->args->name);
	for (int i = 0; i < p->args->count; i++)
		printf("\t\t.%s = %s,\n", p->args->names[i], p->values[i]);
	printf("\t};\n\n");
	if (!p->args->count)
		printf("\t(void)word;\n");
	printf("\treturn %s_trans_%s(lift, &arg);\n}\n", prefix, p->attr.trans);
}

void emit_decode(const struct table *table, const char *prefix, const char *include)
{
	banner(table, "The decoder: nested switches, then the row's own test.");
	printf("#include \"%s\"\n\n", include);
	printf("/*\n * Never inlined: so %s_decode() needs no frame, and its calls are jumps.\n"
	       " */\n#define TAKE static __attribute__((noinline))\n",
	       prefix);
	for (int i = 0; i < table->pattern_count; i++)
		if (is_callable(table->patterns[i]))
			emit_take(prefix, table->patterns[i]);
	printf("\nbool %s_decode(struct %s_lift *lift, uint32_t word)\n{\n", prefix,
	       prefix);
	emit_node(table, tree_build(table), 1, emit_hit_decode, "return false;");
	printf("}\n");
}

/* ---- pattern list ---- */

static void emit_lists(const struct pattern *p)
{
	if (p->not_count) {
		printf("static const struct decode_cube except_%s[] = {\n", p->name);
		for (int i = 0; i < p->not_count; i++)
			printf("\t{ 0x%08x, 0x%08x },\n", p->nots[i].mask,
			       p->nots[i].value);
		printf("};\n");
	}
	if (p->field_count) {
		printf("static const struct decode_field fields_%s[] = {\n", p->name);
		for (int i = 0; i < p->field_count; i++)
			printf("\t{ \"%s\", %d, %d },\n", p->fields[i].name,
			       p->fields[i].pos, p->fields[i].width);
		printf("};\n");
	}
	if (p->args->count) {
		printf("static const char *const args_%s[] = {", p->name);
		for (int i = 0; i < p->args->count; i++)
			printf("%s \"%s\"", i ? "," : "", p->args->names[i]);
		printf(" };\n");
	}
}

static void emit_flags(const struct pattern *p)
{
	static const struct {
		enum flag flag;
		const char *text;
	} names[] = {
		{FLAG_BRANCH, " | DECODE_BRANCH"},
		{FLAG_LOAD, " | DECODE_LOAD"},
		{FLAG_STORE, " | DECODE_STORE"},
		{FLAG_SYS, " | DECODE_SYS"},
		{FLAG_UNIMPLEMENTED, " | DECODE_UNIMPLEMENTED"},
	};

	printf("\t\t.flags = 0");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (has_flag(p, names[i].flag))
			printf("%s", names[i].text);
	printf(",\n");
}

static void emit_pattern(const struct pattern *p)
{
	printf("\t{\n\t\t.name = \"%s\",\n\t\t.trans = \"%s\",\n", p->name,
	       p->attr.trans);
	printf("\t\t.set = { 0x%08x, 0x%08x },\n", p->set.mask, p->set.value);
	if (p->not_count)
		printf("\t\t.except = except_%s,\n\t\t.except_count = %d,\n", p->name,
		       p->not_count);
	if (p->field_count)
		printf("\t\t.fields = fields_%s,\n\t\t.field_count = %d,\n", p->name,
		       p->field_count);
	if (p->args->count)
		printf("\t\t.args = args_%s,\n\t\t.arg_count = %d,\n", p->name,
		       p->args->count);
	printf("\t\t.feature = \"%s\",\n\t\t.asm_text = \"%s\",\n", p->attr.feature,
	       p->attr.asm_text);
	printf("\t\t.page = \"%s\",\n\t\t.section = \"%s\",\n", p->attr.page, p->section);
	emit_flags(p);
	printf("\t\t.line = %d,\n\t},\n", p->pos.line);
}

static void emit_arguments(const struct table *table, const char *prefix)
{
	printf("\nvoid %s_arguments(int id, uint32_t word, int64_t *ret_values)\n{\n",
	       prefix);
	printf("\tswitch (id) {\n");
	for (int i = 0; i < table->pattern_count; i++) {
		const struct pattern *p = table->patterns[i];

		if (p->id < 0)
			continue;
		printf("\tcase ");
		print_upper(stdout, prefix);
		printf("_INSN_%s:\n", p->name);
		for (int j = 0; j < p->args->count; j++)
			printf("\t\tret_values[%d] = %s;\n", j, p->values[j]);
		printf("\t\tbreak;\n");
	}
	printf("\t}\n}\n");
}

void emit_identify(const struct table *table, const char *prefix, const char *include)
{
	banner(table, "The rows as data, for tests.");
	printf("#include \"%s\"\n\n", include);
	for (int i = 0; i < table->pattern_count; i++)
		if (table->patterns[i]->id >= 0)
			emit_lists(table->patterns[i]);
	printf("\nconst struct decode_pattern %s_patterns[] = {\n", prefix);
	for (int i = 0; i < table->pattern_count; i++)
		if (table->patterns[i]->id >= 0)
			emit_pattern(table->patterns[i]);
	printf("};\n");
	emit_arguments(table, prefix);
	printf("\nint %s_identify(uint32_t word)\n{\n", prefix);
	identify_prefix = prefix;
	emit_node(table, tree_build(table), 1, emit_hit_identify, "return -1;");
	printf("}\n");
}

/* ---- recording trans functions ---- */

static void emit_recorder(const char *prefix, const struct pattern *p)
{
	printf("\nbool %s_trans_%s(struct %s_lift *lift, const struct %s_arg_%s *arg)\n{\n",
	       prefix, p->attr.trans, prefix, prefix, p->args->name);
	printf("\tstruct decode_record *record = (struct decode_record *)lift;\n\n");
	if (!p->args->count)
		printf("\t(void)arg;\n");
	printf("\trecord->trans = \"%s\";\n", p->attr.trans);
	for (int i = 0; i < p->args->count; i++)
		printf("\trecord->values[%d] = arg->%s;\n", i, p->args->names[i]);
	printf("\treturn true;\n}\n");
}

void emit_record(const struct table *table, const char *prefix, const char *include)
{
	banner(table, "Trans functions that only record what they get, for tests.");
	printf("#include \"%s\"\n\n", include);
	printf("/* The test passes a struct decode_record in place of the lift state. */\n");
	for (int i = 0; i < table->pattern_count; i++)
		if (first_caller(table, i))
			emit_recorder(prefix, table->patterns[i]);
}

/* ---- coverage page ---- */

#define COUNTS 4

/* What each row is tested with: lines "ROW CASES PROGRAMS LOOPS WORDS". */
static void read_counts(const struct table *table, const char *file, unsigned long (*ret)[COUNTS])
{
	FILE *in = fopen(file, "r");
	unsigned long n[COUNTS];
	char name[64];

	if (!in) {
		fprintf(stderr, "decodegen: cannot read %s\n", file);
		exit(1);
	}
	while (fscanf(in, "%63s %lu %lu %lu %lu", name, &n[0], &n[1], &n[2], &n[3]) == 5)
		for (int i = 0; i < table->pattern_count; i++)
			if (!strcmp(table->patterns[i]->name, name))
				memcpy(ret[i], n, sizeof(n));
	if (!feof(in)) {
		fprintf(stderr, "decodegen: %s is not a file of counts\n", file);
		exit(1);
	}
	fclose(in);
}

static void emit_summary(const struct table *table, unsigned long (*counts)[COUNTS])
{
	int rows = 0, open = 0, refused = 0, untested = 0;

	for (int i = 0; i < table->pattern_count; i++) {
		const struct pattern *p = table->patterns[i];

		rows += p->id >= 0;
		refused += p->id < 0;
		open += p->id >= 0 && has_flag(p, FLAG_UNIMPLEMENTED);
		untested += p->id >= 0 && !(counts[i][0] + counts[i][1] + counts[i][2]);
	}
	printf("%d rows: %d translated, %d not yet; %d without a test of what they do.", rows,
	       rows - open, open, untested);
	if (refused)
		printf(" %d more rows only say that words are undefined.", refused);
	printf("\n\n"
	       "* cases: of `tests/cases`, each with the state that an instruction leaves, compared with\n"
	       "  evaluator, engine and QEMU\n"
	       "* random: how often the two runs of seed 1 of `tests/random/random.sh` draw the row;\n"
	       "  the other seeds there draw as many each\n"
	       "* exhaustive: instructions that `tests/unit/guest` runs on all values of 8-bit lanes and\n"
	       "  halves, or all pairs of IEEE corner cases in each rounding mode\n"
	       "* decoded: words compared with objdump\n");
}

static const char *status_of(const struct pattern *p)
{
	if (has_flag(p, FLAG_UNDEFINED))
		return "undefined";
	return has_flag(p, FLAG_UNIMPLEMENTED) ? "**no**" : "yes";
}

void emit_coverage(const struct table *table, const char *prefix, const char *counts)
{
	const char *section = NULL;
	unsigned long (*n)[COUNTS] = calloc((size_t)table->pattern_count, sizeof(*n));

	if (!n)
		abort();
	read_counts(table, counts, n);
	printf("# Instruction coverage: ");
	print_upper(stdout, prefix);
	printf("\n\nWritten by `make coverage-pages` from the decode tables and tests; do not edit.\n\n");
	emit_summary(table, n);
	for (int i = 0; i < table->pattern_count; i++) {
		const struct pattern *p = table->patterns[i];

		if (p->section != section) {
			printf("\n## %s\n\n| row | bits | feature | translated | cases | random | "
			       "exhaustive | decoded |\n|---|---|---|---|---|---|---|---|\n",
			       p->section);
			section = p->section;
		}
		printf("| %s | `%s` | %s | %s |", p->name, p->layout, p->attr.feature,
		       status_of(p));
		for (unsigned k = 0; k < COUNTS; k++)
			printf(p->id < 0 ? " |" : " %lu |", n[i][k]);
		putchar('\n');
	}
	free(n);
}
