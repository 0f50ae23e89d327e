/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One table, options.def, serves the command line, the environment and the help. What exists
 * in QEMU but means nothing here is accepted, and said in one line.
 */
#include <linux/errno.h>

#include "linux-user/options.h"
#include "rt/arena.h"
#include "rt/memory.h"
#include "rt/rt.h"
#include "rt/text.h"

enum option_id {
	OPT_LD_PREFIX, OPT_SET_ENV, OPT_UNSET_ENV, OPT_ARGV0, OPT_STRACE, OPT_CPU, OPT_UNAME,
	OPT_STACK_SIZE, OPT_LOG, OPT_LOG_FILE, OPT_ONE_INSN, OPT_TB_SIZE, OPT_PERFMAP, OPT_VERSION,
	OPT_HELP, OPT_TRACE, OPT_DEBUG, OPT_HOST, OPT_TRANSLATE_ALL, OPT_EXEC_FD, OPT_SECCOMP_FD, OPT_MDWE, OPT_PROGRAM,
	OPT_EXEC_NAME, OPT_STATS, OPT_STRACE_FILTER, OPT_STRACE_SUMMARY, OPT_CRASH, OPT_GDB, OPT_JITDUMP,
	OPT_IGNORED,
};

enum { O_FOLLOW = 1, O_OWN = 2, O_BOOL = 4 };

struct option_row {
	char name[20];	   /* with its dashes */
	char variable[18]; /* without QEMU_ or XLATE_ */
	char value[12];	   /* what to call it; empty: takes none */
	uint8_t id, flags;
	char help[64]; /* empty: not shown */
};

/* No pointers: nothing to relocate at start. */
static const struct option_row rows[] = {
#define OPT(id, name, variable, flags, value, help) { name, variable, value, OPT_##id, flags, help },
#define DOC(text)
#include "linux-user/options.def"
#undef OPT
#undef DOC
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))
_Static_assert(ROW_COUNT <= OPTIONS_MAX, "struct options has room for every value");

/* Of a boolean that is on, where others have their value. */
static const char given_bool[] = "";

/* The name without its dashes. */
static const char *bare_name(const struct option_row *row)
{
	return row->name + (row->name[1] == '-' ? 2 : 1);
}

/* Does the comma list contain the word? */
static bool word_is(const char *start, size_t length, const char *word)
{
	return rt_strlen(word) == length && memcmp(start, word, length) == 0;
}

typedef bool option_word_fn(struct options *o, const char *word, size_t length);

static void for_each_word(struct options *o, const char *program, const char *what,
			  const char *list, option_word_fn *fn)
{
	while (*list) {
		size_t n = 0;

		while (list[n] && list[n] != ',')
			n++;
		if (n && !fn(o, list, n))
			rt_log("%s: %s: unknown word '%.*s' ignored\n", program, what, (int)n, list);
		list += n;
		if (*list)
			list++;
	}
}

static bool debug_word(struct options *o, const char *w, size_t n)
{
	if (word_is(w, n, "nofold"))
		o->no_fold = true;
	else if (word_is(w, n, "oneinsn"))
		o->one_insn = true;
	else if (word_is(w, n, "nolink"))
		o->no_link = true;
	else if (word_is(w, n, "noshadow"))
		o->no_shadow = true;
	else if (word_is(w, n, "tinycache"))
		o->cache_size = 256 << 10;
	else if (word_is(w, n, "verify"))
		o->verify = true;
	else if (word_is(w, n, "stats"))
		o->stats = true;
	else
		return false;
	return true;
}

/* Of QEMU's -d: what there is nothing to say about here. */
static const char quiet_items[][14] = { "op_opt", "op_ind", "op_plugin", "int", "cpu", "fpu", "mmu",
					"pcall", "cpu_reset", "guest_errors", "plugin", "tid",
					"vpu", "invalid_mem" };

