/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* decodegen: from lines of words to the table of argument sets and patterns. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "decodegen.h"

static bool is_name(const char *text)
{
	if (!isalpha((unsigned char)*text))
		return false;
	while (isalnum((unsigned char)*text) || *text == '_')
		text++;
	return !*text;
}

static struct argset *find_argset(const struct table *table, const char *name)
{
	for (int i = 0; i < table->argset_count; i++)
		if (!strcmp(table->argsets[i]->name, name))
			return table->argsets[i];
	return NULL;
}

static void *grow(void *list, int count, void *item)
{
	void **bigger = xalloc((count + 1) * sizeof(void *));

	if (count)
		memcpy(bigger, list, count * sizeof(void *));
	bigger[count] = item;
	return bigger;
}

static void add_argset(struct table *table, struct argset *args)
{
	table->argsets = grow(table->argsets, table->argset_count++, args);
}

/* The default of an argument is a plain number. */
static char *parse_default(struct position pos, char *text)
{
	if (!*text || strspn(text, "0123456789") < strlen(text))
		error_at(pos, "default %s is not a number", text);
	return text;
}

/* args NAME FIELD[:i64][=DEFAULT]... */
static void parse_args(struct table *table, const struct line *line)
{
	struct argset *args = xalloc(sizeof(*args));

	if (line->count < 2 || !is_name(line->words[1])) {
		error_at(line->pos, "args needs a name");
		return;
	}
	args->name = line->words[1];
	args->pos = line->pos;
	if (find_argset(table, args->name)) {
		error_at(line->pos, "argument set %s is declared twice", args->name);
		return;
	}
	for (int i = 2; i < line->count; i++) {
		char *word = line->words[i], *type, *value = strchr(word, '=');

		if (args->count == ARG_MAX) {
			error_at(line->pos, "more than %d arguments", ARG_MAX);
			return;
		}
		if (value)
			*value++ = 0;
		type = strchr(word, ':');
		if (type) {
			*type++ = 0;
			if (strcmp(type, "i64"))
				error_at(line->pos, "unknown type %s", type);
		}
		if (!is_name(word))
			error_at(line->pos, "%s is not a name", word);
		for (int j = 0; j < args->count; j++)
			if (!strcmp(args->names[j], word))
				error_at(line->pos, "argument %s is there twice", word);
		args->wide[args->count] = type != NULL;
		args->defaults[args->count] =
			value ? parse_default(line->pos, value) : NULL;
		args->names[args->count++] = word;
	}
	add_argset(table, args);
}

/* ---- attributes ---- */

static const char *const flag_names[] = {
	[FLAG_BRANCH] = "branch",
	[FLAG_LOAD] = "load",
	[FLAG_STORE] = "store",
	[FLAG_SYS] = "sys",
	[FLAG_UNIMPLEMENTED] = "unimplemented",
	[FLAG_UNDEFINED] = "undefined",
	[FLAG_IMPLEMENTED] = "implemented",
};

/* The value of a word KEY=VALUE, without its quotes; NULL when it is another key. */
static const char *value_of(const char *word, const char *key)
{
	size_t length = strlen(key);

	if (strncmp(word, key, length) || word[length] != '=')
		return NULL;
	word += length + 1;
	length = strlen(word);
	if (length >= 2 && word[0] == '"' && word[length - 1] == '"')
		return xstrndup(word + 1, length - 2);
	return word;
}

static struct field *find_field(struct pattern *p, const char *name, size_t length)
{
	for (int i = 0; i < p->field_count; i++)
		if (strlen(p->fields[i].name) == length &&
		    !memcmp(p->fields[i].name, name, length))
			return &p->fields[i];
	return NULL;
}

