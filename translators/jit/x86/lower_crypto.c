/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Cryptography: AES-NI, SHA-NI and AVX-512 where the host has them, plain vector code where
 * that is good enough, else a call of what the evaluator does (ir_crypto()).
 * tags: jit/x86 - cryptography
 */
#include "jit/x86/lower_vec.h"

/* ---- AVX-512 ---- */

/* Shift or rotation by an immediate. */
static void evex_shift(struct lower *l, enum x86_insn op, unsigned ty, unsigned d, unsigned a,
		       unsigned n)
{
	x86_err(HOT, op, ty == IR_I64, X86_EXT(op), d, a);
	x86_u8(HOT, n);
}

/* VPTERNLOG's table is the function applied to these. */
enum { FIRST = 0xf0, SECOND = 0xcc, THIRD = 0xaa };

static void ternary(struct lower *l, unsigned d, unsigned b, unsigned c, unsigned table)
{
	x86_err(HOT, X86_VPTERNLOGD, 0, d, b, c);
	x86_u8(HOT, table & 0xff);
}

/* ---- calls ---- */

static struct x86_mem argument(unsigned n)
{
	return lower_state(CPU_OFF(vargs) + 16 * (int)n);
}

static void spill(struct lower *l, unsigned n, unsigned reg)
{
	v2m(l, X86_MOVAPS_MR, reg, argument(n));
}

/* d = op(a, what was spilled) */
static void with_spilled(struct lower *l, enum x86_insn op, unsigned d, unsigned a, unsigned n)
{
	if (vavx(l)) {
		x86_vrm(HOT, op, 0, 0, d, a, argument(n), 0);
	} else {
		if (d != a)
			x86_rr(HOT, X86_MOVAPS, W32, d, a);
		x86_rm(HOT, op, W32, d, argument(n));
	}
}

static void call(struct lower *l, const struct ir_ins *i, int64_t imm)
{
	const struct ir_op_info *info = &ir_op_info[i->op];
	unsigned d = vdst(l, i->d);

	lower_flags_clobber(l, i);
	if (info->d == IR_ROLE_VIO)
		spill(l, 0, vsrc(l, i->d, XMM14));
	spill(l, 1, vsrc(l, i->a, XMM14));
	if (info->b == IR_ROLE_VI)
		spill(l, 2, vsrc(l, i->b, XMM14));
	if (info->c == IR_ROLE_VI)
		spill(l, 3, vsrc(l, i->c, XMM14));
	x86_mov_ri(HOT, RAX, i->op, true);
	x86_mov_ri(HOT, RDX, i->ty, true);
	x86_mov_ri(HOT, RCX, (uint64_t)imm, true);
	x86_call(HOT, l->stubs->crypto);
	v2m(l, X86_MOVAPS, d, argument(0));
	vend_full(l, i->d, d);
}

void lower_crypto_call(struct lower *l, const struct ir_ins *i, int64_t imm)
{
	call(l, i, imm);
}

/* ---- states in another form ---- */

/*
 * Arm's and the host's order of the words differ. Where there are registers for vt1 to vt3,
 * they keep states in the host's order beside the guest's registers, so that the shuffles
 * are not on the way from one group of rounds to the next. The last one of a kind is kept.
 */
enum {
	PACKED_NONE,
	PACKED_E,     /* vt1 and vt3 by turns: the states that SHA-1's e were made of */
	PACKED_SHA1,  /* vt2 */
	PACKED_ABEF,  /* vt2, with the next in vt3 */
	PACKED_CDGH,
};

/* Is vt1 + k still what was kept of the slot, or of one that it is a copy of? */
static bool is_packed(const struct lower *l, unsigned k, unsigned as, unsigned slot)
{
	const struct lower_packed *p = &l->packed[k];
	bool is = p->slot == slot, original = true;

	if (p->as != as)
		return false;
	for (unsigned n = p->at + 1u; n < l->index; n++) {
		const struct ir_ins *i = &l->region->ins[n];

		if (i->dead)
			continue;
		if (vwrites(i, IR_VT0 + 1 + k))
			return false;
		if (vwrites(i, slot))
			is = i->op == IR_VMOV && i->fl & IRF_Q && i->a == p->slot && original;
		if (vwrites(i, p->slot))
			original = false;
	}
	return is;
}

/* Notes reg; ops behind op `at` count as later ones. */
static void keep_packed(struct lower *l, unsigned k, unsigned as, unsigned slot, unsigned reg,
			unsigned at)
{
	int home = lower_vreg(l, IR_VT0 + 1 + k);

	if (home < 0 || slot >= IR_VT0)
		return;
	vmov(l, (unsigned)home, reg);
	l->packed[k] = (struct lower_packed){ (uint8_t)as, (uint8_t)slot, (uint16_t)at };
}

/* SHA1H was lowered: its e comes from the state in vt2, which the next rounds change. Two
 * are alive, as the next rounds still use the e before. */
