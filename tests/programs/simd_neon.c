/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NEON intrinsics against the same computation in plain C: one result on both machines.
 * levels: O0
 * quick: yes
 */
#include "guest.h"
#ifdef __aarch64__
#include <arm_neon.h>
#endif

enum { N = 256 };

static u8 a[N], b[N], c[N];
static s16 wide[N];
static s32 words[N / 4];
static u64 hash;

static NOINLINE void saturating(void)
{
#ifdef __aarch64__
	for (int i = 0; i < N; i += 16) {
		uint8x16_t x = vld1q_u8(a + i), y = vld1q_u8(b + i);
		vst1q_u8(c + i, veorq_u8(vqaddq_u8(x, y), vabdq_u8(x, y)));
		vst1q_u8(c + i, veorq_u8(vld1q_u8(c + i),
					 vrhaddq_u8(vqsubq_u8(x, y), vmaxq_u8(x, y))));
	}
#else
	for (int i = 0; i < N; i++) {
		int x = a[i], y = b[i], sum = x + y > 255 ? 255 : x + y,
		    sub = x > y ? x - y : 0, max = x > y ? x : y;
		c[i] = sum ^ (x > y ? x - y : y - x) ^ (sub + max + 1) / 2;
	}
#endif
	hash = mix(hash, hash_bytes(c, N));
}

static NOINLINE void widening(void)
{
#ifdef __aarch64__
	for (int i = 0; i < N; i += 8) {
		int8x8_t x = vld1_s8((s8 *)a + i), y = vld1_s8((s8 *)b + i);
		int16x8_t p = vmull_s8(x, y);
		p = vmlal_s8(p, x, vdup_n_s8(3));
		p = vsubw_s8(p, y);
		vst1q_s16(wide + i, vshrq_n_s16(p, 1));
	}
	for (int i = 0; i < N / 4; i += 4) {
		int16x4_t x = vld1_s16(wide + i), y = vld1_s16(wide + N / 4 + i);
		int32x4_t s = vmull_s16(x, y);
		s = vaddq_s32(s, vpaddlq_s16(vld1q_s16(wide + i)));
		vst1q_s32(words + i, vrshrq_n_s32(s, 3));
	}
#else
	for (int i = 0; i < N; i++) {
		int x = (s8)a[i], y = (s8)b[i];
		wide[i] = (s16)(x * y + x * 3 - y) >> 1;
	}
	for (int i = 0; i < N / 4; i += 4)
		for (int k = 0; k < 4; k++) {
			s32 s = wide[i + k] * wide[N / 4 + i + k] + wide[i + 2 * k] +
				wide[i + 2 * k + 1];
			words[i + k] = (s + 4) >> 3;
		}
#endif
	hash = mix(mix(hash, hash_bytes(wide, sizeof(wide))),
		   hash_bytes(words, sizeof(words)));
}

static NOINLINE void permutes(void)
{
#ifdef __aarch64__
	for (int i = 0; i < N; i += 32) {
		uint8x16x2_t z = vld2q_u8(a + i);
		uint8x16_t t = vqtbl1q_u8(z.val[0], vandq_u8(z.val[1], vdupq_n_u8(31)));
		uint8x16_t e = vextq_u8(z.val[0], z.val[1], 5);
		z.val[0] = veorq_u8(vrev64q_u8(t), vzip1q_u8(e, t));
		z.val[1] = veorq_u8(vtrn2q_u8(e, t), vuzp1q_u8(t, e));
		vst2q_u8(c + i, z);
	}
#else
	for (int i = 0; i < N; i += 32) {
		u8 v0[16], v1[16], t[16], e[16];
		for (int k = 0; k < 16; k++)
			v0[k] = a[i + 2 * k], v1[k] = a[i + 2 * k + 1];
		for (int k = 0; k < 16; k++) {
			int at = v1[k] & 31;
			t[k] = at < 16 ? v0[at] : 0;
			e[k] = k + 5 < 16 ? v0[k + 5] : v1[k + 5 - 16];
		}
		for (int k = 0; k < 16; k++) {
			u8 zip = k % 2 ? t[k / 2] : e[k / 2],
			   trn = k % 2 ? t[k] : e[k + 1];
			u8 uzp = k < 8 ? t[2 * k] : e[2 * (k - 8)];
			c[i + 2 * k] = t[k / 8 * 8 + 7 - k % 8] ^ zip;
			c[i + 2 * k + 1] = trn ^ uzp;
		}
	}
#endif
	hash = mix(hash, hash_bytes(c, N));
}

