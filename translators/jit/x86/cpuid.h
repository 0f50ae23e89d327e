/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the host CPU can do. tags: jit/x86 - host features
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The floor is SSE4.2 with POPCNT, CMPXCHG16B and LAHF (x86-64-v2). */
struct x86_features {
	bool avx, avx2, fma, f16c, bmi1, bmi2, lzcnt, movbe;
	bool aes, pclmul, sha, gfni;
	bool avx512vl; /* with F, BW, DQ */
	bool vaes, vpclmul; /* with avx512vl: EVEX forms of aes and pclmul */
	bool avx512vbmi, avx512cd, avx512bitalg, avx512vnni, avx512vpopcntdq;
};

/*
 * Reads CPUID and XCR0. `limit` hides what is beyond a level: NULL nothing, "sse4.2" all but
 * the floor, "sse4.2-crypto" the same but AES, PCLMULQDQ and SHA, "avx" (without SHA), "avx2"
 * (with FMA and BMI, without AVX-512). Returns -EINVAL for another name.
 */
int x86_features_read(struct x86_features *ret, const char *limit);
