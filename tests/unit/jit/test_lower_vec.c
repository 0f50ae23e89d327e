/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Vector and floating-point ops: what the lowering makes of them against what the evaluator
 * says, on random and corner operands in all placements, under each level of host features
 * and each rounding mode. A run that leaves to the evaluator, by an exit or because the host
 * raised Invalid, must have changed nothing. One seed, printed; SEED=n repeats a run.
 */
#include "tests/lib/unit.h"

#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "guest/a64/cpu.h"
#include "jit/cache/codemem.h"
#include "jit/ir/softfloat.h"
#include "jit/x86/lower-internal.h"

#define PAGE 0x10000u
#define DATA_SIZE 512
#define FAULTED 0x7f

static struct codemem code;
/* With the first sixteen registers, and with all of AVX-512's. */
static struct lower_map maps[2];
static struct lower_stubs all_stubs[2];
static struct lower_stubs stubs;
static struct lower lower;
static struct ir_region region;
static struct cpu *cpu, *expected, *start;
static uint8_t *data, *shadow;
static uint64_t rng;
static unsigned tested[IR_OP_COUNT], left[IR_OP_COUNT], trapped[IR_OP_COUNT];
static const char *level_name;
static bool halves; /* the op calculates with half precision, if it can */

static uint64_t pick(unsigned n)
{
	return (unit_random(&rng) >> 20) % n;
}

static bool maybe(unsigned n)
{
	return pick(n) == 0;
}

static uint64_t int_lane(unsigned bits)
{
	uint64_t ones = ~(uint64_t)0 >> (64 - bits), top = (uint64_t)1 << (bits - 1);
	uint64_t x = unit_random(&rng);

	switch (pick(8)) {
	case 0: return 0;
	case 1: return ones;
	case 2: return top;
	case 3: return top - 1;
	case 4: return pick(9) - 4 + (maybe(2) ? top : 0);
	case 5: return pick(2 * bits + 7) - bits - 3; /* a count to shift by */
	default: return x;
	}
}

static uint64_t fp_lane(unsigned bits)
{
	bool d = bits == 64;
	unsigned frac = d ? 52 : bits == 32 ? 23 : 10;
	unsigned bias = d ? 1023 : bits == 32 ? 127 : 15;
	uint64_t sign = (uint64_t)pick(2) << (bits - 1), x = unit_random(&rng);
	uint64_t ones = ((uint64_t)1 << frac) - 1, emax = 2 * (uint64_t)bias + 1;

	switch (pick(24)) {
	case 0: return sign;
	case 1: return sign | emax << frac;
	case 2: return maybe(2) ? sign | emax << frac | (uint64_t)1 << (frac - 1) | (x & ones) : x;
	case 3: return maybe(3) ? sign | emax << frac | (x & (ones >> 1)) | 1 : x;
	case 4: return sign | (x & ones);
	case 5: return sign | (emax - 1) << frac | (maybe(2) ? ones : x & ones);
	case 6: return sign | (uint64_t)1 << frac | (x & ones);
	case 7: return sign | (bias + pick(70)) << frac | (x & ones);
	case 8: return sign | (bias + pick(3) - 1) << frac | (maybe(2) ? 0 : (uint64_t)1 << pick(frac));
	case 9: return x;
	default: return sign | (bias - 8 + pick(bits == 16 ? 16 : 40)) << frac | (maybe(3) ? 0 : x & ones);
	}
}

static union cpu_vec vector(bool fp)
{
	union cpu_vec v;
	unsigned ty = fp ? (unsigned)pick(3) + 1 : (unsigned)pick(4);

	if (fp && halves)
		ty = 1;
	else if (fp && ty == 1 && !maybe(4))
		ty = 2;
	for (unsigned i = 0; i < 16u >> ty; i++) {
		uint64_t x = fp ? fp_lane(8u << ty) : int_lane(8u << ty);

		memcpy(&v.b[i << ty], &x, 1u << ty);
	}
	if (maybe(3))
		v.d[1] = 0;
	return v;
}

/* ---- operands ---- */

/* Pinned registers and others; the temporaries are written first. */
static unsigned vslot(void)
{
	static const uint8_t slots[] = { 0, 1, 2, 7, 16, 19, 8, 9, 20, 25, 30, 31,
					 IR_VT0, IR_VT0 + 1 };

	return slots[pick(sizeof(slots))];
}

static unsigned islot(void)
{
	static const uint8_t slots[] = { 0, 1, 5, 19, 22, IR_SP, 6, 7, 18, 30, IR_T0 };

	return slots[pick(sizeof(slots))];
}

static struct ir_builder b = { .region = &region };

