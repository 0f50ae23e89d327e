/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SHA-512 with arm64's instructions; natively in plain C, since few machines have any for it.
 * Must agree with sha512 in plain C.
 * class: crypto
 * arm64-flags: -march=armv8.2-a+sha3
 */
#include "bench.h"
#include "sha2.h"

#ifdef __aarch64__
#include <arm_neon.h>

static NOINLINE void blocks(u64 *h, const u8 *p, size_t n)
{
	uint64x2_t s[4], w[8];

	for (int i = 0; i < 4; i++)
		s[i] = vld1q_u64(h + 2 * i);
	for (; n; n--, p += 128) {
		uint64x2_t ab = s[0], cd = s[1], ef = s[2], gh = s[3];

#pragma GCC unroll 8
		for (int i = 0; i < 8; i++)
			w[i] = vreinterpretq_u64_u8(vrev64q_u8(vld1q_u8(p + 16 * i)));
#pragma GCC unroll 40
		for (int i = 0; i < 40; i++) {
			uint64x2_t t = vaddq_u64(w[i & 7], vld1q_u64(sha2_k + 2 * i)), x;

			t = vaddq_u64(vextq_u64(t, t, 1), gh);
			x = vsha512hq_u64(t, vextq_u64(ef, gh, 1), vextq_u64(cd, ef, 1));
			t = vsha512h2q_u64(x, cd, ab);
			gh = ef, ef = vaddq_u64(cd, x), cd = ab, ab = t;
			if (i < 32)
				w[i & 7] = vsha512su1q_u64(
					vsha512su0q_u64(w[i & 7], w[(i + 1) & 7]),
					w[(i + 7) & 7],
					vextq_u64(w[(i + 4) & 7], w[(i + 5) & 7], 1));
		}
		s[0] = vaddq_u64(s[0], ab);
		s[1] = vaddq_u64(s[1], cd);
		s[2] = vaddq_u64(s[2], ef);
		s[3] = vaddq_u64(s[3], gh);
	}
	for (int i = 0; i < 4; i++)
		vst1q_u64(h + 2 * i, s[i]);
}
#else
static u64 ror(u64 v, int n)
{
	return v >> n | v << (64 - n);
}

static NOINLINE void blocks(u64 *h, const u8 *p, size_t n)
{
	for (; n; n--) {
		u64 w[16], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5],
			   g = h[6], i = h[7];

#pragma GCC unroll 16
		for (int t = 0; t < 16; t++, p += 8) {
			memcpy(&w[t], p, 8);
			w[t] = __builtin_bswap64(w[t]);
		}
		for (int r = 0; r < 80; r += 16)
#pragma GCC unroll 16
			for (int t = 0; t < 16; t++) {
				u64 x = i + (ror(e, 14) ^ ror(e, 18) ^ ror(e, 41)) +
					(g ^ (e & (f ^ g))) + sha2_k[r + t] + w[t];
				u64 y = (ror(a, 28) ^ ror(a, 34) ^ ror(a, 39)) +
					((a & b) | (c & (a | b)));
				u64 u = w[(t + 1) & 15], v = w[(t + 14) & 15];

				i = g, g = f, f = e, e = d + x;
				d = c, c = b, b = a, a = x + y;
				w[t] += w[(t + 9) & 15] + (ror(u, 1) ^ ror(u, 8) ^ u >> 7) +
					(ror(v, 19) ^ ror(v, 61) ^ v >> 6);
			}
		h[0] += a, h[1] += b, h[2] += c, h[3] += d;
		h[4] += e, h[5] += f, h[6] += g, h[7] += i;
	}
}
#endif

int main(void)
{
	static u8 data[1 << 20], abc[128] = "abc\x80";
	u64 h[8];

	abc[127] = 24;
	memcpy(h, sha2_initial, sizeof(h));
	blocks(h, abc, 1);
	printf("%016" PRIx64 "\n", h[0]);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = random_u64();
	for (int round = 0; round < 80; round++)
		blocks(h, data, sizeof(data) / 128);
	for (int i = 0; i < 8; i++)
		printf("%016" PRIx64, h[i]);
	putchar('\n');
	return 0;
}
