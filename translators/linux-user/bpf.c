/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Classic BPF. A program is checked once: jumps go forwards and stay inside, so that running it
 * ends, and scratch memory is written before it is read on every path.
 */
#include <linux/bpf_common.h>
#include <stddef.h>

#include "linux-user/bpf.h"
#include "rt/memory.h"

#define DATA_SIZE ((uint32_t)sizeof(struct bpf_data))
_Static_assert(sizeof(struct bpf_data) == 64, "struct seccomp_data");

/* Not in the kernel's header for cBPF: */
#define BPF_A	 0x10
#define BPF_TAX	 0x00
#define BPF_TXA	 0x80
#define BPF_MISC 0x07
#define MEMORY_WORDS 16

static bool check_load(const struct bpf_insn *i)
{
	switch (i->code) {
	case BPF_LD | BPF_W | BPF_ABS: return i->k < DATA_SIZE && !(i->k & 3);
	case BPF_LD | BPF_W | BPF_LEN:
	case BPF_LDX | BPF_W | BPF_LEN:
	case BPF_LD | BPF_IMM:
	case BPF_LDX | BPF_IMM: return true;
	case BPF_LD | BPF_MEM:
	case BPF_LDX | BPF_MEM:
	case BPF_ST:
	case BPF_STX: return i->k < MEMORY_WORDS;
	default: return false;
	}
}

static bool check_alu(const struct bpf_insn *i)
{
	unsigned op = BPF_OP(i->code);
	bool constant = BPF_SRC(i->code) == BPF_K;

	if (i->code & 0xff00)
		return false;
	switch (op) {
	case BPF_ADD:
	case BPF_SUB:
	case BPF_MUL:
	case BPF_AND:
	case BPF_OR:
	case BPF_XOR: return true;
	case BPF_DIV: return !constant || i->k;
	case BPF_LSH:
	case BPF_RSH: return !constant || i->k < 32;
	case BPF_NEG: return constant;
	default: return false;
	}
}

static bool check_jump(const struct bpf_insn *i, unsigned left)
{
	if (i->code == (BPF_JMP | BPF_JA))
		return i->k < left;
	switch (i->code & ~(unsigned)BPF_X) {
	case BPF_JMP | BPF_JEQ:
	case BPF_JMP | BPF_JGE:
	case BPF_JMP | BPF_JGT:
	case BPF_JMP | BPF_JSET: return i->jt < left && i->jf < left;
	default: return false;
	}
}

/* `left` instructions follow. */
static bool check_one(const struct bpf_insn *i, unsigned left)
{
	switch (BPF_CLASS(i->code)) {
	case BPF_LD:
	case BPF_LDX:
	case BPF_ST:
	case BPF_STX: return check_load(i);
	case BPF_ALU: return check_alu(i);
	case BPF_JMP: return check_jump(i, left);
	case BPF_RET: return i->code == (BPF_RET | BPF_K) || i->code == (BPF_RET | BPF_A);
	default: return i->code == (BPF_MISC | BPF_TAX) || i->code == (BPF_MISC | BPF_TXA);
	}
}

/* valid[n]: words that are written on every path that jumps to instruction n. */
static bool check_memory(const struct bpf_insn *insns, unsigned length, uint16_t *valid)
{
	uint16_t now = 0;

	memset(valid, 0xff, length * sizeof(*valid));
	for (unsigned n = 0; n < length; n++) {
		const struct bpf_insn *i = &insns[n];

		now &= valid[n];
		switch (i->code) {
		case BPF_ST:
		case BPF_STX: now |= (uint16_t)(1u << i->k); break;
		case BPF_LD | BPF_MEM:
		case BPF_LDX | BPF_MEM:
			if (!(now & 1u << i->k))
				return false;
			break;
		default:
			if (BPF_CLASS(i->code) != BPF_JMP)
				break;
			if (BPF_OP(i->code) == BPF_JA) {
				valid[n + 1 + i->k] &= now;
			} else {
				valid[n + 1 + i->jt] &= now;
				valid[n + 1 + i->jf] &= now;
			}
			now = 0xffff; /* what follows is reached by jumps only */
		}
	}
	return true;
}

bool bpf_check(const struct bpf_insn *insns, unsigned length)
{
	uint16_t valid[BPF_LENGTH_MAX];

	if (!length || length > BPF_LENGTH_MAX || BPF_CLASS(insns[length - 1].code) != BPF_RET)
		return false;
	for (unsigned n = 0; n < length; n++)
		if (!check_one(&insns[n], length - n - 1))
			return false;
	return check_memory(insns, length, valid);
}

