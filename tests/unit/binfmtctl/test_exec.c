/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The model of execve against the running kernel, in an instance of binfmt_misc of our own:
 * random sets of rules, random files, chains of interpreters that are scripts, rubbish or
 * missing. PAIRS sets how many, SEED where to begin.
 */
#include <elf.h>
#include <sys/resource.h>

#include "tests/lib/unit.h"
#include "tests/unit/binfmtctl/instance.h"

#include "common/macro.h"

#include "binfmtctl/simulate.h"

enum { PAIRS = 3000, PROGRAMS = 4, FILES_PER_SET = 12, RULES_MAX = 8 };

/* A whole program that exits with @status. */
static size_t make_program(uint8_t *out, uint8_t status)
{
#if defined(__x86_64__)
	const uint8_t code[] = {0xbf, status, 0, 0, 0, 0xb8, 231, 0, 0, 0, 0x0f, 0x05};
	const uint16_t machine = EM_X86_64;
#elif defined(__aarch64__)
	const uint32_t code[] = {0xd2800000 | status << 5, 0xd2800ba8, 0xd4000001};
	const uint16_t machine = EM_AARCH64;
#else
	const uint8_t code[] = {0};
	const uint16_t machine = EM_NONE;
#endif
	Elf64_Ehdr e = {
		.e_type = ET_EXEC,
		.e_machine = machine,
		.e_version = EV_CURRENT,
		.e_entry = 0x400000 + sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr),
		.e_phoff = sizeof(Elf64_Ehdr),
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 1,
	};
	Elf64_Phdr p = {
		.p_type = PT_LOAD,
		.p_flags = PF_R | PF_X,
		.p_vaddr = 0x400000,
		.p_paddr = 0x400000,
		.p_filesz = sizeof(e) + sizeof(p) + sizeof(code),
		.p_memsz = sizeof(e) + sizeof(p) + sizeof(code),
		.p_align = 4096,
	};

	memcpy(e.e_ident, ELFMAG, SELFMAG);
	e.e_ident[EI_CLASS] = ELFCLASS64;
	e.e_ident[EI_DATA] = ELFDATA2LSB;
	e.e_ident[EI_VERSION] = EV_CURRENT;
	memcpy(out, &e, sizeof(e));
	memcpy(out + sizeof(e), &p, sizeof(p));
	memcpy(out + sizeof(e) + sizeof(p), code, sizeof(code));
	return sizeof(e) + sizeof(p) + sizeof(code);
}

static void put_file(const char *path, const void *data, size_t size, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	assert_true(fd >= 0);
	if (write(fd, data, size) != (ssize_t)size)
		fail_msg("%s could not be written: %s", path, strerror(errno));
	close(fd);
	assert_int_equal(chmod(path, mode), 0);
}

static unsigned int below(uint64_t *random, unsigned int n)
{
	return unit_random(random) % n;
}

/* What interpreters there are, relative to the directory of the test, where it runs. */
static const char *const interpreters[] = {
	"p0",       "p1",      "p2",     "p3.a",   "script", "script.b",
	"long",     "rubbish", "empty",  "locked", "folder", "missing",
	"script/x", "chain1",  "chain2", "chain3",
};

static void make_interpreters(const char *dir)
{
	uint8_t program[512];
	char text[256];

	for (int i = 0; i < PROGRAMS; i++)
		put_file(interpreters[i], program, make_program(program, 10 + i), 0755);
	snprintf(text, sizeof(text), "#! %s/p1 x\n", dir);
	put_file("script", text, strlen(text), 0755);
	snprintf(text, sizeof(text), "#!%s/p2", dir);
	put_file("script.b", text, strlen(text), 0755);
	memset(program, 'x', sizeof(program));
	program[0] = '#', program[1] = '!';
	put_file("long", program, sizeof(program), 0755);
	put_file("rubbish", "AB rubbish", 10, 0755);
	put_file("empty", "", 0, 0755);
	put_file("locked", "#!/bin/sh\n", 10, 0644);
	assert_int_equal(mkdir("folder", 0755), 0);
	for (char i = '1'; i <= '3'; i++) {
		char name[] = "chain?";

		name[5] = i;
		if (i == '3')
			snprintf(text, sizeof(text), "#!%s/p0\n", dir);
		else
			snprintf(text, sizeof(text), "#!%s/chain%c\n", dir, i + 1);
		put_file(name, text, strlen(text), 0755);
	}
}

/* Few values, so that rules and files meet. */
static uint8_t some_byte(uint64_t *random)
{
	static const uint8_t bytes[] = {0, 0, 'A', 'B', 0x7f, 'E', '#', '!'};

	return bytes[below(random, ARRAY_SIZE(bytes))];
}

