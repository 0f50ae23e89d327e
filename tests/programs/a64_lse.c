/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The LSE atomics: every operation, size and order; CAS and CASP; LDAPR; LDAR and STLR.
 * only: arm64
 * flags: -march=armv8.3-a
 * quick: yes
 */
#include "guest.h"

static u64 memory[4] __attribute__((aligned(64)));
static unsigned wrong;
static u64 hash;

static u64 truncated(u64 v, int bits)
{
	return bits == 64 ? v : v & ((1ull << bits) - 1);
}

static s64 extended(u64 v, int bits)
{
	return (s64)(v << (64 - bits)) >> (64 - bits);
}

static u64 model(const char *op, u64 old, u64 v, int bits)
{
	if (!strcmp(op, "add"))
		return old + v;
	if (!strcmp(op, "clr"))
		return old & ~v;
	if (!strcmp(op, "eor"))
		return old ^ v;
	if (!strcmp(op, "set"))
		return old | v;
	if (!strcmp(op, "smax"))
		return extended(old, bits) > extended(v, bits) ? old : v;
	if (!strcmp(op, "smin"))
		return extended(old, bits) < extended(v, bits) ? old : v;
	if (!strcmp(op, "umax"))
		return old > v ? old : v;
	if (!strcmp(op, "umin"))
		return old < v ? old : v;
	return v; /* swp */
}

static void see(const char *op, int bits, u64 v, u64 before, u64 got)
{
	u64 old = truncated(before, bits),
	    now = truncated(model(op, old, truncated(v, bits), bits), bits);
	u64 want = bits == 64 ? now : (before & ~truncated(~0ull, bits)) | now;

	hash = mix(mix(hash, got), memory[1]);
	if ((got != old || memory[1] != want) && wrong++ < 10)
		printf("%s %d: %" PRIx64 " %" PRIx64 "\n", op, bits, got, memory[1]);
}

#define DO(op, text, bits, w)                                   \
	do {                                                    \
		u64 before_ = memory[1] = ~v * 3, got_;         \
		__asm__ volatile(text " %" w "1, %" w "0, [%2]" \
				 : "=r"(got_)                   \
				 : "r"(v), "r"(&memory[1])      \
				 : "memory");                   \
		see(op, bits, v, before_, got_);                \
	} while (0)
#define SIZES(op, name)              \
	DO(op, name "b", 8, "w");    \
	DO(op, name "alh", 16, "w"); \
	DO(op, name "a", 32, "w");   \
	DO(op, name "l", 64, "x");   \
	DO(op, name "al", 64, "x")

static NOINLINE void all(u64 v)
{
	SIZES("add", "ldadd");
	SIZES("clr", "ldclr");
	SIZES("eor", "ldeor");
	SIZES("set", "ldset");
	SIZES("smax", "ldsmax");
	SIZES("smin", "ldsmin");
	SIZES("umax", "ldumax");
	SIZES("umin", "ldumin");
	SIZES("swp", "swp");
	memory[1] = v * 5;
	__asm__ volatile(
		"stadd %0, [%1]\n\tsteorb %w0, [%1]\n\tstumax %w0, [%1]" ::"r"(v),
		"r"(&memory[1])
		: "memory");
	hash = mix(hash, memory[1]);
}

static NOINLINE void swaps(u64 a, u64 b)
{
	register u64 x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = ~a,
			x3 __asm__("x3") = ~b;
	u64 c = a, d = a;

	memory[0] = a, memory[1] = b;
	__asm__ volatile("casal %0, %2, [%3]\n\tcasb %w1, %w2, [%3, #0]"
			 : "+r"(c), "+r"(d)
			 : "r"(b), "r"(memory)
			 : "memory");
	hash = mix(mix(mix(hash, c), d), memory[0]);
	memory[0] = a, memory[1] = b;
	__asm__ volatile("caspal %0, %1, %2, %3, [%4]"
			 : "+r"(x0), "+r"(x1)
			 : "r"(x2), "r"(x3), "r"(memory)
			 : "memory");
	hash = mix(mix(hash, x0 + 3 * x1), memory[0] ^ memory[1] * 5);
	if (memory[0] != ~a || memory[1] != ~b)
		wrong++;
	x0 = a;
	__asm__ volatile("casp %w0, %w1, %w2, %w3, [%4]"
			 : "+r"(x0), "+r"(x1)
			 : "r"(x2), "r"(x3), "r"(memory)
			 : "memory");
	hash = mix(mix(hash, x0 + 3 * x1), memory[0]);
	u64 r, s, t;
	__asm__ volatile(
		"ldar %0, [%3]\n\tldapr %1, [%3]\n\tldarb %w2, [%3]\n\tstlrh %w0, [%4]\n\tstlr %1, [%5]\n\tdmb ish\n\tdsb sy\n\tisb"
		: "=&r"(r), "=&r"(s), "=&r"(t)
		: "r"(memory), "r"(memory + 2), "r"(memory + 3)
		: "memory");
	hash = mix(mix(hash, r ^ s * 3), t);
	hash = mix(hash, hash_bytes(memory, sizeof(memory)));
}

int main(void)
{
	for (size_t i = 0; i < COUNT(corners); i++)
		all(corners[i]);
	FOR_CORNER_PAIRS (a, b)
		swaps(a, b);
	printf("%016" PRIx64 " wrong %u\n", hash, wrong);
	return 0;
}