/* A jump to the next instruction on one side needs no second one, if its opposite exists. */
static unsigned jump_length(const struct bpf_insn *i)
{
	unsigned constant = BPF_SRC(i->code) == BPF_K && (int32_t)i->k < 0;

	if (BPF_OP(i->code) == BPF_JA || !i->jf || (!i->jt && BPF_OP(i->code) != BPF_JSET))
		return 1 + constant * (BPF_OP(i->code) != BPF_JA);
	return 2 + constant;
}

unsigned bpf_converted_length(const struct bpf_insn *insns, unsigned length)
{
	unsigned n = 3; /* A and X are zeroed, the context is kept */

	for (const struct bpf_insn *i = insns; i < insns + length; i++) {
		if (BPF_CLASS(i->code) == BPF_JMP)
			n += jump_length(i);
		else if (i->code == (BPF_RET | BPF_K))
			n += 2;
		else if (i->code == (BPF_ALU | BPF_DIV | BPF_X))
			n += 5;
		else
			n++;
	}
	return n;
}

static uint32_t word(const struct bpf_data *data, uint32_t at)
{
	uint32_t v;

	memcpy(&v, (const char *)data + at, 4);
	return v;
}

static bool taken(unsigned op, uint32_t a, uint32_t b)
{
	switch (op) {
	case BPF_JEQ: return a == b;
	case BPF_JGE: return a >= b;
	case BPF_JGT: return a > b;
	default: return a & b;
	}
}

static uint32_t compute(unsigned op, uint32_t a, uint32_t b)
{
	switch (op) {
	case BPF_ADD: return a + b;
	case BPF_SUB: return a - b;
	case BPF_MUL: return a * b;
	case BPF_DIV: return a / b;
	case BPF_AND: return a & b;
	case BPF_OR: return a | b;
	case BPF_XOR: return a ^ b;
	case BPF_LSH: return a << (b & 31);
	case BPF_RSH: return a >> (b & 31);
	default: return -a;
	}
}

uint32_t bpf_run(const struct bpf_insn *i, const struct bpf_data *data)
{
	uint32_t a = 0, x = 0, memory[MEMORY_WORDS];

	for (;; i++) {
		uint32_t b = BPF_SRC(i->code) == BPF_X ? x : i->k;

		switch (BPF_CLASS(i->code)) {
		case BPF_LD:
			a = BPF_MODE(i->code) == BPF_ABS ? word(data, i->k) :
			    BPF_MODE(i->code) == BPF_MEM ? memory[i->k] :
			    BPF_MODE(i->code) == BPF_LEN ? DATA_SIZE : i->k;
			break;
		case BPF_LDX:
			x = BPF_MODE(i->code) == BPF_MEM ? memory[i->k] :
			    BPF_MODE(i->code) == BPF_LEN ? DATA_SIZE : i->k;
			break;
		case BPF_ST: memory[i->k] = a; break;
		case BPF_STX: memory[i->k] = x; break;
		case BPF_ALU:
			if (BPF_OP(i->code) == BPF_DIV && !b)
				return 0;
			a = compute(BPF_OP(i->code), a, b);
			break;
		case BPF_JMP:
			if (BPF_OP(i->code) == BPF_JA)
				i += i->k;
			else
				i += taken(BPF_OP(i->code), a, b) ? i->jt : i->jf;
			break;
		case BPF_RET: return (i->code & 0x18) == BPF_A ? a : i->k;
		default:
			if (i->code == (BPF_MISC | BPF_TAX))
				x = a;
			else
				a = x;
		}
	}
}

bool bpf_always(const struct bpf_insn *i, int32_t nr, uint32_t arch, uint32_t value)
{
	uint32_t a = 0;

	for (;; i++) {
		switch (i->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (i->k == offsetof(struct bpf_data, nr))
				a = (uint32_t)nr;
			else if (i->k == offsetof(struct bpf_data, arch))
				a = arch;
			else
				return false;
			break;
		case BPF_RET | BPF_K: return i->k == value;
		case BPF_JMP | BPF_JA: i += i->k; break;
		case BPF_JMP | BPF_JEQ | BPF_K:
		case BPF_JMP | BPF_JGE | BPF_K:
		case BPF_JMP | BPF_JGT | BPF_K:
		case BPF_JMP | BPF_JSET | BPF_K:
			i += taken(BPF_OP(i->code), a, i->k) ? i->jt : i->jf;
			break;
		case BPF_ALU | BPF_AND | BPF_K: a &= i->k; break;
		default: return false;
		}
	}
}