static void random_rule(uint64_t *random, struct rule *rule, unsigned int number)
{
	static const char *const extensions[] = {"a", "b", "c", "a.b", ".a"};
	static const uint8_t masks[] = {0xff, 0xff, 0xff, 0x0f, 0xf0, 0};
	static const unsigned int offsets[] = {0, 0, 0, 0, 1, 4, 16, 200, 252};
	char name[16];

	snprintf(name, sizeof(name), "r%u", number);
	*rule = (struct rule){.name = strdup(name)};
	rule->interpreter = strdup(interpreters[below(random, ARRAY_SIZE(interpreters))]);
	rule->flags = below(random, 3) ? 0 : below(random, 16);
	if (rule->flags & RULE_CREDENTIALS)
		rule->flags |= RULE_OPEN_BINARY;
	if (below(random, 5) == 0) {
		rule->type = RULE_EXTENSION;
		rule->extension =
			strdup(extensions[below(random, ARRAY_SIZE(extensions))]);
		return;
	}
	rule->type = RULE_MAGIC;
	rule->offset = offsets[below(random, ARRAY_SIZE(offsets))];
	rule->size = 1 + below(random, 3);
	rule->has_mask = below(random, 2);
	for (size_t i = 0; i < rule->size; i++) {
		rule->magic[i] = some_byte(random);
		rule->mask[i] = masks[below(random, ARRAY_SIZE(masks))];
	}
	if (below(random, 8) == 0) { /* one that takes native programs */
		rule->offset = 0;
		rule->size = 4;
		rule->has_mask = false;
		memcpy(rule->magic, ELFMAG, SELFMAG);
	}
}

static void register_set(uint64_t *random, int mount)
{
	unsigned int count = below(random, RULES_MAX + 1);
	static const struct rule_style style = {.encoding = RULE_HEX};

	for (unsigned int i = 0; i < count; i++) {
		_cleanup_(rule_done) struct rule rule;
		_cleanup_(text_done) struct text text = TEXT_INIT;
		int err;

		random_rule(random, &rule, i);
		assert_int_equal(rule_build(&rule, &style, &text, NULL), 0);
		err = kernel_register(mount, text.data, text.size);
		/* F wants an interpreter that can be opened now. */
		assert_true(err == 0 || rule.flags & RULE_FIX_BINARY);
		if (!err && below(random, 6) == 0)
			assert_int_equal(kernel_set_enabled(mount, rule.name, false), 0);
	}
	assert_int_equal(kernel_set_status(mount, below(random, 12) != 0), 0);
}

static const char *const targets[] = {"f",     "f.a",   "f.b", "d.a/f",
				      "f.b.c", "./f.a", "f.A"};

static const char *random_file(uint64_t *random, const char *dir)
{
	const char *path = targets[below(random, ARRAY_SIZE(targets))];
	uint8_t data[512];
	size_t size = 0;

	switch (below(random, 6)) {
	case 0: size = make_program(data, 20); break;
	case 1:
		size = snprintf((char *)data, sizeof(data), "#!%s%s/%s%s",
				below(random, 2) ? " " : "", dir,
				interpreters[below(random, ARRAY_SIZE(interpreters))],
				below(random, 2) ? "\n" : " y");
		break;
	default:
		size = below(random, 4) ? below(random, 24) : below(random, 300);
		for (size_t i = 0; i < size; i++)
			data[i] = some_byte(random);
		break;
	}
	put_file(path, data, size, below(random, 20) ? 0755 : 0644);
	return path;
}

