/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * binfmtctl completion: scripts that complete command lines in bash, zsh and fish, made from
 * the same tables that popt reads, so that they cannot lag behind.
 */
#include <errno.h>
#include <string.h>

#include "binfmtctl/command.h"

/* What an argument of a verb or option is, by its name in the usage line. */
enum what {
	WHAT_NOTHING,
	WHAT_ENTRY,
	WHAT_FILE,
	WHAT_DIRECTORY,
	WHAT_FORMAT,
	WHAT_WORDS
};

static const struct {
	const char *verb;
	enum what what;
} arguments[] = {
	{"apply", WHAT_FILE},       {"convert", WHAT_FILE},   {"disable", WHAT_ENTRY},
	{"enable", WHAT_ENTRY},     {"install", WHAT_FORMAT}, {"lint", WHAT_FILE},
	{"match", WHAT_FILE},       {"probe", WHAT_FILE},     {"restore", WHAT_FILE},
	{"save", WHAT_FILE},        {"show", WHAT_ENTRY},     {"uninstall", WHAT_FORMAT},
	{"unregister", WHAT_ENTRY}, {"why", WHAT_FILE},
};

/* Options whose values are a few words. */
static const struct {
	const char *option, *words;
} values[] = {
	{"format", "text plain json jsonl"},
	{"color", "auto always never"},
	{"fail-on", "info low medium high critical"},
	{"level", "info low medium high critical"},
	{"sort", "match name time"},
	{"osabi", "any gnu strict"},
	{"float", "any hard soft"},
	{"elf-type", "exec dyn exec,dyn"},
	{"encoding", "text hex"},
	{"output", "rule conf update-binfmts shell nixos"},
	{"to", "rule conf update-binfmts shell nixos"},
};

static enum what verb_argument(const char *verb)
{
	for (size_t i = 0; i < ARRAY_SIZE(arguments); i++)
		if (strcmp(arguments[i].verb, verb) == 0)
			return arguments[i].what;
	return WHAT_NOTHING;
}

static enum what option_argument(const struct poptOption *o, const char **ret_words)
{
	if ((o->argInfo & POPT_ARG_MASK) == POPT_ARG_NONE)
		return WHAT_NOTHING;
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		if (strcmp(values[i].option, o->longName) == 0) {
			*ret_words = values[i].words;
			return WHAT_WORDS;
		}
	if (strcmp(o->argDescrip, "DIR") == 0)
		return WHAT_DIRECTORY;
	if (strcmp(o->argDescrip, "FILE") == 0 || strstr(o->argDescrip, "PATH"))
		return WHAT_FILE;
	return WHAT_NOTHING;
}

#define foreach_option(o, table) \
	for (const struct poptOption *o = (table); o && o->longName; o++)

static bool takes_value(const struct poptOption *o)
{
	return (o->argInfo & POPT_ARG_MASK) != POPT_ARG_NONE;
}

static void put_option_names(const struct poptOption *table, struct text *to)
{
	foreach_option(o, table)
	{
		text_printf(to, " --%s", o->longName);
		if (o->shortName)
			text_printf(to, " -%c", o->shortName);
	}
}

/* Lines of a `case` that answer for the word before the cursor. */
static void put_bash_values(const struct poptOption *table, struct text *to)
{
	foreach_option(o, table)
	{
		const char *words = NULL;
		enum what what = option_argument(o, &words);

		if (!takes_value(o))
			continue;
		text_printf(to, "\t\t--%s", o->longName);
		if (o->shortName)
			text_printf(to, " | -%c", o->shortName);
		if (what == WHAT_WORDS)
			text_printf(
				to,
				") COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n",
				words);
		else if (what == WHAT_DIRECTORY)
			text_puts(to,
				  ") COMPREPLY=($(compgen -d -- \"$cur\")); return ;;\n");
		else if (what == WHAT_FILE)
			text_puts(to,
				  ") COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n");
		else
			text_puts(to, ") return ;;\n");
	}
}

static const char *bash_arguments(enum what what)
{
	switch (what) {
	case WHAT_ENTRY:
		return "compgen -W \"$(binfmtctl list -f plain 2>/dev/null | cut -f1)\" -- "
		       "\"$cur\"";
	case WHAT_FORMAT:
		return "compgen -W \"$(cd " FORMATSDIR " 2>/dev/null && ls | sed -n "
		       "'s/[.]conf$//p')\" -- \"$cur\"; compgen -f -- \"$cur\"";
	case WHAT_FILE: return "compgen -f -- \"$cur\"";
	default: return NULL;
	}
}

