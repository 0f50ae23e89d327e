/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ELF validation: good files, every kind of damage, and random damage. */
#include <sys/mman.h>

#include "linux-user/elf.h"
#include "tests/lib/unit.h"

#define MACHINE EM_AARCH64

struct file {
	Elf64_Ehdr eh;
	Elf64_Phdr ph[4];
	char interp[32];
	char rest[0x3000];
};

static void make(struct file *f)
{
	memset(f, 0, sizeof(*f));
	memcpy(f->eh.e_ident, ELFMAG, SELFMAG);
	f->eh.e_ident[EI_CLASS] = ELFCLASS64;
	f->eh.e_ident[EI_DATA] = ELFDATA2LSB;
	f->eh.e_ident[EI_VERSION] = EV_CURRENT;
	f->eh.e_type = ET_DYN;
	f->eh.e_machine = MACHINE;
	f->eh.e_version = EV_CURRENT;
	f->eh.e_entry = 0x100;
	f->eh.e_phoff = offsetof(struct file, ph);
	f->eh.e_ehsize = sizeof(f->eh);
	f->eh.e_phentsize = sizeof(f->ph[0]);
	f->eh.e_phnum = 4;
	f->ph[0] = (Elf64_Phdr){ .p_type = PT_INTERP, .p_offset = offsetof(struct file, interp),
				 .p_filesz = 11, .p_memsz = 11 };
	strcpy(f->interp, "/lib/ld.so");
	f->ph[1] = (Elf64_Phdr){ .p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_filesz = 0x1000,
				 .p_memsz = 0x1000, .p_align = 0x1000 };
	f->ph[2] = (Elf64_Phdr){ .p_type = PT_LOAD, .p_flags = PF_R | PF_W, .p_offset = 0x1800,
				 .p_vaddr = 0x11800, .p_filesz = 0x800, .p_memsz = 0x4000,
				 .p_align = 0x10000 };
	f->ph[3] = (Elf64_Phdr){ .p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W };
}

static int read_file(const void *data, size_t size, struct elf_image *image,
		     const char **reason)
{
	int fd = memfd_create("elf", 0), r;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, size), (ssize_t)size);
	*reason = NULL;
	r = elf_read(fd, MACHINE, image, reason);
	close(fd);
	return r;
}

static void test_good(void **state)
{
	static struct elf_image image;
	const char *reason;
	struct file f;

	(void)state;
	make(&f);
	assert_int_equal(read_file(&f, sizeof(f), &image, &reason), 0);
	assert_int_equal(image.low, 0);
	assert_int_equal(image.high, 0x16000);
	assert_int_equal(image.image_end, 0x15800);
	assert_int_equal(image.align, 0x10000);
	assert_true(image.has_interp);
	assert_string_equal(image.interp, "/lib/ld.so");
	assert_false(image.exec_stack);
	elf_done(&image);
}

/* Program headers behind the first page are read by themselves. */
static void test_far_headers(void **state)
{
	static struct elf_image image;
	const char *reason;
	struct file f;

	(void)state;
	make(&f);
	f.eh.e_phoff = 0x2000;
	memcpy((char *)&f + 0x2000, f.ph, sizeof(f.ph));
	memset(f.ph, 0xff, sizeof(f.ph));
	assert_int_equal(read_file(&f, sizeof(f), &image, &reason), 0);
	assert_int_equal(image.high, 0x16000);
	elf_done(&image);
}

/* Each row damages one field and expects one answer. */
#define DAMAGE(name, change, error, words)                                                   \
	static void test_##name(void **state)                                                \
	{                                                                                    \
		static struct elf_image image;                                               \
		const char *reason;                                                          \
		size_t size = sizeof(struct file);                                           \
		struct file f;                                                               \
                                                                                             \
		(void)state;                                                                 \
		make(&f);                                                                    \
		change;                                                                      \
		assert_int_equal(read_file(&f, size, &image, &reason), error);               \
		assert_non_null(reason);                                                     \
		if (!strstr(reason, words))                                                  \
			fail_msg("said '%s', not '%s'", reason, words);                      \
	}

