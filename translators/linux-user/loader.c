/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Loads like fs/binfmt_elf.c does for arm64: a fixed program where it was linked, a
 * position-independent one two thirds up the address space plus a random offset, its loader
 * wherever the kernel likes.
 */
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>

#include "linux-user/loader.h"
#include "linux-user/memory.h"
#include "linux-user/path.h"
#include "linux-user/thread.h"
#include "rt/arena.h"
#include "rt/memory.h"
#include "rt/text.h"
#include "rt/uaccess.h"

#define PIE_BASE (GUEST_ADDRESS_END / 3 * 2 & ~0xffffull)

static int fail(const char **ret_reason, const char *reason, int error)
{
	*ret_reason = reason;
	return error;
}

static uint64_t page_down(uint64_t n)
{
	return n & ~(RT_PAGE_SIZE - 1);
}

static uint64_t page_up(uint64_t n)
{
	return page_down(n + RT_PAGE_SIZE - 1);
}

static unsigned segment_prot(const Elf64_Phdr *ph)
{
	return (ph->p_flags & PF_R ? PROT_READ : 0u) | (ph->p_flags & PF_W ? PROT_WRITE : 0u) |
	       (ph->p_flags & PF_X ? PROT_EXEC : 0u);
}

static long map_at(uint64_t addr, uint64_t length, unsigned prot, unsigned flags, int fd,
		   uint64_t offset)
{
	long r = rt_syscall(__NR_mmap, addr, length, memory_host_prot(prot), MAP_PRIVATE | flags,
			    fd, offset);

	if (!rt_is_error(r) && (uint64_t)r != addr) {
		rt_syscall(__NR_munmap, r, length);
		return -EEXIST;
	}
	return r;
}

/* The bytes behind the file's part, up to the end of its page, are zero. */
static int clear_tail(uint64_t from, unsigned prot)
{
	uint64_t end = page_up(from);

	if (from == end || !(prot & PROT_WRITE))
		return 0;
	memset((void *)from, 0, end - from);
	return 0;
}

static int map_segment(int fd, const Elf64_Phdr *ph, uint64_t bias, unsigned fixed)
{
	uint64_t start = page_down(ph->p_vaddr + bias);
	uint64_t file_end = ph->p_vaddr + bias + ph->p_filesz;
	uint64_t end = page_up(ph->p_vaddr + bias + ph->p_memsz);
	unsigned prot = segment_prot(ph);
	long r;

	if (ph->p_filesz) {
		r = map_at(start, page_up(file_end) - start, prot, fixed, fd,
			   page_down(ph->p_offset));
		if (rt_is_error(r))
			return (int)r;
		if (ph->p_memsz > ph->p_filesz)
			clear_tail(file_end, prot);
		start = page_up(file_end);
	}
	if (end > start) {
		r = map_at(start, end - start, prot, fixed | MAP_ANONYMOUS, -1, 0);
		if (rt_is_error(r))
			return (int)r;
	}
	return 0;
}

