/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * All operations on lanes of 8 bits with all operands: 65536 pairs, and all 16-bit lanes of
 * those that narrow. The definitions are plain C on integers.
 */
#include "loop.h"

#define S8(x) ((int)(int8_t)(x))
#define U8(x) ((int)(uint8_t)(x))

static bool saturated; /* QC of the lane at hand */

static int clamp(int64_t x, int64_t low, int64_t high)
{
	saturated |= x < low || x > high;
	return (int)(x < low ? low : x > high ? high : x);
}

static int sat_s8(int64_t x) { return clamp(x, -128, 127); }
static int sat_u8(int64_t x) { return clamp(x, 0, 255); }

/* x * 2^by, rounded down or to nearest when by is negative */
static int64_t scale(int64_t x, int by, bool round)
{
	if (by > 40)
		by = 40;
	if (by < -40)
		by = -40;
	if (by >= 0)
		return x * ((int64_t)1 << by);
	return (x + (round ? (int64_t)1 << (-by - 1) : 0)) >> -by;
}

static int polynomial(int a, int b)
{
	int r = 0;

	for (int n = 0; n < 8; n++)
		r ^= b >> n & 1 ? a << n : 0;
	return r;
}

static int leading(int x, int bit)
{
	int n = 0;

	while (n < 8 && (x >> (7 - n) & 1) == bit)
		n++;
	return n;
}

static int ones(int x)
{
	return __builtin_popcount((unsigned)x & 255);
}

static int reversed(int x)
{
	int r = 0;

	for (int n = 0; n < 8; n++)
		r |= (x >> n & 1) << (7 - n);
	return r;
}

static int absolute(int x) { return x < 0 ? -x : x; }

/* a, b: bytes of the operands (unsigned); d: the destination before; n: an immediate. */
typedef int lane_fn(int a, int b, int d, int n);

#define F(name, expression)                                  \
	static int name(int a, int b, int d, int n)          \
	{                                                    \
		(void)a, (void)b, (void)d, (void)n;          \
		return (int)(expression);                    \
	}
