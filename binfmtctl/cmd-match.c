/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* binfmtctl match and why: what the kernel does with a file, and why not what was expected. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/fd.h"

#include "binfmtctl/command.h"
#include "binfmtctl/config.h"
#include "binfmtctl/elfident.h"
#include "binfmtctl/explain.h"
#include "binfmtctl/formats.h"
#include "binfmtctl/relation.h"
#include "binfmtctl/root.h"
#include "binfmtctl/simulate.h"

enum { NEAR_MISSES = 3, NEAR_BYTES = 4 };

struct state {
	bool config;
};

enum { OPTION_CONFIG = OPTION_COMMAND };

static const struct poptOption options[] = {
	{"config", 'c', POPT_ARG_NONE, NULL, OPTION_CONFIG,
	 "as if exactly the rules of the conf files were registered", NULL},
	POPT_TABLEEND,
};

static enum exit_code take_option(struct invocation *in, void *state, int option,
				  const char *arg)
{
	struct state *s = state;

	(void)in;
	(void)option;
	(void)arg;
	s->config = true;
	return EXIT_OK;
}

/* What there is to match against; config owns the rules of its entries. */
struct table_of_rules {
	struct config config;
	struct entries entries;
	bool from_config;
	struct exec_world world;
};

static void rules_done(struct table_of_rules *t)
{
	if (t->from_config)
		free(t->entries.list);
	else
		entries_done(&t->entries);
	config_done(&t->config);
}

static enum exit_code load_config(const struct invocation *in, struct table_of_rules *t)
{
	int err = config_load(in->globals.root_fd, in->globals.limits, &t->config);

	if (err)
		return fail(in, err, "cannot read the configuration");
	t->from_config = true;
	for (size_t i = t->config.rule_count; i-- > 0;) {
		const struct conf_rule *r = &t->config.rules[i];
		struct entry entry = {
			.rule = r->rule, .enabled = true, .understood = true};

		if (r->err || r->replaced)
			continue;
		err = entries_add(&t->entries, &entry);
		if (err)
			return fail(in, err, NULL);
	}
	return EXIT_OK;
}

static enum exit_code load(const struct invocation *in, const struct state *s,
			   struct table_of_rules *t)
{
	_cleanup_(fd_closep) int fd = -1;
	enum exit_code code;
	int err;

	t->world.root_fd = in->globals.root_fd;
	t->world.entries = &t->entries;
	t->world.enabled = true;
	native_detect(&t->world.native);
	if (s->config)
		return load_config(in, t);
	/* A chroot that does not see the mount is under the same entries as we are. */
	err = in->globals.root && !in->globals.mount_given
		      ? kernel_open(AT_FDCWD, in->globals.mount, &fd)
		      : 0;
	if (err == -ENODEV || err == -ENOENT)
		err = kernel_open(AT_FDCWD, KERNEL_MOUNT_POINT, &fd);
	code = fd >= 0 ? EXIT_OK : open_mount(in, false, &fd);
	if (code == EXIT_NO_BINFMT) {
		/* Then the kernel knows no entries, and that is the answer. */
		t->world.enabled = false;
		t->world.absent = true;
		return EXIT_OK;
	}
	return code ? code : read_entries(in, fd, &t->entries, &t->world.enabled);
}

/* One file: what it is, what becomes of it, what else could. */
struct verdict {
	const char *path;
	struct exec_result result;
	uint8_t head[RULE_WINDOW_MAX];
	bool readable;
	const struct entry *near[NEAR_MISSES];
	unsigned int near_bytes[NEAR_MISSES];
	char loader[256]; /* that a foreign program asks for and that is not there */
};

static void verdict_done(struct verdict *v)
{
	exec_result_done(&v->result);
}

/* Bytes in which a rule's demands are not met; more than NEAR_BYTES for a far miss. */
static unsigned int missing_bytes(const struct rule *rule, const uint8_t *head)
{
	bool elf = memcmp(head, ELFMAG, SELFMAG) == 0;
	unsigned int differ = 0, looked = 0;

	for (unsigned int i = 0; i < RULE_WINDOW_MAX; i++) {
		uint8_t value, mask;

		rule_byte(rule, i, &value, &mask);
		looked += mask != 0;
		/* Another machine is not near. */
		if (elf && (i == 18 || i == 19) && (head[i] ^ value) & mask)
			return NEAR_BYTES + 1;
		differ += ((head[i] ^ value) & mask) != 0;
	}
	return looked >= 4 * differ ? differ : NEAR_BYTES + 1;
}