/* not="FIELD=BITS ...": the words in which all of these hold are not of this pattern. */
static void parse_not(struct pattern *p, const char *text)
{
	struct cube cube = p->set;

	if (p->not_count == NOT_MAX) {
		error_at(p->pos, "more than %d exclusions", NOT_MAX);
		return;
	}
	while (*text) {
		size_t name = strcspn(text, "= "), bits;
		struct field *field = find_field(p, text, name);

		if (!field || text[name] != '=') {
			error_at(p->pos, "exclusion \"%.*s\" does not name a field",
				 (int)name, text);
			return;
		}
		text += name + 1;
		bits = strcspn(text, " ");
		if ((int)bits != field->width || strspn(text, "01.") < bits) {
			error_at(p->pos, "exclusion of %s needs %d bits", field->name,
				 field->width);
			return;
		}
		field->used = true;
		for (size_t i = 0; i < bits; i++) {
			uint32_t bit = 1u << (field->pos + bits - 1 - i);

			if (text[i] == '.')
				continue;
			cube.mask |= bit;
			if (text[i] == '1')
				cube.value |= bit;
		}
		text += bits;
		text += strspn(text, " ");
	}
	p->nots[p->not_count++] = cube;
}

static void parse_attribute(struct attributes *attr, struct pattern *p,
			    struct position pos, const char *word)
{
	const char *value;

	for (size_t i = 0; i < ARRAY_SIZE(flag_names); i++) {
		if (!strcmp(word, flag_names[i])) {
			attr->flags |= 1u << i;
			return;
		}
	}
	if ((value = value_of(word, "feature")))
		attr->feature = value;
	else if ((value = value_of(word, "page")))
		attr->page = value;
	else if (p && (value = value_of(word, "asm")))
		attr->asm_text = value;
	else if (p && (value = value_of(word, "trans")))
		attr->trans = value;
	else if (p && (value = value_of(word, "not")))
		parse_not(p, value);
	else
		error_at(pos, "unknown attribute %s", word);
}

/* section "TITLE" ATTRIBUTE... */
static void parse_section(struct table *table, const struct line *line)
{
	const char *title = line->count > 1 ? line->words[1] : "";
	size_t length = strlen(title);

	if (length < 2 || title[0] != '"') {
		error_at(line->pos, "section needs a title in quotation marks");
		return;
	}
	table->section = xstrndup(title + 1, length - 2);
	table->defaults = (struct attributes){.feature = "", .page = "", .asm_text = ""};
	for (int i = 2; i < line->count; i++)
		parse_attribute(&table->defaults, NULL, line->pos, line->words[i]);
}

/* ---- expressions ---- */

struct expr {
	struct pattern *p;
	const char *text;
	bool wide, failed;
};

static char *parse_shift(struct expr *e);

static char *expr_error(struct expr *e, const char *what)
{
	if (!e->failed)
		error_at(e->p->pos, "%s at \"%s\"", what, e->text);
	e->failed = true;
	return xasprintf("0");
}

static size_t name_length(const char *text)
{
	size_t length = 0;

	while (isalnum((unsigned char)text[length]) || text[length] == '_')
		length++;
	return length;
}

static char *field_text(const struct field *f)
{
	uint32_t mask = f->width == 32 ? 0xffffffffu : (1u << f->width) - 1;

	if (!f->pos)
		return xasprintf("(word & 0x%x)", mask);
	if (f->pos + f->width == 32)
		return xasprintf("word >> %d", f->pos);
	return xasprintf("(word >> %d & 0x%x)", f->pos, mask);
}

static struct field *use_field(struct expr *e)
{
	size_t length = name_length(e->text);
	struct field *field = find_field(e->p, e->text, length);

	if (!field) {
		expr_error(e, "no field of this row");
		return NULL;
	}
	field->used = true;
	e->text += length;
	return field;
}

/*
 * Functions of fields side by side, the first one uppermost: as an unsigned or a signed
 * number, number of the highest or lowest one bit (at least one bit must be set).
 */
static const struct {
	const char *name;
	const char *format; /* of the unsigned value */
} functions[] = {
	{"u(", "%s"},
	{"s(", NULL},
	{"log2(", "31 - __builtin_clz(%s)"},
	{"ctz(", "__builtin_ctz(%s)"},
};

/* F:F:...) behind the name of a function. */
static char *parse_concat(struct expr *e, size_t function)
{
	char *text = NULL;
	int width = 0;

	for (;;) {
		struct field *f = use_field(e);

		if (!f)
			return xasprintf("0");
		width += f->width;
		text = text ? xasprintf("(%s) << %d | %s", text, f->width, field_text(f))
			    : field_text(f);
		if (*e->text == ')')
			break;
		if (*e->text != ':')
			return expr_error(e, "expected : or )");
		e->text++;
	}
	e->text++;
	if (width > 32)
		return expr_error(e, "more than 32 bits side by side");
	if (functions[function].format)
		text = xasprintf(functions[function].format, text);
	else if (width < 32)
		text = xasprintf("(int32_t)((%s) << %d) >> %d", text, 32 - width,
				 32 - width);
	return xasprintf("(%s)(%s)", e->wide ? "int64_t" : "int", text);
}

