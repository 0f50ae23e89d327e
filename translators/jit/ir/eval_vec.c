/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The meaning of the vector and floating-point ops, lane by lane. tags: jit/ir - evaluator
 *
 * Everything is integer arithmetic: the guest's vector registers may be live in the host's.
 */
#include "jit/ir/ir.h"
#include "jit/ir/softfloat.h"

typedef unsigned __int128 u128;

struct eval {
	const struct ir_ins *i;
	struct cpu *cpu;
	uint64_t *temps;
	struct fp_env env;
	bool saturated;
	union cpu_vec d, a, b, c; /* d: old value for VIO, then the result */
};

/* ---- operands ---- */

static uint64_t int_read(const struct eval *e, unsigned slot)
{
	if (slot == IR_IMM)
		return (uint64_t)e->i->imm;
	if (slot >= IR_T0 && slot < IR_INT_COUNT)
		return e->temps[slot - IR_T0];
	return slot < IR_T0 ? e->cpu->r[slot] : 0;
}

static void int_write(const struct eval *e, unsigned slot, uint64_t value)
{
	if (slot >= IR_T0 && slot < IR_INT_COUNT)
		e->temps[slot - IR_T0] = value;
	else if (slot < IR_T0)
		e->cpu->r[slot] = value;
}

static union cpu_vec *vec_slot(const struct eval *e, unsigned slot)
{
	if (slot >= IR_VT0 && slot < IR_VEC_COUNT)
		return &e->cpu->vt[slot - IR_VT0];
	return slot < IR_VT0 ? &e->cpu->v[slot] : NULL;
}

static union cpu_vec vec_read(const struct eval *e, unsigned slot)
{
	const union cpu_vec *v = vec_slot(e, slot);

	return v ? *v : (union cpu_vec){ .d = { 0, 0 } };
}

static unsigned lane_bits(unsigned ty)
{
	return 8 * ir_type_bytes(ty);
}

static uint64_t get(const union cpu_vec *v, unsigned ty, unsigned lane)
{
	switch (ir_type_bytes(ty)) {
	case 1:
		return v->b[lane & 15];
	case 2:
		return v->h[lane & 7];
	case 4:
		return v->s[lane & 3];
	default:
		return v->d[lane & 1];
	}
}

static void set(union cpu_vec *v, unsigned ty, unsigned lane, uint64_t value)
{
	switch (ir_type_bytes(ty)) {
	case 1:
		v->b[lane & 15] = (uint8_t)value;
		break;
	case 2:
		v->h[lane & 7] = (uint16_t)value;
		break;
	case 4:
		v->s[lane & 3] = (uint32_t)value;
		break;
	default:
		v->d[lane & 1] = value;
	}
}

static int64_t sext(uint64_t x, unsigned bits)
{
	return (int64_t)(x << (64 - bits)) >> (64 - bits);
}

static uint64_t ones(unsigned bits)
{
	return ~(uint64_t)0 >> (64 - bits);
}

/* Lane value as a number of the op's signedness. */
static int64_t get_ext(const union cpu_vec *v, unsigned ty, unsigned lane, bool is_signed)
{
	uint64_t x = get(v, ty, lane);

	return is_signed ? sext(x, lane_bits(ty)) : (int64_t)x;
}

static unsigned lanes(const struct ir_ins *i)
{
	if (i->fl & IRF_ONE)
		return 1;
	return (i->fl & IRF_Q ? 16u : 8u) / ir_type_bytes(i->ty);
}

/* ---- integer lanes ---- */

/* x as a number of `bits` bits, the sum of two of them or the like. */
static uint64_t saturate(struct eval *e, __int128 x, unsigned bits, bool is_signed)
{
	__int128 max = is_signed ? ((__int128)1 << (bits - 1)) - 1 : ((__int128)1 << bits) - 1;
	__int128 min = is_signed ? -((__int128)1 << (bits - 1)) : 0;

	if (x > max) {
		e->saturated = true;
		return (uint64_t)max;
	}
	if (x < min) {
		e->saturated = true;
		return (uint64_t)min;
	}
	return (uint64_t)x;
}

static __int128 wide(uint64_t x, unsigned bits, bool is_signed)
{
	return is_signed ? (__int128)sext(x, bits) : (__int128)(x & ones(bits));
}