static void find_near(const struct table_of_rules *t, struct verdict *v)
{
	for (size_t i = 0; i < t->entries.count; i++) {
		const struct entry *e = &t->entries.list[i];
		unsigned int differ;
		size_t at;

		if (!e->understood || e->rule.type != RULE_MAGIC ||
		    (e->enabled && rule_matches(&e->rule, v->head, sizeof(v->head), "")))
			continue;
		differ = missing_bytes(&e->rule, v->head);
		if (differ == 0 || differ > NEAR_BYTES)
			continue;
		for (at = 0;
		     at < NEAR_MISSES && v->near[at] && v->near_bytes[at] <= differ;)
			at++;
		if (at == NEAR_MISSES)
			continue;
		memmove(v->near + at + 1, v->near + at,
			(NEAR_MISSES - 1 - at) * sizeof(const struct entry *));
		memmove(v->near_bytes + at + 1, v->near_bytes + at,
			(NEAR_MISSES - 1 - at) * sizeof(*v->near_bytes));
		v->near[at] = e;
		v->near_bytes[at] = differ;
	}
}

/*
 * A foreign program's own dynamic loader. Its absence is the interpreter's to find, which
 * mostly says "not found" of a file that is there.
 */
static void find_loader(const struct table_of_rules *t, int fd, struct verdict *v)
{
	char loader[sizeof(v->loader)];

	if (elf_loader(fd, loader, sizeof(loader)) == 0 && *loader &&
	    !root_exists(t->world.root_fd, loader))
		memcpy(v->loader, loader, sizeof(loader));
}

static int judge(const struct table_of_rules *t, const char *path, struct verdict *v)
{
	_cleanup_(fd_closep) int fd =
		root_open(t->world.root_fd, path, O_RDONLY | O_NONBLOCK);
	struct stat st;
	int err;

	v->path = path;
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		v->readable = fd_read_at(fd, v->head, sizeof(v->head), 0) >= 0;
	err = exec_simulate(&t->world, path, &v->result);
	if (err || !v->readable)
		return err;
	if (v->result.count && v->result.steps[0].format == EXEC_ENTRY)
		find_loader(t, fd, v);
	else
		find_near(t, v);
	return 0;
}

/* As one word of a shell. */
/* The command that registers an entry's rule anew. */
static void put_again(const struct rule *rule, struct text *to)
{
	_cleanup_(text_done) struct text path = TEXT_INIT;

	text_printf(&path, KERNEL_MOUNT_POINT "/%s", rule->name);
	text_puts(to, "binfmtctl convert ");
	text_shell_word(to, path.data ? path.data : "");
	text_puts(to, " | binfmtctl register --replace --file -\n");
}

/* "an aarch64 ELF program" and the like. */
static void put_kind(const struct verdict *v, struct text *to)
{
	char interpreter[RULE_WINDOW_MAX + 1];
	struct elf_header h;

	if (!v->readable) {
		text_puts(to, "cannot be read");
	} else if (elf_header_parse(v->head, sizeof(v->head), &h, NULL) == 0) {
		const struct elf_target *t = elf_target_of_header(&h);

		text_puts(to, "is an ELF file for ");
		if (t)
			text_puts(to, t->name);
		else
			text_printf(to, "machine %u", h.machine);
		text_printf(to, " (%s, OSABI %u)",
			    h.type == ET_EXEC  ? "ET_EXEC"
			    : h.type == ET_DYN ? "ET_DYN"
					       : "no program",
			    h.osabi);
	} else if (exec_script(v->head, interpreter)) {
		text_puts(to, "is a script for ");
		text_escape(to, interpreter, strlen(interpreter));
	} else {
		text_puts(to, "begins with the bytes ");
		text_hex(to, v->head, 8);
	}
}

