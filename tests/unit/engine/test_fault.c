/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Faults of the guest: exact pc, address, registers and flags, nothing written that should
 * not be, and the same instruction goes on once the cause is gone.
 */
#include "code.h"

#include <fcntl.h>

#define NOWHERE UINT64_C(0x3fff00000)

static struct cpu *cpu;
static uint8_t *data; /* one page; the next one is not there */
static uint64_t before[32];
static uint64_t nx_page;

static int check_exec(uint64_t page)
{
	return page == nx_page ? SEGV_ACCERR : 0;
}

static void set_registers(void)
{
	for (unsigned i = 0; i < 30; i++)
		cpu->r[i] = 0x1111111100000000 + i * 0x10001;
}

/* Runs to the fault; registers must be those of before, but for `changed`. */
static void expect_fault(uint64_t pc, uint64_t at, uint64_t addr, int signo, int code,
			 uint32_t changed)
{
	memcpy(before, cpu->r, sizeof(before));
	assert_int_equal(run_at(cpu, pc), EXIT_FAULT);
	before[LR] = cpu->r[LR]; /* run_at() sets these two */
	before[IR_SP] = (uint64_t)(uintptr_t)guest_stack + STACK_SIZE;
	assert_int_equal(cpu->pc, at);
	assert_int_equal(cpu->fault.signo, signo);
	assert_int_equal(cpu->fault.code, code);
	assert_int_equal(cpu->fault.addr, addr);
	for (unsigned i = 0; i < 32; i++)
		if (!(changed >> i & 1))
			assert_int_equal(cpu->r[i], before[i]);
}

static void test_load_store(void **state)
{
	static const struct {
		uint32_t word;
		int offset; /* of the address from x1 */
		bool write;
	} all[] = {
		{ 0xf9400420 /* ldr x0, [x1, #8] */, 8, false },
		{ 0xf9400421 /* ldr x1, [x1, #8] */, 8, false },
		{ 0xf8410c20 /* ldr x0, [x1, #16]! */, 16, false },
		{ 0xf8410420 /* ldr x0, [x1], #16 */, 0, false },
		{ 0xf8410c2a /* ldr x10, [x1, #16]! */, 16, false },
		{ 0x39400020 /* ldrb w0, [x1] */, 0, false },
		{ 0x39800020 /* ldrsb x0, [x1] */, 0, false },
		{ 0x79c00020 /* ldrsh w0, [x1] */, 0, false },
		{ 0xf9000420 /* str x0, [x1, #8] */, 8, true },
		{ 0xf8010c20 /* str x0, [x1, #16]! */, 16, true },
		{ 0xf801042a /* str x10, [x1], #16 */, 0, true },
		{ 0x39000020 /* strb w0, [x1] */, 0, true },
		{ 0xa9400400 | 1 << 5 | 2 << 10 /* ldp x0, x2, [x1] */, 0, false },
		{ 0xa8c10820 /* ldp x0, x2, [x1], #16 */, 0, false },
		{ 0xa9c10820 /* ldp x0, x2, [x1, #16]! */, 16, false },
		{ 0xa8810820 /* stp x0, x2, [x1], #16 */, 0, true },
		{ 0xa9810820 /* stp x0, x2, [x1, #16]! */, 16, true },
		{ 0xc8dffc20 /* ldar x0, [x1] */, 0, false },
		{ 0xc89ffc20 /* stlr x0, [x1] */, 0, true },
		{ 0xc85f7c20 /* ldxr x0, [x1] */, 0, false },
		{ 0xc87f0820 /* ldxp x0, x2, [x1] */, 0, false },
		{ 0xf8220020 /* ldadd x2, x0, [x1] */, 0, true },
		{ 0xf8228020 /* swp x2, x0, [x1] */, 0, true },
		{ 0xf8224020 /* ldsmax x2, x0, [x1] */, 0, true },
		{ 0xc8a07c22 /* cas x0, x2, [x1] */, 0, true },
		{ 0x48247c26 /* casp x4, x5, x6, x7, [x1] */, 0, true },
		{ 0x08247c26 /* casp w4, w5, w6, w7, [x1] */, 0, true },
		{ 0xd50b7421 /* dc zva, x1 */, 0, true },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		code_clear();
		PUT(NOP, all[i].word, addi(7, 7, 1), svc(3));
		set_registers();
		cpu->r[1] = NOWHERE;
		expect_fault(CODE, CODE + 4, NOWHERE + (uint64_t)all[i].offset, SIGSEGV,
			     SEGV_MAPERR, 0);
		if (all[i].write && all[i].word >> 24 != 0xf8 && all[i].word >> 24 != 0xc8)
			assert_int_equal(cpu->fault.err & 2, 2);
		/* the cause is removed: from where it stopped */
		cpu->r[1] = (uint64_t)(uintptr_t)data + 64;
		assert_int_equal(jit_run(cpu), EXIT_SYSCALL);
		assert_int_equal(cpu->pc, CODE + 16);
		assert_int_equal(cpu->r[7], before[7] + 1);
	}
}