static void sha1_keep_e(struct lower *l, const struct ir_ins *i)
{
	const struct lower_packed *p = &l->packed[0];

	if (!is_packed(l, 1, PACKED_SHA1, i->a))
		return;
	keep_packed(l, p->as == PACKED_E && p->slot != i->d ? 2 : 0, PACKED_E, i->d,
		    (unsigned)lower_vreg(l, IR_VT0 + 2), l->index);
}

/* ---- rotations ---- */

static unsigned width(unsigned ty)
{
	return 8 * ir_type_bytes(ty);
}

/* The bytes of a lane turned right by n bytes, for PSHUFB. */
static uint64_t turned(unsigned ty, unsigned n, unsigned base)
{
	unsigned bytes = ir_type_bytes(ty);
	uint64_t r = 0;

	for (unsigned k = 0; k < 8; k++) {
		unsigned lane = k & ~(bytes - 1);

		r |= (uint64_t)(base + lane + ((k + n) & (bytes - 1))) << 8 * k;
	}
	return r;
}

/* d = a turned right by n; d may be a, tmp is neither. */
static void rotate(struct lower *l, unsigned ty, unsigned d, unsigned a, unsigned n,
		   unsigned tmp)
{
	bool wide = ty == IR_I64;

	if (l->feat->avx512vl) {
		evex_shift(l, X86_VPROR_I, ty, d, a, n);
	} else if (n % 8 == 0) {
		v3c(l, X86_PSHUFB, d, a, turned(ty, n / 8, 0), turned(ty, n / 8, 8));
	} else {
		vsh(l, wide ? X86_PSRLQ_I : X86_PSRLD_I, tmp, a, n);
		vsh(l, wide ? X86_PSLLQ_I : X86_PSLLD_I, d, a, width(ty) - n);
		v3(l, X86_POR, d, d, tmp);
	}
}

void lower_VROR(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst(l, i->d), a = vsrc(l, i->a, XMM13);
	bool clean32 = vis_clean(l, i->a, 32), clean64 = vis_clean(l, i->a, 64);

	if (i->fl & IRF_ONE && i->ty == IR_I32 && l->map->mask) {
		x86_err(HOT, X86_VPROR_I, X86_LANE0, X86_EXT(X86_VPROR_I), d, a);
		x86_u8(HOT, (unsigned)i->imm);
		vend_low(l, i->d, d, 32, true);
		if (i->imm == 2)
			sha1_keep_e(l, i);
		return;
	}
	rotate(l, i->ty, d, a, (unsigned)i->imm, XMM14);
	if (i->fl & IRF_ONE && i->ty == IR_I32)
		vend_low(l, i->d, d, 32, clean32);
	else
		vend(l, i, d, clean64);
}

/* acc ^= (or =, first) a turned or shifted right by n */
static void add_turned(struct lower *l, unsigned ty, unsigned acc, unsigned a, unsigned tmp,
		       unsigned n, bool turn, bool first)
{
	bool wide = ty == IR_I64;
	unsigned to = first ? acc : tmp;

	if (!n) {
		if (first)
			vmov(l, acc, a);
		else
			v3(l, X86_PXOR, acc, acc, a);
		return;
	}
	if (turn && n % 8 == 0) {
		rotate(l, ty, to, a, n, acc);
		turn = false;
	} else {
		vsh(l, wide ? X86_PSRLQ_I : X86_PSRLD_I, to, a, n);
	}
	if (!first)
		v3(l, X86_PXOR, acc, acc, tmp);
	if (turn) {
		vsh(l, wide ? X86_PSLLQ_I : X86_PSLLD_I, tmp, a, width(ty) - n);
		v3(l, X86_PXOR, acc, acc, tmp);
	}
}

/* d = sigma of a; d, tmp and last are scratch, and last may be a. */
static void sigma(struct lower *l, unsigned ty, unsigned d, unsigned a, unsigned tmp,
		  unsigned last, int64_t imm)
{
	unsigned n[3] = { imm & 63, imm >> 8 & 63, imm >> 16 & 63 };
	bool shift = imm & IR_SIGMA_SHIFT;

	if (!l->feat->avx512vl) {
		for (unsigned k = 0; k < 3; k++)
			add_turned(l, ty, d, a, tmp, n[k], k < 2 || !shift, !k);
		return;
	}
	evex_shift(l, X86_VPROR_I, ty, d, a, n[1]);
	if (shift)
		evex_shift(l, ty == IR_I64 ? X86_PSRLQ_I : X86_PSRLD_I, ty, tmp, a, n[2]);
	else
		evex_shift(l, X86_VPROR_I, ty, tmp, a, n[2]);
	if (n[0]) {
		evex_shift(l, X86_VPROR_I, ty, last, a, n[0]);
		a = last;
	}
	ternary(l, d, tmp, a, FIRST ^ SECOND ^ THIRD);
}

void lower_VSIGMA(struct lower *l, const struct ir_ins *i)
{
	bool clean = vis_clean(l, i->a, 64);
	unsigned d = vdst(l, i->d), a = vsrc(l, i->a, XMM13);

	if (d == a)
		d = XMM15;
	sigma(l, i->ty, d, a, XMM14, XMM13, i->imm);
	vend(l, i, d, clean);
}

/* ---- three operands ---- */