static void emit(unsigned op, unsigned ty, unsigned fl, unsigned d, unsigned ra, unsigned rb,
		 unsigned c, int64_t imm)
{
	ir_emit(&b, (enum ir_op)op, ty, fl, d, ra, rb, c, imm);
}

static unsigned q(void)
{
	return maybe(2) ? IRF_Q : 0;
}

static unsigned fp_width(unsigned ty)
{
	switch (pick(3)) {
	case 0: return IRF_Q;
	case 1: return ty == IR_F64 ? 0 : IRF_ONE;
	default: return ty == IR_F64 ? IRF_Q : 0;
	}
}

static unsigned sgn(void)
{
	return maybe(2) ? IRF_SGN : 0;
}

static void emit_memory(unsigned op)
{
	static const int64_t far[] = { 0, 0, 8, -8, 127, -129, 4095, -65536, 0x7ffffff8 };
	uint64_t at = (uint64_t)(uintptr_t)data + 128 + pick(64);
	int64_t imm = far[pick(9)];
	unsigned base = islot(), index = IR_NONE, scale = 0, ty = IR_I8 + (unsigned)pick(5);
	uint64_t offset = 0;

	if (op == IR_LDVDUP)
		ty = IR_I8 + (unsigned)pick(4);
	while (base == IR_T0)
		base = islot();
	if (maybe(2)) {
		do
			index = islot();
		while (index == base || index == IR_T0);
		scale = (unsigned)pick(5);
		start->r[index] = pick(64);
		offset = start->r[index] << scale;
	}
	start->r[base] = at - offset - (uint64_t)imm;
	emit(op, ty, op == IR_LDVDUP ? q() : 0, vslot(), base, index, scale, imm);
}

/* Rounds that may go together, with exceptions at random. */
static void emit_aes(unsigned d, unsigned ra, unsigned rb, unsigned rc)
{
	int64_t inverse = (int64_t)pick(2);

	if (d >= IR_VT0) {
		emit(IR_VAES, IR_I8, IRF_Q, d, ra, rb, IR_NONE, inverse);
		return;
	}
	emit(IR_VAES, IR_I8, IRF_Q, d, maybe(2) ? ra : d, rb, IR_NONE, inverse);
	for (unsigned n = (unsigned)pick(4); n; n--) {
		unsigned key = maybe(3) ? rc : vslot();
		bool swap = maybe(4);

		emit(IR_VAESMC, IR_I8, IRF_Q, d, maybe(8) ? ra : d, IR_NONE, IR_NONE,
		     maybe(12) ? !inverse : inverse);
		emit(IR_VAES, IR_I8, IRF_Q, d, swap ? key : d, swap ? d : key, IR_NONE,
		     maybe(12) ? !inverse : inverse);
	}
	if (maybe(2))
		emit(IR_VXOR, IR_I64, maybe(8) ? 0 : IRF_Q, d, maybe(3) ? d : rc,
		     maybe(3) ? d : rb, IR_NONE, 0);
}