/* The second half of a pair is on a page that is not there. What an aborted LDP leaves in its
 * results is not defined, but its base is. */
static void test_pair_halves(void **state)
{
	uint64_t end = (uint64_t)(uintptr_t)data + 4096;

	(void)state;
	code_clear();
	PUT(ldp(0, 2, 1, 0), svc(1), ldp_post(0, 2, 1, 16), svc(1), ldp(1, 0, 1, 0), svc(1));
	PUT(stp(0, 2, 1, 0), svc(1), stp_pre(0, 2, 1, -16), svc(1));
	PUT(ldp(10, 11, 1, 0), svc(1), ldp(0, 1, 1, 0), svc(1));
	for (unsigned i = 0; i < 7; i++) {
		bool pre = i == 4;
		uint32_t results = i < 3 ? 1 << 0 | 1 << 2 : i == 5 ? 3 << 10 : i == 6 ? 1 : 0;

		memset(data, 0x5a, 4096);
		set_registers();
		cpu->r[1] = end - 8 + (pre ? 16 : 0);
		expect_fault(CODE + 8 * i, CODE + 8 * i, end, SIGSEGV, SEGV_MAPERR, results);
	}
}

/* What CASP borrows host registers for, with its base in memory, is back. */
static void test_borrowed(void **state)
{
	static const uint32_t words[] = {
		0x48207d42 /* casp x0, x1, x2, x3, [x10] */,
		0x48267d4c /* casp x6, x7, x12, x13, [x10] */,
		0x48347d44 /* casp x20, x21, x4, x5, [x10] */,
	};
	uint64_t *p = (uint64_t *)(void *)(data + 64);

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		unsigned s = words[i] >> 16 & 31, t = words[i] & 31;

		code_clear();
		PUT(NOP, words[i], addi(8, 8, 1), svc(3));
		set_registers();
		cpu->r[10] = NOWHERE;
		expect_fault(CODE, CODE + 4, NOWHERE, SIGSEGV, SEGV_MAPERR, 0);
		cpu->r[10] = (uint64_t)(uintptr_t)p;
		p[0] = before[s];
		p[1] = before[s + 1];
		assert_int_equal(jit_run(cpu), EXIT_SYSCALL);
		assert_int_equal(p[0], before[t]);
		assert_int_equal(p[1], before[t + 1]);
		for (unsigned r = 0; r < 32; r++)
			assert_int_equal(cpu->r[r], r == 10 ? (uint64_t)(uintptr_t)p : before[r] + (r == 8));
	}
}

/* Flags that live in EFLAGS when a load faults, and are read behind it. */
static void test_flags(void **state)
{
	static const struct {
		uint32_t word;
		unsigned nzcv; /* N 8, Z 4, C 2, V 1 */
	} all[] = {
		{ 0xeb03005f /* cmp x2, x3: 1 - 2 */, 8 },
		{ 0xeb02007f /* cmp x3, x2: 2 - 1 */, 2 },
		{ 0xeb02005f /* cmp x2, x2 */, 4 | 2 },
		{ 0xab04009f /* cmn x4, x4: minimum twice */, 4 | 2 | 1 },
		{ 0xab02009f /* cmn x4, x2 */, 8 },
		{ 0xf100049f /* cmp x4, #1 */, 2 | 1 },
		{ 0xea03005f /* tst x2, x3 */, 4 },
		{ 0xea04009f /* tst x4, x4 */, 8 },
		{ 0xba5fe842 /* ccmn x2, #31, #2, al */, 0 },
		{ 0xfa420860 /* ccmp x3, #2, #0, eq: not run before */, 0 },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]) - 1; i++) {
		code_clear();
		PUT(all[i].word, ldr(0, 1, 0), cset(5, EQ), cset(6, CS), cset(7, VS), cset(8, MI),
		    cset(9, HI), cset(10, GT), svc(4));
		for (int again = 0; again < 2; again++) {
			unsigned f = all[i].nzcv;
			bool n = f & 8, z = f & 4, c = f & 2, v = f & 1;

			set_registers();
			cpu->r[1] = NOWHERE;
			cpu->r[2] = 1;
			cpu->r[3] = 2;
			cpu->r[4] = UINT64_C(1) << 63;
			engine_set_nzcv(cpu, ~f << 28);
			expect_fault(CODE, CODE + 4, NOWHERE, SIGSEGV, SEGV_MAPERR, 0);
			assert_int_equal(engine_get_nzcv(cpu) >> 28, f);
			cpu->r[1] = (uint64_t)(uintptr_t)data;
			assert_int_equal(jit_run(cpu), EXIT_SYSCALL);
			assert_int_equal(engine_get_nzcv(cpu) >> 28, f);
			assert_int_equal(cpu->r[5], z);
			assert_int_equal(cpu->r[6], c);
			assert_int_equal(cpu->r[7], v);
			assert_int_equal(cpu->r[8], n);
			assert_int_equal(cpu->r[9], c && !z);
			assert_int_equal(cpu->r[10], !z && n == v);
		}
	}
}

