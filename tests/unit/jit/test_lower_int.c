/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Integer, flag, memory and branch ops: what the lowering makes of them against what the
 * evaluator says, on random operands in all placements, with guest flags of every origin
 * alive or dead around the op. One seed, printed; SEED=n repeats a run.
 */
#include "tests/lib/unit.h"

#include <sys/mman.h>

#include "guest/a64/cpu.h"
#include "jit/cache/codemem.h"
#include "jit/opt/opt.h"
#include "jit/x86/lower-internal.h"

#define PAGE 0x10000u
#define NEXT (PAGE + 0x100)
#define TARGET (PAGE + 0x200)
#define DATA_SIZE 512

static struct codemem code;
static struct lower_map map;
static struct lower_stubs stubs;
static struct lower lower;
static struct ir_region region, plain;
static struct cpu *cpu, *expected, *start;
static uint8_t *data;
static uint8_t *shadow;
static uint64_t rng;
static unsigned ran, refused, left, tested[IR_OP_COUNT];

static uint64_t pick(unsigned n)
{
	return (unit_random(&rng) >> 20) % n;
}

static uint64_t value(void)
{
	static const uint64_t corners[] = {
		0, 1, 2, 31, 32, 33, 63, 64, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff,
		0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x17fffffff,
		0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff,
		0xffffffff80000000, 0xffffffff00000000, 0xfffffffffffffffe,
	};

	switch (pick(4)) {
	case 0:
	case 1: return corners[pick(sizeof(corners) / sizeof(corners[0]))];
	case 2: return unit_random(&rng) & 0xff;
	default: return unit_random(&rng);
	}
}

/* Slots: pinned ones, ones in memory near and far, the stack pointer. */
static unsigned slot(void)
{
	static const uint8_t slots[] = { 0, 1, 2, 5, 19, 22, IR_SP, 6, 7, 18, 25, 30 };

	return slots[pick(sizeof(slots))];
}

/* Temporaries that have been written in this instruction. */
static unsigned ntemps;

static unsigned src(void)
{
	unsigned n = (unsigned)pick(12);

	if (n < 2 && ntemps)
		return IR_T0 + (unsigned)pick(ntemps);
	return n == 11 ? IR_ZERO : slot();
}

static unsigned dst(void)
{
	unsigned n = (unsigned)pick(12);

	return n == 0 ? IR_T0 : n == 1 ? IR_T2 : n == 2 ? IR_ZERO : slot();
}

static struct ir_builder b = { .region = &region };

static struct ir_ins *emit(enum ir_op op, unsigned ty, unsigned fl, unsigned d, unsigned ra,
			   unsigned rb, unsigned c, int64_t imm)
{
	return ir_emit(&b, op, ty, fl, d, ra, rb, c, imm);
}

static int64_t immediate(unsigned ty)
{
	return ty == IR_I32 ? (int64_t)(int32_t)value() : (int64_t)value();
}

static uint8_t shift_of(unsigned ty)
{
	return pick(2) ? 0 : IR_SHIFT(pick(4), pick(4) ? pick(ty == IR_I64 ? 64 : 32) : pick(5));
}

static int64_t field(unsigned ty)
{
	unsigned size = ty == IR_I64 ? 64 : 32;
	unsigned lsb = pick(3) ? (unsigned)pick(size) : 0;
	unsigned width = pick(3) ? 1 + (unsigned)pick(size - lsb) : size - lsb;
	unsigned even = 8u << pick(3);

	if (pick(3) == 0 && lsb + even <= size)
		width = even;
	return IR_BF(lsb, width);
}

