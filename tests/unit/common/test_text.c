/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* String building, escaping, UTF-8, ownership macros and file helpers. */
#include <sys/wait.h>

#include "tests/lib/unit.h"

#include "common/diag.h"
#include "common/fd.h"
#include "common/macro.h"
#include "common/text.h"

static void test_take(void **state)
{
	int value = 7, *owner = &value, fd = 5;

	(void)state;
	assert_ptr_equal(TAKE_PTR(owner), &value);
	assert_null(owner);
	assert_int_equal(TAKE_FD(fd), 5);
	assert_int_equal(fd, -1);
}

static void test_building(void **state)
{
	struct text text = TEXT_INIT;
	char *taken;

	(void)state;
	text_puts(&text, "a");
	text_putc(&text, 'b');
	text_printf(&text, "%0200d", 1);
	text_hex(&text, "\x01\xff", 2);
	assert_int_equal(text.size, 206);
	assert_int_equal(strlen(text.data), 206);
	assert_string_equal(text.data + 201, "101ff");
	taken = text_take(&text);
	assert_null(text.data);
	assert_int_equal(strlen(taken), 206);
	free(taken);
	taken = text_take(&text);
	assert_string_equal(taken, "");
	free(taken);
	text.error = -ENOMEM;
	text_puts(&text, "lost");
	assert_null(text_take(&text));
}

static void test_escaping(void **state)
{
	static const struct {
		const char *raw, *escaped;
	} rows[] = {
		{"plain words", "plain words"},
		{"a\nb\tc", "a\\nb\\tc"},
		{"\x1b[31m", "\\x1b[31m"},
		{"back\\slash", "back\\\\slash"},
		{"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
		 "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
		{"\xc3", "\\xc3"},                   /* cut short */
		{"\xc0\xaf", "\\xc0\\xaf"},          /* overlong */
		{"\xed\xa0\x80", "\\xed\\xa0\\x80"}, /* surrogate */
		{"\xc2\x9b"
		 "x",
		 "\\xc2\\x9bx"}, /* C1 control */
		{"\x7f\xff", "\\x7f\\xff"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct text text = TEXT_INIT;

		text_escape(&text, rows[i].raw, strlen(rows[i].raw));
		assert_string_equal(text.data, rows[i].escaped);
		text_done(&text);
	}
	assert_true(utf8_valid("\xe2\x82\xac", 3));
	assert_false(utf8_valid("\xe2\x82\xac", 2));
	assert_false(utf8_valid("\xf4\x90\x80\x80", 4)); /* above U+10FFFF */
}

/* A shell reads the same word back. */
static void test_shell_word(void **state)
{
	static const char *const words[] = {
		"plain-word_1.2/x", "",           "two words", "it's",
		"$(reboot)",        "a\nb\t\x01", "\xff'\\",   "\xc3\xbc",
		"\xc2\x9b",         "\x7f\\n",    "*",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct text command = TEXT_INIT;
		char back[64] = "";
		int pipes[2];
		ssize_t n;
		pid_t pid;

		text_puts(&command, "exec printf %s ");
		text_shell_word(&command, words[i]);
		for (size_t j = 0; j < command.size; j++)
			assert_false((uint8_t)command.data[j] < 0x20 ||
				     command.data[j] == 0x7f);
		assert_true(utf8_valid(command.data, command.size));
		assert_int_equal(pipe(pipes), 0);
		pid = fork();
		if (pid == 0) {
			dup2(pipes[1], STDOUT_FILENO);
			execlp("bash", "bash", "-c", command.data, NULL);
			_exit(127);
		}
		close(pipes[1]);
		n = read(pipes[0], back, sizeof(back) - 1);
		close(pipes[0]);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
		assert_int_equal(n, strlen(words[i]));
		assert_string_equal(back, words[i]);
		text_done(&command);
	}
}

static void test_files(void **state)
{
	char path[64], buffer[8], *data;
	int dir = unit_temp_dir(path), fd;
	size_t size;

	(void)state;
	unit_write(dir, "f", "0123456789");
	fd = openat(dir, "f", O_RDWR | O_CLOEXEC);
	assert_int_equal(fd_read_all(fd, 100, &data, &size), 0);
	assert_int_equal(size, 10);
	assert_string_equal(data, "0123456789");
	free(data);
	lseek(fd, 0, SEEK_SET);
	assert_int_equal(fd_read_all(fd, 9, &data, &size), -EFBIG);
	assert_int_equal(fd_read_at(fd, buffer, 8, 6), 4);
	assert_memory_equal(buffer, "6789", 4);
	assert_int_equal(fd_write_once(fd, "ab", 2), 0);
	assert_int_equal(fd_write_once(-1, "ab", 2), -EBADF);
	fd_closep(&fd);
	assert_int_equal(fd, -1);
	/* A file larger than the first buffer. */
	fd = openat(dir, "f", O_RDWR | O_CLOEXEC);
	assert_int_equal(ftruncate(fd, 100000), 0);
	assert_int_equal(fd_read_all(fd, 100000, &data, &size), 0);
	assert_int_equal(size, 100000);
	free(data);
	close(fd);
	unlinkat(dir, "f", 0);
	close(dir);
	rmdir(path);
}

static void test_diag(void **state)
{
	struct diag diag = {.hint = "old"};

	(void)state;
	diag_set(&diag, 3, "%s is wrong", "it");
	assert_string_equal(diag.message, "it is wrong");
	assert_string_equal(diag.hint, "");
	diag_hint(&diag, "%0999d", 1);
	assert_int_equal(strlen(diag.hint), sizeof(diag.hint) - 1);
	diag_set(NULL, 1, "nobody listens");
	diag_hint(NULL, "nobody listens");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_take),     cmocka_unit_test(test_building),
		cmocka_unit_test(test_escaping), cmocka_unit_test(test_shell_word),
		cmocka_unit_test(test_files),    cmocka_unit_test(test_diag),
	};

	return cmocka_run_group_tests_name("common", tests, NULL, NULL);
}
