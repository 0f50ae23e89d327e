/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Moves, arithmetic, logic, shifts, bit fields. tags: jit/x86 - integer lowering
 *
 * The common shape is "work in the destination's register if it has one, else in rax and
 * store". A 64-bit result whose slot is in memory and is also the first operand is updated
 * in place. Where EFLAGS hold guest flags that are still needed, additions become lea.
 */
#include "jit/x86/lower-internal.h"

#define HOT (&l->hot)

static unsigned width(const struct ir_ins *i)
{
	return i->ty == IR_I64 ? W64 : W32;
}

static bool fits(unsigned w, int64_t imm)
{
	return w == W32 || imm == (int32_t)imm;
}

/* Copies an operand into a register of our choice. */
static void copy(struct lower *l, unsigned w, unsigned reg, unsigned slot)
{
	unsigned r = lower_src(l, slot, w, reg);

	if (r != reg)
		x86_rr(HOT, X86_MOV, w, reg, r);
}

/* Result goes to the slot's register; zero-extended already. */
#define DST(tmp) lower_dst(l, i->d, tmp)

void lower_MOV(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i);
	int d = lower_reg(l, i->d);

	if (i->d == IR_ZERO)
		return;
	if (i->a == IR_IMM || i->a == IR_ZERO) {
		uint64_t v = i->a == IR_ZERO ? 0 : w == W32 ? (uint32_t)i->imm : (uint64_t)i->imm;

		if (d >= 0) {
			x86_mov_ri(HOT, (unsigned)d, v, lower_flags_busy(l, i));
			if (v == 0 && !lower_flags_busy(l, i))
				lower_flags_clobber(l, i);
		} else if ((int64_t)v == (int32_t)v) {
			x86_mov_mi(HOT, W64, lower_home(i->d), (int32_t)v);
		} else {
			x86_mov_ri(HOT, RAX, v, true);
			lower_write(l, i->d, RAX);
		}
		return;
	}
	if (d >= 0) {
		unsigned s = lower_src(l, i->a, w, (unsigned)d);

		if (s != (unsigned)d || (w == W32 && lower_reg(l, i->a) >= 0))
			x86_rr(HOT, X86_MOV, w, (unsigned)d, s);
		return;
	}
	if (lower_reg(l, i->a) >= 0 && w == W64) {
		lower_write(l, i->d, (unsigned)lower_reg(l, i->a));
		return;
	}
	copy(l, w, RAX, i->a);
	lower_write(l, i->d, RAX);
}

void lower_ADR(struct lower *l, const struct ir_ins *i)
{
	unsigned d = DST(RAX);

	x86_mov_ri(HOT, d, (uint64_t)i->imm, true);
	lower_write(l, i->d, d);
}

/* Shifts reg in place as c says; changes EFLAGS unless c is 0. */
static void apply_shift(struct lower *l, unsigned w, unsigned reg, unsigned c)
{
	static const enum x86_insn op[4] = { X86_SHL_I, X86_SHR_I, X86_SAR_I, X86_ROR_I };

	if (c & 63)
		x86_gri8(HOT, op[c >> 6], w, reg, c & 63);
}

/* d = a + imm without flags. */
static void add_imm(struct lower *l, const struct ir_ins *i, int64_t imm)
{
	unsigned w = width(i);
	int d = lower_reg(l, i->d), a = lower_reg(l, i->a);
	bool busy = lower_flags_busy(l, i);

	if (i->a == IR_ZERO) {
		struct ir_ins mov = *i;

		mov.a = IR_IMM;
		mov.imm = imm;
		lower_MOV(l, &mov);
		return;
	}
	if (d < 0 && i->d == i->a && w == W64 && !busy) {
		lower_flags_clobber(l, i);
		x86_gmi(HOT, X86_ADD_I32, W64, lower_home(i->d), (int32_t)imm);
		return;
	}
	if (d >= 0 && d == a && !busy) {
		lower_flags_clobber(l, i);
		x86_gri(HOT, X86_ADD_I32, w, (unsigned)d, (int32_t)imm);
		return;
	}
	if (d < 0)
		d = RAX;
	if (a < 0) {
		x86_rm(HOT, X86_MOV, w, (unsigned)d, lower_home(i->a));
		a = d;
		if (!busy) {
			lower_flags_clobber(l, i);
			x86_gri(HOT, X86_ADD_I32, w, (unsigned)d, (int32_t)imm);
			lower_write(l, i->d, (unsigned)d);
			return;
		}
	}
	x86_rm(HOT, X86_LEA, w, (unsigned)d, x86_base((unsigned)a, (int32_t)imm));
	lower_write(l, i->d, (unsigned)d);
}