static unsigned function(enum ir_op op, unsigned a, unsigned b, unsigned c)
{
	return op == IR_VXOR3 ? a ^ b ^ c : a ^ (b & ~c);
}

static void by_ternary(struct lower *l, const struct ir_ins *i)
{
	static const uint8_t rest[2] = { SECOND, THIRD };
	unsigned d = vdst(l, i->d), r[3], mask[3], other[2], n = 0, first = 3;

	r[0] = vsrc(l, i->a, XMM15);
	r[1] = vsrc(l, i->b, XMM14);
	r[2] = vsrc(l, i->c, XMM13);
	for (unsigned k = 3; k-- > 0;)
		if (r[k] == d)
			first = k;
	if (first == 3) {
		first = 0;
		vmov(l, d, r[0]);
	}
	for (unsigned k = 0; k < 3; k++) {
		mask[k] = k == first ? FIRST : rest[n];
		if (k != first)
			other[n++] = r[k];
	}
	ternary(l, d, other[0], other[1], function((enum ir_op)i->op, mask[0], mask[1], mask[2]));
	vend_full(l, i->d, d);
}

void lower_VXOR3(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst(l, i->d);

	if (l->feat->avx512vl) {
		by_ternary(l, i);
		return;
	}
	if (vsame(l, i->c, d))
		d = XMM15;
	v3s(l, X86_PXOR, d, vsrc(l, i->a, XMM14), i->b);
	v3s(l, X86_PXOR, d, d, i->c);
	vend_full(l, i->d, d);
}

void lower_VXANDN(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst(l, i->d);

	if (l->feat->avx512vl) {
		by_ternary(l, i);
		return;
	}
	v3s(l, X86_PANDN, XMM15, vsrc(l, i->c, XMM14), i->b);
	v3s(l, X86_PXOR, d, XMM15, i->a);
	vend_full(l, i->d, d);
}

/* ---- AES ---- */

/*
 * The host's rounds end with the key, Arm's begin with it. So AESE; AESMC is one host round
 * with a key of zeros; or the round is left undone until the next AESE on the same register
 * brings the key, if nothing between them uses the register or leaves the block. Until then
 * the register has a value that the guest never has (l->undone): nobody can tell but a load
 * that faults between them, whose entries in the fault map say what is to be done first. An
 * EOR behind the last AESE is the last key.
 */
#define NEXT_ROUND_WITHIN 24 /* ops: eight blocks in turn, and a little beside them */


/* Op n of the region if it is in the block at hand. */
static const struct ir_ins *neighbour(const struct lower *l, int n)
{
	const struct ir_block *b = &l->region->block[l->block];

	if (n < b->first || n >= b->first + b->count || l->region->ins[n].dead)
		return NULL;
	return &l->region->ins[n];
}

/* Op n if it mixes the columns of what the round n - 1 writes. */
static const struct ir_ins *mixes(const struct lower *l, int n)
{
	const struct ir_ins *round = neighbour(l, n - 1), *i = neighbour(l, n);

	return round && i && round->op == IR_VAES && i->op == IR_VAESMC &&
	       i->imm == round->imm && i->a == round->d ? i : NULL;
}

/* Ops that never leave, whatever their operands are, and name all registers that they use. */
static bool stays(const struct ir_ins *i)
{
	switch (i->op) {
	case IR_MOV: case IR_ADR: case IR_ADD: case IR_SUB: case IR_AND: case IR_OR: case IR_XOR:
	case IR_SHL: case IR_SHR: case IR_ROR: case IR_EXT: case IR_REV32: case IR_REV64:
	case IR_UBFX: case IR_EXTR:
	case IR_VMOV: case IR_VIMM: case IR_VFROM: case IR_VGET: case IR_VDUP: case IR_VDUPE:
	case IR_VLANE: case IR_VINS: case IR_VINSE:
	case IR_VAND: case IR_VANDN: case IR_VOR: case IR_VORN: case IR_VXOR: case IR_VNOT:
	case IR_VADD: case IR_VSUB: case IR_VEXT: case IR_VREV: case IR_VZIP1: case IR_VZIP2:
	case IR_VROR: case IR_VXOR3: case IR_VXANDN: case IR_VAES: case IR_VAESMC:
		return true;
	case IR_VPMULL:
		return i->ty == IR_I64;
	default:
		return false;
	}
}

/* Loads may fault, which the fault map takes care of, but do not leave otherwise. */
static bool only_loads(const struct ir_ins *i)
{
	switch (i->op) {
	case IR_LD:
		return !(i->fl & IRF_ACQ);
	case IR_LDV: case IR_LDVDUP:
		return true;
	default:
		return false;
	}
}

