/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The reference evaluator: the meaning of every op in plain C. tags: jit/ir - evaluator
 *
 * Tests compare translations with it, and the engine uses it to repeat single guest
 * instructions when a host exception must be repaired. So it is complete, re-entrant (all
 * state is in struct cpu and on the stack) and touches no vector register. Guest memory is
 * accessed in place; a fault there is the host's, with cpu->pc at the guest instruction and
 * nothing of that instruction done but what ir.h allows. Flags always are in cpu->nzcv.
 */
#include "jit/ir/ir.h"

enum { CONTINUE = -1 }; /* else an enum ir_eval_exit */

struct eval {
	struct cpu *cpu;
	const struct ir_block *block;
	uint64_t pc; /* of the guest instruction */
	uint64_t temps[5];
};

/* ---- numbers ---- */

static unsigned width_of(const struct ir_ins *i)
{
	return 8 * ir_type_bytes(i->ty);
}

static uint64_t mask_of(unsigned width)
{
	return width >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << width) - 1;
}

static int64_t sign_extend(uint64_t value, unsigned width)
{
	return (int64_t)(value << (64 - width)) >> (64 - width);
}

static uint64_t rotate_right(uint64_t value, unsigned amount, unsigned width)
{
	value &= mask_of(width);
	amount %= width;
	return amount ? (value >> amount | value << (width - amount)) & mask_of(width)
		      : value;
}

/* ---- operands ---- */

static uint64_t get(const struct eval *e, const struct ir_ins *i, unsigned name)
{
	if (name < 32)
		return e->cpu->r[name];
	if (name < IR_INT_COUNT)
		return e->temps[name - IR_T0];
	return name == IR_IMM ? (uint64_t)i->imm : 0;
}

static void set(struct eval *e, unsigned name, uint64_t value)
{
	if (name < 32)
		e->cpu->r[name] = value;
	else if (name < IR_INT_COUNT)
		e->temps[name - IR_T0] = value;
}

static void set_result(struct eval *e, const struct ir_ins *i, uint64_t value)
{
	set(e, i->d, value & mask_of(width_of(i)));
}

static uint64_t get_a(const struct eval *e, const struct ir_ins *i)
{
	return get(e, i, i->a) & mask_of(width_of(i));
}

static uint64_t get_b(const struct eval *e, const struct ir_ins *i)
{
	return get(e, i, i->b) & mask_of(width_of(i));
}

static uint64_t get_c(const struct eval *e, const struct ir_ins *i)
{
	return get(e, i, i->c) & mask_of(width_of(i));
}

/* sh(b) of ops.def. */
static uint64_t get_shifted(const struct eval *e, const struct ir_ins *i)
{
	unsigned amount = i->c & 63, width = width_of(i);
	uint64_t b = get_b(e, i);

	switch (i->c >> 6) {
	case IRS_LSL: return b << amount & mask_of(width);
	case IRS_LSR: return b >> amount;
	case IRS_ASR: return (uint64_t)(sign_extend(b, width) >> amount) & mask_of(width);
	default: return rotate_right(b, amount, width);
	}
}

/* ---- flags ---- */

static bool carry(const struct eval *e)
{
	return !(e->cpu->nzcv & CPU_NZCV_NC);
}

static void set_flags(struct eval *e, bool n, bool z, bool c, bool v)
{
	e->cpu->nzcv = (uint16_t)((n ? CPU_NZCV_N : 0) | (z ? CPU_NZCV_Z : 0) |
				  (c ? 0 : CPU_NZCV_NC) | (v ? CPU_NZCV_V : 0));
}

/* Bit 3 is N, bit 0 is V. */
static unsigned get_nzcv(const struct eval *e)
{
	unsigned f = e->cpu->nzcv;

	return (f & CPU_NZCV_N ? 8u : 0) | (f & CPU_NZCV_Z ? 4u : 0) |
	       (f & CPU_NZCV_NC ? 0 : 2u) | (f & CPU_NZCV_V ? 1u : 0);
}

static void set_nzcv(struct eval *e, unsigned nzcv)
{
	set_flags(e, nzcv & 8, nzcv & 4, nzcv & 2, nzcv & 1);
}

/* a + b + carry_in; the flags too when `flags` says so (Arm ARM, AddWithCarry). */
static uint64_t add_with_carry(struct eval *e, uint64_t a, uint64_t b, bool carry_in,
			       unsigned width, bool flags)
{
	unsigned __int128 wide;
	uint64_t sum;

	a &= mask_of(width);
	b &= mask_of(width);
	wide = (unsigned __int128)a + b + carry_in;
	sum = (uint64_t)wide & mask_of(width);
	if (flags)
		set_flags(e, sum >> (width - 1) & 1, !sum, wide >> width & 1,
			  (~(a ^ b) & (a ^ sum)) >> (width - 1) & 1);
	return sum;
}