/* d = a + (b << n), n at most 3, by lea: no flags. */
static void add_lea(struct lower *l, const struct ir_ins *i, unsigned n)
{
	unsigned w = width(i), d = DST(RAX);
	unsigned b = lower_src(l, i->b, w, RCX);

	if (i->a == IR_ZERO && n) {
		x86_rm(HOT, X86_LEA, w, d, x86_sib((unsigned)X86_NO_REG, b, n, 0));
	} else {
		unsigned a = lower_src(l, i->a, w, RAX);

		x86_rm(HOT, X86_LEA, w, d, x86_sib(a, b, n, 0));
	}
	lower_write(l, i->d, d);
}

enum alu { ALU_ADD, ALU_SUB, ALU_AND, ALU_OR, ALU_XOR };

static const struct {
	enum x86_insn rm, mr, imm;
	enum lower_flags flags;
	bool commutes;
} alu_ops[] = {
	[ALU_ADD] = { X86_ADD, X86_ADD_MR, X86_ADD_I32, FLAGS_ADD, true },
	[ALU_SUB] = { X86_SUB, X86_SUB_MR, X86_SUB_I32, FLAGS_SUB, false },
	[ALU_AND] = { X86_AND, X86_AND_MR, X86_AND_I32, FLAGS_LOGIC, true },
	[ALU_OR] = { X86_OR, X86_OR_MR, X86_OR_I32, FLAGS_HOME, true },
	[ALU_XOR] = { X86_XOR, X86_XOR_MR, X86_XOR_I32, FLAGS_HOME, true },
};

/* The second operand after shift and inversion. */
struct operand {
	enum { OPERAND_IMM, OPERAND_REG, OPERAND_MEM } kind;
	unsigned reg;
	int32_t imm;
};

static struct operand second(struct lower *l, const struct ir_ins *i, bool invert)
{
	unsigned w = width(i);
	int b = lower_reg(l, i->b);

	if (i->b == IR_IMM || i->b == IR_ZERO) {
		int64_t v = i->b == IR_ZERO ? 0 : i->imm;

		if (invert)
			v = ~v;
		if (fits(w, v))
			return (struct operand){ OPERAND_IMM, 0, (int32_t)v };
		x86_mov_ri(HOT, RCX, (uint64_t)v, true);
		return (struct operand){ OPERAND_REG, RCX, 0 };
	}
	if (i->c || invert) {
		copy(l, w, RCX, i->b);
		apply_shift(l, w, RCX, i->c);
		if (invert)
			x86_gr(HOT, X86_NOT, w, RCX);
		return (struct operand){ OPERAND_REG, RCX, 0 };
	}
	if (b >= 0)
		return (struct operand){ OPERAND_REG, (unsigned)b, 0 };
	return (struct operand){ OPERAND_MEM, 0, 0 };
}

static void apply(struct lower *l, enum alu k, unsigned w, unsigned reg, struct operand o,
		  const struct ir_ins *i)
{
	if (o.kind == OPERAND_IMM)
		x86_gri(HOT, alu_ops[k].imm, w, reg, o.imm);
	else if (o.kind == OPERAND_REG)
		x86_rr(HOT, alu_ops[k].rm, w, reg, o.reg);
	else
		x86_rm(HOT, alu_ops[k].rm, w, reg, lower_home(i->b));
}

/* Flags of a compare or test alone. */
static void compare(struct lower *l, const struct ir_ins *i, enum alu k, struct operand o)
{
	unsigned w = width(i);
	int a = lower_reg(l, i->a);
	bool test = k == ALU_AND;

	if (a < 0 && i->a != IR_ZERO && o.kind == OPERAND_REG) {
		x86_rm(HOT, test ? X86_TEST_MR : X86_CMP_MR, w, o.reg, lower_home(i->a));
		return;
	}
	if (a < 0 && i->a != IR_ZERO && o.kind == OPERAND_IMM) {
		x86_gmi(HOT, test ? X86_TEST_I32 : X86_CMP_I32, w, lower_home(i->a), o.imm);
		return;
	}
	a = (int)lower_src(l, i->a, w, RAX);
	if (o.kind == OPERAND_IMM && test) {
		if ((uint32_t)o.imm < 0x80 && a < 4)
			x86_gri(HOT, X86_TEST8_I8, W8, (unsigned)a, o.imm);
		else
			x86_gri(HOT, X86_TEST_I32, o.imm >= 0 ? W32 : w, (unsigned)a, o.imm);
	} else if (o.kind == OPERAND_IMM && o.imm == 0) {
		x86_rr(HOT, X86_TEST_MR, w, (unsigned)a, (unsigned)a);
	} else if (o.kind == OPERAND_IMM) {
		x86_gri(HOT, X86_CMP_I32, w, (unsigned)a, o.imm);
	} else if (o.kind == OPERAND_REG) {
		x86_rr(HOT, test ? X86_TEST_MR : X86_CMP_MR, w, o.reg, (unsigned)a);
	} else if (test) {
		x86_rm(HOT, X86_TEST_MR, w, (unsigned)a, lower_home(i->b));
	} else {
		x86_rm(HOT, X86_CMP, w, (unsigned)a, lower_home(i->b));
	}
}

