/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading and checking an ELF file. Input is hostile: nothing is used before it was checked,
 * and every refusal has a reason in words. tags: linux-user - ELF validation
 */
#pragma once

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ELF_HEAD_SIZE	4096u
#define ELF_ADDRESS_MAX (1ull << 47)

/* The part of a file that is needed to map it. */
struct elf_image {
	Elf64_Ehdr eh;
	const Elf64_Phdr *ph; /* eh.e_phnum entries, in head[] or in a mapping of their own */
	size_t ph_mapped;     /* bytes of that mapping, or 0 */
	uint64_t file_size;
	uint64_t low, high; /* page-rounded extent of all PT_LOAD segments, unbiased */
	uint64_t align;	    /* largest p_align, at least a page */
	uint64_t image_end; /* highest p_vaddr + p_memsz */
	bool has_interp, exec_stack;
	char interp[256]; /* path in PT_INTERP */
	uint64_t head_length;
	union {
		char head[ELF_HEAD_SIZE];
		uint64_t head_align;
	};
};

/*
 * Reads the headers of descriptor `fd` and checks them against `machine` (EM_...).
 * On failure: -ENOEXEC for what is no ELF file or one of another architecture, -EINVAL for
 * a damaged one, or the errno of reading; *ret_reason then says why in words (constant).
 */
int elf_read(int fd, uint16_t machine, struct elf_image *ret, const char **ret_reason);
void elf_done(struct elf_image *image);

/* The checks alone, over headers in memory: image->eh, ph and file_size must be set. */
int elf_check(struct elf_image *image, uint16_t machine, const char **ret_reason);

/* What kind of machine does e_machine name? For messages; "an unknown machine" at worst. */
const char *elf_machine_name(uint16_t machine);
