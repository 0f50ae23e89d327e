/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Arm's floating-point arithmetic in integers: bit-exact results, NaNs and cumulative flags
 * for half, single and double precision. tags: jit/ir - reference floating point
 *
 * Values travel as raw bit patterns in the low bits of a uint64_t. Nothing here touches a
 * vector register or MXCSR, so the runtime may call it with the guest's state live.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* FPCR fields that matter here. */
#define FPCR_FZ16 (1u << 19)
#define FPCR_RMODE(fpcr) ((fpcr) >> 22 & 3)
#define FPCR_FZ (1u << 24)
#define FPCR_DN (1u << 25)
#define FPCR_AHP (1u << 26)

/* Cumulative bits of FPSR. */
#define FPSR_IOC 0x01u
#define FPSR_DZC 0x02u
#define FPSR_OFC 0x04u
#define FPSR_UFC 0x08u
#define FPSR_IXC 0x10u
#define FPSR_IDC 0x80u
#define FPSR_QC (1u << 27)

/* Rounding: the first four as in FPCR.RMode. */
enum fp_round {
	FP_ROUND_NEAREST,
	FP_ROUND_UP,
	FP_ROUND_DOWN,
	FP_ROUND_ZERO,
	FP_ROUND_AWAY,	  /* to nearest, ties away from zero */
	FP_ROUND_CURRENT, /* what FPCR says */
	FP_ROUND_EXACT,	  /* the same; FRINT also reports Inexact */
	FP_ROUND_ODD,	  /* FCVTXN */
};

/* Control word and the flags that operations or into it. */
struct fp_env {
	uint32_t fpcr;
	uint32_t flags;
};

/* `ty` is IR_F16, IR_F32 or IR_F64 everywhere. */
uint64_t fp_add(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b);
uint64_t fp_sub(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b);
uint64_t fp_mul(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b);
uint64_t fp_mulx(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b); /* 0 x Inf = 2 */
uint64_t fp_div(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b);
uint64_t fp_sqrt(struct fp_env *env, unsigned ty, uint64_t a);
uint64_t fp_neg(unsigned ty, uint64_t a);
uint64_t fp_abs(unsigned ty, uint64_t a);
/* c + a * b, rounded once. */
uint64_t fp_fma(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b, uint64_t c);
/* The same with a and b of half precision, c and the result of single precision. */
uint64_t fp_fma_half(struct fp_env *env, uint16_t a, uint16_t b, uint32_t c);
uint64_t fp_max(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b);
uint64_t fp_min(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b);
uint64_t fp_maxnm(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b);
uint64_t fp_minnm(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b);

enum fp_order { FP_LESS, FP_EQUAL, FP_GREATER, FP_UNORDERED };
/* signalling: a quiet NaN, too, raises Invalid. */
enum fp_order fp_compare(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b,
			 bool signalling);

uint64_t fp_round_int(struct fp_env *env, unsigned ty, uint64_t a, enum fp_round mode);
/* Rounds to an integer that fits `bits` (32 or 64) signed bits; else -2^(bits-1). */
uint64_t fp_round_int_n(struct fp_env *env, unsigned ty, uint64_t a, enum fp_round mode,
			unsigned bits);
uint64_t fp_convert(struct fp_env *env, unsigned to, unsigned from, uint64_t a,
		    enum fp_round mode);
/* a * 2^fbits as an integer of `bits` bits, saturating; the result is not extended. */
uint64_t fp_to_int(struct fp_env *env, unsigned ty, uint64_t a, enum fp_round mode,
		   unsigned fbits, unsigned bits, bool is_signed);
/* The double a truncated, modulo 2^32; *ret_exact: nothing was lost, not even a sign of zero. */
uint32_t fp_to_int_js(struct fp_env *env, uint64_t a, bool *ret_exact);
/* A single as bfloat16. */
uint64_t fp_to_bf(struct fp_env *env, uint32_t a);
/* acc + (a.low * b.low + a.high * b.high) for pairs of bfloat16 numbers: each product and sum
 * rounded to odd, denormals are zero, NaNs the default one, no flags. */
uint32_t fp_bf_dot(uint32_t acc, uint32_t a, uint32_t b);
/* The low `bits` bits of a, times 2^-fbits. */
uint64_t fp_from_int(struct fp_env *env, unsigned ty, uint64_t a, unsigned fbits,
		     unsigned bits, bool is_signed);

uint64_t fp_recip_estimate(struct fp_env *env, unsigned ty, uint64_t a);
uint64_t fp_rsqrt_estimate(struct fp_env *env, unsigned ty, uint64_t a);
uint64_t fp_recip_step(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b);
uint64_t fp_rsqrt_step(struct fp_env *env, unsigned ty, uint64_t a, uint64_t b);
uint64_t fp_recip_exponent(struct fp_env *env, unsigned ty, uint64_t a);
uint32_t fp_recip_estimate_u32(uint32_t a);
uint32_t fp_rsqrt_estimate_u32(uint32_t a);
/* Fractions (8 bits) of the estimates: by the fraction's upper 8 bits, and for the root by the
 * exponent's lowest bit (biased, as stored) and the fraction's upper 7. */
extern const uint8_t fp_recip_table[256];
extern const uint8_t fp_rsqrt_table[256];