/* The register shifts: by > 0 to the left. */
static uint64_t shift_by(struct eval *e, uint64_t x, int by, unsigned bits, bool is_signed,
			 bool round, bool sat)
{
	__int128 v = wide(x, bits, is_signed);

	if (by < 0) {
		/* Beyond 65 places nothing but the sign is left. */
		unsigned n = -by > 66 ? 66 : (unsigned)-by;

		if (round)
			v += (__int128)1 << (n - 1);
		return (uint64_t)(v >> n);
	}
	if (!sat)
		return by >= (int)bits ? 0 : (uint64_t)v << by;
	if (by > 64)
		by = 64;
	if (by > 63 && v)
		/* Out of range whatever the width; keeps the product within 128 bits. */
		return saturate(e, v < 0 ? -((__int128)1 << 126) : (__int128)1 << 126, bits,
				is_signed);
	return saturate(e, v * ((__int128)1 << by), bits, is_signed);
}

static uint64_t reverse_bits8(uint64_t x)
{
	x = (x & 0x55) << 1 | (x >> 1 & 0x55);
	x = (x & 0x33) << 2 | (x >> 2 & 0x33);
	return (x & 0x0f) << 4 | (x >> 4 & 0x0f);
}

static unsigned count_bits(uint64_t x)
{
	unsigned n = 0;

	for (; x; x &= x - 1)
		n++;
	return n;
}

static unsigned leading_zeros(uint64_t x, unsigned bits)
{
	return x ? (unsigned)__builtin_clzll(x) - (64 - bits) : bits;
}

static u128 poly_mul(uint64_t x, uint64_t y, unsigned bits)
{
	u128 r = 0;

	for (unsigned n = 0; n < bits; n++)
		if (y >> n & 1)
			r ^= (u128)x << n;
	return r;
}

static uint64_t int_lane(struct eval *e, unsigned lane)
{
	const struct ir_ins *i = e->i;
	unsigned ty = i->ty, bits = lane_bits(ty);
	bool sgn = i->fl & IRF_SGN;
	uint64_t x = get(&e->a, ty, lane), y = get(&e->b, ty, lane);
	int64_t sx = get_ext(&e->a, ty, lane, sgn), sy = get_ext(&e->b, ty, lane, sgn);
	bool greater = sgn ? sx > sy : x > y;

	switch (i->op) {
	case IR_VADD:
		return x + y;
	case IR_VSUB:
		return x - y;
	case IR_VMUL:
		return x * y;
	case IR_VABS:
		return sext(x, bits) < 0 ? -x : x;
	case IR_VMAX:
		return greater ? x : y;
	case IR_VMIN:
		return greater ? y : x;
	case IR_VABD:
		return greater ? x - y : y - x;
	case IR_VAVG:
		return (x + y + 1) >> 1;
	case IR_VCMEQ:
		return x == y ? ~(uint64_t)0 : 0;
	case IR_VCMGT:
		return greater ? ~(uint64_t)0 : 0;
	case IR_VCMGE:
		return greater || x == y ? ~(uint64_t)0 : 0;
	case IR_VCMTST:
		return x & y ? ~(uint64_t)0 : 0;
	case IR_VSHL:
		return x << i->imm;
	case IR_VSHR:
		if (i->imm >= 64)
			return sgn ? (uint64_t)(sx >> 63) : 0;
		return sgn ? (uint64_t)(sx >> i->imm) : x >> i->imm;
	case IR_VSHLV:
		return shift_by(e, x, (int8_t)y, bits, sgn, false, false);
	case IR_VRSHLV:
		return shift_by(e, x, (int8_t)y, bits, sgn, true, false);
	case IR_VQSHLV:
		return shift_by(e, x, (int8_t)y, bits, sgn, false, true);
	case IR_VQRSHLV:
		return shift_by(e, x, (int8_t)y, bits, sgn, true, true);
	case IR_VQSHL:
		return saturate(e, wide(x, bits, sgn) * ((__int128)1 << i->imm), bits, sgn);
	case IR_VQSHLU:
		return saturate(e, wide(x, bits, true) * ((__int128)1 << i->imm), bits, false);
	case IR_VQADD:
		return saturate(e, wide(x, bits, sgn) + wide(y, bits, sgn), bits, sgn);
	case IR_VQSUB:
		return saturate(e, wide(x, bits, sgn) - wide(y, bits, sgn), bits, sgn);
	case IR_VQADDX:
		return saturate(e, wide(x, bits, sgn) + wide(y, bits, !sgn), bits, sgn);
	case IR_VQDMULH:
		return saturate(e,
				(2 * wide(x, bits, true) * wide(y, bits, true) +
				 (i->imm ? (__int128)1 << (bits - 1) : 0)) >> bits,
				bits, true);
	case IR_VQRDMLAH: {
		__int128 product = 2 * wide(x, bits, true) * wide(y, bits, true);
		__int128 acc = wide(get(&e->d, ty, lane), bits, true) *
			       ((__int128)1 << bits);

		acc += (__int128)1 << (bits - 1);
		return saturate(e, (i->imm ? acc - product : acc + product) >> bits, bits,
				true);
	}
	case IR_VPMUL:
		return (uint64_t)poly_mul(x, y, bits);
	case IR_VCNT:
		return count_bits(x);
	case IR_VCLZ:
		return leading_zeros(x, bits);
	case IR_VCLS:
		return leading_zeros((x ^ (uint64_t)(sext(x, bits) >> 1)) & ones(bits), bits) -
		       1;
	case IR_VRBIT:
		return reverse_bits8(x);
	case IR_VURECPE:
		return fp_recip_estimate_u32((uint32_t)x);
	case IR_VURSQRTE:
		return fp_rsqrt_estimate_u32((uint32_t)x);
	default:
		__builtin_unreachable();
	}
}

