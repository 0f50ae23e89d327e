/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Half-precision arithmetic where singles are flushed to zero, which halves are not, and FPSR is
 * never looked at; in all rounding modes. The answers are those of QEMU.
 * only: arm64
 * arm64-flags: -march=armv8.2-a+fp16
 * quick: yes
 */
#include "guest.h"

#define FZ (1u << 24)

/* Two registers of halves without NaNs and infinities, in small numbers if asked for. */
static void fill(u64 *v, bool tiny)
{
	for (unsigned k = 0; k < 4; k++) {
		v[k] = random_u64();
		for (unsigned lane = 0; lane < 64; lane += 16) {
			if (tiny && k < 2)
				v[k] &= ~(0x6000ull << lane);
			if ((v[k] >> lane & 0x7c00) == 0x7c00)
				v[k] ^= 0x4000ull << lane;
		}
	}
}

static u64 calculate(unsigned mode)
{
	u64 hash = 0, fpcr = FZ | (u64)mode << 22;

	__asm__ volatile("msr fpcr, %0" : : "r"(fpcr));
	for (unsigned n = 0; n < 20000; n++) {
		u64 in[4], out[16];

		fill(in, n & 1);
		__asm__ volatile("ldp q0, q1, [%0]\n"
				 "fadd v2.8h, v0.8h, v1.8h\n"
				 "fmul v3.8h, v0.8h, v1.8h\n"
				 "stp q2, q3, [%1]\n"
				 "fdiv v2.8h, v0.8h, v1.8h\n"
				 "fmla v3.8h, v0.8h, v1.8h\n"
				 "stp q2, q3, [%1, #32]\n"
				 "fcvt h2, d0\n"
				 "fcvtn v3.4h, v0.4s\n"
				 "stp q2, q3, [%1, #64]\n"
				 "fmul s2, s0, s1\n"
				 "frintx v3.8h, v0.8h\n"
				 "stp q2, q3, [%1, #96]\n"
				 :
				 : "r"(in), "r"(out)
				 : "v0", "v1", "v2", "v3", "memory");
		for (unsigned k = 0; k < COUNT(out); k++)
			hash = hash * 31 + out[k];
	}
	__asm__ volatile("msr fpcr, xzr");
	return hash;
}

int main(void)
{
	for (unsigned mode = 0; mode < 4; mode++)
		printf("mode %u: %016" PRIx64 "\n", mode, calculate(mode));
	return 0;
}