static uint64_t logic_flags(struct eval *e, const struct ir_ins *i, uint64_t value)
{
	value &= mask_of(width_of(i));
	if (i->fl & IRF_SETF)
		set_flags(e, value >> (width_of(i) - 1) & 1, !value, false, false);
	return value;
}

/* ---- moves and arithmetic ---- */

static uint64_t do_alu(struct eval *e, const struct ir_ins *i)
{
	bool setf = i->fl & IRF_SETF;
	uint64_t a = get_a(e, i);

	switch (i->op) {
	case IR_MOV: return a;
	case IR_ADR: return (uint64_t)i->imm;
	case IR_ADD: return add_with_carry(e, a, get_shifted(e, i), 0, width_of(i), setf);
	case IR_SUB:
		return add_with_carry(e, a, ~get_shifted(e, i), 1, width_of(i), setf);
	case IR_AND: return logic_flags(e, i, a & get_shifted(e, i));
	case IR_ANDN: return logic_flags(e, i, a & ~get_shifted(e, i));
	case IR_OR: return a | get_shifted(e, i);
	case IR_ORN: return a | ~get_shifted(e, i);
	case IR_XOR: return a ^ get_shifted(e, i);
	case IR_XORN: return a ^ ~get_shifted(e, i);
	case IR_ADC:
		return add_with_carry(e, a, get_b(e, i), carry(e), width_of(i), setf);
	default: return add_with_carry(e, a, ~get_b(e, i), carry(e), width_of(i), setf);
	}
}

static uint64_t do_shift(struct eval *e, const struct ir_ins *i)
{
	unsigned width = width_of(i), amount = (unsigned)get(e, i, i->b) & (width - 1);
	uint64_t a = get_a(e, i);

	switch (i->op) {
	case IR_SHL: return a << amount;
	case IR_SHR: return a >> amount;
	case IR_SAR: return (uint64_t)(sign_extend(a, width) >> amount);
	default: return rotate_right(a, amount, width);
	}
}

static uint64_t do_ext(struct eval *e, const struct ir_ins *i)
{
	unsigned width = 8u << (i->c & 3);
	uint64_t a = get(e, i, i->a);

	return i->c & 4 ? (uint64_t)sign_extend(a, width) : a & mask_of(width);
}

static uint64_t do_mul(struct eval *e, const struct ir_ins *i)
{
	uint64_t a = get_a(e, i), b = get_b(e, i);

	switch (i->op) {
	case IR_MUL: return a * b;
	case IR_MADD: return get_c(e, i) + a * b;
	default: return get_c(e, i) - a * b;
	}
}

/* The widening forms: the type does not matter, the result has 64 bits. */
static uint64_t do_mul_long(struct eval *e, const struct ir_ins *i)
{
	uint64_t a = get(e, i, i->a), b = get(e, i, i->b), product;

	if (i->fl & IRF_SGN)
		product = (uint64_t)((int64_t)(int32_t)a * (int32_t)b);
	else
		product = (a & 0xffffffff) * (b & 0xffffffff);
	switch (i->op) {
	case IR_MULL: return product;
	case IR_MADDL: return get(e, i, i->c) + product;
	default: return get(e, i, i->c) - product;
	}
}

static uint64_t do_mul_high(struct eval *e, const struct ir_ins *i)
{
	uint64_t a = get(e, i, i->a), b = get(e, i, i->b);

	if (i->fl & IRF_SGN)
		return (uint64_t)((__int128)(int64_t)a * (int64_t)b >> 64);
	return (uint64_t)((unsigned __int128)a * b >> 64);
}

static uint64_t do_div(struct eval *e, const struct ir_ins *i)
{
	unsigned width = width_of(i);
	uint64_t a = get_a(e, i), b = get_b(e, i);

	if (!b)
		return 0;
	if (i->op == IR_UDIV)
		return a / b;
	/* MIN / -1 overflows to MIN, which is what negation gives. */
	if (b == mask_of(width))
		return -a;
	return (uint64_t)(sign_extend(a, width) / sign_extend(b, width));
}

/* ---- bit fields and bits ---- */