/* The op under test; false: this file does not know it. */
static bool emit_op(unsigned op)
{
	unsigned d = vslot(), ra = vslot(), rb = vslot(), rc = vslot();
	unsigned ity = IR_I8 + (unsigned)pick(4), fty = halves ? (unsigned)IR_F16 : IR_F32 + (unsigned)pick(2);
	unsigned small = IR_I8 + (unsigned)pick(3), n, fl;

	if (maybe(4))
		d = ra;
	if (maybe(5))
		d = rb;
	if (maybe(6))
		ra = rb;
	switch (op) {
	case IR_VMOV:
	case IR_VNOT: emit(op, IR_I64, q(), d, ra, IR_NONE, IR_NONE, 0); return true;
	case IR_VIMM:
		emit(op, IR_I64, q(), d, IR_NONE, IR_NONE, IR_NONE, (int64_t)int_lane(64));
		return true;
	case IR_LDV:
	case IR_STV:
	case IR_LDVDUP: emit_memory(op); return true;
	case IR_VFROM: emit(op, ity, 0, d, islot(), IR_NONE, IR_NONE, 0); return ity >= IR_I32;
	case IR_VGET:
		fl = maybe(2) ? 0 : maybe(2) ? IRF_SX64 : IRF_SX32;
		if (ity == IR_I64 || (ity == IR_I32 && fl == IRF_SX32))
			fl = 0;
		emit(op, ity, fl, islot(), ra, IR_NONE, (unsigned)pick(16u >> ity), 0);
		return true;
	case IR_VDUP: emit(op, ity, q(), d, islot(), IR_NONE, IR_NONE, 0); return true;
	case IR_VDUPE: emit(op, ity, q(), d, ra, IR_NONE, (unsigned)pick(16u >> ity), 0); return true;
	case IR_VLANE: emit(op, ity, 0, d, ra, IR_NONE, (unsigned)pick(16u >> ity), 0); return true;
	case IR_VINS:
		emit(op, ity, IRF_Q, d, maybe(8) ? IR_ZERO : islot(), IR_NONE,
		     (unsigned)pick(16u >> ity), 0);
		return true;
	case IR_VINSE:
		emit(op, ity, IRF_Q, d, ra, IR_NONE, (unsigned)pick(16u >> ity),
		     (int64_t)pick(16u >> ity));
		return true;
	case IR_VAND:
	case IR_VANDN:
	case IR_VOR:
	case IR_VORN:
	case IR_VXOR: emit(op, IR_I64, q(), d, ra, rb, IR_NONE, 0); return true;
	case IR_VBSL:
		emit(op, IR_I64, q(), maybe(3) ? rc : d, ra, rb, rc, 0);
		return true;
	case IR_VADD:
	case IR_VSUB:
		emit(op, ity, q(), d, maybe(6) ? IR_ZERO : ra, rb, IR_NONE, 0);
		return true;
	case IR_VMUL: emit(op, small, q(), d, ra, rb, IR_NONE, 0); return true;
	case IR_VABS: emit(op, ity, q(), d, ra, IR_NONE, IR_NONE, 0); return true;
	case IR_VMAX:
	case IR_VMIN:
	case IR_VABD: emit(op, small, q() | sgn(), d, ra, rb, IR_NONE, 0); return true;
	case IR_VAVG:
		emit(op, IR_I8 + (unsigned)pick(2), q(), d, ra, rb, IR_NONE, 0);
		return true;
	case IR_VCMEQ:
	case IR_VCMGT:
	case IR_VCMGE:
	case IR_VCMTST:
		n = (unsigned)pick(6);
		emit(op, ity, q() | sgn(), d, n == 0 ? IR_ZERO : ra, n == 1 ? IR_ZERO : rb,
		     IR_NONE, 0);
		return true;
	case IR_VSHLV:
	case IR_VRSHLV: emit(op, ity, q() | sgn(), d, ra, rb, IR_NONE, 0); return true;
	case IR_VQADD:
	case IR_VQSUB:
	case IR_VQADDX:
	case IR_VQSHLV:
	case IR_VQRSHLV:
		fl = maybe(3) ? IRF_ONE : q();
		emit(op, ity, fl | sgn(), d, maybe(8) ? IR_ZERO : ra, rb, IR_NONE, 0);
		return true;
	case IR_VQDMULH:
	case IR_VQRDMLAH:
		fl = maybe(3) ? IRF_ONE : q();
		emit(op, IR_I16 + (unsigned)pick(2), fl | IRF_SGN, d, ra, rb, IR_NONE,
		     (int64_t)pick(2));
		return true;
	case IR_VSHL:
		emit(op, ity, q(), d, ra, IR_NONE, IR_NONE, (int64_t)pick(8u << ity));
		return true;
	case IR_VQSHL:
	case IR_VQSHLU:
		fl = maybe(3) ? IRF_ONE : q();
		emit(op, ity, fl | (op == IR_VQSHL ? sgn() : IRF_SGN), d, ra, IR_NONE, IR_NONE,
		     (int64_t)pick(8u << ity));
		return true;
	case IR_VSHR:
		emit(op, ity, q() | sgn(), d, ra, IR_NONE, IR_NONE,
		     1 + (int64_t)pick(8u << ity));
		return true;
	case IR_VPMUL:
	case IR_VCNT:
	case IR_VRBIT: emit(op, IR_I8, q(), d, ra, op == IR_VPMUL ? rb : IR_NONE, IR_NONE, 0); return true;
	case IR_VDOT: emit(op, IR_I32, q() | sgn(), d, ra, rb, IR_NONE, (int64_t)pick(2)); return true;
	case IR_VBFDOT: emit(op, IR_F32, q(), d, ra, rb, IR_NONE, 0); return true;
	case IR_VBFCVT:
		emit(op, IR_I16, maybe(3) ? IRF_ONE : 0, d, ra, IR_NONE, IR_NONE, 0);
		return true;
	case IR_VFMLAL:
		emit(op, IR_F32, q() | (maybe(2) ? IRF_HI : 0), d, ra, rb, IR_NONE, (int64_t)pick(2));
		return true;
	case IR_FJCVT: emit(op, IR_I32, 0, islot(), ra, IR_NONE, IR_NONE, 0); return true;
	case IR_VCLZ:
	case IR_VCLS: emit(op, small, q(), d, ra, IR_NONE, IR_NONE, 0); return true;
	case IR_VREV:
		n = 1 + (unsigned)pick(3);
		emit(op, IR_I8 + (unsigned)pick(n), q(), d, ra, IR_NONE, n, 0);
		return true;
	case IR_VXTL:
	case IR_VMULL:
		fl = IRF_Q | sgn() | (maybe(2) ? IRF_HI : 0);
		emit(op, small, fl, d, ra, op == IR_VXTL ? IR_NONE : rb, IR_NONE, 0);
		return true;
	case IR_VPMULL:
		emit(op, maybe(2) ? IR_I8 : IR_I64, IRF_Q | (maybe(2) ? IRF_HI : 0), d, ra, rb,
		     IR_NONE, 0);
		return true;
	case IR_VXTN: emit(op, small, 0, d, ra, IR_NONE, IR_NONE, 0); return true;
	case IR_VQXTN:
		fl = sgn();
		emit(op, small, fl | (maybe(3) ? IRF_ONE : 0), d, ra, IR_NONE, IR_NONE,
		     fl ? (int64_t)pick(2) : 0);
		return true;
	case IR_VADDLP: emit(op, small, q() | sgn(), d, ra, IR_NONE, IR_NONE, 0); return true;
	case IR_VADDV:
	case IR_VADDLV:
	case IR_VMAXV:
	case IR_VMINV:
		emit(op, small, (small == IR_I32 ? IRF_Q : q()) | sgn(), d, ra, IR_NONE, IR_NONE, 0);
		return true;
	case IR_VEXT:
		fl = q();
		emit(op, IR_I8, fl, d, ra, rb, (unsigned)pick(fl ? 16 : 8), 0);
		return true;
	case IR_VZIP1:
	case IR_VZIP2:
	case IR_VUZP1:
	case IR_VUZP2:
	case IR_VTRN1:
	case IR_VTRN2:
		emit(op, ity, ity == IR_I64 ? IRF_Q : q(), d, ra,
		     maybe(8) && (op == IR_VUZP1 || op == IR_VUZP2) ? IR_ZERO : rb, IR_NONE, 0);
		return true;
	case IR_VTBL:
	case IR_VTBX: {
		static const uint8_t tables[] = { 0, 1, 6, 7, 18, 30, 31, 15 };

		emit(op, IR_I8, q(), maybe(3) ? (unsigned)pick(9) : d, tables[pick(8)], rb,
		     1 + (unsigned)pick(4), 0);
		return true;
	}
	case IR_VDEAL3:
	case IR_VRIFF3: {
		fl = ity == IR_I64 ? IRF_Q : q();
		emit(op, ity, fl, d, maybe(2) ? IR_VT0 : IR_VT0 + 4, IR_NONE, (unsigned)pick(3), 0);
		return true;
	}
	case IR_FADD:
	case IR_FSUB:
	case IR_FMUL:
	case IR_FDIV:
	case IR_FMAX:
	case IR_FMIN:
	case IR_FMAXNM:
	case IR_FMINNM: emit(op, fty, 0, d, ra, rb, IR_NONE, 0); return true;
	case IR_FSQRT:
	case IR_FABS:
	case IR_FNEG: emit(op, fty, 0, d, ra, IR_NONE, IR_NONE, 0); return true;
	case IR_FMA: emit(op, fty, 0, maybe(2) ? rc : d, ra, rb, rc, (int64_t)pick(4)); return true;
	case IR_FRINT: emit(op, fty, 0, d, ra, IR_NONE, IR_NONE, (int64_t)pick(7)); return true;
	case IR_FCVT:
		n = IR_F16 + (unsigned)pick(3);
		fty = IR_F16 + (unsigned)pick(3);
		emit(op, fty, 0, d, ra, IR_NONE, n, 0);
		return n != fty;
	case IR_FTOI:
		n = IR_I32 + (unsigned)pick(2);
		emit(op, n, sgn(), islot(), ra, IR_NONE, fty,
		     maybe(3) ? FP_ROUND_ZERO | (int64_t)(1 + pick(8u << n)) << 8 : (int64_t)pick(5));
		return true;
	case IR_ITOF:
		n = IR_I32 + (unsigned)pick(2);
		emit(op, fty, sgn(), d, maybe(8) ? IR_ZERO : islot(), IR_NONE, n,
		     maybe(3) ? 1 + (int64_t)pick(8u << n) : 0);
		return true;
	case IR_FCMP:
		emit(op, fty, 0, IR_NONE, ra, maybe(4) ? IR_ZERO : rb, IR_NONE, (int64_t)pick(2));
		return true;
	case IR_FCCMP:
		emit(op, fty, 0, IR_NONE, ra, rb, (unsigned)pick(256), (int64_t)pick(2));
		return true;
	case IR_FCSEL: emit(op, fty, 0, d, ra, rb, (unsigned)pick(16), 0); return true;
	case IR_VFADD:
	case IR_VFSUB:
	case IR_VFMUL:
	case IR_VFMULX:
	case IR_VFMAX:
	case IR_VFMIN:
	case IR_VFMAXNM:
	case IR_VFMINNM:
	case IR_VFRECPS:
	case IR_VFRSQRTS: emit(op, fty, fp_width(fty), d, ra, rb, IR_NONE, 0); return true;
	case IR_VFDIV: emit(op, fty, fty == IR_F64 ? IRF_Q : q(), d, ra, rb, IR_NONE, 0); return true;
	case IR_VFCMEQ:
	case IR_VFCMGE:
	case IR_VFCMGT:
		n = (unsigned)pick(6);
		emit(op, fty, fp_width(fty), d, n == 0 ? IR_ZERO : ra, n == 1 ? IR_ZERO : rb,
		     IR_NONE, 0);
		return true;
	case IR_VFSQRT:
	case IR_VFABS:
	case IR_VFNEG:
	case IR_VFRECPE:
	case IR_VFRSQRTE: emit(op, fty, fp_width(fty), d, ra, IR_NONE, IR_NONE, 0); return true;
	case IR_VFRECPX: emit(op, fty, fty == IR_F64 ? 0 : IRF_ONE, d, ra, IR_NONE, IR_NONE, 0); return true;
	case IR_VURECPE:
	case IR_VURSQRTE: emit(op, IR_I32, q(), d, ra, IR_NONE, IR_NONE, 0); return true;
	case IR_VFMA:
		emit(op, fty, fty == IR_F64 ? IRF_Q : q(), maybe(2) ? rc : d, ra, rb, rc,
		     (int64_t)pick(2));
		return true;
	case IR_VFRINT: emit(op, fty, fp_width(fty), d, ra, IR_NONE, IR_NONE, (int64_t)pick(7)); return true;
	case IR_VFTOI:
		emit(op, fty, fp_width(fty) | sgn(), d, ra, IR_NONE, IR_NONE,
		     maybe(3) ? FP_ROUND_ZERO | (int64_t)(1 + pick(16u << (fty - IR_F16))) << 8 :
				(int64_t)pick(5));
		return true;
	case IR_VITOF:
		emit(op, fty, fp_width(fty) | sgn(), d, ra, IR_NONE, IR_NONE,
		     maybe(3) ? 1 + (int64_t)pick(16u << (fty - IR_F16)) : 0);
		return true;
	case IR_VFCVTL:
		emit(op, IR_F16 + (unsigned)pick(2), IRF_Q | (maybe(2) ? IRF_HI : 0), d, ra,
		     IR_NONE, IR_NONE, 0);
		return true;
	case IR_VFCVTN:
		n = IR_F16 + (unsigned)pick(2);
		emit(op, n, 0, d, ra, IR_NONE, IR_NONE,
		     n == IR_F32 && maybe(4) ? FP_ROUND_ODD : FP_ROUND_CURRENT);
		return true;
	case IR_VROR:
		n = IR_I32 + (unsigned)pick(2);
		fl = maybe(3) && n == IR_I32 ? IRF_ONE : IRF_Q;
		emit(op, n, fl, d, ra, IR_NONE, IR_NONE, 1 + (int64_t)pick((8u << n) - 1));
		return true;
	case IR_VSIGMA:
		n = IR_I32 + (unsigned)pick(2);
		emit(op, n, IRF_Q, d, ra, IR_NONE, IR_NONE,
		     IR_SIGMA(maybe(3) ? 0 : 1 + pick((8u << n) - 1), 1 + pick((8u << n) - 1),
			      1 + pick((8u << n) - 1)) |
			     (maybe(2) ? IR_SIGMA_SHIFT : 0));
		return true;
	case IR_VXOR3:
	case IR_VXANDN: emit(op, IR_I64, IRF_Q, maybe(3) ? rc : d, ra, rb, rc, 0); return true;
	case IR_VAES: emit_aes(d, ra, rb, rc); return true;
	case IR_VAESMC:
		emit(op, IR_I8, IRF_Q, d, ra, IR_NONE, IR_NONE, (int64_t)pick(2));
		return true;
	case IR_VSHA1:
		emit(op, IR_I32, IRF_Q, d, ra, rb, IR_NONE, (int64_t)pick(3));
		return true;
	case IR_VSHA256:
		emit(op, IR_I32, IRF_Q, maybe(3) ? rc : d, ra, rb, rc, (int64_t)pick(2));
		return true;
	case IR_VSHA1S1:
	case IR_VSHA256S0:
	case IR_VSHA256S1: emit(op, IR_I32, IRF_Q, d, ra, rb, IR_NONE, 0); return true;
	case IR_VSHA512:
		emit(op, IR_I64, IRF_Q, d, ra, rb, IR_VT0, (int64_t)pick(2));
		return d != IR_VT0 && ra != IR_VT0 && rb != IR_VT0;
	case IR_VSM3:
		emit(op, IR_I32, IRF_Q, d, ra, rb, IR_NONE, (int64_t)(pick(4) << 4 | pick(4)));
		return true;
	case IR_VSM4: emit(op, IR_I32, IRF_Q, d, ra, rb, IR_NONE, (int64_t)pick(2)); return true;
	default: return false;
	}
}