/* ---- floating-point lanes, scalar and vector ---- */

static uint64_t truth(bool x)
{
	return x ? ~(uint64_t)0 : 0;
}

static uint64_t fp_lane(struct eval *e, unsigned lane)
{
	const struct ir_ins *i = e->i;
	struct fp_env *env = &e->env;
	unsigned ty = i->ty;
	uint64_t x = get(&e->a, ty, lane), y = get(&e->b, ty, lane);

	switch (i->op) {
	case IR_FADD:
	case IR_VFADD:
		return fp_add(env, ty, x, y);
	case IR_FSUB:
	case IR_VFSUB:
		return fp_sub(env, ty, x, y);
	case IR_FMUL:
	case IR_VFMUL:
		return fp_mul(env, ty, x, y);
	case IR_VFMULX:
		return fp_mulx(env, ty, x, y);
	case IR_FDIV:
	case IR_VFDIV:
		return fp_div(env, ty, x, y);
	case IR_FMAX:
	case IR_VFMAX:
		return fp_max(env, ty, x, y);
	case IR_FMIN:
	case IR_VFMIN:
		return fp_min(env, ty, x, y);
	case IR_FMAXNM:
	case IR_VFMAXNM:
		return fp_maxnm(env, ty, x, y);
	case IR_FMINNM:
	case IR_VFMINNM:
		return fp_minnm(env, ty, x, y);
	case IR_FSQRT:
	case IR_VFSQRT:
		return fp_sqrt(env, ty, x);
	case IR_FABS:
	case IR_VFABS:
		return fp_abs(ty, x);
	case IR_FNEG:
	case IR_VFNEG:
		return fp_neg(ty, x);
	case IR_FMA:
	case IR_VFMA: {
		uint64_t z = get(&e->c, ty, lane);

		if (i->imm & 1)
			x = fp_neg(ty, x);
		if (i->imm & 2)
			z = fp_neg(ty, z);
		return fp_fma(env, ty, x, y, z);
	}
	case IR_VFCMEQ:
		return truth(fp_compare(env, ty, x, y, false) == FP_EQUAL);
	case IR_VFCMGE: {
		enum fp_order o = fp_compare(env, ty, x, y, true);

		return truth(o == FP_GREATER || o == FP_EQUAL);
	}
	case IR_VFCMGT:
		return truth(fp_compare(env, ty, x, y, true) == FP_GREATER);
	case IR_VFRECPE:
		return fp_recip_estimate(env, ty, x);
	case IR_VFRSQRTE:
		return fp_rsqrt_estimate(env, ty, x);
	case IR_VFRECPS:
		return fp_recip_step(env, ty, x, y);
	case IR_VFRSQRTS:
		return fp_rsqrt_step(env, ty, x, y);
	case IR_VFRECPX:
		return fp_recip_exponent(env, ty, x);
	case IR_FRINT:
	case IR_VFRINT:
		if (i->imm >> 8)
			return fp_round_int_n(env, ty, x, (enum fp_round)(i->imm & 0xff),
					      (unsigned)(i->imm >> 8));
		return fp_round_int(env, ty, x, (enum fp_round)(i->imm & 0xff));
	case IR_VFTOI:
		return fp_to_int(env, ty, x, (enum fp_round)(i->imm & 0xff),
				 (unsigned)(i->imm >> 8), lane_bits(ty), i->fl & IRF_SGN);
	case IR_VITOF:
		return fp_from_int(env, ty, x, (unsigned)i->imm, lane_bits(ty),
				   i->fl & IRF_SGN);
	default:
		__builtin_unreachable();
	}
}