static void put_bash(struct text *to)
{
	text_puts(
		to,
		"# bash completion of binfmtctl, made by `binfmtctl completion bash`\n"
		"_binfmtctl()\n{\n"
		"\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} "
		"verb= word\n"
		"\tlocal verbs='");
	for (size_t i = 0; commands[i]; i++)
		text_printf(to, "%s%s", i ? " " : "", commands[i]->name);
	text_puts(to, "'\n\tlocal global='");
	put_option_names(global_options, to);
	text_puts(to, "'\n\tCOMPREPLY=()\n"
		      "\tfor word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
		      "\t\tcase \" $verbs \" in\n"
		      "\t\t*\" $word \"*) verb=$word; break ;;\n"
		      "\t\tesac\n\tdone\n");
	text_puts(to, "\tcase $verb in\n");
	for (size_t i = 0; commands[i]; i++) {
		bool any = false;

		foreach_option(o, commands[i]->options) any = any || takes_value(o);
		if (!any)
			continue;
		text_printf(to, "\t%s)\n\t\tcase $prev in\n", commands[i]->name);
		put_bash_values(commands[i]->options, to);
		text_puts(to, "\t\tesac ;;\n");
	}
	text_puts(to, "\tesac\n\tcase $prev in\n");
	put_bash_values(global_options, to);
	text_puts(to,
		  "\tesac\n\tcase $verb in\n"
		  "\t'') COMPREPLY=($(compgen -W \"$verbs $global\" -- \"$cur\")) ;;\n");
	for (size_t i = 0; commands[i]; i++) {
		const char *what = bash_arguments(verb_argument(commands[i]->name));

		text_printf(to,
			    "\t%s)\n\t\tif [[ $cur == -* ]]; then\n"
			    "\t\t\tCOMPREPLY=($(compgen -W \"",
			    commands[i]->name);
		put_option_names(commands[i]->options, to);
		text_puts(to, " $global\" -- \"$cur\"))\n");
		if (what)
			text_printf(to, "\t\telse\n\t\t\tCOMPREPLY=($(%s))\n", what);
		text_puts(to, "\t\tfi ;;\n");
	}
	text_puts(to, "\tesac\n}\ncomplete -o filenames -F _binfmtctl binfmtctl\n");
}

/* For zsh's _arguments, inside single quotes. */
static void put_zsh_text(struct text *to, const char *s)
{
	for (; *s; s++) {
		if (*s == '\'')
			text_puts(to, "'\\''");
		else if (strchr("[]:\\", *s))
			text_printf(to, "\\%c", *s);
		else
			text_putc(to, *s);
	}
}

static void put_zsh_options(const struct poptOption *table, struct text *to)
{
	foreach_option(o, table)
	{
		const char *words = NULL;
		enum what what = option_argument(o, &words);

		for (int form = 0; form < (o->shortName ? 2 : 1); form++) {
			if (form == 0)
				text_printf(to, "\t\t'--%s%s[", o->longName,
					    takes_value(o) ? "=" : "");
			else
				text_printf(to, "\t\t'-%c%s[", o->shortName,
					    takes_value(o) ? "+" : "");
			put_zsh_text(to, o->descrip);
			text_putc(to, ']');
			if (takes_value(o)) {
				text_putc(to, ':');
				put_zsh_text(to, o->argDescrip);
				text_putc(to, ':');
			}
			if (what == WHAT_WORDS)
				text_printf(to, "(%s)", words);
			else if (what == WHAT_DIRECTORY)
				text_puts(to, "_directories");
			else if (what == WHAT_FILE)
				text_puts(to, "_files");
			text_puts(to, "'\n");
		}
	}
}

static void put_zsh(struct text *to)
{
	text_puts(to,
		  "#compdef binfmtctl\n"
		  "# zsh completion of binfmtctl, made by `binfmtctl completion zsh`\n"
		  "_binfmtctl_entries()\n{\n"
		  "\tlocal -a names\n"
		  "\tnames=(${(f)\"$(binfmtctl list -f plain 2>/dev/null | cut -f1)\"})\n"
		  "\tcompadd -a names\n}\n"
		  "_binfmtctl_formats()\n{\n"
		  "\tcompadd -- " FORMATSDIR "/*.conf(N:t:r)\n\t_files\n}\n"
		  "_binfmtctl()\n{\n"
		  "\tlocal context state state_descr line\n"
		  "\ttypeset -A opt_args\n"
		  "\tlocal -a global verbs options\n"
		  "\tglobal=(\n");
	put_zsh_options(global_options, to);
	text_puts(to, "\t)\n\tverbs=(\n");
	for (size_t i = 0; commands[i]; i++) {
		text_printf(to, "\t\t'%s:", commands[i]->name);
		put_zsh_text(to, commands[i]->summary);
		text_puts(to, "'\n");
	}
	text_puts(to, "\t)\n"
		      "\t_arguments -C $global '1: :->verb' '*:: :->rest'\n"
		      "\tcase $state in\n"
		      "\tverb) _describe -t verbs verb verbs ;;\n"
		      "\trest)\n\t\tcase $line[1] in\n");
	for (size_t i = 0; commands[i]; i++) {
		text_printf(to, "\t\t%s) options=(\n", commands[i]->name);
		put_zsh_options(commands[i]->options, to);
		switch (verb_argument(commands[i]->name)) {
		case WHAT_ENTRY:
			text_puts(to, "\t\t'*:entry:_binfmtctl_entries'\n");
			break;
		case WHAT_FORMAT:
			text_puts(to, "\t\t'*:format:_binfmtctl_formats'\n");
			break;
		case WHAT_FILE: text_puts(to, "\t\t'*:file:_files'\n"); break;
		default: break;
		}
		text_puts(to, "\t\t) ;;\n");
	}
	text_puts(to, "\t\tesac\n\t\t_arguments $global $options ;;\n\tesac\n}\n"
		      "_binfmtctl \"$@\"\n");
}

