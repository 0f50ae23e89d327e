/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signals of A64 instructions: UDF, BRK, a tagged pointer, registers in the context changed.
 * qemu-user 7.2 gives another si_code for UDF and does not restore the vector register.
 * only: arm64
 * quick: yes
 */
#include "guest.h"
#include <signal.h>
#include <ucontext.h>

extern char at_udf[], at_brk[], at_load[];

static void handler(int number, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	mcontext_t *m = &uc->uc_mcontext;

	printf("signal %d code %d address %s pc %s x5 %llx nzcv %llx\n", number,
	       info->si_code,
	       info->si_addr == at_udf             ? "udf"
	       : info->si_addr == at_brk           ? "brk"
	       : info->si_addr == (void *)0x123000 ? "0x123000"
						   : "other",
	       m->pc == (u64)at_udf    ? "udf"
	       : m->pc == (u64)at_brk  ? "brk"
	       : m->pc == (u64)at_load ? "load"
				       : "other",
	       m->regs[5], m->pstate >> 28 & 15);
	struct _aarch64_ctx *c = (void *)m->__reserved;
	if (c->magic == FPSIMD_MAGIC) {
		struct fpsimd_context *f = (void *)c;
		printf("v7 %016" PRIx64 "%016" PRIx64 "\n", (u64)(f->vregs[7] >> 64),
		       (u64)f->vregs[7]);
		f->vregs[7] += 1;
	}
	m->pc += 4;
	m->regs[6] = 0x600 + number;
	m->pstate = (m->pstate & ~0xf0000000) | 0x60000000;
}

static NOINLINE void run(void)
{
	u64 x6, nzcv, v7;

	__asm__ volatile(
		"mov x5, #0x55\n\tmov x6, #0\n\tmov x4, #0x3000\n\tmovk x4, #0x12, lsl #16\n\tmovi v7.16b, #0x77\n\tcmp x5, #0x56\n"
		".global at_udf\nat_udf:\n\tudf #0x1234\n\tmrs %1, nzcv\n\tmov %0, x6\n\tmov %2, v7.d[0]"
		: "=&r"(x6), "=&r"(nzcv), "=&r"(v7)::"x4", "x5", "x6", "v7", "cc");
	printf("x6 %" PRIx64 " nzcv %" PRIx64 " v7 %" PRIx64 "\n", x6, nzcv >> 28, v7);
	__asm__ volatile(
		"mov x5, #0x66\n\tmov x6, #0\n\tcmp xzr, xzr\n"
		".global at_brk\nat_brk:\n\tbrk #0x321\n\tmrs %1, nzcv\n\tmov %0, x6"
		: "=&r"(x6), "=&r"(nzcv)::"x5", "x6", "cc");
	printf("x6 %" PRIx64 " nzcv %" PRIx64 "\n", x6, nzcv >> 28);
	__asm__ volatile(
		"mov x5, #0x77\n\tmov x6, #0\n\tmov x4, #0x3000\n\tmovk x4, #0x12, lsl #16\n\tadds x7, x5, x5\n"
		".global at_load\nat_load:\n\tldr x5, [x4]\n\tmrs %1, nzcv\n\tmov %0, x6\n\tmov %2, x5"
		: "=&r"(x6), "=&r"(nzcv), "=&r"(v7)::"x4", "x5", "x6", "x7", "cc");
	printf("x6 %" PRIx64 " nzcv %" PRIx64 " x5 %" PRIx64 "\n", x6, nzcv >> 28, v7);
	u64 word = 0x1234;
	u64 *tagged = (u64 *)((u64)&word | 0xab00000000000000);
	__asm__ volatile("" : "+r"(tagged));
	*tagged += 1;
	printf("tagged %" PRIx64 "\n", word);
}

int main(void)
{
	struct sigaction sa = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};

	sigaction(SIGILL, &sa, NULL), sigaction(SIGTRAP, &sa, NULL),
		sigaction(SIGSEGV, &sa, NULL);
	run();
	return 0;
}