/* The home image of a comparison's flags: N less, Z equal, C not less, V unordered. */
static uint16_t compare_flags(struct eval *e)
{
	static const uint16_t image[] = {
		[FP_LESS] = CPU_NZCV_N | CPU_NZCV_NC,
		[FP_EQUAL] = CPU_NZCV_Z,
		[FP_GREATER] = 0,
		[FP_UNORDERED] = CPU_NZCV_V,
	};

	return image[fp_compare(&e->env, e->i->ty, get(&e->a, e->i->ty, 0),
				get(&e->b, e->i->ty, 0), e->i->imm & 1)];
}

static uint16_t flags_image(unsigned nzcv)
{
	return (uint16_t)((nzcv & 8 ? CPU_NZCV_N : 0) | (nzcv & 4 ? CPU_NZCV_Z : 0) |
			  (nzcv & 2 ? 0 : CPU_NZCV_NC) | (nzcv & 1 ? CPU_NZCV_V : 0));
}

/* ---- widening, narrowing, across ---- */

static unsigned wider(unsigned ty)
{
	return ty + 1; /* the types are in order of width, FP as well */
}

static void widen(struct eval *e)
{
	const struct ir_ins *i = e->i;
	unsigned ty = i->ty, n = 8 / ir_type_bytes(ty), bits = lane_bits(ty);
	unsigned base = i->fl & IRF_HI ? n : 0;
	bool sgn = i->fl & IRF_SGN;
	union cpu_vec r = { .d = { 0, 0 } };

	if (i->op == IR_VPMULL && ty == IR_I64) {
		u128 p = poly_mul(e->a.d[base], e->b.d[base], 64);

		e->d.d[0] = (uint64_t)p;
		e->d.d[1] = (uint64_t)(p >> 64);
		return;
	}
	for (unsigned k = 0; k < n; k++) {
		uint64_t x = get(&e->a, ty, base + k), y = get(&e->b, ty, base + k);
		uint64_t v;

		switch (i->op) {
		case IR_VXTL:
			v = (uint64_t)wide(x, bits, sgn);
			break;
		case IR_VMULL:
			v = (uint64_t)(wide(x, bits, sgn) * wide(y, bits, sgn));
			break;
		case IR_VPMULL:
			v = (uint64_t)poly_mul(x, y, bits);
			break;
		default: /* IR_VFCVTL */
			v = fp_convert(&e->env, wider(ty), ty, x, FP_ROUND_CURRENT);
		}
		set(&r, wider(ty), k, v);
	}
	e->d = r;
}

static void narrow(struct eval *e)
{
	const struct ir_ins *i = e->i;
	unsigned ty = i->ty, n = 8 / ir_type_bytes(ty), bits = lane_bits(ty);
	bool sgn = i->fl & IRF_SGN;
	union cpu_vec r = { .d = { 0, 0 } };

	if (i->fl & IRF_ONE)
		n = 1;
	for (unsigned k = 0; k < n; k++) {
		uint64_t x = get(&e->a, wider(ty), k), v;

		switch (i->op) {
		case IR_VXTN:
			v = x;
			break;
		case IR_VQXTN:
			v = saturate(e, wide(x, 2 * bits, sgn), bits, sgn && !i->imm);
			break;
		default: /* IR_VFCVTN */
			v = fp_convert(&e->env, ty, wider(ty), x, (enum fp_round)i->imm);
		}
		set(&r, ty, k, v);
	}
	e->d = r;
}