/* ---- regions ---- */

static void make_start(bool fp)
{
	static const uint16_t images[] = { 0, CPU_NZCV_N | CPU_NZCV_NC, CPU_NZCV_Z, CPU_NZCV_V };

	memset(start, 0, offsetof(struct cpu, jump_cache));
	for (unsigned i = 0; i < 32; i++) {
		start->r[i] = int_lane(maybe(2) ? 64 : 32);
		start->v[i] = vector(fp);
	}
	start->nzcv = images[pick(4)];
	cpu_set_fpcr(start, (uint32_t)pick(4) << 22);
	start->pc = PAGE;
	start->shadow_top = start->shadow_sp = (uint64_t)(uintptr_t)shadow + 4096;
	start->shadow_base = (uint64_t)(uintptr_t)shadow;
	for (unsigned i = 0; i < DATA_SIZE; i += 8) {
		uint64_t v = int_lane(64);

		memcpy(data + i, &v, 8);
	}
}

static bool is_temp(unsigned slot)
{
	return slot >= IR_VT0 && slot < IR_VEC_COUNT;
}

/* Results that are known to be narrow go before, flags of some kind live across. */
static bool make_region(unsigned op)
{
	static const uint8_t producer[] = { IR_SUB, IR_ADD, IR_AND };
	struct ir_block *k = &region.block[0];
	const struct ir_ins *i;
	unsigned first, producers;

	halves = maybe(3);
	make_start(maybe(2) || (ir_op_info[op].attr & IR_A_TRAP));
	region.page = PAGE;
	region.nops = 0;
	region.nblocks = 1;
	region.ninsns = 4;
	*k = (struct ir_block){ .pc = PAGE, .next_pc = PAGE + 16, .insns = 4 };
	b.at = 0;
	producers = (unsigned)pick(4);
	if (producers < 3 && op != IR_LDV && op != IR_STV && op != IR_LDVDUP)
		emit(producer[producers], IR_I64, IRF_SETF, IR_ZERO, 0, 1, 0, 0);
	b.at = 4;
	for (unsigned n = 0; n < 4; n++)
		if (maybe(2)) {
			unsigned s = vslot();

			if (!is_temp(s))
				emit(IR_VLANE, maybe(2) ? IR_I64 : IR_I32, 0, s, s, IR_NONE, 0, 0);
		}
	b.at = 8;
	for (unsigned t = 0; t < 8; t++)
		emit(IR_VMOV, IR_I64, maybe(4) ? 0 : IRF_Q, IR_VT0 + t, 10 + t, IR_NONE, IR_NONE, 0);
	emit(IR_MOV, IR_I64, 0, IR_T0, 3, IR_NONE, IR_NONE, 0);
	first = region.nops;
	if (!emit_op(op))
		return false;
	i = &region.ins[first];
	if ((ir_op_info[op].d == IR_ROLE_VO || ir_op_info[op].d == IR_ROLE_VIO) && is_temp(i->d))
		emit(IR_VMOV, IR_I64, IRF_Q, 3, i->d, IR_NONE, IR_NONE, 0);
	if (ir_op_info[op].d == IR_ROLE_O && i->d == IR_T0)
		emit(IR_MOV, IR_I64, 0, 4, IR_T0, IR_NONE, IR_NONE, 0);
	b.at = 12;
	if (maybe(2))
		emit(IR_CSEL, IR_I64, 0, 2, 1, 4, (unsigned)pick(14), 0);
	emit(IR_BRK, IR_I64, 0, IR_NONE, IR_NONE, IR_NONE, IR_NONE, 1);
	k->count = (uint16_t)region.nops;
	return true;
}

