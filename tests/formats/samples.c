/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * samples DIRECTORY: writes one small file per kind of program there, executable, and prints
 * for each "FILE<TAB>FORMAT FORMAT..." with all formats of formats.d that shall take it,
 * sorted; none for files that no format may take. Numbers come from <elf.h>, not from the
 * rules under test.
 */
#include <elf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/macro.h"

#ifndef EM_LOONGARCH
#define EM_LOONGARCH 258
#endif

enum {
	EM_486 = 6,                 /* before it was given to another machine */
	EM_MICROBLAZE_OLD = 0xbaab, /* before 189 was registered */
	EM_ALPHA_USED = 0x9026,     /* what all Alpha systems have instead of EM_ALPHA */
	MIPS_ABI2 = 0x20,           /* EF_MIPS_ABI2 */
	SIZE_MAX_ = 4096,
};

/* Formats that take programs of the machine; @loader: besides, when it is an ld.so. */
struct machine {
	const char *name;
	uint8_t class, data;
	uint16_t machine;
	uint32_t flags;
	const char *formats, *dyn_formats, *loader_formats;
	bool appimages; /* the rules let the mark of AppImages pass */
};

static const struct machine machines[] = {
	{"i386", 1, 1, EM_386, 0, "FEX-x86 box86 qemu-i386", NULL, NULL, true},
	{"i486", 1, 1, EM_486, 0, "qemu-i486", NULL, NULL, true},
	{"x86_64", 2, 1, EM_X86_64, 0, "FEX-x86_64 box64 qemu-x86_64 rosetta", NULL, NULL,
	 true},
	{"x32", 1, 1, EM_X86_64, 0, "", NULL, NULL, false},
	{"alpha", 2, 1, EM_ALPHA_USED, 0, "qemu-alpha", NULL, NULL, false},
	{"arm", 1, 1, EM_ARM, EF_ARM_EABI_VER5, "qemu-arm xlate-arm",
	 "qemu-arm xlate-arm xlate-arm-dyn", NULL, true},
	{"armhf", 1, 1, EM_ARM, EF_ARM_EABI_VER5 | EF_ARM_ABI_FLOAT_HARD,
	 "qemu-arm xlate-arm", "qemu-arm xlate-arm xlate-arm-dyn", NULL, true},
	{"armeb", 1, 2, EM_ARM, EF_ARM_EABI_VER5, "qemu-armeb", NULL, NULL, false},
	{"armeb-be8", 1, 2, EM_ARM, EF_ARM_EABI_VER5 | EF_ARM_BE8, "qemu-armeb", NULL,
	 NULL, false},
	{"aarch64", 2, 1, EM_AARCH64, 0, "qemu-aarch64 xlate-aarch64", NULL,
	 "qemu-aarch64 xlate-aarch64 xlate-aarch64-ld-so", true},
	{"aarch64_be", 2, 2, EM_AARCH64, 0, "qemu-aarch64_be", NULL, NULL, false},
	{"aarch64-ilp32", 1, 1, EM_AARCH64, 0, "", NULL, NULL, false},
	{"cris", 1, 1, EM_CRIS, 0, "qemu-cris", NULL, NULL, false},
	{"hexagon", 1, 1, 164, 0, "qemu-hexagon", NULL, NULL, false},
	{"hppa", 1, 2, EM_PARISC, 0, "qemu-hppa", NULL, NULL, false},
	{"loongarch64", 2, 1, EM_LOONGARCH, 3, "qemu-loongarch64", NULL, NULL, false},
	{"loongarch32", 1, 1, EM_LOONGARCH, 3, "", NULL, NULL, false},
	{"m68k", 1, 2, EM_68K, 0, "qemu-m68k", NULL, NULL, false},
	{"microblaze", 1, 2, EM_MICROBLAZE, 0, "qemu-microblaze", NULL, NULL, false},
	{"microblaze-old", 1, 2, EM_MICROBLAZE_OLD, 0, "qemu-microblaze", NULL, NULL,
	 false},
	{"microblazeel", 1, 1, EM_MICROBLAZE, 0, "qemu-microblazeel", NULL, NULL, false},
	{"microblazeel-old", 1, 1, EM_MICROBLAZE_OLD, 0, "qemu-microblazeel", NULL, NULL,
	 false},
	{"mips", 1, 2, EM_MIPS, 0x70001005, "qemu-mips", NULL, NULL, false},
	{"mipsel", 1, 1, EM_MIPS, 0x70001005, "qemu-mipsel", NULL, NULL, false},
	{"mipsn32", 1, 2, EM_MIPS, 0x80000025, "qemu-mipsn32", NULL, NULL, false},
	{"mipsn32el", 1, 1, EM_MIPS, 0x80000025, "qemu-mipsn32el", NULL, NULL, false},
	{"mips64", 2, 2, EM_MIPS, 0x80000007, "qemu-mips64", NULL, NULL, false},
	{"mips64el", 2, 1, EM_MIPS, 0x80000007, "qemu-mips64el", NULL, NULL, false},
	{"nios2", 1, 1, EM_ALTERA_NIOS2, 0, "qemu-nios2", NULL, NULL, false},
	{"or1k", 1, 2, EM_OPENRISC, 0, "qemu-or1k", NULL, NULL, false},
	{"ppc", 1, 2, EM_PPC, 0, "qemu-ppc", NULL, NULL, false},
	{"ppc64", 2, 2, EM_PPC64, 1, "qemu-ppc64", NULL, NULL, false},
	{"ppc64le", 2, 1, EM_PPC64, 2, "qemu-ppc64le", NULL, NULL, false},
	/* What upstream's mask of ppc64le would take as well. */
	{"not-ppc64le", 2, 1, EM_PPC64 | 0x100, 0, "", NULL, NULL, false},
	{"riscv32", 1, 1, EM_RISCV, 5, "qemu-riscv32", NULL, NULL, false},
	{"riscv64", 2, 1, EM_RISCV, 5, "qemu-riscv64", NULL, NULL, false},
	{"s390", 1, 2, EM_S390, 0, "", NULL, NULL, false},
	{"s390x", 2, 2, EM_S390, 0, "qemu-s390x", NULL, NULL, false},
	{"sh4", 1, 1, EM_SH, 9, "qemu-sh4", NULL, NULL, false},
	{"sh4eb", 1, 2, EM_SH, 9, "qemu-sh4eb", NULL, NULL, false},
	{"sparc", 1, 2, EM_SPARC, 0, "qemu-sparc", NULL, NULL, false},
	{"sparc32plus", 1, 2, EM_SPARC32PLUS, 0x100, "qemu-sparc32plus", NULL, NULL,
	 false},
	{"sparc64", 2, 2, EM_SPARCV9, 2, "qemu-sparc64", NULL, NULL, false},
	{"xtensa", 1, 1, EM_XTENSA, 0x300, "qemu-xtensa", NULL, NULL, false},
	{"xtensaeb", 1, 2, EM_XTENSA, 0x300, "qemu-xtensaeb", NULL, NULL, false},
	{"ia64", 2, 1, EM_IA_64, 0, "", NULL, NULL, false},
	{"bpf", 2, 1, EM_BPF, 0, "", NULL, NULL, false},
};