static void alu(struct lower *l, const struct ir_ins *i, enum alu k, bool invert)
{
	unsigned w = width(i);
	bool setf = i->fl & IRF_SETF;
	struct operand o;
	int d;

	lower_flags_clobber(l, i);
	o = second(l, i, invert);
	if (setf && i->d == IR_ZERO && (k == ALU_SUB || k == ALU_AND)) {
		compare(l, i, k, o);
		lower_flags_set(l, i, alu_ops[k].flags);
		return;
	}
	d = lower_reg(l, i->d);
	if (d < 0 && i->d != IR_ZERO && i->d == i->a && w == W64 && o.kind != OPERAND_MEM) {
		if (o.kind == OPERAND_IMM)
			x86_gmi(HOT, alu_ops[k].imm, W64, lower_home(i->d), o.imm);
		else
			x86_rm(HOT, alu_ops[k].mr, W64, o.reg, lower_home(i->d));
	} else if (d >= 0 && i->d == i->a) {
		apply(l, k, w, (unsigned)d, o, i);
	} else if (d >= 0 && o.kind == OPERAND_REG && o.reg == (unsigned)d) {
		if (alu_ops[k].commutes && i->a != IR_ZERO) {
			lower_op(l, alu_ops[k].rm, w, (unsigned)d, i->a);
		} else {
			copy(l, w, RAX, i->a);
			apply(l, k, w, RAX, o, i);
			x86_mov_rr(HOT, W64, (unsigned)d, RAX);
		}
	} else {
		unsigned t = d >= 0 ? (unsigned)d : RAX;

		copy(l, w, t, i->a);
		apply(l, k, w, t, o, i);
		lower_write(l, i->d, t);
	}
	if (setf)
		lower_flags_set(l, i, alu_ops[k].flags);
}

void lower_ADD(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i);

	if (i->fl & IRF_SETF) {
		/* a + imm and a - -imm set the same flags, the latter in the home's sense;
		 * not for 0 (carry) and not for the one that is its own negative (overflow). */
		if (i->b == IR_IMM && ((int32_t)i->imm & INT32_MAX) != 0 && fits(w, -i->imm)) {
			struct ir_ins sub = *i;

			sub.imm = -i->imm;
			alu(l, &sub, ALU_SUB, false);
		} else {
			alu(l, i, ALU_ADD, false);
		}
		return;
	}
	if (i->b == IR_IMM && fits(w, i->imm)) {
		add_imm(l, i, w == W32 ? (int32_t)i->imm : i->imm);
		return;
	}
	if (i->b != IR_IMM && i->b != IR_ZERO && i->c <= 3) {
		int d = lower_reg(l, i->d), a = lower_reg(l, i->a), b = lower_reg(l, i->b);

		if (i->c || lower_flags_busy(l, i) || i->a == IR_ZERO ||
		    (d >= 0 && a >= 0 && b >= 0 && d != a && d != b)) {
			add_lea(l, i, i->c);
			return;
		}
	}
	alu(l, i, ALU_ADD, false);
}

void lower_SUB(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i);

	if (!(i->fl & IRF_SETF)) {
		if (i->b == IR_IMM && fits(w, -i->imm)) {
			add_imm(l, i, w == W32 ? (int32_t)-i->imm : -i->imm);
			return;
		}
	}
	if (i->a == IR_ZERO && i->d != IR_ZERO && i->b != IR_IMM && i->b != IR_ZERO && !i->c) {
		unsigned d = DST(RAX);

		lower_flags_clobber(l, i);
		copy(l, w, d, i->b);
		x86_gr(HOT, X86_NEG, w, d);
		lower_write(l, i->d, d);
		if (i->fl & IRF_SETF)
			lower_flags_set(l, i, FLAGS_SUB);
		return;
	}
	alu(l, i, ALU_SUB, false);
}

void lower_AND(struct lower *l, const struct ir_ins *i)
{
	struct ir_ins j = *i;

	if (i->b == IR_IMM && !(i->fl & IRF_SETF)) {
		uint64_t m = i->ty == IR_I64 ? (uint64_t)i->imm : (uint32_t)i->imm;
		unsigned d = DST(RAX);

		if (m == 0xffffffff) {
			copy(l, W32, d, i->a);
			if (lower_reg(l, i->a) == (int)d)
				x86_rr(HOT, X86_MOV, W32, d, d);
			lower_write(l, i->d, d);
			return;
		}
		if (m == 0xff || m == 0xffff) {
			unsigned s = lower_src(l, i->a, W32, RAX);

			if (m == 0xff)
				x86_rr(HOT, X86_MOVZX8, s >= 4 ? (unsigned)W8 : W32, d, s);
			else
				x86_rr(HOT, X86_MOVZX16, W32, d, s);
			lower_write(l, i->d, d);
			return;
		}
		/* A mask without upper bits: the 32-bit form is shorter and clears them. */
		if (m <= 0xffffffff && !(lower_reg(l, i->d) < 0 && i->d == i->a))
			j.ty = IR_I32;
	}
	alu(l, &j, ALU_AND, false);
}