/* Exit status of the program that started, or negative errno of execve. */
static int really_run(const char *path)
{
	static char name[] = "x";
	char *const argv[] = {name, NULL};
	/* Shared with the child, which runs in our memory until it executes. */
	volatile int error = 0;
	int status;
	pid_t pid = vfork();

	assert_true(pid >= 0);
	if (pid == 0) {
		execve(path, argv, argv + 1);
		error = errno;
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (error)
		return -error;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* The status that the model expects: the last step is one of the programs. */
static int model_run(const struct exec_world *world, const char *path)
{
	_cleanup_(exec_result_done) struct exec_result result = {0};
	const char *last;
	int status;

	assert_int_equal(exec_simulate(world, path, &result), 0);
	if (result.err) {
		assert_true(result.diag.message[0]);
		return result.err;
	}
	last = strrchr(result.steps[result.count - 1].path, '/');
	last = last ? last + 1 : result.steps[result.count - 1].path;
	if (result.steps[result.count - 1].format == EXEC_ENTRY)
		return -EIO;
	status = last[0] == 'p' ? 10 + last[1] - '0' : 20;
	return status;
}

static void describe(const struct exec_world *world, const char *path)
{
	for (size_t i = 0; i < world->entries->count; i++) {
		const struct entry *e = &world->entries->list[i];
		_cleanup_(text_done) struct text text = TEXT_INIT;

		if (rule_build(&e->rule, &(struct rule_style){0}, &text, NULL) == 0)
			printf("#   %s %s\n", e->enabled ? "on " : "off", text.data);
	}
	printf("#   status %d, file %s:", world->enabled, path);
	{
		int fd = open(path, O_RDONLY);
		uint8_t head[32];
		ssize_t n = read(fd, head, sizeof(head));

		for (ssize_t i = 0; i < n; i++)
			printf(" %02x", head[i]);
		close(fd);
	}
	printf("\n");
}

static void one_set(uint64_t *random, int mount, const char *dir, unsigned long *same,
		    unsigned long *different, unsigned long outcomes[2])
{
	struct exec_world world = {.root_fd = AT_FDCWD};
	_cleanup_(entries_done) struct entries entries = {0};

	register_set(random, mount);
	assert_int_equal(kernel_list(mount, &entries, NULL), 0);
	assert_int_equal(kernel_status(mount, &world.enabled), 0);
	world.entries = &entries;
	native_detect(&world.native);
	for (int i = 0; i < FILES_PER_SET && *different < 5; i++) {
		const char *path = random_file(random, dir);
		int ours = model_run(&world, path), theirs = really_run(path);

		if (ours != theirs) {
			printf("# %s: we say %d, the kernel %d\n", path, ours, theirs);
			describe(&world, path);
			++*different;
		} else {
			++*same;
			outcomes[ours >= 0]++;
		}
	}
	assert_int_equal(kernel_set_status(mount, true), 0);
	assert_int_equal(kernel_remove_all(mount), 0);
}

static void test_differential(void **state)
{
	const char *limit = getenv("PAIRS");
	unsigned long pairs = limit ? strtoul(limit, NULL, 0) : PAIRS, same = 0,
		      different = 0, outcomes[2] = {0};
	uint64_t random = unit_seed(0xe8ec);
	char path[64];
	int dir, mount, err;
	uint8_t program[512];

	(void)state;
	dir = unit_temp_dir(path);
	assert_int_equal(fchdir(dir), 0);
	assert_int_equal(mkdir("mount", 0755), 0);
	put_file("try", program, make_program(program, 7), 0755);
	if (really_run("./try") != 7) {
		printf("# no program for this machine is known here\n");
		skip();
	}
	err = instance_enter("mount");
	if (err)
		instance_skip(err);
	assert_int_equal(mkdir("d.a", 0755), 0);
	make_interpreters(path);
	assert_int_equal(kernel_open(AT_FDCWD, "mount", &mount), 0);
	while (same + different < pairs && different < 5)
		one_set(&random, mount, path, &same, &different, outcomes);
	printf("# %lu pairs agree: %lu ran, %lu did not\n", same, outcomes[1],
	       outcomes[0]);
	close(mount);
	umount("mount");
	for (size_t i = 0; i < ARRAY_SIZE(interpreters); i++)
		if (unlink(interpreters[i]) && errno == EISDIR)
			rmdir(interpreters[i]);
	for (size_t i = 0; i < ARRAY_SIZE(targets); i++)
		unlink(targets[i]);
	unlink("try");
	rmdir("d.a");
	rmdir("mount");
	assert_int_equal(rmdir(path), 0);
	close(dir);
	assert_int_equal(different, 0);
	assert_true(outcomes[0] > same / 20 && outcomes[1] > same / 20);
}

static void test_scripts(void **state)
{
	static const struct {
		const char *text, *interpreter;
	} rows[] = {
		{"#!/bin/sh\n", "/bin/sh"},
		{"#! \t/bin/sh -e x\n", "/bin/sh"},
		{"#!/bin/sh", "/bin/sh"},
		{"#!\n", NULL},
		{"#! \t\n/bin/sh\n", NULL},
		{"#/bin/sh\n", NULL},
		{"", NULL},
		{"#!", ""},
		{"#!/bin/sh\r\n", "/bin/sh\r"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t head[RULE_WINDOW_MAX] = {0};
		char got[RULE_WINDOW_MAX + 1];
		bool script;

		memcpy(head, rows[i].text, strlen(rows[i].text));
		script = exec_script(head, got);
		assert_int_equal(script, rows[i].interpreter != NULL);
		if (script)
			assert_string_equal(got, rows[i].interpreter);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scripts),
		cmocka_unit_test(test_differential),
	};

	return cmocka_run_group_tests_name("binfmtctl/exec", tests, NULL, NULL);
}