static uint64_t do_field(struct eval *e, const struct ir_ins *i)
{
	unsigned lsb = IR_BF_LSB(i->imm), width = IR_BF_WIDTH(i->imm);
	uint64_t a = get_a(e, i), mask = mask_of(width);

	switch (i->op) {
	case IR_UBFX: return a >> lsb & mask;
	case IR_SBFX: return (uint64_t)sign_extend(a >> lsb, width);
	case IR_UBFIZ: return (a & mask) << lsb;
	case IR_SBFIZ: return (uint64_t)sign_extend(a, width) << lsb;
	case IR_BFI: return (a & ~(mask << lsb)) | (get_b(e, i) & mask) << lsb;
	default: return (a & ~mask) | (get_b(e, i) >> lsb & mask);
	}
}

static uint64_t do_extr(struct eval *e, const struct ir_ins *i)
{
	uint64_t a = get_a(e, i), b = get_b(e, i);

	return i->c ? b >> i->c | a << (width_of(i) - i->c) : b;
}

static uint64_t reverse_bits(uint64_t value, unsigned width)
{
	uint64_t result = 0;

	for (unsigned n = 0; n < width; n++)
		result |= (value >> n & 1) << (width - 1 - n);
	return result;
}

static uint64_t do_bits(struct eval *e, const struct ir_ins *i)
{
	unsigned width = width_of(i);
	uint64_t a = get_a(e, i), b;

	switch (i->op) {
	case IR_CLZ: return a ? (unsigned)__builtin_clzll(a) - (64 - width) : width;
	case IR_CLS:
		a = (a ^ a << 1) & mask_of(width);
		return (unsigned)__builtin_clzll(a | 1) - (64 - width);
	case IR_CTZ: return a ? (unsigned)__builtin_ctzll(a) : width;
	case IR_CNT:
		for (b = 0; a; b++)
			a &= a - 1;
		return b;
	case IR_RBIT: return reverse_bits(a, width);
	case IR_REV16:
		return (a & 0x00ff00ff00ff00ff) << 8 | (a >> 8 & 0x00ff00ff00ff00ff);
	case IR_REV32: a = __builtin_bswap64(a); return a >> 32 | a << 32;
	default: return __builtin_bswap64(a);
	}
}

static uint64_t do_extreme(struct eval *e, const struct ir_ins *i)
{
	uint64_t a = get_a(e, i), b = get_b(e, i);
	bool less = a < b;

	if (i->fl & IRF_SGN)
		less = sign_extend(a, width_of(i)) < sign_extend(b, width_of(i));
	return less == (i->op == IR_MAX) ? b : a;
}

/* Reflected CRC without the usual inversions, which are up to the guest. */
static uint32_t do_crc(struct eval *e, const struct ir_ins *i)
{
	uint32_t polynomial = i->op == IR_CRC32 ? 0xedb88320 : 0x82f63b78;
	uint32_t crc = (uint32_t)get(e, i, i->a);
	uint64_t data = get(e, i, i->b);

	for (unsigned byte = 0; byte < ir_type_bytes(i->ty); byte++) {
		crc ^= data >> 8 * byte & 0xff;
		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? polynomial : 0);
	}
	return crc;
}

/* ---- flag ops ---- */

static uint64_t do_csel(struct eval *e, const struct ir_ins *i)
{
	uint64_t b = get(e, i, i->b);

	if (ir_cond_holds(i->c & 15, e->cpu->nzcv))
		return get(e, i, i->a);
	switch (i->imm) {
	case IR_CSEL_INC: return b + 1;
	case IR_CSEL_INV: return ~b;
	case IR_CSEL_NEG: return -b;
	default: return b;
	}
}

static void do_ccmp(struct eval *e, const struct ir_ins *i)
{
	uint64_t a = get_a(e, i), b = get_b(e, i);

	if (!ir_cond_holds(i->c & 15, e->cpu->nzcv))
		set_nzcv(e, i->c >> 4);
	else if (i->op == IR_CCMP)
		add_with_carry(e, a, ~b, 1, width_of(i), true);
	else
		add_with_carry(e, a, b, 0, width_of(i), true);
}

static void do_rmif(struct eval *e, const struct ir_ins *i)
{
	unsigned bits =
		(unsigned)rotate_right(get(e, i, i->a), (unsigned)i->imm & 63, 64);

	set_nzcv(e, (get_nzcv(e) & ~(unsigned)i->c) | (bits & i->c));
}

static void do_setf(struct eval *e, const struct ir_ins *i)
{
	uint64_t a = get(e, i, i->a);
	unsigned width = width_of(i);
	bool n = a >> (width - 1) & 1;

	set_flags(e, n, !(a & mask_of(width)), carry(e), n != (a >> width & 1));
}