static void test_kinds(void **state)
{
	char path[32];
	uint8_t *map;
	int dir = unit_temp_dir(path), fd;

	(void)state;
	code_clear();
	PUT(ldr(0, 1, 0), svc(1), str(0, 1, 0), svc(1));
	/* no permission */
	set_registers();
	cpu->r[1] = CODE + 4096 * 5;
	assert_int_equal(mprotect((void *)(uintptr_t)cpu->r[1], 4096, PROT_READ), 0);
	expect_fault(CODE + 8, CODE + 8, cpu->r[1], SIGSEGV, SEGV_ACCERR, 0);
	assert_int_equal(cpu->fault.err & 2, 2);
	mprotect((void *)(uintptr_t)(CODE + 4096 * 5), 4096, PROT_READ | PROT_WRITE);
	/* behind the end of a file */
	unit_write(dir, "empty", "");
	fd = openat(dir, "empty", O_RDWR);
	map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(map, MAP_FAILED);
	cpu->r[1] = (uint64_t)(uintptr_t)map + 16;
	expect_fault(CODE, CODE, cpu->r[1], SIGBUS, BUS_ADRERR, 0);
	/* code behind the end of a file */
	expect_fault((uint64_t)(uintptr_t)map, (uint64_t)(uintptr_t)map,
		     (uint64_t)(uintptr_t)map, SIGBUS, BUS_ADRERR, 0);
	assert_int_equal(cpu->fault.err & 16, 16);
	munmap(map, 4096);
	close(fd);
	unlinkat(dir, "empty", 0);
	close(dir);
	rmdir(path);
}

static void test_alignment(void **state)
{
	static const uint32_t words[] = {
		0xc8dffc20 /* ldar x0 */, 0xc89ffc20 /* stlr x0 */, 0xc85f7c20 /* ldxr x0 */,
		0xc87f0820 /* ldxp x0, x2 */, 0xf8220020 /* ldadd */, 0xf82280ea /* swp x2, x10, [x7] */,
		0xc8a07c22 /* cas */, 0x88dffc20 /* ldar w0 */, 0x485ffc20 /* ldaxrh w0 */,
		0xc8027c20 /* stxr w2, x0, [x1] */, 0xb8a04062 /* ldsmaxa w0, w2, [x3] */,
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		uint64_t at = (uint64_t)(uintptr_t)data + 33;

		code_clear();
		PUT(subs(XZR, 4, 5), words[i], cset(8, EQ), svc(1));
		set_registers();
		cpu->r[1] = cpu->r[3] = cpu->r[7] = at;
		expect_fault(CODE, CODE + 4, at, SIGBUS, BUS_ADRALN, 0);
		assert_int_equal(engine_get_nzcv(cpu) >> 28, 8);
	}
}