static void pairs(struct eval *e)
{
	unsigned ty = e->i->ty, n = lanes(e->i) / 2;
	bool sgn = e->i->fl & IRF_SGN;
	union cpu_vec r = { .d = { 0, 0 } };

	for (unsigned k = 0; k < n; k++)
		set(&r, wider(ty), k,
		    (uint64_t)get_ext(&e->a, ty, 2 * k, sgn) +
			    (uint64_t)get_ext(&e->a, ty, 2 * k + 1, sgn));
	e->d = r;
}

static void across(struct eval *e)
{
	const struct ir_ins *i = e->i;
	bool sgn = i->fl & IRF_SGN;
	int64_t acc = get_ext(&e->a, i->ty, 0, sgn);

	for (unsigned k = 1; k < lanes(i); k++) {
		int64_t x = get_ext(&e->a, i->ty, k, sgn);

		if (i->op == IR_VADDV || i->op == IR_VADDLV)
			acc += x;
		else if ((x > acc) == (i->op == IR_VMAXV))
			acc = x;
	}
	e->d = (union cpu_vec){ .d = { 0, 0 } };
	set(&e->d, i->op == IR_VADDLV ? wider(i->ty) : i->ty, 0, (uint64_t)acc);
}

/* ---- products added up ---- */

static void dot(struct eval *e)
{
	const struct ir_ins *i = e->i;

	for (unsigned k = 0; k < lanes(i); k++) {
		uint64_t sum = get(&e->d, IR_I32, k);

		for (unsigned j = 4 * k; j < 4 * k + 4; j++)
			sum += (uint64_t)(get_ext(&e->a, IR_I8, j, i->fl & IRF_SGN) *
					  get_ext(&e->b, IR_I8, j, i->imm));
		set(&e->d, IR_I32, k, sum);
	}
}

static void dot_bf16(struct eval *e)
{
	for (unsigned k = 0; k < lanes(e->i); k++)
		e->d.s[k] = fp_bf_dot(e->d.s[k], e->a.s[k], e->b.s[k]);
}

static void multiply_halves(struct eval *e)
{
	unsigned n = lanes(e->i), base = e->i->fl & IRF_HI ? n : 0;

	for (unsigned k = 0; k < n; k++) {
		uint16_t x = e->a.h[base + k];

		if (e->i->imm)
			x ^= 0x8000;
		e->d.s[k] = (uint32_t)fp_fma_half(&e->env, x, e->b.h[base + k], e->d.s[k]);
	}
}

static void add_products(struct eval *e)
{
	if (e->i->op == IR_VDOT)
		dot(e);
	else if (e->i->op == IR_VBFDOT)
		dot_bf16(e);
	else
		multiply_halves(e);
	if (!(e->i->fl & IRF_Q))
		e->d.d[1] = 0;
}

/* ---- permutations ---- */

static void permute(struct eval *e)
{
	const struct ir_ins *i = e->i;
	unsigned ty = i->ty, n = lanes(i), size = ir_type_bytes(ty), group;
	union cpu_vec r = { .d = { 0, 0 } };

	for (unsigned k = 0; k < n; k++) {
		bool odd = k & 1;
		unsigned from;
		const union cpu_vec *v;

		switch (i->op) {
		case IR_VZIP1:
		case IR_VZIP2:
			v = odd ? &e->b : &e->a;
			from = k / 2 + (i->op == IR_VZIP2 ? n / 2 : 0);
			break;
		case IR_VUZP1:
		case IR_VUZP2:
			from = 2 * k + (i->op == IR_VUZP2);
			v = from < n ? &e->a : &e->b;
			from %= n;
			break;
		case IR_VTRN1:
		case IR_VTRN2:
			v = odd ? &e->b : &e->a;
			from = (k & ~1u) + (i->op == IR_VTRN2);
			break;
		default: /* IR_VREV */
			group = (1u << i->c) / size;
			v = &e->a;
			from = k ^ (group - 1);
		}
		set(&r, ty, k, get(v, ty, from));
	}
	e->d = r;
}