static void do_flag_op(struct eval *e, const struct ir_ins *i)
{
	unsigned f = get_nzcv(e);
	bool z = f & 4, c = f & 2, v = f & 1;

	switch (i->op) {
	case IR_CFINV: set_nzcv(e, f ^ 2); break;
	case IR_AXFLAG: set_flags(e, false, z || v, c && !v, false); break;
	default: set_flags(e, !c && !z, z && c, c || z, !c && z); break; /* XAFLAG */
	}
}

/* ---- memory ---- */

struct packed_u16 {
	uint16_t value;
} __attribute__((packed, may_alias));
struct packed_u32 {
	uint32_t value;
} __attribute__((packed, may_alias));
struct packed_u64 {
	uint64_t value;
} __attribute__((packed, may_alias));

/* One host access per guest access, whatever the alignment: volatile. */
static uint64_t load(uint64_t address, unsigned size)
{
	switch (size) {
	case 1: return *(const volatile uint8_t *)address;
	case 2: return ((const volatile struct packed_u16 *)address)->value;
	case 4: return ((const volatile struct packed_u32 *)address)->value;
	default: return ((const volatile struct packed_u64 *)address)->value;
	}
}

static void store(uint64_t address, unsigned size, uint64_t value)
{
	switch (size) {
	case 1: *(volatile uint8_t *)address = (uint8_t)value; break;
	case 2: ((volatile struct packed_u16 *)address)->value = (uint16_t)value; break;
	case 4: ((volatile struct packed_u32 *)address)->value = (uint32_t)value; break;
	default: ((volatile struct packed_u64 *)address)->value = value; break;
	}
}

static uint64_t load_acquire(uint64_t address, unsigned size)
{
	switch (size) {
	case 1: return __atomic_load_n((uint8_t *)address, __ATOMIC_SEQ_CST);
	case 2: return __atomic_load_n((uint16_t *)address, __ATOMIC_SEQ_CST);
	case 4: return __atomic_load_n((uint32_t *)address, __ATOMIC_SEQ_CST);
	default: return __atomic_load_n((uint64_t *)address, __ATOMIC_SEQ_CST);
	}
}

static void store_release(uint64_t address, unsigned size, uint64_t value)
{
	switch (size) {
	case 1:
		__atomic_store_n((uint8_t *)address, (uint8_t)value, __ATOMIC_SEQ_CST);
		break;
	case 2:
		__atomic_store_n((uint16_t *)address, (uint16_t)value, __ATOMIC_SEQ_CST);
		break;
	case 4:
		__atomic_store_n((uint32_t *)address, (uint32_t)value, __ATOMIC_SEQ_CST);
		break;
	default: __atomic_store_n((uint64_t *)address, value, __ATOMIC_SEQ_CST); break;
	}
}

#define EXCHANGE(type)                                                                \
	do {                                                                          \
		type want = (type)*expected;                                          \
		bool done = __atomic_compare_exchange_n(                              \
			(type *)address, &want, (type)value, false, __ATOMIC_SEQ_CST, \
			__ATOMIC_SEQ_CST);                                            \
		*expected = want;                                                     \
		return done;                                                          \
	} while (0)

/* Compare and exchange; *expected becomes what was there. */
static bool exchange(uint64_t address, unsigned size, uint64_t *expected, uint64_t value)
{
	switch (size) {
	case 1: EXCHANGE(uint8_t);
	case 2: EXCHANGE(uint16_t);
	case 4: EXCHANGE(uint32_t);
	default: EXCHANGE(uint64_t);
	}
}

/* The same for 16 bytes, low half first. */
#ifdef __x86_64__
__attribute__((target("cx16")))
#endif
static bool
exchange_pair(uint64_t address, uint64_t expected[2], const uint64_t value[2])
{
	unsigned __int128 want = (unsigned __int128)expected[1] << 64 | expected[0];
	unsigned __int128 with = (unsigned __int128)value[1] << 64 | value[0];
	unsigned __int128 was;

	was = __sync_val_compare_and_swap((unsigned __int128 *)address, want, with);
	expected[0] = (uint64_t)was;
	expected[1] = (uint64_t)(was >> 64);
	return was == want;
}

/* A pair of words, or of doublewords, as one access: `half` is the size of each. */
static bool exchange_halves(uint64_t address, unsigned half, uint64_t expected[2],
			    const uint64_t value[2])
{
	uint64_t was;
	bool done;

	if (half == 8)
		return exchange_pair(address, expected, value);
	was = (expected[0] & 0xffffffff) | expected[1] << 32;
	done = exchange(address, 8, &was, (value[0] & 0xffffffff) | value[1] << 32);
	expected[0] = was & 0xffffffff;
	expected[1] = was >> 32;
	return done;
}

