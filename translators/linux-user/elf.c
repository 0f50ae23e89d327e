/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ELF validation. The rules are those of the kernel's loader, and stricter where it would let
 * a broken file run into a fault: segments must lie inside the file and in ascending order.
 */
#include <linux/errno.h>
#include <linux/stat.h>

#include "linux-user/elf.h"
#include "linux-user/host.h"
#include "rt/arena.h"
#include "rt/memory.h"
#include "rt/rt.h"
#include "rt/syscall.h"

#define PHDRS_MAX 1170 /* the kernel's limit: 64 KiB of program headers */

static int refuse(const char **ret_reason, const char *reason, int error)
{
	*ret_reason = reason;
	return error;
}

const char *elf_machine_name(uint16_t machine)
{
	switch (machine) {
	case EM_X86_64: return "x86-64";
	case EM_386: return "i386";
	case EM_ARM: return "32-bit Arm";
	case EM_AARCH64: return "AArch64";
	case EM_RISCV: return "RISC-V";
	case EM_PPC64: return "POWER";
	case EM_S390: return "S/390";
	case EM_MIPS: return "MIPS";
	case 258: return "LoongArch";
	default: return "an unknown machine";
	}
}

static int check_header(const struct elf_image *image, uint16_t machine, const char **ret_reason)
{
	const Elf64_Ehdr *eh = &image->eh;

	if (image->file_size < EI_NIDENT || memcmp(eh->e_ident, ELFMAG, SELFMAG) != 0)
		return refuse(ret_reason, "not an ELF file", -ENOEXEC);
	if (image->file_size < sizeof(*eh))
		return refuse(ret_reason, "truncated in the ELF header", -EINVAL);
	if (eh->e_ident[EI_DATA] != ELFDATA2LSB)
		return refuse(ret_reason, "big-endian or damaged ELF file", -ENOEXEC);
	if (eh->e_machine != machine)
		return refuse(ret_reason, "built for another architecture", -ENOEXEC);
	if (eh->e_ident[EI_CLASS] != ELFCLASS64)
		return refuse(ret_reason, "not a 64-bit ELF file", -ENOEXEC);
	if (eh->e_type != ET_EXEC && eh->e_type != ET_DYN)
		return refuse(ret_reason, "not an executable (object file or core dump)", -ENOEXEC);
	if (eh->e_phentsize != sizeof(Elf64_Phdr) || eh->e_phnum > PHDRS_MAX)
		return refuse(ret_reason, "damaged ELF header (program header size)", -EINVAL);
	if (eh->e_phnum == 0)
		return refuse(ret_reason, "no program headers", -EINVAL);
	if (eh->e_phoff > image->file_size ||
	    image->file_size - eh->e_phoff < (uint64_t)eh->e_phnum * sizeof(Elf64_Phdr))
		return refuse(ret_reason, "truncated in the program headers", -EINVAL);
	return 0;
}

static int check_load(const struct elf_image *image, const Elf64_Phdr *ph, uint64_t previous_end,
		      const char **ret_reason)
{
	uint64_t end, file_end;

	if (ph->p_filesz > ph->p_memsz)
		return refuse(ret_reason, "damaged: a segment is larger in the file than in memory",
			      -EINVAL);
	if (__builtin_add_overflow(ph->p_vaddr, ph->p_memsz, &end) || end > ELF_ADDRESS_MAX)
		return refuse(ret_reason, "damaged: a segment lies outside the address space",
			      -EINVAL);
	if ((ph->p_vaddr ^ ph->p_offset) & (RT_PAGE_SIZE - 1) && ph->p_filesz)
		return refuse(ret_reason, "a segment is not aligned to 4 KiB pages", -EINVAL);
	if (ph->p_vaddr < previous_end)
		return refuse(ret_reason, "damaged: segments overlap or are out of order", -EINVAL);
	if (__builtin_add_overflow(ph->p_offset, ph->p_filesz, &file_end) ||
	    file_end > image->file_size)
		return refuse(ret_reason, "truncated: a segment reaches behind the end of the file",
			      -EINVAL);
	return 0;
}

static void widen(struct elf_image *image, const Elf64_Phdr *ph)
{
	uint64_t low = ph->p_vaddr & ~(RT_PAGE_SIZE - 1);
	uint64_t end = ph->p_vaddr + ph->p_memsz;
	uint64_t high = (end + RT_PAGE_SIZE - 1) & ~(RT_PAGE_SIZE - 1);

	if (low < image->low)
		image->low = low;
	if (high > image->high)
		image->high = high;
	if (end > image->image_end)
		image->image_end = end;
	if (ph->p_align > image->align && !(ph->p_align & (ph->p_align - 1)))
		image->align = ph->p_align;
}

