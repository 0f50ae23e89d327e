/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Start of a freestanding program: what the kernel handed over, and the switch away from the
 * initial stack, which becomes the guest's. tags: rt - start-up
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RT_PAGE_SIZE 4096ul
#define RT_AUX_COUNT 64

struct rt_auxv {
	uint64_t type, value;
};

struct rt_start_info {
	long argc;
	char **argv;		/* where the kernel put them: on the initial stack */
	char **envp;
	struct rt_auxv *auxv;
	uint64_t aux[RT_AUX_COUNT]; /* values by AT_ number; 0 when absent */
	uint64_t aux_present;	    /* bit per AT_ number; unknown larger ones are ignored */
	uint64_t entry[4];	    /* registers at the entry point; 0 unless a tracer wrote them */
};

/* The program: called by rt_start() on the initial stack, once relocated. `info` is static. */
_Noreturn void rt_main(struct rt_start_info *info);

/* C part of _start: relocates the image, parses the stack, calls rt_main(). */
_Noreturn void rt_start(uint64_t *sp, const uint64_t *dynamic, uint64_t word0, uint64_t word1,
			uint64_t word2, uint64_t word3);

/* Fills *info from an initial stack (argc at sp). */
void rt_parse_stack(struct rt_start_info *info, uint64_t *sp);

/* Continues in fn(arg) on another stack; `top` is the address behind its last byte. */
_Noreturn void rt_run_on_stack(void (*fn)(void *), void *arg, void *top);

/* Address of a symbol of the ELF image at `base` (the host's vDSO), or 0. Needs DT_HASH or
 * DT_GNU_HASH only to learn the number of symbols. */
uint64_t rt_vdso_lookup(uint64_t base, const char *name);

/* First and last byte + 1 of the program's own image. */
void rt_image_range(uint64_t *ret_start, uint64_t *ret_end);

/* Formatted text on a descriptor, or on 2; cut at 1 KiB. */
__attribute__((format(printf, 2, 3))) void rt_print(int fd, const char *format, ...);
__attribute__((format(printf, 1, 2))) void rt_log(const char *format, ...);