static int alignment_fault(struct eval *e, uint64_t address)
{
	e->cpu->fault = (struct cpu_fault){
		.signo = 7 /* SIGBUS */, .code = 1 /* BUS_ADRALN */, .addr = address};
	return IR_EVAL_ALIGN;
}

/* Where data is accessed. Noted as Linux on Arm reports it, because the host does not say
 * where when the address is not one of its own. */
static uint64_t data_address(const struct eval *e, uint64_t address)
{
	e->cpu->fault.addr = address & ir_data_address(address);
	return ir_data_address(address);
}

static uint64_t address_of(const struct eval *e, const struct ir_ins *i)
{
	uint64_t index = i->b == IR_NONE ? 0 : get(e, i, i->b) << i->c;

	return data_address(e, get(e, i, i->a) + index + (uint64_t)i->imm);
}

static int do_load(struct eval *e, const struct ir_ins *i)
{
	unsigned size = ir_type_bytes(i->ty);
	uint64_t address = address_of(e, i), value;

	if (i->fl & (IRF_ACQ | IRF_REL)) {
		if (address & (size - 1))
			return alignment_fault(e, address);
		value = load_acquire(address, size);
	} else {
		value = load(address, size);
	}
	if (i->fl & IRF_SX64)
		value = (uint64_t)sign_extend(value, 8 * size);
	else if (i->fl & IRF_SX32)
		value = (uint32_t)sign_extend(value, 8 * size);
	set(e, i->d, value);
	return CONTINUE;
}

static int do_store(struct eval *e, const struct ir_ins *i)
{
	unsigned size = ir_type_bytes(i->ty);
	uint64_t address = address_of(e, i);

	if (i->fl & (IRF_ACQ | IRF_REL)) {
		if (address & (size - 1))
			return alignment_fault(e, address);
		store_release(address, size, get(e, i, i->d));
	} else {
		store(address, size, get(e, i, i->d));
	}
	return CONTINUE;
}

static void set_monitor(struct cpu *cpu, uint64_t address, unsigned size, uint64_t low,
			uint64_t high)
{
	cpu->excl_addr = address;
	cpu->excl_size = size;
	cpu->excl_val[0] = low;
	cpu->excl_val[1] = high;
}

static int do_load_exclusive(struct eval *e, const struct ir_ins *i)
{
	unsigned size = ir_type_bytes(i->ty), whole = i->op == IR_LDXP ? 2 * size : size;
	uint64_t address = data_address(e, get(e, i, i->a)), low, high = 0;

	if (address & (whole - 1))
		return alignment_fault(e, address);
	/* A pair of doublewords is atomic only once the store exclusive has succeeded. */
	low = load_acquire(address, whole > 8 ? 8 : whole);
	if (whole > 8)
		high = load_acquire(address + 8, 8);
	set_monitor(e->cpu, address, whole, low, high);
	if (i->op == IR_LDX) {
		set(e, i->d, low);
	} else {
		set(e, i->d, size == 4 ? low & 0xffffffff : low);
		set(e, i->c, size == 4 ? low >> 32 : high);
	}
	return CONTINUE;
}

static int do_store_exclusive(struct eval *e, const struct ir_ins *i)
{
	struct cpu *cpu = e->cpu;
	unsigned size = ir_type_bytes(i->ty), whole = i->op == IR_STXP ? 2 * size : size;
	uint64_t address = data_address(e, get(e, i, i->a));
	uint64_t value[2] = {get(e, i, i->b), i->op == IR_STXP ? get(e, i, i->c) : 0};
	uint64_t expected[2] = {cpu->excl_val[0], cpu->excl_val[1]};
	bool done = false;

	if (address & (whole - 1))
		return alignment_fault(e, address);
	if (cpu->excl_size == whole && cpu->excl_addr == address) {
		if (whole == 16) {
			done = exchange_pair(address, expected, value);
		} else {
			if (i->op == IR_STXP)
				value[0] = (value[0] & 0xffffffff) | value[1] << 32;
			done = exchange(address, whole, expected, value[0]);
		}
	}
	cpu->excl_size = 0;
	set(e, i->d, !done);
	return CONTINUE;
}

