/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GCC vector types on both machines: arithmetic, compares, shuffles, conversions, selects.
 * levels: O0
 * quick: yes
 */
#include "guest.h"

typedef u8 v16u8 __attribute__((vector_size(16)));
typedef s16 v8s16 __attribute__((vector_size(16)));
typedef u32 v4u32 __attribute__((vector_size(16)));
typedef s32 v4s32 __attribute__((vector_size(16)));
typedef u64 v2u64 __attribute__((vector_size(16)));
typedef float v4f __attribute__((vector_size(16)));
typedef double v2d __attribute__((vector_size(16)));
typedef u8 v8u8 __attribute__((vector_size(8)));
typedef u16 v8u16 __attribute__((vector_size(16)));

static u64 hash;

#define SEE(v)                                                     \
	({                                                         \
		__typeof__(v) see_ = (v);                          \
		hash = mix(hash, hash_bytes(&see_, sizeof(see_))); \
	})
#define PICK(mask, a, b) (((__typeof__(a))(mask) & (a)) | (~(__typeof__(a))(mask) & (b)))

static NOINLINE void bytes(v16u8 a, v16u8 b)
{
	SEE(a + b);
	SEE(a - b);
	SEE(a * b);
	SEE((a ^ b) & ~(a | b));
	SEE(a > b);
	SEE(a == b);
	SEE(a << 3);
	SEE(a >> (b & 7));
	SEE(PICK(a > b, a, b));
	SEE(__builtin_shuffle(a, b));
	SEE(__builtin_shuffle(a, b, b));
	SEE(__builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22,
				    7, 23));
	SEE(__builtin_shufflevector(a, a, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2,
				    1, 0));
	SEE(__builtin_shufflevector(a, b, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
				    18, 19, 20));
	SEE(a / (b | 1));
	hash = mix(hash, a[3] + b[7]);
}

static NOINLINE void halves(v8s16 a, v8s16 b)
{
	SEE(a * b - a);
	SEE(-a);
	SEE(a < b);
	SEE(PICK(a >= b, a, -b));
	SEE(a >> 5);
	SEE(__builtin_convertvector(a, v8u8));
	SEE(__builtin_convertvector(__builtin_convertvector(b, v8u8), v8u16));
}

static NOINLINE void words(v4u32 a, v4u32 b, v4s32 c)
{
	SEE(a * b + a);
	SEE(a % (b | 1));
	SEE(a << (b & 31));
	SEE(c >> (v4s32)(b & 31));
	SEE(__builtin_shuffle(a, (v4u32){3, 2, 1, 0}));
	SEE(__builtin_shuffle(a, b, (v4u32){0, 4, 1, 5}));
	SEE(PICK(c < (v4s32)b, c, (v4s32)b));
	SEE(__builtin_convertvector(c >> 8, v4f));
	a[2] = b[0] + 1;
	SEE(a);
}

static NOINLINE void longs(v2u64 a, v2u64 b)
{
	SEE(a * b);
	SEE(a + (b >> 17) - (a << 9));
	SEE(a > b);
	SEE(__builtin_shuffle(a, b, (v2u64){1, 2}));
}

static NOINLINE void floats(v4f a, v4f b, v2d c, v2d d)
{
	SEE(a * b + a);
	SEE(a / b);
	SEE(a < b);
	SEE((v4f)PICK(a > b, (v4s32)a, (v4s32)b));
	SEE(-a);
	SEE(c * d - c / d);
	SEE(c <= d);
	SEE(__builtin_convertvector(c * 0x1p-3, v2u64));
	SEE(__builtin_convertvector(a, v4s32));
}

int main(void)
{
	for (int i = 0; i < 200; i++) {
		v2u64 a = {random_u64(), random_u64()}, b = {random_u64(), random_u64()};
		bytes((v16u8)a, (v16u8)b);
		halves((v8s16)a, (v8s16)b);
		words((v4u32)a, (v4u32)b, (v4s32)a);
		longs(a, b);
		v4f f = __builtin_convertvector((v4s32)a >> 12, v4f) * 0.25f,
		    g = __builtin_convertvector((v4s32)b | 1, v4f);
		v2d c = __builtin_convertvector(a >> 20, v2d),
		    d = __builtin_convertvector(b >> 30, v2d) + 0.5;
		floats(f, g, c, d);
		if (i % 20 == 0)
			printf("%016" PRIx64 "\n", hash);
	}
	printf("%016" PRIx64 "\n", hash);
	return 0;
}
