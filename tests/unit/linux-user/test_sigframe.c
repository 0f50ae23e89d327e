/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The arm64 signal frame. The offsets are the kernel's ABI, written down here as numbers:
 * they were checked with offsetof() under an arm64 compiler.
 */
#include "linux-user/a64/sigframe.h"
#include "tests/lib/unit.h"

#define AT(type, member, offset) assert_int_equal(offsetof(type, member), offset)

static void test_offsets(void **state)
{
	(void)state;
	AT(struct a64_rt_sigframe, uc, 128);
	AT(struct a64_ucontext, flags, 0);
	AT(struct a64_ucontext, link, 8);
	AT(struct a64_ucontext, stack, 16);
	AT(struct a64_ucontext, stack.flags, 24);
	AT(struct a64_ucontext, stack.size, 32);
	AT(struct a64_ucontext, sigmask, 40);
	AT(struct a64_ucontext, mc, 176);
	AT(struct a64_sigcontext, fault_address, 0);
	AT(struct a64_sigcontext, regs, 8);
	AT(struct a64_sigcontext, sp, 256);
	AT(struct a64_sigcontext, pc, 264);
	AT(struct a64_sigcontext, pstate, 272);
	AT(struct a64_sigcontext, reserved, 288);
	AT(struct a64_fpsimd_context, fpsr, 8);
	AT(struct a64_fpsimd_context, fpcr, 12);
	AT(struct a64_fpsimd_context, v, 16);
	assert_int_equal(sizeof(struct a64_ucontext), 4560);
	assert_int_equal(sizeof(struct a64_sigcontext), 4384);
	assert_int_equal(A64_MINSIGSTKSZ, 4720);
}

static struct cpu cpu;
static struct a64_rt_sigframe frame;

static void fill_cpu(void)
{
	memset(&cpu, 0, sizeof(cpu));
	for (unsigned i = 0; i < 32; i++) {
		cpu.r[i] = 0x1000 + i;
		cpu.v[i].d[0] = 0x2000 + i;
		cpu.v[i].d[1] = 0x3000 + i;
	}
	cpu.pc = 0x400123;
	cpu.fpcr = 0x03c00000;
}

static uint64_t word(size_t offset)
{
	uint64_t v;

	memcpy(&v, (char *)&frame + offset, 8);
	return v;
}

static void test_fill(void **state)
{
	const struct a64_fault none = { 0, 0 };
	size_t length;

	(void)state;
	fill_cpu();
	memset(&frame, 0, sizeof(frame));
	length = a64_fill_frame(&frame, &cpu, 0x60000000, 0x08000010, 0xabc, &none);
	assert_int_equal(word(128 + 40), 0xabc);
	for (unsigned i = 0; i < 31; i++)
		assert_int_equal(word(128 + 184 + i * 8), 0x1000 + i);
	assert_int_equal(word(128 + 432), 0x101f); /* sp */
	assert_int_equal(word(128 + 440), 0x400123);
	assert_int_equal(word(128 + 448), 0x60000000);
	/* the record: magic and size, fpsr and fpcr, v0 to v31 */
	assert_int_equal(word(128 + 464), 0x46508001 | 0x210ull << 32);
	assert_int_equal(word(128 + 472), 0x08000010 | 0x03c00000ull << 32);
	assert_int_equal(word(128 + 480), 0x2000);
	assert_int_equal(word(128 + 480 + 31 * 16 + 8), 0x301f);
	/* the end marker, and nothing behind it matters */
	assert_int_equal(word(128 + 464 + 528), 0);
	assert_int_equal(length, 128 + 464 + 528 + 16);
}

static void test_fault(void **state)
{
	const struct a64_fault fault = { 0xdead000, 0x92000047 };

	(void)state;
	fill_cpu();
	memset(&frame, 0, sizeof(frame));
	a64_fill_frame(&frame, &cpu, 0, 0, 0, &fault);
	assert_int_equal(word(128 + 176), 0xdead000);
	assert_int_equal(word(128 + 464 + 528), 0x45535201 | 16ull << 32);
	assert_int_equal(word(128 + 464 + 528 + 8), 0x92000047);
	assert_int_equal(word(128 + 464 + 528 + 16), 0);
}

static void test_find(void **state)
{
	const struct a64_fault fault = { 1, 2 };
	struct a64_context_head *head = (struct a64_context_head *)frame.uc.mc.reserved;

	(void)state;
	fill_cpu();
	memset(&frame, 0, sizeof(frame));
	a64_fill_frame(&frame, &cpu, 0, 0, 0, &fault);
	assert_ptr_equal(a64_find_fpsimd(&frame), head);
	/* an unknown record before it is skipped */
	memmove((char *)head + 32, head, 528 + 32);
	*head = (struct a64_context_head){ 0x12345678, 32 };
	assert_ptr_equal(a64_find_fpsimd(&frame), (char *)head + 32);
	/* sizes that lead nowhere are refused */
	head->size = 0;
	assert_null(a64_find_fpsimd(&frame));
	head->size = 24;
	assert_null(a64_find_fpsimd(&frame));
	head->size = 0xfffffff0;
	assert_null(a64_find_fpsimd(&frame));
	head->size = 4096;
	assert_null(a64_find_fpsimd(&frame));
	*head = (struct a64_context_head){ 0x46508001, 512 };
	assert_null(a64_find_fpsimd(&frame));
	memset(head, 0, 8);
	assert_null(a64_find_fpsimd(&frame));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_fill),
		cmocka_unit_test(test_fault),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