static uint64_t amo_result(unsigned kind, uint64_t old, uint64_t operand, unsigned width)
{
	int64_t so = sign_extend(old, width), sb = sign_extend(operand, width);

	operand &= mask_of(width);
	switch (kind) {
	case IR_AMO_ADD: return old + operand;
	case IR_AMO_CLR: return old & ~operand;
	case IR_AMO_EOR: return old ^ operand;
	case IR_AMO_SET: return old | operand;
	case IR_AMO_SMAX: return so > sb ? old : operand;
	case IR_AMO_SMIN: return so < sb ? old : operand;
	case IR_AMO_UMAX: return old > operand ? old : operand;
	case IR_AMO_UMIN: return old < operand ? old : operand;
	default: return operand;
	}
}

static int do_amo(struct eval *e, const struct ir_ins *i)
{
	unsigned size = ir_type_bytes(i->ty);
	uint64_t address = data_address(e, get(e, i, i->a)), old;

	if (address & (size - 1))
		return alignment_fault(e, address);
	old = load(address, size);
	while (!exchange(address, size, &old,
			 amo_result((unsigned)i->imm, old, get(e, i, i->b), 8 * size)))
		;
	set(e, i->d, old);
	return CONTINUE;
}

static int do_amo_pair(struct eval *e, const struct ir_ins *i)
{
	uint64_t address = data_address(e, get(e, i, i->a)), old[2], new[2];

	if (address & 15)
		return alignment_fault(e, address);
	old[0] = load(address, 8);
	old[1] = load(address + 8, 8);
	do {
		new[0] = amo_result((unsigned)i->imm, old[0], get(e, i, i->d), 64);
		new[1] = amo_result((unsigned)i->imm, old[1], get(e, i, i->c), 64);
	} while (!exchange_pair(address, old, new));
	set(e, i->d, old[0]);
	set(e, i->c, old[1]);
	return CONTINUE;
}

static int do_cas(struct eval *e, const struct ir_ins *i)
{
	unsigned size = ir_type_bytes(i->ty);
	uint64_t address = data_address(e, get(e, i, i->a)), old = get(e, i, i->d);

	if (address & (size - 1))
		return alignment_fault(e, address);
	exchange(address, size, &old, get(e, i, i->b));
	set(e, i->d, old);
	return CONTINUE;
}

static int do_casp(struct eval *e, const struct ir_ins *i)
{
	unsigned size = ir_type_bytes(i->ty);
	uint64_t address = data_address(e, get(e, i, i->a));
	uint64_t expected[2] = {get(e, i, i->d), get(e, i, i->d + 1u)};
	uint64_t value[2] = {get(e, i, i->b), get(e, i, i->b + 1u)};

	if (address & (2 * size - 1))
		return alignment_fault(e, address);
	exchange_halves(address, size, expected, value);
	set(e, i->d, expected[0]);
	set(e, i->d + 1u, expected[1]);
	return CONTINUE;
}

static int do_zva(struct eval *e, const struct ir_ins *i)
{
	uint64_t line = data_address(e, get(e, i, i->a)) & ~(uint64_t)63;

	for (unsigned n = 0; n < 64; n += 8)
		store(line + n, 8, 0);
	return CONTINUE;
}

static void do_fence(const struct ir_ins *i)
{
	switch (i->imm) {
	case IR_FENCE_LOAD: __atomic_thread_fence(__ATOMIC_ACQUIRE); break;
	case IR_FENCE_STORE: __atomic_thread_fence(__ATOMIC_RELEASE); break;
	default: __atomic_thread_fence(__ATOMIC_SEQ_CST);
	}
}

/* ---- terminators ---- */

static int go(struct eval *e, uint64_t pc)
{
	e->cpu->pc = pc;
	return IR_EVAL_NEXT;
}

static int go_if(struct eval *e, const struct ir_ins *i, bool taken)
{
	return go(e, taken ? (uint64_t)i->imm : e->block->next_pc);
}

static int leave(struct eval *e, enum ir_eval_exit exit, uint64_t info, uint64_t pc)
{
	e->cpu->exit_info = info;
	e->cpu->pc = pc;
	return (int)exit;
}

/*
 * Copies and sets in the architecture's option B: the registers move along with what is done,
 * so that the instruction can stop anywhere, by a fault or to let signals in. C is set; N says
 * that a copy goes downwards, from the ends.
 */

#define MOPS_PIECE 65536u /* at a time */

