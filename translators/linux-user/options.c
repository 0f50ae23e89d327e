/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One table serves both the command line and the environment: QEMU's name, QEMU's variable
 * (without its prefix, which XLATE_ shares), and what to do with the value. What exists in
 * QEMU but means nothing here is accepted with one warning.
 */
#include <linux/errno.h>

#include "linux-user/options.h"
#include "rt/memory.h"
#include "rt/rt.h"
#include "rt/text.h"

enum option_id {
	OPT_LD_PREFIX, OPT_SET_ENV, OPT_UNSET_ENV, OPT_ARGV0, OPT_STRACE, OPT_CPU, OPT_UNAME,
	OPT_STACK_SIZE, OPT_LOG, OPT_LOG_FILE, OPT_ONE_INSN, OPT_TB_SIZE, OPT_PERFMAP, OPT_VERSION,
	OPT_HELP, OPT_TRACE, OPT_DEBUG, OPT_HOST, OPT_TRANSLATE_ALL, OPT_EXEC_FD, OPT_SECCOMP_FD, OPT_PROGRAM, OPT_EXEC_NAME,
	OPT_STATS,
	OPT_IGNORED, OPT_IGNORED_QUIET,
};

struct option_row {
	char name[18];	   /* without dashes */
	char variable[18]; /* without QEMU_ or XLATE_ */
	uint8_t id;
	bool value, own;   /* takes a value; has no QEMU_ variable */
	char help[64];	   /* empty: not shown */
};

/* No pointers: nothing to relocate at start. */
static const struct option_row rows[] = {
	{ "L", "LD_PREFIX", OPT_LD_PREFIX, true, false, "look up absolute paths below this directory first" },
	{ "E", "SET_ENV", OPT_SET_ENV, true, false, "set a variable of the guest (NAME=VALUE)" },
	{ "U", "UNSET_ENV", OPT_UNSET_ENV, true, false, "remove a variable of the guest" },
	{ "0", "ARGV0", OPT_ARGV0, true, false, "argv[0] of the guest" },
	{ "strace", "STRACE", OPT_STRACE, false, false, "log system calls" },
	{ "cpu", "CPU", OPT_CPU, true, false, "CPU model; there is one, max" },
	{ "r", "UNAME", OPT_UNAME, true, false, "kernel release that uname reports" },
	{ "s", "STACK_SIZE", OPT_STACK_SIZE, true, false, "stack size in bytes (K, M and G work)" },
	{ "d", "LOG", OPT_LOG, true, false, "in_asm, op, out_asm, exec, strace, nochain" },
	{ "D", "LOG_FILENAME", OPT_LOG_FILE, true, false, "file for logs (default: stderr)" },
	{ "one-insn-per-tb", "ONE_INSN_PER_TB", OPT_ONE_INSN, false, false, "translate single instructions" },
	{ "singlestep", "SINGLESTEP", OPT_ONE_INSN, false, false, "" },
	{ "tb-size", "TB_SIZE", OPT_TB_SIZE, true, false, "size of the code cache in MiB" },
	{ "perfmap", "PERFMAP", OPT_PERFMAP, false, false, "write /tmp/perf-PID.map" },
	{ "version", "", OPT_VERSION, false, false, "print the version" },
	{ "h", "", OPT_HELP, false, false, "print this text" },
	{ "help", "", OPT_HELP, false, false, "" },
	{ "trace", "TRACE", OPT_TRACE, true, true, "decode, ir, x86, exec (comma list)" },
	{ "debug", "DEBUG", OPT_DEBUG, true, true, "nofold oneinsn nolink tinycache noshadow verify stats" },
	{ "host", "HOST", OPT_HOST, true, true, "hide host features above sse4.2, avx or avx2" },
	{ "stats", "STATS", OPT_STATS, false, true, "print counters at exit" },
	{ "translate-all", "", OPT_TRANSLATE_ALL, true, true, "translate a file's code, print the cost, run nothing" },
	{ "exec-fd", "", OPT_EXEC_FD, true, true, "" },
	{ "seccomp-fd", "", OPT_SECCOMP_FD, true, true, "" },
	{ "program", "", OPT_PROGRAM, true, false, "" },
	{ "exec-name", "", OPT_EXEC_NAME, true, false, "" },
	{ "g", "GDB", OPT_IGNORED, true, false, "" },
	{ "B", "GUEST_BASE", OPT_IGNORED, true, false, "" },
	{ "R", "RESERVED_VA", OPT_IGNORED, true, false, "" },
	{ "t", "RTSIG_MAP", OPT_IGNORED, true, false, "" },
	{ "p", "PAGE_SIZE", OPT_IGNORED, true, false, "" },
	{ "dfilter", "DFILTER", OPT_IGNORED, true, false, "" },
	{ "seed", "RAND_SEED", OPT_IGNORED, true, false, "" },
	{ "plugin", "PLUGIN", OPT_IGNORED, true, false, "" },
	{ "jitdump", "JITDUMP", OPT_IGNORED, false, false, "" },
	{ "xtensa-abi-call0", "XTENSA_ABI_CALL0", OPT_IGNORED_QUIET, false, false, "" },
};

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
	else if (word_is(w, n, "nochain"))
		o->no_link = true;
	else
		return false;
	return true;
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