static void put_step(const struct exec_step *step, int err, struct text *to)
{
	char flags[RULE_FLAGS_SIZE];

	text_escape(to, step->path, strlen(step->path));
	switch (step->format) {
	case EXEC_ENTRY:
		rule_flags_text(step->entry->rule.flags, flags);
		text_puts(to, ": the entry ");
		text_escape(to, step->entry->rule.name, strlen(step->entry->rule.name));
		text_printf(to, "%s%s takes it", *flags ? " with flags " : "", flags);
		break;
	case EXEC_SCRIPT: text_puts(to, ": a #! script"); break;
	case EXEC_ELF: text_puts(to, ": a native program"); break;
	case EXEC_COMPAT: text_puts(to, ": a 32-bit program that the kernel runs"); break;
	case EXEC_PINNED:
		text_puts(to, ": not at its path any more, but held open by flag F");
		break;
	case EXEC_UNOPENED:
		text_puts(to, err == -ENOENT || err == -ENOTDIR ? ": is not there"
								: ": cannot be executed");
		break;
	default: text_puts(to, ": nothing takes it"); break;
	}
}

/* How many steps from this one on are the same: an entry that takes its own interpreter. */
static size_t same_steps(const struct exec_result *r, size_t at)
{
	size_t n = 1;

	while (at + n < r->count && r->steps[at].entry &&
	       r->steps[at + n].entry == r->steps[at].entry &&
	       strcmp(r->steps[at + n].path, r->steps[at].path) == 0)
		n++;
	return n;
}

static void put_steps(const struct exec_result *r, struct text *to)
{
	for (size_t i = 0; i < r->count; i++) {
		size_t same = same_steps(r, i);

		/* It was never looked at: the limit came first. */
		if (r->err == -ELOOP && i == r->count - 1)
			break;
		text_printf(to, "  %zu. ", i + 1);
		put_step(&r->steps[i], r->err, to);
		if (same > 1)
			text_puts(to, ", again and again");
		text_putc(to, '\n');
		i += same - 1;
	}
}

/* What is true of the winner besides, good or bad. */
static void put_doubts(const struct table_of_rules *t, const struct verdict *v,
		       struct text *to)
{
	const struct entry *e = v->result.count ? v->result.steps[0].entry : NULL;
	const struct rule *rule = e ? &e->rule : NULL;
	_cleanup_(config_done) struct config config = {0};
	struct stat st;

	if (!e || rule->type == RULE_BPF)
		return;
	if (rule->interpreter[0] != '/')
		text_printf(
			to,
			"  but:        the interpreter's path is relative, so it is looked "
			"up in the directory of whoever starts the program%s\n"
			"  hint:       register it with an absolute path\n",
			rule->flags & RULE_CREDENTIALS
				? ", which with flag C gives away root"
				: "");
	/* In a chroot the path may well lead elsewhere: that is what F is for. */
	if (!(rule->flags & RULE_FIX_BINARY) || !e->registered.tv_sec ||
	    t->world.root_fd != AT_FDCWD)
		return;
	if (stat(rule->interpreter, &st) < 0) {
		text_puts(
			to,
			"  but:        flag F still holds the interpreter, which is gone from "
			"its path: after the next start nothing works\n"
			"  hint:       install the interpreter again\n");
	} else if (st.st_ctim.tv_sec > e->registered.tv_sec ||
		   (st.st_ctim.tv_sec == e->registered.tv_sec &&
		    st.st_ctim.tv_nsec > e->registered.tv_nsec)) {
		text_puts(to,
			  "  but:        flag F holds the interpreter as it was when the "
			  "entry was registered; the file at its path is another now\n"
			  "  hint:       to use the new one: ");
		if (config_load(AT_FDCWD, rule_limits_any(), &config) == 0 &&
		    config_find(&config, rule->name))
			text_puts(to, "binfmtctl apply\n");
		else
			put_again(rule, to);
	}
}

static bool is_winner(const struct verdict *v, const struct entry *e)
{
	return v->result.count && v->result.steps[0].entry == e;
}

/* Other entries that match, which stand below the winner. */
static void put_others(const struct table_of_rules *t, const struct verdict *v,
		       struct text *to)
{
	bool first = true;