static char *parse_factor(struct expr *e)
{
	if (isdigit((unsigned char)*e->text)) {
		char *end;
		long value = strtol(e->text, &end, 0);

		e->text = end;
		return xasprintf("%ld", value);
	}
	for (size_t i = 0; i < ARRAY_SIZE(functions); i++) {
		size_t length = strlen(functions[i].name);

		if (!strncmp(e->text, functions[i].name, length)) {
			e->text += length;
			return parse_concat(e, i);
		}
	}
	if (*e->text == '(') {
		char *inner;

		e->text++;
		inner = parse_shift(e);
		if (*e->text != ')')
			return expr_error(e, "expected )");
		e->text++;
		return xasprintf("(%s)", inner);
	}
	if (isalpha((unsigned char)*e->text)) {
		struct field *f = use_field(e);

		if (!f)
			return xasprintf("0");
		return xasprintf("(%s)(%s)", e->wide ? "int64_t" : "int", field_text(f));
	}
	return expr_error(e, "expected a field or a number");
}

static char *parse_product(struct expr *e)
{
	char *text = parse_factor(e);

	while (*e->text == '*' && !e->failed) {
		e->text++;
		text = xasprintf("%s * %s", text, parse_factor(e));
	}
	return text;
}

static char *parse_sum(struct expr *e)
{
	char *text = parse_product(e);

	while ((*e->text == '+' || *e->text == '-') && !e->failed) {
		const char sign = *e->text++;

		text = xasprintf("%s %c %s", text, sign, parse_product(e));
	}
	return text;
}

/*
 * Operators bind as in C. A left shift becomes a multiplication, which negative numbers stand.
 */
static char *parse_shift(struct expr *e)
{
	char *text = parse_sum(e);

	while (!e->failed && (!strncmp(e->text, "<<", 2) || !strncmp(e->text, ">>", 2))) {
		bool left = *e->text == '<';

		e->text += 2;
		if (left)
			text = xasprintf("(%s) * (1 << (%s))", text, parse_sum(e));
		else
			text = xasprintf("(%s) >> (%s)", text, parse_sum(e));
	}
	return text;
}

static char *parse_expression(struct pattern *p, const char *text, bool wide)
{
	struct expr e = {.p = p, .text = text, .wide = wide};
	char *result = parse_shift(&e);

	if (*e.text && !e.failed)
		expr_error(&e, "expected an operator");
	return result;
}

/* ---- rows ---- */

static int find_arg(const struct argset *args, const char *name, size_t length)
{
	for (int i = 0; i < args->count; i++)
		if (strlen(args->names[i]) == length &&
		    !memcmp(args->names[i], name, length))
			return i;
	return -1;
}

/* NAME=EXPRESSION */
static void parse_assignment(struct pattern *p, const char *word)
{
	size_t length = strcspn(word, "=");
	int arg = find_arg(p->args, word, length);

	if (arg < 0) {
		error_at(p->pos, "%.*s is not in argument set %s", (int)length, word,
			 p->args->name);
		return;
	}
	if (p->values[arg]) {
		error_at(p->pos, "%s is set twice", p->args->names[arg]);
		return;
	}
	p->values[arg] = parse_expression(p, word + length + 1, p->args->wide[arg]);
}