/* ---- running ---- */

static void on_fpe(int signo, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	(void)signo;
	(void)info;
	uc->uc_mcontext.fpregs->mxcsr &= ~1u;
	uc->uc_mcontext.gregs[REG_RAX] = FAULTED;
	uc->uc_mcontext.gregs[REG_RIP] = (greg_t)stubs.exit;
}

__attribute__((target("general-regs-only"), noipa)) static unsigned run(uint64_t entry)
{
	uint32_t mxcsr = 0;
	unsigned reason;

	__asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
	((void (*)(struct cpu *))stubs.vec_load)(cpu);
	reason = ((unsigned (*)(struct cpu *, uint64_t))stubs.enter)(cpu, entry);
	((void (*)(struct cpu *))stubs.vec_store)(cpu);
	__asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
	return reason;
}

static void show(const char *what, const struct cpu *got, const struct cpu *want)
{
	static char text[16384];

	ir_dump(text, sizeof(text), &region);
	print_error("%s (host %s, fpcr %#x)\n%s", what, level_name, start->fpcr, text);
	for (unsigned i = 0; i < 32; i++) {
		print_error("v%-2u %016llx:%016llx", i, (unsigned long long)start->v[i].d[1],
			    (unsigned long long)start->v[i].d[0]);
		if (memcmp(&got->v[i], &want->v[i], 16))
			print_error("  got %016llx:%016llx want %016llx:%016llx",
				    (unsigned long long)got->v[i].d[1],
				    (unsigned long long)got->v[i].d[0],
				    (unsigned long long)want->v[i].d[1],
				    (unsigned long long)want->v[i].d[0]);
		print_error("  r%-2u %#llx", i, (unsigned long long)start->r[i]);
		if (got->r[i] != want->r[i])
			print_error(" got %#llx want %#llx", (unsigned long long)got->r[i],
				    (unsigned long long)want->r[i]);
		print_error("\n");
	}
	print_error("nzcv %#x got %#x want %#x, fpsr got %#x want %#x\n", start->nzcv, got->nzcv,
		    want->nzcv, cpu_get_fpsr(got), cpu_get_fpsr(want));
	for (unsigned i = 0; i < (unsigned)(lower.hot.p - lower.start); i++)
		print_error("%02x ", lower.start[i]);
	print_error("\n");
	fail();
}