void lower_ANDN(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i);

	if (l->feat->bmi1 && i->b != IR_IMM && i->b != IR_ZERO && i->a != IR_ZERO) {
		unsigned d = DST(RAX), b;

		lower_flags_clobber(l, i);
		if (i->c) {
			copy(l, w, RCX, i->b);
			apply_shift(l, w, RCX, i->c);
			b = RCX;
		} else {
			b = lower_src(l, i->b, w, RCX);
		}
		if (lower_reg(l, i->a) >= 0)
			x86_vrr(HOT, X86_ANDN, w, 0, d, b, (unsigned)lower_reg(l, i->a));
		else
			x86_vrm(HOT, X86_ANDN, w, 0, d, b, lower_home(i->a), 0);
		lower_write(l, i->d, d);
		if (i->fl & IRF_SETF)
			lower_flags_set(l, i, FLAGS_LOGIC);
		return;
	}
	alu(l, i, ALU_AND, true);
}

void lower_OR(struct lower *l, const struct ir_ins *i)
{
	if (i->a == IR_ZERO && i->b != IR_IMM && i->c & 63) {
		unsigned w = width(i), d = DST(RAX);

		lower_flags_clobber(l, i);
		copy(l, w, d, i->b);
		apply_shift(l, w, d, i->c);
		lower_write(l, i->d, d);
		return;
	}
	if (i->a == IR_ZERO && i->b != IR_IMM) {
		struct ir_ins mov = *i;

		mov.a = i->b;
		lower_MOV(l, &mov);
		return;
	}
	alu(l, i, ALU_OR, false);
}

void lower_ORN(struct lower *l, const struct ir_ins *i)
{
	if (i->a == IR_ZERO && i->b != IR_IMM && i->b != IR_ZERO) {
		unsigned w = width(i), d = DST(RAX);

		if (i->c)
			lower_flags_clobber(l, i);
		copy(l, w, d, i->b);
		apply_shift(l, w, d, i->c);
		x86_gr(HOT, X86_NOT, w, d);
		lower_write(l, i->d, d);
		return;
	}
	alu(l, i, ALU_OR, true);
}

void lower_XOR(struct lower *l, const struct ir_ins *i)
{
	alu(l, i, ALU_XOR, false);
}

void lower_XORN(struct lower *l, const struct ir_ins *i)
{
	alu(l, i, ALU_XOR, true);
}

/* CF = C for adc, CF = !C for sbb; whatever still reads the flags finds them at home. */
static void load_carry(struct lower *l, const struct ir_ins *i, bool inverted)
{
	bool keep = i->live && !(i->fl & IRF_SETF);

	if (keep)
		lower_flags_save(l);
	if (l->flags == FLAGS_HOME) {
		x86_gm(HOT, X86_BT_I, W32, lower_state(CPU_OFF(nzcv)));
		x86_u8(HOT, 8);
		l->flags = FLAGS_SUB;
		l->saved = true;
	}
	if ((l->flags == FLAGS_SUB) != inverted)
		x86_cmc(HOT);
	lower_flags_home(l);
}

static void carry_op(struct lower *l, const struct ir_ins *i, enum x86_insn op, bool inverted)
{
	unsigned w = width(i), b;

	b = lower_src(l, i->b, w, RCX);
	copy(l, w, RAX, i->a);
	if (l->flags > FLAGS_LOGIC)
		lower_flags_home(l); /* saved: the carry is not in CF */
	if (l->flags == FLAGS_LOGIC)
		lower_cond(l, IRC_CS); /* to a sense that has a carry */
	/* saving needs rax: do it first */
	if (i->live && !(i->fl & IRF_SETF) && l->flags != FLAGS_HOME && !l->saved) {
		lower_flags_save(l);
		copy(l, w, RAX, i->a);
	}
	load_carry(l, i, inverted);
	x86_rr(HOT, op, w, RAX, b);
	lower_write(l, i->d, RAX);
	if (i->fl & IRF_SETF)
		lower_flags_set(l, i, inverted ? FLAGS_SUB : FLAGS_ADD);
}

void lower_ADC(struct lower *l, const struct ir_ins *i)
{
	carry_op(l, i, X86_ADC, false);
}

void lower_SBC(struct lower *l, const struct ir_ins *i)
{
	carry_op(l, i, X86_SBB, true);
}

static void shift(struct lower *l, const struct ir_ins *i, enum x86_insn imm_op,
		  enum x86_insn cl_op, enum x86_insn vex_op)
{
	unsigned w = width(i), d = DST(RAX);