static const char *directory;
static int failed;

static void write_file(const char *name, const void *data, size_t size,
		       const char *formats)
{
	char path[1024];
	FILE *f;

	if (snprintf(path, sizeof(path), "%s/%s", directory, name) >= (int)sizeof(path))
		abort();
	f = fopen(path, "wb");
	if (!f || fwrite(data, 1, size, f) != size || fclose(f) || chmod(path, 0755)) {
		perror(path);
		failed = 1;
	}
	printf("%s\t%s\n", name, formats);
}

static void put(uint8_t *p, unsigned int size, uint8_t data, uint64_t value)
{
	for (unsigned int i = 0; i < size; i++)
		p[i] = value >> 8 * (data == ELFDATA2LSB ? i : size - 1 - i);
}

#define PUT(header, field, data, value) \
	put((uint8_t *)&(header)->field, sizeof((header)->field), data, value)

struct variant {
	const char *name;
	uint16_t type;
	uint8_t osabi;
	uint32_t segment;
	bool appimage;
};

/* An ELF header and one program header behind it. Returns the size. */
static size_t make_elf(const struct machine *m, const struct variant *v,
		       uint8_t file[SIZE_MAX_])
{
	memset(file, 0, SIZE_MAX_);
	memcpy(file, ELFMAG, SELFMAG);
	file[EI_CLASS] = m->class;
	file[EI_DATA] = m->data;
	file[EI_VERSION] = EV_CURRENT;
	file[EI_OSABI] = v->osabi;
	if (v->appimage)
		memcpy(file + 8, "AI\2", 3);
	if (m->class == ELFCLASS64) {
		Elf64_Ehdr *e = (Elf64_Ehdr *)file;
		Elf64_Phdr *p = (Elf64_Phdr *)(file + sizeof(*e));

		PUT(e, e_type, m->data, v->type);
		PUT(e, e_machine, m->data, m->machine);
		PUT(e, e_version, m->data, EV_CURRENT);
		PUT(e, e_phoff, m->data, sizeof(*e));
		PUT(e, e_flags, m->data, m->flags);
		PUT(e, e_ehsize, m->data, sizeof(*e));
		PUT(e, e_phentsize, m->data, sizeof(*p));
		PUT(e, e_phnum, m->data, 1);
		PUT(p, p_type, m->data, v->segment);
		return sizeof(*e) + sizeof(*p);
	} else {
		Elf32_Ehdr *e = (Elf32_Ehdr *)file;
		Elf32_Phdr *p = (Elf32_Phdr *)(file + sizeof(*e));

		PUT(e, e_type, m->data, v->type);
		PUT(e, e_machine, m->data, m->machine);
		PUT(e, e_version, m->data, EV_CURRENT);
		PUT(e, e_phoff, m->data, sizeof(*e));
		PUT(e, e_flags, m->data, m->flags);
		PUT(e, e_ehsize, m->data, sizeof(*e));
		PUT(e, e_phentsize, m->data, sizeof(*p));
		PUT(e, e_phnum, m->data, 1);
		PUT(p, p_type, m->data, v->segment);
		return sizeof(*e) + sizeof(*p);
	}
}

