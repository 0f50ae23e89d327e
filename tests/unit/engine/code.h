/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guest programs for the engine's tests: a few A64 encoders and a page to put words into. */
#pragma once

#include "tests/lib/unit.h"

#include "tests/lib/jit.h"

#define XZR 31
#define LR 30
#define NOP 0xd503201fu

enum { EQ, NE, CS, CC, MI, PL, VS, VC, HI, LS, GE, LT, GT, LE };

static inline uint32_t movz(unsigned d, unsigned imm) { return 0xd2800000 | imm << 5 | d; }
static inline uint32_t movk(unsigned d, unsigned imm, unsigned hw)
{
	return 0xf2800000 | hw << 21 | imm << 5 | d;
}
static inline uint32_t mov(unsigned d, unsigned n) { return 0xaa0003e0 | n << 16 | d; }
static inline uint32_t add(unsigned d, unsigned n, unsigned m)
{
	return 0x8b000000 | m << 16 | n << 5 | d;
}
static inline uint32_t eor(unsigned d, unsigned n, unsigned m)
{
	return 0xca000000 | m << 16 | n << 5 | d;
}
static inline uint32_t addi(unsigned d, unsigned n, unsigned imm)
{
	return 0x91000000 | imm << 10 | n << 5 | d;
}
static inline uint32_t subi(unsigned d, unsigned n, unsigned imm)
{
	return 0xd1000000 | imm << 10 | n << 5 | d;
}
static inline uint32_t subsi(unsigned d, unsigned n, unsigned imm)
{
	return 0xf1000000 | imm << 10 | n << 5 | d;
}
static inline uint32_t subs(unsigned d, unsigned n, unsigned m)
{
	return 0xeb000000 | m << 16 | n << 5 | d;
}
static inline uint32_t adds(unsigned d, unsigned n, unsigned m)
{
	return 0xab000000 | m << 16 | n << 5 | d;
}
static inline uint32_t adc(unsigned d, unsigned n, unsigned m)
{
	return 0x9a000000 | m << 16 | n << 5 | d;
}
static inline uint32_t madd(unsigned d, unsigned n, unsigned m, unsigned a)
{
	return 0x9b000000 | m << 16 | a << 10 | n << 5 | d;
}
static inline uint32_t udiv(unsigned d, unsigned n, unsigned m)
{
	return 0x9ac00800 | m << 16 | n << 5 | d;
}
static inline uint32_t sdiv(unsigned d, unsigned n, unsigned m)
{
	return 0x9ac00c00 | m << 16 | n << 5 | d;
}
static inline uint32_t cset(unsigned d, unsigned cond)
{
	return 0x9a9f07e0 | (cond ^ 1) << 12 | d;
}

/* Memory: unsigned offset, pre- and post-index, pairs. */
static inline uint32_t ldr(unsigned t, unsigned n, unsigned offset)
{
	return 0xf9400000 | offset / 8 << 10 | n << 5 | t;
}
static inline uint32_t str(unsigned t, unsigned n, unsigned offset)
{
	return 0xf9000000 | offset / 8 << 10 | n << 5 | t;
}
static inline uint32_t ldr_post(unsigned t, unsigned n, int offset)
{
	return 0xf8400400 | ((unsigned)offset & 0x1ff) << 12 | n << 5 | t;
}
static inline uint32_t str_pre(unsigned t, unsigned n, int offset)
{
	return 0xf8000c00 | ((unsigned)offset & 0x1ff) << 12 | n << 5 | t;
}
static inline uint32_t ldp(unsigned t, unsigned t2, unsigned n, int offset)
{
	return 0xa9400000 | ((unsigned)(offset / 8) & 0x7f) << 15 | t2 << 10 | n << 5 | t;
}
static inline uint32_t ldp_post(unsigned t, unsigned t2, unsigned n, int offset)
{
	return 0xa8c00000 | ((unsigned)(offset / 8) & 0x7f) << 15 | t2 << 10 | n << 5 | t;
}
static inline uint32_t stp(unsigned t, unsigned t2, unsigned n, int offset)
{
	return 0xa9000000 | ((unsigned)(offset / 8) & 0x7f) << 15 | t2 << 10 | n << 5 | t;
}
static inline uint32_t stp_pre(unsigned t, unsigned t2, unsigned n, int offset)
{
	return 0xa9800000 | ((unsigned)(offset / 8) & 0x7f) << 15 | t2 << 10 | n << 5 | t;
}
static inline uint32_t ldar(unsigned t, unsigned n) { return 0xc8dffc00 | n << 5 | t; }
static inline uint32_t ldxr(unsigned t, unsigned n) { return 0xc85f7c00 | n << 5 | t; }
static inline uint32_t stxr(unsigned s, unsigned t, unsigned n)
{
	return 0xc8007c00 | s << 16 | n << 5 | t;
}
static inline uint32_t ldadd(unsigned s, unsigned t, unsigned n)
{
	return 0xf8200000 | s << 16 | n << 5 | t;
}

