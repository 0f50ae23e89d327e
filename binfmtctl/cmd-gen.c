/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* binfmtctl gen: writes rules for kinds of programs, or for programs like a given one. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "common/fd.h"

#include "binfmtctl/command.h"
#include "binfmtctl/elfident.h"
#include "binfmtctl/export.h"

struct state {
	const char *from_elf, *interpreter, *name, *flags;
	const char *magic, *mask, *offset, *extension;
	struct elf_match match;
	struct rule_style style;
	enum export_kind output;
};

enum {
	OPTION_FROM_ELF = OPTION_COMMAND,
	OPTION_MAGIC,
	OPTION_MASK,
	OPTION_OFFSET,
	OPTION_EXTENSION,
	OPTION_INTERPRETER,
	OPTION_NAME,
	OPTION_FLAGS,
	OPTION_TYPE,
	OPTION_LD_SO,
	OPTION_OSABI,
	OPTION_APPIMAGE,
	OPTION_FLOAT,
	OPTION_BE8,
	OPTION_DELIMITER,
	OPTION_ENCODING,
	OPTION_OUTPUT,
};

static const struct poptOption options[] = {
	{"from-elf", 'e', POPT_ARG_STRING, NULL, OPTION_FROM_ELF,
	 "for programs of the same machine as FILE", "FILE"},
	{"magic", 0, POPT_ARG_STRING, NULL, OPTION_MAGIC,
	 "for files with these bytes, written as in a rule: \\x7fELF", "BYTES"},
	{"mask", 0, POPT_ARG_STRING, NULL, OPTION_MASK,
	 "with --magic: the bits that count (default: all)", "BYTES"},
	{"offset", 0, POPT_ARG_STRING, NULL, OPTION_OFFSET,
	 "with --magic: where in the file they are (default: 0)", "NUMBER"},
	{"extension", 0, POPT_ARG_STRING, NULL, OPTION_EXTENSION,
	 "for files whose names end so, behind the last dot", "EXT"},
	{"interpreter", 'i', POPT_ARG_STRING, NULL, OPTION_INTERPRETER,
	 "what shall run them (default: our translator, where there is one)", "PATH"},
	{"name", 'N', POPT_ARG_STRING, NULL, OPTION_NAME,
	 "name of the entry (default: the interpreter's file name)", "NAME"},
	{"flags", 'F', POPT_ARG_STRING, NULL, OPTION_FLAGS,
	 "P, O, C, F (default: POCF for our translators, else none)", "LETTERS"},
	{"elf-type", 't', POPT_ARG_STRING, NULL, OPTION_TYPE,
	 "exec, dyn or exec,dyn (default: both)", "TYPES"},
	{"ld-so", 0, POPT_ARG_NONE, NULL, OPTION_LD_SO,
	 "only ld.so and static-pie programs, not those that need a loader", NULL},
	{"osabi", 0, POPT_ARG_STRING, NULL, OPTION_OSABI,
	 "any, gnu (0 to 3) or strict (0) (default: any)", "POLICY"},
	{"appimage", 0, POPT_ARG_NONE, NULL, OPTION_APPIMAGE,
	 "also programs with an AppImage mark in bytes 8 to 10", NULL},
	{"float", 0, POPT_ARG_STRING, NULL, OPTION_FLOAT,
	 "arm: any, hard or soft float programs only (default: any)", "ABI"},
	{"be8", 0, POPT_ARG_NONE, NULL, OPTION_BE8, "armeb: BE8 programs only", NULL},
	{"delimiter", 0, POPT_ARG_STRING, NULL, OPTION_DELIMITER,
	 "field delimiter (default: ':' or the first that fits)", "CHAR"},
	{"encoding", 0, POPT_ARG_STRING, NULL, OPTION_ENCODING,
	 "of magic and mask: text, hex or shortest, which has raw bytes (default: text)",
	 "HOW"},
	{"output", 'o', POPT_ARG_STRING, NULL, OPTION_OUTPUT,
	 "rule, conf (binfmt.d), update-binfmts, shell or nixos (default: rule)", "KIND"},
	POPT_TABLEEND,
};

struct word {
	const char *text;
	int value;
};

