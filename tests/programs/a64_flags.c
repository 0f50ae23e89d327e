/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NZCV after every flag-setting instruction, read by MRS, against a model in C.
 * only: arm64
 * quick: yes
 */
#include "guest.h"

static unsigned wrong;
static u64 hash;

#define FLAGS2(text, a, b)                               \
	({                                               \
		u64 f_;                                  \
		__asm__ volatile(text "\n\tmrs %0, nzcv" \
				 : "=r"(f_)              \
				 : "r"(a), "r"(b)        \
				 : "cc", "x9", "w10");   \
		(unsigned)(f_ >> 28);                    \
	})

static unsigned model_add(u64 a, u64 b, unsigned carry, int bits)
{
	u64 mask = bits == 64 ? ~0ull : 0xffffffff, sign = 1ull << (bits - 1);
	a &= mask, b &= mask;
	u128 full = (u128)a + b + carry;
	u64 r = (u64)full & mask;

	return !!(r & sign) << 3 | (r == 0) << 2 | (unsigned)(full >> bits) << 1 |
	       !!(~(a ^ b) & (a ^ r) & sign);
}

static unsigned model_logic(u64 r, int bits)
{
	r &= bits == 64 ? ~0ull : 0xffffffff;
	return !!(r >> (bits - 1)) << 3 | (r == 0) << 2;
}

static void see(const char *what, unsigned got, unsigned want)
{
	hash = mix(hash, got);
	if (got != want && wrong++ < 10)
		printf("%s: %x, not %x\n", what, got, want);
}

static NOINLINE void all(u64 a, u64 b)
{
	see("adds x", FLAGS2("adds x9, %1, %2", a, b), model_add(a, b, 0, 64));
	see("adds w", FLAGS2("adds w9, %w1, %w2", a, b), model_add(a, b, 0, 32));
	see("subs x", FLAGS2("subs x9, %1, %2", a, b), model_add(a, ~b, 1, 64));
	see("subs w", FLAGS2("subs w9, %w1, %w2", a, b), model_add(a, ~b, 1, 32));
	see("cmn", FLAGS2("cmn %1, %2, lsl #3", a, b), model_add(a, b << 3, 0, 64));
	see("cmp uxtb", FLAGS2("cmp %1, %w2, uxtb #2", a, b),
	    model_add(a, ~((u64)(u8)b << 2), 1, 64));
	see("cmp sxth", FLAGS2("cmp %1, %w2, sxth", a, b),
	    model_add(a, ~(u64)(s64)(s16)b, 1, 64));
	see("cmp imm", FLAGS2("cmp %w1, #4095", a, b), model_add(a, ~4095ull, 1, 32));
	see("negs", FLAGS2("negs x9, %2", a, b), model_add(0, ~b, 1, 64));
	see("ands x", FLAGS2("ands x9, %1, %2", a, b), model_logic(a & b, 64));
	see("bics w", FLAGS2("bics w9, %w1, %w2, ror #7", a, b),
	    model_logic(a & ~((u32)b >> 7 | (u32)b << 25), 32));
	see("tst", FLAGS2("tst %1, #0xff00ff00ff00ff00", a, b),
	    model_logic(a & 0xff00ff00ff00ff00, 64));
	for (unsigned c = 0; c < 2; c++) {
		u64 bits = c ? 0x20000000 : 0;
		unsigned f;
		__asm__ volatile("msr nzcv, %3\n\tadcs x9, %1, %2\n\tmrs %x0, nzcv"
				 : "=r"(f)
				 : "r"(a), "r"(b), "r"(bits)
				 : "cc", "x9");
		see("adcs x", f >> 28, model_add(a, b, c, 64));
		__asm__ volatile("msr nzcv, %3\n\tsbcs w9, %w1, %w2\n\tmrs %x0, nzcv"
				 : "=r"(f)
				 : "r"(a), "r"(b), "r"(bits)
				 : "cc", "x9");
		see("sbcs w", f >> 28, model_add(a, ~b, c, 32));
		__asm__ volatile("msr nzcv, %3\n\tccmp %1, %2, #5, cs\n\tmrs %x0, nzcv"
				 : "=r"(f)
				 : "r"(a), "r"(b), "r"(bits)
				 : "cc");
		see("ccmp", f >> 28, c ? model_add(a, ~b, 1, 64) : 5);
		__asm__ volatile("msr nzcv, %3\n\tccmn %w1, #17, #10, cc\n\tmrs %x0, nzcv"
				 : "=r"(f)
				 : "r"(a), "r"(b), "r"(bits)
				 : "cc");
		see("ccmn", f >> 28, c ? 10 : model_add(a, 17, 0, 32));
	}
}

static void conditions(void)
{
	for (unsigned f = 0; f < 16; f++) {
		u64 r[14];
		__asm__ volatile(
			"msr nzcv, %1\n\t"
			"cset x9, eq\n\tstr x9, [%0]\n\tcset x9, ne\n\tstr x9, [%0, #8]\n\t"
			"cset x9, cs\n\tstr x9, [%0, #16]\n\tcset x9, cc\n\tstr x9, [%0, #24]\n\t"
			"cset x9, mi\n\tstr x9, [%0, #32]\n\tcset x9, pl\n\tstr x9, [%0, #40]\n\t"
			"cset x9, vs\n\tstr x9, [%0, #48]\n\tcset x9, vc\n\tstr x9, [%0, #56]\n\t"
			"cset x9, hi\n\tstr x9, [%0, #64]\n\tcset x9, ls\n\tstr x9, [%0, #72]\n\t"
			"cset x9, ge\n\tstr x9, [%0, #80]\n\tcset x9, lt\n\tstr x9, [%0, #88]\n\t"
			"cset x9, gt\n\tstr x9, [%0, #96]\n\tcset x9, le\n\tstr x9, [%0, #104]" ::
				"r"(r),
			"r"((u64)f << 28)
			: "cc", "memory", "x9");
		bool n = f >> 3 & 1, z = f >> 2 & 1, c = f >> 1 & 1, v = f & 1;
		bool want[14] = {z,
				 !z,
				 c,
				 !c,
				 n,
				 !n,
				 v,
				 !v,
				 c && !z,
				 !(c && !z),
				 n == v,
				 n != v,
				 !z && n == v,
				 z || n != v};
		for (int i = 0; i < 14; i++)
			see("condition", r[i], want[i]);
	}
}

int main(void)
{
	FOR_CORNER_PAIRS (a, b)
		all(a, b);
	conditions();
	printf("%016" PRIx64 " wrong %u\n", hash, wrong);
	return 0;
}
