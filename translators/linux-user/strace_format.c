/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What every line of a traced call is put together from: names of values, numbers, strings, structures. */
#include <linux/errno.h>

#include "linux-user/strace-internal.h"
#include "rt/memory.h"
#include "rt/text.h"
#include "rt/uaccess.h"

void line_add(struct line *l, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	if (l->length < l->size)
		l->length +=
			rt_vformat(l->buf + l->length, l->size - l->length, format, ap);
	va_end(ap);
	if (l->length >= l->size)
		l->length = l->size - 1;
}

enum { TABLE_FLAGS = 1, TABLE_ENUM };

/* No pointers: nothing to relocate at start. */
static const struct strace_name {
	uint64_t value;
	char table; /* the first of a table, with its name */
	char text[31];
} names[] = {
#define FLAGS(name, zero) {0, TABLE_FLAGS, #name}, {0, 0, zero},
#define ENUM(name)        {0, TABLE_ENUM, #name},
#define NAME(value, name) {value, 0, name},
#include "linux-user/strace_names.def"
#undef FLAGS
#undef ENUM
#undef NAME
	{0, TABLE_ENUM, ""},
};

const struct strace_name *strace_table(const char *word, size_t length)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].table && memcmp(names[i].text, word, length) == 0 &&
		    !names[i].text[length])
			return &names[i];
	return NULL;
}

/* Behind a number that has no name, what it was meant for: SIG_???. */
static void add_unknown(struct line *l, const struct strace_name *table)
{
	const char *first = table[table->table == TABLE_FLAGS ? 2 : 1].text;
	int n = 0;

	while (first[n] && first[n] != '_')
		n++;
	line_add(l, " /* %.*s_??? */", n, first);
}

void strace_add_flags(struct line *l, const struct strace_name *table, uint64_t v)
{
	const struct strace_name *n = table + 1;
	const char *separator = "";

	if (!v) {
		line_add(l, "%s", n->text);
		return;
	}
	for (n++; !n->table; n++) {
		if ((v & n->value) != n->value)
			continue;
		line_add(l, "%s%s", separator, n->text);
		v &= ~n->value;
		separator = "|";
	}
	if (v)
		line_add(l, "%s0x%lx", separator, (unsigned long)v);
	if (v && !*separator)
		add_unknown(l, table);
}

const char *strace_enum_name(const struct strace_name *table, uint64_t v)
{
	for (const struct strace_name *n = table + 1; !n->table; n++)
		if (n->value == v)
			return n->text;
	return NULL;
}

void strace_add_enum(struct line *l, const struct strace_name *table, uint64_t v)
{
	const char *text = strace_enum_name(table, v);

	if (text) {
		line_add(l, "%s", text);
		return;
	}
	line_add(l, v ? "0x%lx" : "%lu", (unsigned long)v);
	add_unknown(l, table);
}

void strace_add_named(struct line *l, const struct strace_name *table, uint64_t v)
{
	if (table->table == TABLE_FLAGS)
		strace_add_flags(l, table, v);
	else
		strace_add_enum(l, table, (uint32_t)v);
}

void strace_add_ptr(struct line *l, uint64_t v)
{
	if (v)
		line_add(l, "0x%lx", (unsigned long)v);
	else
		line_add(l, "NULL");
}

void strace_add_hex(struct line *l, uint64_t v)
{
	line_add(l, v ? "0x%lx" : "%lu", (unsigned long)v);
}

void strace_add_quoted(struct line *l, const unsigned char *bytes, size_t n, bool cut,
		       bool hex)
{
	static const char special[] = "\tt\nn\vv\ff\rr\"\"\\\\";

	line_add(l, "\"");
	for (size_t i = 0; i < n; i++) {
		unsigned char c = bytes[i];
		unsigned k = 0;

		while (special[k] && special[k] != (char)c)
			k += 2;
		if (hex)
			line_add(l, "\\x%02x", c);
		else if (c && special[k])
			line_add(l, "\\%c", special[k + 1]);
		else if (c >= ' ' && c < 127)
			line_add(l, "%c", c);
		else if (i + 1 < n && bytes[i + 1] >= '0' && bytes[i + 1] <= '7')
			line_add(l, "\\%03o", c);
		else
			line_add(l, "\\%o", c);
	}
	line_add(l, cut ? "\"..." : "\"");
}

void strace_add_bytes(struct line *l, uint64_t address, uint64_t length, bool hex)
{
	unsigned char bytes[STRACE_STRING_MAX];
	size_t n = length < STRACE_STRING_MAX ? length : STRACE_STRING_MAX;

	if (!address || copy_from_guest(bytes, address, n) < 0)
		strace_add_ptr(l, address);
	else
		strace_add_quoted(l, bytes, n, length > STRACE_STRING_MAX, hex);
}

void strace_add_string(struct line *l, uint64_t address, size_t max)
{
	char text[4097];
	size_t size = max + 1 < sizeof(text) ? max + 1 : sizeof(text);
	long r = address ? rt_copy_string(text, (const char *)address, size) : -EFAULT;

	if (r == -EFAULT)
		strace_add_ptr(l, address);
	else
		strace_add_quoted(l, (unsigned char *)text, r < 0 ? size - 1 : (size_t)r,
				  r < 0, false);
}

/* Structures: "{"..."}", or the address of one that is not there. */
bool strace_get(struct line *l, void *to, uint64_t address, size_t size)
{
	if (address && copy_from_guest(to, address, size) == 0)
		return true;
	strace_add_ptr(l, address);
	return false;
}

void strace_add_int_at(struct line *l, uint64_t address)
{
	int v;

	if (strace_get(l, &v, address, sizeof(v)))
		line_add(l, "[%d]", v);
}

void strace_add_argv(struct line *l, uint64_t array)
{
	uint64_t p;

	if (!strace_get(l, &p, array, 8))
		return;
	line_add(l, "[");
	for (int i = 0; copy_from_guest(&p, array + (uint64_t)i * 8, 8) == 0 && p; i++) {
		line_add(l, i ? ", " : "");
		if (i == STRACE_ARRAY_MAX) {
			line_add(l, "...");
			break;
		}
		strace_add_string(l, p, STRACE_STRING_MAX);
	}
	line_add(l, "]");
}

void strace_add_envp(struct line *l, uint64_t array)
{
	uint64_t p, n = 0;

	strace_add_ptr(l, array);
	while (array && copy_from_guest(&p, array + n * 8, 8) == 0 && p)
		n++;
	if (array)
		line_add(l, " /* %lu var%s */", (unsigned long)n, n == 1 ? "" : "s");
}

void strace_add_mode(struct line *l, uint32_t mode)
{
	const char *type = strace_enum_name(STRACE_TABLE("file_type"), mode & 0170000);

	if (type)
		line_add(l, "%s|", type);
	else if (mode & 0170000)
		line_add(l, "0%o|", mode & 0170000);
	strace_add_flags(l, STRACE_TABLE("mode_bits"), mode & 07000);
	line_add(l, "%s0%02o", mode & 07000 ? "|" : "", mode & 0777);
}

void strace_add_open_flags(struct line *l, uint64_t v)
{
	static const char access[][9] = {"O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"};

	line_add(l, "%s%s", access[v & 3], v & ~3ull ? "|" : "");
	if (v & ~3ull)
		strace_add_flags(l, STRACE_TABLE("open_flags"), v & ~3ull);
}
