/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rule parser against the running kernel, in an instance of binfmt_misc of our own: the
 * same rules accepted, the same errno for the others, and the same meaning read back. RULES
 * sets how many rules, SEED where to begin.
 */
#include "tests/lib/unit.h"
#include "tests/unit/binfmtctl/instance.h"

#include "common/macro.h"

#include "binfmtctl/kernel.h"

enum { RULES = 20000, TEXT_MAX = 2100 };

struct sample {
	char text[TEXT_MAX];
	size_t size;
};

struct source {
	uint64_t random;
	char delimiter;
};

static unsigned int below(struct source *s, unsigned int n)
{
	return unit_random(&s->random) % n;
}

static void add(struct sample *to, const char *data, size_t size)
{
	if (size > TEXT_MAX - to->size)
		size = TEXT_MAX - to->size;
	memcpy(to->text + to->size, data, size);
	to->size += size;
}

static void add_string(struct sample *to, const char *s)
{
	add(to, s, strlen(s));
}

static void add_delimiter(struct source *s, struct sample *to)
{
	add(to, &s->delimiter, 1);
}

/* The first of a list is right; it is taken most of the time. */
#define PICK(s, list) (list)[below(s, 4) ? 0 : below(s, ARRAY_SIZE(list))]

static void add_bytes(struct source *s, struct sample *to, size_t count)
{
	static const char *const odd[] = {"\\x", "\\x4", "\\xzz", "\\\\x41",
					  "\\",  "\\n",  "\\X41"};
	char buffer[8];

	for (size_t i = 0; i < count; i++) {
		unsigned int kind = below(s, 100);

		if (kind < 55) {
			snprintf(buffer, sizeof(buffer), "\\x%02x", below(s, 256));
			add_string(to, buffer);
		} else if (kind < 97 || below(s, 8)) {
			buffer[0] = 'a' + below(s, 26);
			add(to, buffer, 1);
		} else if (kind < 99) {
			buffer[0] = below(s, 256);
			add(to, buffer, 1);
		} else {
			add_string(to, PICK(s, odd));
		}
	}
}

static void add_magic(struct source *s, struct sample *to)
{
	static const char *const offsets[] = {
		"",           "",   "",     "0",   "4",           "+5",
		"-0",         "-1", "007",  "250", "255",         "256",
		"1\n",        " 1", "0x10", "",    "99999999999", "2147483647",
		"2147483648", "+"};
	static const unsigned int sizes[] = {20,  1,   2,   4,   40,  64,
					     128, 129, 200, 255, 256, 257};
	unsigned int size = PICK(s, sizes), mask;
	struct source again;

	add_string(to, PICK(s, offsets));
	add_delimiter(s, to);
	/* The mask is mostly as long as the magic. */
	again = *s;
	add_bytes(s, to, size);
	add_delimiter(s, to);
	mask = below(s, 10);
	if (mask < 8)
		add_bytes(&again, to, size);
	else if (mask == 8)
		add_bytes(s, to, size + 1);
	add_delimiter(s, to);
}

static void add_extension(struct source *s, struct sample *to)
{
	static const char *const extensions[] = {"x",     "jar", "tar.gz", "", "a/b",
						 "\\x41", " ",   "\n",     "."};
	static const char *const junk[] = {"", "", "junk", "12"};

	add_string(to, PICK(s, junk));
	add_delimiter(s, to);
	add_string(to, PICK(s, extensions));
	add_delimiter(s, to);
	add_string(to, PICK(s, junk));
	add_delimiter(s, to);
}

/* A rule that is right in most of its parts. */
static void make_rule(struct source *s, struct sample *to)
{
	static const char delimiters[] = ":::::::::,|! \t#;/\\\xff"
					 "1afPOCFMEx\n";
	static const char *const names[] = {
		"n",   "name",     "a b",    "-n",  "..",       ".",   "",
		"a/b", "register", "status", "...", "\xc3\xa9", "\x01"};
	static const char *const types[] = {"M", "M", "M", "E", "E", "m", "B", "", "MM"};
	static const char *const interpreters[] = {
		"/bin/true",    "/bin/true",   "true", "/a b",       "",
		"/nonexistent", "/bin/true/x", "/etc", "/etc/passwd"};
	static const char *const flags[] = {"",  "",  "P",  "OC", "F", "POCF", "CC",
					    "C", "Z", "PT", " ",  "p", "FF"};
	static const char *const ends[] = {"", "", "", "\n", "\n\n", "\r\n", " "};
	unsigned int name;
	const char *type;

	to->size = 0;
	s->delimiter = PICK(s, delimiters); /* NUL among them */
	add_delimiter(s, to);
	name = below(s, 60);
	if (name < 56)
		add_string(to, PICK(s, names));
	else
		for (unsigned int i = 0; i < 198 + name; i++) /* 254 to 257 bytes */
			add(to, "n", 1);
	add_delimiter(s, to);
	type = PICK(s, types);
	add_string(to, type);
	add_delimiter(s, to);
	if (type[0] == 'E')
		add_extension(s, to);
	else
		add_magic(s, to);
	add_string(to, PICK(s, interpreters));
	add_delimiter(s, to);
	add_string(to, PICK(s, flags));
	add_string(to, PICK(s, ends));
}