/* The op under test; false: not one that this file knows. */
static bool emit_int(unsigned op)
{
	unsigned ty = pick(2) ? IR_I64 : IR_I32;
	bool imm = pick(3) == 0;
	unsigned d = dst(), ra = src(), rb = src();

	if (pick(4) == 0)
		d = ra == IR_ZERO ? d : ra;
	if (pick(6) == 0)
		rb = ra;
	if (pick(6) == 0 && rb != IR_ZERO)
		d = rb;
	switch (op) {
	case IR_MOV: emit(op, ty, 0, d, imm ? IR_IMM : ra, IR_NONE, IR_NONE, imm ? immediate(ty) : 0);
		return true;
	case IR_ADR: emit(op, IR_I64, 0, d, IR_NONE, IR_NONE, IR_NONE, (int64_t)value());
		return true;
	case IR_ADD:
	case IR_SUB:
	case IR_AND:
	case IR_ANDN:
	case IR_OR:
	case IR_ORN:
	case IR_XOR:
	case IR_XORN: {
		unsigned fl = op <= IR_ANDN && pick(2) ? IRF_SETF : 0;

		if (fl && pick(3) == 0)
			d = IR_ZERO;
		emit(op, ty, fl, d, ra, imm ? IR_IMM : rb, imm ? 0 : shift_of(ty),
		     imm ? immediate(ty) : 0);
		return true;
	}
	case IR_MAX:
	case IR_MIN:
		emit(op, ty, pick(2) ? IRF_SGN : 0, d, ra, imm ? IR_IMM : rb, IR_NONE,
		     imm ? immediate(ty) : 0);
		return true;
	case IR_ADC:
	case IR_SBC: emit(op, ty, pick(2) ? IRF_SETF : 0, d, ra, rb, IR_NONE, 0); return true;
	case IR_SHL:
	case IR_SHR:
	case IR_SAR:
	case IR_ROR:
		emit(op, ty, 0, d, ra, imm ? IR_IMM : rb, IR_NONE,
		     imm ? (int64_t)pick(ty == IR_I64 ? 64 : 32) : 0);
		return true;
	case IR_EXT: emit(op, ty, 0, d, ra, IR_NONE, (unsigned)pick(8), 0); return true;
	case IR_MUL:
	case IR_UDIV:
	case IR_SDIV: emit(op, ty, 0, d, ra, rb, IR_NONE, 0); return true;
	case IR_MADD:
	case IR_MSUB: emit(op, ty, 0, d, ra, rb, pick(3) ? src() : d < IR_T1 ? slot() : ra, 0);
		return true;
	case IR_MULL: emit(op, IR_I64, pick(2) ? IRF_SGN : 0, d, ra, rb, IR_NONE, 0); return true;
	case IR_MADDL:
	case IR_MSUBL: emit(op, IR_I64, pick(2) ? IRF_SGN : 0, d, ra, rb, src(), 0); return true;
	case IR_MULH: emit(op, IR_I64, pick(2) ? IRF_SGN : 0, d, ra, rb, IR_NONE, 0); return true;
	case IR_UBFX:
	case IR_SBFX:
	case IR_UBFIZ:
	case IR_SBFIZ: emit(op, ty, 0, d, ra, IR_NONE, IR_NONE, field(ty)); return true;
	case IR_BFI:
	case IR_BFXIL: emit(op, ty, 0, d, ra, rb, IR_NONE, field(ty)); return true;
	case IR_EXTR: emit(op, ty, 0, d, ra, rb, (unsigned)pick(ty == IR_I64 ? 64 : 32), 0);
		return true;
	case IR_CLZ:
	case IR_CLS:
	case IR_CTZ:
	case IR_CNT:
	case IR_RBIT:
	case IR_REV16:
	case IR_REV32: emit(op, ty, 0, d, ra, IR_NONE, IR_NONE, 0); return true;
	case IR_REV64: emit(op, IR_I64, 0, d, ra, IR_NONE, IR_NONE, 0); return true;
	case IR_CRC32:
	case IR_CRC32C: emit(op, IR_I8 + (unsigned)pick(4), 0, d, ra, rb, IR_NONE, 0); return true;
	case IR_CSEL:
		if (pick(4) == 0)
			ra = rb = IR_ZERO;
		emit(op, ty, 0, d, ra, rb, (unsigned)pick(16), (int64_t)pick(4));
		return true;
	case IR_CCMP:
	case IR_CCMN:
		emit(op, ty, 0, IR_NONE, ra, imm ? IR_IMM : rb, (unsigned)pick(256),
		     imm ? (int64_t)pick(32) : 0);
		return true;
	case IR_GETNZCV: emit(op, IR_I64, 0, d, IR_NONE, IR_NONE, IR_NONE, 0); return true;
	case IR_SETNZCV: emit(op, IR_I64, 0, IR_NONE, ra, IR_NONE, IR_NONE, 0); return true;
	case IR_CFINV:
	case IR_AXFLAG:
	case IR_XAFLAG: emit(op, IR_I64, 0, IR_NONE, IR_NONE, IR_NONE, IR_NONE, 0); return true;
	case IR_RMIF: emit(op, IR_I64, 0, IR_NONE, ra, IR_NONE, (unsigned)pick(16), (int64_t)pick(64));
		return true;
	case IR_SETF: emit(op, pick(2) ? IR_I8 : IR_I16, 0, IR_NONE, ra, IR_NONE, IR_NONE, 0);
		return true;
	default: return false;
	}
}