/* Inside single quotes of fish, where the backslash escapes too. */
static void put_fish_text(struct text *to, const char *s)
{
	text_putc(to, '\'');
	for (; *s; s++) {
		if (*s == '\'' || *s == '\\')
			text_putc(to, '\\');
		text_putc(to, *s);
	}
	text_putc(to, '\'');
}

static void put_fish_options(const char *verb, const struct poptOption *table,
			     struct text *to)
{
	foreach_option(o, table)
	{
		const char *words = NULL;
		enum what what = option_argument(o, &words);

		text_puts(to, "complete -c binfmtctl");
		if (verb)
			text_printf(to, " -n '__fish_seen_subcommand_from %s'", verb);
		text_printf(to, " -l %s", o->longName);
		if (o->shortName)
			text_printf(to, " -s %c", o->shortName);
		if (what == WHAT_WORDS)
			text_printf(to, " -x -a '%s'", words);
		else if (what == WHAT_DIRECTORY)
			text_puts(to, " -x -a '(__fish_complete_directories)'");
		else if (what == WHAT_FILE)
			text_puts(to, " -r -F");
		else if (takes_value(o))
			text_puts(to, " -x");
		text_puts(to, " -d ");
		put_fish_text(to, o->descrip);
		text_putc(to, '\n');
	}
}

static void put_fish(struct text *to)
{
	text_puts(to,
		  "# fish completion of binfmtctl, made by `binfmtctl completion fish`\n"
		  "complete -c binfmtctl -f\n");
	put_fish_options(NULL, global_options, to);
	for (size_t i = 0; commands[i]; i++) {
		const char *name = commands[i]->name;

		text_printf(to,
			    "complete -c binfmtctl -n __fish_use_subcommand -a %s -d ",
			    name);
		put_fish_text(to, commands[i]->summary);
		text_putc(to, '\n');
		put_fish_options(name, commands[i]->options, to);
		if (verb_argument(name) == WHAT_NOTHING)
			continue;
		text_printf(to,
			    "complete -c binfmtctl -n '__fish_seen_subcommand_from %s'",
			    name);
		switch (verb_argument(name)) {
		case WHAT_ENTRY:
			text_puts(
				to,
				" -a '(binfmtctl list -f plain 2>/dev/null | cut -f1)'\n");
			break;
		case WHAT_FORMAT:
			text_puts(to,
				  " -F -a '(path basename " FORMATSDIR
				  "/*.conf | string replace -r \"\\.conf\\$\" \"\")'\n");
			break;
		default: text_puts(to, " -F\n"); break;
		}
	}
}

static enum exit_code run(struct invocation *in, void *state)
{
	static const struct {
		const char *shell;
		void (*put)(struct text *to);
	} shells[] = {{"bash", put_bash}, {"zsh", put_zsh}, {"fish", put_fish}};
	_cleanup_(text_done) struct text out = TEXT_INIT;

	(void)state;
	if (in->arg_count != 1)
		return usage(in, "for which shell: bash, zsh or fish?");
	for (size_t i = 0; i < ARRAY_SIZE(shells); i++) {
		if (strcmp(shells[i].shell, in->args[0]) != 0)
			continue;
		shells[i].put(&out);
		return out.error ? fail(in, out.error, NULL) : print_text(in, &out);
	}
	return usage(in, "there is no completion for '%s', only for bash, zsh and fish",
		     in->args[0]);
}

const struct command command_completion = {
	.name = "completion",
	.args = "[OPTION...] bash|zsh|fish",
	.summary = "print a script that completes command lines",
	.examples = "  binfmtctl completion bash >/etc/bash_completion.d/binfmtctl\n",
	.run = run,
};
