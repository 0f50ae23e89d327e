/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Entry files and the binfmt_misc directory, played by a temporary directory. */
#include "tests/lib/unit.h"

#include "common/macro.h"

#include "binfmtctl/kernel.h"

static int parse(const char *text, struct entry *ret, struct diag *diag)
{
	return entry_parse("name", text, strlen(text), ret, diag);
}

static void test_magic(void **state)
{
	struct entry e;

	(void)state;
	assert_int_equal(
		parse("enabled\ninterpreter /bin/i\nflags: POCF\noffset 3\nmagic "
		      "7f454c46\nmask ffffff00\n",
		      &e, NULL),
		0);
	assert_true(e.enabled && e.understood);
	assert_string_equal(e.rule.name, "name");
	assert_string_equal(e.rule.interpreter, "/bin/i");
	assert_int_equal(e.rule.flags, RULE_PRESERVE_ARGV0 | RULE_OPEN_BINARY |
					       RULE_CREDENTIALS | RULE_FIX_BINARY);
	assert_int_equal(e.rule.offset, 3);
	assert_int_equal(e.rule.size, 4);
	assert_memory_equal(e.rule.magic,
			    "\x7f"
			    "ELF",
			    4);
	assert_memory_equal(e.rule.mask, "\xff\xff\xff\x00", 4);
	assert_null(e.other_lines);
	entry_done(&e);
}

static void test_extension(void **state)
{
	struct entry e;

	(void)state;
	assert_int_equal(parse("disabled\ninterpreter /bin/i\nflags: \nextension .jar\n",
			       &e, NULL),
			 0);
	assert_false(e.enabled);
	assert_int_equal(e.rule.type, RULE_EXTENSION);
	assert_string_equal(e.rule.extension, "jar");
	entry_done(&e);
}

static void test_future(void **state)
{
	struct entry e;

	(void)state;
	assert_int_equal(
		parse("enabled\ninterpreter /bin/i\nflags: PQX\nwindow 4096\noffset 0\n"
		      "magic 41\n",
		      &e, NULL),
		0);
	assert_string_equal(e.other_flags, "QX");
	assert_string_equal(e.other_lines, "window 4096\n");
	assert_true(e.understood);
	entry_done(&e);
	assert_int_equal(
		parse("enabled\nbpf handler\nbpf-interpreter x /bin/i\n", &e, NULL), 0);
	assert_true(e.understood);
	assert_int_equal(e.rule.type, RULE_BPF);
	assert_string_equal(e.rule.interpreter, "handler");
	assert_string_equal(e.other_lines, "bpf-interpreter x /bin/i\n");
	entry_done(&e);
	assert_int_equal(parse("enabled\nmind reader\n", &e, NULL), 0);
	assert_false(e.understood);
	entry_done(&e);
	/* A newline inside the interpreter's path. */
	assert_int_equal(
		parse("enabled\ninterpreter /a\nb\nflags: P\nextension .x\n", &e, NULL),
		0);
	assert_string_equal(e.rule.interpreter, "/a\nb");
	entry_done(&e);
}

/* A window that is larger than that of any kernel so far: kept and shown, not looked into. */
static void test_wide(void **state)
{
	char text[4096], hex[1200];
	struct entry e;

	(void)state;
	memset(hex, 'a', sizeof(hex));
	assert_int_equal(parse("enabled\ninterpreter /i\nflags: \noffset 250\nmagic "
			       "41424344454647\n",
			       &e, NULL),
			 0);
	assert_false(e.understood);
	entry_done(&e);
	assert_int_equal(parse("enabled\ninterpreter /i\nflags: P\noffset 9999999999\n"
			       "magic 41\n",
			       &e, NULL),
			 0);
	assert_false(e.understood);
	assert_string_equal(e.rule.interpreter, "/i");
	assert_string_equal(e.other_lines, "offset 9999999999\n");
	entry_done(&e);
	snprintf(
		text, sizeof(text),
		"enabled\ninterpreter /i\nflags: \noffset 0\nmagic %.600s\nmask %.600s\n",
		hex, hex);
	assert_int_equal(parse(text, &e, NULL), 0);
	assert_false(e.understood);
	assert_non_null(strstr(e.other_lines, "\nmask aaa"));
	entry_done(&e);
	snprintf(text, sizeof(text),
		 "enabled\ninterpreter /i\nflags: \noffset 0\nmagic 41\nmask %.600s\n",
		 hex);
	assert_int_equal(parse(text, &e, NULL), 0);
	assert_false(e.understood);
	entry_done(&e);
}