/* Operand of an address: its slot or temporary gets the value that leads to `at`. */
static unsigned point_to(uint64_t at)
{
	unsigned s = slot();

	start->r[s] = at;
	if (pick(4) == 0) {
		emit(IR_MOV, IR_I64, 0, IR_T0, s, IR_NONE, IR_NONE, 0);
		return IR_T0;
	}
	return s;
}

static void emit_ld_st(unsigned op, unsigned ty, uint64_t at)
{
	static const int64_t far[] = { 0, 0, 8, -8, 127, -129, 4095, -65536, 0x7ffffff8, 0x123456780 };
	int64_t imm = far[pick(sizeof(far) / sizeof(far[0]))];
	unsigned index = IR_NONE, scale = 0, base = IR_ZERO, fl = 0, s;
	uint64_t offset = 0;

	if (pick(2)) {
		index = slot();
		scale = (unsigned)pick(5);
		start->r[index] = pick(2) ? pick(64) : -pick(64);
		offset = start->r[index] << scale;
	}
	do
		s = slot();
	while (s == index);
	if (pick(8) == 0)
		imm = (int64_t)(at - offset);
	else
		start->r[base = s] = at - offset - (uint64_t)imm;
	if (base != IR_ZERO && pick(4) == 0) {
		emit(IR_MOV, IR_I64, 0, IR_T0, base, IR_NONE, IR_NONE, 0);
		base = IR_T0;
	}
	if (op == IR_LD) {
		fl = pick(3) ? pick(2) ? IRF_SX64 : IRF_SX32 : 0;
		fl |= pick(3) ? 0 : IRF_ACQ;
		if (ty == IR_I64)
			fl &= IRF_ACQ;
		if (ty == IR_I32)
			fl &= ~(unsigned)IRF_SX32;
		s = pick(4) ? slot() : base == IR_T0 ? slot() : dst();
	} else {
		fl = pick(3) ? 0 : IRF_REL;
		s = base == IR_T0 && pick(2) ? IR_T0 : pick(6) ? slot() : IR_ZERO;
	}
	emit(op, ty, fl, s, base, index, scale, imm);
}

static unsigned pair(void)
{
	static const uint8_t first[] = { 0, 4, 5, 6, 20, 22, 28 };

	return first[pick(sizeof(first))];
}