static bool trace_word(struct options *o, const char *w, size_t n)
{
	if (word_is(w, n, "decode") || word_is(w, n, "in_asm"))
		o->trace |= ENGINE_TRACE_DECODE;
	else if (word_is(w, n, "ir") || word_is(w, n, "op"))
		o->trace |= ENGINE_TRACE_IR;
	else if (word_is(w, n, "x86") || word_is(w, n, "out_asm"))
		o->trace |= ENGINE_TRACE_X86;
	else if (word_is(w, n, "exec"))
		o->trace |= ENGINE_TRACE_EXEC;
	else if (word_is(w, n, "strace"))
		o->strace = true;
	else if (word_is(w, n, "page"))
		o->log_page = true;
	else if (word_is(w, n, "unimp"))
		o->log_unimp = true;
	else if (word_is(w, n, "nochain"))
		o->no_link = true;
	else
		return false;
	return true;
}

static bool log_word(struct options *o, const char *w, size_t n)
{
	for (size_t i = 0; i < sizeof(quiet_items) / sizeof(quiet_items[0]); i++)
		if (word_is(w, n, quiet_items[i]))
			return true;
	return trace_word(o, w, n);
}

static void add_env(struct options *o, const char *program, const char *text, bool unset, bool list)
{
	if (o->env_count == OPTIONS_ENV_MAX) {
		rt_log("%s: too many -E and -U options, '%s' ignored\n", program, text);
		return;
	}
	o->env[o->env_count] = text;
	o->env_unset[o->env_count] = unset;
	o->env_list[o->env_count++] = list;
}

/* Values come from the initial stack, which the guest may write over (as it does to change
 * its title) before an execve hands them on. */
static const char *keep(const char *value)
{
	static struct rt_arena arena = { .chunk = 4096 };
	size_t size = rt_strlen(value) + 1;
	char *copy = rt_arena_alloc(&arena, size, 1);

	if (!copy)
		return value;
	memcpy(copy, value, size);
	return copy;
}

static void note_ignored(struct options *o, const struct option_row *row)
{
	size_t n = rt_strlen(o->ignored);

	if (n + rt_strlen(row->name) + 3 > sizeof(o->ignored))
		return;
	if (n)
		n += rt_strcpy(o->ignored + n, sizeof(o->ignored) - n, ", ");
	rt_strcpy(o->ignored + n, sizeof(o->ignored) - n, row->name);
}

/* 0, or -EINVAL for a value that makes no sense. `from_env`: the value is a variable's. Of a
 * boolean, NULL switches it off. */