static void extract(struct eval *e)
{
	unsigned n = e->i->fl & IRF_Q ? 16 : 8;
	union cpu_vec r = { .d = { 0, 0 } };

	for (unsigned k = 0; k < n; k++) {
		unsigned from = k + e->i->c;

		r.b[k] = from < n ? e->a.b[from] : e->b.b[from - n];
	}
	e->d = r;
}

static void table(struct eval *e)
{
	const struct ir_ins *i = e->i;
	unsigned n = i->fl & IRF_Q ? 16 : 8;
	union cpu_vec r = { .d = { 0, 0 } };

	for (unsigned k = 0; k < n; k++) {
		unsigned index = e->b.b[k];

		if (index < 16u * i->c)
			r.b[k] = vec_slot(e, (i->a + index / 16) & 31)->b[index % 16];
		else if (i->op == IR_VTBX)
			r.b[k] = e->d.b[k];
	}
	e->d = r;
}

/* Three registers' lanes as one array: lane k of part c. */
static void by_three(struct eval *e)
{
	const struct ir_ins *i = e->i;
	unsigned n = lanes(i);
	union cpu_vec r = { .d = { 0, 0 } };

	for (unsigned k = 0; k < n; k++) {
		unsigned reg, lane;

		if (i->op == IR_VDEAL3) {
			reg = (3 * k + i->c) / n;
			lane = (3 * k + i->c) % n;
		} else {
			reg = (k + n * i->c) % 3;
			lane = (k + n * i->c) / 3;
		}
		set(&r, i->ty, k, get(vec_slot(e, i->a + reg), i->ty, lane));
	}
	e->d = r;
}

/* ---- memory ---- */

static uint64_t address(const struct eval *e)
{
	const struct ir_ins *i = e->i;
	uint64_t index = i->b == IR_NONE ? 0 : int_read(e, i->b) << i->c;

	index += int_read(e, i->a) + (uint64_t)i->imm;
	/* noted for the fault handler, see eval.c */
	e->cpu->fault.addr = index & ir_data_address(index);
	return ir_data_address(index);
}

static void load(struct eval *e)
{
	const void *p = (const void *)address(e);
	union cpu_vec r = { .d = { 0, 0 } };

	switch (e->i->ty) {
	case IR_I8:
		__builtin_memcpy(&r, p, 1);
		break;
	case IR_I16:
		__builtin_memcpy(&r, p, 2);
		break;
	case IR_I32:
		__builtin_memcpy(&r, p, 4);
		break;
	case IR_I64:
		__builtin_memcpy(&r, p, 8);
		break;
	default:
		__builtin_memcpy(&r, p, 16);
	}
	e->d = r;
}

static void store(struct eval *e)
{
	void *p = (void *)address(e);

	switch (e->i->ty) {
	case IR_I8:
		__builtin_memcpy(p, &e->d, 1);
		break;
	case IR_I16:
		__builtin_memcpy(p, &e->d, 2);
		break;
	case IR_I32:
		__builtin_memcpy(p, &e->d, 4);
		break;
	case IR_I64:
		__builtin_memcpy(p, &e->d, 8);
		break;
	default:
		__builtin_memcpy(p, &e->d, 16);
	}
}

/* ---- the rest ---- */

static uint64_t lane_to_int(const struct eval *e)
{
	const struct ir_ins *i = e->i;
	uint64_t x = get(&e->a, i->ty, i->c);

	if (i->fl & IRF_SX64)
		return (uint64_t)sext(x, lane_bits(i->ty));
	if (i->fl & IRF_SX32)
		return (uint32_t)sext(x, lane_bits(i->ty));
	return x;
}

static void bitwise(struct eval *e)
{
	for (unsigned k = 0; k < 2; k++) {
		uint64_t x = e->a.d[k], y = e->b.d[k], z = e->c.d[k], r;

		switch (e->i->op) {
		case IR_VMOV:
			r = x;
			break;
		case IR_VIMM:
			r = (uint64_t)e->i->imm;
			break;
		case IR_VAND:
			r = x & y;
			break;
		case IR_VANDN:
			r = x & ~y;
			break;
		case IR_VOR:
			r = x | y;
			break;
		case IR_VORN:
			r = x | ~y;
			break;
		case IR_VXOR:
			r = x ^ y;
			break;
		case IR_VNOT:
			r = ~x;
			break;
		default: /* IR_VBSL */
			r = (x & z) | (y & ~z);
		}
		e->d.d[k] = k && !(e->i->fl & IRF_Q) ? 0 : r;
	}
}