/* Takes one word of bits: 01. or NAME:WIDTH. *at counts down the bits that are left. */
static void parse_bits(struct pattern *p, const char *word, int *at)
{
	const char *colon = strchr(word, ':');
	struct field *field;
	int width;

	if (!colon) {
		for (; *word; word++) {
			uint32_t bit;

			if (--*at < 0)
				continue;
			bit = 1u << *at;
			if (*word == '.')
				p->ignored |= bit;
			else
				p->set.mask |= bit;
			if (*word == '1')
				p->set.value |= bit;
		}
		return;
	}
	width = atoi(colon + 1);
	*at -= width;
	if (width < 1 || strspn(colon + 1, "0123456789") < strlen(colon + 1)) {
		error_at(p->pos, "field %s has no width", word);
		return;
	}
	if (find_field(p, word, colon - word)) {
		error_at(p->pos, "field %.*s is there twice", (int)(colon - word), word);
		return;
	}
	if (p->field_count == FIELD_MAX) {
		error_at(p->pos, "more than %d fields", FIELD_MAX);
		return;
	}
	if (*at < 0)
		return;
	field = &p->fields[p->field_count++];
	field->name = xstrndup(word, colon - word);
	if (!is_name(field->name))
		error_at(p->pos, "%s is not a name", field->name);
	field->pos = *at;
	field->width = width;
}

static bool is_bits(const char *word)
{
	return strspn(word, "01.") == strlen(word) ||
	       (strchr(word, ':') && !strchr(word, '='));
}

/* Arguments that no assignment gave are the fields of the same name. */
static void complete_arguments(struct pattern *p)
{
	for (int i = 0; i < p->args->count; i++) {
		if (p->values[i])
			continue;
		if (!find_field(p, p->args->names[i], strlen(p->args->names[i]))) {
			if (p->args->defaults[i]) {
				p->values[i] = p->args->defaults[i];
				continue;
			}
			error_at(p->pos, "nothing gives argument %s", p->args->names[i]);
			continue;
		}
		p->values[i] = parse_expression(p, p->args->names[i], p->args->wide[i]);
	}
	for (int i = 0; i < p->field_count; i++)
		if (!p->fields[i].used)
			error_at(p->pos, "field %s is not used", p->fields[i].name);
}

/* A row that declares no argument set gets one of its own, with its fields. */
static struct argset *own_argset(struct table *table, struct pattern *p)
{
	struct argset *args = xalloc(sizeof(*args));

	args->name = p->name;
	args->pos = p->pos;
	for (int i = 0; i < p->field_count; i++)
		args->names[args->count++] = p->fields[i].name;
	if (find_argset(table, args->name))
		error_at(p->pos, "argument set %s is declared twice", args->name);
	add_argset(table, args);
	return args;
}

static void check_name(const struct table *table, const struct pattern *p)
{
	if (!is_name(p->name))
		error_at(p->pos, "%s is not a name", p->name);
	for (int i = 0; i < table->pattern_count; i++)
		if (!strcmp(table->patterns[i]->name, p->name))
			error_at(p->pos, "%s is already in %s:%d", p->name,
				 table->patterns[i]->pos.file,
				 table->patterns[i]->pos.line);
}

/* NAME BITS... [&ARGSET] [ARGUMENT=EXPRESSION...] [; ATTRIBUTE...] */
static void parse_row(struct table *table, const struct line *line)
{
	struct pattern *p = xalloc(sizeof(*p));
	int at = table->width, i = 1;

	p->name = line->words[0];
	p->pos = line->pos;
	p->section = table->section;
	p->attr = table->defaults;
	p->group = table->open_group;
	p->layout = xasprintf("%s", "");
	check_name(table, p);

	for (; i < line->count && is_bits(line->words[i]); i++) {
		parse_bits(p, line->words[i], &at);
		p->layout =
			xasprintf("%s%s%s", p->layout, i > 1 ? " " : "", line->words[i]);
	}
	if (at) {
		error_at(p->pos, "%s has %d bits, not %d", p->name, table->width - at,
			 table->width);
		return;
	}
	if (i < line->count && line->words[i][0] == '&') {
		p->args = find_argset(table, line->words[i] + 1);
		if (!p->args) {
			error_at(p->pos, "no argument set %s", line->words[i] + 1);
			return;
		}
		i++;
	} else {
		p->args = own_argset(table, p);
	}
	p->args->used = true;
	for (; i < line->count && strcmp(line->words[i], ";"); i++) {
		if (!strchr(line->words[i], '=')) {
			error_at(p->pos, "what is %s?", line->words[i]);
			return;
		}
		parse_assignment(p, line->words[i]);
	}
	for (i++; i < line->count; i++)
		parse_attribute(&p->attr, p, p->pos, line->words[i]);
	if (!p->attr.trans)
		p->attr.trans = p->name;
	if (has_flag(p, FLAG_IMPLEMENTED))
		p->attr.flags &= ~(1u << FLAG_UNIMPLEMENTED);
	complete_arguments(p);
	p->id = -1;
	table->patterns = grow(table->patterns, table->pattern_count++, p);
}

