/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The initial stack as the kernel's create_elf_tables() lays it out for arm64, downwards:
 *
 *	execfn string, platform string, changed environment strings
 *	auxv pairs, ending with AT_NULL
 *	envp pointers, NULL
 *	argv pointers, NULL
 *	argc			<- sp, 16-byte aligned
 *
 * Strings that did not change stay where the kernel put them for us.
 */
#include <linux/errno.h>

#include "linux-user/loader.h"
#include "linux-user/options.h"
#include "rt/memory.h"
#include "rt/rt.h"
#include "rt/text.h"

/* Does "NAME=value" have this name, which ends at `length`? */
static bool has_name(const char *entry, const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!entry[i] || entry[i] != name[i])
			return false;
	return entry[length] == '=';
}

static size_t name_length(const char *text, size_t length)
{
	size_t n = 0;

	while (n < length && text[n] && text[n] != '=')
		n++;
	return n;
}

/* Next item of a change: a list is cut at commas. Returns its length; *text moves on. */
static const char *next_item(const char **text, bool list, size_t *ret_length)
{
	const char *start = *text;
	size_t n = 0;

	while (start[n] && !(list && start[n] == ','))
		n++;
	*ret_length = n;
	*text = start + n + (start[n] == ',' ? 1 : 0);
	return start;
}

/* Is the variable set or removed by change `from` or a later one? */
static bool is_changed(const struct options *o, const char *entry, size_t length, unsigned from,
		       const char *from_text)
{
	for (unsigned i = from; i < o->env_count; i++) {
		const char *text = i == from && from_text ? from_text : o->env[i];

		while (*text) {
			size_t n;
			const char *item = next_item(&text, o->env_list[i], &n);

			n = name_length(item, n);
			if (n && n == length && has_name(entry, item, n))
				return true;
		}
	}
	return false;
}

struct writer {
	uint64_t sp, limit;
};

static uint64_t push(struct writer *w, const void *data, size_t length, bool terminate)
{
	uint64_t need = length + terminate;

	if (w->sp < w->limit || w->sp - w->limit < need)
		return 0;
	w->sp -= need;
	memcpy((void *)w->sp, data, length);
	if (terminate)
		((char *)w->sp)[length] = 0;
	return w->sp;
}

/* Writes the strings of new variables. With `table`, stores the pointers there instead: the
 * strings are then known to be at `at`, downwards in the same order. */
static int new_variables(const struct options *o, struct writer *w, uint64_t *table, uint64_t at)
{
	int count = 0;

	for (unsigned i = 0; i < o->env_count; i++) {
		const char *text = o->env[i];

		while (!o->env_unset[i] && *text) {
			size_t n;
			const char *item = next_item(&text, o->env_list[i], &n);
			size_t name = name_length(item, n);

			if (!name || name == n ||
			    is_changed(o, item, name, *text ? i : i + 1, *text ? text : NULL))
				continue;
			if (table) {
				at -= n + 1;
				table[count] = at;
			} else if (!push(w, item, n, true)) {
				return -E2BIG;
			}
			count++;
		}
	}
	return count;
}

int stack_build(const struct stack_input *in, uint64_t limit, struct stack_output *ret)
{
	struct writer w = { in->top, limit };
	uint64_t execfn, platform, strings, *table;
	size_t words;
	int kept = 0, added;

	execfn = push(&w, in->execfn, rt_strlen(in->execfn), true);
	platform = push(&w, in->platform, rt_strlen(in->platform), true);
	strings = w.sp;
	added = new_variables(in->options, &w, NULL, 0);
	if (!execfn || !platform || added < 0)
		return -E2BIG;
	for (char **e = in->envp; *e; e++)
		kept += !is_changed(in->options, *e, name_length(*e, ~(size_t)0 >> 1), 0, NULL);

	words = 1 + (size_t)in->argc + 1 + (size_t)(kept + added) + 1 +
		2 * (in->auxv_count + 3);
	if (w.sp < limit || w.sp - limit < words * 8 + 16)
		return -E2BIG;
	w.sp = (w.sp - words * 8) & ~15ull;
	table = (uint64_t *)w.sp;

	*table++ = (uint64_t)in->argc;
	ret->argv = (uint64_t)table;
	for (int i = 0; i < in->argc; i++)
		*table++ = (uint64_t)in->argv[i];
	*table++ = 0;
	ret->envp = (uint64_t)table;
	for (char **e = in->envp; *e; e++)
		if (!is_changed(in->options, *e, name_length(*e, ~(size_t)0 >> 1), 0, NULL))
			*table++ = (uint64_t)*e;
	table += new_variables(in->options, NULL, table, strings);
	*table++ = 0;
	ret->auxv = (uint64_t)table;
	for (unsigned i = 0; i < in->auxv_count; i++) {
		*table++ = in->auxv[i].type;
		*table++ = in->auxv[i].value;
	}
	*table++ = AT_EXECFN;
	*table++ = execfn;
	*table++ = AT_PLATFORM;
	*table++ = platform;
	*table++ = AT_NULL;
	*table++ = 0;
	ret->auxv_size = (uint64_t)table - ret->auxv;
	ret->sp = w.sp;
	return 0;
}