	if (i->b == IR_IMM || i->b == IR_ZERO) {
		unsigned n = i->b == IR_ZERO ? 0 : (unsigned)i->imm & (w == W64 ? 63 : 31);

		if (n == 0) {
			struct ir_ins mov = *i;

			lower_MOV(l, &mov);
			return;
		}
		if (imm_op == X86_ROR_I && l->feat->bmi2 && i->a != IR_ZERO) {
			int a = lower_reg(l, i->a);

			if (a >= 0)
				x86_vrr(HOT, X86_RORX_I, w, 0, d, 0, (unsigned)a);
			else
				x86_vrm(HOT, X86_RORX_I, w, 0, d, 0, lower_home(i->a), 1);
			x86_u8(HOT, n);
			lower_write(l, i->d, d);
			return;
		}
		if (imm_op == X86_SHL_I && n <= 3 && lower_flags_busy(l, i)) {
			unsigned a = lower_src(l, i->a, w, RAX);

			x86_rm(HOT, X86_LEA, w, d, x86_sib((unsigned)X86_NO_REG, a, n, 0));
			lower_write(l, i->d, d);
			return;
		}
		lower_flags_clobber(l, i);
		copy(l, w, d, i->a);
		x86_gri8(HOT, imm_op, w, d, n);
		lower_write(l, i->d, d);
		return;
	}
	if (vex_op && l->feat->bmi2 && i->a != IR_ZERO) {
		unsigned n = lower_src(l, i->b, w, RCX);
		int a = lower_reg(l, i->a);

		if (a >= 0)
			x86_vrr(HOT, vex_op, w, 0, d, n, (unsigned)a);
		else
			x86_vrm(HOT, vex_op, w, 0, d, n, lower_home(i->a), 0);
		lower_write(l, i->d, d);
		return;
	}
	/* A count of zero leaves EFLAGS alone, so they must not be needed either way. */
	lower_flags_clobber(l, i);
	copy(l, W32, RCX, i->b);
	copy(l, w, RAX, i->a);
	x86_gr(HOT, cl_op, w, RAX);
	lower_write(l, i->d, RAX);
}

void lower_SHL(struct lower *l, const struct ir_ins *i)
{
	shift(l, i, X86_SHL_I, X86_SHL_CL, X86_SHLX);
}

void lower_SHR(struct lower *l, const struct ir_ins *i)
{
	shift(l, i, X86_SHR_I, X86_SHR_CL, X86_SHRX);
}

void lower_SAR(struct lower *l, const struct ir_ins *i)
{
	shift(l, i, X86_SAR_I, X86_SAR_CL, X86_SARX);
}

void lower_ROR(struct lower *l, const struct ir_ins *i)
{
	shift(l, i, X86_ROR_I, X86_ROR_CL, 0);
}

/* d = extension of a: flag-neutral. */
static void extend(struct lower *l, unsigned ty, unsigned dst, unsigned a, unsigned ext)
{
	unsigned w = ty == IR_I64 ? W64 : W32;
	int r = lower_reg(l, a);
	enum x86_insn op;
	unsigned ow = W32;

	switch (ext) {
	case IR_UXTB: op = X86_MOVZX8; break;
	case IR_UXTH: op = X86_MOVZX16; break;
	case IR_SXTB: op = X86_MOVSX8; ow = w; break;
	case IR_SXTH: op = X86_MOVSX16; ow = w; break;
	case IR_SXTW:
		op = w == W64 ? X86_MOVSXD : X86_MOV;
		ow = w;
		break;
	case IR_UXTW: op = X86_MOV; break;
	default: op = X86_MOV; ow = w; break;
	}
	if (a == IR_ZERO)
		x86_mov_ri(HOT, dst, 0, true);
	else if (r >= 0)
		x86_rr(HOT, op, ow | ((op == X86_MOVZX8 || op == X86_MOVSX8) ? (unsigned)W8 : 0),
		       dst, (unsigned)r);
	else
		x86_rm(HOT, op, ow, dst, lower_home(a));
}

void lower_EXT(struct lower *l, const struct ir_ins *i)
{
	unsigned d = DST(RAX);

	extend(l, i->ty, d, i->a, i->c);
	lower_write(l, i->d, d);
}

/* rax = a * b */
static void product(struct lower *l, const struct ir_ins *i, unsigned w)
{
	copy(l, w, RAX, i->a);
	if (i->b == IR_ZERO)
		x86_mov_ri(HOT, RAX, 0, true);
	else
		lower_op(l, X86_IMUL, w, RAX, i->b);
}

/* rax = low words of a and b multiplied to 64 bits */
static void long_product(struct lower *l, const struct ir_ins *i)
{
	unsigned ext = i->fl & IRF_SGN ? IR_SXTW : IR_UXTW;

	extend(l, IR_I64, RAX, i->a, ext);
	extend(l, IR_I64, RCX, i->b, ext);
	x86_rr(HOT, X86_IMUL, W64, RAX, RCX);
}

