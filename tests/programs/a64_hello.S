/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The smallest program: no C library, two system calls.
 * only: arm64
 * flags: -nostdlib
 * quick: yes
 */
	.global _start
_start:
	mov	x0, #1
	adr	x1, text
	mov	x2, #(end - text)
	mov	x8, #64			/* write */
	svc	#0
	cmp	x0, #(end - text)
	mov	w0, #7
	cinc	w0, w0, ne
	mov	x8, #94			/* exit_group */
	svc	#0
text:
	.ascii	"hello from assembly\n"
end:
