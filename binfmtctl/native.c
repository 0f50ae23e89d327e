/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The machine is the one this program was built for, since it runs. Whether 32-bit programs
 * run as well is asked of the kernel, not of a list of processors.
 */
#include <elf.h>
#include <endian.h>
#include <sys/personality.h>
#include <unistd.h>

#include "binfmtctl/native.h"

#define EM_486 6

#if defined(__x86_64__)
#define NATIVE_NAME    "x86_64"
#define NATIVE_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define NATIVE_NAME    "aarch64"
#define NATIVE_MACHINE EM_AARCH64
#elif defined(__i386__)
#define NATIVE_NAME    "i386"
#define NATIVE_MACHINE EM_386
#elif defined(__arm__)
#define NATIVE_NAME    "arm"
#define NATIVE_MACHINE EM_ARM
#elif defined(__riscv)
#define NATIVE_NAME    "riscv64"
#define NATIVE_MACHINE EM_RISCV
#elif defined(__powerpc64__)
#define NATIVE_NAME    "ppc64"
#define NATIVE_MACHINE EM_PPC64
#elif defined(__s390x__)
#define NATIVE_NAME    "s390x"
#define NATIVE_MACHINE EM_S390
#else
#define NATIVE_NAME    "unknown"
#define NATIVE_MACHINE EM_NONE
#endif

static void add_compat(struct native *native, uint16_t machine)
{
	native->compat[native->compat_count++] = machine;
}

void native_detect(struct native *ret)
{
	*ret = (struct native){
		.name = NATIVE_NAME,
		.class = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32,
		.data = BYTE_ORDER == LITTLE_ENDIAN ? ELFDATA2LSB : ELFDATA2MSB,
		.machine = NATIVE_MACHINE,
	};
	/* The file exists exactly when the kernel was built with (and boots with) IA-32. */
	if (ret->machine == EM_X86_64 && access("/proc/sys/abi/vsyscall32", F_OK) == 0) {
		add_compat(ret, EM_386);
		add_compat(ret, EM_486);
	} else if (ret->machine == EM_386) {
		add_compat(ret, EM_486);
	} else if (ret->machine == EM_AARCH64) {
		/* Refused where no processor has AArch32 at EL0. */
		int before = personality(0xffffffff);

		if (before >= 0 && personality(PER_LINUX32) >= 0) {
			add_compat(ret, EM_ARM);
			personality(before);
		}
	}
}

bool native_runs(const struct native *native, uint16_t machine, bool *ret_compat)
{
	*ret_compat = false;
	if (machine == native->machine)
		return true;
	for (size_t i = 0; i < native->compat_count; i++)
		if (machine == native->compat[i]) {
			*ret_compat = true;
			return true;
		}
	return false;
}