/* Can the round that ends with the mixing op n wait for the next one on the register? */
static bool can_wait(const struct lower *l, unsigned n)
{
	const struct ir_block *b = &l->region->block[l->block];
	const struct ir_ins *mix = &l->region->ins[n], *i;
	unsigned last = n + NEXT_ROUND_WITHIN, slot = mix->d;

	/* The fault map has a bit for each of the guest's registers, and one direction. */
	if (slot >= 32 || (l->undone && l->undoes != (mix->imm != 0)))
		return false;
	while (++n <= last && n < b->first + b->count) {
		i = &l->region->ins[n];
		if (i->dead)
			continue;
		if (i->op == IR_VAES && i->d == slot && i->imm == mix->imm)
			return (i->a == slot) != (i->b == slot);
		if ((!stays(i) && !only_loads(i)) || vreads(i, slot) || vwrites(i, slot))
			return false;
	}
	return false;
}

/* What op n adds to the result of the round n - 1. */
static unsigned last_key(const struct lower *l, int n)
{
	const struct ir_ins *round = neighbour(l, n - 1), *i = neighbour(l, n);

	if (!round || !i || round->op != IR_VAES || i->op != IR_VXOR || !(i->fl & IRF_Q) ||
	    i->d != round->d || i->a == i->b)
		return IR_NONE;
	return i->a == i->d ? i->b : i->b == i->d ? i->a : (unsigned)IR_NONE;
}

bool lower_crypto_absorbed(const struct lower *l)
{
	return l->feat->aes && last_key(l, (int)l->index) != IR_NONE;
}

/* d = op(a, key) */
static void aes_step(struct lower *l, enum x86_insn op, unsigned d, unsigned a, unsigned key)
{
	unsigned k = XMM13;

	if (key == IR_NONE)
		vzero(l, XMM13);
	else
		k = l->feat->vaes ? vsrc(l, key, XMM13) : vsrc_low(l, key, XMM13);
	if ((d | a | k) >= 16)
		x86_err(HOT, op, 0, d, a, k);
	else
		v3(l, op, d, a, k);
}

static unsigned aes_dst(const struct lower *l, unsigned slot)
{
	return l->feat->vaes ? vdst(l, slot) : vdst_low(l, slot);
}

void lower_VAES(struct lower *l, const struct ir_ins *i)
{
	unsigned n = l->index, d = aes_dst(l, i->d), x = d;
	const struct ir_ins *mix = mixes(l, (int)n + 1);
	enum x86_insn round = i->imm ? X86_AESDEC : X86_AESENC;
	enum x86_insn last = i->imm ? X86_AESDECLAST : X86_AESENCLAST;

	if (!l->feat->aes) {
		call(l, i, i->imm);
		return;
	}
	if (mix && mix->d != i->d)
		x = XMM15;
	if (i->d < 32 && l->undone >> i->d & 1) {
		vload(l, x, i->d);
		aes_step(l, round, x, x, i->a == i->d ? i->b : i->a);
		l->undone &= ~(1u << i->d);
	} else {
		v3s(l, X86_PXOR, x, vsrc(l, i->a, XMM14), i->b);
	}
	if (!mix) {
		aes_step(l, last, x, x, last_key(l, (int)n + 1));
		vend_full(l, i->d, x);
		return;
	}
	if (mix->d != i->d) {
		/* Both results are wanted. */
		d = d == XMM15 ? (unsigned)XMM14 : d;
		aes_step(l, last, d, x, IR_NONE);
		vend_full(l, i->d, d);
		d = aes_dst(l, mix->d);
	}
	if (can_wait(l, n + 1)) {
		vmov(l, d, x);
		l->undone |= 1u << mix->d;
		l->undoes = i->imm;
	} else {
		aes_step(l, round, d, x, IR_NONE);
	}
	vend_full(l, mix->d, d);
}

void lower_VAESMC(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst_low(l, i->d), a;

	if (!l->feat->aes) {
		call(l, i, i->imm);
		return;
	}
	if (mixes(l, (int)l->index))
		return;
	a = vsrc_low(l, i->a, XMM14);
	if (i->imm) {
		v2(l, X86_AESIMC, d, a);
	} else {
		/* A round without what comes before the mixing. */
		vzero(l, XMM13);
		v3(l, X86_AESDECLAST, d, a, XMM13);
		v3(l, X86_AESENC, d, d, XMM13);
	}
	vend_full(l, i->d, d);
}

/* ---- SHA-1, SHA-256 ---- */

/* The SHA instructions have no form with three operands. */
static void sha(struct lower *l, enum x86_insn op, unsigned d, unsigned b)
{
	x86_rr(HOT, op, W32, d, b);
}

