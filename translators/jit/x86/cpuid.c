/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads the host's features from CPUID. tags: jit/x86 - host features
 */
#include "jit/x86/cpuid.h"

#include <cpuid.h>
#include <errno.h>

static uint64_t xgetbv(void)
{
	uint32_t lo, hi;

	__asm__ volatile("xgetbv" : "=a"(lo), "=d"(hi) : "c"(0));
	return (uint64_t)hi << 32 | lo;
}

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

int x86_features_read(struct x86_features *ret, const char *limit)
{
	struct x86_features f = { 0 };
	unsigned a, b, c, d, level = 3;
	uint64_t xcr0 = 0;
	bool ymm, zmm, crypto = true;

	if (limit && *limit) {
		if (same(limit, "sse4.2"))
			level = 0, crypto = false;
		else if (same(limit, "sse4.2-crypto"))
			level = 0;
		else if (same(limit, "avx"))
			level = 1;
		else if (same(limit, "avx2"))
			level = 2;
		else
			return -EINVAL;
	}
	__cpuid(1, a, b, c, d);
	if (c & bit_OSXSAVE)
		xcr0 = xgetbv();
	ymm = (xcr0 & 6) == 6;
	zmm = (xcr0 & 0xe6) == 0xe6;
	f.avx = level >= 1 && (c & bit_AVX) && ymm;
	f.aes = crypto && (c & bit_AES);
	f.pclmul = crypto && (c & bit_PCLMUL);
	f.f16c = f.avx && level >= 2 && (c & bit_F16C);
	f.fma = f.avx && level >= 2 && (c & bit_FMA);
	f.movbe = level >= 2 && (c & bit_MOVBE);
	if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
		f.avx2 = f.avx && level >= 2 && (b & bit_AVX2);
		f.bmi1 = level >= 2 && (b & bit_BMI);
		f.bmi2 = level >= 2 && (b & bit_BMI2);
		f.sha = crypto && level != 1 && (b & (1u << 29));
		f.gfni = level >= 3 && f.avx && (c & (1u << 8));
		f.avx512vl = level >= 3 && zmm && (b & (1u << 16)) && (b & (1u << 17)) &&
			     (b & (1u << 30)) && (b & (1u << 31));
		f.vaes = f.avx512vl && f.aes && (c & (1u << 9));
		f.vpclmul = f.avx512vl && f.pclmul && (c & (1u << 10));
		f.avx512vbmi = f.avx512vl && (c & (1u << 1));
		f.avx512cd = f.avx512vl && (b & (1u << 28));
		f.avx512bitalg = f.avx512vl && (c & (1u << 12));
		f.avx512vnni = f.avx512vl && (c & (1u << 11));
		f.avx512vpopcntdq = f.avx512vl && (c & (1u << 14));
	}
	__cpuid(0x80000000, a, b, c, d);
	if (a >= 0x80000001) {
		__cpuid(0x80000001, a, b, c, d);
		f.lzcnt = level >= 2 && (c & (1u << 5));
	}
	*ret = f;
	return 0;
}