	for (size_t i = 0; v->readable && i < t->entries.count; i++) {
		const struct entry *e = &t->entries.list[i];

		if (!e->understood || is_winner(v, e) ||
		    !rule_matches(&e->rule, v->head, sizeof(v->head), v->path))
			continue;
		text_puts(to, first ? "  also match: " : ", ");
		text_escape(to, e->rule.name, strlen(e->rule.name));
		text_puts(to, e->enabled ? "" : " (switched off)");
		first = false;
	}
	if (!first)
		text_putc(to, '\n');
}

/* Names of the bytes of an ELF header that rules commonly look at. */
static const char *byte_name(const struct verdict *v, unsigned int at)
{
	bool elf = memcmp(v->head, ELFMAG, SELFMAG) == 0;

	if (!elf)
		return "";
	switch (at) {
	case EI_CLASS: return " (class)";
	case EI_DATA: return " (byte order)";
	case EI_OSABI: return " (OSABI)";
	case EI_ABIVERSION: return " (ABI version)";
	case 16:
	case 17: return " (e_type)";
	case 18:
	case 19: return " (e_machine)";
	default: return at >= 8 && at < 16 ? " (padding)" : "";
	}
}

static void put_near(const struct verdict *v, struct text *to)
{
	for (size_t i = 0; i < NEAR_MISSES && v->near[i]; i++) {
		const struct rule *rule = &v->near[i]->rule;
		bool first = true;

		text_puts(to, "  near miss:  ");
		text_escape(to, rule->name, strlen(rule->name));
		for (unsigned int at = 0; at < RULE_WINDOW_MAX; at++) {
			uint8_t value, mask;

			rule_byte(rule, at, &value, &mask);
			if (!((v->head[at] ^ value) & mask))
				continue;
			text_printf(to, "%s byte %u%s is %02x, not %02x",
				    first ? ":" : ",", at, byte_name(v, at), v->head[at],
				    value);
			if (mask != 0xff)
				text_printf(to, " under mask %02x", mask);
			first = false;
		}
		text_putc(to, '\n');
	}
}

/*
 * An entry that wants another OSABI or e_type than this program has was mostly written with too
 * strict a mask; one from the generator has none of these faults.
 */
static bool put_near_remedy(const struct verdict *v, struct text *to)
{
	const struct rule *rule = v->near[0] ? &v->near[0]->rule : NULL;
	const struct elf_target *target;
	char flags[RULE_FLAGS_SIZE];
	struct elf_header h;

	if (!rule || elf_header_parse(v->head, sizeof(v->head), &h, NULL))
		return false;
	target = elf_target_of_header(&h);
	if (!target || (h.type != ET_EXEC && h.type != ET_DYN))
		return false;
	rule_flags_text(rule->flags, flags);
	text_puts(
		to,
		"  hint:       its mask may be too strict; a rule that takes every such "
		"program: binfmtctl gen ");
	text_puts(to, target->name);
	text_puts(to, " -i ");
	text_shell_word(to, rule->interpreter);
	text_puts(to, " --name ");
	text_shell_word(to, rule->name);
	if (*flags)
		text_printf(to, " --flags %s", flags);
	text_puts(to, " | binfmtctl register --replace --file -\n");
	return true;
}

/* A shipped format that takes the file, if its interpreter is there, or is not. */
static bool put_format(const struct table_of_rules *t, const struct verdict *v,
		       const struct config *formats, const struct conf_rule *r,
		       bool there, struct text *to)
{
	const char *file = formats->files[r->file].name;
	char *interpreter = NULL;

	if (r->err || !rule_matches(&r->rule, v->head, sizeof(v->head), v->path))
		return false;
	if (formats_interpreter(t->world.root_fd, &formats->files[r->file], &r->rule,
				&interpreter) ||
	    (interpreter != NULL) != there) {
		free(interpreter);
		return false;
	}
	if (interpreter)
		text_printf(to,
			    "  hint:       %s is there: binfmtctl install --now %.*s\n",
			    interpreter, (int)(strlen(file) - 5), file);
	else
		text_printf(
			to,
			"  hint:       nothing here runs such files. With %s installed: "
			"binfmtctl install --now %.*s\n",
			r->rule.interpreter, (int)(strlen(file) - 5), file);
	free(interpreter);
	return true;
}