DAMAGE(empty, size = 0, -ENOEXEC, "not an ELF")
DAMAGE(text, strcpy((char *)&f, "hello"), -ENOEXEC, "not an ELF")
DAMAGE(cut_ident, size = 10, -ENOEXEC, "not an ELF")
DAMAGE(cut_header, size = 40, -EINVAL, "truncated in the ELF header")
DAMAGE(cut_phdrs, size = 100, -EINVAL, "truncated in the program headers")
DAMAGE(cut_segment, size = 0x1900, -EINVAL, "behind the end of the file")
DAMAGE(big_endian, f.eh.e_ident[EI_DATA] = ELFDATA2MSB, -ENOEXEC, "big-endian")
DAMAGE(other_machine, f.eh.e_machine = EM_X86_64, -ENOEXEC, "another architecture")
DAMAGE(other_class, f.eh.e_ident[EI_CLASS] = ELFCLASS32, -ENOEXEC, "64-bit")
DAMAGE(object_file, f.eh.e_type = ET_REL, -ENOEXEC, "not an executable")
DAMAGE(core_file, f.eh.e_type = ET_CORE, -ENOEXEC, "not an executable")
DAMAGE(phentsize, f.eh.e_phentsize = 32, -EINVAL, "damaged ELF header")
DAMAGE(phnum_huge, f.eh.e_phnum = 65535, -EINVAL, "damaged ELF header")
DAMAGE(phnum_zero, f.eh.e_phnum = 0, -EINVAL, "no program headers")
DAMAGE(phoff_far, f.eh.e_phoff = 1ull << 40, -EINVAL, "truncated in the program headers")
DAMAGE(phoff_wraps, f.eh.e_phoff = ~0ull - 8, -EINVAL, "truncated in the program headers")
DAMAGE(file_over_memory, f.ph[2].p_memsz = 0x100, -EINVAL, "larger in the file")
DAMAGE(address_wraps, f.ph[2].p_vaddr = ~0ull - 0x7ff, -EINVAL, "outside the address space")
DAMAGE(address_high, f.ph[2].p_vaddr = (1ull << 47) + 0x800, -EINVAL, "outside the address")
DAMAGE(memory_huge, f.ph[2].p_memsz = ~0ull - 0x20000, -EINVAL, "outside the address space")
DAMAGE(misaligned, f.ph[2].p_vaddr = 0x11900, -EINVAL, "not aligned")
DAMAGE(overlap, f.ph[2].p_vaddr = 0x800, -EINVAL, "overlap")
DAMAGE(out_of_order, f.ph[1].p_vaddr = 0x40000, -EINVAL, "overlap or are out of order")
DAMAGE(offset_wraps, f.ph[2].p_offset = ~0ull - 0x7ff, -EINVAL, "behind the end")
DAMAGE(no_load, f.ph[1].p_type = f.ph[2].p_type = PT_NULL, -EINVAL, "no segment")
DAMAGE(interp_long, f.ph[0].p_filesz = 5000, -EINVAL, "dynamic loader")
DAMAGE(interp_empty, f.ph[0].p_filesz = 1, -EINVAL, "dynamic loader")
DAMAGE(interp_open, f.ph[0].p_filesz = 8, -EINVAL, "dynamic loader")
DAMAGE(interp_far, f.ph[0].p_offset = 1ull << 50, -EINVAL, "dynamic loader")
DAMAGE(align_huge, f.ph[2].p_align = 1ull << 40, -EINVAL, "absurd")
DAMAGE(fixed_at_zero, f.eh.e_type = ET_EXEC, -EINVAL, "address 0")

static void test_directory(void **state)
{
	static struct elf_image image;
	const char *reason = NULL;
	int fd = open("/", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_int_equal(elf_read(fd, MACHINE, &image, &reason), -EISDIR);
	assert_string_equal(reason, "is a directory");
	close(fd);
}

/* Any damage is either harmless or refused with a reason; what is accepted keeps the rules
 * that the loader relies on. */
static void test_random(void **state)
{
	uint64_t seed = unit_seed(0x51d);
	unsigned accepted = 0;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		static struct elf_image image;
		const char *reason;
		struct file f;
		int r;

		make(&f);
		for (uint64_t n = unit_random(&seed) % 4 + 1; n; n--)
			((uint8_t *)&f)[unit_random(&seed) % offsetof(struct file, rest)] =
				(uint8_t)unit_random(&seed);
		r = read_file(&f, sizeof(f), &image, &reason);
		if (r < 0) {
			assert_non_null(reason);
			continue;
		}
		accepted++;
		assert_true(image.low < image.high);
		assert_true(image.high <= ELF_ADDRESS_MAX + 0x1000);
		for (unsigned k = 0; k < image.eh.e_phnum; k++) {
			const Elf64_Phdr *ph = &image.ph[k];

			if (ph->p_type != PT_LOAD || !ph->p_memsz)
				continue;
			assert_true(ph->p_vaddr >= image.low);
			assert_true(ph->p_vaddr + ph->p_memsz <= image.high);
			assert_true(ph->p_offset + ph->p_filesz <= sizeof(f));
		}
		elf_done(&image);
	}
	/* Most bytes do not matter. */
	assert_true(accepted > 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_far_headers),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_cut_ident),
		cmocka_unit_test(test_cut_header),
		cmocka_unit_test(test_cut_phdrs),
		cmocka_unit_test(test_cut_segment),
		cmocka_unit_test(test_big_endian),
		cmocka_unit_test(test_other_machine),
		cmocka_unit_test(test_other_class),
		cmocka_unit_test(test_object_file),
		cmocka_unit_test(test_core_file),
		cmocka_unit_test(test_phentsize),
		cmocka_unit_test(test_phnum_huge),
		cmocka_unit_test(test_phnum_zero),
		cmocka_unit_test(test_phoff_far),
		cmocka_unit_test(test_phoff_wraps),
		cmocka_unit_test(test_file_over_memory),
		cmocka_unit_test(test_address_wraps),
		cmocka_unit_test(test_address_high),
		cmocka_unit_test(test_memory_huge),
		cmocka_unit_test(test_misaligned),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_out_of_order),
		cmocka_unit_test(test_offset_wraps),
		cmocka_unit_test(test_no_load),
		cmocka_unit_test(test_interp_long),
		cmocka_unit_test(test_interp_empty),
		cmocka_unit_test(test_interp_open),
		cmocka_unit_test(test_interp_far),
		cmocka_unit_test(test_align_huge),
		cmocka_unit_test(test_fixed_at_zero),
		cmocka_unit_test(test_directory),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