/* One of a few words; @count of them. */
static enum exit_code take_word(struct invocation *in, const char *option,
				const char *arg, const struct word *words, size_t count,
				int *ret)
{
	_cleanup_(text_done) struct text known = TEXT_INIT;

	for (size_t i = 0; i < count; i++) {
		if (strcmp(arg, words[i].text) == 0) {
			*ret = words[i].value;
			return EXIT_OK;
		}
		text_printf(&known, "%s%s", i ? ", " : "", words[i].text);
	}
	return usage(in, "--%s takes one of %s, not '%s'", option,
		     known.error ? "its words" : known.data, arg);
}

static enum exit_code take_option(struct invocation *in, void *state, int option,
				  const char *arg)
{
	static const struct word types[] = {
		{"exec", ELF_TYPE_EXEC},
		{"dyn", ELF_TYPE_DYN},
		{"exec,dyn", ELF_TYPE_EXEC | ELF_TYPE_DYN},
		{"dyn,exec", ELF_TYPE_EXEC | ELF_TYPE_DYN},
	};
	static const struct word osabis[] = {
		{"any", ELF_OSABI_ANY},
		{"gnu", ELF_OSABI_UP_TO_GNU},
		{"strict", ELF_OSABI_STRICT},
	};
	static const struct word floats[] = {
		{"any", ELF_FLOAT_ANY},
		{"hard", ELF_FLOAT_HARD},
		{"soft", ELF_FLOAT_SOFT},
	};
	static const struct word encodings[] = {
		{"text", RULE_TEXT}, {"hex", RULE_HEX}, {"shortest", RULE_RAW}};
	static const struct word outputs[] = {
		{"rule", EXPORT_RULE},          {"conf", EXPORT_CONF},
		{"update-binfmts", EXPORT_BFS}, {"shell", EXPORT_SHELL},
		{"nixos", EXPORT_NIX},
	};
	struct state *s = state;
	enum exit_code code = EXIT_OK;
	int value = 0;

	switch (option) {
	case OPTION_FROM_ELF: s->from_elf = arg; break;
	case OPTION_MAGIC: s->magic = arg; break;
	case OPTION_MASK: s->mask = arg; break;
	case OPTION_OFFSET: s->offset = arg; break;
	case OPTION_EXTENSION: s->extension = arg; break;
	case OPTION_INTERPRETER: s->interpreter = arg; break;
	case OPTION_NAME: s->name = arg; break;
	case OPTION_FLAGS: s->flags = arg; break;
	case OPTION_LD_SO: s->match.loader = true; break;
	case OPTION_APPIMAGE: s->match.appimage = true; break;
	case OPTION_BE8: s->match.be8 = true; break;
	case OPTION_TYPE:
		code = take_word(in, "elf-type", arg, types, ARRAY_SIZE(types), &value);
		s->match.types = value;
		break;
	case OPTION_OSABI:
		code = take_word(in, "osabi", arg, osabis, ARRAY_SIZE(osabis), &value);
		s->match.osabi = value;
		break;
	case OPTION_FLOAT:
		code = take_word(in, "float", arg, floats, ARRAY_SIZE(floats), &value);
		s->match.float_abi = value;
		break;
	case OPTION_ENCODING:
		code = take_word(in, "encoding", arg, encodings, ARRAY_SIZE(encodings),
				 &value);
		s->style.encoding = value;
		break;
	case OPTION_OUTPUT:
		code = take_word(in, "output", arg, outputs, ARRAY_SIZE(outputs), &value);
		s->output = value;
		s->style.line = value == EXPORT_CONF;
		break;
	case OPTION_DELIMITER:
		if (strlen(arg) != 1)
			return usage(in, "--delimiter takes one character");
		s->style.delimiter = arg[0];
		break;
	default: break;
	}
	return code;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Strings and flags of the rule; magic and mask are elf_rule()'s. */
static enum exit_code name_rule(struct invocation *in, const struct state *s,
				const struct elf_target *target, bool several,
				struct rule *rule)
{
	_cleanup_(text_done) struct text path = TEXT_INIT, name = TEXT_INIT;
	const char *letters = s->flags;
	struct diag diag = {0};

	if (s->interpreter)
		text_puts(&path, s->interpreter);
	else if (target->interpreter)
		text_printf(&path, "%s/%s", BINDIR, target->interpreter);
	else
		return usage(
			in,
			"%s: which interpreter? There is no translator of ours; give "
			"--interpreter PATH",
			target->name);
	if (!path.error && path.data && s->interpreter && !s->interpreter[0])
		return usage(in, "--interpreter wants a path");
	if (!path.error && !letters)
		letters = strncmp(base_name(path.data), "xlate-", 6) == 0 ? "POCF" : "";
	if (s->name)
		text_puts(&name, s->name);
	else if (!path.error)
		text_printf(&name, "%s%s%s%s", base_name(path.data),
			    several && s->interpreter ? "-" : "",
			    several && s->interpreter ? target->name : "",
			    s->match.loader ? "-ld-so" : "");
	if (letters && rule_flags_parse(letters, &rule->flags, &diag)) {
		say_diag(in, "--flags", &diag);
		return EXIT_USAGE;
	}
	rule->name = text_take(&name);
	rule->interpreter = text_take(&path);
	if (!rule->name || !rule->interpreter) {
		say(in, "%s", strerror(ENOMEM));
		return EXIT_FAILED;
	}
	return EXIT_OK;
}

static enum exit_code make(struct invocation *in, const struct state *s,
			   const struct elf_target *target, bool several,
			   struct rule *rule)
{
	struct diag diag = {0};
	enum exit_code code;

	if (elf_rule(target, &s->match, rule, &diag)) {
		say_diag(in, target->name, &diag);
		return EXIT_USAGE;
	}
	code = name_rule(in, s, target, several, rule);
	if (code)
		return code;
	if (rule->flags & RULE_CREDENTIALS && !(rule->flags & RULE_FIX_BINARY) &&
	    rule->interpreter[0] != '/')
		say(in, "warning: flag C with a relative interpreter is a way to root");
	return EXIT_OK;
}

static bool occurs(char c, const char *const *fields, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strchr(fields[i], c))
			return true;
	return false;
}