static void run_one(unsigned op, const struct x86_features *feat)
{
	static uint8_t before[DATA_SIZE], after[DATA_SIZE];
	char message[120];
	unsigned reason;
	uint32_t sticky, full;

	if (ir_verify(&region, message, sizeof(message)))
		show(message, start, start);
	memcpy(expected, start, offsetof(struct cpu, jump_cache));
	memcpy(cpu, start, offsetof(struct cpu, jump_cache));
	for (unsigned n = 0; n < region.nops; n++)
		region.ins[n].live = IR_FLAGS;
	lower.feat = feat;
	lower.map = &maps[feat->avx512vl];
	stubs = all_stubs[feat->avx512vl];
	lower.stubs = &stubs;
	codemem_reset(&code);
	lower.hot = (struct x86_buf){ .p = code.hot, .end = code.hot_end, .rx = code.rx };
	lower.cold = (struct x86_buf){ .p = code.cold, .end = code.cold_end, .rx = code.rx };
	assert_int_equal(lower_region(&lower, &region), 0);

	memcpy(before, data, DATA_SIZE);
	assert_int_equal(ir_eval(&region, 0, expected), IR_EVAL_BRK);
	full = cpu_get_fpsr(expected);
	memcpy(after, data, DATA_SIZE);
	memcpy(data, before, DATA_SIZE);
	reason = run((uint64_t)((intptr_t)lower.entry[0] + code.rx));
	tested[op]++;
	if (reason == LOWER_EXIT_INTERP || reason == FAULTED) {
		/* Only the instructions before the op's have run. */
		struct ir_block *k = &region.block[0];
		unsigned ops = 0;

		while (region.at[ops] < 8)
			ops++;
		k->count = (uint16_t)(ops + 1);
		region.ins[ops] = region.ins[region.nops - 1];
		memcpy(expected, start, offsetof(struct cpu, jump_cache));
		memcpy(data, before, DATA_SIZE);
		ir_eval(&region, 0, expected);
		k->count = (uint16_t)region.nops;
		if (reason == FAULTED)
			trapped[op]++;
		else
			left[op]++;
		/* Only the exits save the flags themselves. */
		cpu->nzcv = reason == FAULTED ? expected->nzcv : cpu->nzcv;
	} else if (reason != LOWER_EXIT_BRK) {
		show("exit", cpu, expected);
	}
	if (memcmp(data, reason == LOWER_EXIT_BRK ? after : before, DATA_SIZE))
		show("memory", cpu, expected);
	if (memcmp(cpu->v, expected->v, sizeof(cpu->v)))
		show("vectors", cpu, expected);
	if (memcmp(cpu->r, expected->r, sizeof(cpu->r)))
		show("registers", cpu, expected);
	if ((cpu->nzcv ^ expected->nzcv) & 0xc101)
		show("nzcv", cpu, expected);
	sticky = cpu_get_fpsr(cpu) ^ cpu_get_fpsr(expected);
	/* Tiny before or after rounding is where the architectures differ. */
	if (reason != LOWER_EXIT_BRK)
		sticky &= ~full; /* what it sets in the end it may have set before */
	if (sticky & ~FPSR_UFC)
		show("fpsr", cpu, expected);
}