static void mops_start(struct eval *e, unsigned kind, uint64_t *to, uint64_t *from, uint64_t *n)
{
	const uint64_t address = ((uint64_t)1 << 56) - 1;
	uint64_t limit = kind == IR_MOPS_COPY ? address >> 1 : ~(uint64_t)0 >> 1;
	bool down;

	if (*n > limit)
		*n = limit;
	down = kind == IR_MOPS_COPY && (*from & address) < (*to & address) &&
	       (*from & address) + *n > (*to & address);
	if (down) {
		*to += *n;
		*from += *n;
	}
	set_flags(e, down, false, true, false);
}

static void mops_work(struct eval *e, unsigned kind, uint64_t *to, uint64_t *from, uint64_t *n)
{
	bool down = kind == IR_MOPS_COPY && e->cpu->nzcv & CPU_NZCV_N;
	uint64_t distance = down ? *to - *from : *from - *to, step, value;

	for (unsigned done = 0; *n && done < MOPS_PIECE; done += (unsigned)step) {
		step = *n >= 8 && (kind == IR_MOPS_SET || distance >= 8) ? 8 : 1;
		if (down) {
			value = load(data_address(e, *from - step), (unsigned)step);
			store(data_address(e, *to - step), (unsigned)step, value);
			*to -= step;
			*from -= step;
		} else {
			value = (*from & 0xff) * 0x0101010101010101;
			if (kind != IR_MOPS_SET)
				value = load(data_address(e, *from), (unsigned)step);
			store(data_address(e, *to), (unsigned)step, value);
			*to += step;
			if (kind != IR_MOPS_SET)
				*from += step;
		}
		*n -= step;
	}
}

static int do_mops(struct eval *e, const struct ir_ins *i)
{
	unsigned kind = i->imm & 15, stage = i->imm >> 4 & 15, rs = i->imm >> 16 & 31;
	uint64_t zero = 0, *to = &e->cpu->r[i->imm >> 8 & 31], *n = &e->cpu->r[i->imm >> 24 & 31];
	uint64_t *from = kind == IR_MOPS_SET && rs == 31 ? &zero : &e->cpu->r[rs];

	if (stage == 0)
		mops_start(e, kind, to, from, n);
	else
		mops_work(e, kind, to, from, n);
	return go(e, stage && *n ? e->pc : e->block->next_pc);
}

static int do_terminator(struct eval *e, const struct ir_ins *i)
{
	uint64_t next = e->block->next_pc, a = get(e, i, i->a), imm = (uint64_t)i->imm;

	switch (i->op) {
	case IR_B: return go(e, imm);
	case IR_BCC: return go_if(e, i, ir_cond_holds(i->c & 15, e->cpu->nzcv));
	case IR_CBZ: return go_if(e, i, !get_a(e, i));
	case IR_CBNZ: return go_if(e, i, get_a(e, i));
	case IR_TBZ: return go_if(e, i, !(a >> i->c & 1));
	case IR_TBNZ: return go_if(e, i, a >> i->c & 1);
	case IR_CALL: set(e, i->d, next); return go(e, imm);
	case IR_CALLR: set(e, i->d, next); return go(e, a);
	case IR_JMPR:
	case IR_RET: return go(e, a);
	case IR_SVC: return leave(e, IR_EVAL_SVC, imm, next);
	case IR_BRK: return leave(e, IR_EVAL_BRK, imm, e->pc);
	case IR_UNDEF: return leave(e, IR_EVAL_UNDEF, imm, e->pc);
	case IR_MOPS: return do_mops(e, i);
	case IR_SYNC: return leave(e, IR_EVAL_SYNC, imm, next);
	default: return leave(e, IR_EVAL_ICACHE, a, next);
	}
}

/* ---- the loop ---- */

static void do_set_state(struct eval *e, const struct ir_ins *i)
{
	store((uintptr_t)e->cpu + (uint64_t)i->imm, ir_type_bytes(i->ty),
	      get(e, i, i->a));
}

static uint64_t do_get_state(struct eval *e, const struct ir_ins *i)
{
	return load((uintptr_t)e->cpu + (uint64_t)i->imm, ir_type_bytes(i->ty));
}

static bool has_vector_operand(const struct ir_op_info *info)
{
	unsigned roles = 1u << info->d | 1u << info->a | 1u << info->b | 1u << info->c;

	return roles & (1u << IR_ROLE_VO | 1u << IR_ROLE_VI | 1u << IR_ROLE_VIO);
}