int elf_check(struct elf_image *image, uint16_t machine, const char **ret_reason)
{
	uint64_t previous_end = 0;
	bool any = false;
	int r;

	r = check_header(image, machine, ret_reason);
	if (r < 0)
		return r;
	image->low = ELF_ADDRESS_MAX;
	image->high = image->image_end = 0;
	image->align = RT_PAGE_SIZE;
	image->has_interp = image->exec_stack = false;
	for (unsigned i = 0; i < image->eh.e_phnum; i++) {
		const Elf64_Phdr *ph = &image->ph[i];

		if (ph->p_type == PT_GNU_STACK)
			image->exec_stack = ph->p_flags & PF_X;
		if (ph->p_type == PT_INTERP)
			image->has_interp = true;
		if (ph->p_type != PT_LOAD || ph->p_memsz == 0)
			continue;
		r = check_load(image, ph, previous_end, ret_reason);
		if (r < 0)
			return r;
		previous_end = ph->p_vaddr + ph->p_memsz;
		widen(image, ph);
		any = true;
	}
	if (!any)
		return refuse(ret_reason, "no segment to load", -EINVAL);
	if (image->align > 1ull << 30)
		return refuse(ret_reason, "damaged: absurd segment alignment", -EINVAL);
	if (image->eh.e_type == ET_EXEC && image->low == 0)
		return refuse(ret_reason, "wants to be loaded at address 0", -EINVAL);
	return 0;
}

/* Like pread() in full; short only at the end of the file. */
static int64_t read_at(int fd, void *buf, size_t size, uint64_t offset)
{
	size_t done = 0;

	while (done < size) {
		long n = rt_syscall(__NR_pread64, fd, (char *)buf + done, size - done,
				    offset + done);

		if (n == -EINTR)
			continue;
		if (n < 0)
			return n;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (int64_t)done;
}

static int load_phdrs(int fd, struct elf_image *image, const char **ret_reason)
{
	uint64_t size = (uint64_t)image->eh.e_phnum * sizeof(Elf64_Phdr);
	void *p;

	if (image->eh.e_phoff % 8 == 0 && image->eh.e_phoff + size <= image->head_length) {
		image->ph = (const Elf64_Phdr *)(image->head + image->eh.e_phoff);
		return 0;
	}
	p = rt_map_anon(size);
	if (!p)
		return refuse(ret_reason, "out of memory", -ENOMEM);
	image->ph = p;
	image->ph_mapped = size;
	if (read_at(fd, p, size, image->eh.e_phoff) != (int64_t)size)
		return refuse(ret_reason, "truncated in the program headers", -EINVAL);
	return 0;
}

static int load_interp(int fd, struct elf_image *image, const char **ret_reason)
{
	for (unsigned i = 0; i < image->eh.e_phnum; i++) {
		const Elf64_Phdr *ph = &image->ph[i];

		if (ph->p_type != PT_INTERP)
			continue;
		if (ph->p_filesz < 2 || ph->p_filesz > sizeof(image->interp) ||
		    ph->p_offset > image->file_size ||
		    image->file_size - ph->p_offset < ph->p_filesz)
			return refuse(ret_reason, "damaged: bad path of the dynamic loader",
				      -EINVAL);
		if (ph->p_offset + ph->p_filesz <= image->head_length)
			memcpy(image->interp, image->head + ph->p_offset, ph->p_filesz);
		else if (read_at(fd, image->interp, ph->p_filesz, ph->p_offset) !=
			 (int64_t)ph->p_filesz)
			return refuse(ret_reason, "truncated", -EINVAL);
		if (image->interp[ph->p_filesz - 1] != 0)
			return refuse(ret_reason, "damaged: bad path of the dynamic loader",
				      -EINVAL);
		return 0;
	}
	return 0;
}

int elf_read(int fd, uint16_t machine, struct elf_image *ret, const char **ret_reason)
{
	struct host_stat st;
	int64_t n;
	int r;

	ret->ph = NULL;
	ret->ph_mapped = 0;
	r = (int)rt_syscall(__NR_fstat, fd, &st);
	if (r < 0)
		return refuse(ret_reason, "cannot be examined", r);
	if ((st.st_mode & S_IFMT) == S_IFDIR)
		return refuse(ret_reason, "is a directory", -EISDIR);
	if ((st.st_mode & S_IFMT) != S_IFREG)
		return refuse(ret_reason, "not a regular file", -EACCES);
	n = read_at(fd, ret->head, sizeof(ret->head), 0);
	if (n < 0)
		return refuse(ret_reason, "cannot be read", (int)n);
	ret->head_length = (uint64_t)n;
	ret->file_size = (uint64_t)st.st_size;
	if (ret->file_size < ret->head_length || n < (int64_t)sizeof(ret->head))
		ret->file_size = ret->head_length;
	memset(&ret->eh, 0, sizeof(ret->eh));
	memcpy(&ret->eh, ret->head, n < (int64_t)sizeof(ret->eh) ? (size_t)n : sizeof(ret->eh));
	r = check_header(ret, machine, ret_reason);
	if (r < 0)
		return r;
	r = load_phdrs(fd, ret, ret_reason);
	if (r >= 0)
		r = elf_check(ret, machine, ret_reason);
	if (r >= 0)
		r = load_interp(fd, ret, ret_reason);
	if (r < 0)
		elf_done(ret);
	return r;
}

void elf_done(struct elf_image *image)
{
	if (image->ph_mapped)
		rt_unmap((void *)image->ph, image->ph_mapped);
	image->ph_mapped = 0;
	image->ph = NULL;
}
