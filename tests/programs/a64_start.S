/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The initial stack and registers as the kernel leaves them: argc, argv, envp, auxv, sp.
 * only: arm64
 * flags: -nostdlib
 * args: one two
 */
	.global _start
_start:
	mov	x19, sp
	ldr	x20, [x19]		/* argc */
	add	x21, x19, #8		/* argv */
	mov	w22, #0			/* bits of what is wrong */
	tst	x19, #15
	cset	w22, ne
	cmp	x20, #3
	b.eq	1f
	orr	w22, w22, #2
1:	ldr	x0, [x21, x20, lsl #3]	/* argv[argc] == NULL */
	cbz	x0, 2f
	orr	w22, w22, #4
2:	add	x23, x21, x20, lsl #3
3:	ldr	x0, [x23, #8]!		/* past the environment */
	cbnz	x0, 3b
4:	ldp	x0, x1, [x23, #8]	/* auxv: look for AT_PAGESZ, to AT_NULL */
	add	x23, x23, #16
	cmp	x0, #6
	csel	x24, x1, x24, eq
	cbnz	x0, 4b
	cmp	x24, #4096
	b.eq	5f
	orr	w22, w22, #8
5:	ldr	x1, [x21, #8]		/* argv[1] */
	mov	x0, #1
	mov	x2, #3
	mov	x8, #64
	svc	#0
	mrs	x0, nzcv		/* flags survive a system call */
	mov	x0, #0xf0000000
	msr	nzcv, x0
	mov	x8, #172		/* getpid */
	svc	#0
	mrs	x0, nzcv
	lsr	x0, x0, #28
	cmp	x0, #15
	b.eq	6f
	orr	w22, w22, #16
6:	mov	w0, w22
	mov	x8, #93
	svc	#0