static bool emit_mem(unsigned op)
{
	unsigned ty = IR_I8 + (unsigned)pick(4), size = 1u << ty;
	unsigned half = pick(2) ? IR_I64 : IR_I32;
	uint64_t at = (uint64_t)(uintptr_t)data + 128 + 8 * pick(16);
	unsigned ra;

	if (pick(8) == 0)
		at += pick(8); /* perhaps not aligned */
	switch (op) {
	case IR_LD:
	case IR_ST: emit_ld_st(op, ty, at); return true;
	case IR_LDX: emit(op, ty, 0, slot(), point_to(at), IR_NONE, IR_NONE, 0); return true;
	case IR_LDXP: {
		unsigned d = slot(), c;

		do
			c = slot();
		while (c == d);
		emit(op, half, 0, d, point_to(at & -16ull), IR_NONE, c, 0);
		return true;
	}
	case IR_STX:
	case IR_STXP:
		if (op == IR_STXP)
			at &= -16ull;
		ra = point_to(at);
		start->excl_addr = pick(8) ? at : 8;
		start->excl_size = pick(8) ? op == IR_STXP ? 8u << (half == IR_I64) : size : pick(17);
		start->excl_val[0] = start->excl_val[1] = 0;
		memcpy(start->excl_val, (void *)(uintptr_t)at, op == IR_STXP ? 8u << (half == IR_I64) : size);
		if (pick(6) == 0)
			start->excl_val[0] ^= 1;
		emit(op, op == IR_STX ? ty : half, 0, slot(), ra, ra == IR_T0 && pick(3) == 0 ? IR_T0 : slot(),
		     op == IR_STX ? IR_NONE : slot(), 0);
		return true;
	case IR_AMO:
		ra = point_to(at);
		emit(op, ty, 0, pick(3) ? slot() : IR_ZERO, ra, pick(8) ? slot() : IR_ZERO, IR_NONE,
		     (int64_t)pick(9));
		return true;
	case IR_CAS: {
		unsigned d = slot();

		start->r[d] = value();
		memcpy(&start->r[d], (void *)(uintptr_t)at, pick(2) ? size : 0);
		ra = point_to(at);
		emit(op, ty, 0, d, ra, pick(8) ? slot() : IR_ZERO, IR_NONE, 0);
		return true;
	}
	case IR_CASP: {
		unsigned d = pair();

		at &= -16ull;
		if (pick(2)) {
			memcpy(&start->r[d], (void *)(uintptr_t)at, 1u << half);
			memcpy(&start->r[d + 1], (void *)(uintptr_t)(at + (1u << half)), 1u << half);
		}
		ra = point_to(at);
		emit(op, half, 0, d, ra, pair(), IR_NONE, 0);
		return true;
	}
	case IR_CLREX: emit(op, IR_I64, 0, IR_NONE, IR_NONE, IR_NONE, IR_NONE, 0); return true;
	case IR_FENCE: emit(op, IR_I64, 0, IR_NONE, IR_NONE, IR_NONE, IR_NONE, (int64_t)pick(3)); return true;
	case IR_ZVA: emit(op, IR_I64, 0, IR_NONE, point_to(at), IR_NONE, IR_NONE, 0); return true;
	case IR_PREFETCH:
		emit(op, IR_I64, 0, IR_NONE, point_to(at), IR_NONE, IR_NONE, 8);
		return true;
	case IR_GETST:
		emit(op, ty, 0, dst(), IR_NONE, IR_NONE, IR_NONE,
		     (int64_t)offsetof(struct cpu, sys) + (int64_t)(8 * pick(8)));
		return true;
	case IR_SETST:
		emit(op, ty, 0, IR_NONE, src(), IR_NONE, IR_NONE,
		     (int64_t)offsetof(struct cpu, sys) + (int64_t)(8 * pick(8)));
		return true;
	default: return false;
	}
}

static void begin_block(uint64_t pc, uint64_t next)
{
	struct ir_block *k = &region.block[region.nblocks++];

	*k = (struct ir_block){ .pc = pc, .next_pc = next, .first = (uint16_t)region.nops };
	b.at = (uint16_t)(pc - PAGE);
}

static void end_block(void)
{
	struct ir_block *k = &region.block[region.nblocks - 1];

	k->count = (uint16_t)(region.nops - k->first);
	k->insns = (uint16_t)((k->next_pc - k->pc) / 4);
	region.ninsns += k->insns;
}

/* Something that leaves guest flags of one kind or another in EFLAGS. */
static void emit_producer(void)
{
	static const uint8_t op[] = { IR_SUB, IR_ADD, IR_AND, IR_SUB, IR_ADC };
	unsigned n = (unsigned)pick(8);

	if (n < sizeof(op))
		emit(op[n], pick(2) ? IR_I64 : IR_I32, IRF_SETF, pick(2) ? IR_ZERO : slot(),
		     slot(), slot(), op[n] == IR_ADC ? IR_NONE : 0, 0);
	b.at += 4;
}