/*
 * A rule of bytes or an extension that were given: put together as text, so that the parser
 * judges it.
 */
static enum exit_code make_given(struct invocation *in, const struct state *s,
				 struct rule *rule)
{
	const char *name = s->name ? s->name : base_name(s->interpreter);
	const char *const fields[] = {
		name,
		s->extension ? "E" : "M",
		s->offset ? s->offset : "",
		s->extension ? s->extension : s->magic,
		s->mask ? s->mask : "",
		s->interpreter,
		s->flags ? s->flags : "",
	};
	_cleanup_(text_done) struct text text = TEXT_INIT;
	const char *delimiter = ":,|!;%~\x01\x02\x03";
	struct diag diag = {0};

	while (*delimiter && occurs(*delimiter, fields, ARRAY_SIZE(fields)))
		delimiter++;
	if (!*delimiter)
		return usage(in, "no character is left to stand between the fields");
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		text_putc(&text, *delimiter);
		text_puts(&text, fields[i]);
	}
	if (text.error)
		return fail(in, text.error, NULL);
	if (rule_parse(text.data, text.size, in->globals.limits, rule, &diag)) {
		diag.column = 0; /* of a text that nobody sees */
		say_diag(in, NULL, &diag);
		return EXIT_INVALID;
	}
	return EXIT_OK;
}

/* What excludes what, and what needs what. */
static enum exit_code check_given(struct invocation *in, const struct state *s)
{
	if (s->magic && s->extension)
		return usage(in, "--magic and --extension exclude each other");
	if (in->arg_count || s->from_elf)
		return usage(in, "--magic and --extension take no target");
	if (s->extension && (s->mask || s->offset))
		return usage(in, "an extension has neither mask nor offset");
	if (!s->interpreter || !*s->interpreter)
		return usage(in, "which interpreter? Give --interpreter PATH");
	return EXIT_OK;
}

/*
 * The target of a file's own header. @ret_unknown is used for machines without a row, which
 * are as good as any for a rule, with @ret_name for its name.
 */
