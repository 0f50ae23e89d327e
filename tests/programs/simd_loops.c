/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loops that the compiler vectorises: every integer width, saturation, widening, float.
 * flags: -O3
 * levels: O2
 * quick: yes
 */
#include "guest.h"

enum { N = 203 };

#define LOOPS(type, wide)                                                         \
	static NOINLINE u64 loops_##type(void)                                    \
	{                                                                         \
		static type a[N], b[N], c[N];                                     \
		static wide w[N];                                                 \
		wide sum = 0;                                                     \
		type low = 100, high = 0;                                         \
		u64 h = 0;                                                        \
		for (int i = 0; i < N; i++)                                       \
			a[i] = (type)(s64)(random_u64() >> 40),                   \
			b[i] = (type)(s64)(random_u64() >> 40);                   \
		for (int i = 0; i < N; i++)                                       \
			c[i] = a[i] + b[i] * 3;                                   \
		h = mix(h, hash_bytes(c, sizeof(c)));                             \
		for (int i = 0; i < N; i++)                                       \
			c[i] = a[i] > b[i] ? a[i] - b[i] : b[i];                  \
		h = mix(h, hash_bytes(c, sizeof(c)));                             \
		for (int i = 0; i < N; i++)                                       \
			w[i] = (wide)a[i] * b[i];                                 \
		h = mix(h, hash_bytes(w, sizeof(w)));                             \
		for (int i = 0; i < N; i++)                                       \
			sum += w[i];                                              \
		for (int i = 0; i < N; i++) {                                     \
			low = c[i] < low ? c[i] : low;                            \
			high = c[i] > high ? c[i] : high;                         \
		}                                                                 \
		for (int i = 0; i < N; i++)                                       \
			c[i] = a[N - 1 - i];                                      \
		h = mix(h, hash_bytes(c, sizeof(c)));                             \
		for (int i = 0; i + 1 < N; i += 2)                                \
			c[i] = a[i] + b[i + 1], c[i + 1] = a[i + 1] - b[i];       \
		h = mix(h, hash_bytes(c, sizeof(c)));                             \
		return mix(mix(h, (u64)sum), mix((u64)(s64)low, (u64)(s64)high)); \
	}
LOOPS(u8, u16)
LOOPS(s8, s16)
LOOPS(u16, u32)
LOOPS(s16, s32)
LOOPS(u32, u64)
LOOPS(s32, s64)
LOOPS(u64, u64)
LOOPS(s64, s64)

static NOINLINE u64 bits(void)
{
	static u32 a[N], b[N];
	static u8 m[N], n[N];
	u64 h = 0;

	for (int i = 0; i < N; i++)
		a[i] = random_u64(), b[i] = random_u64(), m[i] = a[i] >> 3;
	for (int i = 0; i < N; i++)
		a[i] = (a[i] & ~b[i]) | (a[i] << 3 ^ b[i] >> 5);
	h = mix(h, hash_bytes(a, sizeof(a)));
	for (int i = 0; i < N; i++)
		a[i] = a[i] >> (b[i] & 31);
	h = mix(h, hash_bytes(a, sizeof(a)));
	for (int i = 0; i < N; i++)
		n[i] = m[i] > 100 ? 255 : m[i] + 100;
	h = mix(h, hash_bytes(n, sizeof(n)));
	for (int i = 0; i < N; i++)
		n[i] = (m[i] + n[i] + 1) >> 1;
	h = mix(h, hash_bytes(n, sizeof(n)));
	u32 distance = 0, count = 0;
	for (int i = 0; i < N; i++)
		distance += abs(m[i] - n[i]);
	for (int i = 0; i < N; i++)
		count += m[i] == n[i] || m[i] < 9;
	for (int i = 0; i < N; i++)
		a[i] = __builtin_popcount(a[i]) + __builtin_bswap32(b[i]);
	return mix(mix(h, hash_bytes(a, sizeof(a))), mix(distance, count));
}

static NOINLINE u64 floats(void)
{
	static float a[N], b[N], c[N];
	static double d[N], e[N];
	static s32 i32[N];

	for (int i = 0; i < N; i++)
		a[i] = (s32)random_u64() * 0x1p-20f, b[i] = (s32)random_u64() * 0x1p-25f;
	for (int i = 0; i < N; i++)
		c[i] = a[i] * b[i] + a[i] / b[i] - 2.5f;
	for (int i = 0; i < N; i++)
		d[i] = c[i] > 1 ? c[i] : -a[i];
	for (int i = 0; i < N; i++)
		e[i] = __builtin_sqrt(__builtin_fabs(d[i])) + i;
	for (int i = 0; i < N; i++)
		i32[i] = (s32)e[i] * 3;
	for (int i = 0; i < N; i++)
		b[i] = i32[i];
	return mix(mix(hash_bytes(c, sizeof(c)), hash_bytes(d, sizeof(d))),
		   mix(hash_bytes(e, sizeof(e)), hash_bytes(b, sizeof(b))));
}

static void print(u64 hash)
{
	printf("%016" PRIx64 "\n", hash);
}

int main(void)
{
	print(loops_u8());
	print(loops_s8());
	print(loops_u16());
	print(loops_s16());
	print(loops_u32());
	print(loops_s32());
	print(loops_u64());
	print(loops_s64());
	print(bits());
	print(floats());
	return 0;
}