static void emit_consumer(void)
{
	switch (pick(6)) {
	case 0: emit(IR_CSEL, IR_I64, 0, slot(), slot(), slot(), (unsigned)pick(14), (int64_t)pick(4));
		break;
	case 1: emit(IR_ADC, IR_I64, pick(2) ? IRF_SETF : 0, slot(), slot(), slot(), IR_NONE, 0); break;
	case 2: emit(IR_SBC, IR_I32, pick(2) ? IRF_SETF : 0, slot(), slot(), slot(), IR_NONE, 0); break;
	case 3: emit(IR_CCMP, IR_I64, 0, IR_NONE, slot(), slot(), (unsigned)pick(256), 0); break;
	default: break;
	}
	b.at += 4;
}

static void emit_terminator(void)
{
	static const uint8_t op[] = { IR_B, IR_BCC, IR_BCC, IR_BCC, IR_CBZ, IR_CBNZ, IR_TBZ, IR_TBNZ };
	unsigned o = op[pick(sizeof(op))], ty = pick(2) ? IR_I64 : IR_I32;
	unsigned bit = (unsigned)pick(ty == IR_I64 ? 64 : 32);
	uint64_t to = o == IR_B && pick(2) ? NEXT : TARGET;

	emit(o, ty, 0, IR_NONE, o >= IR_CBZ ? pick(12) ? slot() : IR_ZERO : IR_NONE, IR_NONE,
	     o == IR_BCC ? (unsigned)pick(16) : o >= IR_TBZ ? bit : IR_NONE, (int64_t)to);
}

/* Where a branch leads: flags are read there, or written before. */
static void final_block(uint64_t pc, unsigned number)
{
	begin_block(pc, pc + 8);
	if (pick(3) == 0)
		emit(IR_SUB, IR_I64, IRF_SETF, IR_ZERO, 1, 2, 0, 0);
	b.at += 4;
	emit(IR_BRK, IR_I64, 0, IR_NONE, IR_NONE, IR_NONE, IR_NONE, (int64_t)number);
	end_block();
}

static void make_start(void)
{
	memset(start, 0, offsetof(struct cpu, jump_cache));
	for (unsigned i = 0; i < 32; i++)
		start->r[i] = value();
	start->nzcv = (uint16_t)(unit_random(&rng) & (CPU_NZCV_N | CPU_NZCV_Z | CPU_NZCV_NC | CPU_NZCV_V));
	for (unsigned i = 0; i < 8; i++)
		start->sys[i] = value();
	start->excl_addr = start->excl_val[0] = 8;
	start->pc = PAGE;
	start->shadow_top = start->shadow_sp = (uint64_t)(uintptr_t)shadow + 4096;
	start->shadow_base = (uint64_t)(uintptr_t)shadow;
	for (unsigned i = 0; i < DATA_SIZE; i += 8) {
		uint64_t v = value();

		memcpy(data + i, &v, 8);
	}
}

static bool make_region(unsigned op)
{
	bool clobbers = ir_op_info[op].attr & IR_A_CLOBT;
	unsigned first;

	make_start();
	region.page = PAGE;
	region.nops = region.nblocks = region.ninsns = 0;
	begin_block(PAGE, NEXT);
	emit_producer();
	ntemps = (unsigned)pick(4);
	for (unsigned i = 0; i < ntemps; i++)
		emit(IR_MOV, IR_I64, 0, IR_T0 + i, slot(), IR_NONE, IR_NONE, 0);
	first = region.nops;
	if (!emit_int(op)) {
		/* addresses are made from what registers hold at the start */
		region.nops = region.block[0].first;
		b.at = 4;
		ntemps = 0;
		if (pick(2))
			emit(IR_SUB, IR_I64, IRF_SETF, IR_ZERO, slot(), slot(), 0, 0);
		b.at = 8;
		first = region.nops;
		if (!emit_mem(op))
			return false;
	}
	/* temporaries that live on, or the op's result in one */
	for (unsigned i = 0; i < 3; i++) {
		const struct ir_ins *o = &region.ins[region.nops - 1];
		bool result = o->op == op && o->d == IR_T0 + i && ir_op_info[op].d == IR_ROLE_O;

		if (result || (i < ntemps && (i || !clobbers) && pick(2) && first < region.nops))
			emit(IR_MOV, IR_I64, 0, slot(), IR_T0 + i, IR_NONE, IR_NONE, 0);
	}
	b.at += 4;
	emit_consumer();
	emit_terminator();
	end_block();
	final_block(NEXT, 1);
	final_block(TARGET, 2);
	return true;
}

