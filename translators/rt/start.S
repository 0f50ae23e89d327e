/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Entry point of a translator: hands the initial stack and the dynamic section, both found
 * relative to rip because nothing is relocated yet, to rt_start(). rdx, rcx, r8 and r9, which
 * the kernel clears, go there as well: a tracer may have written them (linux-user/ptrace.h).
 * It knows this place by the text before it.
 */
#include "rt/mark.h"

	.text
	.balign	16
	.ascii	RT_START_MARK
	.globl	_start
	.type	_start, @function
	.hidden	_DYNAMIC
_start:
	xorl	%ebp, %ebp
	movq	%rsp, %rdi
	leaq	_DYNAMIC(%rip), %rsi
	andq	$-16, %rsp
	call	rt_start
	ud2
	.size	_start, . - _start

	.section .note.GNU-stack, "", @progbits