static const char *formats_of(const struct machine *m, const struct variant *v)
{
	if (v->type != ET_EXEC && v->type != ET_DYN)
		return "";
	if (v->appimage && !m->appimages)
		return "appimage";
	if (v->type == ET_DYN && v->segment == PT_LOAD && m->loader_formats)
		return m->loader_formats;
	if (v->type == ET_DYN && m->dyn_formats)
		return m->dyn_formats;
	return m->formats;
}

/* In the order of sort(1) in the C locale: capitals first, "appimage" before the others. */
static void with_appimage(const char *formats, char ret[256])
{
	size_t capitals = 0;

	while (formats[capitals] >= 'A' && formats[capitals] <= 'Z')
		capitals = strcspn(formats, " ") + 1;
	if (snprintf(ret, 256, "%.*sappimage%s%s", (int)capitals, formats,
		     formats[capitals] ? " " : "", formats + capitals) >= 256)
		abort();
}

static void write_elf(const struct machine *m)
{
	static const struct variant variants[] = {
		{"static", ET_EXEC, ELFOSABI_NONE, PT_LOAD, false},
		{"static-gnu", ET_EXEC, ELFOSABI_GNU, PT_LOAD, false},
		{"dynamic", ET_EXEC, ELFOSABI_NONE, PT_PHDR, false},
		{"pie", ET_DYN, ELFOSABI_NONE, PT_PHDR, false},
		{"ld-so", ET_DYN, ELFOSABI_NONE, PT_LOAD, false},
		{"static-pie-gnu", ET_DYN, ELFOSABI_GNU, PT_LOAD, false},
		{"other-osabi", ET_EXEC, ELFOSABI_STANDALONE, PT_LOAD, false},
		{"appimage", ET_DYN, ELFOSABI_NONE, PT_PHDR, true},
		{"object", ET_REL, ELFOSABI_NONE, PT_NULL, false},
		{"core", ET_CORE, ELFOSABI_NONE, PT_NOTE, false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(variants); i++) {
		const struct variant *v = &variants[i];
		const char *formats = formats_of(m, v);
		char name[128], all[256];
		uint8_t file[SIZE_MAX_];
		size_t size = make_elf(m, v, file);

		if (v->appimage && formats != NULL && m->appimages) {
			with_appimage(formats, all);
			formats = all;
		}
		snprintf(name, sizeof(name), "elf-%s-%s", m->name, v->name);
		write_file(name, file, size, formats);
	}
}

/* Headers that upstream's looser masks take although no program has them. */
static void write_bad_elf(void)
{
	static const struct machine bad[] = {
		{"bad-order-x86_64", 2, 0, EM_X86_64, 0, "", NULL, NULL, false},
		{"bad-order-i386", 1, 0, EM_386, 0, "", NULL, NULL, false},
		{"bad-order-m68k", 1, 3, EM_68K, 0, "", NULL, NULL, false},
	};
	static const struct variant v = {"static", ET_EXEC, 0, PT_LOAD, false};
	uint8_t file[SIZE_MAX_];
	char name[128];

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct machine m = bad[i];
		size_t size;

		m.data = m.data == 3 ? ELFDATA2MSB : ELFDATA2LSB;
		size = make_elf(&m, &v, file);
		file[EI_DATA] = bad[i].data;
		snprintf(name, sizeof(name), "elf-%s", m.name);
		write_file(name, file, size, "");
	}
}

#define WRITE(name, bytes, formats) write_file(name, bytes, sizeof(bytes) - 1, formats)