static enum ir_eval_exit evaluate(void)
{
	for (;;) {
		unsigned k = expected->pc == PAGE ? 0 : expected->pc == NEXT ? 1 : 2;
		enum ir_eval_exit why = ir_eval(&plain, k, expected);

		if (why != IR_EVAL_NEXT)
			return why;
	}
}

static void show(const char *what, uint64_t got, uint64_t want)
{
	static char text[16384];

	ir_dump(text, sizeof(text), &plain);
	print_error("%s: got %#llx, want %#llx\n%s", what, (unsigned long long)got,
		    (unsigned long long)want, text);
	ir_dump(text, sizeof(text), &region);
	print_error("optimised:\n%s", text);
	for (unsigned i = 0; i < 32; i++)
		print_error("r%u=%#llx%s", i, (unsigned long long)start->r[i], i % 4 == 3 ? "\n" : " ");
	print_error("nzcv %#x\n", start->nzcv);
	for (unsigned i = 0; i < (unsigned)(lower.hot.p - lower.start); i++)
		print_error("%02x ", lower.start[i]);
	print_error("\n");
	fail();
}

static void compare(const char *what, uint64_t got, uint64_t want)
{
	if (got != want)
		show(what, got, want);
}

static void compare_states(bool flags)
{
	char name[16];

	for (unsigned i = 0; i < 32; i++) {
		snprintf(name, sizeof(name), "r%u", i);
		compare(name, cpu->r[i], expected->r[i]);
	}
	compare("pc", cpu->pc, expected->pc);
	if (flags)
		compare("nzcv", cpu->nzcv & 0xc101, expected->nzcv & 0xc101);
	compare("excl_size", cpu->excl_size, expected->excl_size);
	if (cpu->excl_size) {
		compare("excl_addr", cpu->excl_addr, expected->excl_addr);
		compare("excl_val", cpu->excl_val[0], expected->excl_val[0]);
		compare("excl_val", cpu->excl_val[1], expected->excl_val[1]);
	}
	if (memcmp(cpu->sys, expected->sys, sizeof(cpu->sys)))
		show("sys", 0, 0);
	if (memcmp(cpu->v, expected->v, sizeof(cpu->v)))
		show("v", 0, 0);
	for (unsigned i = 0; i < CPU_JUMP_CACHE_SIZE; i++)
		compare("jump cache", cpu->jump_cache[i].pc | cpu->jump_cache[i].host, 0);
}

static bool same_exit(unsigned reason, enum ir_eval_exit why)
{
	switch (why) {
	case IR_EVAL_BRK: return reason == LOWER_EXIT_BRK;
	case IR_EVAL_ALIGN: return reason == LOWER_EXIT_ALIGN;
	default: return false;
	}
}

