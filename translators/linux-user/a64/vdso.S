/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The vDSO that arm64 guests see: an ELF shared object of one page, in place. Names, version
 * and semantics are those of vdso(7) for aarch64. The two clocks that programs ask for all the
 * time are read from registers that no other code can read (guest/a64/cpu.h); the others are
 * system calls.
 * tags: linux-user/a64 - the guest's vDSO
 *
 * A64 words stand here as numbers, for no cross assembler is needed to build; the test
 * disassembles them.
 */
#define PT_LOAD		1
#define PT_DYNAMIC	2
#define PT_GNU_EH_FRAME 0x6474e550
#define GLOBAL_FUNC	0x12
#define GLOBAL_OBJECT	0x11
#define SHN_ABS		0xfff1
#define TEXT_SECTION	1	/* any index that is not "undefined" */
#define SYMBOL_VERSION	2

	.macro	dynamic tag, value
	.quad	\tag, \value
	.endm

	.macro	symbol name, info, section, start, size
	.long	\name - strings
	.byte	\info, 0
	.short	\section
	.quad	\start, \size
	.endm

	.section .rodata.vdso, "a", @progbits
	.balign	4096
	.globl	a64_vdso, a64_vdso_sigreturn
	.hidden	a64_vdso, a64_vdso_sigreturn
a64_vdso:
	.byte	0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0
	.short	3, 183			/* ET_DYN, EM_AARCH64 */
	.long	1
	.quad	0			/* no entry */
	.quad	segments - a64_vdso
	.quad	0			/* no sections */
	.long	0
	.short	64, 56, 3, 64, 0, 0

segments:
	.long	PT_LOAD, 5
	.quad	0, 0, 0, vdso_end - a64_vdso, vdso_end - a64_vdso, 4096
	.long	PT_DYNAMIC, 4
	.quad	dynamics - a64_vdso, dynamics - a64_vdso, dynamics - a64_vdso
	.quad	dynamics_end - dynamics, dynamics_end - dynamics, 8
	.long	PT_GNU_EH_FRAME, 4
	.quad	unwind_index - a64_vdso, unwind_index - a64_vdso, unwind_index - a64_vdso
	.quad	unwind_index_end - unwind_index, unwind_index_end - unwind_index, 4

dynamics:
	dynamic	14, soname-strings		/* DT_SONAME */
	dynamic	4, hash-a64_vdso		/* DT_HASH */
	dynamic	5, strings-a64_vdso		/* DT_STRTAB */
	dynamic	6, symbols-a64_vdso		/* DT_SYMTAB */
	dynamic	10, strings_end-strings	/* DT_STRSZ */
	dynamic	11, 24				/* DT_SYMENT */
	dynamic	0x6ffffff0, versions-a64_vdso	/* DT_VERSYM */
	dynamic	0x6ffffffc, verdef-a64_vdso	/* DT_VERDEF */
	dynamic	0x6ffffffd, 2			/* DT_VERDEFNUM */
	dynamic	0, 0
dynamics_end:

symbols:
	.fill	24, 1, 0
	symbol	version, GLOBAL_OBJECT, SHN_ABS, 0, 0
	symbol	name_sigreturn, GLOBAL_FUNC, TEXT_SECTION, sigreturn-a64_vdso, 8
	symbol	name_gettime, GLOBAL_FUNC, TEXT_SECTION, gettime-a64_vdso, gettime_end-gettime
	symbol	name_gettimeofday, GLOBAL_FUNC, TEXT_SECTION, gettimeofday-a64_vdso, gettimeofday_end-gettimeofday
	symbol	name_getres, GLOBAL_FUNC, TEXT_SECTION, getres-a64_vdso, getres_end-getres

	/* One bucket, in which each symbol leads to the one before it. */
hash:
	.long	1, 6, 5
	.long	0, 0, 1, 2, 3, 4

versions:
	.short	0, SYMBOL_VERSION, SYMBOL_VERSION, SYMBOL_VERSION, SYMBOL_VERSION, SYMBOL_VERSION

	.balign	4
verdef:
	.short	1, 1, 1, 1		/* VER_FLG_BASE */
	.long	0x0deebfa1, 20, 28	/* the ELF hash of the name */
	.long	soname - strings, 0
	.short	1, 0, SYMBOL_VERSION, 1
	.long	0x075fcb89, 20, 0
	.long	version - strings, 0

