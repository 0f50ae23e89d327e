/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bit-field, extract, reverse, count and CRC32 instructions against models in C.
 * only: arm64
 * flags: -march=armv8-a+crc
 * quick: yes
 */
#include "guest.h"

static unsigned wrong;
static u64 hash;

static void see(const char *what, u64 got, u64 want)
{
	hash = mix(hash, got);
	if (got != want && wrong++ < 10)
		printf("%s: %016" PRIx64 ", not %016" PRIx64 "\n", what, got, want);
}

#define ONE(text, a)                                        \
	({                                                  \
		u64 r_;                                     \
		__asm__ volatile(text : "=r"(r_) : "r"(a)); \
		r_;                                         \
	})
#define TWO(text, a, b)                                             \
	({                                                          \
		u64 r_;                                             \
		__asm__ volatile(text : "=r"(r_) : "r"(a), "r"(b)); \
		r_;                                                 \
	})
#define INTO(text, d, a)                                    \
	({                                                  \
		u64 r_ = d;                                 \
		__asm__ volatile(text : "+r"(r_) : "r"(a)); \
		r_;                                         \
	})

static u64 reverse(u64 v, int bits)
{
	u64 r = 0;

	for (int i = 0; i < bits; i++)
		r |= (v >> i & 1) << (bits - 1 - i);
	return r;
}

static u32 crc(u32 c, u64 v, int bytes, u32 poly)
{
	for (int i = 0; i < bytes; i++, v >>= 8) {
		c ^= (u8)v;
		for (int k = 0; k < 8; k++)
			c = c >> 1 ^ (poly & -(c & 1));
	}
	return c;
}

static NOINLINE void all(u64 a, u64 b)
{
	u32 w = a;

	see("rbit x", ONE("rbit %0, %1", a), reverse(a, 64));
	see("rbit w", ONE("rbit %w0, %w1", a), reverse(w, 32));
	see("rev16", ONE("rev16 %0, %1", a),
	    (a & 0xff00ff00ff00ff) << 8 | (a >> 8 & 0xff00ff00ff00ff));
	see("rev32", ONE("rev32 %0, %1", a),
	    (u64)__builtin_bswap32(a >> 32) << 32 | __builtin_bswap32(a));
	see("rev w", ONE("rev %w0, %w1", a), __builtin_bswap32(a));
	see("clz", ONE("clz %0, %1", a), a ? __builtin_clzll(a) : 64);
	see("clz w", ONE("clz %w0, %w1", a), w ? __builtin_clz(w) : 32);
	see("cls", ONE("cls %0, %1", a), __builtin_clrsbll(a));
	see("cls w", ONE("cls %w0, %w1", a), __builtin_clrsb(w));
	see("ubfx", ONE("ubfx %0, %1, #13, #21", a), a >> 13 & 0x1fffff);
	see("sbfx", ONE("sbfx %0, %1, #13, #21", a), (u64)((s64)(a << 30) >> 43));
	see("sbfx w", ONE("sbfx %w0, %w1, #5, #27", a), (u32)((s32)w >> 5));
	see("ubfiz", ONE("ubfiz %0, %1, #60, #4", a), a << 60);
	see("sbfiz", ONE("sbfiz %w0, %w1, #3, #9", a), (u32)((s32)(w << 23) >> 20));
	see("bfi", INTO("bfi %0, %1, #8, #16", b, a),
	    (b & ~0xffff00ull) | (a & 0xffff) << 8);
	see("bfxil", INTO("bfxil %w0, %w1, #4, #12", b, a),
	    ((u32)b & ~0xfffu) | (w >> 4 & 0xfff));
	see("bfi whole", INTO("bfi %0, %1, #0, #64", b, a), a);
	see("movk", INTO("movk %0, #0x1234, lsl #32", b, a),
	    (b & ~0xffff00000000ull) | 0x123400000000ull);
	see("extr", TWO("extr %0, %1, %2, #11", a, b), a << 53 | b >> 11);
	see("extr w", TWO("extr %w0, %w1, %w2, #31", a, b), (u32)(w << 1 | (u32)b >> 31));
	see("lslv", TWO("lsl %0, %1, %2", a, b), a << (b & 63));
	see("lsrv w", TWO("lsr %w0, %w1, %w2", a, b), w >> (b & 31));
	see("asrv w", TWO("asr %w0, %w1, %w2", a, b), (u32)((s32)w >> (b & 31)));
	see("rorv", TWO("ror %0, %1, %2", a, b), a >> (b & 63) | a << (-b & 63));
	see("udiv", TWO("udiv %0, %1, %2", a, b), b ? a / b : 0);
	see("udiv w", TWO("udiv %w0, %w1, %w2", a, b), (u32)b ? w / (u32)b : 0);
	see("sdiv", TWO("sdiv %0, %1, %2", a, b),
	    !b           ? 0
	    : b == ~0ull ? -a
			 : (u64)((s64)a / (s64)b));
	see("sdiv w", TWO("sdiv %w0, %w1, %w2", a, b),
	    !(u32)b         ? 0
	    : (u32)b == ~0u ? -w
			    : (u32)((s32)w / (s32)b));
	see("umulh", TWO("umulh %0, %1, %2", a, b), (u128)a * b >> 64);
	see("smulh", TWO("smulh %0, %1, %2", a, b), (u64)((s128)(s64)a * (s64)b >> 64));
	see("smaddl", INTO("smaddl %0, %w1, %w1, %0", b, a),
	    b + (u64)((s64)(s32)a * (s32)a));
	see("umsubl", INTO("umsubl %0, %w1, %w1, %0", b, a), b - (u64)w * w);
	see("eon", TWO("eon %0, %1, %2, asr #9", a, b), a ^ ~(u64)((s64)b >> 9));
	see("orn", TWO("orn %w0, %w1, %w2, lsl #5", a, b), (u32)(w | ~((u32)b << 5)));
	see("add ext", TWO("add %0, %1, %w2, sxtw #3", a, b),
	    a + ((u64)(s64)(s32)b << 3));
	see("sub ext", TWO("sub %0, %1, %w2, uxth #1", a, b), a - ((u64)(u16)b << 1));
	see("crc32b", TWO("crc32b %w0, %w1, %w2", a, b), crc(a, b, 1, 0xedb88320));
	see("crc32h", TWO("crc32h %w0, %w1, %w2", a, b), crc(a, b, 2, 0xedb88320));
	see("crc32w", TWO("crc32w %w0, %w1, %w2", a, b), crc(a, b, 4, 0xedb88320));
	see("crc32x", TWO("crc32x %w0, %w1, %2", a, b), crc(a, b, 8, 0xedb88320));
	see("crc32cb", TWO("crc32cb %w0, %w1, %w2", a, b), crc(a, b, 1, 0x82f63b78));
	see("crc32cx", TWO("crc32cx %w0, %w1, %2", a, b), crc(a, b, 8, 0x82f63b78));
}

int main(void)
{
	FOR_CORNER_PAIRS (a, b)
		all(a, b);
	for (int i = 0; i < 1000; i++) {
		u64 a = random_u64();
		all(a, random_u64() >> (a & 63));
	}
	printf("%016" PRIx64 " wrong %u\n", hash, wrong);
	return 0;
}