static void run_one(unsigned op, const struct x86_features *feat)
{
	static uint8_t before[DATA_SIZE], after[DATA_SIZE];
	struct opt_options opt = { .no_fold = pick(2) };
	char message[120];
	enum ir_eval_exit why;
	unsigned reason;

	if (ir_verify(&region, message, sizeof(message))) {
		refused++;
		return;
	}
	plain = region;
	opt_run(&region, &opt);
	if (ir_verify(&region, message, sizeof(message)))
		show(message, 0, 0);
	lower.feat = feat;
	lower.map = &map;
	lower.stubs = &stubs;
	lower.opt = (struct lower_options){ .no_fuse = pick(4) == 0 };
	codemem_reset(&code);
	lower.hot = (struct x86_buf){ .p = code.hot, .end = code.hot_end, .rx = code.rx };
	lower.cold = (struct x86_buf){ .p = code.cold, .end = code.cold_end, .rx = code.rx };
	assert_int_equal(lower_region(&lower, &region), 0);

	memcpy(before, data, DATA_SIZE);
	memcpy(expected, start, offsetof(struct cpu, jump_cache));
	why = evaluate();
	memcpy(after, data, DATA_SIZE);
	memcpy(data, before, DATA_SIZE);
	memcpy(cpu, start, offsetof(struct cpu, jump_cache));
	reason = ((unsigned (*)(struct cpu *, uint64_t))stubs.enter)(
		cpu, (uint64_t)((intptr_t)lower.entry[0] + code.rx));
	if (reason == LOWER_EXIT_INTERP && (op == IR_STX || op == IR_STXP)) {
		/* with another address than the monitor's: nothing may have happened */
		compare("pc", cpu->pc, PAGE + 8);
		compare("excl_size", cpu->excl_size, start->excl_size);
		if (memcmp(data, before, DATA_SIZE))
			show("memory", 0, 0);
		left++;
		return;
	}
	if (!same_exit(reason, why))
		show("exit", reason, why);
	if (why == IR_EVAL_ALIGN)
		compare("fault address", cpu->exit_info, expected->fault.addr);
	else
		compare("exit_info", cpu->exit_info, expected->exit_info);
	/* Flags that nobody reads may be stale where the program stops early. */
	compare_states(why != IR_EVAL_ALIGN);
	if (memcmp(data, after, DATA_SIZE))
		show("memory", 0, 0);
	ran++;
}

static void run_ops(unsigned first, unsigned last, unsigned rounds)
{
	static const char *const level[] = { NULL, "sse4.2", "avx2" };
	struct x86_features feat[6];

	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(x86_features_read(&feat[i], level[i]), 0);
	feat[3] = feat[4] = feat[5] = feat[0];
	feat[3].bmi2 = false;
	feat[4].bmi1 = false;
	feat[5].lzcnt = false;
	ran = refused = left = 0;
	for (unsigned op = first; op <= last; op++) {
		if (!lower_table[op]) {
			printf("# %s has no lowering\n", ir_op_info[op].name);
			continue;
		}
		for (unsigned n = 0; n < rounds; n++) {
			if (op == IR_CRC32 && !feat[n % 6].pclmul)
				continue; /* left to the evaluator */
			if (!make_region(op))
				break;
			run_one(op, &feat[n % 6]);
			tested[op]++;
		}
		if (!tested[op])
			printf("# %s is not tested here\n", ir_op_info[op].name);
	}
	printf("# %u regions, %u refused by the verifier, %u left to the evaluator\n", ran,
	       refused, left);
	assert_true(ran > 4 * refused && ran > 20 * left);
}

static void test_int(void **state)
{
	(void)state;
	run_ops(IR_MOV, IR_XAFLAG, 900);
	for (unsigned op = IR_MOV; op <= IR_SETNZCV; op++)
		assert_true(!lower_table[op] || tested[op]);
}

static void test_mem(void **state)
{
	(void)state;
	run_ops(IR_LD, IR_SETST, 900);
	assert_true(tested[IR_LD] && tested[IR_ST] && tested[IR_AMO] && tested[IR_STX]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_int),
		cmocka_unit_test(test_mem),
	};
	struct x86_buf buf;

	ir_helpers = a64_arch.helpers;
	rng = unit_seed(0x10e7);
	cpu = aligned_alloc(64, sizeof(*cpu));
	expected = aligned_alloc(64, sizeof(*cpu));
	start = aligned_alloc(64, sizeof(*cpu));
	data = aligned_alloc(64, DATA_SIZE);
	shadow = aligned_alloc(64, 8192);
	if (!cpu || !expected || !start || !data || !shadow || codemem_init(&code, 1 << 20))
		return 1;
	memset(cpu, 0, sizeof(*cpu));
	memset(expected, 0, sizeof(*cpu));
	memset(shadow, 0, 8192);
	lower_map_init(&map, a64_arch.map.pinned, a64_arch.map.npinned, a64_arch.map.vpinned,
		       a64_arch.map.nvpinned);
	buf = (struct x86_buf){ .p = code.hot, .end = code.hot_end, .rx = code.rx };
	lower_stubs(&stubs, &buf, &map);
	code.hot = buf.p;
	codemem_keep(&code);
	return cmocka_run_group_tests_name("jit/x86 integer lowering", tests, NULL, NULL);
}
