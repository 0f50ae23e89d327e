/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Accesses that may fault. Each FIXUP is a pair of self-relative 32-bit offsets (no
 * relocations) in a section of its own: the instruction, and where to go on.
 */
	.macro	FIXUP insn, target
	.pushsection rt_fixups, "a", @progbits
	.long	\insn - .
	.long	\target - .
	.popsection
	.endm

	.text

/* int rt_copy(void *dst, const void *src, size_t n) */
	.globl	rt_copy
	.type	rt_copy, @function
rt_copy:
	movq	%rdx, %rcx
1:	rep movsb
	xorl	%eax, %eax
	ret
	FIXUP	1b, .Lefault
	.size	rt_copy, . - rt_copy

/* int rt_load32(uint32_t *dst, const void *src) */
	.globl	rt_load32
	.type	rt_load32, @function
rt_load32:
1:	movl	(%rsi), %eax
	movl	%eax, (%rdi)
	xorl	%eax, %eax
	ret
	FIXUP	1b, .Lefault
	.size	rt_load32, . - rt_load32

/* int rt_zero(void *dst, size_t n) */
	.globl	rt_zero
	.type	rt_zero, @function
rt_zero:
	movq	%rsi, %rcx
	xorl	%eax, %eax
1:	rep stosb
	ret
	FIXUP	1b, .Lefault
	.size	rt_zero, . - rt_zero

/* long rt_strnlen_user(const char *src, size_t max) */
	.globl	rt_strnlen_user
	.type	rt_strnlen_user, @function
rt_strnlen_user:
	xorl	%eax, %eax
2:	cmpq	%rsi, %rax
	jae	3f
1:	cmpb	$0, (%rdi,%rax)
	je	3f
	incq	%rax
	jmp	2b
3:	ret
	FIXUP	1b, .Lefault
	.size	rt_strnlen_user, . - rt_strnlen_user

/* long rt_copy_string(char *dst, const char *src, size_t size) */
	.globl	rt_copy_string
	.type	rt_copy_string, @function
rt_copy_string:
	xorl	%eax, %eax
2:	cmpq	%rdx, %rax
	jae	3f
1:	movb	(%rsi,%rax), %cl
	movb	%cl, (%rdi,%rax)
	testb	%cl, %cl
	jz	4f
	incq	%rax
	jmp	2b
3:	movq	$-36, %rax		/* -ENAMETOOLONG */
4:	ret
	FIXUP	1b, .Lefault
	.size	rt_copy_string, . - rt_copy_string

.Lefault:
	movq	$-14, %rax		/* -EFAULT */
	ret

	.section .note.GNU-stack, "", @progbits