/* 0, or -EINVAL for a value that makes no sense. `from_env`: the value is a variable's. */
static int apply(struct options *o, const char *program, const struct option_row *row,
		 const char *value, bool from_env)
{
	uint64_t n;

	switch ((enum option_id)row->id) {
	case OPT_LD_PREFIX: o->ld_prefix = *value ? value : NULL; break;
	case OPT_SET_ENV: add_env(o, program, value, false, from_env); break;
	case OPT_UNSET_ENV: add_env(o, program, value, true, from_env); break;
	case OPT_ARGV0: o->argv0 = value; break;
	case OPT_PROGRAM: o->program = value; break;
	case OPT_EXEC_NAME: o->exec_name = value; break;
	case OPT_STRACE: o->strace = true; break;
	case OPT_UNAME: o->uname = value; break;
	case OPT_LOG_FILE: o->log_file = value; break;
	case OPT_ONE_INSN: o->one_insn = true; break;
	case OPT_PERFMAP: o->perf_map = true; break;
	case OPT_STATS: o->stats = true; break;
	case OPT_TRANSLATE_ALL: o->translate_all = value; break;
	case OPT_LOG: for_each_word(o, program, "-d", value, trace_word); break;
	case OPT_TRACE: for_each_word(o, program, "--trace", value, trace_word); break;
	case OPT_DEBUG: for_each_word(o, program, "XLATE_DEBUG", value, debug_word); break;
	case OPT_CPU:
		if (!rt_str_after(value, "max") && !rt_str_after(value, "any"))
			rt_log("%s: CPU model '%s' ignored: there is one model, max\n", program,
			       value);
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
	case OPT_HOST:
		if (!rt_str_eq(value, "sse4.2") && !rt_str_eq(value, "sse4.2-crypto") &&
		    !rt_str_eq(value, "avx") &&
		    !rt_str_eq(value, "avx2"))
			return -EINVAL;
		o->host = value;
		break;
	case OPT_IGNORED:
		rt_log("%s: -%s does not apply here and is ignored\n", program, row->name);
		break;
	case OPT_IGNORED_QUIET:
	case OPT_VERSION:
	case OPT_HELP: break;
	}
	return 0;
}

static void apply_variable(struct options *o, const char *program, const char *name, bool own)
{
	const char *prefix = own ? "XLATE_" : "QEMU_";

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *value;

		if (!rows[i].variable[0] || (rows[i].own && !own))
			continue;
		value = rt_str_after(name, rows[i].variable);
		if (!value || *value != '=')
			continue;
		value++;
		if (!rows[i].value && (!*value || rt_str_eq(value, "0")))
			return;
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

static void print_help(const char *program)
{
	rt_print(1, "usage: %s [options] program [arguments]\n", program);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct option_row *row = &rows[i];
		char left[48];

		if (!row->help[0])
			continue;
		rt_format(left, sizeof(left), "%s%s%s", row->own ? "--" : "-", row->name,
			  row->value ? (row->own ? "=VALUE" : " VALUE") : "");
		rt_print(1, "  %-22s %-22s%s\n", left, row->variable, row->help);
	}
	rt_print(1, "Variables are read with the prefix QEMU_ (not those of -- options) and XLATE_,\n"
	       "which wins; options win over both.\n");
}

/* "-name", "--name", "--name=value"; *ret_value when a value is attached. */
static const struct option_row *find_option(const char *arg, const char **ret_value)
{
	*ret_value = NULL;
	arg += arg[1] == '-' ? 2 : 1;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *rest = rt_str_after(arg, rows[i].name);

		if (!rest)
			continue;
		if (*rest == '=' && rows[i].value) {
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
	if (!secure)
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
		if (row->value && !value) {
			if (i + 1 == argc) {
				rt_log("%s: option '%s' needs a value\n", program, argv[i]);
				return leave(ret_status, 1);
			}
			value = argv[++i];
		}
		if (apply(o, program, row, value, false) < 0) {
			rt_log("%s: bad value '%s' for option '-%s'\n", program, value, row->name);
			return leave(ret_status, 1);
		}
	}
	*ret_next = i;
	return OPTIONS_RUN;
}