static int apply(struct options *o, const char *program, const struct option_row *row,
		 const char *value, bool from_env)
{
	bool on = value;
	uint64_t n;

	if (row->flags & O_FOLLOW && value && value != given_bool)
		value = keep(value);
	switch ((enum option_id)row->id) {
	case OPT_LD_PREFIX: o->ld_prefix = *value ? value : NULL; break;
	case OPT_SET_ENV: add_env(o, program, value, false, from_env); break;
	case OPT_UNSET_ENV: add_env(o, program, value, true, from_env); break;
	case OPT_ARGV0: o->argv0 = value; break;
	case OPT_PROGRAM: o->program = value; break;
	case OPT_EXEC_NAME: o->exec_name = value; break;
	case OPT_STRACE: o->strace = on; break;
	case OPT_STRACE_FILTER: o->strace_filter = *value ? value : NULL; break;
	case OPT_STRACE_SUMMARY: o->strace_summary = on; break;
	case OPT_GDB: o->gdb = *value ? value : NULL; break;
	case OPT_CRASH:
		if (!rt_str_eq(value, "full") && !rt_str_eq(value, "short"))
			return -EINVAL;
		o->crash_full = value[0] == 'f';
		break;
	case OPT_UNAME: o->uname = value; break;
	case OPT_LOG_FILE: o->log_file = *value ? value : NULL; break;
	case OPT_ONE_INSN: o->one_insn = on; break;
	case OPT_PERFMAP: o->perf_map = on; break;
	case OPT_JITDUMP: o->jitdump = on; break;
	case OPT_STATS: o->stats = on; break;
	case OPT_TRANSLATE_ALL: o->translate_all = value; break;
	case OPT_LOG: for_each_word(o, program, "-d", value, log_word); break;
	case OPT_TRACE:
		/* QEMU's are events, patterns and files. */
		if (rt_strchr(value, '=') || rt_strchr(value, '*'))
			note_ignored(o, row);
		else
			for_each_word(o, program, "--trace", value, trace_word);
		break;
	case OPT_DEBUG: for_each_word(o, program, "XLATE_DEBUG", value, debug_word); break;
	case OPT_CPU:
		if (!rt_str_after(value, "max") && !rt_str_after(value, "any"))
			note_ignored(o, row);
		else
			o->cpu = value;
		break;
	case OPT_STACK_SIZE:
		if (rt_parse_size(value, &n) < 0)
			return -EINVAL;
		o->stack_size = n;
		break;
	case OPT_TB_SIZE:
		if (rt_parse_u64(value, &n) < 0 || n > 4096)
			return -EINVAL;
		o->cache_size = n << 20;
		break;
	case OPT_EXEC_FD:
	case OPT_SECCOMP_FD:
		if (rt_parse_u64(value, &n) < 0 || n > 0x7fffffff)
			return -EINVAL;
		*(row->id == OPT_EXEC_FD ? &o->exec_fd : &o->seccomp_fd) = (int)n;
		break;
	case OPT_MDWE:
		if (rt_parse_u64(value, &n) < 0 || n > 3)
			return -EINVAL;
		o->mdwe = (uint8_t)n;
		break;
	case OPT_HOST:
		if (!rt_str_eq(value, "sse4.2") && !rt_str_eq(value, "sse4.2-crypto") &&
		    !rt_str_eq(value, "avx") && !rt_str_eq(value, "avx2"))
			return -EINVAL;
		o->host = value;
		break;
	case OPT_IGNORED:
		if (on)
			note_ignored(o, row);
		break;
	case OPT_VERSION:
	case OPT_HELP: break;
	}
	if (row->flags & O_FOLLOW)
		o->given[row - rows] = value;
	return 0;
}

static void apply_variable(struct options *o, const char *program, const char *name, bool own)
{
	const char *prefix = own ? "XLATE_" : "QEMU_";

	for (size_t i = 0; i < ROW_COUNT; i++) {
		const char *value;

		if (!rows[i].variable[0] || (rows[i].flags & O_OWN && !own))
			continue;
		value = rt_str_after(name, rows[i].variable);
		if (!value || *value != '=')
			continue;
		value++;
		if (rows[i].flags & O_BOOL)
			value = !*value || rt_str_eq(value, "0") ? NULL : given_bool;
		if (apply(o, program, &rows[i], value, true) < 0)
			rt_log("%s: %s%s: bad value '%s' ignored\n", program, prefix,
			       rows[i].variable, value);
		return;
	}
}

void options_environment(struct options *o, const char *program, char **envp)
{
	for (char **e = envp; *e; e++) {
		const char *name = rt_str_after(*e, "QEMU_");

		if (name)
			apply_variable(o, program, name, false);
	}
	for (char **e = envp; *e; e++) {
		const char *name = rt_str_after(*e, "XLATE_");

		if (name)
			apply_variable(o, program, name, true);
	}
}

unsigned options_repeat(const struct options *o, const char **list)
{
	unsigned n = 0;

	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (!o->given[i])
			continue;
		list[n++] = rows[i].name;
		if (!(rows[i].flags & O_BOOL))
			list[n++] = o->given[i];
	}
	return n;
}