static NOINLINE void selects(void)
{
	u32 sum = 0;
#ifdef __aarch64__
	for (int i = 0; i < N; i += 16) {
		uint8x16_t x = vld1q_u8(a + i), y = vld1q_u8(b + i), m = vcgtq_u8(x, y);
		uint8x16_t r = vbslq_u8(m, vshlq_u8(x, vdupq_n_s8(-2)), vmvnq_u8(y));
		r = vcntq_u8(veorq_u8(r, vtstq_u8(x, y)));
		vst1q_u8(c + i, vmlaq_u8(r, x, y));
		sum += vaddvq_u8(r) + vmaxvq_u8(x) * 3 + vminvq_u8(y) * 5 + vaddlvq_u8(x);
	}
#else
	for (int i = 0; i < N; i += 16) {
		u8 total = 0, max = 0, min = 255;
		for (int k = i; k < i + 16; k++) {
			u8 r = a[k] > b[k] ? a[k] >> 2 : ~b[k];
			r = __builtin_popcount((u8)(r ^ (a[k] & b[k] ? 255 : 0)));
			c[k] = r + a[k] * b[k];
			total += r;
			max = a[k] > max ? a[k] : max;
			min = b[k] < min ? b[k] : min;
			sum += a[k];
		}
		sum += total + max * 3 + min * 5;
	}
#endif
	hash = mix(mix(hash, sum), hash_bytes(c, N));
}

static NOINLINE void narrowing(void)
{
#ifdef __aarch64__
	for (int i = 0; i < N; i += 16) {
		int16x8_t x = vld1q_s16(wide + i), y = vld1q_s16(wide + i + 8);
		vst1q_s8((s8 *)c + i, vcombine_s8(vqmovn_s16(x), vqshrn_n_s16(y, 3)));
		vst1_u8(b + i, vqmovun_s16(vqdmulhq_s16(x, y)));
		vst1_u8(b + i + 8, vreinterpret_u8_s8(vaddhn_s16(x, vqnegq_s16(y))));
	}
#else
#define CLAMP(v, low, high)                                 \
	({                                                  \
		int v_ = (v);                               \
		v_<(low) ? (low) : v_>(high) ? (high) : v_; \
	})
	for (int i = 0; i < N; i += 16)
		for (int k = 0; k < 8; k++) {
			int x = wide[i + k], y = wide[i + 8 + k];
			c[i + k] = CLAMP(x, -128, 127);
			c[i + 8 + k] = CLAMP(y >> 3, -128, 127);
			b[i + k] = CLAMP(CLAMP(2 * x * y >> 16, -32768, 32767), 0, 255);
			b[i + 8 + k] = (s16)(x + CLAMP(-y, -32768, 32767)) >> 8;
		}
#endif
	hash = mix(mix(hash, hash_bytes(c, N)), hash_bytes(b, N));
}

static NOINLINE void floats(void)
{
	float f[16], g[16];
	double d[8];

	for (int i = 0; i < 16; i++)
		f[i] = words[i] * 0.125f, g[i] = wide[i] + 0.5f;
#ifdef __aarch64__
	for (int i = 0; i < 16; i += 4) {
		float32x4_t x = vld1q_f32(f + i), y = vld1q_f32(g + i);
		x = vfmaq_f32(x, y, vdupq_n_f32(1.5f));
		y = vdivq_f32(vsubq_f32(x, y), vaddq_f32(vabsq_f32(y), vdupq_n_f32(1)));
		x = vbslq_f32(vcgeq_f32(x, y), vmaxq_f32(x, y), vnegq_f32(y));
		vst1q_f32(f + i, x);
		vst1q_f32(g + i, vsqrtq_f32(vabsq_f32(y)));
	}
	for (int i = 0; i < 8; i += 4) {
		float32x4_t x = vld1q_f32(f + i);
		vst1q_f64(d + i, vcvt_f64_f32(vget_low_f32(x)));
		vst1q_f64(d + i + 2, vmulq_n_f64(vcvt_high_f64_f32(x), 0.1));
	}
	vst1q_s32(words, vcvtq_s32_f32(vrndnq_f32(vmulq_n_f32(vld1q_f32(g), 16))));
#else
	for (int i = 0; i < 16; i++) {
		float x = __builtin_fmaf(g[i], 1.5f, f[i]),
		      y = (x - g[i]) / (__builtin_fabsf(g[i]) + 1);
		f[i] = x >= y ? (x > y ? x : y) : -y;
		g[i] = __builtin_sqrtf(__builtin_fabsf(y));
	}
	for (int i = 0; i < 8; i++)
		d[i] = i % 4 < 2 ? (double)f[i] : f[i] * 0.1;
	for (int i = 0; i < 4; i++)
		words[i] = (s32)__builtin_rintf(g[i] * 16);
#endif
	hash = mix(mix(hash, hash_bytes(f, sizeof(f))), hash_bytes(g, sizeof(g)));
	hash = mix(mix(hash, hash_bytes(d, sizeof(d))), hash_bytes(words, sizeof(words)));
}

int main(void)
{
	for (int round = 0; round < 50; round++) {
		for (int i = 0; i < N; i++)
			a[i] = random_u64(), b[i] = random_u64();
		saturating();
		widening();
		permutes();
		selects();
		narrowing();
		floats();
		if (round % 10 == 0)
			printf("%016" PRIx64 "\n", hash);
	}
	printf("%016" PRIx64 "\n", hash);
	return 0;
}