static void scalar(struct eval *e, unsigned ty, uint64_t value)
{
	e->d = (union cpu_vec){ .d = { 0, 0 } };
	set(&e->d, ty, 0, value);
}

static void crypto(struct eval *e)
{
	const struct ir_ins *i = e->i;
	union cpu_vec x[4] = { e->d, e->a, e->b, e->c };

	ir_crypto(i->op, x, i->ty, i->imm);
	if (!(i->fl & IRF_Q))
		x[0].d[1] = 0;
	if (i->fl & IRF_ONE)
		x[0].d[0] &= ones(lane_bits(i->ty));
	e->d = x[0];
}

/* Executes the op on e's operands; the vector result goes to e->d. */
static void execute(struct eval *e)
{
	const struct ir_ins *i = e->i;
	union cpu_vec r = { .d = { 0, 0 } };

	switch (i->op) {
	case IR_VMOV:
	case IR_VIMM:
	case IR_VAND:
	case IR_VANDN:
	case IR_VOR:
	case IR_VORN:
	case IR_VXOR:
	case IR_VNOT:
	case IR_VBSL:
		bitwise(e);
		break;
	case IR_LDV:
		load(e);
		break;
	case IR_STV:
		store(e);
		break;
	case IR_VGET:
		int_write(e, i->d, lane_to_int(e));
		break;
	case IR_VFROM:
		scalar(e, i->ty, int_read(e, i->a));
		break;
	case IR_VLANE:
		scalar(e, i->ty, get(&e->a, i->ty, i->c));
		break;
	case IR_LDVDUP:
		load(e);
		e->a = e->d;
		for (unsigned k = 0; k < lanes(i); k++)
			set(&r, i->ty, k, get(&e->a, i->ty, 0));
		e->d = r;
		break;
	case IR_VDUP:
		for (unsigned k = 0; k < lanes(i); k++)
			set(&r, i->ty, k, int_read(e, i->a));
		e->d = r;
		break;
	case IR_VDUPE:
		for (unsigned k = 0; k < lanes(i); k++)
			set(&r, i->ty, k, get(&e->a, i->ty, i->c));
		e->d = r;
		break;
	case IR_VINS:
		set(&e->d, i->ty, i->c, int_read(e, i->a));
		break;
	case IR_VINSE:
		set(&e->d, i->ty, i->c, get(&e->a, i->ty, (unsigned)i->imm));
		break;
	case IR_VXTL:
	case IR_VMULL:
	case IR_VPMULL:
	case IR_VFCVTL:
		widen(e);
		break;
	case IR_VXTN:
	case IR_VQXTN:
	case IR_VFCVTN:
		narrow(e);
		break;
	case IR_VADDLP:
		pairs(e);
		break;
	case IR_VADDV:
	case IR_VADDLV:
	case IR_VMAXV:
	case IR_VMINV:
		across(e);
		break;
	case IR_VZIP1:
	case IR_VZIP2:
	case IR_VUZP1:
	case IR_VUZP2:
	case IR_VTRN1:
	case IR_VTRN2:
	case IR_VREV:
		permute(e);
		break;
	case IR_VEXT:
		extract(e);
		break;
	case IR_VTBL:
	case IR_VTBX:
		table(e);
		break;
	case IR_VDEAL3:
	case IR_VRIFF3:
		by_three(e);
		break;
	case IR_VROR:
	case IR_VSIGMA:
	case IR_VXOR3:
	case IR_VXANDN:
	case IR_VAES:
	case IR_VAESMC:
	case IR_VSHA1:
	case IR_VSHA1S1:
	case IR_VSHA256:
	case IR_VSHA256S0:
	case IR_VSHA256S1:
	case IR_VSHA512:
	case IR_VSM3:
	case IR_VSM4:
		crypto(e);
		break;
	case IR_FCVT:
		scalar(e, i->ty,
		       fp_convert(&e->env, i->ty, i->c, get(&e->a, i->c, 0),
				  FP_ROUND_CURRENT));
		break;
	case IR_FTOI:
		int_write(e, i->d,
			  fp_to_int(&e->env, i->c, get(&e->a, i->c, 0),
				    (enum fp_round)(i->imm & 0xff), (unsigned)(i->imm >> 8),
				    lane_bits(i->ty), i->fl & IRF_SGN));
		break;
	case IR_ITOF:
		scalar(e, i->ty,
		       fp_from_int(&e->env, i->ty, int_read(e, i->a), (unsigned)i->imm,
				   lane_bits(i->c), i->fl & IRF_SGN));
		break;
	case IR_FJCVT: {
		bool exact;

		int_write(e, i->d, fp_to_int_js(&e->env, e->a.d[0], &exact));
		e->cpu->nzcv = CPU_NZCV_NC | (exact ? CPU_NZCV_Z : 0);
		break;
	}
	case IR_VDOT:
	case IR_VBFDOT:
	case IR_VFMLAL:
		add_products(e);
		break;
	case IR_VBFCVT:
		for (unsigned k = 0; k < (i->fl & IRF_ONE ? 1u : 4u); k++)
			r.h[k] = (uint16_t)fp_to_bf(&e->env, e->a.s[k]);
		e->d = r;
		break;
	case IR_FCMP:
		e->cpu->nzcv = compare_flags(e);
		break;
	case IR_FCCMP:
		e->cpu->nzcv = ir_cond_holds(i->c & 15, e->cpu->nzcv) ? compare_flags(e) :
									flags_image(i->c >> 4);
		break;
	case IR_FCSEL:
		scalar(e, i->ty,
		       get(ir_cond_holds(i->c & 15, e->cpu->nzcv) ? &e->a : &e->b, i->ty, 0));
		break;
	case IR_FADD:
	case IR_FSUB:
	case IR_FMUL:
	case IR_FDIV:
	case IR_FMAX:
	case IR_FMIN:
	case IR_FMAXNM:
	case IR_FMINNM:
	case IR_FSQRT:
	case IR_FABS:
	case IR_FNEG:
	case IR_FMA:
	case IR_FRINT:
		scalar(e, i->ty, fp_lane(e, 0));
		break;
	default:
		for (unsigned k = 0; k < lanes(i); k++)
			set(&r, i->ty, k,
			    i->ty >= IR_F16 ? fp_lane(e, k) : int_lane(e, k));
		e->d = r;
	}
}