/* Takes the whole extent, so that nothing gets between the segments. */
static int reserve(const struct elf_image *elf, uint64_t hint, uint64_t *ret_bias)
{
	uint64_t size = elf->high - elf->low, extra = elf->align - RT_PAGE_SIZE;
	long r = rt_syscall(__NR_mmap, hint, size + extra, PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	uint64_t base;

	if (rt_is_error(r))
		return (int)r;
	base = ((uint64_t)r + elf->align - 1) & ~(elf->align - 1);
	base += elf->low & (elf->align - 1);
	if (base + size > (uint64_t)r + size + extra)
		base = ((uint64_t)r + elf->align - 1) & ~(elf->align - 1);
	if (base > (uint64_t)r)
		rt_syscall(__NR_munmap, r, base - (uint64_t)r);
	if ((uint64_t)r + extra > base)
		rt_syscall(__NR_munmap, base + size, (uint64_t)r + extra - base);
	*ret_bias = base - elf->low;
	return 0;
}

int loader_map(struct process *process, int fd, const struct elf_image *elf, uint64_t low_hint,
	       uint64_t *ret_bias, const char **ret_reason)
{
	bool fixed = elf->eh.e_type == ET_EXEC;
	uint64_t bias = 0, mapped_to = 0;
	int r;

	if (fixed && rt_is_own_range(elf->low, elf->high - elf->low))
		return fail(ret_reason, "linked to addresses that the translator occupies", -ENOMEM);
	if (!fixed) {
		r = reserve(elf, low_hint, &bias);
		if (r < 0)
			return fail(ret_reason, "no address space for it", r);
	}
	for (unsigned i = 0; i < elf->eh.e_phnum; i++) {
		const Elf64_Phdr *ph = &elf->ph[i];
		uint64_t start = page_down(ph->p_vaddr + bias);

		if (ph->p_type != PT_LOAD || ph->p_memsz == 0)
			continue;
		/* Neighbours may share a page: the later one wins, as in the kernel. */
		r = map_segment(fd, ph, bias,
				fixed && start >= mapped_to ? MAP_FIXED_NOREPLACE : MAP_FIXED);
		if (r < 0)
			return fail(ret_reason,
				    r == -EEXIST ? "linked to addresses that are in use"
						 : "a segment cannot be mapped", r);
		if (!fixed && mapped_to && start > mapped_to)
			rt_syscall(__NR_munmap, mapped_to, start - mapped_to);
		mapped_to = page_up(ph->p_vaddr + bias + ph->p_memsz);
		if ((ph->p_flags & PF_X) &&
		    memory_set_exec(process, start, mapped_to - start, true) < 0)
			return fail(ret_reason, "out of memory", -ENOMEM);
	}
	*ret_bias = bias;
	return 0;
}

static uint64_t find_phdr(const struct elf_image *elf, uint64_t bias)
{
	for (unsigned i = 0; i < elf->eh.e_phnum; i++) {
		const Elf64_Phdr *ph = &elf->ph[i];

		if (ph->p_type == PT_LOAD && elf->eh.e_phoff >= ph->p_offset &&
		    elf->eh.e_phoff - ph->p_offset < ph->p_filesz)
			return elf->eh.e_phoff - ph->p_offset + ph->p_vaddr + bias;
	}
	return 0;
}

static void find_code(const struct elf_image *elf, struct guest_image *image)
{
	for (unsigned i = 0; i < elf->eh.e_phnum; i++) {
		const Elf64_Phdr *ph = &elf->ph[i];

		if (ph->p_type != PT_LOAD || !(ph->p_flags & PF_X))
			continue;
		image->start_code = ph->p_vaddr + image->bias;
		image->end_code = image->start_code + ph->p_filesz;
		return;
	}
}

static uint64_t random64(const struct process *process, unsigned index)
{
	const uint8_t *r = (const uint8_t *)process->info->aux[AT_RANDOM];
	uint64_t v = 0;

	/* The guest sees the 16 bytes themselves, so do not show them in addresses. */
	for (unsigned i = 0; r && i < 16; i++)
		v = (v ^ r[(i + index) & 15]) * 0x9e3779b97f4a7c15ull + index;
	return v ^ v >> 29;
}

static int load_interp(struct process *process, const char *path, struct guest_image *image,
		       const char **ret_reason)
{
	/* Statically allocated: used once, too large for a stack frame. */
	static struct elf_image elf;
	char redirected[4096];
	uint64_t bias;
	int fd, r;

	path = path_redirect(process->options, path, redirected, sizeof(redirected));
	fd = (int)rt_syscall(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(ret_reason, NULL, fd);
	r = elf_read(fd, process->abi->elf_machine, &elf, ret_reason);
	if (r >= 0) {
		r = loader_map(process, fd, &elf, 0, &bias, ret_reason);
		image->interp_base = bias + (elf.eh.e_type == ET_DYN ? elf.low : 0);
		image->start = elf.eh.e_entry + bias;
		elf_done(&elf);
	}
	rt_syscall(__NR_close, fd);
	return r;
}

int loader_load(struct process *process, int fd, const char *path, struct guest_image *ret,
		const char **ret_file, const char **ret_reason)
{
	static struct elf_image elf;
	static char reason[64];
	uint64_t hint;
	int r;

	*ret_file = path;
	r = elf_read(fd, process->abi->elf_machine, &elf, ret_reason);
	if (r == -ENOEXEC && elf.head_length >= sizeof(Elf64_Ehdr) &&
	    memcmp(elf.head, ELFMAG, SELFMAG) == 0 &&
	    elf.eh.e_machine != process->abi->elf_machine) {
		rt_format(reason, sizeof(reason), "built for %s, not for %s",
			  elf_machine_name(elf.eh.e_machine),
			  elf_machine_name(process->abi->elf_machine));
		*ret_reason = reason;
	}
	if (r < 0)
		return r;
	hint = PIE_BASE + ((random64(process, 1) & 0xfffffff) << 12);
	r = loader_map(process, fd, &elf, hint, &ret->bias, ret_reason);
	if (r < 0)
		return r;
	ret->entry = ret->start = elf.eh.e_entry + ret->bias;
	ret->phdr = find_phdr(&elf, ret->bias);
	ret->phnum = elf.eh.e_phnum;
	ret->image_end = page_up(elf.image_end + ret->bias);
	ret->interp_base = 0;
	find_code(&elf, ret);
	memory_set_brk(process, ret->image_end + ((random64(process, 2) & 0x1fff) << 12));
	if (elf.has_interp) {
		*ret_file = elf.interp;
		r = load_interp(process, elf.interp, ret, ret_reason);
	}
	return r;
}
