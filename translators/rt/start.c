/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Self-relocation of a static-pie program.
 * rt_start() may use no address that needs a relocation before the loop over DT_RELA ended.
 */
#include <elf.h>
#include <linux/mman.h>

#include "rt/rt.h"
#include "rt/syscall.h"

extern const char rt_ehdr[] __asm__("__ehdr_start") __attribute__((visibility("hidden")));

static struct rt_start_info start_info;

/* Only RELATIVE can occur: the link has no undefined symbol and no ifunc. */
static inline void relocate(uint64_t base, const uint64_t *dynamic)
{
	const Elf64_Rela *rela = NULL;
	uint64_t size = 0;

	for (const uint64_t *d = dynamic; d[0] != DT_NULL; d += 2) {
		if (d[0] == DT_RELA)
			rela = (const Elf64_Rela *)(base + d[1]);
		else if (d[0] == DT_RELASZ)
			size = d[1];
	}
	for (uint64_t i = 0; i < size / sizeof(*rela); i++)
		if (ELF64_R_TYPE(rela[i].r_info) == R_X86_64_RELATIVE)
			*(uint64_t *)(base + rela[i].r_offset) =
				base + (uint64_t)rela[i].r_addend;
}

static void protect_relro(uint64_t base)
{
	const Elf64_Ehdr *eh = (const Elf64_Ehdr *)base;
	const Elf64_Phdr *ph = (const Elf64_Phdr *)(base + eh->e_phoff);

	for (int i = 0; i < eh->e_phnum; i++) {
		uint64_t start = base + ph[i].p_vaddr;

		if (ph[i].p_type != PT_GNU_RELRO)
			continue;
		uint64_t end = (start + ph[i].p_memsz) & ~(RT_PAGE_SIZE - 1);

		start &= ~(RT_PAGE_SIZE - 1);
		if (end > start)
			rt_syscall(__NR_mprotect, (long)start, (long)(end - start), PROT_READ);
	}
}

void rt_start(uint64_t *sp, const uint64_t *dynamic, uint64_t word0, uint64_t word1, uint64_t word2,
	      uint64_t word3)
{
	relocate((uint64_t)rt_ehdr, dynamic);
	protect_relro((uint64_t)rt_ehdr);
	rt_parse_stack(&start_info, sp);
	start_info.entry[0] = word0;
	start_info.entry[1] = word1;
	start_info.entry[2] = word2;
	start_info.entry[3] = word3;
	rt_main(&start_info);
}