void lower_VSHA1(struct lower *l, const struct ir_ins *i)
{
	static const uint32_t constant[3] = { 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc };
	uint64_t k = (uint64_t)constant[i->imm] << 32 | constant[i->imm];
	unsigned d = vdst(l, i->d), w;

	if (!l->feat->sha) {
		call(l, i, i->imm);
		return;
	}
	/* Arm's words have the constant in them already, the host's words e. */
	w = vsrc(l, i->b, XMM14);
	v3c(l, X86_PSUBD, XMM14, w, k, k);
	v2i(l, X86_PSHUFD, XMM14, XMM14, 0x1b);
	if (is_packed(l, 0, PACKED_E, i->a) || is_packed(l, 2, PACKED_E, i->a)) {
		vload(l, XMM13, is_packed(l, 0, PACKED_E, i->a) ? IR_VT0 + 1 : IR_VT0 + 3);
		sha(l, X86_SHA1NEXTE, XMM13, XMM14);
	} else {
		vsh(l, X86_PSLLDQ_I, XMM13, vsrc(l, i->a, XMM13), 12);
		v3(l, X86_PADDD, XMM13, XMM13, XMM14);
	}
	if (is_packed(l, 1, PACKED_SHA1, i->d))
		vload(l, XMM15, IR_VT0 + 2);
	else
		v2si(l, X86_PSHUFD, XMM15, i->d, 0x1b);
	sha(l, X86_SHA1RNDS4, XMM15, XMM13);
	x86_u8(HOT, (unsigned)i->imm);
	keep_packed(l, 1, PACKED_SHA1, i->d, XMM15, l->index);
	v2i(l, X86_PSHUFD, d, XMM15, 0x1b);
	vend_full(l, i->d, d);
}

void lower_VSHA1S1(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst(l, i->d);

	if (l->feat->sha) {
		v2si(l, X86_PSHUFD, XMM14, i->b, 0x1b);
		v2si(l, X86_PSHUFD, XMM15, i->a, 0x1b);
		sha(l, X86_SHA1MSG2, XMM15, XMM14);
		v2i(l, X86_PSHUFD, d, XMM15, 0x1b);
	} else {
		/* The last word depends on the first: that one turned once more. */
		vsh(l, X86_PSRLDQ_I, XMM15, vsrc(l, i->b, XMM14), 4);
		v3s(l, X86_PXOR, XMM15, XMM15, i->a);
		vsh(l, X86_PSLLDQ_I, XMM14, XMM15, 12);
		rotate(l, IR_I32, XMM15, XMM15, 31, XMM13);
		rotate(l, IR_I32, XMM14, XMM14, 30, XMM13);
		v3(l, X86_PXOR, d, XMM15, XMM14);
	}
	vend_full(l, i->d, d);
}

/* Was one of two slots copied to the other, and neither changed from then to op n? */
static bool is_copy(const struct lower *l, unsigned n, unsigned copy, unsigned slot)
{
	const struct ir_block *b = &l->region->block[l->block];

	while (n-- > b->first) {
		const struct ir_ins *i = &l->region->ins[n];

		if (i->dead)
			continue;
		if (vwrites(i, copy))
			return i->op == IR_VMOV && i->fl & IRF_Q && i->a == slot;
		if (vwrites(i, slot))
			return i->op == IR_VMOV && i->fl & IRF_Q && i->a == copy;
	}
	return false;
}

/* Are ops n and n + 1 SHA256H and SHA256H2 of the same rounds? */
static bool is_pair(const struct lower *l, int n)
{
	const struct ir_ins *h = neighbour(l, n), *h2 = neighbour(l, n + 1);

	if (!h || !h2 || h->op != IR_VSHA256 || h2->op != IR_VSHA256 || h->imm || !h2->imm)
		return false;
	return h->d == h->a && h2->d == h->b && h2->b == h->b && h2->c == h->c &&
	       h->a != h->b && h->c != h->a && h->c != h->b && h2->a != h->a &&
	       h2->a != h->b && h->a < IR_VT0 && h->b < IR_VT0 &&
	       is_copy(l, (unsigned)n, h2->a, h->a);
}

static void sha256_result(struct lower *l, unsigned slot, bool second)
{
	unsigned d = vdst(l, slot);

	d = d == XMM15 ? 0 : d;
	v3i(l, X86_SHUFPS, d, XMM14, XMM15, second ? 0x11 : 0xbb);
	vend_full(l, slot, d);
}

void lower_VSHA256(struct lower *l, const struct ir_ins *i)
{
	unsigned abcd, efgh, w;
	bool pair;

	if (!l->feat->sha) {
		call(l, i, i->imm);
		return;
	}
	if (is_pair(l, (int)l->index - 1))
		return;
	pair = is_pair(l, (int)l->index);
	/*
	 * The words for the rounds have to be in xmm0. From here on its value is in xmm13, and
	 * xmm0 is free. The host keeps f, e, b, a and h, g, d, c, lowest lanes first.
	 */
	vmov(l, XMM13, 0);
	if (pair && is_packed(l, 1, PACKED_ABEF, i->a) && is_packed(l, 2, PACKED_CDGH, i->b) &&
	    l->packed[1].at == l->packed[2].at) {
		vload(l, XMM14, IR_VT0 + 2);
		vload(l, XMM15, IR_VT0 + 3);
	} else {
		abcd = vsrc(l, i->a, XMM14);
		efgh = vsrc(l, i->b, XMM15);
		abcd = abcd ? abcd : XMM13;
		efgh = efgh ? efgh : XMM13;
		v3i(l, X86_SHUFPS, 0, efgh, abcd, 0x11);
		v3i(l, X86_SHUFPS, XMM15, efgh, abcd, 0xbb);
		vmov(l, XMM14, 0);
	}
	w = lower_vreg(l, i->c) == 0 ? (unsigned)XMM13 : vsrc(l, i->c, 0);
	vmov(l, 0, w);
	sha(l, X86_SHA256RNDS2, XMM15, XMM14);
	v2i(l, X86_PSHUFD, 0, 0, 0x0e);
	sha(l, X86_SHA256RNDS2, XMM14, XMM15);
	if (pair) {
		keep_packed(l, 1, PACKED_ABEF, i->a, XMM14, l->index + 1);
		keep_packed(l, 2, PACKED_CDGH, i->b, XMM15, l->index + 1);
		/* What goes through xmm0 first. */
		if (lower_vreg(l, i->a) == 0) {
			sha256_result(l, i->b, true);
			sha256_result(l, i->a, false);
		} else {
			sha256_result(l, i->a, false);
			sha256_result(l, i->b, true);
		}
	} else {
		sha256_result(l, i->d, i->imm);
	}
	if (lower_vreg(l, i->d) != 0 && !(pair && lower_vreg(l, i->b) == 0))
		vmov(l, 0, XMM13);
}