/* Code that cannot be read or may not run; code that runs off its page. */
static void test_fetch(void **state)
{
	uint64_t last = CODE + CODE_PAGES * 4096 - 4096;

	(void)state;
	code_clear();
	put(b(1024));
	code_seek(4096);
	PUT(addi(0, 0, 1), svc(1));
	set_registers();
	nx_page = CODE + 4096;
	expect_fault(CODE, CODE + 4096, CODE + 4096, SIGSEGV, SEGV_ACCERR, 0);
	nx_page = 0;
	assert_int_equal(jit_run(cpu), EXIT_SYSCALL);
	assert_int_equal(cpu->r[0], before[0] + 1);
	/* the page before is at its end */
	code_clear();
	code_seek(4096 - 8);
	PUT(addi(0, 0, 1), addi(0, 0, 1), addi(0, 0, 1), svc(1));
	nx_page = CODE + 4096;
	set_registers();
	expect_fault(CODE + 4096 - 8, CODE + 4096, CODE + 4096, SIGSEGV, SEGV_ACCERR, 1);
	assert_int_equal(cpu->r[0], before[0] + 2);
	nx_page = 0;
	/* nothing behind: taken away after it had run */
	(void)last;
	assert_int_equal(mprotect((void *)(uintptr_t)(CODE + 4096), 4096, PROT_NONE), 0);
	engine_invalidate(CODE + 4096, 4096);
	set_registers();
	expect_fault(CODE + 4096 - 8, CODE + 4096, CODE + 4096, SIGSEGV, SEGV_ACCERR, 1);
	mprotect((void *)(uintptr_t)(CODE + 4096), 4096, PROT_READ | PROT_WRITE);
}

/* The top byte of a data address does not count. */
static void test_tags(void **state)
{
	uint64_t tag = UINT64_C(0xa5) << 56, tagged = (uint64_t)(uintptr_t)data | tag;
	uint64_t *words = (uint64_t *)(void *)data;

	(void)state;
	memset(data, 0, 4096);
	words[0] = 0x1234;
	code_clear();
	PUT(ldr(0, 1, 0), addi(0, 0, 1), str(0, 1, 8), ldr_post(2, 1, 8), ldp(3, 4, 1, 0),
	    stp(3, 4, 1, 16), movz(5, 7), 0xf8250026 /* ldadd x5, x6, [x1] */);
	/* a locked increment by exclusives: must not go round for ever */
	PUT(ldxr(7, 1), addi(7, 7, 1), stxr(8, 7, 1), cbnz(8, -3));
	PUT(0xc8dffc29 /* ldar x9, [x1] */, svc(5));
	for (int i = 0; i < 2; i++) {
		words[0] = 0x1234;
		words[1] = words[2] = words[3] = words[4] = 0;
		set_registers();
		cpu->r[1] = tagged;
		assert_int_equal(run_at(cpu, CODE), EXIT_SYSCALL);
		assert_int_equal(cpu->r[0], 0x1235);
		assert_int_equal(cpu->r[1], tagged + 8);
		assert_int_equal(cpu->r[2], 0x1234);
		assert_int_equal(cpu->r[3], 0x1235);
		assert_int_equal(cpu->r[6], 0x1235);
		assert_int_equal(cpu->r[7], 0x1235 + 8);
		assert_int_equal(cpu->r[9], 0x1235 + 8);
		assert_int_equal(words[1], 0x1235 + 8);
		assert_int_equal(words[3], 0x1235);
	}
	/* mixed: loaded by one name, stored by another */
	code_clear();
	PUT(ldxr(7, 1), addi(7, 7, 1), stxr(8, 7, 2), svc(5));
	cpu->r[1] = tagged;
	cpu->r[2] = (uint64_t)(uintptr_t)data;
	assert_int_equal(run_at(cpu, CODE), EXIT_SYSCALL);
	assert_int_equal(cpu->r[8], 0);
	cpu->r[1] = (uint64_t)(uintptr_t)data;
	cpu->r[2] = tagged;
	assert_int_equal(run_at(cpu, CODE), EXIT_SYSCALL);
	assert_int_equal(cpu->r[8], 0);
	assert_int_equal(words[0], 0x1236);
	/* and it faults where nothing is, by the address without the tag */
	code_clear();
	PUT(subs(XZR, 4, 5), ldr(0, 1, 0), cset(8, EQ), svc(1), stp(0, 2, 1, 0), svc(1));
	set_registers();
	cpu->r[1] = NOWHERE | tag;
	expect_fault(CODE, CODE + 4, NOWHERE, SIGSEGV, SEGV_MAPERR, 0);
	assert_int_equal(engine_get_nzcv(cpu) >> 28, 8);
	cpu->r[1] = NOWHERE | tag;
	expect_fault(CODE + 16, CODE + 16, NOWHERE, SIGSEGV, SEGV_MAPERR, 0);
	/* no address of the host at all */
	cpu->r[1] = UINT64_C(0x00f0123456789000);
	expect_fault(CODE, CODE + 4, cpu->r[1], SIGSEGV, SEGV_MAPERR, 0);
}