/* d = c + rax or c - rax */
static void accumulate(struct lower *l, const struct ir_ins *i, unsigned w, bool subtract)
{
	int d = lower_reg(l, i->d);

	if (i->c == IR_ZERO) {
		if (subtract)
			x86_gr(HOT, X86_NEG, w, RAX);
		lower_write(l, i->d, RAX);
	} else if (d >= 0 && i->d == i->c) {
		x86_rr(HOT, subtract ? X86_SUB : X86_ADD, w, (unsigned)d, RAX);
	} else if (subtract) {
		copy(l, w, RCX, i->c);
		x86_rr(HOT, X86_SUB, w, RCX, RAX);
		lower_write(l, i->d, RCX);
	} else {
		lower_op(l, X86_ADD, w, RAX, i->c);
		lower_write(l, i->d, RAX);
	}
}

void lower_MUL(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i);
	int d = lower_reg(l, i->d);

	lower_flags_clobber(l, i);
	if (d >= 0 && i->d == i->a && i->b != IR_ZERO) {
		lower_op(l, X86_IMUL, w, (unsigned)d, i->b);
		return;
	}
	if (d >= 0 && i->d == i->b && i->a != IR_ZERO) {
		lower_op(l, X86_IMUL, w, (unsigned)d, i->a);
		return;
	}
	if (d >= 0 && i->a != IR_ZERO && i->b != IR_ZERO) {
		copy(l, w, (unsigned)d, i->a);
		lower_op(l, X86_IMUL, w, (unsigned)d, i->b);
		return;
	}
	product(l, i, w);
	lower_write(l, i->d, RAX);
}

void lower_MADD(struct lower *l, const struct ir_ins *i)
{
	lower_flags_clobber(l, i);
	product(l, i, width(i));
	accumulate(l, i, width(i), false);
}

void lower_MSUB(struct lower *l, const struct ir_ins *i)
{
	lower_flags_clobber(l, i);
	product(l, i, width(i));
	accumulate(l, i, width(i), true);
}

void lower_MULL(struct lower *l, const struct ir_ins *i)
{
	lower_flags_clobber(l, i);
	long_product(l, i);
	lower_write(l, i->d, RAX);
}

void lower_MADDL(struct lower *l, const struct ir_ins *i)
{
	lower_flags_clobber(l, i);
	long_product(l, i);
	accumulate(l, i, W64, false);
}

void lower_MSUBL(struct lower *l, const struct ir_ins *i)
{
	lower_flags_clobber(l, i);
	long_product(l, i);
	accumulate(l, i, W64, true);
}

void lower_MULH(struct lower *l, const struct ir_ins *i)
{
	unsigned b;

	lower_flags_clobber(l, i);
	b = lower_src(l, i->b, W64, RCX);
	copy(l, W64, RAX, i->a);
	x86_gr(HOT, i->fl & IRF_SGN ? X86_IMUL1 : X86_MUL, W64, b);
	lower_write(l, i->d, RDX);
}

void lower_UDIV(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i);
	uint8_t *zero;

	lower_flags_clobber(l, i);
	copy(l, w, RCX, i->b);
	copy(l, w, RAX, i->a);
	x86_rr(HOT, X86_XOR, W32, RDX, RDX);
	x86_rr(HOT, X86_TEST_MR, w, RCX, RCX);
	zero = x86_jcc8(HOT, CC_E);
	x86_gr(HOT, X86_DIV, w, RCX);
	x86_rr(HOT, X86_MOV, w, RDX, RAX);
	x86_bind8(HOT, zero);
	lower_write(l, i->d, RDX);
}

void lower_SDIV(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i);
	uint8_t *special;

	lower_flags_clobber(l, i);
	copy(l, w, RCX, i->b);
	copy(l, w, RAX, i->a);
	/* For 0 and -1 the quotient is a * b, which cannot trap. */
	x86_rm(HOT, X86_LEA, w, RDX, x86_base(RCX, 1));
	x86_gri(HOT, X86_CMP_I32, w, RDX, 1);
	special = x86_jcc(HOT, CC_BE, 0);
	if (w == W64)
		x86_u8(HOT, 0x48);
	x86_u8(HOT, 0x99); /* cdq, cqo */
	x86_gr(HOT, X86_IDIV, w, RCX);
	x86_patch32(HOT, special, x86_here(&l->cold));
	x86_rr(&l->cold, X86_IMUL, w, RAX, RCX);
	x86_jmp(&l->cold, x86_here(HOT));
	lower_write(l, i->d, RAX);
}

static uint64_t ones(unsigned n)
{
	return n >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << n) - 1;
}

void lower_UBFX(struct lower *l, const struct ir_ins *i)
{
	unsigned lsb = IR_BF_LSB(i->imm), n = IR_BF_WIDTH(i->imm), d = DST(RAX);
	unsigned w = width(i), size = w == W64 ? 64 : 32;

	if (lsb == 0 && (n == 8 || n == 16 || n == 32)) {
		extend(l, IR_I64, d, i->a, n == 8 ? IR_UXTB : n == 16 ? IR_UXTH : IR_UXTW);
		lower_write(l, i->d, d);
		return;
	}
	lower_flags_clobber(l, i);
	if (lsb + n <= 32)
		w = W32;
	copy(l, w, d, i->a);
	if (lsb)
		x86_gri8(HOT, X86_SHR_I, w, d, lsb);
	if (lsb + n < size && !(w == W32 && lsb + n == 32)) {
		if (n == 8 || n == 16) {
			x86_rr(HOT, n == 8 ? X86_MOVZX8 : X86_MOVZX16,
			       n == 8 ? (unsigned)W8 : W32, d, d);
		} else if (n < 32) {
			x86_gri(HOT, X86_AND_I32, W32, d, (int32_t)ones(n));
		} else if (n == 32) {
			x86_rr(HOT, X86_MOV, W32, d, d);
		} else {
			x86_mov_ri(HOT, RCX, ones(n), true);
			x86_rr(HOT, X86_AND, W64, d, RCX);
		}
	}
	lower_write(l, i->d, d);
}