static bool is_own(const struct conf_rule *r)
{
	return r->rule.name && strncmp(r->rule.name, "xlate-", 6) == 0;
}

/* What would make a file start that nothing takes. */
static void put_remedy(const struct table_of_rules *t, const struct verdict *v,
		       struct text *to)
{
	_cleanup_(config_done) struct config formats = {0};

	if (v->result.err != -ENOEXEC || v->result.count != 1 || !v->readable)
		return;
	for (size_t i = 0; i < t->entries.count; i++) {
		const struct entry *e = &t->entries.list[i];

		if (e->enabled || !e->understood ||
		    !rule_matches(&e->rule, v->head, sizeof(v->head), v->path))
			continue;
		text_puts(to, "  hint:       binfmtctl enable ");
		text_shell_word(to, e->rule.name);
		text_putc(to, '\n');
		return;
	}
	if (put_near_remedy(v, to) || formats_load(rule_limits_any(), &formats))
		return;
	/* Our own translators first, then whatever has its interpreter here. */
	for (int own = 1; own >= 0; own--)
		for (size_t i = 0; i < formats.rule_count; i++)
			if (is_own(&formats.rules[i]) >= own &&
			    put_format(t, v, &formats, &formats.rules[i], true, to))
				return;
	for (size_t i = 0; i < formats.rule_count; i++)
		if (put_format(t, v, &formats, &formats.rules[i], false, to))
			return;
}

static void put_text(const struct invocation *in, const struct table_of_rules *t,
		     const struct verdict *v, struct text *to)
{
	const struct exec_result *r = &v->result;

	text_escape(to, v->path, strlen(v->path));
	text_putc(to, ' ');
	put_kind(v, to);
	text_putc(to, '\n');
	put_steps(r, to);
	text_puts(to, "  result:     ");
	if (r->err) {
		style_put(to, in->globals.color, STYLE_BAD, explain_errno_name(r->err));
		text_printf(to, ": %s\n",
			    r->diag.message[0] ? r->diag.message : strerror(-r->err));
		if (r->diag.hint[0])
			text_printf(to, "  hint:       %s\n", r->diag.hint);
		put_remedy(t, v, to);
	} else {
		style_put(to, in->globals.color, STYLE_GOOD, "it starts");
		text_putc(to, '\n');
	}
	put_doubts(t, v, to);
	if (v->loader[0]) {
		text_puts(to, "  but:        the program asks for ");
		text_escape(to, v->loader, strlen(v->loader));
		text_puts(to, ", which is not here: its interpreter will look for that "
			      "elsewhere or fail\n");
	}
	put_others(t, v, to);
	put_near(v, to);
}

/* What the interpreter gets to see. */
static void put_arguments(const struct verdict *v, struct text *to)
{
	const struct exec_step *s = &v->result.steps[0];
	const struct rule *rule;

	if (!v->result.count || s->format != EXEC_ENTRY)
		return;
	rule = &s->entry->rule;
	text_puts(to, "  argv:       ");
	if (rule->flags & (RULE_TRANSPARENT | RULE_LOADER)) {
		text_puts(to, "as the caller gave it\n");
		return;
	}
	text_escape(to, rule->interpreter, strlen(rule->interpreter));
	text_putc(to, ' ');
	text_escape(to, v->path, strlen(v->path));
	text_puts(to,
		  rule->flags & RULE_PRESERVE_ARGV0
			  ? " ARGV0 ARGUMENTS...\n"
			  : " ARGUMENTS... (the original argv[0] is lost: no flag P)\n");
	if (rule->flags & RULE_OPEN_BINARY)
		text_puts(to, "  descriptor: the program comes open, as AT_EXECFD\n");
	if (rule->flags & RULE_CREDENTIALS)
		text_puts(to, "  rights:     those of the program's set-user-ID bit and "
			      "capabilities\n");
	if (rule->flags & RULE_FIX_BINARY)
		text_puts(to,
			  "  chroot:     the interpreter is held open, it works in every "
			  "chroot and container\n");
	else
		text_puts(
			to,
			"  chroot:     the interpreter must be at its path there too (no "
			"flag F)\n");
}