/* Division never traps; instructions without a lowering; helpers. */
static void test_other(void **state)
{
	static const uint64_t v[] = { 0, 1, 2, 7, ~0ull, ~6ull, 1ull << 63, ~(1ull << 63),
				      0xffffffff, 0x80000000, 0x100000000 };

	(void)state;
	code_clear();
	PUT(udiv(2, 0, 1), sdiv(3, 0, 1), udiv(4, 0, 1) & 0x7fffffff, sdiv(5, 0, 1) & 0x7fffffff,
	    svc(1));
	for (unsigned i = 0; i < 11; i++)
		for (unsigned k = 0; k < 11; k++) {
			uint64_t a = v[i], d = v[k];
			int64_t sa = (int64_t)a, sd = (int64_t)d;

			cpu->r[0] = a;
			cpu->r[1] = d;
			assert_int_equal(run_at(cpu, CODE), EXIT_SYSCALL);
			assert_int_equal(cpu->r[2], d ? a / d : 0);
			assert_int_equal(cpu->r[3], !d ? 0 : sd == -1 ? -a : (uint64_t)(sa / sd));
			assert_int_equal(cpu->r[4], (uint32_t)d ? (uint32_t)a / (uint32_t)d : 0);
			assert_int_equal(cpu->r[5],
					 !(uint32_t)d ? 0 : (int32_t)d == -1 ? (uint32_t)-a :
					 (uint32_t)((int32_t)a / (int32_t)d));
		}
	/* a constant in steps, with something between that the evaluator does */
	code_clear();
	PUT(movz(2, 1), 0xba0004a1 /* rmif x5, #0, #1 */, movk(2, 2, 1),
	    0x1ac74466 /* crc32h w6, w3, w7 */, movk(2, 3, 2), 0x1e6143e3 /* fneg d3, d31 */,
	    movk(2, 4, 3), addi(2, 2, 1), svc(1));
	for (int i = 0; i < 2; i++) {
		cpu->r[2] = ~0ull;
		assert_int_equal(run_at(cpu, CODE), EXIT_SYSCALL);
		assert_int_equal(cpu->r[2], 0x0004000300020002);
	}
	/* a loop over the counter (a helper) and rmif (evaluated), with pinned registers */
	code_clear();
	PUT(movz(22, 100), movz(0, 0), movz(5, 1));
	PUT(0xd53be042 /* mrs x2, cntvct_el0 */, subs(XZR, 2, 3), cset(4, LS), mov(3, 2),
	    add(0, 0, 4), 0xba0004a1 /* rmif x5, #0, #1: V */, cset(6, VS), add(0, 0, 6),
	    subsi(22, 22, 1), bc(NE, -9), svc(1));
	cpu->r[3] = 0;
	assert_int_equal(run_at(cpu, CODE), EXIT_SYSCALL);
	/* the counter never goes back: at most equal, which the first two are not */
	assert_true(cpu->r[0] >= 100 && cpu->r[0] <= 200);
}

static int start(void **state)
{
	struct engine_options opt = *(struct engine_options *)*state;

	opt.check_exec = check_exec;
	jit_init(&opt);
	cpu = jit_cpu();
	nx_page = 0;
	return 0;
}

static int stop(void **state)
{
	(void)state;
	jit_cpu_free(cpu);
	return 0;
}

#define TEST(f) { #f, f }

int main(void)
{
	static struct engine_options modes[] = {
		{ 0 }, { .no_fold = true }, { .one_insn = true }, { .host_features = "sse4.2" },
		{ .no_link = true },
	};
	static const char *const names[] = { "default", "no_fold", "one_insn", "sse4.2", "no_link" };
	static const struct {
		const char *name;
		CMUnitTestFunction f;
	} all[] = {
		TEST(test_load_store), TEST(test_pair_halves), TEST(test_flags), TEST(test_kinds),
		TEST(test_borrowed),
		TEST(test_alignment), TEST(test_fetch), TEST(test_tags), TEST(test_other),
	};
	enum { MODES = sizeof(modes) / sizeof(modes[0]), TESTS = sizeof(all) / sizeof(all[0]) };
	static char text[MODES * TESTS][64];
	static struct CMUnitTest tests[MODES * TESTS];

	code_map();
	data = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (data == MAP_FAILED || munmap(data + 4096, 4096))
		return 1;
	for (unsigned n = 0; n < MODES * TESTS; n++) {
		snprintf(text[n], sizeof(text[n]), "%s, %s", all[n % TESTS].name,
			 names[n / TESTS]);
		tests[n] = (struct CMUnitTest){ text[n], all[n % TESTS].f, start, stop,
						&modes[n / TESTS] };
	}
	return cmocka_run_group_tests_name("engine: faults", tests, NULL, NULL);
}