void lower_SBFX(struct lower *l, const struct ir_ins *i)
{
	unsigned lsb = IR_BF_LSB(i->imm), n = IR_BF_WIDTH(i->imm), d = DST(RAX);
	unsigned w = width(i), size = w == W64 ? 64 : 32;

	if (lsb == 0 && (n == 8 || n == 16 || n == 32)) {
		extend(l, i->ty, d, i->a, n == 8 ? IR_SXTB : n == 16 ? IR_SXTH : IR_SXTW);
		lower_write(l, i->d, d);
		return;
	}
	lower_flags_clobber(l, i);
	copy(l, w, d, i->a);
	if (size - lsb - n)
		x86_gri8(HOT, X86_SHL_I, w, d, size - lsb - n);
	if (size - n)
		x86_gri8(HOT, X86_SAR_I, w, d, size - n);
	lower_write(l, i->d, d);
}

void lower_UBFIZ(struct lower *l, const struct ir_ins *i)
{
	unsigned lsb = IR_BF_LSB(i->imm), n = IR_BF_WIDTH(i->imm), d = DST(RAX);
	unsigned w = width(i), size = w == W64 ? 64 : 32;

	lower_flags_clobber(l, i);
	if (n == 8 || n == 16 || n == 32) {
		extend(l, IR_I64, d, i->a, n == 8 ? IR_UXTB : n == 16 ? IR_UXTH : IR_UXTW);
		if (lsb)
			x86_gri8(HOT, X86_SHL_I, w, d, lsb);
	} else if (n < 32) {
		copy(l, W32, d, i->a);
		x86_gri(HOT, X86_AND_I32, W32, d, (int32_t)ones(n));
		if (lsb)
			x86_gri8(HOT, X86_SHL_I, w, d, lsb);
	} else {
		copy(l, w, d, i->a);
		x86_gri8(HOT, X86_SHL_I, w, d, size - n);
		if (size - n - lsb)
			x86_gri8(HOT, X86_SHR_I, w, d, size - n - lsb);
	}
	lower_write(l, i->d, d);
}

void lower_SBFIZ(struct lower *l, const struct ir_ins *i)
{
	unsigned lsb = IR_BF_LSB(i->imm), n = IR_BF_WIDTH(i->imm), d = DST(RAX);
	unsigned w = width(i), size = w == W64 ? 64 : 32;

	lower_flags_clobber(l, i);
	if (n == 8 || n == 16 || n == 32) {
		extend(l, i->ty, d, i->a, n == 8 ? IR_SXTB : n == 16 ? IR_SXTH : IR_SXTW);
		if (lsb)
			x86_gri8(HOT, X86_SHL_I, w, d, lsb);
	} else {
		copy(l, w, d, i->a);
		x86_gri8(HOT, X86_SHL_I, w, d, size - n);
		if (size - n - lsb)
			x86_gri8(HOT, X86_SAR_I, w, d, size - n - lsb);
	}
	lower_write(l, i->d, d);
}

/* rax = a with its low n bits replaced by those of rcx, then rotated left by n + lsb: the
 * field is rotated to the bottom, shifted out and the new one shifted in above. */
static void insert(struct lower *l, const struct ir_ins *i, unsigned w, unsigned lsb, unsigned n)
{
	unsigned size = w == W64 ? 64 : 32;

	if (n == size) {
		x86_rr(HOT, X86_MOV, w, RAX, RCX);
	} else {
		copy(l, w, RAX, i->a);
		if (lsb)
			x86_gri8(HOT, X86_ROR_I, w, RAX, lsb);
		x86_rri(HOT, X86_SHRD_MRI, w, RCX, RAX, n);
		if ((n + lsb) % size)
			x86_gri8(HOT, X86_ROL_I, w, RAX, (n + lsb) % size);
	}
	lower_write(l, i->d, RAX);
}

void lower_BFI(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i);

	lower_flags_clobber(l, i);
	copy(l, w, RCX, i->b);
	insert(l, i, w, IR_BF_LSB(i->imm), IR_BF_WIDTH(i->imm));
}

void lower_BFXIL(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i), lsb = IR_BF_LSB(i->imm);

	lower_flags_clobber(l, i);
	copy(l, w, RCX, i->b);
	if (lsb)
		x86_gri8(HOT, X86_SHR_I, w, RCX, lsb);
	insert(l, i, w, 0, IR_BF_WIDTH(i->imm));
}

