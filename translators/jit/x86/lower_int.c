/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Moves, additions, logic, shifts and extensions. tags: jit/x86 - integer lowering
 *
 * The common shape is "work in the destination's register if it has one, else in rax and
 * store". A 64-bit result whose slot is in memory and is also the first operand is updated
 * in place. Where EFLAGS hold guest flags that are still needed, additions become lea.
 */
#include "jit/x86/lower_int.h"

static bool fits(unsigned w, int64_t imm)
{
	return w == W32 || imm == (int32_t)imm;
}


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

/* d = a - b = a + ~b + 1 without flags. */
static void subtract_lea(struct lower *l, const struct ir_ins *i)
{
	unsigned w = width(i), d = DST(RAX), a;

	copy(l, w, RCX, i->b);
	x86_gr(HOT, X86_NOT, w, RCX);
	a = lower_src(l, i->a, w, RAX);
	x86_rm(HOT, X86_LEA, w, d, x86_sib(a, RCX, 0, 1));
	lower_write(l, i->d, d);
}

enum alu { ALU_ADD, ALU_SUB, ALU_AND, ALU_OR, ALU_XOR, ALU_ADC, ALU_SBB };

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
	[ALU_ADC] = { X86_ADC, X86_ADC_MR, X86_ADC_I32, FLAGS_ADD, true },
	[ALU_SBB] = { X86_SBB, X86_SBB_MR, X86_SBB_I32, FLAGS_SUB, false },
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
		if (i->b != IR_IMM && i->b != IR_ZERO && !i->c && lower_flags_busy(l, i)) {
			subtract_lea(l, i);
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

/* CF = C for adc, CF = !C for sbb; whatever still reads the flags finds them at home. Uses rax. */
static void load_carry(struct lower *l, const struct ir_ins *i, bool inverted)
{
	if (l->flags > FLAGS_LOGIC)
		lower_flags_home(l); /* saved: the carry is not in CF */
	if (l->flags == FLAGS_LOGIC)
		lower_cond(l, IRC_CS); /* to a sense that has a carry */
	if (i->live && !(i->fl & IRF_SETF))
		lower_flags_save_live(l, i);
	if (l->flags == FLAGS_HOME) {
		/* Not by bt from memory, which reads more than a save has just written. */
		x86_rm(HOT, X86_MOVZX8, W32, RAX, lower_state(CPU_OFF(nzcv) + 1));
		x86_gri8(HOT, X86_BT_I, W32, RAX, 0);
		l->flags = FLAGS_SUB;
		l->saved = true;
	}
	if ((l->flags == FLAGS_SUB) != inverted)
		x86_cmc(HOT);
	lower_flags_home(l);
}

static void carry_op(struct lower *l, const struct ir_ins *i, enum alu k, bool inverted)
{
	unsigned w = width(i), t;
	int d = lower_reg(l, i->d), b = lower_reg(l, i->b);
	struct operand o = { OPERAND_MEM, 0, 0 };

	load_carry(l, i, inverted);
	if (i->b == IR_ZERO)
		o.kind = OPERAND_IMM;
	else if (b >= 0)
		o = (struct operand){ OPERAND_REG, (unsigned)b, 0 };
	if (d >= 0 && d == b && i->d != i->a && i->a != IR_ZERO && !inverted) {
		lower_op(l, alu_ops[k].rm, w, (unsigned)d, i->a);
	} else {
		t = d >= 0 && (i->d == i->a || d != b) ? (unsigned)d : RAX;
		copy(l, w, t, i->a);
		apply(l, k, w, t, o, i);
		lower_write(l, i->d, t);
	}
	if (i->fl & IRF_SETF)
		lower_flags_set(l, i, inverted ? FLAGS_SUB : FLAGS_ADD);
}

void lower_ADC(struct lower *l, const struct ir_ins *i)
{
	carry_op(l, i, ALU_ADC, false);
}

void lower_SBC(struct lower *l, const struct ir_ins *i)
{
	carry_op(l, i, ALU_SBB, true);
}

/* d = a shifted by register n, without flags. */
static void shift_by(struct lower *l, const struct ir_ins *i, enum x86_insn vex_op, unsigned n)
{
	unsigned w = width(i), d = DST(RAX);
	int a = lower_reg(l, i->a);

	if (a >= 0)
		x86_vrr(HOT, vex_op, w, 0, d, n, (unsigned)a);
	else
		x86_vrm(HOT, vex_op, w, 0, d, n, lower_home(i->a), 0);
	lower_write(l, i->d, d);
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
		if (vex_op && l->feat->bmi2 && i->a != IR_ZERO && lower_flags_busy(l, i)) {
			x86_mov_ri(HOT, RCX, n, true);
			shift_by(l, i, vex_op, RCX);
			return;
		}
		lower_flags_clobber(l, i);
		copy(l, w, d, i->a);
		x86_gri8(HOT, imm_op, w, d, n);
		lower_write(l, i->d, d);
		return;
	}
	if (vex_op && l->feat->bmi2 && i->a != IR_ZERO) {
		shift_by(l, i, vex_op, lower_src(l, i->b, w, RCX));
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


void lower_extend(struct lower *l, unsigned ty, unsigned dst, unsigned a, unsigned ext)
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

	lower_extend(l, i->ty, d, i->a, i->c);
	lower_write(l, i->d, d);
}