static void print_help(const char *program)
{
	rt_print(1, "usage: %s [options] program [arguments]\n", program);
	for (size_t i = 0; i < ROW_COUNT; i++) {
		const struct option_row *row = &rows[i];
		bool own = row->name[1] == '-';
		char left[48];

		if (!row->help[0])
			continue;
		rt_format(left, sizeof(left), "%s%s%s", row->name,
			  !row->value[0] ? "" : own ? "=" : " ", row->value);
		rt_print(1, "  %-26s %-16s %s\n", left, row->variable, row->help);
	}
	rt_print(1, "Accepted without effect:");
	for (size_t i = 0; i < ROW_COUNT; i++)
		if (rows[i].id == OPT_IGNORED)
			rt_print(1, " %s", rows[i].name);
	rt_print(1, "\nThe second column is a variable that does the same, with QEMU_ (not those of -- "
		 "options)\nor XLATE_ before it; XLATE_ wins, options win over both.\n");
}

/* "-d help", "-cpu help": prints the choices. */
static bool print_choices(const struct option_row *row, const char *value)
{
	static const char items[] =
		"in_asm   guest instructions\nop       intermediate code\nout_asm  host code\n"
		"exec     entries into translated code\nstrace   system calls\n"
		"page     mappings at the first instruction\n"
		"unimp    each missing or refused system call, once\n"
		"nochain  do not link blocks\nWithout effect:";

	if (!rt_str_eq(value, "help") && !rt_str_eq(value, "?"))
		return false;
	switch ((enum option_id)row->id) {
	case OPT_CPU: rt_print(1, "Available CPUs:\n  any\n  max\n"); return true;
	case OPT_LOG:
		rt_print(1, "%s", items);
		for (size_t i = 0; i < sizeof(quiet_items) / sizeof(quiet_items[0]); i++)
			rt_print(1, " %s", quiet_items[i]);
		rt_print(1, "\n");
		return true;
	default: return false;
	}
}

/* "-name", "--name", "--name=value"; *ret_value when a value is attached. */
static const struct option_row *find_option(const char *arg, const char **ret_value)
{
	*ret_value = NULL;
	arg += arg[1] == '-' ? 2 : 1;
	for (size_t i = 0; i < ROW_COUNT; i++) {
		const char *rest = rt_str_after(arg, bare_name(&rows[i]));

		if (!rest)
			continue;
		if (*rest == '=' && rows[i].value[0]) {
			*ret_value = rest + 1;
			return &rows[i];
		}
		if (!*rest)
			return &rows[i];
	}
	return NULL;
}

static enum options_action leave(int *ret_status, int status)
{
	*ret_status = status;
	return OPTIONS_EXIT;
}

enum options_action options_parse(struct options *o, const char *program, int argc,
				  char **argv, char **envp, bool secure, int *ret_next,
				  int *ret_status)
{
	int i;

	memset(o, 0, sizeof(*o));
	o->exec_fd = o->seccomp_fd = -1;
	*ret_next = 1;
	/* What the caller says must not steer a process with more rights than his. */
	if (secure)
		return OPTIONS_RUN;
	options_environment(o, program, envp);
	for (i = 1; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
		const struct option_row *row;
		const char *value;

		if (rt_str_eq(argv[i], "--")) {
			i++;
			break;
		}
		row = find_option(argv[i], &value);
		if (!row) {
			rt_log("%s: unknown option '%s' (-h lists them)\n", program, argv[i]);
			return leave(ret_status, 1);
		}
		if (row->id == OPT_VERSION) {
			rt_print(1, "%s %s\n", program, PACKAGE_VERSION);
			return leave(ret_status, 0);
		}
		if (row->id == OPT_HELP) {
			print_help(program);
			return leave(ret_status, 0);
		}
		if (row->flags & O_BOOL) {
			value = given_bool;
		} else if (!value) {
			if (i + 1 == argc) {
				rt_log("%s: option '%s' needs a value\n", program, argv[i]);
				return leave(ret_status, 1);
			}
			value = argv[++i];
		}
		if (print_choices(row, value))
			return leave(ret_status, 0);
		if (apply(o, program, row, value, false) < 0) {
			rt_log("%s: bad value '%s' for option '%s'\n", program, value, row->name);
			return leave(ret_status, 1);
		}
	}
	*ret_next = i;
	return OPTIONS_RUN;
}