void ir_eval_vec(const struct ir_ins *ins, struct cpu *cpu, uint64_t temps[5])
{
	const struct ir_op_info *info = &ir_op_info[ins->op];
	struct eval e = { .i = ins, .cpu = cpu, .temps = temps, .env = { .fpcr = cpu->fpcr } };
	union cpu_vec *dest = NULL;

	if (info->d == IR_ROLE_VO || info->d == IR_ROLE_VIO)
		dest = vec_slot(&e, ins->d);
	if (info->d == IR_ROLE_VI || info->d == IR_ROLE_VIO)
		e.d = vec_read(&e, ins->d);
	if (info->a == IR_ROLE_VI)
		e.a = vec_read(&e, ins->a);
	if (info->b == IR_ROLE_VI)
		e.b = vec_read(&e, ins->b);
	if (info->c == IR_ROLE_VI)
		e.c = vec_read(&e, ins->c);
	execute(&e);
	if (dest)
		*dest = e.d;
	if (e.saturated)
		cpu->qc[0].d[0] |= 1;
	cpu->fpsr |= e.env.flags;
}

void ir_eval_args(uint64_t head, int64_t imm, struct cpu *cpu)
{
	struct ir_ins ins = { .imm = imm };
	struct eval e = { .i = &ins, .cpu = cpu, .env = { .fpcr = cpu->fpcr } };

	__builtin_memcpy(&ins, &head, 8);
	e.d = cpu->vargs[0];
	e.a = cpu->vargs[1];
	e.b = cpu->vargs[2];
	e.c = cpu->vargs[3];
	execute(&e);
	cpu->vargs[0] = e.d;
	if (e.saturated)
		cpu->qc[0].d[0] |= 1;
	cpu->fpsr |= e.env.flags;
}