/* Branches; distances in words. */
static inline uint32_t b(int words) { return 0x14000000 | ((unsigned)words & 0x3ffffff); }
static inline uint32_t bl(int words) { return 0x94000000 | ((unsigned)words & 0x3ffffff); }
static inline uint32_t bc(unsigned cond, int words)
{
	return 0x54000000 | ((unsigned)words & 0x7ffff) << 5 | cond;
}
static inline uint32_t cbz(unsigned t, int words)
{
	return 0xb4000000 | ((unsigned)words & 0x7ffff) << 5 | t;
}
static inline uint32_t cbnz(unsigned t, int words)
{
	return 0xb5000000 | ((unsigned)words & 0x7ffff) << 5 | t;
}
static inline uint32_t tbz(unsigned t, unsigned bit, int words)
{
	return 0x36000000 | (bit & 31) << 19 | ((unsigned)words & 0x3fff) << 5 | t;
}
static inline uint32_t br(unsigned n) { return 0xd61f0000 | n << 5; }
static inline uint32_t blr(unsigned n) { return 0xd63f0000 | n << 5; }
static inline uint32_t ret(unsigned n) { return 0xd65f0000 | n << 5; }
static inline uint32_t svc(unsigned imm) { return 0xd4000001 | imm << 5; }
static inline uint32_t trap(unsigned imm) { return 0xd4200000 | imm << 5; }
static inline uint32_t ic_ivau(unsigned t) { return 0xd50b7520 | t; }
#define ISB 0xd5033fdfu

/* ---- a place for code ---- */

#define CODE UINT64_C(0x330000000)
#define CODE_PAGES 64
#define STACK_SIZE (8u << 20)

static uint32_t *code_at; /* where the next word goes */
static uint8_t *guest_stack;

static inline void code_map(void)
{
	void *p = mmap((void *)(uintptr_t)CODE, CODE_PAGES * 4096, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	assert_ptr_equal(p, (void *)(uintptr_t)CODE);
	guest_stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	assert_ptr_not_equal(guest_stack, MAP_FAILED);
}

/* From now on words go to CODE + offset. */
static inline uint64_t code_seek(unsigned offset)
{
	code_at = (uint32_t *)(uintptr_t)(CODE + offset);
	return CODE + offset;
}

static inline uint64_t here(void) { return (uint64_t)(uintptr_t)code_at; }

static inline uint64_t put(uint32_t word)
{
	uint64_t pc = here();

	*code_at++ = word;
	return pc;
}

#define PUT(...)                                                                     \
	do {                                                                         \
		const uint32_t put_words[] = { __VA_ARGS__ };                        \
		for (unsigned put_i = 0; put_i < sizeof(put_words) / 4; put_i++)     \
			put(put_words[put_i]);                                       \
	} while (0)

static inline void put_const(unsigned d, uint64_t v)
{
	put(movz(d, v & 0xffff));
	for (unsigned i = 1; i < 4; i++)
		put(movk(d, v >> 16 * i & 0xffff, i));
}

/* Words from here to an address, for branches. */
static inline int words_to(uint64_t to) { return (int)((int64_t)(to - here()) / 4); }

static inline void code_clear(void)
{
	memset((void *)(uintptr_t)CODE, 0, CODE_PAGES * 4096);
	engine_invalidate(CODE, CODE_PAGES * 4096);
	code_seek(0);
}

/* Runs from pc; sp and lr get usable values (a return leads to `svc #999`). */
static inline enum exit_reason run_at(struct cpu *cpu, uint64_t pc)
{
	uint32_t *end = (uint32_t *)(uintptr_t)(CODE + CODE_PAGES * 4096 - 4);

	*end = svc(999);
	cpu->r[LR] = (uint64_t)(uintptr_t)end;
	cpu->r[IR_SP] = (uint64_t)(uintptr_t)guest_stack + STACK_SIZE;
	cpu->pc = pc;
	return jit_run(cpu);
}

#define assert_returns(cpu, from)                                                    \
	do {                                                                         \
		enum exit_reason why_ = run_at(cpu, from);                           \
		if (why_ != EXIT_SYSCALL || (cpu)->exit_info != 999)                 \
			print_error("exit %d info %llx pc %llx fault %d addr %llx\n", \
				    why_, (unsigned long long)(cpu)->exit_info,      \
				    (unsigned long long)(cpu)->pc,                   \
				    (cpu)->fault.signo,                              \
				    (unsigned long long)(cpu)->fault.addr);          \
		assert_int_equal(why_, EXIT_SYSCALL);                                \
		assert_int_equal((cpu)->exit_info, 999);                             \
	} while (0)