static const struct {
	const char *name;
	int number;
	const char *text;
} reasons[] = {
	{"ENOENT", ENOENT,
	 "the file, an interpreter of it, or the dynamic loader of one of them is not there. "
	 "In a chroot or container the interpreter of an entry without flag F is looked up "
	 "inside. A program given by a close-on-exec descriptor also ends so"},
	{"ENOEXEC", ENOEXEC,
	 "no entry matches, matching or the entry is switched off, the interpreter is no "
	 "program, or an entry with flag O or C has a script as interpreter. Shells then try "
	 "to read the file as a script, with strange messages"},
	{"ELOOP", ELOOP,
	 "an interpreter needs an interpreter, more than five times over: usually an entry "
	 "matches its own interpreter. Symbolic links in a circle end so too"},
	{"EACCES", EACCES,
	 "the file or the interpreter is not executable for this user, is a directory, or is "
	 "on a noexec mount"},
	{"ETXTBSY", ETXTBSY, "the file or the interpreter is open for writing"},
	{"ELIBBAD", ELIBBAD, "the dynamic loader of a program is for another machine"},
	{"EPERM", EPERM,
	 "the process is traced or forbidden to gain rights by this program"},
};

static int find_reason(const char *arg)
{
	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++) {
		char number[16];

		snprintf(number, sizeof(number), "%d", reasons[i].number);
		if (strcmp(arg, reasons[i].name) == 0 || strcmp(arg, number) == 0 ||
		    strcmp(arg, strerror(reasons[i].number)) == 0)
			return i;
	}
	return -1;
}

static void put_reason(const struct verdict *v, int reason, struct text *to)
{
	text_printf(to, "%s means: %s.\n", reasons[reason].name, reasons[reason].text);
	if (v->result.err == -reasons[reason].number)
		text_puts(to,
			  "That is what is to be expected here, see the result above.\n");
	else if (v->result.err)
		text_printf(to, "Here %s is to be expected instead.\n",
			    explain_errno_name(v->result.err));
	else
		text_puts(
			to,
			"Here and now it should start. Was the error seen in another chroot, "
			"container or user namespace, or by another user? `binfmtctl probe` "
			"asks the kernel itself.\n");
}

static void put_json(const struct table_of_rules *t, const struct verdict *v,
		     struct doc *doc, struct json_object *array, struct text *out)
{
	const struct exec_result *r = &v->result;
	struct json_object *o = doc_object(doc), *list;
	static const char *const formats[] = {"unknown", "entry",  "script",  "elf",
					      "compat",  "pinned", "unopened"};
	_cleanup_(text_done) struct text kind = TEXT_INIT;

	put_kind(v, &kind);
	doc_string(doc, o, "path", v->path);
	doc_string(doc, o, "kind", kind.data);
	doc_string(doc, o, "entry",
		   r->count && r->steps[0].entry ? r->steps[0].entry->rule.name : NULL);
	list = doc_array(doc, o, "steps");
	for (size_t i = 0; i < r->count; i++) {
		struct json_object *s = doc_object(doc);

		doc_string(doc, s, "path", r->steps[i].path);
		doc_string(doc, s, "format", formats[r->steps[i].format]);
		doc_string(doc, s, "entry",
			   r->steps[i].entry ? r->steps[i].entry->rule.name : NULL);
		doc_emit(doc, list, s, NULL);
	}
	doc_bool(doc, o, "starts", r->err == 0);
	if (r->err) {
		doc_string(doc, o, "errno", explain_errno_name(r->err));
		doc_string(doc, o, "message",
			   r->diag.message[0] ? r->diag.message : strerror(-r->err));
		doc_string(doc, o, "hint", r->diag.hint[0] ? r->diag.hint : NULL);
	}
	doc_string(doc, o, "missing_loader", v->loader[0] ? v->loader : NULL);
	list = doc_array(doc, o, "also_match");
	for (size_t i = 0; v->readable && i < t->entries.count; i++) {
		const struct entry *e = &t->entries.list[i];

		if (e->understood && !is_winner(v, e) &&
		    utf8_valid(e->rule.name, strlen(e->rule.name)) &&
		    rule_matches(&e->rule, v->head, sizeof(v->head), v->path))
			doc_item(doc, list, e->rule.name);
	}
	list = doc_array(doc, o, "near_misses");
	for (size_t i = 0; i < NEAR_MISSES && v->near[i]; i++) {
		struct json_object *n = doc_object(doc);

		doc_string(doc, n, "name", v->near[i]->rule.name);
		doc_int(doc, n, "bytes", v->near_bytes[i]);
		doc_emit(doc, list, n, NULL);
	}
	doc_emit(doc, array, o, out);
}

