/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Mapping a guest program and its dynamic loader, and laying out its stack.
 * tags: linux-user - loader
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "linux-user/elf.h"

struct process;
struct options;
struct rt_auxv;

/* What became of a program. */
struct guest_image {
	uint64_t entry;	      /* of the program itself */
	uint64_t start;	      /* where execution begins: the loader's entry, if there is one */
	uint64_t bias;	      /* load address minus link address */
	uint64_t phdr;	      /* guest address of the program headers, or 0 */
	uint16_t phnum;
	uint64_t interp_base; /* AT_BASE; 0 without a loader */
	uint64_t image_end;   /* first page behind the program */
	uint64_t start_code, end_code;
};

/*
 * Loads the program on descriptor `fd`. On failure negative errno; *ret_file is then the
 * file that is to blame (the program, or its loader) and *ret_reason why.
 */
int loader_load(struct process *process, int fd, const char *path, struct guest_image *ret,
		const char **ret_file, const char **ret_reason);

/* Maps the segments of a checked file. `low_hint`: where a position-independent one should
 * go, or 0 for the kernel's choice. Returns the bias in *ret_bias. */
int loader_map(struct process *process, int fd, const struct elf_image *elf, uint64_t low_hint,
	       uint64_t *ret_bias, const char **ret_reason);

/* Input of the initial stack. */
struct stack_input {
	uint64_t top;	/* first byte above, e.g. the initial host stack pointer */
	int argc;
	char **argv;	/* the guest's */
	char **envp;	/* the host's environment */
	const struct options *options; /* changes to it */
	const char *execfn, *platform;
	const struct rt_auxv *auxv;    /* without EXECFN, PLATFORM and the final AT_NULL */
	unsigned auxv_count;
};

struct stack_output {
	uint64_t sp;	/* argc is here; 16-byte aligned */
	uint64_t argv, envp, auxv, auxv_size;
};

/* Writes downwards from input->top. 0, or -E2BIG when `limit` (lowest usable address) would
 * be crossed. */
int stack_build(const struct stack_input *input, uint64_t limit, struct stack_output *ret);