/* Small damage anywhere. */
static void damage(struct source *s, struct sample *to)
{
	static const char bytes[] = ":::\\\\xx\n/.01afPOCFME ,";
	unsigned int count = 1 + below(s, 3);

	while (count-- && to->size > 1) {
		size_t at = below(s, to->size);
		char byte = below(s, 8) ? bytes[below(s, sizeof(bytes))]
					: (char)below(s, 256);

		switch (below(s, 4)) {
		case 0:
			memmove(to->text + at, to->text + at + 1, to->size - at - 1);
			to->size--;
			break;
		case 1:
			if (to->size == TEXT_MAX)
				break;
			memmove(to->text + at + 1, to->text + at, to->size - at);
			to->text[at] = byte;
			to->size++;
			break;
		case 2: to->text[at] = byte; break;
		default:
			if (below(s, 10) == 0)
				to->size = at;
			break;
		}
	}
}

static void make_noise(struct source *s, struct sample *to)
{
	static const char bytes[] = "::::::EM\\x41/in\n\0PF";

	to->size = below(s, 40);
	for (size_t i = 0; i < to->size; i++)
		to->text[i] = bytes[below(s, sizeof(bytes))];
}

static void make(struct source *s, struct sample *to)
{
	unsigned int kind = below(s, 10);

	if (kind == 0) {
		make_noise(s, to);
		return;
	}
	make_rule(s, to);
	if (kind > 6)
		damage(s, to);
}

static void show_sample(const struct sample *sample, struct text *ret)
{
	text_escape(ret, sample->text, sample->size);
	text_printf(ret, " (%zu bytes)", sample->size);
}

/* Errors of opening the interpreter, which only F can meet. */
static bool is_open_error(int err)
{
	return err == -ENOENT || err == -EACCES || err == -ENOTDIR || err == -EISDIR ||
	       err == -ENAMETOOLONG || err == -ELOOP || err == -ETXTBSY;
}

static bool read_back(int mount, const struct rule *rule, struct text *why)
{
	_cleanup_(entry_done) struct entry entry = {0};
	_cleanup_(text_done) struct text built = TEXT_INIT;
	static const struct rule_style style = {.encoding = RULE_RAW};
	struct diag diag = {0};
	int err;

	/* The kernel prints such an extension over two lines, which nobody can tell apart. */
	if (rule->type == RULE_EXTENSION && strchr(rule->extension, '\n'))
		return true;
	err = kernel_read(mount, rule->name, &entry, &diag);
	if (err) {
		text_printf(why, "reading back: %d, %s", err, diag.message);
		return false;
	}
	if (!rule_equal(rule, &entry.rule) || !entry.enabled || entry.other_lines) {
		text_puts(why, "the kernel understood another rule");
		return false;
	}
	err = rule_build(rule, &style, &built, &diag);
	if (err && err != -E2BIG) {
		text_printf(why, "building it again: %s", diag.message);
		return false;
	}
	return true;
}

/* Registers the sample for real. False with a reason when the kernel and we disagree. */
static bool compare(int mount, const struct sample *sample, bool *ret_accepted,
		    struct text *why)
{
	_cleanup_(rule_done) struct rule rule = {0};
	struct diag diag = {0};
	int ours = rule_parse(sample->text, sample->size, rule_limits_running(), &rule,
			      &diag);
	int theirs = kernel_register(mount, sample->text, sample->size);
	bool same = false;

	*ret_accepted = theirs == 0;
	if (ours == theirs)
		same = ours || read_back(mount, &rule, why);
	else if (ours == -ENAMETOOLONG && is_open_error(theirs))
		same = memchr(sample->text, 'F', sample->size) != NULL;
	else if (ours == 0 && theirs == -EEXIST)
		same = !kernel_name_valid(rule.name);
	else if (ours == 0 && is_open_error(theirs))
		same = rule.flags & RULE_FIX_BINARY;
	if (!same && !why->size)
		text_printf(why, "we say %d (column %u, %s), the kernel %d", ours,
			    diag.column, diag.message, theirs);
	if (theirs == 0 && kernel_remove(mount, rule.name ? rule.name : "name")) {
		text_puts(why, "; it cannot be removed");
		same = false;
	}
	return same;
}

static void test_differential(void **state)
{
	const char *limit = getenv("RULES");
	unsigned long rules = limit ? strtoul(limit, NULL, 0) : RULES;
	struct source source = {.random = unit_seed(0x5eed)};
	unsigned long accepted = 0, differences = 0;
	static struct sample sample;
	char path[64];
	int dir, mount, err;

	(void)state;
	dir = unit_temp_dir(path);
	err = instance_enter(path);
	if (err) {
		rmdir(path);
		close(dir);
		instance_skip(err);
	}
	assert_int_equal(kernel_open(dir, path, &mount), 0);
	for (unsigned long i = 0; i < rules && differences < 10; i++) {
		_cleanup_(text_done) struct text why = TEXT_INIT, shown = TEXT_INIT;
		bool registered;

		make(&source, &sample);
		if (!compare(mount, &sample, &registered, &why)) {
			show_sample(&sample, &shown);
			printf("# rule %lu: %s\n#   %s\n", i, shown.data, why.data);
			differences++;
		}
		accepted += registered;
	}
	printf("# %lu rules, %lu of them accepted\n", rules, accepted);
	close(mount);
	umount(path);
	rmdir(path);
	close(dir);
	assert_int_equal(differences, 0);
	/* A generator that makes rubbish only would prove nothing. */
	assert_true(accepted > rules / 20 && accepted < rules / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_differential),
	};

	return cmocka_run_group_tests_name("binfmtctl/kernel", tests, NULL, NULL);
}