static enum exit_code target_of_file(struct invocation *in, const char *path,
				     struct elf_target *ret_unknown, char ret_name[32],
				     const struct elf_target **ret)
{
	_cleanup_(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct text name = TEXT_INIT;
	struct elf_header header;
	struct diag diag = {0};
	uint8_t head[64];
	ssize_t size;

	if (fd < 0) {
		say(in, "%s: %s", path, strerror(errno));
		return exit_code_of(-errno);
	}
	size = fd_read_at(fd, head, sizeof(head), 0);
	if (size < 0) {
		say(in, "%s: %s", path, strerror(-size));
		return EXIT_FAILED;
	}
	if (elf_header_parse(head, size, &header, &diag)) {
		diag.file = path;
		say_diag(in, NULL, &diag);
		return EXIT_INVALID;
	}
	if (header.type != ET_EXEC && header.type != ET_DYN)
		say(in, "warning: %s is no program (e_type %u)", path, header.type);
	*ret = elf_target_of_header(&header);
	if (*ret)
		return EXIT_OK;
	text_printf(&name, "machine-%u", header.machine);
	if (!name.error)
		memcpy(ret_name, name.data, name.size + 1);
	text_done(&name);
	*ret_unknown = (struct elf_target){
		.name = ret_name,
		.class = header.class,
		.data = header.data,
		.machine = header.machine,
		.generate = true,
	};
	*ret = ret_unknown;
	return EXIT_OK;
}

static enum exit_code write_rules(struct invocation *in, const struct state *s,
				  const struct rule *rules, size_t count)
{
	_cleanup_(text_done) struct text out = TEXT_INIT;

	if (wants_json(in)) {
		int err = output_rules(in->globals.format, in->command->name, rules,
				       count, &out);

		return err ? fail(in, err, NULL) : print_text(in, &out);
	}
	if (s->output == EXPORT_BFS && count > 1)
		return usage(in, "an update-binfmts file holds one format");
	for (size_t i = 0; i < count; i++) {
		struct diag diag = {0};
		int err = export_rule(&rules[i], s->output, &s->style, &out, &diag);

		if (err) {
			say_diag(in, rules[i].name, &diag);
			return EXIT_INVALID;
		}
		if (diag.hint[0])
			say(in, "%s", diag.hint);
	}
	return print_text(in, &out);
}

/* The names of all targets, for messages. */
static void put_targets(struct text *to)
{
	const struct elf_target *target;

	for (size_t i = 0; (target = elf_target_at(i)); i++)
		text_printf(to, "%s%s", i ? ", " : "", target->name);
}

static enum exit_code run(struct invocation *in, void *state)
{
	struct state *s = state;
	bool given = s->magic || s->extension;
	size_t count = in->arg_count + (s->from_elf != NULL) + given, made = 0;
	struct rule *rules = calloc(count + 1, sizeof(*rules));
	enum exit_code code = EXIT_OK;
	struct elf_target unknown;
	char unknown_name[32] = "";

	if (!rules)
		return EXIT_FAILED;
	if (!s->match.types)
		s->match.types = ELF_TYPE_EXEC | ELF_TYPE_DYN;
	if (given)
		code = check_given(in, s);
	else if (s->mask || s->offset)
		code = usage(in, "--mask and --offset belong to --magic");
	else if (count == 0)
		code = usage(in, "for which target, such as aarch64? Or --from-elf FILE");
	else if (count > 1 && s->name)
		code = usage(in, "--name fits one rule only");
	for (; !code && made < count; made++) {
		const struct elf_target *target = NULL;

		if (given) {
			code = make_given(in, s, &rules[made]);
			continue;
		}
		if (made < in->arg_count) {
			target = elf_target_find(in->args[made]);
			if (!target) {
				struct text known = TEXT_INIT;

				put_targets(&known);
				code = usage(in, "there is no target '%s'; there are %s",
					     in->args[made],
					     known.error ? "others" : known.data);
				text_done(&known);
				break;
			}
		} else {
			code = target_of_file(in, s->from_elf, &unknown, unknown_name,
					      &target);
			if (code)
				break;
		}
		code = make(in, s, target, count > 1, &rules[made]);
	}
	if (!code)
		code = write_rules(in, s, rules, count);
	for (size_t i = 0; i < count; i++)
		rule_done(&rules[i]);
	free(rules);
	return code;
}

const struct command command_gen = {
	.name = "gen",
	.args = "[OPTION...] [TARGET...]",
	.summary = "write rules for kinds of programs",
	.examples =
		"  binfmtctl gen aarch64\n"
		"  binfmtctl gen arm --float hard --interpreter /usr/bin/qemu-arm-static --flags F\n"
		"  binfmtctl gen --from-elf ./hello --interpreter /usr/bin/xlate-aarch64\n"
		"  binfmtctl gen --magic 'PK\\x03\\x04' --interpreter /usr/bin/jexec --name jar\n"
		"  binfmtctl gen aarch64 --output conf > /etc/binfmt.d/xlate-aarch64.conf\n"
		"Targets have the names that QEMU uses: aarch64, arm, riscv64, ppc64le ...\n",
	.options = options,
	.state_size = sizeof(struct state),
	.option = take_option,
	.run = run,
};
