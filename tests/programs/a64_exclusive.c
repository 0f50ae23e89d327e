/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exclusive loads and stores of every size and pairs, CLREX, failure after a change.
 * only: arm64
 * quick: yes
 */
#include "guest.h"

static u64 memory[8] __attribute__((aligned(64)));

#define EXCLUSIVE(name, load, store, w)                                            \
	static NOINLINE u64 name(u64 *p, u64 add)                                  \
	{                                                                          \
		u64 old, new;                                                      \
		u32 failed;                                                        \
		__asm__ volatile("1:\t" load " %" w                                \
				 "0, [%3]\n\tadd %1, %0, %4\n\t" store " %w2, %" w \
				 "1, [%3]\n\tcbnz %w2, 1b"                         \
				 : "=&r"(old), "=&r"(new), "=&r"(failed)           \
				 : "r"(p), "r"(add)                                \
				 : "memory");                                      \
		return old;                                                        \
	}
EXCLUSIVE(add_b, "ldxrb", "stxrb", "w")
EXCLUSIVE(add_h, "ldaxrh", "stxrh", "w")
EXCLUSIVE(add_w, "ldxr", "stlxr", "w")
EXCLUSIVE(add_x, "ldaxr", "stlxr", "x")

static NOINLINE u32 pair(u64 *p, u64 a, u64 b)
{
	u64 x, y;
	u32 failed;

	__asm__ volatile("1:\tldaxp %0, %1, [%3]\n\tadd %0, %0, %4\n\teor %1, %1, %5\n\t"
			 "stlxp %w2, %0, %1, [%3]\n\tcbnz %w2, 1b"
			 : "=&r"(x), "=&r"(y), "=&r"(failed)
			 : "r"(p), "r"(a), "r"(b)
			 : "memory");
	return failed;
}

static NOINLINE u32 pair_words(u64 *p)
{
	u64 x, y;
	u32 failed;

	__asm__ volatile(
		"1:\tldxp %w0, %w1, [%3]\n\tstxp %w2, %w1, %w0, [%3]\n\tcbnz %w2, 1b"
		: "=&r"(x), "=&r"(y), "=&r"(failed)
		: "r"(p)
		: "memory");
	return failed;
}

static NOINLINE u32 without_load(u64 *p)
{
	u32 failed;

	__asm__ volatile("clrex\n\tstxr %w0, %1, [%2]"
			 : "=&r"(failed)
			 : "r"(99ull), "r"(p)
			 : "memory");
	return failed;
}

static NOINLINE u32 cleared(u64 *p)
{
	u64 old;
	u32 failed;

	__asm__ volatile("ldxr %0, [%3]\n\tclrex\n\tstxr %w1, %2, [%3]"
			 : "=&r"(old), "=&r"(failed)
			 : "r"(99ull), "r"(p)
			 : "memory");
	return failed;
}

/* Compare and swap as compilers write it: the branch leaves with the monitor set. */
static NOINLINE u64 compare_swap(u64 *p, u64 expected, u64 desired)
{
	u64 old;
	u32 failed;

	__asm__ volatile(
		"1:\tldaxr %0, [%2]\n\tcmp %0, %3\n\tb.ne 2f\n\tstlxr %w1, %4, [%2]\n\tcbnz %w1, 1b\n2:"
		: "=&r"(old), "=&r"(failed)
		: "r"(p), "r"(expected), "r"(desired)
		: "memory", "cc");
	return old;
}

int main(void)
{
	u64 h = 0;

	for (int i = 0; i < 8; i++)
		memory[i] = random_u64();
	for (int i = 0; i < 100; i++) {
		u64 v = random_u64();
		h = mix(h, add_b((u64 *)((u8 *)memory + i % 8), v));
		h = mix(h, add_h((u64 *)((u16 *)memory + i % 8), v));
		h = mix(h, add_w((u64 *)((u32 *)memory + i % 8), v));
		h = mix(h, add_x(memory + i % 8, v));
		h = mix(h, pair(memory + 2 * (i % 4), v, ~v));
		h = mix(h, pair_words(memory + i % 8));
		h = mix(h, compare_swap(memory + i % 8, i % 2 ? memory[i % 8] : 5, v));
	}
	printf("%016" PRIx64 " %016" PRIx64 "\n", h, hash_bytes(memory, sizeof(memory)));
	u64 before = memory[0];
	SHOW(without_load(memory), cleared(memory), memory[0] == before);
	return 0;
}