void lower_VSHA256S0(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst_low(l, i->d), b;

	if (l->feat->sha) {
		b = vsrc_low(l, i->b, XMM14);
		if (d == b)
			d = XMM15;
		vload(l, d, i->a);
		sha(l, X86_SHA256MSG1, d, b);
	} else {
		/* lanes 1 to 4 */
		unsigned a = vsrc(l, i->a, XMM14);

		b = vsrc(l, i->b, XMM13);
		v3i(l, X86_PALIGNR, XMM13, b, a, 4);
		sigma(l, IR_I32, XMM15, XMM13, XMM14, XMM13, IR_SIGMA(7, 18, 3) | IR_SIGMA_SHIFT);
		v3s(l, X86_PADDD, d, XMM15, i->a);
	}
	vend_full(l, i->d, d);
}

/* xmm15 += sigma1 of xmm13 in the lanes that `lanes` (for PSHUFD) and the masks make. */
static void schedule_pair(struct lower *l, unsigned lanes, uint64_t lo, uint64_t hi)
{
	v2i(l, X86_PSHUFD, XMM13, XMM13, lanes);
	v3c(l, X86_PAND, XMM13, XMM13, lo, hi);
	spill(l, 0, XMM15);
	sigma(l, IR_I32, XMM15, XMM13, XMM14, XMM13, IR_SIGMA(17, 19, 10) | IR_SIGMA_SHIFT);
	with_spilled(l, X86_PADDD, XMM15, XMM15, 0);
}

void lower_VSHA256S1(struct lower *l, const struct ir_ins *i)
{
	unsigned d = vdst_low(l, i->d), b;

	if (l->feat->sha) {
		b = vsrc_low(l, i->b, XMM14);
		if (d == b)
			d = XMM15;
		vload(l, d, i->a);
		sha(l, X86_SHA256MSG2, d, b);
		vend_full(l, i->d, d);
		return;
	}
	vload(l, XMM13, i->b);
	vload(l, XMM15, i->a);
	schedule_pair(l, 0xee, ~(uint64_t)0, 0);
	vmov(l, XMM13, XMM15);
	schedule_pair(l, 0x44, 0, ~(uint64_t)0);
	vend_full(l, i->d, XMM15);
}

/* ---- SHA-512 ---- */

/* What VEXT made the upper lane of a slot from, if it is still there; IR_NONE if it was not VEXT. */
static unsigned joined(const struct lower *l, unsigned slot)
{
	const struct ir_block *b = &l->region->block[l->block];
	const struct ir_ins *join = NULL;
	unsigned n = l->index;

	while (!join && n-- > b->first)
		if (!l->region->ins[n].dead && vwrites(&l->region->ins[n], slot))
			join = &l->region->ins[n];
	if (!join || join->op != IR_VEXT || !(join->fl & IRF_Q) || join->c != 8 ||
	    join->b >= IR_VT0)
		return IR_NONE;
	for (; n < l->index; n++)
		if (!l->region->ins[n].dead && vwrites(&l->region->ins[n], join->b))
			return IR_NONE;
	return join->b;
}

/*
 * The register whose lower lane is the upper lane of a slot: d, if it has to be moved there.
 * Programs join the halves of two registers for these instructions; half of their work is not
 * done twice when it is taken from where it was.
 */
static unsigned upper(struct lower *l, unsigned d, unsigned slot)
{
	unsigned from = joined(l, slot);

	if (from != IR_NONE)
		return vsrc(l, from, d);
	v2si(l, X86_PSHUFD, d, slot, 0xee);
	return d;
}

/*
 * Everything is computed in the low lanes: first the round that makes the upper half of the
 * result, then the one that depends on it. The guest's registers are not needed from where
 * the first sum is put away in the result's register (or spilled).
 */
struct sha512 {
	unsigned x;  /* a fourth scratch register */
	unsigned hi; /* of the result; its own register or xmm15: spilled */
};

static void sha512_put_away(struct lower *l, const struct sha512 *s, unsigned hi)
{
	if (s->hi == XMM15)
		spill(l, 0, hi);
	else
		vmov(l, s->hi, hi);
}

