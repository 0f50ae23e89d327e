/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * long guard_call(struct guard *guard, long (*fn)(void *), void *arg): fn(arg), or -EFAULT
 * when the fault handler continued at guard_abort with rsp = guard->rsp.
 * tags: engine - guarded calls
 */
	.text
	.globl	guard_call
	.type	guard_call, @function
guard_call:
	push	%rbx
	push	%rbp
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	push	%rdi
	mov	%rsp, (%rdi)
	mov	%rdx, %rdi
	call	*%rsi
leave:
	pop	%rdi
	movq	$0, (%rdi)
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
	ret
	.size	guard_call, . - guard_call

	.globl	guard_abort
	.type	guard_abort, @function
guard_abort:
	mov	$-14, %rax
	jmp	leave
	.size	guard_abort, . - guard_abort

	.section .note.GNU-stack, "", @progbits