static void put_plain(const struct verdict *v, struct text *to)
{
	const struct exec_result *r = &v->result;
	const char *name =
		r->count && r->steps[0].entry ? r->steps[0].entry->rule.name : "-";

	text_escape(to, v->path, strlen(v->path));
	text_putc(to, '\t');
	text_escape(to, name, strlen(name));
	text_printf(to, "\t%s\n", r->err ? explain_errno_name(r->err) : "ok");
}

static enum exit_code run_files(struct invocation *in, const struct state *s, bool why,
				size_t count, int reason)
{
	_cleanup_(text_done) struct text out = TEXT_INIT;
	_cleanup_(rules_done) struct table_of_rules t = {0};
	struct json_object *all = NULL, *array = NULL;
	struct doc doc = {0};
	enum exit_code code;
	size_t matched = 0;

	code = load(in, s, &t);
	if (code)
		return code;
	if (in->globals.format == OUTPUT_JSON)
		all = doc_envelope(&doc, in->command->name, "files", &array);
	for (size_t i = 0; i < count; i++) {
		_cleanup_(verdict_done) struct verdict v = {0};
		int err = judge(&t, in->args[i], &v);

		if (err)
			return fail(in, err, NULL);
		matched += v.result.count && v.result.steps[0].entry;
		if (wants_json(in)) {
			put_json(&t, &v, &doc, array, &out);
			continue;
		}
		if (in->globals.format == OUTPUT_PLAIN) {
			put_plain(&v, &out);
			continue;
		}
		if (i)
			text_putc(&out, '\n');
		put_text(in, &t, &v, &out);
		if (why)
			put_arguments(&v, &out);
		if (reason >= 0)
			put_reason(&v, reason, &out);
	}
	code = why || matched == count ? EXIT_OK
	       : matched               ? EXIT_PARTIAL
				       : EXIT_NOT_FOUND;
	return print_doc(in, &doc, all, &out, code);
}

static enum exit_code run_match(struct invocation *in, void *state)
{
	if (in->arg_count == 0)
		return usage(in, "which file?");
	return run_files(in, state, false, in->arg_count, -1);
}

static enum exit_code run_why(struct invocation *in, void *state)
{
	int reason = -1;

	if (in->arg_count < 1 || in->arg_count > 2)
		return usage(in,
			     "which file? Behind it may stand the error that was seen, "
			     "such as ENOENT");
	if (in->arg_count == 2) {
		reason = find_reason(in->args[1]);
		if (reason < 0)
			return usage(in, "execve does not fail with '%s'", in->args[1]);
	}
	return run_files(in, state, true, 1, reason);
}

const struct command command_match = {
	.name = "match",
	.args = "[OPTION...] FILE...",
	.summary = "say which entry takes a file, and which ones nearly do",
	.examples = "  binfmtctl match ./hello\n"
		    "  binfmtctl --root /srv/image match --config /bin/sh\n",
	.options = options,
	.state_size = sizeof(struct state),
	.option = take_option,
	.run = run_match,
};

const struct command command_why = {
	.name = "why",
	.args = "[OPTION...] FILE [ERROR]",
	.summary = "explain what the kernel does with a file, and why not",
	.examples = "  binfmtctl why ./hello\n"
		    "  binfmtctl why ./hello ENOEXEC\n"
		    "  binfmtctl why ./hello 'No such file or directory'\n",
	.options = options,
	.state_size = sizeof(struct state),
	.option = take_option,
	.run = run_why,
};