/* asm ROW "TEMPLATE": the text of a row, where the row itself would become too long. */
static void parse_asm(struct table *table, const struct line *line)
{
	const char *text = line->count == 3 ? line->words[2] : "";
	size_t length = strlen(text);

	if (length < 2 || text[0] != '"') {
		error_at(line->pos, "asm needs a row and a template in quotation marks");
		return;
	}
	for (int i = 0; i < table->pattern_count; i++) {
		struct pattern *p = table->patterns[i];

		if (strcmp(p->name, line->words[1]))
			continue;
		if (*p->attr.asm_text)
			error_at(line->pos, "%s has a template already", p->name);
		p->attr.asm_text = xstrndup(text + 1, length - 2);
		return;
	}
	error_at(line->pos, "no row %s", line->words[1]);
}

/* ---- files ---- */

static void parse_width(struct table *table, const struct line *line)
{
	int width = line->count == 2 ? atoi(line->words[1]) : 0;

	if (width != 16 && width != 32)
		error_at(line->pos, "width must be 16 or 32");
	else if (table->pattern_count && width != table->width)
		error_at(line->pos, "width %d after rows of width %d", width,
			 table->width);
	else
		table->width = width;
}

static void parse_line(struct table *table, const struct line *line)
{
	const char *word = line->words[0];

	if (!strcmp(word, "width")) {
		parse_width(table, line);
	} else if (!strcmp(word, "section")) {
		parse_section(table, line);
	} else if (!strcmp(word, "args")) {
		parse_args(table, line);
	} else if (!strcmp(word, "asm")) {
		parse_asm(table, line);
	} else if (!strcmp(word, "first-of")) {
		if (line->count != 2 || strcmp(line->words[1], "{"))
			error_at(line->pos, "first-of needs { and nothing else");
		if (table->open_group)
			error_at(line->pos, "first-of inside first-of");
		table->open_group = ++table->group_count;
		table->group_start = line->pos;
	} else if (!strcmp(word, "}")) {
		if (!table->open_group || line->count != 1)
			error_at(line->pos, "} without first-of {");
		table->open_group = 0;
	} else {
		parse_row(table, line);
	}
}

void parse_file(struct table *table, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct lexer lexer = {
		.text = read_text(path),
		.pos = {.file = slash ? slash + 1 : path},
	};
	struct line line;

	table->section = "";
	table->defaults = (struct attributes){.feature = "", .page = "", .asm_text = ""};
	while (next_line(&lexer, &line))
		parse_line(table, &line);
	if (table->open_group)
		error_at(table->group_start, "first-of { without its }");
	table->open_group = 0;
}

/* One prototype for each trans name, so one argument type. */
static void check_trans(const struct table *table, const struct pattern *p)
{
	for (int i = 0; i < table->pattern_count; i++) {
		const struct pattern *other = table->patterns[i];

		if (other == p)
			return;
		if (!has_flag(other, FLAG_UNDEFINED) &&
		    !strcmp(other->attr.trans, p->attr.trans)) {
			if (other->args != p->args)
				error_at(p->pos,
					 "trans function %s takes %s in %s:%d, here %s",
					 p->attr.trans, other->args->name,
					 other->pos.file, other->pos.line, p->args->name);
			return;
		}
	}
}

void parse_finish(struct table *table)
{
	int id = 0;

	if (!table->pattern_count && !error_count())
		error_at((struct position){"decodegen", 0}, "no rows");
	for (int i = 0; i < table->pattern_count; i++) {
		struct pattern *p = table->patterns[i];

		if (has_flag(p, FLAG_UNDEFINED))
			continue;
		p->id = id++;
		check_trans(table, p);
	}
	for (int i = 0; i < table->argset_count; i++)
		if (!table->argsets[i]->used)
			error_at(table->argsets[i]->pos, "argument set %s is not used",
				 table->argsets[i]->name);
}