#define SU(name, type_expression_s, type_expression_u) \
	F(s_##name, type_expression_s) F(u_##name, type_expression_u)

SU(hadd, (S8(a) + S8(b)) >> 1, (a + b) >> 1)
SU(rhadd, (S8(a) + S8(b) + 1) >> 1, (a + b + 1) >> 1)
SU(hsub, (S8(a) - S8(b)) >> 1, (a - b) >> 1)
SU(qadd, sat_s8(S8(a) + S8(b)), sat_u8(a + b))
SU(qsub, sat_s8(S8(a) - S8(b)), sat_u8(a - b))
SU(cmgt, S8(a) > S8(b) ? -1 : 0, a > b ? -1 : 0)
SU(cmge, S8(a) >= S8(b) ? -1 : 0, a >= b ? -1 : 0)
SU(shl, scale(S8(a), S8(b), false), scale(a, S8(b), false))
SU(rshl, scale(S8(a), S8(b), true), scale(a, S8(b), true))
SU(qshl, sat_s8(scale(S8(a), S8(b), false)), sat_u8(scale(a, S8(b), false)))
SU(qrshl, sat_s8(scale(S8(a), S8(b), true)), sat_u8(scale(a, S8(b), true)))
SU(max, S8(a) > S8(b) ? a : b, a > b ? a : b)
SU(min, S8(a) < S8(b) ? a : b, a < b ? a : b)
SU(abd, absolute(S8(a) - S8(b)), absolute(a - b))
SU(aba, d + absolute(S8(a) - S8(b)), d + absolute(a - b))
F(add, a + b)
F(sub, a - b)
F(cmtst, a & b ? -1 : 0)
F(cmeq, a == b ? -1 : 0)
F(mla, d + a * b)
F(mls, d - a * b)
F(mul, a * b)
F(pmul, polynomial(a, b))

F(suqadd, sat_s8(S8(d) + a))
F(usqadd, sat_u8(d + S8(a)))
F(cls, leading(a, a >> 7) - 1)
F(clz, leading(a, 0))
F(cnt, ones(a))
F(not, ~a)
F(rbit, reversed(a))
F(sqabs, sat_s8(absolute(S8(a))))
F(sqneg, sat_s8(-S8(a)))
F(cmgt0, S8(a) > 0 ? -1 : 0)
F(cmge0, S8(a) >= 0 ? -1 : 0)
F(cmeq0, !a ? -1 : 0)
F(cmle0, S8(a) <= 0 ? -1 : 0)
F(cmlt0, S8(a) < 0 ? -1 : 0)
F(abs_, absolute(S8(a)))
F(neg, -a)

SU(shr, scale(S8(a), -n, false), scale(a, -n, false))
SU(sra, d + scale(S8(a), -n, false), d + scale(a, -n, false))
SU(rshr, scale(S8(a), -n, true), scale(a, -n, true))
SU(rsra, d + scale(S8(a), -n, true), d + scale(a, -n, true))
F(shl, a << n)
F(sli, (a << n) | (d & ((1 << n) - 1)))
F(sri, (a >> n) | (d & ~(255 >> n)))
F(sqshlu, sat_u8(scale(S8(a), n, false)))
SU(qshl_n, sat_s8(scale(S8(a), n, false)), sat_u8(scale(a, n, false)))

SU(addl, S8(a) + S8(b), a + b)
SU(subl, S8(a) - S8(b), a - b)
SU(mull, S8(a) * S8(b), a * b)
SU(mlal, d + S8(a) * S8(b), d + a * b)
SU(mlsl, d - S8(a) * S8(b), d - a * b)
F(pmull, polynomial(a, b))

/* a is a lane of 16 bits */
#define S16(x) ((int)(int16_t)(x))
F(xtn, a)
F(sqxtun, sat_u8(S16(a)))
F(sqxtn, sat_s8(S16(a)))
F(uqxtn, sat_u8(a))
F(shrn, a >> n)
F(rshrn, scale(a, -n, true))
F(sqshrun, sat_u8(scale(S16(a), -n, false)))
F(sqrshrun, sat_u8(scale(S16(a), -n, true)))
F(sqshrn, sat_s8(scale(S16(a), -n, false)))
F(sqrshrn, sat_s8(scale(S16(a), -n, true)))
F(uqshrn, sat_u8(scale(a, -n, false)))
F(uqrshrn, sat_u8(scale(a, -n, true)))

enum shape { SAME, PAIRS, LONG, NARROW };

struct op {
	const char *name;
	uint32_t word; /* rd 2, rn 0, rm 1 */
	lane_fn *fn;
	enum shape shape;
	int first, last; /* immediates */
	int sign, base; /* immh:immb = base + sign * n */
};

#define THREE(u, opcode) (0x4e210402u | (u) << 29 | (opcode) << 11)
#define TWO(u, opcode) (0x4e200802u | (u) << 29 | (opcode) << 12)
#define IMM(u, opcode) (0x4f000402u | (u) << 29 | (opcode) << 11)
#define LONG_OP(q, u, opcode) (0x0e210002u | (uint32_t)(q) << 30 | (u) << 29 | (opcode) << 12)

#define BOTH(text, opcode, fn) \
	{ "s" text, THREE(0u, opcode), s_##fn, SAME, 0, 0, 0, 0 }, \
	{ "u" text, THREE(1u, opcode), u_##fn, SAME, 0, 0, 0, 0 }
#define ONE(text, word, fn) { text, word, fn, SAME, 0, 0, 0, 0 }
#define RIGHT(text, u, opcode, fn) { text, IMM(u, opcode), fn, SAME, 1, 8, -1, 16 }
#define LEFT(text, u, opcode, fn) { text, IMM(u, opcode), fn, SAME, 0, 7, 1, 8 }
#define WIDE(text, opcode, fn)                                             \
	{ "s" text, LONG_OP(0, 0u, opcode), s_##fn, LONG, 0, 0, 0, 0 },    \
	{ "s" text "2", LONG_OP(1, 0u, opcode), s_##fn, LONG, 0, 0, 0, 0 }, \
	{ "u" text, LONG_OP(0, 1u, opcode), u_##fn, LONG, 0, 0, 0, 0 },    \
	{ "u" text "2", LONG_OP(1, 1u, opcode), u_##fn, LONG, 0, 0, 0, 0 }
#define CUT(text, word, fn) { text, (word) & ~0x40000000u, fn, NARROW, 0, 0, 0, 0 }
#define CUT_N(text, u, opcode, fn) \
	{ text, IMM(u, opcode) & ~0x40000000u, fn, NARROW, 1, 8, -1, 16 }

static const struct op ops[] = {
	BOTH("hadd", 0, hadd), BOTH("qadd", 1, qadd), BOTH("rhadd", 2, rhadd),
	BOTH("hsub", 4, hsub), BOTH("qsub", 5, qsub), BOTH("cmgt, hi", 6, cmgt),
	BOTH("cmge, hs", 7, cmge), BOTH("shl", 8, shl), BOTH("qshl", 9, qshl),
	BOTH("rshl", 10, rshl), BOTH("qrshl", 11, qrshl), BOTH("max", 12, max),
	BOTH("min", 13, min), BOTH("abd", 14, abd), BOTH("aba", 15, aba),
	ONE("add", THREE(0u, 16), add), ONE("sub", THREE(1u, 16), sub),
	ONE("cmtst", THREE(0u, 17), cmtst), ONE("cmeq", THREE(1u, 17), cmeq),
	ONE("mla", THREE(0u, 18), mla), ONE("mls", THREE(1u, 18), mls),
	ONE("mul", THREE(0u, 19), mul), ONE("pmul", THREE(1u, 19), pmul),
	{ "smaxp", THREE(0u, 20), s_max, PAIRS, 0, 0, 0, 0 },
	{ "umaxp", THREE(1u, 20), u_max, PAIRS, 0, 0, 0, 0 },
	{ "sminp", THREE(0u, 21), s_min, PAIRS, 0, 0, 0, 0 },
	{ "uminp", THREE(1u, 21), u_min, PAIRS, 0, 0, 0, 0 },
	{ "addp", THREE(0u, 23), add, PAIRS, 0, 0, 0, 0 },
	ONE("suqadd", TWO(0u, 3), suqadd), ONE("usqadd", TWO(1u, 3), usqadd),
	ONE("cls", TWO(0u, 4), cls), ONE("clz", TWO(1u, 4), clz), ONE("cnt", TWO(0u, 5), cnt),
	ONE("not", TWO(1u, 5), not), ONE("rbit", TWO(1u, 5) | 1u << 22, rbit),
	ONE("sqabs", TWO(0u, 7), sqabs), ONE("sqneg", TWO(1u, 7), sqneg),
	ONE("cmgt #0", TWO(0u, 8), cmgt0), ONE("cmge #0", TWO(1u, 8), cmge0),
	ONE("cmeq #0", TWO(0u, 9), cmeq0), ONE("cmle #0", TWO(1u, 9), cmle0),
	ONE("cmlt #0", TWO(0u, 10), cmlt0), ONE("abs", TWO(0u, 11), abs_),
	ONE("neg", TWO(1u, 11), neg),
	RIGHT("sshr", 0u, 0, s_shr), RIGHT("ushr", 1u, 0, u_shr), RIGHT("ssra", 0u, 2, s_sra),
	RIGHT("usra", 1u, 2, u_sra), RIGHT("srshr", 0u, 4, s_rshr), RIGHT("urshr", 1u, 4, u_rshr),
	RIGHT("srsra", 0u, 6, s_rsra), RIGHT("ursra", 1u, 6, u_rsra), RIGHT("sri", 1u, 8, sri),
	LEFT("shl", 0u, 10, shl), LEFT("sli", 1u, 10, sli), LEFT("sqshlu", 1u, 12, sqshlu),
	LEFT("sqshl", 0u, 14, s_qshl_n), LEFT("uqshl", 1u, 14, u_qshl_n),
	WIDE("addl", 0, addl), WIDE("subl", 2, subl), WIDE("abal", 5, aba), WIDE("abdl", 7, abd),
	WIDE("mlal", 8, mlal), WIDE("mlsl", 10, mlsl), WIDE("mull", 12, mull),
	{ "pmull", LONG_OP(0, 0u, 14), pmull, LONG, 0, 0, 0, 0 },
	{ "pmull2", LONG_OP(1, 0u, 14), pmull, LONG, 0, 0, 0, 0 },
	CUT("xtn", 0x0e212802u, xtn), CUT("sqxtun", 0x2e212802u, sqxtun),
	CUT("sqxtn", 0x0e214802u, sqxtn), CUT("uqxtn", 0x2e214802u, uqxtn),
	CUT_N("shrn", 0u, 16, shrn), CUT_N("rshrn", 0u, 17, rshrn),
	CUT_N("sqshrun", 1u, 16, sqshrun), CUT_N("sqrshrun", 1u, 17, sqrshrun),
	CUT_N("sqshrn", 0u, 18, sqshrn), CUT_N("sqrshrn", 0u, 19, sqrshrn),
	CUT_N("uqshrn", 1u, 18, uqshrn), CUT_N("uqrshrn", 1u, 19, uqrshrn),
};

#define PER_RUN 16 /* vectors; QC is compared for each run */

static uint8_t in_a[1 << 17], in_b[1 << 17], before[1 << 17], want[16 * PER_RUN];

/* The vectors that the op needs to see everything, in in_a, in_b and before. */
static unsigned fill(const struct op *op)
{
	for (unsigned i = 0; i < 65536; i++) {
		in_a[i] = (uint8_t)(i >> 8);
		in_b[i] = (uint8_t)i;
		/* SUQADD and USQADD add to it; others accumulate on something. */
		before[i] = op->fn == suqadd || op->fn == usqadd ? (uint8_t)i
								 : (uint8_t)(i * 37 + 11);
		if (op->shape == PAIRS) {
			in_a[2 * i] = in_b[2 * i] = (uint8_t)(i >> 8);
			in_a[2 * i + 1] = in_b[2 * i + 1] = (uint8_t)i;
		}
		if (op->shape == NARROW) {
			in_a[2 * i] = (uint8_t)i;
			in_a[2 * i + 1] = (uint8_t)(i >> 8);
		}
	}
	return op->shape == PAIRS || op->shape == NARROW ? 8192 : 4096;
}

/* One vector by the definition. */
static void define(const struct op *op, int n, const uint8_t *d, const uint8_t *a,
		   const uint8_t *b, uint8_t *ret)
{
	unsigned half = op->word >> 30 & 1 ? 8 : 0;
	uint16_t x;

	memset(ret, 0, 16);
	for (unsigned i = 0; i < 16; i++) {
		const uint8_t *from = i < 8 ? a + 2 * i : b + 2 * i - 16;

		switch (op->shape) {
		case SAME: ret[i] = (uint8_t)op->fn(a[i], b[i], d[i], n); break;
		case PAIRS: ret[i] = (uint8_t)op->fn(from[0], from[1], 0, n); break;
		case LONG:
			memcpy(&x, d + (i & 14), 2);
			x = (uint16_t)op->fn(a[half + i / 2], b[half + i / 2], x, n);
			ret[i] = (uint8_t)(i & 1 ? x >> 8 : x);
			break;
		case NARROW:
			if (i < 8) {
				memcpy(&x, a + 2 * i, 2);
				ret[i] = (uint8_t)op->fn(x, 0, 0, n);
			}
			break;
		}
	}
}

static unsigned long check(const struct op *op, int n, const char *who, unsigned at,
			   const uint8_t *got, uint32_t fpsr)
{
	bool qc = fpsr >> 27 & 1;
	unsigned long wrong = 0;

	for (unsigned i = 0; i < 16 * PER_RUN; i++)
		wrong += got[i] != want[i];
	wrong += qc != saturated;
	if (wrong) {
		for (unsigned i = 0; i < 16 * PER_RUN; i++) {
			if (got[i] == want[i])
				continue;
			printf("# %s n %d by %s: byte %u: %02x instead of %02x\n", op->name, n, who,
			       at + i, got[i], want[i]);
			break;
		}
		if (qc != saturated)
			printf("# %s n %d by %s: QC %d from byte %u on\n", op->name, n, who, qc, at);
	}
	return wrong;
}

static unsigned long run(const struct op *op, int n)
{
	static uint8_t out[16 * PER_RUN] __attribute__((aligned(16)));
	unsigned count = fill(op);
	unsigned long wrong = 0;

	loop_set(op->word | (uint32_t)(op->base + op->sign * n) << 16);
	for (unsigned at = 0; at < 16 * count && wrong < 1000; at += 16 * PER_RUN) {
		uint32_t fpsr;

		saturated = false;
		for (unsigned i = 0; i < 16 * PER_RUN; i += 16)
			define(op, n, before + (at + i) % 65536, in_a + at + i, in_b + at + i,
			       want + i);
		memcpy(out, before + at % 65536, sizeof(out));
		fpsr = loop_jit(out, in_a + at, in_b + at, PER_RUN, 0);
		wrong += check(op, n, "the engine", at, out, fpsr);
		if (loop_host)
			continue; /* the evaluator is the same for all */
		memcpy(out, before + at % 65536, sizeof(out));
		fpsr = loop_eval(out, in_a + at, in_b + at, PER_RUN, 0);
		wrong += check(op, n, "the evaluator", at, out, fpsr);
	}
	return wrong;
}

static void all(void)
{
	for (unsigned k = 0; k < sizeof(ops) / sizeof(ops[0]); k++) {
		unsigned long wrong = 0;

		for (int n = ops[k].first; n <= ops[k].last; n++)
			wrong += run(&ops[k], n);
		loop_result(ops[k].name, wrong);
	}
}

static void list(void)
{
	for (unsigned k = 0; k < sizeof(ops) / sizeof(ops[0]); k++)
		for (int n = ops[k].first; n <= ops[k].last; n++)
			loop_list(ops[k].word | (uint32_t)(ops[k].base + ops[k].sign * n) << 16);
}

int main(int argc, char **argv)
{
	(void)argv;
	return loop_main(argc, sizeof(ops) / sizeof(ops[0]), all, list);
}