strings:
	.byte	0
soname:
	.asciz	"linux-vdso.so.1"
version:
	.asciz	"LINUX_2.6.39"
name_sigreturn:
	.asciz	"__kernel_rt_sigreturn"
name_gettime:
	.asciz	"__kernel_clock_gettime"
name_gettimeofday:
	.asciz	"__kernel_gettimeofday"
name_getres:
	.asciz	"__kernel_clock_getres"
strings_end:

	/*
	 * For unwinders: none of the functions but sigreturn, which they know by its two
	 * instructions, touches the stack or the link register.
	 */
	.balign	4
unwind_index:
	.byte	1, 0x1b, 0x03, 0x3b	/* pointers: pcrel sdata4; udata4; datarel sdata4 */
	.long	unwind - .
	.long	1
	.long	gettime - unwind_index, fde - unwind_index
unwind_index_end:
	.balign	8
unwind:
	.long	cie_end - cie
cie:
	.long	0
	.asciz	"\001zR"		/* version and augmentation */
	.byte	4, 0x78, 30		/* code 4, data -8, return address x30 */
	.byte	1, 0x1b			/* addresses: pcrel sdata4 */
	.byte	0x0c, 31, 0		/* DW_CFA_def_cfa sp, 0 */
	.balign	8
cie_end:
fde:
	.long	fde_end - fde - 4
	.long	. - unwind
	.long	gettime - .
	.long	getres_end - gettime
	.byte	0
	.balign	8
fde_end:
	.long	0

	.balign	16
sigreturn:
a64_vdso_sigreturn:
	.long	0xd2801168		/* mov x8, #0x8b */
	.long	0xd4000001		/* svc #0x0 */

	/* int clock_gettime(clockid_t w0, struct timespec *x1) */
	.balign	16
gettime:
	.long	0x340000a0		/* cbz w0, 1f */
	.long	0x7100041f		/* cmp w0, #0x1 */
	.long	0x54000121		/* b.ne 3f */
	.long	0xd53bf022		/* mrs x2, s3_3_c15_c0_1 */
	.long	0x14000002		/* b 2f */
	.long	0xd53bf002		/* 1: mrs x2, s3_3_c15_c0_0 */
	.long	0xd35efc43		/* 2: lsr x3, x2, #30 */
	.long	0x92407442		/* and x2, x2, #0x3fffffff */
	.long	0xa9000823		/* stp x3, x2, [x1] */
	.long	0x52800000		/* mov w0, #0x0 */
	.long	0xd65f03c0		/* ret */
	.long	0xd2800e28		/* 3: mov x8, #0x71 */
	.long	0xd4000001		/* svc #0x0 */
	.long	0xd65f03c0		/* ret */
gettime_end:

	/* int gettimeofday(struct timeval *x0, struct timezone *x1) */
gettimeofday:
	.long	0xb5000141		/* cbnz x1, 2f */
	.long	0xb40000e0		/* cbz x0, 1f */
	.long	0xd53bf002		/* mrs x2, s3_3_c15_c0_0 */
	.long	0xd35efc43		/* lsr x3, x2, #30 */
	.long	0x92407442		/* and x2, x2, #0x3fffffff */
	.long	0x52807d04		/* mov w4, #0x3e8 */
	.long	0x1ac40842		/* udiv w2, w2, w4 */
	.long	0xa9000803		/* stp x3, x2, [x0] */
	.long	0x52800000		/* 1: mov w0, #0x0 */
	.long	0xd65f03c0		/* ret */
	.long	0xd2801528		/* 2: mov x8, #0xa9 */
	.long	0xd4000001		/* svc #0x0 */
	.long	0xd65f03c0		/* ret */
gettimeofday_end:

	/* int clock_getres(clockid_t w0, struct timespec *x1) */
getres:
	.long	0xd2800e48		/* mov x8, #0x72 */
	.long	0xd4000001		/* svc #0x0 */
	.long	0xd65f03c0		/* ret */
getres_end:
vdso_end:
	.balign	4096

	.section .note.GNU-stack, "", @progbits
