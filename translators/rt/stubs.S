/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The places where the exact instruction matters: the restartable system call, clone on a
 * new stack, the signal restorer, the stack switch.
 */
#include <asm/unistd.h>

	.text

	.hidden	rt_window_start, rt_window_last, rt_window_end, rt_window_interrupted, rt_trap_end
	.globl	rt_window_start, rt_window_last, rt_window_end, rt_window_interrupted, rt_trap_end

/* long rt_guest_syscall(const uint32_t *stop, long nr, const uint64_t args[6]) */
	.globl	rt_guest_syscall
	.type	rt_guest_syscall, @function
rt_guest_syscall:
	movq	%rdi, %rcx
	movq	%rsi, %rax
	movq	%rdx, %r11
	movq	(%r11), %rdi
	movq	8(%r11), %rsi
	movq	16(%r11), %rdx
	movq	24(%r11), %r10
	movq	32(%r11), %r8
	movq	40(%r11), %r9
rt_window_start:
.Lwindow_start:
	cmpl	$0, (%rcx)
	jne	.Linterrupted
rt_window_last:
.Lwindow_last:
	syscall
rt_window_end:
.Lwindow_end:
	ret
rt_window_interrupted:
.Linterrupted:
	movq	$-513, %rax
	ret
.Lbacked_up:
	movq	$-512, %rax
	ret
	.size	rt_guest_syscall, . - rt_guest_syscall

/* uint64_t rt_syscall_interrupt(uint64_t pc, uint64_t rcx, bool rcx_kept) */
	.globl	rt_syscall_interrupt
	.type	rt_syscall_interrupt, @function
rt_syscall_interrupt:
	leaq	.Lwindow_last(%rip), %rax
	cmpq	%rax, %rdi
	je	2f
	ja	1f
	leaq	.Lwindow_start(%rip), %rax
	cmpq	%rax, %rdi
	jb	1f
3:	leaq	.Linterrupted(%rip), %rax
	ret
2:	testb	%dl, %dl
	jnz	4f
	leaq	.Lwindow_end(%rip), %rax
	cmpq	%rax, %rsi
	jne	3b
4:	leaq	.Lbacked_up(%rip), %rax
	ret
1:	movq	%rdi, %rax
	ret
	.size	rt_syscall_interrupt, . - rt_syscall_interrupt

/* bool rt_syscall_keeps_rcx(void) */
	.globl	rt_syscall_keeps_rcx
	.type	rt_syscall_keeps_rcx, @function
rt_syscall_keeps_rcx:
	movl	$__NR_getpid, %eax
	xorl	%ecx, %ecx
	syscall
	xorl	%eax, %eax
	testq	%rcx, %rcx
	sete	%al
	ret
	.size	rt_syscall_keeps_rcx, . - rt_syscall_keeps_rcx

/* long rt_clone(flags, stack_top, parent_tid, child_tid, tls, fn, arg) */
	.globl	rt_clone
	.type	rt_clone, @function
rt_clone:
	andq	$-16, %rsi
	movq	%rcx, %r10		/* child tid: 4th argument of the kernel */
	movq	8(%rsp), %r11
	movq	%r11, -8(%rsi)		/* arg */
	movq	%r9, -16(%rsi)		/* fn */
	subq	$16, %rsi
	movl	$__NR_clone, %eax
	syscall
	testq	%rax, %rax
	jz	.Lchild
	ret
.Lchild:
	xorl	%ebp, %ebp
	popq	%rax
	popq	%rdi
	call	*%rax
	ud2
	.size	rt_clone, . - rt_clone

/* long rt_clone3(args, size, fn, arg) */
	.globl	rt_clone3
	.type	rt_clone3, @function
rt_clone3:
	movq	%rdx, %r8
	movq	%rcx, %r9
	movl	$__NR_clone3, %eax
	syscall
	testq	%rax, %rax
	jz	1f
	ret
1:	xorl	%ebp, %ebp
	movq	%r9, %rdi
	andq	$-16, %rsp
	call	*%r8
	ud2
	.size	rt_clone3, . - rt_clone3

/* void rt_unmap_and_exit(start, length, code) */
	.globl	rt_unmap_and_exit
	.type	rt_unmap_and_exit, @function
rt_unmap_and_exit:
	movl	%edx, %r12d
	movl	$__NR_munmap, %eax
	syscall
	movl	%r12d, %edi
	movl	$__NR_exit, %eax
	syscall
	ud2
	.size	rt_unmap_and_exit, . - rt_unmap_and_exit

/* void rt_trap(void) */
	.globl	rt_trap
	.type	rt_trap, @function
rt_trap:
	int3
rt_trap_end:
	ret
	.size	rt_trap, . - rt_trap

	.globl	rt_sigreturn
	.type	rt_sigreturn, @function
rt_sigreturn:
	movl	$__NR_rt_sigreturn, %eax
	syscall
	ud2
	.size	rt_sigreturn, . - rt_sigreturn

/* void rt_run_on_stack(fn, arg, top) */
	.globl	rt_run_on_stack
	.type	rt_run_on_stack, @function
rt_run_on_stack:
	movq	%rdi, %rax
	movq	%rsi, %rdi
	movq	%rdx, %rsp
	andq	$-16, %rsp
	xorl	%ebp, %ebp
	call	*%rax
	ud2
	.size	rt_run_on_stack, . - rt_run_on_stack

	.section .note.GNU-stack, "", @progbits