/* Has it a lowering, or is it a call of the evaluator? */
static bool has_code(unsigned op)
{
	struct ir_ins i = { .op = op };

	return lower_table[op] || lower_callable(&i);
}

static void test_all(void **state)
{
	static const char *const level[] = { NULL, "sse4.2", "sse4.2-crypto", "avx", "avx2" };
	const char *only = getenv("OP");
	struct sigaction sa = { .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
	struct x86_features feat;
	unsigned rounds = 600, without = 0;

	(void)state;
	/* cmocka has one of its own until here. */
	sa.sa_sigaction = on_fpe;
	sigaction(SIGFPE, &sa, NULL);
	if (getenv("ROUNDS"))
		rounds = (unsigned)atoi(getenv("ROUNDS"));
	for (unsigned f = 0; f < sizeof(level) / sizeof(level[0]); f++) {
		assert_int_equal(x86_features_read(&feat, level[f]), 0);
		level_name = level[f] ? level[f] : "as it is";
		for (unsigned op = IR_VMOV; op < IR_OP_COUNT; op++) {
			if (only && strcmp(only, ir_op_info[op].name))
				continue;
			if (!has_code(op)) {
				without += f == 0;
				if (f == 0)
					printf("# %s is always evaluated\n", ir_op_info[op].name);
				continue;
			}
			for (unsigned n = 0; n < rounds; n++)
				if (make_region(op))
					run_one(op, &feat);
		}
	}
	for (unsigned op = IR_VMOV; op < IR_OP_COUNT; op++) {
		if (!has_code(op) || (only && strcmp(only, ir_op_info[op].name)))
			continue;
		if (!tested[op])
			print_error("%s is not tested\n", ir_op_info[op].name);
		assert_true(tested[op]);
		if (left[op] || trapped[op])
			printf("# %s: %u runs, %u left, %u trapped\n", ir_op_info[op].name,
			       tested[op], left[op], trapped[op]);
		/* Something must have been compared. */
		assert_true(left[op] + trapped[op] < tested[op]);
	}
	printf("# %u ops without a lowering\n", without);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
	};
	stack_t ss = { .ss_size = 64 << 10 };
	struct x86_buf buf;

	ir_helpers = a64_arch.helpers;
	rng = unit_seed(0x5eed);
	cpu = aligned_alloc(64, sizeof(*cpu));
	expected = aligned_alloc(64, sizeof(*cpu));
	start = aligned_alloc(64, sizeof(*cpu));
	data = aligned_alloc(64, DATA_SIZE);
	shadow = aligned_alloc(64, 8192);
	ss.ss_sp = malloc(ss.ss_size);
	if (!cpu || !expected || !start || !data || !shadow || !ss.ss_sp ||
	    codemem_init(&code, 1 << 20) || sigaltstack(&ss, NULL))
		return 1;
	memset(cpu, 0, sizeof(*cpu));
	memset(expected, 0, sizeof(*cpu));
	memset(shadow, 0, 8192);
	buf = (struct x86_buf){ .p = code.hot, .end = code.hot_end, .rx = code.rx };
	for (unsigned n = 0; n < 2; n++) {
		lower_map_init(&maps[n], a64_arch.map.pinned, a64_arch.map.npinned,
			       a64_arch.map.vpinned, a64_arch.map.nvpinned);
		if (n)
			lower_map_high(&maps[n], a64_arch.map.vhigh, a64_arch.map.nvhigh);
		lower_stubs(&all_stubs[n], &buf, &maps[n]);
	}
	code.hot = buf.p;
	codemem_keep(&code);
	return cmocka_run_group_tests_name("jit/x86 vector lowering", tests, NULL, NULL);
}
