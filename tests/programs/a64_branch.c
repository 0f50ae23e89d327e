/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Branch instructions: tbz and cbz over all bits, far targets, br and blr tables, adr, ret xN.
 * only: arm64
 * quick: yes
 */
#include "guest.h"

#define TEST_BIT(n) "tbz %1, #" #n ", 1f\n\torr %0, %0, #(1 << (" #n " / 2))\n1:\n\t"

static NOINLINE u64 bits(u64 v)
{
	u64 r = 0;

	__asm__ volatile(
		TEST_BIT(0) TEST_BIT(7) TEST_BIT(15) TEST_BIT(31) TEST_BIT(32)
			TEST_BIT(40) TEST_BIT(
				63) "tbnz %w1, #31, 2f\n\torr %0, %0, #(1 << 40)\n2:\n\t"
				    "cbz %w1, 3f\n\torr %0, %0, #(1 << 41)\n3:\n\t"
				    "cbnz %1, 4f\n\torr %0, %0, #(1 << 42)\n4:"
		: "+r"(r)
		: "r"(v));
	return r;
}

static NOINLINE u64 jump_table(u64 n)
{
	u64 r;

	__asm__ volatile(
		"adr x9, 5f\n\tadd x9, x9, %1, lsl #3\n\tbr x9\n"
		"5:\tmov %0, #10\n\tb 6f\n\tmov %0, #21\n\tb 6f\n\tmov %0, #32\n\tb 6f\n\tmov %0, #43\n\tb 6f\n6:"
		: "=r"(r)
		: "r"(n)
		: "x9");
	return r;
}

/* A far call back and forth over 1 MiB of code, and a return through another register. */
__asm__(".text\n\t.balign 4\n"
	"far_caller:\n\tmov x12, x30\n\tbl far_target\n\tadd x0, x0, #1\n\tbl far_target\n\tret x12\n"
	"\t.skip 1 << 20\n"
	"far_target:\n\tadd x0, x0, x0, lsl #1\n\tmov x13, x30\n\tret x13\n");
extern u64 far_caller(u64);

static NOINLINE u64 call_by_register(u64 (*f)(u64), u64 v)
{
	register u64 x0 __asm__("x0") = v;

	__asm__ volatile("blr %1"
			 : "+r"(x0)
			 : "r"(f)
			 : "x9", "x12", "x13", "x30", "memory", "cc");
	return x0;
}

static NOINLINE u64 loop(u64 n)
{
	u64 s = 0;

	__asm__ volatile("1:\tadd %0, %0, %1\n\tsubs %1, %1, #1\n\tb.hi 1b"
			 : "+r"(s), "+r"(n)::"cc");
	return s;
}

/* A return address changed on the way: legal, and the predictor must not be believed. */
__asm__(".text\n\t.balign 4\n"
	"returns_late:\n\tadd x30, x30, #8\n\tret\n"
	"late_caller:\n\tmov x12, x30\n\tmov x0, #1\n\tbl returns_late\n\tadd x0, x0, #100\n\tadd x0, x0, #200\n"
	"\tadd x0, x0, #1000\n\tret x12\n");
extern u64 late_caller(void);

int main(void)
{
	u64 h = 0;

	for (size_t i = 0; i < COUNT(corners); i++)
		h = mix(h, bits(corners[i]));
	printf("%016" PRIx64 "\n", h);
	SHOW(jump_table(0), jump_table(1), jump_table(2), jump_table(3));
	SHOW(far_caller(5), call_by_register(far_caller, 7), loop(100000), late_caller());
	return 0;
}
