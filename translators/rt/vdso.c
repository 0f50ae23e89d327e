/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Symbol lookup in the host's vDSO. Kernels differ in the hash table that they offer, so the
 * symbol count comes from whichever is there.
 */
#include <elf.h>

#include "rt/rt.h"
#include "rt/text.h"

static uint32_t gnu_hash_count(const uint32_t *h)
{
	uint32_t nbuckets = h[0], first = h[1], bloom = h[2], last = 0;
	const uint32_t *buckets = h + 4 + bloom * 2;
	const uint32_t *chain = buckets + nbuckets;

	for (uint32_t i = 0; i < nbuckets; i++)
		if (buckets[i] > last)
			last = buckets[i];
	if (last < first)
		return first;
	while (!(chain[last - first] & 1))
		last++;
	return last + 1;
}

uint64_t rt_vdso_lookup(uint64_t base, const char *name)
{
	const Elf64_Ehdr *eh = (const Elf64_Ehdr *)base;
	const Elf64_Phdr *ph = (const Elf64_Phdr *)(base + eh->e_phoff);
	const Elf64_Dyn *dyn = NULL;
	const Elf64_Sym *sym = NULL;
	const char *str = NULL;
	uint64_t bias = base;
	uint32_t count = 0;

	for (int i = 0; i < eh->e_phnum; i++) {
		if (ph[i].p_type == PT_LOAD && ph[i].p_offset == 0)
			bias = base - ph[i].p_vaddr;
		else if (ph[i].p_type == PT_DYNAMIC)
			dyn = (const Elf64_Dyn *)(base + ph[i].p_offset);
	}
	for (; dyn && dyn->d_tag != DT_NULL; dyn++) {
		uint64_t p = bias + dyn->d_un.d_ptr;

		switch (dyn->d_tag) {
		case DT_SYMTAB: sym = (const Elf64_Sym *)p; break;
		case DT_STRTAB: str = (const char *)p; break;
		case DT_HASH: count = ((const uint32_t *)p)[1]; break;
		case DT_GNU_HASH:
			if (!count)
				count = gnu_hash_count((const uint32_t *)p);
			break;
		}
	}
	if (!sym || !str)
		return 0;
	for (uint32_t i = 0; i < count; i++)
		if (sym[i].st_shndx != SHN_UNDEF && rt_str_eq(str + sym[i].st_name, name))
			return bias + sym[i].st_value;
	return 0;
}