static int step(struct eval *e, const struct ir_ins *i)
{
	struct cpu *cpu = e->cpu;

	if (has_vector_operand(&ir_op_info[i->op])) {
		ir_eval_vec(i, cpu, e->temps);
		return CONTINUE;
	}
	switch (i->op) {
	case IR_MOV:
	case IR_ADR:
	case IR_ADD:
	case IR_SUB:
	case IR_AND:
	case IR_ANDN:
	case IR_OR:
	case IR_ORN:
	case IR_XOR:
	case IR_XORN:
	case IR_ADC:
	case IR_SBC: set_result(e, i, do_alu(e, i)); break;
	case IR_SHL:
	case IR_SHR:
	case IR_SAR:
	case IR_ROR: set_result(e, i, do_shift(e, i)); break;
	case IR_EXT: set_result(e, i, do_ext(e, i)); break;
	case IR_MUL:
	case IR_MADD:
	case IR_MSUB: set_result(e, i, do_mul(e, i)); break;
	case IR_MULL:
	case IR_MADDL:
	case IR_MSUBL: set(e, i->d, do_mul_long(e, i)); break;
	case IR_MULH: set(e, i->d, do_mul_high(e, i)); break;
	case IR_UDIV:
	case IR_SDIV: set_result(e, i, do_div(e, i)); break;
	case IR_UBFX:
	case IR_SBFX:
	case IR_UBFIZ:
	case IR_SBFIZ:
	case IR_BFI:
	case IR_BFXIL: set_result(e, i, do_field(e, i)); break;
	case IR_EXTR: set_result(e, i, do_extr(e, i)); break;
	case IR_CLZ:
	case IR_CLS:
	case IR_CTZ:
	case IR_CNT:
	case IR_RBIT:
	case IR_REV16:
	case IR_REV32:
	case IR_REV64: set_result(e, i, do_bits(e, i)); break;
	case IR_MAX:
	case IR_MIN: set_result(e, i, do_extreme(e, i)); break;
	case IR_CRC32:
	case IR_CRC32C: set(e, i->d, do_crc(e, i)); break;
	case IR_CSEL: set_result(e, i, do_csel(e, i)); break;
	case IR_CCMP:
	case IR_CCMN: do_ccmp(e, i); break;
	case IR_GETNZCV: set(e, i->d, (uint64_t)get_nzcv(e) << 28); break;
	case IR_SETNZCV: set_nzcv(e, (unsigned)(get(e, i, i->a) >> 28) & 15); break;
	case IR_CFINV:
	case IR_AXFLAG:
	case IR_XAFLAG: do_flag_op(e, i); break;
	case IR_RMIF: do_rmif(e, i); break;
	case IR_SETF: do_setf(e, i); break;
	case IR_LD: return do_load(e, i);
	case IR_ST: return do_store(e, i);
	case IR_LDX:
	case IR_LDXP: return do_load_exclusive(e, i);
	case IR_STX:
	case IR_STXP: return do_store_exclusive(e, i);
	case IR_CLREX: cpu->excl_size = 0; break;
	case IR_AMO: return do_amo(e, i);
	case IR_AMOP: return do_amo_pair(e, i);
	case IR_CAS: return do_cas(e, i);
	case IR_CASP: return do_casp(e, i);
	case IR_FENCE: do_fence(i); break;
	case IR_ZVA: return do_zva(e, i);
	case IR_PREFETCH: break; /* a hint */
	case IR_GETST: set(e, i->d, do_get_state(e, i)); break;
	case IR_SETST: do_set_state(e, i); break;
	case IR_GETFPSR: set(e, i->d, cpu_get_fpsr(cpu)); break;
	case IR_SETFPSR: cpu_set_fpsr(cpu, (uint32_t)get(e, i, i->a)); break;
	case IR_SETFPCR: cpu_set_fpcr(cpu, (uint32_t)get(e, i, i->a)); break;
	case IR_HELPER:
		set(e, i->d,
		    ir_helpers[i->c](cpu, get(e, i, i->a), get(e, i, i->b), i->imm));
		break;
	default: return do_terminator(e, i);
	}
	return CONTINUE;
}

enum ir_eval_exit ir_eval(const struct ir_region *region, unsigned block, struct cpu *cpu)
{
	const struct ir_block *b = &region->block[block];
	struct eval e = {.cpu = cpu, .block = b};
	unsigned end = b->first + (unsigned)b->count;

	for (unsigned n = b->first; n < end; n++) {
		int exit;

		if (region->ins[n].dead)
			continue;
		e.pc = region->page + region->at[n];
		cpu->pc = e.pc;
		exit = step(&e, &region->ins[n]);
		if (exit != CONTINUE)
			return (enum ir_eval_exit)exit;
	}
	/* Only a region that ir_verify() refuses gets here. */
	cpu->pc = b->next_pc;
	return IR_EVAL_NEXT;
}
