/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs an image in a child process and collects what it writes. Inside this program: by the
 * evaluator, or by the engine. Outside: by any command that runs an AArch64 program.
 * tags: tests/random - runners
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "tests/random/random.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/a64/cpu.h"
#include "guest/guest.h"
#include "jit/opt/opt.h"

#define TIME_LIMIT 120 /* seconds, for a whole image */

enum { GUEST_WRITE = 64, GUEST_EXIT = 93 };

/* The driver's system calls, on file descriptor 1. */
static uint64_t guest_call(uint64_t number, const uint64_t *args)
{
	if (number == GUEST_EXIT)
		_exit((int)args[0]);
	if (number != GUEST_WRITE || args[0] != 1) {
		fprintf(stderr, "system call %llu\n", (unsigned long long)number);
		_exit(4);
	}
	return (uint64_t)write(1, (const void *)(uintptr_t)args[1], args[2]);
}

/* ---- the evaluator ---- */

void use_pauth(struct cpu *cpu)
{
	uint64_t state = 1;

	a64_sets |= A64_SET_PAUTH;
	cpu->sys[A64_SYS_PAC_ON] = 15;
	for (unsigned n = 0; n < 2 * A64_KEY_COUNT; n++)
		cpu->sys[A64_SYS_KEYS + n] = gen_random(&state);
}

static void run_evaluator(uint64_t entry, bool optimise, bool pauth)
{
	static const struct opt_options options;
	static struct cpu cpu;
	static struct ir_region region;
	struct ir_builder b = {.region = &region};
	struct guest_block_end end;
	char message[128];

	ir_helpers = a64_arch.helpers;
	cpu.pc = entry;
	cpu_set_fpcr(&cpu, 0);
	if (pauth)
		use_pauth(&cpu);
	for (;;) {
		enum ir_eval_exit why;

		region.page = cpu.pc & ~UINT64_C(4095);
		region.nops = region.nblocks = region.ninsns = 0;
		a64_arch.lift_block(&b, cpu.pc, region.page + 4096, IR_MAX_INSNS, &end);
		if (optimise)
			opt_run(&region, &options);
		if (ir_verify(&region, message, sizeof(message))) {
			fprintf(stderr, "pc %#llx: %s\n", (unsigned long long)cpu.pc,
				message);
			_exit(5);
		}
		why = ir_eval(&region, 0, &cpu);
		if (why == IR_EVAL_SVC) {
			cpu.r[0] = guest_call(cpu.r[8], cpu.r);
		} else if (why != IR_EVAL_NEXT && why != IR_EVAL_SYNC) {
			fprintf(stderr, "pc %#llx: exit %d\n", (unsigned long long)cpu.pc,
				why);
			_exit(6);
		}
	}
}

/* ---- processes ---- */

static void write_all(int fd, const uint8_t *data, size_t size)
{
	while (size) {
		ssize_t n = write(fd, data, size);

		if (n < 0)
			_exit(7);
		data += n;
		size -= (size_t)n;
	}
}

static void run_command(const char *command, const struct image *image)
{
	int fd = memfd_create("random_a64", 0);
	char text[256], path[64], *argv[16];
	unsigned argc = 0;

	write_all(fd, image->elf, image->elf_size);
	fchmod(fd, 0700);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	snprintf(text, sizeof(text), "%s", command);
	for (char *word = strtok(text, " "); word && argc < 14; word = strtok(NULL, " "))
		argv[argc++] = word;
	argv[argc++] = path;
	argv[argc] = NULL;
	execvp(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

static void run_child(const struct runner *runner, const struct image *image, int out)
{
	const char *name = runner->name;

	alarm(TIME_LIMIT);
	dup2(out, 1);
	if (!strncmp(name, "eval", 4)) {
		image_map(image);
		run_evaluator(image->entry, !strcmp(name, "evalopt"), runner->pauth);
	} else if (!strncmp(name, "jit", 3)) {
		image_map(image);
		_exit(run_jit(image->entry, name + 3, runner->pauth, guest_call));
	} else {
		run_command(name, image);
	}
}

static void describe(int status, char *ret, size_t size)
{
	if (WIFSIGNALED(status))
		snprintf(ret, size, "%s", strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status))
		snprintf(ret, size, "exit status %d", WEXITSTATUS(status));
	else
		snprintf(ret, size, "%s", "");
}

struct seq_record *run_image(const struct runner *runner, const struct image *image,
			     unsigned *ret_count, char *ret_end, size_t size)
{
	int out = memfd_create("records", 0), status = 0;
	struct seq_record *records;
	struct stat st;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (out < 0 || child < 0) {
		perror("starting a runner");
		exit(2);
	}
	if (!child)
		run_child(runner, image, out);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	describe(status, ret_end, size);
	fstat(out, &st);
	*ret_count = (unsigned)((size_t)st.st_size / sizeof(*records));
	records = malloc((size_t)st.st_size + 1);
	if (!records || pread(out, records, (size_t)st.st_size, 0) != st.st_size) {
		perror("reading records");
		exit(2);
	}
	close(out);
	return records;
}
