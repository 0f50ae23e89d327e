/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every addressing mode and width of loads and stores, pairs, write-back, literals.
 * only: arm64
 * quick: yes
 */
#include "guest.h"

static u8 area[8192] __attribute__((aligned(4096)));
static u64 hash;

#define LOAD(text, base, index)                                                   \
	({                                                                        \
		u64 r_ = 0, b_ = (u64)(base), i_ = (u64)(index);                  \
		__asm__ volatile(text : "+r"(r_), "+r"(b_) : "r"(i_) : "memory"); \
		hash = mix(mix(hash, r_), b_ - (u64)area);                        \
	})
#define STORE(text, base, index) \
	LOAD("mov %0, #0x7654\n\tmovk %0, #0xba98, lsl #48\n\t" text, base, index)
#define PAIR(text, base)                                                                \
	({                                                                              \
		u64 x_ = 0x1111222233334444, y_ = 0x5555666677778888, b_ = (u64)(base); \
		__asm__ volatile(text : "+r"(x_), "+r"(y_), "+r"(b_)::"memory");        \
		hash = mix(mix(mix(hash, x_), y_), b_ - (u64)area);                     \
	})

static NOINLINE void loads(u8 *p, s64 i)
{
	LOAD("ldr %0, [%1]", p, i);
	LOAD("ldr %w0, [%1, #124]", p, i);
	LOAD("ldrb %w0, [%1, #4095]", p, i);
	LOAD("ldrh %w0, [%1, #62]", p, i);
	LOAD("ldrsb %0, [%1, #3]", p, i);
	LOAD("ldrsb %w0, [%1, #3]", p, i);
	LOAD("ldrsh %0, [%1, #6]", p, i);
	LOAD("ldrsh %w0, [%1, #6]", p, i);
	LOAD("ldrsw %0, [%1, #8]", p, i);
	LOAD("ldur %0, [%1, #-255]", p, i);
	LOAD("ldurb %w0, [%1, #-1]", p, i);
	LOAD("ldursw %0, [%1, #13]", p, i);
	LOAD("ldr %0, [%1], #-16", p, i);
	LOAD("ldr %0, [%1, #16]!", p, i);
	LOAD("ldrb %w0, [%1], #255", p, i);
	LOAD("ldrsh %0, [%1, #-6]!", p, i);
	LOAD("ldr %0, [%1, %2]", p, i);
	LOAD("ldr %0, [%1, %2, lsl #3]", p, i);
	LOAD("ldr %w0, [%1, %w2, sxtw #2]", p, i);
	LOAD("ldrh %w0, [%1, %w2, uxtw #1]", p, (u32)i & 63);
	LOAD("ldrsb %0, [%1, %w2, sxtw]", p, i);
	LOAD("ldrsw %0, [%1, %2, sxtx #2]", p, i);
	LOAD("ldr %0, 1f\n\tb 2f\n\t.balign 8\n1:\t.quad 0x123456789abcdef0\n2:", p, i);
	LOAD("ldrsw %0, 1f\n\tb 2f\n\t.balign 8\n1:\t.word 0x89abcdef\n2:", p, i);
	LOAD("adr %0, 1f\n1:\tldr %w0, [%0]", p, i);
	LOAD("adrp %0, area\n\tadd %0, %0, :lo12:area\n\tldr %0, [%0, #40]", p, i);
	LOAD("prfm pldl1keep, [%1]\n\tmov %0, #1", p, i);
	LOAD("ldtr %0, [%1, #9]", p, i);
}

static NOINLINE void stores(u8 *p, s64 i)
{
	STORE("str %0, [%1]", p, i);
	STORE("str %w0, [%1, #124]", p, i);
	STORE("strb %w0, [%1, #4095]", p, i);
	STORE("strh %w0, [%1, #62]", p, i);
	STORE("stur %0, [%1, #-255]", p, i);
	STORE("str %0, [%1], #-16", p, i);
	STORE("str %w0, [%1, #16]!", p, i);
	STORE("strh %w0, [%1, #-6]!", p, i);
	STORE("str %0, [%1, %2, lsl #3]", p, i);
	STORE("strb %w0, [%1, %w2, sxtw]", p, i);
	STORE("str wzr, [%1, %w2, uxtw #2]", p, (u32)i & 63);
	STORE("sttr %w0, [%1, #33]", p, i);
}

static NOINLINE void pairs(u8 *p)
{
	PAIR("ldp %0, %1, [%2]", p);
	PAIR("ldp %w0, %w1, [%2, #-256]", p);
	PAIR("ldpsw %0, %1, [%2, #252]", p);
	PAIR("ldp %0, %1, [%2], #504", p);
	PAIR("ldp %0, %1, [%2, #-512]!", p);
	PAIR("stp %0, %1, [%2, #64]", p);
	PAIR("stp %w0, %w1, [%2], #8", p);
	PAIR("stp %1, xzr, [%2, #-32]!", p);
	PAIR("ldnp %0, %1, [%2, #16]", p);
	PAIR("stnp %w0, %w1, [%2, #-16]", p);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(area); i++)
		area[i] = random_u64();
	for (s64 i = -20; i < 60; i += 7) {
		loads(area + 1024 + i, i);
		stores(area + 2048 + i, i);
		pairs(area + 3000 + i);
	}
	printf("%016" PRIx64 " %016" PRIx64 "\n", hash, hash_bytes(area, sizeof(area)));
	return 0;
}