static void test_broken(void **state)
{
	static const char *const rows[] = {
		"",
		"maybe\n",
		"enabled or not\n",
		"enabled\ninterpreter /i\nflags: \noffset 0\nmagic 4\n",
		"enabled\ninterpreter /i\nflags: \noffset 0\nmagic xy\n",
		"enabled\ninterpreter /i\nflags: \noffset 0\nmagic 4142\nmask ff\n",
		"enabled\ninterpreter /i\nflags: \noffset 9x\nmagic 41\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct diag diag = {0};
		struct entry e;

		assert_int_equal(parse(rows[i], &e, &diag), -EBADMSG);
		assert_true(diag.message[0]);
	}
}

static void test_directory(void **state)
{
	char path[64], written[64] = "";
	int dir = unit_temp_dir(path), fd;
	struct entries entries = {0};
	struct diag diag = {0};
	struct entry e;
	bool enabled;

	(void)state;
	assert_int_equal(kernel_open(AT_FDCWD, path, &fd), -ENODEV);
	unit_write(dir, "register", "");
	unit_write(dir, "status", "disabled\n");
	unit_write(dir, "one", "enabled\ninterpreter /i\nflags: \nextension .x\n");
	unit_write(dir, "two", "nonsense\n");

	assert_int_equal(kernel_status(dir, &enabled), 0);
	assert_false(enabled);
	assert_int_equal(kernel_list(dir, &entries, &diag), -EBADMSG);
	assert_int_equal(entries.count, 1);
	assert_string_equal(entries.list[0].rule.name, "one");
	assert_true(entries.list[0].registered.tv_sec > 0);
	entries_done(&entries);

	assert_int_equal(kernel_read(dir, "none", &e, NULL), -ENOENT);
	assert_int_equal(kernel_read(dir, "../x", &e, NULL), -EINVAL);
	/* Writing -1 there would remove every entry of the system. */
	assert_int_equal(kernel_remove(dir, "status"), -EINVAL);
	assert_int_equal(kernel_remove(dir, "none"), -ENOENT);
	assert_int_equal(faccessat(dir, "none", F_OK, 0), -1);
	assert_int_equal(kernel_remove(dir, "one"), 0);
	fd = openat(dir, "one", O_RDONLY | O_CLOEXEC);
	assert_true(read(fd, written, sizeof(written) - 1) > 2);
	assert_memory_equal(written, "-1", 2);
	close(fd);
	assert_int_equal(kernel_register(dir, ":n:E::x::/i:", 12), 0);

	unlinkat(dir, "register", 0);
	unlinkat(dir, "status", 0);
	unlinkat(dir, "one", 0);
	unlinkat(dir, "two", 0);
	rmdir(path);
	close(dir);
}

static void test_supports(void **state)
{
	char path[64];
	int dir = unit_temp_dir(path);
	bool there;

	(void)state;
	assert_int_equal(kernel_supports(dir, &there), -ENOENT);
	unit_write(dir, "filesystems", "nodev\tproc\nnodev\tbinfmt_misc\n\text4\n");
	assert_int_equal(kernel_supports(dir, &there), 0);
	assert_true(there);
	unit_write(dir, "filesystems", "nodev\tproc\nnodev\tbinfmt_misc2\n");
	assert_int_equal(kernel_supports(dir, &there), 0);
	assert_false(there);
	unlinkat(dir, "filesystems", 0);
	rmdir(path);
	close(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_magic),    cmocka_unit_test(test_extension),
		cmocka_unit_test(test_future),   cmocka_unit_test(test_broken),
		cmocka_unit_test(test_wide),     cmocka_unit_test(test_directory),
		cmocka_unit_test(test_supports),
	};

	return cmocka_run_group_tests_name("binfmtctl/entry", tests, NULL, NULL);
}