static void sha512_end(struct lower *l, const struct ir_ins *i, const struct sha512 *s,
		       unsigned lo)
{
	if (s->hi == XMM15)
		with_spilled(l, X86_PUNPCKLQDQ, XMM15, lo, 0);
	else
		v3(l, X86_PUNPCKLQDQ, s->hi, lo, s->hi);
	vend_full(l, i->d, s->hi);
}

static void sha512_e(struct lower *l, const struct ir_ins *i, const struct sha512 *s)
{
	static const int64_t sigma1 = IR_SIGMA(14, 18, 41);
	bool evex = l->feat->avx512vl;
	unsigned x = s->x, x1, y1;

	/* x = choose(y1, x0, x1) + d1 */
	y1 = upper(l, XMM14, i->b);
	x1 = upper(l, XMM13, i->a);
	if (evex) {
		vload(l, x, i->a);
		ternary(l, x, y1, x1, (SECOND & FIRST) | (~SECOND & THIRD));
	} else {
		v3s(l, X86_PXOR, x, x1, i->a);
		v3(l, X86_PAND, x, x, y1);
		v3(l, X86_PXOR, x, x, x1);
	}
	v3(l, X86_PADDQ, x, x, upper(l, XMM13, i->d));
	sigma(l, IR_I64, XMM15, y1, XMM13, XMM14, sigma1);
	v3(l, X86_PADDQ, XMM15, XMM15, x);
	/* x = t = that + y0; xmm13 = choose(t, y1, x0) + d0 */
	v3s(l, X86_PADDQ, x, XMM15, i->b);
	vmov(l, XMM13, upper(l, XMM13, i->b));
	if (evex) {
		ternary(l, XMM13, x, vsrc(l, i->a, XMM14),
			(SECOND & FIRST) | (~SECOND & THIRD));
	} else {
		v3s(l, X86_PXOR, XMM13, XMM13, i->a);
		v3(l, X86_PAND, XMM13, XMM13, x);
		v3s(l, X86_PXOR, XMM13, XMM13, i->a);
	}
	v3s(l, X86_PADDQ, XMM13, XMM13, i->d);
	sha512_put_away(l, s, XMM15);
	sigma(l, IR_I64, XMM15, x, XMM14, x, sigma1);
	v3(l, X86_PADDQ, XMM15, XMM15, XMM13);
	sha512_end(l, i, s, XMM15);
}

static void sha512_a(struct lower *l, const struct ir_ins *i, const struct sha512 *s)
{
	static const int64_t sigma0 = IR_SIGMA(28, 34, 39);
	static const unsigned majority = (FIRST & SECOND) | (FIRST & THIRD) | (SECOND & THIRD);
	bool evex = l->feat->avx512vl;
	unsigned x = s->x, y1;

	/* x = majority(x0, y0, y1) + d1 */
	y1 = upper(l, XMM13, i->b);
	if (evex) {
		vload(l, x, i->a);
		ternary(l, x, y1, vsrc(l, i->b, XMM14), majority);
	} else {
		v3s(l, X86_PXOR, XMM15, y1, i->b);
		v3s(l, X86_PXOR, x, y1, i->a);
		v3(l, X86_PAND, x, x, XMM15);
		v3(l, X86_PXOR, x, x, y1);
	}
	v3(l, X86_PADDQ, x, x, upper(l, XMM14, i->d));
	sigma(l, IR_I64, XMM15, vsrc(l, i->b, XMM13), XMM14, XMM13, sigma0);
	v3(l, X86_PADDQ, XMM15, XMM15, x);
	/* xmm13 = majority(that, y0, y1) + d0 */
	vmov(l, XMM13, upper(l, XMM13, i->b));
	if (evex) {
		ternary(l, XMM13, XMM15, vsrc(l, i->b, XMM14), majority);
	} else {
		v3s(l, X86_PXOR, x, XMM13, i->b);
		v3(l, X86_PAND, x, x, XMM15);
		v3s(l, X86_PAND, XMM13, XMM13, i->b);
		v3(l, X86_PXOR, XMM13, XMM13, x);
	}
	v3s(l, X86_PADDQ, XMM13, XMM13, i->d);
	sha512_put_away(l, s, XMM15);
	sigma(l, IR_I64, XMM14, XMM15, x, XMM15, sigma0);
	v3(l, X86_PADDQ, XMM14, XMM14, XMM13);
	sha512_end(l, i, s, XMM14);
}

void lower_VSHA512(struct lower *l, const struct ir_ins *i)
{
	int x = lower_vreg(l, i->c);
	struct sha512 s = { .x = (unsigned)x, .hi = vdst(l, i->d) };

	if (x < 0)
		call(l, i, i->imm);
	else if (i->imm)
		sha512_a(l, i, &s);
	else
		sha512_e(l, i, &s);
}

/* ---- SM3, SM4 ---- */

/* xmm15 = in its last lane the Boolean function of d's last three lanes: by parity, their majority, or
 * the second or the third by the bits of the last. Uses xmm13 and xmm14. */