static void write_zip(const char *name, const char *member, const char *formats)
{
	uint8_t file[SIZE_MAX_] = {'P', 'K', 3, 4, 10};
	size_t size = strlen(member);

	put(file + 26, 2, ELFDATA2LSB, size);
	memcpy(file + 30, member, size);
	write_file(name, file, 30 + size, formats);
}

static void write_pe(const char *name, uint16_t last_page, uint16_t relocations,
		     const char *formats)
{
	uint8_t file[SIZE_MAX_] = {'M', 'Z'};

	put(file + 2, 2, ELFDATA2LSB, last_page);
	put(file + 4, 2, ELFDATA2LSB, 3);
	put(file + 24, 2, ELFDATA2LSB, relocations);
	put(file + 60, 4, ELFDATA2LSB, 128);
	memcpy(file + 128, "PE\0", 4);
	write_file(name, file, 512, formats);
}

static void write_ape(const char *name, const char *begin, const char *formats)
{
	uint8_t file[SIZE_MAX_] = {0};

	memcpy(file, begin, strlen(begin));
	/* The DOS header of ape.S, where it differs from zero. */
	put(file + 10, 2, ELFDATA2LSB, 0x1000);
	put(file + 12, 2, ELFDATA2LSB, 0xf800);
	put(file + 20, 2, ELFDATA2LSB, 0x0100);
	put(file + 22, 2, ELFDATA2LSB, 0x0800);
	put(file + 24, 2, ELFDATA2LSB, 0x0040);
	memcpy(file + 36, "JT", 2);
	memcpy(file + 40, "' <<'@'\n", 8);
	write_file(name, file, 512, formats);
}

static void write_python(void)
{
	/* importlib._bootstrap_external lists them. */
	static const struct {
		const char *version;
		uint16_t magic;
	} versions[] = {
		{"3.8", 3413},  {"3.9", 3425},  {"3.10", 3439}, {"3.11", 3495},
		{"3.12", 3531}, {"3.13", 3571}, {"3.14", 3627},
	};

	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		uint8_t file[32] = {0, 0, '\r', '\n'};
		char name[128], format[32];

		put(file, 2, ELFDATA2LSB, versions[i].magic);
		snprintf(format, sizeof(format), "python%s", versions[i].version);
		snprintf(name, sizeof(name), "%s.pyc", format);
		write_file(name, file, sizeof(file), format);
		file[4] = 3; /* checked hash-based */
		snprintf(name, sizeof(name), "%s-hash.pyc", format);
		write_file(name, file, sizeof(file), format);
		file[4] = 4;
		snprintf(name, sizeof(name), "%s-bad-flags.pyc", format);
		write_file(name, file, sizeof(file), "");
	}
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	directory = argv[1];
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		write_elf(&machines[i]);
	write_bad_elf();
	write_python();
	write_zip("made-by-jar", "META-INF/", "jar");
	write_zip("made-by-maven", "META-INF/MANIFEST.MF", "jar");
	write_zip("document-zip", "mimetype", "");
	write_zip("short-name-zip", "META", "");
	write_pe("pe-gnu", 0x90, 0x40, "WSLInterop mono wine");
	write_pe("pe-delphi", 0x50, 0x40, "WSLInterop mono wine");
	write_pe("pe-lld", 0x78, 0x40, "WSLInterop mono wine");
	write_pe("dos-program", 0x1f0, 0x1e, "");
	write_ape("ape-windows", "MZqFpD='\n", "ape");
	write_ape("ape-unix", "jartsr='\n", "ape");
	WRITE("module-wasm", "\0asm\1\0\0\0", "wasm");
	WRITE("component-wasm", "\0asm\r\0\1\0", "wasm-component");
	WRITE("bitcode", "BC\xc0\xde\x35\x14", "llvm-bitcode");
	WRITE("bitcode-wrapper", "\xde\xc0\x17\x0b\0\0\0\0", "llvm-bitcode");
	WRITE("appimage-type1",
	      "\x7f"
	      "ELF\2\1\1\0AI\1\0\0\0\0\0\2\0\x3e\0",
	      "FEX-x86_64 appimage box64 qemu-x86_64 rosetta");
	/* Files that rules of others are known to take by mistake. */
	WRITE("text-BC", "BC is before Christ\n", "");
	WRITE("java-class", "\xca\xfe\xba\xbe\0\0\0\x3d", "");
	WRITE("script", "#!/bin/sh\nexit 42\n", "");
	WRITE("empty", "", "");
	WRITE("zeros", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "");
	WRITE("cut-elf",
	      "\x7f"
	      "ELF\2\1\1",
	      "");
	if (fflush(stdout))
		failed = 1;
	return failed;
}