void lower_EXTR(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i), a;

	if (i->c == 0) {
		struct ir_ins mov = *i;

		mov.a = i->b;
		lower_MOV(l, &mov);
		return;
	}
	lower_flags_clobber(l, i);
	a = lower_src(l, i->a, w, RCX);
	copy(l, w, RAX, i->b);
	x86_rri(HOT, X86_SHRD_MRI, w, a, RAX, i->c);
	lower_write(l, i->d, RAX);
}

/* reg = leading zeros of src; src may be reg */
static void count_zeros(struct lower *l, unsigned w, unsigned reg, unsigned src)
{
	unsigned size = w == W64 ? 64 : 32;

	if (l->feat->lzcnt) {
		x86_rr(HOT, X86_LZCNT, w, reg, src);
		return;
	}
	/* bsr gives 63 - clz and leaves the result alone for 0 (as every x86-64 does). */
	x86_mov_ri(HOT, RCX, 2 * size - 1, true);
	x86_rr(HOT, X86_BSR, w, RAX, src);
	x86_rr(HOT, X86_CMOV + CC_E, W32, RAX, RCX);
	x86_gri(HOT, X86_XOR_I32, W32, RAX, (int32_t)size - 1);
	x86_mov_rr(HOT, W64, reg, RAX);
}

void lower_CLZ(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i), d = DST(RAX);

	lower_flags_clobber(l, i);
	count_zeros(l, w, d, lower_src(l, i->a, w, RAX));
	lower_write(l, i->d, d);
}

void lower_CLS(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i), d = DST(RAX), a;

	lower_flags_clobber(l, i);
	a = lower_src(l, i->a, w, RCX);
	x86_rr(HOT, X86_MOV, w, RAX, a);
	x86_gri8(HOT, X86_SAR_I, w, RAX, 1);
	x86_rr(HOT, X86_XOR, w, RAX, a);
	/* The top bit is clear now: one zero too many. */
	count_zeros(l, w, d, RAX);
	x86_gri(HOT, X86_SUB_I32, W32, d, 1);
	lower_write(l, i->d, d);
}

/* rax = (rax & mask) << n | (rax >> n) & mask */
static void swap_groups(struct lower *l, unsigned w, uint64_t mask, unsigned n)
{
	if (w == W32)
		mask = (uint32_t)mask;
	x86_mov_ri(HOT, RCX, mask, true);
	x86_rr(HOT, X86_MOV, w, RDX, RAX);
	x86_gri8(HOT, X86_SHR_I, w, RDX, n);
	x86_rr(HOT, X86_AND, w, RAX, RCX);
	x86_rr(HOT, X86_AND, w, RDX, RCX);
	x86_gri8(HOT, X86_SHL_I, w, RAX, n);
	x86_rr(HOT, X86_OR, w, RAX, RDX);
}

void lower_RBIT(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i);

	lower_flags_clobber(l, i);
	copy(l, w, RAX, i->a);
	x86_bswap(HOT, w, RAX);
	swap_groups(l, w, 0x0f0f0f0f0f0f0f0f, 4);
	swap_groups(l, w, 0x3333333333333333, 2);
	swap_groups(l, w, 0x5555555555555555, 1);
	lower_write(l, i->d, RAX);
}

void lower_REV16(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i);

	lower_flags_clobber(l, i);
	copy(l, w, RAX, i->a);
	if (w == W32) {
		x86_bswap(HOT, W32, RAX);
		x86_gri8(HOT, X86_ROL_I, W32, RAX, 16);
	} else {
		swap_groups(l, W64, 0x00ff00ff00ff00ff, 8);
	}
	lower_write(l, i->d, RAX);
}

void lower_REV32(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i), d = DST(RAX);

	if (w == W64)
		lower_flags_clobber(l, i);
	copy(l, w, d, i->a);
	x86_bswap(HOT, w, d);
	if (w == W64)
		x86_gri8(HOT, X86_ROL_I, W64, d, 32);
	lower_write(l, i->d, d);
}

void lower_REV64(struct lower *l, const struct ir_ins *i)
{
	unsigned d = DST(RAX);

	copy(l, W64, d, i->a);
	x86_bswap(HOT, W64, d);
	lower_write(l, i->d, d);
}

void lower_CRC32C(struct lower *l, const struct ir_ins *i)
{
	static const enum x86_insn op[4] = { X86_CRC32_8, X86_CRC32, X86_CRC32, X86_CRC32 };
	static const unsigned w[4] = { W8, W16, W32, W64 };
	unsigned b;

	b = lower_src(l, i->b, W64, RCX);
	copy(l, W32, RAX, i->a);
	/* F2 is the mandatory prefix: the operand-size prefix must come before it. */
	x86_rr(HOT, op[i->ty], w[i->ty], RAX, b);
	lower_write(l, i->d, RAX);
}