static void sm3_function(struct lower *l, unsigned kind, unsigned d)
{
	vsh(l, X86_PSLLDQ_I, XMM15, d, 4);
	vsh(l, X86_PSLLDQ_I, XMM13, d, 8);
	v3(l, X86_PXOR, XMM15, XMM15, XMM13);
	if (kind == IR_SM3_TT1B)
		v3(l, X86_PXOR, XMM14, XMM13, d);
	else
		vmov(l, XMM14, d);
	if (kind == IR_SM3_TT1A || kind == IR_SM3_TT2A) {
		v3(l, X86_PXOR, XMM15, XMM15, XMM14);
	} else {
		v3(l, X86_PAND, XMM15, XMM15, XMM14);
		v3(l, X86_PXOR, XMM15, XMM15, XMM13);
	}
}

/* All of it in the last lane, but for the second one, which moves down and is turned. */
void lower_VSM3(struct lower *l, const struct ir_ins *i)
{
	unsigned kind = (unsigned)i->imm & 3, lane = (unsigned)i->imm >> 4 & 3, d;
	bool first = kind <= IR_SM3_TT1B;

	d = vsrc(l, i->d, XMM14);
	sm3_function(l, kind, d);
	d = vsrc(l, i->d, XMM14);
	vsh(l, X86_PSLLDQ_I, XMM13, d, 12);
	v3(l, X86_PADDD, XMM15, XMM15, XMM13);
	v2si(l, X86_PSHUFD, XMM13, i->b, lane * 0x55);
	v3(l, X86_PADDD, XMM15, XMM15, XMM13);
	if (first) {
		rotate(l, IR_I32, XMM13, vsrc(l, i->d, XMM13), 20, XMM14);
		v3s(l, X86_PXOR, XMM13, XMM13, i->a);
		v3(l, X86_PADDD, XMM15, XMM15, XMM13);
	} else {
		v3s(l, X86_PADDD, XMM15, XMM15, i->a);
		sigma(l, IR_I32, XMM13, XMM15, XMM14, XMM15, IR_SIGMA(0, 23, 15));
		vmov(l, XMM15, XMM13);
	}
	vsh(l, X86_PSRLDQ_I, XMM13, vsrc(l, i->d, XMM13), 4);
	v3i(l, X86_PBLENDW, XMM13, XMM13, XMM15, 0xc0);
	rotate(l, IR_I32, XMM14, XMM13, first ? 23 : 13, XMM15);
	v3i(l, X86_PBLENDW, XMM13, XMM13, XMM14, 0x0c);
	vend_full(l, i->d, XMM13);
}

/*
 * The substitution is, as that of AES, the inverse in a field of 256 numbers between two affine maps. The
 * field is another one; in the matrices the maps are combined with those to AES's field and back,
 * of the root 0x23 of x^8 + x^7 + x^6 + x^5 + x^4 + x^2 + 1.
 */
static void sm4_substitute(struct lower *l, unsigned reg)
{
	const uint64_t before = 0x4c287db91a22505d, after = 0xf3ab34a974a6b589;

	v3ci(l, X86_GF2P8AFFINEQB, reg, reg, before, before, 0x3e);
	v3ci(l, X86_GF2P8AFFINEINVQB, reg, reg, after, after, 0xd3);
}

/* Round n changes lane n by a function of the three others and the key's lane n; all lanes are
 * calculated. */
static void sm4_round(struct lower *l, const struct ir_ins *i, unsigned n)
{
	spill(l, 0, XMM13);
	v2i(l, X86_PSHUFD, XMM14, XMM13, 0x4e);
	v3(l, X86_PXOR, XMM14, XMM14, XMM13);
	v2i(l, X86_PSHUFD, XMM15, XMM14, 0xb1);
	ternary(l, XMM14, XMM15, XMM13, FIRST ^ SECOND ^ THIRD);
	v3s(l, X86_PXOR, XMM14, XMM14, i->b);
	sm4_substitute(l, XMM14);
	rotate(l, IR_I32, XMM13, XMM14, i->imm ? 19 : 30, XMM15);
	rotate(l, IR_I32, XMM15, XMM14, i->imm ? 9 : 22, XMM15);
	ternary(l, XMM13, XMM15, XMM14, FIRST ^ SECOND ^ THIRD);
	if (!i->imm) {
		rotate(l, IR_I32, XMM15, XMM14, 14, XMM15);
		rotate(l, IR_I32, XMM14, XMM14, 8, XMM15);
		ternary(l, XMM13, XMM15, XMM14, FIRST ^ SECOND ^ THIRD);
	}
	v2m(l, X86_MOVAPS, XMM15, argument(0));
	v3(l, X86_PXOR, XMM13, XMM13, XMM15);
	v3i(l, X86_PBLENDW, XMM13, XMM15, XMM13, 3u << 2 * n);
}

void lower_VSM4(struct lower *l, const struct ir_ins *i)
{
	if (!l->feat->gfni || !l->feat->avx512vl) {
		call(l, i, i->imm);
		return;
	}
	vload(l, XMM13, i->a);
	for (unsigned n = 0; n < 4; n++)
		sm4_round(l, i, n);
	vend_full(l, i->d, XMM13);
}
